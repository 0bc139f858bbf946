//! Asks for confirmation before anything is changed.

use std::io::{self, BufRead, IsTerminal, Write};

use crate::app::failure::Failure;

/// Prints a text to standard error.
pub(crate) fn say(text: &str) -> Result<(), Failure> {
    io::stderr().write_all(text.as_bytes()).map_err(Failure::from)
}

/// Asks for confirmation on the terminal. `without` is the hint where there is none.
pub(crate) fn agreed(question: &str, without: &str) -> Result<bool, Failure> {
    if !io::stdin().is_terminal() {
        return Err(
            Failure::new("cannot ask for confirmation: standard input is not a terminal").hint(without)
        );
    }
    say(&format!("{question} [y/N] "))?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).map_err(|error| Failure::unreadable("the answer", &error))?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
