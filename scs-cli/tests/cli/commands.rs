//! `scs flavor repair`, `generate`, `list`, `find` and `gpu`.

use serde_json::Value;

use crate::common::{data, json, run, run_with};

#[test]
fn repairs_for_people() {
    let file = data("nova.json");
    let (status, out, err) = run(&["flavor", "repair", "--at", "2026-11-23", &file]);
    assert_eq!((status, err.as_str()), (0, ""));
    insta::assert_snapshot!(out.replace(&file, "nova.json"));
    for line in out.lines().filter(|line| !line.is_empty()) {
        let is_command = line == "set -eu" || line.starts_with("openstack flavor ");
        assert!(line.starts_with('#') || is_command, "{line}");
    }
}

#[test]
fn repairs_for_programs() {
    let file = data("nova.json");
    let (status, out, _) = run(&["flavor", "repair", "-f", "json", &file]);
    assert_eq!(status, 0);
    let document = json(&out);
    assert_eq!(document["schema"], "scs/repair/1");
    let choices = document["choices"].as_array().unwrap();
    let classes: Vec<_> = choices.iter().filter(|choice| choice["rule"] == "scs-0103-cpu-type").collect();
    assert_eq!(classes[0]["subject"], "SCS-2V-8");
    assert_eq!(classes[0]["fix"]["applicability"], "choose");
    let (_, yaml, _) = run(&["flavor", "repair", "-f", "yaml", "--at", "2026-11-23", &file]);
    assert_eq!(serde_saphyr::from_str::<Value>(&yaml).unwrap()["choices"], document["choices"]);
}

#[test]
fn only_what_a_certificate_needs_is_active() {
    let active = |options: &[&str]| {
        let (status, out, _) = run_with(&[&["flavor", "repair", "-"], options].concat(), "{\"flavors\": []}");
        assert_eq!(status, 0);
        assert!(out.starts_with("#!/bin/sh\n") && out.contains("\nset -eu\n"), "{out}");
        out.lines().filter(|line| line.starts_with("openstack ")).count()
    };
    // The types of disks are a choice.
    assert_eq!(active(&[]), 13);
    assert_eq!(active(&["--disk-type", "network"]), 13);
    assert_eq!(active(&["--include", "recommended"]), 13 + 3);
    assert_eq!(active(&["--include", "recommended", "--disk-type", "network"]), 13 + 16);
}

#[test]
fn definitions_are_repaired_in_yaml() {
    let yaml = "mandatory:\n- name: SCS-2V-8\n  cpus: 2\n  ram: 8192\n  scs:cpu-type: Shared_Core\n";
    let (status, out, _) = run_with(&["flavor", "repair", "-"], yaml);
    assert_eq!(status, 0);
    assert!(out.contains("\n- name: SCS-2V-8\n  scs:cpu-type: shared-core\n"), "{out}");
    assert!(!out.contains("openstack flavor"), "{out}");
}

#[test]
fn files_other_than_lists_of_flavors_are_rejected() {
    let table = "+----+-----------+\n| ID | Name      |\n+----+-----------+\n| 1  | SCS-2iT-4 |\n+----+-----------+\n";
    let images = r#"[{"id": "1", "name": "Ubuntu", "disk_format": "qcow2", "min_disk": 8}]"#;
    let pods = r#"{"apiVersion": "v1", "kind": "PodList", "items": [{"metadata": {"name": "coredns"}}]}"#;
    for (input, hint) in [
        (table, "openstack flavor list --long -f json"),
        ("\"Name\"\n\"SCS-2iT-4\"\n", "openstack flavor list --long -f json"),
        ("ID,Name,RAM\n1,SCS-2iT-4,4096\n", "openstack flavor list --long -f json"),
        ("m1.small\n| 1 | SCS-2iT-4 |\n", "openstack flavor list --long -f json"),
        (images, "scs image check"),
        (pods, "scs check"),
    ] {
        for command in [&["flavor", "check", "-"][..], &["flavor", "repair", "-"]] {
            let (status, out, err) = run_with(command, input);
            assert_eq!((status, out.as_str()), (2, ""), "{command:?} {input}: {err}");
            if command[1] == "check" {
                assert!(err.contains(hint), "{input}: {err}");
            }
        }
    }
    assert_eq!(run_with(&["flavor", "parse", "-"], table).0, 2);
    // Names after something else in every line.
    assert_eq!(run_with(&["flavor", "check", "--input", "names", "-"], "1 SCS-2iT-4\n2 SCS-2V-4\n").0, 2);
}

#[test]
fn flavors_without_findings_need_no_fix() {
    let (_, flavors, _) = run(&["flavor", "generate", "--standard", "all", "-f", "json"]);
    let (status, out, _) = run_with(&["flavor", "repair", "-f", "json", "-"], flavors);
    let document = json(&out);
    assert_eq!(
        (status, &document["changes"], &document["new_flavors"]),
        (0, &Value::Array(vec![]), &Value::Array(vec![]))
    );
}

#[test]
fn what_is_generated_reads_back() {
    let generate = |format| {
        let (status, out, err) = run(&["flavor", "generate", "--standard", "mandatory", "--format", format]);
        assert_eq!((status, err.as_str()), (0, ""), "{format}");
        out
    };
    let flavors: Value = json(&generate("json"));
    let names: Vec<&str> =
        flavors.as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect();
    assert_eq!(serde_saphyr::from_str::<Value>(&generate("yaml")).unwrap(), flavors);
    let manager: Value = serde_saphyr::from_str(&generate("flavor-manager")).unwrap();
    let names_of_file: Vec<&str> =
        manager["mandatory"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect();
    assert_eq!(names_of_file, names);
    assert_eq!(generate("names").lines().collect::<Vec<_>>(), names);
    for format in ["openstack", "terraform", "markdown"] {
        let text = generate(format);
        for name in &names {
            assert!(text.contains(name), "{name} is missing in {format}");
        }
    }
}

#[test]
fn generated_for_people() {
    let print = |arguments: &[&str]| {
        let (status, out, err) = run(&[&["flavor", "generate"], arguments].concat());
        assert_eq!((status, err.as_str()), (0, ""), "{arguments:?}");
        format!("$ {}\n{out}\n", arguments.join(" "))
    };
    let mut text = String::new();
    for format in ["names", "flavor-manager", "openstack", "terraform", "json", "yaml", "markdown"] {
        text += &print(&["--format", format, "SCS-8T-32-100s", "SCS-1L-1"]);
    }
    text += &print(&["--cpus", "1,2", "--ram", "2,4,8", "--disk", "0,20s", "--ratio", "1:2,1:4"]);
    insta::assert_snapshot!(text);
}

#[test]
fn nothing_is_generated_from_mistakes() {
    for (arguments, message) in [
        (&[][..], "nothing to generate"),
        (&["SCS-2v-4"], "letters are case-sensitive"),
        (&["m1.small"], "SCS-"),
        (&["--cpus", "x", "--ram", "1"], "x"),
        (&["--cpus", "1"], "--ram"),
        (&["SCS-2V-4-"], "--disk-size"),
        (&["SCS-2V-4", "--disk-size", "0"], "expected a number of GB from 1"),
        (&["SCS-2V-4", "--disk", "20s"], "--cpus"),
        (&["--standard", "mandatory", "SCS-2V-4"], "cannot be used with"),
        (&["--standard", "mandatory", "--scope-version", "v9"], "v5.1"),
    ] {
        let (status, out, err) = run(&[&["flavor", "generate"], arguments].concat());
        assert_eq!((status, out.as_str()), (2, ""), "{arguments:?}");
        assert!(err.contains(message), "{arguments:?}: {err}");
    }
}

#[test]
fn standard_flavors() {
    let (status, out, _) = run(&["flavor", "list"]);
    assert_eq!(status, 0);
    insta::assert_snapshot!(out);
    let (_, out, _) = run(&["flavor", "list", "--standard", "mandatory", "-f", "json"]);
    let rows = json(&out);
    assert!(rows.as_array().unwrap().iter().all(|row| row["status"] == "mandatory"));
    let (_, lines, _) = run(&["flavor", "list", "--standard", "mandatory", "-f", "jsonl"]);
    assert_eq!(Value::Array(lines.lines().map(json).collect()), rows);
    let (_, yaml, _) = run(&["flavor", "list", "--standard", "mandatory", "-f", "yaml"]);
    assert_eq!(serde_saphyr::from_str::<Value>(&yaml).unwrap(), rows);
    assert!(run(&["flavor", "list", "-f", "markdown"]).1.starts_with('|'));
    let count =
        |version| run(&["flavor", "list", "--scope-version", version, "-f", "jsonl"]).1.lines().count();
    assert!(count("v3") <= count("v5.1"), "a later scope knows more");
}

#[test]
fn finding_flavors() {
    let (status, out, _) = run(&["flavor", "find", "--cpus", "2", "--ram", "8"]);
    assert_eq!(status, 0);
    let (none, lacking, _) = run(&["flavor", "find", "--cpus", "2", "--ram", "8", "--gpu", "GNa-14"]);
    assert_eq!(none, 1);
    let file = data("client.json");
    let (_, cloud, _) = run(&["flavor", "find", "--ram", "5", "--file", &file]);
    insta::assert_snapshot!(format!("{out}--- nothing fits\n{lacking}--- in a file\n{cloud}"));
    let (_, out, _) = run(&["flavor", "find", "--cpus", "2", "--ram", "8", "-f", "json"]);
    assert_eq!(json(&out)[0]["name"], "SCS-2V-8");
    // A cloud knows a flavor by its own name only.
    let both = r#"[{"Name": "SCS-4V:16", "RAM": 16384, "Disk": 0, "VCPUs": 4}, {"Name": "SCS-4V-16", "RAM": 16384, "Disk": 0, "VCPUs": 4}]"#;
    let find = ["flavor", "find", "--cpus", "4", "--ram", "16", "--file", "-"];
    let (_, out, _) = run_with(&find, both);
    let names: Vec<&str> = out.lines().skip(1).filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(names, ["SCS-4V:16", "SCS-4V-16"]);
    let (_, out, _) = run_with(&[&find[..], &["-f", "json"]].concat(), both);
    assert_eq!(json(&out)[0]["name"], "SCS-4V:16");
    let (status, out, _) = run(&["flavor", "find", "--ram", "1000000", "-f", "json"]);
    assert_eq!((status, out.as_str()), (1, "[]\n"));
    for (arguments, message) in [
        (&["--ram", "lots"][..], "a number of GiB or half GiB"),
        (&["--ram", "1,2"], "a number of GiB or half GiB"),
        (&["--cpus", "two"], "expected a whole number"),
        (&["--disk", "-5"], "expected a whole number"),
        (&["--type", "X"], "L, V, T or C"),
        (&["--arch", "vax"], "x86_64"),
        (&["--hypervisor", "qemu"], "kvm, chy"),
        (&["--gpu", "A100"], "scs flavor gpu"),
        (&["--tolerate", "x"], "i, u or o"),
        (&["--file", "/no/such/file"], "there is no such file"),
    ] {
        let (status, out, err) = run(&[&["flavor", "find"], arguments].concat());
        assert_eq!((status, out.as_str()), (2, ""), "{arguments:?}");
        assert!(err.contains(message), "{arguments:?}: {err}");
    }
}

#[test]
fn flavors_are_found_by_figures() {
    let flavors = r#"{"flavors": [
        {"id": "1", "name": "SCS-4V-16-50", "vcpus": 2, "ram": 16384, "disk": 50, "os-flavor-access:is_public": true},
        {"id": "2", "name": "SCS-4V-32-50", "vcpus": 4, "ram": 32768, "disk": 50, "OS-FLV-DISABLED:disabled": true},
        {"id": "3", "name": "SCS-2V-16-50", "vcpus": 4, "ram": 16384, "disk": 50, "os-flavor-access:is_public": false},
        {"id": "4", "name": "SCS-4V-64-50", "vcpus": 0, "ram": 65536, "disk": 50}
    ]}"#;
    let find = ["flavor", "find", "--cpus", "4", "--ram", "16", "--disk", "50", "--file", "-"];
    let (status, out, err) = run_with(&find, flavors);
    assert_eq!(status, 0, "{out}");
    assert!(out.contains("\nSCS-2V-16-50  4 oversubscribed vCPUs") && out.ends_with("(private)\n"), "{out}");
    assert!(!out.contains("SCS-4V"), "{out}");
    for note in [
        "left out 1 flavor marked as disabled: SCS-4V-32-50",
        "left out 1 flavor with unusable figures: SCS-4V-64-50",
        "judged 2 flavors by figures, which differ from the name: SCS-4V-16-50, SCS-2V-16-50",
    ] {
        assert!(err.contains(&format!("note: {note}\n")), "{err}");
    }
    let (_, out, _) = run_with(&[&find[..], &["-f", "json"]].concat(), flavors);
    assert_eq!(json(&out)[0]["private"], true);
}

#[test]
fn cards() {
    let (status, out, _) = run(&["flavor", "gpu", "A30", "GNa-14-6"]);
    assert_eq!(status, 0);
    let (partly, both, _) = run(&["flavor", "gpu", "A30 1/4", "Voodoo 2"]);
    let (none, nothing, _) = run(&["flavor", "gpu", "Voodoo 2"]);
    assert_eq!((partly, none), (1, 1));
    assert_eq!(run(&["flavor", "gpu", "Voodoo 2", "-f", "json"]).1, "[]\n");
    insta::assert_snapshot!(format!("{out}--- one is missing\n{both}--- none\n{nothing}"));
    let (_, out, _) = run(&["flavor", "gpu", "-f", "json"]);
    assert!(json(&out).as_array().unwrap().len() > 20);
    let (_, yaml, _) = run(&["flavor", "gpu", "-f", "yaml"]);
    assert_eq!(serde_saphyr::from_str::<Value>(&yaml).unwrap(), json(&out));
    assert!(run(&["flavor", "gpu", "-f", "markdown"]).1.starts_with('|'));
}

#[test]
fn missing_data_are_listed_with_the_command_to_get_them() {
    // Every standard flavor exists by name, and nothing else is known.
    let (_, names, _) = run(&["flavor", "generate", "--standard", "all", "-f", "names"]);
    let brief: Vec<Value> = names.lines().map(|name| serde_json::json!({"id": name, "name": name})).collect();
    let document = serde_json::json!({ "flavors": brief }).to_string();
    let (status, script, _) = run_with(&["flavor", "repair", "-"], document);
    assert_eq!(status, 0);
    assert!(!script.contains("Nothing to fix.\n"), "{script}");
    for words in [
        "vCPUs, memory, root disk, visibility and extra specs of 31 flavors are missing",
        "`openstack flavor list --all --long -f json`",
        "`GET /flavors/detail`",
    ] {
        assert!(script.contains(words), "{words}: {script}");
    }
}

#[test]
fn several_disks_become_ephemeral_disks() {
    let (_, command, _) = run(&["flavor", "generate", "-f", "openstack", "SCS-4C-8-3x10s"]);
    assert!(command.contains(" --disk 10 --ephemeral 20 --public "), "{command}");
    let (_, hcl, _) = run(&["flavor", "generate", "-f", "terraform", "SCS-4C-8-3x10s"]);
    assert!(hcl.contains("\n  ephemeral = 20\n"), "{hcl}");
    // The tool would create only one disk.
    let (status, out, err) = run(&["flavor", "generate", "-f", "flavor-manager", "SCS-4C-8-3x10s"]);
    assert_eq!((status, out.as_str()), (2, ""));
    assert!(err.contains("cannot create ephemeral disks, but SCS-4C-8-3x10s needs one of 20 GB"), "{err}");
}

#[test]
fn names_behind_invisible_characters_are_rejected() {
    for names in ["  SCS-2V-4\n  SCS-4V-8\n", "\u{200B}SCS-2V-4\n\u{200B}SCS-4V-8\n", "\tSCS-2V-4\n"] {
        let (status, out, err) = run_with(&["flavor", "check", "-"], names);
        assert_eq!((status, out.as_str()), (2, ""), "{names:?}: {err}");
        assert!(err.contains("not a list of names"), "{names:?}: {err}");
    }
}
