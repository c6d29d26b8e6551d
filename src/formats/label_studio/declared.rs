//! What a labelling configuration says that can be marked: labels, relations, and what is asked of regions and tasks.
//!
//! Of a configuration that Pressmark wrote only labels and relations are taken: its controls do not say which label an
//! attribute is of.

use std::collections::BTreeSet;

use super::config::Config;
use super::controls::attribute_of;
use super::markup::{Markup, Token};
use super::{PIECE, hidden};
use crate::formats::colors::is_filler;
use crate::formats::found::{DOCUMENT, Ends, LabelSet, On, Sort};

/// A control whose choices are being read.
struct Control {
    tag: String,
    name: String,
    on: Vec<On>,
    several: bool,
    choices: Vec<String>,
}

/// What a configuration declares.
pub(super) fn declared(text: &str, config: &Config) -> LabelSet {
    let mut out = LabelSet::default();
    let mut open: Option<Control> = None;
    for token in Markup::new(text) {
        let Token::Open(tag, attributes, _) = token else { continue };
        let own = |wanted: &str| {
            let found = attributes.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
            found.map(|(_, value)| value.as_str())
        };
        let tag = tag.to_ascii_lowercase();
        match tag.as_str() {
            "label" => {
                if let Some(value) = own("alias").or(own("value")).filter(|value| !value.is_empty()) {
                    let full = config.label(value);
                    out.declare(full.clone());
                    let look = out.looks.declare(&full);
                    look.take_key(own("hotkey"));
                    // A label without a colour was given one because the format needs it.
                    look.take_color(own("background").filter(|color| !config.ours || !is_filler(color)));
                }
            }
            "relation" => {
                if let Some(value) = own("value") {
                    let label = if hidden(value, &[PIECE]) { value.strip_suffix('_').unwrap_or(value) } else { value };
                    let any = || Ends { any: true, ..Ends::default() };
                    out.relations.insert(label.into(), [any(), any()]);
                }
            }
            "choice" => {
                if let (Some(control), Some(value)) = (&mut open, own("alias").or(own("value"))) {
                    control.choices.push(value.to_owned());
                }
            }
            "choices" | "textarea" | "number" | "rating" if !config.ours => {
                close(&mut out, open.take());
                let Some(name) = own("name") else { continue };
                let of = |labels: &str| labels.split(',').map(|it| On::One(config.label(it.trim()).0)).collect();
                let on = match own("perRegion") {
                    Some(said) if said != "false" => own("whenLabelValue").map_or_else(|| vec![On::Labels], of),
                    _ => vec![On::One(DOCUMENT.into())],
                };
                let several = own("choice") == Some("multiple");
                open = Some(Control { tag, name: attribute_of(name).0.to_owned(), on, several, choices: Vec::new() });
            }
            // Choices of a tree are kept as they are, and so is whatever else a task is asked.
            "taxonomy" | "text" | "hypertext" | "paragraphs" | "labels" | "hypertextlabels" | "paragraphlabels" => {
                close(&mut out, open.take());
            }
            _ => {}
        }
    }
    close(&mut out, open);
    out
}

/// Declares what a control asks.
fn close(out: &mut LabelSet, control: Option<Control>) {
    let Some(Control { tag, name, on, several, choices }) = control else { return };
    let flags: BTreeSet<&str> = choices.iter().map(String::as_str).collect();
    for on in on {
        let takes = out.declare_attribute(on, &name);
        match tag.as_str() {
            "textarea" => takes.any_text(),
            "number" | "rating" => takes.sort(Sort::Number),
            _ if several => {
                takes.sort(Sort::Several);
                takes.list(choices.iter().map(String::as_str));
            }
            // What is said with these two alone is read as yes or no.
            _ if !flags.is_empty() && flags.iter().all(|flag| matches!(*flag, "true" | "false")) => {
                takes.sort(Sort::Flag);
            }
            _ => {
                takes.sort(Sort::One);
                takes.list(choices.iter().map(String::as_str));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::found::Takes;
    use crate::model::schema::AttributeKind;

    #[test]
    fn a_configuration_declares_labels_links_and_what_is_asked() {
        let text = "<View><Labels name=\"l\"><Label value=\"Money\" hotkey=\"w\" background=\"red\"/><Label value=\"Important Stuff\"/></Labels>\
            <Relations><Relation value=\"knows\"/></Relations>\
            <Choices name=\"currency\" perRegion=\"true\" whenLabelValue=\"Money\"><Choice value=\"US dollar\"/></Choices>\
            <Choices name=\"mood\" choice=\"multiple\"><Choice value=\"sad\"/><Choice value=\"glad\"/></Choices>\
            <Rating name=\"stars\"/><Textarea name=\"why\" perRegion=\"true\"/>\
            <Taxonomy name=\"tree\"><Choice value=\"leaf\"/></Taxonomy></View>";
        let found = declared(text, &Config::read(Some(text)));
        let labels: Vec<&str> = found.labels.keys().map(|(label, _)| label.as_str()).collect();
        assert_eq!(labels, ["Important Stuff", "Money"]);
        let look = found.looks.of(&("Money".into(), None)).expect("it is declared");
        assert_eq!((look.place, look.key.as_deref()), (0, Some("w")));
        assert!(look.color.as_ref().is_some_and(|(light, _)| light == "#FF0000"), "{look:?}");
        assert!(found.relations["knows"].iter().all(|ends| ends.any));
        let kind = |on: On, name: &str| found.attributes.get(&(on, name.into())).map(Takes::kind);
        let article = || On::One(DOCUMENT.into());
        let dollar = AttributeKind::Choice(vec!["US dollar".into()]);
        assert_eq!(kind(On::One("Money".into()), "currency"), Some(dollar));
        assert_eq!(kind(article(), "mood"), Some(AttributeKind::Many(vec!["sad".into(), "glad".into()])));
        assert_eq!(kind(article(), "stars"), Some(AttributeKind::Number));
        assert_eq!(kind(On::Labels, "why"), Some(AttributeKind::Text));
        assert_eq!(kind(article(), "tree"), None);
    }
}
