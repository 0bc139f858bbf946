//! Errors of the database.

use thiserror::Error;

const UNREACHABLE: &str = "the database does not answer; try again later";

/// Error: the database did not do it.
#[derive(Debug, Error)]
pub(crate) enum StoreError {
    /// The database cannot be opened.
    #[error("cannot open the database: {0}")]
    Open(#[source] Box<sqlx::Error>),
    /// The tables cannot be brought up to date.
    #[error("cannot update the tables of the database: {0}")]
    Migrate(#[source] sqlx::migrate::MigrateError),
    /// A statement failed.
    #[error("database: {0}")]
    Statement(#[source] Box<sqlx::Error>),
    /// It did not answer a moment ago, so it was not asked again.
    #[error("the database does not answer")]
    Silent,
    /// The report is already there.
    #[error("the report {0} is already present")]
    Duplicate(String),
    /// The stored text is not what was written.
    #[error("the database contains an unreadable {kind} for {key}: {problem}")]
    Unreadable {
        /// What it is.
        kind: &'static str,
        /// Where it is.
        key: String,
        /// The problem.
        problem: String,
    },
}

impl StoreError {
    /// The message for clients, which also tells the operator what to look for.
    pub(crate) fn advice(&self) -> &'static str {
        let Self::Statement(error) = self else { return UNREACHABLE };
        let Some(error) = error.as_database_error() else { return UNREACHABLE };
        if error.code().as_deref() == Some("25006") || error.message().contains("readonly") {
            "the database is read-only, so nothing can be stored"
        } else if error.code().as_deref() == Some("53100") || error.message().contains("is full") {
            "the disk of the database is full, so nothing can be stored"
        } else {
            UNREACHABLE
        }
    }

    pub(super) fn open(error: sqlx::Error) -> Self {
        Self::Open(Box::new(error))
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::Statement(Box::new(error))
    }
}
