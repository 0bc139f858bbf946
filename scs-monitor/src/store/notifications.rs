//! Events that contacts get messages about, and their delivery.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::reports::CountedReport;
use super::{Change, Store, StoreError, micros, time};

/// A way to tell someone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Channel {
    Email,
    Webhook,
}

impl Channel {
    const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Webhook => "webhook",
        }
    }
}

/// An event to be stored.
#[derive(Clone, Debug)]
pub(crate) struct NewNotification {
    /// A UUID that follows from what it is about.
    pub(crate) id: String,
    pub(crate) subject: String,
    pub(crate) kind: &'static str,
    pub(crate) object: String,
    pub(crate) happened_at: Timestamp,
    pub(crate) body: Value,
}

/// A stored event.
#[derive(Clone, Debug)]
pub(crate) struct Notification {
    pub(crate) id: String,
    pub(crate) subject: String,
    pub(crate) created_at: Timestamp,
    pub(crate) body: Value,
    /// When and by whom.
    pub(crate) acknowledged: Option<(Timestamp, String)>,
}

/// An event to be delivered.
#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    pub(crate) notification: Notification,
    /// The number of attempts so far.
    pub(crate) attempts: i64,
}

/// How a delivery ended.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    Sent,
    /// It is tried again at a time.
    Later(Timestamp, String),
    /// It is given up.
    Failed(String),
}

/// The columns of an event.
macro_rules! columns {
    () => {
        "id, subject, created_at, body, acknowledged_at, acknowledged_by"
    };
}

fn notification(row: &AnyRow) -> Result<Notification, StoreError> {
    let (id, body): (String, String) = (row.try_get(0)?, row.try_get(3)?);
    let at: i64 = row.try_get(4)?;
    let by: String = row.try_get(5)?;
    let body = serde_json::from_str(&body).map_err(|error| StoreError::Unreadable {
        kind: "notification",
        key: id.clone(),
        problem: error.to_string(),
    })?;
    Ok(Notification {
        id,
        subject: row.try_get(1)?,
        created_at: time(row.try_get(2)?),
        body,
        acknowledged: (at != 0).then(|| (time(at), by)),
    })
}

impl Store {
    /// Takes or renews the right to look for events; returns the revision that was looked at last, or `None` if another
    /// instance has the right.
    pub(crate) async fn lease(
        &self,
        holder: &str,
        now: Timestamp,
        length: SignedDuration,
    ) -> Result<Option<i64>, StoreError> {
        let until = now.checked_add(length).unwrap_or(Timestamp::MAX);
        // A lease that ends much later was taken by a clock that was wrong.
        let too_late = until.checked_add(length).unwrap_or(Timestamp::MAX);
        let row = sqlx::query(
            "UPDATE lease SET holder = $1, held_until = $2 \
             WHERE name = 'notify' AND (holder = $1 OR held_until <= $3 OR held_until > $4) RETURNING revision",
        )
        .bind(holder)
        .bind(micros(until))
        .bind(micros(now))
        .bind(micros(too_late))
        .fetch_optional(&self.pool)
        .await?;
        row.map(|row| Ok(row.try_get(0)?)).transpose()
    }

    /// Remembers the revision that was looked at.
    pub(crate) async fn looked_at(&self, holder: &str, revision: i64) -> Result<(), StoreError> {
        sqlx::query("UPDATE lease SET revision = $1 WHERE name = 'notify' AND holder = $2")
            .bind(revision)
            .bind(holder)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// The verdicts that were last seen, by subject and scope.
    pub(crate) async fn followed(&self) -> Result<HashMap<(String, String), String>, StoreError> {
        let rows = sqlx::query("SELECT subject, scope, verdict FROM followed").fetch_all(&self.pool).await?;
        rows.iter().map(|row| Ok(((row.try_get(0)?, row.try_get(1)?), row.try_get(2)?))).collect()
    }

    /// Remembers a verdict.
    pub(crate) async fn follow(&self, subject: &str, scope: &str, verdict: &str) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO followed (subject, scope, verdict) VALUES ($1, $2, $3) \
             ON CONFLICT (subject, scope) DO UPDATE SET verdict = excluded.verdict",
        )
        .bind(subject)
        .bind(scope)
        .bind(verdict)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The last reports of a subject for a scope, newest first.
    pub(crate) async fn last_reports(
        &self,
        subject: &str,
        scope: &str,
        until: Timestamp,
        limit: i64,
    ) -> Result<Vec<CountedReport>, StoreError> {
        let rows = sqlx::query(
            "SELECT uuid, subject, scope, checked_at, results, evidence, rules FROM report \
             WHERE subject = $1 AND scope = $2 AND checked_at <= $3 ORDER BY checked_at DESC LIMIT $4",
        )
        .bind(subject)
        .bind(scope)
        .bind(micros(until))
        .bind(limit)
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(CountedReport::from_row).collect()
    }

    /// Whether there is an event of a kind about an object since a time.
    pub(crate) async fn is_notified_since(
        &self,
        subject: &str,
        kind: &str,
        object: &str,
        since: Timestamp,
    ) -> Result<bool, StoreError> {
        let row = sqlx::query(
            "SELECT 1 FROM notification WHERE subject = $1 AND kind = $2 AND object = $3 \
             AND happened_at >= $4 LIMIT 1",
        )
        .bind(subject)
        .bind(kind)
        .bind(object)
        .bind(micros(since))
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.is_some())
    }

    /// Stores an event with its deliveries; one that is already there is not stored again. Returns whether it is new.
    pub(crate) async fn notify(
        &self,
        new: &NewNotification,
        channels: &[Channel],
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.pool.begin().await?;
        let outcome = sqlx::query(
            "INSERT INTO notification (id, subject, kind, object, happened_at, created_at, body) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING",
        )
        .bind(&new.id)
        .bind(&new.subject)
        .bind(new.kind)
        .bind(&new.object)
        .bind(micros(new.happened_at))
        .bind(micros(now))
        .bind(new.body.to_string())
        .execute(&mut *transaction)
        .await?;
        if outcome.rows_affected() == 0 {
            return Ok(false);
        }
        for channel in channels {
            sqlx::query(
                "INSERT INTO delivery (notification, channel, state, attempts, next_at, claimed_until, problem) \
                 VALUES ($1, $2, 'pending', 0, $3, 0, '')",
            )
            .bind(&new.id)
            .bind(channel.name())
            .bind(micros(now))
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// Claims deliveries that are due, so that no other instance works on them until a time.
    pub(crate) async fn claim(
        &self,
        channel: Channel,
        now: Timestamp,
        until: Timestamp,
        limit: i64,
    ) -> Result<Vec<Delivery>, StoreError> {
        let rows = sqlx::query(concat!(
            "SELECT ",
            columns!(),
            ", attempts FROM delivery JOIN notification ON id = notification \
             WHERE state = 'pending' AND channel = $1 AND next_at <= $2 AND claimed_until <= $2 \
             ORDER BY next_at LIMIT $3"
        ))
        .bind(channel.name())
        .bind(micros(now))
        .bind(limit)
        .fetch_all(&self.pool)
        .await?;
        let mut claimed = Vec::new();
        for row in &rows {
            let notification = notification(row)?;
            // Another instance may have tried it meanwhile.
            let outcome = sqlx::query(
                "UPDATE delivery SET claimed_until = $1 WHERE notification = $2 AND channel = $3 \
                 AND state = 'pending' AND next_at <= $4 AND claimed_until <= $4",
            )
            .bind(micros(until))
            .bind(&notification.id)
            .bind(channel.name())
            .bind(micros(now))
            .execute(&self.pool)
            .await?;
            if outcome.rows_affected() == 1 {
                claimed.push(Delivery { notification, attempts: row.try_get(6)? });
            }
        }
        Ok(claimed)
    }

    /// Records how a claimed delivery ended.
    pub(crate) async fn delivered(
        &self,
        id: &str,
        channel: Channel,
        outcome: &Outcome,
    ) -> Result<(), StoreError> {
        let (state, next_at, problem) = match outcome {
            Outcome::Sent => ("sent", 0, ""),
            Outcome::Later(at, problem) => ("pending", micros(*at), problem.as_str()),
            Outcome::Failed(problem) => ("failed", 0, problem.as_str()),
        };
        sqlx::query(
            "UPDATE delivery SET state = $1, next_at = $2, problem = $3, attempts = attempts + 1, \
             claimed_until = 0 WHERE notification = $4 AND channel = $5",
        )
        .bind(state)
        .bind(next_at)
        .bind(problem)
        .bind(id)
        .bind(channel.name())
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The events of a subject, or of all, newest first.
    pub(crate) async fn notifications(
        &self,
        subject: Option<&str>,
        limit: i64,
        skip: i64,
    ) -> Result<Vec<Notification>, StoreError> {
        let rows = match subject {
            Some(subject) => {
                sqlx::query(concat!(
                    "SELECT ",
                    columns!(),
                    " FROM notification WHERE subject = $1 \
                     ORDER BY created_at DESC, id LIMIT $2 OFFSET $3"
                ))
                .bind(subject)
                .bind(limit)
                .bind(skip)
                .fetch_all(&self.pool)
                .await?
            }
            None => {
                sqlx::query(concat!(
                    "SELECT ",
                    columns!(),
                    " FROM notification ORDER BY created_at DESC, id LIMIT $1 OFFSET $2"
                ))
                .bind(limit)
                .bind(skip)
                .fetch_all(&self.pool)
                .await?
            }
        };
        rows.iter().map(notification).collect()
    }

    /// The subject of an event.
    pub(crate) async fn subject_of_notification(&self, id: &str) -> Result<Option<String>, StoreError> {
        let row = sqlx::query("SELECT subject FROM notification WHERE id = $1")
            .bind(id)
            .fetch_optional(&self.pool)
            .await?;
        row.map(|row| Ok(row.try_get(0)?)).transpose()
    }
}

impl Change {
    /// Acknowledges an event, which also stops what was not delivered yet. The first one who does it counts.
    pub(crate) async fn acknowledge(
        &mut self,
        id: &str,
        account: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE notification SET acknowledged_at = $1, acknowledged_by = $2 \
             WHERE id = $3 AND acknowledged_at = 0",
        )
        .bind(micros(now))
        .bind(account)
        .bind(id)
        .execute(&mut *self.draft.transaction)
        .await?;
        sqlx::query(
            "UPDATE delivery SET state = 'failed', problem = 'acknowledged before it was sent' \
             WHERE notification = $1 AND state = 'pending'",
        )
        .bind(id)
        .execute(&mut *self.draft.transaction)
        .await?;
        Ok(())
    }
}
