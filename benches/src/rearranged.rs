//! Corrupted lists: emptied, reversed, duplicated, and with digits of another script.

use crate::random::Random;

/// Digits of other scripts, and signs that only look like digits: `0` to `9` of each.
const SCRIPTS: [&str; 5] = ["٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "０１２３４５６７８９", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "⁰¹²³⁴⁵⁶⁷⁸⁹"];

/// A list that in three of ten cases is emptied, reversed, repeated as a whole, or repeated entry by entry.
#[must_use]
pub fn rearranged<T: Clone>(random: &mut Random, mut list: Vec<T>) -> Vec<T> {
    match random.below(40) {
        0..3 => list.clear(),
        3..6 => list.reverse(),
        6..9 => list.extend_from_within(..),
        9..12 => list = list.into_iter().flat_map(|entry| [entry.clone(), entry]).collect(),
        _ => {}
    }
    list
}

/// A text with one digit, or all digits, replaced by those of another script.
#[must_use]
pub fn foreign_digits(random: &mut Random, text: &str) -> String {
    let script = random.pick(&SCRIPTS);
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let only = random.percent(60).then(|| random.below(digits));
    let mut number = 0;
    let mut other = |character: char| {
        let value = character.to_digit(10)?;
        let chosen = only.is_none_or(|only| only == number);
        number += 1;
        chosen.then(|| script.chars().nth(usize::try_from(value).ok()?))?
    };
    text.chars().map(|character| other(character).unwrap_or(character)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_rearranged_in_each_way() {
        let mut random = Random::new(1);
        let lists: Vec<Vec<u8>> = (0..200).map(|_| rearranged(&mut random, vec![1, 2])).collect();
        for way in [&[][..], &[1, 2], &[2, 1], &[1, 2, 1, 2], &[1, 1, 2, 2]] {
            assert!(lists.iter().any(|list| list == way), "{way:?}");
        }
    }

    #[test]
    fn digits_are_those_of_another_script() {
        let mut random = Random::new(1);
        let texts: Vec<String> = (0..200).map(|_| foreign_digits(&mut random, "a1-20")).collect();
        assert!(texts.iter().all(|text| text != "a1-20" && text.chars().count() == 5));
        assert!(texts.contains(&"a١-٢٠".to_owned()) && texts.contains(&"a1-２0".to_owned()));
        assert_eq!(foreign_digits(&mut random, "none"), "none");
    }
}
