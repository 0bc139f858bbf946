//! The exit status of the program.

use std::io::{self, Write};
use std::process::ExitCode;

use super::color::{Palette, When};
use super::diagnostic;
use super::failure::Failure;

/// How a command that could do its work ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Nothing is wrong.
    Success,
    /// The answer is that something is invalid or does not conform: exit status 1.
    Findings,
}

impl Exit {
    /// [`Exit::Success`] if so.
    pub(crate) const fn success_if(success: bool) -> Self {
        if success { Self::Success } else { Self::Findings }
    }
}

/// The exit status of a failure, after saying what it is.
pub(crate) fn status(failure: &Failure, color: When) -> ExitCode {
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
