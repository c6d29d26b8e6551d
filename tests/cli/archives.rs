//! Archives as INCEpTION and doccano export them: named as they are, unpacked by hand, broken, hostile.
//!
//! Each is made here, file by file, as the other program makes it.

use std::fs::{self, File};
use std::io::{Cursor, Write as _};
use std::path::Path;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::Corpus;

/// What a project says of itself, as far as it is read.
const PROJECT: &str = r#"{"name": "News", "version": 1,
    "source_documents": [{"name": "talk.txt", "format": "xmi", "state": "CURATION_FINISHED"}, {"name": "new.txt", "format": "text", "state": "NEW"}],
    "annotation_documents": [{"name": "talk.txt", "user": "ben", "state": "FINISHED", "annotatorComment": "hard to read"}],
    "tag_sets": [{"name": "Roles", "tags": [{"tag_name": "agent"}, {"tag_name": "goal"}], "create_tag": false}],
    "layers": [{"name": "webanno.custom.Person", "type": "span", "enabled": true, "features": [
        {"name": "role", "type": "uima.cas.String", "tag_set": {"name": "Roles", "tags": []}, "enabled": true}]}]}"#;

const TYPES: &str = r#"<typeSystemDescription xmlns="http://uima.apache.org/resourceSpecifier"><types><typeDescription>
    <name>webanno.custom.Person</name><supertypeName>uima.tcas.Annotation</supertypeName><features><featureDescription>
    <name>role</name><rangeTypeName>uima.cas.String</rangeTypeName></featureDescription></features></typeDescription></types></typeSystemDescription>"#;

/// A layer with these marks on a text.
fn xmi(text: &str, marks: &str) -> String {
    format!(
        r#"<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore" xmlns:custom="http:///webanno/custom.ecore" xmi:version="2.0">
<cas:NULL xmi:id="0"/>{marks}<cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" mimeType="text" sofaString="{text}"/>
<cas:View sofa="1" members="2"/></xmi:XMI>"#
    )
}

const PERSON: &str = r#"<custom:Person xmi:id="2" sofa="1" begin="3" end="6" role="agent"/>"#;

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).expect("it begins");
        zip.write_all(bytes).expect("it is written");
    }
    zip.finish().expect("it ends").into_inner()
}

/// The archive of a layer, with its types, as INCEpTION makes it: the file in it has a number that nobody needs.
fn layer(name: &str, text: &str, marks: &str) -> Vec<u8> {
    zip(&[
        (&format!("{name}8090299544098498525.xmi"), xmi(text, marks).as_bytes()),
        ("TypeSystem.xml", TYPES.as_bytes()),
    ])
}

/// The files of a project.
fn project() -> Vec<(&'static str, Vec<u8>)> {
    let text = "😀 Ada spoke.";
    vec![
        ("exportedproject.json", PROJECT.as_bytes().to_vec()),
        ("source/talk.txt", xmi(text, PERSON).into_bytes()),
        ("annotation_ser/talk.txt/ben.ser", b"\xac\xed".to_vec()),
        ("annotation/talk.txt/INITIAL_CAS.zip", layer("INITIAL_CAS", text, PERSON)),
        ("annotation/talk.txt/ben.zip", layer("ben", text, PERSON)),
        ("annotation/new.txt/INITIAL_CAS.zip", layer("INITIAL_CAS", "Nobody was here.", "")),
        ("curation/talk.txt/CURATION_USER.zip", layer("CURATION_USER", text, PERSON)),
    ]
}

/// What is to come of the project.
fn has_all(corpus: &Corpus, out: &str, err: &str) {
    assert!(out.contains("2 articles written, 2 annotations added"), "{out}{err}");
    assert!(out.contains("those of ben and gold") && !err.contains("warning"), "{out}{err}");
    let mut names: Vec<String> = fs::read_dir(corpus.path("made"))
        .expect("it is listed")
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok().filter(|name| !name.starts_with('.')))
        .collect();
    names.sort();
    assert_eq!(names, ["new.txt", "pressmark.ron", "talk.txt", "talk.txt.ben.ron", "talk.txt.gold.ron"]);
    let ben = corpus.read("made/talk.txt.ben.ron");
    assert!(ben.contains("status: \"done\"") && ben.contains("hard to read") && ben.contains("\"agent\""), "{ben}");
    assert!(corpus.read("made/talk.txt.gold.ron").contains("status: \"done\""));
    let schema = corpus.read("made/pressmark.ron");
    assert!(schema.contains("\"agent\", \"goal\""), "{schema}");
    assert_eq!(corpus.ends(&["check", "made"]).0, 0);
}

#[test]
fn a_project_of_inception_is_imported_as_the_archive_that_it_is() {
    let corpus = Corpus::new();
    let files = project();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    fs::write(corpus.path("News.zip"), zip(&files)).expect("it is written");
    let (code, out, err) = corpus.ends(&["import", "-o", "made", "News.zip"]);
    assert_eq!(code, 0, "{out}{err}");
    has_all(&corpus, &out, &err);
    assert!(!format!("{out}{err}").contains("pressmark-"), "{out}{err}");
}

#[test]
fn a_dry_run_tells_what_is_in_a_project_and_writes_nothing() {
    let corpus = Corpus::new();
    let files = project();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    fs::write(corpus.path("News.zip"), zip(&files)).expect("it is written");
    let (code, out, err) = corpus.ends(&["import", "--dry-run", "News.zip"]);
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.starts_with("cas-xmi: 2 articles, 2 annotations in 2 layers, those of ben and gold\n"), "{out}");
    assert!(out.contains("\n  Person: 2\n") && err.contains("nothing was written"), "{out}{err}");
    let (code, out, err) = corpus.ends(&["import", "--dry-run", "-o", "made", "--annotator", "cy", "News.zip"]);
    assert!(code == 0 && !corpus.path("made").exists(), "{out}{err}");
    let lines = b"{\"text\": \"So.\", \"label\": [[0, 30, \"PER\"]]}\n";
    fs::write(corpus.path("all.jsonl"), lines).expect("it is written");
    let (code, out, err) = corpus.ends(&["import", "--dry-run", "all.jsonl"]);
    assert!(code == 1 && err.contains("all.jsonl:1"), "{out}{err}");
    assert!(corpus.ends(&["import", "News.zip"]).2.contains("--output"), "without it a folder must be named");
}

#[test]
fn a_project_that_was_unpacked_by_hand_is_imported_with_the_archives_in_it() {
    let corpus = Corpus::new();
    for (name, bytes) in project() {
        let path = corpus.path("News").join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("it is written");
    }
    let (_, out, err) = corpus.ends(&["import", "-o", "made", "News"]);
    has_all(&corpus, &out, &err);
}

#[test]
fn problems_in_an_archive_are_told_by_its_name() {
    let corpus = Corpus::new();
    let lines = b"{\"text\": \"Ada met Ben.\", \"label\": [[0, 3, \"PER\"]]}\n{\"text\": \"So.\", \"label\": [[0, 30, \"PER\"]]}\n";
    fs::write(corpus.path("all.zip"), zip(&[("all.jsonl", lines)])).expect("it is written");
    let (code, out, err) = corpus.ends(&["import", "-o", "made", "all.zip"]);
    assert_eq!(code, 1, "{out}{err}");
    let told = Path::new("all.zip").join("all.jsonl");
    assert!(err.contains(&format!("warning: {}:2", told.display())) && !err.contains("pressmark-"), "{err}");
    assert!(corpus.path("made/all-00001.txt").exists(), "{out}{err}");
}

/// What doccano exports for a project that does not share its annotations.
#[test]
fn files_of_doccano_for_each_annotator_become_layers_of_the_same_articles() {
    let corpus = Corpus::new();
    let line = |id: usize, text: &str, marks: &str| {
        format!(
            "{{\"id\": {id}, \"text\": \"{text}\", \"entities\": [{marks}], \"relations\": [], \"Comments\": []}}\n"
        )
    };
    let mark = |id: usize| format!(r#"{{"id": {id}, "label": "PER", "start_offset": 0, "end_offset": 3}}"#);
    let ben = line(31, "Ada met Ben.", &mark(1)) + &line(32, "Eve left.", &mark(2));
    let eve = line(31, "Ada met Ben.", &mark(3));
    let unknown = line(33, "Nobody was here.", "");
    let files: [(&str, &[u8]); 3] =
        [("ben.jsonl", ben.as_bytes()), ("eve.jsonl", eve.as_bytes()), ("unknown.jsonl", unknown.as_bytes())];
    fs::write(corpus.path("export.zip"), zip(&files)).expect("it is written");
    let (code, out, err) = corpus.ends(&["import", "-o", "made", "export.zip"]);
    assert!(code == 0 && out.contains("3 articles written, 3 annotations added"), "{out}{err}");
    assert!(out.contains("those of ben and eve"), "{out}{err}");
    for name in ["31.txt", "31.txt.ben.ron", "31.txt.eve.ron", "32.txt.ben.ron", "33.txt"] {
        assert!(corpus.path(&format!("made/doccano-000{name}")).exists(), "{name}");
    }
    assert!(
        !corpus.path("made/doccano-00032.txt.eve.ron").exists()
            && !corpus.path("made/doccano-00033.txt.ben.ron").exists()
    );
    // Named one by one they are the same; files with other texts under the same ids are not by annotator.
    files.iter().for_each(|(name, bytes)| fs::write(corpus.path(name), bytes).expect("it is written"));
    let (_, out, err) = corpus.ends(&["import", "-o", "again", "ben.jsonl", "eve.jsonl"]);
    assert!(out.contains("2 articles written, 3 annotations added") && out.contains("ben and eve"), "{out}{err}");
    corpus.write("eve.jsonl", &line(31, "Another project.", &mark(3)));
    let (_, out, err) = corpus.ends(&["import", "--annotator", "ada", "-o", "other", "ben.jsonl", "eve.jsonl"]);
    assert!(out.contains("3 articles written, 3 annotations added"), "{out}{err}");
}

#[test]
fn an_archive_that_leads_out_or_is_broken_is_refused() {
    let corpus = Corpus::new();
    let refused = |name: &str, bytes: &[u8], why: &str| {
        fs::write(corpus.path(name), bytes).expect("it is written");
        let (code, out, err) = corpus.ends(&["import", "-o", "made", name]);
        assert!(code == 2 && out.is_empty() && err.contains(name) && err.contains(why), "{name}: {err}");
        assert!(!corpus.path("made").exists() && !err.contains("pressmark-"), "{err}");
    };
    let line = b"{\"text\": \"Ada.\", \"label\": [[0, 3, \"PER\"]]}\n";
    refused("out.zip", &zip(&[("a/../../out.jsonl", line)]), "leads out of the archive");
    assert!(!corpus.path("../out.jsonl").exists());
    let whole = zip(&[("all.jsonl", line)]);
    refused("half.zip", &whole[..whole.len() / 2], "it is broken. Export or copy it again.");
    let mut other = whole.clone();
    let at = other.windows(line.len().min(4)).position(|it| it == b"PK\x01\x02").expect("the list of files");
    other[at + 8] |= 1;
    refused("locked.zip", &other, "it is locked with a password");
    // 400 MB of nothing in 400 kB.
    let mut zip = ZipWriter::new(File::create(corpus.path("bomb.zip")).expect("a file"));
    zip.start_file("all.jsonl", SimpleFileOptions::default()).expect("it begins");
    let nothing = " ".repeat(1 << 20);
    (0..400).for_each(|_| zip.write_all(nothing.as_bytes()).expect("it is written"));
    zip.finish().expect("it ends");
    let (code, _, err) = corpus.ends(&["import", "-o", "made", "bomb.zip"]);
    assert!(code == 2 && err.contains("too large for an archive of its size"), "{err}");
}

#[test]
fn what_an_archive_holds_twice_or_hidden_is_not_taken_in_silence() {
    let corpus = Corpus::new();
    let line = b"{\"text\": \"Ada.\", \"label\": [[0, 3, \"PER\"]]}\n";
    let bytes = zip(&[("__MACOSX/all.jsonl", b"x"), (".hidden/all.jsonl", b"x"), ("all.jsonl", line)]);
    fs::write(corpus.path("mac.zip"), bytes).expect("it is written");
    let (code, out, err) = corpus.ends(&["import", "-o", "made", "mac.zip"]);
    assert_eq!((code, out.contains("1 article written")), (0, true), "{out}{err}");
}
