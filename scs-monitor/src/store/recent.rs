//! The results that may count now or later.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{Any, QueryBuilder, Row};

use super::{Change, NewReport, Store, StoreError, micros, time};

/// A result that may count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RecentResult {
    /// The version of the scope that it was given for; `*` for any.
    pub(crate) version: String,
    pub(crate) test_case: String,
    pub(crate) checked_at: Timestamp,
    /// 1, 0 or -1.
    pub(crate) result: i8,
    /// The UUID of the report.
    pub(crate) report: String,
}

/// The recent results by subject and scope.
pub(crate) type RecentResults = BTreeMap<(String, String), Vec<RecentResult>>;

/// The rows of one statement; SQLite takes at most 32,766 values.
const ROWS: usize = 1_000;

impl Change {
    /// Adds the results of a report to those that may count, and removes those that it supersedes.
    pub(crate) async fn insert_recent(
        &mut self,
        report: &NewReport,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let results: Vec<(&str, &str, i8)> = report
            .results
            .iter()
            .flat_map(|(version, cases)| {
                cases.iter().filter_map(|(case, result)| Some((version.as_str(), case.as_str(), (*result)?)))
            })
            .collect();
        for results in results.chunks(ROWS) {
            let mut insert = QueryBuilder::<Any>::new(
                "INSERT INTO recent_result (subject, scope, version, test_case, checked_at, result, report) ",
            );
            insert.push_values(results, |mut row, (version, case, result)| {
                row.push_bind(&report.subject)
                    .push_bind(&report.scope)
                    .push_bind(*version)
                    .push_bind(*case)
                    .push_bind(micros(report.checked_at))
                    .push_bind(i64::from(*result))
                    .push_bind(&report.uuid);
            });
            // Of two results of the same time the topmost counts.
            insert.push(
                " ON CONFLICT (subject, scope, version, test_case, checked_at) DO UPDATE \
                 SET result = excluded.result, report = excluded.report \
                 WHERE excluded.result < recent_result.result",
            );
            insert.build().execute(&mut *self.transaction).await?;
        }
        // A result of the future supersedes nothing yet.
        sqlx::query(
            "DELETE FROM recent_result WHERE subject = $1 AND scope = $2 AND checked_at < ( \
                 SELECT MAX(newer.checked_at) FROM recent_result AS newer \
                 WHERE newer.subject = recent_result.subject AND newer.scope = recent_result.scope \
                 AND newer.version = recent_result.version AND newer.test_case = recent_result.test_case \
                 AND newer.checked_at <= $3)",
        )
        .bind(&report.subject)
        .bind(&report.scope)
        .bind(micros(now))
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }
}

impl Store {
    /// All recent results.
    pub(crate) async fn recent_results(&self) -> Result<RecentResults, StoreError> {
        let rows = sqlx::query(
            "SELECT subject, scope, version, test_case, checked_at, result, report FROM recent_result \
             ORDER BY subject, scope, version, test_case, checked_at",
        )
        .fetch_all(&self.pool)
        .await?;
        collect(&rows)
    }

    /// The recent results of a subject for a scope.
    pub(crate) async fn recent_results_of(
        &self,
        subject: &str,
        scope: &str,
    ) -> Result<Vec<RecentResult>, StoreError> {
        let rows = sqlx::query(
            "SELECT subject, scope, version, test_case, checked_at, result, report FROM recent_result \
             WHERE subject = $1 AND scope = $2 ORDER BY version, test_case, checked_at",
        )
        .bind(subject)
        .bind(scope)
        .fetch_all(&self.pool)
        .await?;
        Ok(collect(&rows)?.into_values().next().unwrap_or_default())
    }

    /// The subjects and scopes that have new reports since a revision.
    pub(crate) async fn changed_since(&self, revision: i64) -> Result<Vec<(String, String)>, StoreError> {
        let rows = sqlx::query("SELECT DISTINCT subject, scope FROM report WHERE revision > $1")
            .bind(revision)
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }
}

fn collect(rows: &[AnyRow]) -> Result<RecentResults, StoreError> {
    let mut results = RecentResults::new();
    for row in rows {
        let result: i64 = row.try_get(5)?;
        let recent = RecentResult {
            version: row.try_get(2)?,
            test_case: row.try_get(3)?,
            checked_at: time(row.try_get(4)?),
            result: i8::try_from(result).unwrap_or(0),
            report: row.try_get(6)?,
        };
        results.entry((row.try_get(0)?, row.try_get(1)?)).or_default().push(recent);
    }
    Ok(results)
}
