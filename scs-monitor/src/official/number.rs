//! Results as numbers.

use scs_standards::Verdict;

/// The number of a result; `None` for a MISS.
pub(crate) const fn number(verdict: Verdict) -> Option<i8> {
    match verdict {
        Verdict::Pass => Some(1),
        Verdict::Dnf => Some(0),
        Verdict::Fail => Some(-1),
        Verdict::Miss => None,
    }
}
