//! Colours of labels: nine slots that every theme has, then those that a schema brings along.
//!
//! A label without a colour takes the next free slot; when the nine are taken, one of the spare pairs.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, SeqAccess, Visitor};
use smol_str::SmolStr;

use crate::model::Schema;
use crate::model::schema::{SLOTS, SPARE};

/// Which colours are taken.
pub(super) struct Palette {
    taken: Vec<usize>,
    own: Vec<(SmolStr, SmolStr)>,
}

impl Palette {
    /// Stands for a colour that is still to be chosen.
    pub const UNSET: usize = usize::MAX;

    /// The palette of a schema.
    pub fn of(schema: &Schema) -> Self {
        let labels = schema.labels.iter().filter(|label| label.types.is_empty()).map(|label| label.color);
        let types = schema.labels.iter().flat_map(|label| &label.types).map(|kind| kind.color);
        Self { taken: labels.chain(types).collect(), own: schema.colors.clone() }
    }

    /// The number of a colour that a file asks for.
    pub fn take(&mut self, color: ColorPart) -> usize {
        let number = match color {
            ColorPart::Slot(slot) => slot,
            ColorPart::Own(light, dark) => self.add(light.into(), dark.into()),
        };
        self.taken.push(number);
        number
    }

    /// Gives each label and type without a colour the next free one.
    pub fn fill(mut self, schema: &mut Schema) {
        for label in &mut schema.labels {
            for kind in label.types.iter_mut().filter(|kind| kind.color == Self::UNSET) {
                kind.color = self.next();
            }
            if label.color == Self::UNSET {
                label.color = match label.types.first() {
                    Some(first) => first.color,
                    None => self.next(),
                };
            }
        }
        schema.colors = self.own;
    }

    fn next(&mut self) -> usize {
        let number = (0..SLOTS).find(|slot| !self.taken.contains(slot)).unwrap_or_else(|| {
            let (light, dark) = SPARE[self.own.len() % SPARE.len()];
            self.add(light.into(), dark.into())
        });
        self.taken.push(number);
        number
    }

    fn add(&mut self, light: SmolStr, dark: SmolStr) -> usize {
        self.own.push((light, dark));
        SLOTS + self.own.len() - 1
    }
}

/// A slot of the built-in palette, or two colours of one's own.
#[derive(Clone, Debug)]
pub(super) enum ColorPart {
    Slot(usize),
    Own(String, String),
}

impl<'de> Deserialize<'de> for ColorPart {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Color;
        impl<'de> Visitor<'de> for Color {
            type Value = ColorPart;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the number of a colour from 0 to 8, or (\"#light\", \"#dark\")")
            }

            fn visit_u64<E: Error>(self, slot: u64) -> Result<Self::Value, E> {
                Ok(ColorPart::Slot(slot as usize))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let light: Option<String> = seq.next_element()?;
                let dark: Option<String> = seq.next_element()?;
                match (light, dark) {
                    (Some(light), Some(dark)) => Ok(ColorPart::Own(light, dark)),
                    _ => Err(A::Error::invalid_length(1, &self)),
                }
            }
        }
        deserializer.deserialize_any(Color)
    }
}
