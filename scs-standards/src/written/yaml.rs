//! YAML scalars.

use std::fmt::Write;

use super::visible::is_tricky;

/// Writes a text as a plain scalar if every YAML version reads it as that string, otherwise like [`scalar`].
///
/// ```
/// use scs_standards::written::yaml::word;
///
/// assert_eq!(word("SCS-2V-8"), "SCS-2V-8");
/// assert_eq!(word("off"), r#""off""#);
/// ```
#[must_use]
pub fn word(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { scalar(text) }
}

/// Whether a text consists of letters, digits and marks that are not special to YAML.
fn is_plain(text: &str) -> bool {
    // YAML 1.1 interprets these words, and no others that start with a letter and have no spaces.
    const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte))
        && !text.ends_with(':')
        && !WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Writes a text in double quotes, so that every YAML reader returns exactly this string: `no`, `1e3` and `~` stay
/// strings, and line breaks of any YAML version are escaped.
///
/// ```
/// use scs_standards::written::yaml::scalar;
///
/// assert_eq!(scalar("no"), r#""no""#);
/// assert_eq!(scalar("a\r- b\u{2028}"), r#""a\r- b\u2028""#);
/// ```
#[must_use]
pub fn scalar(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            tricky if is_tricky(tricky) => {
                // Writing to a string cannot fail.
                let _ = match u32::from(tricky) {
                    code @ ..0x100 => write!(quoted, "\\x{code:02x}"),
                    code @ ..0x1_0000 => write!(quoted, "\\u{code:04x}"),
                    code => write!(quoted, "\\U{code:08x}"),
                };
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
