//! From a layer to rows of tokens: in the file of each label, and in the list of articles beside.
//!
//! Every article has rows in every file, so that the files can be laid side by side.

use std::collections::{BTreeMap, BTreeSet};

use super::{ARTICLES, COLUMNS, DOCSTART, LABELS, TOKENS};
use crate::formats::flat::{Stretch, lanes, stretches};
use crate::formats::{
    Document, Done, FullLabel, Joint, Kind, Losses, Met, Names, Options, Piece, Token, Writer, count_rest, tokens,
};
use crate::model::{Schema, Value};

/// The file of all labels, where the schema has none with types.
const ALL: &str = "labels";

/// Writes CoNLL's files.
pub(super) struct ConllWriter {
    names: Names,
    options: Options,
    /// Whether each label has a file of its own.
    apart: bool,
    labels: BTreeSet<String>,
}

impl ConllWriter {
    pub fn new(schema: &Schema, options: &Options) -> Self {
        let apart = schema.labels.iter().any(|label| !label.types.is_empty());
        let is_wanted = |id: &str| {
            let mut wanted =
                options.labels.iter().map(|full| full.split_once(':').map_or(full.as_str(), |(label, _)| label));
            options.labels.is_empty() || wanted.any(|label| label == id)
        };
        let own = schema.labels.iter().filter(|label| apart && is_wanted(&label.id)).map(|label| plain(&label.id));
        let labels = if apart { own.collect() } else { [ALL.to_owned()].into() };
        Self { names: Names::new(schema, plain), options: options.clone(), apart, labels }
    }

    fn file(&self, label: &str) -> String {
        if self.apart { plain(label) } else { ALL.to_owned() }
    }
}

/// A name without what parts columns or folders.
fn plain(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':') { c } else { '_' }).collect();
    if plain.starts_with('.') || plain.is_empty() { format!("_{plain}") } else { plain }
}

impl Writer for ConllWriter {
    fn document(&self, document: &Document, losses: &mut Losses, met: &mut Met) -> Vec<Piece> {
        let Document { file, text, layer } = document;
        met.note(layer);
        let all = stretches(document, Done::Split, losses, |_| true);
        let mut files: BTreeMap<String, Vec<Stretch<'_>>> =
            self.labels.iter().map(|name| (name.clone(), Vec::new())).collect();
        for stretch in &all {
            files.entry(self.file(&stretch.annotation.label)).or_default().push(*stretch);
        }
        let mut lanes_of: Vec<(String, Vec<Stretch<'_>>)> = Vec::new();
        for (name, stretches) in files {
            let mut lanes = lanes(stretches, self.options.overlap, file, losses);
            if lanes.is_empty() {
                lanes.push(Vec::new());
            }
            let lanes = lanes.into_iter().enumerate();
            lanes_of.extend(
                lanes.map(|(at, lane)| (if at == 0 { name.clone() } else { format!("{name}-{}", at + 1) }, lane)),
            );
        }
        let cuts: Vec<u32> = all.iter().flat_map(|it| [it.span.start(), it.span.end()]).collect();
        let tagged = lanes_of.iter().flat_map(|(_, lane)| lane);
        let whole: Vec<(u32, u32)> = tagged.map(|it| (it.span.start(), it.span.end())).collect();
        // A word that begins an article would part this one.
        let by_spaces = layer.head().document.get(TOKENS) == Some(&Value::Bool(true))
            && !text.split_whitespace().any(|word| word == DOCSTART);
        let tokens: Vec<Token> =
            tokens(text, &cuts, &whole, by_spaces).into_iter().filter(|token| !token.blank).collect();
        let columns = columns(document, &tokens, losses);
        Self::count(document, &tokens, losses);
        let mut pieces = Vec::new();
        for (name, lane) in &lanes_of {
            let rows = self.rows(text, &tokens, &columns, lane);
            pieces.push(Piece::rows(format!("{name}.conll"), rows, Joint::default()));
            let line = format!("{name}.conll\t{}\t{}\n", tabless(file), layer.head().annotator);
            pieces.push(Piece::rows(ARTICLES, line, Joint::default()));
        }
        pieces
    }

    fn whole(&self, met: &Met) -> Vec<Piece> {
        let known = self.names.known().map(|(full, _)| full);
        let all: BTreeSet<&FullLabel> = known.chain(&met.labels).collect();
        let line = |full: &&FullLabel| {
            let (label, kind) = full;
            format!("{}\t{}\t{}\n", self.names.name(full), tabless(label), tabless(kind.as_deref().unwrap_or_default()))
        };
        vec![Piece::whole(LABELS, all.iter().map(line).collect::<String>())]
    }
}

impl ConllWriter {
    fn rows(&self, text: &str, tokens: &[Token], columns: &[&str], lane: &[Stretch<'_>]) -> String {
        let mut out = format!("{DOCSTART} -X- O O\n\n");
        let mut lane = lane.iter().peekable();
        let mut inside: Option<(usize, usize, String)> = None;
        for (at, token) in tokens.iter().enumerate() {
            if token.sentence && at > 0 {
                out.push('\n');
            }
            if let Some(stretch) = lane.next_if(|it| it.span.start() <= token.start) {
                let end = tokens.partition_point(|token| token.start < stretch.span.end());
                inside = Some((at, end, self.names.of(stretch.annotation)));
            }
            let (prefix, name) = match &inside {
                Some((from, to, name)) if at < *to => (self.options.tags.prefix(at - from, to - from), name.as_str()),
                _ => ("O", ""),
            };
            let middle = columns.get(at).copied().unwrap_or(super::columns::NO_REST);
            let space = if middle.is_empty() { "" } else { " " };
            out.extend([token.of(text), space, middle, " ", prefix, name, "\n"]);
        }
        if !tokens.is_empty() {
            out.push('\n');
        }
        out
    }

    /// Counts what has no place in any of the files.
    fn count(document: &Document, tokens: &[Token], losses: &mut Losses) {
        let Document { file, text, layer } = document;
        // What is read again has a space between tokens, and a line end between sentences.
        let mut end = 0;
        let is_read = |(at, token): (usize, &Token)| {
            let between = &text[std::mem::replace(&mut end, token.end as usize)..token.start as usize];
            between
                == if at == 0 {
                    ""
                } else if token.sentence {
                    "\n"
                } else {
                    " "
                }
        };
        if !tokens.iter().enumerate().all(is_read) || end < text.len() {
            losses.add(Kind::Spacing, Done::Dropped, file, "");
        }
        for relation in layer.relations() {
            losses.add(Kind::Relation, Done::Dropped, file, &relation.id);
        }
        for (name, _) in layer.head().document.iter().filter(|(name, _)| ![TOKENS, COLUMNS].contains(&name.as_str())) {
            losses.add(Kind::ArticleAttribute, Done::Dropped, file, name);
        }
        count_rest(document, losses);
    }
}

/// What stood between tokens and tags when the article was read, if it still has the same tokens.
fn columns<'d>(document: &'d Document, tokens: &[Token], losses: &mut Losses) -> Vec<&'d str> {
    let Some(kept) = document.layer.head().document.text(COLUMNS) else { return Vec::new() };
    let columns: Vec<&str> = kept.split('\n').collect();
    let is_solid = |column: &str| {
        column.is_empty() || column.split(' ').all(|it| !it.is_empty() && !it.contains(char::is_whitespace))
    };
    if columns.len() == tokens.len() && columns.iter().all(|column| is_solid(column)) {
        return columns;
    }
    losses.add(Kind::ArticleAttribute, Done::Dropped, &document.file, COLUMNS);
    Vec::new()
}

/// A path that does not part the columns of a list.
fn tabless(file: &str) -> String {
    file.replace(['\t', '\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_and_tags_part_nothing() {
        assert_eq!(plain("a b/c"), "a_b_c");
        assert_eq!(plain("../x"), "_.._x");
        assert_eq!(plain("Прса-1"), "Прса-1");
    }
}
