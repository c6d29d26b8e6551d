//! Export and import of 10,000 articles with 250,000 annotations in every format, in articles and megabytes a second, beside
//! `check` of the same corpus; and the same for a tenth of them, for memory that must not grow. Commands are run as a shell
//! runs them. What is held against another is run right beside it, since machines are faster at one time than at another.
//!
//! `cargo bench --bench datasets [-- FORMAT…]`; with all formats it takes some minutes. Beside it run the programs of others
//! that write and read the same (`benches/peers`), where `tests/clients/run.sh` has installed them.

#![allow(clippy::print_stdout, reason = "a bench prints its figures")]

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use pressmark::formats::{FORMATS, Format, Options, Shape, Table, jsonl};
use pressmark::workspace::dataset::{ExportOrder, ImportOrder, Listener, Which, export, import, recognise};

const ARTICLES: usize = 10_000;
const FEW: usize = ARTICLES / 10;
const MARKS: usize = 25;

struct Quiet;

impl Listener for Quiet {
    fn note(&self, _: &str) {}
}

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (large, small) = (folder.path().join("large"), folder.path().join("small"));
    make(&large, ARTICLES);
    make(&small, FEW);
    let bytes: u64 = walkdir::WalkDir::new(&large)
        .into_iter()
        .flatten()
        .filter_map(|it| it.metadata().ok())
        .map(|it| it.len())
        .sum();
    let megabytes = bytes as f64 / 1e6;
    let checked = median(|| check(&large));
    println!("{ARTICLES} articles, {} annotations, {megabytes:.0} MB of articles and sidecars", ARTICLES * MARKS);
    println!("check: {checked:.2} s, {:.0} articles/s", ARTICLES as f64 / checked);
    println!(
        "\n| format | export | articles/s | MB/s | against check | peak, 1,000 | peak, 10,000 | read alone | import | \
         articles/s |"
    );
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    let mut wanted_ids = Vec::new();
    for format in FORMATS.iter().filter(|format| wanted.is_empty() || wanted.iter().any(|id| id == format.id)) {
        if format.writes.is_some() {
            row(format, folder.path(), &large, &small, megabytes);
            wanted_ids.push(format.id);
        }
    }
    peers(folder.path(), &large, &small, &wanted_ids);
}

fn check(corpus: &Path) {
    run(&["check".as_ref(), corpus.as_os_str()]);
}

/// Runs `export`, and tells the most memory that it had, in megabytes.
fn export_to(format: &Format, corpus: &Path, target: &Path) -> f64 {
    let options = ["export", "--to", format.id, "--annotator", "ada", "--force", "-o"];
    run(&options.iter().map(OsStr::new).chain([target.as_os_str(), corpus.as_os_str()]).collect::<Vec<_>>())
}

/// The order to read a dataset.
fn order_of(format: &Format, target: &Path) -> ImportOrder {
    ImportOrder {
        from: format.id.to_owned(),
        login: "ada".to_owned(),
        files: vec![target.to_path_buf()],
        ..ImportOrder::default()
    }
}

fn target(format: &Format, folder: &Path) -> PathBuf {
    match format.writes {
        Some(Shape::Lines(_)) => folder.join(format!("out-{}.jsonl", format.id)),
        _ => folder.join(format!("out-{}", format.id)),
    }
}

fn row(format: &Format, folder: &Path, large: &Path, small: &Path, megabytes: f64) {
    let target = target(format, folder);
    let few = export_to(format, small, &target);
    let mut many = 0.0;
    let pairs: [(f64, f64); 3] = std::array::from_fn(|_| {
        let checked = timed(|| check(large));
        (timed(|| many = export_to(format, large, &target)), checked)
    });
    let (wrote, against) = (middle(pairs.map(|it| it.0)), middle(pairs.map(|(wrote, checked)| wrote / checked)));
    let mut reading = "- | - | -".to_owned();
    if format.reads.is_some() {
        let into = tempfile::tempdir_in(folder).expect("a folder");
        let order = ImportOrder { into: into.path().join("corpus"), ..order_of(format, &target) };
        let alone = median(|| assert!(recognise(&order, &Quiet).expect("it is read").layers > 0));
        let options = ["import", "--from", format.id, "--annotator", "ada", "-o"].map(OsStr::new);
        let began = Instant::now();
        run(&[&options[..], &[order.into.as_os_str(), target.as_os_str()]].concat());
        let read = began.elapsed().as_secs_f64();
        reading = format!("{alone:.2} s | {read:.1} s | {:.0}", ARTICLES as f64 / read);
    }
    println!(
        "| {} | {wrote:.2} s | {:.0} | {:.0} | x{against:.2} | {few:.0} MB | {many:.0} MB | {reading} |",
        format.id,
        ARTICLES as f64 / wrote,
        megabytes / wrote
    );
}

/// Others that write and read the same formats, with the script that has them do it, and whether they take so long that a
/// tenth of the corpus is enough.
const PEERS: [(&str, &str, bool); 5] = [
    ("spacy", "spacy_docbin", false),
    ("label-studio", "label_studio", false),
    ("cas-json", "cas", true),
    ("cas-xmi", "cas", true),
    ("huggingface", "tables", false),
];

fn peers(folder: &Path, large: &Path, small: &Path, wanted: &[&str]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python =
        std::env::var_os("PRESSMARK_PYTHON").map_or_else(|| root.join("target/clients/bin/python"), Into::into);
    if !python.is_file() {
        println!("\npeers: not run; {} is not there (tests/clients/run.sh makes it)", python.display());
        return;
    }
    println!("\n| format | peer | it writes | we export | | it reads | we read | |");
    println!("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    for (id, script, is_slow) in PEERS {
        let Some(format) = FORMATS.iter().find(|format| format.id == id && wanted.contains(&id)) else { continue };
        let (corpus, count) = if is_slow { (small, FEW) } else { (large, ARTICLES) };
        let lines = folder.join("lines.jsonl");
        write(&jsonl::FORMAT, corpus, &lines, Table::default());
        for table in [Table::Parquet, Table::Jsonl] {
            let name = if id != "huggingface" {
                id.to_owned()
            } else if table == Table::Parquet {
                format!("{id} (Parquet)")
            } else {
                format!("{id} (JSON lines)")
            };
            if table == Table::Jsonl && id != "huggingface" {
                continue;
            }
            let target = target(format, folder);
            let wrote = if table == Table::Jsonl {
                median(|| write(format, corpus, &target, table))
            } else {
                median(|| {
                    export_to(format, corpus, &target);
                })
            };
            let order = order_of(format, &target);
            let read = median(|| drop(recognise(&order, &Quiet).expect("it is read")));
            let ours = (count as f64 / wrote, count as f64 / read);
            let out = tempfile::tempdir_in(folder).expect("a folder");
            let said = Command::new(&python)
                .arg(root.join("benches/peers").join(script).with_extension("py"))
                .args([&lines, &target, &out.path().to_path_buf()])
                .output()
                .expect("python runs");
            assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
            let said = String::from_utf8_lossy(&said.stdout);
            let seconds = |what: &str| {
                let line = said.lines().find(|line| line.split(' ').next() == Some(what))?;
                line.split(' ').nth(1)?.parse::<f64>().ok()
            };
            for peer in ["", "-datasets"] {
                let (Some(wrote), Some(read)) = (seconds(&format!("write{peer}")), seconds(&format!("read{peer}")))
                else {
                    continue;
                };
                let (wrote, read) = (count as f64 / wrote, count as f64 / read);
                println!(
                    "| {name} | {script}{peer} | {wrote:.0}/s | {:.0}/s | x{:.1} | {read:.0}/s | {:.0}/s | x{:.1} |",
                    ours.0,
                    ours.0 / wrote,
                    ours.1,
                    ours.1 / read
                );
            }
        }
    }
}

fn write(format: &Format, corpus: &Path, target: &Path, table: Table) {
    let order = ExportOrder {
        paths: vec![corpus.to_path_buf()],
        to: format.id.to_owned(),
        which: Which::Annotator("ada".to_owned()),
        output: Some(target.to_path_buf()),
        force: true,
        options: Options { table, ..Options::default() },
        ..ExportOrder::default()
    };
    let exported = export(&order, &mut std::io::sink(), &Quiet).expect("it is written");
    assert!(exported.layers > 0);
}

/// Runs the program, and tells the most memory that it had, in megabytes; not a number where the system does not say.
fn run(arguments: &[&OsStr]) -> f64 {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pressmark"));
    let mut child =
        command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts");
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let mut most = f64::NAN;
    loop {
        let said = std::fs::read_to_string(&status).unwrap_or_default();
        let line = said.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
        most = line.and_then(|kilobytes| kilobytes.parse::<f64>().ok()).map_or(most, |kilobytes| kilobytes / 1024.0);
        if let Some(ended) = child.try_wait().expect("it can be waited for") {
            // 1: it says what the format cannot hold, or what was not taken.
            assert!(ended.code().is_some_and(|code| code < 2), "pressmark {arguments:?}");
            return most;
        }
        std::thread::sleep(Duration::from_millis(4));
    }
}

/// How many seconds it takes.
fn timed(run: impl FnOnce()) -> f64 {
    let began = Instant::now();
    run();
    began.elapsed().as_secs_f64()
}

fn middle(mut three: [f64; 3]) -> f64 {
    three.sort_by(f64::total_cmp);
    three[1]
}

fn median(mut run: impl FnMut()) -> f64 {
    middle(std::array::from_fn(|_| timed(&mut run)))
}

/// A corpus of made-up news: names, quotes and who said them.
fn make(folder: &Path, articles: usize) {
    const NAMES: [&str; 6] = ["Chen Hai", "Ada Woods", "Zoë Öster", "Khalid Aziz", "José Ñandú", "北京"];
    const WORDS: [&str; 12] =
        ["river", "council", "said", "the", "of", "plan", "water", "after", "report", "budget", "while", "town"];
    let mut random = fastrand::Rng::with_seed(7);
    let mut lines = String::new();
    for number in 0..articles {
        let (mut text, mut chars) = (String::new(), 0_usize);
        let (mut marks, mut links): (Vec<serde_json::Value>, Vec<serde_json::Value>) = (Vec::new(), Vec::new());
        let mut push = |text: &mut String, words: &str| {
            let start = chars;
            text.push_str(words);
            chars += words.chars().count();
            (start, chars)
        };
        while marks.len() < MARKS {
            for _ in 0..8 {
                push(&mut text, WORDS[random.usize(..WORDS.len())]);
                push(&mut text, " ");
            }
            let (start, end) = push(&mut text, NAMES[random.usize(..NAMES.len())]);
            marks.push(serde_json::json!({"id": format!("e{}", marks.len()), "label": "entity", "spans": [[start, end]], "attributes": {"type": "person"}}));
            if marks.len() < MARKS && random.bool() {
                push(&mut text, " said: ");
                let (start, end) = push(&mut text, "“the plan of the town is late”");
                links.push(serde_json::json!({"id": format!("r{}", links.len()), "label": "speaker", "from": format!("q{}", marks.len()), "to": format!("e{}", marks.len() - 1)}));
                marks.push(
                    serde_json::json!({"id": format!("q{}", marks.len()), "label": "quote", "spans": [[start, end]]}),
                );
            }
            push(&mut text, if random.bool() { ". " } else { ".\n\n" });
        }
        let line = serde_json::json!({"file": format!("d{:03}/{number:06}.txt", number / 1000), "text": text, "schema": {"id": "news", "version": 1},
            "annotator": "ada", "status": "done", "annotations": marks, "relations": links});
        lines.push_str(&line.to_string());
        lines.push('\n');
    }
    let source = tempfile::Builder::new().suffix(".jsonl").tempfile().expect("a file");
    std::fs::write(source.path(), lines).expect("it is written");
    let order = ImportOrder {
        from: "jsonl".to_owned(),
        into: folder.to_path_buf(),
        files: vec![source.path().to_path_buf()],
        ..ImportOrder::default()
    };
    import(&order, &Quiet).expect("it is read");
}
