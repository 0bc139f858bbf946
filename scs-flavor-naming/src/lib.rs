//! Flavor names of the Sovereign Cloud Stack: `SCS-16T-64-200s_GNa-72-24_ib` as a typed value.
//!
//! Implements scs-0100 (flavor naming, versions 1 to 3), scs-0103 (standard flavors and properties) and scs-0110 (SSD
//! flavors), with the supplements of the first two.
//!
//! | topic | where |
//! | --- | --- |
//! | meaning of a name | [`FlavorName`], [`FlavorName::description`] |
//! | versions and interpretations | [`Parser`], [`Dialect`], [`Syntax`] |
//! | parse errors | [`ParseNameError`] |
//! | comparing flavors | [`FlavorName::satisfies`], [`Promise`] |
//! | finding the smallest suitable flavor | [`Need`] |
//! | generating names for sizes | [`Family`] |
//! | properties that follow from a name | [`FlavorName::properties`] |
//! | GPU cards | [`Card`] |
//! | standard flavors | [`StandardFlavor`], [`IaasScope`] |
//! | checking the flavors of a cloud | [`FlavorSet`], [`check_flavors`] |
//! | fixing them | [`repair_flavors`] |
//! | creating flavors | [`generate`] |
//!
//! Pitfalls of the standard:
//!
//! - Version 1 uses `:` where versions 2 and 3 use `-`, and `-` where they use `_`; no name is valid in both forms.
//! - `SCS-2C-4` has no disk; `SCS-2C-4-` has one whose size and type are chosen by the cloud.
//! - A name is a lower bound: a flavor may have more, never less. Only caveats (`L`, `i`, `u`, `o`)
//!   have to be in the name.
//! - An AMD GPU of generation `1` is RDNA 1 in versions 1 and 2, and CDNA 1 in version 3.
//!
//! ```
//! use scs_flavor_naming::FlavorName;
//!
//! let name: FlavorName = "SCS-16T-64-200s_GNa-72-24_ib".parse()?;
//! assert_eq!(
//!     name.description(),
//!     "16 dedicated threads on any x86-64, 64 GiB of memory, a local SSD disk of 200 GB, a pass-through nVidia Ampere \
//!      GPU with 72 streaming multiprocessors and 24 GiB of video memory, InfiniBand"
//! );
//! # Ok::<(), scs_flavor_naming::ParseNameError>(())
//! ```

// The parts of a name.
mod cpu;
mod cpu_arch;
mod disk;
mod gpu;
mod hypervisor;
mod letters;
mod ram;
mod syntax;

// Names: value, grammar, spelling, errors.
mod diagnosis;
mod dialect;
mod error;
mod grammar;
mod name;
mod parse;
mod parser;
mod pattern;
mod reader;
#[cfg(feature = "serde")]
mod serde_impls;
mod spelling;
mod suggest;

// What names mean.
mod cards;
mod describe;
mod family;
mod gpu_need;
mod label;
mod lack;
mod need;
mod promise;
mod properties;
mod remarks;

// Flavors of a cloud.
mod blueprint;
mod claims;
mod collect;
mod commands;
mod contradiction;
mod definitions;
mod equivalence;
mod evidence;
#[cfg(feature = "sources")]
mod fio;
mod fixes;
pub mod generate;
mod iaas_scope;
mod offer;
mod repair;
mod rules;
mod set;
#[cfg(feature = "sources")]
mod sources;
mod standard_flavors;
mod standard_match;
mod trial;
mod untruth;
mod vocabulary;

pub use cards::Card;
pub use cpu::{Cpu, CpuType, ParseCpuTypeError};
pub use cpu_arch::{CpuArch, CpuFrequency, CpuGeneration, CpuVendor};
pub use definitions::definitions_yaml;
pub use dialect::{Dialect, GpuGenerations, GpuNesting, Numbers};
pub use disk::{Disk, DiskType, ParseDiskTypeError};
pub use error::{NameErrorKind, ParseNameError};
pub use family::{Family, FamilyError, FamilyList, FamilyNames, MAX_FAMILY_ITEMS, RECOMMENDED_RATIOS};
#[cfg(feature = "sources")]
pub use fio::{DiskMeasurement, ReadFioError};
pub use gpu::{
    Gpu, GpuAccess, GpuCode, GpuGeneration, GpuOfGeneration, GpuVendor, GpuWithUnits, IntelGen,
    NvidiaGeneration,
};
pub use gpu_need::GpuNeed;
pub use hypervisor::Hypervisor;
pub use iaas_scope::{IaasScope, ParseIaasScopeError};
pub use label::is_label_value;
pub use lack::{Lack, NeedPart};
pub use name::{BuildNameError, FlavorName, FlavorNameBuilder, compare_names};
pub use need::Need;
pub use offer::Offer;
pub use parser::{Parsed, Parser};
pub use pattern::{pattern, pattern_any, pattern_any_ere, pattern_with_groups};
pub use promise::{Promise, Shortfall};
pub use properties::{MOST_DISK_PROPERTIES, PropertyKey, UntypedDisk};
pub use ram::{Ram, RamSize};
pub use reader::{Mistake, Place};
pub use remarks::{DISK_SCHEDULE_GB, Remark, Remarks};
pub use repair::{NewFlavor, PropertyChange, Repair, RepairOptions, asks_for_disk_type, repair_flavors};
pub use rules::{adapt_fixes, check_flavors, flavor_rule, flavor_rules, flavor_test_case, flavor_test_cases};
pub use scs_standards;
pub use set::{FlavorSet, NotGiven};
#[cfg(feature = "sources")]
pub use sources::{BrokenEntry, FlavorFormat, FlavorList};
pub use spelling::{translate_to_v1, translate_to_v2};
pub use standard_flavors::{FlavorStatus, ListRevision, StandardDisk, StandardFlavor};
pub use syntax::{ParseSyntaxError, Syntax};

/// Compiles and runs the examples of the README.
#[cfg(all(doctest, feature = "sources"))]
#[doc = include_str!("../README.md")]
pub struct FrontPage;
