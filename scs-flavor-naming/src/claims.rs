//! The figures that a name claims, compared with those of a flavor.

use std::num::NonZeroU32;

use scs_standards::Profile;
use scs_standards::subject::Flavor;

use crate::disk::Disk;
use crate::name::FlavorName;
use crate::ram::RamSize;

/// The comparison of a figure in a name with the flavor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Claim {
    /// The flavor has less.
    Overstated {
        /// The overstated figure.
        what: &'static str,
        /// The value in the name, with unit.
        named: String,
        /// The value of the flavor, with unit.
        real: String,
    },
    /// The source does not have the figure.
    NotGiven(&'static str),
    /// The source has an unusable value.
    Unusable(&'static str, String),
}

/// Compares the figures of a name with those of a flavor. The official suite tolerates some 51 MiB less than
/// named (C-019).
pub(crate) fn claims(name: &FlavorName, flavor: &Flavor, profile: Profile) -> Vec<Claim> {
    let mut claims = Vec::new();
    let mut compare =
        |what, field, real: Option<u64>, named: u64, unit: &str, enough: &dyn Fn(u64) -> bool| match (
            real,
            flavor.unusable(field),
        ) {
            (_, Some(reason)) => claims.push(Claim::Unusable(what, reason.to_owned())),
            (None, None) => claims.push(Claim::NotGiven(what)),
            (Some(real), None) if !enough(real) => claims.push(Claim::Overstated {
                what,
                named: format!("{named}{unit}"),
                real: format!("{real}{unit}"),
            }),
            (Some(_), None) => {}
        };
    let cpus = u64::from(name.cpu().count.get());
    compare("vCPUs", "vcpus", flavor.vcpus, cpus, "", &|real| real >= cpus);
    let ram = name.ram().size.mib();
    compare("memory", "ram_mib", flavor.ram_mib, ram, " MiB", &|real| match profile {
        Profile::Text => real >= ram,
        Profile::Official => official_tenths_of_gib(real) * 512 >= ram * 5,
    });
    if let Some(disk) = name.disk() {
        // A name that leaves the size open still requires a root disk (C-017).
        let size = disk.size_gb().map_or(1, |size_gb| u64::from(size_gb.get()));
        compare("root disk", "disk_gb", flavor.disk_gb, size, " GB", &|real| real >= size);
    }
    claims
}

impl FlavorName {
    /// What a flavor with this name has by its figures: the numbers of vCPUs, GiB and GB of the name are replaced by those of the
    /// flavor. What the source does not give stays as the name says; `None` if
    /// the figures are unusable, or no name can express them.
    ///
    /// ```
    /// use scs_flavor_naming::FlavorName;
    /// use scs_standards::subject::Flavor;
    ///
    /// let name: FlavorName = "SCS-4V-16-50s".parse()?;
    /// let flavor = Flavor { vcpus: Some(2), ram_mib: Some(16_384), disk_gb: Some(0), ..Flavor::default() };
    /// assert_eq!(name.by_figures(&flavor).unwrap().to_string(), "SCS-2V-16");
    /// assert_eq!(name.by_figures(&Flavor::default()), Some(name));
    /// # Ok::<(), scs_flavor_naming::ParseNameError>(())
    /// ```
    #[must_use]
    pub fn by_figures(&self, flavor: &Flavor) -> Option<Self> {
        if ["vcpus", "ram_mib", "disk_gb"].iter().any(|field| flavor.unusable(field).is_some()) {
            return None;
        }
        let number = |figure: u64| u32::try_from(figure).ok().and_then(NonZeroU32::new);
        let mut name = *self;
        if let Some(vcpus) = flavor.vcpus {
            name.cpu.count = number(vcpus)?;
        }
        if let Some(mib) = flavor.ram_mib {
            name.ram.size = RamSize::at_most_mib(mib)?;
        }
        name.disk = match (flavor.disk_gb, self.disk) {
            (None, disk) => disk,
            (Some(0), _) => None,
            (Some(gb), Some(disk)) => Some(Disk::sized(disk.count(), number(gb)?, disk.kind())),
            (Some(gb), None) => Some(Disk::sized(NonZeroU32::MIN, number(gb)?, None)),
        };
        Some(name)
    }
}

/// The official suite adds 51 MiB and truncates to tenths of a GiB.
pub(crate) const fn official_tenths_of_gib(mib: u64) -> u64 {
    mib.saturating_add(51).saturating_mul(10) / 1024
}

/// A figure with its description: `4 vCPUs`, `8192 MiB of memory`, `a root disk of 20 GB`.
pub(crate) fn amount(what: &str, value: &str) -> String {
    match what {
        "vCPUs" => format!("{value} vCPUs"),
        "root disk" => format!("a root disk of {value}"),
        other => format!("{value} of {other}"),
    }
}
