//! `scs certificate evaluate`: do results suffice, and until when?

use std::collections::BTreeMap;
use std::fmt::Write as _;

use clap::Args;
use jiff::Timestamp;
use schemars::JsonSchema;
use scs_certificates::report::{Report, merge};
use scs_certificates::{Evaluation, EvaluationOptions, GivenResult, Scope, VersionOutcome, evaluate};
use scs_standards::Verdict;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Outcome;
use crate::cli::Common;
use crate::failure::Failure;
use crate::files;
use crate::input::Source;
use crate::listing::{self, Format};
use crate::table::counted;

/// `scs certificate evaluate`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  scs certificate evaluate --scope scs-compatible-iaas --results report.yaml
  scs certificate evaluate --scope scs-compatible-kaas --results results.json --at 2026-12-31

Results are a mapping from test case to PASS, FAIL, DNF or to {\"result\": …, \"checked_at\": …}, or reports of the official
suite. A result that is older than its lifetime counts as MISS.
Exit status: 0 the verdict is PASS, 1 it is not, 2 a file could not be read.")]
pub(crate) struct Evaluate {
    /// The scope, by name or as a file
    #[arg(long, value_name = "NAME|FILE")]
    scope: String,

    /// The results; several reports are merged
    #[arg(long, value_name = "FILE", required = true, num_args = 1..)]
    results: Vec<Source>,

    /// Let drafts count as passed
    #[arg(long)]
    include_drafts: bool,

    /// How to print
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// What `scs certificate evaluate -f json` prints.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "scs/evaluation/1", description = "What `scs certificate evaluate -f json` prints.")]
pub(crate) struct EvaluationDocument<'a> {
    #[schemars(extend("const" = "scs/evaluation/1"))]
    schema: &'static str,
    scope: ScopeHead<'a>,
    #[schemars(extend("format" = "date-time"))]
    at: String,
    /// Every version of the scope.
    versions: BTreeMap<&'a str, &'a VersionOutcome>,
    /// The versions that were passed, the newest first.
    passed: &'a [String],
    /// The newest one of them that can be certified against.
    best: Option<&'a str>,
    verdict: Verdict,
    /// When the verdict next changes by expiry or timeline alone.
    #[schemars(extend("format" = "date-time"))]
    changes_at: Option<String>,
    /// What is odd about the results.
    warnings: &'a [String],
}

/// The scope.
#[derive(Debug, Serialize, JsonSchema)]
struct ScopeHead<'a> {
    name: &'a str,
    uuid: &'a str,
}

/// A result in a file of results.
#[derive(Deserialize)]
#[serde(untagged)]
enum ResultEntry {
    Word(String),
    Dated { result: String, checked_at: Option<Timestamp> },
}

impl Evaluate {
    pub(super) fn run(&self, common: &Common) -> Result<Outcome, Failure> {
        let scope = crate::check::scope(&self.scope)?;
        let at = crate::at::now(common.at);
        let mut results: BTreeMap<String, GivenResult> = BTreeMap::new();
        let mut warnings = Vec::new();
        let mut reports = Vec::new();
        for source in &self.results {
            match read(source)? {
                Read::Reports(more) => reports.extend(more),
                Read::Results(given, odd) => {
                    results.extend(given);
                    warnings.extend(odd);
                }
            }
        }
        if !reports.is_empty() {
            warnings.extend(
                reports
                    .iter()
                    .filter(|report| report.scope.uuid != scope.uuid())
                    .map(|report| format!("the report {} is about {}", report.run, report.scope.name)),
            );
            let card = merge(&reports, &[], Some(&scope)).map_err(|error| Failure::new(error.to_string()))?;
            warnings.extend(card.warnings);
            results.extend(card.results.into_iter().map(|(id, scored)| {
                (id, GivenResult { result: scored.result, checked_at: Some(scored.valid_from) })
            }));
        }
        let mut options = EvaluationOptions::new(common.profile());
        options.include_drafts = self.include_drafts;
        let mut evaluation = evaluate(&scope, &results, at, options);
        for warning in warnings {
            if !evaluation.warnings.contains(&warning) {
                evaluation.warnings.push(warning);
            }
        }
        let document = document(&scope, &evaluation, at);
        listing::print_with(
            common,
            self.format,
            &document,
            || in_words(&scope, &evaluation, at),
            || as_markdown(&scope, &evaluation, at),
        )?;
        Ok(Outcome::fine_if(evaluation.verdict == Verdict::Pass))
    }
}

enum Read {
    Reports(Vec<Report>),
    Results(BTreeMap<String, GivenResult>, Vec<String>),
}

/// Reads reports, or a mapping of results.
fn read(source: &Source) -> Result<Read, Failure> {
    let name = source.name();
    let text = files::text(source.open()?, files::WRITTEN)?;
    let unusable = |message: String| {
        Failure::new(format!("{name}: {message}")).hint(
            "results are a mapping such as `{\"scs-0100-syntax-check\": \"PASS\"}`, or a report of the official suite",
        )
    };
    let value: Value = match serde_saphyr::from_multiple::<Value>(&text) {
        Ok(mut documents) if documents.len() == 1 => documents.remove(0),
        // Several documents are several reports.
        Ok(_) => Value::Null,
        Err(error) => {
            let error = error.to_string();
            return Err(unusable(error.lines().next().unwrap_or_default().to_owned()));
        }
    };
    let is_report = value.is_null() || value.get("spec").is_some() || value.get("run").is_some();
    if is_report {
        return Report::read_all(&text).map(Read::Reports).map_err(|error| unusable(error.to_string()));
    }
    let Value::Object(entries) = value else {
        return Err(unusable("neither a mapping of results nor a report".to_owned()));
    };
    let mut results = BTreeMap::new();
    let mut odd = Vec::new();
    for (id, entry) in entries {
        let given = serde_json::from_value::<ResultEntry>(entry.clone()).ok().and_then(|entry| {
            let (word, checked_at) = match entry {
                ResultEntry::Word(word) => (word, None),
                ResultEntry::Dated { result, checked_at } => (result, checked_at),
            };
            Some(GivenResult { result: word.to_ascii_uppercase().parse().ok()?, checked_at })
        });
        match given {
            Some(given) => {
                results.insert(id, given);
            }
            None => odd.push(format!(
                "the result of `{id}` is {entry}, none of PASS, FAIL, DNF and MISS, and does not count"
            )),
        }
    }
    Ok(Read::Results(results, odd))
}

fn document<'a>(scope: &'a Scope, evaluation: &'a Evaluation, at: Timestamp) -> EvaluationDocument<'a> {
    EvaluationDocument {
        schema: "scs/evaluation/1",
        scope: ScopeHead { name: scope.name(), uuid: scope.uuid() },
        at: at.to_string(),
        versions: evaluation.versions.iter().map(|(name, version)| (name.as_str(), version)).collect(),
        passed: &evaluation.passed,
        best: evaluation.best.as_deref(),
        verdict: evaluation.verdict,
        changes_at: evaluation.changes_at.map(|at| at.to_string()),
        warnings: &evaluation.warnings,
    }
}

fn in_words(scope: &Scope, evaluation: &Evaluation, at: Timestamp) -> String {
    let mut text = format!("{} at {at}\n", scope.name());
    for warning in &evaluation.warnings {
        // Writing to a string does not fail.
        let _ = writeln!(text, "warning: {warning}");
    }
    for (name, version) in &evaluation.versions {
        let Some(verdict) = version.verdict else {
            let _ = writeln!(text, "\n{name} ({})", version.validity);
            continue;
        };
        let _ = writeln!(text, "\n{name} ({}): {verdict}", version.validity);
        for note in &version.notes {
            let _ = writeln!(text, "  note: {note}");
        }
        for (target, outcome) in &version.targets {
            let _ = writeln!(text, "  {target}: {}", outcome.result);
            for (word, ids) in
                [("FAIL", &outcome.failed), ("DNF", &outcome.unfinished), ("MISS", &outcome.missing)]
            {
                if !ids.is_empty() {
                    let _ =
                        writeln!(text, "    {word} {}: {}", counted(ids.len(), "test case"), ids.join(", "));
                }
            }
        }
    }
    let best = evaluation.best.as_ref().map(|best| format!(" ({best})")).unwrap_or_default();
    let _ = writeln!(text, "\n{}{best}", evaluation.verdict);
    match evaluation.changes_at {
        Some(moment) => {
            let _ = writeln!(text, "without new results this changes at {moment}");
        }
        None => text.push_str("nothing of this changes by time alone\n"),
    }
    text
}

fn as_markdown(scope: &Scope, evaluation: &Evaluation, at: Timestamp) -> String {
    let mut table =
        crate::table::Table::new(&["version", "validity", "verdict", "PASS", "FAIL", "DNF", "MISS"]);
    for (name, version) in &evaluation.versions {
        let main = version.targets.get("main");
        let count = |of: fn(&scs_certificates::TargetOutcome) -> usize| {
            main.map_or_else(|| "-".to_owned(), |main| of(main).to_string())
        };
        table.row([
            name.clone(),
            version.validity.to_string(),
            version.verdict.map_or_else(|| "-".to_owned(), |verdict| verdict.to_string()),
            count(|main| main.passed.len()),
            count(|main| main.failed.len()),
            count(|main| main.unfinished.len()),
            count(|main| main.missing.len()),
        ]);
    }
    format!("## {} at {at}: {}\n\n{}", scope.name(), evaluation.verdict, table.to_markdown())
}
