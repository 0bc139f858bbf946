//! Strings for HCL, the language of Terraform and OpenTofu.

use std::fmt::Write;

use super::visible::is_tricky;

/// A quoted template of HCL that means the text itself: nothing in it is computed, and nothing ends it.
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
        // Writing to a string does not fail.
        let _ = match letter {
            '"' | '\\' => write!(quoted, "\\{letter}"),
            '\n' => quoted.write_str("\\n"),
            '\r' => quoted.write_str("\\r"),
            '\t' => quoted.write_str("\\t"),
            '$' | '%' if letters.peek() == Some(&'{') => match before {
                // Three marks in a row are read in different ways, a code in one.
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
