//! Where a dataset goes: standard output, a file, a file for each part of a split, or a folder of files.
//!
//! All is written beside its place and renamed when it is whole; what is there is written over only when it is said.

use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;

use super::order::ExportOrder;
use super::split::PARTS;
use super::{DatasetError, manifest};
use crate::formats::{Bundle, Bundles, Content, Joint, Met, Piece, Writer};

/// So many bundles are packed at once, at most.
const ENDING: usize = 2;

type Result<T, E = DatasetError> = std::result::Result<T, E>;

/// Where a dataset goes.
pub(super) enum Sink<'o> {
    Standard(&'o mut dyn Write),
    Files(Vec<Part>),
    Folder(Folder),
}

/// A folder that is being written.
pub(super) struct Folder {
    target: PathBuf,
    made: tempfile::TempDir,
    force: bool,
    /// The shard that is written, which joins others that are there.
    shard: Option<usize>,
    bundles: Option<Bundles>,
    parts: Vec<Below>,
}

/// What is written below one of its folders.
#[derive(Default)]
struct Below {
    name: &'static str,
    /// What the layers of each folder below it used.
    met: BTreeMap<PathBuf, Met>,
    /// Files that more rows go into, by their path.
    rows: BTreeMap<PathBuf, (BufWriter<fs::File>, Joint)>,
    /// The bundle that is open in each folder.
    open: BTreeMap<PathBuf, Open>,
    /// Bundles that are being packed, the first first.
    ending: VecDeque<(PathBuf, JoinHandle<io::Result<()>>)>,
}

/// A bundle that is being written.
struct Open {
    bundle: Box<dyn Bundle>,
    /// How many layers it has.
    layers: usize,
    /// Its number among the bundles of its folder.
    number: usize,
}

/// A file that is being written.
pub(super) struct Part {
    target: PathBuf,
    file: BufWriter<tempfile::NamedTempFile>,
    force: bool,
}

/// Where a layer goes: the part of a split, the shard where shards are asked for, the annotator where all are.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place<'a> {
    pub part: usize,
    pub shard: Option<usize>,
    pub annotator: Option<&'a str>,
}

impl<'o> Sink<'o> {
    /// For a format whose dataset is lines.
    pub fn lines(order: &ExportOrder, standard: &'o mut dyn Write) -> Result<Self> {
        let Some(file) = order.output.as_deref() else {
            if order.split.is_some() {
                return Err(DatasetError::refused("--split writes several files: name a folder for them with -o."));
            }
            return Ok(Self::Standard(standard));
        };
        let mut targets = vec![file.to_path_buf()];
        if order.split.is_some() {
            fs::create_dir_all(file).map_err(|error| DatasetError::io("made a folder", error, file))?;
            targets = PARTS.iter().map(|part| file.join(format!("{part}.{}", order.to))).collect();
        }
        let parts = targets.into_iter().map(|target| Part::open(target, order.force)).collect::<Result<_>>()?;
        Ok(Self::Files(parts))
    }

    /// For a format whose dataset is a folder.
    pub fn folder(order: &ExportOrder, bundles: Option<Bundles>) -> Result<Self> {
        let Some(target) = order.output.as_deref() else {
            let why = format!("{} is a folder of files: name one that is not there yet with -o.", order.to);
            return Err(DatasetError::refused(why));
        };
        let joins = order.shard.is_some();
        if target.exists() && !order.force && !joins {
            return Err(DatasetError::refused(format!(
                "{}: this is there already; choose another name, or put the dataset in its place with --force.",
                target.display()
            )));
        }
        let above = target.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(above).map_err(|error| DatasetError::io("written", error, target))?;
        let made = tempfile::Builder::new().prefix(".pressmark-").suffix(".tmp").tempdir_in(above);
        let made = made.map_err(|error| DatasetError::io("written", error, target))?;
        let names = if order.split.is_some() { PARTS.to_vec() } else { vec![""] };
        let parts = names.into_iter().map(|name| Below { name, ..Below::default() }).collect();
        let target = target.to_path_buf();
        Ok(Self::Folder(Folder { target, made, force: order.force, shard: order.shard, bundles, parts }))
    }

    /// Writes a layer's line into a part.
    pub fn line(&mut self, part: usize, line: &[u8]) -> Result<()> {
        let (out, target): (&mut dyn Write, &Path) = match self {
            Self::Files(parts) => {
                let Part { file, target, .. } = &mut parts[part];
                (file, target)
            }
            Self::Standard(out) => (out, Path::new("standard output")),
            Self::Folder(_) => return Ok(()),
        };
        out.write_all(line).map_err(|error| DatasetError::io("written", error, target))
    }

    /// Writes a layer's files.
    pub fn pieces(&mut self, place: Place<'_>, pieces: Vec<Piece>, used: Met) -> Result<()> {
        let Self::Folder(Folder { target, made, bundles, parts, .. }) = self else { return Ok(()) };
        let part = &mut parts[place.part];
        let root = made.path().join(part.name).join(place.annotator.unwrap_or_default());
        part.met.entry(root.clone()).or_default().extend(used);
        let added = pieces.into_iter().try_for_each(|piece| part.add(&root, *bundles, place.shard, piece));
        added.map_err(|error| named(error, made, target))
    }

    /// Puts the dataset in its place, with its card and its list of parts.
    pub fn finish(self, writer: Option<&dyn Writer>, cards: &[(&str, String)]) -> Result<()> {
        match self {
            Self::Standard(out) => {
                out.flush().map_err(|error| DatasetError::io("written", error, Path::new("standard output")))
            }
            Self::Files(parts) => {
                let folder = parts[0].target.parent().unwrap_or(Path::new("")).to_path_buf();
                let force = parts[0].force;
                let several = parts.len() > 1;
                parts.into_iter().try_for_each(Part::finish)?;
                for (name, text) in cards.iter().filter(|_| several) {
                    let mut card = Part::open(folder.join(name), force)?;
                    card.file
                        .write_all(text.as_bytes())
                        .map_err(|error| DatasetError::io("written", error, &folder))?;
                    card.finish()?;
                }
                Ok(())
            }
            Self::Folder(Folder { target, made, force, shard, bundles, parts }) => {
                for part in parts {
                    part.whole(writer, bundles).map_err(|error| named(error, &made, &target))?;
                }
                for (name, text) in cards {
                    let failed = |error| DatasetError::io("written", error, &target);
                    create(made.path(), name)?.write_all(text.as_bytes()).map_err(failed)?;
                }
                manifest::write(made.path(), shard).map_err(|error| DatasetError::io("written", error, &target))?;
                if shard.is_some() && target.exists() {
                    join(&made, &target, force)
                } else {
                    in_place(made, &target, force)
                }
            }
        }
    }
}

/// What went wrong, with the name that the folder will have.
fn named(error: DatasetError, made: &tempfile::TempDir, target: &Path) -> DatasetError {
    error.renamed(&made.path().display().to_string(), &target.display().to_string())
}

impl Below {
    /// Adds what the part needs as a whole, and ends its files.
    fn whole(mut self, writer: Option<&dyn Writer>, bundles: Option<Bundles>) -> Result<()> {
        let mut all: Vec<(PathBuf, Piece)> = Vec::new();
        for (root, met) in &self.met {
            let pieces = writer.iter().flat_map(|writer| writer.whole(met));
            all.extend(pieces.map(|piece| (root.clone(), piece)));
        }
        for (root, piece) in all {
            self.add(&root, bundles, None, piece)?;
        }
        self.finish()
    }

    fn add(&mut self, root: &Path, bundles: Option<Bundles>, shard: Option<usize>, piece: Piece) -> Result<()> {
        let path = root.join(&piece.file);
        let failed = |error| DatasetError::io("written", error, &path);
        match piece.content {
            Content::Whole(bytes) => create(root, &piece.file)?.write_all(&bytes).map_err(failed),
            Content::Rows(bytes, joint) => {
                let before = if let Some((_, joint)) = self.rows.get(&path) {
                    joint.between
                } else {
                    let file = BufWriter::new(create(root, &piece.file)?);
                    self.rows.insert(path.clone(), (file, joint));
                    joint.open
                };
                let Some((file, _)) = self.rows.get_mut(&path) else { return Ok(()) };
                file.write_all(before.as_bytes()).and_then(|()| file.write_all(&bytes)).map_err(failed)
            }
            Content::Block(block) => {
                let Some(bundles) = bundles else { return Ok(()) };
                let there = self.open.get(root);
                let number = match (shard, there) {
                    (Some(shard), _) => shard,
                    (None, Some(open)) => open.number + usize::from(open.layers >= bundles.layers),
                    (None, None) => 0,
                };
                if there.is_some_and(|open| open.number != number)
                    && let Some(open) = self.open.remove(root)
                {
                    self.end(root.to_path_buf(), open)?;
                }
                if !self.open.contains_key(root) {
                    let file = BufWriter::new(create(root, &format!("{number:05}.{}", bundles.ending))?);
                    let bundle = (bundles.begin)(Box::new(file)).map_err(failed)?;
                    self.open.insert(root.to_path_buf(), Open { bundle, layers: 0, number });
                }
                let Some(open) = self.open.get_mut(root) else { return Ok(()) };
                open.layers += 1;
                open.bundle.add(block).map_err(failed)
            }
        }
    }

    /// Ends a bundle, on a thread of its own: packing takes long, and other layers can be read meanwhile. No more than
    /// [`ENDING`] wait in memory.
    fn end(&mut self, root: PathBuf, open: Open) -> Result<()> {
        self.ended(ENDING - 1)?;
        self.ending.push_back((root, std::thread::spawn(move || open.bundle.finish())));
        Ok(())
    }

    /// Waits until no more than so many bundles are being packed.
    fn ended(&mut self, most: usize) -> Result<()> {
        while self.ending.len() > most
            && let Some((root, packing)) = self.ending.pop_front()
        {
            let written = packing.join().unwrap_or_else(|_| Err(io::Error::other("packing it failed")));
            written.map_err(|error| DatasetError::io("written", error, &root))?;
        }
        Ok(())
    }

    /// Ends all files.
    fn finish(mut self) -> Result<()> {
        for (path, (mut file, joint)) in std::mem::take(&mut self.rows) {
            let written = file.write_all(joint.close.as_bytes()).and_then(|()| file.flush());
            written.map_err(|error| DatasetError::io("written", error, &path))?;
        }
        for (root, open) in std::mem::take(&mut self.open) {
            self.end(root, open)?;
        }
        self.ended(0)
    }
}

/// Puts the files of one shard beside those of others. The card is the same for all.
fn join(made: &tempfile::TempDir, target: &Path, force: bool) -> Result<()> {
    for entry in walkdir::WalkDir::new(made.path()).sort_by_file_name().into_iter().flatten() {
        let Ok(name) = entry.path().strip_prefix(made.path()) else { continue };
        let place = target.join(name);
        let failed = |error| DatasetError::io("written", error, &place);
        if entry.file_type().is_dir() {
            fs::create_dir_all(&place).map_err(failed)?;
            continue;
        }
        let is_card = name == Path::new("README.md");
        if place.exists() && !force && !is_card {
            return Err(DatasetError::refused(format!(
                "{}: this is there already; put the shard in its place with --force.",
                place.display()
            )));
        }
        fs::rename(entry.path(), &place).map_err(failed)?;
    }
    Ok(())
}

/// A new file of a dataset; two articles must not come to one.
fn create(root: &Path, file: &str) -> Result<fs::File> {
    let path = root.join(file);
    let failed = |error| DatasetError::io("written", error, &path);
    let mut made = fs::File::create_new(&path);
    if let (Err(error), Some(folder)) = (&made, path.parent())
        && error.kind() == std::io::ErrorKind::NotFound
    {
        fs::create_dir_all(folder).map_err(failed)?;
        made = fs::File::create_new(&path);
    }
    match made {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Err(DatasetError::refused(format!(
            "{file}: two articles come to this one file. Rename one of them, or export their folders apart."
        ))),
        made => made.map_err(failed),
    }
}

/// Gives a finished folder its name. What had the name before goes only when the new one is there.
fn in_place(made: tempfile::TempDir, target: &Path, force: bool) -> Result<()> {
    let failed = |error| DatasetError::io("written", error, target);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(made.path(), fs::Permissions::from_mode(0o755)).map_err(failed)?;
    }
    let mut old = None;
    if target.exists() {
        if !force {
            let why = format!("{}: this is there already; it came while the dataset was written.", target.display());
            return Err(DatasetError::refused(why));
        }
        let above = made.path().parent().unwrap_or(Path::new("."));
        let aside = tempfile::Builder::new().prefix(".pressmark-").suffix(".old").tempdir_in(above).map_err(failed)?;
        fs::rename(target, aside.path().join("dataset")).map_err(failed)?;
        old = Some(aside);
    }
    if let Err(error) = fs::rename(made.path(), target) {
        if let Some(old) = old {
            let _ = fs::rename(old.path().join("dataset"), target);
        }
        return Err(failed(error));
    }
    // It has another name now, and is not to be taken away.
    let _ = made.keep();
    Ok(())
}

impl Part {
    fn open(target: PathBuf, force: bool) -> Result<Self> {
        if target.is_dir() {
            let why = format!("{}: this is a folder; name a file with -o.", target.display());
            return Err(DatasetError::refused(why));
        }
        if target.exists() && !force {
            return Err(DatasetError::refused(format!(
                "{}: this file is there already; choose another name, or write over it with --force.",
                target.display()
            )));
        }
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(folder).map_err(|error| DatasetError::io("written", error, &target))?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(".pressmark-").suffix(".tmp");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        let temporary = builder.tempfile_in(folder).map_err(|error| DatasetError::io("written", error, &target))?;
        Ok(Self { target, file: BufWriter::new(temporary), force })
    }
}

impl Part {
    fn finish(self) -> Result<()> {
        let Self { target, file, force } = self;
        let failed = |error| DatasetError::io("written", error, &target);
        let temporary = file.into_inner().map_err(std::io::IntoInnerError::into_error).map_err(failed)?;
        temporary.as_file().sync_all().map_err(failed)?;
        let placed = if force { temporary.persist(&target) } else { temporary.persist_noclobber(&target) };
        placed.map(drop).map_err(|error| failed(error.error))
    }
}
