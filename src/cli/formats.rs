//! `pressmark formats`: what can be read and written.

use anyhow::Result;
use serde_json::{Value, json};

use super::Outcome;
use super::args::Formats;
use super::output::Output;
use crate::formats::FORMATS;

pub(super) fn run(args: &Formats, output: &mut Output) -> Result<Outcome> {
    if args.json {
        let formats: Vec<Value> = FORMATS
            .iter()
            .map(|f| json!({"id": f.id, "reads": f.reads, "writes": f.writes, "unit": f.unit, "about": f.about}))
            .collect();
        output.json(&json!({"formats": formats}))?;
    } else {
        output.line(&format!("{:<12} {:<14} {:<12} about", "format", "can", "offsets"))?;
        for format in FORMATS {
            let can = match (format.reads, format.writes) {
                (true, true) => "import, export",
                (true, false) => "import",
                _ => "export",
            };
            output.line(&format!("{:<12} {can:<14} {:<12} {}", format.id, format.unit, format.about))?;
        }
    }
    Ok(Outcome::Clean)
}
