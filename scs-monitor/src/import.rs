//! Takes over the database of the official monitor.

use std::collections::{BTreeMap, HashMap};
use std::str::FromStr;

use jiff::Timestamp;
use serde_json::Value;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions, AnyRow};
use sqlx::{AnyPool, Row};
use thiserror::Error;

use crate::store::{Action, Actor, Approval, NewReport, Results, Store, StoreError, time};

/// The schema of the official monitor that can be read.
const SCHEMA: &str = "v4";

/// The number of reports in one transaction.
const BATCH: i64 = 1_000;

/// What an import has done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Imported {
    /// The number of reports that were stored.
    pub reports: usize,
    /// The number of reports that were already there.
    pub known: usize,
    /// The number of approvals that were set.
    pub approvals: usize,
    /// The reports that cannot be stored, with the reason.
    pub skipped: Vec<String>,
}

/// Error: the import stopped. What was stored before stays, and another import goes on from there.
#[derive(Debug, Error)]
#[error(transparent)]
pub struct ImportError(#[from] Cause);

#[derive(Debug, Error)]
enum Cause {
    #[error("cannot open the database of the official monitor: {0}")]
    Open(#[source] sqlx::Error),
    #[error("cannot read the database of the official monitor: {0}")]
    Read(#[from] sqlx::Error),
    #[error("the database has the schema {0}; only {SCHEMA} can be imported")]
    Schema(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Copies all reports and approvals of an official monitor (`postgres://…`) to a database. What is already there stays as it is, so a
/// second import changes nothing.
///
/// # Errors
///
/// If one of the databases cannot be reached, or the official one has another schema.
pub async fn import(from: &str, to: &str, now: Timestamp) -> Result<Imported, ImportError> {
    Ok(copy(from, to, now).await?)
}

async fn copy(from: &str, to: &str, now: Timestamp) -> Result<Imported, Cause> {
    let store = Store::open(to).await?;
    let options = AnyConnectOptions::from_str(from).map_err(Cause::Open)?;
    let pool = AnyPoolOptions::new().max_connections(1).connect_with(options).await.map_err(Cause::Open)?;
    let row = sqlx::query("SELECT value FROM meta WHERE key = 'version'").fetch_optional(&pool).await?;
    let schema: Option<String> = row.map(|row| row.try_get(0)).transpose()?;
    if schema.as_deref() != Some(SCHEMA) {
        return Err(Cause::Schema(schema.unwrap_or_else(|| "of no version".to_owned())));
    }
    let mut imported = Imported::default();
    let mut last = -1;
    loop {
        let rows = reports_after(&pool, last).await?;
        let Some(row) = rows.last() else { break };
        last = row.try_get(0)?;
        store_batch(&pool, &store, &rows, now, &mut imported).await?;
    }
    pool.close().await;
    store.close().await;
    Ok(imported)
}

/// Reports with their id, UUID, time and document, in the order of arrival.
async fn reports_after(pool: &AnyPool, last: i64) -> Result<Vec<AnyRow>, sqlx::Error> {
    // By the column and not by the number that is returned, since only the former has an index.
    let reports = "SELECT reportid::bigint, reportuuid, subject, \
         CASE WHEN isfinite(checked_at) THEN (EXTRACT(EPOCH FROM checked_at) * 1000000)::bigint END, data::text \
         FROM report WHERE reportid > $1 ORDER BY report.reportid LIMIT $2";
    sqlx::query(reports).bind(last).bind(BATCH).fetch_all(pool).await
}

/// The results of a report.
#[derive(Default)]
struct Rows {
    /// The UUID of the scope.
    scope: Option<String>,
    results: Results,
    /// The approvals that differ from what the result alone says.
    approvals: Vec<(String, String, bool)>,
}

async fn store_batch(
    pool: &AnyPool,
    store: &Store,
    rows: &[AnyRow],
    now: Timestamp,
    imported: &mut Imported,
) -> Result<(), Cause> {
    let first: i64 = rows.first().map_or(Ok(0), |row| row.try_get(0))?;
    let last: i64 = rows.last().map_or(Ok(0), |row| row.try_get(0))?;
    let mut results = results_between(pool, first, last).await?;
    let mut new = Vec::new();
    for row in rows {
        let id: i64 = row.try_get(0)?;
        match report(row, results.remove(&id).unwrap_or_default())? {
            Err(problem) => imported.skipped.push(format!("report {id}: {problem}")),
            Ok((report, _)) if store.has_report(&report.uuid).await? => imported.known += 1,
            Ok(report) => new.push(report),
        }
    }
    if new.is_empty() {
        return Ok(());
    }
    let actor = Actor { account: "import".to_owned(), address: None };
    let mut draft = store.draft().await?;
    for (report, _) in &new {
        draft.insert_recent(report, now).await?;
    }
    let mut change = draft.lock().await?;
    for (place, (report, approvals)) in new.iter().enumerate() {
        change.insert_report(report, place, now).await?;
        for approval in approvals {
            change.approve(approval).await?;
        }
        change.audit(&actor, Action::Import, &report.uuid, now).await?;
        imported.reports += 1;
        imported.approvals += approvals.len();
    }
    change.commit().await?;
    Ok(())
}

/// The results of the reports of a range of ids.
async fn results_between(pool: &AnyPool, first: i64, last: i64) -> Result<HashMap<i64, Rows>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT reportid::bigint, scopeuuid, version, testcase, result::bigint, approval FROM result2 \
         WHERE reportid BETWEEN $1 AND $2 ORDER BY resultid",
    )
    .bind(first)
    .bind(last)
    .fetch_all(pool)
    .await?;
    let mut results: HashMap<i64, Rows> = HashMap::new();
    for row in rows {
        let of_report = results.entry(row.try_get(0)?).or_default();
        let (version, test_case): (String, String) = (row.try_get(2)?, row.try_get(3)?);
        let result: Option<i64> = row.try_get(4)?;
        let approved: Option<bool> = row.try_get(5)?;
        of_report.scope = Some(row.try_get(1)?);
        // Other numbers count as passed there; nobody knows what they mean.
        let result =
            result.map(|number| i8::try_from(number).ok().filter(|it| (-1..=1).contains(it)).unwrap_or(0));
        if approved.unwrap_or(false) != (result == Some(1)) {
            of_report.approvals.push((version.clone(), test_case.clone(), approved.unwrap_or(false)));
        }
        of_report.results.entry(version).or_default().insert(test_case, result);
    }
    Ok(results)
}

type Report = (NewReport, Vec<Approval>);

/// A report with its approvals, or why it cannot be stored.
fn report(row: &AnyRow, rows: Rows) -> Result<Result<Report, String>, sqlx::Error> {
    let uuid: Option<String> = row.try_get(1)?;
    let subject: Option<String> = row.try_get(2)?;
    let checked_at: Option<i64> = row.try_get(3)?;
    let text: Option<String> = row.try_get(4)?;
    let Some(uuid) = uuid else { return Ok(Err("it has no UUID".to_owned())) };
    let Some(subject) = subject else { return Ok(Err("it has no subject".to_owned())) };
    let Some(checked_at) = checked_at else { return Ok(Err("it has no usable time".to_owned())) };
    let document: Value = match serde_json::from_str(text.as_deref().unwrap_or("null")) {
        Ok(document) => document,
        Err(error) => return Ok(Err(error.to_string())),
    };
    let scope =
        rows.scope.or_else(|| document.pointer("/spec/uuid").and_then(Value::as_str).map(str::to_owned));
    let Some(scope) = scope else { return Ok(Err("it has no scope".to_owned())) };
    let approvals = rows
        .approvals
        .into_iter()
        .map(|(version, test_case, approved)| Approval {
            report: uuid.clone(),
            scope: scope.clone(),
            version,
            test_case,
            approved,
        })
        .collect();
    let checked_at = time(checked_at);
    let report = NewReport {
        uuid,
        subject,
        scope,
        checked_at,
        results: rows.results,
        evidence: BTreeMap::new(),
        rules: Vec::new(),
        document,
    };
    Ok(Ok((report, approvals)))
}
