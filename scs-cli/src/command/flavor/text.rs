//! What is read out of a name, for people.

use scs_standards::written::markdown;

use crate::app::color::Palette;
use crate::app::diagnostic::{Diagnostic, Place, visible};

use super::reading::{NameError, Reading, Valid};

/// The block of a name that is accepted, with an empty line after it.
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
        None => row("short", "none: without its details the name would not say the same"),
    }
    row("as v1 writes it", valid.v1.as_deref().unwrap_or("v1 cannot say this"));
    match &valid.v2 {
        Some(v2) if *v2 == valid.canonical => {}
        Some(v2) => row("as v2 writes it", v2),
        None => row("as v2 writes it", "v2 cannot say this"),
    }
    row("image architecture", valid.image_architecture);
    row("Kubernetes label", if valid.kubernetes_label_value { "yes" } else { "no: not a valid label value" });
    for (index, (key, value)) in valid.extra_specs.iter().enumerate() {
        row(if index == 0 { "extra specs" } else { "" }, &format!("{key}={value}"));
    }
    lines.push(String::new());
    lines.join("\n") + "\n"
}

/// The line for a name that is not for this standard to judge.
pub(crate) fn not_scs_line(name: &str, palette: &Palette) -> String {
    let faint = palette.faint;
    format!(
        "{}\n  {faint}not an SCS flavor name (it does not start with `SCS-`); the standard has no say in it{faint:#}\n\n",
        visible(name)
    )
}

/// The drawing of a name that is wrong.
pub(crate) fn drawing(name: &str, error: &NameError, place: Option<Place<'_>>, colored: bool) -> String {
    diagnostic(name, error, place).draw(colored)
}

/// The same in one line.
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

/// The first lines of a Markdown table of readings.
pub(crate) const MARKDOWN_HEAD: &str = "| name | status | version | meaning |\n| --- | --- | --- | --- |\n";

/// A row of that table.
pub(crate) fn markdown_row(reading: &Reading<'_>) -> String {
    let (status, version, meaning) = match reading {
        Reading::Valid(valid) => ("valid", valid.syntax.name(), valid.description.clone()),
        Reading::Invalid { error, .. } => {
            let hint = error.suggestion.as_ref().map(|name| format!("; did you mean `{name}`?"));
            ("**invalid**", "", error.message.clone() + &hint.unwrap_or_default())
        }
        Reading::NotScs { .. } => ("not SCS", "", String::new()),
    };
    // A name of many thousand bytes is no table cell; its beginning tells which one it is.
    let shown: String = reading.name().chars().take(160).collect();
    format!("| {} | {status} | {version} | {} |\n", markdown::code_cell(&shown), cell(&meaning))
}

/// A text that stays inside of its cell.
fn cell(text: &str) -> String {
    markdown::cell(text)
}
