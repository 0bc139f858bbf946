//! Plausibility checks for declared numbers, addresses and dates, which rules can only evaluate within these limits.

use jiff::civil::Date;
use scs_standards::DeclaredValue;

use crate::subject::host_of;

/// A count of things, up to an implausible limit.
pub(super) fn count(value: &DeclaredValue, most: f64) -> Option<f64> {
    value.number().filter(|number| number.fract() == 0.0 && (0.0..=most).contains(number))
}

/// A duration in milliseconds, more than zero and at most a minute.
pub(super) fn milliseconds(value: &DeclaredValue) -> Option<f64> {
    const MINUTE: f64 = 60_000.0;
    value.number().filter(|number| *number > 0.0 && *number <= MINUTE)
}

/// A date that is not in the future.
pub(super) fn day_past(value: &DeclaredValue, today: Date) -> Option<Date> {
    value.text()?.trim().parse().ok().filter(|day| *day <= today)
}

/// Whether a text is a URL with a publicly resolvable host.
pub(super) fn is_public_address(text: &str) -> bool {
    let Some(host) = host_of(text) else { return false };
    let labels = |host: &str| {
        host.split('.').all(|label| {
            !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        })
    };
    host.contains('.') && labels(host) && host.rsplit('.').next() != Some("local")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_must_have_public_hosts() {
        for text in ["https://docs.example.org", "http://s3.example.org:8080/x", "HTTPS://a.b"] {
            assert!(is_public_address(text), "{text}");
        }
        for text in [
            "https://",
            "https:///x",
            "https://…",
            "https://localhost",
            "docs.md",
            "https://a..b",
            "https://s3.local",
        ] {
            assert!(!is_public_address(text), "{text}");
        }
    }

    #[test]
    fn implausible_numbers_are_rejected() {
        let number = DeclaredValue::Number;
        assert_eq!(count(&number(3.0), 10.0), Some(3.0));
        for wrong in [-1.0, 2.5, 11.0, f64::NAN, f64::INFINITY] {
            assert_eq!(count(&number(wrong), 10.0), None, "{wrong}");
        }
        assert_eq!(milliseconds(&number(0.6)), Some(0.6));
        for wrong in [-1.0, 0.0, 1e9] {
            assert_eq!(milliseconds(&number(wrong)), None, "{wrong}");
        }
    }
}
