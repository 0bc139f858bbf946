//! The official test cases for flavors, and the rules that each covers.

use scs_standards::{Level, TestCase};

use crate::standard_flavors::{COUNT, StandardFlavor};

/// The test cases of scs-0100; those in the target *main* are MUST.
static NAMING: [TestCase; 2] = [
    TestCase {
        id: "scs-0100-syntax-check",
        level: Level::Must,
        rules: &[
            "scs-0100-syntax-check",
            "scs-0100-disk-whole",
            "scs-0100-extension-order",
            "scs-0100-no-own-extensions",
            "scs-0100-gen-needs-vendor",
            "scs-0100-gpu-generation",
            "scs-0100-gpu-vram-integer",
        ],
    },
    TestCase {
        id: "scs-0100-semantics-check",
        level: Level::Must,
        rules: &[
            "scs-0100-semantics-check",
            "scs-0100-understate-cpu-class",
            "scs-0100-understate-disk-type",
        ],
    },
];

/// The rules covered by a test case of scs-0103: existence and figures, then the four properties.
static COVERED: [[&str; 5]; COUNT] = {
    let mut covered = [[""; 5]; COUNT];
    let mut index = 0;
    while index < COUNT {
        covered[index] = [
            StandardFlavor::at(index).test_case_id(),
            "scs-0103-name-v1",
            "scs-0103-name-v2",
            "scs-0103-cpu-type",
            "scs-0103-disk0-type",
        ];
        index += 1;
    }
    covered
};

/// The test cases of scs-0103, one for each standard flavor.
static STANDARD: [TestCase; COUNT] = {
    let mut cases = [TestCase { id: "", level: Level::May, rules: &[] }; COUNT];
    let mut index = 0;
    while index < COUNT {
        let standard = StandardFlavor::at(index);
        cases[index] = TestCase {
            id: standard.test_case_id(),
            level: standard.status().level(),
            rules: &COVERED[index],
        };
        index += 1;
    }
    cases
};

/// The official test cases for flavors.
///
/// ```
/// use scs_flavor_naming::flavor_test_cases;
/// assert_eq!(flavor_test_cases().count(), 2 + 31);
/// ```
pub fn flavor_test_cases() -> impl Iterator<Item = &'static TestCase> {
    NAMING.iter().chain(&STANDARD)
}

/// Finds an official test case by its id.
#[must_use]
pub fn flavor_test_case(id: &str) -> Option<&'static TestCase> {
    flavor_test_cases().find(|case| case.id == id)
}
