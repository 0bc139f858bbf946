//! Errors of the database.

use thiserror::Error;

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
    pub(super) fn open(error: sqlx::Error) -> Self {
        Self::Open(Box::new(error))
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::Statement(Box::new(error))
    }
}
