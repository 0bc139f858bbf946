//! The typed name.

use std::cmp::Ordering;
use std::num::NonZeroU32;

use thiserror::Error;

use crate::cpu::{Cpu, CpuType};
use crate::cpu_arch::{CpuArch, CpuVendor};
use crate::dialect::Dialect;
use crate::disk::{Disk, DiskType};
use crate::gpu::Gpu;
use crate::hypervisor::Hypervisor;
use crate::ram::{Ram, RamSize};
use crate::syntax::Syntax;

/// A flavor name as a value: exactly what scs-0100 allows a name to express.
///
/// A `FlavorName` is `Copy`, does not store its spelling and prints in the newest version of the syntax. Names
/// of all three versions parse to it; the same meaning gives the same value.
///
/// # Syntax
///
/// ```text
/// SCS-16T-64-200s_kvm_hwv_i3h_GNa-72-24h_ib
///     │ │ │  │   │   │   │   │            └ InfiniBand
///     │ │ │  │   │   │   │   └ GPU: pass-through (G) or virtual (g), vendor, generation, units, VRAM in GiB
///     │ │ │  │   │   │   └ CPU vendor, generation and frequency
///     │ │ │  │   │   └ hardware virtualization
///     │ │ │  │   └ hypervisor
///     │ │ │  └ disk: size in GB, type; `3x10s` are three; `-` alone leaves the size to the cloud
///     │ │ └ memory in GiB, halves allowed; `u` no ECC, `o` oversubscribed
///     │ └ L, V, T, C: crowded, shared, dedicated thread, dedicated core; `i` insecure
///     └ number of vCPUs
/// ```
///
/// Version 1 writes `:` for the first three dashes and `-` for each `_`.
///
/// ```
/// use scs_flavor_naming::{CpuType, FlavorName};
///
/// let name: FlavorName = "SCS-16T-64-200s_GNa-72_ib".parse()?;
/// assert_eq!(name.cpu().kind, CpuType::DedicatedThread);
/// assert_eq!(name.ram().size.gib(), 64);
/// assert_eq!(name.to_v1().as_deref(), Some("SCS-16T:64:200s-GNa:72-ib"));
/// assert_eq!("SCS-16T:64:200s-GNa:72-ib".parse(), Ok(name));
/// # Ok::<(), scs_flavor_naming::ParseNameError>(())
/// ```
///
/// # Errors
///
/// Parsing stops at the first mistake and reports its position, the expected text and, if one small edit makes the
/// name valid, the corrected name:
///
/// ```
/// use scs_flavor_naming::FlavorName;
///
/// for (wrong, repaired) in [
///     ("SCS-2iT-4", Some("SCS-2Ti-4")),                   // order of the suffixes
///     ("SCS-2v-4", Some("SCS-2V-4")),                     // letters are case-sensitive
///     ("SCS-2C-4ou-10n", Some("SCS-2C-4uo-10n")),         // `u` before `o`
///     ("SCS-2V-004", Some("SCS-2V-4")),                   // leading zeros
///     ("SCS-2C-4-1.5n", Some("SCS-2C-4-1n")),             // disk sizes are whole GB
///     ("SCS-2V:4-10", Some("SCS-2V:4:10")),               // separators of two versions
///     ("SCS-2C-4-10n_hwv_xen", Some("SCS-2C-4-10n_xen_hwv")), // order of the extensions
///     ("SCS-2V-4_GNa_hwv", Some("SCS-2V-4_hwv_GNa")),
///     ("SCS-bogus", None),
/// ] {
///     let error = wrong.parse::<FlavorName>().unwrap_err();
///     assert_eq!(error.suggestion(), repaired, "{error}");
/// }
/// ```
///
/// # Ordering
///
/// By CPU, memory, disk, then extensions, each by size and strength, so that lists of names sort naturally.
/// Equality, ordering and hashing agree. Whether one flavor can replace another is a separate partial order:
/// [`FlavorName::satisfies`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FlavorName {
    pub(crate) cpu: Cpu,
    pub(crate) ram: Ram,
    pub(crate) disk: Option<Disk>,
    pub(crate) hypervisor: Option<Hypervisor>,
    pub(crate) hardware_virtualization: bool,
    pub(crate) cpu_arch: Option<CpuArch>,
    pub(crate) gpu: Option<Gpu>,
    pub(crate) infiniband: bool,
}

impl FlavorName {
    /// Starts a name, to which all parts are added.
    ///
    /// ```
    /// use scs_flavor_naming::{CpuType, DiskType, FlavorName, Hypervisor};
    ///
    /// let name = FlavorName::builder()
    ///     .cpus(4, CpuType::SharedCore)
    ///     .ram_gib(16)
    ///     .disk_gb(100, DiskType::Ssd)
    ///     .hypervisor(Hypervisor::Kvm)
    ///     .build()?;
    /// assert_eq!(name.to_string(), "SCS-4V-16-100s_kvm");
    ///
    /// // Invalid parts are reported by `build`.
    /// let error = FlavorName::builder().cpus(4, CpuType::SharedCore).build().unwrap_err();
    /// assert_eq!(error.to_string(), "a flavor name needs an amount of memory");
    /// # Ok::<(), scs_flavor_naming::BuildNameError>(())
    /// ```
    pub const fn builder() -> FlavorNameBuilder {
        FlavorNameBuilder {
            cpu: None,
            insecure: false,
            ram: None,
            no_ecc: false,
            oversubscribed: false,
            disk: DiskRequest::None,
            hypervisor: None,
            hardware_virtualization: false,
            cpu_arch: None,
            gpu: None,
            infiniband: false,
        }
    }

    #[inline]
    pub(crate) const fn plain(cpu: Cpu, ram: Ram, disk: Option<Disk>) -> Self {
        Self {
            cpu,
            ram,
            disk,
            hypervisor: None,
            hardware_virtualization: false,
            cpu_arch: None,
            gpu: None,
            infiniband: false,
        }
    }

    /// Number, type and security of the vCPUs.
    #[must_use]
    pub const fn cpu(&self) -> Cpu {
        self.cpu
    }

    /// The amount of memory and its caveats.
    #[must_use]
    pub const fn ram(&self) -> Ram {
        self.ram
    }

    /// The disks; `None` if users have to provide a boot volume.
    #[must_use]
    pub const fn disk(&self) -> Option<Disk> {
        self.disk
    }

    /// The hypervisor, if the name has one.
    #[must_use]
    pub const fn hypervisor(&self) -> Option<Hypervisor> {
        self.hypervisor
    }

    /// Whether hardware virtualization is available inside the instance.
    #[must_use]
    pub const fn hardware_virtualization(&self) -> bool {
        self.hardware_virtualization
    }

    /// The vendor, generation and frequency of the CPU, if the name has them.
    #[must_use]
    pub const fn cpu_arch(&self) -> Option<CpuArch> {
        self.cpu_arch
    }

    /// The GPU, if the name has one.
    #[must_use]
    pub const fn gpu(&self) -> Option<Gpu> {
        self.gpu
    }

    /// Whether InfiniBand is available.
    #[must_use]
    pub const fn infiniband(&self) -> bool {
        self.infiniband
    }

    /// The matching value of the image property `architecture` (scs-0100-v3, *Generation and Vendor*); generic names
    /// mean x86-64.
    ///
    /// ```
    /// use scs_flavor_naming::FlavorName;
    /// let name: FlavorName = "SCS-4C-16-2x200p_a1".parse()?;
    /// assert_eq!(name.image_architecture(), "aarch64");
    /// # Ok::<(), scs_flavor_naming::ParseNameError>(())
    /// ```
    #[must_use]
    pub const fn image_architecture(&self) -> &'static str {
        match self.cpu_arch {
            Some(arch) => arch.vendor().image_architecture(),
            None => CpuVendor::Intel.image_architecture(),
        }
    }

    /// Whether a version of the syntax can express it.
    #[must_use]
    pub fn fits(&self, syntax: Syntax) -> bool {
        let dialect = Dialect::text(syntax);
        (dialect.sizeless_multidisk || !self.disk.is_some_and(Disk::is_sizeless_multidisk))
            && self.hypervisor.is_none_or(|hypervisor| hypervisor.since() <= syntax)
            && self
                .cpu_arch
                .and_then(CpuArch::generation)
                .is_none_or(|generation| generation.since() <= syntax)
            && self.gpu.is_none_or(|gpu| {
                gpu.generation().is_none_or(|generation| generation.code(syntax).is_some())
                    && match syntax {
                        Syntax::V3 => gpu.is_nested(),
                        _ => gpu.is_flat_without_vram(),
                    }
            })
    }

    /// The short, generic name that a cloud should offer in addition to a long one (scs-0100-v3, *Naming policy
    /// compliance*): without hypervisor, `_hwv`, x86 vendors with their generation, generations of other vendors and
    /// every `h`.
    ///
    /// ```
    /// use scs_flavor_naming::FlavorName;
    /// let name: FlavorName = "SCS-16T-64-3x10s_bms_hwv_i3h_GNa-64h_ib".parse()?;
    /// assert_eq!(name.short().to_string(), "SCS-16T-64-3x10s_GNa-64_ib");
    /// # Ok::<(), scs_flavor_naming::ParseNameError>(())
    /// ```
    #[must_use]
    pub fn short(&self) -> Self {
        Self {
            hypervisor: None,
            hardware_virtualization: false,
            cpu_arch: self.cpu_arch.and_then(|arch| match arch.vendor() {
                CpuVendor::Intel | CpuVendor::Amd => None,
                vendor @ (CpuVendor::Arm | CpuVendor::RiscV) => Some(CpuArch::vendor_only(vendor)),
            }),
            gpu: self.gpu.map(|gpu| Gpu { frequency: 0, bandwidth: 0, ..gpu }),
            ..*self
        }
    }
}

/// Builds a [`FlavorName`]; see [`FlavorName::builder`].
#[derive(Clone, Copy, Debug)]
#[must_use = "call `build` to get the name"]
#[expect(clippy::struct_excessive_bools, reason = "each is a letter of the name that stands there or not")]
pub struct FlavorNameBuilder {
    cpu: Option<(u32, CpuType)>,
    insecure: bool,
    ram: Option<(u32, bool)>,
    no_ecc: bool,
    oversubscribed: bool,
    disk: DiskRequest,
    hypervisor: Option<Hypervisor>,
    hardware_virtualization: bool,
    cpu_arch: Option<CpuArch>,
    gpu: Option<Gpu>,
    infiniband: bool,
}

#[derive(Clone, Copy, Debug)]
enum DiskRequest {
    None,
    Automatic(Option<DiskType>),
    Sized { count: u32, size_gb: u32, kind: Option<DiskType> },
}

impl FlavorNameBuilder {
    /// Sets the number and type of the vCPUs.
    pub const fn cpus(self, count: u32, kind: CpuType) -> Self {
        Self { cpu: Some((count, kind)), ..self }
    }

    /// Marks mitigations or microcode as not up to date: suffix `i`.
    pub const fn insecure(self) -> Self {
        Self { insecure: true, ..self }
    }

    /// Sets the memory in whole GiB.
    pub const fn ram_gib(self, gib: u32) -> Self {
        Self { ram: Some((gib, false)), ..self }
    }

    /// Sets an amount of memory that may include half a GiB.
    pub const fn ram(self, size: RamSize) -> Self {
        Self { ram: Some((size.gib(), size.has_half())), ..self }
    }

    /// Marks the memory as having no ECC: suffix `u`.
    pub const fn without_ecc(self) -> Self {
        Self { no_ecc: true, ..self }
    }

    /// Marks the memory as oversubscribed: suffix `o`.
    pub const fn oversubscribed_ram(self) -> Self {
        Self { oversubscribed: true, ..self }
    }

    /// Adds one disk of this size in GB and type.
    pub const fn disk_gb(self, size_gb: u32, kind: DiskType) -> Self {
        self.disks_gb(1, size_gb, Some(kind))
    }

    /// Adds one disk of this size in GB whose type is chosen by the cloud.
    pub const fn untyped_disk_gb(self, size_gb: u32) -> Self {
        self.disks_gb(1, size_gb, None)
    }

    /// Adds several disks of this size in GB.
    pub const fn disks_gb(self, count: u32, size_gb: u32, kind: Option<DiskType>) -> Self {
        Self { disk: DiskRequest::Sized { count, size_gb, kind }, ..self }
    }

    /// Adds a disk whose size is chosen by the cloud.
    pub const fn automatic_disk(self, kind: Option<DiskType>) -> Self {
        Self { disk: DiskRequest::Automatic(kind), ..self }
    }

    /// Sets the hypervisor.
    pub const fn hypervisor(self, hypervisor: Hypervisor) -> Self {
        Self { hypervisor: Some(hypervisor), ..self }
    }

    /// Adds hardware virtualization inside the instance.
    pub const fn hardware_virtualization(self) -> Self {
        Self { hardware_virtualization: true, ..self }
    }

    /// Sets the vendor, generation and frequency of the CPU.
    pub const fn cpu_arch(self, arch: CpuArch) -> Self {
        Self { cpu_arch: Some(arch), ..self }
    }

    /// Sets the GPU.
    pub fn gpu(self, gpu: impl Into<Gpu>) -> Self {
        Self { gpu: Some(gpu.into()), ..self }
    }

    /// Adds InfiniBand.
    pub const fn infiniband(self) -> Self {
        Self { infiniband: true, ..self }
    }

    /// Builds the name.
    ///
    /// # Errors
    ///
    /// If CPU or memory is missing, or a number is zero.
    pub fn build(self) -> Result<FlavorName, BuildNameError> {
        let (count, kind) = self.cpu.ok_or(BuildNameError::NoCpus)?;
        let count = NonZeroU32::new(count).ok_or(BuildNameError::Zero { what: "vCPUs" })?;
        let (gib, half) = self.ram.ok_or(BuildNameError::NoRam)?;
        let size = RamSize::new(gib, half).ok_or(BuildNameError::Zero { what: "GiB of memory" })?;
        let disk = match self.disk {
            DiskRequest::None => None,
            DiskRequest::Automatic(kind) => Some(Disk::automatic(kind)),
            DiskRequest::Sized { count, size_gb, kind } => Some(Disk::sized(
                NonZeroU32::new(count).ok_or(BuildNameError::Zero { what: "disks" })?,
                NonZeroU32::new(size_gb).ok_or(BuildNameError::Zero { what: "GB of disk" })?,
                kind,
            )),
        };
        // A GPU from an older or laxer parser may have units without a generation.
        if self.gpu.is_some_and(|gpu| !gpu.is_nested()) {
            return Err(BuildNameError::GpuNesting);
        }
        Ok(FlavorName {
            cpu: Cpu { count, kind, insecure: self.insecure },
            ram: Ram { size, no_ecc: self.no_ecc, oversubscribed: self.oversubscribed },
            disk,
            hypervisor: self.hypervisor,
            hardware_virtualization: self.hardware_virtualization,
            cpu_arch: self.cpu_arch,
            gpu: self.gpu,
            infiniband: self.infiniband,
        })
    }
}

/// Error: the parts are not a valid flavor name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BuildNameError {
    /// No number of vCPUs was given.
    #[error("a flavor name needs a number of vCPUs and their type")]
    NoCpus,
    /// No amount of memory was given.
    #[error("a flavor name needs an amount of memory")]
    NoRam,
    /// The GPU came from a name of an older version and has units without a generation, or VRAM without units.
    #[error("a GPU with units needs a generation, and one with VRAM needs units")]
    GpuNesting,
    /// A number is zero.
    #[error("{what} cannot be 0; leave the part out or use a positive number")]
    Zero {
        /// The quantity that is zero.
        what: &'static str,
    },
}

/// Sorts names like [`FlavorName`], with other names at the end, as strings.
///
/// ```
/// use scs_flavor_naming::compare_names;
/// let mut names = ["m1.small", "SCS-16V-32", "SCS-2V-4"];
/// names.sort_by(|a, b| compare_names(a, b));
/// assert_eq!(names, ["SCS-2V-4", "SCS-16V-32", "m1.small"]);
/// ```
#[must_use]
pub fn compare_names(a: &str, b: &str) -> Ordering {
    match (a.parse::<FlavorName>(), b.parse::<FlavorName>()) {
        (Ok(one), Ok(other)) => one.cmp(&other).then_with(|| a.cmp(b)),
        (Ok(_), Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        (Err(_), Err(_)) => a.cmp(b),
    }
}
