//! The exit status of the program.

use std::io::{self, Write};
use std::process::ExitCode;

use super::color::{Palette, When};
use super::diagnostic;
use super::failure::Failure;

/// The outcome of a command that ran to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// No findings: exit status 0.
    Success,
    /// Something is invalid or does not conform: exit status 1.
    Findings,
}

impl Exit {
    /// [`Exit::Success`] if `success` is true.
    pub(crate) const fn success_if(success: bool) -> Self {
        if success { Self::Success } else { Self::Findings }
    }
}

/// Prints a failure and returns its exit status.
pub(crate) fn status(failure: &Failure, color: When) -> ExitCode {
    match failure {
        // The status that a shell reports for a program killed by SIGPIPE: not a verdict, and never 0.
        Failure::ReaderGone => ExitCode::from(141),
        Failure::CannotRun { message, hint } => {
            print_error(message, hint.as_deref(), color);
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

/// Prints the error and its hint to standard error.
fn print_error(message: &str, hint: Option<&str>, color: When) {
    let palette = Palette::new(color.on_stderr());
    let mut text = format!("{}error{:#}: {}\n", palette.bad, palette.bad, diagnostic::visible(message));
    if let Some(hint) = hint {
        text.extend([format!("{}hint{:#}: {}\n", palette.hint, palette.hint, diagnostic::visible(hint))]);
    }
    // If standard error is closed, the exit status has to do.
    let _ = io::stderr().write_all(text.as_bytes());
}
