//! Reading the file of `--baseline`.

use scs_registry::{Baseline, BaselineError};

use crate::app::failure::Failure;
use crate::app::files;
use crate::app::input::Source;
use crate::source::reports;

/// Reads one report or a list.
pub(super) fn read(source: &Source) -> Result<Baseline, Failure> {
    let text = files::text(source.open()?, files::WRITTEN)?;
    let refused = |error: serde_json::Error| {
        Failure::new(format!("{}: not a report: {error}", source.name()))
            .hint("a baseline is the output of the same check with `-f json`")
    };
    Ok(Baseline::from(reports::parse(&text).map_err(refused)?))
}

/// The error for a baseline of another check.
pub(super) fn refused(error: &BaselineError) -> Failure {
    Failure::new(error.to_string())
        .hint("a baseline is the output of the same check with `-f json`; write a new one")
}
