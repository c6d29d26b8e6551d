//! Where a dataset goes: standard output, a file, a file for each part of a split, or a folder of files.
//!
//! All is written beside its place and renamed when it is whole; what is there is written over only with `--force`.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::args::Export;
use super::output::Output;
use crate::formats::{Bundle, Bundles, Content, Joint, Met, Piece, Writer, write_ascii};

/// The parts of a split, by their order in `--split`.
const PARTS: [&str; 3] = ["train", "dev", "test"];

/// Where a dataset goes.
pub(super) enum Sink {
    Standard,
    Files { parts: Vec<Part> },
    Folder(Folder),
}

/// A folder that is being written.
pub(super) struct Folder {
    target: PathBuf,
    made: tempfile::TempDir,
    force: bool,
    bundles: Option<Bundles>,
    parts: Vec<Below>,
}

/// What is written below one of its folders.
#[derive(Default)]
struct Below {
    name: &'static str,
    met: Met,
    /// Files that more rows go into, by their path.
    rows: BTreeMap<PathBuf, (BufWriter<fs::File>, Joint)>,
    /// The bundle that is open in each folder, how many layers it has, and how many came before it.
    open: BTreeMap<PathBuf, (Box<dyn Bundle>, usize, usize)>,
}

/// A file that is being written.
pub(super) struct Part {
    target: PathBuf,
    file: BufWriter<tempfile::NamedTempFile>,
    force: bool,
}

impl Sink {
    /// For a format whose dataset is lines.
    pub fn lines(args: &Export, file: Option<&Path>) -> Result<Self> {
        let Some(file) = file else {
            if args.split.is_some() {
                bail!("--split writes several files: name a folder for them with -o.");
            }
            return Ok(Self::Standard);
        };
        let targets: Vec<PathBuf> = if args.split.is_some() {
            fs::create_dir_all(file).with_context(|| format!("{}: this folder cannot be made", file.display()))?;
            PARTS.iter().map(|part| file.join(format!("{part}.{}", args.to))).collect()
        } else {
            vec![file.to_path_buf()]
        };
        let parts = targets.into_iter().map(|target| Part::open(target, args.force)).collect::<Result<_>>()?;
        Ok(Self::Files { parts })
    }

    /// For a format whose dataset is a folder.
    pub fn folder(args: &Export, folder: Option<&Path>, bundles: Option<Bundles>) -> Result<Self> {
        let Some(target) = folder else {
            bail!("{} is a folder of files: name one that is not there yet with -o.", args.to);
        };
        if target.exists() && !args.force {
            bail!(
                "{}: this is there already; choose another name, or put the dataset in its place with --force.",
                target.display()
            );
        }
        let above = target.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let made = tempfile::Builder::new().prefix(".pressmark-").suffix(".tmp").tempdir_in(above);
        let made = made.with_context(|| format!("{}: cannot be written", target.display()))?;
        let names = if args.split.is_some() { PARTS.to_vec() } else { vec![""] };
        let parts = names.into_iter().map(|name| Below { name, ..Below::default() }).collect();
        Ok(Self::Folder(Folder { target: target.to_path_buf(), made, force: args.force, bundles, parts }))
    }

    /// Writes a layer's line into a part.
    pub fn line(&mut self, part: usize, line: &Value, output: &mut Output) -> Result<()> {
        let Self::Files { parts } = self else { return output.json(line) };
        let part = &mut parts[part];
        let written = write_ascii(&mut part.file, line).and_then(|()| part.file.write_all(b"\n"));
        written.with_context(|| format!("{}: cannot be written", part.target.display()))
    }

    /// Writes a layer's files into a part, below a folder of its annotator where one is named.
    pub fn pieces(&mut self, part: usize, annotator: Option<&str>, pieces: Vec<Piece>, used: Met) -> Result<()> {
        let Self::Folder(Folder { made, bundles, parts, .. }) = self else { return Ok(()) };
        let part = &mut parts[part];
        part.met.extend(used);
        let root = made.path().join(part.name).join(annotator.unwrap_or_default());
        pieces.into_iter().try_for_each(|piece| part.add(&root, *bundles, piece))
    }

    /// Puts the dataset in its place.
    pub fn finish(self, writer: Option<&dyn Writer>) -> Result<()> {
        match self {
            Self::Standard => Ok(()),
            Self::Files { parts } => parts.into_iter().try_for_each(Part::finish),
            Self::Folder(Folder { target, made, force, bundles, parts }) => {
                for mut part in parts {
                    let root = made.path().join(part.name);
                    for piece in writer.iter().flat_map(|writer| writer.whole(&part.met)).collect::<Vec<_>>() {
                        part.add(&root, bundles, piece)?;
                    }
                    part.finish()?;
                }
                in_place(made, &target, force)
            }
        }
    }
}

impl Below {
    fn add(&mut self, root: &Path, bundles: Option<Bundles>, piece: Piece) -> Result<()> {
        let path = root.join(&piece.file);
        let failed = || format!("{}: cannot be written", path.display());
        match piece.content {
            Content::Whole(bytes) => create(root, &piece.file)?.write_all(&bytes).with_context(failed),
            Content::Rows(bytes, joint) => {
                let before = if let Some((_, joint)) = self.rows.get(&path) {
                    joint.between
                } else {
                    let file = BufWriter::new(create(root, &piece.file)?);
                    self.rows.insert(path.clone(), (file, joint));
                    joint.open
                };
                let Some((file, _)) = self.rows.get_mut(&path) else { return Ok(()) };
                file.write_all(before.as_bytes()).and_then(|()| file.write_all(&bytes)).with_context(failed)
            }
            Content::Block(block) => {
                let Some(bundles) = bundles else { bail!("{}: this format has no bundles", root.display()) };
                let full = self.open.get(root).filter(|(_, layers, _)| *layers >= bundles.layers);
                let next = full.map_or(0, |(.., before)| before + 1);
                if full.is_some() {
                    self.open.remove(root).map_or(Ok(()), |(bundle, ..)| bundle.finish()).with_context(failed)?;
                }
                if !self.open.contains_key(root) {
                    let file = BufWriter::new(create(root, &format!("{next:05}.{}", bundles.ending))?);
                    let bundle = (bundles.begin)(Box::new(file)).with_context(failed)?;
                    self.open.insert(root.to_path_buf(), (bundle, 0, next));
                }
                let Some((bundle, layers, _)) = self.open.get_mut(root) else { return Ok(()) };
                *layers += 1;
                bundle.add(block).with_context(failed)
            }
        }
    }

    /// Ends all files.
    fn finish(self) -> Result<()> {
        for (path, (mut file, joint)) in self.rows {
            let written = file.write_all(joint.close.as_bytes()).and_then(|()| file.flush());
            written.with_context(|| format!("{}: cannot be written", path.display()))?;
        }
        for (root, (bundle, ..)) in self.open {
            bundle.finish().with_context(|| format!("{}: cannot be written", root.display()))?;
        }
        Ok(())
    }
}

/// A new file of a dataset; two articles must not come to one.
fn create(root: &Path, file: &str) -> Result<fs::File> {
    let path = root.join(file);
    let failed = || format!("{}: cannot be written", path.display());
    let mut made = fs::File::create_new(&path);
    if let (Err(error), Some(folder)) = (&made, path.parent())
        && error.kind() == std::io::ErrorKind::NotFound
    {
        fs::create_dir_all(folder).with_context(failed)?;
        made = fs::File::create_new(&path);
    }
    match made {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            bail!("{file}: two articles come to this one file. Rename one of them, or export their folders apart.")
        }
        made => made.with_context(failed),
    }
}

/// Gives a finished folder its name. What had the name before goes only when the new one is there.
fn in_place(made: tempfile::TempDir, target: &Path, force: bool) -> Result<()> {
    let failed = || format!("{}: cannot be written", target.display());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(made.path(), fs::Permissions::from_mode(0o755)).with_context(failed)?;
    }
    let mut old = None;
    if target.exists() {
        if !force {
            bail!("{}: this is there already; it came while the dataset was written.", target.display());
        }
        let above = made.path().parent().unwrap_or(Path::new("."));
        let aside = tempfile::Builder::new().prefix(".pressmark-").suffix(".old").tempdir_in(above)?;
        fs::rename(target, aside.path().join("dataset")).with_context(failed)?;
        old = Some(aside);
    }
    if let Err(error) = fs::rename(made.path(), target) {
        if let Some(old) = old {
            let _ = fs::rename(old.path().join("dataset"), target);
        }
        return Err(error).with_context(failed);
    }
    // It has another name now, and is not to be taken away.
    let _ = made.keep();
    Ok(())
}

impl Part {
    fn open(target: PathBuf, force: bool) -> Result<Self> {
        if target.is_dir() {
            bail!("{}: this is a folder; name a file with -o.", target.display());
        }
        if target.exists() && !force {
            bail!(
                "{}: this file is there already; choose another name, or write over it with --force.",
                target.display()
            );
        }
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        builder.prefix(".pressmark-").suffix(".tmp");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        let temporary =
            builder.tempfile_in(folder).with_context(|| format!("{}: cannot be written", target.display()))?;
        Ok(Self { target, file: BufWriter::new(temporary), force })
    }
}

impl Part {
    fn finish(self) -> Result<()> {
        let Self { target, file, force } = self;
        let failed = || format!("{}: cannot be written", target.display());
        let temporary = file.into_inner().map_err(std::io::IntoInnerError::into_error).with_context(failed)?;
        temporary.as_file().sync_all().with_context(failed)?;
        if force {
            temporary.persist(&target).with_context(failed)?;
        } else {
            temporary.persist_noclobber(&target).with_context(failed)?;
        }
        Ok(())
    }
}

/// The part that an article falls into: by its path and the seed alone, so that no other article moves it.
/// FNV-1a (Fowler, Noll, Vo) with a final mix, for its low bits are too even for short names.
pub(super) fn part_of(article: &str, shares: [u32; 3], seed: u64) -> usize {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    for byte in article.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let sum: u64 = shares.iter().map(|&share| u64::from(share)).sum();
    let mut at = (hash >> 32) % sum.max(1);
    for (part, share) in shares.into_iter().enumerate() {
        if at < u64::from(share) {
            return part;
        }
        at -= u64::from(share);
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_near_their_shares_and_stay() {
        let mut counts = [0; 3];
        for n in 0..10_000 {
            let name = format!("news/{n}.txt");
            let part = part_of(&name, [80, 10, 10], 7);
            assert_eq!(part, part_of(&name, [80, 10, 10], 7));
            counts[part] += 1;
        }
        assert!((7_800..8_200).contains(&counts[0]) && counts[1] > 850 && counts[2] > 850, "{counts:?}");
        assert_ne!(
            (0..50).map(|n| part_of(&n.to_string(), [1, 1, 1], 1)).collect::<Vec<_>>(),
            (0..50).map(|n| part_of(&n.to_string(), [1, 1, 1], 2)).collect::<Vec<_>>()
        );
    }
}
