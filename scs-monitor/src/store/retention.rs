//! Deletes reports that are no longer needed.

use jiff::Timestamp;
use sqlx::Row;

use super::{Action, Actor, Store, StoreError, micros};

/// The reports of one transaction, so that other writers do not wait long.
const AT_ONCE: i64 = 200;

/// A day in microseconds.
const DAY: i64 = 86_400_000_000;

/// The days with newer reports without which nothing is deleted.
const LEAST_DAYS: i64 = 7;

impl Store {
    /// Deletes the reports of checks before a time, with their approvals, other than those with a result that may still count. Returns
    /// their number.
    ///
    /// If there are newer reports of fewer than seven days, nobody reports or the clock is wrong, and all of them stay.
    pub(crate) async fn delete_before(&self, before: Timestamp, now: Timestamp) -> Result<u64, StoreError> {
        let days = sqlx::query(
            "SELECT COUNT(DISTINCT checked_at / $3) FROM report WHERE checked_at BETWEEN $1 AND $2",
        )
        .bind(micros(before))
        .bind(micros(now))
        .bind(DAY)
        .fetch_one(&self.pool)
        .await?;
        if days.try_get::<i64, _>(0)? < LEAST_DAYS {
            return Ok(0);
        }
        let actor = Actor { account: "retention".to_owned(), address: None };
        let mut deleted = 0;
        loop {
            let mut change = self.change().await?;
            let rows = sqlx::query(
                "SELECT uuid FROM report WHERE checked_at < $1 \
                 AND NOT EXISTS (SELECT 1 FROM recent_result WHERE recent_result.report = report.uuid) \
                 AND NOT EXISTS (SELECT 1 FROM recent_rule WHERE recent_rule.report = report.uuid) \
                 ORDER BY checked_at LIMIT $2",
            )
            .bind(micros(before))
            .bind(AT_ONCE)
            .fetch_all(&mut *change.draft.transaction)
            .await?;
            if rows.is_empty() {
                return Ok(deleted);
            }
            for row in &rows {
                let uuid: &str = row.try_get(0)?;
                for statement in
                    ["DELETE FROM approval WHERE report = $1", "DELETE FROM report WHERE uuid = $1"]
                {
                    sqlx::query(statement).bind(uuid).execute(&mut *change.draft.transaction).await?;
                }
                change.audit(&actor, Action::Delete, uuid, now).await?;
                deleted += 1;
            }
            change.commit().await?;
        }
    }
}
