//! The official test cases of the scope SCS-compatible KaaS, with the rules that each covers.

use scs_standards::{Level, TestCase};

static CASES: &[TestCase] = &[
    TestCase {
        id: "cncf-k8s-conformance",
        level: Level::Must,
        rules: &["cncf-k8s-conformance", "scs-0201-complete"],
    },
    TestCase { id: "kaas-networking-check", level: Level::Must, rules: &["kaas-networking-check"] },
    TestCase { id: "version-policy-check", level: Level::Must, rules: &["version-policy-check"] },
    TestCase { id: "node-distribution-check", level: Level::Must, rules: &["node-distribution-check"] },
];

/// All official test cases that this crate covers.
pub fn k8s_test_cases() -> impl Iterator<Item = &'static TestCase> {
    CASES.iter()
}

/// Finds a test case by id.
#[must_use]
pub fn k8s_test_case(id: &str) -> Option<&'static TestCase> {
    CASES.iter().find(|case| case.id == id)
}
