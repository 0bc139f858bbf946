//! How old an inventory and the evidence in it are, held against how long results are valid (scs-0003-v1, *Test-case
//! descriptor*).

use std::collections::BTreeMap;

use jiff::{Timestamp, ToSpan};
use scs_certificates::Lifetime;
use scs_standards::{Given, Verdict};

/// What the time of an inventory means for the results that rest on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Age {
    collected_at: Given<Timestamp>,
    at: Timestamp,
}

/// How far the time of an inventory may lie after the moment of the check: a date on its own means its midnight.
const TOLERANCE_HOURS: i64 = 24;

impl Age {
    pub(crate) const fn new(collected_at: Given<Timestamp>, at: Timestamp) -> Self {
        Self { collected_at, at }
    }

    fn collected_at(&self) -> Option<Timestamp> {
        self.collected_at.data().copied()
    }

    /// The time of the inventory, where it lies after the moment of the check.
    pub(crate) fn future(&self) -> Option<Timestamp> {
        let latest = self.at.checked_add(TOLERANCE_HOURS.hours()).unwrap_or(Timestamp::MAX);
        self.collected_at().filter(|collected_at| *collected_at > latest)
    }

    /// When the result of a test case came about: with the oldest thing that it rests on.
    pub(crate) fn checked_at(&self, evidence_at: Option<Timestamp>) -> Timestamp {
        let collected_at = self.collected_at().unwrap_or(self.at);
        evidence_at.map_or(collected_at, |evidence| evidence.min(collected_at))
    }

    /// Why a PASS of a test case does not count, and what counts in its place.
    pub(crate) fn invalidates(
        &self,
        lifetime: Option<Lifetime>,
        evidence_at: Option<Timestamp>,
    ) -> Option<(Verdict, String)> {
        let what = if evidence_at.is_some() { "the evidence" } else { "the inventory" };
        if let Given::Unusable(reason) = &self.collected_at {
            let reason = format!("when the inventory was collected is not known: {reason}");
            return Some((Verdict::Dnf, reason));
        }
        // An inventory without a time is as new as can be.
        let moment = if evidence_at.is_none() { self.collected_at()? } else { self.checked_at(evidence_at) };
        let lifetime = lifetime?;
        let expired = lifetime.expires(moment);
        (expired <= self.at).then(|| {
            let reason = format!(
                "the result has expired: {what} is of {moment}, and a result with the lifetime `{lifetime}` was valid until {expired}"
            );
            (Verdict::Miss, reason)
        })
    }

    /// What the reader should know.
    pub(crate) fn notice(&self, outdated: &BTreeMap<String, String>) -> Option<String> {
        let at = self.at;
        let collected_at = match &self.collected_at {
            Given::Data(collected_at) => *collected_at,
            Given::Unusable(reason) => {
                return Some(format!(
                    "{reason}: nothing passes while it is not known how old the inventory is"
                ));
            }
            Given::Missing => {
                return Some(
                    "the inventory does not say when it was collected (`collected_at`); it counts as of the moment of the check"
                        .to_owned(),
                );
            }
        };
        if self.future().is_some() {
            return Some(format!(
                "the inventory was collected on {collected_at}, which is after {at}: it shows a later state, so nothing is passed at that time"
            ));
        }
        let old = Lifetime::Day.expires(collected_at) <= at && !outdated.is_empty();
        old.then(|| {
            format!(
                "the inventory was collected on {collected_at}, too long before {at}: results of {} test cases have expired; \
                 collect it again",
                outdated.len()
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn results_expire_with_their_lifetime() {
        let scope = scs_certificates::Scope::compatible_kaas();
        let lifetime = |case: &str| scope.test_case(case).map(|case| case.lifetime);
        let now = at("2026-10-20T00:00:00Z");
        let verdict = |collected: &str, case: &str| {
            let age = Age::new(Given::Data(at(collected)), now);
            age.invalidates(lifetime(case), None).map(|(verdict, _)| verdict)
        };
        assert_eq!(verdict("2026-10-19T00:00:00Z", "version-policy-check"), None);
        assert_eq!(verdict("2026-10-01T00:00:00Z", "version-policy-check"), Some(Verdict::Miss));
        assert_eq!(verdict("2026-10-01T00:00:00Z", "cncf-k8s-conformance"), None);
        assert_eq!(verdict("2025-08-20T00:00:00Z", "cncf-k8s-conformance"), Some(Verdict::Miss));
        // A date on its own is its midnight, so the same day is not the future.
        assert_eq!(verdict("2026-10-20T18:00:00Z", "version-policy-check"), None);
        let later = |collected: &str| Age::new(Given::Data(at(collected)), now).future();
        assert_eq!(later("2026-10-20T18:00:00Z"), None);
        assert_eq!(later("2026-10-25T00:00:00Z"), Some(at("2026-10-25T00:00:00Z")));
        // Evidence is as old as it is, however new the inventory.
        let age = Age::new(Given::Data(now), now);
        let of_run = |day: &str| age.invalidates(lifetime("kaas-networking-check"), Some(at(day)));
        assert!(of_run("2026-10-01T00:00:00Z").is_none());
        assert_eq!(of_run("2025-10-25T00:00:00Z").map(|(verdict, _)| verdict), Some(Verdict::Miss));
    }
}
