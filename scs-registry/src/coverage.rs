//! Which official test cases are covered by rules, and which are not yet, each with the reason.

use scs_certificates::Scope;
use scs_standards::TestCase;

use crate::registry::Registry;

/// An official test case that no rule covers yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotCovered {
    /// Its id.
    pub id: &'static str,
    /// Why.
    pub reason: &'static str,
}

/// The closed list, of which nothing is left. A test fails when a case is in neither place, or in both.
const NOT_COVERED: &[NotCovered] = &[];

/// What is known of an official test case.
#[derive(Clone, Copy, Debug)]
pub enum Coverage {
    /// Rules cover it.
    Covered(&'static TestCase),
    /// None does, for this reason.
    NotCovered(&'static NotCovered),
    /// It is in no official scope.
    Unknown,
}

impl Registry {
    /// Whether rules cover a test case.
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

    /// The test cases of the official scopes that are covered, and how many there are.
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
