//! Detection of placeholders and empty phrases in declarations.

use crate::declaration::DeclaredValue;

/// Placeholders for missing values.
const PLACEHOLDERS: [&str; 10] = ["todo", "tbd", "tba", "fixme", "n/a", "na", "n.a.", "x", "xx", "xxx"];

/// Words that only say yes or no.
const YES_OR_NO: [&str; 24] = [
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

/// Whether a text is a placeholder: `TODO`, `n/a`, `x`, `-`, `?`, or any other text without letters. The empty text is
/// not a placeholder.
fn is_placeholder(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    let bare = text.trim_matches(|c: char| !c.is_alphanumeric() && c != '/');
    let is_known = PLACEHOLDERS.contains(&bare) || PLACEHOLDERS.contains(&text.as_str());
    !text.is_empty() && (is_known || !text.contains(char::is_alphanumeric))
}

/// Beginnings of texts that deny or defer something: `not known`, `no document`, `nobody knows`, `noch offen`.
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

/// Beginnings that count only in short texts: a longer one may describe a measure, as in `no zones of top-level domains for users`.
const NEGATIONS: &[&str] =
    &["no", "not", "never", "without", "kein", "keine", "keiner", "keines", "nicht", "nie", "ohne"];

/// The number of words from which a text that begins with a negation may state a fact.
const SHORT: usize = 4;

/// Endings of such texts.
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

/// Phrases anywhere in such texts.
const DEFERRING: &[&str] = &[
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

/// Whether a text denies the fact or defers it.
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
        || DEFERRING.iter().any(|phrase| joined.contains(&format!(" {phrase} ")))
}

/// Whether a text is not a fact that a rule could judge: empty, a plain yes or no, a placeholder, or a text that denies or
/// defers the fact.
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
    // A URL without a location.
    let plain = lower.split_once("://").map_or(lower.as_str(), |(_, place)| place);
    let plain = plain.trim_matches(|c: char| !c.is_alphanumeric());
    let is_place = lower.contains('/') && !lower.contains(char::is_whitespace);
    plain.is_empty() || is_placeholder(text) || YES_OR_NO.contains(&plain) || !is_place && denies(&lower)
}

/// Whether a text names a document that others can find: a path, a file name or a URL. Denials and announcements
/// do not count.
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
            || YES_OR_NO.contains(&text)
            || DENYING.contains(&text)
            || NEGATIONS.contains(&text)
    };
    has_word
        && (place.contains('/') || is_file || text.contains("://"))
        && !is_placeholder(text)
        && !is_bare(stem)
}

/// Whether any part of a value is a placeholder.
pub(crate) fn has_placeholder(value: &DeclaredValue) -> bool {
    match value {
        DeclaredValue::Flag(_) | DeclaredValue::Number(_) => false,
        DeclaredValue::Text(text) => is_placeholder(text),
        DeclaredValue::List(list) => list.iter().any(|text| is_placeholder(text)),
        DeclaredValue::Facts(facts) => facts.values().any(has_placeholder),
    }
}
