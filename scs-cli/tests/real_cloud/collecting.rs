//! The content of a member's inventory.

use serde_json::Value;

use crate::cloud::{Cloud, MEMBER, Phase};

fn names(part: &Value) -> Vec<&str> {
    let mut names: Vec<&str> =
        part.as_array().unwrap().iter().map(|entry| entry["name"].as_str().unwrap()).collect();
    names.sort_unstable();
    names
}

/// Everything that a member can get is in the inventory; everything else has a reason.
#[test]
fn an_inventory_is_complete() {
    let Some(cloud) = Cloud::in_phase(&[Phase::Good]) else { return };
    let inventory = cloud.collected();
    let mut keys: Vec<&str> = inventory.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    let expected = [
        "availability_zones",
        "backup",
        "collected_at",
        "console_output",
        "extensions",
        "flavors",
        "images",
        "kind",
        "networks",
        "notices",
        "quotas",
        "role_list",
        "roles",
        "s3",
        "secrets",
        "security_group_rules_of_new_group",
        "services",
        "subject",
        "subnet_pools",
        "subnets",
        "volume_type_encryption",
        "volume_types",
    ];
    assert_eq!(keys, expected);
    // Neutron of this release has no templates of rules.
    let absent = "skipped `default_security_group_rules`: the cloud has no API for it";
    assert_eq!(inventory["notices"], serde_json::json!([absent]));
    let reason = |key: &str| inventory[key]["unavailable"].as_str().unwrap_or_default();
    assert!(reason("role_list").contains("identity denied the request (403)"), "{}", reason("role_list"));
    assert!(reason("volume_type_encryption").contains("administrators"));
    let refused = ["role_list", "volume_type_encryption"];
    for (key, part) in inventory.as_object().unwrap() {
        assert_eq!(part.get("unavailable").is_some(), refused.contains(&key.as_str()), "{key}: {part}");
    }
    // Keystone gives the implied role in any order.
    let mut roles: Vec<&str> =
        inventory["roles"].as_array().unwrap().iter().map(|role| role.as_str().unwrap()).collect();
    roles.sort_unstable();
    assert_eq!(roles, ["member", "reader"]);
    let flavors = inventory["flavors"].as_array().unwrap();
    assert_eq!(flavors.len(), 34);
    assert!(names(&inventory["flavors"]).contains(&"SCS-2V-4-20s"));
    let ssd = flavors.iter().find(|flavor| flavor["name"] == "SCS-2V-4-20s").unwrap();
    assert_eq!(ssd["extra_specs"]["scs:disk0-type"], "ssd");
    let images = names(&inventory["images"]);
    for name in ["Debian 11", "Debian 12", "Debian 13", "Ubuntu 22.04", "Ubuntu 24.04"] {
        assert!(images.contains(&name), "{name}: {images:?}");
    }
    let types = names(&inventory["volume_types"]);
    assert!(["hdd", "luks", "luks-replicated", "replicated"].iter().all(|name| types.contains(name)));
    assert_eq!(names(&inventory["networks"]).iter().filter(|name| !name.starts_with("_scs-")).count(), 2);
    assert!(names(&inventory["subnets"]).contains(&"scs-subnet"));
    assert!(inventory["extensions"].as_array().unwrap().len() > 50);
    assert!(inventory["quotas"]["quota"]["network"].is_number());
    for kind in ["compute", "volume"] {
        assert_eq!(inventory["availability_zones"][kind]["availabilityZoneInfo"][0]["zoneName"], "nova");
    }
    let services = inventory["services"].as_array().unwrap();
    let types: Vec<&str> = services.iter().map(|service| service["type"].as_str().unwrap()).collect();
    for kind in ["identity", "compute", "image", "network", "block-storage", "key-manager", "object-store"] {
        assert!(types.contains(&kind), "{kind}");
    }
}

/// Searches for all secrets of the cloud.
#[test]
fn an_inventory_holds_no_secret() {
    let Some(cloud) = Cloud::in_phase(&Phase::ALL) else { return };
    let text = std::fs::read_to_string(cloud.collected_file()).unwrap();
    assert!(text.len() > 10_000);
    for secret in cloud.secrets() {
        assert!(!text.contains(&secret), "a secret of the cloud is in the inventory");
    }
    // Tokens of this cloud are Fernet's.
    assert!(!text.contains("gAAAAA"), "a token is in the inventory");
}

/// The cloud and its inventory have the same verdicts.
#[test]
fn a_check_of_the_cloud_is_one_of_its_inventory() {
    let Some(cloud) = Cloud::in_phase(&[Phase::Good, Phase::Broken]) else { return };
    let path = cloud.path("same.json");
    // The cloud must not change before this.
    cloud.collected();
    let live = cloud.run(&["check", "--os-cloud", "scs-test", "-f", "json", "--save-inventory", &path]);
    let saved = cloud.run(&["check", "-f", "json", &path]);
    assert_eq!(live.status, saved.status);
    for key in ["results", "rules", "verdict"] {
        assert_eq!(live.json()[key], saved.json()[key], "{key}");
    }
}

/// Commands about one kind of resource take a cloud as well as a file, with the same findings.
#[test]
fn lists_of_a_live_cloud_are_checked_like_files() {
    let Some(cloud) = Cloud::in_phase(&[Phase::Good, Phase::Broken]) else { return };
    let inventory = cloud.collected();
    for (noun, part) in [("flavor", "flavors"), ("image", "images")] {
        let file = cloud.path(&format!("{part}.json"));
        std::fs::write(&file, inventory[part].to_string()).unwrap();
        let live = cloud.run(&[noun, "check", "-f", "json", "--os-cloud", MEMBER]);
        let from_file = cloud.run(&[noun, "check", "-f", "json", &file]);
        assert_eq!(live.status, from_file.status, "{}", live.stderr);
        let (live, from_file) = (live.json(), from_file.json());
        assert_eq!(live["results"], from_file["results"], "{noun}");
        assert!(live["count"].as_u64().unwrap() > 3, "{noun}");
        assert_eq!(
            live["findings"].as_array().unwrap().len(),
            from_file["findings"].as_array().unwrap().len()
        );
    }
    let listed = cloud.run(&["image", "list", "-f", "json", "--os-cloud", MEMBER]);
    assert_eq!(listed.status, 0, "{}", listed.stderr);
    assert!(listed.json().as_array().unwrap().len() > 3);
}
