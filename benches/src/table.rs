//! A table of figures in plain text.

/// A row: label, figure and, if there is a target, the value to compare with it.
pub(crate) struct Row {
    what: String,
    figure: String,
    verdict: String,
}

impl Row {
    pub(crate) fn new(what: impl Into<String>, figure: impl Into<String>) -> Self {
        Self { what: what.into(), figure: figure.into(), verdict: String::new() }
    }

    /// A ratio that should be at most this.
    pub(crate) fn at_most(what: impl Into<String>, value: f64, target: f64, unit: &str) -> Self {
        let verdict = if value <= target { "met" } else { "MISSED" };
        Self::new(what, format!("{value:.2} {unit}")).held_against(&format!("<= {target} {unit}"), verdict)
    }

    /// A ratio that should be at least this.
    pub(crate) fn at_least(what: impl Into<String>, value: f64, target: f64, unit: &str) -> Self {
        let verdict = if value >= target { "met" } else { "MISSED" };
        Self::new(what, format!("{value:.2} {unit}")).held_against(&format!(">= {target} {unit}"), verdict)
    }

    fn held_against(self, target: &str, verdict: &str) -> Self {
        Self { verdict: format!("target {target}: {verdict}"), ..self }
    }
}

pub(crate) fn print(title: &str, rows: &[Row]) {
    println!("\n{title}");
    let width = rows.iter().map(|row| row.what.chars().count()).max().unwrap_or(0);
    for Row { what, figure, verdict } in rows {
        println!("{}", format!("  {what:width$}  {figure:>14}  {verdict}").trim_end());
    }
}

/// The median; 0 if empty.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}
