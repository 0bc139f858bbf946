//! One finding where the same is to be said of many nodes.

use std::collections::HashMap;
use std::fmt::Write;
use std::hash::Hash;

/// How many subjects are named.
const NAMED: usize = 3;

/// Many subjects as one: `worker-1`, or `2,007 nodes: worker-1, worker-2, worker-3 and 2,004 more`.
pub(super) fn subject(names: &[&str], noun: &str) -> String {
    match names {
        [] => noun.to_owned(),
        [name] => (*name).to_owned(),
        names => format!("{} {noun}: {}", number(names.len()), some(names)),
    }
}

/// The first names, and how many more there are.
pub(super) fn some(names: &[&str]) -> String {
    let first = &names[..names.len().min(NAMED)];
    let mut text = first.join(", ");
    if names.len() > NAMED {
        // Writing to a text does not fail.
        let _ = write!(text, " and {} more", number(names.len() - NAMED));
    }
    text
}

/// A number with its thousands apart.
fn number(number: usize) -> String {
    let digits = number.to_string();
    let first = digits.len() % 3;
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && at % 3 == first {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Subjects by what is said of them, in the order of the first of each.
#[derive(Debug)]
pub(super) struct Groups<K, M> {
    places: HashMap<K, usize>,
    members: Vec<Vec<M>>,
}

impl<K: Eq + Hash, M> Groups<K, M> {
    pub(super) fn new() -> Self {
        Self { places: HashMap::new(), members: Vec::new() }
    }

    /// Puts a subject to those of which the same is said.
    pub(super) fn put(&mut self, key: K, member: M) {
        let place = *self.places.entry(key).or_insert(self.members.len());
        if let Some(members) = self.members.get_mut(place) {
            members.push(member);
        } else {
            self.members.push(vec![member]);
        }
    }

    /// What is said, each with its subjects.
    pub(super) fn all(self) -> Vec<(K, Vec<M>)> {
        let mut keys: Vec<(usize, K)> = self.places.into_iter().map(|(key, place)| (place, key)).collect();
        keys.sort_by_key(|(place, _)| *place);
        keys.into_iter().map(|(_, key)| key).zip(self.members).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_are_counted_and_the_first_ones_named() {
        assert_eq!(subject(&["a"], "nodes"), "a");
        assert_eq!(subject(&["a", "b"], "nodes"), "2 nodes: a, b");
        assert_eq!(subject(&["a", "b", "c", "d"], "nodes"), "4 nodes: a, b, c and 1 more");
        let many = vec!["a"; 2007];
        assert_eq!(subject(&many, "nodes"), "2,007 nodes: a, a, a and 2,004 more");
        for (count, expected) in
            [(0, "0"), (999, "999"), (1000, "1,000"), (12_345, "12,345"), (1_234_567, "1,234,567")]
        {
            assert_eq!(number(count), expected);
        }
    }
}
