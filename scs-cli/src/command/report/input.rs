//! Reports from files.

use scs_certificates::report::{CheckDocument, Report};
use serde_json::Value;

use crate::app::failure::Failure;
use crate::app::files;
use crate::app::input::{self, Source};

/// Parses the output of `scs check -f json` or `-f yaml`; `None` if the text is something else.
fn checks(text: &str) -> Option<Result<Vec<CheckDocument>, String>> {
    let document: Value = serde_saphyr::from_str(text).ok()?;
    let documents = match document {
        Value::Array(list) => list,
        one => vec![one],
    };
    let are_ours = !documents.is_empty() && documents.iter().all(CheckDocument::has_schema);
    are_ours.then(|| documents.iter().map(CheckDocument::read).collect())
}

/// Reads reports from report files and from the output of checks.
pub(super) fn reports(sources: &[Source]) -> Result<Vec<Report>, Failure> {
    let mut reports = Vec::new();
    for source in &input::all_files(sources, input::WRITTEN)? {
        let text = files::text(source.open()?, files::WRITTEN)?;
        let wrong = |message: String| {
            Failure::new(format!("{}: {message}", source.name())).hint(
                "`scs check -f yaml-report` or `-f json` and `scs-compliance-check.py -o` create reports",
            )
        };
        match checks(&text) {
            Some(checks) => {
                for check in checks.map_err(wrong)? {
                    reports.extend(check.reports());
                }
            }
            None => reports.extend(Report::read_all(&text).map_err(|error| wrong(error.to_string()))?),
        }
    }
    Ok(reports)
}
