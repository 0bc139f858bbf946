//! Results of rules and test cases (scs-0003-v2, *Results*).

use std::fmt;
use std::str::FromStr;

/// The result of a rule, a test case, a target or a scope version.
///
/// The variants are ordered as in scs-0003-v2: of several results, the topmost applies.
///
/// ```
/// use scs_standards::Verdict;
///
/// assert!(Verdict::Fail < Verdict::Miss && Verdict::Miss < Verdict::Dnf && Verdict::Dnf < Verdict::Pass);
/// // The official suite prints ABORT for what the standard calls DNF.
/// assert_eq!("ABORT".parse(), Ok(Verdict::Dnf));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The requirement is broken.
    Fail,
    /// Required data were not given.
    Miss,
    /// Did not finish: data were given but cannot be used.
    Dnf,
    /// The requirement is met.
    Pass,
}

impl Verdict {
    /// All results, topmost first.
    pub const ALL: [Self; 4] = [Self::Fail, Self::Miss, Self::Dnf, Self::Pass];

    /// The combined result; `None` if there are no results, which callers must handle and which is never a PASS.
    #[must_use]
    pub fn topmost(results: impl IntoIterator<Item = Self>) -> Option<Self> {
        results.into_iter().min()
    }

    /// The name: PASS, FAIL, DNF or MISS.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fail => "FAIL",
            Self::Miss => "MISS",
            Self::Dnf => "DNF",
            Self::Pass => "PASS",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Verdict {
    type Err = ParseVerdictError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "FAIL" => Ok(Self::Fail),
            "MISS" => Ok(Self::Miss),
            "DNF" | "ABORT" => Ok(Self::Dnf),
            "PASS" => Ok(Self::Pass),
            _ => Err(ParseVerdictError::new(text)),
        }
    }
}

crate::vocabulary::parse_error! {
    /// Error: not a result.
    ParseVerdictError, "PASS, FAIL, DNF or MISS"
}

#[cfg(feature = "serde")]
crate::as_text!(
    Verdict,
    "Verdict",
    "^(PASS|FAIL|DNF|MISS)$",
    "A result; of several the topmost in the order FAIL, MISS, DNF, PASS applies (scs-0003-v2)."
);
