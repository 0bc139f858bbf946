//! The official test cases of the IaaS policies, with the rules that each covers.

use scs_standards::{Level, TestCase};

/// A test case for one rule with the same id.
const fn one(level: Level, rules: &'static [&'static str; 1]) -> TestCase {
    TestCase { id: rules[0], level, rules }
}

/// A test case is a MUST if it is in target *main* of a version of SCS-compatible IaaS, or would be in a manual module.
static CASES: &[TestCase] = &[
    one(Level::Must, &["scs-0114-syntax-check"]),
    one(Level::Should, &["scs-0114-encrypted-type"]),
    one(Level::Should, &["scs-0114-replicated-type"]),
    one(Level::Must, &["scs-0115-default-rules"]),
    one(Level::Should, &["scs-0116-presence"]),
    one(Level::Must, &["scs-0116-permissions"]),
    one(Level::Must, &["key-manager-docs-check"]),
    one(Level::Must, &["scs-0117-test-backup"]),
    TestCase {
        id: "availability-zones-check",
        level: Level::Must,
        rules: &[
            "scs-0121-doc-fire-zones",
            "scs-0121-doc-one-az-per-zone",
            "scs-0121-power",
            "scs-0121-external",
            "scs-0121-core-routers",
        ],
    },
    one(Level::Must, &["scs-0123-service-compute"]),
    one(Level::Must, &["scs-0123-service-identity"]),
    one(Level::Must, &["scs-0123-service-image"]),
    one(Level::Must, &["scs-0123-service-network"]),
    one(Level::Must, &["scs-0123-service-load-balancer"]),
    one(Level::Must, &["scs-0123-service-placement"]),
    one(Level::Must, &["scs-0123-storage-apis"]),
    one(Level::Must, &["scs-0123-swift-s3"]),
    one(Level::Must, &["scs-0123-service-s3"]),
    one(Level::Must, &["domain-manager-check"]),
];

/// All official test cases that this crate covers.
///
/// ```
/// use scs_iaas_policy::iaas_test_cases;
///
/// assert_eq!(iaas_test_cases().count(), 19);
/// ```
pub fn iaas_test_cases() -> impl Iterator<Item = &'static TestCase> {
    CASES.iter()
}

/// Finds a test case by id.
#[must_use]
pub fn iaas_test_case(id: &str) -> Option<&'static TestCase> {
    CASES.iter().find(|case| case.id == id)
}
