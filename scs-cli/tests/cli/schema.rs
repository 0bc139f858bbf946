//! `scs standards schema`: the output of the program conforms to the schemas.

use serde_json::Value;

use crate::common::{data, json, run, run_with};

/// The schema with a name.
fn schema(name: &str) -> Value {
    let (status, out, err) = run(&["standards", "schema", name]);
    assert_eq!((status, err.as_str()), (0, ""), "{name}");
    json(&out)
}

/// Asserts that all documents conform to the schema.
#[track_caller]
pub(crate) fn valid(name: &str, documents: impl IntoIterator<Item = Value>) {
    let validator = jsonschema::validator_for(&schema(name)).unwrap();
    let mut count = 0;
    for document in documents {
        count += 1;
        let errors: Vec<_> = validator
            .iter_errors(&document)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{name}: {errors:#?} in {document:#}");
    }
    assert!(count > 0, "nothing to validate for {name}");
}

/// Asserts that no document conforms to the schema.
#[track_caller]
fn invalid(name: &str, documents: &[Value]) {
    let validator = jsonschema::validator_for(&schema(name)).unwrap();
    for document in documents {
        assert!(!validator.is_valid(document), "{name} takes {document}");
    }
}

/// The names of the list.
fn names() -> Vec<String> {
    let (status, out, _) = run(&["standards", "schema"]);
    assert_eq!(status, 0);
    out.lines().map(|line| line.split(' ').next().unwrap().to_owned()).collect()
}

#[test]
fn the_list() {
    insta::assert_snapshot!(run(&["standards", "schema"]).1);
    let (status, out, err) = run(&["standards", "schema", "chekc"]);
    assert_eq!((status, out.as_str()), (2, ""));
    assert!(err.contains("check"), "{err}");
}

#[test]
fn schemas() {
    for name in names() {
        let schema = schema(&name);
        assert!(jsonschema::meta::is_valid(&schema), "{name}");
        insta::assert_snapshot!(format!("schema_{name}"), format!("{schema:#}"));
    }
}

/// Valid names, and invalid names of all kinds.
const NAMES: &str = "\
SCS-16T-64-200s_GNa-72_ib
SCS-2iT-4
m1.small
SCS-2V-3.5
SCS-2V-4-
SCS-2V-4-2xn
SCS-2V:4:10n-z3
SCS-8T-64-50p_kvm_hwv_i3h
SCS-1L-0.5u-3x10s_bms_r
SCS-4C-16o_chy_gVa-14h-6hh
SCS-2V-4_i0
SCS-2V-4_a9
SCS-2V-4\0
SCS-
SCS-2V
SCS-2V-
SCS-99999999999V-4
SCS-0V-4
SCS-2V-4.25
SCS-2V-4_GN_ib
SCS-2V-4_GX
SCS-2V-4_ib_kvm
SCS-2V-4-10n-10n
SCS-2V-4 
SCS-2V-4ä
SCS-bogus
ä
";

#[test]
fn parsed_names() {
    let input = [NAMES.as_bytes(), b"SCS-2V-\xFF4\n"].concat();
    for profile in ["text", "official"] {
        let arguments = ["--profile", profile, "flavor", "parse", "-f", "jsonl", "-"];
        let (_, lines, _) = run_with(&arguments, input.clone());
        let results: Vec<Value> = lines.lines().map(json).collect();
        for status in ["valid", "invalid", "not-scs"] {
            assert!(results.iter().any(|result| result["status"] == status), "{status}");
        }
        valid("flavor-parse", results);
    }
    let (_, one, _) = run(&["flavor", "parse", "-f", "json", "SCS-2V-4"]);
    valid("flavor-parse", [json(&one)]);
    let mut wrong = json(&one);
    wrong["status"] = "invalid".into();
    let mut incomplete = json(&one);
    incomplete.as_object_mut().unwrap().remove("v1");
    invalid("flavor-parse", &[wrong, incomplete, serde_json::json!({"name": "x", "status": "valid"})]);
}

#[test]
fn names_as_such() {
    let (_, lines, _) = run_with(&["flavor", "parse", "-f", "jsonl", "-"], NAMES);
    let (good, bad): (Vec<Value>, Vec<Value>) =
        lines.lines().map(json).partition(|result| result["status"] == "valid");
    let name = |result: Value| result["name"].clone();
    valid("flavor-name", good.into_iter().map(name));
    invalid("flavor-name", &bad.into_iter().map(name).collect::<Vec<_>>());
    invalid("flavor-name", &["SCS-2v-4".into(), "m1.small".into(), "SCS-2V-4\n".into(), 4.into()]);
}

#[test]
fn checks() {
    let nova = data("nova.json");
    let (_, cloud, _) = run(&["flavor", "generate", "--standard", "all", "-f", "json"]);
    for profile in ["text", "official"] {
        let check = |format: &'static str, more: &[&str], input: &str| {
            let arguments = ["--profile", profile, "flavor", "check", "-f", format];
            run_with(&[&arguments[..], more].concat(), input).1
        };
        let names = ["--input", "names", "-"];
        valid("check", [json(&check("json", &names, NAMES)), json(&check("json", &names, "SCS-2V-4\n"))]);
        valid("check", [json(&check("json", &[&nova], "")), json(&check("json", &["-"], &cloud))]);
        valid(
            "check",
            json(&check("json", &[&nova, &data("flavor-manager.yaml")], "")).as_array().unwrap().clone(),
        );
        valid("check-line", check("jsonl", &names, NAMES).lines().map(json));
        valid("check-line", check("jsonl", &[&nova], "").lines().map(json));
    }
    invalid("check", &[serde_json::json!({"schema": "scs/check/2"}), serde_json::json!({})]);
    invalid("check-line", &[serde_json::json!({"rule": "scs-0100-syntax-check"})]);
}

#[test]
fn repairs() {
    for file in ["nova.json", "client.json", "nova-without-extra-specs.json"] {
        let (_, out, _) = run(&["flavor", "repair", "-f", "json", &data(file)]);
        valid("repair", [json(&out)]);
    }
}

#[test]
fn other_outputs() {
    let lines = |arguments: &[&str]| run(arguments).1.lines().map(json).collect::<Vec<_>>();
    valid(
        "flavor-convert",
        lines(&["flavor", "convert", "--to", "v1", "-f", "jsonl", "SCS-2V-4", "SCS-2V-4_chy", "x"]),
    );
    valid("flavor-list", lines(&["flavor", "list", "-f", "jsonl"]));
    let document = |arguments: &[&str]| json(&run(arguments).1);
    valid("flavor-compare", [document(&["flavor", "compare", "-f", "json", "SCS-2V-4", "SCS-4C-4-10"])]);
    valid("flavor-gpu", document(&["flavor", "gpu", "-f", "json"]).as_array().unwrap().clone());
    valid(
        "flavor-find",
        document(&["flavor", "find", "--cpus", "2", "-f", "json"]).as_array().unwrap().clone(),
    );
}

#[test]
fn declarations() {
    for file in ["declarations.yaml", "declarations-topic.json"] {
        let text = std::fs::read_to_string(data(file)).unwrap();
        valid("declarations", [serde_saphyr::from_str::<Value>(&text).unwrap()]);
    }
    let entry = |key: &str, value: Value| {
        let mut entry = serde_json::json!({
            "rule": "scs-0100-ecc", "value": "ecc", "date": "2026-10-01", "valid_until": "2027-01-01"
        });
        entry[key] = value;
        serde_json::json!([entry])
    };
    valid("declarations", [entry("subjects", serde_json::json!(["SCS-2V-4"])), entry("another", 1.into())]);
    invalid(
        "declarations",
        &[
            entry("date", "soon".into()),
            entry("topic", "both".into()),
            serde_json::json!([{"value": "ecc", "date": "2026-10-01", "valid_until": "2027-01-01"}]),
            serde_json::json!({}),
        ],
    );
}
