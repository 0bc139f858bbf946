//! How old an inventory is, held against how long results are valid (scs-0003-v1, *Test-case descriptor*).

use std::collections::BTreeMap;

use jiff::{Timestamp, ToSpan};
use scs_certificates::{Lifetime, Scope};
use scs_standards::Verdict;

/// What the time of an inventory means for the results that rest on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Age {
    /// It does not say when it was collected, or the time is in order.
    Unremarkable,
    /// It was collected so long ago that results may have expired.
    Collected(Timestamp),
    /// It was collected after the moment of the check, which cannot be.
    Future(Timestamp),
}

/// How far the time of an inventory may lie after the moment of the check: a date on its own means its midnight.
const TOLERANCE_HOURS: i64 = 24;

impl Age {
    pub(crate) fn of(collected_at: Option<Timestamp>, at: Timestamp) -> Self {
        let Some(collected_at) = collected_at else { return Self::Unremarkable };
        let latest = at.checked_add(TOLERANCE_HOURS.hours()).unwrap_or(Timestamp::MAX);
        if collected_at > latest {
            return Self::Future(collected_at);
        }
        if Lifetime::Day.expires(collected_at) <= at {
            Self::Collected(collected_at)
        } else {
            Self::Unremarkable
        }
    }

    /// Why a PASS of a test case does not count, and what counts in its place.
    pub(crate) fn invalidates(self, scope: &Scope, case: &str, at: Timestamp) -> Option<(Verdict, String)> {
        match self {
            Self::Unremarkable => None,
            Self::Future(collected_at) => {
                Some((Verdict::Dnf, format!("the inventory is dated {collected_at}, in the future of {at}")))
            }
            Self::Collected(collected_at) => {
                let lifetime = scope.test_case(case)?.lifetime;
                let expired = lifetime.expires(collected_at);
                (expired <= at).then(|| {
                    let reason = format!(
                        "the result has expired: the inventory was collected on {collected_at}, and a result with the lifetime \
                         `{lifetime}` was valid until {expired}"
                    );
                    (Verdict::Miss, reason)
                })
            }
        }
    }

    /// What the reader should know.
    pub(crate) fn notice(self, outdated: &BTreeMap<String, String>, at: Timestamp) -> Option<String> {
        match self {
            Self::Unremarkable => None,
            Self::Future(collected_at) => Some(format!(
                "the inventory was collected on {collected_at}, which is after {at}: nothing in it can be taken for true at that time"
            )),
            Self::Collected(_) if outdated.is_empty() => None,
            Self::Collected(collected_at) => Some(format!(
                "the inventory was collected on {collected_at}, too long before {at}: results of {} test cases have expired; \
                 collect it again",
                outdated.len()
            )),
        }
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
        let scope = Scope::compatible_kaas();
        let now = at("2026-10-20T00:00:00Z");
        let verdict = |collected: &str, case: &str| {
            let age = Age::of(Some(at(collected)), now);
            age.invalidates(scope, case, now).map(|(verdict, _)| verdict)
        };
        assert_eq!(verdict("2026-10-19T00:00:00Z", "version-policy-check"), None);
        assert_eq!(verdict("2026-10-01T00:00:00Z", "version-policy-check"), Some(Verdict::Miss));
        assert_eq!(verdict("2026-10-01T00:00:00Z", "cncf-k8s-conformance"), None);
        assert_eq!(verdict("2025-08-20T00:00:00Z", "cncf-k8s-conformance"), Some(Verdict::Miss));
        // A date on its own is its midnight, so the same day is not the future.
        assert_eq!(verdict("2026-10-20T18:00:00Z", "version-policy-check"), None);
        assert_eq!(verdict("2026-10-25T00:00:00Z", "version-policy-check"), Some(Verdict::Dnf));
    }
}
