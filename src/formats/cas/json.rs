//! JSON CAS 0.4: structures in a list, or in an object by id as it once was.
//!
//! `@` begins the names of references, `#` those of numbers that JSON has not, `%` what is no feature.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::{Map, Value as Json, json};
use smol_str::SmolStr;

use super::model::{Cas, Feature, Fs, SOFA, View};
use crate::formats::uima::types::{FS_ARRAY, Range, STRING_ARRAY, Types};
use crate::formats::uima::xml::{Refused, refused};
use crate::formats::write_ascii;

/// Reads a file.
pub(super) fn read(bytes: &[u8]) -> Result<Cas, Refused> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut file = match serde_json::from_slice(bytes) {
        Ok(Json::Object(file)) => file,
        Ok(_) => return Err(refused(1, "this is no JSON object")),
        Err(error) => return Err(refused(error.line().max(1), format!("this is not JSON ({error})"))),
    };
    let mut cas = Cas::default();
    let (mut names, mut number) = (HashMap::new(), 0);
    let mut add = |cas: &mut Cas, id: Option<u64>, fields: Json| {
        number += 1;
        match (id, fields) {
            (Some(id), Json::Object(fields)) => cas.structures.push(structure(id, number, fields, &mut names)),
            _ => cas.told.push((number, "a structure is no object with an id; it is left out".to_owned())),
        }
    };
    match file.remove("%FEATURE_STRUCTURES") {
        Some(Json::Array(list)) => {
            for fields in list {
                add(&mut cas, fields.get("%ID").and_then(Json::as_u64), fields);
            }
        }
        Some(Json::Object(map)) => {
            map.into_iter().for_each(|(id, fields)| add(&mut cas, id.parse().ok(), fields));
        }
        _ if file.contains_key("%VIEWS") => {}
        _ => return Err(refused(1, "there is no %FEATURE_STRUCTURES, as JSON CAS 0.4 has them")),
    }
    if let Some(Json::Object(types)) = file.remove("%TYPES") {
        types.into_iter().for_each(|(name, fields)| kind(&mut cas.types, &name, &fields));
    }
    if let Some(Json::Object(views)) = file.remove("%VIEWS") {
        for view in views.values() {
            let Some(sofa) = view.get("%SOFA").and_then(Json::as_u64) else { continue };
            let members = view.get("%MEMBERS").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_u64);
            cas.views.push(View { sofa, members: members.collect() });
        }
    }
    Ok(cas)
}

/// A type as it is declared.
fn kind(types: &mut Types, name: &str, fields: &Json) {
    let text = |value: &Json, field: &str| value.get(field).and_then(Json::as_str).unwrap_or_default().to_owned();
    let kind = types.declare(name, &text(fields, "%SUPER_TYPE"));
    for (feature, said) in fields.as_object().into_iter().flatten().filter(|(name, _)| !name.starts_with('%')) {
        let (range, of) = (text(said, "%RANGE"), text(said, "%ELEMENT_TYPE"));
        let range = match range.strip_suffix("[]") {
            Some("uima.cas.String") => Range::of(STRING_ARRAY),
            Some(of) => Range::list(of),
            None if of.is_empty() => Range::of(&range),
            None => Range { element: Some(of.into()), ..Range::of(&range) },
        };
        kind.features.insert(feature.into(), range);
    }
}

fn structure(id: u64, line: usize, fields: Map<String, Json>, names: &mut HashMap<String, SmolStr>) -> Fs {
    let mut fs = Fs { id, line, ..Fs::default() };
    let (mut begin, mut end) = (None, None);
    for (name, value) in fields {
        let text = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        match name.as_str() {
            "%ID" => {}
            "%TYPE" => {
                let kind = text(&value);
                fs.kind = names.entry(kind).or_insert_with_key(|kind| kind.as_str().into()).clone();
            }
            "@sofa" => fs.sofa = value.as_u64(),
            "begin" => begin = value.as_u64(),
            "end" => end = value.as_u64(),
            "%ELEMENTS" => {
                let list = value.as_array().cloned().unwrap_or_default();
                let ids: Option<Vec<u64>> =
                    list.iter().map(|it| if it.is_null() { Some(0) } else { it.as_u64() }).collect();
                fs.features.push((
                    "elements".into(),
                    match ids {
                        Some(ids) if fs.kind.is_empty() || fs.kind == FS_ARRAY || fs.kind.ends_with("[]") => {
                            Feature::Many(ids)
                        }
                        _ if value.is_string() => Feature::Text(text(&value)),
                        _ => Feature::Texts(list.iter().map(text).collect()),
                    },
                ));
            }
            _ if name.starts_with('%') || value.is_null() => {}
            _ => {
                let plain = name.trim_start_matches(['@', '#', '^']);
                let known = names.entry(plain.to_owned()).or_insert_with_key(|name| name.as_str().into()).clone();
                let feature = match &value {
                    Json::Number(number) if name.starts_with('@') => Feature::One(number.as_u64().unwrap_or(0)),
                    Json::Array(ids) if name.starts_with('@') => {
                        Feature::Many(ids.iter().filter_map(Json::as_u64).collect())
                    }
                    Json::Number(number) => Feature::Number(number.as_f64().unwrap_or(0.0)),
                    Json::Bool(value) => Feature::Flag(*value),
                    Json::Array(values) => Feature::Texts(values.iter().map(text).collect()),
                    _ => Feature::Text(text(&value)),
                };
                fs.features.push((known, feature));
            }
        }
    }
    fs.place = begin.zip(end);
    fs
}

/// The file of a CAS, a structure a line.
pub(super) fn write(cas: &Cas) -> Vec<u8> {
    let mut out = Vec::new();
    let types: Map<String, Json> = cas
        .types
        .0
        .iter()
        .map(|(name, kind)| {
            let mut fields = Map::new();
            fields.insert("%NAME".to_owned(), name.as_str().into());
            fields.insert("%SUPER_TYPE".to_owned(), kind.parent.as_str().into());
            for (feature, range) in &kind.features {
                let of =
                    range.element.as_ref().map_or_else(|| range.name.to_string(), |element| format!("{element}[]"));
                fields.insert(feature.to_string(), json!({"%NAME": feature.as_str(), "%RANGE": of}));
            }
            (name.to_string(), fields.into())
        })
        .collect();
    out.extend_from_slice(b"{\n\"%TYPES\": ");
    write_ascii(&mut out, &types).expect("memory takes it");
    let mut next = cas.structures.iter().map(|fs| fs.id).max().unwrap_or(0) + 1;
    let mut before = ",\n\"%FEATURE_STRUCTURES\": [\n";
    for fs in &cas.structures {
        structure_out(&mut out, &mut before, &cas.types, fs, &mut next);
    }
    let mut views = Map::new();
    for view in &cas.views {
        views.insert("_InitialView".to_owned(), json!({"%SOFA": view.sofa, "%MEMBERS": view.members}));
    }
    out.extend_from_slice(b"\n],\n\"%VIEWS\": ");
    write_ascii(&mut out, &views).expect("memory takes it");
    out.extend_from_slice(b"\n}\n");
    out
}

/// Writes a structure. Arrays are structures of their own, and come before what leads to them.
fn structure_out(out: &mut Vec<u8>, before: &mut &str, types: &Types, fs: &Fs, next: &mut u64) {
    let mut arrays = Vec::new();
    for (_, feature) in &fs.features {
        let begin = match feature {
            Feature::Many(_) => FS_ARRAY,
            Feature::Texts(_) => STRING_ARRAY,
            _ => continue,
        };
        let mut object = Object::begin(out, before);
        object.field("", "%ID", next);
        object.text("%TYPE", begin);
        match feature {
            Feature::Many(ids) => object.field("", "%ELEMENTS", ids),
            Feature::Texts(texts) => object.field("", "%ELEMENTS", texts),
            _ => {}
        }
        object.end();
        arrays.push(*next);
        *next += 1;
    }
    let mut arrays = arrays.into_iter();
    let mut object = Object::begin(out, before);
    object.field("", "%ID", &fs.id);
    object.text("%TYPE", &fs.kind);
    if let Some(sofa) = fs.sofa {
        object.field("", "@sofa", &sofa);
    }
    if let Some((begin, end)) = fs.place {
        object.field("", "begin", &begin);
        object.field("", "end", &end);
    }
    for (name, feature) in &fs.features {
        match feature {
            Feature::Text(text) => object.text(name, text),
            Feature::Flag(value) => object.field("", name, value),
            Feature::Number(number) if fs.kind == SOFA || super::is_whole(types, fs, name, *number) => {
                object.field("", name, &(*number as i64));
            }
            Feature::Number(number) if number.is_finite() => object.field("", name, number),
            Feature::Number(number) => object.field("#", name, super::special(*number)),
            Feature::One(id) => object.field("@", name, id),
            Feature::Many(_) | Feature::Texts(_) => object.field("@", name, &arrays.next()),
        }
    }
    object.end();
}

/// An object that is written field by field: there are many, and most are tokens.
struct Object<'o> {
    out: &'o mut Vec<u8>,
    between: &'static [u8],
}

impl<'o> Object<'o> {
    fn begin(out: &'o mut Vec<u8>, before: &mut &str) -> Self {
        out.extend_from_slice(std::mem::replace(before, ",\n").as_bytes());
        Self { out, between: b"{" }
    }

    /// A field whose name is a prefix and a name.
    fn field(&mut self, prefix: &str, name: &str, value: &(impl Serialize + ?Sized)) {
        self.name(prefix, name);
        write_ascii(self.out, value).expect("memory takes it");
    }

    /// A field whose value is a text.
    fn text(&mut self, name: &str, value: &str) {
        self.name("", name);
        self.string("", value);
    }

    fn name(&mut self, prefix: &str, name: &str) {
        self.out.extend_from_slice(std::mem::replace(&mut self.between, b", "));
        self.string(prefix, name);
        self.out.extend_from_slice(b": ");
    }

    /// A text as JSON has it; most are plain, and go over as they are.
    fn string(&mut self, prefix: &str, text: &str) {
        // Without a way out of the loop, so that many bytes go through one instruction.
        let is_plain = |byte: u8| matches!(byte, b' ' | b'!' | b'#'..=b'[' | b']'..=b'~');
        if !text.bytes().fold(true, |plain, byte| plain & is_plain(byte)) {
            return write_ascii(self.out, &format!("{prefix}{text}")).expect("memory takes it");
        }
        self.out.push(b'"');
        self.out.extend_from_slice(prefix.as_bytes());
        self.out.extend_from_slice(text.as_bytes());
        self.out.push(b'"');
    }

    fn end(self) {
        self.out.push(b'}');
    }
}
