//! Words for a POSIX shell.

/// A word as a POSIX shell reads it back.
///
/// ```
/// use scs_standards::shell::quote;
///
/// assert_eq!(quote("SCS-2V-8"), "SCS-2V-8");
/// assert_eq!(quote("Ubuntu 24.04"), "'Ubuntu 24.04'");
/// assert_eq!(quote("it's"), r"'it'\''s'");
/// ```
#[must_use]
pub fn quote(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:/=+,@%".contains(&byte);
    if !word.is_empty() && word.bytes().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
