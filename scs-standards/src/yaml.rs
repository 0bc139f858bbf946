//! Error messages of the YAML parser.

/// The reason and the position of an error, in one line; the other lines of its message repeat the document.
///
/// ```
/// use scs_standards::yaml::reason;
///
/// let error = serde_saphyr::from_str::<Vec<u8>>("a: [").unwrap_err();
/// assert!(reason(&error).starts_with("line 1 column "));
/// ```
#[must_use]
pub fn reason(error: &serde_saphyr::Error) -> String {
    // The default messages address callers of the library.
    let message = error.render_with_formatter(&serde_saphyr::UserMessageFormatter);
    let line = message.lines().next().unwrap_or_default();
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}
