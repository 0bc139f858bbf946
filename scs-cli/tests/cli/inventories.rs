//! `scs check` on inventories: text and data formats, and bad input.

mod formats;

use serde_json::{Value, json};

use crate::common::{self, example};
use crate::schema::valid;

/// Standard error of the program.
struct Run {
    status: i32,
    stdout: String,
    stderr: String,
}

impl From<(i32, String, String)> for Run {
    fn from((status, stdout, stderr): (i32, String, String)) -> Self {
        Self { status, stdout, stderr }
    }
}

fn run(arguments: &[&str]) -> Run {
    common::run(arguments).into()
}

fn run_with_input(arguments: &[&str], input: &str) -> Run {
    common::run_with(arguments, input).into()
}

fn validate(name: &str, document: &Value) {
    valid(name, [document.clone()]);
}

const AT: [&str; 3] = ["check", "--at", "2026-11-24"];

fn checked(more: &[&str], file: &str) -> Run {
    let file = example(file);
    let arguments: Vec<&str> = AT.iter().chain(more).copied().chain([file.as_str()]).collect();
    run(&arguments)
}

#[test]
fn all_wrong_files_of_a_directory_are_named() {
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &str| std::fs::write(directory.path().join(name), content).unwrap();
    write("flavors.json", "[]");
    write("servers.json", r#"{"servers": []}"#);
    write("kubeconfig.yaml", "{apiVersion: v1, kind: Config, clusters: []}");
    let (status, _, err) = common::run(&["check", directory.path().to_str().unwrap()]);
    assert_eq!(status, 2, "{err}");
    assert!(err.contains("servers.json is neither") && err.contains("kubeconfig.yaml is neither"), "{err}");
}

#[test]
fn a_report_is_not_a_list() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    let (cloud, list) = (file("cloud.json"), file("list.json"));
    run(&["check", "--at", "2026-11-24", "-f", "json", "-o", &cloud, &example("typical-cloud.yaml")]);
    run(&["flavor", "check", "--at", "2026-11-24", "-f", "json", "-o", &list, &example("flavors.json")]);
    for report in [cloud, list] {
        for command in ["flavor", "image"] {
            let (status, _, err) = common::run(&[command, "check", &report]);
            assert!(status == 2 && err.contains("it is the result of a check"), "{err}");
            assert!(err.contains("hint: give the list that was checked, not the report"), "{err}");
        }
    }
}

#[test]
fn what_people_read() {
    insta::assert_snapshot!("inventory_typical_text", checked(&[], "typical-cloud.yaml").stdout);
    insta::assert_snapshot!("inventory_conformant_text", checked(&[], "conformant-cloud.yaml").stdout);
    insta::assert_snapshot!(
        "inventory_typical_markdown",
        checked(&["-f", "markdown"], "typical-cloud.yaml").stdout
    );
}

#[test]
fn exit_statuses_follow_the_verdict() {
    assert_eq!(checked(&[], "typical-cloud.yaml").status, 1);
    assert_eq!(checked(&[], "conformant-cloud.yaml").status, 0);
    assert_eq!(checked(&["--only", "scs-010[0234]"], "conformant-cloud.yaml").status, 0);
}

#[test]
fn json_matches_the_interface() {
    for (more, decided) in [
        (&["-f", "json"][..], "v5.1"),
        (&["-f", "json", "--scope-version", "next"], "next"),
        (&["-f", "json", "--scope-version", "v5"], "v5.1"),
        (&["-f", "json", "--profile", "official"], "v5.1"),
    ] {
        let document: Value = serde_json::from_str(&checked(more, "typical-cloud.yaml").stdout).unwrap();
        validate("check", &document);
        assert_eq!(document["schema"], "scs/check/2");
        assert_eq!(document["subject"], "typical-cloud");
        assert_eq!(document["scope"]["uuid"], "50393e6f-2ae1-4c5c-a62c-3b75f2abef3f");
        assert_eq!(document["decided_by"], decided);
        assert_eq!(document["verdict"], "FAIL");
        assert_eq!(document["checked_at"], "2026-11-24T06:00:00Z");
        assert_eq!(document["results"]["scs-0103-flavor-8v-16"], "FAIL");
    }
    let both = run(&[
        "check",
        "--at",
        "2026-11-24",
        "-f",
        "json",
        &example("typical-cloud.yaml"),
        &example("conformant-cloud.yaml"),
    ]);
    let both: Value = serde_json::from_str(&both.stdout).unwrap();
    assert_eq!(both.as_array().unwrap().len(), 2);
}

#[test]
fn each_version_has_the_results_of_its_documents() {
    let inventory = json!({"kind": "cloud", "images": [{"name": "Ubuntu 24.04", "visibility": "public"}]});
    let run = run_with_input(&["check", "--at", "2026-11-24", "-f", "json", "-"], &inventory.to_string());
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    // A MUST from version 2 of the metadata on.
    assert_eq!(document["versions"]["next"]["results"]["scs-0102-prop-os_purpose"], "FAIL");
    assert_eq!(document["versions"]["v5.1"]["results"].get("scs-0102-prop-os_purpose"), None);
}

#[test]
fn missing_data_are_miss_and_unusable_data_are_dnf() {
    let result = |inventory: &str, case: &str| {
        let run = run_with_input(&["check", "--at", "2026-11-24", "-f", "json", "-"], inventory);
        let document: Value = serde_json::from_str(&run.stdout).unwrap();
        document["results"][case].as_str().unwrap().to_owned()
    };
    for (inventory, flavors, images) in [
        ("kind: cloud", "MISS", "MISS"),
        ("{kind: cloud, flavors: []}", "PASS", "MISS"),
        ("{kind: cloud, flavors: {unavailable: refused}, images: 7}", "DNF", "DNF"),
        ("{kind: cloud, flavors: {\"flavors\": [{\"name\": \"SCS-2V-8\"}]}, images: []}", "PASS", "PASS"),
    ] {
        assert_eq!(result(inventory, "scs-0100-syntax-check"), flavors, "{inventory}");
        assert_eq!(result(inventory, "scs-0102-prop-min_disk"), images, "{inventory}");
    }
}

#[test]
fn errors_name_the_place_in_the_input() {
    for (input, message) in [
        (
            "{\"kind\": \"cloud\", \"flavors\": [",
            "not valid JSON: EOF while parsing a list at line 1 column 30",
        ),
        ("kind: cloud\nflavors: [", "not valid YAML"),
        (
            "[1, 2]",
            "not an inventory: expected a mapping with `kind: cloud` or `kind: cluster`, found a list",
        ),
        ("", "found nothing"),
        ("kind: car", "found `kind: car`"),
        (
            "{\"flavors\": [], \"images\": []}",
            "found a mapping with `flavors` and without `kind` (add `kind: cloud`)",
        ),
        ("nodes: []", "without `kind` (add `kind: cluster`)"),
    ] {
        let run = run_with_input(&["check", "-"], input);
        assert_eq!(run.status, 2, "{input}");
        assert!(run.stderr.contains(message), "{input}: {}", run.stderr);
    }
    for (arguments, message) in [
        (
            &["--scope-version", "v9"][..],
            "SCS-compatible IaaS has no version `v9`; it has next, v5.1, v4 and v3",
        ),
        (&["--target", "gold"], "v5.1 has no target `gold`; it has main"),
        (&["--only", "nothing"], "no test case of v5.1 matches `nothing`"),
        (&["--scope", "scs-open-iaas"], "cannot read scs-open-iaas"),
    ] {
        let run = checked(arguments, "typical-cloud.yaml");
        assert_eq!(run.status, 2, "{arguments:?}");
        assert!(run.stderr.contains(message), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn odd_entries_are_notices_and_the_rest_is_checked() {
    let input = "{\"kind\": \"cloud\", \"flavors\": [], \"flavors\": [{\"name\": \"SCS-2V-8\"}], \"flavours\": [], \
                 \"collected_at\": \"soon\", \"declarations\": [{\"rule\": \"x\"}]}";
    let run = run_with_input(&["check", "--at", "2026-11-24", "-f", "json", "-"], input);
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    let notices: Vec<&str> =
        document["notices"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    for notice in [
        "`flavors` is in the inventory twice",
        "no rule uses `flavours`; did you mean `flavors`?",
        "`collected_at` is \"soon\", which is not a time such as 2026-11-24T08:00:00Z: nothing passes while the age of the inventory is \
         unknown",
        "ignored declaration 1 (x): `value` is missing",
    ] {
        assert!(notices.contains(&notice), "{notice}: {notices:#?}");
    }
}

#[test]
fn the_example_inventories_match_the_schema() {
    for file in ["conformant-cloud.yaml", "typical-cloud.yaml"] {
        let text = std::fs::read_to_string(example(file)).unwrap();
        let inventory: Value = serde_saphyr::from_str(&text).unwrap();
        validate("inventory", &inventory);
    }
}

/// An optional property must be valid if it is set; among the recommended test cases, this decides.
#[test]
fn what_may_be_left_out_fails_among_the_recommended() {
    let dir = tempfile::tempdir().unwrap();
    let scope = dir.path().join("scope.json");
    let content = json!({
        "uuid": "d912d0a5-826a-4b01-bafd-b48f65f76f43", "name": "all", "url": "https://example.com/all.yaml",
        "scripts": [{"executable": "x", "args": "{testcases}", "testcases": [{"id": "scs-0102-prop-hotfix_hours"}]}],
        "modules": [{"id": "scs-0102-v1", "targets": {"recommended": ["scs-0102-prop-hotfix_hours"]}}],
        "timeline": [{"date": "2024-12-19", "versions": {"v1": "effective"}}],
        "versions": [{"version": "v1", "stabilized_at": "2024-12-19", "include": ["scs-0102-v1"]}],
    });
    std::fs::write(&scope, content.to_string()).unwrap();
    let scope = scope.display().to_string();
    for (hours, expected) in [(json!("soon"), "FAIL"), (json!("48"), "PASS"), (Value::Null, "PASS")] {
        let image = json!({"name": "Debian 12", "visibility": "public", "hotfix_hours": hours});
        let inventory = json!({"kind": "cloud", "collected_at": "2026-11-24T00:00:00Z", "images": [image]});
        let arguments =
            [&AT[..], &["-f", "json", "--scope", &scope, "--target", "recommended", "-"]].concat();
        let document = common::json(&run_with_input(&arguments, &inventory.to_string()).stdout);
        assert_eq!(document["results"]["scs-0102-prop-hotfix_hours"], expected, "{hours}");
    }
}

/// A cluster that passes all official test cases, without a label that a document of the scope requires.
fn without_a_zone() -> String {
    let text = std::fs::read_to_string(example("conformant-cluster.yaml")).unwrap();
    let mut cluster: Value = serde_saphyr::from_str(&text).unwrap();
    let nodes = cluster["nodes"]["items"].as_array_mut().unwrap();
    let worker = nodes.iter_mut().find(|node| node["metadata"]["name"] == "worker-2").unwrap();
    worker["metadata"]["labels"].as_object_mut().unwrap().remove("topology.kubernetes.io/zone");
    cluster.to_string()
}

#[test]
fn a_broken_must_of_the_scope_blocks_the_certificate() {
    const CHECK: [&str; 3] = ["check", "--at", "2026-10-20"];
    let inventory = without_a_zone();
    let with = |more: &[&str]| run_with_input(&[&CHECK[..], more, &["-"]].concat(), &inventory);
    let run = with(&[]);
    assert_eq!(run.status, 1, "{}", run.stdout);
    let (blocks, advice) = run.stdout.split_once("== Advice ==").unwrap_or((&run.stdout, ""));
    assert!(blocks.contains("== Blocks the certificate =="), "{}", run.stdout);
    assert!(blocks.contains("scs-0214-label-zone"), "{}", run.stdout);
    assert!(!advice.contains("scs-0214-label-zone, "), "{}", run.stdout);
    assert!(blocks.contains("scs-0214-label-zone; scs-0214-v2"), "{}", run.stdout);
    let document: Value = common::json(&with(&["-f", "json"]).stdout);
    assert_eq!(document["verdict"], "FAIL");
    assert_eq!(document["versions"]["v1"]["targets"]["main"], "PASS");
    assert_eq!(document["versions"]["v1"]["deciding_rules"], json!(["scs-0214-label-zone"]));
    let finding = &document["findings"].as_array().unwrap().iter().find(|it| it["decides"] == true).unwrap();
    assert_eq!((&finding["rule"], &finding["cause"]), (&json!("scs-0214-label-zone"), &json!("broken")));
    let rule = |id: &str| {
        let rules = document["rules"].as_array().unwrap();
        rules.iter().find(|rule| rule["rule"] == id).cloned().unwrap()
    };
    assert_eq!(
        rule("scs-0214-label-zone"),
        json!({"rule": "scs-0214-label-zone", "document": "scs-0214-v2", "result": "FAIL", "decides": true})
    );
    // The official suite does not check it.
    let official = with(&["--profile", "official"]);
    assert_eq!(official.status, 0, "{}", official.stdout);
    assert!(official.stdout.contains("== Breaks a standard, but no test case covers it =="));
    let junit = with(&["-f", "junit"]).stdout;
    assert!(junit.contains(r#"name="scs-0214-label-zone""#) && junit.contains(r#"failures="1""#), "{junit}");
    let sarif = with(&["-f", "sarif"]).stdout;
    assert!(sarif.contains(r#""standing": "blocks""#), "{sarif}");
    let markdown = with(&["-f", "markdown"]).stdout;
    assert!(markdown.contains("### Blocks the certificate"), "{markdown}");
}

#[test]
fn parts_are_inventories() {
    let dir = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string(example("conformant-cloud.yaml")).unwrap();
    let cloud: Value = serde_saphyr::from_str(&text).unwrap();
    let file = |name: &str, content: &str| {
        let path = dir.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.display().to_string()
    };
    let flavors = file("flavors.json", &json!({"flavors": cloud["flavors"]}).to_string());
    // One image after the other, as a loop over `openstack image show -f json` prints them.
    let images: Vec<String> = cloud["images"].as_array().unwrap().iter().map(Value::to_string).collect();
    let images = images.join("\n");
    let images = file("images.json", &images);
    let types = file("volume-types.json", &json!({"volume_types": cloud["volume_types"]}).to_string());
    let result = |arguments: &[&str]| {
        let run = run(&[&AT[..], &["-f", "json"], arguments].concat());
        (run.status, common::json(&run.stdout))
    };
    let (status, document) = result(&["--subject", "mine", &flavors, &images, &types]);
    assert_eq!(status, 1, "other parts are missing");
    assert_eq!(document["subject"], "mine");
    for case in ["scs-0100-syntax-check", "scs-0102-prop-min_disk", "scs-0114-syntax-check"] {
        assert_eq!(document["results"][case], "PASS", "{case}");
    }
    assert_eq!(document["results"]["scs-0123-service-compute"], "MISS");
    let (_, of_directory) = result(&["--subject", "mine", &dir.path().display().to_string()]);
    assert_eq!(of_directory["results"], document["results"]);
    // The order of files changes nothing.
    let (_, reversed) = result(&["--subject", "mine", &types, &images, &flavors]);
    assert_eq!(reversed["results"], document["results"]);
}

#[test]
fn files_of_the_wrong_kind_get_the_right_command() {
    for (input, message, hint) in [
        (
            "+----+------+\n| ID | Name |\n+----+------+\n",
            "a table for people",
            "openstack flavor list --long -f json",
        ),
        ("\"ID\",\"Name\"\n\"1\",\"x\"\n", "comma-separated values", "-f json"),
        (
            "NAME   STATUS   ROLES   AGE\ncp-1   Ready   control-plane   1d\n",
            "a table for people",
            "kubectl get nodes -o json",
        ),
        ("apiVersion: v1\nkind: Config\nclusters: []\n", "a kubeconfig", "scs k8s collect-script"),
        ("resource \"openstack_compute_flavor_v2\" \"a\" {\n}\n", "Terraform", "openstack flavor list"),
        ("clouds:\n  a: {}\n", "a clouds.yaml", "--os-cloud"),
        ("{\"servers\": []}", "a list of servers", "openstack"),
        ("SCS-2V-8\nSCS-4V-16\n", "names, one per line", "scs flavor check"),
        (
            "{\"schema\": \"scs/check/2\", \"results\": {}}",
            "a report, not an inventory",
            "scs certificate evaluate",
        ),
        ("[]", "an empty list", "volume-types.json"),
    ] {
        let run = run_with_input(&["check", "-"], input);
        assert_eq!(run.status, 2, "{input}");
        assert!(run.stderr.contains(message) && run.stderr.contains(hint), "{input}: {}", run.stderr);
    }
}

#[test]
fn an_old_inventory_is_a_notice_and_does_not_pass() {
    let file = example("conformant-cloud.yaml");
    for (at, status, notice) in [
        ("2026-11-25", 0, None),
        ("2027-11-24", 1, Some("too long before")),
        ("2026-11-10", 1, Some("which is after")),
    ] {
        let run = run(&["check", "--at", at, &file]);
        assert_eq!(run.status, status, "{at}: {}", run.stdout);
        assert_eq!(
            run.stdout.contains("the inventory was collected on"),
            notice.is_some(),
            "{at}: {}",
            run.stdout
        );
        assert!(notice.is_none_or(|notice| run.stdout.contains(notice)), "{at}: {}", run.stdout);
    }
    let document = common::json(&run(&["check", "--at", "2027-11-24", "-f", "json", &file]).stdout);
    assert_eq!(document["results"]["scs-0100-syntax-check"], "MISS");
    assert_eq!(document["collected_at"], "2026-11-24T06:00:00Z");
    let document = common::json(&run(&["check", "--at", "2026-11-25", "-f", "json", &file]).stdout);
    assert!(document["changes_at"].is_string());
}

#[test]
fn a_scope_file_with_an_error_is_reported_and_nobody_passes() {
    let dir = tempfile::tempdir().unwrap();
    let scope = dir.path().join("scope.json");
    let content = json!({
        "uuid": "d912d0a5-826a-4b01-bafd-b48f65f76f43", "name": "all", "url": "https://example.com/all.yaml",
        "scripts": [{"executable": "x", "args": "{testcases}", "testcases": [{"id": "scs-0100-syntax-check"}]}],
        "modules": [{"id": "scs-0100-v3", "targets": {"main": ["scs-0100-syntax-check"]}}],
        "timeline": [{"date": "2024-12-19", "versions": {"v1": "effective"}}],
        "versions": [{"version": "v1", "stabilized_at": "2024-12-19", "include": ["scs-0100-v3", "scs-0100-v4"]}],
    });
    std::fs::write(&scope, content.to_string()).unwrap();
    let scope = scope.display().to_string();
    let inventory = "{kind: cloud, flavors: [{name: m1.tiny}]}";
    let run = run_with_input(&[&AT[..], &["-f", "json", "--scope", &scope, "-"]].concat(), inventory);
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(run.stderr.contains("scs-0100-v4"), "{}", run.stderr);
    let document = common::json(&run.stdout);
    assert_eq!(document["results"]["scs-0100-syntax-check"], "PASS");
    assert_eq!(document["verdict"], "DNF");
    let official =
        run_with_input(&[&AT[..], &["--profile", "official", "--scope", &scope, "-"]].concat(), inventory);
    assert_eq!((official.status, official.stdout.as_str()), (2, ""), "{}", official.stderr);
}

/// Commands for one kind of list reject all other lists, in the format of APIs and clients.
#[test]
fn lists_of_other_kinds_are_refused() {
    let text = std::fs::read_to_string(example("conformant-cloud.yaml")).unwrap();
    let cloud: Value = serde_saphyr::from_str(&text).unwrap();
    let mut lists: Vec<(String, Value)> = cloud
        .as_object()
        .unwrap()
        .iter()
        .filter(|(_, part)| part.as_array().is_some_and(|list| list.iter().any(Value::is_object)))
        .map(|(name, part)| (name.clone(), part.clone()))
        .collect();
    for (name, list) in [
        (
            "volume_types",
            json!([{"id": "1", "name": "luks", "description": "[scs:encrypted]", "is_public": true, "extra_specs": {}}]),
        ),
        ("volume_types", json!([{"ID": "1", "Name": "luks", "Is Public": true}])),
        ("role_list", json!([{"ID": "1", "Name": "member"}, {"ID": "2", "Name": "admin"}])),
        ("extensions", json!([{"alias": "standard-attr-tag"}])),
        (
            "servers",
            json!([{"ID": "1", "Name": "a", "Status": "ACTIVE", "Networks": "n", "Image": "i", "Flavor": "f"}]),
        ),
    ] {
        lists.push((name.to_owned(), list));
    }
    for (name, list) in lists {
        let commands = [
            ("flavor", "check", "flavors"),
            ("flavor", "repair", "flavors"),
            ("image", "check", "images"),
            ("image", "repair", "images"),
            ("image", "list", "images"),
        ];
        for (command, verb, own) in commands {
            let arguments = [command, verb, "-"];
            let run = run_with_input(&arguments, &list.to_string());
            let refused = run.status == 2 && run.stdout.is_empty() && run.stderr.contains("hint: ");
            let is_own = name == own || own == "images" && name == "earlier_images";
            assert_eq!(refused, !is_own, "{arguments:?} of {name}: {} {}", run.status, run.stderr);
        }
    }
}

/// A directory is equivalent to the files in it, wherever several files are accepted.
#[test]
fn directories_are_read_as_their_files() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name);
    let own = |name: &str, files: &[(&str, &str)]| {
        std::fs::create_dir(path(name)).unwrap();
        for (file, text) in files {
            std::fs::write(path(name).join(file), text).unwrap();
        }
        path(name).to_str().unwrap().to_owned()
    };
    let results = own(
        "results",
        &[
            ("a.json", r#"{"cncf-k8s-conformance": "PASS", "version-policy-check": "PASS"}"#),
            ("b.yaml", "kaas-networking-check: PASS\n"),
            ("notes.md", "not looked at"),
            (".hidden.json", "{"),
        ],
    );
    let arguments = ["certificate", "evaluate", "--scope", "scs-compatible-kaas", "--at", "2026-11-24"];
    assert_eq!(run(&[&arguments[..], &["--results", &results]].concat()).status, 0);
    let tests = own(
        "tests",
        &[(
            "junit_01.xml",
            r#"<testsuite timestamp="2026-10-19T08:00:00"><testcase name="[It] a [Conformance]"><failure/></testcase></testsuite>"#,
        )],
    );
    let cluster = example("conformant-cluster.yaml");
    let options = ["check", "--at", "2026-10-20", "-f", "json", &cluster, "--conformance-results", &tests];
    let document: Value = serde_json::from_str(&run(&options).stdout).unwrap();
    assert_eq!(document["results"]["cncf-k8s-conformance"], "FAIL");
    let statement = |rule: &str, value: &str| {
        format!("- {{rule: {rule}, value: {value}, date: 2026-10-01, valid_until: 2027-01-01}}\n")
    };
    let declared = own(
        "declared",
        &[("a.yaml", &statement("scs-0100-ecc", "ecc")), ("b.yml", &statement("scs-0110-plp", "all"))],
    );
    let text = "kind: cloud\ncollected_at: 2026-11-24T00:00:00Z\nflavors: []\n";
    let run = run_with_input(
        &["check", "--at", "2026-11-24", "-f", "json", "--all", "-", "--declarations", &declared],
        text,
    );
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    let rules = document["rules"].as_array().unwrap();
    for rule in ["scs-0100-ecc", "scs-0110-plp"] {
        let result = rules.iter().find(|known| known["rule"] == rule).map(|known| &known["result"]);
        assert_eq!(result, Some(&json!("PASS")), "{rule}");
    }
    let empty = own("empty", &[("notes.md", "")]);
    let run = self::run(&[&arguments[..], &["--results", &empty]].concat());
    assert!(run.status == 2 && run.stderr.contains("hint: supported extensions: "), "{}", run.stderr);
}
