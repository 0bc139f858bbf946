//! `sh` blocks and inline code. Commands are run where possible; the options of all commands have to exist.

use std::collections::BTreeSet;

use crate::pages::{PAGES, SYNTAX_ONLY, blocks, inline_code};
use crate::sandbox::{Sandbox, printed};

/// Commands that are not run, with the reason. Their options are still checked.
const NOT_RUN: &[(&str, &str)] = &[
    ("cargo test --workspace --all-features", "runs this test"),
    ("git clone REPOSITORY scs && cd scs", "needs a network"),
    ("cargo install --path scs-cli", "compiles for minutes"),
    ("scs check --os-cloud my-cloud", "needs a cloud"),
    ("scs check --os-cloud my-cloud --probe key-manager,s3,backup,security-group", "needs a cloud"),
    ("openstack flavor list --long -f json > flavors.json", "needs a cloud"),
    (
        "openstack image list -f value -c ID | xargs -n 1 openstack image show -f json > images.json",
        "needs a cloud",
    ),
    ("openstack volume type list --long -f json > volume-types.json", "needs a cloud"),
    ("openstack catalog list -f json > services.json", "needs a cloud"),
    ("scs check --context my-cluster", "needs a cluster"),
    ("scs check --context my-cluster -f json -o report.json", "needs a cluster"),
    (
        "scs check --context my-cluster --fail-coverage-below 100 --save-inventory cluster.json",
        "needs a cluster",
    ),
    ("scs check --context prod --context test", "needs a cluster"),
    ("kubectl apply -f rights.yaml", "needs a cluster"),
    ("kubectl -n kube-system create token scs-check", "needs a cluster"),
    ("scs k8s rights --context my-cluster", "needs a cluster"),
    ("scs k8s rights --probe pvc,network-policy --context my-cluster", "needs a cluster"),
    ("scs check --context my-cluster --probe pvc,pod-security,network-policy", "needs a cluster"),
    ("scs k8s repair --context my-cluster", "needs a cluster"),
    ("scs k8s repair --context my-cluster --apply --undo-file undo.json", "needs a cluster"),
    (
        "scs k8s repair --context my-cluster --choose scs-0217-pss-enforce/shop --policy --apply",
        "needs a cluster",
    ),
    ("scs k8s repair --context my-cluster --undo undo.json --apply", "needs a cluster"),
    ("scs facts update || [ $? -eq 1 ]", "needs a network"),
    ("scs facts update --to facts", "needs a network"),
    ("scs facts update --from facts", "needs a directory that was filled with a network"),
    ("scs flavor repair --os-cloud my-cloud > fix.sh", "needs a cloud"),
    ("scs image repair --os-cloud my-cloud > fix-images.sh", "needs a cloud"),
    ("scs report sign report.yaml --key ~/.ssh/scs_reports --body -o body", "needs a private key"),
    ("openstack flavor list --long -f json | scs flavor check -", "needs a cloud"),
    ("openstack flavor list --long -f json | scs flavor repair -", "needs a cloud"),
];

/// The commands of a shell block, without comments, one per line. `cargo run` becomes the program that it runs.
fn commands(code: &str) -> Vec<String> {
    let joined = code.replace("\\\n", " ");
    let lines = joined.lines().map(|line| line.split(" # ").next().unwrap_or_default().trim());
    lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.replace("cargo run -p scs-cli -- ", "scs "))
        .collect()
}

/// Asserts that the options of all calls of `scs` in a command exist: with `--help`, options and their values are parsed, but
/// nothing is run.
fn assert_options_exist(sandbox: &Sandbox, place: &str, command: &str) {
    let parts = command.split(" | ").flat_map(|part| part.split(" && ")).flat_map(|part| part.split(" || "));
    for part in parts.map(str::trim) {
        let call = part.split(" > ").next().unwrap_or_default().replace('…', "").replace(" SHELL", " bash");
        if call == "scs" || call.starts_with("scs ") {
            let output = sandbox.bash(&format!("{call} --help"));
            assert!(output.status.success(), "{place}: {call}\n{}", printed(&output));
        }
    }
}

#[test]
fn shell_blocks_run() {
    let sandbox = Sandbox::with_files();
    let mut skipped = BTreeSet::new();
    let mut count = 0;
    for block in PAGES.into_iter().flat_map(|page| blocks(page, "sh")) {
        for command in commands(&block.code) {
            assert_options_exist(&sandbox, &block.place, &command);
            if NOT_RUN.iter().any(|(other, _)| *other == command) {
                skipped.insert(command);
                continue;
            }
            count += 1;
            let output = sandbox.bash(&command);
            let status = output.status.code();
            // 1 is a verdict other than PASS, anything else an error.
            assert!(
                matches!(status, Some(0 | 1)),
                "{}: {command}: {status:?}\n{}",
                block.place,
                printed(&output)
            );
        }
    }
    assert!(count > 10, "the pages have commands");
    let stale: Vec<&str> =
        NOT_RUN.iter().map(|(command, _)| *command).filter(|command| !skipped.contains(*command)).collect();
    assert!(stale.is_empty(), "not on any page: {stale:#?}");
}

#[test]
fn shell_blocks_are_valid() {
    let sandbox = Sandbox::empty();
    for block in PAGES.into_iter().chain(SYNTAX_ONLY).flat_map(|page| blocks(page, "sh")) {
        let output = sandbox.command("bash").args(["-n", "-c", &block.code]).output().unwrap();
        assert!(output.status.success(), "{}\n{}", block.place, printed(&output));
    }
}

#[test]
fn options_in_inline_code_exist() {
    let sandbox = Sandbox::empty();
    let mut count = 0;
    for page in PAGES {
        for code in inline_code(page) {
            // The table of options for `scs check`; elsewhere, the page names options without their values.
            let is_option = page == "docs/ci.md" && code.starts_with('-') && code.contains(' ');
            let code = if is_option { format!("scs check {code}") } else { code };
            count += usize::from(code.starts_with("scs "));
            assert_options_exist(&sandbox, page, &code);
        }
    }
    assert!(count > 20, "the pages mention commands");
}
