//! Parse errors as data: the position, the expected and the actual text, and a corrected name.

use std::fmt::{self, Write};

use scs_standards::Span;
use scs_standards::wording::or;
use thiserror::Error;

use crate::reader::{Mistake, Place};
use crate::syntax::Syntax;

/// The kind of a parse error. `Display` prints it in a few words, such as `wrong case`; the message about a name is that of
/// [`ParseNameError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum NameErrorKind {
    /// It does not start with `SCS-`, so scs-0100 does not apply to it.
    NotScs,
    /// Unexpected text.
    Unexpected,
    /// The right letter in the wrong case.
    WrongCase,
    /// The letter for the vCPU type is missing.
    MissingCpuType,
    /// Suffixes in the wrong order: `iT` instead of `Ti`, `ou` instead of `uo`.
    SuffixOrder,
    /// A separator of another version, or in the wrong place.
    Separator,
    /// An extension that belongs before a previous one.
    ExtensionOrder,
    /// A repeated extension.
    RepeatedExtension,
    /// A number in place of an extension, such as `_3` instead of `_z3`.
    GenerationWithoutVendor,
    /// An extension that the standard does not define.
    UnknownExtension,
    /// A space or an invisible character.
    Whitespace,
    /// A comma instead of a decimal point.
    DecimalComma,
    /// A unit after a size.
    Unit,
    /// A recognizable but invalid number or part.
    Mistake(Mistake),
}

impl fmt::Display for NameErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::NotScs => "not an SCS name",
            Self::Unexpected => "unexpected text",
            Self::WrongCase => "wrong case",
            Self::MissingCpuType => "missing vCPU type",
            Self::SuffixOrder => "wrong order of suffixes",
            Self::Separator => "wrong separator",
            Self::ExtensionOrder => "wrong order of extensions",
            Self::RepeatedExtension => "repeated extension",
            Self::GenerationWithoutVendor => "generation without a vendor",
            Self::UnknownExtension => "unknown extension",
            Self::Whitespace => "space or invisible character",
            Self::DecimalComma => "decimal comma",
            Self::Unit => "unit after a size",
            Self::Mistake(mistake) => return mistake.fmt(f),
        })
    }
}

/// Error: not a valid flavor name.
///
/// `Display` prints one self-contained line. [`ParseNameError::span`] refers to the name as given.
///
/// ```
/// use scs_flavor_naming::FlavorName;
///
/// let error = "SCS-2iT-4".parse::<FlavorName>().unwrap_err();
/// assert_eq!(error.span().range(), 5..6);
/// assert_eq!(error.expected(), ["L", "V", "T", "C"]);
/// assert_eq!(error.suggestion(), Some("SCS-2Ti-4"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}", self.sentence())]
pub struct ParseNameError(pub(crate) Box<Details>);

/// The parts of an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Details {
    pub(crate) kind: NameErrorKind,
    pub(crate) place: Place,
    pub(crate) span: Span,
    pub(crate) expected: Vec<&'static str>,
    pub(crate) found: String,
    pub(crate) suggestion: Option<String>,
    pub(crate) syntax: Option<Syntax>,
}

impl ParseNameError {
    /// The kind of error.
    #[must_use]
    pub fn kind(&self) -> NameErrorKind {
        self.0.kind
    }

    /// The part of the name.
    #[must_use]
    pub fn place(&self) -> Place {
        self.0.place
    }

    /// The position in bytes of the name as given; empty at the end of the name.
    #[must_use]
    pub fn span(&self) -> Span {
        self.0.span
    }

    /// The accepted texts at this position.
    #[must_use]
    pub fn expected(&self) -> &[&'static str] {
        &self.0.expected
    }

    /// The text found there, possibly shortened; empty at the end of the name.
    #[must_use]
    pub fn found(&self) -> &str {
        &self.0.found
    }

    /// The name after one small correction; always accepted by the same parser.
    #[must_use]
    pub fn suggestion(&self) -> Option<&str> {
        self.0.suggestion.as_deref()
    }

    /// The version whose grammar got furthest and which the error refers to.
    #[must_use]
    pub fn syntax(&self) -> Option<Syntax> {
        self.0.syntax
    }

    /// Whether the name does not start with `SCS-`, so that the standard does not apply.
    #[must_use]
    pub fn is_not_scs(&self) -> bool {
        self.0.kind == NameErrorKind::NotScs
    }

    /// The message without position and suggestion, for output that displays both separately.
    #[must_use]
    pub fn message(&self) -> String {
        let Details { kind, place, found, .. } = &*self.0;
        let what = if found.is_empty() { "the name ends".to_owned() } else { format!("found `{found}`") };
        let version = self.0.syntax.map_or("", Syntax::name);
        match kind {
            NameErrorKind::NotScs => "not an SCS flavor name: it does not start with `SCS-`".to_owned(),
            NameErrorKind::Unexpected if self.0.expected.contains(&"hwv") => format!(
                "expected an extension: hypervisor ({}), hwv, CPU (i, z, a, r), GPU (G, g) or ib, but {what}",
                self.0.expected.iter().take_while(|token| **token != "hwv").copied().collect::<Vec<_>>().join(", ")
            ),
            NameErrorKind::Unexpected => {
                format!("expected {} {}, but {what}", one_of(&self.0.expected), place.words())
            }
            NameErrorKind::WrongCase => {
                let flipped: String = found.chars().map(flip_case).collect();
                format!("letters are case-sensitive: `{found}` should be `{flipped}`")
            }
            NameErrorKind::Unit => format!("unexpected unit `{found}`: memory is in GiB and disks are in GB, written without the unit"),
            NameErrorKind::DecimalComma => "half a GiB is written with a point, as in `3.5`".to_owned(),
            NameErrorKind::MissingCpuType => {
                "the number of vCPUs needs a letter: L crowded, V shared, T dedicated thread, C dedicated core".to_owned()
            }
            NameErrorKind::SuffixOrder => match place {
                Place::CpuType => "`i` comes after the letter for the vCPU type".to_owned(),
                _ => "the order of the memory suffixes is `u`, `o`".to_owned(),
            },
            NameErrorKind::Separator => format!(
                "`{found}` is the wrong separator here; v1 uses `:` and then `-`, v2 and v3 use `-` and then `_`"
            ),
            NameErrorKind::ExtensionOrder => format!(
                "`{found}` is out of order: the order of extensions is hypervisor, hwv, CPU, GPU, ib"
            ),
            NameErrorKind::RepeatedExtension => format!("repeated extension `{found}`: each kind may occur only once"),
            NameErrorKind::GenerationWithoutVendor => {
                format!("the generation `{found}` needs a vendor letter: i, z, a or r")
            }
            NameErrorKind::UnknownExtension => {
                format!("`{found}` is not an extension of {version}; names starting with `SCS-` must not have custom ones")
            }
            NameErrorKind::Whitespace => format!("flavor names must not contain spaces or invisible characters, {what}"),
            NameErrorKind::Mistake(mistake) => self.mistake_message(*mistake, version),
        }
    }

    fn mistake_message(&self, mistake: Mistake, version: &str) -> String {
        let Details { place, found, expected, .. } = &*self.0;
        match mistake {
            Mistake::Zero => match place {
                Place::CpuCount => "a flavor has at least one vCPU".to_owned(),
                Place::Disk => "the disk size cannot be 0; for no disk, leave the part out".to_owned(),
                Place::Gpu => "the number cannot be 0; leave it out".to_owned(),
                _ => "a flavor has at least half a GiB of memory".to_owned(),
            },
            Mistake::LeadingZero => format!("`{found}` has leading zeros"),
            Mistake::TooLarge => format!("`{found}` is too large: the maximum is {}", u32::MAX),
            Mistake::NotHalfGib => {
                format!("memory must be a multiple of half a GiB such as `4` or `3.5`, found `{found}`")
            }
            Mistake::DisksWithoutSize => {
                format!("`{found}` must be followed by the size of the disks in GB")
            }
            Mistake::FractionalDisk => format!("the disk size must be a whole number of GB, found `{found}`"),
            Mistake::HypervisorNotInVersion => format!("{version} does not list the hypervisor `{found}`"),
            Mistake::UnknownCpuGeneration if expected.is_empty() => {
                format!("{version} lists no generations for this vendor, found `{found}`")
            }
            Mistake::UnknownCpuGeneration | Mistake::UnknownGpuGeneration => {
                format!("{version} does not list the generation `{found}`; expected {}", one_of(expected))
            }
            Mistake::TooManyH => format!("`{found}` has more `h` than the standard allows here"),
        }
    }

    fn sentence(&self) -> String {
        let mut sentence = self.message();
        if !self.is_not_scs() {
            // Writing to a string cannot fail.
            let _ = write!(sentence, " (at byte {})", self.0.span.start);
        }
        if let Some(suggestion) = &self.0.suggestion {
            let _ = write!(sentence, "; did you mean `{suggestion}`?");
        }
        sentence
    }
}

/// Joins tokens: `a`, `b` or `c`; the words "number" and "end of name" are not quoted.
fn one_of(tokens: &[&str]) -> String {
    let quoted = |token: &&str| match *token {
        "number" => "a number".to_owned(),
        "end of name" => "the end of the name".to_owned(),
        phrase if phrase.contains(' ') => phrase.to_owned(),
        token => format!("`{token}`"),
    };
    if tokens.is_empty() { "nothing else".to_owned() } else { or(tokens.iter().map(quoted)) }
}

/// The letter in the other case.
pub(crate) const fn flip_case(letter: char) -> char {
    if letter.is_ascii_lowercase() { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}
