//! The width of the terminal.

use crate::app::output::Output;

/// The width of text that goes anywhere else.
const USUAL: usize = 100;

/// The narrowest width for which text is laid out.
const NARROWEST: usize = 40;

/// The columns of the terminal, where the output goes to one; otherwise 100. `COLUMNS` sets another width.
pub(crate) fn width(output: &Output) -> usize {
    let set = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse::<usize>().ok());
    let terminal = || {
        let size = output.is_standard().then(|| terminal_size::terminal_size_of(std::io::stdout()))?;
        size.map(|(width, _)| usize::from(width.0))
    };
    set.or_else(terminal).unwrap_or(USUAL).max(NARROWEST)
}
