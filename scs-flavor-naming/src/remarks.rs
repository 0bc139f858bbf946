//! Remarks about a valid name by itself, cheap enough for millions of names.

use scs_standards::Profile;
use scs_standards::wording::and;

use crate::cards::Card;
use crate::disk::Disk;
use crate::name::FlavorName;
use crate::parser::Parsed;
use crate::spelling::writes;
use crate::syntax::Syntax;

/// The disk sizes in GB that scs-0103-v1 (*Recommended, part 2*) recommends for further flavors; v1 and v2 of scs-0100
/// also list 2000.
pub const DISK_SCHEDULE_GB: [u32; 8] = [5, 10, 20, 50, 100, 200, 500, 1000];

/// The amount of memory in GiB from which halves should not be used (scs-0100-v3, *Memory*).
const HALVES_BELOW_GIB: u32 = 10;

/// A remark about a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Remark {
    /// Valid only in an older version of the syntax (C-015).
    OldSyntax,
    /// Half a GiB with 10 GiB of memory or more.
    HalfGibLarge,
    /// The CPU generation is written as 0.
    GenerationZero,
    /// A disk size outside the schedule.
    UnscheduledDisk,
    /// A GPU generation that matches the formula of the text but is unknown (C-012).
    UnknownGpuGeneration,
    /// GPU units or VRAM that match no card of the supplement's table.
    UnknownCard,
    /// The name prints differently.
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

    /// The rule for the remark.
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

    /// The message for a name, including the fix.
    #[must_use]
    pub fn message(self, parsed: &Parsed) -> String {
        match self {
            Self::OldSyntax => match parsed.name.spelled(Syntax::V3) {
                Some(name) => {
                    format!("valid only in {} of scs-0100; the current name is `{name}`", parsed.syntax)
                }
                None => format!("valid only in {} of scs-0100; v3 has no name for it", parsed.syntax),
            },
            Self::HalfGibLarge => {
                format!("half a GiB should not be used with {HALVES_BELOW_GIB} GiB of memory or more")
            }
            Self::GenerationZero => format!("the CPU generation 0 should be left out: `{}`", parsed.name),
            Self::UnscheduledDisk => {
                let sizes = and(DISK_SCHEDULE_GB.map(|size| size.to_string()));
                format!("disk sizes of {sizes} GB avoid fragmentation")
            }
            Self::UnknownGpuGeneration => {
                "the GPU generation matches the standard's formula, but is unknown".to_owned()
            }
            Self::UnknownCard => {
                "no card in the supplement's table has these units and this video memory".to_owned()
            }
            Self::NotCanonical if parsed.wrote_single_disk() => {
                format!("`1x` is redundant: the name prints as `{}`", parsed.name)
            }
            Self::NotCanonical => format!("the name prints as `{}`", parsed.name),
            Self::NotALabel => "valid, but not usable as a Kubernetes label value".to_owned(),
        }
    }
}

/// A set of remarks about a name.
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
    /// The remarks about a name that a parser of `profile` accepted from `text`.
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
        // The parsers of the texts only accept canonical numbers, so only these two can differ.
        add(
            Remark::NotCanonical,
            match profile {
                Profile::Text => parsed.wrote_generation_zero() || parsed.wrote_single_disk(),
                Profile::Official => !writes(name, parsed.syntax, text),
            },
        );
        // v1 names are never label values, because of the colons; of the others, only an automatic disk ends in a separator.
        add(
            Remark::NotALabel,
            parsed.syntax != Syntax::V1 && (text.len() > 63 || text.last().is_some_and(|&last| last == b'-')),
        );
        remarks
    }

    /// Whether there are no remarks.
    #[inline]
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The set as bits in the order of [`Remark::ALL`], for counting over many names.
    #[inline]
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// Creates a set from bits.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits)
    }

    /// Whether the set contains a remark.
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
