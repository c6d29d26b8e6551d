//! JSON that is made to be written at once: texts and names are borrowed, and the fields of an object are a list in their order,
//! without a table of hashes for each.

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::{Map, Value as Json};

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Tree<'a> {
    /// A text.
    Text(Cow<'a, str>),
    /// A number that counts.
    Count(u64),
    /// Yes or no.
    Flag(bool),
    /// Values in their order.
    List(Vec<Tree<'a>>),
    /// An object.
    Fields(Fields<'a>),
    /// What was made, or kept, as a value of its own.
    Json(Json),
}

/// The fields of an object, in their order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Fields<'a>(Vec<(Cow<'a, str>, Tree<'a>)>);

/// An object of fields whose names are all different: `fields!{"id": 3, "text": word}`.
macro_rules! fields {
    ($($name:literal: $value:expr),* $(,)?) => {
        $crate::formats::tree::Fields::of([$((std::borrow::Cow::Borrowed($name), $crate::formats::tree::Tree::from($value))),*])
    };
}
pub(super) use fields;

impl<'a> Fields<'a> {
    /// Fields of different names.
    pub fn of<const N: usize>(fields: [(Cow<'a, str>, Tree<'a>); N]) -> Self {
        Self(fields.into())
    }

    /// Sets a field: in its place where there is one of this name, else at the end.
    pub fn set(&mut self, name: impl Into<Cow<'a, str>>, value: impl Into<Tree<'a>>) {
        let (name, value) = (name.into(), value.into());
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value,
            None => self.0.push((name, value)),
        }
    }

    /// Sets a field unless there is one of this name.
    pub fn set_new(&mut self, name: impl Into<Cow<'a, str>>, value: impl Into<Tree<'a>>) {
        let name = name.into();
        if self.get(&name).is_none() {
            self.0.push((name, value.into()));
        }
    }

    /// A field's value.
    pub fn get(&self, name: &str) -> Option<&Tree<'a>> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// Whether there is no field.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Names and values, in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Tree<'a>)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), value))
    }

    /// Sets the fields of another.
    pub fn append(&mut self, other: Self) {
        other.0.into_iter().for_each(|(name, value)| self.set(name, value));
    }

    /// Sets fields that were kept as values of their own.
    pub fn extend(&mut self, kept: Map<String, Json>) {
        kept.into_iter().for_each(|(name, value)| self.set(name, value));
    }
}

/// Fields of different names.
impl<'a> FromIterator<(Cow<'a, str>, Tree<'a>)> for Fields<'a> {
    fn from_iter<I: IntoIterator<Item = (Cow<'a, str>, Tree<'a>)>>(fields: I) -> Self {
        Self(fields.into_iter().collect())
    }
}

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl Serialize for Tree<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Count(count) => serializer.serialize_u64(*count),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::List(list) => serializer.collect_seq(list),
            Self::Fields(fields) => fields.serialize(serializer),
            Self::Json(json) => json.serialize(serializer),
        }
    }
}

/// What becomes a value as it is.
macro_rules! from {
    ($($of:ty => $as:expr),* $(,)?) => { $(impl<'a> From<$of> for Tree<'a> {
        fn from(value: $of) -> Self {
            $as(value)
        }
    })* };
}
from! {
    &'a str => |text| Self::Text(Cow::Borrowed(text)),
    Cow<'a, str> => Self::Text,
    String => |text| Self::Text(Cow::Owned(text)),
    u64 => Self::Count,
    usize => |count| Self::Count(count as u64),
    bool => Self::Flag,
    Vec<Tree<'a>> => Self::List,
    Fields<'a> => Self::Fields,
    Json => Self::Json,
    Map<String, Json> => |fields| Self::Json(Json::Object(fields)),
}

impl<'a> FromIterator<Tree<'a>> for Tree<'a> {
    fn from_iter<I: IntoIterator<Item = Tree<'a>>>(items: I) -> Self {
        Self::List(items.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_tree_is_written_as_the_value_that_it_says() {
        let mut tree = fields! {"id": 3_usize, "text": "a\n", "flag": true};
        tree.set("list", vec![Tree::from("x"), Tree::from(json!({"y": null}))]);
        tree.set("id", 4_u64);
        tree.set_new("id", 5_u64);
        tree.set_new(String::from("more"), fields! {"z": String::from("z")});
        let value = json!({"id": 4, "text": "a\n", "flag": true, "list": ["x", {"y": null}], "more": {"z": "z"}});
        assert_eq!(serde_json::to_string(&tree).expect("it is written"), value.to_string());
        assert_eq!((tree.get("flag"), tree.get("none")), (Some(&Tree::Flag(true)), None));
    }
}
