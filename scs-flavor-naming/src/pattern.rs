//! The syntax as a regular expression, for tools without a parser: `rg`, `grep -E`, a form field, a
//! policy engine.
//!
//! A pattern is generated from the tables and the [`Dialect`] that the grammar uses, so a new generation
//! of CPUs changes both. It tells whether a text is a name; only the parser explains errors and meaning.
//! The patterns use features that all common engines share: no Unicode classes, no look-around, anchors at both ends.

use std::fmt;

use crate::cpu::CpuType;
use crate::cpu_arch::{CpuFrequency, CpuVendor};
use crate::dialect::{Dialect, GpuNesting};
use crate::disk::DiskType;
use crate::gpu::{GpuAccess, GpuVendor, NvidiaGeneration};
use crate::hypervisor::Hypervisor;
use crate::syntax::Syntax;

/// A regular expression without captures for the names of a version, by its text.
///
/// It accepts the same names as [`Parser::of`](crate::Parser::of) with the version and [`Profile::Text`], including numbers of at most
/// 32 bits.
///
/// [`Profile::Text`]: scs_standards::Profile::Text
///
/// ```
/// use scs_flavor_naming::{Syntax, pattern};
///
/// let v3 = regex::Regex::new(&pattern(Syntax::V3)).unwrap();
/// assert!(v3.is_match("SCS-16T-64-200s_GNa-72-24h_ib"));
/// assert!(!v3.is_match("SCS-16T-064"));
/// ```
#[must_use]
pub fn pattern(syntax: Syntax) -> String {
    anchored(&body(syntax, Groups::Silent))
}

/// A regular expression without captures for the names of all versions, by their texts.
///
/// ```
/// let any = regex::Regex::new(&scs_flavor_naming::pattern_any()).unwrap();
/// assert!(any.is_match("SCS-2V:4:10n-z3") && any.is_match("SCS-2V-4-10n_z3"));
/// assert!(!any.is_match("SCS-2V:4-10n"));
/// ```
#[must_use]
pub fn pattern_any() -> String {
    any(Groups::Silent)
}

/// Like [`pattern_any`], in POSIX notation for extended expressions, which only has plain groups: for
/// `grep -E`.
#[must_use]
pub fn pattern_any_ere() -> String {
    any(Groups::Plain)
}

/// Like [`pattern`], with a named group for each part of a name, for tools without a parser:
/// `cpus`, `cpu_type`, `insecure`, `ram`, `no_ecc`, `oversubscribed`, `disks`, `disk_gb`, `disk_type`, `hypervisor`,
/// `hwv`, `cpu_arch`, `gpu`, `gpu_units`, `gpu_vram`, `ib`.
///
/// ```
/// use scs_flavor_naming::{Syntax, pattern_with_groups};
///
/// let v3 = regex::Regex::new(&pattern_with_groups(Syntax::V3)).unwrap();
/// let pieces = v3.captures("SCS-16T-64-3x200s_z3h").unwrap();
/// assert_eq!((&pieces["disks"], &pieces["disk_gb"], &pieces["cpu_arch"]), ("3", "200", "z3h"));
/// ```
#[must_use]
pub fn pattern_with_groups(syntax: Syntax) -> String {
    anchored(&body(syntax, Groups::Named))
}

fn any(groups: Groups) -> String {
    let bodies = Syntax::ALL.into_iter().rev().map(|syntax| body(syntax, groups));
    anchored(&groups.one_of(bodies))
}

fn anchored(body: &str) -> String {
    format!("^SCS-{body}$")
}

/// The notation for groups.
#[derive(Clone, Copy)]
enum Groups {
    /// `(?:…)`.
    Silent,
    /// `(…)`: POSIX has no other.
    Plain,
    /// `(?P<name>…)` around each part of a name, and `(?:…)` elsewhere.
    Named,
}

impl Groups {
    fn group(self, body: &str) -> String {
        match self {
            Self::Silent | Self::Named => format!("(?:{body})"),
            Self::Plain => format!("({body})"),
        }
    }

    fn one_of(self, alternatives: impl IntoIterator<Item = String>) -> String {
        self.group(&alternatives.into_iter().collect::<Vec<_>>().join("|"))
    }

    /// Makes the body optional; a single character or class needs no group.
    fn optional(self, body: &str) -> String {
        let is_class = body.starts_with('[') && body.find(']') == Some(body.len() - 1);
        if body.len() == 1 || is_class { format!("{body}?") } else { format!("{}?", self.group(body)) }
    }

    /// A part of a name.
    fn piece(self, name: &str, body: &str) -> String {
        match self {
            Self::Named => format!("(?P<{name}>{body})"),
            Self::Silent | Self::Plain => body.to_owned(),
        }
    }

    /// A number from `least` to the 32-bit maximum, without leading zeros.
    fn number(self, least: u32) -> String {
        self.one_of(numbers(least, u32::MAX))
    }
}

/// The pattern of a version between `SCS-` and the end.
fn body(syntax: Syntax, groups: Groups) -> String {
    let dialect = Dialect::text(syntax);
    let core = char::from(dialect.core_separator());
    let separator = char::from(dialect.extension_separator());
    let extension = |piece: String| groups.optional(&format!("{separator}{piece}"));
    [
        cpu(groups),
        format!("{core}{}", ram(groups)),
        groups.optional(&format!("{core}{}", disk(dialect, groups))),
        extension(hypervisor(dialect, groups)),
        extension(groups.piece("hwv", "hwv")),
        extension(groups.piece("cpu_arch", &cpu_arch(dialect, groups))),
        extension(groups.piece("gpu", &gpu(dialect, groups, core))),
        extension(groups.piece("ib", "ib")),
    ]
    .concat()
}

fn cpu(groups: Groups) -> String {
    let count = groups.piece("cpus", &groups.number(1));
    let kind = groups.piece("cpu_type", &class(CpuType::ALL.map(CpuType::letter)));
    format!("{count}{kind}{}", groups.optional(&groups.piece("insecure", "i")))
}

fn ram(groups: Groups) -> String {
    let whole_or_half = format!("{}{}", groups.number(1), groups.optional("[.]5"));
    let size = groups.piece("ram", &groups.one_of([whole_or_half, "0[.]5".to_owned()]));
    let no_ecc = groups.optional(&groups.piece("no_ecc", "u"));
    format!("{size}{no_ecc}{}", groups.optional(&groups.piece("oversubscribed", "o")))
}

fn disk(dialect: Dialect, groups: Groups) -> String {
    let count = groups.optional(&format!("{}x", groups.piece("disks", &groups.number(1))));
    let size_gb = groups.piece("disk_gb", &groups.number(1));
    let size = if dialect.sizeless_multidisk {
        format!("{count}{}", groups.optional(&size_gb))
    } else {
        groups.optional(&format!("{count}{size_gb}"))
    };
    let kind = groups.piece("disk_type", &class(DiskType::ALL.map(DiskType::letter)));
    format!("{size}{}", groups.optional(&kind))
}

fn hypervisor(dialect: Dialect, groups: Groups) -> String {
    let listed = Hypervisor::ALL.into_iter().filter(|hypervisor| dialect.lists_hypervisor(*hypervisor));
    groups.piece("hypervisor", &groups.one_of(listed.map(|hypervisor| hypervisor.token().to_owned())))
}

fn cpu_arch(dialect: Dialect, groups: Groups) -> String {
    let vendors = CpuVendor::ALL.into_iter().map(|vendor| {
        let generations = dialect
            .newest_cpu_generation(vendor)
            .map(|newest| groups.optional(&either(groups, numbers(0, newest.into()))));
        format!("{}{}", vendor.letter(), generations.unwrap_or_default())
    });
    format!("{}h{{0,{}}}", groups.one_of(vendors), CpuFrequency::ALL.len() - 1)
}

fn gpu(dialect: Dialect, groups: Groups, core: char) -> String {
    let access = class(GpuAccess::ALL.map(GpuAccess::letter));
    let vendor = class(GpuVendor::ALL.map(GpuVendor::letter));
    let with_generation = groups.one_of(
        GpuVendor::ALL
            .into_iter()
            .map(|vendor| format!("{}{}", vendor.letter(), gpu_generation(vendor, dialect, groups))),
    );
    let number = |name| format!("{core}{}", groups.piece(name, &groups.number(1)));
    let (units, vram) = (number("gpu_units"), number("gpu_vram"));
    match dialect.gpu_nesting {
        GpuNesting::Nested => {
            let vram = groups.optional(&format!("{vram}h?"));
            let units = groups.optional(&format!("{units}h{{0,2}}{vram}"));
            format!("{access}{}", groups.one_of([vendor, format!("{with_generation}{units}")]))
        }
        GpuNesting::UnitsOnly => {
            let units = groups.optional(&format!("{units}h{{0,2}}"));
            format!("{access}{}{units}", groups.one_of([vendor, with_generation]))
        }
        GpuNesting::Flat => {
            let (units, vram) = (groups.optional(&units), groups.optional(&vram));
            format!("{access}{}{units}h{{0,2}}{vram}h{{0,2}}", groups.one_of([vendor, with_generation]))
        }
    }
}

/// The letters of nVidia, and the formulas of AMD and Intel.
fn gpu_generation(vendor: GpuVendor, dialect: Dialect, groups: Groups) -> String {
    let number = groups.number(1);
    match vendor {
        GpuVendor::Nvidia => class(
            NvidiaGeneration::ALL
                .into_iter()
                .filter(|generation| dialect.lists_nvidia(*generation))
                .map(NvidiaGeneration::letter),
        ),
        GpuVendor::Amd if dialect.syntax() == Syntax::V3 => {
            let cdna_or_rdna = format!("{number}{}", groups.optional("[.]1"));
            groups.one_of([format!("0[.]{number}"), cdna_or_rdna, "3[.]5".to_owned()])
        }
        GpuVendor::Amd => groups.one_of([format!("0[.]{number}"), number]),
        GpuVendor::Intel => groups.one_of(["0[.][1-9][1-9]?".to_owned(), number]),
    }
}

fn class(letters: impl IntoIterator<Item = char>) -> String {
    format!("[{}]", letters.into_iter().collect::<String>())
}

/// A single alternative as it is, several as a group.
fn either(groups: Groups, alternatives: Vec<String>) -> String {
    match <[String; 1]>::try_from(alternatives) {
        Ok([only]) => only,
        Err(alternatives) => groups.one_of(alternatives),
    }
}

/// The numbers from `least` to `most` in decimal, as alternatives of the shape `42[0-8][0-9]{7}`.
fn numbers(least: u32, most: u32) -> Vec<String> {
    let mut blocks: Vec<Block> = Vec::new();
    let (mut next, end) = (u64::from(least), u64::from(most));
    while next <= end {
        let block = Block::widest(next, end);
        next = block.end();
        match blocks.last_mut() {
            // `[1-9]` and `[1-9][0-9]` are `[1-9][0-9]{0,1}`.
            Some(shorter) if shorter.leads_as(&block) => shorter.tail.1 = block.tail.1,
            _ => blocks.push(block),
        }
    }
    blocks.iter().map(Block::to_string).collect()
}

/// Numbers with a common prefix, a digit from a range, and any further digits.
struct Block {
    /// The leading digits, with the lowest digit of the range at the end.
    head: u64,
    /// The highest digit of the range.
    highest: u64,
    /// The number of further digits, minimum and maximum.
    tail: (u32, u32),
}

impl Block {
    /// The largest block that starts at `first` and does not go beyond `end`.
    fn widest(first: u64, end: u64) -> Self {
        let mut tail = 0;
        // 0 has no tail: `0[0-9]` would be numbers with leading zeros.
        while first > 0 && first.is_multiple_of(10u64.pow(tail + 1)) && first + 10u64.pow(tail + 1) - 1 <= end
        {
            tail += 1;
        }
        let head = first / 10u64.pow(tail);
        let mut block = Self { head, highest: head % 10, tail: (tail, tail) };
        while block.highest < 9 && block.end() + 10u64.pow(tail) - 1 <= end {
            block.highest += 1;
        }
        block
    }

    /// The number after the block, if all its numbers have the same length.
    const fn end(&self) -> u64 {
        (self.head - self.head % 10 + self.highest + 1) * 10u64.pow(self.tail.1)
    }

    /// Whether the other block is this one with one more digit.
    const fn leads_as(&self, other: &Self) -> bool {
        self.head == other.head && self.highest == other.highest && self.tail.1 + 1 == other.tail.0
    }
}

impl fmt::Display for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lowest = self.head % 10;
        if self.head >= 10 {
            write!(f, "{}", self.head / 10)?;
        }
        if lowest == self.highest {
            write!(f, "{lowest}")?;
        } else {
            write!(f, "[{lowest}-{}]", self.highest)?;
        }
        match self.tail {
            (0, 0) => Ok(()),
            (1, 1) => f.write_str("[0-9]"),
            (fewest, most) if fewest == most => write!(f, "[0-9]{{{most}}}"),
            (fewest, most) => write!(f, "[0-9]{{{fewest},{most}}}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn numbers_are_few_alternatives() {
        assert_eq!(numbers(0, 6), ["[0-6]"]);
        assert_eq!(numbers(0, 12), ["[0-9]", "1[0-2]"]);
        assert_eq!(numbers(2, 255), ["[2-9]", "[1-9][0-9]", "1[0-9]{2}", "2[0-4][0-9]", "25[0-5]"]);
        assert_eq!(numbers(1, u32::MAX)[..3], ["[1-9][0-9]{0,8}", "[1-3][0-9]{9}", "4[0-1][0-9]{8}"]);
        assert_eq!(numbers(7, 7), ["7"]);
    }
}
