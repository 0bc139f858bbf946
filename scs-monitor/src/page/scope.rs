//! The versions of a scope and their modules.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use scs_certificates::{Scope, ScopeVersion, Validity};

/// A scope.
#[derive(Clone, Debug)]
pub(crate) struct ScopePage {
    pub(crate) name: String,
    pub(crate) versions: Vec<ScopeColumn>,
    pub(crate) rows: Vec<ScopeRow>,
    /// The scope file.
    pub(crate) url: String,
    /// From which day on which versions have which state, newest first.
    pub(crate) timeline: Vec<(String, Vec<(String, Validity)>)>,
}

/// A version that the timeline names.
#[derive(Clone, Debug)]
pub(crate) struct ScopeColumn {
    pub(crate) name: String,
    pub(crate) state: String,
    pub(crate) stabilized_at: String,
}

/// A module.
#[derive(Clone, Debug)]
pub(crate) struct ScopeRow {
    pub(crate) name: String,
    pub(crate) url: Option<String>,
    /// For each version the parameters it is included with, if it is.
    pub(crate) cells: Vec<Option<Vec<(String, String)>>>,
}

impl ScopePage {
    /// The scope at a time.
    pub(crate) fn new(scope: &Scope, now: Timestamp) -> Self {
        let validities = scope.timeline().validities(now.to_zoned(TimeZone::UTC).date());
        let versions: Vec<&ScopeVersion> =
            scope.versions().iter().filter(|version| validities.contains_key(version.name())).collect();
        let mut rows: BTreeMap<&str, ScopeRow> = BTreeMap::new();
        for (column, version) in versions.iter().enumerate() {
            for include in version.includes() {
                let row = rows
                    .entry(&include.module)
                    .or_insert_with(|| row(scope, &include.module, versions.len()));
                if let Some(cell) = row.cells.get_mut(column) {
                    *cell = Some(include.parameters.clone());
                }
            }
        }
        let column = |version: &&ScopeVersion| ScopeColumn {
            name: version.name().to_owned(),
            state: capitalized(validities.get(version.name()).map(ToString::to_string).as_deref()),
            stabilized_at: version.stabilized_at().map_or_else(String::new, |day| day.to_string()),
        };
        Self {
            name: scope.name().to_owned(),
            versions: versions.iter().map(column).collect(),
            rows: rows.into_values().collect(),
            url: scope.url().to_owned(),
            timeline: timeline(scope),
        }
    }
}

fn timeline(scope: &Scope) -> Vec<(String, Vec<(String, Validity)>)> {
    let mut entries: Vec<_> = scope.timeline().entries().iter().collect();
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.date));
    entries.into_iter().map(|entry| (entry.date.to_string(), entry.versions.clone())).collect()
}

fn row(scope: &Scope, id: &str, columns: usize) -> ScopeRow {
    let module = scope.module(id);
    let name = module.and_then(|module| module.name.as_deref()).unwrap_or_default();
    ScopeRow {
        name: match (name.is_empty(), id.starts_with("scs-")) {
            // The built-in scopes have no names of modules.
            (true, _) => id.to_owned(),
            (false, true) => format!("{id}: {name}"),
            (false, false) => name.to_owned(),
        },
        url: module.and_then(|module| module.url.clone()),
        cells: vec![None; columns],
    }
}

fn capitalized(word: Option<&str>) -> String {
    let mut letters = word.unwrap_or_default().chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
