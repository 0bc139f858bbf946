//! The official suite's reading of a record, oddities included; only used for the verdict of the other profile.

use scs_standards::python;
use serde_json::Value;

use crate::version::{Branch, K8sVersion};

/// The suite's reading of a record.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum OfficialReading {
    /// Skipped: it is not critical, or lacks fields that the suite looks for.
    PassedOver,
    /// Critical, with the affected ranges.
    Critical(Vec<OfficialRange>),
    /// The suite crashes.
    Stumbles,
}

/// A range in the suite's reading: without an upper end, it is one version.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OfficialRange {
    lower: K8sVersion,
    upper: Option<K8sVersion>,
    inclusive: bool,
}

impl OfficialRange {
    fn contains(&self, version: &K8sVersion) -> bool {
        match &self.upper {
            None => self.lower == *version,
            Some(upper) if self.inclusive => self.lower <= *version && version <= upper,
            Some(upper) => self.lower <= *version && version < upper,
        }
    }
}

impl OfficialReading {
    pub(super) fn of(container: &Value) -> Self {
        let (Some(metrics), Some(affected)) = (container.get("metrics"), container.get("affected")) else {
            return Self::PassedOver;
        };
        match is_high(metrics) {
            Some(false) => Self::PassedOver,
            Some(true) => ranges(affected).map_or(Self::Stumbles, Self::Critical),
            None => Self::Stumbles,
        }
    }

    /// Whether it is critical and a version is affected.
    pub(crate) fn affects(&self, version: &K8sVersion) -> bool {
        matches!(self, Self::Critical(ranges) if ranges.iter().any(|range| range.contains(version)))
    }
}

/// Three numbers after an optional `v`, in digits of any script, ignoring text after a plus. `None` if the suite rejects it.
pub(crate) fn version(text: &str) -> Option<K8sVersion> {
    let text = python::with_ascii_digits(text.trim_matches(python::is_space));
    let text = text.strip_prefix('v').unwrap_or(&text);
    let numbers: Vec<u64> = text
        .split('+')
        .next()?
        .split('.')
        .map(|number| number.trim_matches(python::is_space).parse().ok())
        .collect::<Option<_>>()?;
    match numbers[..] {
        [major, minor, patch] => Some(K8sVersion::new(Branch::new(major, minor), patch)),
        _ => None,
    }
}

/// Whether a metric's key contains the name of CVSS and its score is 8 or more; a metric without a score crashes the suite.
fn is_high(metrics: &Value) -> Option<bool> {
    for metric in metrics.as_array()? {
        for (key, value) in metric.as_object()? {
            let lower = key.to_lowercase();
            let is_cvss = ["cvsv", "cvssv"].iter().any(|name| {
                lower.match_indices(name).any(|(at, _)| {
                    let digit = at + name.len();
                    // The last letter of the name is upper case.
                    key.as_bytes().get(digit - 1) == Some(&b'V')
                        && key
                            .get(digit..)
                            .is_some_and(|rest| rest.starts_with(|sign| python::decimal(sign).is_some()))
                })
            });
            if is_cvss && value.get("baseScore")?.as_f64()? >= super::CRITICAL {
                return Some(true);
            }
        }
    }
    Some(false)
}

fn ranges(affected: &Value) -> Option<Vec<OfficialRange>> {
    let mut ranges = Vec::new();
    for product in affected.as_array()? {
        if product.get("product")?.as_str() != Some("Kubernetes") {
            continue;
        }
        for entry in product.get("versions")?.as_array()? {
            if entry.get("status")?.as_str() == Some("affected") {
                ranges.push(range(entry)?);
            }
        }
    }
    Some(ranges)
}

fn range(entry: &Value) -> Option<OfficialRange> {
    let stated = entry.get("version")?.as_str()?;
    let mut lower = version(stated);
    let (mut upper, mut inclusive) = (None, false);
    if let Some(to) = entry.get("lessThanOrEqual") {
        (upper, inclusive) = (Some(version(to.as_str()?)?), true);
    } else if let Some(to) = entry.get("lessThan") {
        upper = Some(version(to.as_str()?)?);
    }
    if lower.is_none() && upper.is_none() {
        if has_wildcard(stated) {
            let stated = python::with_ascii_digits(stated);
            let mut numbers = stated.trim_matches('v').split('.').map(|number| number.trim().parse().ok());
            let first = Branch::new(numbers.next()??, numbers.next()??).first();
            (lower, upper) = (Some(first.clone()), Some(first));
        }
        if let Some((from, to)) = two_versions(stated) {
            (lower, upper) = (Some(version(from)?), Some(version(to)?));
        }
    }
    let lower = lower.unwrap_or_else(|| Branch::new(0, 0).first());
    if upper.as_ref().is_some_and(|upper| *upper < lower) {
        return None;
    }
    Some(OfficialRange { lower, upper, inclusive })
}

/// Whether a text contains something like `1.2.x`.
fn has_wildcard(text: &str) -> bool {
    text.match_indices(".x").any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default();
        let is_digit = |sign: char| python::decimal(sign).is_some();
        let minor = before.trim_end_matches(is_digit);
        minor.len() < before.len() && minor.strip_suffix('.').is_some_and(|before| before.ends_with(is_digit))
    })
}

/// `1.2.3 - 1.2.9` anywhere in the text; the suite splits at every dash and uses the first two parts.
fn two_versions(text: &str) -> Option<(&str, &str)> {
    let is_version = |text: &str| version(text).is_some();
    let mut pieces = text.split('-');
    let (from, to) = (pieces.next()?, pieces.next()?);
    (from.ends_with(char::is_whitespace)
        && to.starts_with(char::is_whitespace)
        && is_version(from)
        && is_version(to))
    .then_some((from, to))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn reading(metrics: &Value, versions: &Value) -> OfficialReading {
        OfficialReading::of(
            &json!({"metrics": metrics, "affected": [{"product": "Kubernetes", "versions": versions}]}),
        )
    }

    #[test]
    fn odd_readings_are_reproduced() {
        let high = json!([{"cvssV3_1": {"baseScore": 8}}]);
        let affects = |version_info: &Value, version: &str| {
            let entry = json!([version_info]);
            match reading(&high, &entry) {
                OfficialReading::Stumbles => None,
                other => Some(other.affects(&version.parse().unwrap())),
            }
        };
        for (entry, version, expected) in [
            (json!({"status": "affected", "version": "1.2.3", "lessThan": "1.2.5"}), "1.2.4", Some(true)),
            (json!({"status": "affected", "version": "1.2.3", "lessThan": "1.2.5"}), "1.2.5", Some(false)),
            (json!({"status": "affected", "version": "0", "lessThanOrEqual": "1.2.5"}), "1.2.5", Some(true)),
            // The range is empty.
            (json!({"status": "affected", "version": "1.2.x"}), "1.2.0", Some(false)),
            // Only 0.0.0 is affected.
            (json!({"status": "affected", "version": "<= v1.27.2"}), "1.27.1", Some(false)),
            // The end is exclusive.
            (json!({"status": "affected", "version": "1.2.3 - 1.2.9"}), "1.2.8", Some(true)),
            (json!({"status": "affected", "version": "1.2.3 - 1.2.9"}), "1.2.9", Some(false)),
            (json!({"status": "affected", "version": "1.2.3", "lessThan": "1.2"}), "1.2.3", None),
            (json!({"status": "affected", "version": "1.2.3", "lessThan": "1.2.0"}), "1.2.3", None),
            (json!({"status": "affected"}), "1.2.3", None),
            (json!({"status": "unaffected"}), "1.2.3", Some(false)),
        ] {
            assert_eq!(affects(&entry, version), expected, "{entry}");
        }
        assert_eq!(reading(&json!([{"other": {}}]), &json!([])), OfficialReading::PassedOver);
        assert_eq!(reading(&json!([{"cvssV3_1": {}}]), &json!([])), OfficialReading::Stumbles);
        assert_eq!(
            reading(&json!([{"cvssV3_1": {"baseScore": 7.9}}]), &json!([7])),
            OfficialReading::PassedOver
        );
        assert_eq!(version("v1.33.4+k3s1"), "v1.33.4".parse().ok());
        assert_eq!(version("v1.28.5-gke.100"), None);
    }
}
