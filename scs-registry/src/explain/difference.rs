//! Differences between the texts and the official test suite.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// A point on which `--profile text` and `--profile official` decide differently, or on which the texts contradict each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct DifferenceTopic {
    /// The key, `C-018`.
    pub key: String,
    /// The standards that it is about.
    pub about: String,
    /// What differs.
    pub what: String,
    /// How it is decided by the text; empty where it is not decided.
    pub text: String,
    /// What the official test suite does; empty where it does nothing about it.
    pub official: String,
}

impl DifferenceTopic {
    /// Whether it is about a standard: one that its row names, or, where that names none, its heading.
    pub(super) fn is_about(&self, standard: &str) -> bool {
        let row = [&self.what, &self.text, &self.official];
        let names_any = row.iter().any(|cell| cell.contains("scs-0"));
        if names_any { row.iter().any(|cell| cell.contains(standard)) } else { self.about.contains(standard) }
    }
}

/// Written by `cargo xtask generate` from `docs/differences.md`. A test makes sure that it can be read.
static DIFFERENCES: LazyLock<Vec<DifferenceTopic>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../data/differences.json")).unwrap_or_default());

/// All of them, in the order of the page.
pub(super) fn all() -> &'static [DifferenceTopic] {
    &DIFFERENCES
}

/// A difference by its key, also without the hyphen, leading zeros or capitals.
pub(super) fn find(key: &str) -> Option<&'static DifferenceTopic> {
    let number = key.strip_prefix(['C', 'c']).map(|rest| rest.strip_prefix('-').unwrap_or(rest));
    let number: Option<u16> =
        number.filter(|digits| digits.len() <= 4).and_then(|digits| digits.parse().ok());
    let key = number.map_or_else(|| key.to_owned(), |number| format!("C-{number:03}"));
    all().iter().find(|difference| difference.key == key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_can_be_read() {
        let read: Result<Vec<DifferenceTopic>, _> =
            serde_json::from_str(include_str!("../../data/differences.json"));
        assert!(read.unwrap().len() > 80);
    }
}
