//! The CPU architecture extension: `_z3h` (scs-0100-v3, *CPU Architecture Details*).

use std::fmt;

use crate::syntax::Syntax;

/// The vendor letter, which also implies the architecture. Without a letter, it is generic x86-64.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub enum CpuVendor {
    /// `i`: Intel x86-64.
    Intel,
    /// `z`: AMD (Zen) x86-64.
    Amd,
    /// `a`: ARM v8 and later.
    Arm,
    /// `r`: RISC-V.
    RiscV,
}

/// A row of the vendor table.
struct VendorRow {
    letter: u8,
    key: &'static str,
    words: &'static str,
    /// Value of the image property `architecture`; scs-0100 does not define it for RISC-V, Glance uses `riscv64`.
    image_architecture: &'static str,
}

impl CpuVendor {
    /// All vendors, in the order of the table.
    pub const ALL: [Self; 4] = [Self::Intel, Self::Amd, Self::Arm, Self::RiscV];

    const fn row(self) -> VendorRow {
        match self {
            Self::Intel => {
                VendorRow { letter: b'i', key: "intel", words: "Intel", image_architecture: "x86_64" }
            }
            Self::Amd => VendorRow { letter: b'z', key: "amd", words: "AMD", image_architecture: "x86_64" },
            Self::Arm => VendorRow { letter: b'a', key: "arm", words: "ARM", image_architecture: "aarch64" },
            Self::RiscV => {
                VendorRow { letter: b'r', key: "risc-v", words: "RISC-V", image_architecture: "riscv64" }
            }
        }
    }

    const fn byte(self) -> u8 {
        self.row().letter
    }

    /// The key: `intel`, `amd`, `arm` or `risc-v`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        self.row().key
    }

    /// A description.
    #[must_use]
    pub const fn words(self) -> &'static str {
        self.row().words
    }

    /// The matching value of the image property `architecture`.
    #[must_use]
    pub const fn image_architecture(self) -> &'static str {
        self.row().image_architecture
    }
}

crate::letters::from_letter!(CpuVendor);

impl fmt::Display for CpuVendor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.key())
    }
}

/// A row of the generation table.
#[derive(Debug)]
struct GenerationRow {
    vendor: CpuVendor,
    number: u8,
    name: &'static str,
    /// The first version of the syntax that lists it.
    since: Syntax,
}

const fn row(vendor: CpuVendor, number: u8, name: &'static str, since: Syntax) -> GenerationRow {
    GenerationRow { vendor, number, name, since }
}

/// The generations as listed in the three texts. There are none for RISC-V so far.
const GENERATIONS: &[GenerationRow] = {
    use CpuVendor::{Amd, Arm, Intel};
    use Syntax::{V1, V2, V3};
    &[
        row(Intel, 0, "pre Skylake", V1),
        row(Intel, 1, "Skylake", V1),
        row(Intel, 2, "Cascade Lake", V1),
        row(Intel, 3, "Ice Lake", V1),
        row(Intel, 4, "Sapphire Rapids", V2),
        row(Intel, 5, "Sierra Forest (E)", V3),
        row(Intel, 6, "Granite Rapids (P)", V3),
        row(Amd, 0, "pre Zen", V1),
        row(Amd, 1, "Zen 1 (Naples)", V1),
        row(Amd, 2, "Zen 2 (Rome)", V1),
        row(Amd, 3, "Zen 3 (Milan)", V1),
        row(Amd, 4, "Zen 4 (Genoa)", V1),
        row(Amd, 5, "Zen 5 (Turin)", V3),
        row(Amd, 6, "Zen 6 (Venice)", V3),
        row(Arm, 0, "pre Cortex-A76", V1),
        row(Arm, 1, "Cortex-A76, Neoverse N1", V1),
        row(Arm, 2, "Cortex-A78, X1, Neoverse V1", V1),
        row(Arm, 3, "Cortex-A71x, Neoverse N2, V2", V1),
        row(Arm, 4, "AmpereOne", V3),
        row(Arm, 5, "Cortex-A72x, Neoverse N3, V3", V3),
    ]
};

/// The highest generation that a version lists for a vendor, `None` if it lists none.
pub(crate) const fn newest_generation(vendor: CpuVendor, syntax: Syntax) -> Option<u8> {
    let mut newest = None;
    let mut index = 0;
    while index < GENERATIONS.len() {
        let row = &GENERATIONS[index];
        if row.vendor as u8 == vendor as u8 && row.since as u8 <= syntax as u8 {
            newest = Some(row.number);
        }
        index += 1;
    }
    newest
}

/// A CPU generation of a vendor. "Old or unspecified", written as 0 or left out, is not a generation.
///
/// ```
/// use scs_flavor_naming::{CpuGeneration, CpuVendor, Syntax};
///
/// let generation = CpuGeneration::new(CpuVendor::Intel, 3).unwrap();
/// assert_eq!(generation.name(), "Ice Lake");
/// assert_eq!(generation.since(), Syntax::V1);
/// assert!(CpuGeneration::new(CpuVendor::Intel, 7).is_none());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CpuGeneration {
    vendor: CpuVendor,
    number: u8,
}

impl CpuGeneration {
    /// The generation with this number, if the latest text lists it; never 0.
    #[must_use]
    pub fn new(vendor: CpuVendor, number: u8) -> Option<Self> {
        let listed = newest_generation(vendor, Syntax::V3)?;
        (1..=listed).contains(&number).then_some(Self { vendor, number })
    }

    /// Creates a generation that a parser found in the table of its version.
    #[inline]
    pub(crate) const fn parsed(vendor: CpuVendor, number: u8) -> Option<Self> {
        if number == 0 { None } else { Some(Self { vendor, number }) }
    }

    /// All generations of the latest text, except 0.
    pub fn all() -> impl Iterator<Item = Self> {
        GENERATIONS
            .iter()
            .filter(|row| row.number > 0)
            .map(|row| Self { vendor: row.vendor, number: row.number })
    }

    fn table_row(self) -> Option<&'static GenerationRow> {
        GENERATIONS.iter().find(|row| row.vendor == self.vendor && row.number == self.number)
    }

    /// The vendor.
    #[must_use]
    pub const fn vendor(self) -> CpuVendor {
        self.vendor
    }

    /// The number in a name.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.number
    }

    /// The name of the generation.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.table_row().map_or("", |row| row.name)
    }

    /// The first version of the syntax that lists it.
    #[must_use]
    pub fn since(self) -> Syntax {
        self.table_row().map_or(Syntax::V3, |row| row.since)
    }
}

/// The name of a vendor's generation 0, for a name that contains it.
pub(crate) fn name_of_generation_zero(vendor: CpuVendor) -> Option<&'static str> {
    GENERATIONS.iter().find(|row| row.vendor == vendor && row.number == 0).map(|row| row.name)
}

/// The guaranteed all-core frequency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CpuFrequency {
    /// No guarantee.
    #[default]
    Unspecified,
    /// `h`: above 2.75 GHz.
    H,
    /// `hh`: above 3.25 GHz.
    Hh,
    /// `hhh`: above 3.75 GHz.
    Hhh,
}

impl CpuFrequency {
    /// All frequencies, lowest first.
    pub const ALL: [Self; 4] = [Self::Unspecified, Self::H, Self::Hh, Self::Hhh];

    /// The frequency for this many `h`, at most three.
    #[inline]
    #[must_use]
    pub const fn from_letters(count: u8) -> Option<Self> {
        match count {
            0 => Some(Self::Unspecified),
            1 => Some(Self::H),
            2 => Some(Self::Hh),
            3 => Some(Self::Hhh),
            _ => None,
        }
    }

    /// The maximum number of `h` defined in the text.
    pub(crate) const MOST_LETTERS: u8 = Self::Hhh.letters();

    /// The number of `h`.
    #[must_use]
    pub const fn letters(self) -> u8 {
        self as u8
    }

    /// The lower bound in MHz, `None` if unspecified.
    #[must_use]
    pub const fn above_mhz(self) -> Option<u32> {
        match self {
            Self::Unspecified => None,
            Self::H => Some(2750),
            Self::Hh => Some(3250),
            Self::Hhh => Some(3750),
        }
    }
}

/// The CPU architecture part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CpuArch {
    model: CpuModel,
    frequency: CpuFrequency,
}

/// A vendor, or one of its generations: a generation never occurs without its vendor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum CpuModel {
    Vendor(CpuVendor),
    Generation(CpuGeneration),
}

impl CpuArch {
    /// Any CPU of a vendor.
    #[must_use]
    pub const fn vendor_only(vendor: CpuVendor) -> Self {
        Self { model: CpuModel::Vendor(vendor), frequency: CpuFrequency::Unspecified }
    }

    /// A CPU of a generation.
    #[must_use]
    pub const fn of(generation: CpuGeneration) -> Self {
        Self { model: CpuModel::Generation(generation), frequency: CpuFrequency::Unspecified }
    }

    /// Sets the guaranteed frequency.
    #[inline]
    #[must_use]
    pub const fn at(self, frequency: CpuFrequency) -> Self {
        Self { frequency, ..self }
    }

    /// The vendor.
    #[must_use]
    pub const fn vendor(self) -> CpuVendor {
        match self.model {
            CpuModel::Vendor(vendor) => vendor,
            CpuModel::Generation(generation) => generation.vendor,
        }
    }

    /// The generation, if the name has one.
    #[must_use]
    pub const fn generation(self) -> Option<CpuGeneration> {
        match self.model {
            CpuModel::Vendor(_) => None,
            CpuModel::Generation(generation) => Some(generation),
        }
    }

    /// The guaranteed frequency.
    #[must_use]
    pub const fn frequency(self) -> CpuFrequency {
        self.frequency
    }
}
