//! Runs each program and checks its output.

#![expect(clippy::unwrap_used, reason = "a helper fails as the test would")]

use std::process::Command;

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn names_are_decoded() {
    let said = run(env!("CARGO_BIN_EXE_decode_name"), &["SCS-2V:8", "SCS-4V-8_chy", "SCS-2iT-4", "m1.small"]);
    for line in [
        "SCS-2V:8: 2 oversubscribed vCPUs on any x86-64, 8 GiB of memory, no disk (boot from a volume)",
        "  v1: SCS-2V:8",
        "  v3: SCS-2V-8",
        "  v2: cannot say it",
        "  bytes 5..6, expected one of [\"L\", \"V\", \"T\", \"C\"]",
        "m1.small: not an SCS name, which is not an error",
    ] {
        assert!(said.lines().any(|said| said == line), "`{line}` is not in\n{said}");
    }
}

#[test]
fn the_planted_faults_are_found() {
    let said = run(env!("CARGO_BIN_EXE_check_flavors"), &["examples/data/flavors.json"]);
    assert!(said.starts_with("35 flavors in the format of nova\n"), "{said}");
    let failed: Vec<&str> = said.lines().filter_map(|line| line.strip_prefix("MUST FAIL ")).collect();
    assert_eq!(
        failed,
        [
            "scs-0100-syntax-check",
            "scs-0100-semantics-check",
            "scs-0103-flavor-2v-8",
            "scs-0103-flavor-4v-16-100s",
            "scs-0103-flavor-8v-32",
            "scs-0103-flavor-1v-8",
        ]
    );
    assert!(said.contains("  openstack flavor set --property scs:name-v1=SCS-2V:8 SCS-2V-8\n"), "{said}");
}

#[test]
fn a_family_becomes_resources() {
    let said = run(env!("CARGO_BIN_EXE_terraform_family"), &[]);
    let resources: Vec<&str> = said.lines().filter(|line| line.starts_with("resource ")).collect();
    assert_eq!(
        resources,
        ["scs_2t_8", "scs_2t_8_100p", "scs_4t_8", "scs_4t_8_100p", "scs_4t_32", "scs_4t_32_100p"]
            .map(|label| format!("resource \"openstack_compute_flavor_v2\" \"{label}\" {{"))
    );
}

#[test]
fn the_smallest_flavor_is_found() {
    let said = run(env!("CARGO_BIN_EXE_smallest_flavor"), &[]);
    assert!(said.starts_with("smallest: SCS-4V-16-100s, "), "{said}");
    assert!(said.contains("nearly:   SCS-4V-16-50, disk type: "), "{said}");
}

const AT: &str = "2026-11-24T00:00:00Z";

#[test]
fn images_and_consoles_are_checked() {
    let said = run(env!("CARGO_BIN_EXE_check_images"), &["examples/data/images.json", AT]);
    assert!(said.lines().any(|line| line.ends_with("[scs-0102-prop-replace_frequency]")), "{said}");
    let said = run(env!("CARGO_BIN_EXE_check_console"), &["examples/data/console-output.txt", AT]);
    assert!(said.contains("PASS scs-0101-entropy-avail\n"), "{said}");
}

#[test]
fn parts_of_clouds_and_clusters_are_checked() {
    let file = |text: &str| {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        file
    };
    let catalog = file(r#"[{"type": "compute", "endpoints": []}]"#);
    let said = run(env!("CARGO_BIN_EXE_check_catalog"), &[catalog.path().to_str().unwrap()]);
    assert!(said.contains("load-balancer"), "{said}");
    let nodes =
        file(r#"{"kind": "NodeList", "items": [{"kind": "Node", "metadata": {"name": "a", "labels": {}}}]}"#);
    let said = run(env!("CARGO_BIN_EXE_check_nodes"), &[nodes.path().to_str().unwrap()]);
    assert!(said.contains("kubectl label node a topology.kubernetes.io/zone=ZONE"), "{said}");
}

#[test]
fn results_and_reports_are_written() {
    let results = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(results.path(), r#"{"scs-0100-syntax-check": "FAIL"}"#).unwrap();
    let said = run(env!("CARGO_BIN_EXE_evaluate_results"), &[results.path().to_str().unwrap(), AT]);
    assert!(said.starts_with("FAIL\n"), "{said}");
    let said = run(env!("CARGO_BIN_EXE_html_report"), &["examples/data/typical-cloud.yaml", AT]);
    assert!(said.starts_with("<!DOCTYPE html>") && said.contains("scs-0103-flavor-1v-8"), "{said}");
}

#[test]
fn documents_and_clouds_are_listed() {
    let said = run(env!("CARGO_BIN_EXE_list_documents"), &["2026-11-24"]);
    assert!(said.contains("scs-0100-v3 SCS Flavor Naming Standard\n"), "{said}");
    let file = tempfile::Builder::new().suffix(".yaml").tempfile().unwrap();
    std::fs::write(file.path(), "clouds: {lab: {auth: {auth_url: 'https://lab.example.com:5000', username: u, password: p}, region_name: one}}\n").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_list_clouds"))
        .env("OS_CLIENT_CONFIG_FILE", file.path())
        .output()
        .unwrap();
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "lab: one\n",
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn contexts_are_listed() {
    let directory = tempfile::tempdir().unwrap();
    let config = directory.path().join("config");
    let text =
        "contexts: [{name: prod, context: {cluster: c, user: u}}, {name: old, context: {cluster: gone}}]
clusters: [{name: c, cluster: {server: 'https://api.example.org:6443'}}]
users: [{name: u, user: {token: abc}}]
";
    std::fs::write(&config, text).unwrap();
    let output =
        Command::new(env!("CARGO_BIN_EXE_list_contexts")).env("KUBECONFIG", &config).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap().replace(&config.display().to_string(), "FILE");
    assert_eq!(
        said,
        "old: FILE, context `old`: the cluster `gone` is not defined\nprod: https://api.example.org:6443\n"
    );
}
