//! The documents against the code: what `docs/` says of keys, files and schemas is what the program does.
//!
//! The tables of `docs/keys.md` between two marks are written from the commands and the built-in schema:
//! `WRITE_DOCS=1 cargo test --test docs` puts them there, and without it the test fails where they differ.

use std::fmt::Write;
use std::path::Path;

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The names between backticks.
fn told(document: &str) -> Vec<&str> {
    document
        .split('`')
        .skip(1)
        .step_by(2)
        .flat_map(|code| code.split(|c: char| !c.is_alphanumeric() && c != '_'))
        .collect()
}

#[test]
fn every_field_of_a_sidecar_is_told() {
    let source = read("src/store/sidecar/file.rs");
    let document = read("docs/sidecar.md");
    let told = told(&document);
    let mut fields = 0;
    for record in source.split("\nrecord! {\n").skip(1) {
        let record = &record[..record.find("\n}").expect("a record ends")];
        for field in record.split(|c: char| !c.is_ascii_alphanumeric() && !":_".contains(c)) {
            let Some(field) = field.strip_suffix(':').filter(|field| !field.is_empty() && !field.contains(':')) else {
                continue;
            };
            fields += 1;
            assert!(told.contains(&field), "docs/sidecar.md says nothing of the field {field}");
        }
    }
    assert!(fields > 50, "only {fields} fields were found in src/store/sidecar/file.rs");
}

#[test]
fn every_field_of_a_schema_is_told() {
    let source = read("src/store/schema/file.rs");
    let document = read("docs/schema.md");
    let told = told(&document);
    let public = source.lines().filter_map(|line| line.strip_prefix("    pub ")?.split_once(':').map(|(name, _)| name));
    let fields: Vec<&str> = public.filter(|name| !name.contains('(')).collect();
    assert!(fields.len() > 40, "only {} fields were found in src/store/schema/file.rs", fields.len());
    for field in fields {
        assert!(told.contains(&field), "docs/schema.md says nothing of the field {field}");
    }
    for key in pressmark::store::schema::RESERVED_KEYS.iter().filter(|key| **key != ' ') {
        let keys = document.split("takes `").nth(1).and_then(|rest| rest.split('`').next()).unwrap_or_default();
        assert!(keys.split(' ').any(|told| told == key.to_string()), "docs/schema.md does not say that {key} is taken");
    }
}

#[cfg(all(feature = "gui", not(target_os = "macos")))]
#[test]
fn every_command_stands_among_the_keys() {
    between_marks("docs/keys.md", "commands", &command_tables());
}

#[cfg(all(feature = "gui", not(target_os = "macos")))]
fn command_tables() -> String {
    use pressmark::gui::command::{Group, UiCommand, shortcut_texts};

    let mut text = String::new();
    let schema = pressmark::store::schema::builtin();
    text += "\n## Labels and links of the built-in schema\n\n| key | what it marks or links |\n| --- | --- |\n";
    for label in &schema.labels {
        if let Some(key) = label.key {
            let _ = writeln!(text, "| `{key}` | {} |", label.name);
        }
        for kind in &label.types {
            if let Some(key) = kind.key {
                let _ = writeln!(text, "| `{key}` | {}: {} |", label.name, kind.name);
            }
        }
    }
    for relation in &schema.relations {
        if let Some(key) = relation.key {
            let _ = writeln!(text, "| `{key}` | begins the link {} of the chosen mark |", relation.name);
        }
    }
    for group in Group::ALL {
        let _ = write!(text, "\n## {}\n\n| key | command | what it does |\n| --- | --- | --- |\n", group.name());
        for command in UiCommand::ALL.iter().filter(|command| command.group() == group) {
            let keys: Vec<String> = shortcut_texts(*command).iter().map(|key| format!("`{key}`")).collect();
            let keys = if keys.is_empty() { "in the menu".to_owned() } else { keys.join(", ") };
            let _ = writeln!(text, "| {keys} | {} | {} |", command.text(), command.tip());
        }
    }
    text.push('\n');
    text
}

/// Puts what is generated between two marks of a document, or holds it against what stands there.
fn between_marks(document: &str, name: &str, written: &str) {
    let marks = [format!("<!-- {name}: written by tests/docs.rs -->\n"), format!("<!-- end of {name} -->")];
    let text = read(document);
    let (before, rest) = text.split_once(&marks[0]).unwrap_or_else(|| panic!("{document} has no mark for {name}"));
    let (there, after) = rest.split_once(&marks[1]).unwrap_or_else(|| panic!("{document} has no end of {name}"));
    if std::env::var_os("WRITE_DOCS").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(document);
        std::fs::write(path, [before, &marks[0], written, &marks[1], after].concat()).expect("it is written");
    } else {
        assert!(there == written, "{document} is behind the code; run WRITE_DOCS=1 cargo test --test docs");
    }
}

#[test]
fn every_format_stands_in_the_tables() {
    let mut rows = "| format | can | offsets | what it is |\n| --- | --- | --- | --- |\n".to_owned();
    let mut losses = "| format | changes or leaves out |\n| --- | --- |\n".to_owned();
    for format in pressmark::formats::FORMATS {
        let can = match (format.reads.is_some(), format.writes.is_some()) {
            (true, true) => "import, export",
            (true, false) => "import",
            _ => "export",
        };
        let page = format!("docs/formats/{}.md", format.id);
        assert!(!read(&page).is_empty());
        let _ = writeln!(rows, "| [`{}`]({page}) | {can} | {} | {} |", format.id, format.unit, format.about);
        let cannot: Vec<String> = format.cannot.iter().map(|kind| kind.many().to_owned()).collect();
        if format.writes.is_some() {
            let cannot = if cannot.is_empty() { "nothing: it holds all".to_owned() } else { cannot.join(", ") };
            let _ = writeln!(losses, "| [`{}`](formats/{}.md) | {cannot} |", format.id, format.id);
        }
    }
    between_marks("README.md", "formats", &rows);
    between_marks("docs/formats.md", "formats", &losses);
}

#[test]
fn every_package_that_is_built_in_has_its_licence_told() {
    let (manifest, lock, notices) = (read("Cargo.toml"), read("Cargo.lock"), read("assets/notices.txt"));
    let table =
        manifest.split("\n[").find(|table| table.starts_with("dependencies]")).expect("a table of dependencies");
    let mut found = 0;
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let Some((name, _)) = line.split_once(" = ") else { continue };
        let entry = format!("name = \"{name}\"\nversion = \"");
        let told = lock
            .split(&entry)
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .any(|version| notices.lines().any(|line| line == format!("  {name} {version}")));
        assert!(told, "assets/notices.txt is out of date on {name}: .ci/notices/write writes it anew");
        found += 1;
    }
    assert!(found > 20, "only {found} dependencies were found");
}
