//! Mistakes planted by `seed --broken` are found, and fixed as announced.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::cloud::{ADMIN, Cloud, Phase};

/// The rule, the subject, and words of the message of each planted mistake.
const PLANTED: &[(&str, &str, &str)] = &[
    ("scs-0100-syntax-check", "SCS-2iT-4", "did you mean `SCS-2Ti-4`?"),
    ("scs-0100-syntax-check", "SCS-4v-12", "`v` should be `V`"),
    ("scs-0100-semantics-check", "SCS-4V-24", "the name claims 24576 MiB of memory"),
    ("scs-0100-semantics-check", "SCS-8V-24", "the name claims 8 vCPUs"),
    ("scs-0100-semantics-check", "SCS-2V-6-50", "the name claims a root disk of 50 GB"),
    ("scs-0103-cpu-type", "SCS-1V-8", "`scs:cpu-type` is dedicated-core"),
    ("scs-0103-name-v2", "SCS-2V-8", "`scs:name-v2` is SCS-2V:8"),
    (
        "scs-0103-flavor-2v-4-10",
        "SCS-2V-4-10",
        "must have exactly 10 GB of root disk, but this flavor has 12 GB",
    ),
    ("scs-0103-flavor-16v-64", "SCS-16V-64", "no flavor matches it by size and type"),
    ("scs-0102-prop-architecture", "Broken no metadata", "`architecture` is not set"),
    ("scs-0102-prop-min_disk", "Broken no metadata", "`min_disk` is not set"),
    ("scs-0102-prop-min_ram", "Broken no metadata", "`min_ram` is not set"),
    ("scs-0102-prop-os_version", "Broken no metadata", "`os_version` is not set"),
    ("scs-0102-prop-os_distro", "Broken no metadata", "`os_distro` is not set"),
    ("scs-0102-prop-os_purpose", "Broken no metadata", "`os_purpose` is not set"),
    ("scs-0102-prop-hw_disk_bus", "Broken no metadata", "`hw_disk_bus` is not set"),
    ("scs-0102-prop-replace_frequency", "Broken no metadata", "`replace_frequency` is not set"),
    ("scs-0102-prop-provided_until", "Broken no metadata", "`provided_until` is not set"),
    ("scs-0102-prop-uuid_validity", "Broken no metadata", "`uuid_validity` is not set"),
    ("scs-0102-prop-image_build_date", "Broken no metadata", "`image_build_date` is not set"),
    ("scs-0102-prop-image_original_user", "Broken no metadata", "`image_original_user` is not set"),
    ("scs-0102-prop-image_source", "Broken no metadata", "`image_source` is not set"),
    ("scs-0102-prop-image_description", "Broken no metadata", "`image_description` is not set"),
    ("scs-0102-prop-architecture", "Broken values", "`architecture` is `amd64`"),
    ("scs-0102-prop-hw_disk_bus", "Broken values", "`hw_disk_bus` is `ide`"),
    ("scs-0102-prop-hypervisor_type", "Broken values", "`hypervisor_type` is `bochs`"),
    ("scs-0102-prop-hw_rng_model", "Broken values", "`hw_rng_model` is `none`"),
    ("scs-0102-prop-replace_frequency", "Broken values", "`replace_frequency` is `hourly`"),
    ("scs-0102-prop-uuid_validity", "Broken values", "`uuid_validity` is `sometimes`"),
    ("scs-0102-prop-hotfix_hours", "Broken values", "`hotfix_hours` is `soon`"),
    ("scs-0102-prop-image_source", "Broken values", "`image_source` is `ask the vendor`"),
    ("scs-0102-image-recency", "Broken stale", "replaced weekly"),
    ("scs-0102-prop-image_build_date", "Broken future", "is in the future"),
    ("scs-0102-os_purpose-uniqueness", "Broken twin of Debian 12", "2 generic images of debian 12"),
    ("scs-0104-source-ubuntu-2004", "Ubuntu 20.04", "`image_source` is https://example.org/focal.img"),
    ("scs-0114-syntax-check", "broken-unsorted", "not in alphabetic order"),
    ("scs-0114-syntax-check", "broken-unknown", "`fast` is not an aspect"),
    ("scs-0114-syntax-check", "broken-double", "`replicated` is listed more than once"),
];

fn text<'a>(finding: &'a Value, key: &str) -> &'a str {
    finding[key].as_str().unwrap_or_default()
}

#[test]
fn every_planted_mistake_is_found() {
    let Some(cloud) = Cloud::in_phase(&[Phase::Broken, Phase::Good]) else { return };
    let check = cloud.check();
    let inventory = cloud.collected_file();
    let mut found = Vec::new();
    for profile in ["text", "official"] {
        let mut arguments: Vec<&str> = check.iter().map(String::as_str).collect();
        arguments.extend(["--all", "--profile", profile, &inventory]);
        found.extend(cloud.run(&arguments).json()["findings"].as_array().unwrap().clone());
    }
    let is_wrong = |finding: &&Value| finding["result"] == "FAIL" || finding["result"] == "MISS";
    for (rule, subject, message) in PLANTED {
        let named = found.iter().filter(is_wrong).any(|finding| {
            text(finding, "rule") == *rule
                && text(finding, "subject") == *subject
                && text(finding, "message").contains(message)
        });
        assert_eq!(named, cloud.phase == Phase::Broken, "{rule}, {subject}: {message}");
    }
}

/// Findings as rule, subject, message and result.
type Findings = BTreeSet<[String; 4]>;

fn findings<'a>(list: impl IntoIterator<Item = &'a Value>) -> Findings {
    let keys = ["rule", "subject", "message", "result"];
    list.into_iter().map(|finding| keys.map(|key| text(finding, key).to_owned())).collect()
}

/// The announced changes of a repair, and the remaining findings.
fn announced(cloud: &Cloud, what: &str) -> (Vec<Value>, Findings, Vec<Value>) {
    let outcome = cloud.run(&[what, "repair", "--os-cloud", ADMIN, "--as-admin", "-f", "json"]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let document = outcome.json();
    let list = |key: &str| document[key].as_array().cloned().unwrap_or_default();
    (list("changes"), findings(&list("remaining")), list("new_flavors"))
}

/// The findings about flavors and images, as in `scs check`.
fn checked(cloud: &Cloud, prefixes: &[&str]) -> Findings {
    let outcome = cloud.run(&["check", "--os-cloud", ADMIN, "--as-admin", "--all", "-f", "json"]);
    let document = outcome.json();
    let of_part = |finding: &&Value| prefixes.iter().any(|prefix| text(finding, "rule").starts_with(prefix));
    findings(document["findings"].as_array().unwrap().iter().filter(of_part))
}

#[test]
fn a_repair_leaves_what_it_said_it_would_leave() {
    let Some(cloud) = Cloud::in_phase(&[Phase::Broken]) else { return };
    // Other tests need the cloud as it was seeded.
    cloud.collected();
    for (what, prefixes, fixed) in [
        ("flavor", &["scs-0100-", "scs-0103-"][..], &[("scs-0103-name-v2", "SCS-2V-8")][..]),
        (
            "image",
            &["scs-0102-", "scs-0104-"],
            &[
                ("scs-0102-prop-architecture", "Broken values"),
                ("scs-0102-prop-min_disk", "Broken no metadata"),
            ],
        ),
    ] {
        let before = checked(cloud, prefixes);
        let (changes, remaining, flavors) = announced(cloud, what);
        assert!(!changes.is_empty() && !remaining.is_empty(), "{what}");
        let member = cloud.run(&[what, "repair", "--os-cloud", "scs-test", "--apply", "--yes"]);
        assert_eq!(member.status, 2, "a member repairs {what}s: {member:?}");
        let apply = [what, "repair", "--os-cloud", ADMIN, "--as-admin", "--apply", "--yes"];
        let made = cloud.run(&apply);
        assert_eq!(made.status, 0, "{}", made.stderr);
        made.without(&cloud.secrets());
        // Exactly the announced findings are left, and nothing more can be fixed.
        let (again, left, same) = announced(cloud, what);
        assert_eq!(again, [Value::Null; 0], "{what}");
        assert_eq!(left, remaining, "{what}");
        assert_eq!(same, flavors, "{what}");
        // A check has the same findings.
        let after = checked(cloud, prefixes);
        for (rule, subject) in fixed {
            let is = |finding: &[String; 4]| finding[0] == *rule && finding[1] == *subject;
            assert!(before.iter().any(is), "{rule} of {subject} was not there");
            assert!(!after.iter().any(is), "{rule} of {subject} is still there");
        }
        // A fixed property can make images collide, which was announced, too.
        let new: Vec<_> = after.difference(&before).filter(|finding| !remaining.contains(*finding)).collect();
        assert!(new.is_empty(), "{what}: {new:?}");
        let nothing = cloud.run(&apply);
        assert!(nothing.stderr.contains("no properties to change"), "{}", nothing.stderr);
    }
}
