//! Typed values of image properties, parsed from and printed as the text that Glance stores.

mod build_date;
mod commitment;
mod dates;
mod day;
mod error;
mod hotfix_hours;
mod memory;
mod origin;
mod spelling;
mod words;

pub use build_date::BuildDate;
pub use commitment::{LastN, ProvidedUntil, UuidValidity};
pub use day::{DAY_PATTERN, Day};
pub use error::ParseValueError;
pub use hotfix_hours::HotfixHours;
pub use memory::{MinDisk, MinRam, VideoRam};
pub use origin::{AnyText, ImageSource, L1SupportContact, OriginalUser, OsDistro, OsVersion};
pub(crate) use spelling::{is_spelling_of, meant};
pub use words::{
    Architecture, FirmwareType, Flag, HashAlgorithm, HwDiskBus, HwRngModel, HwScsiModel, HypervisorType,
    OsPurpose, ReplaceFrequency, SecureBoot, Visibility, WatchdogAction,
};
