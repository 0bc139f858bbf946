//! Readers, which select the dialect and optionally record errors.
//!
//! On the fast path, no listener is attached, and a constant dialect is compiled into the parser.
//! To explain a rejected name, a [`Listener`] reads it again with the same
//! grammar and records a [`Trail`].

use std::cell::RefCell;
use std::fmt;

use scs_standards::Span;

use crate::dialect::Dialect;
use crate::syntax::Syntax;

/// The interface between grammar and caller. Positions are counted from the end of the name, which a cursor knows
/// from the remaining text.
pub(crate) trait Reader: Copy {
    /// The dialect of the name.
    fn dialect(self) -> Dialect;
    /// Records that these tokens would have been accepted with `remaining` bytes left.
    #[inline]
    fn expected(self, _remaining: usize, _place: Place, _tokens: &[&'static str]) {}
    /// Records that the `width` bytes that start with `remaining` bytes left are this mistake.
    #[inline]
    fn mistake(self, _remaining: usize, _width: usize, _mistake: Mistake) {}
}

/// Any dialect, without a listener.
impl Reader for Dialect {
    #[inline]
    fn dialect(self) -> Dialect {
        self
    }
}

/// The newest text, used for nearly all names, as a constant.
#[derive(Clone, Copy)]
pub(crate) struct NewestText;

impl NewestText {
    pub(crate) const DIALECT: Dialect = Dialect::text(Syntax::V3);
}

impl Reader for NewestText {
    #[inline]
    fn dialect(self) -> Dialect {
        Self::DIALECT
    }
}

/// Reads in a dialect and records a trail.
#[derive(Clone, Copy)]
pub(crate) struct Listener<'a> {
    pub(crate) dialect: Dialect,
    pub(crate) trail: &'a Trail,
}

/// A part of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Place {
    /// `SCS-`.
    Prefix,
    /// The number of vCPUs.
    CpuCount,
    /// The letter after it, and its suffix.
    CpuType,
    /// The amount of memory, and its suffixes.
    Ram,
    /// Number and size of the disks.
    Disk,
    /// The letter for the disk type.
    DiskType,
    /// The word for the hypervisor.
    Hypervisor,
    /// `hwv`.
    HardwareVirtualization,
    /// Vendor, generation and frequency of the CPU.
    CpuArch,
    /// The GPU.
    Gpu,
    /// `ib`.
    Infiniband,
    /// The expected end of the name.
    End,
}

impl Place {
    /// A description, such as "in the disk part".
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Prefix => "at the start",
            Self::CpuCount => "of vCPUs after `SCS-`",
            Self::CpuType => "after the number of vCPUs",
            Self::Ram => "in the memory part",
            Self::Disk | Self::DiskType => "in the disk part",
            Self::Hypervisor | Self::HardwareVirtualization | Self::Infiniband => "in the extensions",
            Self::CpuArch => "in the CPU extension",
            Self::Gpu => "in the GPU extension",
            Self::End => "here",
        }
    }
}

/// A recognizable but invalid part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Mistake {
    /// The number zero.
    Zero,
    /// A number with leading zeros.
    LeadingZero,
    /// A number that exceeds 32 bits.
    TooLarge,
    /// Memory that is not a multiple of half a GiB, or a half not written as `.5`.
    NotHalfGib,
    /// A number of disks without a size.
    DisksWithoutSize,
    /// A disk size with a fraction.
    FractionalDisk,
    /// A hypervisor that the version does not list.
    HypervisorNotInVersion,
    /// A CPU generation that the version does not list for the vendor.
    UnknownCpuGeneration,
    /// A GPU generation that the version does not list for the vendor.
    UnknownGpuGeneration,
    /// More `h` than the text allows.
    TooManyH,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Zero => "zero",
            Self::LeadingZero => "leading zeros",
            Self::TooLarge => "number too large",
            Self::NotHalfGib => "not a multiple of half a GiB",
            Self::DisksWithoutSize => "disks without a size",
            Self::FractionalDisk => "fractional disk size",
            Self::HypervisorNotInVersion => "unlisted hypervisor",
            Self::UnknownCpuGeneration => "unlisted CPU generation",
            Self::UnknownGpuGeneration => "unlisted GPU generation",
            Self::TooManyH => "too many `h`",
        })
    }
}

/// Records the furthest point that was reached and the tokens expected there.
#[derive(Debug, Default)]
pub(crate) struct Trail(RefCell<Reached>);

#[derive(Debug, Default)]
pub(crate) struct Reached {
    /// The bytes left at the furthest point; `None` before the first expectation.
    pub(crate) remaining: Option<usize>,
    pub(crate) place: Option<Place>,
    pub(crate) tokens: Vec<&'static str>,
    /// A mistake, with the bytes left at its start and its width.
    pub(crate) mistake: Option<(usize, usize, Mistake)>,
}

impl Trail {
    pub(crate) fn into_reached(self) -> Reached {
        self.0.into_inner()
    }
}

impl Reader for Listener<'_> {
    fn dialect(self) -> Dialect {
        self.dialect
    }

    fn expected(self, remaining: usize, place: Place, tokens: &[&'static str]) {
        let mut reached = self.trail.0.borrow_mut();
        match reached.remaining {
            Some(furthest) if remaining > furthest => return,
            Some(furthest) if remaining == furthest => {}
            _ => {
                reached.remaining = Some(remaining);
                reached.place = Some(place);
                reached.tokens.clear();
            }
        }
        for &token in tokens {
            if !reached.tokens.contains(&token) {
                reached.tokens.push(token);
            }
        }
    }

    fn mistake(self, remaining: usize, width: usize, mistake: Mistake) {
        self.trail.0.borrow_mut().mistake.get_or_insert((remaining, width, mistake));
    }
}

/// A position as an offset from the start, given the length of the name.
pub(crate) const fn span(length: usize, remaining: usize, width: usize) -> Span {
    let start = length.saturating_sub(remaining);
    Span::new(start, start + width)
}
