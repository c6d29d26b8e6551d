//! What a dataset offers besides what was asked for: a folder that is a project too, predictions of models.
//!
//! Projects lie in folders of their own, which stay as they are.

use egui::Key;
use pressmark::gui::datasets::ImportStage;

use crate::datasets::{brat, folder_with};
use crate::window::Window;

#[test]
fn a_folder_of_articles_that_is_a_project_too_is_offered_until_somebody_says_no() {
    let project = brat();
    std::fs::write(project.path().join("news/notes.md"), "Mine.\n").expect("an article");
    let (mut window, news) = (Window::with_text("Ada met Zoe.\n"), project.path().join("news"));
    let offer = "This folder looks like a brat project: 2 articles, 4 marks.";
    assert!(!window.says("This folder looks like"));
    window.harness.state_mut().open_path(&news);
    window.settle();
    assert_eq!(window.article(), "a.txt", "it opens as ever");
    assert!(window.has(offer) && window.importing().is_none());
    window.click("Import…");
    window.settle();
    assert!(window.shows("brat (recognised)") && window.has("2 articles, 2 layers, 4 marks, 1 link"));
    window.key(Key::Escape);
    assert!(window.importing().is_none() && window.has(offer));
    window.click("Just open the articles");
    assert!(!window.has(offer) && window.article() == "a.txt");
    window.harness.state_mut().open_path(&news);
    window.settle();
    assert!(!window.has(offer), "who said no is not asked again");
    // Another one, which is imported, and one in which somebody marks already.
    let other = brat();
    window.harness.state_mut().open_path(other.path());
    window.settle();
    window.click("Import…");
    window.settle();
    window.click("Import");
    window.until("it is imported", |window| matches!(window.importing(), Some(ImportStage::Done(_))));
    window.settle();
    assert!(!window.has(offer), "the new corpus is none");
    window.click("Start marking");
    std::fs::write(other.path().join("news/a.txt.eve.ron"), "()").expect("a layer");
    window.harness.state_mut().open_path(other.path());
    window.settle();
    assert!(!window.has(offer) && window.article() == "news/a.txt");
}

#[test]
fn predictions_of_a_project_become_layers_where_that_is_chosen() {
    let result = |at: &str, label: &str| {
        format!(
            r#"{{"from_name": "label", "to_name": "text", "type": "labels", "value": {{{at}, "labels": ["{label}"]}}}}"#
        )
    };
    let task = format!(
        r#"[{{"data": {{"text": "Ada met Zoe."}}, "annotations": [{{"result": [{}]}}], "predictions": [{{"model_version": "ner-2", "result": [{}]}}]}}]"#,
        result(r#""start": 0, "end": 3, "text": "Ada""#, "PER"),
        result(r#""start": 8, "end": 11, "text": "Zoe""#, "PER"),
    );
    let config = r#"<View><Labels name="label" toName="text"><Label value="PER"/><Label value="LOC"/></Labels><Text name="text" value="$text"/></View>"#;
    let project = folder_with(&[("tasks.json", &task), ("config.xml", config)]);
    let mut window = Window::with_text("Ada met Zoe.\n");
    window.let_fall(&[&project.path().join("tasks.json"), &project.path().join("config.xml")]);
    assert!(window.shows("label-studio (recognised)") && window.has("1 article, 1 layer, 1 mark, 0 links"));
    assert!(window.has("LOC: 0 marks"), "what nobody used yet is declared all the same");
    window.click("Read predictions as layers of the models that made them");
    window.settle();
    assert!(window.has("1 article, 2 layers, 2 marks, 0 links"));
    window.click("Import");
    window.until("it is imported", |window| matches!(window.importing(), Some(ImportStage::Done(_))));
    let made = walkdir::WalkDir::new(project.path()).into_iter().flatten();
    let made: Vec<String> = made.map(|it| it.file_name().to_string_lossy().into_owned()).collect();
    assert!(made.iter().any(|name| name.ends_with(".ner-2.ron")), "{made:?}");
}

#[test]
fn a_file_that_is_a_dataset_opens_the_sheet_for_it_and_so_does_an_archive() {
    let mut window = Window::with_text("Ada met Zoe.\n");
    let line = "{\"id\": 1, \"text\": \"Ada met.\", \"label\": [[0, 3, \"PER\"]]}\n";
    let folder = folder_with(&[("tasks.jsonl", line), ("notes.pdf", "%PDF-1.7")]);
    window.harness.state_mut().open_path(&folder.path().join("tasks.jsonl"));
    window.until("it is looked at", |window| matches!(window.importing(), Some(ImportStage::Ready)));
    window.settle();
    assert!(window.shows("doccano (recognised)"));
    window.key(Key::Escape);
    window.harness.state_mut().open_path(&folder.path().join("notes.pdf"));
    window.settle();
    assert!(window.importing().is_none(), "what is no dataset is told as ever");

    let mut zip = zip::ZipWriter::new(std::fs::File::create(folder.path().join("export.zip")).expect("a file"));
    zip.start_file("ben.jsonl", zip::write::SimpleFileOptions::default()).expect("it begins");
    std::io::Write::write_all(&mut zip, line.as_bytes()).expect("it is written");
    zip.finish().expect("it ends");
    window.let_fall(&[&folder.path().join("export.zip")]);
    window.until("it is looked at", |window| matches!(window.importing(), Some(ImportStage::Ready)));
    window.settle();
    assert!(window.shows("doccano (recognised)") && window.has("1 article, 1 layer, 1 mark, 0 links"));
    window.click("Import");
    window.until("it is imported", |window| matches!(window.importing(), Some(ImportStage::Done(_))));
    assert!(folder.path().join("export-pressmark/ben-00001.txt").is_file());
}
