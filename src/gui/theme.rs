//! Colours of paper, text and marks in both themes, and the look of the controls.
//!
//! The label colours were chosen in CAM02-UCS to stay apart for the three colour-vision deficiencies; fills serve
//! entities, line styles the rest. Tests hold text to 4.5:1 and lines to 3:1 against what they lie on.

use egui::{Color32, Context, CornerRadius, Stroke, Visuals};

use super::settings::ThemeChoice;

/// Fills in the light theme, and their dark counterparts' base, by number: person, organization, place, thing, value.
const FILLS: [Color32; 5] = [
    Color32::from_rgb(0x6F, 0xA8, 0xE8),
    Color32::from_rgb(0xF5, 0xD7, 0x6E),
    Color32::from_rgb(0xA8, 0xE0, 0xA0),
    Color32::from_rgb(0xE0, 0x7B, 0x91),
    Color32::from_rgb(0xC9, 0xC3, 0xD9),
];
/// Lines by number from 5 on: quote, claim, cue, evidence. Light theme.
const LINES_LIGHT: [Color32; 4] = [
    Color32::from_rgb(0x00, 0x72, 0xB2),
    Color32::from_rgb(0xD5, 0x5E, 0x00),
    Color32::from_rgb(0x76, 0x76, 0x76),
    Color32::from_rgb(0x1B, 0x43, 0x32),
];
/// The same in the dark theme.
const LINES_DARK: [Color32; 4] = [
    Color32::from_rgb(0x56, 0xB4, 0xE9),
    Color32::from_rgb(0xE6, 0x9F, 0x00),
    Color32::from_rgb(0x9A, 0x9A, 0x9A),
    Color32::from_rgb(0xCF, 0xE8, 0xA9),
];

/// The colours in force.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    /// Whether paper is dark.
    pub dark: bool,
    /// Behind the article.
    pub paper: Color32,
    /// Beside the article.
    pub desk: Color32,
    /// The article's letters.
    pub ink: Color32,
    /// Less important words: margin labels, captions.
    pub faded: Color32,
    /// Hair lines.
    pub rule: Color32,
    /// Behind selected text.
    pub selection: Color32,
    /// The caret, the chosen mark's frame, links.
    pub accent: Color32,
    /// What went wrong.
    pub error: Color32,
    /// What may be missing.
    pub warning: Color32,
    /// What is saved and done.
    pub good: Color32,
    /// Colours that the schema adds, from number 9 on.
    pub extra: Vec<Color32>,
}

impl Theme {
    /// The light theme.
    pub fn light() -> Self {
        Self {
            dark: false,
            paper: Color32::from_rgb(0xFD, 0xFC, 0xF9),
            desk: Color32::from_rgb(0xF1, 0xEF, 0xEA),
            ink: Color32::from_rgb(0x1C, 0x1B, 0x1A),
            faded: Color32::from_rgb(0x63, 0x60, 0x5A),
            rule: Color32::from_rgb(0xD8, 0xD4, 0xCB),
            selection: Color32::from_rgb(0xCF, 0xDD, 0xF3),
            accent: Color32::from_rgb(0x1F, 0x5F, 0xA8),
            error: Color32::from_rgb(0xB0, 0x24, 0x2B),
            warning: Color32::from_rgb(0x8F, 0x55, 0x00),
            good: Color32::from_rgb(0x2A, 0x6B, 0x3A),
            extra: Vec::new(),
        }
    }

    /// The dark theme.
    pub fn dark() -> Self {
        Self {
            dark: true,
            paper: Color32::from_rgb(0x1E, 0x1E, 0x1E),
            desk: Color32::from_rgb(0x16, 0x16, 0x17),
            ink: Color32::from_rgb(0xF0, 0xEC, 0xE4),
            faded: Color32::from_rgb(0xA5, 0xA0, 0x97),
            rule: Color32::from_rgb(0x3A, 0x3A, 0x3C),
            selection: Color32::from_rgb(0x2F, 0x46, 0x66),
            accent: Color32::from_rgb(0x7D, 0xB4, 0xF2),
            error: Color32::from_rgb(0xF0, 0x8A, 0x86),
            warning: Color32::from_rgb(0xE5, 0xB5, 0x67),
            good: Color32::from_rgb(0x8F, 0xCB, 0x98),
            extra: Vec::new(),
        }
    }

    /// The theme that a choice comes to on this desktop, with the schema's own colours.
    pub fn of(choice: ThemeChoice, ctx: &Context, colors: &[(smol_str::SmolStr, smol_str::SmolStr)]) -> Self {
        let dark = match choice {
            ThemeChoice::System => ctx.system_theme() == Some(egui::Theme::Dark),
            ThemeChoice::Light => false,
            ThemeChoice::Dark => true,
        };
        let mut theme = if dark { Self::dark() } else { Self::light() };
        theme.extra = colors
            .iter()
            .map(|(light, dark)| Color32::from_hex(if theme.dark { dark } else { light }).unwrap_or(theme.faded))
            .collect();
        theme
    }

    /// The full colour of a label by its number; a label that the schema does not have is faded.
    pub fn label(&self, color: Option<usize>) -> Color32 {
        let lines = if self.dark { LINES_DARK } else { LINES_LIGHT };
        match color {
            Some(number) if number < FILLS.len() => FILLS[number],
            Some(number) if number < FILLS.len() + lines.len() => lines[number - FILLS.len()],
            Some(number) => self.extra.get(number - FILLS.len() - lines.len()).copied().unwrap_or(self.faded),
            None => self.faded,
        }
    }

    /// The tint behind a filled mark: the full colour on light paper, 40 % of it on dark.
    pub fn fill(&self, color: Option<usize>) -> Color32 {
        let full = self.label(color);
        if self.dark { mix(self.paper, full, 0.4) } else { full }
    }

    /// A label's colour made dark (or light) enough to be read as text or drawn as a thin line on paper.
    pub fn label_text(&self, color: Option<usize>) -> Color32 {
        let mut shade = self.label(color);
        for _ in 0..20 {
            if contrast(shade, self.paper) >= 4.5 {
                break;
            }
            shade = mix(shade, self.ink, 0.12);
        }
        shade
    }

    /// Puts the theme on all controls.
    pub fn apply(&self, ctx: &Context) {
        let mut visuals = if self.dark { Visuals::dark() } else { Visuals::light() };
        visuals.panel_fill = self.desk;
        visuals.window_fill = self.paper;
        visuals.extreme_bg_color = self.paper;
        visuals.faint_bg_color = mix(self.desk, self.paper, 0.5);
        visuals.override_text_color = Some(self.ink);
        visuals.weak_text_color = Some(self.faded);
        visuals.hyperlink_color = self.accent;
        visuals.error_fg_color = self.error;
        visuals.warn_fg_color = self.warning;
        visuals.selection.bg_fill = self.selection;
        visuals.selection.stroke = Stroke::new(1.0, self.accent);
        visuals.window_stroke = Stroke::new(1.0, self.rule);
        visuals.widgets.noninteractive.bg_stroke = Stroke::new(1.0, self.rule);
        let soft = mix(self.desk, self.ink, 0.06);
        for (widget, fill) in [
            (&mut visuals.widgets.inactive, soft),
            (&mut visuals.widgets.hovered, mix(self.desk, self.ink, 0.11)),
            (&mut visuals.widgets.active, mix(self.desk, self.ink, 0.17)),
            (&mut visuals.widgets.open, mix(self.desk, self.ink, 0.11)),
        ] {
            widget.bg_fill = fill;
            widget.weak_bg_fill = fill;
            widget.corner_radius = CornerRadius::same(4);
            widget.fg_stroke.color = self.ink;
        }
        visuals.widgets.hovered.bg_stroke = Stroke::new(1.0, self.rule);
        visuals.widgets.active.bg_stroke = Stroke::new(1.0, self.accent);
        let theme = if self.dark { egui::Theme::Dark } else { egui::Theme::Light };
        ctx.set_theme(theme);
        ctx.set_visuals_of(theme, visuals);
        ctx.all_styles_mut(|style| {
            style.spacing.item_spacing = egui::vec2(8.0, 6.0);
            style.spacing.button_padding = egui::vec2(8.0, 3.0);
            style.interaction.tooltip_delay = 0.4;
        });
    }
}

/// A colour between two, `part` of the second.
pub fn mix(first: Color32, second: Color32, part: f32) -> Color32 {
    let blend = |a: u8, b: u8| (f32::from(a) + (f32::from(b) - f32::from(a)) * part).round() as u8;
    Color32::from_rgb(blend(first.r(), second.r()), blend(first.g(), second.g()), blend(first.b(), second.b()))
}

/// Contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio").
pub fn contrast(first: Color32, second: Color32) -> f32 {
    let (a, b) = (luminance(first), luminance(second));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Relative luminance (WCAG 2.2).
fn luminance(color: Color32) -> f32 {
    let linear = |value: u8| {
        let value = f32::from(value) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(color.r()) + 0.7152 * linear(color.g()) + 0.0722 * linear(color.b())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_out_from_whatever_they_lie_on() {
        for theme in [Theme::light(), Theme::dark()] {
            for (name, words, ground) in [
                ("ink on paper", theme.ink, theme.paper),
                ("ink on desk", theme.ink, theme.desk),
                ("faded on paper", theme.faded, theme.paper),
                ("faded on desk", theme.faded, theme.desk),
                ("ink on selection", theme.ink, theme.selection),
                ("error on desk", theme.error, theme.desk),
                ("warning on desk", theme.warning, theme.desk),
                ("good on desk", theme.good, theme.desk),
                ("accent on paper", theme.accent, theme.paper),
            ] {
                assert!(contrast(words, ground) >= 4.5, "{name}, dark {}: {}", theme.dark, contrast(words, ground));
            }
            for number in 0..9 {
                let found = contrast(theme.label_text(Some(number)), theme.paper);
                assert!(found >= 4.5, "label {number} as text, dark {}: {found}", theme.dark);
            }
            for number in 0..5 {
                let found = contrast(theme.ink, theme.fill(Some(number)));
                assert!(found >= 4.5, "ink on fill {number}, dark {}: {found}", theme.dark);
            }
        }
    }

    #[test]
    fn lines_stand_out_from_paper() {
        for theme in [Theme::light(), Theme::dark()] {
            for number in 5..9 {
                let found = contrast(theme.label(Some(number)), theme.paper);
                assert!(found >= 3.0, "line {number}, dark {}: {found}", theme.dark);
            }
        }
    }
}
