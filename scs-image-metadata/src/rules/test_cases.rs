//! The official test cases for images. Each one is a rule with the same id.

use scs_standards::{Level, TestCase};

/// A test case, in the target *main* of a scope version or in none.
macro_rules! cases {
    ($($level:ident: $($id:literal),+;)+) => {
        &[$($(TestCase { id: $id, level: Level::$level, rules: &[$id] },)+)+]
    };
}

/// A test case is MUST if it is in the target *main* of a version of SCS-compatible IaaS. `scs-0102-prop-os_purpose` and
/// the uniqueness are so in version next, with scs-0102-v2, where the rule is a different one with the same id.
static CASES: &[TestCase] = cases! {
    Must:
        "scs-0102-prop-architecture", "scs-0102-prop-min_disk", "scs-0102-prop-min_ram", "scs-0102-prop-os_version",
        "scs-0102-prop-os_distro", "scs-0102-prop-hw_disk_bus", "scs-0102-prop-image_build_date",
        "scs-0102-prop-image_original_user", "scs-0102-prop-image_source", "scs-0102-prop-image_description",
        "scs-0102-prop-replace_frequency", "scs-0102-prop-provided_until", "scs-0102-prop-uuid_validity",
        "scs-0102-image-recency", "scs-0104-image-ubuntu-2204", "scs-0104-image-ubuntu-2404",
        "scs-0104-source-ubuntu-2404", "scs-0104-source-ubuntu-2204", "scs-0104-source-ubuntu-2004",
        "scs-0104-source-debian-13", "scs-0104-source-debian-12", "scs-0104-source-debian-11", "scs-0104-source-capi-1",
        "scs-0104-source-capi-2";
    Should:
        "scs-0102-prop-hash_algo", "scs-0102-prop-os_purpose", "scs-0102-os_purpose-uniqueness",
        "scs-0102-prop-hypervisor_type", "scs-0102-prop-hw_rng_model", "scs-0104-image-capi-1", "scs-0104-image-capi-2",
        "scs-0104-image-debian-12", "scs-0104-image-debian-13";
    May: "scs-0102-prop-hotfix_hours";
};

/// All official test cases for images.
///
/// ```
/// use scs_image_metadata::image_test_cases;
///
/// assert_eq!(image_test_cases().count(), 34);
/// ```
pub fn image_test_cases() -> impl Iterator<Item = &'static TestCase> {
    CASES.iter()
}

/// Finds a test case by its id.
#[must_use]
pub fn image_test_case(id: &str) -> Option<&'static TestCase> {
    CASES.iter().find(|case| case.id == id)
}
