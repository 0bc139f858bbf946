//! Earlier reports, whose findings do not fail a check.

use std::collections::BTreeSet;

use scs_registry::{Report, ReportedFinding};
use scs_report::KnownFinding;
use scs_standards::Verdict;
use serde_json::Value;

use crate::app::failure::Failure;
use crate::app::files;
use crate::app::input::Source;

/// The findings of earlier reports.
#[derive(Debug)]
pub(crate) struct Baseline(BTreeSet<KnownFinding>);

impl Baseline {
    /// Reads one report or a list.
    pub(crate) fn read(source: &Source) -> Result<Self, Failure> {
        let text = files::text(source.open()?, files::WRITTEN)?;
        let refused = |error: serde_json::Error| {
            Failure::new(format!("{}: not a report: {error}", source.name()))
                .hint("a baseline is the output of the same check with `-f json`")
        };
        let reports: Vec<Report> = match serde_json::from_str(&text).map_err(refused)? {
            list @ Value::Array(_) => serde_json::from_value(list).map_err(refused)?,
            one => vec![serde_json::from_value(one).map_err(refused)?],
        };
        Ok(Self(reports.iter().flat_map(|report| &report.findings).map(KnownFinding::of).collect()))
    }

    /// Whether the baseline has this finding.
    pub(crate) fn has(&self, finding: &ReportedFinding) -> bool {
        self.0.contains(&KnownFinding::of(finding))
    }

    /// Whether all findings that decide a report are known. Results without a finding are never known.
    pub(crate) fn covers(&self, report: &Report) -> bool {
        if report.verdict == Verdict::Pass {
            return true;
        }
        let because = report.deciding_version().is_some_and(|version| version.because.is_some());
        let mut deciding = report.findings.iter().filter(|finding| finding.decides).peekable();
        let unexplained = report
            .results
            .iter()
            .filter(|(case, result)| **result != Verdict::Pass && !report.advisory.contains(case))
            .any(|(case, _)| report.reason(case).is_some());
        deciding.peek().is_some() && !because && !unexplained && deciding.all(|finding| self.has(finding))
    }

    /// The known findings.
    pub(crate) fn known(&self) -> BTreeSet<KnownFinding> {
        self.0.clone()
    }
}
