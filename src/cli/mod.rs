//! The command line: what scripts and people without a window use. One file per subcommand.
//!
//! Results go to standard output, everything else to standard error, both through [`output`], the only place that
//! prints. Exit codes: 0 done, 1 done and something was found, 2 an error (for git's merge driver 130).

mod args;
mod bar;
mod check;
mod export;
mod formats;
mod git_setup;
mod git_show;
mod import;
mod merge;
mod old_texts;
mod output;
mod progress;
mod reanchor;
mod select;
mod show;
mod stats;
mod stop;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};
use output::Output;

use crate::store::without_codes;
use crate::workspace::dataset::DatasetError;

/// What the arguments ask for.
#[derive(Debug)]
pub enum Asked {
    /// The window, on an article or a corpus; on the last one where there is no path.
    Window {
        /// An article or a folder.
        path: Option<PathBuf>,
        /// Whose layers are made, where the arguments say.
        annotator: Option<String>,
    },
    /// All is done; end with this code.
    Done(ExitCode),
}

/// How a command ended that did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// All is well.
    Clean,
    /// Something was found that a person should see.
    Found,
    /// It failed, was told why, and ends with the code that git wants.
    Unmerged,
}

impl Outcome {
    fn found(found: bool) -> Self {
        if found { Self::Found } else { Self::Clean }
    }
}

/// Reads the arguments, and carries out what needs no window.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Asked {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let args = match Args::try_parse_from(&arguments) {
        Ok(args) => args,
        Err(error) if error.kind() == clap::error::ErrorKind::ArgumentConflict && misspelt(&error).is_some() => {
            let word = misspelt(&error).unwrap_or_default();
            output::note(&format!("error: {word}: this is no command. `pressmark --help` lists the commands."));
            return Asked::Done(ExitCode::from(2));
        }
        // What clap says quotes arguments, which may be names of files that others made.
        Err(error) if arguments.iter().any(|argument| output::steers(&argument.to_string_lossy())) => {
            error.render().to_string().lines().for_each(output::note);
            return Asked::Done(ExitCode::from(error.exit_code() as u8));
        }
        // Help and version too; clap knows which stream and which code. A broken pipe is no error.
        Err(error) => {
            let _ = error.print();
            return Asked::Done(ExitCode::from(error.exit_code() as u8));
        }
    };
    let Some(command) = args.command else {
        return Asked::Window { path: args.path, annotator: args.annotator };
    };
    let mut output = Output::new();
    let result = match command {
        Command::Show(args) => show::run(&args, &mut output),
        Command::Check(args) => check::run(&args, &mut output),
        Command::Stats(args) => stats::run(&args, &mut output),
        Command::Import(args) => import::run(&args, &mut output),
        Command::Export(args) => export::run(&args, &mut output),
        Command::Reanchor(args) => reanchor::run(&args, &mut output),
        Command::Formats(args) => formats::run(&args, &mut output),
        Command::Merge(args) => merge::run(&args, &mut output),
        Command::GitSetup(args) => git_setup::run(&args, &mut output),
        Command::GitShow(args) => git_show::run(&args, &mut output),
    };
    let result = result.and_then(|outcome| output.finish().map(|()| outcome));
    Asked::Done(match result {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::Found) => ExitCode::from(1),
        Ok(Outcome::Unmerged) => ExitCode::from(merge::UNMERGED),
        Err(error) if output::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            fail(&error);
            stop::end_as_asked();
            ExitCode::from(2)
        }
    })
}

/// The first argument of a call that clap took for a path before another word.
fn misspelt(error: &clap::Error) -> Option<String> {
    use clap::error::{ContextKind, ContextValue};
    let subcommand = error.context().any(|(kind, _)| kind == ContextKind::InvalidSubcommand);
    let first = std::env::args().nth(1).filter(|word| !word.starts_with('-'));
    let prior = error.get(ContextKind::PriorArg);
    let path = matches!(prior, Some(ContextValue::String(arg)) if arg.contains("PATH"))
        || matches!(prior, Some(ContextValue::Strings(args)) if args.iter().any(|arg| arg.contains("PATH")));
    first.filter(|_| subcommand || path)
}

/// Says why the program ends. What was found wrong with a dataset stands on lines of its own.
pub fn fail(error: &anyhow::Error) {
    if let Some(error) = error.downcast_ref::<DatasetError>() {
        for (at, line) in error.lines().iter().enumerate() {
            output::note(&format!("{}{line}", if at == 0 { "error: " } else { "  " }));
        }
        return;
    }
    output::note(&format!("error: {}", without_codes(&format!("{error:#}"))));
}
