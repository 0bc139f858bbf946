//! Comparison of names by their guarantees: whether one flavor can replace another (scs-0100-v3, *Naming policy
//! compliance*).
//!
//! A name is a lower bound, so the comparison is a partial order: each of two flavors may have something that the
//! other lacks. A name guarantees nothing about what it leaves open.

use std::fmt;

use crate::cpu::CpuType;
use crate::cpu_arch::{CpuArch, CpuVendor};
use crate::disk::{Disk, DiskType};
use crate::gpu::Gpu;
use crate::hypervisor::Hypervisor;
use crate::name::FlavorName;
use crate::ram::RamSize;

/// Options for comparing names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promise {
    network_is_weaker: bool,
}

impl Default for Promise {
    fn default() -> Self {
        Self { network_is_weaker: true }
    }
}

impl Promise {
    /// Whether a local SSD or NVMe may replace a network disk, as in the text's example, although only a network
    /// disk survives the loss of a node (C-016).
    #[must_use]
    pub const fn network_is_weaker(self, network_is_weaker: bool) -> Self {
        Self { network_is_weaker }
    }

    /// Whether a disk of type `real` may be named as `named`.
    ///
    /// ```
    /// use scs_flavor_naming::{DiskType, Promise};
    ///
    /// assert!(Promise::default().disk_may_be_named(DiskType::Nvme, DiskType::Ssd));
    /// assert!(Promise::default().disk_may_be_named(DiskType::Ssd, DiskType::Network));
    /// assert!(!Promise::default().disk_may_be_named(DiskType::Network, DiskType::Hdd));
    /// ```
    #[must_use]
    pub const fn disk_may_be_named(self, real: DiskType, named: DiskType) -> bool {
        use DiskType::{Hdd, Network, Nvme, Ssd};
        match (real, named) {
            (Network, Network) | (Hdd | Ssd | Nvme, Hdd) | (Ssd | Nvme, Ssd) | (Nvme, Nvme) => true,
            (Ssd | Nvme, Network) => self.network_is_weaker,
            _ => false,
        }
    }

    /// Checks whether `offer` provides at least what `wanted` guarantees.
    ///
    /// # Errors
    ///
    /// All points on which it falls short.
    pub fn covers(self, offer: &FlavorName, wanted: &FlavorName) -> Result<(), Vec<Shortfall>> {
        let mut short = Vec::new();
        cpu(offer, wanted, &mut short);
        ram(offer, wanted, &mut short);
        if let Some(wanted) = wanted.disk() {
            self.disk(offer.disk(), wanted, &mut short);
        }
        if let Some(wanted) = wanted.hypervisor()
            && offer.hypervisor() != Some(wanted)
        {
            short.push(Shortfall::Hypervisor { offered: offer.hypervisor(), wanted });
        }
        if wanted.hardware_virtualization() && !offer.hardware_virtualization() {
            short.push(Shortfall::HardwareVirtualization);
        }
        arch(offer.cpu_arch(), wanted.cpu_arch(), &mut short);
        if let Some(wanted) = wanted.gpu() {
            gpu(offer.gpu(), wanted, &mut short);
        }
        if wanted.infiniband() && !offer.infiniband() {
            short.push(Shortfall::Infiniband);
        }
        if short.is_empty() { Ok(()) } else { Err(short) }
    }

    fn disk(self, offer: Option<Disk>, wanted: Disk, short: &mut Vec<Shortfall>) {
        let Some(offer) = offer else {
            short.push(Shortfall::NoDisk);
            return;
        };
        if offer.count() < wanted.count() {
            short.push(Shortfall::Disks { offered: offer.count().get(), wanted: wanted.count().get() });
        }
        if let Some(wanted) = wanted.size_gb()
            && offer.size_gb().is_none_or(|offered| offered < wanted)
        {
            short.push(Shortfall::DiskSize { offered: offer.size_gb().map(u32::from), wanted: wanted.get() });
        }
        if let Some(wanted) = wanted.kind()
            && !offer.kind().is_some_and(|real| self.disk_may_be_named(real, wanted))
        {
            short.push(Shortfall::DiskKind { offered: offer.kind(), wanted });
        }
    }
}

impl FlavorName {
    /// Checks whether a flavor with this name provides at least what `wanted` guarantees.
    ///
    /// ```
    /// use scs_flavor_naming::FlavorName;
    ///
    /// let strong: FlavorName = "SCS-1C-1.5-8s".parse()?;
    /// let weak: FlavorName = "SCS-1T-1-5n".parse()?;
    /// assert!(strong.satisfies(&weak).is_ok());
    ///
    /// let reasons: Vec<_> = weak.satisfies(&strong).unwrap_err().iter().map(ToString::to_string).collect();
    /// assert_eq!(
    ///     reasons,
    ///     [
    ///         "the vCPUs are dedicated threads, but dedicated cores are required",
    ///         "it has 1 GiB of memory, but 1.5 GiB are required",
    ///         "the disk has 5 GB, but 8 GB are required",
    ///         "the disk type is network, but ssd is required",
    ///     ]
    /// );
    /// # Ok::<(), scs_flavor_naming::ParseNameError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// All points on which it falls short.
    pub fn satisfies(&self, wanted: &Self) -> Result<(), Vec<Shortfall>> {
        Promise::default().covers(self, wanted)
    }
}

fn cpu(offer: &FlavorName, wanted: &FlavorName, short: &mut Vec<Shortfall>) {
    let (offered, wanted) = (offer.cpu(), wanted.cpu());
    if offered.count < wanted.count {
        short.push(Shortfall::Cpus { offered: offered.count.get(), wanted: wanted.count.get() });
    }
    if offered.kind < wanted.kind {
        short.push(Shortfall::CpuKind { offered: offered.kind, wanted: wanted.kind });
    }
    if offered.insecure && !wanted.insecure {
        short.push(Shortfall::Insecure);
    }
}

fn ram(offer: &FlavorName, wanted: &FlavorName, short: &mut Vec<Shortfall>) {
    let (offered, wanted) = (offer.ram(), wanted.ram());
    if offered.size < wanted.size {
        short.push(Shortfall::Ram { offered: offered.size, wanted: wanted.size });
    }
    if offered.no_ecc && !wanted.no_ecc {
        short.push(Shortfall::NoEcc);
    }
    if offered.oversubscribed && !wanted.oversubscribed {
        short.push(Shortfall::OversubscribedRam);
    }
}

/// A name without a vendor means any x86-64 CPU, from Intel or AMD but not ARM or RISC-V.
fn arch(offer: Option<CpuArch>, wanted: Option<CpuArch>, short: &mut Vec<Shortfall>) {
    let vendor = offer.map(CpuArch::vendor);
    let Some(wanted) = wanted else {
        if let Some(vendor @ (CpuVendor::Arm | CpuVendor::RiscV)) = vendor {
            short.push(Shortfall::CpuVendor { offered: Some(vendor), wanted: None });
        }
        return;
    };
    let Some(offer) = offer.filter(|offer| offer.vendor() == wanted.vendor()) else {
        short.push(Shortfall::CpuVendor { offered: vendor, wanted: Some(wanted.vendor()) });
        return;
    };
    if let Some(generation) = wanted.generation()
        && offer.generation().is_none_or(|offered| offered < generation)
    {
        short.push(Shortfall::CpuGeneration { wanted: generation.name() });
    }
    if let Some(mhz) = wanted.frequency().above_mhz()
        && offer.frequency() < wanted.frequency()
    {
        short.push(Shortfall::CpuFrequency { wanted_mhz: mhz });
    }
}

/// Processing units are comparable only within a generation (scs-0100-v3, *GPU support*).
fn gpu(offer: Option<Gpu>, wanted: Gpu, short: &mut Vec<Shortfall>) {
    let enough = offer.is_some_and(|offer| {
        offer.access() == wanted.access()
            && offer.vendor() == wanted.vendor()
            && wanted.generation().is_none_or(|generation| offer.generation() == Some(generation))
            && wanted.units().is_none_or(|units| {
                offer.generation() == wanted.generation()
                    && offer.units().is_some_and(|offered| offered >= units)
            })
            && offer.frequency() >= wanted.frequency()
            && wanted.vram_gib().is_none_or(|gib| offer.vram_gib().is_some_and(|offered| offered >= gib))
            && offer.bandwidth() >= wanted.bandwidth()
    });
    if !enough {
        short.push(Shortfall::Gpu { offered: offer.map(Gpu::piece), wanted: wanted.piece() });
    }
}

/// One point on which a flavor falls short of another.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shortfall {
    /// Fewer vCPUs.
    Cpus {
        /// The offered number.
        offered: u32,
        /// The required number.
        wanted: u32,
    },
    /// vCPUs of a weaker type.
    CpuKind {
        /// The offered type.
        offered: CpuType,
        /// The required type.
        wanted: CpuType,
    },
    /// Insecure vCPUs that are not accepted.
    Insecure,
    /// Less memory.
    Ram {
        /// The offered amount.
        offered: RamSize,
        /// The required amount.
        wanted: RamSize,
    },
    /// Memory without ECC that is not accepted.
    NoEcc,
    /// Oversubscribed memory that is not accepted.
    OversubscribedRam,
    /// No disk.
    NoDisk,
    /// Fewer disks.
    Disks {
        /// The offered number.
        offered: u32,
        /// The required number.
        wanted: u32,
    },
    /// A smaller disk, or one whose size is chosen by the cloud.
    DiskSize {
        /// The offered size in GB, if specified.
        offered: Option<u32>,
        /// The required size in GB.
        wanted: u32,
    },
    /// A disk of an unsuitable type.
    DiskKind {
        /// The offered type, if specified.
        offered: Option<DiskType>,
        /// The required type.
        wanted: DiskType,
    },
    /// A different or unspecified hypervisor.
    Hypervisor {
        /// The offered hypervisor, if specified.
        offered: Option<Hypervisor>,
        /// The required hypervisor.
        wanted: Hypervisor,
    },
    /// No hardware virtualization.
    HardwareVirtualization,
    /// A different architecture or vendor.
    CpuVendor {
        /// The offered vendor; `None` is any x86-64.
        offered: Option<CpuVendor>,
        /// The required vendor; `None` is any x86-64.
        wanted: Option<CpuVendor>,
    },
    /// An older or unspecified generation.
    CpuGeneration {
        /// The required generation.
        wanted: &'static str,
    },
    /// A lower or unspecified frequency.
    CpuFrequency {
        /// The required frequency in MHz.
        wanted_mhz: u32,
    },
    /// No GPU, or an unsuitable one.
    Gpu {
        /// The offered GPU, as a name part.
        offered: Option<String>,
        /// The required GPU, as a name part.
        wanted: String,
    },
    /// No InfiniBand.
    Infiniband,
}

impl fmt::Display for Shortfall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let vendor = |vendor: &Option<CpuVendor>| vendor.map_or("any x86-64", CpuVendor::words);
        match self {
            Self::Cpus { offered, wanted } => write!(f, "it has {offered} vCPUs, but {wanted} are required"),
            Self::CpuKind { offered, wanted } => {
                write!(f, "the vCPUs are {}, but {} are required", offered.words(2), wanted.words(2))
            }
            Self::Insecure => f.write_str("the vCPUs are marked insecure"),
            Self::Ram { offered, wanted } => {
                write!(f, "it has {offered} GiB of memory, but {wanted} GiB are required")
            }
            Self::NoEcc => f.write_str("the memory has no ECC"),
            Self::OversubscribedRam => f.write_str("the memory is oversubscribed"),
            Self::NoDisk => f.write_str("it has no disk"),
            Self::Disks { offered, wanted } => write!(f, "it has {offered} disks, but {wanted} are required"),
            Self::DiskSize { offered: Some(offered), wanted } => {
                write!(f, "the disk has {offered} GB, but {wanted} GB are required")
            }
            Self::DiskSize { offered: None, wanted } => {
                write!(f, "the cloud chooses the disk size, but {wanted} GB are required")
            }
            Self::DiskKind { offered: Some(offered), wanted } => {
                write!(f, "the disk type is {offered}, but {wanted} is required")
            }
            Self::DiskKind { offered: None, wanted } => {
                write!(f, "the cloud chooses the disk type, but {wanted} is required")
            }
            Self::Hypervisor { offered: Some(offered), wanted } => {
                write!(f, "it runs on {}, but {} is required", offered.words(), wanted.words())
            }
            Self::Hypervisor { offered: None, wanted } => {
                write!(f, "the name does not state the hypervisor, but {} is required", wanted.words())
            }
            Self::HardwareVirtualization => f.write_str("hardware virtualization is not guaranteed"),
            Self::CpuVendor { offered, wanted } => {
                write!(f, "the CPU is {}, but {} is required", vendor(offered), vendor(wanted))
            }
            Self::CpuGeneration { wanted } => write!(f, "a CPU as new as {wanted} is not guaranteed"),
            Self::CpuFrequency { wanted_mhz } => {
                let (ghz, rest) = (wanted_mhz / 1000, wanted_mhz % 1000 / 10);
                write!(f, "more than {ghz}.{rest:02} GHz is not guaranteed")
            }
            Self::Gpu { offered: Some(offered), wanted } => {
                write!(f, "the GPU is {offered}, but {wanted} is required")
            }
            Self::Gpu { offered: None, wanted } => write!(f, "it has no GPU, but {wanted} is required"),
            Self::Infiniband => f.write_str("it has no InfiniBand"),
        }
    }
}
