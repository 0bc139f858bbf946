//! The database: SQLite or PostgreSQL, by the same statements.

mod approvals;
mod audit;
mod error;
mod notifications;
mod recent;
mod reports;
mod retention;
mod rules;

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{Any, AnyPool, Connection, Row, Transaction};
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::time::timeout;

pub(crate) use approvals::{Approval, ListedResult};
pub(crate) use audit::{Action, Actor};
pub(crate) use error::StoreError;
pub(crate) use notifications::{Channel, Delivery, NewNotification, Notification, Outcome};
pub(crate) use recent::LatestResult;
#[cfg(test)]
pub(crate) use reports::StoredReport;
pub(crate) use reports::{CountedReport, NewReport, ReportTime, Results, StoredCheck};
pub(crate) use rules::RuleAnswer;

/// The statements that make the tables; each runs once per database.
static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();

/// The longest wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The number of connections to PostgreSQL, which shares its own limit between instances.
const MAX_CONNECTIONS: u32 = 8;

/// The number of connections to SQLite, which has one writer at a time; each has a cache of its own.
const MAX_SQLITE_CONNECTIONS: u32 = 4;

/// A database.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    pool: AnyPool,
    /// Held by the writer of this process. SQLite has one writer at a time, and those that wait for each other by its own lock sleep
    /// longer than a change takes.
    writer: Option<Arc<Mutex<()>>>,
}

impl Store {
    /// Opens a database and brings its tables up to date: `sqlite:PATH`, `sqlite::memory:` or `postgres://…`.
    ///
    /// # Errors
    ///
    /// If it cannot be reached, or was written by a newer version of the program.
    pub(crate) async fn open(address: &str) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let is_sqlite = address.starts_with("sqlite:");
        let address = if is_sqlite && !address.contains('?') && !address.contains(":memory:") {
            format!("{address}?mode=rwc")
        } else {
            address.to_owned()
        };
        let options = AnyConnectOptions::from_str(&address).map_err(StoreError::open)?;
        // A database in memory belongs to its connection.
        let connections = match (address.contains(":memory:"), is_sqlite) {
            (true, _) => 1,
            (false, true) => MAX_SQLITE_CONNECTIONS,
            (false, false) => MAX_CONNECTIONS,
        };
        let pool = AnyPoolOptions::new()
            .max_connections(connections)
            .min_connections(1)
            .acquire_timeout(CONNECT_TIMEOUT)
            .idle_timeout(None)
            .max_lifetime(None)
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    if is_sqlite {
                        for pragma in SQLITE {
                            sqlx::query(pragma).execute(&mut *connection).await?;
                        }
                    }
                    connection.ping().await
                })
            })
            .connect_with(options)
            .await
            .map_err(StoreError::open)?;
        MIGRATIONS.run(&pool).await.map_err(StoreError::Migrate)?;
        Ok(Self { pool, writer: is_sqlite.then(Arc::default) })
    }

    /// The revision, which grows by one with every change of data.
    pub(crate) async fn revision(&self) -> Result<i64, StoreError> {
        let row = sqlx::query("SELECT revision FROM state WHERE id = 1").fetch_one(&self.pool).await?;
        Ok(row.try_get(0)?)
    }

    /// Begins a change without the lock of writers. Dropping it undoes it.
    pub(crate) async fn draft(&self) -> Result<Draft, StoreError> {
        let writer = match &self.writer {
            Some(writer) => {
                let place = timeout(CONNECT_TIMEOUT, Arc::clone(writer).lock_owned()).await;
                Some(place.map_err(|_| StoreError::Silent)?)
            }
            None => None,
        };
        Ok(Draft { transaction: self.pool.begin().await?, _writer: writer })
    }

    /// Begins a change: a transaction that holds the lock of writers, with its revision. Dropping it undoes it.
    pub(crate) async fn change(&self) -> Result<Change, StoreError> {
        self.draft().await?.lock().await
    }

    /// Closes all connections.
    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }
}

/// Settings of each connection: readers beside a writer, waiting for it, and nothing lost when the machine fails.
const SQLITE: [&str; 5] = [
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA busy_timeout = 5000",
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -2000",
];

/// The beginning of a change: what does not need its revision, so that other writers wait less.
pub(crate) struct Draft {
    transaction: Transaction<'static, Any>,
    /// Given back after the end of the transaction.
    _writer: Option<OwnedMutexGuard<()>>,
}

impl Draft {
    /// Takes the lock of writers and the next revision.
    pub(crate) async fn lock(mut self) -> Result<Change, StoreError> {
        let row = sqlx::query("UPDATE state SET revision = revision + 1 WHERE id = 1 RETURNING revision")
            .fetch_one(&mut *self.transaction)
            .await?;
        Ok(Change { revision: row.try_get(0)?, draft: self, audited: 0 })
    }
}

/// A change of data that is not yet permanent.
pub(crate) struct Change {
    draft: Draft,
    revision: i64,
    /// The number of entries that it has in the audit log.
    audited: i64,
}

impl Change {
    /// Makes the change permanent.
    pub(crate) async fn commit(self) -> Result<i64, StoreError> {
        self.draft.transaction.commit().await?;
        Ok(self.revision)
    }
}

/// Microseconds since 1970, which is what both databases can store and the official monitor's resolution.
pub(crate) fn micros(time: Timestamp) -> i64 {
    time.as_microsecond()
}

/// The time of a number of microseconds. One out of range, which was not stored by this program, is the nearest end.
pub(crate) fn time(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(if micros < 0 { Timestamp::MIN } else { Timestamp::MAX })
}
