//! Findings for spreadsheets, one per row. What a report says about all of them is in each row, so that rows of several
//! subjects can be filtered.

use std::io::Write;

use scs_registry::areas::area_of;
use scs_registry::{Report, ReportedFinding, Standing};
use scs_standards::written::visible;

use crate::fixes::remedy;
use crate::text::shows_coverage;
use crate::{Options, RenderError, Shown};

const COLUMNS: usize = 22;

const HEAD: [&str; COLUMNS] = [
    "subject",
    "area",
    "object",
    "severity",
    "result",
    "standing",
    "decides",
    "level",
    "rule",
    "test_case",
    "document",
    "section",
    "message",
    "expected",
    "actual",
    "fix",
    "difference",
    "known",
    "context",
    "server",
    "user",
    "coverage",
];

pub(crate) fn write(shown: &[Shown<'_>], options: &Options, out: &mut dyn Write) -> Result<(), RenderError> {
    let mut rows = csv::Writer::from_writer(out);
    let failed = |error: csv::Error| RenderError::Write { format: "CSV", reason: error.to_string() };
    rows.write_record(HEAD).map_err(failed)?;
    for Shown { report, .. } in shown {
        for finding in &report.findings {
            rows.write_record(row(report, finding, options).map(|cell| harmless(&cell))).map_err(failed)?;
        }
    }
    Ok(rows.flush()?)
}

fn row(report: &Report, finding: &ReportedFinding, options: &Options) -> [String; COLUMNS] {
    let standing = match finding.standing {
        Standing::Blocks => "blocks",
        Standing::Violates => "violates",
        Standing::Open => "open",
        Standing::Advice => "advice",
    };
    let from = report.collected_from.clone().unwrap_or_default();
    let coverage = if shows_coverage(report) { report.coverage().to_string() } else { String::new() };
    [
        report.subject.clone(),
        area_of(finding.document).to_owned(),
        finding.subject.clone(),
        finding.severity.to_string(),
        finding.result.to_string(),
        standing.to_owned(),
        finding.decides.to_string(),
        finding.level.to_string(),
        finding.rule.to_string(),
        finding.test_case.as_deref().unwrap_or_default().to_owned(),
        finding.document.to_string(),
        finding.section.to_string(),
        finding.message.clone(),
        finding.expected.clone().unwrap_or_default(),
        finding.actual.clone().unwrap_or_default(),
        remedy(finding, options),
        finding.other_profile.as_ref().map(|other| other.difference.to_string()).unwrap_or_default(),
        finding.known.to_string(),
        from.context.unwrap_or_default(),
        from.server.unwrap_or_default(),
        from.user.unwrap_or_default(),
        coverage,
    ]
}

/// Escapes control characters, and anything that spreadsheets would treat as a formula: names are untrusted.
fn harmless(cell: &str) -> String {
    let cell = visible(cell);
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.into_owned() }
}
