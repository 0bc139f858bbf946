//! The width of the terminal.

use crate::app::output::Output;

/// The width of text that does not go to a terminal.
const USUAL: usize = 100;

/// The minimum width of a layout.
const NARROWEST: usize = 40;

/// The columns of the terminal, or 100 if the output is not a terminal. `COLUMNS` overrides both.
pub(crate) fn width(output: &Output) -> usize {
    columns(output.is_standard())
}

/// The columns for text that is composed before the output is opened.
pub(crate) fn of_standard_output() -> usize {
    columns(true)
}

fn columns(is_standard: bool) -> usize {
    let set = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse::<usize>().ok());
    let terminal = || {
        let size = is_standard.then(|| terminal_size::terminal_size_of(std::io::stdout()))?;
        size.map(|(width, _)| usize::from(width.0))
    };
    set.or_else(terminal).unwrap_or(USUAL).max(NARROWEST)
}
