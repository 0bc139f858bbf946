//! Image metadata of the Sovereign Cloud Stack: what an image is, where it comes from, and how long it stays fresh.
//!
//! Encodes scs-0102 (image metadata, versions 1 and 2) and scs-0104 (standard images, versions 1 and 2).
//!
//! | question | where |
//! | --- | --- |
//! | what does a tool or a cloud say of its images? | [`ImageList`] |
//! | what do the properties mean? | [`ImageMetadata`], [`Property`] |
//! | until when does an image keep its promise? | [`Lifecycle`] |
//! | which images belong together? | [`split_name`], [`ImageSet::family`], [`ImageSet::replacement`] |
//! | what is wrong with a cloud's images? | [`ImageSet`], [`check_images`] |
//! | what repairs them? | [`repair_images`] |
//! | what does a new image need? | [`Template`] |
//! | which facts does this rest on? | [`ImageData`] |
//!
//! Surprises of the standard, for whoever reads on:
//!
//! - `min_disk` is in GiB, `min_ram` in MiB; a `min_disk` of 0 is Glance's word for not set.
//! - A month is one of the calendar, and three days late is in time: an image of 31 January holds until 3 March.
//! - The promise is one about a name: an image that is hidden, or has its date behind its name, has done its work.
//! - `kvm` is no hypervisor to Glance; it says `qemu`.
//!
//! ```
//! use scs_image_metadata::{BuildDate, ReplaceFrequency};
//!
//! let built: BuildDate = "2027-01-31".parse()?;
//! let fresh_until = built.fresh_until(ReplaceFrequency::Monthly).unwrap();
//! assert_eq!(fresh_until.to_string(), "2027-03-03");
//! # Ok::<(), scs_image_metadata::ParseValueError>(())
//! ```

mod commands;
mod data;
mod family;
mod lifecycle;
mod metadata;
mod official;
mod parallel;
mod property;
mod repair;
mod rules;
#[cfg(feature = "schemars")]
mod schema;
mod set;
mod sources;
mod template;
mod values;

pub use data::{
    CapiImages, Distribution, DistributionReleases, Distributions, GenericSource, ImageData, ImageStatus,
    NameScheme, OpenStackValues, PropertyValues, ReadDataError, Release, Releases, Specification,
    SpecificationEntry, SpecificationError, StandardImage, StandardImages, StandardList,
};
pub use family::{NameSuffix, split_name};
pub use lifecycle::{Keeping, Lifecycle};
pub use metadata::ImageMetadata;
pub use property::{Property, Unfit};
pub use repair::{ImageChange, ImageRepair, ImageRepairOptions, repair_images};
pub use rules::{IMAGE_DOCUMENTS, answers, check_images, image_rules, image_test_case, image_test_cases};
#[cfg(feature = "schemars")]
pub use schema::{MetadataVersion, definitions_schema, metadata_schema};
pub use scs_standards;
pub use set::{CheckedImage, GivenSpecification, ImageOptions, ImageSet};
pub use sources::{
    BrokenImage, Definition, ImageFormat, ImageList, ImagePlace, OtherKind, ReadImagesError, ReadOptions,
};
pub use template::Template;
pub use values::{
    AnyText, Architecture, BuildDate, DAY_PATTERN, Day, FirmwareType, Flag, HashAlgorithm, HotfixHours,
    HwDiskBus, HwRngModel, HwScsiModel, HypervisorType, ImageSource, L1SupportContact, LastN, MinDisk,
    MinRam, OriginalUser, OsDistro, OsPurpose, OsVersion, ParseValueError, ProvidedUntil, ReplaceFrequency,
    SecureBoot, UuidValidity, VideoRam, Visibility, WatchdogAction,
};

/// The code on the crate's front page is compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct FrontPage;
