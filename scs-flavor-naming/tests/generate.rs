//! Generated files and commands: their appearance, and that consumers read back the same facts.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use insta::assert_snapshot;
use proptest::prelude::*;
use scs_flavor_naming::generate::{
    FlavorSpec, UntypedDisk, flavor_manager_yaml, markdown_table, openstack_commands, terraform,
};
use scs_flavor_naming::{
    DiskType, FlavorList, FlavorName, FlavorStatus, MOST_DISK_PROPERTIES, Parser, PropertyKey,
    StandardFlavor, check_flavors,
};
use scs_standards::{Context, Declarations, DocumentId, Profile, Strength, Verdict};
use serde_json::{Value, json};

mod official;

const DATA_FILE: &str = "Tests/iaas/SCS-Spec.MandatoryFlavors.verbose.yaml";

fn spec(name: &str) -> FlavorSpec {
    FlavorSpec::from_name(name.parse().unwrap(), UntypedDisk::LeaveOut, Profile::Text).unwrap()
}

/// A flavor with a property that every format has to quote.
fn with_property(value: &str) -> FlavorSpec {
    let mut spec = spec("SCS-1L-1");
    spec.extra_specs = vec![("note".to_owned(), value.to_owned())];
    spec
}

fn standard(status: FlavorStatus) -> Vec<FlavorSpec> {
    StandardFlavor::all()
        .filter(|flavor| flavor.status() == status)
        .map(|flavor| FlavorSpec::standard(flavor, UntypedDisk::As(DiskType::Network)))
        .collect()
}

fn standard_yaml() -> Value {
    let yaml = flavor_manager_yaml(&standard(FlavorStatus::Mandatory), &standard(FlavorStatus::Recommended));
    serde_saphyr::from_str(&yaml).unwrap()
}

#[test]
fn yaml_looks_like_the_official_file() {
    let mandatory = [spec("SCS-4V-16-100s")];
    assert_snapshot!(flavor_manager_yaml(&mandatory, &[]), @r"
    reference:
    - field: name
      mandatory_prefix: SCS-
    - field: public
      default: true
    - field: disabled
      default: false
    - field: cpus
    - field: ram
    - field: disk
    mandatory:
    - name: SCS-4V-16-100s
      cpus: 4
      ram: 16384
      disk: 100
      scs:name-v1: SCS-4V:16:100s
      scs:name-v2: SCS-4V-16-100s
      scs:cpu-type: shared-core
      scs:disk0-type: ssd
    recommended: []
    ");
}

#[test]
fn yaml_has_the_facts_of_the_table() {
    let yaml = standard_yaml();
    for status in [FlavorStatus::Mandatory, FlavorStatus::Recommended] {
        let rows = yaml[status.key()].as_array().unwrap();
        assert_eq!(rows.len(), StandardFlavor::all().filter(|flavor| flavor.status() == status).count());
        for row in rows {
            let flavor = StandardFlavor::named(row["name"].as_str().unwrap()).unwrap();
            assert_eq!(row["cpus"], flavor.vcpus());
            assert_eq!(row["ram"], flavor.ram_mib());
            assert_eq!(row.get("disk").map_or(0, |disk| disk.as_u64().unwrap()), u64::from(flavor.disk_gb()));
            for (key, value) in flavor.expected_extra_specs() {
                assert_eq!(row[key], value, "{flavor} {key}");
            }
        }
    }
}

#[test]
fn yaml_has_the_facts_of_the_official_file() {
    let Some(text) = official::read(DATA_FILE) else { return };
    let mut theirs: Value = serde_saphyr::from_str(&text).unwrap();
    let mut ours = standard_yaml();
    // The order of the flavors does not matter.
    for list in [&mut theirs, &mut ours] {
        for status in ["mandatory", "recommended"] {
            list[status].as_array_mut().unwrap().sort_by_key(|row| row["name"].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(ours, theirs);
}

#[test]
fn commands_create_and_set() {
    let mut private = spec("SCS-2V-4-20s_i3");
    private.public = false;
    let specs = [private, spec("SCS-1L-1")];
    assert_snapshot!(openstack_commands(&specs, &["SCS-1L-1"]), @r"
    openstack flavor create --vcpus 2 --ram 4096 --disk 20 --private --property scs:name-v1=SCS-2V:4:20s-i3 --property scs:name-v2=SCS-2V-4-20s_i3 --property scs:name-v3=SCS-2V:4:20s --property scs:name-v4=SCS-2V-4-20s --property scs:cpu-type=shared-core --property scs:disk0-type=ssd SCS-2V-4-20s_i3
    openstack flavor set --property scs:name-v1=SCS-1L:1 --property scs:name-v2=SCS-1L-1 --property scs:cpu-type=crowded-core SCS-1L-1
    ");
    assert_snapshot!(openstack_commands(&[with_property("it's $HOME; `x`")], &[]), @r"openstack flavor create --vcpus 1 --ram 1024 --disk 0 --public --property 'note=it'\''s $HOME; `x`' SCS-1L-1");
}

#[cfg(unix)]
#[test]
fn shells_read_the_words_back() {
    let value = "a'b\"c $HOME `d` \\ * ~ # ; & | > \t é";
    let command = openstack_commands(&[with_property(value)], &[]);
    let script = format!("openstack() {{ printf '%s\\n' \"$@\"; }}\n{command}");
    let output = std::process::Command::new("sh").arg("-c").arg(script).output().unwrap();
    let words = String::from_utf8(output.stdout).unwrap();
    assert!(words.lines().any(|word| word == format!("note={value}")), "{words}");
}

#[test]
fn terraform_looks_like_terraform_fmt() {
    assert_snapshot!(terraform(&[spec("SCS-2V-4-20s"), spec("SCS-1L-1")]), @r#"
    resource "openstack_compute_flavor_v2" "scs_2v_4_20s" {
      name      = "SCS-2V-4-20s"
      vcpus     = 2
      ram       = 4096
      disk      = 20
      is_public = true

      extra_specs = {
        "scs:name-v1"    = "SCS-2V:4:20s"
        "scs:name-v2"    = "SCS-2V-4-20s"
        "scs:cpu-type"   = "shared-core"
        "scs:disk0-type" = "ssd"
      }
    }

    resource "openstack_compute_flavor_v2" "scs_1l_1" {
      name      = "SCS-1L-1"
      vcpus     = 1
      ram       = 1024
      disk      = 0
      is_public = true

      extra_specs = {
        "scs:name-v1"  = "SCS-1L:1"
        "scs:name-v2"  = "SCS-1L-1"
        "scs:cpu-type" = "crowded-core"
      }
    }
    "#);
    assert_snapshot!(terraform(&[with_property("\"${a}\" %{b} \\ $5 $${c}\n")]), @r#"
    resource "openstack_compute_flavor_v2" "scs_1l_1" {
      name      = "SCS-1L-1"
      vcpus     = 1
      ram       = 1024
      disk      = 0
      is_public = true

      extra_specs = {
        "note" = "\"$${a}\" %%{b} \\ $5 $\u0024{c}\n"
      }
    }
    "#);
}

#[test]
fn terraform_is_read_back() {
    let specs = standard(FlavorStatus::Mandatory);
    let body: Value = hcl::from_str(&terraform(&specs)).unwrap();
    let resources = &body["resource"]["openstack_compute_flavor_v2"];
    assert_eq!(resources.as_object().unwrap().len(), specs.len());
    let extra_specs: serde_json::Map<String, Value> = StandardFlavor::named("SCS-4V-16-100s")
        .unwrap()
        .expected_extra_specs()
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value.into()))
        .collect();
    assert_eq!(
        resources["scs_4v_16_100s"],
        json!({
            "name": "SCS-4V-16-100s", "vcpus": 4, "ram": 16384, "disk": 100, "is_public": true,
            "extra_specs": extra_specs,
        })
    );
}

#[test]
fn terraform_labels_differ_where_names_differ() {
    let names = ["SCS-1V-1_GN", "SCS-1V-1_gN", "SCS-1V-3.5", "SCS-1V-3-5", "SCS-1V-3-5"];
    let hcl = terraform(&names.map(spec));
    let body: Value = hcl::from_str(&hcl).unwrap();
    let labels: Vec<&String> =
        body["resource"]["openstack_compute_flavor_v2"].as_object().unwrap().keys().collect();
    assert_eq!(labels, ["scs_1v_1_gn", "scs_1v_1_gn__2", "scs_1v_3_5", "scs_1v_3_5__2", "scs_1v_3_5__3"]);
}

#[cfg(feature = "serde")]
#[test]
fn json_matches_nova() {
    let specs = [FlavorSpec::standard(StandardFlavor::named("SCS-1V-4-10").unwrap(), UntypedDisk::LeaveOut)];
    assert_snapshot!(serde_json::to_string_pretty(&specs).unwrap(), @r#"
    [
      {
        "name": "SCS-1V-4-10",
        "vcpus": 1,
        "ram": 4096,
        "disk": 10,
        "os-flavor-access:is_public": true,
        "extra_specs": {
          "scs:name-v1": "SCS-1V:4:10",
          "scs:name-v2": "SCS-1V-4-10",
          "scs:cpu-type": "shared-core"
        },
        "status": "recommended"
      }
    ]
    "#);
}

#[test]
fn markdown_keeps_its_columns() {
    assert_snapshot!(markdown_table(&[spec("SCS-4V-3.5"), spec("SCS-16C-128-3x100_GNa-14-6")]), @r"
    | Name                       | vCPUs | vCPU type      | RAM [GiB] | Root disk [GB] | Disk type |
    | -------------------------- | ----: | -------------- | --------: | -------------: | --------- |
    | SCS-4V-3.5                 |     4 | shared-core    |       3.5 |                |           |
    | SCS-16C-128-3x100_GNa-14-6 |    16 | dedicated-core |       128 |            100 | (any)     |
    ");
    assert_snapshot!(markdown_table(&[]), @r"
    | Name | vCPUs | vCPU type | RAM [GiB] | Root disk [GB] | Disk type |
    | ---- | ----: | --------- | --------: | -------------: | --------- |
    ");
}

#[test]
fn many_disks_are_capped() {
    let spec = spec("SCS-1V-1-4294967295x5s");
    let types = spec.extra_specs.iter().filter(|(key, _)| key.starts_with("scs:disk")).count();
    assert_eq!(u32::try_from(types), Ok(MOST_DISK_PROPERTIES));
}

/// DIFFERENCE between text and official suite: names that only one of them generates.
#[test]
fn profiles_spell_in_different_ways() {
    let variants = |name: &FlavorName, profile| -> Vec<String> {
        let properties = name.properties(profile, UntypedDisk::LeaveOut);
        properties
            .into_iter()
            .filter(|(key, _)| matches!(key, PropertyKey::NameVariant(_)))
            .map(|(_, name)| name)
            .collect()
    };
    let name = Parser::new(Profile::Official).parse("SCS-2V-4_GNah-64").unwrap().name;
    assert!(variants(&name, Profile::Text).is_empty());
    assert_eq!(
        variants(&name, Profile::Official),
        ["SCS-2V:4-GNah:64", "SCS-2V-4_GNah-64", "SCS-2V:4-GNa:64", "SCS-2V-4_GNa-64"]
    );
    // RDNA 1 is 1.1 in v3 and 1 in v1.
    let name: FlavorName = "SCS-2V-4_GA1.1".parse().unwrap();
    assert_eq!(variants(&name, Profile::Text), ["SCS-2V:4-GA1", "SCS-2V-4_GA1.1"]);
}

/// A name with everything that determines figures and properties, especially several disks.
fn names() -> impl Strategy<Value = String> {
    ("[1-9][0-9]?", "[LVTC]", "[1-9][0-9]?(\\.5)?", "(-([2-9]x)?[1-9][0-9]{0,2}[nhsp]?)?", "(_(kvm|bms))?")
        .prop_map(|(cpus, class, ram, disk, further)| format!("SCS-{cpus}{class}-{ram}{disk}{further}"))
}

/// The violations of flavors with a name, in the format of one of the outputs.
fn broken(name: &str, flavors: &str) -> Vec<String> {
    let list: FlavorList = flavors.parse().unwrap();
    assert!(list.broken.is_empty(), "{flavors}");
    let declarations = Declarations::default();
    let context = Context {
        at: "2026-11-24T00:00:00Z".parse().unwrap(),
        profile: Profile::Text,
        declarations: &declarations,
    };
    let documents = [DocumentId::version(100, 3), DocumentId::version(103, 1), DocumentId::version(110, 1)];
    let answers = check_flavors(&list.into(), &context, &documents);
    // The only flavor with the figures of a standard flavor takes its place in the list; whether it also has its names is not the
    // generator's question.
    let is_about_names = |rule: &str| matches!(rule, "scs-0103-name-v1" | "scs-0103-name-v2");
    let findings = answers.into_iter().flat_map(|answer| answer.findings).filter(|finding| {
        finding.subject == name
            && !is_about_names(&finding.rule)
            && finding.result == Verdict::Fail
            && finding.level.strength() == Strength::Must
    });
    findings.map(|finding| format!("{}: {}", finding.rule, finding.message)).collect()
}

/// The flavors that a client or Terraform creates, as returned by Nova.
fn created(arguments: &[(String, String)], properties: &[(String, String)]) -> String {
    let of = |key: &str| arguments.iter().find(|(known, _)| known == key).map_or("0", |(_, value)| value);
    let number = |key: &str| of(key).parse::<u64>().unwrap();
    let specs: std::collections::BTreeMap<_, _> = properties.iter().cloned().collect();
    json!({"flavors": [{
        "name": of("name"), "vcpus": number("vcpus"), "ram": number("ram"), "disk": number("disk"),
        "OS-FLV-EXT-DATA:ephemeral": number("ephemeral"), "os-flavor-access:is_public": true, "extra_specs": specs,
    }]})
    .to_string()
}

/// The flavor created by a command without quoted words.
fn by_command(command: &str) -> String {
    let words: Vec<&str> = command.split_whitespace().skip(3).collect();
    let (mut arguments, mut properties) = (Vec::new(), Vec::new());
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        match word {
            "--public" => {}
            "--property" => {
                let (key, value) = words.next().unwrap().split_once('=').unwrap();
                properties.push((key.to_owned(), value.to_owned()));
            }
            word => match word.strip_prefix("--") {
                Some(option) => arguments.push((option.to_owned(), words.next().unwrap().to_owned())),
                None => arguments.push(("name".to_owned(), word.to_owned())),
            },
        }
    }
    created(&arguments, &properties)
}

/// The flavor of a resource.
fn by_terraform(resource: &str) -> String {
    let (mut arguments, mut properties) = (Vec::new(), Vec::new());
    for (key, value) in resource.lines().filter_map(|line| line.split_once(" = ")) {
        let (key, value) =
            (key.trim().trim_matches('"').to_owned(), value.trim().trim_matches('"').to_owned());
        if key.contains(':') { properties.push((key, value)) } else { arguments.push((key, value)) }
    }
    created(&arguments, &properties)
}

proptest! {
    /// Three disks are not one: generated flavors have no findings.
    #[test]
    fn generated_flavors_satisfy_their_names(name in names()) {
        let Ok(parsed) = name.parse::<FlavorName>() else { return Ok(()) };
        let spec = FlavorSpec::from_name(parsed, UntypedDisk::As(DiskType::Network), Profile::Text).unwrap();
        let name = spec.name.to_string();
        let specs = std::slice::from_ref(&spec);
        let json = json!({"flavors": serde_json::to_value(specs).unwrap()}).to_string();
        for flavors in [
            json,
            flavor_manager_yaml(specs, &[]),
            by_command(&openstack_commands(specs, &[])),
            by_terraform(&terraform(specs)),
        ] {
            let broken = broken(&name, &flavors);
            prop_assert!(broken.is_empty(), "{:?} in {}", broken, flavors);
        }
    }

    #[test]
    fn every_value_survives_yaml(value in any::<String>()) {
        let yaml = flavor_manager_yaml(&[with_property(&value)], &[]);
        let read: Value = serde_saphyr::from_str(&yaml).unwrap();
        prop_assert_eq!(&read["mandatory"][0]["note"], &Value::from(value));
    }

    #[test]
    fn every_value_survives_hcl(value in "[a-z$%{}\"\\\\\n\t ~é]{0,12}") {
        let read: Value = hcl::from_str(&terraform(&[with_property(&value)])).unwrap();
        let note = &read["resource"]["openstack_compute_flavor_v2"]["scs_1l_1"]["extra_specs"]["note"];
        prop_assert_eq!(note, &Value::from(value));
    }
}
