//! Flavor lists in the formats of clouds and tools.
//!
//! | source | format | RAM in | extra specs |
//! | --- | --- | --- | --- |
//! | Nova's API | `{"flavors": [{"name": …, "vcpus": …}]}` | MiB | `extra_specs`, from microversion 2.61 on |
//! | OpenStack client | `openstack flavor list --long -f json`, `openstack flavor show -f json` | MiB | `Properties`, an object or a string |
//! | flavor manager | YAML with `reference`, `mandatory`, `recommended` | MiB | keys with a colon |
//! | flavor groups | YAML with `flavor_groups`, as in an older list for scs-0103 | GiB | keys with a colon |
//!
//! An unreadable entry is reported ([`BrokenEntry`]) and does not affect the others; an unusable field is kept with
//! its reason ([`scs_standards::subject::Flavor::unusable`]).

mod document;
mod error;
mod fields;
mod format;
mod other;
mod properties;
mod refusal;
mod shapes;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use scs_standards::listed::{Broken, Incomplete, Listed, Pages, ReadListError};
use scs_standards::subject::Flavor;
use scs_standards::wording::quoted;
use serde_json::Value;

use document::Document;

pub use format::FlavorFormat;

/// A parsed list of flavors, with the unreadable entries.
///
/// ```
/// use scs_flavor_naming::FlavorList;
///
/// let list: FlavorList = r#"{"flavors": [
///     {"name": "SCS-2V-8", "vcpus": 2, "ram": 8192, "disk": 0, "extra_specs": {"scs:cpu-type": "shared-core"}},
///     {"vcpus": 1}
/// ]}"#.parse()?;
/// assert_eq!(list.flavors[0].extra_spec("scs:cpu-type"), Some("shared-core"));
/// assert_eq!(list.broken[0].to_string(), "entry 2: `name` is missing");
/// # Ok::<(), scs_standards::listed::ReadListError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FlavorList {
    /// The detected format.
    pub format: FlavorFormat,
    /// The flavors in their original order.
    pub flavors: Vec<Flavor>,
    /// The entries that are not flavors.
    pub broken: Vec<BrokenEntry>,
    /// Why the list is known to be incomplete.
    pub incomplete: Option<Incomplete>,
    /// Notices about the source as a whole.
    pub notices: Vec<String>,
}

/// An entry that could not be parsed as a flavor.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BrokenEntry {
    /// The position in the source, counted from 1.
    pub number: usize,
    /// The reason.
    pub reason: String,
}

impl fmt::Display for BrokenEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "entry {}: {}", self.number, self.reason)
    }
}

impl From<FlavorList> for Listed<Flavor> {
    fn from(list: FlavorList) -> Self {
        let number = list.flavors.len() + list.broken.len();
        let broken = list.broken.iter().map(|entry| Broken::entry(entry.number, entry.to_string()));
        let broken = broken.chain(list.incomplete.map(|why| Broken::rest(number, why))).collect();
        Self::new(list.flavors, broken)
    }
}

impl FromStr for FlavorList {
    type Err = ReadListError;

    /// Parses any of the formats; the format is detected.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let document = Document::read(text)?;
        let lists = document.values.iter().map(Self::from_value).collect::<Result<Vec<_>, _>>()?;
        let format = lists.first().map_or(FlavorFormat::Nova, |list| list.format);
        let mut all = Self {
            format,
            flavors: Vec::new(),
            broken: Vec::new(),
            incomplete: None,
            notices: document.notices,
        };
        for list in lists {
            let before = all.flavors.len() + all.broken.len();
            let later = |entry: BrokenEntry| BrokenEntry { number: before + entry.number, ..entry };
            all.broken.extend(list.broken.into_iter().map(later));
            all.flavors.extend(list.flavors);
            all.incomplete = all.incomplete.or(list.incomplete);
        }
        all.notices.extend(notices(&all.flavors, format));
        Ok(all)
    }
}

impl FlavorList {
    /// Reads flavors from a parsed document.
    ///
    /// # Errors
    ///
    /// If it has none of the known formats.
    pub fn from_value(value: &Value) -> Result<Self, ReadListError> {
        let (format, entries) = shapes::entries(value)?;
        let incomplete = incomplete(value, entries.len());
        let mut list =
            Self { format, flavors: Vec::new(), broken: Vec::new(), incomplete, notices: Vec::new() };
        for (number, entry) in (1..).zip(entries) {
            match fields::flavor(format, &entry) {
                Ok(flavor) => list.flavors.push(flavor),
                Err(reason) => list.broken.push(BrokenEntry { number, reason }),
            }
        }
        list.notices = notices(&list.flavors, format);
        Ok(list)
    }
}

/// Detects whether the list is only one page.
fn incomplete(document: &Value, entries: usize) -> Option<Incomplete> {
    let mut pages = Pages::default();
    for (key, value) in document.as_object().filter(|map| map.get("flavors").is_some_and(Value::is_array))? {
        pages.take(key, value);
    }
    pages.incomplete(entries)
}

/// Notices about the list as a whole.
fn notices(flavors: &[Flavor], format: FlavorFormat) -> Vec<String> {
    let mut notices = Vec::new();
    if !flavors.is_empty() && flavors.iter().all(|flavor| flavor.extra_specs.is_none()) {
        notices.push(match format {
            FlavorFormat::Osc => {
                "no flavor has properties: list them with `openstack flavor list --long -f json`".to_owned()
            }
            _ => "no flavor has extra specs: ask Nova with microversion 2.61 or later".to_owned(),
        });
    }
    let mut by_folded: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for flavor in flavors {
        by_folded.entry(flavor.name.to_lowercase()).or_default().push(&flavor.name);
    }
    for names in by_folded.values().filter(|names| names.len() > 1) {
        let mut distinct = names.clone();
        distinct.sort_unstable();
        distinct.dedup();
        notices.push(if distinct.len() == 1 {
            format!("the name `{}` occurs {} times", names[0], names.len())
        } else {
            format!("the names {} differ only in case", quoted(&distinct))
        });
    }
    notices
}
