//! Suggestions for misspelled words of a closed list.

/// The maximum edit distance of a suggestion.
const MOST_SLIPS: usize = 2;

/// The intended word: equal except for case and separators, a prefix, or within the edit distance.
pub(crate) fn meant<'w>(given: &str, words: &[&'w str]) -> Option<&'w str> {
    let given = letters(given);
    let the_one = |fits: &dyn Fn(&str) -> bool| {
        let mut fitting = words.iter().filter(|word| fits(&letters(word)));
        fitting.next().copied().filter(|_| fitting.next().is_none())
    };
    // Longer words are not typos, and would take long to compare.
    if given.is_empty() || given.len() > 40 {
        return None;
    }
    the_one(&|word| word == given)
        .or_else(|| the_one(&|word| given.len() > MOST_SLIPS && word.starts_with(&given)))
        .or_else(|| the_one(&|word| word.len() > 2 * MOST_SLIPS && distance(&given, word) <= MOST_SLIPS))
}

fn letters(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The edit distance.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, letter) in one.chars().enumerate() {
        let mut diagonal = line;
        let mut left = line + 1;
        for (place, known) in row.iter_mut().zip(std::iter::once(None).chain(other.iter().map(Some))) {
            let above = *place;
            let here = match known {
                None => line + 1,
                Some(known) => (diagonal + usize::from(*known != letter)).min(above + 1).min(left + 1),
            };
            (diagonal, left, *place) = (above, here, here);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typos_are_recognized() {
        let classes = ["crowded-core", "shared-core", "dedicated-thread", "dedicated-core"];
        for (given, word) in [
            ("shared_core", Some("shared-core")),
            ("Shared Core", Some("shared-core")),
            ("shared", Some("shared-core")),
            ("sharde-core", Some("shared-core")),
            ("dedicatedcores", Some("dedicated-core")),
            ("dedicated", None),
            ("core", None),
            ("", None),
        ] {
            assert_eq!(meant(given, &classes), word, "{given}");
        }
        let disks = ["network", "hdd", "ssd", "nvme"];
        for (given, word) in [
            ("SSD", Some("ssd")),
            ("NVME", Some("nvme")),
            ("sdd", None),
            ("netwrok", Some("network")),
            ("ceph", None),
        ] {
            assert_eq!(meant(given, &disks), word, "{given}");
        }
    }

    #[test]
    fn distance_counts_letters() {
        for (one, other, expected) in
            [("", "", 0), ("", "ab", 2), ("ab", "", 2), ("kitten", "sitting", 3), ("abc", "abc", 0)]
        {
            assert_eq!(distance(one, other), expected, "{one} {other}");
        }
    }
}
