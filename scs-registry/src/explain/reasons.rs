//! Reasons for standards and rules, in our own words.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::domain::RuleInfo;

/// Keys are the id of a rule, a pattern with `*` for several rules, or the id of a standard for its remaining rules. A test makes
/// sure that the file can be parsed.
static REASONS: LazyLock<BTreeMap<String, String>> =
    LazyLock::new(|| serde_saphyr::from_str(include_str!("../../data/reasons.yaml")).unwrap_or_default());

/// The reason for a rule.
pub(super) fn reason(rule: &RuleInfo) -> Option<&'static str> {
    let of_several = || {
        let fitting = REASONS.iter().filter(|(pattern, _)| fits(pattern, rule.id));
        fitting.max_by_key(|(pattern, _)| pattern.len()).map(|(_, reason)| reason)
    };
    let of_standard = || REASONS.get(&rule.documents.first()?.standard().to_string());
    REASONS.get(rule.id).or_else(of_several).or_else(of_standard).map(String::as_str)
}

/// Whether a pattern, where `*` matches any characters, matches an id.
fn fits(pattern: &str, id: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(mut rest) = pieces.next().and_then(|first| id.strip_prefix(first)) else { return false };
    let mut last = None;
    for piece in pieces {
        let Some(found) = rest.find(piece) else { return false };
        rest = rest.get(found + piece.len()..).unwrap_or_default();
        last = Some(piece);
    }
    last.is_some_and(str::is_empty)
        || last.is_some_and(|last| id.ends_with(last))
        || rest.is_empty() && last.is_none()
}

/// The reason for a standard.
pub(super) fn reason_of_standard(standard: scs_standards::StandardId) -> Option<&'static str> {
    REASONS.get(&standard.to_string()).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::Registry;

    #[test]
    fn a_star_stands_for_any_letters() {
        for (pattern, id, expected) in [
            ("scs-0100-x", "scs-0100-x", true),
            ("scs-0100-x", "scs-0100-xy", false),
            ("scs-0100-*", "scs-0100-x", true),
            ("scs-*-dnssec", "scs-0127-public-dnssec", true),
            ("scs-*-dnssec", "scs-0127-public-dnssec-2", false),
            ("scs-0210-*critical*", "scs-0210-patch-critical-fast", true),
            ("scs-0210-*critical*", "scs-0210-patch", false),
        ] {
            assert_eq!(fits(pattern, id), expected, "{pattern} {id}");
        }
    }

    #[test]
    fn every_rule_has_a_reason_and_every_reason_a_rule() {
        let read: BTreeMap<String, String> =
            serde_saphyr::from_str(include_str!("../../data/reasons.yaml")).unwrap();
        let registry = Registry::new();
        for rule in registry.rules() {
            assert!(reason(rule).is_some(), "{}", rule.id);
        }
        for id in read.keys() {
            let is_standard = registry.rules().any(|rule| {
                rule.documents.first().is_some_and(|document| document.standard().to_string() == *id)
            });
            assert!(is_standard || registry.rules().any(|rule| fits(id, rule.id)), "{id}");
        }
    }
}
