//! Approvals of results, and the list of recent results with them.

use std::collections::HashMap;

use jiff::Timestamp;
use sqlx::Row;

use super::reports::StoredReport;
use super::{Change, Store, StoreError, micros};

/// A result in the list of recent results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ListedResult {
    pub(crate) report: String,
    pub(crate) subject: String,
    pub(crate) checked_at: Timestamp,
    pub(crate) scope: String,
    pub(crate) version: String,
    pub(crate) test_case: String,
    pub(crate) result: Option<i8>,
    pub(crate) approved: bool,
}

/// The approval of a result, to be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Approval {
    pub(crate) report: String,
    pub(crate) scope: String,
    pub(crate) version: String,
    pub(crate) test_case: String,
    pub(crate) approved: bool,
}

/// The key of an approval.
type Key = (String, String, String, String);

impl Store {
    /// The results of reports made after a time, oldest first: all, or those of an approval state.
    pub(crate) async fn results_since(
        &self,
        since: Timestamp,
        approved: Option<bool>,
        limit: usize,
        skip: usize,
    ) -> Result<Vec<ListedResult>, StoreError> {
        let set = self.approvals_since(since).await?;
        let rows = sqlx::query(
            "SELECT uuid, subject, scope, checked_at, results FROM report WHERE checked_at > $1 \
             ORDER BY checked_at, revision, place",
        )
        .bind(micros(since))
        .fetch_all(&self.pool)
        .await?;
        let mut results = Vec::new();
        let mut left = skip;
        'reports: for row in &rows {
            for result in listed(StoredReport::from_row(row)?, &set) {
                if approved.is_some_and(|approved| approved != result.approved) {
                    continue;
                }
                if results.len() == limit {
                    break 'reports;
                }
                if left > 0 {
                    left -= 1;
                } else {
                    results.push(result);
                }
            }
        }
        Ok(results)
    }

    /// The approvals set for reports made after a time.
    async fn approvals_since(&self, since: Timestamp) -> Result<HashMap<Key, bool>, StoreError> {
        let rows = sqlx::query(
            "SELECT approval.report, approval.scope, approval.version, approval.test_case, approval.approved \
             FROM approval JOIN report ON report.uuid = approval.report WHERE report.checked_at > $1",
        )
        .bind(micros(since))
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                let approved: i64 = row.try_get(4)?;
                Ok(((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?), approved != 0))
            })
            .collect()
    }
}

/// The results of a report; a PASS is approved by itself.
fn listed(report: StoredReport, set: &HashMap<Key, bool>) -> impl Iterator<Item = ListedResult> {
    let StoredReport { uuid, subject, scope, checked_at, results } = report;
    results.into_iter().flat_map(move |(version, cases)| {
        let (uuid, subject, scope) = (uuid.clone(), subject.clone(), scope.clone());
        cases.into_iter().map(move |(test_case, result)| {
            let key = (uuid.clone(), scope.clone(), version.clone(), test_case.clone());
            ListedResult {
                report: uuid.clone(),
                subject: subject.clone(),
                checked_at,
                scope: scope.clone(),
                version: version.clone(),
                approved: set.get(&key).copied().unwrap_or(result == Some(1)),
                test_case,
                result,
            }
        })
    })
}

impl Change {
    /// Sets the approval of a result; returns whether there is such a result.
    pub(crate) async fn approve(&mut self, approval: &Approval) -> Result<bool, StoreError> {
        let row = sqlx::query("SELECT uuid, subject, scope, checked_at, results FROM report WHERE uuid = $1")
            .bind(&approval.report)
            .fetch_optional(&mut *self.draft.transaction)
            .await?;
        let Some(row) = row else { return Ok(false) };
        let report = StoredReport::from_row(&row)?;
        let cases = report.results.get(&approval.version);
        let is_there =
            report.scope == approval.scope && cases.is_some_and(|it| it.contains_key(&approval.test_case));
        if is_there {
            sqlx::query(
                "INSERT INTO approval (report, scope, version, test_case, approved) \
                 VALUES ($1, $2, $3, $4, $5) ON CONFLICT (report, scope, version, test_case) \
                 DO UPDATE SET approved = excluded.approved",
            )
            .bind(&approval.report)
            .bind(&approval.scope)
            .bind(&approval.version)
            .bind(&approval.test_case)
            .bind(i64::from(approval.approved))
            .execute(&mut *self.draft.transaction)
            .await?;
        }
        Ok(is_there)
    }
}
