//! `pressmark export`: layers as a dataset.
//!
//! A dataset is written to a temporary place beside its own and renamed when it is whole; a file that is there is
//! written over only with `--force`.

use std::collections::HashSet;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::Outcome;
use super::args::Export;
use super::output::{self, Output};
use super::select::{Selection, filled, of_annotator, select};
use super::show::count;
use crate::formats::jsonl::{line_object, write_ascii};
use crate::model::{AUTHOR, Layer};
use crate::store::sidecar::{GOLD, Peek};

/// The parts of a split, by their order in `--split`.
const PARTS: [&str; 3] = ["train", "dev", "test"];

pub(super) fn run(args: &Export, output: &mut Output) -> Result<Outcome> {
    let file = args.output.as_deref().filter(|path| *path != Path::new("-"));
    let mut sink = Sink::open(args, file)?;
    let (mut found, mut layers_written) = (false, 0);
    let mut met: HashSet<smol_str::SmolStr> = HashSet::new();
    for selection in select(&args.paths)? {
        found |= selection.note_schema();
        for (path, layers) in selection.with_layers() {
            let layers = filled(&selection.root, layers)?;
            let layers = choose(args, path, layers)?;
            if layers.is_empty() {
                continue;
            }
            let article = selection.read(path, &layers)?;
            let name = Selection::name(path);
            for (_, sidecar) in &layers {
                let loaded = selection.layer(sidecar, &article)?;
                // Steps that only the journal has may have changed it.
                if args.status.is_some_and(|status| status != loaded.layer.head().status) {
                    continue;
                }
                found |= loaded.read_only.is_some();
                met.extend(loaded.layer.annotations().flat_map(|it| [it.label.clone(), it.full_label()]));
                let layer = with_labels(loaded.layer, &args.labels)?;
                sink.write(&name, &line_object(&name, &article.text, &layer), output)?;
                layers_written += 1;
            }
        }
    }
    if layers_written == 0 {
        output::note("warning: no layer was found that fits; nothing is written");
        return Ok(Outcome::Found);
    }
    for label in args.labels.iter().filter(|label| !met.contains(label.as_str())) {
        output::note(&format!("warning: nothing is marked as {label}"));
        found = true;
    }
    sink.finish(args.force)?;
    if file.is_some() {
        output::note(&format!("{} written", count(layers_written, "layer")));
    }
    Ok(Outcome::found(found))
}

/// The layers of an article that are asked for.
fn choose(
    args: &Export,
    article: &Path,
    layers: Vec<(String, PathBuf, Option<Peek>)>,
) -> Result<Vec<(String, PathBuf)>> {
    let fits =
        |peek: &Option<Peek>| args.status.is_none_or(|status| peek.as_ref().is_none_or(|peek| status == peek.status));
    let layers: Vec<(String, PathBuf)> =
        layers.into_iter().filter(|(_, _, peek)| fits(peek)).map(|(annotator, path, _)| (annotator, path)).collect();
    if let Some(annotator) = &args.annotator {
        if !layers.iter().any(|(name, _)| name == annotator) {
            return Ok(Vec::new());
        }
        return of_annotator(article, layers, Some(annotator));
    }
    if !args.prefer_gold || layers.len() < 2 {
        return Ok(layers);
    }
    if let Some(gold) = layers.iter().find(|(name, _)| name == GOLD) {
        return Ok(vec![gold.clone()]);
    }
    let names: Vec<&str> = layers.iter().map(|(name, _)| name.as_str()).collect();
    bail!(
        "{}: {} have layers of it, and none is gold. Choose one with --annotator, or take all with --all-annotators.",
        article.display(),
        names.join(" and ")
    )
}

/// The layer with the annotations of these labels alone, and the relations between them.
fn with_labels(layer: Layer, labels: &[String]) -> Result<Layer> {
    if labels.is_empty() {
        return Ok(layer);
    }
    let wanted = |label: &str| labels.iter().any(|other| other == label);
    let annotations: Vec<_> =
        layer.annotations().filter(|a| wanted(&a.label) || wanted(&a.full_label())).cloned().collect();
    let ids: HashSet<&str> = annotations.iter().map(|annotation| annotation.id.as_str()).collect();
    let is_there = |end: &str| end == AUTHOR || ids.contains(end);
    let relations: Vec<_> =
        layer.relations().into_iter().filter(|r| is_there(&r.from) && is_there(&r.to)).cloned().collect();
    match Layer::from_parts(layer.head().clone(), annotations, relations) {
        Ok(layer) => Ok(layer),
        Err(error) => bail!("a part of a layer does not hold together: {error:?}"),
    }
}

/// Where lines go.
enum Sink {
    Standard,
    Files { shares: Option<[u32; 3]>, seed: u64, parts: Vec<Part> },
}

struct Part {
    target: PathBuf,
    file: BufWriter<tempfile::NamedTempFile>,
}

impl Sink {
    fn open(args: &Export, file: Option<&Path>) -> Result<Self> {
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
        Ok(Self::Files { shares: args.split, seed: args.seed, parts })
    }

    fn write(&mut self, article: &str, line: &Value, output: &mut Output) -> Result<()> {
        match self {
            Self::Standard => output.json(line),
            Self::Files { shares, seed, parts } => {
                let at = shares.map_or(0, |shares| part_of(article, shares, *seed));
                let part = &mut parts[at];
                let written = write_ascii(&mut part.file, line).and_then(|()| part.file.write_all(b"\n"));
                written.with_context(|| format!("{}: cannot be written", part.target.display()))
            }
        }
    }

    fn finish(self, force: bool) -> Result<()> {
        let Self::Files { parts, .. } = self else { return Ok(()) };
        for Part { target, file } in parts {
            let failed = || format!("{}: cannot be written", target.display());
            let temporary = file.into_inner().map_err(std::io::IntoInnerError::into_error).with_context(failed)?;
            temporary.as_file().sync_all().with_context(failed)?;
            if force {
                temporary.persist(&target).with_context(failed)?;
            } else {
                temporary.persist_noclobber(&target).with_context(failed)?;
            }
        }
        Ok(())
    }
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
        Ok(Self { target, file: BufWriter::new(temporary) })
    }
}

/// The part that an article falls into: by its path and the seed alone, so that no other article moves it.
/// FNV-1a (Fowler, Noll, Vo) with a final mix, for its low bits are too even for short names.
fn part_of(article: &str, shares: [u32; 3], seed: u64) -> usize {
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
