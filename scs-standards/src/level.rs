//! Requirement levels (RFC 2119, as scs-0001 uses them).

use std::fmt;
use std::str::FromStr;

use crate::severity::Severity;

/// How strongly a text requires or forbids something.
///
/// ```
/// use scs_standards::{Level, Strength};
///
/// assert_eq!("SHOULD NOT".parse(), Ok(Level::ShouldNot));
/// assert_eq!(Level::ShouldNot.strength(), Strength::Should);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// MUST, REQUIRED, SHALL.
    Must,
    /// MUST NOT, FORBIDDEN.
    MustNot,
    /// SHOULD, RECOMMENDED.
    Should,
    /// SHOULD NOT.
    ShouldNot,
    /// MAY, OPTIONAL.
    May,
}

/// A level without its direction, that is, the weight of a violation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// Breaking it is an error.
    Must,
    /// Breaking it is a warning.
    Should,
    /// Not following it is worth a note.
    May,
}

impl Level {
    /// All levels.
    pub const ALL: [Self; 5] = [Self::Must, Self::MustNot, Self::Should, Self::ShouldNot, Self::May];

    /// The level without its direction.
    #[must_use]
    pub const fn strength(self) -> Strength {
        match self {
            Self::Must | Self::MustNot => Strength::Must,
            Self::Should | Self::ShouldNot => Strength::Should,
            Self::May => Strength::May,
        }
    }

    /// The severity of a violation at this level.
    #[must_use]
    pub const fn severity(self) -> Severity {
        match self.strength() {
            Strength::Must => Severity::Error,
            Strength::Should => Severity::Warning,
            Strength::May => Severity::Info,
        }
    }

    /// The keyword as written in the standards.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Must => "MUST",
            Self::MustNot => "MUST NOT",
            Self::Should => "SHOULD",
            Self::ShouldNot => "SHOULD NOT",
            Self::May => "MAY",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Level {
    type Err = ParseLevelError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|level| level.name() == text).ok_or_else(|| ParseLevelError::new(text))
    }
}

crate::vocabulary::parse_error! {
    /// Error: not a requirement level.
    ParseLevelError, "MUST, MUST NOT, SHOULD, SHOULD NOT or MAY"
}

#[cfg(feature = "serde")]
crate::as_text!(
    Level,
    "Level",
    "^(MUST|MUST NOT|SHOULD|SHOULD NOT|MAY)$",
    "The requirement level of a rule (RFC 2119)."
);
