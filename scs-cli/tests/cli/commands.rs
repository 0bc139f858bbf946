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
        assert!(line.starts_with('#') || line.starts_with("openstack flavor "), "{line}");
    }
}

#[test]
fn repairs_for_programs() {
    let file = data("nova.json");
    let (status, out, _) = run(&["flavor", "repair", "-f", "json", &file]);
    assert_eq!(status, 0);
    let document = json(&out);
    assert_eq!(document["schema"], "scs/repair/1");
    let change = &document["changes"][0];
    assert_eq!(change["flavor"], "SCS-2V-8");
    assert_eq!(change["set"]["scs:cpu-type"], "shared-core");
    let (_, yaml, _) = run(&["flavor", "repair", "-f", "yaml", "--at", "2026-11-23", &file]);
    assert_eq!(serde_saphyr::from_str::<Value>(&yaml).unwrap()["changes"], document["changes"]);
}

#[test]
fn there_may_be_nothing_to_repair() {
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
