//! The items of a JSON file, one by one: an array of them, one alone, or one after the other.
//!
//! No more than one is held besides the file's bytes.

use std::fmt;

use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value as Json};

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
