//! Pictures in articles: read on a thread, only from inside the corpus folder, never larger than is safe.
//!
//! A picture that cannot be shown leaves its place to a sentence that says why.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};

use egui::{
    Align2, Color32, ColorImage, Context, FontId, Painter, Rect, Stroke, StrokeKind, TextureHandle, TextureOptions,
    pos2, vec2,
};

use super::page::Page;
use super::picture;
use crate::article::{Article, BlockKind, open_regular};
use crate::gui::scene::Scene;
use crate::typeset::{Column, Visible};

/// Points of the place that says why there is no picture.
const EMPTY: f32 = 64.0;

/// The pictures of the article in hand.
pub struct Figures {
    images: HashMap<u32, Figure>,
    fitted: HashMap<usize, (u32, bool)>,
    inbox: Inbox,
}

type Loaded = Result<ColorImage, String>;
type Inbox = (Sender<(u32, Loaded)>, Receiver<(u32, Loaded)>);

enum Figure {
    Loading,
    Ready(TextureHandle),
    Failed(String),
}

impl Default for Figures {
    fn default() -> Self {
        Self { images: HashMap::new(), fitted: HashMap::new(), inbox: channel() }
    }
}

impl Figures {
    /// Says how high the figures in view are; true when that moved something.
    pub fn fit(
        &mut self,
        column: &mut Column,
        visible: &[Visible],
        article: &Article,
        scene: &Scene<'_>,
        ctx: &Context,
    ) -> bool {
        for (number, loaded) in self.inbox.1.try_iter() {
            let figure = match loaded {
                Ok(image) => Figure::Ready(ctx.load_texture("figure", image, TextureOptions::LINEAR)),
                Err(reason) => Figure::Failed(reason),
            };
            self.images.insert(number, figure);
        }
        let mut moved = false;
        for seen in visible {
            let BlockKind::Figure(number) = column.chunks()[seen.chunk].kind else { continue };
            let figure = self.images.entry(number).or_insert_with(|| {
                start(number, article, scene, self.inbox.0.clone(), ctx.clone());
                Figure::Loading
            });
            let ready = !matches!(figure, Figure::Loading);
            if self.fitted.get(&seen.chunk) == Some(&(number, ready)) {
                continue;
            }
            let measure = column.measure();
            let height = match figure {
                Figure::Ready(texture) => {
                    let size = texture.size_vec2();
                    let width = measure.width.min(size.x * measure.scale);
                    (width * size.y / size.x.max(1.0)).min(measure.width * 1.2)
                }
                _ => EMPTY * measure.scale,
            };
            column.set_figure_height(seen.chunk, height.round());
            self.fitted.insert(seen.chunk, (number, ready));
            moved = true;
        }
        moved
    }

    /// Forgets how high figures are; the pictures stay.
    pub fn forget_sizes(&mut self) {
        self.fitted.clear();
    }

    /// Draws the figures in view.
    pub fn paint(&self, painter: &Painter, page: &Page<'_>, scene: &Scene<'_>) {
        for seen in page.visible {
            let BlockKind::Figure(number) = page.column.chunks()[seen.chunk].kind else { continue };
            let corner = page.frame.point(0.0, seen.top);
            let width = page.frame.measure.width / page.frame.scale;
            match self.images.get(&number) {
                Some(Figure::Ready(texture)) => {
                    let size = texture.size_vec2();
                    let shown = width.min(size.x);
                    let height = (shown * size.y / size.x.max(1.0)).min(width * 1.2);
                    let shown = height * size.x / size.y.max(1.0);
                    let left = corner.x + (width - shown) / 2.0;
                    let rect = Rect::from_min_size(pos2(left, corner.y), vec2(shown, height));
                    let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
                    painter.image(texture.id(), rect, whole, Color32::WHITE);
                }
                other => {
                    let rect = Rect::from_min_size(corner, vec2(width, EMPTY));
                    painter.rect(rect, 4.0, scene.theme.desk, Stroke::new(1.0, scene.theme.rule), StrokeKind::Inside);
                    let words = match other {
                        Some(Figure::Failed(reason)) => reason.as_str(),
                        _ => "The picture is being read.",
                    };
                    let font = FontId::proportional(12.5);
                    let galley = painter.layout(words.to_owned(), font, scene.theme.faded, width - 24.0);
                    let rect = Align2::CENTER_CENTER.anchor_size(rect.center(), galley.size());
                    painter.galley(rect.min, galley, scene.theme.faded);
                }
            }
        }
    }
}

fn start(number: u32, article: &Article, scene: &Scene<'_>, outbox: Sender<(u32, Loaded)>, ctx: Context) {
    let target = article.images().get(number as usize).map(|image| image.target.clone()).unwrap_or_default();
    let root = scene.workspace.map(|workspace| workspace.root().to_owned()).unwrap_or_default();
    let folder = article.path.parent().map(Path::to_owned).unwrap_or_default();
    rayon::spawn(move || {
        let loaded = place_of(&root, &folder, &target).and_then(|path| read(&path));
        let _ = outbox.send((number, loaded));
        ctx.request_repaint();
    });
}

/// Where a picture lies, if that is a file inside the corpus folder.
fn place_of(root: &Path, folder: &Path, target: &str) -> Result<PathBuf, String> {
    if target.contains("://") || target.starts_with("data:") {
        return Err(format!("{target} is not fetched: Pressmark makes no network connection."));
    }
    let outside = || format!("{target} lies outside of the corpus folder and is not shown.");
    let relative = Path::new(target);
    if relative.components().any(|part| matches!(part, Component::Prefix(_) | Component::RootDir)) {
        return Err(outside());
    }
    let path = folder.join(relative);
    let path = path.canonicalize().map_err(|_| format!("{target} is not there."))?;
    let root = root.canonicalize().map_err(|_| outside())?;
    if path.starts_with(&root) { Ok(path) } else { Err(outside()) }
}

fn read(path: &Path) -> Loaded {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let fault = |error: &dyn std::fmt::Display| format!("{name} cannot be shown: {error}.");
    let file = open_regular(path).map_err(|error| fault(&error))?;
    let pixels = picture::decode(std::io::BufReader::new(file)).map_err(|error| fault(&error))?;
    let size = [pixels.width() as usize, pixels.height() as usize];
    Ok(ColorImage::from_rgba_unmultiplied(size, &pixels))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_come_from_inside_the_corpus_only() {
        let outer = tempfile::tempdir().expect("a folder");
        let root = outer.path().join("corpus");
        std::fs::create_dir_all(root.join("images")).expect("a folder");
        std::fs::write(root.join("images/in.png"), b"x").expect("a file");
        std::fs::write(outer.path().join("out.png"), b"x").expect("a file");
        let check = |target: &str, expected: Result<(), &str>| {
            let found = place_of(&root, &root, target).map(|_| ());
            match expected {
                Ok(()) => assert_eq!(found, Ok(()), "{target}"),
                Err(part) => assert!(found.as_ref().is_err_and(|it| it.contains(part)), "{target}: {found:?}"),
            }
        };
        check("images/in.png", Ok(()));
        check("../out.png", Err("outside"));
        check("/etc/hostname", Err("outside"));
        check("https://example.org/a.png", Err("network"));
        check("images/none.png", Err("not there"));
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(outer.path().join("out.png"), root.join("link.png")).expect("a link");
            check("link.png", Err("outside"));
        }
    }

    #[test]
    fn a_picture_is_no_larger_than_is_safe() {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/picture");
        for name in ["huge.png", "bomb.png"] {
            let reason = read(&corpus.join(name)).expect_err("it is too large");
            assert!(reason.starts_with(name) && reason.contains("limit"), "{reason}");
        }
        let wide = read(&corpus.join("wide.png")).expect("it is wide, and small");
        assert_eq!(wide.size[0], picture::KEPT as usize);
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_no_picture() {
        let reason = read(Path::new("/dev/zero")).expect_err("it has no end");
        assert!(reason.contains("a pipe or a device"), "{reason}");
    }

    #[test]
    fn a_picture_that_is_none_says_so() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("broken.png");
        std::fs::write(&path, b"\x89PNG\r\n\x1a\nnot a picture").expect("a file");
        let reason = read(&path).expect_err("it is broken");
        assert!(reason.starts_with("broken.png cannot be shown"), "{reason}");
    }
}
