//! What a repair changes makes the findings that properties can repair disappear.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::select;
use scs_flavor_naming::{
    DiskType, FlavorList, FlavorName, FlavorSet, Offer, Repair, RepairOptions, UntypedDisk, check_flavors, repair_flavors,
};
use scs_standards::subject::Flavor;
use scs_standards::{Context, Declarations, DocumentId, Profile, Severity, Verdict};

const DOCUMENTS: [DocumentId; 2] = [DocumentId::version(100, 3), DocumentId::version(103, 1)];

fn options() -> RepairOptions {
    RepairOptions::default().with_untyped_disk(UntypedDisk::As(DiskType::Network))
}

fn context(declarations: &Declarations) -> Context<'_> {
    Context { at: "2026-11-23T00:00:00Z".parse().expect("a time"), profile: Profile::Text, declarations }
}

/// What is broken: rule, subject, message.
fn broken(set: &FlavorSet) -> BTreeSet<(&'static str, String, String)> {
    let declarations = Declarations::default();
    let answers = check_flavors(set, &context(&declarations), &DOCUMENTS);
    let findings = answers.into_iter().flat_map(|answer| answer.findings);
    findings
        .filter(|finding| finding.result == Verdict::Fail && finding.severity != Severity::Info)
        .map(|finding| (finding.rule, finding.subject, finding.message))
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
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn what_is_done_unasked_removes_its_findings_and_adds_none(flavors in proptest::collection::vec(flavor(), 1..5), recommended in any::<bool>()) {
        // Nova has each name once.
        let flavors: BTreeMap<_, _> = flavors.into_iter().map(|flavor| (flavor.name.clone(), flavor)).collect();
        let set = FlavorSet::new(flavors.into_values().collect(), Vec::new());
        let declarations = Declarations::default();
        let options = if recommended { options().recommended() } else { options() };
        let repair = repair_flavors(&set, &context(&declarations), &DOCUMENTS, options);
        let (before, after) = (broken(&set), broken(&repair.repaired));
        let new: Vec<_> = after.difference(&before).collect();
        let flavors: Vec<_> = set.offers().iter().map(Offer::flavor).collect();
        prop_assert!(new.is_empty(), "{:#?}\nafter {:#?}\n{:#?}", new, repair.changes, flavors);
        // What is left is what was announced.
        let told = [&repair.optional, &repair.choices, &repair.remaining].into_iter().flatten();
        let told: BTreeSet<_> = told.map(|finding| (finding.rule, finding.subject.clone(), finding.message.clone())).collect();
        prop_assert_eq!(&told, &after);
        // Repairing again changes nothing.
        let again = repair_flavors(&repair.repaired, &context(&declarations), &DOCUMENTS, options);
        prop_assert!(again.changes.is_empty() && again.new_flavors.is_empty(), "{:#?}", again.changes);
    }
}

fn repaired(json: &str, options: RepairOptions) -> Repair {
    let list: FlavorList = json.parse().expect("a list");
    let declarations = Declarations::default();
    repair_flavors(&list.into(), &context(&declarations), &DOCUMENTS, options)
}

/// Question and commands of each choice, once.
fn choices(repair: &Repair) -> Vec<String> {
    let mut told = Vec::new();
    for finding in &repair.choices {
        let fix = finding.fix.as_ref().expect("a fix");
        let ways = fix.ways().iter().map(|way| {
            let mark = if way.destructive { " (destructive)" } else { "" };
            format!("  {}{mark}: {}", way.when.as_deref().unwrap_or_default(), way.command)
        });
        let lines: Vec<String> = std::iter::once(fix.words().unwrap_or_default().to_owned()).chain(ways).collect();
        let choice = lines.join("\n");
        if !told.contains(&choice) {
            told.push(choice);
        }
    }
    told
}

#[test]
fn commands_for_a_cloud_in_disorder() {
    let repair = repaired(
        r#"{"flavors": [
        {"name": "SCS-1V-4", "vcpus": 1, "ram": 4096, "disk": 0, "os-flavor-access:is_public": true,
         "extra_specs": {"scs:cpu-type": "crowded-core", "scs:name-v1": "SCS-1V:4", "scs:name-v2": "SCS-1V-4"}},
        {"name": "SCS-2V-8", "vcpus": 2, "ram": 8000, "disk": 0, "os-flavor-access:is_public": true, "extra_specs": {}},
        {"name": "SCS-2v-16", "vcpus": 2, "ram": 16384, "disk": 0, "os-flavor-access:is_public": true,
         "extra_specs": {"scs:name-v7": "SCS-2V:16:1O", "scs:typo": "it's"}}
    ]}"#,
        options(),
    );
    let commands: Vec<_> = repair.changes.iter().flat_map(|change| &change.commands).cloned().collect();
    insta::assert_snapshot!(commands.join("\n"), @"openstack flavor unset --property scs:name-v7 SCS-2v-16");
    insta::assert_snapshot!(choices(&repair).join("\n"), @r"
    `SCS-2V-16` exists already. Can this one go?
       (destructive): openstack flavor delete SCS-2v-16
    Nova cannot rename: the new flavor takes the place of this one, and servers keep what they have. Does anything still ask for the old name?
      nothing does (destructive): openstack flavor create --vcpus 2 --ram 8000 --disk 0 --public SCS-2V-7.5 && openstack flavor delete SCS-2V-8
    Which is true of the hosts: are the vCPUs shared-core, as named, or crowded-core?
      they are shared-core: openstack flavor set --property scs:cpu-type=shared-core SCS-1V-4
      they are crowded-core (destructive): openstack flavor create --vcpus 1 --ram 4096 --disk 0 --public --property scs:cpu-type=crowded-core SCS-1L-4 && openstack flavor delete SCS-1V-4
    Nova cannot change it: the flavor has to be deleted and made again. Can it be gone in between?
      it can (destructive): openstack flavor delete SCS-2V-8 && openstack flavor create --vcpus 2 --ram 8192 --disk 0 --public --property scs:name-v1=SCS-2V:8 --property scs:name-v2=SCS-2V-8 --property scs:cpu-type=shared-core SCS-2V-8
    Do the hosts have local SSD disks with power-loss protection for it?
      they have: openstack flavor create --vcpus 4 --ram 16384 --disk 100 --public --property scs:name-v1=SCS-4V:16:100s --property scs:name-v2=SCS-4V-16-100s --property scs:cpu-type=shared-core --property scs:disk0-type=ssd SCS-4V-16-100s
    Do the hosts have local SSD disks with power-loss protection for it?
      they have: openstack flavor create --vcpus 2 --ram 4096 --disk 20 --public --property scs:name-v1=SCS-2V:4:20s --property scs:name-v2=SCS-2V-4-20s --property scs:cpu-type=shared-core --property scs:disk0-type=ssd SCS-2V-4-20s
    Does a tool of yours read them?
      nothing does (destructive): openstack flavor unset --property scs:typo SCS-2v-16
    ");
}
