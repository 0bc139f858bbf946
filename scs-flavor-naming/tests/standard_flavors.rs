//! Compares the table of standard flavors with its own names and the official data file.

use std::collections::HashSet;

use scs_flavor_naming::{
    DiskType, FlavorName, FlavorStatus, IaasScope, ListRevision, StandardDisk, StandardFlavor, Syntax,
};
use serde_json::Value;

mod official;

const DATA_FILE: &str = "Tests/iaas/SCS-Spec.MandatoryFlavors.verbose.yaml";

#[test]
fn figures_match_the_name() {
    for flavor in StandardFlavor::all() {
        let named: FlavorName = flavor.recommended_name().parse().unwrap();
        assert_eq!(flavor.name(), named, "{flavor}");
        assert_eq!(flavor.name().to_string(), flavor.recommended_name());
        assert_eq!(flavor.name().spelled(Syntax::V1).unwrap(), flavor.name_v1());
        assert_eq!(StandardFlavor::named(&flavor.name_v1()), Some(flavor));
        assert_eq!(flavor.disk_gb() == 0, flavor.disk_type() == StandardDisk::None, "{flavor}");
    }
}

#[test]
fn test_cases_are_named_after_the_flavors() {
    for flavor in StandardFlavor::all() {
        let short = flavor.recommended_name().trim_start_matches("SCS-").to_lowercase();
        assert_eq!(flavor.test_case_id(), format!("scs-0103-flavor-{short}"));
        assert_eq!(StandardFlavor::by_test_case(flavor.test_case_id()), Some(flavor));
    }
}

#[test]
fn figures_are_unique() {
    let mut seen = HashSet::new();
    for flavor in StandardFlavor::all() {
        let figures = (flavor.vcpus().into(), flavor.ram_mib(), flavor.disk_gb().into());
        assert!(seen.insert(figures), "{flavor}");
        assert_eq!(StandardFlavor::for_figures(figures.0, figures.1, figures.2), Some(flavor));
    }
}

#[test]
fn only_three_flavors_are_from_revision_1_2() {
    let young: Vec<_> = StandardFlavor::all()
        .filter(|flavor| flavor.revision() == ListRevision::V1_2)
        .map(StandardFlavor::recommended_name)
        .collect();
    assert_eq!(young, ["SCS-16V-64", "SCS-8V-64", "SCS-16V-128"]);
    let counts = |status| IaasScope::ALL.map(|scope| scope.flavors(status).count());
    assert_eq!(counts(FlavorStatus::Mandatory), [0, 15, 15, 15]);
    assert_eq!(counts(FlavorStatus::Recommended), [0, 13, 13, 16]);
}

#[test]
fn the_old_list_has_half_with_and_half_without_a_disk() {
    let with_disk = StandardFlavor::legacy_mandatory().filter(|flavor| flavor.disk_gb() > 0).count();
    assert_eq!((StandardFlavor::legacy_mandatory().count(), with_disk), (26, 13));
}

/// DIFFERENCE (C-025): the data file has `network` where the text allows any type.
#[test]
fn the_official_data_file_has_the_same_facts() {
    let Some(yaml) = official::read(DATA_FILE) else { return };
    let file: Value = serde_saphyr::from_str(&yaml).unwrap();
    for status in [FlavorStatus::Mandatory, FlavorStatus::Recommended] {
        let mut rows: Vec<Value> = file[status.key()].as_array().unwrap().clone();
        let mut ours: Vec<Value> =
            StandardFlavor::all().filter(|flavor| flavor.status() == status).map(facts).collect();
        for list in [&mut rows, &mut ours] {
            list.sort_by_key(|row| row["name"].as_str().unwrap().to_owned());
        }
        assert_eq!(ours, rows);
    }
}

/// A row in the format of the data file.
fn facts(flavor: StandardFlavor) -> Value {
    let mut row = serde_json::json!({
        "name": flavor.recommended_name(), "cpus": flavor.vcpus(), "ram": flavor.ram_mib(),
    });
    if flavor.disk_gb() > 0 {
        row["disk"] = flavor.disk_gb().into();
    }
    for (key, value) in flavor.expected_extra_specs() {
        row[key] = value.into();
    }
    if flavor.disk_type() == StandardDisk::Any {
        row["scs:disk0-type"] = DiskType::Network.key().into();
    }
    row
}
