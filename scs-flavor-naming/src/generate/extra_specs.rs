//! The extra specs that follow from a name (scs-0103-v1, *Properties*).

use scs_standards::Profile;

use crate::disk::DiskType;
use crate::name::FlavorName;
use crate::spelling::translate_to_v1;
use crate::syntax::Syntax;

/// For how many disks of a name `scs:diskN-type` is written; the rest of a larger number, which no hypervisor attaches,
/// gets none.
pub const MAX_DISK_TYPES: u32 = 32;

/// What `scs:diskN-type` is for a disk whose type the name leaves to the cloud.
///
/// The text allows no conclusion from such a name, so only who runs the cloud can tell (C-024).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UntypedDisk {
    /// The property is left out. A standard flavor with a disk then still lacks it.
    LeaveOut,
    /// This type. The official suite takes [`DiskType::Network`].
    As(DiskType),
}

/// The spellings of a name that its flavor carries as `scs:name-vN`.
///
/// By the text, a spelling is there only if a version of the syntax can say it, and the short ones only if they differ.
/// The official suite translates separators and asks no table.
///
/// ```
/// use scs_flavor_naming::FlavorName;
/// use scs_flavor_naming::generate::NameVariants;
/// use scs_standards::Profile;
///
/// let name: FlavorName = "SCS-4C-16-100s_chy_i3".parse()?;
/// let variants = NameVariants::of(&name, Profile::Text);
/// assert_eq!(variants.long_v1(), None); // v1 does not know Cloud Hypervisor
/// assert_eq!(variants.short_v1(), Some("SCS-4C:16:100s"));
/// let keys: Vec<String> = variants.extra_specs().map(|(key, value)| format!("{key}={value}")).collect();
/// assert_eq!(
///     keys,
///     [
///         "scs:name-v2=SCS-4C-16-100s_chy_i3",
///         "scs:name-v3=SCS-4C:16:100s",
///         "scs:name-v4=SCS-4C-16-100s",
///     ]
/// );
/// # Ok::<(), scs_flavor_naming::ParseNameError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameVariants([Option<String>; 4]);

impl NameVariants {
    /// The spellings by a profile.
    #[must_use]
    pub fn of(name: &FlavorName, profile: Profile) -> Self {
        let [long_v1, long_v2] = spellings(name, profile);
        let short = name.short();
        let [short_v1, short_v2] = if short == *name { [None, None] } else { spellings(&short, profile) };
        Self([long_v1, long_v2, short_v1, short_v2])
    }

    /// The whole name in the separators of v1.
    #[must_use]
    pub fn long_v1(&self) -> Option<&str> {
        self.0[0].as_deref()
    }

    /// The whole name in the separators of v2 and v3.
    #[must_use]
    pub fn long_v2(&self) -> Option<&str> {
        self.0[1].as_deref()
    }

    /// The short name in the separators of v1, if it differs from the whole one.
    #[must_use]
    pub fn short_v1(&self) -> Option<&str> {
        self.0[2].as_deref()
    }

    /// The short name in the separators of v2 and v3, if it differs from the whole one.
    #[must_use]
    pub fn short_v2(&self) -> Option<&str> {
        self.0[3].as_deref()
    }

    /// Keys and values: `scs:name-v1` and `-v2` for the whole name, `-v3` and `-v4` for the short one. A missing
    /// spelling leaves its number out.
    pub fn extra_specs(&self) -> impl Iterator<Item = (&'static str, &str)> {
        const KEYS: [&str; 4] = ["scs:name-v1", "scs:name-v2", "scs:name-v3", "scs:name-v4"];
        KEYS.into_iter().zip(&self.0).filter_map(|(key, spelling)| Some((key, spelling.as_deref()?)))
    }
}

/// With the separators of v1, and with those of v2 and v3.
fn spellings(name: &FlavorName, profile: Profile) -> [Option<String>; 2] {
    match profile {
        Profile::Text => {
            let newest = [Syntax::V3, Syntax::V2].into_iter().find_map(|syntax| name.spelled(syntax));
            [name.to_v1(), newest]
        }
        Profile::Official => {
            let text = name.to_string();
            [Some(translate_to_v1(&text)), Some(text)]
        }
    }
}

/// The extra specs of a flavor with this name: the spellings, the type of the vCPUs, the types of the disks.
///
/// ```
/// use scs_flavor_naming::generate::{UntypedDisk, extra_specs};
/// use scs_flavor_naming::{DiskType, FlavorName};
/// use scs_standards::Profile;
///
/// let name: FlavorName = "SCS-2T-8-2x50".parse()?;
/// let specs = extra_specs(&name, UntypedDisk::As(DiskType::Network), Profile::Text);
/// let specs: Vec<String> = specs.iter().map(|(key, value)| format!("{key}={value}")).collect();
/// assert_eq!(
///     specs,
///     [
///         "scs:name-v1=SCS-2T:8:2x50",
///         "scs:name-v2=SCS-2T-8-2x50",
///         "scs:cpu-type=dedicated-thread",
///         "scs:disk0-type=network",
///         "scs:disk1-type=network",
///     ]
/// );
/// # Ok::<(), scs_flavor_naming::ParseNameError>(())
/// ```
#[must_use]
pub fn extra_specs(name: &FlavorName, untyped: UntypedDisk, profile: Profile) -> Vec<(String, String)> {
    let variants = NameVariants::of(name, profile);
    let mut specs: Vec<(String, String)> =
        variants.extra_specs().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
    specs.push(("scs:cpu-type".to_owned(), name.cpu().kind.key().to_owned()));
    if let Some(disk) = name.disk() {
        let kind = match untyped {
            UntypedDisk::LeaveOut => disk.kind(),
            UntypedDisk::As(kind) => disk.kind().or(Some(kind)),
        };
        if let Some(kind) = kind {
            let disks = 0..disk.count().get().min(MAX_DISK_TYPES);
            specs.extend(disks.map(|index| (format!("scs:disk{index}-type"), kind.key().to_owned())));
        }
    }
    specs
}
