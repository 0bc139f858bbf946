//! The GPU extension: `_GNa-72-24h` (scs-0100-v3, *GPU support*).
//!
//! Pitfalls of the texts: in v1 and v2 an AMD generation `1` is RDNA 1, in v3 it is CDNA 1 and RDNA 1 is written `1.1`
//! (C-010); v3 numbers UDNA after CDNA, so both share the whole numbers; the lists of generations end in "…".

use std::fmt;
use std::num::NonZeroU32;

use crate::syntax::Syntax;

/// How a GPU is attached to the instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub enum GpuAccess {
    /// `g`: a share of a GPU as a virtual GPU.
    Virtual,
    /// `G`: the device itself, or a hardware partition of it, passed through.
    PassThrough,
}

impl GpuAccess {
    /// Both kinds.
    pub const ALL: [Self; 2] = [Self::PassThrough, Self::Virtual];

    const fn byte(self) -> u8 {
        match self {
            Self::Virtual => b'g',
            Self::PassThrough => b'G',
        }
    }

    /// The key: `virtual` or `pass-through`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Virtual => "virtual",
            Self::PassThrough => "pass-through",
        }
    }
}

crate::letters::from_letter!(GpuAccess);

/// The vendor of a GPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub enum GpuVendor {
    /// `N`: nVidia, counted in streaming multiprocessors.
    Nvidia,
    /// `A`: AMD, counted in compute units.
    Amd,
    /// `I`: Intel, counted in execution units.
    Intel,
}

impl GpuVendor {
    /// All vendors, in the order of the table.
    pub const ALL: [Self; 3] = [Self::Nvidia, Self::Amd, Self::Intel];

    const fn byte(self) -> u8 {
        match self {
            Self::Nvidia => b'N',
            Self::Amd => b'A',
            Self::Intel => b'I',
        }
    }

    /// The key: `nvidia`, `amd` or `intel`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Nvidia => "nvidia",
            Self::Amd => "amd",
            Self::Intel => "intel",
        }
    }

    /// A description.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Nvidia => "nVidia",
            Self::Amd => "AMD",
            Self::Intel => "Intel",
        }
    }

    /// The name of the processing units, singular or plural.
    #[must_use]
    pub const fn units(self, count: u32) -> &'static str {
        match (self, count) {
            (Self::Nvidia, 1) => "streaming multiprocessor",
            (Self::Nvidia, _) => "streaming multiprocessors",
            (Self::Amd, 1) => "compute unit",
            (Self::Amd, _) => "compute units",
            (Self::Intel, 1) => "execution unit",
            (Self::Intel, _) => "execution units",
        }
    }
}

crate::letters::from_letter!(GpuVendor);

impl fmt::Display for GpuVendor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.key())
    }
}

/// An nVidia generation, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the variants are the generations' own names")]
pub enum NvidiaGeneration {
    Fermi,
    Kepler,
    Maxwell,
    Pascal,
    Volta,
    Turing,
    Ampere,
    AdaLovelace,
    GraceHopper,
    Blackwell,
    BlackwellUltra,
}

/// A row of the nVidia list.
struct NvidiaRow {
    token: &'static str,
    key: &'static str,
    name: &'static str,
    /// The first version of the syntax that lists it.
    since: Syntax,
}

const fn nvidia(token: &'static str, key: &'static str, name: &'static str, since: Syntax) -> NvidiaRow {
    NvidiaRow { token, key, name, since }
}

impl NvidiaGeneration {
    /// All generations, oldest first.
    pub const ALL: [Self; 11] = [
        Self::Fermi,
        Self::Kepler,
        Self::Maxwell,
        Self::Pascal,
        Self::Volta,
        Self::Turing,
        Self::Ampere,
        Self::AdaLovelace,
        Self::GraceHopper,
        Self::Blackwell,
        Self::BlackwellUltra,
    ];

    const fn row(self) -> NvidiaRow {
        match self {
            Self::Fermi => nvidia("f", "fermi", "Fermi", Syntax::V1),
            Self::Kepler => nvidia("k", "kepler", "Kepler", Syntax::V1),
            Self::Maxwell => nvidia("m", "maxwell", "Maxwell", Syntax::V1),
            Self::Pascal => nvidia("p", "pascal", "Pascal", Syntax::V1),
            Self::Volta => nvidia("v", "volta", "Volta", Syntax::V1),
            Self::Turing => nvidia("t", "turing", "Turing", Syntax::V1),
            Self::Ampere => nvidia("a", "ampere", "Ampere", Syntax::V1),
            Self::AdaLovelace => nvidia("l", "ada-lovelace", "Ada Lovelace", Syntax::V2),
            Self::GraceHopper => nvidia("g", "grace-hopper", "Grace Hopper", Syntax::V3),
            Self::Blackwell => nvidia("b", "blackwell", "Blackwell", Syntax::V3),
            Self::BlackwellUltra => nvidia("u", "blackwell-ultra", "Blackwell Ultra", Syntax::V3),
        }
    }

    const fn byte(self) -> u8 {
        self.token().as_bytes()[0]
    }

    /// The letter, as a string.
    #[must_use]
    pub const fn token(self) -> &'static str {
        self.row().token
    }

    /// The first version of the syntax that lists it.
    #[must_use]
    pub const fn since(self) -> Syntax {
        self.row().since
    }
}

crate::letters::from_letter!(NvidiaGeneration);

/// A GPU generation by meaning, independent of its spelling in a version of the syntax.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum GpuGeneration {
    /// nVidia.
    Nvidia(NvidiaGeneration),
    /// AMD GCN x, written `0.x`.
    Gcn(NonZeroU32),
    /// AMD CDNA x, or from 5 on UDNA x, written `x` in v3; not available in v1 and v2.
    CdnaOrUdna(NonZeroU32),
    /// AMD RDNA x, written `x.1` in v3 and `x` in v1 and v2.
    Rdna(NonZeroU32),
    /// AMD RDNA 3.5, written `3.5` in v3; not available in v1 and v2.
    Rdna35,
    /// Intel Gen x in hundredths: 90 for Gen 9, written `0.9`.
    IntelGen(IntelGen),
    /// Intel Xe and later, written as a whole number.
    IntelXe(NonZeroU32),
}

/// An Intel generation before Xe: Gen 9 is `0.9`, Gen 9.5 is `0.95`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IntelGen(u8);

impl IntelGen {
    /// Creates it from the digits after `0.`: one from 1 to 9, or two of them.
    #[inline]
    #[must_use]
    pub const fn from_digits(first: u8, second: Option<u8>) -> Option<Self> {
        match (first, second) {
            (1..=9, None) => Some(Self(first * 10)),
            (1..=9, Some(second @ 1..=9)) => Some(Self(first * 10 + second)),
            _ => None,
        }
    }
}

impl fmt::Display for IntelGen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, second) = (self.0 / 10, self.0 % 10);
        if second == 0 { write!(f, "0.{first}") } else { write!(f, "0.{first}{second}") }
    }
}

impl GpuGeneration {
    /// The vendor of the GPU.
    #[must_use]
    pub const fn vendor(self) -> GpuVendor {
        match self {
            Self::Nvidia(_) => GpuVendor::Nvidia,
            Self::Gcn(_) | Self::CdnaOrUdna(_) | Self::Rdna(_) | Self::Rdna35 => GpuVendor::Amd,
            Self::IntelGen(_) | Self::IntelXe(_) => GpuVendor::Intel,
        }
    }

    /// The spelling in a version; `None` if the version has none.
    #[must_use]
    pub fn code(self, syntax: Syntax) -> Option<GpuCode> {
        let sayable = match self {
            Self::Nvidia(generation) => generation.since() <= syntax,
            Self::CdnaOrUdna(_) | Self::Rdna35 => syntax >= Syntax::V3,
            Self::Gcn(_) | Self::Rdna(_) | Self::IntelGen(_) | Self::IntelXe(_) => true,
        };
        sayable.then_some(GpuCode { generation: self, syntax })
    }

    /// Whether the generation occurs in the text of a version, the supplement's card table or known hardware. Since the lists of the
    /// texts end in "…", a well-formed but unknown generation is only worth a warning (C-012).
    #[must_use]
    pub fn is_known(self, syntax: Syntax) -> bool {
        match self {
            Self::Nvidia(generation) => generation.since() <= syntax,
            Self::Gcn(number) | Self::CdnaOrUdna(number) => number.get() <= 5,
            Self::Rdna(number) => {
                number.get()
                    <= match syntax {
                        Syntax::V1 => 2,
                        Syntax::V2 => 3,
                        Syntax::V3 => 5,
                    }
            }
            Self::Rdna35 => true,
            Self::IntelGen(generation) => generation.0 == 90,
            Self::IntelXe(number) => number.get() <= if syntax >= Syntax::V3 { 4 } else { 1 },
        }
    }

    /// The key, such as `ampere` or `rdna-3`.
    #[must_use]
    pub fn key(self) -> String {
        match self {
            Self::Nvidia(generation) => generation.row().key.to_owned(),
            Self::IntelGen(generation) => format!("gen-{}", generation_number(generation)),
            other => other.name().to_lowercase().replace(' ', "-"),
        }
    }

    /// A description, such as `Ampere`, `RDNA 3` or `Xe 1`.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Nvidia(generation) => generation.row().name.to_owned(),
            Self::Gcn(number) => format!("GCN {number}"),
            Self::CdnaOrUdna(number) if number.get() < 5 => format!("CDNA {number}"),
            Self::CdnaOrUdna(number) => format!("UDNA {number}"),
            Self::Rdna(number) => format!("RDNA {number}"),
            Self::Rdna35 => "RDNA 3.5".to_owned(),
            Self::IntelGen(generation) => format!("Gen {}", generation_number(generation)),
            Self::IntelXe(number) => match number.get() {
                1 => "Xe (12.1, DG1)".to_owned(),
                2 => "Xe (12.2)".to_owned(),
                3 => "Arc (12.7, DG2)".to_owned(),
                4 => "Battlemage (20.0)".to_owned(),
                number => format!("generation {number}"),
            },
        }
    }
}

/// `Gen 9` for `0.9`, `Gen 9.5` for `0.95`.
fn generation_number(generation: IntelGen) -> String {
    match (generation.0 / 10, generation.0 % 10) {
        (first, 0) => first.to_string(),
        (first, second) => format!("{first}.{second}"),
    }
}

/// The spelling of a generation in a version.
#[derive(Clone, Copy, Debug)]
pub struct GpuCode {
    generation: GpuGeneration,
    syntax: Syntax,
}

impl fmt::Display for GpuCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.generation {
            GpuGeneration::Nvidia(generation) => write!(f, "{}", generation.letter()),
            GpuGeneration::Gcn(number) => write!(f, "0.{number}"),
            GpuGeneration::Rdna(number) if self.syntax >= Syntax::V3 => write!(f, "{number}.1"),
            GpuGeneration::Rdna(number)
            | GpuGeneration::CdnaOrUdna(number)
            | GpuGeneration::IntelXe(number) => write!(f, "{number}"),
            GpuGeneration::Rdna35 => f.write_str("3.5"),
            GpuGeneration::IntelGen(generation) => write!(f, "{generation}"),
        }
    }
}

/// A vendor, or one of its generations: a generation never occurs without its vendor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum GpuModel {
    /// Any GPU of this vendor.
    Vendor(GpuVendor),
    /// A GPU of this generation.
    Generation(GpuGeneration),
}

/// The GPU part.
///
/// In v3, units require a generation and VRAM requires units. The constructors enforce this:
///
/// ```
/// use std::num::NonZeroU32;
///
/// use scs_flavor_naming::{Gpu, GpuAccess, GpuGeneration, NvidiaGeneration};
///
/// let ampere = GpuGeneration::Nvidia(NvidiaGeneration::Ampere);
/// let (units, gib) = (NonZeroU32::new(14).unwrap(), NonZeroU32::new(6).unwrap());
/// let quarter_a30 = Gpu::of(GpuAccess::PassThrough, ampere).with_units(units).with_vram_gib(gib);
/// assert_eq!(quarter_a30.vram_gib(), Some(gib));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gpu {
    pub(crate) access: GpuAccess,
    pub(crate) model: GpuModel,
    pub(crate) units: Option<NonZeroU32>,
    /// The number of `h` after the units, at most two.
    pub(crate) frequency: u8,
    pub(crate) vram_gib: Option<NonZeroU32>,
    /// The number of `h` after the VRAM, at most one in the texts.
    pub(crate) bandwidth: u8,
}

impl Gpu {
    /// Any GPU of a vendor.
    #[must_use]
    pub const fn vendor_only(access: GpuAccess, vendor: GpuVendor) -> Self {
        Self {
            access,
            model: GpuModel::Vendor(vendor),
            units: None,
            frequency: 0,
            vram_gib: None,
            bandwidth: 0,
        }
    }

    /// A GPU of a generation, to which units can be added.
    #[must_use]
    pub const fn of(access: GpuAccess, generation: GpuGeneration) -> GpuOfGeneration {
        GpuOfGeneration(Self {
            access,
            model: GpuModel::Generation(generation),
            units: None,
            frequency: 0,
            vram_gib: None,
            bandwidth: 0,
        })
    }

    /// How it is attached: pass-through or virtual.
    #[must_use]
    pub const fn access(self) -> GpuAccess {
        self.access
    }

    /// The vendor.
    #[must_use]
    pub const fn vendor(self) -> GpuVendor {
        match self.model {
            GpuModel::Vendor(vendor) => vendor,
            GpuModel::Generation(generation) => generation.vendor(),
        }
    }

    /// The generation, if the name has one.
    #[must_use]
    pub const fn generation(self) -> Option<GpuGeneration> {
        match self.model {
            GpuModel::Vendor(_) => None,
            GpuModel::Generation(generation) => Some(generation),
        }
    }

    /// The number of processing units: SMs, CUs or EUs.
    #[must_use]
    pub const fn units(self) -> Option<NonZeroU32> {
        self.units
    }

    /// The number of `h` for high-frequency units, at most two.
    #[must_use]
    pub const fn frequency(self) -> u8 {
        self.frequency
    }

    /// Video memory in GiB.
    #[must_use]
    pub const fn vram_gib(self) -> Option<NonZeroU32> {
        self.vram_gib
    }

    /// The number of `h` for high-bandwidth video memory; the texts use at most one.
    #[must_use]
    pub const fn bandwidth(self) -> u8 {
        self.bandwidth
    }

    /// Whether it follows the nesting of v3: units after a generation, `h` and VRAM after units, one `h` for VRAM.
    pub(crate) const fn is_nested(self) -> bool {
        let unit_free = self.units.is_none();
        !(unit_free && (self.frequency > 0 || self.vram_gib.is_some()))
            && !(self.vram_gib.is_none() && self.bandwidth > 0)
            && self.bandwidth <= 1
            && (unit_free || self.generation().is_some())
    }

    /// Whether it follows the form of v1 and v2: units with or without a generation, no VRAM.
    pub(crate) const fn is_flat_without_vram(self) -> bool {
        self.vram_gib.is_none() && self.bandwidth == 0 && (self.units.is_some() || self.frequency == 0)
    }
}

/// A GPU of a known generation, while building a [`Gpu`].
#[derive(Clone, Copy, Debug)]
pub struct GpuOfGeneration(Gpu);

impl GpuOfGeneration {
    /// Sets the number of processing units, after which VRAM can be added.
    #[must_use]
    pub const fn with_units(self, units: NonZeroU32) -> GpuWithUnits {
        GpuWithUnits(Gpu { units: Some(units), ..self.0 })
    }
}

impl From<GpuOfGeneration> for Gpu {
    fn from(gpu: GpuOfGeneration) -> Self {
        gpu.0
    }
}

/// A GPU with a number of processing units, while building a [`Gpu`].
#[derive(Clone, Copy, Debug)]
pub struct GpuWithUnits(Gpu);

impl GpuWithUnits {
    /// Marks the units as high-frequency: `h`.
    #[must_use]
    pub const fn high_frequency(self) -> Self {
        Self(Gpu { frequency: 1, ..self.0 })
    }

    /// Marks the units as very high-frequency: `hh`.
    #[must_use]
    pub const fn very_high_frequency(self) -> Self {
        Self(Gpu { frequency: 2, ..self.0 })
    }

    /// Sets the video memory in GiB, rounded down.
    #[must_use]
    pub const fn with_vram_gib(self, vram_gib: NonZeroU32) -> Gpu {
        Gpu { vram_gib: Some(vram_gib), ..self.0 }
    }

    /// Sets high-bandwidth video memory (HBM2 and later) in GiB, rounded down.
    #[must_use]
    pub const fn with_high_bandwidth_vram_gib(self, vram_gib: NonZeroU32) -> Gpu {
        Gpu { vram_gib: Some(vram_gib), bandwidth: 1, ..self.0 }
    }
}

impl From<GpuWithUnits> for Gpu {
    fn from(gpu: GpuWithUnits) -> Self {
        gpu.0
    }
}
