//! Schemas: one that is taken in is one that the window can work with; any other is told with its place.

use std::collections::HashSet;
use std::path::Path;

use pressmark::store::schema::{SchemaError, parse};

use super::told::is_clear;

/// Any bytes as a `pressmark.ron`.
pub fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match parse(text, Path::new("pressmark.ron")) {
        Ok(file) => {
            let schema = &file.schema;
            let labels: HashSet<&str> = schema.labels.iter().map(|label| label.id.as_str()).collect();
            assert_eq!(labels.len(), schema.labels.len(), "a label stands there once");
            let keys: Vec<char> = schema.labels.iter().filter_map(|label| label.key).collect();
            assert_eq!(keys.iter().collect::<HashSet<_>>().len(), keys.len(), "a key chooses one label: {keys:?}");
            let relations: HashSet<&str> = schema.relations.iter().map(|relation| relation.id.as_str()).collect();
            assert_eq!(relations.len(), schema.relations.len(), "a relation stands there once");
            for path in ["a.txt", "news/2024/b.md", ""] {
                file.takes(Path::new(path));
            }
        }
        Err(error) => {
            is_clear(&error.to_string(), "pressmark.ron:");
            if let SchemaError::Faulty { line, column, .. } = error {
                let of_line = text.split('\n').nth(line - 1).expect("the line is there");
                assert!((1..=of_line.chars().count() + 1).contains(&column), "{line}:{column} is nowhere");
            }
        }
    }
}
