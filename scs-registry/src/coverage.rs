//! The official test cases that rules cover.

use scs_certificates::Scope;
use scs_standards::TestCase;

use crate::registry::Registry;

/// The coverage of a test case.
#[derive(Clone, Copy, Debug)]
pub enum Coverage {
    /// Covered by rules.
    Covered(&'static TestCase),
    /// No rule covers it: it is not an official test case.
    Unknown,
}

impl Registry {
    /// Returns the coverage of a test case.
    ///
    /// ```
    /// use scs_registry::{Coverage, Registry};
    ///
    /// let registry = Registry::new();
    /// assert!(matches!(registry.coverage("scs-0100-syntax-check"), Coverage::Covered(_)));
    /// assert!(matches!(registry.coverage("scs-9999-new"), Coverage::Unknown));
    /// ```
    #[must_use]
    pub fn coverage(&self, id: &str) -> Coverage {
        self.test_case(id).map_or(Coverage::Unknown, Coverage::Covered)
    }

    /// The covered test cases of the official scopes, and the total number.
    #[must_use]
    pub fn coverage_totals(&self) -> (usize, usize) {
        let all: Vec<_> = Scope::embedded().into_iter().flat_map(Scope::test_cases).collect();
        let covered = all.iter().filter(|case| self.test_case(&case.id).is_some()).count();
        (covered, all.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_official_test_case_is_covered() {
        let registry = Registry::new();
        for case in Scope::embedded().into_iter().flat_map(Scope::test_cases) {
            assert!(registry.test_case(&case.id).is_some(), "{}", case.id);
        }
    }

    #[test]
    fn rules_count_only_for_official_test_cases() {
        let registry = Registry::new();
        for case in registry.test_cases() {
            assert!(
                Scope::embedded().into_iter().any(|scope| scope.test_case(case.id).is_some()),
                "{}",
                case.id
            );
        }
        for rule in registry.rules() {
            if let Some(case) = rule.test_case {
                assert!(registry.test_case(case).is_some(), "{} of {}", case, rule.id);
            }
        }
    }
}
