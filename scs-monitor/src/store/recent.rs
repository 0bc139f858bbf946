//! The results that may count now or later.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use super::{Draft, NewReport, Store, StoreError, micros, time};

/// A result that may count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LatestResult {
    /// The version of the scope that it was given for; `*` for any.
    pub(crate) version: String,
    pub(crate) test_case: String,
    pub(crate) checked_at: Timestamp,
    /// 1, 0 or -1; `None` for a MISS.
    pub(crate) result: Option<i8>,
    /// The UUID of the report.
    pub(crate) report: String,
}

/// The recent results by subject and scope.
pub(crate) type LatestResults = BTreeMap<(String, String), Vec<LatestResult>>;

/// The rows of one statement; SQLite takes at most 32,766 values.
const ROWS: usize = 1_000;

impl Draft {
    /// Adds the results of a report to those that may count, and removes those that it supersedes.
    pub(crate) async fn insert_recent(
        &mut self,
        report: &NewReport,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let results: Vec<(&str, &str, Option<i8>)> = report
            .results
            .iter()
            .flat_map(|(version, cases)| {
                cases.iter().map(|(case, result)| (version.as_str(), case.as_str(), *result))
            })
            .collect();
        for results in results.chunks(ROWS) {
            let statement = insert_statement(results.len());
            let mut insert = sqlx::query(AssertSqlSafe(statement))
                .persistent(results.len() == ROWS)
                .bind(&report.subject)
                .bind(&report.scope)
                .bind(&report.uuid);
            for (version, case, result) in results {
                let time = micros(report.time_of(case));
                insert = insert.bind(*version).bind(*case).bind(time).bind(result.map(i64::from));
            }
            insert.execute(&mut *self.transaction).await?;
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
        self.insert_rules(report, now).await
    }
}

/// The statement that inserts a number of results; `QueryBuilder` writes `?`, which PostgreSQL does not read.
fn insert_statement(rows: usize) -> String {
    let row = |place: usize| {
        let first = 4 + 4 * place;
        format!("($1, $2, ${first}, ${}, ${}, ${}, $3)", first + 1, first + 2, first + 3)
    };
    let rows: Vec<String> = (0..rows).map(row).collect();
    // Of two results of the same time the topmost counts: FAIL, MISS (none), DNF, PASS.
    format!(
        "INSERT INTO recent_result (subject, scope, version, test_case, checked_at, result, report) VALUES {} \
         ON CONFLICT (subject, scope, version, test_case, checked_at) DO UPDATE \
         SET result = excluded.result, report = excluded.report \
         WHERE COALESCE(2 * excluded.result, -1) < COALESCE(2 * recent_result.result, -1)",
        rows.join(", ")
    )
}

impl Store {
    /// All recent results.
    pub(crate) async fn recent_results(&self) -> Result<LatestResults, StoreError> {
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
    ) -> Result<Vec<LatestResult>, StoreError> {
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

    /// The subjects and scopes that have new reports since a revision, one for each report.
    pub(crate) async fn changed_since(&self, revision: i64) -> Result<Vec<(String, String)>, StoreError> {
        // Without DISTINCT, for which SQLite would read all of another index.
        let rows = sqlx::query("SELECT subject, scope FROM report WHERE revision > $1")
            .bind(revision)
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }
}

fn collect(rows: &[AnyRow]) -> Result<LatestResults, StoreError> {
    let mut results = LatestResults::new();
    for row in rows {
        let result: Option<i64> = row.try_get(5)?;
        let recent = LatestResult {
            version: row.try_get(2)?,
            test_case: row.try_get(3)?,
            checked_at: time(row.try_get(4)?),
            result: result.map(|result| i8::try_from(result).unwrap_or(0)),
            report: row.try_get(6)?,
        };
        results.entry((row.try_get(0)?, row.try_get(1)?)).or_default().push(recent);
    }
    Ok(results)
}
