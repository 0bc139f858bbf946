//! Test counts declared by a provider.

use crate::declaration::DeclaredValue;

/// The numbers of tests that passed, failed, ended with an error and were skipped.
///
/// ```
/// use scs_standards::{DeclaredValue, TestCounts};
///
/// let counts = |facts: &[(&str, f64)]| {
///     let facts = facts.iter().map(|(name, number)| ((*name).to_owned(), DeclaredValue::Number(*number)));
///     TestCounts::of(&DeclaredValue::Facts(facts.collect()))
/// };
/// let run = counts(&[("passed", 52.0), ("failed", 0.0), ("errors", 9.0)]).unwrap();
/// assert_eq!((run.passed, run.broken()), (52, 9));
/// assert_eq!(counts(&[("passed", 52.0)]), None);
/// assert_eq!(counts(&[("passed", 52.0), ("failed", 0.0), ("other", 3.0)]), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TestCounts {
    /// Tests that passed.
    pub passed: u32,
    /// Tests that failed.
    pub failed: u32,
    /// Tests that ended with an error.
    pub errors: u32,
    /// Tests that did not run.
    pub skipped: u32,
}

/// An upper bound for the number of tests in a suite.
const MOST: f64 = 100_000.0;

impl TestCounts {
    /// Parses declared counts; `None` if `passed` or `failed` is missing, a number is not a valid count, or there is
    /// an unknown key.
    #[must_use]
    pub fn of(value: &DeclaredValue) -> Option<Self> {
        let DeclaredValue::Facts(facts) = value else { return None };
        if facts.keys().any(|name| !["passed", "failed", "errors", "skipped"].contains(&name.as_str())) {
            return None;
        }
        let optional = |name: &str| facts.get(name).map_or(Some(0), whole);
        Some(Self {
            passed: whole(facts.get("passed")?)?,
            failed: whole(facts.get("failed")?)?,
            errors: optional("errors")?,
            skipped: optional("skipped")?,
        })
    }

    /// The number of tests that ran but did not pass.
    #[must_use]
    pub const fn broken(&self) -> u32 {
        self.failed + self.errors
    }
}

/// A number as a test count.
fn whole(value: &DeclaredValue) -> Option<u32> {
    let number = value.number().filter(|number| number.fract() == 0.0 && (0.0..=MOST).contains(number))?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is whole and in the range"
    )]
    Some(number as u32)
}
