//! The arguments as they are typed, and the help that people read.
//!
//! What they mean is left to each subcommand; only what can be seen in the arguments alone is refused here.

use std::path::PathBuf;

use clap::{ArgGroup, Args as Arguments, Parser, Subcommand};

use crate::formats::{FORMATS, Options, Overlap, Table, Tags};
use crate::model::Status;
use crate::store::sidecar::is_annotator;

/// Mark entities, quotes and claims in articles, and turn the marks into datasets.
///
/// Without a command, PATH opens in a window: an article (.txt, .md) or a folder of them. Each annotator's marks are
/// saved beside the article: talks.txt marked by ann1 in talks.txt.ann1.ron. An article whose name is that of a
/// command is opened as ./show.
#[derive(Debug, Parser)]
#[command(
    version,
    args_conflicts_with_subcommands = true,
    after_help = "\
Examples:
  pressmark news/                       open the folder news in a window
  pressmark show news/talks.txt         print what is marked in one article
  pressmark check news/                 find what is wrong with sidecars
  pressmark export --to jsonl -o set.jsonl news/
  pressmark git-setup news/             have git merge marks instead of lines

Exit codes: 0 done; 1 done, and something was found; 2 an error.
Results go to standard output, everything else to standard error."
)]
pub(super) struct Args {
    /// An article or a folder to open; the last one without it
    pub path: Option<PathBuf>,
    /// Whose marks are made in the window; the login name without it
    #[arg(long, value_name = "NAME")]
    pub annotator: Option<String>,
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What can be done without a window.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Print what is marked in an article
    Show(Show),
    /// Hold sidecars against their articles and the schema
    Check(Check),
    /// Count articles, annotations and relations
    Stats(Stats),
    /// Take annotations of a dataset into a folder
    Import(Import),
    /// Write annotations as a dataset
    Export(Box<Export>),
    /// Find marks again after articles were edited, renamed or moved
    Reanchor(Reanchor),
    /// List the formats of datasets
    Formats(Formats),
    /// Merge two states of one sidecar
    Merge(Merge),
    /// Have git merge sidecars and show readable differences
    GitSetup(GitSetup),
    /// What `git diff` shows of a sidecar
    #[command(hide = true)]
    GitShow(GitShow),
}

/// `show`.
#[derive(Debug, Arguments)]
#[command(after_help = "\
Examples:
  pressmark show talks.txt
  pressmark show talks.txt --annotator ann1 --json | jq '.layers[0].annotations[].label'")]
pub(super) struct Show {
    /// The article
    pub path: PathBuf,
    /// Only this annotator's layer
    #[arg(long, value_name = "NAME", value_parser = annotator)]
    pub annotator: Option<String>,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

/// `check`.
#[derive(Debug, Arguments)]
#[command(after_help = "\
Every problem is one line: the file, the annotation, what is wrong and what to do. Nothing is changed.
The exit code is 1 when there is any.

Examples:
  pressmark check news/
  pressmark check news/talks.txt || echo 'not yet'
  pressmark check news/ --json | jq '.problems[].message'")]
pub(super) struct Check {
    /// Articles or folders
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

/// `stats`.
#[derive(Debug, Arguments)]
#[command(after_help = "\
Examples:
  pressmark stats news/
  pressmark stats news/ --json | jq '.annotators[] | {annotator, annotations}'")]
pub(super) struct Stats {
    /// Articles or folders
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

/// `import`.
#[derive(Debug, Arguments)]
#[command(after_help = "\
Articles that are not in DIR yet are written there. Annotations are added by their ids; nothing that is there is \
changed or written over. An article that the dataset does not name is called by its file: a/1.json becomes \
a/1-00001.txt. Where two texts come to one name, the second gets a free one, NAME-2.txt, and that is told. What was \
not taken in is told, and the exit code is then 1. A new folder gets a pressmark.ron made of the labels that were \
found or that the dataset declares, unless the built-in schema has them all; one that has articles keeps the built-in \
labels besides. A pressmark.ron that is there stays as it is: what it lacks is told, with the lines to add.

Examples:
  pressmark import --from jsonl -o news/ set.jsonl
  pressmark import --from brat -o news/ project/
  pressmark import --dry-run project.zip
  pressmark import -o news/ project.zip
  pressmark import --from doccano --map PER=entity:person -o news/ admin.jsonl")]
pub(super) struct Import {
    /// The dataset's format, see `pressmark formats`; auto finds it out
    #[arg(long, value_name = "FORMAT", default_value = "auto", value_parser = readable())]
    pub from: String,
    /// Whose layers they become; the dataset's own annotators without it
    #[arg(long, value_name = "NAME", value_parser = annotator)]
    pub annotator: Option<String>,
    /// A label of the dataset and what it becomes, such as PER=entity:person; may be given several times
    #[arg(long = "map", value_name = "FROM=TO", value_parser = mapping)]
    pub map: Vec<(String, String)>,
    /// Import what models predicted too, as layers named for the models (Label Studio)
    #[arg(long)]
    pub predictions: bool,
    /// Refuse when not all of it can be taken as it is
    #[arg(long)]
    pub strict: bool,
    /// Tell what is in the dataset, its labels and what cannot be taken; write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// The folder to import into
    #[arg(short, long = "output", value_name = "DIR", required_unless_present = "dry_run")]
    pub output: Option<PathBuf>,
    /// The dataset's files, folders with them, or a .zip that another program exported
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

/// `export`.
#[derive(Debug, Arguments)]
#[command(group(ArgGroup::new("layers").args(["annotator", "all_annotators", "prefer_gold"])), after_help = "\
Without a choice of layers, jsonl takes them all; other formats take gold where there is one, else the only layer. \
What a format cannot hold is counted and told; --strict refuses instead. --split divides the articles, never the \
layers of one, into train.jsonl, dev.jsonl and test.jsonl in the folder OUT, or into folders of these names; the same \
seed gives the same parts, and how much is in each is told.

Examples:
  pressmark export --to jsonl -o set.jsonl news/
  pressmark export --to jsonl --prefer-gold --label entity:person news/ | wc -l
  pressmark export --to brat --annotator ada -o brat/ news/
  pressmark export --to jsonl --status done --split 80,10,10 --seed 7 -o parts/ news/")]
pub(super) struct Export {
    /// The dataset's format; see `pressmark formats`
    #[arg(long, value_name = "FORMAT", value_parser = writable())]
    pub to: String,
    /// Only this annotator's layers
    #[arg(long, value_name = "NAME", value_parser = annotator)]
    pub annotator: Option<String>,
    /// Every annotator's layers
    #[arg(long)]
    pub all_annotators: bool,
    /// The gold layer where there is one, else the only layer
    #[arg(long)]
    pub prefer_gold: bool,
    /// Only layers with this status
    #[arg(long, value_name = "STATUS", value_parser = status)]
    pub status: Option<Status>,
    /// Only annotations with this label (entity) or full label (entity:person); may be given several times
    #[arg(long = "label", value_name = "LABEL")]
    pub labels: Vec<String>,
    /// Shares of train, dev and test, such as 80,10,10 or 8,1,1: whole numbers of any sum
    #[arg(long, value_name = "SHARES", value_parser = shares, requires = "output")]
    pub split: Option<[u32; 3]>,
    /// What the parts are drawn with
    #[arg(long, value_name = "N", default_value_t = 0, requires = "split")]
    pub seed: u64,
    /// Bring every label near the shares; the parts are drawn anew when articles are added
    #[arg(long, requires = "split")]
    pub stratify: bool,
    /// Write each part in so many files, which Spark, Ray and DuckDB read in parallel; only spacy, and huggingface as Parquet
    #[arg(long, value_name = "N", requires = "output", value_parser = at_least_one)]
    pub shards: Option<usize>,
    /// Write only one of them, from 0; several machines can write into one folder
    #[arg(long, value_name = "I", requires = "shards")]
    pub shard: Option<usize>,
    /// Give annotators other names
    #[arg(long)]
    pub anonymise: bool,
    /// Offsets and hashes alone, for articles that must not be passed on; only jsonl
    #[arg(long)]
    pub without_text: bool,
    /// What may be done with the dataset, such as cc-by-4.0, for its card; one file of jsonl or doccano has no card
    #[arg(long, value_name = "LICENCE")]
    pub licence: Option<String>,
    /// Where to write; - or nothing is standard output
    #[arg(short, long = "output", value_name = "OUT")]
    pub output: Option<PathBuf>,
    /// Put it in the place of a dataset or file that was exported before; anything else stays as it is
    #[arg(long)]
    pub force: bool,
    /// Refuse when the format cannot hold all of it
    #[arg(long)]
    pub strict: bool,
    /// Line ends of the texts: lf, or as they are in the articles
    #[arg(long, value_name = "WHICH", value_parser = ["lf", "keep"], default_value = "lf")]
    pub newlines: String,
    /// Markdown as it is in the articles, or as it reads, without its markup
    #[arg(long, value_name = "WHICH", value_parser = ["source", "rendered"], default_value = "source")]
    pub markdown: String,
    /// Of marks that overlap, where a token has one tag: the longest, the first, or all of them in several layers (conll);
    /// only conll, conllu, spacy and huggingface
    #[arg(long, value_name = "WHICH", value_parser = Overlap::NAMES, default_value = "longest")]
    pub overlap: String,
    /// How tags of tokens are spelled; only conll and huggingface
    #[arg(long, value_name = "SCHEME", value_parser = ["iob2", "bioes"], default_value = "iob2")]
    pub tags: String,
    /// How huggingface's tables are written
    #[arg(long, value_name = "WHICH", value_parser = ["parquet", "jsonl"], default_value = "parquet")]
    pub table: String,
    /// Tell on standard output, as JSON, what was written and what the format cannot hold
    #[arg(long)]
    pub json: bool,
    /// Articles or folders
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
}

impl Export {
    /// Whether texts keep their line ends.
    pub fn keep_newlines(&self) -> bool {
        self.newlines == "keep"
    }

    /// What writers may be told.
    pub fn options(&self) -> Options {
        Options {
            overlap: Overlap::from_name(&self.overlap).unwrap_or_default(),
            tags: if self.tags == "bioes" { Tags::Bioes } else { Tags::Iob2 },
            table: if self.table == "jsonl" { Table::Jsonl } else { Table::Parquet },
            labels: Vec::new(),
        }
    }
}

/// `reanchor`.
#[derive(Debug, Arguments)]
#[command(after_help = "\
Marks whose words are the same get their new places. Marks whose words were edited, and those that were not found, stay
in the sidecar without a place, with candidates; --accept edited takes the edited ones over too. Nobody else's layer is
touched without --all-annotators. The exit code is 1 when something is left to be looked at.

Examples:
  pressmark reanchor --dry-run news/
  pressmark reanchor news/talks.txt --accept edited
  pressmark reanchor --follow news/         sidecars follow articles that were renamed or moved")]
pub(super) struct Reanchor {
    /// Tell what would become of each mark, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Take over marks of this state too, as they are
    #[arg(long, value_name = "STATE", value_parser = ["edited"])]
    pub accept: Option<String>,
    /// Whose layers; the login name without it
    #[arg(long, value_name = "NAME", value_parser = annotator, conflicts_with = "all_annotators")]
    pub annotator: Option<String>,
    /// Every annotator's layers
    #[arg(long)]
    pub all_annotators: bool,
    /// Let sidecars follow articles that were renamed or moved; nothing is written over
    #[arg(long)]
    pub follow: bool,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
    /// Articles or folders
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
}

/// `formats`.
#[derive(Debug, Arguments)]
pub(super) struct Formats {
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

/// `merge`.
#[derive(Debug, Arguments)]
#[command(after_help = "\
Annotations are matched by id. What was added on either side stays, what only one side changed is taken, what was \
deleted on one side and changed on the other stays changed, and of what both changed differently both versions stay, \
marked as a conflict to settle in the window. Nothing is dropped, and the result is a sidecar like any other.

Exit codes: 0 merged; 1 merged, and there are conflicts to settle; 2 an error, nothing written. For git (--driver) an \
error is 130: git then leaves all as it was, where after a 2 it would keep one side alone.

Examples:
  pressmark merge --base old.ron --ours mine.ron --theirs hers.ron -o talks.txt.ann1.ron
  pressmark git-setup                   have git do it by itself")]
pub(super) struct Merge {
    /// What both came from; an empty or missing file is none
    #[arg(long, value_name = "FILE")]
    pub base: Option<PathBuf>,
    /// The one side
    #[arg(long, value_name = "FILE")]
    pub ours: PathBuf,
    /// The other side
    #[arg(long, value_name = "FILE")]
    pub theirs: PathBuf,
    /// Where to write; - or nothing is standard output
    #[arg(short, long = "output", value_name = "OUT", conflicts_with = "driver")]
    pub output: Option<PathBuf>,
    /// As git's merge driver: write into the file of --ours
    #[arg(long)]
    pub driver: bool,
    /// The sidecar that is merged, for messages and to find .pressmark/texts
    #[arg(long, value_name = "FILE")]
    pub path: Option<PathBuf>,
}

/// `git-setup`.
#[derive(Debug, Arguments)]
#[command(after_help = "\
Writes lines between two marks into .gitattributes of the folder: sidecars (*.*.*.ron, never pressmark.ron) are merged \
and shown by Pressmark, and git changes no line ends in articles, sidecars and kept texts, which would change their \
hashes. Writes the two programs into this clone's own configuration. Nothing else is touched, and --remove takes all \
of it out again. Commit .gitattributes; run this once in each clone, or git merges sidecars as plain text there.

Examples:
  pressmark git-setup news/
  pressmark git-setup --remove news/")]
pub(super) struct GitSetup {
    /// The folder with the articles
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// Take out what git-setup wrote
    #[arg(long)]
    pub remove: bool,
}

/// `git-show`.
#[derive(Debug, Arguments)]
pub(super) struct GitShow {
    /// A sidecar
    pub file: PathBuf,
}

/// The formats that can be imported.
fn readable() -> Vec<&'static str> {
    ["auto"].into_iter().chain(FORMATS.iter().filter(|format| format.reads.is_some()).map(|format| format.id)).collect()
}

/// The formats that can be exported.
fn writable() -> Vec<&'static str> {
    FORMATS.iter().filter(|format| format.writes.is_some()).map(|format| format.id).collect()
}

fn annotator(name: &str) -> Result<String, String> {
    if is_annotator(name) {
        Ok(name.to_owned())
    } else {
        Err("an annotator's id has a to z, 0 to 9, - and _, begins with a letter or digit, and has at most 64"
            .to_owned())
    }
}

fn status(id: &str) -> Result<Status, String> {
    Status::from_id(id).ok_or_else(|| "a status is new, in-progress, done or skipped".to_owned())
}

fn shares(text: &str) -> Result<[u32; 3], String> {
    let parts: Vec<u32> = text.split(',').filter_map(|part| part.trim().parse().ok()).collect();
    match parts[..] {
        [train, dev, test]
            if text.split(',').count() == 3
                && train.checked_add(dev).and_then(|sum| sum.checked_add(test)) > Some(0) =>
        {
            Ok([train, dev, test])
        }
        _ => Err("give three whole numbers, such as 80,10,10".to_owned()),
    }
}

fn at_least_one(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|number| *number > 0).ok_or_else(|| "give a whole number, 1 or more".to_owned())
}

fn mapping(text: &str) -> Result<(String, String), String> {
    let (from, to) = text.split_once('=').ok_or("write it as FROM=TO, such as PER=entity:person")?;
    if from.is_empty() || to.is_empty() || to.starts_with(':') || to.ends_with(':') {
        return Err("write it as FROM=TO, such as PER=entity:person".to_owned());
    }
    Ok((from.to_owned(), to.to_owned()))
}
