//! Requirements of a workload, and the smallest flavors that meet them; scs-0100-v3 ends with the wish to find flavors by
//! their features.
//!
//! A name guarantees only what it states: if it leaves the disk type to the cloud, a need for SSD is not met.

use std::fmt;
use std::num::NonZeroU32;

use crate::cpu::{Cpu, CpuType};
use crate::cpu_arch::{CpuArch, CpuFrequency, CpuGeneration, CpuVendor};
use crate::disk::{Disk, DiskType};
use crate::gpu::Gpu;
use crate::gpu_need::GpuNeed;
use crate::hypervisor::Hypervisor;
use crate::lack::{Lack, NeedPart as Part, Report, SILENT};
use crate::name::FlavorName;
use crate::ram::RamSize;

/// The requirements of a workload; initially none.
///
/// Amounts are lower bounds, and so are classes of CPUs and local disks. Vendor, hypervisor and GPU generation must
/// match exactly. Anything else may vary, even the architecture, with one exception: the
/// caveats `i` (insecure), `u` (no ECC) and `o` (oversubscribed memory) fall short of the standard's baseline, and a
/// flavor with one is accepted only if the need tolerates it.
///
/// ```
/// use scs_flavor_naming::{DiskType, FlavorName, Need};
///
/// let offer = ["SCS-2V-4-20s", "SCS-4V-8", "SCS-4V-16-50", "SCS-4V-16-100s", "SCS-8V-32", "SCS-8C-8-200p"];
/// let names: Vec<FlavorName> = offer
///     .iter()
///     .map(|name| name.parse())
///     .collect::<Result<_, _>>()?;
///
/// let need = Need::new().vcpus(4).ram_gib(8);
/// assert_eq!(need.smallest(&names), [&names[1]]);
///
/// let need = need.disk_gb(40).disk_type(DiskType::Ssd);
/// let smallest: Vec<String> = need.smallest(&names).iter().map(ToString::to_string).collect();
/// assert_eq!(smallest, ["SCS-4V-16-100s", "SCS-8C-8-200p"]); // less memory costs more vCPUs
///
/// let lacks = need.satisfied_by(&names[2]).unwrap_err();
/// assert_eq!(lacks[0].to_string(), "disk type: needs local SSD or better, the flavor leaves it to the cloud");
/// # Ok::<(), scs_flavor_naming::ParseNameError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use = "a need does nothing by itself"]
pub struct Need {
    vcpus: Option<u32>,
    cpu_type: Option<CpuType>,
    ram: Option<RamSize>,
    disk: bool,
    disks: Option<u32>,
    disk_gb: Option<u32>,
    disk_type: Option<DiskType>,
    hypervisor: Option<Hypervisor>,
    hardware_virtualization: bool,
    architecture: Option<&'static str>,
    cpu_vendor: Option<CpuVendor>,
    cpu_generation: Option<CpuGeneration>,
    cpu_frequency: CpuFrequency,
    gpu: Option<GpuNeed>,
    infiniband: bool,
    tolerates: Tolerance,
}

/// The tolerated caveats.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tolerance {
    insecure: bool,
    no_ecc: bool,
    oversubscribed: bool,
}

impl Need {
    /// Creates a need without requirements.
    pub fn new() -> Self {
        Self::default()
    }

    /// Requires at least this many vCPUs.
    pub const fn vcpus(self, count: u32) -> Self {
        Self { vcpus: Some(count), ..self }
    }

    /// Requires vCPUs of at least this class, in the order `L` < `V` < `T` < `C` (scs-0100-v3, *Naming policy compliance*).
    pub const fn cpu_type(self, kind: CpuType) -> Self {
        Self { cpu_type: Some(kind), ..self }
    }

    /// Requires at least this much memory.
    pub const fn ram(self, size: RamSize) -> Self {
        Self { ram: Some(size), ..self }
    }

    /// Requires at least this many whole GiB of memory; 0 means no requirement.
    pub const fn ram_gib(self, gib: u32) -> Self {
        Self { ram: RamSize::new(gib, false), ..self }
    }

    /// Requires a disk of any kind.
    pub const fn any_disk(self) -> Self {
        Self { disk: true, ..self }
    }

    /// Requires at least this many disks.
    pub const fn disks(self, count: u32) -> Self {
        Self { disks: Some(count), ..self.any_disk() }
    }

    /// Requires at least this many GB on each disk. A flavor that leaves the size to the cloud does not qualify.
    pub const fn disk_gb(self, size_gb: u32) -> Self {
        Self { disk_gb: Some(size_gb), ..self.any_disk() }
    }

    /// Requires a local disk of at least this class, in the order `h` < `s` < `p`; or a network disk, which local ones
    /// cannot replace, because it survives the loss of a node and allows live migration (C-016).
    pub const fn disk_type(self, kind: DiskType) -> Self {
        Self { disk_type: Some(kind), ..self.any_disk() }
    }

    /// Requires this hypervisor; [`Hypervisor::BareMetal`] means none.
    pub const fn hypervisor(self, hypervisor: Hypervisor) -> Self {
        Self { hypervisor: Some(hypervisor), ..self }
    }

    /// Requires hardware virtualization inside the instance.
    pub const fn hardware_virtualization(self) -> Self {
        Self { hardware_virtualization: true, ..self }
    }

    /// Requires CPUs that run images with this value of the property `architecture`: `x86_64`, `aarch64` or `riscv64`. Returns `None`
    /// for any other value.
    ///
    /// ```
    /// use scs_flavor_naming::{FlavorName, Need};
    ///
    /// let need = Need::new().architecture("x86_64").unwrap();
    /// let generic: FlavorName = "SCS-2V-4".parse()?;
    /// let arm: FlavorName = "SCS-2V-4_a1".parse()?;
    /// assert!(need.is_met_by(&generic) && !need.is_met_by(&arm));
    /// # Ok::<(), scs_flavor_naming::ParseNameError>(())
    /// ```
    #[must_use]
    pub fn architecture(self, architecture: &str) -> Option<Self> {
        let known = CpuVendor::ALL.into_iter().map(CpuVendor::image_architecture);
        let architecture = known.into_iter().find(|known| *known == architecture)?;
        Some(Self { architecture: Some(architecture), ..self })
    }

    /// Requires CPUs of this vendor; a generic name does not qualify.
    pub const fn cpu_vendor(self, vendor: CpuVendor) -> Self {
        Self { cpu_vendor: Some(vendor), ..self }
    }

    /// Requires CPUs of this vendor and generation, or a later one.
    pub const fn cpu_generation(self, generation: CpuGeneration) -> Self {
        Self { cpu_generation: Some(generation), cpu_vendor: Some(generation.vendor()), ..self }
    }

    /// Requires CPUs of at least this frequency.
    pub const fn cpu_frequency(self, frequency: CpuFrequency) -> Self {
        Self { cpu_frequency: frequency, ..self }
    }

    /// Requires a GPU; see [`GpuNeed`]. A [`Gpu`](crate::Gpu) or a [`Card`](crate::Card) means an equivalent or better one.
    pub fn gpu(self, gpu: impl Into<GpuNeed>) -> Self {
        Self { gpu: Some(gpu.into()), ..self }
    }

    /// Requires InfiniBand.
    pub const fn infiniband(self) -> Self {
        Self { infiniband: true, ..self }
    }

    /// Tolerates insecure vCPUs, suffix `i`.
    pub const fn tolerate_insecure(self) -> Self {
        Self { tolerates: Tolerance { insecure: true, ..self.tolerates }, ..self }
    }

    /// Tolerates memory without ECC, suffix `u`.
    pub const fn tolerate_no_ecc(self) -> Self {
        Self { tolerates: Tolerance { no_ecc: true, ..self.tolerates }, ..self }
    }

    /// Tolerates oversubscribed memory, suffix `o`.
    pub const fn tolerate_oversubscribed_ram(self) -> Self {
        Self { tolerates: Tolerance { oversubscribed: true, ..self.tolerates }, ..self }
    }

    /// Checks whether a flavor with this name meets all requirements.
    ///
    /// # Errors
    ///
    /// All unmet requirements, in the order of the parts of a name.
    pub fn satisfied_by(&self, name: &FlavorName) -> Result<(), Vec<Lack>> {
        let mut lacks = Vec::new();
        self.check(name, &mut |part, needed, offered| {
            lacks.push(Lack::new(part, needed, offered));
        });
        if lacks.is_empty() { Ok(()) } else { Err(lacks) }
    }

    /// Like [`Need::satisfied_by`], but without reasons and allocation.
    #[must_use]
    pub fn is_met_by(&self, name: &FlavorName) -> bool {
        let mut met = true;
        self.check(name, &mut |_, _, _| met = false);
        met
    }

    /// The smallest of the names that meet the need: those for which no other one is at most as large in every respect.
    ///
    /// The respects, by which the result is also sorted: a GPU with its units and VRAM; vCPUs; memory; class of the vCPUs;
    /// GB on all disks; class of the disks; InfiniBand; the caveats `i`, `u`, `o` (fewer are smaller); hardware
    /// virtualization; CPU vendor, generation and frequency; hypervisor. So a need for memory never leads to a flavor with a GPU,
    /// and a short, generic name comes before a long one. Equal names are all kept.
    pub fn smallest<'a>(&self, names: impl IntoIterator<Item = &'a FlavorName>) -> Vec<&'a FlavorName> {
        let mut fitting: Vec<([u64; COSTS], &FlavorName)> =
            names.into_iter().filter(|name| self.is_met_by(name)).map(|name| (costs(name), name)).collect();
        // Anything that is at most as large in every respect is sorted before, so comparing with the kept ones is enough.
        fitting.sort_by(|(a, one), (b, other)| a.cmp(b).then_with(|| one.cmp(other)));
        let mut smallest: Vec<([u64; COSTS], &FlavorName)> = Vec::new();
        for (cost, name) in fitting {
            let undercut = |kept: &[u64; COSTS]| *kept != cost && kept.iter().zip(&cost).all(|(a, b)| a <= b);
            if !smallest.iter().any(|(kept, _)| undercut(kept)) {
                smallest.push((cost, name));
            }
        }
        smallest.into_iter().map(|(_, name)| name).collect()
    }

    fn check(&self, name: &FlavorName, lack: &mut Report<'_>) {
        self.check_cpu(name.cpu(), lack);
        self.check_ram(name, lack);
        if self.disk {
            match name.disk() {
                Some(disk) => self.check_disk(disk, lack),
                None => lack(Part::Disk, format_args!("a disk"), format_args!("has none")),
            }
        }
        if let Some(needed) = self.hypervisor.filter(|needed| name.hypervisor() != Some(*needed)) {
            match name.hypervisor() {
                Some(other) => lack(
                    Part::Hypervisor,
                    format_args!("{}", needed.words()),
                    format_args!("has {}", other.words()),
                ),
                None => lack(Part::Hypervisor, format_args!("{}", needed.words()), SILENT),
            }
        }
        if self.hardware_virtualization && !name.hardware_virtualization() {
            lack(Part::HardwareVirtualization, format_args!("hardware virtualization"), SILENT);
        }
        self.check_arch(name, lack);
        if let Some(needed) = &self.gpu {
            needed.check(name.gpu(), lack);
        }
        if self.infiniband && !name.infiniband() {
            lack(Part::Infiniband, format_args!("InfiniBand"), SILENT);
        }
    }

    fn check_cpu(&self, cpu: Cpu, lack: &mut Report<'_>) {
        if let Some(needed) = self.vcpus.filter(|needed| cpu.count.get() < *needed) {
            lack(Part::Vcpus, format_args!("at least {needed}"), format_args!("has {}", cpu.count));
        }
        if let Some(needed) = self.cpu_type.filter(|needed| cpu.kind < *needed) {
            lack(Part::CpuType, format_args!("{needed} or better"), format_args!("has {}", cpu.kind));
        }
        if cpu.insecure && !self.tolerates.insecure {
            lack(
                Part::CpuSecurity,
                format_args!("mitigated vCPUs"),
                format_args!("allows insecure ones (i)"),
            );
        }
    }

    fn check_ram(&self, name: &FlavorName, lack: &mut Report<'_>) {
        let ram = name.ram();
        if let Some(needed) = self.ram.filter(|needed| ram.size < *needed) {
            lack(Part::Ram, format_args!("at least {needed} GiB"), format_args!("has {} GiB", ram.size));
        }
        if ram.no_ecc && !self.tolerates.no_ecc {
            lack(Part::RamQuality, format_args!("ECC"), format_args!("allows memory without ECC (u)"));
        }
        if ram.oversubscribed && !self.tolerates.oversubscribed {
            lack(
                Part::RamQuality,
                format_args!("memory that is not oversubscribed"),
                format_args!("allows oversubscription (o)"),
            );
        }
    }

    fn check_disk(&self, disk: Disk, lack: &mut Report<'_>) {
        if let Some(needed) = self.disks.filter(|needed| disk.count().get() < *needed) {
            lack(Part::Disk, format_args!("at least {needed}"), format_args!("has {}", disk.count()));
        }
        if let Some(needed) = self.disk_gb {
            match disk.size_gb() {
                Some(size) if size.get() >= needed => {}
                Some(size) => {
                    lack(Part::DiskSize, format_args!("at least {needed} GB"), format_args!("has {size} GB"));
                }
                None => lack(Part::DiskSize, format_args!("at least {needed} GB"), OPEN),
            }
        }
        if let Some(needed) = self.disk_type {
            let (words, better) = match needed {
                DiskType::Network | DiskType::Nvme => (needed.words(), ""),
                DiskType::Hdd | DiskType::Ssd => (needed.words(), " or better"),
            };
            match disk.kind() {
                Some(kind) if kind == needed || (kind > needed && needed != DiskType::Network) => {}
                Some(kind) => lack(
                    Part::DiskType,
                    format_args!("{words}{better}"),
                    format_args!("has {}", kind.words()),
                ),
                None => lack(Part::DiskType, format_args!("{words}{better}"), OPEN),
            }
        }
    }

    fn check_arch(&self, name: &FlavorName, lack: &mut Report<'_>) {
        let own = name.image_architecture();
        if let Some(needed) = self.architecture.filter(|needed| *needed != own) {
            lack(Part::Architecture, format_args!("{needed}"), format_args!("has {own}"));
        }
        let arch = name.cpu_arch();
        if let Some(needed) = self.cpu_vendor {
            match arch.map(CpuArch::vendor) {
                Some(vendor) if vendor == needed => self.check_generation(arch, lack),
                Some(vendor) => lack(
                    Part::CpuVendor,
                    format_args!("{}", needed.words()),
                    format_args!("has {}", vendor.words()),
                ),
                None => lack(Part::CpuVendor, format_args!("{}", needed.words()), SILENT),
            }
        }
        let frequency = arch.map_or(CpuFrequency::Unspecified, CpuArch::frequency);
        if let Some(needed) = self.cpu_frequency.above_mhz().filter(|_| frequency < self.cpu_frequency) {
            match frequency.above_mhz() {
                Some(mhz) => lack(
                    Part::CpuFrequency,
                    format_args!("more than {needed} MHz"),
                    format_args!("has more than {mhz} MHz"),
                ),
                None => lack(Part::CpuFrequency, format_args!("more than {needed} MHz"), SILENT),
            }
        }
    }

    fn check_generation(&self, arch: Option<CpuArch>, lack: &mut Report<'_>) {
        let Some(needed) = self.cpu_generation else { return };
        match arch.and_then(CpuArch::generation) {
            Some(generation) if generation >= needed => {}
            Some(other) => lack(
                Part::CpuGeneration,
                format_args!("{} or later", needed.name()),
                format_args!("has {}", other.name()),
            ),
            None => lack(Part::CpuGeneration, format_args!("{} or later", needed.name()), SILENT),
        }
    }
}

const OPEN: fmt::Arguments<'static> = format_args!("leaves it to the cloud");

const COSTS: usize = 16;

/// The cost of a name in the respects of [`Need::smallest`].
fn costs(name: &FlavorName) -> [u64; COSTS] {
    let (cpu, ram, gpu) = (name.cpu(), name.ram(), name.gpu());
    let gpu_figure = |figure: fn(Gpu) -> Option<NonZeroU32>| {
        gpu.and_then(figure).map_or(0, |figure| u64::from(figure.get()))
    };
    let disk_gb = |disk: Disk| {
        disk.size_gb().map_or(0, |size| u64::from(size.get()).saturating_mul(u64::from(disk.count().get())))
    };
    let disk_class = |disk: Disk| disk.kind().map_or(1, |kind| 2 + kind as u64);
    let arch = name.cpu_arch();
    [
        u64::from(gpu.is_some()),
        gpu_figure(Gpu::units),
        gpu_figure(Gpu::vram_gib),
        u64::from(cpu.count.get()),
        ram.size.mib(),
        cpu.kind as u64,
        name.disk().map_or(0, disk_gb),
        name.disk().map_or(0, disk_class),
        u64::from(name.infiniband()),
        u64::from(cpu.insecure),
        u64::from(ram.no_ecc),
        u64::from(ram.oversubscribed),
        u64::from(name.hardware_virtualization()),
        arch.map_or(0, |arch| 1 + arch.generation().map_or(0, |generation| u64::from(generation.number()))),
        arch.map_or(0, |arch| arch.frequency() as u64),
        u64::from(name.hypervisor().is_some()),
    ]
}
