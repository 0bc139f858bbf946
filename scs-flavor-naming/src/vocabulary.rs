//! Suggestions for misspelled words of a closed list.

use scs_standards::suggestion::edits;

/// The length from which the beginning of a word is enough.
const SHORTEST_PREFIX: usize = 3;

/// The intended word: equal except for case and separators, a prefix, or within the edit distance.
pub(crate) fn meant<'w>(given: &str, words: &[&'w str]) -> Option<&'w str> {
    let given = letters(given);
    let the_one = |fits: &dyn Fn(&str) -> bool| {
        let mut fitting = words.iter().filter(|word| fits(&letters(word)));
        fitting.next().copied().filter(|_| fitting.next().is_none())
    };
    if given.is_empty() {
        return None;
    }
    the_one(&|word| word == given)
        .or_else(|| the_one(&|word| given.len() >= SHORTEST_PREFIX && word.starts_with(&given)))
        .or_else(|| the_one(&|word| edits(&given, word).is_some()))
}

fn letters(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
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
}
