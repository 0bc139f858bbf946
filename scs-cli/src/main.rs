//! The program `scs`.

mod at;
mod certificate;
mod check;
mod checked;
mod cli;
mod color;
mod diagnostic;
mod difference;
mod documentation;
mod entropy;
mod explain;
mod failure;
mod files;
mod flavor;
mod image;
mod input;
mod inventory;
mod k8s;
mod kinds;
mod listing;
mod machine;
mod output;
mod report;
mod standards;
mod table;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

use crate::cli::Cli;
use crate::color::{Palette, When};
use crate::failure::Failure;

/// How a command that could do its work ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    /// Nothing is wrong.
    Success,
    /// The answer is that something is invalid or does not conform: exit status 1.
    Findings,
}

impl Exit {
    /// [`Exit::Success`] if so.
    const fn success_if(success: bool) -> Self {
        if success { Self::Success } else { Self::Findings }
    }
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come this way, too.
            return match error.print().and_then(|()| io::stdout().flush()) {
                Ok(()) => u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from),
                Err(error) => status(&Failure::from(error), When::Never),
            };
        }
    };
    let color = cli.common.color;
    match cli.run() {
        Ok(Exit::Success) => ExitCode::SUCCESS,
        Ok(Exit::Findings) => ExitCode::from(1),
        Err(failure) => status(&failure, color),
    }
}

/// The exit status of a failure, after saying what it is.
fn status(failure: &Failure, color: When) -> ExitCode {
    match failure {
        // What a shell reports for a program that a closed pipe has ended: no verdict, and never a 0.
        Failure::ReaderGone => ExitCode::from(141),
        Failure::CannotRun { message, hint } => {
            complain(message, hint.as_deref(), color);
            ExitCode::from(2)
        }
        Failure::Several(failures) => {
            for failure in failures {
                status(failure, color);
            }
            ExitCode::from(2)
        }
    }
}

/// Says on standard error why the program could not run.
fn complain(message: &str, hint: Option<&str>, color: When) {
    let palette = Palette::new(color.on_stderr());
    let mut text = format!("{}error{:#}: {}\n", palette.bad, palette.bad, diagnostic::visible(message));
    if let Some(hint) = hint {
        text.extend([format!("{}hint{:#}: {}\n", palette.hint, palette.hint, diagnostic::visible(hint))]);
    }
    // Without a place for complaints there is still the exit status.
    let _ = io::stderr().write_all(text.as_bytes());
}
