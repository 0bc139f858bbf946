//! Descriptions of flavor names in English.

use std::fmt::Write;

use crate::cpu_arch::{CpuArch, CpuVendor};
use crate::disk::Disk;
use crate::gpu::{Gpu, GpuAccess};
use crate::hypervisor::Hypervisor;
use crate::name::FlavorName;

impl FlavorName {
    /// A complete description in English.
    ///
    /// ```
    /// use scs_flavor_naming::FlavorName;
    ///
    /// let name: FlavorName = "SCS-8Ti-32-50p_i1".parse()?;
    /// assert_eq!(
    ///     name.description(),
    ///     "8 insecure dedicated threads on Intel Skylake, 32 GiB of memory, a local NVMe disk of 50 GB"
    /// );
    /// # Ok::<(), scs_flavor_naming::ParseNameError>(())
    /// ```
    #[must_use]
    pub fn description(&self) -> String {
        let mut parts = vec![self.cpu_in_words(), self.ram_in_words(), disk_in_words(self.disk)];
        match self.hypervisor {
            Some(Hypervisor::BareMetal) => parts.push("bare metal".to_owned()),
            Some(hypervisor) => parts.push(format!("hypervisor {}", hypervisor.words())),
            None => {}
        }
        if self.hardware_virtualization {
            parts.push("hardware virtualization".to_owned());
        }
        parts.extend(self.gpu.map(gpu_in_words));
        if self.infiniband {
            parts.push("InfiniBand".to_owned());
        }
        parts.join(", ")
    }

    fn cpu_in_words(&self) -> String {
        let cpu = self.cpu;
        let insecure = if cpu.insecure { "insecure " } else { "" };
        let mut words = format!("{} {insecure}{}", cpu.count, cpu.kind.words(cpu.count.get()));
        words.push_str(" on ");
        match self.cpu_arch {
            Some(arch) => words.push_str(&cpu_arch_in_words(arch)),
            None => words.push_str("any x86-64"),
        }
        words
    }

    fn ram_in_words(&self) -> String {
        let ram = self.ram;
        let mut words = format!("{} GiB of memory", ram.size);
        match (ram.no_ecc, ram.oversubscribed) {
            (false, false) => {}
            (true, false) => words.push_str(" without ECC"),
            (false, true) => words.push_str(" that is oversubscribed"),
            (true, true) => words.push_str(" without ECC that is oversubscribed"),
        }
        words
    }
}

fn cpu_arch_in_words(arch: CpuArch) -> String {
    let vendor = arch.vendor();
    let mut words = match (vendor, arch.generation()) {
        (_, Some(generation)) => format!("{} {}", vendor.words(), generation.name()),
        (CpuVendor::Intel | CpuVendor::Amd, None) => format!("{} x86-64", vendor.words()),
        (_, None) => vendor.words().to_owned(),
    };
    if let Some(mhz) = arch.frequency().above_mhz() {
        // Writing to a string cannot fail.
        let _ = write!(words, " above {}.{:02} GHz on all cores", mhz / 1000, mhz % 1000 / 10);
    }
    words
}

fn disk_in_words(disk: Option<Disk>) -> String {
    let Some(disk) = disk else {
        return "no disk (boot from a volume)".to_owned();
    };
    let kind = disk.kind().map_or(String::new(), |kind| format!("{} ", kind.words()));
    let count = disk.count().get();
    let noun = if count == 1 { format!("a {kind}disk") } else { format!("{count} {kind}disks") };
    let left_open = match (disk.size_gb(), disk.kind()) {
        (Some(_), Some(_)) => "",
        (Some(_), None) => " whose type the cloud picks",
        (None, Some(_)) => " whose size the cloud picks",
        (None, None) => " whose size and type the cloud picks",
    };
    match disk.size_gb() {
        Some(size_gb) if count == 1 => format!("{noun} of {size_gb} GB{left_open}"),
        Some(size_gb) => format!("{noun} of {size_gb} GB each{left_open}"),
        None => format!("{noun}{left_open}"),
    }
}

fn gpu_in_words(gpu: Gpu) -> String {
    let access = match gpu.access() {
        GpuAccess::PassThrough => "pass-through",
        GpuAccess::Virtual => "virtual",
    };
    let mut words = format!("a {access} {}", gpu.vendor().words());
    if let Some(generation) = gpu.generation() {
        words.push(' ');
        words.push_str(&generation.name());
    }
    words.push_str(" GPU");
    let frequency = match gpu.frequency() {
        0 => "",
        1 => "high-frequency ",
        _ => "very high-frequency ",
    };
    let mut details = Vec::new();
    match gpu.units() {
        Some(units) => details.push(format!("{units} {frequency}{}", gpu.vendor().units(units.get()))),
        None if gpu.frequency() > 0 => details.push(format!("{frequency}{}", gpu.vendor().units(2))),
        None => {}
    }
    if let Some(vram_gib) = gpu.vram_gib() {
        let bandwidth = match gpu.bandwidth() {
            0 => "",
            1 => "high-bandwidth ",
            _ => "very high-bandwidth ",
        };
        details.push(format!("{vram_gib} GiB of {bandwidth}video memory"));
    }
    if !details.is_empty() {
        words.push_str(" with ");
        words.push_str(&details.join(" and "));
    }
    words
}
