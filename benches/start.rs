//! How soon a window shows its first full frame: Pressmark on a 4 KB article beside a bare eframe window.
//!
//! Opens real windows, so it needs a display (`xvfb-run cargo bench --bench start` without one) and says so where
//! there is none. Each window is a process of its own, timed from before it is started until the frame after the first
//! full one begins; the two kinds take turns, so that a busy machine slows both.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "what a bench measures is printed")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

#[path = "generate/mod.rs"]
mod generate;

use pressmark::gui::settings::Settings;
use pressmark::gui::{App, Start};

/// Windows of each kind.
const ROUNDS: usize = 11;

fn now() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros())
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    if let [_, child, begun, article] = args.as_slice()
        && let Ok(begun) = begun.parse()
    {
        return window(child == "pressmark", begun, Path::new(article));
    }
    if std::env::var_os("DISPLAY").is_none() && std::env::var_os("WAYLAND_DISPLAY").is_none() {
        println!("start: not measured, there is no display; try xvfb-run cargo bench --bench start");
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let article = folder.path().join("article.txt");
    std::fs::write(&article, generate::article(4 * 1024, 1)).expect("an article");
    let (mut bare, mut full) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        bare.extend(time("bare", &article));
        full.extend(time("pressmark", &article));
    }
    let (bare, full) = (median(bare), median(full));
    println!(
        "first full frame, medians of {ROUNDS}: bare window {bare:.0} ms, Pressmark {full:.0} ms, {:+.0} ms",
        full - bare
    );
}

fn time(kind: &str, article: &Path) -> Option<f64> {
    let me = std::env::current_exe().ok()?;
    let output = Command::new(me).arg(kind).arg(now().to_string()).arg(article).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}

fn window(pressmark: bool, begun: u128, article: &Path) {
    let data: PathBuf = article.parent().map(Path::to_owned).unwrap_or_default();
    let path = Some(article.to_owned());
    let options = eframe::NativeOptions {
        viewport: egui::ViewportBuilder::default().with_inner_size([1320.0, 860.0]),
        ..Default::default()
    };
    let made = eframe::run_native(
        "start",
        options,
        Box::new(move |context| {
            let app = pressmark.then(|| {
                let start = Start { path, annotator: Some("bench".into()), login: "bench".into(), data };
                App::with(&context.egui_ctx, start, Settings::default())
            });
            Ok(Box::new(Watch { app, begun, full: false }))
        }),
    );
    if let Err(error) = made {
        eprintln!("start: no window: {error}");
    }
}

/// Prints the time when the frame after the first full one begins, and ends the process.
struct Watch {
    app: Option<App>,
    begun: u128,
    full: bool,
}

impl eframe::App for Watch {
    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        if self.full {
            println!("{:.1}", (now() - self.begun) as f64 / 1000.0);
            std::process::exit(0);
        }
        if let Some(app) = &mut self.app {
            app.frame(ui);
            self.full = app.counts().drawn > 0;
        } else {
            ui.label("A bare window.");
            self.full = true;
        }
        ui.ctx().request_repaint();
    }
}
