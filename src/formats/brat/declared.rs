//! What an `annotation.conf` says that can be marked: entities, events, relations and attributes, used or not.
//!
//! Read as brat does, apart from what it only checks: how often a role may be there, and which texts a name may stand for.

use std::collections::{BTreeMap, BTreeSet};

use super::config::Config;
use crate::formats::found::{Ends, LabelSet, On, Sort};

/// Lists of names are put into each other no deeper.
const DEEPEST: usize = 8;
/// So many names may stand in a list.
const MOST: usize = 2_000;

/// What the configuration of a dataset declares.
pub(super) fn declared(conf: &str, config: &Config) -> LabelSet {
    let mut out = LabelSet::default();
    let macros = macros(conf);
    let mut relations: Vec<(&str, Vec<(String, String)>)> = Vec::new();
    let mut attributes = Vec::new();
    for (section, line) in lines(conf) {
        let line = line.trim();
        // A name that only brings others together, or what parts menus.
        if line.starts_with(['!', '<', '-']) {
            continue;
        }
        let (name, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        match section {
            "entities" | "spans" | "events" => out.declare(config.label(name)),
            "relations" => relations.push((name, arguments(rest, &macros))),
            "attributes" => attributes.push((name, arguments(rest, &macros))),
            _ => {}
        }
    }
    for (name, arguments) in relations {
        let mut ends = arguments.iter().filter(|(role, _)| !role.starts_with('<')).map(|(_, to)| end(to, config, &out));
        let both = [ends.next().unwrap_or_else(any), ends.next().unwrap_or_else(any)];
        drop(ends);
        let known = out.relations.entry(name.into()).or_default();
        for (known, new) in known.iter_mut().zip(both) {
            known.any |= new.any;
            known.labels.extend(new.labels);
        }
    }
    for (name, arguments) in attributes {
        attribute(&mut out, config, name, &arguments);
    }
    out
}

/// Takes in how a `visual.conf` draws what is declared.
pub(super) fn drawn(visual: &str, config: &Config, declared: &mut LabelSet) {
    for (_, line) in lines(visual).filter(|(section, _)| *section == "drawing") {
        let (name, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let mut parts = rest.split(',').filter_map(|part| part.trim().split_once(':'));
        let color = parts.find(|(what, _)| *what == "bgColor").map(|(_, color)| color);
        let full = config.label(name);
        if color.is_some() && declared.labels.contains_key(&full) {
            declared.looks.declare(&full).take_color(color);
        }
    }
}

fn attribute(out: &mut LabelSet, config: &Config, name: &str, arguments: &[(String, String)]) {
    let of = |wanted: &str| arguments.iter().find(|(role, _)| role == wanted).map(|(_, value)| value.as_str());
    let values: Vec<&str> =
        of("Value").map(|values| values.split('|').filter(|it| !it.is_empty()).collect()).unwrap_or_default();
    // What Pressmark wrote without values is a choice of words that brat does not take, unless it says otherwise.
    if values.is_empty() && config.ours && !config.is_flag(name) {
        return;
    }
    let mut on: BTreeSet<On> = BTreeSet::new();
    for to in of("Arg").unwrap_or("<ANY>").split('|') {
        match to {
            // Ours names the labels; what it says of all events was kept for brat.
            to if config.ours && to.starts_with('<') => {}
            "<RELATION>" => drop(on.insert(On::Relations)),
            to if to.starts_with('<') => drop(on.insert(On::Labels)),
            to => {
                let label = config.label(to).0;
                if out.labels.keys().any(|(known, _)| *known == label) || out.relations.contains_key(&label) {
                    on.insert(On::One(label));
                }
            }
        }
    }
    for on in on {
        let takes = out.declare_attribute(on, name);
        if values.is_empty() {
            takes.sort(Sort::Flag);
        } else {
            takes.sort(Sort::One);
            takes.list(values.iter().copied());
        }
    }
}

fn any() -> Ends {
    Ends { any: true, ..Ends::default() }
}

/// What an argument may be: anything where it names nothing that is declared.
fn end(to: &str, config: &Config, known: &LabelSet) -> Ends {
    if to.split('|').any(|name| name.starts_with('<')) {
        return any();
    }
    let all = to.split('|').map(|name| config.label(name)).filter(|full| known.labels.contains_key(full));
    let labels: BTreeSet<_> = all.collect();
    Ends { any: labels.is_empty(), labels }
}

/// `Arg1:Person, Value:High|Low`, with the lists that names in `<>` stand for.
fn arguments<'c>(rest: &'c str, macros: &BTreeMap<&str, &'c str>) -> Vec<(String, String)> {
    let rest = rest.split('#').next().unwrap_or_default();
    let parts = rest.split(',').filter_map(|part| part.trim().split_once(':'));
    let list = |to: &str| {
        let mut names = Vec::new();
        expand(to, macros, DEEPEST, &mut names);
        names.join("|")
    };
    parts.map(|(role, to)| (role.trim().to_owned(), list(to.trim()))).collect()
}

fn expand<'c>(to: &'c str, macros: &BTreeMap<&str, &'c str>, depth: usize, names: &mut Vec<&'c str>) {
    for name in to.split('|') {
        // Lists of lists may stand for more than anybody wrote.
        if names.len() >= MOST {
            return;
        }
        match macros.get(name).filter(|_| depth > 0) {
            Some(list) => expand(list, macros, depth - 1, names),
            None => names.push(name),
        }
    }
}

/// Lists of names: `<GPE>=City|Country`.
fn macros(conf: &str) -> BTreeMap<&str, &str> {
    let lines = conf.lines().map(str::trim).filter(|line| line.starts_with('<'));
    lines
        .filter_map(|line| line.split_once('='))
        .map(|(name, list)| (name.trim(), list.trim()))
        .filter(|(name, _)| name.ends_with('>') && !name.contains(char::is_whitespace))
        .collect()
}

/// Lines that say something, with the section that they stand in.
fn lines(conf: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut section = "";
    conf.lines().filter_map(move |line| {
        let plain = line.trim();
        if let Some(name) = plain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name;
            return None;
        }
        (!plain.is_empty() && !plain.starts_with('#')).then_some((section, plain))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::found::Takes;
    use crate::model::schema::AttributeKind;

    const CONF: &str = "# comment\n<PLACE>=City|Country\n[entities]\n!Thing\n\tPerson\n\tCity\n---\nCountry\n[relations]\nLives Arg1:Person, Arg2:<PLACE>\nNear Arg1:<ENTITY>, Arg2:Span\n<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>\n[events]\nBirth Who:Person\n[attributes]\nNegation Arg:<EVENT>\nConfidence Arg:Person|Lives, Value:High|Neutral|Low\n";

    #[test]
    fn a_configuration_declares_all_of_its_names() {
        let found = declared(CONF, &Config::default());
        let labels: Vec<&str> = found.labels.keys().map(|(label, _)| label.as_str()).collect();
        assert_eq!(labels, ["Birth", "City", "Country", "Person"]);
        let ends = |label: &str, at: usize| {
            let ends = &found.relations[label][at];
            (ends.any, ends.labels.iter().map(|(label, _)| label.as_str()).collect::<Vec<_>>())
        };
        assert_eq!((ends("Lives", 0), ends("Lives", 1)), ((false, vec!["Person"]), (false, vec!["City", "Country"])));
        assert_eq!((ends("Near", 0).0, ends("Near", 1).0, found.relations.len()), (true, true, 2));
        let kind = |on: On, name: &str| found.attributes.get(&(on, name.into())).map(Takes::kind);
        assert_eq!(kind(On::Labels, "Negation"), Some(AttributeKind::Bool));
        let choice = Some(AttributeKind::Choice(["High", "Neutral", "Low"].map(Into::into).to_vec()));
        assert_eq!(kind(On::One("Person".into()), "Confidence"), choice);
        assert_eq!(kind(On::One("Lives".into()), "Confidence"), choice);
    }

    #[test]
    fn labels_stand_in_their_order_and_have_the_colours_they_are_drawn_in() {
        let mut found = declared(CONF, &Config::default());
        let visual = "[labels]\nCity | Town\n[drawing]\nSPAN_DEFAULT fgColor:black, bgColor:lightgreen\nCity\tfgColor:white, bgColor:#0000aa\nNowhere bgColor:red\n";
        drawn(visual, &Config::default(), &mut found);
        let mut labels: Vec<_> = found.labels.keys().collect();
        labels.sort_by_key(|full| found.looks.place(full));
        let labels: Vec<&str> = labels.into_iter().map(|(label, _)| label.as_str()).collect();
        assert_eq!(labels, ["Person", "City", "Country", "Birth"]);
        let color = |label: &str| found.looks.of(&(label.into(), None)).and_then(|look| look.color.clone());
        assert_eq!(color("City").map(|(light, _)| light).as_deref(), Some("#0000AA"));
        assert_eq!((color("Person"), color("Nowhere")), (None, None));
    }

    #[test]
    fn lists_that_name_themselves_end() {
        declared(
            "<A>=<A>|<A>|<A>|<A>|<A>|<A>|<A>|<A>|<A>|<A>|<A>|<A>|<A>\n[entities]\nX\n[relations]\nR Arg1:<A>, Arg2:X\n",
            &Config::default(),
        );
    }
}
