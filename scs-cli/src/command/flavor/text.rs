//! Text output of names.

use scs_standards::written::markdown;

use crate::app::color::Palette;
use crate::app::diagnostic::{Diagnostic, Place, visible};

use super::reading::{NameError, Reading, Valid};

/// The block for a valid name, followed by an empty line.
pub(crate) fn block(valid: &Valid<'_>, palette: &Palette) -> String {
    let Palette { good, strong, faint, .. } = palette;
    let mut lines =
        vec![format!("{good}{}{good:#}", valid.name), format!("  {strong}{}{strong:#}", valid.description)];
    let mut row = |label: &str, value: &str| lines.push(format!("  {faint}{label:<18}{faint:#} {value}"));
    row("syntax", valid.syntax.name());
    if valid.canonical != valid.name {
        row("canonical", &valid.canonical);
    }
    match &valid.short {
        Some(short) if *short == valid.canonical => {}
        Some(short) => row("short", short),
        None => row("short", "none: the name would change its meaning without its details"),
    }
    row("in v1", valid.v1.as_deref().unwrap_or("cannot be expressed in v1"));
    match &valid.v2 {
        Some(v2) if *v2 == valid.canonical => {}
        Some(v2) => row("in v2", v2),
        None => row("in v2", "cannot be expressed in v2"),
    }
    row("image architecture", valid.image_architecture);
    row("Kubernetes label", if valid.kubernetes_label_value { "yes" } else { "no: not a valid label value" });
    for (index, (key, value)) in valid.extra_specs.iter().enumerate() {
        row(if index == 0 { "extra specs" } else { "" }, &format!("{key}={value}"));
    }
    lines.push(String::new());
    lines.join("\n") + "\n"
}

/// The line for a name outside the standard.
pub(crate) fn not_scs_line(name: &str, palette: &Palette) -> String {
    let faint = palette.faint;
    format!(
        "{}\n  {faint}not an SCS flavor name (does not start with `SCS-`); outside the standard{faint:#}\n\n",
        visible(name)
    )
}

/// Renders the error in a name.
pub(crate) fn drawing(name: &str, error: &NameError, place: Option<Place<'_>>, colored: bool) -> String {
    diagnostic(name, error, place).draw(colored)
}

/// The error in a name, in one line.
pub(crate) fn error_line(name: &str, error: &NameError) -> String {
    diagnostic(name, error, None).line()
}

fn diagnostic<'a>(name: &'a str, error: &'a NameError, place: Option<Place<'a>>) -> Diagnostic<'a> {
    Diagnostic {
        name,
        start: error.start,
        end: error.end,
        message: &error.message,
        suggestion: error.suggestion.as_deref(),
        place,
    }
}

/// The header of the Markdown table of readings.
pub(crate) const MARKDOWN_HEAD: &str = "| name | status | version | meaning |\n| --- | --- | --- | --- |\n";

/// A row of the Markdown table.
pub(crate) fn markdown_row(reading: &Reading<'_>) -> String {
    let (status, version, meaning) = match reading {
        Reading::Valid(valid) => ("valid", valid.syntax.name(), valid.description.clone()),
        Reading::Invalid { error, .. } => {
            let hint = error.suggestion.as_ref().map(|name| format!("; did you mean `{name}`?"));
            ("**invalid**", "", error.message.clone() + &hint.unwrap_or_default())
        }
        Reading::NotScs { .. } => ("not SCS", "", String::new()),
    };
    // A name may have thousands of bytes; its start identifies it.
    let shown: String = reading.name().chars().take(160).collect();
    format!("| {} | {status} | {version} | {} |\n", markdown::code_cell(&shown), cell(&meaning))
}

/// Escapes text for a table cell.
fn cell(text: &str) -> String {
    markdown::cell(text)
}
