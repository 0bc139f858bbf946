//! The releases in use, as the provider declares them, and their maintenance.

use jiff::civil::Date;
use scs_standards::{DeclaredValue, Fact, fact};

use super::super::Rec;
use super::releases::{Phase, Releases, releases};

/// The id of the rule whose declaration lists the releases in use.
pub(super) const MAINTAINED: &str = "scs-0124-release-maintained";

/// An alternative topic: Keystone's release, which other rules ask for.
pub(super) const KEYSTONE: &str = "openstack-release";

/// The releases in a declared value; `None` if it has none.
pub(in crate::rules) fn named_releases(value: &DeclaredValue) -> Option<Vec<String>> {
    let names = match value {
        DeclaredValue::Text(name) => vec![name.clone()],
        DeclaredValue::List(names) => names.clone(),
        // YAML parses `2026.1` as a number.
        DeclaredValue::Number(number) => vec![format!("{number:.1}")],
        DeclaredValue::Facts(facts) => {
            let each = facts.values().map(|value| match value {
                DeclaredValue::Facts(_) => None,
                value => named_releases(value),
            });
            each.collect::<Option<Vec<_>>>()?.concat()
        }
        DeclaredValue::Flag(_) => return None,
    };
    (!names.is_empty()).then_some(names)
}

/// The maintenance status of a release.
pub(super) enum Status {
    Maintained,
    /// Its maintenance ends within three months, with the message.
    Ending(String),
    /// Unmaintained, with the message.
    Ended(String),
    /// Not in the table, or not yet released.
    Unknown,
}

impl Status {
    pub(super) fn ended(&self) -> Option<&str> {
        if let Self::Ended(words) = self { Some(words) } else { None }
    }

    pub(super) fn ending(&self) -> Option<&str> {
        if let Self::Ending(words) = self { Some(words) } else { None }
    }
}

pub(super) fn status(table: &Releases, name: &str, at: Date) -> Status {
    let Some(release) = table.find(name) else { return Status::Unknown };
    let label = release.label();
    match release.phase(at) {
        Phase::Ended(since, phase) => {
            Status::Ended(format!("{label} has been unmaintained since {since} ({phase})"))
        }
        Phase::Maintained(Some(end))
            if at.checked_add(jiff::Span::new().months(3)).is_ok_and(|soon| end <= soon) =>
        {
            Status::Ending(format!("{label} is unmaintained from {end}"))
        }
        Phase::Maintained(_) => Status::Maintained,
        Phase::Future(_) => Status::Unknown,
    }
}

/// Whether all declared releases were maintained on a date; `None` if unknown.
pub(super) fn was_maintained(rec: &Rec<'_>, at: Date) -> Option<bool> {
    let Fact::Declared(value) = fact(rec, &[MAINTAINED, KEYSTONE]) else { return None };
    let statuses = named_releases(value)?.iter().map(|name| status(releases(), name, at)).collect::<Vec<_>>();
    if statuses.iter().any(|status| matches!(status, Status::Ended(_))) {
        return Some(false);
    }
    (!statuses.iter().any(|status| matches!(status, Status::Unknown))).then_some(true)
}
