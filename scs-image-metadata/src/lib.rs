//! Image metadata of the Sovereign Cloud Stack: contents, origin and maintenance of images.
//!
//! Implements scs-0102 (image metadata, versions 1 and 2) and scs-0104 (standard images, versions 1 and 2).
//!
//! | topic | where |
//! | --- | --- |
//! | lists of images | [`ImageList`] |
//! | image properties | [`ImageMetadata`], [`Property`] |
//! | when an image becomes outdated | [`Lifecycle`] |
//! | images that belong together | [`split_name`], [`ImageSet::family`], [`ImageSet::replacement`] |
//! | checking the images of a cloud | [`ImageSet`], [`check_images`] |
//! | fixing them | [`repair_images`] |
//! | metadata of a new image | [`Template`] |
//! | facts used by the rules | [`ImageData`] |
//!
//! Pitfalls of the standard:
//!
//! - `min_disk` is in GiB, `min_ram` in MiB; Glance reports a `min_disk` that is not set as 0.
//! - A month is a calendar month, with three days of grace: an image built on 31 January is due after 3 March.
//! - The maintenance commitment concerns a name: an image that is hidden, or has its date in its name, is retired.
//! - Glance does not know the hypervisor `kvm`; it uses `qemu`.
//!
//! ```
//! use scs_image_metadata::{BuildDate, ReplaceFrequency};
//!
//! let built: BuildDate = "2027-01-31".parse()?;
//! let fresh_until = built.fresh_until(ReplaceFrequency::Monthly).unwrap();
//! assert_eq!(fresh_until.to_string(), "2027-03-03");
//! # Ok::<(), scs_image_metadata::ParseValueError>(())
//! ```

mod checked_image;
mod commands;
mod data;
mod family;
mod fix;
mod lifecycle;
mod metadata;
mod name_suffix;
mod official;
mod options;
mod parallel;
mod property;
mod prospects;
mod repair;
mod rules;
#[cfg(feature = "schemars")]
mod schema;
mod set;
mod sources;
mod support;
mod template;
mod values;

pub use checked_image::CheckedImage;
pub use data::{
    CapiImages, Distribution, DistributionReleases, Distributions, GenericSource, ImageData, ImageStatus,
    NameScheme, OpenStackValues, PropertyValues, ReadDataError, Release, Releases, Specification,
    SpecificationEntry, SpecificationError, StandardImage, StandardImages, StandardList,
};
pub use lifecycle::{Freshness, Lifecycle};
pub use metadata::ImageMetadata;
pub use name_suffix::{NameSuffix, split_name};
pub use options::ImageOptions;
pub use property::{Invalid, Property};
pub use repair::{ImageChange, ImageRepair, ImageRepairOptions, repair_images};
pub use rules::{IMAGE_DOCUMENTS, answers, check_images, image_rules, image_test_case, image_test_cases};
#[cfg(feature = "schemars")]
pub use schema::{MetadataVersion, definitions_schema, metadata_schema};
pub use scs_standards;
pub use set::{GivenSpecification, ImageSet};
pub use sources::{BrokenImage, Definition, ImageFormat, ImageList, ImagePlace, ReadOptions};
pub use support::Support;
pub use template::Template;
pub use values::{
    AnyText, Architecture, BuildDate, DAY_PATTERN, Day, FirmwareType, Flag, HashAlgorithm, HotfixHours,
    HwDiskBus, HwRngModel, HwScsiModel, HypervisorType, ImageSource, L1SupportContact, LastN, MinDisk,
    MinRam, OriginalUser, OsDistro, OsPurpose, OsVersion, ParseValueError, ProvidedUntil, ReplaceFrequency,
    SecureBoot, UuidValidity, VideoRam, Visibility, WatchdogAction,
};

/// Compiles and runs the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct FrontPage;
