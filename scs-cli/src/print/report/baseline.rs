//! Reading the file of `--baseline`.

use scs_registry::{Baseline, BaselineError, Report};
use serde_json::Value;

use crate::app::failure::Failure;
use crate::app::files;
use crate::app::input::Source;

/// Reads one report or a list.
pub(super) fn read(source: &Source) -> Result<Baseline, Failure> {
    let text = files::text(source.open()?, files::WRITTEN)?;
    let refused = |error: serde_json::Error| {
        Failure::new(format!("{}: not a report: {error}", source.name()))
            .hint("a baseline is the output of the same check with `-f json`")
    };
    let reports: Vec<Report> = match serde_json::from_str(&text).map_err(refused)? {
        list @ Value::Array(_) => serde_json::from_value(list).map_err(refused)?,
        one => vec![serde_json::from_value(one).map_err(refused)?],
    };
    Ok(Baseline::from(reports))
}

/// The error for a baseline of another check.
pub(super) fn refused(error: &BaselineError) -> Failure {
    Failure::new(error.to_string())
        .hint("a baseline is the output of the same check with `-f json`; write a new one")
}
