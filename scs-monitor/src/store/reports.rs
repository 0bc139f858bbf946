//! Reports as they came in.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;
use sqlx::Row;
use sqlx::any::AnyRow;
use uuid::Uuid;

use super::{Change, RuleAnswer, Store, StoreError, micros, time};

/// The results of a report: by version of the scope, then by test case. The version `*` stands for all. A result is 1, 0 or -1, or
/// `None` for a MISS.
pub(crate) type Results = BTreeMap<String, BTreeMap<String, Option<i8>>>;

/// A report to be stored.
#[derive(Clone, Debug)]
pub(crate) struct NewReport {
    /// The UUID of its run.
    pub(crate) uuid: String,
    pub(crate) subject: String,
    /// The UUID of the scope.
    pub(crate) scope: String,
    pub(crate) checked_at: Timestamp,
    pub(crate) results: Results,
    /// The times of results that are older than the report, by test case.
    pub(crate) evidence: BTreeMap<String, Timestamp>,
    /// The answers of rules that none of its test cases covers.
    pub(crate) rules: Vec<RuleAnswer>,
    /// The report as JSON.
    pub(crate) document: Value,
}

/// What lists of reports show of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredReport {
    pub(crate) uuid: String,
    pub(crate) subject: String,
    pub(crate) scope: String,
    pub(crate) checked_at: Timestamp,
    pub(crate) results: Results,
}

impl StoredReport {
    /// Reads the columns `uuid, subject, scope, checked_at, results`.
    pub(super) fn from_row(row: &AnyRow) -> Result<Self, StoreError> {
        let uuid: String = row.try_get(0)?;
        let results: String = row.try_get(4)?;
        let results = serde_json::from_str(&results).map_err(|error| StoreError::Unreadable {
            kind: "list of results",
            key: uuid.clone(),
            problem: error.to_string(),
        })?;
        Ok(Self {
            uuid,
            subject: row.try_get(1)?,
            scope: row.try_get(2)?,
            checked_at: time(row.try_get(3)?),
            results,
        })
    }
}

impl NewReport {
    /// The time of the result of a test case.
    pub(super) fn time_of(&self, test_case: &str) -> Timestamp {
        self.evidence.get(test_case).copied().unwrap_or(self.checked_at)
    }
}

/// A report with everything that counts.
#[derive(Clone, Debug)]
pub(crate) struct CountedReport {
    pub(crate) report: StoredReport,
    /// The times of results that are older than the report, by test case.
    pub(crate) evidence: BTreeMap<String, Timestamp>,
    /// The answers of rules that none of its test cases covers.
    pub(crate) rules: Vec<RuleAnswer>,
}

/// A report and the time of its check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReportTime {
    pub(crate) uuid: String,
    pub(crate) checked_at: Timestamp,
}

/// A report with its document.
#[derive(Clone, Debug)]
pub(crate) struct StoredCheck {
    pub(crate) counted: CountedReport,
    pub(crate) document: Value,
}

impl CountedReport {
    /// Reads the columns `uuid, subject, scope, checked_at, results, evidence, rules`.
    pub(super) fn from_row(row: &AnyRow) -> Result<Self, StoreError> {
        let report = StoredReport::from_row(row)?;
        let (evidence, rules): (String, String) = (row.try_get(5)?, row.try_get(6)?);
        let unreadable = |error: serde_json::Error| StoreError::Unreadable {
            kind: "list of results",
            key: report.uuid.clone(),
            problem: error.to_string(),
        };
        let evidence: BTreeMap<String, i64> = serde_json::from_str(&evidence).map_err(unreadable)?;
        let rules = serde_json::from_str(&rules).map_err(unreadable)?;
        Ok(Self {
            evidence: evidence.into_iter().map(|(case, at)| (case, time(at))).collect(),
            rules,
            report,
        })
    }
}

impl Change {
    /// Stores a report.
    ///
    /// # Errors
    ///
    /// If one with its UUID is already there.
    pub(crate) async fn insert_report(
        &mut self,
        report: &NewReport,
        place: usize,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let results = serde_json::to_string(&report.results).unwrap_or_default();
        let evidence: BTreeMap<&String, i64> =
            report.evidence.iter().map(|(case, at)| (case, micros(*at))).collect();
        let outcome = sqlx::query(
            "INSERT INTO report (uuid, revision, place, subject, scope, checked_at, received_at, results, document, \
             evidence, rules) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (uuid) DO NOTHING",
        )
        .bind(&report.uuid)
        .bind(self.revision)
        .bind(i64::try_from(place).unwrap_or(i64::MAX))
        .bind(&report.subject)
        .bind(&report.scope)
        .bind(micros(report.checked_at))
        .bind(micros(now))
        .bind(results)
        .bind(report.document.to_string())
        .bind(serde_json::to_string(&evidence).unwrap_or_default())
        .bind(serde_json::to_string(&report.rules).unwrap_or_default())
        .execute(&mut *self.draft.transaction)
        .await?;
        if outcome.rows_affected() == 0 {
            return Err(StoreError::Duplicate(report.uuid.clone()));
        }
        Ok(())
    }
}

/// The condition for a report: its UUID as given, which imported ones may have, or in its usual form.
macro_rules! by_uuid {
    () => {
        "uuid IN ($1, $2) ORDER BY CASE WHEN uuid = $1 THEN 0 ELSE 1 END LIMIT 1"
    };
}

/// The usual form of a UUID; another text is left as it is.
fn usual(uuid: &str) -> String {
    Uuid::try_parse(uuid).map_or_else(|_| uuid.to_owned(), |uuid| uuid.to_string())
}

impl Store {
    /// The subject and the document of a report.
    pub(crate) async fn report(&self, uuid: &str) -> Result<Option<(String, Value)>, StoreError> {
        let row = sqlx::query(concat!("SELECT subject, document FROM report WHERE ", by_uuid!()))
            .bind(uuid)
            .bind(usual(uuid))
            .fetch_optional(&self.pool)
            .await?;
        row.map(|row| Ok((row.try_get(0)?, document(uuid, &row)?))).transpose()
    }

    /// Whether there is a report with a UUID.
    pub(crate) async fn has_report(&self, uuid: &str) -> Result<bool, StoreError> {
        let row =
            sqlx::query("SELECT 1 FROM report WHERE uuid = $1").bind(uuid).fetch_optional(&self.pool).await?;
        Ok(row.is_some())
    }

    /// A report with its document.
    pub(crate) async fn check(&self, uuid: &str) -> Result<Option<StoredCheck>, StoreError> {
        let row = sqlx::query(concat!(
            "SELECT uuid, subject, scope, checked_at, results, evidence, rules, document FROM report WHERE ",
            by_uuid!()
        ))
        .bind(uuid)
        .bind(usual(uuid))
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let text: String = row.try_get(7)?;
        let document = read_document(uuid, &text)?;
        Ok(Some(StoredCheck { counted: CountedReport::from_row(&row)?, document }))
    }

    /// The documents of the reports of a subject, or of all, in the order of arrival.
    pub(crate) async fn reports(
        &self,
        subject: Option<&str>,
        limit: i64,
        skip: i64,
    ) -> Result<Vec<Value>, StoreError> {
        let rows = match subject {
            Some(subject) => sqlx::query(
                "SELECT uuid, document FROM report WHERE subject = $1 ORDER BY revision, place LIMIT $2 OFFSET $3",
            )
            .bind(subject),
            None => {
                sqlx::query("SELECT uuid, document FROM report ORDER BY revision, place LIMIT $1 OFFSET $2")
            }
        };
        let rows = rows.bind(limit).bind(skip).fetch_all(&self.pool).await?;
        rows.iter()
            .map(|row| {
                let uuid: String = row.try_get(0)?;
                document(&uuid, row)
            })
            .collect()
    }

    /// The reports of a subject for a scope that were made within a period, oldest first.
    pub(crate) async fn reports_between(
        &self,
        subject: &str,
        scope: &str,
        from: Timestamp,
    ) -> Result<Vec<CountedReport>, StoreError> {
        let rows = sqlx::query(
            "SELECT uuid, subject, scope, checked_at, results, evidence, rules FROM report \
             WHERE subject = $1 AND scope = $2 AND checked_at >= $3 ORDER BY checked_at",
        )
        .bind(subject)
        .bind(scope)
        .bind(micros(from))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(CountedReport::from_row).collect()
    }

    /// The times of the reports of a subject for a scope that were made within a period, oldest first.
    pub(crate) async fn report_times(
        &self,
        subject: &str,
        scope: &str,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<ReportTime>, StoreError> {
        let rows = sqlx::query(
            "SELECT uuid, checked_at FROM report \
             WHERE subject = $1 AND scope = $2 AND checked_at >= $3 AND checked_at <= $4 ORDER BY checked_at, uuid",
        )
        .bind(subject)
        .bind(scope)
        .bind(micros(from))
        .bind(micros(to))
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| Ok(ReportTime { uuid: row.try_get(0)?, checked_at: time(row.try_get(1)?) }))
            .collect()
    }
}

/// The second column, which is a report.
fn document(uuid: &str, row: &AnyRow) -> Result<Value, StoreError> {
    let text: String = row.try_get(1)?;
    read_document(uuid, &text)
}

fn read_document(uuid: &str, text: &str) -> Result<Value, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Unreadable {
        kind: "report",
        key: uuid.to_owned(),
        problem: error.to_string(),
    })
}
