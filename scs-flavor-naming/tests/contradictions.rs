//! Disagreements between text, examples and official suite: each row of parts A and B of the list of contradictions, as
//! decided by the text (profile `text`) and by the official suite (profile `official`).

#![expect(
    clippy::expect_used,
    clippy::needless_pass_by_value,
    clippy::similar_names,
    reason = "helpers of tests fail as tests do"
)]

use scs_flavor_naming::{
    Dialect, DiskType, FlavorList, FlavorName, FlavorSet, GpuNesting, Numbers, Parser, Promise, PropertyKey,
    StandardFlavor, Syntax, UntypedDisk, check_flavors, flavor_rule, flavor_test_case, is_label_value,
};
use scs_standards::{Answer, Context, Declarations, DocumentId, Profile, Severity, Verdict};
use serde_json::{Value, json};

fn accepts(syntax: Syntax, profile: Profile, name: &str) -> bool {
    Parser::of(syntax, profile).parse(name).is_ok()
}

#[track_caller]
fn assert_text(syntax: Syntax, accepted: &[&str], rejected: &[&str]) {
    for name in accepted {
        assert!(accepts(syntax, Profile::Text, name), "{name} is valid in {syntax}");
    }
    for name in rejected {
        assert!(!accepts(syntax, Profile::Text, name), "{name} is not valid in {syntax}");
    }
}

#[track_caller]
fn assert_official(syntax: Syntax, accepted: &[&str], rejected: &[&str]) {
    for name in accepted {
        assert!(accepts(syntax, Profile::Official, name), "the official parser takes {name} as {syntax}");
    }
    for name in rejected {
        assert!(!accepts(syntax, Profile::Official, name), "the official parser rejects {name} as {syntax}");
    }
}

/// A flavor with extra specs from a JSON object.
fn flavor(name: &str, vcpus: u64, ram: u64, disk: u64, specs: Value) -> Value {
    json!({"name": name, "vcpus": vcpus, "ram": ram, "disk": disk, "os-flavor-access:is_public": true, "extra_specs": specs})
}

fn set(flavors: Vec<Value>) -> FlavorSet {
    FlavorList::from_value(&json!({ "flavors": flavors })).expect("a list of flavors").into()
}

fn answers(set: &FlavorSet, profile: Profile) -> Vec<Answer> {
    let declarations = Declarations::default();
    let context =
        Context { at: "2026-11-23T00:00:00Z".parse().expect("a time"), profile, declarations: &declarations };
    check_flavors(
        set,
        &context,
        &[DocumentId::version(100, 3), DocumentId::version(103, 1), DocumentId::version(110, 1)],
    )
}

fn declared(rule: &str, value: scs_standards::DeclaredValue) -> scs_standards::Declaration {
    scs_standards::Declaration {
        rule: rule.into(),
        value,
        subjects: Vec::new(),
        statement: None,
        document: None,
        date: "2026-10-01".parse().expect("a date"),
        valid_until: "2026-12-31".parse().expect("a date"),
        responsible: None,
    }
}

fn rule(set: &FlavorSet, profile: Profile, id: &str) -> Answer {
    answers(set, profile).into_iter().find(|answer| answer.rule == id).expect("a rule that is asked")
}

fn case(set: &FlavorSet, profile: Profile, id: &str) -> Verdict {
    flavor_test_case(id)
        .expect("a test case")
        .verdict(&answers(set, profile))
        .expect("a test case that is asked")
}

#[track_caller]
fn assert_case(set: &FlavorSet, id: &str, text: Verdict, official: Verdict) {
    assert_eq!((case(set, Profile::Text, id), case(set, Profile::Official, id)), (text, official), "{id}");
}

#[test]
fn c_001_a_generation_without_its_vendor() {
    assert_text(Syntax::V1, &[], &["SCS-2C:4:n-bms-3"]);
    assert_text(Syntax::V2, &[], &["SCS-2C-4-n_bms_3"]);
    assert_text(Syntax::V3, &["SCS-2C-4-n_bms_z3"], &["SCS-2C-4-n_bms_3"]);
    assert_official(Syntax::V3, &[], &["SCS-2C-4-n_bms_3"]);
    let error = "SCS-2C-4-n_bms_3".parse::<FlavorName>().unwrap_err();
    assert_eq!(error.suggestion(), Some("SCS-2C-4-n_bms_z3"));
    assert_eq!(error.message(), "the generation `3` needs a vendor letter: i, z, a or r");
}

#[test]
fn c_002_the_disk_type_is_h_and_not_l() {
    for (syntax, h, l) in [
        (Syntax::V1, "SCS-2C:4:10h", "SCS-2C:4:10l"),
        (Syntax::V2, "SCS-2C-4-10h", "SCS-2C-4-10l"),
        (Syntax::V3, "SCS-2C-4-10h", "SCS-2C-4-10l"),
    ] {
        assert_text(syntax, &[h], &[l]);
    }
}

#[test]
fn c_003_examples_that_are_not_names() {
    assert_text(Syntax::V1, &[], &["SCS-1Vl:1:5", "SCS-1D:1.5:8s"]);
    assert_text(Syntax::V2, &[], &["SCS-1D-1.5-8s", "SCS-1V:2"]);
    assert_official(Syntax::V1, &[], &["SCS-1Vl:1:5", "SCS-1D:1.5:8s"]);
}

#[test]
fn c_004_numbers_of_disks_without_a_size() {
    assert_text(Syntax::V1, &["SCS-2C:4:3x", "SCS-2C:4:3xs"], &[]);
    assert_text(Syntax::V2, &["SCS-2C-4-3x", "SCS-2C-4-3xs"], &["SCS-2C-4-3x-"]);
    assert_text(Syntax::V3, &[], &["SCS-2C-4-3x", "SCS-2C-4-3xs", "SCS-2C-4-3x-"]);
    assert_official(Syntax::V3, &["SCS-2C-4-3x", "SCS-2C-4-3xs"], &["SCS-2C-4-3x-"]);
    let option = Parser::with_dialect(Dialect::text(Syntax::V3).with_sizeless_multidisk(true));
    assert!(option.parse("SCS-2C-4-3xs").is_ok());
}

#[test]
fn c_005_generation_a1_is_the_a76_of_the_table() {
    let name: FlavorName = "SCS-4C:16:2x200p-a1".parse().unwrap();
    assert!(name.description().contains("Cortex-A76"), "{}", name.description());
}

#[test]
fn c_006_kvm_with_hardware_virtualization_is_a_name() {
    assert_text(Syntax::V3, &["SCS-2C-4-10_kvm_hwv"], &[]);
    assert_official(Syntax::V3, &["SCS-2C-4-10_kvm_hwv"], &[]);
}

#[test]
fn c_007_the_nesting_of_the_gpu_part() {
    let flat = ["SCS-2V-4_GN-64", "SCS-2V-4_GNh", "SCS-2V-4_GNah", "SCS-2V-4_GNah-64", "SCS-2V-4_GNa-64-6hh"];
    assert_text(Syntax::V3, &["SCS-2V-4_GNa-64hh-6h", "SCS-2V-4_GNa-64-6"], &flat);
    assert_text(Syntax::V3, &[], &["SCS-2V-4_GNa-64hhh", "SCS-2V-4_GNa-6.5"]);
    // In v1 and v2, generation and units are independently optional.
    assert_text(
        Syntax::V2,
        &["SCS-2V-4_GN-64", "SCS-2V-4_GNa-64hh"],
        &["SCS-2V-4_GNah", "SCS-2V-4_GNa-64-6"],
    );
    assert_official(Syntax::V3, &flat, &["SCS-2V-4_GNa-64hhh"]);
    let option = Parser::with_dialect(Dialect::text(Syntax::V3).with_gpu_nesting(GpuNesting::Flat));
    assert!(flat.iter().all(|name| option.parse(name).is_ok()));
}

#[test]
fn c_008_cards_are_found_with_and_without_h() {
    for name in ["SCS-16V-64-500s_GNa-14-6h", "SCS-16V-64-500s_GNa-14-6"] {
        let gpu = name.parse::<FlavorName>().unwrap().gpu().unwrap();
        let cards: Vec<_> =
            scs_flavor_naming::Card::candidates(&gpu).iter().map(ToString::to_string).collect();
        assert!(cards.iter().any(|card| card.contains("A30") && card.contains("1/4")), "{name}: {cards:?}");
    }
}

#[test]
fn c_009_high_bandwidth_is_said_and_not_measured() {
    let name: FlavorName = "SCS-16V-64-500s_GNa-14-6h".parse().unwrap();
    assert!(name.description().ends_with("6 GiB of high-bandwidth video memory"), "{}", name.description());
}

#[test]
fn c_010_an_amd_generation_means_what_its_version_says() {
    let meaning = |syntax, name: &str| {
        Parser::of(syntax, Profile::Text)
            .parse(name)
            .unwrap()
            .name
            .gpu()
            .unwrap()
            .generation()
            .unwrap()
            .name()
    };
    assert_eq!(meaning(Syntax::V1, "SCS-2V:4-GA1"), "RDNA 1");
    assert_eq!(meaning(Syntax::V2, "SCS-2V-4_GA1"), "RDNA 1");
    assert_eq!(meaning(Syntax::V3, "SCS-2V-4_GA1"), "CDNA 1");
    assert_eq!(meaning(Syntax::V3, "SCS-2V-4_GA1.1"), "RDNA 1");
    // The newest version counts if none is given.
    assert_eq!("SCS-2V-4_GA1".parse::<FlavorName>().unwrap().spelled(Syntax::V2), None);
    assert_eq!("SCS-2V:4-GA1".parse::<FlavorName>().unwrap().to_string(), "SCS-2V-4_GA1.1");
}

#[test]
fn c_011_cpu_generations_by_version() {
    assert_text(
        Syntax::V1,
        &["SCS-2V:4-i3", "SCS-2V:4-z4", "SCS-2V:4-a3"],
        &["SCS-2V:4-i4", "SCS-2V:4-z5", "SCS-2V:4-a4"],
    );
    assert_text(
        Syntax::V2,
        &["SCS-2V-4_i4", "SCS-2V-4_z4", "SCS-2V-4_a3"],
        &["SCS-2V-4_i5", "SCS-2V-4_z5", "SCS-2V-4_a4"],
    );
    assert_text(
        Syntax::V3,
        &["SCS-2V-4_i6", "SCS-2V-4_z6", "SCS-2V-4_a5"],
        &["SCS-2V-4_i7", "SCS-2V-4_z7", "SCS-2V-4_a6"],
    );
    assert_text(Syntax::V3, &["SCS-2V-4_r", "SCS-2V-4_rh", "SCS-2V-4_chy"], &["SCS-2V-4_r0", "SCS-2V-4_r1"]);
    assert_text(Syntax::V2, &[], &["SCS-2V-4_chy"]);
    // One table for all versions, except that v1 does not know `chy`.
    assert_official(Syntax::V1, &["SCS-2V:4-i6", "SCS-2V:4-a5"], &["SCS-2V:4-chy"]);
    assert_official(Syntax::V2, &["SCS-2V-4_i6", "SCS-2V-4_chy", "SCS-2V-4_r0"], &["SCS-2V-4_r1"]);
}

#[test]
fn c_012_gpu_generations_beyond_the_lists() {
    assert_text(
        Syntax::V3,
        &["SCS-2V-4_GA0.1", "SCS-2V-4_GA5", "SCS-2V-4_GA3.5", "SCS-2V-4_GA7.1"],
        &["SCS-2V-4_GA2.2"],
    );
    assert_text(Syntax::V3, &["SCS-2V-4_GI0.9", "SCS-2V-4_GI0.95", "SCS-2V-4_GI7"], &["SCS-2V-4_GI1.5"]);
    assert_official(
        Syntax::V3,
        &["SCS-2V-4_GA0.4", "SCS-2V-4_GI0.95"],
        &["SCS-2V-4_GA0.1", "SCS-2V-4_GA5", "SCS-2V-4_GI7"],
    );
    let odd = rule(&FlavorSet::from_names(["SCS-2V-4_GA9"]), Profile::Text, "scs-0100-gpu-generation");
    assert_eq!((odd.verdict, odd.findings[0].severity), (Verdict::Pass, Severity::Warning));
}

#[test]
fn c_013_numbers_that_print_otherwise() {
    for (odd, canonical) in [
        ("SCS-2V-4.", "SCS-2V-4"),
        ("SCS-2V-.5", "SCS-2V-0.5"),
        ("SCS-2V-4.0", "SCS-2V-4"),
        ("SCS-2V-4.50", "SCS-2V-4.5"),
        ("SCS-2V-004", "SCS-2V-4"),
        ("SCS-02V-4", "SCS-2V-4"),
        ("SCS-2V-4-010", "SCS-2V-4-10"),
        ("SCS-2V-4-03x010s", "SCS-2V-4-3x10s"),
        ("SCS-2V-4_i01", "SCS-2V-4_i1"),
        ("SCS-2V-4-x10", "SCS-2V-4-10"),
    ] {
        let error = odd.parse::<FlavorName>().unwrap_err();
        assert_eq!(error.suggestion(), Some(canonical), "{odd}");
        let official = Parser::new(Profile::Official).parse(odd).unwrap();
        assert_eq!(official.name.to_string(), canonical);
        let option = Parser::with_dialect(Dialect::text(Syntax::V3).with_numbers(Numbers::Lenient));
        assert_eq!(option.parse(odd).unwrap().name.to_string(), canonical);
    }
    // The number of disks is an integer, and 1 is valid.
    for name in ["SCS-2V-4-1x10", "SCS-2V:4:1x10", "SCS-2V-4-1x10s_kvm"] {
        let parsed = Parser::new(Profile::Text).parse(name).unwrap();
        assert!(parsed.wrote_single_disk(), "{name}");
        let single = rule(&FlavorSet::from_names([name]), Profile::Text, "scs-0100-canonical");
        assert!(single.findings[0].message.contains("`1x` is redundant"), "{single:?}");
        assert_eq!(
            rule(&FlavorSet::from_names([name]), Profile::Text, "scs-0100-syntax-check").verdict,
            Verdict::Pass
        );
    }
    assert_text(Syntax::V3, &[], &["SCS-2V-4-1x", "SCS-2V-4-01x10", "SCS-2V-4-x10"]);
}

#[test]
fn c_014_halves_of_a_gib() {
    assert_text(Syntax::V3, &["SCS-2V-10.5"], &["SCS-2V-0.25", "SCS-2V-4.25"]);
    assert_official(Syntax::V3, &["SCS-2V-10.5"], &["SCS-2V-0.25", "SCS-2V-4.25"]);
    let large = FlavorSet::from_names(["SCS-2V-10.5"]);
    let text = rule(&large, Profile::Text, "scs-0100-half-gib-large");
    assert_eq!((text.verdict, text.findings[0].severity), (Verdict::Fail, Severity::Warning));
    assert_eq!(
        text.findings[0].other_profile.as_ref().map(|other| (other.result, &*other.difference)),
        Some((Verdict::Pass, "C-014"))
    );
    assert_eq!(rule(&large, Profile::Official, "scs-0100-half-gib-large").verdict, Verdict::Pass);
}

#[test]
fn c_015_names_of_older_versions() {
    for name in ["SCS-2V:4", "SCS-2V-4-3xs", "SCS-2V-4_GN-64"] {
        let old = FlavorSet::from_names([name]);
        assert_eq!(
            rule(&old, Profile::Text, "scs-0100-old-syntax").findings[0].severity,
            Severity::Warning,
            "{name}"
        );
        assert_case(&old, "scs-0100-syntax-check", Verdict::Pass, Verdict::Pass);
    }
    let v1 = FlavorSet::from_names(["SCS-2V:4"]);
    assert_eq!(rule(&v1, Profile::Official, "scs-0100-old-syntax").verdict, Verdict::Pass);
}

#[test]
fn c_016_a_local_disk_named_as_network() {
    let local = set(vec![flavor("SCS-2V-4-20n", 2, 4096, 20, json!({"scs:disk0-type": "ssd"}))]);
    let answer = rule(&local, Profile::Text, "scs-0100-understate-disk-type");
    assert_eq!((answer.verdict, answer.findings[0].severity), (Verdict::Pass, Severity::Warning));
    assert!(!Promise::default().network_is_weaker(false).disk_may_be_named(DiskType::Ssd, DiskType::Network));
}

#[test]
fn c_017_names_that_leave_the_disk_size_open() {
    let open = |disk| set(vec![flavor("SCS-2V-4-n", 2, 4096, disk, json!({}))]);
    assert_case(&open(20), "scs-0100-semantics-check", Verdict::Pass, Verdict::Dnf);
    assert_eq!(case(&open(0), Profile::Text, "scs-0100-semantics-check"), Verdict::Fail);
}

#[test]
fn c_018_what_the_semantics_case_compares() {
    let crowded = set(vec![flavor("SCS-2V-4", 2, 4096, 0, json!({"scs:cpu-type": "crowded-core"}))]);
    assert_case(&crowded, "scs-0100-semantics-check", Verdict::Fail, Verdict::Pass);
    let slow = set(vec![flavor("SCS-2V-4-20s", 2, 4096, 20, json!({"scs:disk0-type": "hdd"}))]);
    assert_case(&slow, "scs-0100-semantics-check", Verdict::Fail, Verdict::Pass);
}

#[test]
fn c_019_a_little_less_memory_than_named() {
    let with_ram = |ram| set(vec![flavor("SCS-2V-4", 2, ram, 0, json!({}))]);
    assert_case(&with_ram(4096), "scs-0100-semantics-check", Verdict::Pass, Verdict::Pass);
    assert_case(&with_ram(4045), "scs-0100-semantics-check", Verdict::Fail, Verdict::Pass);
    assert_case(&with_ram(4044), "scs-0100-semantics-check", Verdict::Fail, Verdict::Fail);
    let finding = &rule(&with_ram(4045), Profile::Text, "scs-0100-semantics-check").findings[0];
    assert_eq!(
        finding.other_profile.as_ref().map(|other| (other.result, &*other.difference)),
        Some((Verdict::Pass, "C-019"))
    );
    let note = &rule(&with_ram(4045), Profile::Official, "scs-0100-semantics-check").findings[0];
    assert_eq!(
        (note.severity, note.other_profile.as_ref().map(|other| other.result)),
        (Severity::Info, Some(Verdict::Fail))
    );
}

#[test]
fn c_020_one_document_for_the_revisions_of_v3() {
    assert_eq!(Syntax::V3.document(), DocumentId::version(100, 3));
    assert_eq!(flavor_rule("scs-0100-syntax-check").unwrap().document(), DocumentId::version(100, 3));
}

#[test]
fn c_021_the_list_of_mandatory_flavors_belongs_to_v1_and_v2() {
    let rule = flavor_rule("scs-0100-mandatory-flavors").unwrap();
    assert_eq!(rule.documents, [DocumentId::version(100, 2), DocumentId::version(100, 1)]);
    assert_eq!(StandardFlavor::legacy_mandatory().count(), 26);
}

#[test]
fn c_022_a_name_that_is_not_a_label_value() {
    assert_text(Syntax::V3, &["SCS-2C-4-"], &[]);
    assert!(!is_label_value("SCS-2C-4-"));
    let answer = rule(&FlavorSet::from_names(["SCS-2C-4-"]), Profile::Text, "scs-0100-syntax-check");
    assert_eq!((answer.verdict, answer.findings[0].severity), (Verdict::Pass, Severity::Info));
}

#[test]
fn c_023_the_card_table_goes_by_its_names() {
    let gpu = "SCS-2V-4_GA2-220-128h".parse::<FlavorName>().unwrap().gpu().unwrap();
    let cards: Vec<_> = scs_flavor_naming::Card::candidates(&gpu).iter().map(ToString::to_string).collect();
    assert!(cards.iter().any(|card| card.contains("MI250X")), "{cards:?}");
}

#[test]
fn c_024_the_caller_determines_the_type_of_an_untyped_disk() {
    let name: FlavorName = "SCS-1V-4-10".parse().unwrap();
    let disk0 = |profile, untyped| {
        let properties = name.properties(profile, untyped);
        properties.into_iter().find(|(key, _)| *key == PropertyKey::DiskType(0)).map(|(_, value)| value)
    };
    assert_eq!(disk0(Profile::Text, UntypedDisk::of(Profile::Text)), None);
    assert_eq!(disk0(Profile::Text, UntypedDisk::As(DiskType::Hdd)).as_deref(), Some("hdd"));
    assert_eq!(disk0(Profile::Official, UntypedDisk::of(Profile::Official)).as_deref(), Some("network"));
}

/// A standard flavor by the text, with changed properties; an empty value removes one.
fn standard(name: &str, changes: &[(&str, &str)]) -> Value {
    let standard = StandardFlavor::named(name).expect("a standard flavor");
    let mut specs: std::collections::BTreeMap<_, _> =
        standard.expected_extra_specs().into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    for (key, value) in changes {
        if value.is_empty() {
            specs.remove(*key)
        } else {
            specs.insert((*key).to_owned(), (*value).to_owned())
        };
    }
    flavor(name, standard.vcpus().into(), standard.ram_mib(), standard.disk_gb().into(), json!(specs))
}

#[test]
fn c_025_any_type_of_disk() {
    let id = "scs-0103-flavor-1v-4-10";
    for kind in DiskType::ALL {
        let any = set(vec![standard("SCS-1V-4-10", &[("scs:disk0-type", kind.key())])]);
        let official = if kind == DiskType::Network { Verdict::Pass } else { Verdict::Fail };
        assert_case(&any, id, Verdict::Pass, official);
    }
    let none = set(vec![standard("SCS-1V-4-10", &[])]);
    assert_case(&none, id, Verdict::Fail, Verdict::Fail);
    let ssd = set(vec![standard("SCS-1V-4-10", &[("scs:disk0-type", "ssd")])]);
    let note = &rule(&ssd, Profile::Text, "scs-0103-disk0-type").findings[0];
    assert_eq!(
        note.other_profile.as_ref().map(|other| (other.result, &*other.difference)),
        Some((Verdict::Fail, "C-025"))
    );
}

#[test]
fn c_026_properties_of_any_flavor_must_be_true() {
    let other =
        set(vec![flavor("m1.large", 2, 8192, 0, json!({"scs:cpu-type": "fast", "scs:name-v1": "SCS-4V-8"}))]);
    for id in ["scs-0103-any-cpu-type", "scs-0103-any-name-vn"] {
        let text = rule(&other, Profile::Text, id);
        assert_eq!(text.verdict, Verdict::Fail, "{id}");
        assert_eq!(text.findings[0].other_profile.as_ref().map(|other| &*other.difference), Some("C-026"));
        assert_eq!(rule(&other, Profile::Official, id).verdict, Verdict::Pass, "{id}");
    }
}

#[test]
fn c_027_name_variants_in_general_and_two_fixed_ones() {
    let further = set(vec![standard("SCS-2V-8", &[("scs:name-v9", "SCS-2V-8_kvm")])]);
    assert_case(&further, "scs-0103-flavor-2v-8", Verdict::Pass, Verdict::Pass);
    assert_eq!(rule(&further, Profile::Text, "scs-0103-any-name-vn").verdict, Verdict::Pass);
    let swapped =
        set(vec![standard("SCS-2V-8", &[("scs:name-v1", "SCS-2V-8"), ("scs:name-v3", "SCS-2V:8")])]);
    assert_case(&swapped, "scs-0103-flavor-2v-8", Verdict::Fail, Verdict::Fail);
}

#[test]
fn c_028_a_standard_flavor_is_found_by_its_figures() {
    let mut renamed = standard("SCS-2V-8", &[("scs:name-v2", "")]);
    renamed["name"] = json!("m1.medium");
    let renamed = set(vec![renamed]);
    assert_eq!(rule(&renamed, Profile::Text, "scs-0103-flavor-2v-8").verdict, Verdict::Pass);
    assert_eq!(rule(&renamed, Profile::Official, "scs-0103-flavor-2v-8").verdict, Verdict::Fail);
    // Name and properties are then compared individually.
    let wrong: Vec<_> = answers(&renamed, Profile::Text)
        .into_iter()
        .flat_map(|answer| answer.findings)
        .filter(|finding| {
            finding.test_case.as_deref() == Some("scs-0103-flavor-2v-8") && finding.result == Verdict::Fail
        })
        .map(|finding| finding.rule)
        .collect();
    assert_eq!(wrong, ["scs-0103-name-v2"]);
}

#[test]
fn c_029_a_disk_type_without_a_disk() {
    let surplus = set(vec![standard("SCS-2V-8", &[("scs:disk0-type", "network")])]);
    assert_case(&surplus, "scs-0103-flavor-2v-8", Verdict::Fail, Verdict::Pass);
    let finding = &rule(&surplus, Profile::Text, "scs-0103-disk0-type").findings[0];
    assert_eq!(finding.other_profile.as_ref().map(|other| &*other.difference), Some("C-029"));
    assert_eq!(
        finding.fix.as_ref().and_then(|fix| fix.command()),
        Some("openstack flavor unset --property scs:disk0-type SCS-2V-8")
    );
}

#[test]
fn c_030_the_table_is_the_texts() {
    assert_eq!(StandardFlavor::mandatory().count(), 15);
    assert_eq!(StandardFlavor::recommended().count(), 16);
}

#[test]
fn c_031_more_than_a_thousand_iops() {
    let verdict = |name: &str, iops: f64| {
        let declaration = declared("scs-0110-iops", scs_standards::DeclaredValue::Number(iops));
        let declarations = Declarations::new(vec![declaration]);
        let at = "2026-11-23T00:00:00Z".parse().expect("a time");
        let context = Context { at, profile: Profile::Text, declarations: &declarations };
        let name: FlavorName = name.parse().expect("a name");
        let size = name.disk().and_then(scs_flavor_naming::Disk::size_gb).map_or(0, u32::from);
        let flavors = vec![flavor(
            &name.to_string(),
            name.cpu().count.get().into(),
            name.ram().size.mib(),
            size.into(),
            json!({}),
        )];
        flavor_rule("scs-0110-iops").expect("a rule").answer(&set(flavors), &context).verdict
    };
    assert_eq!(verdict("SCS-2V-4-20s", 1000.0), Verdict::Fail);
    assert_eq!(verdict("SCS-2V-4-20s", 1001.0), Verdict::Pass);
    assert_eq!(verdict("SCS-8V-32-100s", 1000.0), Verdict::Pass);
    assert_eq!(verdict("SCS-8V-32-100s", 999.0), Verdict::Fail);
}

#[test]
fn c_032_additions_to_a_stable_text_are_dated() {
    let young: Vec<_> = StandardFlavor::all()
        .filter(|standard| standard.revision() == scs_flavor_naming::ListRevision::V1_2)
        .map(StandardFlavor::recommended_name)
        .collect();
    assert_eq!(young, ["SCS-16V-64", "SCS-8V-64", "SCS-16V-128"]);
}

#[test]
fn c_033_a_flavor_without_a_vendor_is_for_x86_64() {
    for standard in StandardFlavor::all() {
        assert_eq!(standard.name().image_architecture(), "x86_64");
    }
    let missing = |architecture: &str, profile| {
        let declaration = declared("architecture", scs_standards::DeclaredValue::Text(architecture.into()));
        let declarations = Declarations::new(vec![declaration]);
        let at = "2026-11-23T00:00:00Z".parse().expect("a time");
        let context = Context { at, profile, declarations: &declarations };
        flavor_rule("scs-0103-flavor-2v-8").expect("a rule").answer(&set(vec![]), &context).verdict
    };
    assert_eq!(missing("x86_64", Profile::Text), Verdict::Fail);
    assert_eq!(missing("aarch64", Profile::Text), Verdict::Pass);
    assert_eq!(missing("aarch64", Profile::Official), Verdict::Fail);
}

#[test]
fn c_034_recommended_cases_keep_their_level() {
    let case = flavor_test_case("scs-0103-flavor-16v-128").unwrap();
    assert_eq!(case.level, scs_standards::Level::Should);
    assert_eq!(flavor_rule(case.id).unwrap().level, scs_standards::Level::Should);
}
