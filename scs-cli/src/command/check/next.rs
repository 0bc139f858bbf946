//! The next steps after a check.

use jiff::Timestamp;
use scs_registry::{Report, SubjectKind};
use scs_report::{Shown, counted, day};
use scs_standards::{Applicability, Cause};

use crate::source::origin::Origin;

/// A report with its origin and its next steps; `options` are those of this check that the questionnaire has as well, and
/// `outdated` is the date of data about releases that are too old.
pub(super) fn shown<'a>(
    report: &'a Report,
    origin: &Origin,
    options: &str,
    outdated: Option<Timestamp>,
) -> Shown<'a> {
    let mut shown =
        Shown::new(report).in_file(origin.path()).by_command(format!("scs check {}", origin.arguments()));
    let has = |wanted: Applicability| {
        report
            .findings
            .iter()
            .filter(|finding| finding.decides)
            .filter_map(|finding| finding.fix.as_ref())
            .any(|fix| fix.applicability() == wanted)
    };
    if has(Applicability::Safe) || has(Applicability::Choose) {
        let review = if has(Applicability::Choose) {
            "answer the questions above, run the commands"
        } else {
            "run the commands above"
        };
        shown = shown.then(format!("{review}, then {}", origin.check_again()));
    }
    let lacks_input = report.findings.iter().any(|finding| {
        finding.decides && matches!(finding.cause, Cause::NotGiven | Cause::Unusable) && finding.fix.is_none()
    });
    if lacks_input {
        shown = shown.then("add the missing data named above, then check again");
    }
    if let Some(as_of) = outdated.filter(|_| report.kind == SubjectKind::Cluster) {
        let step = "`scs facts update` fetches newer data about Kubernetes releases";
        shown = shown.then(format!("{step}; these are as of {}", day(as_of)));
    }
    if let Origin::Live { options, .. } = origin
        && report.kind == SubjectKind::Cluster
        && !report.unavailable.is_empty()
    {
        shown = shown.then(format!("`scs k8s rights {options}` shows which rights the user lacks"));
    }
    if !report.questions.is_empty() {
        let (files, made_by) = origin.as_files();
        let made_by = made_by.map(|command| format!("`{command}`, then ")).unwrap_or_default();
        let count = counted(report.questions.len(), "open question");
        shown = shown
            .then(format!("{made_by}`scs certificate questionnaire{options} {files}` lists the {count}"));
    }
    shown
}
