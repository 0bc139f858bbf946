//! Profiles: the interpretation by which a check decides.

use std::fmt;
use std::str::FromStr;

/// The interpretation that decides: the text of the standards, or the behavior of the official test suite.
///
/// ```
/// use scs_standards::Profile;
/// assert_eq!(Profile::default(), Profile::Text);
/// assert_eq!(Profile::Text.other(), Profile::Official);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Profile {
    /// The normative text decides.
    #[default]
    Text,
    /// The verdicts of the official test suite are reproduced, to predict the outcome of a certification.
    Official,
}

impl Profile {
    /// Both profiles.
    pub const ALL: [Self; 2] = [Self::Text, Self::Official];

    /// The opposite profile.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Text => Self::Official,
            Self::Official => Self::Text,
        }
    }

    /// The name: `text` or `official`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Official => "official",
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Profile {
    type Err = ParseProfileError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|profile| profile.name() == text)
            .ok_or_else(|| ParseProfileError::new(text))
    }
}

crate::vocabulary::parse_error! {
    /// Error: not the name of a profile.
    ParseProfileError, "`text` or `official`"
}

#[cfg(feature = "serde")]
crate::as_text!(
    Profile,
    "Profile",
    "^(text|official)$",
    "`text`: the normative text decides; `official`: the verdicts of the official test suite are reproduced."
);
