//! Parts of messages: lists of words, counts and truncated text.

use std::borrow::Cow;
use std::fmt::Display;

/// The beginning of a text, followed by `…` if it has more than `most` characters.
///
/// ```
/// use scs_standards::wording::truncated;
///
/// assert_eq!(truncated("network", 7), "network");
/// assert_eq!(truncated("networks", 7), "network…");
/// ```
#[must_use]
pub fn truncated(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// `1 error`, `2 errors`.
///
/// ```
/// assert_eq!(scs_standards::wording::counted(2_usize, "test case"), "2 test cases");
/// ```
#[must_use]
pub fn counted<N: Copy + Display + PartialEq + From<u8>>(count: N, noun: &str) -> String {
    format!("{count} {noun}{}", if count == N::from(1) { "" } else { "s" })
}

/// `a, b and c`.
///
/// ```
/// assert_eq!(scs_standards::wording::and(["a", "b", "c"]), "a, b and c");
/// ```
#[must_use]
pub fn and<T: AsRef<str>>(words: impl IntoIterator<Item = T>) -> String {
    joined(words, "and")
}

/// `a, b or c`.
///
/// ```
/// assert_eq!(scs_standards::wording::or(["a", "b", "c"]), "a, b or c");
/// ```
#[must_use]
pub fn or<T: AsRef<str>>(words: impl IntoIterator<Item = T>) -> String {
    joined(words, "or")
}

fn joined<T: AsRef<str>>(words: impl IntoIterator<Item = T>, conjunction: &str) -> String {
    let words: Vec<T> = words.into_iter().collect();
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match words.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} {conjunction} {last}", first.join(", ")),
        _ => words.concat(),
    }
}

/// Names between backticks, separated by commas.
///
/// ```
/// assert_eq!(scs_standards::wording::quoted(["a", "b"]), "`a`, `b`");
/// ```
#[must_use]
pub fn quoted<T: Display>(names: impl IntoIterator<Item = T>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// What a mapping is that is not the expected one: its first keys.
///
/// ```
/// use scs_standards::wording::mapping_with;
///
/// assert_eq!(mapping_with(["kind", "items"]), "a mapping with `kind`, `items`");
/// ```
#[must_use]
pub fn mapping_with<T: Display>(keys: impl IntoIterator<Item = T>) -> String {
    let keys = quoted(keys.into_iter().take(4));
    if keys.is_empty() { "an empty mapping".to_owned() } else { format!("a mapping with {keys}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_words_need_no_comma() {
        for (words, text) in [(&[][..], ""), (&["a"], "a"), (&["a", "b"], "a and b")] {
            assert_eq!(and(words), text);
        }
        assert_eq!(quoted::<&str>([]), "");
        assert_eq!((counted(1_u64, "line"), counted(0_usize, "line")), ("1 line".into(), "0 lines".into()));
    }

    #[test]
    fn characters_are_counted_not_bytes() {
        assert_eq!(truncated("größer", 3), "grö…");
        assert_eq!(truncated("a", 0), "…");
        assert_eq!(truncated("", 0), "");
    }
}
