//! Label Studio's tasks, with its labelling configuration: `tasks.json` and `config.xml`.
//!
//! Offsets are code points, the end not included. What a region says besides its label stands in controls of their own,
//! which the configuration declares; that also tells what labels our names stand for. Article attributes are fields of a
//! task's data, or choices for the whole task.

mod config;
mod controls;
mod declared;
mod html;
mod markup;
mod minimal;
mod predicted;
mod read;
mod regions;
mod write;

use super::{Document, Format, Kind, Reads, Report, Shape, Source};

/// Label Studio, as the list of formats tells it.
pub const FORMAT: Format = Format {
    id: "label-studio",
    reads: Some(Reads::Files(&["json"], read_file)),
    writes: Some(Shape::Folder(|schema, _| Box::new(write::TaskWriter::new(schema)))),
    unit: "code points",
    about: "Label Studio's tasks with annotations, and the configuration for them",
    cannot: &[Kind::Orphan, Kind::RelationAttribute, Kind::Discussion, Kind::OtherVersion, Kind::Origin],
    opens: "",
};

/// What is told where predictions are not read.
pub const PREDICTIONS_KEPT: &str = "predictions are kept as they are";

/// Reads tasks with what models predicted for them, each model's as a layer of its own.
pub const WITH_PREDICTIONS: Reads = Reads::Files(&["json"], read_with_predictions);

/// Begins the names of attributes that hold what only Label Studio has.
const FOREIGN: &str = "label-studio:";
/// Follows [`FOREIGN`] in the names of attributes that hold a field of the data as JSON.
const DATA: &str = "data.";
/// Attributes of the article, after [`FOREIGN`]: the names of fields that stand in the data.
const FIELDS: &str = "data";
/// What else a task says.
const TASK: &str = "task";
/// What else an annotation of a task says.
const ANNOTATION: &str = "annotation";
/// What models predicted.
const PREDICTIONS: &str = "predictions";
/// Results that are not of text.
const RESULTS: &str = "results";
/// Who made an annotation, where the data names another one.
const COMPLETED_BY: &str = "completed_by";
/// Fields of the data that are ours.
const OWN_FIELDS: [&str; 4] = ["text", "file", "annotator", "note"];
/// The relation from a piece of a mark to the next one.
const PIECE: &str = "next piece";

fn read_file(source: &Source<'_>, report: &mut Report, take: &mut dyn FnMut(Document)) {
    read_tasks(source, false, report, take);
}

fn read_with_predictions(source: &Source<'_>, report: &mut Report, take: &mut dyn FnMut(Document)) {
    read_tasks(source, true, report, take);
}

/// Reads a file of tasks with the configuration that is nearest above it.
fn read_tasks(source: &Source<'_>, predictions: bool, report: &mut Report, take: &mut dyn FnMut(Document)) {
    let folders = source.name.char_indices().rev().filter(|(_, c)| *c == '/').map(|(at, _)| &source.name[..=at]);
    let conf = folders.chain([""]).find_map(|folder| (source.beside)(&format!("{folder}config.xml")));
    let conf = conf.as_deref().map(String::from_utf8_lossy);
    let config = config::Config::read(conf.as_deref());
    if let Some(conf) = conf {
        report.declared.extend(declared::declared(&conf, &config));
    }
    read::read(source, (&config, predictions), report, take);
}

/// A name that ours would hide: those, and those with more lines at the end, get one more.
fn hidden(name: &str, own: &[&str]) -> bool {
    own.contains(&name.trim_end_matches('_'))
}
