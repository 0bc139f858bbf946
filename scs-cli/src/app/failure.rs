//! Errors that end a command with exit status 2, with a hint about what to do next.

use std::io;
use std::path::Path;

use thiserror::Error;

/// An error that ends a command without a result.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    /// The reader closed the pipe, as `head` does after ten lines; ends quietly.
    #[error("the reader closed the output")]
    ReaderGone,
    /// The command cannot run.
    #[error("{message}")]
    CannotRun {
        /// The error message.
        message: String,
        /// How to fix it.
        hint: Option<String>,
    },
    /// Some inputs or clouds failed, each for its own reason; the others were processed.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Several(Vec<Self>),
}

impl Failure {
    /// A failure without a hint.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self::CannotRun { message: message.into(), hint: None }
    }

    /// Adds a hint about what to do next.
    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        match self {
            Self::CannotRun { message, .. } => Self::CannotRun { message, hint: Some(hint.into()) },
            other @ (Self::ReaderGone | Self::Several(_)) => other,
        }
    }

    /// Returns collected failures as one error, or `Ok` if there are none.
    pub(crate) fn none_of(failures: Vec<Self>) -> Result<(), Self> {
        if failures.is_empty() { Ok(()) } else { Err(Self::Several(failures)) }
    }

    /// An input that cannot be read.
    pub(crate) fn unreadable(name: &str, error: &io::Error) -> Self {
        let failure = Self::new(format!("cannot read {name}: {}", in_words(error)));
        match error.kind() {
            io::ErrorKind::NotFound if name.starts_with("SCS-") => failure
                .hint(format!("`scs flavor parse {name}` parses a name; this command expects a file or `-`")),
            io::ErrorKind::NotFound => failure.hint("check the path; `-` reads from standard input"),
            io::ErrorKind::IsADirectory => failure.hint("name a file in this directory"),
            _ => failure,
        }
    }

    /// An output that cannot be written.
    pub(crate) fn unwritable(path: &Path, error: &io::Error) -> Self {
        Self::new(format!("cannot write {}: {}", path.display(), in_words(error)))
    }
}

/// For write errors; [`Failure::unreadable`] is for read errors, because it names the input.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::ReaderGone,
            _ => Self::new(format!("cannot write the output: {}", in_words(&error))),
        }
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::from(io::Error::from(error))
    }
}

/// The system's error message without the error number.
fn in_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or directory".to_owned(),
        io::ErrorKind::IsADirectory => "it is a directory".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}
