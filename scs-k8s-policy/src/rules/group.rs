//! Groups nodes with the same message into one finding.

use std::collections::HashMap;
use std::fmt::Write;
use std::hash::Hash;

/// The number of subjects that are listed.
const NAMED: usize = 3;

/// Formats several subjects: `worker-1`, or `2,007 nodes: worker-1, worker-2, worker-3 and 2,004 more`.
pub(super) fn subject(names: &[&str], noun: &str) -> String {
    match names {
        [] => noun.to_owned(),
        [name] => (*name).to_owned(),
        names => format!("{} {noun}: {}", number(names.len()), some(names)),
    }
}

/// The first names, and the number of others.
pub(super) fn some(names: &[&str]) -> String {
    let first = &names[..names.len().min(NAMED)];
    let mut text = first.join(", ");
    if names.len() > NAMED {
        // Writing to a string does not fail.
        let _ = write!(text, " and {} more", number(names.len() - NAMED));
    }
    text
}

/// A number with thousands separators.
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

/// Subjects grouped by message, ordered by first occurrence.
#[derive(Debug)]
pub(super) struct Groups<K, M> {
    places: HashMap<K, usize>,
    members: Vec<Vec<M>>,
}

impl<K: Eq + Hash, M> Groups<K, M> {
    pub(super) fn new() -> Self {
        Self { places: HashMap::new(), members: Vec::new() }
    }

    /// Adds a subject to those with the same message.
    pub(super) fn put(&mut self, key: K, member: M) {
        let place = *self.places.entry(key).or_insert(self.members.len());
        if let Some(members) = self.members.get_mut(place) {
            members.push(member);
        } else {
            self.members.push(vec![member]);
        }
    }

    /// The messages with their subjects.
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
    fn subjects_are_counted_and_the_first_ones_listed() {
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
