//! A check as the report that the official suite writes and the compliance monitor takes.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use scs_certificates::report::Report;
use scs_registry::evidence_times;
use scs_standards::{Finding, Severity, Verdict};

use super::Subject;
use crate::failure::Failure;

/// Results of the same age.
struct Part {
    checked_at: Timestamp,
    results: BTreeMap<String, Verdict>,
}

/// The reports of a subject, with the results of the version that decides.
///
/// A report of the official format has one time for all its results, and a result is as old as what it rests on. So the first report
/// is of the moment at which the inventory was collected; results that rest on older evidence, such as an end-to-end run of last
/// month, follow in a report for each day of evidence, since a result expires by its day. Left out they would be lost, and
/// under the time of the collection they would live again with every check.
pub(super) fn report(subject: &Subject<'_>, at: Timestamp) -> Result<String, Failure> {
    if subject.checked.deciding.is_none() {
        return Err(Failure::new(format!(
            "no version of {} is effective, so there is nothing to report",
            subject.scope.name()
        ))
        .hint("`--scope-version VERSION` names a version"));
    }
    let parts = parts(subject, subject.inventory.collected_at().unwrap_or(at));
    let command = format!("scs check {}", subject.origin.arguments());
    let creator = concat!("scs ", env!("CARGO_PKG_VERSION"));
    let mut text = String::new();
    for (index, part) in parts.iter().enumerate() {
        let is_here = |finding: &&Finding| match finding.test_case {
            Some(case) => {
                part.results.contains_key(case)
                    || index == 0 && !parts.iter().any(|part| part.results.contains_key(case))
            }
            None => index == 0,
        };
        let lines =
            subject.checked.findings().filter(|it| it.result != Verdict::Pass).filter(is_here).map(line);
        let report = Report::new(
            subject.scope,
            &subject.name,
            part.checked_at,
            part.results.clone(),
            vec![command.clone()],
        );
        text.push_str(&report.with_findings(lines.collect()).by(creator).to_string());
    }
    Ok(text)
}

/// The results of the check, then those of older evidence, the newest first. There is always a first part.
fn parts(subject: &Subject<'_>, collected_at: Timestamp) -> Vec<Part> {
    let times = evidence_times(&subject.checked);
    let mut own = Part { checked_at: collected_at, results: BTreeMap::new() };
    let mut older: BTreeMap<Date, Part> = BTreeMap::new();
    for (case, result) in subject.checked.results() {
        match times.get(&case).filter(|time| **time < collected_at) {
            None => own.results.insert(case, result),
            Some(time) => {
                let day = time.to_zoned(TimeZone::UTC).date();
                let part =
                    older.entry(day).or_insert_with(|| Part { checked_at: *time, results: BTreeMap::new() });
                part.checked_at = part.checked_at.min(*time);
                part.results.insert(case, result)
            }
        };
    }
    std::iter::once(own).chain(older.into_values().rev()).collect()
}

fn line(finding: &Finding) -> String {
    let severity = match finding.severity {
        Severity::Error => "ERROR",
        Severity::Warning => "WARNING",
        Severity::Info => "INFO",
    };
    let case = finding.test_case.map(|case| format!("{case}: ")).unwrap_or_default();
    format!("{severity}: {case}{}: {}", finding.subject, finding.message)
}
