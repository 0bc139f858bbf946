//! Repairs fix the findings that properties can fix.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::select;
use scs_flavor_naming::{
    DiskType, FlavorList, FlavorName, FlavorSet, Offer, Repair, RepairOptions, UntypedDisk, check_flavors,
    definitions_yaml, repair_flavors,
};
use scs_standards::subject::Flavor;
use scs_standards::{Context, Declarations, DocumentId, Fix, Profile, Severity, Verdict};
use serde_json::{Value, json};

const DOCUMENTS: [DocumentId; 2] = [DocumentId::version(100, 3), DocumentId::version(103, 1)];

fn options() -> RepairOptions {
    RepairOptions::default().with_untyped_disk(UntypedDisk::As(DiskType::Network))
}

fn context(declarations: &Declarations) -> Context<'_> {
    Context { at: "2026-11-23T00:00:00Z".parse().expect("a time"), profile: Profile::Text, declarations }
}

/// The failures: rule, subject, message.
fn broken(set: &FlavorSet) -> BTreeSet<(String, String, String)> {
    let declarations = Declarations::default();
    let answers = check_flavors(set, &context(&declarations), &DOCUMENTS);
    let findings = answers.into_iter().flat_map(|answer| answer.findings);
    findings
        .filter(|finding| finding.result == Verdict::Fail && finding.severity != Severity::Info)
        .map(|finding| (finding.rule.into_owned(), finding.subject, finding.message))
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
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn safe_fixes_remove_findings_and_add_none(flavors in proptest::collection::vec(flavor(), 1..5), recommended in any::<bool>()) {
        // Names are unique in Nova.
        let flavors: BTreeMap<_, _> = flavors.into_iter().map(|flavor| (flavor.name.clone(), flavor)).collect();
        let set: FlavorSet = flavors.into_values().collect();
        let declarations = Declarations::default();
        let options = if recommended { options().recommended() } else { options() };
        let repair = repair_flavors(&set, &context(&declarations), &DOCUMENTS, options);
        let (before, after) = (broken(&set), broken(&repair.repaired));
        let new: Vec<_> = after.difference(&before).collect();
        let flavors: Vec<_> = set.offers().iter().map(Offer::flavor).collect();
        prop_assert!(new.is_empty(), "{:#?}\nafter {:#?}\n{:#?}", new, repair.changes, flavors);
        // What is left is what was announced.
        let told = [&repair.optional, &repair.choices, &repair.settled, &repair.remaining].into_iter().flatten();
        let told: BTreeSet<_> = told.map(|finding| (finding.rule.to_string(), finding.subject.clone(), finding.message.clone())).collect();
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

/// The question and commands of each choice, without duplicates.
fn choices(repair: &Repair) -> Vec<String> {
    let mut announced = Vec::new();
    for finding in &repair.choices {
        let fix = finding.fix.as_ref().expect("a fix");
        let ways = fix.ways().iter().map(|way| {
            let mark = if way.destructive { " (destructive)" } else { "" };
            format!("  {}{mark}: {}", way.when.as_deref().unwrap_or_default(), way.command)
        });
        let lines: Vec<String> =
            std::iter::once(fix.words().unwrap_or_default().to_owned()).chain(ways).collect();
        let choice = lines.join("\n");
        if !announced.contains(&choice) {
            announced.push(choice);
        }
    }
    announced
}

#[test]
fn commands_fix_a_cloud_with_many_violations() {
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
    assert_eq!(commands, Vec::<String>::new());
    insta::assert_snapshot!(choices(&repair).join("\n"), @r"
    Are the vCPUs shared-core, as in the name? Otherwise create the flavor under a name that does not promise more than crowded-core, and delete `SCS-1V-4`.
      they are shared-core: openstack flavor set --property scs:cpu-type=shared-core SCS-1V-4
    Nova cannot change this: the flavor has to be deleted and recreated. Can it be unavailable in between? Otherwise use a maintenance window.
      it can (destructive): openstack flavor delete SCS-2V-8 && openstack flavor create --vcpus 2 --ram 8192 --disk 0 --public --property scs:name-v1=SCS-2V:8 --property scs:name-v2=SCS-2V-8 --property scs:cpu-type=shared-core SCS-2V-8
    Do the hosts have local SSD disks with power-loss protection? Otherwise get such hosts first.
      they do: openstack flavor create --vcpus 4 --ram 16384 --disk 100 --public --property scs:name-v1=SCS-4V:16:100s --property scs:name-v2=SCS-4V-16-100s --property scs:cpu-type=shared-core --property scs:disk0-type=ssd SCS-4V-16-100s
    Do the hosts have local SSD disks with power-loss protection? Otherwise get such hosts first.
      they do: openstack flavor create --vcpus 2 --ram 4096 --disk 20 --public --property scs:name-v1=SCS-2V:4:20s --property scs:name-v2=SCS-2V-4-20s --property scs:cpu-type=shared-core --property scs:disk0-type=ssd SCS-2V-4-20s
    SCS-1V-4 requires shared-core vCPUs, but `scs:cpu-type` is crowded-core. Are the vCPUs shared-core? Otherwise recreate this flavor under another name, and create SCS-1V-4 with shared-core vCPUs.
      they are: openstack flavor set --property scs:cpu-type=shared-core SCS-1V-4
    Does anyone find the flavor by such a name? If so, have them stop first.
      nobody does (destructive): openstack flavor unset --property scs:name-v7 SCS-2v-16
    Does one of your tools read them? If so, change the tool first.
      none does (destructive): openstack flavor unset --property scs:typo SCS-2v-16
    ");
}

/// A Nova flavor: name, vCPUs, memory, disk, further fields, extra specs.
fn nova(name: &str, (vcpus, ram, disk): (u64, u64, u64), further: &Value, specs: &Value) -> Value {
    let mut flavor = json!({
        "name": name, "vcpus": vcpus, "ram": ram, "disk": disk, "os-flavor-access:is_public": true, "extra_specs": specs,
    });
    for (key, value) in further.as_object().into_iter().flatten() {
        flavor[key] = value.clone();
    }
    flavor
}

fn of(flavors: &[Value], options: RepairOptions) -> Repair {
    repaired(&json!({ "flavors": flavors }).to_string(), options)
}

/// The ways to fix a flavor's findings of a rule.
fn ways(repair: &Repair, rule: &str, subject: &str) -> Vec<String> {
    let lists = [&repair.optional, &repair.choices, &repair.remaining].into_iter().flatten();
    let findings = lists.filter(|finding| finding.rule == rule && finding.subject == subject);
    let fixes = findings.filter_map(|finding| finding.fix.as_ref());
    fixes.flat_map(|fix| fix.ways().iter().map(|way| way.command.clone())).collect()
}

#[test]
fn a_new_name_keeps_everything_else() {
    let further = json!({
        "os-flavor-access:is_public": false, "swap": 512, "OS-FLV-EXT-DATA:ephemeral": 10, "rxtx_factor": 2.0,
        "description": "for batch",
    });
    let flavor = nova("SCS-3C-6.0", (3, 6144, 0), &further, &json!({"hw:cpu_policy": "dedicated"}));
    let repair = of(&[flavor], options());
    assert_eq!(
        ways(&repair, "scs-0100-syntax-check", "SCS-3C-6.0"),
        [
            "openstack flavor create --vcpus 3 --ram 6144 --disk 0 --ephemeral 10 --swap 512 --rxtx-factor 2.0 --description 'for batch' \
          --private --property hw:cpu_policy=dedicated SCS-3C-6 && openstack flavor delete SCS-3C-6.0"
        ]
    );
    let finding =
        repair.choices.iter().find(|finding| finding.rule == "scs-0100-syntax-check").expect("a choice");
    assert!(
        finding
            .fix
            .as_ref()
            .is_some_and(|fix| fix.is_destructive() && fix.words().is_some_and(|it| it.contains("access")))
    );
    // Names without figures are not flavors that a command could create.
    let names = FlavorSet::from_names(["SCS-2iT-4"]);
    let declarations = Declarations::default();
    let alone = repair_flavors(&names, &context(&declarations), &DOCUMENTS, options());
    assert_eq!(ways(&alone, "scs-0100-syntax-check", "SCS-2iT-4"), Vec::<String>::new());
}

#[test]
fn a_wrong_name_is_deleted_if_the_right_one_exists() {
    let none = Value::Null;
    let flavors = [
        nova("SCS-3C-6", (3, 6144, 0), &none, &json!({})),
        nova("SCS-3C-6 ", (3, 6144, 0), &none, &json!({})),
    ];
    let repair = of(&flavors, options());
    assert_eq!(ways(&repair, "scs-0100-syntax-check", "SCS-3C-6 "), ["openstack flavor delete 'SCS-3C-6 '"]);
}

#[test]
fn a_flavor_is_not_deleted_for_a_different_one_with_the_right_name() {
    let none = Value::Null;
    let wrong = nova("SCS-1L1", (8, 8192, 100), &none, &json!({"hw:cpu_policy": "dedicated"}));
    let different = [
        nova("SCS-1L-1", (1, 1024, 0), &none, &json!({})),
        nova("SCS-1L-1", (8, 8192, 100), &none, &json!({})),
        nova("SCS-1L-1", (8, 8192, 100), &json!({"swap": 512}), &json!({"hw:cpu_policy": "dedicated"})),
        nova(
            "SCS-1L-1",
            (8, 8192, 100),
            &json!({"os-flavor-access:is_public": false}),
            &json!({"hw:cpu_policy": "dedicated"}),
        ),
    ];
    for other in different {
        let repair = of(&[wrong.clone(), other], options());
        assert_eq!(ways(&repair, "scs-0100-syntax-check", "SCS-1L1"), Vec::<String>::new());
        let mut remaining = repair.remaining.iter().filter(|it| it.rule == "scs-0100-syntax-check");
        let advice = remaining.find_map(|it| it.fix.as_ref()?.words()).expect("advice");
        assert!(advice.contains("is a different flavor") && advice.contains("`SCS-8L-8-100`"), "{advice}");
    }
}

#[test]
fn what_a_choice_settles_is_not_left_to_do_by_hand() {
    let none = Value::Null;
    let flavors = [
        nova("SCS-8V-32", (8, 32000, 0), &none, &json!({"scs:name-v1": "SCS-8V:32"})),
        nova("SCS-4V-16-100s", (4, 16384, 100), &none, &json!({"scs:disk0-type": "network"})),
    ];
    let repair = of(&flavors, options());
    for name in ["SCS-8V-32", "SCS-4V-16-100s"] {
        assert!(repair.choices.iter().any(|finding| finding.subject == name), "{name}");
        let left: Vec<_> = repair.remaining.iter().filter(|finding| finding.subject == name).collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

#[test]
fn new_flavors_break_no_other_rule() {
    let without = of(&[], RepairOptions::default());
    // The mandatory flavors without a disk are created; an SSD and an open disk type are choices.
    assert_eq!(without.new_flavors.len(), 13);
    assert!(
        without.new_flavors.iter().all(|new| !new.command.contains("--disk 1")),
        "{:?}",
        without.new_flavors
    );
    let with = of(&[], options().recommended());
    assert_eq!(with.new_flavors.len(), 13 + 16);
    let left = broken(&with.repaired);
    assert!(
        left.iter()
            .all(|(rule, ..)| ["scs-0103-flavor-2v-4-20s", "scs-0103-flavor-4v-16-100s"]
                .contains(&rule.as_str())),
        "{left:?}"
    );
}

#[test]
fn unknown_disk_types_are_asked_for() {
    let specs = json!({"scs:name-v1": "SCS-4V:16:100s", "scs:name-v2": "SCS-4V-16-100s", "scs:cpu-type": "shared-core"});
    let flavor = nova("SCS-4V-16-100s", (4, 16384, 100), &Value::Null, &specs);
    let repair = of(&[flavor], RepairOptions::default());
    assert!(repair.changes.is_empty(), "{:?}", repair.changes);
    let ways = ways(&repair, "scs-0103-disk0-type", "SCS-4V-16-100s");
    // With another name, the standard flavor would be missing.
    assert_eq!(ways.len(), 1, "{ways:?}");
    assert!(ways[0].starts_with("openstack flavor set"));
}

#[test]
fn the_name_may_be_wrong() {
    let specs = json!({"scs:cpu-type": "shared-core"});
    let flavor = nova("SCS-8C-32-200p", (8, 32768, 200), &Value::Null, &specs);
    let repair = of(&[flavor], options());
    assert!(repair.changes.is_empty(), "{:?}", repair.changes);
    let ways = ways(&repair, "scs-0100-understate-cpu-class", "SCS-8C-32-200p");
    assert_eq!(ways.len(), 2, "{ways:?}");
    assert!(ways[1].contains(" SCS-8V-32-200p && openstack flavor delete SCS-8C-32-200p"), "{ways:?}");
}

#[test]
fn agreeing_name_and_property_outweigh_figures() {
    let specs = json!({
        "scs:name-v1": "SCS-4V:16:100s", "scs:name-v2": "SCS-4V-16-100s", "scs:cpu-type": "shared-core", "scs:disk0-type": "ssd",
    });
    let further = json!({"OS-FLV-EXT-DATA:ephemeral": 100});
    let repair = of(&[nova("SCS-4V-16-100s", (4, 16384, 0), &further, &specs)], options());
    assert!(
        repair.changes.iter().all(|change| !change.set.contains_key("scs:name-v2")),
        "{:?}",
        repair.changes
    );
    assert!(repair.new_flavors.iter().any(|new| new.subject == "SCS-4V-16"));
    let wrong = repair
        .choices
        .iter()
        .find(|finding| finding.rule == "scs-0103-flavor-4v-16-100s")
        .expect("a finding");
    assert!(wrong.message.ends_with("has 0 GB and 100 GB of ephemeral disk"), "{}", wrong.message);
    let ways = ways(&repair, "scs-0103-flavor-4v-16-100s", "SCS-4V-16-100s");
    assert!(ways[0].contains("--disk 100 --public") && !ways[0].contains("--ephemeral"), "{ways:?}");
}

#[test]
fn commands_select_the_right_flavor() {
    let specs = json!({"scs:cpu-type": "what"});
    let commands = |flavor: Value| {
        let repair = of(&[flavor, nova("other", (1, 1, 0), &json!({"id": "twice"}), &json!({}))], options());
        let mut found = repair.choices.iter().filter(|finding| finding.rule == "scs-0103-any-cpu-type");
        let fix = found.find_map(|finding| finding.fix.as_ref());
        let last = fix.into_iter().flat_map(Fix::ways).next_back();
        last.map(|way| way.command.clone()).into_iter().collect::<Vec<_>>()
    };
    let named = |name: &str| nova(name, (1, 1, 0), &Value::Null, &specs);
    assert_eq!(commands(named("-x")), ["openstack flavor unset --property scs:cpu-type -- -x"]);
    let odd = nova("a\nb", (1, 1, 0), &json!({"id": "7"}), &specs);
    assert_eq!(commands(odd), ["openstack flavor unset --property scs:cpu-type 7"]);
    // The client looks for an id first.
    let twice = nova("twice", (1, 1, 0), &json!({"id": "7"}), &specs);
    assert_eq!(commands(twice), ["openstack flavor unset --property scs:cpu-type 7"]);
    assert_eq!(commands(named("a\0b")), Vec::<String>::new());
}

#[test]
fn definitions_are_repaired_in_their_file() {
    let yaml = "mandatory:\n- name: SCS-2V-8\n  cpus: 2\n  ram: 8192\n  scs:cpu-type: Shared_Core\n";
    let list: FlavorList = yaml.parse().expect("definitions");
    let set = FlavorSet::from(list);
    let declarations = Declarations::default();
    let answers = check_flavors(&set, &context(&declarations), &DOCUMENTS);
    let fixes = answers.iter().flat_map(|answer| &answer.findings).filter_map(|finding| finding.fix.as_ref());
    assert!(fixes.clone().count() > 0 && fixes.clone().all(|fix| fix.command().is_none()));
    let words: Vec<_> = fixes.filter_map(|fix| fix.words()).collect();
    let changes = |words: &&str| {
        words.starts_with("in the definitions: ") && words.contains("set `scs:cpu-type: shared-core`")
    };
    assert!(words.iter().any(changes), "{words:?}");
    let repair = repair_flavors(&set, &context(&declarations), &DOCUMENTS, options());
    let edits: Vec<_> = repair.new_flavors.iter().flat_map(|new| new.edits.clone()).collect();
    let added = definitions_yaml(&edits);
    let again: FlavorList = format!("mandatory:\n{added}").parse().expect("definitions");
    assert_eq!(again.flavors.len(), repair.new_flavors.len());
    assert!(again.broken.is_empty());
}

/// Terminates quickly; an algorithm that compares all pairs would take hours.
#[test]
fn many_flavors_and_many_properties_are_checked_in_linear_time() {
    let names = (1..4000)
        .map(|number| nova(&format!("SCS-2v-{number}"), (2, 1024 * number, 0), &Value::Null, &json!({})));
    let repair = of(&names.collect::<Vec<_>>(), options());
    assert_eq!(repair.choices.iter().filter(|finding| finding.rule == "scs-0100-syntax-check").count(), 3999);
    let specs: serde_json::Map<String, Value> =
        (0..20_000).map(|number| (format!("scs:k{number}"), json!("v"))).collect();
    let repair = of(&[nova("m1", (1, 1, 0), &Value::Null, &json!(specs))], options());
    let unknown: Vec<_> =
        repair.choices.iter().filter(|finding| finding.rule == "scs-0103-unknown-scs-key").collect();
    assert_eq!(unknown.len(), 1);
    let names: serde_json::Map<String, Value> = (1..5000)
        .map(|number| (format!("scs:name-v{number}"), json!(format!("SCS-{}V-4", number + 1))))
        .collect();
    let repair = of(&[nova("m1", (1, 1, 0), &Value::Null, &json!(names))], options());
    let removed: BTreeSet<_> = repair
        .choices
        .iter()
        .filter(|finding| finding.rule == "scs-0103-any-name-vn")
        .flat_map(|finding| finding.fix.iter().flat_map(Fix::ways))
        .flat_map(|way| &way.edits)
        .collect();
    assert_eq!(removed.len(), 4999);
    assert!(unknown[0].message.ends_with("and 19980 others"), "{}", unknown[0].message);
}

/// The first fix of a flavor's findings of a rule.
fn fix_of(repair: &Repair, rule: &str) -> Option<Fix> {
    let lists = [&repair.optional, &repair.choices, &repair.remaining].into_iter().flatten();
    lists.filter(|finding| finding.rule == rule).find_map(|finding| finding.fix.clone())
}

#[test]
fn misspelled_types_are_corrected_and_not_removed() {
    let cpu = "scs-0103-any-cpu-type";
    for (value, right) in [
        ("shared_core", "shared-core"),
        ("Shared-Core", "shared-core"),
        ("dedicated-cores", "dedicated-core"),
    ] {
        let big = nova("m1.big", (4, 6144, 20), &Value::Null, &json!({"scs:cpu-type": value}));
        let repair = of(&[big], options());
        assert!(repair.changes.is_empty(), "{:?}", repair.changes);
        let fix = fix_of(&repair, cpu).expect("a choice");
        let ways: Vec<_> = fix.ways().iter().map(|way| (way.command.as_str(), way.destructive)).collect();
        let set = format!("openstack flavor set --property scs:cpu-type={right} m1.big");
        assert_eq!(
            ways,
            [(set.as_str(), false), ("openstack flavor unset --property scs:cpu-type m1.big", true)]
        );
    }
    let disk = nova("m1.big", (4, 6144, 20), &Value::Null, &json!({"scs:disk0-type": "SSD"}));
    let repair = of(&[disk], options());
    assert_eq!(
        ways(&repair, "scs-0103-any-diskn-type", "m1.big")[0],
        "openstack flavor set --property scs:disk0-type=ssd m1.big"
    );
    // Name and spelling agree.
    let named = nova("SCS-3V-8", (3, 8192, 0), &Value::Null, &json!({"scs:cpu-type": "shared_core"}));
    assert_eq!(of(&[named], options()).changes[0].set["scs:cpu-type"], "shared-core");
    // They disagree: one of them may be wrong.
    let other = nova("SCS-3V-8", (3, 8192, 0), &Value::Null, &json!({"scs:cpu-type": "dedicated_core"}));
    let repair = of(&[other], options());
    assert!(repair.changes.is_empty());
    assert_eq!(fix_of(&repair, cpu).expect("a choice").ways().len(), 3);
}

#[test]
fn nothing_is_removed_automatically() {
    for specs in [
        json!({"scs:name-v1": "SCS-1V-1", "scs:name-v2": "SCS-1V-1"}),
        json!({"scs:name-v1": "what"}),
        json!({"scs:disk0-type": "ssd"}),
        json!({"scs:disk7-type": "ssd"}),
        json!({"scs:cpu-type": "what"}),
        json!({"scs:cpu-type": "shared-core", "scs:name-v1": "SCS-2V:8", "scs:name-v2": "SCS-2V-8", "scs:disk0-type": "ssd"}),
    ] {
        for name in ["m1.big", "SCS-2V-8"] {
            let repair = of(&[nova(name, (2, 8192, 0), &Value::Null, &specs)], options().recommended());
            assert!(
                repair.changes.iter().all(|change| change.unset.is_empty()),
                "{name} {specs}: {:?}",
                repair.changes
            );
        }
    }
}

#[test]
fn dedicated_cores_are_not_relabeled_automatically() {
    for specs in [json!({"hw:cpu_policy": "dedicated"}), json!({"scs:cpu-type": "dedicated-core"})] {
        let repair = of(&[nova("SCS-2V-8", (2, 8192, 0), &Value::Null, &specs)], options());
        assert!(repair.changes.is_empty(), "{:?}", repair.changes);
        let fix = fix_of(&repair, "scs-0103-cpu-type").expect("a choice");
        assert_eq!(fix.ways().len(), 1, "{fix:#?}");
        assert!(
            fix.words().is_some_and(|words| words.contains("SCS-2V-8 requires shared-core vCPUs")),
            "{fix:#?}"
        );
    }
    let complete = of(
        &[nova("SCS-3V-8", (3, 8192, 0), &Value::Null, &json!({"hw:cpu_policy": "dedicated"}))],
        options().complete(),
    );
    assert!(
        complete.changes.iter().all(|change| !change.set.contains_key("scs:cpu-type")),
        "{:?}",
        complete.changes
    );
}

#[test]
fn a_renamed_flavor_has_the_properties_of_its_new_name() {
    let specs = json!({"scs:name-v1": "SCS-8C:32:200p", "scs:name-v2": "SCS-8C-32-200p", "scs:cpu-type": "shared-core", "scs:disk0-type": "nvme"});
    let repair = of(&[nova("SCS-8C-32-200p", (8, 32768, 200), &Value::Null, &specs)], options());
    let ways = ways(&repair, "scs-0100-understate-cpu-class", "SCS-8C-32-200p");
    let renamed = ways.iter().find(|way| way.contains("flavor create")).expect("a new flavor");
    for property in [
        "scs:name-v1=SCS-8V:32:200p",
        "scs:name-v2=SCS-8V-32-200p",
        "scs:cpu-type=shared-core",
        "scs:disk0-type=nvme",
    ] {
        assert!(renamed.contains(property), "{property}: {renamed}");
    }
    assert!(!renamed.contains("8C-32-200p ") || renamed.ends_with("delete SCS-8C-32-200p"), "{renamed}");
}

#[test]
fn violations_are_not_copied_to_short_names() {
    for (name, figures, specs) in [
        ("SCS-4V-6-50n", (4, 6144, 20), json!({})),
        ("SCS-4V-6-50n", (4, 6144, 50), json!({"scs:disk3-type": "ssd"})),
        ("SCS-4V-6-50n_kvm", (4, 6144, 50), json!({"scs:color": "blue"})),
    ] {
        let repair = of(&[nova(name, figures, &Value::Null, &specs)], options());
        assert_eq!(ways(&repair, "scs-0100-short-name", name), Vec::<String>::new(), "{specs}");
    }
    let repair = of(&[nova("SCS-4V-16-50n_kvm", (4, 16384, 50), &Value::Null, &json!({}))], options());
    assert_eq!(
        ways(&repair, "scs-0100-short-name", "SCS-4V-16-50n_kvm"),
        [
            "openstack flavor create --vcpus 4 --ram 16384 --disk 50 --public --property scs:cpu-type=shared-core \
          --property scs:disk0-type=network --property scs:name-v1=SCS-4V:16:50 --property scs:name-v2=SCS-4V-16-50 SCS-4V-16-50"
        ]
    );
}

#[test]
fn missing_fields_are_reported() {
    let list: FlavorList =
        r#"{"flavors": [{"id": "1", "name": "SCS-2V-8"}, {"id": "2", "name": "SCS-4V-16", "vcpus": 4}]}"#
            .parse()
            .expect("a list");
    let missing: Vec<_> = FlavorSet::from(list).not_given().iter().map(|it| (it.field, it.flavors)).collect();
    assert_eq!(
        missing,
        [("vCPUs", 1), ("memory", 2), ("root disk", 2), ("visibility", 2), ("extra specs", 2)]
    );
}
