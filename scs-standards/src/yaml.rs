//! What a reader of YAML says when it fails.

/// The first line of a message of `serde-saphyr`, which says what is wrong and where; the others repeat the document.
///
/// Messages are to be rendered for users (`UserMessageFormatter`): the usual ones speak to whoever calls the library.
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
