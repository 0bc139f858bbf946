//! Forbidden changes between two editions of a scope file (scs-0003-v1, *Process*).

use std::collections::{HashMap, HashSet};

use jiff::ToSpan;
use jiff::civil::Date;

use super::{Scope, ScopeVersion, TimelineEntry};

/// The number of months that a timeline entry must be kept after it has been superseded.
const PRUNED_AFTER_MONTHS: i64 = 6;

/// Changes to stable versions, which are frozen.
pub(super) fn in_stable_versions(earlier: &Scope, scope: &Scope) -> Vec<String> {
    let mut changes = Vec::new();
    for before in earlier.versions().iter().filter(|version| version.stabilized_at().is_some()) {
        // A missing version may have been pruned.
        let Some(after) = named(scope, before.name()) else { continue };
        let name = before.name();
        if after.stabilized_at() != before.stabilized_at() {
            changes.push(format!("`stabilized_at` of the stable version {name} has changed"));
        }
        if after.includes() != before.includes() {
            changes
                .push(format!("the stable version {name} includes other modules or parameters than before"));
        } else if after.targets() != before.targets() {
            changes.push(format!("the test cases of the stable version {name} have changed"));
        }
    }
    changes
}

/// A version by its own name, ignoring aliases.
fn named<'s>(scope: &'s Scope, name: &str) -> Option<&'s ScopeVersion> {
    scope.version(name).ok().filter(|version| version.name() == name)
}

/// Test cases removed from stable versions that still exist.
pub(super) fn in_test_cases(earlier: &Scope, scope: &Scope) -> Vec<String> {
    let is_stable =
        |version: &&ScopeVersion| version.stabilized_at().is_some() && named(scope, version.name()).is_some();
    let mut gone: Vec<&String> = earlier
        .versions()
        .iter()
        .filter(is_stable)
        .flat_map(|version| version.targets().values().flatten())
        .filter(|case| scope.test_case(case).is_none())
        .collect();
    gone.sort();
    gone.dedup();
    gone.into_iter().map(|case| format!("the test case `{case}` of a stable version was removed")).collect()
}

/// Changed or removed timeline entries, although entries may only be added; those superseded for half a
/// year, and all before them, may be removed.
pub(super) fn in_timeline(earlier: &Scope, scope: &Scope, today: Date) -> Vec<String> {
    let mut before: Vec<_> = earlier.timeline().entries().iter().collect();
    before.sort_by_key(|entry| entry.date);
    // Of two entries for the same day, the first one counts.
    let mut entries: HashMap<Date, &TimelineEntry> = HashMap::new();
    for entry in scope.timeline().entries() {
        entries.entry(entry.date).or_insert(entry);
    }
    let mut changes = Vec::new();
    for (index, entry) in before.iter().enumerate() {
        match entries.get(&entry.date) {
            Some(other) if other.versions == entry.versions => {}
            Some(_) => changes.push(format!("the timeline entry of {} has changed", entry.date)),
            None => {
                let over = before.get(index + 1).map(|next| next.date);
                let may_go = over
                    .and_then(|over| over.checked_add(PRUNED_AFTER_MONTHS.months()).ok())
                    .is_some_and(|day| day <= today);
                if !may_go {
                    changes.push(format!(
                        "the timeline entry of {} was removed before it had been out of force for {PRUNED_AFTER_MONTHS} \
                         months",
                        entry.date
                    ));
                }
            }
        }
    }
    let newest = before.last().map(|entry| entry.date);
    let known: HashSet<Date> = before.iter().map(|entry| entry.date).collect();
    for entry in scope.timeline().entries() {
        if newest.is_some_and(|newest| entry.date < newest) && !known.contains(&entry.date) {
            changes.push(format!(
                "the timeline entry of {} was inserted before the newest one; entries may only be added at the end",
                entry.date
            ));
        }
    }
    changes
}
