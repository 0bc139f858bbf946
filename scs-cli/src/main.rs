//! The program `scs`.

mod at;
mod certificate;
mod check;
mod checked;
mod cli;
mod colour;
mod diagnostic;
mod documentation;
mod entropy;
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
use crate::colour::{Palette, When};
use crate::failure::Failure;

/// How a command that could do its work ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Nothing is wrong.
    Fine,
    /// The answer is that something is invalid or does not conform.
    Wanting,
}

impl Outcome {
    /// [`Outcome::Fine`] if so.
    const fn fine_if(fine: bool) -> Self {
        if fine { Self::Fine } else { Self::Wanting }
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
    let colour = cli.common.color;
    match cli.run() {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Wanting) => ExitCode::from(1),
        Err(failure) => status(&failure, colour),
    }
}

/// The exit status of a failure, after saying what it is.
fn status(failure: &Failure, colour: When) -> ExitCode {
    match failure {
        // What a shell reports for a program that a closed pipe has ended: no verdict, and never a 0.
        Failure::ReaderGone => ExitCode::from(141),
        Failure::CannotRun { message, hint } => {
            complain(message, hint.as_deref(), colour);
            ExitCode::from(2)
        }
        Failure::Several(failures) => {
            for failure in failures {
                status(failure, colour);
            }
            ExitCode::from(2)
        }
    }
}

/// Says on standard error why the program could not run.
fn complain(message: &str, hint: Option<&str>, colour: When) {
    let palette = Palette::new(colour.on_stderr());
    let mut text = format!("{}error{:#}: {}\n", palette.bad, palette.bad, diagnostic::visible(message));
    if let Some(hint) = hint {
        text.extend([format!("{}hint{:#}: {}\n", palette.hint, palette.hint, diagnostic::visible(hint))]);
    }
    // Without a place for complaints there is still the exit status.
    let _ = io::stderr().write_all(text.as_bytes());
}
