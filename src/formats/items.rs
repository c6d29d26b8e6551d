//! The items of a JSON file, one by one: an array of them, one alone, or one after the other.
//!
//! No more than one is held besides the file's bytes, or a few dozen where they are made into something beside each other.

use std::fmt;

use rayon::prelude::*;

use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value as Json};

/// So many items are made into something at once.
const AT_ONCE: usize = 64;

/// Hands over each item with its number, from 1. Tells what is wrong with the file, and after how many.
pub(super) fn each_item(bytes: &[u8], take: &mut dyn FnMut(usize, Json)) -> Result<(), (usize, String)> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let mut count = 0;
    while json.end().is_err() {
        let read = json.deserialize_any(Items { count: &mut count, take });
        read.map_err(|error| (count, error.to_string()))?;
    }
    Ok(())
}

/// The same; `make` makes what it will of some items beside each other, and `take` gets that in the order of the file. The
/// items of an array are parsed where they are made into something, so that each thread frees what it took.
pub(super) fn each_made<T: Send>(
    bytes: &[u8],
    make: impl Fn(usize, Json) -> T + Sync,
    take: &mut dyn FnMut(T),
) -> Result<(), (usize, String)> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut taken = 0;
    let items = parted(bytes).unwrap_or_default();
    'items: for some in items.chunks(AT_ONCE) {
        let one = |(at, item): (usize, &&RawValue)| Some(make(taken + at + 1, serde_json::from_str(item.get()).ok()?));
        let made: Vec<Option<T>> = some.par_iter().enumerate().map(one).collect();
        for made in made {
            let Some(made) = made else { break 'items };
            take(made);
            taken += 1;
        }
    }
    if taken > 0 && taken == items.len() {
        return Ok(());
    }
    // Not one array, or one that is broken somewhere: what is wrong is told by who parses all of it.
    each_item(bytes, &mut |number, item| {
        if number > taken {
            take(make(number, item));
        }
    })
}

/// The items of a file that is one array, not parsed yet; none where they would take more room than the file.
fn parted(bytes: &[u8]) -> serde_json::Result<Vec<&RawValue>> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let items = json.deserialize_seq(Parts { most: bytes.len() / size_of::<&RawValue>() })?;
    json.end().map(|()| items)
}

struct Parts {
    most: usize,
}

impl<'de> Visitor<'de> for Parts {
    type Value = Vec<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut parts = Vec::new();
        while let Some(item) = items.next_element()? {
            if parts.len() == self.most {
                return Err(A::Error::custom("there are too many"));
            }
            parts.push(item);
        }
        Ok(parts)
    }
}

struct Items<'a> {
    count: &'a mut usize,
    take: &'a mut dyn FnMut(usize, Json),
}

impl<'de> Visitor<'de> for Items<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or an array of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while let Some(item) = items.next_element::<Json>()? {
            *self.count += 1;
            (self.take)(*self.count, item);
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        let mut item = Map::new();
        while let Some((name, value)) = fields.next_entry::<String, Json>()? {
            if item.insert(name, value).is_some() {
                return Err(A::Error::custom("a field stands there twice"));
            }
        }
        *self.count += 1;
        (self.take)(*self.count, item.into());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_the_same_beside_each_other_and_one_by_one() {
        let long = format!("[{}]", (0..300).map(|n| format!("{{\"n\": [{n}, \"é\"]}}")).collect::<Vec<_>>().join(", "));
        let lone = format!("{}, \"\\ud800\", 4]", &long[..long.len() - 1]);
        let deep = format!("[1, 2, {}1{}]", "[".repeat(200), "]".repeat(200));
        let files = [
            "",
            "[]",
            "[1, 2]",
            "{\"a\": 1}",
            "{\"a\": 1}\n{\"b\": 2}",
            "[1] [2] 3",
            "[1, 2",
            "[1, 2,]",
            "\u{feff}[1]",
            "[1e999, 2]",
            "{\"a\": 1, \"a\": 2}",
            "nothing",
            &long,
            &long[..900],
            &lone,
            &deep,
        ];
        for file in files {
            let (mut one_by_one, mut beside) = (Vec::new(), Vec::new());
            let wanted = each_item(file.as_bytes(), &mut |number, item| one_by_one.push((number, item)));
            let read = each_made(file.as_bytes(), |number, item| (number, item), &mut |made| beside.push(made));
            assert_eq!((read, beside), (wanted, one_by_one), "{file:.60}");
        }
    }
}
