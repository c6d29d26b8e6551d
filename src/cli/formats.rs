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
            .map(|format| {
                let cannot: Vec<&str> = format.cannot.iter().map(|kind| kind.id()).collect();
                let (reads, writes) = (format.reads.is_some(), format.writes.is_some());
                json!({"id": format.id, "reads": reads, "writes": writes, "unit": format.unit, "about": format.about, "cannot": cannot})
            })
            .collect();
        output.json(&json!({"formats": formats}))?;
    } else {
        output.line(&format!("{:<12} {:<14} {:<18} about", "format", "can", "offsets"))?;
        for format in FORMATS {
            let can = match (format.reads.is_some(), format.writes.is_some()) {
                (true, true) => "import, export",
                (true, false) => "import",
                _ => "export",
            };
            output.line(&format!("{:<12} {can:<14} {:<18} {}", format.id, format.unit, format.about))?;
            if !format.cannot.is_empty() {
                let cannot: Vec<&str> = format.cannot.iter().map(|kind| kind.many()).collect();
                for line in wrapped(&format!("changes or leaves out: {}", cannot.join(", "))) {
                    output.line(&format!("{:<12} {line}", ""))?;
                }
            }
        }
    }
    Ok(Outcome::Clean)
}

/// A text in lines that fit beside the names of the formats.
fn wrapped(text: &str) -> Vec<String> {
    const WIDTH: usize = 88;
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.is_empty() || line.len() + word.len() < WIDTH => {
                line.push_str(if line.is_empty() { "" } else { " " });
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
