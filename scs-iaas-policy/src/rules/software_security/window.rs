//! Deadlines for fixes (scs-0124-w1).

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};

use crate::subject::Moment;

/// A deadline class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Window {
    /// 9.0 to 10.0.
    Critical,
    /// 7.0 to 8.9.
    High,
    /// 4.0 to 6.9.
    Medium,
    /// 0.1 to 3.9.
    Low,
    /// 0.0, which is not a vulnerability.
    Nothing,
}

/// Whether a fix met its deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Timing {
    InTime,
    Late,
    /// Unclear: the times of day are missing.
    Unclear,
}

impl Window {
    /// The deadline class of a CVSS score; `None` if it is not a score. Scores have one decimal; values between two classes
    /// count as the lower one.
    pub(super) fn of(score: f64) -> Option<Self> {
        match score {
            score if !(0.0..=10.0).contains(&score) => None,
            score if score >= 9.0 => Some(Self::Critical),
            score if score >= 7.0 => Some(Self::High),
            score if score >= 4.0 => Some(Self::Medium),
            score if score > 0.0 => Some(Self::Low),
            _ => Some(Self::Nothing),
        }
    }

    /// Unmaintained, with the message.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Critical => "3 hours",
            Self::High => "3 days",
            Self::Medium => "1 month",
            Self::Low => "3 months",
            Self::Nothing => "no time",
        }
    }

    fn span(self) -> Option<Span> {
        Some(match self {
            Self::Critical => 3.hours(),
            Self::High => 3.days(),
            Self::Medium => 1.month(),
            Self::Low => 3.months(),
            Self::Nothing => return None,
        })
    }

    /// The latest time for a fix. Months are calendar months in UTC: one month after January 31 is the last day of February.
    pub(super) fn deadline(self, disclosed: Moment) -> Option<Timestamp> {
        let start = disclosed.start().to_zoned(TimeZone::UTC);
        start.checked_add(self.span()?).ok().map(|end| end.timestamp())
    }

    /// Whether a fix was in time. Dates without a time of day are compared as dates: a fix on the day of the deadline is in
    /// time if the disclosure is a date as well, and unclear otherwise. A deadline of three hours needs times of day.
    pub(super) fn timing(self, disclosed: Moment, fixed: Moment) -> Timing {
        let Some(deadline) = self.deadline(disclosed) else { return Timing::InTime };
        let by_days = disclosed.is_day() && fixed.is_day() && self != Self::Critical;
        if fixed.start() > deadline {
            Timing::Late
        } else if fixed.end() <= deadline || by_days {
            Timing::InTime
        } else {
            Timing::Unclear
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Moment {
        text.parse().unwrap()
    }

    #[test]
    fn scores_have_windows() {
        let windows =
            [(10.0, Window::Critical), (9.0, Window::Critical), (8.9, Window::High), (7.0, Window::High)];
        for (score, window) in windows {
            assert_eq!(Window::of(score), Some(window), "{score}");
        }
        let windows = [(6.9, Window::Medium), (4.0, Window::Medium), (3.9, Window::Low), (0.1, Window::Low)];
        for (score, window) in windows {
            assert_eq!(Window::of(score), Some(window), "{score}");
        }
        assert_eq!(Window::of(0.0), Some(Window::Nothing));
        assert_eq!([-0.1, 10.1, f64::NAN, f64::INFINITY].map(Window::of), [None; 4]);
    }

    #[test]
    fn months_are_calendar_months() {
        let deadline = |window: Window, from| window.deadline(moment(from)).unwrap().to_string();
        assert_eq!(deadline(Window::Medium, "2026-01-31"), "2026-02-28T00:00:00Z");
        assert_eq!(deadline(Window::Low, "2026-11-30T10:00:00Z"), "2027-02-28T10:00:00Z");
        assert_eq!(deadline(Window::Critical, "2026-11-20T22:30:00Z"), "2026-11-21T01:30:00Z");
    }

    #[test]
    fn days_are_compared_with_days() {
        let timing = |window: Window, from, to| window.timing(moment(from), moment(to));
        assert_eq!(timing(Window::High, "2026-11-20", "2026-11-23"), Timing::InTime);
        assert_eq!(timing(Window::High, "2026-11-20", "2026-11-24"), Timing::Late);
        assert_eq!(timing(Window::High, "2026-11-20", "2026-11-23T00:00:01Z"), Timing::Late);
        assert_eq!(timing(Window::High, "2026-11-20T08:00:00Z", "2026-11-23"), Timing::Unclear);
        assert_eq!(timing(Window::Critical, "2026-11-20", "2026-11-20"), Timing::Unclear);
        assert_eq!(timing(Window::Critical, "2026-11-20", "2026-11-19"), Timing::InTime);
        assert_eq!(timing(Window::Critical, "2026-11-20T08:00:00Z", "2026-11-20T11:00:00Z"), Timing::InTime);
        assert_eq!(timing(Window::Critical, "2026-11-20T08:00:00Z", "2026-11-20T11:00:01Z"), Timing::Late);
    }
}
