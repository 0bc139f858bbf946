//! Linux releases and their random number generators.

use std::fmt;
use std::str::FromStr;

use nom::Parser;
use nom::character::complete::{char, digit1};
use nom::combinator::{map_res, opt};
use nom::sequence::preceded;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A kernel release as printed by `uname -r`.
///
/// ```
/// use scs_entropy::{Generator, KernelRelease};
///
/// let release: KernelRelease = "6.8.0-45-generic".parse()?;
/// assert_eq!((release.version, release.patch), ((6, 8), Some(0)));
/// assert_eq!(release.generator(), Generator::New);
/// assert_eq!("5.15.0-47-generic".parse::<KernelRelease>()?.generator(), Generator::Unknown);
/// # Ok::<(), scs_entropy::ParseKernelReleaseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KernelRelease {
    /// The version in the standard's terms: `(5, 18)`.
    pub version: (u32, u32),
    /// The stable release number, if any.
    pub patch: Option<u32>,
    /// The distribution's suffix with its separator: `-45-generic`.
    pub suffix: String,
}

/// Error: not a Linux release.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{text}` is not a Linux release such as `6.8.0-45-generic`")]
pub struct ParseKernelReleaseError {
    text: String,
}

/// Whether a kernel has the random number generator of Linux 5.18.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Generator {
    /// Yes, by its version.
    New,
    /// Yes, by a back-port to a long-term version.
    BackPorted,
    /// No, it has the old one.
    Old,
    /// Unknown: a distribution kernel with an older version number, which may contain the back-port.
    Unknown,
}

/// The first release of each long-term version with the new generator, for which `entropy_avail` is always 256. The
/// standard mentions such releases without listing them. Sources: for 4.9 to 5.4 <https://github.com/smuellerDD/lrng/issues/17>;
/// for 5.10 the diff of `random.c` between v5.10.118 and v5.10.119; 5.15.44 was released from the same
/// series of patches on the same day as 5.10.119.
const BACK_PORTED: [((u32, u32), u32); 6] =
    [((4, 9), 320), ((4, 14), 285), ((4, 19), 249), ((5, 4), 200), ((5, 10), 119), ((5, 15), 44)];

impl KernelRelease {
    /// Whether it has the new random number generator, judging by its number.
    #[must_use]
    pub fn generator(&self) -> Generator {
        if self.version >= (5, 18) {
            return Generator::New;
        }
        let since = BACK_PORTED.iter().find(|(version, _)| *version == self.version);
        match (since, self.patch) {
            (Some((_, since)), Some(patch)) if patch >= *since => Generator::BackPorted,
            // Distributions keep 0 as the third number and count separately: 5.15.0-47-generic, 4.18.0-553.el8.
            (_, None | Some(0)) if !self.suffix.is_empty() => Generator::Unknown,
            _ => Generator::Old,
        }
    }
}

impl FromStr for KernelRelease {
    type Err = ParseKernelReleaseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || ParseKernelReleaseError { text: crate::words::brief(text) };
        let number = || map_res(digit1::<&str, nom::error::Error<&str>>, str::parse::<u32>);
        let mut release = (number(), preceded(char('.'), number()), opt(preceded(char('.'), number())));
        let (suffix, (major, minor, patch)) = release.parse(text).map_err(|_| error())?;
        if suffix.len() > 200 || suffix.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(error());
        }
        Ok(Self { version: (major, minor), patch, suffix: suffix.to_owned() })
    }
}

impl fmt::Display for KernelRelease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.version.0, self.version.1)?;
        if let Some(patch) = self.patch {
            write!(f, ".{patch}")?;
        }
        f.write_str(&self.suffix)
    }
}

impl TryFrom<String> for KernelRelease {
    type Error = ParseKernelReleaseError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<KernelRelease> for String {
    fn from(release: KernelRelease) -> Self {
        release.to_string()
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for KernelRelease {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "KernelRelease".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": "^[0-9]+[.][0-9]+",
            "description": "A kernel release as printed by `uname -r`."
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn back_ports_begin_at_their_release() {
        let generator = |text: &str| text.parse::<KernelRelease>().map(|release| release.generator());
        for ((major, minor), patch) in BACK_PORTED {
            let before = patch - 1;
            assert_eq!(generator(&format!("{major}.{minor}.{patch}")), Ok(Generator::BackPorted));
            assert_eq!(generator(&format!("{major}.{minor}.{patch}-cloud")), Ok(Generator::BackPorted));
            assert_eq!(generator(&format!("{major}.{minor}.{before}")), Ok(Generator::Old));
        }
        assert_eq!(generator("5.17.15"), Ok(Generator::Old));
        assert_eq!(generator("5.18"), Ok(Generator::New));
        assert_eq!(generator("5.18.0-rc1"), Ok(Generator::New));
        assert_eq!(generator("10.1"), Ok(Generator::New));
        assert_eq!(generator("4.18.0-553.el8_10.x86_64"), Ok(Generator::Unknown));
        assert_eq!(generator("5.10"), Ok(Generator::Old));
        for wrong in ["", "6", "6.", "x.1", "6.8 0", "99999999999.1"] {
            assert!(generator(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn releases_survive_a_round_trip() {
        for text in
            ["6.8.0-45-generic", "5.18", "5.10.119+", "6.1.0-26-cloud-amd64", "4.18.0-553.el8_10.x86_64"]
        {
            assert_eq!(text.parse::<KernelRelease>().map(|it| it.to_string()), Ok(text.to_owned()));
        }
    }
}
