//! Reports for programs: `scs/check/2` as JSON, JSON Lines and YAML.

use std::io::Write;

use scs_registry::Report;
use serde::Serialize;
use serde_json::json;

use crate::{Options, RenderError, Shown};

/// One document, or a list of them.
pub(crate) fn document(
    shown: &[Shown<'_>],
    options: &Options,
    out: &mut dyn Write,
) -> Result<(), RenderError> {
    match one(shown, options) {
        Some(report) => serde_json::to_writer_pretty(&mut *out, report)?,
        None => serde_json::to_writer_pretty(&mut *out, &reports(shown))?,
    }
    Ok(out.write_all(b"\n")?)
}

/// The same document as YAML.
pub(crate) fn yaml(shown: &[Shown<'_>], options: &Options, out: &mut dyn Write) -> Result<(), RenderError> {
    let text = match one(shown, options) {
        Some(report) => serde_saphyr::to_string(report),
        None => serde_saphyr::to_string(&reports(shown)),
    };
    let text = text.map_err(|error| RenderError::Write { format: "YAML", reason: error.to_string() })?;
    Ok(out.write_all(text.as_bytes())?)
}

/// The findings of a subject, one per line, then a line with the report and an empty list of findings.
pub(crate) fn lines(shown: &[Shown<'_>], out: &mut dyn Write) -> Result<(), RenderError> {
    for Shown { report, .. } in shown {
        for finding in &report.findings {
            line(out, finding)?;
        }
        let mut summary = serde_json::to_value(report)?;
        summary["findings"] = json!([]);
        line(out, &summary)?;
    }
    Ok(())
}

fn line(out: &mut dyn Write, value: &impl Serialize) -> Result<(), RenderError> {
    serde_json::to_writer(&mut *out, value)?;
    Ok(out.write_all(b"\n")?)
}

/// The report, if there is only one.
fn one<'r>(shown: &[Shown<'r>], options: &Options) -> Option<&'r Report> {
    match shown {
        [one] if !options.always_list => Some(one.report),
        _ => None,
    }
}

fn reports<'r>(shown: &[Shown<'r>]) -> Vec<&'r Report> {
    shown.iter().map(|shown| shown.report).collect()
}
