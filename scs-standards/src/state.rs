//! The state of a document, always at a date (scs-0001, *Lifecycle*).

use std::fmt;

use jiff::civil::Date;

/// Draft, effective or deprecated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub enum State {
    /// Not stabilized: may change in any way.
    Draft,
    /// In force.
    Effective,
    /// Replaced or withdrawn.
    Deprecated,
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Draft => "draft",
            Self::Effective => "effective",
            Self::Deprecated => "deprecated",
        })
    }
}

/// The two dates of a document's front matter that decide its state.
///
/// Computed as on the documentation site: only the dates matter, not the `status` field; a document with
/// a stabilization date counts as effective even before that date (see [`Lifecycle::takes_effect_after`]).
///
/// ```
/// use jiff::civil::date;
/// use scs_standards::{Lifecycle, State};
///
/// let flavor_naming_v2 =
///     Lifecycle { stabilized_at: Some(date(2023, 2, 21)), deprecated_at: Some(date(2023, 11, 30)) };
/// assert_eq!(flavor_naming_v2.state_on(date(2023, 6, 1)), State::Effective);
/// assert_eq!(flavor_naming_v2.state_on(date(2023, 11, 30)), State::Effective);
/// assert_eq!(flavor_naming_v2.state_on(date(2023, 12, 1)), State::Deprecated);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Lifecycle {
    /// The date after which the document counts as stable.
    pub stabilized_at: Option<Date>,
    /// The date after which its deprecation is in effect.
    pub deprecated_at: Option<Date>,
}

impl Lifecycle {
    /// The state on a date.
    #[must_use]
    pub fn state_on(self, date: Date) -> State {
        match (self.stabilized_at, self.deprecated_at) {
            (_, Some(deprecated)) if date > deprecated => State::Deprecated,
            (Some(_), _) => State::Effective,
            (None, _) => State::Draft,
        }
    }

    /// The stabilization date, if it is after `date`.
    #[must_use]
    pub fn takes_effect_after(self, date: Date) -> Option<Date> {
        self.stabilized_at.filter(|stabilized| *stabilized > date)
    }

    /// The deprecation date, if it is after `date`.
    #[must_use]
    pub fn ends_after(self, date: Date) -> Option<Date> {
        self.deprecated_at.filter(|deprecated| *deprecated >= date)
    }
}
