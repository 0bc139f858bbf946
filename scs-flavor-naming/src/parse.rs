//! Reading a name: which versions may be tried, by which reading.

use std::str::FromStr;

use scs_standards::Profile;

use crate::cpu_arch::name_of_generation_zero;
use crate::dialect::Dialect;
use crate::error::{ParseNameError, diagnose};
use crate::grammar;
use crate::name::FlavorName;
use crate::reader::NewestText;
use crate::syntax::Syntax;

/// A name with what its value does not keep: the version it was written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// The value.
    pub name: FlavorName,
    /// The newest version of those tried that takes the text.
    pub syntax: Syntax,
    wrote_generation_zero: bool,
    wrote_single_disk: bool,
}

impl Parsed {
    /// Whether the CPU generation is written as `0`, which should be left out (scs-0100-v3, *Generation and Vendor*).
    #[must_use]
    pub const fn wrote_generation_zero(&self) -> bool {
        self.wrote_generation_zero
    }

    /// Whether the number of a single disk is written, as in `1x10`; `10` is shorter (C-013).
    #[must_use]
    pub const fn wrote_single_disk(&self) -> bool {
        self.wrote_single_disk
    }

    /// Number and name of the CPU generation as written, 0 included.
    #[must_use]
    pub fn cpu_generation_as_written(&self) -> Option<(u8, &'static str)> {
        let arch = self.name.cpu_arch()?;
        match arch.generation() {
            Some(generation) => Some((generation.number(), generation.name())),
            None if self.wrote_generation_zero => {
                Some((0, name_of_generation_zero(arch.vendor()).unwrap_or("unspecified")))
            }
            None => None,
        }
    }
}

/// A parser: the versions it tries, newest first, each as a dialect.
///
/// ```
/// use scs_flavor_naming::{Parser, Syntax};
/// use scs_standards::Profile;
///
/// let any = Parser::new(Profile::Text);
/// assert_eq!(any.parse("SCS-2V:4")?.syntax, Syntax::V1);
/// assert!(Parser::of(Syntax::V3, Profile::Text).parse("SCS-2V:4").is_err());
/// // The official parser takes what the text forbids, and the other way round.
/// let official = Parser::new(Profile::Official);
/// assert!(any.parse("SCS-2V-004").is_err() && official.parse("SCS-2V-004").is_ok());
/// assert!(any.parse("SCS-2V-4_GN_ib").is_ok() && official.parse("SCS-2V-4_GN_ib").is_err());
/// # Ok::<(), scs_flavor_naming::ParseNameError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parser {
    newest: Dialect,
    /// Newest first.
    older: [Option<Dialect>; Syntax::ALL.len() - 1],
}

impl Default for Parser {
    /// All versions by their texts.
    fn default() -> Self {
        Self::new(Profile::Text)
    }
}

impl Parser {
    /// All versions by a profile.
    #[must_use]
    pub const fn new(profile: Profile) -> Self {
        Self {
            newest: Dialect::of(Syntax::V3, profile),
            older: [Some(Dialect::of(Syntax::V2, profile)), Some(Dialect::of(Syntax::V1, profile))],
        }
    }

    /// One version by a profile.
    #[must_use]
    pub const fn of(syntax: Syntax, profile: Profile) -> Self {
        Self::with_dialect(Dialect::of(syntax, profile))
    }

    /// One dialect, which may differ from text and official suite in single points.
    #[must_use]
    pub const fn with_dialect(dialect: Dialect) -> Self {
        Self { newest: dialect, older: [None; Syntax::ALL.len() - 1] }
    }

    /// The dialects, newest first.
    pub fn dialects(&self) -> impl Iterator<Item = Dialect> {
        std::iter::once(self.newest).chain(self.older.into_iter().flatten())
    }

    /// Reads a name.
    ///
    /// # Errors
    ///
    /// Where the name is no SCS name at all ([`ParseNameError::is_not_scs`]), or none of the versions takes it; see
    /// [`FlavorName`] for the kinds of mistakes.
    #[inline]
    pub fn parse(&self, text: &str) -> Result<Parsed, ParseNameError> {
        match self.accept(text.as_bytes()) {
            Some(parsed) => Ok(parsed),
            None => Err(diagnose(text, self)),
        }
    }

    /// Reads a name from bytes and says nothing about the reason where it is none. This is the fast path: it allocates
    /// nothing.
    #[inline]
    #[must_use]
    pub fn accept(&self, name: &[u8]) -> Option<Parsed> {
        // Nearly all names are of the newest version.
        match self.newest.accept(name) {
            None => self.accept_older(name),
            accepted => accepted,
        }
    }

    #[cold]
    fn accept_older(&self, name: &[u8]) -> Option<Parsed> {
        // The oldest first: v1 and v2 take no name in common, and names of v1 are the more frequent ones.
        self.older.into_iter().rev().flatten().find_map(|dialect| dialect.accept(name))
    }
}

impl Dialect {
    /// Reads a name by this dialect alone, as [`Parser::accept`] does.
    #[inline]
    #[must_use]
    pub fn accept(self, name: &[u8]) -> Option<Parsed> {
        // The same grammar, once compiled for the newest text and once for whatever dialect.
        let raw = if self == NewestText::DIALECT {
            grammar::read(name, NewestText)
        } else {
            grammar::read(name, self)
        }?;
        Some(Parsed {
            name: raw.name,
            syntax: self.syntax(),
            wrote_generation_zero: raw.wrote_generation_zero,
            wrote_single_disk: raw.wrote_single_disk,
        })
    }
}

/// Reads names of all versions by their texts, newest first; use a [`Parser`] for anything else.
impl FromStr for FlavorName {
    type Err = ParseNameError;

    #[inline]
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match grammar::read(text.as_bytes(), NewestText) {
            Some(raw) => Ok(raw.name),
            None => of_an_older_version(text),
        }
    }
}

#[cold]
fn of_an_older_version(text: &str) -> Result<FlavorName, ParseNameError> {
    Parser::default().parse(text).map(|parsed| parsed.name)
}

impl TryFrom<&str> for FlavorName {
    type Error = ParseNameError;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl TryFrom<String> for FlavorName {
    type Error = ParseNameError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}
