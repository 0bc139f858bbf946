//! Messages of others, for our own.

use std::error::Error;

use scs_standards::wording::truncated;

/// The message of an error's innermost cause. It may contain secrets.
#[must_use]
pub fn reason(error: &(dyn Error + 'static)) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

/// The first line of a text without control characters, truncated to `most` bytes.
///
/// ```
/// assert_eq!(scs_collector::one_line("no route to host\ngoroutine 1", 100), "no route to host");
/// ```
#[must_use]
pub fn one_line(text: &str, most: usize) -> String {
    let line: String =
        text.trim().lines().next().unwrap_or_default().chars().filter(|c| !c.is_control()).collect();
    truncated(&line, most).into_owned()
}
