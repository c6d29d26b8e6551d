//! The faces that articles are set in: Libertinus Serif from the binary, every other script from the system.
//!
//! Looking up the system's fonts takes tens of milliseconds, so that a window begins with the bundled face alone and
//! takes the rest when it is there. Clones share what was loaded.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use parley::fontique::{Blob, Collection, CollectionOptions, SourceCache};
use parley::{FontContext, LayoutContext};

/// The name of the reading face.
pub const SERIF: &str = "Libertinus Serif";
/// The name of the fixed-width face.
pub const MONO: &str = "DejaVu Sans Mono";

/// The faces at hand.
#[derive(Clone)]
pub struct Fonts {
    context: FontContext,
    generation: u32,
}

thread_local! {
    static AT_HAND: RefCell<HashMap<(u32, &'static str), bool>> = RefCell::default();
    static SCRATCH: RefCell<Option<(u32, FontContext, LayoutContext<()>)>> = const { RefCell::new(None) };
}

impl Fonts {
    /// The bundled faces alone: at hand at once.
    pub fn bundled() -> Self {
        Self::load(false, 0)
    }

    /// The bundled faces and the system's.
    pub fn with_system() -> Self {
        Self::load(true, 1)
    }

    fn load(system_fonts: bool, generation: u32) -> Self {
        let mut collection = Collection::new(CollectionOptions { shared: true, system_fonts });
        for font in typst_assets::fonts() {
            // The crate carries faces for mathematics too; only these two families are wanted.
            if is_wanted(font) {
                collection.register_fonts(Blob::new(Arc::new(font)), None);
            }
        }
        Self { context: FontContext { collection, source_cache: SourceCache::new_shared() }, generation }
    }

    /// Whether the system's fonts are among them.
    pub fn has_system(&self) -> bool {
        self.generation > 0
    }

    /// Which state of the fonts this is; what was set with another is set anew.
    pub fn generation(&self) -> u32 {
        self.generation
    }

    /// Lends this thread's own copy of the faces, with scratch space for one layout.
    pub(super) fn with_scratch<R>(&self, work: impl FnOnce(&mut FontContext, &mut LayoutContext<()>) -> R) -> R {
        SCRATCH.with_borrow_mut(|scratch| {
            if scratch.as_ref().is_none_or(|(generation, _, _)| *generation != self.generation) {
                *scratch = Some((self.generation, self.context.clone(), LayoutContext::new()));
            }
            let (_, fonts, layouts) = scratch.as_mut().expect("just filled");
            work(fonts, layouts)
        })
    }
}

/// Whether a family is installed with a cut for running text: some come with their heavy cuts alone. Asked for each
/// paragraph, so that each thread keeps the answers; `generation` is that of the fonts.
pub(super) fn has_text_cut(fonts: &mut FontContext, generation: u32, family: &'static str) -> bool {
    AT_HAND.with_borrow_mut(|known| {
        *known.entry((generation, family)).or_insert_with(|| {
            let Some(family) = fonts.collection.family_by_name(family) else { return false };
            family.fonts().iter().any(|font| font.weight().value() <= 500.0 || font.has_weight_axis())
        })
    })
}

/// Looks for the family's name in the first bytes that hold names; cheap, and exact for the crate's own files.
fn is_wanted(font: &[u8]) -> bool {
    let utf16 = |name: &str| -> Vec<u8> { name.encode_utf16().flat_map(u16::to_be_bytes).collect() };
    [SERIF, MONO].iter().any(|name| {
        let wide = utf16(name);
        name_table(font).is_some_and(|names| {
            names.windows(wide.len()).any(|window| window == wide)
                || names.windows(name.len()).any(|window| window == name.as_bytes())
        })
    })
}

/// The `name` table of an OpenType file.
fn name_table(font: &[u8]) -> Option<&[u8]> {
    let number = |at: usize| -> Option<u32> { Some(u32::from_be_bytes(font.get(at..at + 4)?.try_into().ok()?)) };
    let tables = usize::from(u16::from_be_bytes(font.get(4..6)?.try_into().ok()?));
    (0..tables).map(|table| 12 + table * 16).find(|&at| font.get(at..at + 4) == Some(b"name")).and_then(|at| {
        let start = number(at + 8)? as usize;
        font.get(start..start + number(at + 12)? as usize)
    })
}

/// Whether a font draws its glyphs in colours of its own.
pub(super) fn draws_in_colour(font: &[u8], index: u32) -> bool {
    let number = |at: usize| font.get(at..at + 4).and_then(|b| b.try_into().ok()).map(u32::from_be_bytes);
    let start = if font.get(..4) == Some(b"ttcf") { number(12 + 4 * index as usize).unwrap_or(0) as usize } else { 0 };
    let tables = font.get(start + 4..start + 6).map_or(0, |b| usize::from(u16::from_be_bytes([b[0], b[1]])));
    (0..tables).any(|table| {
        let tag = font.get(start + 12 + table * 16..start + 16 + table * 16);
        matches!(tag, Some(b"COLR" | b"CBDT" | b"sbix" | b"SVG "))
    })
}
