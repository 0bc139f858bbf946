//! `scs flavor parse`, `convert` and `compare`.

use crate::common::{json, run, run_with};
use serde_json::{Value, json};

#[test]
fn the_example_of_the_interface() {
    let (status, out, err) = run(&["flavor", "parse", "-f", "json", "SCS-16T-64-200s_GNa-72_ib"]);
    assert_eq!((status, err.as_str()), (0, ""));
    let answer = json(&out);
    let expected = json!({
        "name": "SCS-16T-64-200s_GNa-72_ib", "status": "valid", "syntax": "v3",
        "canonical": "SCS-16T-64-200s_GNa-72_ib", "short": "SCS-16T-64-200s_GNa-72_ib",
        "v1": "SCS-16T:64:200s-GNa:72-ib", "v2": "SCS-16T-64-200s_GNa-72_ib",
        "flavor": {
            "cpu": {"count": 16, "type": "dedicated-thread", "insecure": false},
            "ram": {"gib": 64, "no_ecc": false, "oversubscribed": false},
            "disk": {"count": 1, "size_gb": 200, "type": "ssd"},
            "hypervisor": null, "hardware_virtualization": false, "cpu_arch": null,
            "gpu": {"access": "pass-through", "vendor": "nvidia", "generation": "ampere", "generation_code": "a",
                    "units": 72, "frequency": 0, "vram_gib": null, "bandwidth": 0},
            "infiniband": true
        },
        "extra_specs": {
            "scs:cpu-type": "dedicated-thread", "scs:disk0-type": "ssd",
            "scs:name-v1": "SCS-16T:64:200s-GNa:72-ib", "scs:name-v2": "SCS-16T-64-200s_GNa-72_ib"
        }
    });
    for (key, value) in expected.as_object().unwrap() {
        assert_eq!(&answer[key], value, "{key}");
    }
    assert!(answer["description"].as_str().unwrap().starts_with("16 dedicated threads"));
}

#[test]
fn invalid_and_other_names() {
    let (status, out, err) = run(&["flavor", "parse", "-f", "jsonl", "SCS-2iT-4", "m1.small", "SCS-2V-4"]);
    assert_eq!((status, err.as_str()), (1, ""));
    let lines: Vec<Value> = out.lines().map(json).collect();
    assert_eq!(lines[0]["status"], "invalid");
    let error = &lines[0]["error"];
    assert_eq!((&error["start"], &error["end"]), (&json!(5), &json!(6)));
    assert_eq!(error["expected"], json!(["L", "V", "T", "C"]));
    assert_eq!(error["suggestion"], "SCS-2Ti-4");
    assert_eq!(lines[1], json!({"name": "m1.small", "status": "not-scs"}));
    assert_eq!(lines[2]["status"], "valid");
    assert_eq!(run(&["flavor", "parse", "m1.small"]).0, 0, "what is not SCS is not invalid");
}

#[test]
fn a_suggestion_is_there_only_if_there_is_one() {
    let (_, out, _) = run(&["flavor", "parse", "-f", "json", "SCS-bogus"]);
    assert_eq!(json(&out)["error"].get("suggestion"), None);
}

#[test]
fn parts_of_names() {
    let part = |name: &str, pointer: &str| {
        let (_, out, _) = run(&["flavor", "parse", "-f", "json", name]);
        json(&out).pointer(pointer).cloned().unwrap_or_else(|| panic!("{name} has no {pointer}"))
    };
    assert_eq!(part("SCS-2V-3.5", "/flavor/ram/gib"), json!(3.5));
    assert_eq!(part("SCS-2V-4", "/flavor/ram/gib").to_string(), "4");
    assert_eq!(part("SCS-2V-4-", "/flavor/disk"), json!({"count": 1, "size_gb": null, "type": null}));
    assert_eq!(
        part("SCS-2V-4_i3h", "/flavor/cpu_arch"),
        json!({"vendor": "intel", "generation": 3, "generation_name": "Ice Lake", "frequency": 1})
    );
    assert_eq!(part("SCS-2V-4_i0", "/flavor/cpu_arch/generation"), json!(0));
    assert_eq!(part("SCS-2V-4_r", "/flavor/cpu_arch/generation"), Value::Null);
    assert_eq!(part("SCS-2V-4_GNa-14hh-6h", "/flavor/gpu/frequency"), json!(2));
    assert_eq!(part("SCS-2V-4_GNa-14-6h", "/v1"), Value::Null);
    assert_eq!(part("SCS-2V-4_chy", "/v1"), Value::Null);
    assert_eq!(part("SCS-2V:4:10n-z3", "/syntax"), json!("v1"));
    assert_eq!(part("SCS-8T-64-50p_kvm_hwv_i3h", "/short"), json!("SCS-8T-64-50p"));
}

#[test]
fn one_name_is_an_object_and_several_are_a_list() {
    assert!(json(&run(&["flavor", "parse", "-f", "json", "SCS-2V-4"]).1).is_object());
    assert_eq!(
        json(&run(&["flavor", "parse", "-f", "json", "SCS-2V-4", "x"]).1).as_array().unwrap().len(),
        2
    );
    let (_, out, _) = run_with(&["flavor", "parse", "-f", "json", "-"], "SCS-2V-4\n");
    assert_eq!(json(&out).as_array().unwrap().len(), 1);
}

#[test]
fn versions_and_profiles() {
    assert_eq!(run(&["flavor", "parse", "--syntax", "v2", "SCS-2V-4"]).0, 0);
    assert_eq!(run(&["flavor", "parse", "--syntax", "v3", "SCS-2V:4"]).0, 1);
    assert_eq!(run(&["flavor", "parse", "SCS-2V-004"]).0, 1);
    assert_eq!(run(&["--profile", "official", "flavor", "parse", "SCS-2V-004"]).0, 0);
    assert_eq!(run(&["flavor", "parse", "SCS-2V-4_GN_ib", "--profile", "official"]).0, 1);
}

#[test]
fn text_for_people() {
    let (_, out, err) =
        run(&["flavor", "parse", "SCS-8T-64-50p_kvm_hwv_i3h", "SCS-2C:4:3x", "m1.small", "SCS-2v-4"]);
    insta::assert_snapshot!(format!("{out}---\n{err}"));
}

#[test]
fn other_formats() {
    let (_, yaml, _) = run(&["flavor", "parse", "-f", "yaml", "SCS-2V-4", "SCS-2V"]);
    let (_, markdown, _) = run(&["flavor", "parse", "-f", "markdown", "SCS-2V-4", "SCS-2V|", "m1"]);
    insta::assert_snapshot!(format!("{yaml}---\n{markdown}"));
}

#[test]
fn conversions() {
    let (status, out, err) =
        run(&["flavor", "convert", "SCS-16T-64-200s_GNa-72_ib", "SCS-2V-4_chy", "--to", "v1"]);
    assert_eq!((status, out.as_str()), (1, "SCS-16T:64:200s-GNa:72-ib\n"));
    assert!(err.contains("v1 does not have the hypervisor `chy`, which was added in v3"), "{err}");
    assert_eq!(run(&["flavor", "convert", "SCS-2V:4:10n-z3", "--to", "v3"]).1, "SCS-2V-4-10n_z3\n");
    assert_eq!(
        run(&["flavor", "convert", "SCS-8T-64-50p_kvm_hwv_i3h", "--to", "short"]).1,
        "SCS-8T-64-50p\n"
    );
    let (status, out, _) =
        run(&["flavor", "convert", "SCS-2V-4_GNa-14-6h", "SCS-2V-4", "--to", "v2", "-f", "json"]);
    assert_eq!(status, 1);
    let answers = json(&out);
    assert_eq!(answers[0]["result"], Value::Null);
    assert_eq!(answers[0]["error"]["message"], "v2 cannot express the video memory of a GPU");
    assert_eq!(answers[1]["result"], "SCS-2V-4");
}

#[test]
fn comparisons() {
    assert_eq!(run(&["flavor", "compare", "SCS-4C-16-100s", "SCS-4V-8-50"]).0, 0);
    let (status, out, _) = run(&["flavor", "compare", "SCS-2V-4", "SCS-4C-4-10"]);
    assert_eq!(status, 1);
    insta::assert_snapshot!(out);
    let (_, out, _) = run(&["flavor", "compare", "-f", "json", "SCS-2V-4", "SCS-4C-4-10"]);
    assert_eq!(json(&out)["satisfies"], false);
    assert_eq!(json(&out)["reasons"].as_array().unwrap().len(), 3);
    assert_eq!(run(&["flavor", "compare", "SCS-2V-4", "m1.small"]).0, 2);
}
