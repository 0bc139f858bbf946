//! What a repair changes makes the findings that properties can repair disappear.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::select;
use scs_flavor_naming::{
    DiskType, FlavorList, FlavorName, FlavorSet, RepairOptions, UntypedDisk, check_flavors, repair_flavors,
};
use scs_standards::subject::Flavor;
use scs_standards::{Context, Declarations, DocumentId, Finding, Profile, Verdict};

const DOCUMENTS: [DocumentId; 2] = [DocumentId::version(100, 3), DocumentId::version(103, 1)];

fn options() -> RepairOptions {
    RepairOptions::default().with_untyped_disk(UntypedDisk::As(DiskType::Network))
}

fn context(declarations: &Declarations) -> Context<'_> {
    Context { at: "2026-11-23T00:00:00Z".parse().expect("a time"), profile: Profile::Text, declarations }
}

/// The broken requirements that a command on properties is said to remove.
fn repairable(set: &FlavorSet) -> Vec<Finding> {
    let declarations = Declarations::default();
    let answers = check_flavors(set, &context(&declarations), &DOCUMENTS);
    let findings = answers.into_iter().flat_map(|answer| answer.findings);
    findings
        .filter(|finding| finding.result == Verdict::Fail)
        .filter(|finding| {
            let command = finding.fix.as_ref().and_then(|fix| fix.command()).unwrap_or_default();
            command.starts_with("openstack flavor set") || command.starts_with("openstack flavor unset")
        })
        .collect()
}

fn flavor() -> impl Strategy<Value = Flavor> {
    let names = [
        "SCS-2V-8",
        "SCS-1L-1",
        "SCS-2V-4-20s",
        "SCS-1V-4-10",
        "SCS-4T-8-2x20p_z3",
        "SCS-2V:4",
        "SCS-2iT-4",
        "m1.small",
    ];
    let keys = [
        "scs:name-v1",
        "scs:name-v2",
        "scs:name-v5",
        "scs:cpu-type",
        "scs:disk0-type",
        "scs:disk1-type",
        "scs:foo",
        "hw:x",
    ];
    let values = [
        "SCS-2V:8",
        "SCS-2V-8",
        "SCS-2v-8",
        "SCS-99V-8",
        "SCS-1L:1",
        "SCS-2V-4-20s",
        "shared-core",
        "crowded-core",
        "ssd",
        "network",
        "what",
    ];
    let specs = proptest::collection::btree_map(select(keys.to_vec()), select(values.to_vec()), 0..6);
    (select(names.to_vec()), specs, any::<bool>()).prop_map(|(name, specs, exact)| {
        let figures = name.parse::<FlavorName>().ok();
        let of = |figure: fn(&FlavorName) -> u64| Some(figures.as_ref().map_or(2, figure));
        Flavor {
            name: name.to_owned(),
            vcpus: of(|name| name.cpu().count.get().into()),
            ram_mib: of(|name| name.ram().size.mib()).map(|mib| if exact { mib } else { mib + 512 }),
            disk_gb: Some(
                figures
                    .and_then(|name| name.disk())
                    .and_then(scs_flavor_naming::Disk::size_gb)
                    .map_or(0, |size| size.get().into()),
            ),
            is_public: Some(true),
            extra_specs: Some(
                specs
                    .into_iter()
                    .map(|(key, value)| (key.to_owned(), value.to_owned()))
                    .collect::<BTreeMap<_, _>>(),
            ),
            ..Flavor::default()
        }
    })
}

proptest! {
    #[test]
    fn nothing_repairable_is_left(flavors in proptest::collection::vec(flavor(), 1..5)) {
        // Nova has each name once.
        let flavors: BTreeMap<_, _> = flavors.into_iter().map(|flavor| (flavor.name.clone(), flavor)).collect();
        let set = FlavorSet::new(flavors.into_values().collect(), Vec::new());
        let declarations = Declarations::default();
        let repair = repair_flavors(&set, &context(&declarations), &DOCUMENTS, options());
        let replaced = |finding: &Finding| repair.new_flavors.iter().any(|new| new.destructive && new.subject == finding.subject);
        let left: Vec<_> = repairable(&repair.repaired).into_iter().filter(|finding| !replaced(finding)).collect();
        prop_assert!(left.is_empty(), "{:#?}\nleft after {:#?}", left, repair.changes);
        // Repairing again changes nothing.
        let again = repair_flavors(&repair.repaired, &context(&declarations), &DOCUMENTS, options());
        prop_assert!(again.changes.is_empty(), "{:#?}", again.changes);
    }
}

#[test]
fn commands_for_a_cloud_in_disorder() {
    let list: FlavorList = r#"{"flavors": [
        {"name": "SCS-1V-4", "vcpus": 1, "ram": 4096, "disk": 0, "os-flavor-access:is_public": true,
         "extra_specs": {"scs:cpu-type": "crowded-core", "scs:name-v1": "SCS-1V:4", "scs:name-v2": "SCS-1V-4"}},
        {"name": "SCS-2V-8", "vcpus": 2, "ram": 8000, "disk": 0, "os-flavor-access:is_public": true, "extra_specs": {}},
        {"name": "SCS-2v-16", "vcpus": 2, "ram": 16384, "disk": 0, "os-flavor-access:is_public": true,
         "extra_specs": {"scs:name-v7": "SCS-2V:16:1O", "scs:typo": "it's"}}
    ]}"#.parse().expect("a list");
    let declarations = Declarations::default();
    let repair = repair_flavors(&list.into(), &context(&declarations), &DOCUMENTS, options());
    let commands: Vec<_> = repair.changes.iter().flat_map(|change| &change.commands).cloned().collect();
    insta::assert_snapshot!(commands.join("\n"), @r"
    openstack flavor set --property scs:cpu-type=shared-core SCS-1V-4
    openstack flavor unset --property scs:name-v7 --property scs:typo SCS-2v-16
    ");
    let new: Vec<_> = repair
        .new_flavors
        .iter()
        .filter(|new| new.destructive)
        .map(|new| format!("{}: {}", new.rule, new.command))
        .collect();
    insta::assert_snapshot!(new.join("\n"), @r"
    scs-0100-syntax-check: openstack flavor create --vcpus 2 --ram 16384 --disk 0 --public SCS-2V-16 && openstack flavor delete SCS-2v-16
    scs-0103-flavor-2v-8: openstack flavor delete SCS-2V-8 && openstack flavor create --vcpus 2 --ram 8192 --disk 0 --public --property scs:name-v1=SCS-2V:8 --property scs:name-v2=SCS-2V-8 --property scs:cpu-type=shared-core SCS-2V-8
    ");
}
