//! How the labels of a project look in the program that it comes from: in which order, with which key, in which colour.
//!
//! Colours of other programs lie behind dark letters. Here they are lines on light and on dark paper, so each is made dark or
//! light enough to be seen on both; which colour it is stays. The one on dark paper follows from the one on light paper:
//! exports hold only that one, and it has to bring back the same two.

use std::collections::BTreeMap;

use smol_str::{SmolStr, format_smolstr};

use crate::formats::FullLabel;

/// How a label looks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Its place among the labels of the project.
    pub place: usize,
    /// The key that chooses it, as the project has it.
    pub key: Option<SmolStr>,
    /// Its colour on light and on dark paper, `#RRGGBB`.
    pub color: Option<(SmolStr, SmolStr)>,
}

/// How the labels that were declared look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Looks(BTreeMap<FullLabel, Look>);

impl Looks {
    /// How a label looks, for more to be said of it; one that was not declared yet comes after all others.
    pub fn declare(&mut self, full: &FullLabel) -> &mut Look {
        let place = self.0.len();
        self.0.entry(full.clone()).or_insert_with(|| Look { place, ..Look::default() })
    }

    /// How a label looks, where the project says anything of it.
    pub fn of(&self, full: &FullLabel) -> Option<&Look> {
        self.0.get(full)
    }

    /// The place of a label; those that were only met come last.
    pub fn place(&self, full: &FullLabel) -> usize {
        self.of(full).map_or(usize::MAX, |look| look.place)
    }

    /// Adds what is known from elsewhere; what was known before stays. `name` says what a label is called here.
    pub fn extend(&mut self, other: Self, name: impl Fn(&FullLabel) -> FullLabel) {
        let mut all: Vec<(FullLabel, Look)> = other.0.into_iter().collect();
        all.sort_by_key(|(_, look)| look.place);
        for (full, look) in all {
            let known = self.declare(&name(&full));
            known.key = known.key.take().or(look.key);
            known.color = known.color.take().or(look.color);
        }
    }
}

impl Look {
    /// Takes a key as a project writes it.
    pub fn take_key(&mut self, key: Option<&str>) {
        self.key = key.map(str::trim).filter(|key| !key.is_empty()).map(SmolStr::from);
    }

    /// Takes a colour as web pages write it; one that is not understood leaves the choice to the schema.
    pub fn take_color(&mut self, color: Option<&str>) {
        self.color = color.and_then(paper_colors);
    }
}

/// A colour's light against white paper is at most this on light, and at least this on dark paper (WCAG 2.2, contrast of 3 to 1).
const MIDDLE: f64 = 0.27;

/// The colour on light and on dark paper.
fn paper_colors(color: &str) -> Option<(SmolStr, SmolStr)> {
    let light = toward(rgb(color)?, 0.0, |light| light <= MIDDLE);
    let dark = toward(light, 255.0, |light| light >= MIDDLE);
    let text =
        |[red, green, blue]: [f64; 3]| format_smolstr!("#{:02X}{:02X}{:02X}", red as u8, green as u8, blue as u8);
    Some((text(light), text(dark)))
}

/// The nearest colour on the way to black or white that fits, in whole numbers: one that fits stays as it is.
fn toward(rgb: [f64; 3], end: f64, fits: fn(f64) -> bool) -> [f64; 3] {
    let mut steps =
        (0..=20).map(|step| rgb.map(|channel| (channel + (end - channel) * f64::from(step) / 20.0).round()));
    steps.find(|rgb| fits(luminance(*rgb))).unwrap_or([end; 3])
}

/// Relative luminance from 0 to 1 (WCAG 2.2, with a gamma of 2.2).
fn luminance([red, green, blue]: [f64; 3]) -> f64 {
    let linear = |channel: f64| (channel / 255.0).powf(2.2);
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

fn rgb(color: &str) -> Option<[f64; 3]> {
    let color = color.trim().to_ascii_lowercase();
    if let Some(channels) = color.strip_prefix("rgb") {
        return rgb_of(channels.strip_prefix('a').unwrap_or(channels));
    }
    let named = NAMED.iter().find(|(name, _)| *name == color).map(|(_, digits)| *digits);
    let digits = named.or_else(|| color.strip_prefix('#'))?;
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let full: String = match digits.len() {
        3 | 4 => digits.chars().take(3).flat_map(|digit| [digit, digit]).collect(),
        6 | 8 => digits.chars().take(6).collect(),
        _ => return None,
    };
    let channel = |at: usize| u8::from_str_radix(full.get(at..at + 2)?, 16).ok().map(f64::from);
    Some([channel(0)?, channel(2)?, channel(4)?])
}

/// The channels of `rgba(212, 56, 13, 0.4)`; how far one sees through it is left.
fn rgb_of(channels: &str) -> Option<[f64; 3]> {
    let inside = channels.trim().strip_prefix('(')?.strip_suffix(')')?;
    let mut numbers = inside.split([',', ' ', '/']).filter(|it| !it.is_empty()).map(|it| match it.strip_suffix('%') {
        Some(share) => share.parse::<f64>().map(|share| share * 2.55),
        None => it.parse(),
    });
    let mut channel = || numbers.next()?.ok().filter(|it| (0.0..=255.0).contains(it)).map(f64::round);
    Some([channel()?, channel()?, channel()?])
}

/// Names of colours (CSS Color 4) that configurations use.
const NAMED: [(&str, &str); 48] = [
    ("aqua", "00ffff"),
    ("aquamarine", "7fffd4"),
    ("black", "000000"),
    ("blue", "0000ff"),
    ("blueviolet", "8a2be2"),
    ("brown", "a52a2a"),
    ("chocolate", "d2691e"),
    ("coral", "ff7f50"),
    ("crimson", "dc143c"),
    ("cyan", "00ffff"),
    ("darkblue", "00008b"),
    ("darkgray", "a9a9a9"),
    ("darkgreen", "006400"),
    ("darkorange", "ff8c00"),
    ("darkred", "8b0000"),
    ("deeppink", "ff1493"),
    ("fuchsia", "ff00ff"),
    ("gold", "ffd700"),
    ("gray", "808080"),
    ("green", "008000"),
    ("grey", "808080"),
    ("indigo", "4b0082"),
    ("khaki", "f0e68c"),
    ("lavender", "e6e6fa"),
    ("lightblue", "add8e6"),
    ("lightgray", "d3d3d3"),
    ("lightgreen", "90ee90"),
    ("lightpink", "ffb6c1"),
    ("lightyellow", "ffffe0"),
    ("lime", "00ff00"),
    ("magenta", "ff00ff"),
    ("maroon", "800000"),
    ("navy", "000080"),
    ("olive", "808000"),
    ("orange", "ffa500"),
    ("orchid", "da70d6"),
    ("pink", "ffc0cb"),
    ("purple", "800080"),
    ("red", "ff0000"),
    ("salmon", "fa8072"),
    ("silver", "c0c0c0"),
    ("skyblue", "87ceeb"),
    ("tan", "d2b48c"),
    ("teal", "008080"),
    ("tomato", "ff6347"),
    ("violet", "ee82ee"),
    ("white", "ffffff"),
    ("yellow", "ffff00"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_seen_on_both_papers() {
        let pair = |color: &str| paper_colors(color).map(|(light, dark)| format!("{light} {dark}"));
        assert_eq!(pair("#d00").as_deref(), Some("#DD0000 #EB6666"));
        for name in NAMED.iter().map(|(name, _)| *name).chain(["#ffccaa", "#FFCCAA80", " #abc "]) {
            let (light, dark) = paper_colors(name).expect(name);
            assert_eq!(
                paper_colors(&light),
                Some((light.clone(), dark.clone())),
                "{name}: what is exported brings both back"
            );
            let light = luminance(rgb(&light).expect("a colour"));
            let dark = luminance(rgb(&dark).expect("a colour"));
            assert!(light <= MIDDLE && dark >= MIDDLE, "{name}: {light} {dark}");
        }
        assert_eq!(pair("rgba(221, 0, 0, 0.4)"), pair("#d00"));
        assert_eq!(pair("RGB(221 0 0 / 40%)"), pair("#d00"));
        for none in
            ["", "#", "#12", "#ggg", "#+1+1+1", "rgb(1,2)", "rgb(1,2,300)", "rgba", "#1234567", "#ééé", "nothing"]
        {
            assert_eq!(pair(none), None, "{none}");
        }
    }
}
