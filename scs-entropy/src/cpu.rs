//! CPU capabilities as listed in `/proc/cpuinfo`.

use std::collections::BTreeSet;

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while1};
use nom::character::complete::{char, digit1, space0, space1};
use nom::combinator::{map_res, opt, value};
use nom::sequence::{preceded, separated_pair, terminated};
use nom::{IResult, Parser};
use serde::{Deserialize, Serialize};

/// The kind of a CPU with respect to its random number instructions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum CpuKind {
    /// 32 or 64 bits: `flags`.
    X86,
    /// 64 bits: `Features`.
    Arm,
}

impl CpuKind {
    /// The key of the capability list in `/proc/cpuinfo`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::X86 => "flags",
            Self::Arm => "Features",
        }
    }

    /// The flags of instructions that provide entropy. (`rng` on x86 is something else, found in CPUs by VIA.)
    #[must_use]
    pub const fn entropy_flags(self) -> &'static [&'static str] {
        match self {
            Self::X86 => &["rdrand", "rdseed"],
            Self::Arm => &["rng"],
        }
    }

    /// The vendors' names of these instructions.
    #[must_use]
    pub const fn instructions(self) -> &'static str {
        match self {
            Self::X86 => "RDRAND or RDSEED",
            Self::Arm => "RNDR",
        }
    }
}

/// The capabilities of a CPU.
///
/// ```
/// use scs_entropy::{Cpu, CpuKind};
///
/// let cpu = Cpu::from_cpuinfo("processor\t: 0\nflags\t\t: fpu rdrand sse2\n").unwrap();
/// assert_eq!(cpu.kind, CpuKind::X86);
/// assert_eq!(cpu.entropy_flags().collect::<Vec<_>>(), ["rdrand"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(description = "What a CPU can do."))]
pub struct Cpu {
    /// The kind.
    pub kind: CpuKind,
    /// The flags, as spelled in `/proc/cpuinfo`.
    pub flags: BTreeSet<String>,
}

impl Cpu {
    /// Creates a CPU with these flags.
    pub fn new(kind: CpuKind, flags: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { kind, flags: flags.into_iter().map(Into::into).collect() }
    }

    /// The first CPU in `/proc/cpuinfo`; `None` if its kind is not supported.
    #[must_use]
    pub fn from_cpuinfo(text: &str) -> Option<Self> {
        text.lines().find_map(|line| {
            let (_, part) = part(line).ok()?;
            Some(Self::new(part.kind, part.flags))
        })
    }

    /// Whether it has a flag.
    #[must_use]
    pub fn has(&self, flag: &str) -> bool {
        self.flags.contains(flag)
    }

    /// Its flags of instructions that provide entropy.
    pub fn entropy_flags(&self) -> impl Iterator<Item = &'static str> {
        self.kind.entropy_flags().iter().copied().filter(|flag| self.has(flag))
    }
}

/// A line of flags, possibly one of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part<'a> {
    pub(crate) kind: CpuKind,
    /// The part number and the total, both counted from 1.
    pub(crate) number: (u32, u32),
    pub(crate) flags: Vec<&'a str>,
}

/// Parses `flags : fpu vme`, `Features: fp asimd`, `flags 1/3: fpu vme`.
pub(crate) fn part(line: &str) -> IResult<&str, Part<'_>> {
    let number = || map_res(digit1, str::parse::<u32>);
    let (rest, kind) =
        alt((value(CpuKind::X86, tag("flags")), value(CpuKind::Arm, tag("Features")))).parse(line)?;
    let (rest, place) = opt(preceded(space1, separated_pair(number(), char('/'), number()))).parse(rest)?;
    let (mut rest, _) = (space0, char(':'), space0).parse(rest)?;
    let mut flags = Vec::new();
    while let (after, Some(flag)) =
        opt(terminated(take_while1(|c: char| !c.is_whitespace()), space0)).parse(rest)?
    {
        flags.push(flag);
        rest = after;
    }
    Ok((rest, Part { kind, number: place.unwrap_or((1, 1)), flags }))
}
