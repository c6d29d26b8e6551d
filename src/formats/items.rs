//! The items of a JSON file, one by one: an array of them, one alone, or one after the other.
//!
//! No more than one is held besides the file's bytes, or a few dozen where they are made into something beside each other.

use std::fmt;
use std::sync::mpsc::sync_channel;

use rayon::prelude::*;

use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value as Json};

/// So many items are made into something at once.
const AT_ONCE: usize = 32;

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

/// The same on all cores: `make` makes what it will of some items beside each other while others are parsed, and `take`
/// gets that in the order of the file.
pub(super) fn each_made<T: Send>(
    bytes: &[u8],
    make: impl Fn(usize, Json) -> T + Sync,
    take: &mut dyn FnMut(T),
) -> Result<(), (usize, String)> {
    std::thread::scope(|scope| {
        let (send, parsed) = sync_channel(1);
        let parser = scope.spawn(move || {
            let mut some = Vec::new();
            let read = each_item(bytes, &mut |number, item| {
                some.push((number, item));
                if some.len() == AT_ONCE {
                    // Nobody stops listening before the end.
                    let _ = send.send(std::mem::take(&mut some));
                }
            });
            let _ = send.send(some);
            read
        });
        for some in parsed {
            let made: Vec<T> = some.into_par_iter().map(|(number, item)| make(number, item)).collect();
            made.into_iter().for_each(&mut *take);
        }
        parser.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
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
