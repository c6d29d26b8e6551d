//! `pressmark git-setup`: git merges and shows sidecars by Pressmark, and leaves line ends alone.
//!
//! Writes a block between two marks into `.gitattributes` of the corpus, and two sections into the clone's own
//! configuration. Its first mark says what was there before, so that `--remove` restores the file byte for byte.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::Outcome;
use super::args::GitSetup;
use super::output::Output;

const BEGIN: &str = "# >>> pressmark git-setup";
const END: &str = "# <<< pressmark git-setup";
/// The file was not there before.
const MADE: &str = " (made this file)";
/// The last line before had no end.
const ENDED: &str = " (ended the line above)";

/// Ours alone; a later line wins in this file, so the block stands last.
const LINES: &str = "\
*.*.*.ron -text merge=pressmark diff=pressmark
*.[tT][xX][tT] -text
*.[tT][eE][xX][tT] -text
*.[mM][dD] -text
*.[mM][aA][rR][kK][dD][oO][wW][nN] -text
.pressmark/texts/* -text
";

pub(super) fn run(args: &GitSetup, output: &mut Output) -> Result<Outcome> {
    let folder = &args.path;
    if !folder.is_dir() {
        bail!("{}: this is no folder; name the one that the articles lie in.", folder.display());
    }
    let inside = git(folder, &["rev-parse", "--is-inside-work-tree"])?;
    if inside.as_deref().map(str::trim) != Some("true") {
        bail!(
            "{}: this folder is in no git repository. Run `git init` there first, or name one that is.",
            folder.display()
        );
    }
    let attributes = folder.join(".gitattributes");
    let before = read(&attributes)?;
    let stripped = without_block(before.as_deref());
    let wanted = if args.remove { stripped } else { Some(with_block(stripped.as_deref())) };
    let mut changed = false;
    if wanted != before {
        changed = true;
        match &wanted {
            Some(bytes) => fs::write(&attributes, bytes),
            None => fs::remove_file(&attributes),
        }
        .with_context(|| format!("{}: cannot be written", attributes.display()))?;
        output.line(&format!("{}: {}", attributes.display(), if args.remove { "restored" } else { "written" }))?;
    }
    let configured = if args.remove { remove_config(folder)? } else { write_config(folder)? };
    if configured {
        let done = if args.remove { "taken out of" } else { "written into" };
        output.line(&format!("merge.pressmark and diff.pressmark: {done} this clone's configuration"))?;
    }
    if !changed && !configured {
        output.line("Nothing to do: all is as it should be.")?;
    } else if !args.remove {
        output.line("Commit .gitattributes, and run `pressmark git-setup` once in every other clone.")?;
    }
    Ok(Outcome::Clean)
}

/// The file's bytes; none where there is no file.
fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{}: cannot be read", path.display())),
    }
}

fn with_block(before: Option<&[u8]>) -> Vec<u8> {
    let mut bytes = before.unwrap_or_default().to_vec();
    let ended = !bytes.is_empty() && !bytes.ends_with(b"\n");
    let mark = match before {
        None => MADE,
        Some(_) if ended => ENDED,
        Some(_) => "",
    };
    if ended {
        bytes.push(b'\n');
    }
    bytes.extend_from_slice(format!("{BEGIN}{mark}\n{LINES}{END}\n").as_bytes());
    bytes
}

/// The file as it was before the block came, with what was added around it since; none where it was not there.
fn without_block(bytes: Option<&[u8]>) -> Option<Vec<u8>> {
    let bytes = bytes?;
    let mut lines: Vec<&[u8]> = bytes.split_inclusive(|&byte| byte == b'\n').collect();
    let starts = |line: &&[u8], mark: &str| line.starts_with(mark.as_bytes());
    let begin = lines.iter().position(|line| starts(line, BEGIN));
    let Some((begin, end)) = begin.and_then(|begin| {
        let end = lines[begin..].iter().position(|line| starts(line, END))?;
        Some((begin, begin + end))
    }) else {
        return Some(bytes.to_vec());
    };
    let mark = String::from_utf8_lossy(lines[begin]).trim_end().to_owned();
    let last = end + 1 == lines.len();
    lines.drain(begin..=end);
    let mut rest = lines.concat();
    if mark.ends_with(ENDED) && last {
        rest.pop();
    }
    (!(rest.is_empty() && mark.ends_with(MADE))).then_some(rest)
}

/// The name by which a shell finds this program: bare where PATH leads to it, so that an update is followed.
fn program() -> Result<String> {
    let own = std::env::current_exe().context("this program's own path is not known")?;
    let real = |path: &Path| fs::canonicalize(path).ok();
    let on_path = std::env::var_os("PATH").is_some_and(|path| {
        let first = std::env::split_paths(&path).map(|folder| folder.join("pressmark")).find(|file| file.is_file());
        first.is_some_and(|file| real(&file).is_some() && real(&file) == real(&own))
    });
    if on_path {
        return Ok("pressmark".to_owned());
    }
    let Some(path) = own.to_str() else { bail!("{}: this path is not UTF-8; put pressmark on PATH.", own.display()) };
    Ok(format!("'{}'", path.replace('\\', "/").replace('\'', "'\\''")))
}

/// The settings: a driver's end that is neither 0 nor 1 (a crash, a missing program) must stop git, not end in one side.
fn settings() -> Result<[(&'static str, String); 3]> {
    let program = program()?;
    let driver = format!(
        "{program} merge --driver --base %O --ours %A --theirs %B --path %P || if [ $? -eq 1 ]; then exit 1; else exit {}; fi",
        super::merge::UNMERGED
    );
    Ok([
        ("merge.pressmark.name", "marks of Pressmark".to_owned()),
        ("merge.pressmark.driver", driver),
        ("diff.pressmark.textconv", format!("{program} git-show")),
    ])
}

fn write_config(folder: &Path) -> Result<bool> {
    let mut changed = false;
    for (name, value) in settings()? {
        let now = git(folder, &["config", "--local", "--get", name])?;
        if now.as_deref().map(|now| now.trim_end_matches('\n')) != Some(value.as_str()) {
            if git(folder, &["config", "--local", name, &value])?.is_none() {
                bail!("{}: git could not write its configuration; may you write there?", folder.display());
            }
            changed = true;
        }
    }
    Ok(changed)
}

fn remove_config(folder: &Path) -> Result<bool> {
    let mut changed = false;
    for section in ["merge.pressmark", "diff.pressmark"] {
        changed |= git(folder, &["config", "--local", "--remove-section", section])?.is_some();
    }
    Ok(changed)
}

/// What git prints, or none when it says no.
fn git(folder: &Path, arguments: &[&str]) -> Result<Option<String>> {
    let output = Command::new("git").arg("-C").arg(folder).args(arguments).output();
    let output = output.map_err(|error| match error.kind() {
        ErrorKind::NotFound => anyhow::anyhow!("git is not installed, or not on PATH."),
        _ => anyhow::Error::from(error).context("git cannot be run"),
    })?;
    Ok(output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned()))
}
