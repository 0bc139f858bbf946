//! Suggestions for misspelled words: "did you mean …?".

/// The maximum number of edits.
const MOST_EDITS: usize = 3;

/// Longer words are not compared: they are not typos, and would take long.
const LONGEST: usize = 200;

/// The number of edits between a misspelled word and a known one, regardless of case: inserted, deleted, replaced and
/// swapped letters. `None` if it is not a likely typo: more than three edits, or more than a third of the known word.
///
/// ```
/// use scs_standards::suggestion::edits;
///
/// assert_eq!(edits("netwrok", "network"), Some(1));
/// assert_eq!(edits("ceph", "network"), None);
/// ```
#[must_use]
pub fn edits(given: &str, known: &str) -> Option<usize> {
    if given.len() > LONGEST || known.len() > LONGEST {
        return None;
    }
    // Most words are of a different length; this spares the allocations.
    if given.len().abs_diff(known.len()) > 4 * MOST_EDITS {
        return None;
    }
    let (given, folded) = (given.to_lowercase(), known.to_lowercase());
    let length = folded.chars().count();
    if given.chars().count().abs_diff(length) > MOST_EDITS {
        return None;
    }
    let edits = strsim::damerau_levenshtein(&given, &folded);
    (edits <= MOST_EDITS && 3 * edits <= length).then_some(edits)
}

/// The known word that a misspelled one is most similar to; of several, the first in alphabetical order.
///
/// ```
/// use scs_standards::suggestion::nearest;
///
/// assert_eq!(nearest("flavours", ["flavors", "images"]), Some("flavors"));
/// assert_eq!(nearest("servers", ["flavors", "images"]), None);
/// ```
#[must_use]
pub fn nearest<'k>(given: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let edits = known.into_iter().filter_map(|known| Some((edits(given, known)?, known)));
    edits.min().map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_words_allow_fewer_edits() {
        for (given, known, expected) in [
            ("sdd", "ssd", Some(1)),
            ("sd", "ssd", Some(1)),
            ("Hdd", "HDD", Some(0)),
            ("hd", "ssd", None),
            ("x", "ab", None),
            ("scoops", "scopes", Some(2)),
            ("scoups", "scopes", Some(2)),
            ("sxxxes", "scopes", None),
        ] {
            assert_eq!(edits(given, known), expected, "{given}");
        }
        assert_eq!(edits(&"a".repeat(201), &"a".repeat(201)), None);
    }
}
