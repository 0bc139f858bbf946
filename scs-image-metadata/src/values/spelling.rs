//! Spellings of words.

use scs_standards::suggestion::nearest;

/// Whether two texts are the same word except for case, spaces, dashes and underscores.
pub(crate) fn is_spelling_of(given: &str, word: &str) -> bool {
    let plain = |text: &str| -> String {
        text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    plain(given) == plain(word)
}

/// A suggestion among `words`: equal except for case, or within a small edit distance.
pub(crate) fn meant<'a>(given: &str, words: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(&given.trim().replace(' ', "_"), words).map(str::to_owned)
}
