//! The state of reading, which all readers of parts share.

use scs_standards::suggestion::nearest;
use scs_standards::{Severity, Verdict};

use super::super::tree::{Node, Value};
use super::super::{Reach, ScopeProblem};

/// The limit for name comparisons when looking for suggestions.
const MOST_COMPARISONS: usize = 50_000;

/// The limit for test cases of all versions together; official scopes have a few hundred. A module that is included in many
/// versions could exhaust the memory.
pub(super) const MOST_CASES: usize = 1_000_000;

/// The state of reading, with the problems so far.
pub(super) struct Reader {
    pub(super) problems: Vec<ScopeProblem>,
    /// The remaining number of name comparisons for suggestions.
    comparisons: usize,
    /// The remaining number of test cases for versions.
    pub(super) cases: usize,
}

/// A mapping with its allowed keys.
pub(super) struct Fields<'t> {
    pub(super) line: u64,
    pub(super) what: &'static str,
    pub(super) map: &'t [(String, Node)],
}

impl<'t> Fields<'t> {
    /// The first value of a key; null counts as missing.
    pub(super) fn get(&self, key: &str) -> Option<&'t Node> {
        let (_, node) = self.map.iter().find(|(known, _)| known == key)?;
        Some(node).filter(|node| !matches!(node.value, Value::Null))
    }
}

impl Reader {
    pub(super) const fn new() -> Self {
        Self { problems: Vec::new(), comparisons: MOST_COMPARISONS, cases: MOST_CASES }
    }

    pub(super) fn report(&mut self, rule: &'static str, line: u64, message: String, hint: Option<String>) {
        self.push(rule, Severity::Error, line, message, hint);
    }

    pub(super) fn warn(&mut self, rule: &'static str, line: u64, message: String) {
        self.push(rule, Severity::Warning, line, message, None);
    }

    fn push(
        &mut self,
        rule: &'static str,
        severity: Severity,
        line: u64,
        message: String,
        hint: Option<String>,
    ) {
        let reach = Reach::Scope;
        self.problems.push(ScopeProblem {
            rule,
            result: Verdict::Fail,
            severity,
            message,
            hint,
            line,
            place: String::new(),
            reach,
        });
    }

    /// Runs a part of the reading. Its problems affect what `reach` says, unless set by a nested part.
    pub(super) fn with_reach<T>(
        &mut self,
        part: impl FnOnce(&mut Self) -> T,
        reach: impl FnOnce(&T) -> Reach,
    ) -> T {
        let before = self.problems.len();
        let read = part(self);
        if self.problems.len() > before {
            let reach = reach(&read);
            let wide = self.problems.iter_mut().skip(before).filter(|problem| problem.reach == Reach::Scope);
            wide.for_each(|problem| problem.reach = reach.clone());
        }
        read
    }

    /// A suggestion for a misspelled name.
    pub(super) fn suggestion<'a>(
        &mut self,
        given: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Option<String> {
        let comparisons = &mut self.comparisons;
        let known = known.into_iter().take_while(|_| {
            *comparisons = comparisons.saturating_sub(1);
            *comparisons > 0
        });
        nearest(given, known).map(|known| format!("did you mean `{known}`?"))
    }
}

/// The beginning of a text, for messages.
pub(super) fn brief(text: &str) -> String {
    text.chars().take(80).collect()
}
