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

/// The name of a flavor, as a value: what scs-0100 lets a name say, and nothing else.
///
/// A `FlavorName` is `Copy`, has no spelling of its own and prints as the newest version of the syntax writes it. Names
/// of all three versions read into it; what they mean is the same value.
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
/// Parsing stops at the first mistake and says where it is, what it expected there and, where one small edit makes the
/// name valid, what it would be:
///
/// ```
/// use scs_flavor_naming::FlavorName;
///
/// for (wrong, repaired) in [
///     ("SCS-2iT-4", Some("SCS-2Ti-4")),                   // order of the suffixes
///     ("SCS-2v-4", Some("SCS-2V-4")),                     // letters are case-sensitive
///     ("SCS-2C-4ou-10n", Some("SCS-2C-4uo-10n")),         // `u` before `o`
///     ("SCS-2V-004", Some("SCS-2V-4")),                   // leading zeros
///     ("SCS-2C-4-1.5n", Some("SCS-2C-4-1n")),             // disks have whole GB
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
/// By CPU, memory, disk, then extensions, each by size and strength; a list of names sorts as a person would sort it.
/// Equality, ordering and hashing agree. Whether one flavor can stand in for another is a partial order of its own:
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
    /// A name with CPU and memory alone, to which the rest is added.
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
    /// // Nothing goes wrong silently: what cannot be a name is an error of `build`.
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

    /// Amount of memory and its caveats.
    #[must_use]
    pub const fn ram(&self) -> Ram {
        self.ram
    }

    /// The disks; `None` where the user brings a boot volume.
    #[must_use]
    pub const fn disk(&self) -> Option<Disk> {
        self.disk
    }

    /// The hypervisor, where the name tells it.
    #[must_use]
    pub const fn hypervisor(&self) -> Option<Hypervisor> {
        self.hypervisor
    }

    /// Whether hardware virtualization is promised inside the instance.
    #[must_use]
    pub const fn hardware_virtualization(&self) -> bool {
        self.hardware_virtualization
    }

    /// Vendor, generation and frequency of the CPU, where the name tells them.
    #[must_use]
    pub const fn cpu_arch(&self) -> Option<CpuArch> {
        self.cpu_arch
    }

    /// The GPU.
    #[must_use]
    pub const fn gpu(&self) -> Option<Gpu> {
        self.gpu
    }

    /// Whether InfiniBand is promised.
    #[must_use]
    pub const fn infiniband(&self) -> bool {
        self.infiniband
    }

    /// The value of the image property `architecture` that fits (scs-0100-v3, *Generation and Vendor*); generic names
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

    /// Whether a version of the syntax can say it.
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

    /// The short, generic name that a cloud is expected to offer beside a long one (scs-0100-v3, *Naming policy
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
#[must_use = "nothing is built before `build`"]
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
    /// How many vCPUs of which type.
    pub const fn cpus(self, count: u32, kind: CpuType) -> Self {
        Self { cpu: Some((count, kind)), ..self }
    }

    /// Mitigations or microcode are not kept current: suffix `i`.
    pub const fn insecure(self) -> Self {
        Self { insecure: true, ..self }
    }

    /// Whole GiB of memory.
    pub const fn ram_gib(self, gib: u32) -> Self {
        Self { ram: Some((gib, false)), ..self }
    }

    /// An amount of memory that may have a half GiB.
    pub const fn ram(self, size: RamSize) -> Self {
        Self { ram: Some((size.gib(), size.has_half())), ..self }
    }

    /// The memory has no ECC: suffix `u`.
    pub const fn without_ecc(self) -> Self {
        Self { no_ecc: true, ..self }
    }

    /// The memory is oversubscribed: suffix `o`.
    pub const fn oversubscribed_ram(self) -> Self {
        Self { oversubscribed: true, ..self }
    }

    /// One disk of this size in GB and this type.
    pub const fn disk_gb(self, size_gb: u32, kind: DiskType) -> Self {
        self.disks_gb(1, size_gb, Some(kind))
    }

    /// One disk of this size in GB whose type the cloud picks.
    pub const fn untyped_disk_gb(self, size_gb: u32) -> Self {
        self.disks_gb(1, size_gb, None)
    }

    /// Several disks of this size in GB.
    pub const fn disks_gb(self, count: u32, size_gb: u32, kind: Option<DiskType>) -> Self {
        Self { disk: DiskRequest::Sized { count, size_gb, kind }, ..self }
    }

    /// A disk whose size the cloud picks.
    pub const fn automatic_disk(self, kind: Option<DiskType>) -> Self {
        Self { disk: DiskRequest::Automatic(kind), ..self }
    }

    /// The hypervisor.
    pub const fn hypervisor(self, hypervisor: Hypervisor) -> Self {
        Self { hypervisor: Some(hypervisor), ..self }
    }

    /// Hardware virtualization is available inside the instance.
    pub const fn hardware_virtualization(self) -> Self {
        Self { hardware_virtualization: true, ..self }
    }

    /// The CPU's vendor, generation and frequency.
    pub const fn cpu_arch(self, arch: CpuArch) -> Self {
        Self { cpu_arch: Some(arch), ..self }
    }

    /// The GPU.
    pub fn gpu(self, gpu: impl Into<Gpu>) -> Self {
        Self { gpu: Some(gpu.into()), ..self }
    }

    /// InfiniBand is available.
    pub const fn infiniband(self) -> Self {
        Self { infiniband: true, ..self }
    }

    /// The name, if the parts make one.
    ///
    /// # Errors
    ///
    /// When CPU or memory are missing, or a number is zero.
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
        // A GPU that an old or lax parser made may have units without a generation.
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

/// Parts that make no flavor name.
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
    #[error("zero {what} cannot be named; leave the part out or give a positive number")]
    Zero {
        /// Of what there is zero.
        what: &'static str,
    },
}

/// Sorts names as [`FlavorName`] does and puts what is no SCS name behind, by text.
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
