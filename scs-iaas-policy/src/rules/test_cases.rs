//! The official test cases of the IaaS policies, and the rules that each covers.

use scs_standards::{Level, TestCase};

static CASES: &[TestCase] = &[];

/// All official test cases that are covered here.
pub fn iaas_test_cases() -> impl Iterator<Item = &'static TestCase> {
    CASES.iter()
}

/// The test case of an id.
#[must_use]
pub fn iaas_test_case(id: &str) -> Option<&'static TestCase> {
    CASES.iter().find(|case| case.id == id)
}
