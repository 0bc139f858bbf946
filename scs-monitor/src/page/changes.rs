//! What changed between two reports.

use super::Links;
use crate::changes::Comparison;
use crate::explanations::is_explained;
use crate::findings::ReportFinding;
use crate::time::civil;

/// The changes from a report to another one. Everything in them comes from the accounts that posted the reports.
#[derive(Clone, Debug)]
pub(crate) struct ChangesPage {
    pub(crate) subject: String,
    /// The history of the subject.
    pub(crate) history: String,
    /// The name of the scope.
    pub(crate) scope: String,
    pub(crate) before: ComparedReport,
    pub(crate) after: ComparedReport,
    /// Whether different software wrote the reports.
    pub(crate) is_other_software: bool,
    pub(crate) rows: Vec<ChangedRow>,
    pub(crate) unchanged: usize,
    /// New and resolved findings, for accounts that may read both reports.
    pub(crate) findings: Option<(Vec<ReportFinding>, Vec<ReportFinding>)>,
    /// The page with the findings, if there may be some that this one does not show.
    pub(crate) with_findings: Option<String>,
}

/// One of the reports.
#[derive(Clone, Debug)]
pub(crate) struct ComparedReport {
    pub(crate) time: String,
    pub(crate) url: String,
    pub(crate) software: Option<String>,
}

/// A test case with different results.
#[derive(Clone, Debug)]
pub(crate) struct ChangedRow {
    pub(crate) test_case: String,
    /// The page that explains it.
    pub(crate) url: Option<String>,
    pub(crate) before: ShownResult,
    pub(crate) after: ShownResult,
}

/// A result in a report.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ShownResult {
    /// Its name; nothing for a MISS.
    pub(crate) name: Option<&'static str>,
    /// The class of its symbol in style sheets.
    pub(crate) class: &'static str,
}

impl ShownResult {
    fn new(name: Option<&'static str>) -> Self {
        let class = match name {
            Some("PASS") => "passed",
            Some("FAIL") => "failed",
            Some("DNF") => "unfinished",
            _ => "missing",
        };
        Self { name, class }
    }
}

impl ChangesPage {
    /// The page of a comparison, with its findings or a link to them.
    pub(crate) fn new(
        comparison: Comparison,
        scope: Option<&scs_certificates::Scope>,
        links: &Links,
    ) -> Self {
        let Comparison { subject, scope: uuid, reports: [before, after], software, .. } = &comparison;
        let report = |report: &(String, jiff::Timestamp), software: &Option<String>| ComparedReport {
            time: civil(report.1).replace('T', " "),
            url: links.report(&report.0),
            software: software.clone(),
        };
        let slug = scope.map_or_else(|| uuid.clone(), scs_certificates::Scope::slug);
        let is_hidden = comparison.findings.is_none() && comparison.may_have_findings;
        Self {
            history: links.history(subject, &slug),
            scope: scope.map_or_else(|| uuid.clone(), |scope| scope.name().to_owned()),
            before: report(before, &software.before),
            after: report(after, &software.after),
            is_other_software: software.differ,
            with_findings: is_hidden
                .then(|| Links::with(&links.changes(&before.0, &after.0), super::WITH_FINDINGS)),
            subject: subject.clone(),
            unchanged: comparison.unchanged,
            rows: comparison
                .changed
                .into_iter()
                .map(|(test_case, results)| ChangedRow {
                    url: is_explained(&test_case).then(|| links.explanation(&test_case)),
                    test_case,
                    before: ShownResult::new(results.before),
                    after: ShownResult::new(results.after),
                })
                .collect(),
            findings: comparison.findings,
        }
    }
}
