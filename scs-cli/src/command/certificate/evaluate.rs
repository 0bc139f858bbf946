//! `scs certificate evaluate`: evaluates results against a scope, and when the verdict changes.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use clap::Args;
use jiff::Timestamp;
use schemars::JsonSchema;
use scs_certificates::{Evaluation, EvaluationOptions, Scope, VersionOutcome, evaluate};
use scs_standards::Verdict;
use scs_standards::written::{markdown, visible};
use serde::Serialize;

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::input::Source;
use crate::app::options::Common;
use crate::print::format::Format;
use crate::print::listing;
use crate::source::results::{ResultFiles, summed_up};
use crate::source::scope as scope_file;
use scs_report::counted;

/// `scs certificate evaluate`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs certificate evaluate --scope scs-compatible-iaas --results report.yaml
  scs certificate evaluate --scope scs-compatible-kaas --results results.json \\
    --at 2026-12-31

Results can be the output of `scs check -f json`, reports of the official suite or of `scs check -f \
yaml-report`, or a mapping from test case to PASS, FAIL, DNF or {\"result\": …, \"checked_at\": …}. If a \
test case has several results, the newest one counts, regardless of the order of the files. A result past \
its lifetime counts as MISS; with `--profile text`, so does one dated after `--at` or from another scope. An \
unreadable result is DNF. An error in a scope file makes the affected versions DNF; with `--profile \
official` it ends the command.

Exit status: 0 PASS, 1 any other verdict, 2 a file could not be read.")]
pub(crate) struct Evaluate {
    /// Scope name or scope file
    #[arg(long, value_name = "NAME|FILE")]
    scope: String,

    /// Result files; the newest result of each test case counts
    #[arg(long, value_name = "FILE", required = true, num_args = 1..)]
    results: Vec<Source>,

    /// Count drafts as passed
    #[arg(long)]
    include_drafts: bool,

    /// Output format
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// The output of `scs certificate evaluate -f json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "scs/evaluation/1", description = "The output of `scs certificate evaluate -f json`.")]
pub(crate) struct EvaluationDocument<'a> {
    #[schemars(extend("const" = "scs/evaluation/1"))]
    schema: &'static str,
    scope: ScopeHead<'a>,
    #[schemars(extend("format" = "date-time"))]
    at: String,
    /// Every version of the scope.
    versions: BTreeMap<&'a str, &'a VersionOutcome>,
    /// The passed versions, newest first.
    passed: &'a [String],
    /// The newest passed version that is available for certification.
    best: Option<&'a str>,
    verdict: Verdict,
    /// When the verdict next changes because of an expiry or the timeline.
    #[schemars(extend("format" = "date-time"))]
    changes_at: Option<String>,
    /// Warnings about the results.
    warnings: &'a [String],
}

/// The scope.
#[derive(Debug, Serialize, JsonSchema)]
struct ScopeHead<'a> {
    name: &'a str,
    uuid: &'a str,
}

impl Evaluate {
    pub(super) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let profile = common.profile();
        let scope = scope_file::scope(&self.scope, profile)?;
        let at = crate::app::at::now(common.at);
        let ResultFiles { results, warnings, .. } = ResultFiles::read(&self.results, &scope, profile)?;
        let mut options = EvaluationOptions::new(profile);
        options.include_drafts = self.include_drafts;
        let mut evaluation = evaluate(&scope, &results, at, options);
        evaluation.warnings = summed_up(evaluation.warnings.into_iter().chain(warnings).collect());
        let document = document(&scope, &evaluation, at);
        listing::print_with(
            common,
            self.format,
            &document,
            |_| in_words(&scope, &evaluation, at),
            || as_markdown(&scope, &evaluation, at),
        )?;
        Ok(Exit::success_if(evaluation.verdict == Verdict::Pass))
    }
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
    let mut text = format!("{} at {at}\n", visible(scope.name()));
    for warning in &evaluation.warnings {
        // Writing to a string does not fail.
        let _ = writeln!(text, "warning: {}", visible(warning));
    }
    for (name, version) in &evaluation.versions {
        version_in_words(&mut text, &visible(name), version);
    }
    let best = evaluation.best.as_ref().map(|best| format!(" ({})", visible(best))).unwrap_or_default();
    let _ = writeln!(text, "\n{}{best}", evaluation.verdict);
    match evaluation.changes_at {
        Some(moment) => {
            let _ = writeln!(text, "without new results, this changes at {moment}");
        }
        None => text.push_str("no expiry affects this result\n"),
    }
    text
}

fn version_in_words(text: &mut String, name: &str, version: &VersionOutcome) {
    let Some(verdict) = version.verdict else {
        // Writing to a string does not fail.
        let _ = writeln!(text, "\n{name} ({})", version.validity);
        return;
    };
    let _ = writeln!(text, "\n{name} ({}): {verdict}", version.validity);
    for note in &version.notes {
        let _ = writeln!(text, "  note: {}", visible(note));
    }
    if !version.broken_rules.is_empty() {
        let count = counted(version.broken_rules.len(), "rule");
        let rules = version.broken_rules.join(", ");
        let _ = writeln!(text, "  broken: {count} of its documents: {}", visible(&rules));
    }
    for (target, outcome) in &version.targets {
        let _ = writeln!(text, "  {}: {}", visible(target), outcome.result);
        for (word, ids) in
            [("FAIL", &outcome.failed), ("DNF", &outcome.unfinished), ("MISS", &outcome.missing)]
        {
            if !ids.is_empty() {
                let count = counted(ids.len(), "test case");
                let _ = writeln!(text, "    {word} {count}: {}", visible(&ids.join(", ")));
            }
        }
    }
}

fn as_markdown(scope: &Scope, evaluation: &Evaluation, at: Timestamp) -> String {
    let mut table =
        scs_report::Table::new(&["version", "validity", "verdict", "PASS", "FAIL", "DNF", "MISS"]);
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
    let mut text = format!(
        "## {} at {at}: {}\n\n{}",
        markdown::text(scope.name()),
        evaluation.verdict,
        table.to_markdown()
    );
    let warnings = evaluation.warnings.iter().map(|warning| format!("warning: {warning}"));
    let broken = evaluation.versions.iter().flat_map(|(name, version)| {
        version.broken_rules.iter().map(move |rule| format!("broken for {name}: {rule}"))
    });
    for (index, line) in warnings.chain(broken).enumerate() {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{}- {}", if index == 0 { "\n" } else { "" }, markdown::text(&line));
    }
    text
}
