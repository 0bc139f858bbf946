//! Explanations of standards, rules and test cases (see `scs explain`), each made once a day: the examples of rules are checked
//! when they are shown, which takes a while.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use jiff::civil::Date;
use scs_registry::explain::{Explanation, RuleTopic, Topic, explain, ids};
use scs_standards::StandardId;
use scs_standards::catalog::Catalog;

/// The ids that can be explained.
static IDS: LazyLock<BTreeSet<String>> = LazyLock::new(ids);

/// The explanations of a day, by id.
static KNOWN: Mutex<(Date, BTreeMap<String, Arc<Explanation>>)> = Mutex::new((Date::ZERO, BTreeMap::new()));

/// Whether something with exactly this id can be explained.
pub(crate) fn is_explained(id: &str) -> bool {
    IDS.contains(id)
}

/// The explanation of an id in any form that `scs explain` understands, with the states on a day.
pub(crate) fn explained(id: &str, day: Date) -> Option<Arc<Explanation>> {
    // Other forms of an id are as many as anyone likes, so that these are not kept.
    if !is_explained(id) {
        return explain(id, day).ok().map(Arc::new);
    }
    {
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        if known.0 != day {
            *known = (day, BTreeMap::new());
        }
        if let Some(explanation) = known.1.get(id) {
            return Some(Arc::clone(explanation));
        }
    }
    let explanation = Arc::new(explain(id, day).ok()?);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if known.0 == day {
        known.1.insert(id.to_owned(), Arc::clone(&explanation));
    }
    Some(explanation)
}

/// All standards, each with its explanation.
pub(crate) fn standards(day: Date) -> Vec<Arc<Explanation>> {
    let mut standards: Vec<StandardId> = Catalog::embedded().iter().map(|it| it.id().standard()).collect();
    standards.sort();
    standards.dedup();
    standards.into_iter().filter_map(|standard| explained(&standard.to_string(), day)).collect()
}

/// Calls a function with each rule that decides a test case.
pub(crate) fn each_rule_of(test_case: &str, day: Date, mut each: impl FnMut(&RuleTopic)) {
    let Some(explanation) = explained(test_case, day) else { return };
    let rules = explanation.topics.iter().filter_map(|topic| match topic {
        Topic::TestCase(case) => Some(&case.rules),
        _ => None,
    });
    for row in rules.flatten() {
        let explanation = explained(&row.id, day);
        for topic in explanation.iter().flat_map(|explanation| &explanation.topics) {
            match topic {
                Topic::Rule(rule) if rule.documents.first() == Some(&row.document) => each(rule),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Date = jiff::civil::date(2026, 11, 24);

    #[test]
    fn each_test_case_of_the_scopes_is_explained_by_its_rules() {
        let mut rules = Vec::new();
        each_rule_of("scs-0100-syntax-check", DAY, |rule| rules.push(rule.id.clone()));
        assert!(rules.contains(&"scs-0100-syntax-check".to_owned()), "{rules:?}");
        each_rule_of("unknown", DAY, |rule| panic!("{}", rule.id));
    }

    #[test]
    fn only_exact_ids_are_kept() {
        assert_eq!(explained("100", DAY).unwrap().id, "scs-0100");
        assert!(!is_explained("100") && is_explained("scs-0100"));
        let first = explained("scs-0100", DAY).unwrap();
        assert!(Arc::ptr_eq(&first, &explained("scs-0100", DAY).unwrap()));
        assert!(explained("nothing", DAY).is_none());
        assert!(standards(DAY).len() > 20);
    }
}
