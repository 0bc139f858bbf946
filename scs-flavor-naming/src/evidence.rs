//! Evidence about a flavor in Nova's own extra specs, regardless of its name and `scs:` properties.
//!
//! | extra spec | evidence for | section |
//! | --- | --- | --- |
//! | `hw:cpu_policy`, `hw:cpu_thread_policy` | dedicated vCPUs, and their type | CPU Suffixes |
//! | `quota:cpu_quota`, `quota:cpu_period` | the maximum share of a thread per vCPU | CPU Suffixes, Baseline |
//! | `quota:disk_…_iops_sec`, `quota:disk_…_bytes_sec` | the maximum disk performance | scs-0110-v1, Decision |
//! | `trait:…`, `capabilities:…` | the hosts it runs on | Extensions |
//! | `pci_passthrough:alias`, `resources:…` | a GPU | GPU support |

use scs_standards::subject::Flavor;

use crate::cpu::CpuType;
use crate::cpu_arch::{CpuArch, CpuVendor};
use crate::gpu::{Gpu, GpuAccess};
use crate::hypervisor::Hypervisor;
use crate::name::FlavorName;

/// A limit set by an extra spec.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Limit<T> {
    /// The maximum.
    pub(crate) most: T,
    /// The extra spec with its value.
    pub(crate) by: String,
}

/// The default period of `quota:cpu_quota` in microseconds.
const CPU_PERIOD_US: i64 = 100_000;

/// The smallest unit that one disk operation reads or writes, in bytes.
const SECTOR: u64 = 512;

/// The best vCPU class that the extra specs of a flavor allow.
///
/// # Errors
///
/// If a relevant extra spec cannot be used.
pub(crate) fn cpu_class(flavor: &Flavor) -> Result<Option<Limit<CpuType>>, String> {
    let policy = flavor.extra_spec("hw:cpu_policy");
    let threads = flavor.extra_spec("hw:cpu_thread_policy");
    let by_policy = match (policy, threads) {
        (Some("shared"), _) => Some((CpuType::SharedCore, "hw:cpu_policy=shared")),
        // The threads of a core are assigned to different vCPUs.
        (_, Some("require")) => Some((CpuType::DedicatedThread, "hw:cpu_thread_policy=require")),
        _ => None,
    };
    let by_policy = by_policy.map(|(most, by)| Limit { most, by: by.to_owned() });
    let quota = number(flavor, "quota:cpu_quota")?.filter(|quota| *quota > 0);
    let period = number(flavor, "quota:cpu_period")?.filter(|period| *period > 0).unwrap_or(CPU_PERIOD_US);
    let by_quota = quota.filter(|quota| *quota < period).map(|quota| Limit {
        // V is a fifth of a core, and a thread is at most a core.
        most: if quota.saturating_mul(5) < period { CpuType::CrowdedCore } else { CpuType::SharedCore },
        by: format!("quota:cpu_quota={quota}, period {period}"),
    });
    Ok(by_policy.into_iter().chain(by_quota).min_by_key(|limit| limit.most))
}

/// The weakest possible vCPU class.
pub(crate) struct MinimumClass {
    pub(crate) least: CpuType,
    /// The extra spec with its value.
    pub(crate) by: &'static str,
}

/// The weakest vCPU class that the extra specs of a flavor guarantee.
pub(crate) fn minimum_cpu_class(flavor: &Flavor) -> Option<MinimumClass> {
    match (flavor.extra_spec("hw:cpu_policy"), flavor.extra_spec("hw:cpu_thread_policy")) {
        (Some("dedicated"), Some("isolate")) => {
            Some(MinimumClass { least: CpuType::DedicatedCore, by: "hw:cpu_thread_policy=isolate" })
        }
        (Some("dedicated"), _) => {
            Some(MinimumClass { least: CpuType::DedicatedThread, by: "hw:cpu_policy=dedicated" })
        }
        _ => None,
    }
}

/// The maximum disk operations per second that a flavor allows.
///
/// # Errors
///
/// If a relevant extra spec cannot be used.
pub(crate) fn iops(flavor: &Flavor) -> Result<Option<Limit<u64>>, String> {
    const OPERATIONS: [&str; 4] = [
        "quota:disk_total_iops_sec",
        "quota:disk_read_iops_sec",
        "quota:disk_write_iops_sec",
        // VMware's equivalent.
        "quota:disk_io_limit",
    ];
    const BYTES: [&str; 3] =
        ["quota:disk_total_bytes_sec", "quota:disk_read_bytes_sec", "quota:disk_write_bytes_sec"];
    let mut least: Option<Limit<u64>> = None;
    let units = OPERATIONS.map(|key| (key, 1)).into_iter().chain(BYTES.map(|key| (key, SECTOR)));
    for (key, unit) in units {
        // 0 and negative values mean no limit.
        let Some(value) =
            number(flavor, key)?.and_then(|value| u64::try_from(value).ok()).filter(|&it| it > 0)
        else {
            continue;
        };
        let most = value / unit;
        if least.as_ref().is_none_or(|least| most < least.most) {
            least = Some(Limit { most, by: format!("{key}={value}") });
        }
    }
    Ok(least)
}

fn number(flavor: &Flavor, key: &str) -> Result<Option<i64>, String> {
    let Some(value) = flavor.extra_spec(key) else { return Ok(None) };
    value.trim().parse().map(Some).map_err(|_| format!("`{key}` is not a whole number: {value}"))
}

/// Evidence for the extensions of names: hypervisor, hardware virtualization, CPU and GPU. It is computed
/// once per flavor, which may have many names.
#[derive(Clone, Debug, Default)]
pub(crate) struct ExtensionEvidence {
    hypervisor: Option<(Hypervisor, String)>,
    /// The extra specs that forbid virtualization on Intel and on AMD.
    without_virtualization: [Option<String>; 2],
    /// The required properties of hosts, each with the first extra spec that requires it.
    hosts: Vec<(Hosts, String)>,
    /// Whether a device is requested from Nova.
    device: bool,
    /// The extra spec that requests a virtual GPU.
    virtual_gpu: Option<String>,
}

impl ExtensionEvidence {
    /// The evidence in the extra specs of a flavor.
    pub(crate) fn of(flavor: &Flavor) -> Self {
        let forbidden = |word: &str| {
            let key = format!("trait:{word}");
            (flavor.extra_spec(&key) == Some("forbidden")).then(|| format!("{key}=forbidden"))
        };
        let mut hosts: Vec<(Hosts, String)> = Vec::new();
        for (real, by) in vendors(flavor) {
            if !hosts.iter().any(|(known, _)| *known == real) {
                hosts.push((real, by));
            }
        }
        Self {
            hypervisor: hypervisor(flavor),
            without_virtualization: [forbidden("HW_CPU_X86_VMX"), forbidden("HW_CPU_X86_SVM")],
            hosts,
            device: asks_for_a_device(flavor),
            virtual_gpu: virtual_gpu(flavor).map(|(key, value)| format!("{key}={value}")),
        }
    }

    /// The contradictions to the extensions of a name.
    pub(crate) fn against(&self, name: &FlavorName) -> Vec<String> {
        let mut against = Vec::new();
        if let (Some(named), Some((real, by))) = (name.hypervisor(), &self.hypervisor)
            && named != *real
        {
            against.push(format!("the hypervisor is {}, but `{by}` is set", named.words()));
        }
        if name.hardware_virtualization()
            && let Some(by) = self.forbids_virtualization(name.cpu_arch())
        {
            against.push(format!("hardware virtualization is offered, but `{by}` is set"));
        }
        let vendor = name.cpu_arch().map(CpuArch::vendor);
        if let Some((real, by)) = self.hosts.iter().find(|(real, _)| !real.fits(vendor)) {
            let named = vendor.map_or("any x86-64", CpuVendor::words);
            against.push(format!("the CPU is {named}, but `{by}` requests {}", real.words()));
        }
        if let Some(gpu) = name.gpu()
            && gpu.access() == GpuAccess::PassThrough
            && !self.device
            && let Some(by) = &self.virtual_gpu
        {
            against.push(format!("the GPU is passed through, but `{by}` requests a virtual one"));
        }
        against
    }

    /// Whether no device is requested for the GPU of a name. A bare-metal server simply has its devices.
    pub(crate) fn lacks_gpu(&self, gpu: Option<Gpu>, hypervisor: Option<Hypervisor>) -> bool {
        let machine = hypervisor.is_some_and(|hypervisor| hypervisor == Hypervisor::BareMetal);
        gpu.is_some() && !machine && !self.device && self.virtual_gpu.is_none()
    }

    fn forbids_virtualization(&self, arch: Option<CpuArch>) -> Option<&str> {
        let [of_intel, of_amd] = &self.without_virtualization;
        let by = match arch.map(CpuArch::vendor) {
            Some(CpuVendor::Intel) => of_intel.as_ref(),
            Some(CpuVendor::Amd) => of_amd.as_ref(),
            _ => of_intel.as_ref().and(of_amd.as_ref()),
        };
        by.map(String::as_str)
    }
}

fn specs(flavor: &Flavor) -> impl Iterator<Item = (&str, &str)> {
    flavor.extra_specs.iter().flatten().map(|(key, value)| (key.as_str(), value.as_str()))
}

/// A PCI device, or a custom resource of the provider.
fn asks_for_a_device(flavor: &Flavor) -> bool {
    specs(flavor).any(|(key, _)| {
        key == "pci_passthrough:alias"
            || key == "accel:device_profile"
            || resource(key).is_some_and(|class| class.starts_with("CUSTOM_") || class == "PGPU")
    })
}

fn virtual_gpu(flavor: &Flavor) -> Option<(&str, &str)> {
    specs(flavor).find(|(key, value)| resource(key) == Some("VGPU") && *value != "0")
}

/// The class in `resources:CLASS` and `resources1:CLASS`.
fn resource(key: &str) -> Option<&str> {
    let (prefix, class) = key.split_once(':')?;
    prefix.starts_with("resources").then_some(class)
}

/// The traits required by a flavor, each with its extra spec.
fn required_traits(flavor: &Flavor) -> impl Iterator<Item = (&str, String)> {
    specs(flavor).filter_map(|(key, value)| {
        let (prefix, word) = key.split_once(':')?;
        (prefix.starts_with("trait") && value == "required").then(|| (word, format!("{key}={value}")))
    })
}

/// The properties of hosts that an extra spec may require.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hosts {
    AnyX86,
    Of(CpuVendor),
}

impl Hosts {
    /// Whether a name with this vendor is possible there; without a vendor, it is any x86-64.
    const fn fits(self, vendor: Option<CpuVendor>) -> bool {
        match (self, vendor) {
            (Self::AnyX86, None | Some(CpuVendor::Intel | CpuVendor::Amd))
            | (Self::Of(CpuVendor::Intel | CpuVendor::Amd), None) => true,
            (Self::AnyX86, Some(_)) | (Self::Of(_), None) => false,
            (Self::Of(real), Some(named)) => real as u8 == named as u8,
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::AnyX86 => "x86-64",
            Self::Of(vendor) => vendor.words(),
        }
    }
}

fn vendors(flavor: &Flavor) -> impl Iterator<Item = (Hosts, String)> {
    let by_traits = required_traits(flavor).filter_map(|(word, by)| {
        let hosts = match word {
            "HW_CPU_X86_VMX" => Hosts::Of(CpuVendor::Intel),
            "HW_CPU_X86_SVM" => Hosts::Of(CpuVendor::Amd),
            "HW_ARCH_AARCH64" | "COMPUTE_ARCH_AARCH64" => Hosts::Of(CpuVendor::Arm),
            "HW_ARCH_RISCV64" | "COMPUTE_ARCH_RISCV64" => Hosts::Of(CpuVendor::RiscV),
            "HW_ARCH_X86_64" | "COMPUTE_ARCH_X86_64" => Hosts::AnyX86,
            _ if word.starts_with("HW_CPU_X86_INTEL_") => Hosts::Of(CpuVendor::Intel),
            _ if word.starts_with("HW_CPU_X86_AMD_") => Hosts::Of(CpuVendor::Amd),
            _ if word.starts_with("HW_CPU_AARCH64_") => Hosts::Of(CpuVendor::Arm),
            _ if word.starts_with("HW_CPU_X86_") => Hosts::AnyX86,
            _ => return None,
        };
        Some((hosts, by))
    });
    let by_capabilities = specs(flavor).filter_map(|(key, value)| {
        let hosts = match (key.strip_prefix("capabilities:cpu_info:")?, value) {
            ("vendor", "Intel") => Hosts::Of(CpuVendor::Intel),
            ("vendor", "AMD") => Hosts::Of(CpuVendor::Amd),
            ("arch", "aarch64") => Hosts::Of(CpuVendor::Arm),
            ("arch", "riscv64") => Hosts::Of(CpuVendor::RiscV),
            ("arch", "x86_64") => Hosts::AnyX86,
            _ => return None,
        };
        Some((hosts, format!("{key}={value}")))
    });
    by_traits.chain(by_capabilities)
}

fn hypervisor(flavor: &Flavor) -> Option<(Hypervisor, String)> {
    let (key, value) = ["capabilities:hypervisor_type", "hypervisor_type"]
        .into_iter()
        .find_map(|key| Some((key, flavor.extra_spec(key)?)))?;
    let real = match value.trim_start_matches("s==").trim().to_ascii_lowercase().as_str() {
        "qemu" | "kvm" => Hypervisor::Kvm,
        "xen" => Hypervisor::Xen,
        "hyperv" => Hypervisor::HyperV,
        "ironic" => Hypervisor::BareMetal,
        vmware if vmware.starts_with("vmware") => Hypervisor::Vmware,
        _ => return None,
    };
    Some((real, format!("{key}={value}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flavor(specs: &[(&str, &str)]) -> Flavor {
        let specs = specs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        Flavor { name: "f".to_owned(), extra_specs: Some(specs), ..Flavor::default() }
    }

    #[test]
    fn extra_specs_limit_the_vcpu_class() {
        let most =
            |specs: &[(&str, &str)]| cpu_class(&flavor(specs)).map(|limit| limit.map(|limit| limit.most));
        assert_eq!(most(&[]), Ok(None));
        assert_eq!(most(&[("hw:cpu_policy", "dedicated")]), Ok(None));
        assert_eq!(most(&[("hw:cpu_policy", "shared")]), Ok(Some(CpuType::SharedCore)));
        assert_eq!(
            most(&[("hw:cpu_policy", "dedicated"), ("hw:cpu_thread_policy", "require")]),
            Ok(Some(CpuType::DedicatedThread))
        );
        assert_eq!(most(&[("quota:cpu_quota", "20000")]), Ok(Some(CpuType::SharedCore)));
        assert_eq!(most(&[("quota:cpu_quota", "19999")]), Ok(Some(CpuType::CrowdedCore)));
        assert_eq!(most(&[("quota:cpu_quota", "1000"), ("quota:cpu_period", "1000")]), Ok(None));
        assert_eq!(most(&[("quota:cpu_quota", "-1")]), Ok(None));
        assert!(most(&[("quota:cpu_quota", "half")]).is_err());
    }

    #[test]
    fn extra_specs_limit_disk_operations() {
        let most = |specs: &[(&str, &str)]| iops(&flavor(specs)).map(|limit| limit.map(|limit| limit.most));
        assert_eq!(most(&[("quota:disk_total_iops_sec", "0")]), Ok(None));
        assert_eq!(
            most(&[("quota:disk_read_iops_sec", "500"), ("quota:disk_write_iops_sec", "900")]),
            Ok(Some(500))
        );
        assert_eq!(most(&[("quota:disk_write_bytes_sec", "51200")]), Ok(Some(100)));
        assert!(most(&[("quota:disk_total_iops_sec", "1k")]).is_err());
    }

    #[test]
    fn extra_specs_contradict_extensions() {
        let against = |name: &str, specs: &[(&str, &str)]| {
            ExtensionEvidence::of(&flavor(specs)).against(&name.parse().unwrap()).len()
        };
        assert_eq!(against("SCS-2V-8_i", &[("trait:HW_CPU_X86_AMD_SEV", "required")]), 1);
        assert_eq!(against("SCS-2V-8_i", &[("trait:HW_CPU_X86_AVX2", "required")]), 0);
        assert_eq!(against("SCS-2V-8_z", &[("capabilities:cpu_info:vendor", "Intel")]), 1);
        assert_eq!(against("SCS-2V-8", &[("trait:HW_ARCH_AARCH64", "required")]), 1);
        assert_eq!(against("SCS-2V-8_a", &[("trait:HW_ARCH_AARCH64", "required")]), 0);
        assert_eq!(against("SCS-2V-8_a", &[("trait:HW_CPU_X86_AVX", "required")]), 1);
        assert_eq!(against("SCS-2V-8_hwv_i", &[("trait:HW_CPU_X86_VMX", "forbidden")]), 1);
        assert_eq!(against("SCS-2V-8_hwv_z", &[("trait:HW_CPU_X86_VMX", "forbidden")]), 0);
        assert_eq!(against("SCS-2V-8_bms", &[("capabilities:hypervisor_type", "QEMU")]), 1);
        assert_eq!(against("SCS-2V-8_kvm", &[("capabilities:hypervisor_type", "QEMU")]), 0);
        assert_eq!(against("SCS-2V-8_GNa", &[("resources:VGPU", "1")]), 1);
        assert_eq!(against("SCS-2V-8_gNa", &[("resources:VGPU", "1")]), 0);
    }
}
