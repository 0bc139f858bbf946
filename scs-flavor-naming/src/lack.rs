//! Unmet requirements of a need.

use std::fmt;

use thiserror::Error;

/// Receives a part, the requirement and the offer; formats nothing unless used.
pub(crate) type Report<'a> = dyn FnMut(NeedPart, fmt::Arguments<'_>, fmt::Arguments<'_>) + 'a;

pub(crate) const SILENT: fmt::Arguments<'static> = format_args!("does not guarantee it");
/// An unmet requirement.
///
/// ```
/// use scs_flavor_naming::{FlavorName, Need, NeedPart};
///
/// let name: FlavorName = "SCS-2Vi-4".parse()?;
/// let lacks = Need::new().vcpus(4).satisfied_by(&name).unwrap_err();
/// assert_eq!(lacks[0].part(), NeedPart::Vcpus);
/// assert_eq!(lacks[0].to_string(), "vCPUs: needs at least 4, the flavor has 2");
/// assert_eq!(lacks[1].to_string(), "CPU security: needs mitigated vCPUs, the flavor allows insecure ones (i)");
/// # Ok::<(), scs_flavor_naming::ParseNameError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{part}: needs {needed}, the flavor {offered}")]
pub struct Lack {
    part: NeedPart,
    needed: String,
    offered: String,
}

impl Lack {
    pub(crate) fn new(part: NeedPart, needed: fmt::Arguments<'_>, offered: fmt::Arguments<'_>) -> Self {
        Self { part, needed: needed.to_string(), offered: offered.to_string() }
    }

    /// The part of the need that is not met.
    #[must_use]
    pub const fn part(&self) -> NeedPart {
        self.part
    }

    /// The requirement, in words.
    #[must_use]
    pub fn needed(&self) -> &str {
        &self.needed
    }

    /// The offer, as the end of a sentence such as `has 2`.
    #[must_use]
    pub fn offered(&self) -> &str {
        &self.offered
    }
}

/// The parts of a need, in the order of the parts of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum NeedPart {
    /// Number of vCPUs.
    Vcpus,
    /// Class of the vCPUs.
    CpuType,
    /// No suffix `i`.
    CpuSecurity,
    /// Amount of memory.
    Ram,
    /// No suffix `u` or `o`.
    RamQuality,
    /// Number of disks.
    Disk,
    /// Size of each disk.
    DiskSize,
    /// Class of the disks.
    DiskType,
    /// Hypervisor.
    Hypervisor,
    /// Hardware virtualization.
    HardwareVirtualization,
    /// Architecture of the CPU.
    Architecture,
    /// Vendor of the CPU.
    CpuVendor,
    /// Generation of the CPU.
    CpuGeneration,
    /// Frequency of the CPU.
    CpuFrequency,
    /// A GPU, and its access, vendor or generation.
    Gpu,
    /// Processing units of the GPU.
    GpuUnits,
    /// Memory of the GPU.
    GpuVram,
    /// InfiniBand.
    Infiniband,
}

impl fmt::Display for NeedPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Vcpus => "vCPUs",
            Self::CpuType => "CPU type",
            Self::CpuSecurity => "CPU security",
            Self::Ram => "memory",
            Self::RamQuality => "memory quality",
            Self::Disk => "disks",
            Self::DiskSize => "disk size",
            Self::DiskType => "disk type",
            Self::Hypervisor => "hypervisor",
            Self::HardwareVirtualization => "virtualization",
            Self::Architecture => "architecture",
            Self::CpuVendor => "CPU vendor",
            Self::CpuGeneration => "CPU generation",
            Self::CpuFrequency => "CPU frequency",
            Self::Gpu => "GPU",
            Self::GpuUnits => "GPU units",
            Self::GpuVram => "GPU memory",
            Self::Infiniband => "network",
        })
    }
}
