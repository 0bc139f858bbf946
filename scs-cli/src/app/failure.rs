//! Why the program could not do what it was asked for: exit status 2, with a message that says what to do next.

use std::io;
use std::path::Path;

use thiserror::Error;

/// What ends a command before its answer.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    /// Whoever reads our output has gone, as `head` does after ten lines. Nothing to say, and nobody to say it to.
    #[error("the reader of the output has gone")]
    ReaderGone,
    /// The command cannot run; `hint` says what would help.
    #[error("{message}")]
    CannotRun {
        /// What is wrong.
        message: String,
        /// What to do about it.
        hint: Option<String>,
    },
    /// Some things could not be done, each for its own reason, and others were.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Several(Vec<Self>),
}

impl Failure {
    /// A failure without a hint.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self::CannotRun { message: message.into(), hint: None }
    }

    /// The same with a sentence that says what to do next.
    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        match self {
            Self::CannotRun { message, .. } => Self::CannotRun { message, hint: Some(hint.into()) },
            other @ (Self::ReaderGone | Self::Several(_)) => other,
        }
    }

    /// What remains to be said of failures that have not ended the command, if there are any.
    pub(crate) fn none_of(failures: Vec<Self>) -> Result<(), Self> {
        if failures.is_empty() { Ok(()) } else { Err(Self::Several(failures)) }
    }

    /// An input that cannot be read.
    pub(crate) fn unreadable(name: &str, error: &io::Error) -> Self {
        let failure = Self::new(format!("cannot read {name}: {}", in_words(error)));
        match error.kind() {
            io::ErrorKind::NotFound if name.starts_with("SCS-") => {
                failure.hint(format!("`scs flavor parse {name}` reads a name; files and `-` are read here"))
            }
            io::ErrorKind::NotFound => failure.hint("check the path; `-` reads from standard input"),
            io::ErrorKind::IsADirectory => failure.hint("name a file inside of it"),
            _ => failure,
        }
    }

    /// An output that cannot be written.
    pub(crate) fn unwritable(path: &Path, error: &io::Error) -> Self {
        Self::new(format!("cannot write {}: {}", path.display(), in_words(error)))
    }
}

/// Failures of writing to the output; those of reading are made by [`Failure::unreadable`], which knows the name.
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

/// The system's message without the number of the error.
fn in_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or directory".to_owned(),
        io::ErrorKind::IsADirectory => "it is a directory".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}
