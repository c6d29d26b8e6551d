//! Datasets in the window: exported from the sheet, dropped on the window and imported, by keys and by names.
//!
//! Datasets and targets lie in folders of their own, never beside the corpus of the window.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use pressmark::gui::datasets::{ExportStage, ImportStage};

use crate::disk::{copy_of_seeds, files};
use crate::window::{CTRL, Opening, Window};

/// A file that hangs over the window and is let go.
#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|error| error.to_string())
    }
}

impl Window {
    pub fn let_fall(&mut self, paths: &[&Path]) {
        for path in paths {
            self.harness.input_mut().dropped_files.push(Arc::new(Dropped(path.to_path_buf())));
        }
        self.settle();
    }

    /// Puts words in the place of what stands in a field.
    pub fn fill(&mut self, field: &str, words: &str) {
        self.harness.get_by_label(field).focus();
        self.settle();
        self.press(CTRL, Key::A);
        self.harness.get_by_label(field).type_text(words);
        self.settle();
    }

    /// Whether a box to choose from shows this.
    pub fn shows(&self, value: &str) -> bool {
        self.harness.query_all_by_value(value).next().is_some()
    }

    fn shows_some(&self, part: &str) -> bool {
        self.harness
            .query_all(
                egui_kittest::kittest::by().predicate(|node| node.value().is_some_and(|value| value.contains(part))),
            )
            .next()
            .is_some()
    }

    fn exporting(&self) -> Option<&ExportStage> {
        self.app().datasets().export.as_ref().map(|sheet| &sheet.stage)
    }

    pub fn importing(&self) -> Option<&ImportStage> {
        self.app().datasets().import.as_ref().map(|sheet| &sheet.stage)
    }
}

pub fn folder_with(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
    folder
}

/// A corpus in which eve has marked two words, and a folder for datasets.
fn marked() -> (Window, tempfile::TempDir) {
    let mut window = Window::with_text("Ada met Zoe. Ben said “we stay”. Then they left.\n");
    window.tag("Ada", &[Key::Num1]);
    window.tag("“we stay”", &[Key::Q]);
    (window, tempfile::tempdir().expect("a folder"))
}

pub fn brat() -> tempfile::TempDir {
    folder_with(&[
        ("news/a.txt", "Ada met Ben in Bern.\n"),
        (
            "news/a.ann",
            "T1\tPerson 0 3\tAda\nT2\tPerson 8 11\tBen\nT3\tPlace 15 19\tBern\nR1\tMet Arg1:T1 Arg2:T2\nX9\tnobody knows\n",
        ),
        ("news/b.txt", "Zoe left.\n"),
        ("news/b.ann", "T1\tPerson 0 3\tZoe\n"),
    ])
}

fn names(folder: &Path) -> Vec<String> {
    files(folder).keys().map(|path| path.strip_prefix(folder).expect("below it").display().to_string()).collect()
}

#[test]
fn what_is_on_the_screen_is_exported() {
    let (mut window, out) = marked();
    window.press(CTRL, Key::E);
    assert!(window.has("Export dataset"));
    window.choose_containing("brat: ");
    // The preview is the article as it will be written, and what is lost of it is told.
    assert!(window.shows_some("a.ann, ") && window.says("T1\t"), "a preview");
    assert!(window.says("brat cannot hold as they are: "), "what it cannot hold is told in words");
    let target = out.path().join("mine");
    window.fill("Into the new folder: path", &target.display().to_string());
    window.click("Export");
    assert!(window.has("Exported"), "{:?}", window.app().datasets().export.as_ref().map(|it| &it.problem));
    assert!(window.says("1 layer in ") && window.has(&target.display().to_string()));
    assert!(names(&target).contains(&"a.ann".to_owned()), "{:?}", names(&target));
    let ann = std::fs::read_to_string(target.join("a.ann")).expect("marks");
    assert!(ann.contains("\tAda") && ann.contains("“we stay”"), "{ann}");
    window.click("Done");
    assert!(window.exporting().is_none());
    // The article has the keyboard again.
    window.key(Key::J);
    assert!(window.chosen().is_some());
}

#[test]
fn an_export_needs_no_mouse() {
    let (mut window, out) = marked();
    window.press(CTRL, Key::E);
    // The chosen format has the keyboard; arrows lead to others, Space takes one.
    let format = |window: &Window| window.app().datasets().export.as_ref().expect("a sheet").choices.format;
    assert_eq!(format(&window), "jsonl");
    for _ in 0..3 {
        window.key(Key::ArrowDown);
    }
    window.key(Key::Space);
    assert_eq!(format(&window), "prodigy");
    let target = out.path().join("mine.jsonl");
    window.fill("Into the file: path", &target.display().to_string());
    window.press(CTRL, Key::Enter);
    assert!(target.is_file(), "it is written");
    window.key(Key::Escape);
    assert!(window.exporting().is_none());
    // Again: what was chosen is still chosen, and letters mark nothing behind the sheet.
    window.press(CTRL, Key::E);
    assert_eq!(format(&window), "prodigy");
    let before = window.marks();
    window.keys(&[Key::J, Key::Delete, Key::Q]);
    window.press(CTRL, Key::Z);
    assert_eq!(window.marks(), before);
    window.key(Key::Escape);
    assert!(window.exporting().is_none());
}

#[test]
fn what_is_there_is_replaced_only_when_it_is_a_dataset_and_one_says_so() {
    let (mut window, out) = marked();
    let target = out.path().join("mine");
    let export = |window: &mut Window, target: &Path| {
        window.press(CTRL, Key::E);
        window.choose_containing("brat: ");
        window.fill("Into the new folder: path", &target.display().to_string());
        window.click("Export");
    };
    export(&mut window, &target);
    window.click("Done");
    let before = files(&target);
    export(&mut window, &target);
    assert!(
        window.says("is there already. Replace it?") && matches!(window.exporting(), Some(ExportStage::Replacing(_)))
    );
    window.click("Keep it");
    assert!(matches!(window.exporting(), Some(ExportStage::Choosing)) && files(&target) == before);
    window.click("Export");
    window.key(Key::Escape);
    assert!(matches!(window.exporting(), Some(ExportStage::Choosing)), "Esc lets go of the question alone");
    window.click("Export");
    window.click("Replace");
    assert!(window.has("Exported") && files(&target) != before, "it is written anew");
    window.click("Done");
    // A folder of other things is never offered to be replaced.
    let other = folder_with(&[("thesis.odt", "Years of work.")]);
    export(&mut window, other.path());
    assert!(window.says("holds other files, which stay as they are"));
    window.key(Key::Escape);
    let root = window.root.clone();
    export(&mut window, &root);
    assert!(window.says("Your articles lie in"));
    assert!(root.join("a.txt").is_file() && other.path().join("thesis.odt").is_file());
}

#[test]
fn whose_marks_and_which_labels_can_be_chosen() {
    let opening = Opening { annotator: Some("eve"), article: Some("border-fraud-talks.txt"), ..Opening::default() };
    let mut window = Window::open(copy_of_seeds(), &opening);
    let out = tempfile::tempdir().expect("a folder");
    window.press(CTRL, Key::E);
    window.choose_containing("conll: ");
    // Some articles have several layers and no gold: that is told before, and again when it is tried.
    window.click("Gold, else the only one's");
    assert!(window.says("several layers and no gold."));
    window.click("Export");
    assert!(window.says("have layers of") && window.says("Choose one annotator, or everyone's."));
    window.click("Everyone's");
    assert!(window.shows_some("ada/"), "each annotator has a folder");
    window.click("All labels");
    window.click("No label");
    assert!(window.says("Choose at least one label."));
    window.click("Label Quote");
    assert!(window.says("quote"), "files of the chosen label alone");
    window.harness.get_by_label("Split into train, dev and test").focus();
    window.settle();
    window.key(Key::Space);
    window.fill("Licence", "CC0");
    let target = out.path().join("all");
    window.fill("Into the new folder: path", &target.display().to_string());
    window.click("Export");
    assert!(window.has("Exported"), "{:?}", window.app().datasets().export.as_ref().map(|it| &it.problem));
    let all = names(&target);
    assert!(all.contains(&"split.tsv".to_owned()) && all.iter().any(|name| name.starts_with("train/ada/")), "{all:?}");
    let marks = |label: &str| {
        let files = all.iter().filter(|name| name.ends_with(&format!("{label}.conll")));
        files
            .map(|name| std::fs::read_to_string(target.join(name)).expect("a file").matches("B-").count())
            .sum::<usize>()
    };
    assert!(marks("quote") > 0 && marks("claim") == 0 && marks("entity") == 0, "only the chosen label is written");
    assert!(std::fs::read_to_string(target.join("README.md")).expect("a card").contains("CC0"));
}

#[test]
fn a_dataset_that_is_dropped_is_shown_and_imported_and_opens() {
    let mut window = Window::with_text("Ada met Zoe.\n");
    let dataset = brat();
    window.let_fall(&[&dataset.path().join("news")]);
    assert!(window.has("Import dataset") && window.shows("brat (recognised)"));
    assert!(window.has("2 articles, 2 layers, 4 marks, 1 link"));
    assert!(window.says("3 marks") && window.says("1 thing that is not taken as it is") && window.says("X9"));
    assert!(window.has("The dataset does not say who marked. The layers become those of"));
    let into = window.app().datasets().import.as_ref().map(|sheet| PathBuf::from(&sheet.into)).expect("a sheet");
    assert_eq!(into, dataset.path().join("news-pressmark"));
    // Nothing is written before that.
    assert!(!into.exists());
    window.press(CTRL, Key::Enter);
    window.until("it is imported", |window| matches!(window.importing(), Some(ImportStage::Done(_))));
    assert!(window.has("2 articles written, 4 marks and 1 link added.") && window.says("X9"));
    window.settle();
    assert_eq!((window.article().as_str(), window.marks().len()), ("a.txt", 3), "the corpus is open, with its marks");
    window.click("Start marking");
    assert!(window.importing().is_none() && into.join("a.txt.eve.ron").is_file());
    assert!(window.app().workspace().is_some_and(|workspace| workspace.root() == into));
    // Again: another folder is offered, and one that is there is asked about.
    window.let_fall(&[&dataset.path().join("news")]);
    window.fill("Into the folder: path", &into.display().to_string());
    window.click("Import");
    assert!(window.says("is there already. What is in it stays as it is."));
    window.click("Choose another");
    assert!(matches!(window.importing(), Some(ImportStage::Ready)));
    window.click("Open as articles");
    assert!(window.importing().is_none() && window.marks().is_empty());
}

#[test]
fn articles_that_are_dropped_open_as_ever() {
    let mut window = Window::with_text("Ada met Zoe.\n");
    let other = folder_with(&[("x.txt", "Ben left.\n"), ("data.conll", "Ada B-PER\n")]);
    window.let_fall(&[other.path()]);
    assert!(window.importing().is_none() && window.article() == "x.txt");
    let third = folder_with(&[("y.md", "Zoe left.\n")]);
    window.let_fall(&[&third.path().join("y.md")]);
    assert_eq!(window.article(), "y.md");
    // A hand full of files of a dataset is one, whatever lies among them.
    let brat = brat();
    let all = ["a.ann", "a.txt", "b.txt", "b.ann"].map(|name| brat.path().join("news").join(name));
    window.let_fall(&[&all[0], &all[1], &all[2], &all[3]]);
    assert!(window.has("2 articles, 2 layers, 4 marks, 1 link"));
    window.key(Key::Escape);
    // What is neither is told of, and can be read as another format.
    let nothing = folder_with(&[("z.pdf", "%PDF")]);
    window.let_fall(&[&nothing.path().join("z.pdf")]);
    assert!(window.says("this file is no dataset that Pressmark knows") && window.article() == "y.md");
    window.key(Key::Escape);
    assert!(window.importing().is_none());
}

/// A dataset of so many lines that an import of it can be stopped.
fn long() -> tempfile::TempDir {
    let line =
        |at: usize| format!("{{\"id\": {at}, \"text\": \"Ada met Ben, {at}.\", \"label\": [[0, 3, \"PER\"]]}}\n");
    folder_with(&[("tasks.jsonl", &(0..20_000).map(line).collect::<String>())])
}

#[test]
fn an_import_can_be_stopped_and_leaves_nothing() {
    let mut window = Window::with_text("Ada met Zoe.\n");
    let dataset = long();
    window.let_fall(&[&dataset.path().join("tasks.jsonl")]);
    assert!(window.has("20,000 articles, 20,000 layers, 20,000 marks, 0 links"));
    window.harness.get_by_label("Import").click();
    window.until("it runs", |window| matches!(window.importing(), Some(ImportStage::Running(_))));
    window.until("it tells how far it is", |window| window.says("Step 2 of 2: imported "));
    // Esc asks; what is asked can be declined.
    let esc = |window: &mut Window| {
        window.harness.key_press_modifiers(Modifiers::NONE, Key::Escape);
        window.harness.step();
        window.harness.step();
    };
    esc(&mut window);
    assert!(window.says("Stop? ") && window.has("Go on"));
    window.harness.get_by_label("Go on").click();
    window.until("it goes on", |window| window.has("Cancel"));
    // So does closing the window.
    let root = window.harness.input_mut().viewports.entry(egui::ViewportId::ROOT).or_default();
    root.events.push(egui::ViewportEvent::Close);
    window.harness.step();
    let mut asked = window.harness.output().viewport_output.values().flat_map(|viewport| &viewport.commands);
    assert!(asked.any(|command| *command == egui::ViewportCommand::CancelClose), "the window stays open");
    window.harness.step();
    assert!(window.says("Stop? "), "it is asked first");
    window.harness.get_by_label("Stop").click();
    window.settle();
    assert!(matches!(window.importing(), Some(ImportStage::Ready)), "it is back where it began");
    assert!(window.says("Stopped. Nothing was written."));
    assert_eq!(names(dataset.path()), ["tasks.jsonl"], "nothing is left");
    assert_eq!(window.article(), "a.txt");
}

#[test]
fn an_export_can_be_stopped_and_leaves_nothing() {
    let folder = folder_with(&[]);
    crate::size::generate::files::write(folder.path(), "z.txt", &crate::size::generate::article(80_000, 1), 1_000, 2);
    for at in 0..140 {
        for ending in ["txt", "txt.bench.ron"] {
            let copy = folder.path().join(format!("z{at}.{ending}"));
            std::fs::copy(folder.path().join(format!("z.{ending}")), copy).expect("a copy");
        }
    }
    std::fs::write(folder.path().join("a.txt"), "Small.\n").expect("an article");
    let opening = Opening { annotator: Some("bench"), article: Some("a.txt"), ..Opening::default() };
    let mut window = Window::open(folder, &opening);
    let out = tempfile::tempdir().expect("a folder");
    window.press(CTRL, Key::E);
    window.choose_containing("brat: ");
    window.click("Mine (bench)");
    window.fill("Into the new folder: path", &out.path().join("all").display().to_string());
    window.harness.get_by_label("Export").click();
    window.until("it runs", |window| matches!(window.exporting(), Some(ExportStage::Running(_))));
    (0..3).for_each(|_| window.harness.step());
    window.harness.get_by_label("Cancel").click();
    window.settle();
    let problem = window.app().datasets().export.as_ref().map(|it| it.problem.clone());
    assert!(window.says("Stopped. Nothing was written."), "{problem:?}");
    assert_eq!(names(out.path()), [""; 0], "nothing is left");
    window.key(Key::Escape);
    assert!(window.exporting().is_none());
}

#[test]
fn a_dataset_that_names_its_annotators_keeps_them_or_gives_them_over() {
    let line = r#"{"id": 1, "text": "Ada met Ben.", "label": [[0, 3, "PER"]]}"#;
    let dataset = folder_with(&[("x/tasks.jsonl", line)]);
    let (mut window, out) = marked();
    // Our own format says who marked.
    window.press(CTRL, Key::E);
    let target = out.path().join("mine.jsonl");
    window.fill("Into the file: path", &target.display().to_string());
    window.click("Export");
    window.click("Done");
    let folder = window.close();
    let opening = Opening { annotator: Some("zoe"), article: Some("a.txt"), ..Opening::default() };
    let mut window = Window::open(folder, &opening);
    window.let_fall(&[&target]);
    assert!(window.has("Layers stay those of") && window.has("eve"));
    window.click("Import");
    window.settle();
    assert!(window.says("The marks are in layers of others") && window.marks().len() == 2, "they are seen at once");
    window.click("Work as eve");
    window.settle();
    assert_eq!(window.app().workspace().map(|workspace| workspace.annotator().to_owned()).as_deref(), Some("eve"));
    window.click("Start marking");
    window.let_fall(&[&target]);
    window.click("All become layers of");
    window.fill("Whose layers they become", "Max");
    window.click("Import");
    window.settle();
    assert!(out.path().join("mine-pressmark-2/a.txt.max.ron").is_file(), "{:?}", names(out.path()));
    window.click("Look at the marks");
    // One that does not say it asks for nothing more.
    window.press(CTRL, Key::I);
    window.fill("Path of the dataset", &dataset.path().join("x").display().to_string());
    window.click("Look at it");
    assert!(window.shows("doccano (recognised)") && window.has("1 article, 1 layer, 1 mark, 0 links"));
    window.key(Key::Escape);
}

#[test]
fn a_folder_that_is_a_dataset_is_offered_and_another_can_be_chosen() {
    let mut window = Window::with_text("Ada met Zoe.\n");
    let tasks = folder_with(&[("tasks.jsonl", "{\"id\": 1, \"text\": \"Ada met.\", \"label\": [[0, 3, \"PER\"]]}\n")]);
    window.harness.state_mut().open_path(tasks.path());
    window.until("it is looked at", |window| matches!(window.importing(), Some(ImportStage::Ready)));
    window.settle();
    assert!(window.shows("doccano (recognised)") && !window.has("Open as articles"), "there is no article in it");
    window.click("Another dataset…");
    assert!(matches!(window.importing(), Some(ImportStage::Asking)));
    window.fill("Path of the dataset", "/gone/tasks.jsonl");
    window.key(Key::Enter);
    assert!(window.says("/gone/tasks.jsonl is not there."));
    let field = window.harness.get_by_label("Path of the dataset");
    assert!(field.is_focused(), "it can be typed over at once");
}

#[test]
fn both_sheets_have_names_and_room_for_a_hundred_long_labels() {
    let long = "a label that goes on and on, as labels of guidelines do when a committee has named them";
    let spans =
        |at: usize| format!("{{\"id\": {at}, \"text\": \"Ada met Ben.\", \"label\": [[0, 3, \"{long} {at}\"]]}}\n");
    let dataset = folder_with(&[("with a long name, too/tasks.jsonl", &(0..100).map(spans).collect::<String>())]);
    for size in [[640.0, 420.0], [1400.0, 900.0]] {
        let folder = folder_with(&[("a.txt", "Ada met Zoe.\n")]);
        let mut window = Window::open(folder, &Opening { size, article: Some("a.txt"), ..Opening::default() });
        let check = |window: &Window, what: &str, button: &str| {
            let unnamed = window.harness.unnamed_widgets();
            assert!(unnamed.is_empty(), "{what} at {size:?}: {}", unnamed.join("\n"));
            let rect = window.harness.get_by_label(button).rect();
            let room = egui::Rect::from_min_size(egui::Pos2::ZERO, size.into());
            assert!(room.contains_rect(rect), "{what} at {size:?}: {button} is at {rect:?}");
        };
        window.press(CTRL, Key::I);
        check(&window, "asking", "Choose a file…");
        window.fill("Path of the dataset", &dataset.path().join("with a long name, too").display().to_string());
        window.key(Key::Enter);
        assert!(window.says("100 labels"));
        check(&window, "recognised", "Import");
        window.click("Import");
        window.settle();
        check(&window, "imported", "Start marking");
        window.click("Start marking");
        window.press(CTRL, Key::E);
        check(&window, "export", "Export");
        // In the low window it is scrolled out of sight; the keyboard finds it all the same.
        window.harness.get_by_label("All labels").focus();
        window.settle();
        window.key(Key::Space);
        check(&window, "export of some labels", "Export");
        // Labels that a schema cannot have are offered too, ticked like the others.
        assert!(window.is_chosen(&format!("Label {long} 7")), "labels that are used are offered");
        window.key(Key::F12);
        check(&window, "in the other theme", "Export");
        window.key(Key::Escape);
        std::fs::remove_dir_all(dataset.path().join("with a long name, too-pressmark")).expect("it was imported");
    }
}
