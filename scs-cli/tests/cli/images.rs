//! `scs image`: images with their metadata, from files of every kind.

use std::fs;

use serde_json::{Value, json};

use crate::common::{json, rule, run, run_with};

const AT: [&str; 2] = ["--at", "2026-11-24"];

/// The example that ships with the repository.
fn example() -> String {
    crate::common::example("images.json")
}

/// Runs `scs image VERB` on the example.
fn on_example(verb: &str, options: &[&str]) -> (i32, String) {
    let file = example();
    let (status, out, err) = run(&[&["image", verb, &file], &AT[..], options].concat());
    assert_eq!(err, "");
    (status, out.replace(&file, "images.json"))
}

fn checked(text: &str, options: &[&str]) -> (i32, Value) {
    let (status, out, err) =
        run_with(&[&["image", "check", "-f", "json", "-"], &AT[..], options].concat(), text);
    assert_eq!(err, "");
    (status, json(&out))
}

fn findings<'a>(document: &'a Value, rule: &str) -> Vec<&'a Value> {
    document["findings"].as_array().unwrap().iter().filter(|finding| finding["rule"] == rule).collect()
}

#[test]
fn what_people_read() {
    for (name, verb, options) in [
        ("check_text", "check", &[][..]),
        ("check_official", "check", &["--profile", "official"]),
        ("check_v2", "check", &["--standard", "v2", "--horizon", "4w"]),
        ("check_markdown", "check", &["-f", "markdown"]),
        ("list", "list", &[]),
        ("list_markdown", "list", &["-f", "markdown"]),
        ("lifecycle", "lifecycle", &[]),
        ("lifecycle_horizon", "lifecycle", &["--horizon", "1w"]),
        ("repair", "repair", &[]),
    ] {
        insta::assert_snapshot!(name, on_example(verb, options).1);
    }
}

#[test]
fn statuses() {
    assert_eq!(on_example("check", &[]).0, 1);
    assert_eq!(on_example("list", &[]).0, 0);
    assert_eq!(on_example("repair", &[]).0, 0);
    assert_eq!(on_example("lifecycle", &[]).0, 1);
    let (status, out, err) = run_with(&["image", "check", "-"], "{\"kind\": \"cloud\"}");
    assert_eq!((status, out.as_str()), (2, ""));
    assert!(err.contains("not a list of images"), "{err}");
    let unavailable = "images: {unavailable: the service is not there}";
    let (status, _, err) = run_with(&["image", "check", "-"], unavailable);
    assert_eq!(status, 2);
    assert!(err.contains("the service is not there"), "{err}");
}

#[test]
fn both_versions_are_answered_and_one_decides() {
    let (status, out) = on_example("check", &["-f", "json"]);
    let first = json(&out);
    assert_eq!(status, 1);
    assert_eq!(first["count"], 9);
    assert_eq!(first["results"], first["versions"]["v1"]["results"]);
    assert_eq!(first["results"].as_object().unwrap().len(), 33);
    assert_eq!(first["results"]["scs-0102-prop-min_ram"], "PASS");
    assert_eq!(first["results"]["scs-0102-prop-min_disk"], "FAIL");
    let (_, out) = on_example("check", &["-f", "json", "--standard", "v2"]);
    let second = json(&out);
    assert_eq!(second["results"], first["versions"]["v2"]["results"]);
    assert!(
        rule(&second, "scs-0104-v2-ubuntu-latest") == "PASS"
            && rule(&first, "scs-0104-v2-ubuntu-latest").is_null()
    );
    for finding in second["findings"].as_array().unwrap() {
        assert!(finding["document"] != "scs-0102-v1" || finding["rule"] != "scs-0102-prop-os_purpose");
    }
}

#[test]
fn the_repair_makes_the_findings_disappear() {
    let (_, out) = on_example("repair", &["-f", "json", "--include", "recommended"]);
    let repair = json(&out);
    let mut document = json(&fs::read_to_string(example()).unwrap());
    for change in repair["changes"].as_array().unwrap() {
        let images = document["images"].as_array_mut().unwrap();
        let image = images.iter_mut().find(|image| image["id"] == change["id"]).unwrap();
        for property in change["changes"].as_array().unwrap() {
            let (name, value) = (property["property"].as_str().unwrap(), property["value"].clone());
            image[name] = match name {
                "min_disk" => json!(value.as_str().unwrap().parse::<u64>().unwrap()),
                "os_hidden" => json!(value == "true"),
                _ => value,
            };
        }
    }
    let (_, after) = checked(&document.to_string(), &[]);
    assert_eq!(crate::common::rule(&after, "scs-0102-prop-hypervisor_type"), "PASS");
    // Whether an image may leave the list is for the operator to say.
    assert_eq!(crate::common::rule(&after, "scs-0102-os_purpose-uniqueness"), "FAIL");
    let (_, again) = (
        0,
        json(
            &run_with(&["image", "repair", "-f", "json", "-", "--at", "2026-11-24"], document.to_string()).1,
        ),
    );
    assert_eq!(again["changes"], json!([]), "nothing is repaired twice");
}

#[test]
fn a_repair_is_a_script_in_which_decisions_are_commented_out() {
    let (_, script) = on_example("repair", &[]);
    let mut lines = script.lines();
    assert_eq!(lines.next(), Some("#!/bin/sh"));
    let commands: Vec<&str> = lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    assert_eq!(commands.first(), Some(&"set -eu"));
    assert!(commands[1..].iter().all(|line| line.starts_with("openstack image set ")), "{script}");
    // Only its maker knows from which bus a guest can boot.
    assert!(!commands.iter().any(|line| line.contains("hw_disk_bus")), "{script}");
    assert!(script.contains("\n# openstack image set --property hw_disk_bus=scsi"), "{script}");
    // What two rules say is said once.
    assert_eq!(script.matches("which images were removed").count(), 1, "{script}");
    assert!(scs_is_shell(&script), "{script}");
    let hostile = json!({"images": [
        {"id": "-x", "name": "a\nrm -rf /\r\u{85}\u{2028}\u{1b}[2J", "replace_frequency": "Monthly", "os_distro": "De\nbian"},
        {"name": "it's $(id) `id` \\\"", "replace_frequency": "Monthly"},
    ]});
    let script = run_with(&[&["image", "repair", "-"], &AT[..]].concat(), hostile.to_string()).1;
    assert!(scs_is_shell(&script), "{script}");
    assert!(!script.contains(['\r', '\u{85}', '\u{2028}', '\u{1b}']), "{script:?}");
    let commands = script.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    assert!(
        commands.clone().all(|line| line == "set -eu" || line.starts_with("openstack image set ")),
        "{script}"
    );
    assert!(commands.clone().any(|line| line.ends_with(" -- -x")), "{script}");
}

/// Whether a shell reads it.
fn scs_is_shell(script: &str) -> bool {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), script).unwrap();
    std::process::Command::new("sh").arg("-n").arg(file.path()).status().unwrap().success()
}

#[test]
fn definitions_of_a_directory_are_repaired_in_their_files() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| fs::write(directory.path().join(name), text).unwrap();
    let definition = |name: &str, meta: &str| {
        format!(
            "images:\n  - {{ name: {name}, multi: true, min_disk: 8, min_ram: 512, meta: {{ {meta} }}, versions: [{{ version: '20261101', url: 'https://a.example.org/x' }}, {{ version: '20261001', url: 'https://a.example.org/y' }}] }}\n"
        )
    };
    file("debian.yml", &definition("Debian 12", "hypervisor_type: kvm"));
    file("ubuntu.yaml", &definition("Ubuntu 24.04", "hypervisor_type: qemu"));
    file("README.md", "# Images");
    let path = directory.path().to_str().unwrap();
    let (_, out, _) = run(&[&["image", "check", "-f", "json", path], &AT[..]].concat());
    assert_eq!(json(&out)["count"], 4);
    let repair = ["image", "repair", "--include", "recommended", path];
    let (status, script, _) = run(&[&repair[..], &AT[..]].concat());
    assert_eq!(status, 0);
    let command = format!(
        "yq -i '(.images[] | select(.name == \"Debian 12\")).[\"meta\"][\"os_distro\"] = \"debian\" | (.images[] | select(.name == \"Debian 12\")).[\"meta\"][\"hypervisor_type\"] = \"qemu\"' {path}/debian.yml"
    );
    assert_eq!(script.matches(&command).count(), 1, "{script}");
    assert!(!script.contains("\nopenstack"), "{script}");
    let empty = tempfile::tempdir().unwrap();
    let (status, _, err) = run(&["image", "check", empty.path().to_str().unwrap()]);
    assert_eq!(status, 2);
    assert!(err.contains("has no files of a supported type"), "{err}");
}

#[test]
fn other_files_get_the_right_command() {
    let flavors =
        r#"[{"ID": "1", "Name": "SCS-2V-4", "RAM": 4096, "Disk": 0, "VCPUs": 2, "Is Public": true}]"#;
    for verb in ["check", "list", "repair", "lifecycle"] {
        let (status, out, err) = run_with(&["image", verb, "-"], flavors);
        assert_eq!((status, out.as_str()), (2, ""), "{verb}");
        assert!(err.contains("it is a list of flavors") && err.contains("scs flavor check"), "{err}");
    }
}

#[test]
fn several_documents_are_read() {
    let show = |name: &str| format!("{{\n  \"name\": \"{name}\",\n  \"properties\": {{}}\n}}\n");
    let (_, document) = checked(&(show("a") + &show("b") + &show("c")), &[]);
    assert_eq!(document["count"], 3);
}

#[test]
fn typos_get_a_suggestion() {
    for (distro, version, meant) in [
        ("ubunto", "24.04", "`ubuntu 24.04`"),
        ("ubuntu", "24.05", "`ubuntu 24.04`"),
        ("debian", "12.5", "`debian 12`"),
    ] {
        let (status, out, err) = run(&["image", "template", distro, version]);
        assert_eq!((status, out.as_str()), (2, ""));
        assert!(err.contains(&format!("did you mean {meant}?")), "{err}");
    }
}

#[test]
fn an_end_of_support_that_is_not_known_is_not_invented() {
    let template = |arguments: &[&str]| {
        run(&[&["image", "template"][..], arguments, &["--built", "2026-11-20"]].concat())
    };
    for (distro, version) in [("debian", "99"), ("ubuntu", "28.04")] {
        let (status, out, err) = template(&[distro, version]);
        assert_eq!((status, out.as_str()), (2, ""), "{distro} {version}");
        assert!(err.contains("known on 2026-11-24: ") && err.contains("`--provided-until`"), "{err}");
        let (status, _, err) = template(&[distro, version, "--provided-until", "2030-01-01"]);
        assert_eq!((status, err.as_str()), (0, ""), "{distro} {version}");
    }
    for (distro, version, reason) in [
        ("talos", "1.9", "the end of support of talos 1.9 is unknown"),
        ("debian", "10", "debian 10 reached its end of life on 2022-09-10"),
    ] {
        let (status, _, err) = template(&[distro, version]);
        assert_eq!(status, 0);
        assert!(err.starts_with("warning: ") && err.contains(reason), "{err}");
        assert_eq!(template(&[distro, version, "--provided-until", "none"]).2, "");
    }
    assert_eq!(template(&["ubuntu", "22.04"]).2, "");
}

#[test]
fn a_deadline_is_one_day_in_every_list() {
    let file = example();
    let rows = |command: &str| {
        let (_, out, _) = run(&["image", command, &file, "--at", "2026-12-01", "-f", "json"]);
        serde_json::from_str::<Value>(&out).unwrap()
    };
    let (_, table, _) = run(&["image", "lifecycle", &file, "--at", "2026-12-01"]);
    let listed = rows("list");
    let mut compared = 0;
    for row in rows("lifecycle").as_array().unwrap().iter().filter(|row| !row["breaks_on"].is_null()) {
        let by = row["fresh_until"].as_str().unwrap();
        let name = row["subject"].as_str().unwrap();
        assert!(
            table.lines().any(|line| line.starts_with(by) && line.contains(name)),
            "{name} {by}: {table}"
        );
        let same = listed.as_array().unwrap().iter().find(|it| it["id"] == row["id"]).unwrap();
        assert_eq!(same["fresh_until"], by);
        compared += 1;
    }
    assert!(compared > 2, "{compared}");
    assert!(table.contains("due by") && table.contains("overdue") && !table.contains("outdated"), "{table}");
}

#[test]
fn ending_images_are_within_the_horizon() {
    let images = json!({"images": [
        {"id": "1", "name": "ends", "image_build_date": "2026-11-20", "replace_frequency": "yearly", "provided_until": "2026-12-04"},
        {"id": "2", "name": "stays", "image_build_date": "2026-11-20", "replace_frequency": "yearly", "provided_until": "2027-12-04"},
    ]});
    let ask = |horizon: &str| {
        let options = ["image", "lifecycle", "-f", "json", "--horizon", horizon, "-", "--at", "2026-11-24"];
        let (status, out, _) = run_with(&options, images.to_string());
        (status, json(&out).as_array().unwrap().iter().map(|row| row["subject"].clone()).collect::<Vec<_>>())
    };
    assert_eq!(ask("4w"), (0, vec![json!("ends")]));
    assert_eq!(ask("1w"), (0, vec![]));
    let list = r#"[{"ID": "1", "Name": "Ubuntu 24.04", "Visibility": "public"}]"#;
    let (_, out, _) = run_with(&["image", "lifecycle", "-"], list);
    assert!(out.contains("the list has no properties"), "{out}");
}

#[test]
fn bad_input_is_named_with_its_place_and_stops_nothing() {
    let text = r#"{"images": [
 {"name": "ok", "id": "1", "min_disk": "10", "size": 5},
 {"id": "2", "min_disk": -1, "size": 5},
 {"name": "ok", "id": "1", "min_disk": 1e9, "size": null},
 {"name": "date", "id": "4", "image_build_date": "2026-02-30", "os_distro": {"a": 1}},
 7,
 {"name": "cut", "id": "6", "provi"#;
    let (status, document) = checked(text, &[]);
    assert_eq!(status, 1);
    assert_eq!(document["count"], 4);
    let notices = document["notices"].to_string();
    for wanted in [
        "image 2 (line 3), 2, has no name",
        "2 images have the name `ok`: 1, 3",
        "2 images have the id `1`: 1, 3",
        "image 5 (line 6): a number, not an object",
        "image 6 (line 7): the text breaks off here",
    ] {
        assert!(notices.contains(wanted), "{wanted}: {notices}");
    }
    let messages: Vec<&str> = findings(&document, "scs-0102-prop-min_disk")
        .iter()
        .map(|it| it["message"].as_str().unwrap())
        .collect();
    for wanted in ["is the string `10`", "`-1`", "1000000000 GiB", "the image size is unknown"] {
        assert!(messages.iter().any(|message| message.contains(wanted)), "{wanted}: {messages:?}");
    }
    assert_eq!(findings(&document, "scs-0102-prop-os_distro")[1]["result"], "FAIL");
    assert!(
        findings(&document, "scs-0102-prop-os_distro")
            .iter()
            .any(|it| it["result"] == "DNF" && it["subject"] == "date")
    );
    assert!(
        findings(&document, "scs-0102-prop-image_build_date").iter().any(|it| it["actual"] == "2026-02-30")
    );
}

#[test]
fn a_list_of_the_client_misses_properties_and_fails_nothing() {
    let list = r#"[{"ID": "1", "Name": "Ubuntu 24.04", "Visibility": "public", "Size": 5, "Tags": ["os:ubuntu", "managed_by_x"]}]"#;
    let (status, document) = checked(list, &[]);
    assert_eq!(status, 1);
    assert_eq!(document["results"]["scs-0102-prop-architecture"], "MISS");
    assert_eq!(document["results"]["scs-0104-image-ubuntu-2404"], "PASS");
    let failed: Vec<_> = document["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["result"] == "FAIL")
        .map(|it| it["rule"].clone())
        .collect();
    assert!(failed.iter().all(|rule| rule.as_str().unwrap().starts_with("scs-0104-image-")), "{failed:?}");
    assert!(
        document["findings"][0]["message"]
            .as_str()
            .unwrap()
            .contains("`openstack image list` omits properties")
    );
}

#[test]
fn a_template_has_nothing_wrong() {
    let print = |format| {
        run(&[
            "image",
            "template",
            "debian",
            "12",
            "--built",
            "2026-11-20",
            "-f",
            format,
            "--at",
            "2026-11-24",
        ])
    };
    insta::assert_snapshot!("template", print("text").1);
    let made = json(&print("json").1);
    let mut image = json!({
        "name": made["name"], "id": "1", "visibility": "public", "min_disk": made["min_disk"], "min_ram": made["min_ram"],
        "size": 5, "created_at": "2026-11-21T00:00:00Z", "tags": ["managed_by_x", made["tags"][0]],
        "os_hash_algo": "sha512", "os_hash_value": "0".repeat(128),
    });
    image.as_object_mut().unwrap().extend(made["properties"].as_object().unwrap().clone());
    for standard in ["v1", "v2"] {
        let (_, document) = checked(&json!({ "images": [image] }).to_string(), &["--standard", standard]);
        let wrong: Vec<_> = document["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|it| it["subject"] == made["name"])
            .collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
    let (_, document) = checked(&print("image-manager").1, &[]);
    assert_eq!(document["count"], 1);
    for (case, result) in document["results"].as_object().unwrap() {
        assert!(result != "FAIL" || case.starts_with("scs-0104-image-"), "{case}");
    }
}

#[test]
fn data_can_be_replaced() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let path = file.path().to_str().unwrap();
    fs::write(path, "as_of: 2028-05-01\ncomplete_until: 2028-11-01\ndistributions:\n  - id: ubuntu\n    name: Ubuntu\n    releases:\n      - {version: '28.04', codename: x, released: 2028-04-20, end_of_life: 2033-05-01, long_term: true}\n").unwrap();
    let text = fs::read_to_string(example()).unwrap();
    let at = ["--at", "2028-05-02", "--standard", "v2"];
    let (_, known) = checked_at(&text, &at);
    assert_eq!(rule(&known, "scs-0104-v2-ubuntu-latest"), "DNF", "the calendar is too old");
    let (_, newer) = checked_at(&text, &[&at[..], &["--releases", path]].concat());
    assert_eq!(rule(&newer, "scs-0104-v2-ubuntu-latest"), "FAIL");
    fs::write(path, "nonsense: 1\n").unwrap();
    let (status, _, err) = run_with(&["image", "check", "-", "--releases", path], text);
    assert_eq!(status, 2);
    assert!(err.contains("not a file of releases"), "{err}");
}

fn checked_at(text: &str, options: &[&str]) -> (i32, Value) {
    let (status, out, err) = run_with(&[&["image", "check", "-f", "json", "-"], options].concat(), text);
    assert_eq!(err, "");
    (status, json(&out))
}

#[test]
fn schemas_are_printed() {
    for (of, standard) in
        [("metadata", "v1"), ("metadata", "v2"), ("image-manager", "v1"), ("image-manager", "v2")]
    {
        let (status, out, err) = run(&["image", "schema", "--of", of, "--standard", standard]);
        assert_eq!((status, err.as_str()), (0, ""));
        assert!(jsonschema::meta::is_valid(&json(&out)), "{of} {standard}");
    }
    let schema = json(&run(&["image", "schema", "--of", "image-manager"]).1);
    let validator = jsonschema::validator_for(&schema).unwrap();
    let made = run(&["image", "template", "debian", "12", "--built", "2026-11-20", "-f", "image-manager"]).1;
    let made: Value = serde_saphyr::from_str(&made).unwrap();
    assert!(
        validator.is_valid(&made),
        "{:?}",
        validator.iter_errors(&made).map(|it| it.to_string()).collect::<Vec<_>>()
    );
    let mut wrong = made;
    wrong["images"][0]["meta"]["replace_frequency"] = json!("hourly");
    assert!(!validator.is_valid(&wrong));
}

#[test]
fn an_earlier_list_answers_for_uuids() {
    let text = fs::read_to_string(example()).unwrap();
    let mut later = json(&text);
    later["images"].as_array_mut().unwrap().retain(|image| image["name"] != "Ubuntu 24.04 20260910");
    let earlier = example();
    let (_, document) = checked(&later.to_string(), &["--previous", &earlier]);
    assert_eq!(rule(&document, "scs-0102-uuid-until"), "FAIL");
    assert_eq!(findings(&document, "scs-0102-uuid-until")[0]["subject"], "Ubuntu 24.04 20260910");
}

#[test]
fn what_is_only_recommended_is_commented_out() {
    let images = json!({"images": [{"id": "i", "name": "Debian 12", "architecture": "amd64", "hypervisor_type": "KVM"}]}).to_string();
    let script = |options: &[&str]| {
        run_with(&[&["image", "repair", "-"], options, &AT[..]].concat(), images.clone()).1
    };
    let (waiting, done) = (script(&[]), script(&["--include", "recommended"]));
    let active = |script: &str, word: &str| {
        script.lines().any(|line| line.starts_with("openstack ") && line.contains(word))
    };
    assert!(active(&waiting, "architecture=x86_64") && !active(&waiting, "hypervisor_type"), "{waiting}");
    assert!(waiting.contains("\n# openstack image set --property hypervisor_type=qemu i\n"), "{waiting}");
    assert!(active(&done, "hypervisor_type=qemu"), "{done}");
}

#[test]
fn lists_without_properties_are_not_called_repaired() {
    let (_, script, _) =
        run_with(&["image", "repair", "-"], r#"[{"ID": "i", "Name": "Debian 12", "Status": "active"}]"#);
    assert!(
        !script.contains("nothing to repair") && script.contains("`openstack image show -f json`"),
        "{script}"
    );
}
