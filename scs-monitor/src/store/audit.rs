//! The audit log: every change of data, by whom and from where.

use std::net::IpAddr;

use jiff::Timestamp;

use super::{Change, StoreError, micros};

/// Who changes data.
#[derive(Clone, Debug)]
pub(crate) struct Actor {
    /// The account, or the part of the program.
    pub(crate) account: String,
    /// The address of the client; `None` for the program itself.
    pub(crate) address: Option<IpAddr>,
}

/// A kind of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// A report was stored.
    Report,
    /// A result was approved, or its approval was withdrawn.
    Approve,
    /// A notification was acknowledged.
    Acknowledge,
    /// A report of another database was stored.
    Import,
    /// A report was deleted because of its age.
    Delete,
}

impl Action {
    const fn name(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Approve => "approve",
            Self::Acknowledge => "acknowledge",
            Self::Import => "import",
            Self::Delete => "delete",
        }
    }
}

impl Change {
    /// Adds an entry to the audit log.
    pub(crate) async fn audit(
        &mut self,
        actor: &Actor,
        action: Action,
        object: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO audit (revision, place, at, account, address, action, object) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(self.revision)
        .bind(self.audited)
        .bind(micros(now))
        .bind(&actor.account)
        .bind(actor.address.map(|address| address.to_string()).unwrap_or_default())
        .bind(action.name())
        .bind(object)
        .execute(&mut *self.draft.transaction)
        .await?;
        self.audited += 1;
        Ok(())
    }
}
