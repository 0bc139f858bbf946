//! The answers of rules that may count now or later. By the text of the standards, a violated MUST decides even if no test case looks.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use super::{Draft, NewReport, Store, StoreError, micros, time};

/// The answer of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RuleAnswer {
    /// The document that states the rule.
    pub(crate) document: String,
    pub(crate) rule: String,
    /// The time of the evidence, in microseconds since 1970.
    checked_at: i64,
    /// 1, 0 or -1.
    pub(crate) result: i8,
}

impl RuleAnswer {
    /// An answer.
    pub(crate) fn new(document: String, rule: String, checked_at: Timestamp, result: i8) -> Self {
        Self { document, rule, checked_at: micros(checked_at), result }
    }

    /// What it is an answer to, and when.
    pub(crate) fn key(&self) -> (&str, &str, i64) {
        (&self.document, &self.rule, self.checked_at)
    }

    /// The time of the evidence.
    pub(crate) fn checked_at(&self) -> Timestamp {
        time(self.checked_at)
    }
}

/// The answers by subject and scope.
pub(crate) type RecentRules = BTreeMap<(String, String), Vec<RuleAnswer>>;

/// The rows of one statement; SQLite takes at most 32,766 values.
const ROWS: usize = 1_000;

impl Draft {
    /// Adds the answers of a report to those that may count, and removes those that it supersedes.
    pub(super) async fn insert_rules(
        &mut self,
        report: &NewReport,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        for answers in report.rules.chunks(ROWS) {
            let mut insert = sqlx::query(AssertSqlSafe(insert_statement(answers.len())))
                .persistent(answers.len() == ROWS)
                .bind(&report.subject)
                .bind(&report.scope)
                .bind(&report.uuid);
            for answer in answers {
                insert = insert
                    .bind(&answer.document)
                    .bind(&answer.rule)
                    .bind(answer.checked_at)
                    .bind(i64::from(answer.result));
            }
            insert.execute(&mut *self.transaction).await?;
        }
        if report.rules.is_empty() {
            return Ok(());
        }
        sqlx::query(
            "DELETE FROM recent_rule WHERE subject = $1 AND scope = $2 AND checked_at < ( \
                 SELECT MAX(newer.checked_at) FROM recent_rule AS newer \
                 WHERE newer.subject = recent_rule.subject AND newer.scope = recent_rule.scope \
                 AND newer.document = recent_rule.document AND newer.rule = recent_rule.rule \
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

/// The statement that inserts a number of answers; `QueryBuilder` writes `?`, which PostgreSQL does not read.
fn insert_statement(rows: usize) -> String {
    let row = |place: usize| {
        let first = 4 + 4 * place;
        format!("($1, $2, ${first}, ${}, ${}, ${}, $3)", first + 1, first + 2, first + 3)
    };
    let rows: Vec<String> = (0..rows).map(row).collect();
    // Of two answers of the same time the topmost counts.
    format!(
        "INSERT INTO recent_rule (subject, scope, document, rule, checked_at, result, report) VALUES {} \
         ON CONFLICT (subject, scope, document, rule, checked_at) DO UPDATE \
         SET result = excluded.result, report = excluded.report \
         WHERE excluded.result < recent_rule.result",
        rows.join(", ")
    )
}

impl Store {
    /// All recent answers of rules.
    pub(crate) async fn recent_rules(&self) -> Result<RecentRules, StoreError> {
        let rows = sqlx::query("SELECT subject, scope, document, rule, checked_at, result FROM recent_rule")
            .fetch_all(&self.pool)
            .await?;
        let mut rules = RecentRules::new();
        for row in &rows {
            rules.entry((row.try_get(0)?, row.try_get(1)?)).or_default().push(answer(row)?);
        }
        Ok(rules)
    }

    /// The recent answers for a subject and a scope.
    pub(crate) async fn recent_rules_of(
        &self,
        subject: &str,
        scope: &str,
    ) -> Result<Vec<RuleAnswer>, StoreError> {
        let rows = sqlx::query(
            "SELECT subject, scope, document, rule, checked_at, result FROM recent_rule \
             WHERE subject = $1 AND scope = $2",
        )
        .bind(subject)
        .bind(scope)
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(answer).collect()
    }
}

fn answer(row: &AnyRow) -> Result<RuleAnswer, StoreError> {
    let result: i64 = row.try_get(5)?;
    Ok(RuleAnswer {
        document: row.try_get(2)?,
        rule: row.try_get(3)?,
        checked_at: row.try_get(4)?,
        result: i8::try_from(result).unwrap_or(0),
    })
}
