//! What there is to say about a valid name by itself, cheap enough for millions of names.

use scs_standards::Profile;

use crate::cards::Card;
use crate::disk::Disk;
use crate::name::FlavorName;
use crate::parse::Parsed;
use crate::spelling::writes;
use crate::syntax::Syntax;

/// The disk sizes in GB that scs-0103-v1 (*Recommended, part 2*) asks further flavors to keep to; v1 and v2 of scs-0100
/// also list 2000.
pub const DISK_SCHEDULE_GB: [u32; 8] = [5, 10, 20, 50, 100, 200, 500, 1000];

/// From this many GiB of memory on, halves should not be used (scs-0100-v3, *Memory*).
const HALVES_BELOW_GIB: u32 = 10;

/// One remark about a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Remark {
    /// Valid in an older version of the syntax only (C-015).
    OldSyntax,
    /// Half a GiB of memory from 10 GiB on.
    HalfGibLarge,
    /// The CPU generation is written as 0.
    GenerationZero,
    /// A disk size outside the schedule.
    UnscheduledDisk,
    /// A GPU generation that fits the formula of the text and is not known (C-012).
    UnknownGpuGeneration,
    /// GPU units or VRAM that match no card of the supplement's table.
    UnknownCard,
    /// Printing the value gives another text.
    NotCanonical,
    /// Not a value for a Kubernetes label (C-022).
    NotALabel,
}

impl Remark {
    /// All remarks.
    pub const ALL: [Self; 8] = [
        Self::OldSyntax,
        Self::HalfGibLarge,
        Self::GenerationZero,
        Self::UnscheduledDisk,
        Self::UnknownGpuGeneration,
        Self::UnknownCard,
        Self::NotCanonical,
        Self::NotALabel,
    ];

    /// The rule that it belongs to.
    #[must_use]
    pub const fn rule(self) -> &'static str {
        match self {
            Self::OldSyntax => "scs-0100-old-syntax",
            Self::HalfGibLarge => "scs-0100-half-gib-large",
            Self::GenerationZero => "scs-0100-gen-zero",
            Self::UnscheduledDisk => "scs-0100-disk-schedule",
            Self::UnknownGpuGeneration => "scs-0100-gpu-generation",
            Self::UnknownCard => "scs-0100-gpu-known-card",
            Self::NotCanonical => "scs-0100-canonical",
            Self::NotALabel => "scs-0100-syntax-check",
        }
    }

    /// The message for a name, with what to do.
    #[must_use]
    pub fn message(self, parsed: &Parsed) -> String {
        match self {
            Self::OldSyntax => match parsed.name.spelled(Syntax::V3) {
                Some(name) => {
                    format!("valid in {} of scs-0100 only; the name of today is `{name}`", parsed.syntax)
                }
                None => format!("valid in {} of scs-0100 only, and v3 has no name for it", parsed.syntax),
            },
            Self::HalfGibLarge => {
                format!("half a GiB should not be used from {HALVES_BELOW_GIB} GiB of memory on")
            }
            Self::GenerationZero => format!("the CPU generation 0 should be left out: `{}`", parsed.name),
            Self::UnscheduledDisk => {
                let [sizes @ .., last] = DISK_SCHEDULE_GB.map(|size| size.to_string());
                format!("disk sizes of {} and {last} GB avoid fragmentation", sizes.join(", "))
            }
            Self::UnknownGpuGeneration => {
                "the GPU generation fits the standard's formula, but none of this number is known".to_owned()
            }
            Self::UnknownCard => {
                "no card of the supplement's table has these units and this video memory".to_owned()
            }
            Self::NotCanonical if parsed.wrote_single_disk() => {
                format!("a single disk needs no `1x`: the name prints as `{}`", parsed.name)
            }
            Self::NotCanonical => format!("the name prints as `{}`", parsed.name),
            Self::NotALabel => "valid, but it cannot be the value of a Kubernetes label".to_owned(),
        }
    }
}

/// The remarks about a name, as a set.
///
/// ```
/// use scs_flavor_naming::{Parser, Remark, Remarks};
/// use scs_standards::Profile;
///
/// let text = "SCS-2V:10.5:7";
/// let parsed = Parser::new(Profile::Text).parse(text)?;
/// let remarks: Vec<_> = Remarks::about(text.as_bytes(), &parsed, Profile::Text).iter().collect();
/// assert_eq!(remarks, [Remark::OldSyntax, Remark::HalfGibLarge, Remark::UnscheduledDisk]);
/// # Ok::<(), scs_flavor_naming::ParseNameError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Remarks(u8);

impl Remarks {
    /// What there is to say about a name that a parser of `profile` accepted from `text`.
    #[inline]
    #[must_use]
    pub fn about(text: &[u8], parsed: &Parsed, profile: Profile) -> Self {
        let name = &parsed.name;
        let mut remarks = Self::default();
        let mut add = |remark: Remark, applies: bool| remarks.0 |= u8::from(applies) << remark as u8;
        add(Remark::OldSyntax, parsed.syntax != Syntax::V3);
        add(Remark::HalfGibLarge, name.ram.size.has_half() && name.ram.size.gib() >= HALVES_BELOW_GIB);
        add(Remark::GenerationZero, parsed.wrote_generation_zero());
        add(Remark::UnscheduledDisk, disk_is_unscheduled(name, parsed.syntax));
        if let Some(gpu) = name.gpu {
            let unknown = gpu.generation().is_some_and(|generation| !generation.is_known(parsed.syntax));
            add(Remark::UnknownGpuGeneration, unknown);
            add(Remark::UnknownCard, gpu.units().is_some() && !Card::knows(&gpu));
        }
        // The texts' parsers take canonical numbers only, so that these two are all that can differ.
        add(
            Remark::NotCanonical,
            match profile {
                Profile::Text => parsed.wrote_generation_zero() || parsed.wrote_single_disk(),
                Profile::Official => !writes(name, parsed.syntax, text),
            },
        );
        // v1 never makes labels, because of its colons; of the others only an automatic disk ends in a separator.
        add(
            Remark::NotALabel,
            parsed.syntax != Syntax::V1 && (text.len() > 63 || text.last().is_some_and(|&last| last == b'-')),
        );
        remarks
    }

    /// Whether there is nothing to say.
    #[inline]
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The set as bits, one for each remark in the order of [`Remark::ALL`]: what many names may be counted by.
    #[inline]
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// The set of these bits.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits)
    }

    /// Whether a remark is among them.
    #[inline]
    #[must_use]
    pub const fn contains(self, remark: Remark) -> bool {
        self.0 & (1 << remark as u8) != 0
    }

    /// The remarks, in the order of [`Remark::ALL`].
    #[inline]
    pub fn iter(self) -> impl Iterator<Item = Remark> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let remark = Remark::ALL.get(left.trailing_zeros() as usize).copied();
            left &= left.wrapping_sub(1);
            remark
        })
    }
}

fn disk_is_unscheduled(name: &FlavorName, syntax: Syntax) -> bool {
    name.disk.and_then(Disk::size_gb).is_some_and(|size_gb| {
        let scheduled =
            DISK_SCHEDULE_GB.contains(&size_gb.get()) || syntax != Syntax::V3 && size_gb.get() == 2000;
        !scheduled
    })
}
