//! Needs and the smallest flavors that meet them.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use proptest::prelude::*;
use scs_flavor_naming::{
    CpuFrequency, CpuGeneration, CpuType, CpuVendor, Disk, DiskType, FlavorName, GpuAccess, GpuNeed,
    Hypervisor, Need, StandardFlavor,
};

fn name(text: &str) -> FlavorName {
    text.parse().unwrap()
}

#[track_caller]
fn meets(need: Need, text: &str) {
    assert_eq!(need.satisfied_by(&name(text)), Ok(()));
    assert!(need.is_met_by(&name(text)));
}

#[track_caller]
fn lacks(need: Need, text: &str, reasons: &[&str]) {
    let lacks = need.satisfied_by(&name(text)).unwrap_err();
    assert_eq!(lacks.iter().map(ToString::to_string).collect::<Vec<_>>(), reasons);
    assert!(!need.is_met_by(&name(text)));
}

#[test]
fn an_empty_need_accepts_any_flavor_without_caveats() {
    meets(Need::new(), "SCS-1L-0.5");
    meets(Need::new(), "SCS-1L-0.5-_xen_hwv_a1h_gI_ib");
    lacks(
        Need::new(),
        "SCS-1Li-1uo",
        &[
            "CPU security: needs mitigated vCPUs, the flavor allows insecure ones (i)",
            "memory quality: needs ECC, the flavor allows memory without ECC (u)",
            "memory quality: needs memory that is not oversubscribed, the flavor allows oversubscription (o)",
        ],
    );
    let patient = Need::new().tolerate_insecure().tolerate_no_ecc().tolerate_oversubscribed_ram();
    meets(patient, "SCS-1Li-1uo");
}

#[test]
fn every_unmet_part_is_reported() {
    let need = Need::new()
        .vcpus(4)
        .cpu_type(CpuType::DedicatedThread)
        .ram_gib(8)
        .disks(2)
        .disk_gb(50)
        .disk_type(DiskType::Ssd)
        .hypervisor(Hypervisor::Kvm)
        .hardware_virtualization()
        .cpu_generation(CpuGeneration::new(CpuVendor::Amd, 3).unwrap())
        .cpu_frequency(CpuFrequency::Hh)
        .gpu(GpuNeed::any().units(10))
        .infiniband();
    meets(need, "SCS-4C-8-2x50p_kvm_hwv_z4hh_GNa-14-6_ib");
    lacks(
        need,
        "SCS-2V-4-20h_xen_z2h_GNa",
        &[
            "vCPUs: needs at least 4, the flavor has 2",
            "CPU type: needs dedicated-thread or better, the flavor has shared-core",
            "memory: needs at least 8 GiB, the flavor has 4 GiB",
            "disks: needs at least 2, the flavor has 1",
            "disk size: needs at least 50 GB, the flavor has 20 GB",
            "disk type: needs local SSD or better, the flavor has local HDD",
            "hypervisor: needs KVM, the flavor has Xen",
            "virtualization: needs hardware virtualization, the flavor does not guarantee it",
            "CPU generation: needs Zen 3 (Milan) or later, the flavor has Zen 2 (Rome)",
            "CPU frequency: needs more than 3250 MHz, the flavor has more than 2750 MHz",
            "GPU units: needs at least 10, the flavor does not guarantee it",
            "network: needs InfiniBand, the flavor does not guarantee it",
        ],
    );
}

#[test]
fn a_network_disk_is_not_replaced_by_a_local_one() {
    let network = Need::new().disk_type(DiskType::Network);
    meets(network, "SCS-1V-4-10n");
    lacks(network, "SCS-1V-4-10p", &["disk type: needs network, the flavor has local NVMe"]);
    lacks(network, "SCS-1V-4", &["disks: needs a disk, the flavor has none"]);
    lacks(
        Need::new().disk_gb(5),
        "SCS-1V-4-n",
        &["disk size: needs at least 5 GB, the flavor leaves it to the cloud"],
    );
}

#[test]
fn a_gpu_passed_through_replaces_a_virtual_one() {
    let need = |access| Need::new().gpu(GpuNeed::any().access(access));
    meets(need(GpuAccess::Virtual), "SCS-1V-4_GN");
    lacks(
        need(GpuAccess::PassThrough),
        "SCS-1V-4_gN",
        &["GPU: needs pass-through, the flavor has a virtual one"],
    );
}

#[test]
fn the_smallest_standard_flavors() {
    let names: Vec<FlavorName> = StandardFlavor::all().map(StandardFlavor::name).collect();
    let smallest = |need: Need| need.smallest(&names).iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(smallest(Need::new()), ["SCS-1L-1"]);
    assert_eq!(smallest(Need::new().ram_gib(8)), ["SCS-1V-8"]);
    assert_eq!(smallest(Need::new().vcpus(3).disk_gb(20)), ["SCS-4V-8-20"]);
    assert_eq!(smallest(Need::new().disk_type(DiskType::Ssd)), ["SCS-2V-4-20s"]);
    assert!(smallest(Need::new().vcpus(17)).is_empty());
}

#[test]
fn needs_without_a_gpu_never_lead_to_one() {
    let names = ["SCS-2V-8_GNa", "SCS-4V-16", "SCS-4V-16_i3", "SCS-4Vi-16"].map(name);
    let need = Need::new().ram_gib(8).tolerate_insecure();
    assert_eq!(need.smallest(&names), [&names[1], &names[0]]);
}

proptest! {
    #[test]
    fn every_match_is_covered_by_a_smallest_one(
        figures in prop::collection::vec((1u32..9, 1u32..9, 0u32..4), 1..20), vcpus in 1u32..6, gib in 1u32..6,
    ) {
        let names: Vec<FlavorName> = figures
            .iter()
            .map(|(vcpus, gib, disk)| {
                let plain = FlavorName::builder().cpus(*vcpus, CpuType::SharedCore).ram_gib(*gib);
                if *disk == 0 { plain } else { plain.untyped_disk_gb(*disk) }.build().unwrap()
            })
            .collect();
        let need = Need::new().vcpus(vcpus).ram_gib(gib);
        let smallest = need.smallest(&names);
        let size = |name: &FlavorName| {
            (name.cpu().count, name.ram().size, name.disk().and_then(Disk::size_gb))
        };
        let at_most = |a: &FlavorName, b: &FlavorName| {
            let (a, b) = (size(a), size(b));
            a.0 <= b.0 && a.1 <= b.1 && a.2 <= b.2
        };
        for name in names.iter().filter(|name| need.is_met_by(name)) {
            prop_assert!(smallest.iter().any(|small| at_most(small, name)));
        }
        for one in &smallest {
            prop_assert!(need.is_met_by(one));
            prop_assert!(smallest.iter().all(|other| size(one) == size(other) || !at_most(other, one)));
        }
    }
}
