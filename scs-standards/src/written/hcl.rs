//! Strings for HCL, the language of Terraform and OpenTofu.

use std::fmt::Write;

use super::visible::is_tricky;

/// A quoted HCL template that stands for the literal text: nothing is interpolated, and the text cannot end it.
///
/// ```
/// use scs_standards::written::hcl::string;
///
/// assert_eq!(string("SCS-2V-8"), r#""SCS-2V-8""#);
/// assert_eq!(string("${file(\"/etc/passwd\")}"), r#""$${file(\"/etc/passwd\")}""#);
/// ```
#[must_use]
pub fn string(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    let mut letters = text.chars().peekable();
    let mut before = None;
    while let Some(letter) = letters.next() {
        // Writing to a string cannot fail.
        let _ = match letter {
            '"' | '\\' => write!(quoted, "\\{letter}"),
            '\n' => quoted.write_str("\\n"),
            '\r' => quoted.write_str("\\r"),
            '\t' => quoted.write_str("\\t"),
            '$' | '%' if letters.peek() == Some(&'{') => match before {
                // Readers disagree on three marks in a row; an escape is unambiguous.
                Some('$' | '%') => write!(quoted, "\\u{:04x}", u32::from(letter)),
                _ => write!(quoted, "{letter}{letter}"),
            },
            tricky if is_tricky(tricky) => match u32::from(tricky) {
                code @ ..0x1_0000 => write!(quoted, "\\u{code:04x}"),
                code => write!(quoted, "\\U{code:08x}"),
            },
            other => quoted.write_char(other),
        };
        before = Some(letter);
    }
    quoted.push('"');
    quoted
}
