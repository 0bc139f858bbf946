//! End-of-life dates of Kubernetes branches.

use std::collections::BTreeMap;
use std::str::FromStr;

use jiff::civil::Date;
use scs_standards::listed::kind_of;
use scs_standards::yaml;
use serde_json::Value;
use thiserror::Error;

use crate::version::Branch;

/// End-of-life dates by branch.
///
/// ```
/// use jiff::civil::date;
/// use scs_k8s_policy::{Branch, EndsOfLife};
///
/// let ends: EndsOfLife = "- {branch: '1.34', end-of-life: '2026-10-27'}\n- {branch: '1.35', end-of-life: '2027-02-28'}".parse()?;
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

/// Error: not a list of end-of-life dates.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadEndsOfLifeError {
    /// It is not YAML, or not such a list.
    #[error("not a list of `{{branch, end-of-life}}`: {0}")]
    Shape(String),
    /// An entry is invalid.
    #[error("entry {number}: {reason}")]
    Entry {
        /// Its position, from 1.
        number: usize,
        /// The problem.
        reason: String,
    },
}

/// Keys for the branch: first that of the official repository, then those of kubernetes.io's release pages and of
/// endoflife.date.
const BRANCH: [&str; 4] = ["branch", "release", "cycle", "name"];
/// Keys for the last day of a branch.
const END: [&str; 4] = ["end-of-life", "endOfLifeDate", "eol", "eolFrom"];

/// Keys of the list in a document that is not a list itself: `schedule.yaml`, `eol.yaml`, and version 2 of endoflife.date's
/// API.
fn entries(document: Value) -> Option<Vec<Value>> {
    let list = match document {
        Value::Array(list) => return Some(list),
        other => ["/schedules", "/branches", "/result/releases"]
            .iter()
            .find_map(|path| other.pointer(path).cloned()),
    };
    list.and_then(|list| if let Value::Array(list) = list { Some(list) } else { None })
}

fn field<'v>(entry: &'v Value, keys: [&'static str; 4]) -> Result<(&'static str, &'v Value), String> {
    let found = keys.into_iter().find_map(|key| entry.get(key).map(|value| (key, value)));
    found.ok_or_else(|| format!("missing field `{}`", keys[0]))
}

/// The branch of an entry. YAML parses 1.30 without quotes as the number 1.3.
fn branch(entry: &Value) -> Result<Branch, String> {
    let (key, value) = field(entry, BRANCH)?;
    match value {
        Value::String(text) => text.parse().map_err(|error| format!("{error}")),
        Value::Number(number)
            if number.to_string().split('.').nth(1).is_some_and(|minor| minor.len() > 1) =>
        {
            number.to_string().parse().map_err(|error| format!("{error}"))
        }
        other => Err(format!("`{key}` is `{other}`; write it in quotes, such as '1.30'")),
    }
}

fn end(entry: &Value) -> Result<Date, String> {
    let (key, value) = field(entry, END)?;
    let date = value.as_str().and_then(|text| text.parse().ok());
    date.ok_or_else(|| format!("`{key}` is `{value}`, not a date such as 2027-06-28"))
}

impl FromStr for EndsOfLife {
    type Err = ReadEndsOfLifeError;

    /// Parses a YAML list of `{branch, end-of-life}`, as in the official repository; `data/releases/schedule.yaml` and
    /// `eol.yaml` of kubernetes.io; or the answer of endoflife.date.
    ///
    /// # Errors
    ///
    /// If it is none of these, or an entry lacks a branch or a date: a gap would make a branch look unknown.
    ///
    /// ```
    /// use scs_k8s_policy::{Branch, EndsOfLife};
    ///
    /// for text in [
    ///     "schedules: [{release: '1.36', endOfLifeDate: 2027-06-28}]",
    ///     "branches: [{release: '1.36', endOfLifeDate: '2027-06-28', finalPatchRelease: 1.36.20}]",
    ///     r#"[{"cycle": "1.36", "eol": "2027-06-28", "latest": "1.36.5"}]"#,
    ///     r#"{"result": {"releases": [{"name": "1.36", "eolFrom": "2027-06-28"}]}}"#,
    /// ] {
    ///     assert_eq!(text.parse::<EndsOfLife>()?.of(Branch::new(1, 36)).unwrap().to_string(), "2027-06-28");
    /// }
    /// # Ok::<(), scs_k8s_policy::ReadEndsOfLifeError>(())
    /// ```
    fn from_str(yaml: &str) -> Result<Self, Self::Err> {
        let document: Value =
            serde_saphyr::from_str(yaml).map_err(|error| ReadEndsOfLifeError::Shape(yaml::reason(&error)))?;
        let found = kind_of(&document);
        let listed = entries(document).ok_or_else(|| ReadEndsOfLifeError::Shape(format!("found {found}")))?;
        let mut ends = BTreeMap::new();
        for (number, entry) in (1..).zip(listed) {
            let wrong = |reason: String| ReadEndsOfLifeError::Entry { number, reason };
            let branch = branch(&entry).map_err(wrong)?;
            let end = end(&entry).map_err(wrong)?;
            if ends.insert(branch, end).is_some_and(|before| before != end) {
                return Err(wrong(format!("{branch} is listed twice, with different dates")));
            }
        }
        Ok(Self { ends })
    }
}

impl EndsOfLife {
    /// The last day of a branch; `None` if the list does not have it.
    #[must_use]
    pub fn of(&self, branch: Branch) -> Option<Date> {
        self.ends.get(&branch).copied()
    }

    /// Whether a branch is maintained on a date (C-081: including the last day); `None` if the list does not have it.
    #[must_use]
    pub fn is_maintained(&self, branch: Branch, day: Date) -> Option<bool> {
        self.of(branch).map(|end| day <= end)
    }

    /// The branches with their last days, oldest first.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (Branch, Date)> {
        self.ends.iter().map(|(branch, end)| (*branch, *end))
    }

    /// The newest branch in the list.
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
    fn errors_have_the_position_of_the_entry() {
        for (yaml, reason) in [
            ("7", "not a list of"),
            ("- {branch: '1.34'}", "entry 1: missing field `end-of-life`"),
            ("- {branch: '1.34', end-of-life: soon}", "entry 1: `end-of-life` is `\"soon\"`, not a date"),
            ("- {branch: 1.30, end-of-life: 2027-06-28}", "write it in quotes"),
            ("- {cycle: '1.34', eol: false}", "entry 1: `eol` is `false`"),
            ("other: []", "not a list of"),
            ("- {branch: 1.34.1, end-of-life: 2026-10-27}", "it has a third number"),
            (
                "- {branch: '1.34', end-of-life: 2026-10-27}\n- {branch: '1.34', end-of-life: 2026-10-28}",
                "entry 2: 1.34 is listed twice, with different dates",
            ),
        ] {
            let error = yaml.parse::<EndsOfLife>().unwrap_err().to_string();
            assert!(error.contains(reason), "{yaml}: {error}");
        }
    }
}
