//! An index of declarations by rule and subject, to avoid a scan of all of them for each subject.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::statement::Declaration;

/// The positions of declarations, built on first use. It is derived data: any two are equal, and a copy starts empty.
#[derive(Debug, Default)]
pub(super) struct Index(OnceLock<HashMap<String, RuleIndex>>);

/// The declarations of a rule.
#[derive(Debug, Default)]
struct RuleIndex {
    /// Declarations for all subjects.
    for_all: Vec<usize>,
    /// Declarations that name a subject.
    by_subject: HashMap<String, Vec<usize>>,
}

impl Clone for Index {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for Index {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Index {
    /// The positions of the declarations that cover a subject, in order.
    pub(super) fn places(&self, statements: &[Declaration], rule: &str, subject: &str) -> Vec<usize> {
        let Some(of_rule) = self.0.get_or_init(|| made(statements)).get(rule) else { return Vec::new() };
        let named = of_rule.by_subject.get(subject).into_iter().flatten();
        let mut places: Vec<usize> = of_rule.for_all.iter().chain(named).copied().collect();
        places.sort_unstable();
        places.dedup();
        places
    }
}

fn made(statements: &[Declaration]) -> HashMap<String, RuleIndex> {
    let mut rules: HashMap<String, RuleIndex> = HashMap::new();
    for (place, declaration) in statements.iter().enumerate() {
        let of_rule = rules.entry(declaration.rule.clone()).or_default();
        if declaration.subjects.is_empty() {
            of_rule.for_all.push(place);
        }
        for subject in &declaration.subjects {
            of_rule.by_subject.entry(subject.clone()).or_default().push(place);
        }
    }
    rules
}
