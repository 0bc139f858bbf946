//! Document ids: `scs-0100-v3` is one versioned text, `scs-0100-w1` a supplement, `scs-0100` the family (scs-0001,
//! *Document numbering*; scs-0002).

use std::fmt;
use std::num::NonZeroU8;
use std::str::FromStr;

use thiserror::Error;

use crate::vocabulary::shortened;

/// The track of a document, given by the second digit of its number (scs-0001, *Proposal status*).
///
/// ```
/// use scs_standards::{StandardId, Track};
///
/// let standard: StandardId = "scs-0210".parse()?;
/// assert_eq!(standard.track(), Some(Track::Kaas));
/// # Ok::<(), scs_standards::ParseIdError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Track {
    /// 0: the standardization process itself.
    Global,
    /// 1: infrastructure as a service.
    Iaas,
    /// 2: Kubernetes as a service.
    Kaas,
    /// 3: identity and access management.
    Iam,
    /// 4: operations.
    Ops,
    /// 5: certificate scopes.
    Scopes,
}

impl Track {
    /// All tracks, ordered by digit.
    pub const ALL: [Self; 6] = [Self::Global, Self::Iaas, Self::Kaas, Self::Iam, Self::Ops, Self::Scopes];

    /// The name used in the front matter.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Global => "Global",
            Self::Iaas => "IaaS",
            Self::Kaas => "KaaS",
            Self::Iam => "IAM",
            Self::Ops => "Ops",
            Self::Scopes => "Scopes",
        }
    }
}

impl fmt::Display for Track {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Track {
    type Err = ParseTrackError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|track| track.name() == text).ok_or_else(|| ParseTrackError::new(text))
    }
}

crate::vocabulary::parse_error! {
    /// Error: not the name of a track.
    ParseTrackError, "Global, IaaS, KaaS, IAM, Ops or Scopes"
}

/// A family of documents, `scs-0100`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StandardId(u16);

impl StandardId {
    /// Creates the id from a number with at most four digits.
    #[must_use]
    pub const fn new(number: u16) -> Option<Self> {
        if number <= 9999 { Some(Self(number)) } else { None }
    }

    /// The number, `100` for `scs-0100`.
    #[must_use]
    pub const fn number(self) -> u16 {
        self.0
    }

    /// The track of the second digit; `None` for digits that scs-0001 does not assign.
    #[must_use]
    pub fn track(self) -> Option<Track> {
        Track::ALL.get(usize::from(self.0 / 100)).copied()
    }
}

impl fmt::Display for StandardId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "scs-{:04}", self.0)
    }
}

impl FromStr for StandardId {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        four_digits(text).map(Self).ok_or_else(|| ParseIdError::new(text, "a standard id such as `scs-0100`"))
    }
}

/// The edition of a document within its family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edition {
    /// `v3`: a major version of the text itself.
    Version(NonZeroU8),
    /// `w1`: a supplement, such as implementation and testing notes.
    Supplement(NonZeroU8),
}

/// One versioned document, `scs-0100-v3` or `scs-0100-w1`.
///
/// # Errors
///
/// Parsing fails for everything but `scs-`, four digits, `-v` or `-w`, and a number from 1 to 255 without leading zero.
///
/// ```
/// use scs_standards::DocumentId;
///
/// let id: DocumentId = "scs-0100-v3".parse()?;
/// assert_eq!(id.to_string(), "scs-0100-v3");
/// assert!("scs-100-v3".parse::<DocumentId>().is_err()); // four digits
/// assert!("scs-0100-v0".parse::<DocumentId>().is_err()); // editions count from 1
/// # Ok::<(), scs_standards::ParseIdError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentId {
    standard: StandardId,
    edition: Edition,
}

impl DocumentId {
    /// Version `version` of the family `number`, for tables written in code.
    ///
    /// # Panics
    ///
    /// At compile time, in a `const`, if the number has more than four digits or the version is 0. Use
    /// [`FromStr`] for ids that come from outside.
    ///
    /// ```
    /// use scs_standards::DocumentId;
    /// const FLAVOR_NAMING_V3: DocumentId = DocumentId::version(100, 3);
    /// assert_eq!(FLAVOR_NAMING_V3.to_string(), "scs-0100-v3");
    /// ```
    #[must_use]
    pub const fn version(number: u16, version: u8) -> Self {
        assert!(number <= 9999 && version > 0, "not a document number and version");
        match NonZeroU8::new(version) {
            Some(version) => Self { standard: StandardId(number), edition: Edition::Version(version) },
            None => unreachable!(),
        }
    }

    /// Supplement `supplement` of the family `number`, for tables written in code.
    ///
    /// # Panics
    ///
    /// Like [`DocumentId::version`].
    #[must_use]
    pub const fn supplement(number: u16, supplement: u8) -> Self {
        assert!(number <= 9999 && supplement > 0, "not a document number and supplement");
        match NonZeroU8::new(supplement) {
            Some(supplement) => {
                Self { standard: StandardId(number), edition: Edition::Supplement(supplement) }
            }
            None => unreachable!(),
        }
    }

    /// The family that the document belongs to.
    #[must_use]
    pub const fn standard(self) -> StandardId {
        self.standard
    }

    /// The version or supplement number.
    #[must_use]
    pub const fn edition(self) -> Edition {
        self.edition
    }
}

impl fmt::Display for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.edition {
            Edition::Version(number) => write!(f, "{}-v{number}", self.standard),
            Edition::Supplement(number) => write!(f, "{}-w{number}", self.standard),
        }
    }
}

impl FromStr for DocumentId {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parse = || {
            let (standard, edition) = text.rsplit_once('-')?;
            let standard = StandardId(four_digits(standard)?);
            let (kind, number) = edition.split_at_checked(1)?;
            if number.starts_with(['0', '+']) {
                return None;
            }
            let number = number.parse().ok()?;
            let edition = match kind {
                "v" => Edition::Version(number),
                "w" => Edition::Supplement(number),
                _ => return None,
            };
            Some(Self { standard, edition })
        };
        parse().ok_or_else(|| ParseIdError::new(text, "a document id such as `scs-0100-v3` or `scs-0100-w1`"))
    }
}

/// `scs-` and four digits.
fn four_digits(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("scs-")?;
    if digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        digits.parse().ok()
    } else {
        None
    }
}

/// Error: not the id of a document or a standard.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("expected {expected}, found `{found}`")]
pub struct ParseIdError {
    expected: &'static str,
    found: String,
}

impl ParseIdError {
    fn new(found: &str, expected: &'static str) -> Self {
        Self { expected, found: shortened(found) }
    }

    /// The text that was found, shortened to 80 characters.
    #[must_use]
    pub fn found(&self) -> &str {
        &self.found
    }
}

#[cfg(feature = "serde")]
mod serde_impls {
    use super::{DocumentId, StandardId, Track};
    use crate::as_text;

    as_text!(Track, "Track", "^(Global|IaaS|KaaS|IAM|Ops|Scopes)$", "The track of a document (scs-0001).");
    as_text!(StandardId, "StandardId", "^scs-[0-9]{4}$", "A family of documents, e.g. `scs-0100`.");
    as_text!(
        DocumentId,
        "DocumentId",
        "^scs-[0-9]{4}-[vw][1-9][0-9]{0,2}$",
        "A versioned document or a supplement, e.g. `scs-0100-v3` or `scs-0100-w1`."
    );
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn document_ids_print_as_they_parse(number in 0u16..=9999, edition in 1u8.., supplement: bool) {
            let id = if supplement { DocumentId::supplement(number, edition) } else { DocumentId::version(number, edition) };
            prop_assert_eq!(id.to_string().parse(), Ok(id));
        }

        #[test]
        fn only_printed_forms_parse(text in "(scs-)?[0-9]{3,5}-[vwx][+0-9]{0,4}") {
            if let Ok(id) = text.parse::<DocumentId>() {
                prop_assert_eq!(id.to_string(), text);
            }
        }
    }

    #[test]
    fn unassigned_tracks_are_none() {
        assert_eq!(StandardId(600).track(), None);
        assert_eq!(StandardId(501).track(), Some(Track::Scopes));
    }
}
