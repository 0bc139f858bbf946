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
