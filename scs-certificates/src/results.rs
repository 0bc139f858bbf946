//! Combines results from several sources; the newest counts (scs-0003-v2, *Regulation*).

use std::collections::BTreeMap;

use jiff::Timestamp;
use scs_standards::{DocumentId, Profile, Verdict};
use serde::{Deserialize, Serialize};

use crate::report::Report;
use crate::scope::Lifetime;

/// The result of a test case with its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenResult {
    /// The result.
    pub result: Verdict,
    /// The time; a result without a time does not expire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked_at: Option<Timestamp>,
}

impl From<Verdict> for GivenResult {
    fn from(result: Verdict) -> Self {
        Self { result, checked_at: None }
    }
}

/// All known results of a subject, from files and reports, in any order.
///
/// For each test case, the newest result counts; of two with the same time, the topmost. A result without a time may be
/// arbitrarily old, so it never improves another one. A MISS means that nothing was checked, so it is not a result.
///
/// ```
/// use scs_certificates::{GivenResult, Results};
/// use scs_standards::{Profile, Verdict};
///
/// let given = |result, day: &str| GivenResult { result, checked_at: day.parse().ok() };
/// let mut results = Results::default();
/// results.add("scs-0100-syntax-check", given(Verdict::Fail, "2026-11-29T00:00:00Z"));
/// results.add("scs-0100-syntax-check", given(Verdict::Pass, "2026-11-25T00:00:00Z"));
/// let newest = |at: &str| results.newest("scs-0100-syntax-check", at.parse().unwrap(), Profile::Text);
/// assert_eq!(newest("2026-11-30T00:00:00Z").unwrap().result, Verdict::Fail);
/// // A future result does not count yet.
/// assert_eq!(newest("2026-11-28T00:00:00Z").unwrap().result, Verdict::Pass);
/// assert_eq!(newest("2026-11-24T00:00:00Z"), None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Results {
    cases: BTreeMap<String, Known>,
    rules: BTreeMap<(DocumentId, String), Known>,
}

/// The known results of a test case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Known {
    /// The topmost result without a time.
    undated: Option<Verdict>,
    /// Results by time; of several with the same time, the topmost.
    dated: BTreeMap<Timestamp, Verdict>,
}

impl Known {
    fn add(&mut self, given: GivenResult) {
        if given.result == Verdict::Miss {
            return;
        }
        match given.checked_at {
            None => self.undated = Some(self.undated.map_or(given.result, |known| known.min(given.result))),
            Some(at) => {
                let known = self.dated.entry(at).or_insert(given.result);
                *known = given.result.min(*known);
            }
        }
    }

    fn extend(&mut self, other: Self) {
        self.undated = self.undated.into_iter().chain(other.undated).min();
        for (at, result) in other.dated {
            self.add(GivenResult { result, checked_at: Some(at) });
        }
    }

    fn newest(&self, at: Timestamp, profile: Profile) -> Option<GivenResult> {
        let dated = match profile {
            Profile::Text => self.dated.range(..=at).next_back(),
            Profile::Official => self.dated.last_key_value(),
        };
        match (dated, self.undated) {
            (Some((at, result)), undated) => {
                let result = undated.map_or(*result, |undated| undated.min(*result));
                Some(GivenResult { result, checked_at: Some(*at) })
            }
            (None, undated) => undated.map(GivenResult::from),
        }
    }
}

impl Results {
    /// Adds a result.
    pub fn add(&mut self, test_case: impl Into<String>, given: GivenResult) {
        self.cases.entry(test_case.into()).or_default().add(given);
    }

    /// Adds the answer of a rule that no test case covers. A FAIL is decisive if the rule is a MUST of a document that a version
    /// includes; the caller selects the rules.
    pub fn add_rule(&mut self, document: DocumentId, rule: impl Into<String>, given: GivenResult) {
        self.rules.entry((document, rule.into())).or_default().add(given);
    }

    /// Adds the results of a report. By the text, unreadable ones count as DNF; the official suite never writes
    /// such results.
    pub fn add_report(&mut self, report: &Report, profile: Profile) {
        let checked_at = Some(report.checked_at);
        for (case, result) in &report.results {
            self.add(case, GivenResult { result: *result, checked_at });
        }
        if profile == Profile::Text {
            for case in &report.unusable {
                self.add(case, GivenResult { result: Verdict::Dnf, checked_at });
            }
        }
    }

    /// Adds all results of another collection.
    pub fn extend(&mut self, others: Self) {
        for (case, known) in others.cases {
            self.cases.entry(case).or_default().extend(known);
        }
        for (rule, known) in others.rules {
            self.rules.entry(rule).or_default().extend(known);
        }
    }

    /// The test cases with known results, ordered by id.
    pub fn test_cases(&self) -> impl Iterator<Item = &str> {
        self.cases.keys().map(String::as_str)
    }

    /// Whether there are no results.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cases.is_empty()
    }

    /// The newest result at a point in time; future results count only for the official suite. If there are
    /// results with and without a time, the topmost of them counts, with the time of the former.
    #[must_use]
    pub fn newest(&self, test_case: &str, at: Timestamp, profile: Profile) -> Option<GivenResult> {
        self.cases.get(test_case)?.newest(at, profile)
    }

    /// The violated rules of a document at a point in time; answers expire after the default lifetime.
    pub(crate) fn broken(&self, document: DocumentId, at: Timestamp) -> impl Iterator<Item = &str> {
        let of =
            self.rules.range((document, String::new())..).take_while(move |((it, _), _)| *it == document);
        of.filter(move |(_, known)| {
            known.newest(at, Profile::Text).is_some_and(|given| {
                let expires = given.checked_at.map(|at| Lifetime::default().expires(at));
                given.result == Verdict::Fail && expires.is_none_or(|expires| at < expires)
            })
        })
        .map(|((_, rule), _)| rule.as_str())
    }

    /// The times of all rule answers.
    pub(crate) fn times_of_rules(&self) -> impl Iterator<Item = Timestamp> {
        self.rules.values().flat_map(|known| known.dated.keys().copied())
    }

    /// The times of all results of a test case, oldest first.
    pub(crate) fn times(&self, test_case: &str) -> impl Iterator<Item = Timestamp> {
        self.cases.get(test_case).into_iter().flat_map(|known| known.dated.keys().copied())
    }

    /// Whether there are differing results with and without a time, so that it is unknown which is newer.
    pub(crate) fn is_undecided(&self, test_case: &str) -> bool {
        self.cases.get(test_case).is_some_and(|known| {
            known.undated.is_some_and(|undated| known.dated.values().any(|result| *result != undated))
        })
    }
}

impl<S: Into<String>> FromIterator<(S, GivenResult)> for Results {
    fn from_iter<I: IntoIterator<Item = (S, GivenResult)>>(given: I) -> Self {
        let mut results = Self::default();
        for (case, given) in given {
            results.add(case, given);
        }
        results
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn given() -> impl Strategy<Value = GivenResult> {
        (prop::sample::select(Verdict::ALL.to_vec()), prop::option::of(0_i64..8)).prop_map(|(result, at)| {
            GivenResult { result, checked_at: at.map(|at| Timestamp::from_second(at).unwrap()) }
        })
    }

    proptest! {
        #[test]
        fn the_order_does_not_matter(
            (given, shuffled) in prop::collection::vec(given(), 0..8)
                .prop_flat_map(|given| (Just(given.clone()), Just(given).prop_shuffle())),
            cut in 0_usize..8,
        ) {
            let of = |given: &[GivenResult]| given.iter().map(|given| ("a", *given)).collect::<Results>();
            prop_assert_eq!(of(&given), of(&shuffled));
            let (one, other) = given.split_at(cut.min(given.len()));
            let mut both = of(other);
            both.extend(of(one));
            prop_assert_eq!(both, of(&given));
        }

        #[test]
        fn a_result_without_a_time_never_makes_another_better(
            given in prop::collection::vec(given(), 1..8),
            more in prop::sample::select(Verdict::ALL.to_vec()),
            at in 0_i64..8,
        ) {
            let at = Timestamp::from_second(at).unwrap();
            let mut results: Results = given.iter().map(|given| ("a", *given)).collect();
            let before = results.newest("a", at, Profile::Text);
            results.add("a", more.into());
            let after = results.newest("a", at, Profile::Text);
            prop_assert!(before.is_none_or(|before| after.is_some_and(|after| after.result <= before.result)));
        }
    }
}
