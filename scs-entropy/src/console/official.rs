//! The official suite's interpretation of console output, used only for the verdict of the other profile.

use scs_standards::python::{decimal, is_space, with_ascii_digits};

/// The sections that determine an official test case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct OfficialReading {
    /// The first line of `entropy-avail`.
    pub(crate) entropy_available: Option<String>,
    /// The result of its search in the `fips-test` lines.
    pub(crate) fips: Option<OfficialFips>,
    /// Whether a line of `rngd` says that the service was not found, as required by revision 1.0.
    pub(crate) rngd_is_absent: Option<bool>,
    /// Whether the last `fips-test` line ended just before an expected number.
    wants_number: bool,
}

/// The number of failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OfficialFips {
    /// No line contains it.
    NotFound,
    /// It makes the suite fail with an error.
    Unusable,
    /// The number.
    Failures(u64),
}

/// The maximum number of digits that Python converts to a number.
const MOST_DIGITS: usize = 4_300;
const FAILURES: &str = "failures:";

impl OfficialReading {
    /// Reads the text after the first marker of a line.
    pub(super) fn take(&mut self, text: &str) {
        let Some((section, payload)) = text.split_once(':') else { return };
        let payload = payload.trim_matches(is_space);
        match section {
            "entropy-avail" if self.entropy_available.is_none() => {
                self.entropy_available = Some(crate::words::brief(payload));
            }
            "fips-test" => self.take_fips(payload),
            "rngd" => {
                let is_absent = payload.contains("could not be found");
                self.rngd_is_absent = Some(self.rngd_is_absent.unwrap_or(false) || is_absent);
            }
            _ => {}
        }
    }

    /// The lines are joined, and the first match counts.
    fn take_fips(&mut self, payload: &str) {
        if self.fips.is_some_and(|found| found != OfficialFips::NotFound) {
            return;
        }
        let starts_with_digit = payload.starts_with(|c| decimal(c).is_some());
        self.fips = Some(if self.wants_number && starts_with_digit {
            OfficialFips::Unusable
        } else {
            failures(payload)
        });
        self.wants_number = payload.ends_with(FAILURES);
    }
}

/// The first `failures:`, space, number. The suite splits its match at spaces and fails on any other whitespace.
fn failures(line: &str) -> OfficialFips {
    let found = line.match_indices(FAILURES).find_map(|(at, _)| {
        let rest = line.get(at + FAILURES.len()..)?;
        let space = rest.chars().next().filter(|c| is_space(*c))?;
        let digits = rest.get(space.len_utf8()..)?;
        let length = digits.find(|c| decimal(c).is_none()).unwrap_or(digits.len());
        digits.get(..length).filter(|digits| !digits.is_empty()).map(|digits| (space, digits))
    });
    match found {
        None => OfficialFips::NotFound,
        Some((' ', digits)) if digits.chars().count() <= MOST_DIGITS => {
            OfficialFips::Failures(with_ascii_digits(digits).parse().unwrap_or(u64::MAX))
        }
        Some(_) => OfficialFips::Unusable,
    }
}
