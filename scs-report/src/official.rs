//! Reports in the format of the official test suite, for the compliance monitor.

use std::collections::BTreeMap;
use std::io::Write;

use scs_certificates::report::{Collection, Report as OfficialReport, by_age};
use scs_registry::{Report, ReportedFinding};
use scs_standards::{Severity, Verdict};

use crate::text::shows_coverage;
use crate::{Options, RenderError, Shown};

/// The reports of each subject, with the results of the deciding version.
///
/// The official format has one time for all results of a report, but a result is as old as its evidence. The first report
/// therefore has the time of the inventory; results based on older evidence, such as last month's end-to-end run, follow in a
/// separate report for each day of evidence. With the time of the inventory, they would be renewed by every check.
pub(crate) fn write(shown: &[Shown<'_>], options: &Options, out: &mut dyn Write) -> Result<(), RenderError> {
    for shown in shown {
        out.write_all(report(shown, options)?.as_bytes())?;
    }
    Ok(())
}

fn report(shown: &Shown<'_>, options: &Options) -> Result<String, RenderError> {
    let report: &Report = shown.report;
    let scope = report.scope.as_ref().ok_or(RenderError::NoScope)?;
    if report.decided_by.is_none() {
        return Err(RenderError::NoVersion { scope: scope.name.clone() });
    }
    let results = report
        .results
        .iter()
        .map(|(case, result)| (case.clone(), *result, report.evidence_at.get(case).copied()));
    let parts = by_age(report.checked_at, results);
    let (name, version) = options.creator;
    let mut text = String::new();
    for (index, (checked_at, results)) in parts.iter().enumerate() {
        // Findings without a test case of the version are part of the first report.
        let is_here = |finding: &&ReportedFinding| {
            let has = |results: &BTreeMap<String, Verdict>| {
                finding.test_case.as_deref().is_some_and(|case| results.contains_key(case))
            };
            has(results) || index == 0 && !parts.iter().any(|(_, results)| has(results))
        };
        let lines = report.findings.iter().filter(|it| it.result != Verdict::Pass).filter(is_here).map(line);
        let commands: Vec<String> = shown.command.iter().cloned().collect();
        let official =
            OfficialReport::new(scope.clone(), &report.subject, *checked_at, results.clone(), commands);
        text.push_str(
            &official
                .with_findings(lines.collect())
                .by(&format!("{name} {version}"))
                .collected(collection(report))
                .to_string(),
        );
    }
    Ok(text)
}

/// How the inventory was collected, for inventories that say so.
fn collection(report: &Report) -> Option<Collection> {
    let from = report.collected_from.clone().unwrap_or_default();
    let coverage = report.coverage();
    shows_coverage(report).then(|| Collection {
        server: from.server,
        context: from.context,
        user: from.user,
        parts: coverage.parts,
        parts_read: coverage.read,
        missing: report.unavailable.keys().cloned().collect(),
    })
}

fn line(finding: &ReportedFinding) -> String {
    let severity = match finding.severity {
        Severity::Error => "ERROR",
        Severity::Warning => "WARNING",
        Severity::Info => "INFO",
    };
    let case = finding.test_case.as_deref().map(|case| format!("{case}: ")).unwrap_or_default();
    format!("{severity}: {case}{}: {}", finding.subject, finding.message)
}
