//! What a frame of the window costs the CPU, on articles of 4 KB, 1 MB and 10 MB, and on 1 MB that is one paragraph.
//!
//! The app is the real one; only the window is missing. A frame is `Context::run_ui` with the tessellation of what came
//! out, with all the setting and rasterising that it waits for; what the graphics card does with it is not in it. Work
//! that threads do ahead counts where a frame waits for it. Frames follow each other without a pause, so that those
//! threads get less time than in a window.

mod generate;
mod report;
mod window;

use std::path::{Path, PathBuf};
use std::time::Duration;

use criterion::{BenchmarkGroup, BenchmarkId, measurement::WallTime};
use egui::{Key, Modifiers};
use generate::{Random, SIZES, files};
use report::Run;
use window::Window;

/// The argument that asks for a window's memory alone.
const HOLD: &str = "--hold";
/// The argument that asks for scrolling alone, of the column with the number that follows: for counting instructions.
const SCROLL: &str = "--scroll";
const ONE: &str = "1 MB, 1 paragraph";
const COLUMNS: [&str; 4] = [SIZES[0].0, SIZES[1].0, SIZES[2].0, ONE];
const ROWS: [&str; 16] = [
    "steady frame",
    "steady frame, screen reader",
    "scrolling frame",
    "scrolling frame, 95 of 100",
    "scrolling frame, full pages only",
    "scrolling frame, at 2 px a point",
    "jump to the end or the start",
    "jump by the scroll bar",
    "jump by the scroll bar, slowest",
    "tag and the next frame",
    "relabel and the next frame",
    "undo and the next frame",
    "tag while it is being saved",
    "read and decode the article",
    "open to the first frame with text",
    "frame that brings the marks",
];

fn main() {
    // A process of its own, so that it holds nothing but a window.
    let mut arguments = std::env::args_os().skip_while(|argument| argument != HOLD).skip(1);
    if let (Some(home), Some(article)) = (arguments.next(), arguments.next()) {
        return hold(home.as_ref(), article.as_ref());
    }
    let mut arguments = std::env::args().skip_while(|argument| argument != SCROLL).skip(1);
    if let Some(column) = arguments.next().and_then(|number| COLUMNS.get(number.parse::<usize>().ok()?)) {
        return scroll(column);
    }
    let mut run = Run::new();
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    for (at, column) in COLUMNS.into_iter().enumerate() {
        let home = folder.path().join(at.to_string());
        std::fs::create_dir(&home).expect("the folder can be written");
        let (article, annotations) = written(&home, column);
        measure_memory(column, &home, &article);
        opening(&mut run, column, &home, &article);
        let mut window = Window::open(&home, &article, 1.0);
        window.settle();
        assert_eq!(window.app.marks(), annotations, "the whole layer is there");
        steady(&mut run, column, &mut window);
        edits(&mut run, column, &mut window);
        let times = scrolling(column, &mut window);
        run.note(ROWS[2], column, median(&times));
        run.note(ROWS[3], column, times[times.len() * 95 / 100]);
        report::print(&format!("{column}: slowest scrolling frame {:?}", times[times.len() - 1]));
        run.note(ROWS[4], column, median(&scrolling_full(&mut window)));
        jumps(&mut run, column, &mut window);
        drop(window);
        let mut sharp = Window::open(&home, &article, 2.0);
        sharp.settle();
        run.note(ROWS[5], column, median(&scrolling(column, &mut sharp)));
        let mut read = Window::open(&home, &article, 1.0);
        read.ctx.enable_accesskit();
        read.settle();
        steady_as(&mut run, ROWS[1], column, &mut read);
    }
    run.table("frame, medians", &COLUMNS, &ROWS);
}

/// Writes the article of a column and its marks; returns where it is and how many marks it has.
fn written(home: &Path, column: &str) -> (PathBuf, usize) {
    let at = COLUMNS.iter().position(|&it| it == column).unwrap_or(0);
    let (_, bytes, annotations) = SIZES[if column == ONE { 1 } else { at }];
    let text = if column == ONE { generate::single_paragraph(bytes, 1) } else { generate::article(bytes, 1) };
    (files::write(home, "article.txt", &text, annotations, 2).article, annotations)
}

fn steady(run: &mut Run, column: &str, window: &mut Window) {
    window.scroll_bar(0.4);
    window.settle();
    steady_as(run, ROWS[0], column, window);
}

fn steady_as(run: &mut Run, row: &str, column: &str, window: &mut Window) {
    let mut group = run.criterion.benchmark_group(row);
    bench(&mut group, column, || window.frame(Vec::new()));
    group.finish();
}

/// Frames with the wheel turned by 60 points each, down and then up again: what they took, sorted.
fn scrolling(column: &str, window: &mut Window) -> Vec<Duration> {
    window.scroll_bar(0.1);
    window.settle();
    let mut times = Vec::new();
    for at in 0..900 {
        times.push(window.wheel(if at < 600 { -60.0 } else { 60.0 }));
        assert!(!window.is_blank(), "{column}: blank while scrolling, frame {at}");
    }
    times.sort_unstable();
    times
}

/// The same where every frame moves and shows a full page: the wheel turns back before the article's ends. A short
/// article would else stand still at its end, with a third of the page blank.
fn scrolling_full(window: &mut Window) -> Vec<Duration> {
    window.scroll_bar(0.1);
    window.settle();
    let (mut times, mut turn) = (Vec::new(), -60.0);
    while times.len() < 900 {
        let before = window.top();
        let took = window.wheel(turn);
        if !window.is_full() {
            turn = 60.0;
        } else if window.top() == before {
            turn = -60.0;
        } else {
            times.push(took);
        }
    }
    times.sort_unstable();
    times
}

/// The middle one.
fn median(sorted: &[Duration]) -> Duration {
    sorted[sorted.len() / 2]
}

/// Scrolling alone. To count the instructions of its frames alone:
/// `valgrind --tool=callgrind --separate-threads=yes --toggle-collect=frame::window::Window::wheel`.
fn scroll(column: &str) {
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let (article, _) = written(folder.path(), column);
    let mut window = Window::open(folder.path(), &article, 1.0);
    window.settle();
    let (all, full) = (scrolling(column, &mut window), scrolling_full(&mut window));
    report::print(&format!("{column}: scrolling {:?}, full pages {:?}", median(&all), median(&full)));
}

/// From the key or the click to the frame that shows the place, that one and those between included.
fn jumps(run: &mut Run, column: &str, window: &mut Window) {
    let mut times = Vec::new();
    for at in 0..20 {
        let key = if at % 2 == 0 { Key::End } else { Key::Home };
        times.push(window.key(key, Modifiers::COMMAND) + window.frame(Vec::new()));
        assert!(!window.is_blank(), "{column}: blank after a jump");
        window.rest();
    }
    times.sort_unstable();
    run.note(ROWS[6], column, times[times.len() / 2]);
    let mut random = Random::new(7);
    let mut times = Vec::new();
    for _ in 0..60 {
        times.push(window.scroll_bar(random.below(1000) as f32 / 1000.0));
        assert!(!window.is_blank(), "{column}: blank after a jump by the scroll bar");
        window.rest();
    }
    times.sort_unstable();
    run.note(ROWS[7], column, times[times.len() / 2]);
    run.note(ROWS[8], column, times[times.len() - 1]);
}

/// Tags five characters, gives the mark another type, undoes both; each with the frame that shows it.
fn edits(run: &mut Run, column: &str, window: &mut Window) {
    let (mut tags, mut relabels, mut undos) = (Vec::new(), Vec::new(), Vec::new());
    let before = window.app.marks();
    window.click(0.35, 0.5);
    for _ in 0..60 {
        window.select(5);
        tags.push(window.key(Key::Num1, Modifiers::NONE) + window.frame(Vec::new()));
        assert_eq!(window.app.marks(), before + 1, "{column}: the tag is there");
        relabels.push(window.key(Key::Num2, Modifiers::NONE) + window.frame(Vec::new()));
        undos.push(window.key(Key::Z, Modifiers::COMMAND) + window.frame(Vec::new()));
        window.key(Key::Z, Modifiers::COMMAND);
        assert_eq!(window.app.marks(), before, "{column}: both are undone");
        window.key(Key::ArrowRight, Modifiers::NONE);
    }
    for (row, times) in [(9, &mut tags), (10, &mut relabels), (11, &mut undos)] {
        times.sort_unstable();
        run.note(ROWS[row], column, times[times.len() / 2]);
    }
    let mut worst = Duration::ZERO;
    for wait in [405, 430, 470, 520, 405, 440, 480, 540, 420, 500] {
        window.select(5);
        window.key(Key::Num1, Modifiers::NONE);
        window.wait(Duration::from_millis(wait));
        worst = worst.max(window.key(Key::Z, Modifiers::COMMAND) + window.frame(Vec::new()));
        window.wait(Duration::from_millis(30));
    }
    run.note(ROWS[12], column, worst);
    assert_eq!(window.app.marks(), before, "{column}: all is undone");
}

fn opening(run: &mut Run, column: &str, home: &Path, article: &Path) {
    let mut group = run.criterion.benchmark_group(ROWS[13]);
    group.sample_size(20);
    bench(&mut group, column, || pressmark::article::read(article, None).expect("it can be read"));
    group.finish();
    let (mut first, mut marks) = (Vec::new(), Vec::new());
    for _ in 0..7 {
        let mut window = Window::bare(home, 1.0);
        window.rest();
        let (shown, brought) = window.open_and_wait(article);
        first.push(shown);
        marks.push(brought);
    }
    for (row, mut times) in [(14, first), (15, marks)] {
        times.sort_unstable();
        run.note(ROWS[row], column, times[times.len() / 2]);
    }
}

fn bench<T>(group: &mut BenchmarkGroup<'_, WallTime>, column: &str, mut work: impl FnMut() -> T) {
    group.measurement_time(Duration::from_secs(3)).warm_up_time(Duration::from_millis(500));
    group.bench_function(BenchmarkId::from_parameter(column), |bencher| bencher.iter(&mut work));
}

/// Lets a process of its own open and scroll the article, and print what it holds.
fn measure_memory(column: &str, home: &Path, article: &Path) {
    let program = std::env::current_exe().expect("this program has a path");
    let output = std::process::Command::new(program).arg(HOLD).args([home, article]).output();
    let output = output.expect("this program can be run");
    report::print(&format!("{column}: {}", String::from_utf8_lossy(&output.stdout).trim()));
}

fn hold(home: &Path, article: &Path) {
    let before = resident();
    let mut window = Window::open(home, article, 1.0);
    window.settle();
    let opened = resident();
    for _ in 0..600 {
        window.wheel(-60.0);
    }
    for at in 0..20 {
        window.scroll_bar(at as f32 / 20.0);
    }
    let [before, opened, scrolled] = [before, opened, resident()].map(|kilobytes| kilobytes >> 10);
    report::print(&format!(
        "{before} MB before the window, {opened} MB with it, {scrolled} MB after scrolling (VmRSS)"
    ));
}

/// Kilobytes of memory that this process holds.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}
