//! Error messages of the YAML parser.

/// The first line of a `serde-saphyr` message, which contains reason and position; the other lines repeat the document.
///
/// Messages must be rendered for users (`UserMessageFormatter`): the default ones address callers of the library.
///
/// ```
/// use scs_standards::yaml::first_line;
/// assert_eq!(first_line("error: line 2 column 1: unclosed bracket\n --> <input>:2:1"), "line 2 column 1: unclosed bracket");
/// ```
#[must_use]
pub fn first_line(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default();
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}
