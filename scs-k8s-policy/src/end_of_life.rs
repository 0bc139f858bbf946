//! Until when the project maintains the branches of Kubernetes.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;
use thiserror::Error;

use crate::version::Branch;

/// The last days of branches.
///
/// ```
/// use jiff::civil::date;
/// use scs_k8s_policy::{Branch, EndsOfLife};
///
/// let ends = EndsOfLife::read("- {branch: '1.34', end-of-life: '2026-10-27'}\n- {branch: '1.35', end-of-life: '2027-02-28'}")?;
/// assert_eq!(ends.of(Branch::new(1, 34)), Some(date(2026, 10, 27)));
/// // The last day still counts.
/// assert_eq!(ends.is_maintained(Branch::new(1, 34), date(2026, 10, 27)), Some(true));
/// assert_eq!(ends.is_maintained(Branch::new(1, 34), date(2026, 10, 28)), Some(false));
/// assert_eq!(ends.is_maintained(Branch::new(1, 36), date(2026, 10, 28)), None);
/// # Ok::<(), scs_k8s_policy::ReadEndsOfLifeError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndsOfLife {
    ends: BTreeMap<Branch, Date>,
}

/// A text that is no list of ends of life.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadEndsOfLifeError {
    /// It is no YAML, or something else than such a list.
    #[error("no list of `{{branch, end-of-life}}`: {0}")]
    Shape(String),
    /// An entry cannot be read.
    #[error("entry {number}: {reason}")]
    Entry {
        /// Its place, counted from 1.
        number: usize,
        /// What is wrong with it.
        reason: String,
    },
}

#[derive(Deserialize)]
struct Entry {
    branch: String,
    #[serde(rename = "end-of-life")]
    end_of_life: Date,
}

impl EndsOfLife {
    /// Reads a YAML list of `{branch, end-of-life}`, as the official repository keeps it.
    ///
    /// # Errors
    ///
    /// When it is no such list, or an entry of it names no branch or no day: a list with a hole would let a branch look
    /// unknown.
    pub fn read(yaml: &str) -> Result<Self, ReadEndsOfLifeError> {
        let entries: Vec<serde_json::Value> = serde_saphyr::from_str(yaml).map_err(|error| {
            let text = error.to_string();
            ReadEndsOfLifeError::Shape(text.lines().next().unwrap_or_default().to_owned())
        })?;
        let mut ends = BTreeMap::new();
        for (number, entry) in (1..).zip(entries) {
            let wrong = |reason: String| ReadEndsOfLifeError::Entry { number, reason };
            let entry: Entry = serde_json::from_value(entry).map_err(|error| wrong(error.to_string()))?;
            let branch: Branch = entry.branch.parse().map_err(|error| wrong(format!("{error}")))?;
            if ends.insert(branch, entry.end_of_life).is_some() {
                return Err(wrong(format!("{branch} is there twice")));
            }
        }
        Ok(Self { ends })
    }

    /// The last day of a branch; `None` where the list does not know it.
    #[must_use]
    pub fn of(&self, branch: Branch) -> Option<Date> {
        self.ends.get(&branch).copied()
    }

    /// Whether the project maintains a branch on a day (C-081: the last day counts); `None` where the list does not know
    /// it.
    #[must_use]
    pub fn is_maintained(&self, branch: Branch, day: Date) -> Option<bool> {
        self.of(branch).map(|end| day <= end)
    }

    /// The branches with their last days, the oldest first.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (Branch, Date)> {
        self.ends.iter().map(|(branch, end)| (*branch, *end))
    }

    /// The newest branch that the list knows.
    #[must_use]
    pub fn newest(&self) -> Option<Branch> {
        self.ends.keys().next_back().copied()
    }
}

impl FromIterator<(Branch, Date)> for EndsOfLife {
    fn from_iter<I: IntoIterator<Item = (Branch, Date)>>(ends: I) -> Self {
        Self { ends: ends.into_iter().collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        for (yaml, reason) in [
            ("7", "no list of"),
            ("- {branch: '1.34'}", "entry 1: missing field `end-of-life`"),
            ("- {branch: '1.34', end-of-life: soon}", "entry 1: "),
            ("- {branch: 1.34.1, end-of-life: 2026-10-27}", "it has a third number"),
            (
                "- {branch: '1.34', end-of-life: 2026-10-27}\n- {branch: '1.34', end-of-life: 2026-10-28}",
                "entry 2: 1.34 is there twice",
            ),
        ] {
            let error = EndsOfLife::read(yaml).unwrap_err().to_string();
            assert!(error.contains(reason), "{yaml}: {error}");
        }
    }
}
