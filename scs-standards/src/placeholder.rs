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

/// Words with which a text begins that denies or puts off: `not known`, `no document`, `nobody knows`, `noch offen`.
const DENYING: &[&str] = &[
    "none",
    "nothing",
    "nobody",
    "noone",
    "nowhere",
    "neither",
    "cannot",
    "can't",
    "don't",
    "doesn't",
    "isn't",
    "won't",
    "unknown",
    "undefined",
    "unspecified",
    "undocumented",
    "undecided",
    "unclear",
    "unavailable",
    "unsupported",
    "impossible",
    "missing",
    "lacking",
    "absent",
    "pending",
    "planned",
    "outstanding",
    "disabled",
    "deactivated",
    "forbidden",
    "denied",
    "refused",
    "prohibited",
    "tbc",
    "wip",
    "later",
    "soon",
    "nein",
    "nichts",
    "niemand",
    "nirgends",
    "unbekannt",
    "unklar",
    "offen",
    "fehlt",
    "fehlend",
    "ausstehend",
    "geplant",
    "noch",
    "folgt",
    "später",
    "unmöglich",
    "verboten",
    "deaktiviert",
];

/// Words with which a short one begins: a longer text may be a measure, as in `no zones of top-level domains for users`.
const NEGATIONS: &[&str] =
    &["no", "not", "never", "without", "kein", "keine", "keiner", "keines", "nicht", "nie", "ohne"];

/// From so many words on, a text that begins with a negation may state something.
const SHORT: usize = 4;

/// Words with which one ends.
const DENIED: &[&str] = &[
    "none",
    "nothing",
    "nobody",
    "unknown",
    "missing",
    "pending",
    "follow",
    "follows",
    "tbd",
    "tbc",
    "todo",
    "soon",
    "later",
    "planned",
    "outstanding",
    "disabled",
    "impossible",
    "undocumented",
    "unbekannt",
    "fehlt",
    "fehlen",
    "folgt",
    "nachgereicht",
    "offen",
    "geplant",
    "keine",
    "keinen",
    "nicht",
];

/// What one has in it that says so in between.
const PUTTING_OFF: &[&str] = &[
    "to be",
    "in progress",
    "not known",
    "not possible",
    "not available",
    "not documented",
    "not implemented",
    "not supported",
    "not planned",
    "no idea",
    "no document",
    "no documents",
    "no documentation",
    "nicht bekannt",
    "nicht möglich",
    "do not know",
    "don't know",
    "does not exist",
    "do not have",
    "don't have",
    "not yet",
    "none yet",
    "is not",
    "are not",
    "will be",
    "there is no",
    "noch nicht",
    "noch kein",
    "in arbeit",
    "ask us",
    "see above",
    "see below",
];

/// Whether a text in words denies what it is to state, or puts it off.
fn denies(text: &str) -> bool {
    let words: Vec<&str> = text
        .split(|letter: char| letter.is_whitespace() || matches!(letter, '-' | '_' | ',' | ';' | '(' | ')'))
        .map(|word| word.trim_matches(|letter: char| !letter.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .collect();
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return false };
    // `No. 5` is a number.
    let is_number = words.get(1).is_some_and(|next| next.starts_with(|it: char| it.is_ascii_digit()));
    let joined = format!(" {} ", words.join(" "));
    DENYING.contains(first)
        || NEGATIONS.contains(first) && words.len() < SHORT && !is_number
        || DENIED.contains(last)
        || PUTTING_OFF.iter().any(|phrase| joined.contains(&format!(" {phrase} ")))
}

/// Whether a text is no fact that a rule could judge: empty, a bare yes or no, a word that stands where something is still to
/// be filled in, or one that denies what it is to state.
///
/// ```
/// use scs_standards::is_vacuous;
///
/// assert!(["", " Yes ", "TODO", "n/a", "-", "?", "none.", "https://"].into_iter().all(is_vacuous));
/// assert!(["unknown", "not possible", "we have none", "will follow", "kein Dokument"].into_iter().all(is_vacuous));
/// assert!(["hall-a", "the key never leaves the module", "docs/zones.md"].into_iter().all(|text| !is_vacuous(text)));
/// ```
#[must_use]
pub fn is_vacuous(text: &str) -> bool {
    let lower = text.trim().to_lowercase();
    // An address without a place in it.
    let plain = lower.split_once("://").map_or(lower.as_str(), |(_, place)| place);
    let plain = plain.trim_matches(|c: char| !c.is_alphanumeric());
    let is_place = lower.contains('/') && !lower.contains(char::is_whitespace);
    plain.is_empty() || is_placeholder(text) || BARE.contains(&plain) || !is_place && denies(&lower)
}

/// Whether a text names a document that others can find: a path, the name of a file or an address. What it denies, or that it will
/// follow, is no document.
///
/// ```
/// use scs_standards::names_document;
///
/// assert!(["plans/hall-a.pdf", "zones.md", "https://docs.example.org/zones"].into_iter().all(names_document));
/// assert!(["", "unknown", "no document", "will follow.", "n/a", "https://", "docs/TODO.md"].into_iter().all(|it| !names_document(it)));
/// ```
#[must_use]
pub fn names_document(text: &str) -> bool {
    let text = text.trim();
    let place = match text.split_once("://") {
        Some((_, place)) => place,
        None => text,
    };
    let last = place.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let (stem, extension) = last.rsplit_once('.').map_or((last, None), |(stem, end)| (stem, Some(end)));
    let is_extension = |end: &str| {
        (1..=8).contains(&end.len())
            && end.chars().all(|letter| letter.is_ascii_alphanumeric())
            && end.contains(char::is_alphabetic)
    };
    let is_file = extension.is_some_and(is_extension);
    let has_word = place.contains(char::is_alphanumeric);
    let is_bare = |text: &str| {
        let text = text.trim().to_lowercase();
        let text = text.trim_matches(|letter: char| !letter.is_alphanumeric());
        text.is_empty()
            || is_placeholder(text)
            || BARE.contains(&text)
            || DENYING.contains(&text)
            || NEGATIONS.contains(&text)
    };
    has_word
        && (place.contains('/') || is_file || text.contains("://"))
        && !is_placeholder(text)
        && !is_bare(stem)
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
