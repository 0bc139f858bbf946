//! Parsers for names, by version and profile, without a reason for a failure.

use scs_standards::Profile;

use crate::cpu_arch::name_of_generation_zero;
use crate::dialect::Dialect;
use crate::grammar;
use crate::name::FlavorName;
use crate::reader::NewestText;
use crate::syntax::Syntax;

/// A parsed name with details that the value drops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// The value.
    pub name: FlavorName,
    /// The newest version tried that accepts the text.
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

    /// The number and name of the CPU generation as written, including 0.
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

/// A parser with the versions it tries, newest first, each as a dialect.
///
/// ```
/// use scs_flavor_naming::{Parser, Syntax};
/// use scs_standards::Profile;
///
/// let any = Parser::new(Profile::Text);
/// assert_eq!(any.parse("SCS-2V:4")?.syntax, Syntax::V1);
/// assert!(Parser::of(Syntax::V3, Profile::Text).parse("SCS-2V:4").is_err());
/// // The official parser accepts some names that the text forbids, and vice versa.
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
    /// Accepts all versions as defined by their texts.
    fn default() -> Self {
        Self::new(Profile::Text)
    }
}

impl Parser {
    /// A parser for all versions, by a profile.
    #[must_use]
    pub const fn new(profile: Profile) -> Self {
        Self {
            newest: Dialect::of(Syntax::V3, profile),
            older: [Some(Dialect::of(Syntax::V2, profile)), Some(Dialect::of(Syntax::V1, profile))],
        }
    }

    /// A parser for one version, by a profile.
    #[must_use]
    pub const fn of(syntax: Syntax, profile: Profile) -> Self {
        Self::with_dialect(Dialect::of(syntax, profile))
    }

    /// A parser for one dialect, which may differ from text and official suite in individual points.
    #[must_use]
    pub const fn with_dialect(dialect: Dialect) -> Self {
        Self { newest: dialect, older: [None; Syntax::ALL.len() - 1] }
    }

    /// The dialects, newest first.
    pub fn dialects(&self) -> impl Iterator<Item = Dialect> {
        std::iter::once(self.newest).chain(self.older.into_iter().flatten())
    }

    /// Parses a name from bytes, without a reason for a failure. This is the fast path: it does not
    /// allocate.
    #[inline]
    #[must_use]
    pub fn accept(&self, name: &[u8]) -> Option<Parsed> {
        // Nearly all names use the newest version.
        match self.newest.accept(name) {
            None => self.accept_older(name),
            accepted => accepted,
        }
    }

    #[cold]
    fn accept_older(&self, name: &[u8]) -> Option<Parsed> {
        // The oldest first: v1 and v2 have no names in common, and names of v1 are more frequent.
        self.older.into_iter().rev().flatten().find_map(|dialect| dialect.accept(name))
    }
}

impl Dialect {
    /// Parses a name only by this dialect, like [`Parser::accept`].
    #[inline]
    #[must_use]
    pub fn accept(self, name: &[u8]) -> Option<Parsed> {
        // The grammar is compiled twice: for the newest text, and for any dialect.
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
