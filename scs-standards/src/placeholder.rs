//! Words that stand where a provider has still to say something.

use crate::declaration::DeclaredValue;

/// Words that stand where something is still to be filled in.
const PLACEHOLDERS: [&str; 10] = ["todo", "tbd", "tba", "fixme", "n/a", "na", "n.a.", "x", "xx", "xxx"];

/// Words that say no more than yes or no.
const BARE: [&str; 24] = [
    "yes",
    "no",
    "true",
    "false",
    "y",
    "n",
    "on",
    "off",
    "ok",
    "okay",
    "done",
    "none",
    "nothing",
    "nil",
    "null",
    "compliant",
    "conformant",
    "mitigated",
    "available",
    "existing",
    "present",
    "documented",
    "implemented",
    "protected",
];

/// Whether a text stands where something is still to be filled in: `TODO`, `n/a`, `x`, `-`, `?`. One without any letter says
/// nothing, and an empty one is no such word.
fn is_placeholder(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    let bare = text.trim_matches(|c: char| !c.is_alphanumeric() && c != '/');
    let is_known = PLACEHOLDERS.contains(&bare) || PLACEHOLDERS.contains(&text.as_str());
    !text.is_empty() && (is_known || !text.contains(char::is_alphanumeric))
}

/// Whether a text is no fact that a rule could judge: empty, a bare yes or no, or a word that stands where something is still
/// to be filled in.
///
/// ```
/// use scs_standards::says_nothing;
///
/// assert!(["", " Yes ", "TODO", "n/a", "-", "?", "none.", "https://"].into_iter().all(says_nothing));
/// assert!(["hall-a", "the key never leaves the module", "docs/zones.md"].into_iter().all(|text| !says_nothing(text)));
/// ```
#[must_use]
pub fn says_nothing(text: &str) -> bool {
    let plain = text.trim().to_lowercase();
    // An address without a place in it.
    let plain = plain.split_once("://").map_or(plain.as_str(), |(_, place)| place);
    let plain = plain.trim_matches(|c: char| !c.is_alphanumeric());
    plain.is_empty() || is_placeholder(text) || BARE.contains(&plain)
}

/// Whether anything in a value is still to be filled in.
pub(crate) fn has_placeholder(value: &DeclaredValue) -> bool {
    match value {
        DeclaredValue::Flag(_) | DeclaredValue::Number(_) => false,
        DeclaredValue::Text(text) => is_placeholder(text),
        DeclaredValue::List(list) => list.iter().any(|text| is_placeholder(text)),
        DeclaredValue::Facts(facts) => facts.values().any(has_placeholder),
    }
}
