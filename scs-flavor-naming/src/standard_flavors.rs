//! The standard flavors (scs-0103-v1, *Standard SCS flavors*): mandatory and recommended ones, with their figures.
//!
//! Pitfalls of the text: the names are only recommended, since standard flavors are defined by figures and properties (C-028);
//! the recommended flavors with a disk allow any disk type, although the official data file insists on `network` (C-025);
//! the text was extended in place, so that three flavors are newer than some scope versions that refer to it (C-032).

use std::fmt;
use std::num::NonZeroU32;

use scs_standards::Level;

use crate::cpu::{Cpu, CpuType};
use crate::disk::{Disk, DiskType};
use crate::name::FlavorName;
use crate::parser::Parser;
use crate::ram::{Ram, RamSize};
use crate::spelling::translate_to_v1;

/// Whether a standard flavor is mandatory or recommended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub enum FlavorStatus {
    /// It must exist.
    Mandatory,
    /// It should exist.
    Recommended,
}

impl FlavorStatus {
    /// The key: `mandatory` or `recommended`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Mandatory => "mandatory",
            Self::Recommended => "recommended",
        }
    }

    /// The requirement level.
    #[must_use]
    pub const fn level(self) -> Level {
        match self {
            Self::Mandatory => Level::Must,
            Self::Recommended => Level::Should,
        }
    }
}

impl fmt::Display for FlavorStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.key())
    }
}

/// A dated revision of the text of scs-0103-v1 that changed the list (scs-0103-v1, *Previous standard versions*).
///
/// Revision 1.1 changed the meaning of a property but no flavors, so it is not listed here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ListRevision {
    /// 1.0: the list when it moved out of the naming standard.
    V1_0,
    /// 1.2: added three recommended flavors with more memory.
    V1_2,
}

impl ListRevision {
    /// The name: `1.0` or `1.2`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::V1_0 => "1.0",
            Self::V1_2 => "1.2",
        }
    }

    /// The effective date of the revision, `YYYY-MM-DD`: for 1.0 the stabilization date, for 1.2 the date of the change
    /// in the standards repository (#938).
    #[must_use]
    pub const fn date(self) -> &'static str {
        match self {
            Self::V1_0 => "2024-02-08",
            Self::V1_2 => "2025-12-01",
        }
    }
}

impl fmt::Display for ListRevision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The value of the column *Disk type*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StandardDisk {
    /// Empty: the flavor has no disk and no `scs:disk0-type`.
    None,
    /// `(any)`: one of the four types, which the cloud chooses and has to state.
    Any,
    /// This type.
    Of(DiskType),
}

/// The three tables of the section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Mandatory,
    Recommended1,
    Recommended2,
}

/// A row of the tables.
#[derive(Debug)]
struct Row {
    part: Part,
    name: &'static str,
    /// Official ids are never renamed, so they are written out; a test derives them from the names.
    test_case: &'static str,
    flavor: FlavorName,
    disk: StandardDisk,
}

/// A row with the columns of the text; `disk` is size in GB and type.
const fn row(
    part: Part,
    name: &'static str,
    test_case: &'static str,
    (vcpus, kind): (u32, CpuType),
    ram_gib: u32,
    disk: Option<(u32, StandardDisk)>,
) -> Row {
    let cpu = Cpu { count: positive(vcpus), kind, insecure: false };
    let Some(size) = RamSize::new(ram_gib, false) else { unreachable!() };
    let ram = Ram { size, no_ecc: false, oversubscribed: false };
    let (root_disk, disk) = match disk {
        None => (None, StandardDisk::None),
        Some((size_gb, disk)) => {
            let kind = if let StandardDisk::Of(kind) = disk { Some(kind) } else { None };
            (Some(Disk::sized(NonZeroU32::MIN, positive(size_gb), kind)), disk)
        }
    };
    Row { part, name, test_case, flavor: FlavorName::plain(cpu, ram, root_disk), disk }
}

/// Evaluated only at compile time, so that a zero in the table is a compile error.
const fn positive(number: u32) -> NonZeroU32 {
    match NonZeroU32::new(number) {
        Some(number) => number,
        None => unreachable!(),
    }
}

/// The number of standard flavors.
pub(crate) const COUNT: usize = 31;

/// The three tables, in the order of the text: recommended name, test case, vCPUs with type, RAM in GiB, root
/// disk in GB with type.
#[rustfmt::skip]
const TABLE: &[Row] = {
    use CpuType::{CrowdedCore as L, SharedCore as V};
    use Part::{Mandatory as M, Recommended1 as R1, Recommended2 as R2};
    const SSD: StandardDisk = StandardDisk::Of(DiskType::Ssd);
    const ANY: StandardDisk = StandardDisk::Any;
    &[
        row(M,  "SCS-1V-4",       "scs-0103-flavor-1v-4",             ( 1, V),   4, None),
        row(M,  "SCS-2V-8",       "scs-0103-flavor-2v-8",             ( 2, V),   8, None),
        row(M,  "SCS-4V-16",      "scs-0103-flavor-4v-16",            ( 4, V),  16, None),
        row(M,  "SCS-4V-16-100s", "scs-0103-flavor-4v-16-100s",       ( 4, V),  16, Some((100, SSD))),
        row(M,  "SCS-8V-32",      "scs-0103-flavor-8v-32",            ( 8, V),  32, None),
        row(M,  "SCS-1V-2",       "scs-0103-flavor-1v-2",             ( 1, V),   2, None),
        row(M,  "SCS-2V-4",       "scs-0103-flavor-2v-4",             ( 2, V),   4, None),
        row(M,  "SCS-2V-4-20s",   "scs-0103-flavor-2v-4-20s",         ( 2, V),   4, Some(( 20, SSD))),
        row(M,  "SCS-4V-8",       "scs-0103-flavor-4v-8",             ( 4, V),   8, None),
        row(M,  "SCS-8V-16",      "scs-0103-flavor-8v-16",            ( 8, V),  16, None),
        row(M,  "SCS-16V-32",     "scs-0103-flavor-16v-32",           (16, V),  32, None),
        row(M,  "SCS-1V-8",       "scs-0103-flavor-1v-8",             ( 1, V),   8, None),
        row(M,  "SCS-2V-16",      "scs-0103-flavor-2v-16",            ( 2, V),  16, None),
        row(M,  "SCS-4V-32",      "scs-0103-flavor-4v-32",            ( 4, V),  32, None),
        row(M,  "SCS-1L-1",       "scs-0103-flavor-1l-1",             ( 1, L),   1, None),
        row(R1, "SCS-1V-4-10",    "scs-0103-flavor-1v-4-10",          ( 1, V),   4, Some(( 10, ANY))),
        row(R1, "SCS-2V-8-20",    "scs-0103-flavor-2v-8-20",          ( 2, V),   8, Some(( 20, ANY))),
        row(R1, "SCS-4V-16-50",   "scs-0103-flavor-4v-16-50",         ( 4, V),  16, Some(( 50, ANY))),
        row(R1, "SCS-8V-32-100",  "scs-0103-flavor-8v-32-100",        ( 8, V),  32, Some((100, ANY))),
        row(R1, "SCS-1V-2-5",     "scs-0103-flavor-1v-2-5",           ( 1, V),   2, Some((  5, ANY))),
        row(R1, "SCS-2V-4-10",    "scs-0103-flavor-2v-4-10",          ( 2, V),   4, Some(( 10, ANY))),
        row(R1, "SCS-4V-8-20",    "scs-0103-flavor-4v-8-20",          ( 4, V),   8, Some(( 20, ANY))),
        row(R1, "SCS-8V-16-50",   "scs-0103-flavor-8v-16-50",         ( 8, V),  16, Some(( 50, ANY))),
        row(R1, "SCS-16V-32-100", "scs-0103-flavor-16v-32-100",       (16, V),  32, Some((100, ANY))),
        row(R1, "SCS-1V-8-20",    "scs-0103-flavor-1v-8-20",          ( 1, V),   8, Some(( 20, ANY))),
        row(R1, "SCS-2V-16-50",   "scs-0103-flavor-2v-16-50",         ( 2, V),  16, Some(( 50, ANY))),
        row(R1, "SCS-4V-32-100",  "scs-0103-flavor-4v-32-100",        ( 4, V),  32, Some((100, ANY))),
        row(R1, "SCS-1L-1-5",     "scs-0103-flavor-1l-1-5",           ( 1, L),   1, Some((  5, ANY))),
        row(R2, "SCS-16V-64",     "scs-0103-flavor-16v-64",           (16, V),  64, None),
        row(R2, "SCS-8V-64",      "scs-0103-flavor-8v-64",            ( 8, V),  64, None),
        row(R2, "SCS-16V-128",    "scs-0103-flavor-16v-128",          (16, V), 128, None),
    ]
};

/// A standard flavor: a row of the three tables of scs-0103-v1.
///
/// ```
/// use scs_flavor_naming::{FlavorStatus, StandardDisk, StandardFlavor};
///
/// let flavor = StandardFlavor::named("SCS-4V-16-50").unwrap();
/// assert_eq!(flavor.status(), FlavorStatus::Recommended);
/// assert_eq!((flavor.vcpus(), flavor.ram_mib(), flavor.disk_gb()), (4, 16 * 1024, 50));
/// assert_eq!(flavor.disk_type(), StandardDisk::Any);
/// assert_eq!(flavor.test_case_id(), "scs-0103-flavor-4v-16-50");
/// assert_eq!(StandardFlavor::mandatory().count(), 15);
/// assert_eq!(StandardFlavor::recommended().count(), 13 + 3);
/// ```
#[derive(Clone, Copy)]
pub struct StandardFlavor(&'static Row);

impl StandardFlavor {
    /// The row with this index, for tables derived at compile time.
    pub(crate) const fn at(index: usize) -> Self {
        Self(&TABLE[index])
    }

    /// All standard flavors, in the order of the text.
    pub fn all() -> impl Iterator<Item = Self> + Clone {
        TABLE.iter().map(Self)
    }

    /// The mandatory flavors (scs-0103-v1, *Mandatory*).
    pub fn mandatory() -> impl Iterator<Item = Self> + Clone {
        Self::all().filter(|flavor| flavor.status() == FlavorStatus::Mandatory)
    }

    /// The recommended flavors (scs-0103-v1, *Recommended, part 1* and *part 2*).
    pub fn recommended() -> impl Iterator<Item = Self> + Clone {
        Self::all().filter(|flavor| flavor.status() == FlavorStatus::Recommended)
    }

    /// The 26 flavors required by scs-0100-v1 and scs-0100-v2 (*Standard SCS flavors*): the original list of
    /// scs-0103 without the two SSD flavors.
    ///
    /// ```
    /// use scs_flavor_naming::StandardFlavor;
    /// assert_eq!(StandardFlavor::legacy_mandatory().count(), 26);
    /// ```
    pub fn legacy_mandatory() -> impl Iterator<Item = Self> + Clone {
        Self::all().filter(|flavor| {
            flavor.revision() == ListRevision::V1_0 && !matches!(flavor.disk_type(), StandardDisk::Of(_))
        })
    }

    /// Finds a flavor by its recommended name, in any version's spelling.
    ///
    /// ```
    /// use scs_flavor_naming::StandardFlavor;
    /// assert_eq!(StandardFlavor::named("SCS-1L:1:5").unwrap().recommended_name(), "SCS-1L-1-5");
    /// assert!(StandardFlavor::named("SCS-64V-512").is_none());
    /// ```
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::of(&Parser::default().accept(name.as_bytes())?.name)
    }

    /// Finds a flavor by its recommended name.
    #[must_use]
    pub fn of(name: &FlavorName) -> Option<Self> {
        Self::all().find(|flavor| flavor.0.flavor == *name)
    }

    /// Finds a flavor by its test case.
    #[must_use]
    pub fn by_test_case(id: &str) -> Option<Self> {
        Self::all().find(|flavor| flavor.0.test_case == id)
    }

    /// Finds a flavor by its exact figures, regardless of its name (scs-0103-v1, *Guarantees and
    /// properties*). No two rows share their figures; CPU type and disk type have to be compared separately.
    ///
    /// ```
    /// use scs_flavor_naming::StandardFlavor;
    /// assert_eq!(StandardFlavor::for_figures(2, 4096, 20).unwrap().recommended_name(), "SCS-2V-4-20s");
    /// assert!(StandardFlavor::for_figures(2, 4000, 20).is_none());
    /// ```
    #[must_use]
    pub fn for_figures(vcpus: u64, ram_mib: u64, disk_gb: u64) -> Option<Self> {
        Self::all().find(|flavor| {
            (u64::from(flavor.vcpus()), flavor.ram_mib(), u64::from(flavor.disk_gb()))
                == (vcpus, ram_mib, disk_gb)
        })
    }

    /// The recommended name, parsed.
    #[must_use]
    pub const fn name(self) -> FlavorName {
        self.0.flavor
    }

    /// The recommended name in the spelling of v2 and v3, required for `scs:name-v2`.
    #[must_use]
    pub const fn recommended_name(self) -> &'static str {
        self.0.name
    }

    /// The recommended name in the spelling of v1, required for `scs:name-v1`.
    ///
    /// ```
    /// use scs_flavor_naming::StandardFlavor;
    /// assert_eq!(StandardFlavor::named("SCS-4V-16-100s").unwrap().name_v1(), "SCS-4V:16:100s");
    /// ```
    #[must_use]
    pub fn name_v1(self) -> String {
        translate_to_v1(self.0.name)
    }

    /// Whether it is mandatory or recommended.
    #[must_use]
    pub const fn status(self) -> FlavorStatus {
        match self.0.part {
            Part::Mandatory => FlavorStatus::Mandatory,
            Part::Recommended1 | Part::Recommended2 => FlavorStatus::Recommended,
        }
    }

    /// The revision of the text that added it.
    #[must_use]
    pub const fn revision(self) -> ListRevision {
        match self.0.part {
            Part::Mandatory | Part::Recommended1 => ListRevision::V1_0,
            Part::Recommended2 => ListRevision::V1_2,
        }
    }

    /// Number of vCPUs.
    #[must_use]
    pub const fn vcpus(self) -> u32 {
        self.0.flavor.cpu.count.get()
    }

    /// RAM in MiB.
    #[must_use]
    pub const fn ram_mib(self) -> u64 {
        self.0.flavor.ram.size.mib()
    }

    /// Root disk in GB; 0 means none.
    #[must_use]
    pub fn disk_gb(self) -> u32 {
        self.0.flavor.disk.and_then(Disk::size_gb).map_or(0, NonZeroU32::get)
    }

    /// Type of the vCPUs.
    #[must_use]
    pub const fn cpu_type(self) -> CpuType {
        self.0.flavor.cpu.kind
    }

    /// Type of the root disk.
    #[must_use]
    pub const fn disk_type(self) -> StandardDisk {
        self.0.disk
    }

    /// The id of the official test case, such as `scs-0103-flavor-1v-4`.
    #[must_use]
    pub const fn test_case_id(self) -> &'static str {
        self.0.test_case
    }

    /// The required extra specs (scs-0103-v1, *Guarantees and properties*), in the order of the text.
    ///
    /// `scs:disk0-type` is included only if the table determines the type. For any type, the property must still be
    /// set, to a value chosen by the cloud; without a disk, it must not be set.
    ///
    /// ```
    /// use scs_flavor_naming::StandardFlavor;
    ///
    /// let flavor = StandardFlavor::named("SCS-2V-4-20s").unwrap();
    /// let specs: Vec<String> =
    ///     flavor.expected_extra_specs().into_iter().map(|(key, value)| format!("{key}={value}")).collect();
    /// assert_eq!(
    ///     specs,
    ///     [
    ///         "scs:name-v1=SCS-2V:4:20s",
    ///         "scs:name-v2=SCS-2V-4-20s",
    ///         "scs:cpu-type=shared-core",
    ///         "scs:disk0-type=ssd",
    ///     ]
    /// );
    /// ```
    #[must_use]
    pub fn expected_extra_specs(self) -> Vec<(&'static str, String)> {
        let mut specs = vec![
            ("scs:name-v1", self.name_v1()),
            ("scs:name-v2", self.recommended_name().to_owned()),
            ("scs:cpu-type", self.cpu_type().key().to_owned()),
        ];
        if let StandardDisk::Of(kind) = self.disk_type() {
            specs.push(("scs:disk0-type", kind.key().to_owned()));
        }
        specs
    }
}

// A row is identified by its name, so that handles of two crates' copies of the table are equal.
impl PartialEq for StandardFlavor {
    fn eq(&self, other: &Self) -> bool {
        self.0.name == other.0.name
    }
}

impl Eq for StandardFlavor {}

impl fmt::Debug for StandardFlavor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("StandardFlavor").field(&self.0.name).finish()
    }
}

impl fmt::Display for StandardFlavor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0.name)
    }
}
