//! The age of an inventory and its evidence, compared with the lifetime of results (scs-0003-v1, *Test-case descriptor*).

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use scs_certificates::Lifetime;
use scs_standards::{Given, Verdict};

/// The age of an inventory, and what it means for the results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Age {
    collected_at: Given<Timestamp>,
    at: Timestamp,
}

/// How far the time of an inventory may be after the time of the check: clocks differ a little.
const TOLERANCE_MINUTES: i64 = 10;

impl Age {
    pub(crate) const fn new(collected_at: Given<Timestamp>, at: Timestamp) -> Self {
        Self { collected_at, at }
    }

    fn collected_at(&self) -> Option<Timestamp> {
        self.collected_at.data().copied()
    }

    /// The time of the inventory, if it is after the time of the check.
    pub(crate) fn future(&self) -> Option<Timestamp> {
        let day = self.at.to_zoned(TimeZone::UTC);
        // A date without a time means midnight, and an inventory of the same day belongs to it.
        let latest = match day.start_of_day() {
            Ok(midnight) if midnight == day => day.checked_add(1.day()).map(|end| end.timestamp()),
            _ => self.at.checked_add(TOLERANCE_MINUTES.minutes()),
        };
        let latest = latest.unwrap_or(Timestamp::MAX);
        self.collected_at().filter(|collected_at| *collected_at > latest)
    }

    /// The time of a test case's result: that of its oldest evidence.
    pub(crate) fn checked_at(&self, evidence_at: Option<Timestamp>) -> Timestamp {
        let collected_at = self.collected_at().unwrap_or(self.at);
        evidence_at.map_or(collected_at, |evidence| evidence.min(collected_at))
    }

    /// The reason why a PASS of a test case does not count, and the verdict that counts instead.
    pub(crate) fn invalidates(
        &self,
        lifetime: Option<Lifetime>,
        evidence_at: Option<Timestamp>,
    ) -> Option<(Verdict, String)> {
        let what = if evidence_at.is_some() { "the evidence" } else { "the inventory" };
        if let Given::Unusable(reason) = &self.collected_at {
            let reason = format!("it is unknown when the inventory was collected: {reason}");
            return Some((Verdict::Dnf, reason));
        }
        // An inventory without a time counts as new.
        let moment = if evidence_at.is_none() { self.collected_at()? } else { self.checked_at(evidence_at) };
        let lifetime = lifetime?;
        let expired = lifetime.expires(moment);
        (expired <= self.at).then(|| {
            let reason = format!(
                "the result has expired: {what} is dated {moment}, and results with lifetime `{lifetime}` were valid until {expired}"
            );
            (Verdict::Miss, reason)
        })
    }

    /// Notices about the age.
    pub(crate) fn notice(&self, outdated: &BTreeMap<String, String>) -> Option<String> {
        let at = self.at;
        let collected_at = match &self.collected_at {
            Given::Data(collected_at) => *collected_at,
            Given::Unusable(reason) => {
                return Some(format!("{reason}: nothing passes while the age of the inventory is unknown"));
            }
            Given::Missing => {
                return Some("the inventory has no `collected_at`; using the time of the check".to_owned());
            }
        };
        if self.future().is_some() {
            return Some(format!(
                "the inventory was collected on {collected_at}, which is after {at}: it shows a later state, so nothing passes at that time"
            ));
        }
        let old = Lifetime::Day.expires(collected_at) <= at && !outdated.is_empty();
        old.then(|| {
            format!(
                "the inventory was collected on {collected_at}, too long before {at}: results of {} test cases have expired; \
                 collect a new inventory",
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
        // A date means midnight, so the same day is not in the future.
        assert_eq!(verdict("2026-10-20T18:00:00Z", "version-policy-check"), None);
        let later = |collected: &str| Age::new(Given::Data(at(collected)), now).future();
        assert_eq!(later("2026-10-20T18:00:00Z"), None);
        assert_eq!(later("2026-10-21T00:00:00Z"), None, "the end of the day");
        let at_eight = |collected: &str| {
            Age::new(Given::Data(at(collected)), at("2026-10-20T08:00:00Z")).future().is_some()
        };
        assert_eq!([at_eight("2026-10-20T08:05:00Z"), at_eight("2026-10-20T09:00:00Z")], [false, true]);
        assert_eq!(later("2026-10-25T00:00:00Z"), Some(at("2026-10-25T00:00:00Z")));
        // Old evidence does not get newer in a new inventory.
        let age = Age::new(Given::Data(now), now);
        let of_run = |day: &str| age.invalidates(lifetime("kaas-networking-check"), Some(at(day)));
        assert!(of_run("2026-10-01T00:00:00Z").is_none());
        assert_eq!(of_run("2025-10-25T00:00:00Z").map(|(verdict, _)| verdict), Some(Verdict::Miss));
    }
}
