//! What a CPU can do, as `/proc/cpuinfo` says it.

use std::collections::BTreeSet;

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while1};
use nom::character::complete::{char, digit1, space0, space1};
use nom::combinator::{map_res, opt, value};
use nom::sequence::{preceded, separated_pair, terminated};
use nom::{IResult, Parser};
use serde::{Deserialize, Serialize};

/// The kind of a CPU, as far as its instructions for random numbers are concerned.
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
    /// The key under which `/proc/cpuinfo` lists what the CPU can do.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::X86 => "flags",
            Self::Arm => "Features",
        }
    }

    /// The flags that stand for instructions which give entropy. (`rng` of x86 is another thing, of CPUs by VIA.)
    #[must_use]
    pub const fn entropy_flags(self) -> &'static [&'static str] {
        match self {
            Self::X86 => &["rdrand", "rdseed"],
            Self::Arm => &["rng"],
        }
    }

    /// What these instructions are called by those who make the CPUs.
    #[must_use]
    pub const fn instructions(self) -> &'static str {
        match self {
            Self::X86 => "RDRAND or RDSEED",
            Self::Arm => "RNDR",
        }
    }
}

/// What a CPU can do.
///
/// ```
/// use scs_entropy::{Cpu, CpuKind};
///
/// let cpu = Cpu::of_cpuinfo("processor\t: 0\nflags\t\t: fpu rdrand sse2\n").unwrap();
/// assert_eq!(cpu.kind, CpuKind::X86);
/// assert_eq!(cpu.entropy_flags().collect::<Vec<_>>(), ["rdrand"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(description = "What a CPU can do."))]
pub struct Cpu {
    /// Its kind.
    pub kind: CpuKind,
    /// Its flags, as `/proc/cpuinfo` spells them.
    pub flags: BTreeSet<String>,
}

impl Cpu {
    /// A CPU with these flags.
    pub fn new(kind: CpuKind, flags: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { kind, flags: flags.into_iter().map(Into::into).collect() }
    }

    /// The first CPU of `/proc/cpuinfo`; `None` where it is of a kind that is not known here.
    #[must_use]
    pub fn of_cpuinfo(text: &str) -> Option<Self> {
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

    /// Its flags that stand for instructions which give entropy.
    pub fn entropy_flags(&self) -> impl Iterator<Item = &'static str> {
        self.kind.entropy_flags().iter().copied().filter(|flag| self.has(flag))
    }
}

/// A line of flags, perhaps one of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part<'a> {
    pub(crate) kind: CpuKind,
    /// Which one, and of how many; both counted from 1.
    pub(crate) number: (u32, u32),
    pub(crate) flags: Vec<&'a str>,
}

/// `flags : fpu vme`, `Features: fp asimd`, `flags 1/3: fpu vme`.
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
