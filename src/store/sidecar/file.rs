//! A sidecar as `ron` reads it: the file's own types, nothing checked against the article.
//!
//! Text is borrowed from the file wherever it has no escape, so that a large sidecar costs little. Each record keeps
//! the names of fields that it does not know: a file of a newer version can be looked at, and is never saved over.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::model::Status;

/// A span with its exact text: first code point, the one after the last, the text.
pub(in crate::store) type Quote<'a> = (u64, u64, Text<'a>);

/// A record whose fields may come in any order: `needs` must be there, `may` fall back on their default, `maybe`
/// become options.
macro_rules! record {
    (
        $(#[$doc:meta])* $record:ident
        needs { $($need:ident: $need_type:ty),* }
        may { $($may:ident: $may_type:ty),* }
        maybe { $($maybe:ident: $maybe_type:ty),* }
    ) => {
        $(#[$doc])*
        #[derive(Debug)]
        #[allow(dead_code, reason = "a field may be known only so that it is not taken for an unknown one")]
        pub(in crate::store) struct $record<'a> {
            $(pub $need: $need_type,)*
            $(pub $may: $may_type,)*
            $(pub $maybe: Option<$maybe_type>,)*
            /// Fields that this version does not know.
            pub unknown: Vec<String>,
            pub lifetime: PhantomData<&'a ()>,
        }

        impl<'de: 'a, 'a> Deserialize<'de> for $record<'a> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                const FIELDS: &[&str] =
                    &[$(stringify!($need),)* $(stringify!($may),)* $(stringify!($maybe),)*];
                struct Fields<'a>(PhantomData<&'a ()>);
                impl<'de: 'a, 'a> Visitor<'de> for Fields<'a> {
                    type Value = $record<'a>;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("fields between parentheses")
                    }

                    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                        $(let mut $need: Option<$need_type> = None;)*
                        $(let mut $may: Option<$may_type> = None;)*
                        $(let mut $maybe: Option<$maybe_type> = None;)*
                        let mut unknown = Vec::new();
                        while let Some(field) = map.next_key_seed(Field(FIELDS))? {
                            match field {
                                $(Ok(stringify!($need)) => once(&mut $need, stringify!($need), map.next_value()?)?,)*
                                $(Ok(stringify!($may)) => once(&mut $may, stringify!($may), map.next_value()?)?,)*
                                $(Ok(stringify!($maybe)) => once(&mut $maybe, stringify!($maybe), map.next_value()?)?,)*
                                Ok(other) => return Err(A::Error::custom(other)),
                                Err(name) => {
                                    map.next_value::<IgnoredAny>()?;
                                    unknown.push(name);
                                }
                            }
                        }
                        Ok($record {
                            $($need: $need.ok_or_else(|| A::Error::missing_field(stringify!($need)))?,)*
                            $($may: $may.unwrap_or_default(),)*
                            $($maybe,)*
                            unknown,
                            lifetime: PhantomData,
                        })
                    }
                }
                deserializer.deserialize_struct("", FIELDS, Fields(PhantomData))
            }
        }
    };
}

record! {
    /// A whole sidecar.
    SidecarFile
    needs { format: u32, source: SourceFile<'a>, schema: SchemaRefFile<'a>, annotator: Text<'a> }
    may {
        status: StatusField, annotations: Vec<AnnotationFile<'a>>, relations: Vec<RelationFile<'a>>,
        comments: Vec<CommentFile<'a>>, rejected: Vec<RejectedFile<'a>>, decisions: Vec<DecisionFile<'a>>,
        conflict: Vec<(Text<'a>, Text<'a>)>
    }
    maybe { document: DocumentFile<'a> }
}
record! {
    /// The article that a layer was made on.
    SourceFile
    needs { file: Text<'a>, text_sha256: Text<'a> }
    may { sha256: Text<'a>, encoding: Text<'a>, chars: u64 }
    maybe {}
}
record! {
    /// The schema that a layer was made with.
    SchemaRefFile
    needs { id: Text<'a>, version: u32 }
    may {}
    maybe {}
}
record! {
    /// What is said of the article itself.
    DocumentFile
    needs {}
    may { attributes: Pairs<'a, ValueFile<'a>>, note: Text<'a> }
    maybe {}
}
record! {
    /// An annotation.
    AnnotationFile
    needs { id: Text<'a>, label: Text<'a>, spans: Vec<Quote<'a>> }
    may {
        context: (Text<'a>, Text<'a>), attributes: Pairs<'a, ValueFile<'a>>, note: Text<'a>, unsure: bool,
        made: Text<'a>, conflict: Vec<AnnotationFile<'a>>
    }
    maybe { origin: OriginFile<'a>, orphan: OrphanFile<'a> }
}
record! {
    /// Where an annotation came from.
    OriginFile
    needs { by: Text<'a> }
    may { rule: Text<'a>, import: Text<'a>, layer: Text<'a>, person: Text<'a> }
    maybe {}
}
record! {
    /// Where an annotation without a place might belong.
    OrphanFile
    needs {}
    may { candidates: Vec<Quote<'a>> }
    maybe {}
}
record! {
    /// A relation.
    RelationFile
    needs { id: Text<'a>, label: Text<'a>, from: Text<'a>, to: Text<'a> }
    may { attributes: Pairs<'a, ValueFile<'a>>, note: Text<'a>, made: Text<'a>, conflict: Vec<RelationFile<'a>> }
    maybe {}
}
record! {
    /// A comment.
    CommentFile
    needs { id: Text<'a>, text: Text<'a>, by: Text<'a> }
    may { made: Text<'a>, reply_to: Text<'a>, resolves: bool }
    maybe { on: TargetFile<'a> }
}
record! {
    /// A suggestion that was turned down.
    RejectedFile
    needs { rule: Text<'a>, label: Text<'a>, text: Text<'a> }
    may {}
    maybe {}
}
record! {
    /// A reviewer's decision.
    DecisionFile
    needs { id: Text<'a>, verdict: Text<'a> }
    may {
        sources: Vec<(Text<'a>, Text<'a>)>, result: Text<'a>, rejected: Vec<AnnotationFile<'a>>, reason: Text<'a>,
        comment: Text<'a>, by: Text<'a>, made: Text<'a>, layers: Pairs<'a, Text<'a>>
    }
    maybe {}
}
record! {
    /// Just the format, whatever else the file holds.
    FormatOnly
    needs { format: u32 }
    may {}
    maybe {}
}

/// Takes a field's value, which may stand there once.
fn once<T, E: Error>(slot: &mut Option<T>, name: &'static str, value: T) -> Result<(), E> {
    if slot.replace(value).is_some() { Err(E::duplicate_field(name)) } else { Ok(()) }
}

/// The name of a field: one of those known, or what stands there.
struct Field(&'static [&'static str]);

impl<'de> DeserializeSeed<'de> for Field {
    type Value = Result<&'static str, String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Field {
    type Value = Result<&'static str, String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().copied().find(|known| *known == name).ok_or_else(|| name.to_owned()))
    }
}

/// Text, borrowed where the file has it without an escape.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::store) struct Text<'a>(pub Cow<'a, str>);

impl std::ops::Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Words;
        impl<'de> Visitor<'de> for Words {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text in quotation marks")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }

            fn visit_string<E: Error>(self, text: String) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(text)))
            }
        }
        deserializer.deserialize_str(Words)
    }
}

/// How far the annotator is.
#[derive(Debug, Default)]
pub(in crate::store) struct StatusField(pub Status);

impl<'de> Deserialize<'de> for StatusField {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Text::deserialize(deserializer)?;
        Status::from_id(&text).map(Self).ok_or_else(|| {
            D::Error::custom(format!("there is no status {:?}; it is new, in-progress, done or skipped", &*text))
        })
    }
}

/// Keys with values, in the file's order; a key stands there once.
#[derive(Debug)]
pub(in crate::store) struct Pairs<'a, V>(pub Vec<(Text<'a>, V)>);

impl<V> Default for Pairs<'_, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de: 'a, 'a, V: Deserialize<'de>> Deserialize<'de> for Pairs<'a, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<V>(PhantomData<V>);
        impl<'de, V: Deserialize<'de>> Visitor<'de> for Entries<V> {
            type Value = Pairs<'de, V>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("names with values between braces")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                /// So many keys are compared one by one, which is faster than a table of them.
                const FEW: usize = 16;
                let mut all: Vec<(Text<'de>, V)> = Vec::new();
                let mut seen: HashSet<String> = HashSet::new();
                while let Some(key) = map.next_key::<Text<'de>>()? {
                    if all.len() == FEW {
                        seen.extend(all.iter().map(|(key, _)| key.to_string()));
                    }
                    let few = all.len() < FEW;
                    if if few { all.iter().any(|(other, _)| *other == key) } else { !seen.insert(key.to_string()) } {
                        return Err(A::Error::custom(format!("{:?} stands there twice", &*key)));
                    }
                    all.push((key, map.next_value()?));
                }
                Ok(Pairs(all))
            }
        }
        deserializer.deserialize_map(Entries(PhantomData))
    }
}

/// The value of an attribute.
#[derive(Debug)]
pub(in crate::store) enum ValueFile<'a> {
    /// A text in quotation marks.
    Text(Text<'a>),
    /// Texts between brackets.
    Many(Vec<Text<'a>>),
    /// `true` or `false`.
    Bool(bool),
    /// A bare number.
    Number(f64),
}

impl<'de: 'a, 'a> Deserialize<'de> for ValueFile<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = ValueFile<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, texts between brackets, true, false or a number")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(ValueFile::Text(Text(Cow::Borrowed(text))))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(ValueFile::Text(Text(Cow::Owned(text.to_owned()))))
            }

            fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
                Ok(ValueFile::Bool(value))
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
                Ok(ValueFile::Number(value as f64))
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
                Ok(ValueFile::Number(value as f64))
            }

            fn visit_f32<E: Error>(self, value: f32) -> Result<Self::Value, E> {
                self.visit_f64(f64::from(value))
            }

            fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
                if value.is_finite() {
                    Ok(ValueFile::Number(value))
                } else {
                    Err(E::custom("the number is not finite"))
                }
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut all = Vec::new();
                while let Some(text) = seq.next_element()? {
                    all.push(text);
                }
                Ok(ValueFile::Many(all))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// What a comment is on.
#[derive(Debug)]
pub(in crate::store) enum TargetFile<'a> {
    /// An annotator and the id of an annotation.
    Annotation(Text<'a>, Text<'a>),
    /// A stretch of text.
    Span(Quote<'a>),
}

impl<'de: 'a, 'a> Deserialize<'de> for TargetFile<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Target;
        impl<'de> Visitor<'de> for Target {
            type Value = TargetFile<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("(\"annotator\", \"id\") or (start, end, \"text\")")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let short =
                    |had: usize| A::Error::invalid_length(had, &"(\"annotator\", \"id\") or (start, end, \"text\")");
                match seq.next_element()?.ok_or_else(|| short(0))? {
                    ValueFile::Text(annotator) => {
                        Ok(TargetFile::Annotation(annotator, seq.next_element()?.ok_or_else(|| short(1))?))
                    }
                    ValueFile::Number(start) => {
                        let end = seq.next_element()?.ok_or_else(|| short(1))?;
                        Ok(TargetFile::Span((start as u64, end, seq.next_element()?.ok_or_else(|| short(2))?)))
                    }
                    _ => Err(A::Error::custom("a comment is on (\"annotator\", \"id\") or (start, end, \"text\")")),
                }
            }
        }
        deserializer.deserialize_any(Target)
    }
}
