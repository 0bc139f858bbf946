//! Earlier reports: what the checks print with `-f json`.

use scs_registry::Report;
use serde::Deserialize;
use serde_json::Value;

use crate::app::failure::Failure;

/// The shape of reports.
const SCHEMA: &str = "scs/check/2";

/// The part of a document that shows whether it is a report.
#[derive(Deserialize)]
struct Head {
    schema: Option<String>,
}

/// One document, or a list of them.
#[derive(Deserialize)]
#[serde(untagged)]
enum Heads {
    One(Head),
    Many(Vec<Head>),
}

/// The reports of a text; `None` where it is something else.
pub(crate) fn read(name: &str, text: &str) -> Result<Option<Vec<Report>>, Failure> {
    // Most inputs are inventories of any size, which need not be read twice to know.
    if memchr::memmem::find(text.as_bytes(), SCHEMA.as_bytes()).is_none() {
        return Ok(None);
    }
    let is_report = |head: &Head| head.schema.as_deref() == Some(SCHEMA);
    let is_one = match serde_json::from_str::<Heads>(text) {
        Ok(Heads::One(head)) => is_report(&head),
        Ok(Heads::Many(heads)) => !heads.is_empty() && heads.iter().all(is_report),
        Err(_) => false,
    };
    if !is_one {
        return Ok(None);
    }
    let refused = |error: serde_json::Error| {
        Failure::new(format!("{name}: not a complete report: {error}"))
            .hint("a report is what `scs check -f json` prints")
    };
    parse(text).map(Some).map_err(refused)
}

/// One report, or a list of them.
pub(crate) fn parse(text: &str) -> Result<Vec<Report>, serde_json::Error> {
    match serde_json::from_str(text)? {
        Value::Array(reports) => reports.into_iter().map(serde_json::from_value).collect(),
        report => Ok(vec![serde_json::from_value(report)?]),
    }
}
