//! The official test cases for entropy. Each one is a rule with the same id.

use scs_standards::{Level, TestCase};

/// The first two are in the target *main* of the scopes; the others have been in no target since 2026-06-25.
static CASES: &[TestCase] = &[
    TestCase { id: "scs-0101-entropy-avail", level: Level::Must, rules: &["scs-0101-entropy-avail"] },
    TestCase { id: "scs-0101-fips-test", level: Level::Must, rules: &["scs-0101-fips-test"] },
    TestCase { id: "scs-0101-flavor-property", level: Level::Should, rules: &["scs-0101-flavor-property"] },
    TestCase { id: "scs-0101-image-property", level: Level::Should, rules: &["scs-0101-image-property"] },
    TestCase { id: "scs-0101-rngd", level: Level::Should, rules: &["scs-0101-rngd"] },
];

/// All official test cases over entropy.
///
/// ```
/// use scs_entropy::entropy_test_cases;
///
/// assert_eq!(entropy_test_cases().count(), 5);
/// ```
pub fn entropy_test_cases() -> impl Iterator<Item = &'static TestCase> {
    CASES.iter()
}

/// Finds a test case by its id.
#[must_use]
pub fn entropy_test_case(id: &str) -> Option<&'static TestCase> {
    CASES.iter().find(|case| case.id == id)
}
