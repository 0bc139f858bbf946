//! Coverage of the official test cases by rules, with a reason for each that is not covered.

use scs_certificates::Scope;
use scs_standards::TestCase;

use crate::registry::Registry;

/// An official test case that no rule covers yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotCovered {
    /// The id of the test case.
    pub id: &'static str,
    /// The reason why it is not covered.
    pub reason: &'static str,
}

/// The test cases without rules; currently none. A test fails if a case is in neither place or in both.
const NOT_COVERED: &[NotCovered] = &[];

/// The coverage of a test case.
#[derive(Clone, Copy, Debug)]
pub enum Coverage {
    /// Covered by rules.
    Covered(&'static TestCase),
    /// Not covered, with the reason.
    NotCovered(&'static NotCovered),
    /// Not in any official scope.
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
        if let Some(case) = self.test_case(id) {
            return Coverage::Covered(case);
        }
        NOT_COVERED.iter().find(|case| case.id == id).map_or(Coverage::Unknown, Coverage::NotCovered)
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
    fn every_official_test_case_is_covered_or_in_the_list() {
        let registry = Registry::new();
        for case in Scope::embedded().into_iter().flat_map(Scope::test_cases) {
            let listed = NOT_COVERED.iter().any(|known| known.id == case.id);
            let covered = registry.test_case(&case.id).is_some();
            assert!(listed != covered, "{}: listed {listed}, covered {covered}", case.id);
        }
    }

    #[test]
    fn the_list_has_official_test_cases_alone() {
        for case in NOT_COVERED {
            assert!(
                Scope::embedded().into_iter().any(|scope| scope.test_case(case.id).is_some()),
                "{}",
                case.id
            );
        }
    }

    #[test]
    fn rules_count_for_official_test_cases_alone() {
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
