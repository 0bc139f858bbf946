//! scs-0128: Tempest's test cases.

use std::collections::HashMap;
use std::sync::LazyLock;

use scs_standards::junit::{TestOutcome, TestResults};
use scs_standards::{DocumentId, Heading, Level, Rule};

use super::Rec;
use crate::subject::{Cloud, source};

const REGULATIONS: Heading = Heading { documents: &[DocumentId::version(128, 1)], section: "Regulations" };

/// The rules for Tempest results.
pub(crate) static RULES: &[Rule<Cloud>] = &[
    REGULATIONS.rule("scs-0128-no-failures", Level::Must, "no listed test case fails", no_failures),
    REGULATIONS.rule(
        "scs-0128-list-complete",
        Level::Should,
        "every listed test case was run",
        list_complete,
    ),
];

/// The listed test cases, by full name.
static LISTED: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("../../data/tempest-tests.txt").lines();
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
});

/// A name without its tags, which differ between Tempest releases.
fn plain(name: &str) -> &str {
    name.split_once('[').map_or(name, |(plain, _)| plain)
}

/// The class of a test, which can fail as a whole before its first test.
fn class(name: &str) -> &str {
    plain(name).rsplit_once('.').map_or("", |(class, _)| class)
}

/// Results by the names that listed tests are found by.
struct Outcomes<'r> {
    results: &'r TestResults,
    /// The first outcome of each name without tags.
    by_plain_name: HashMap<&'r str, TestOutcome>,
    /// The names of failures that may be about a class as a whole: they end with a bracket.
    failed_wholes: Vec<&'r str>,
}

impl<'r> Outcomes<'r> {
    fn new(results: &'r TestResults) -> Self {
        let mut by_plain_name = HashMap::new();
        let mut failed_wholes = Vec::new();
        for (name, outcome) in results.iter() {
            by_plain_name.entry(plain(name)).or_insert(outcome);
            if outcome == TestOutcome::Failed && name.ends_with(')') {
                failed_wholes.push(name);
            }
        }
        Self { results, by_plain_name, failed_wholes }
    }

    /// The outcome of a listed test: by its name, or that of its class.
    fn of(&self, listed: &str) -> Option<TestOutcome> {
        let class = class(listed);
        let is_of_class = |name: &&str| {
            name.strip_suffix(')')
                .and_then(|name| name.strip_suffix(class))
                .is_some_and(|name| name.ends_with('('))
        };
        if self.failed_wholes.iter().any(is_of_class) {
            return Some(TestOutcome::Failed);
        }
        self.results.of(listed).or_else(|| self.by_plain_name.get(plain(listed)).copied())
    }
}

fn no_failures(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(results) = rec.needs(&cloud.tempest_results, source::TEMPEST_RESULTS) else { return };
    let outcomes = Outcomes::new(results);
    let mut seen = 0;
    for listed in LISTED.iter() {
        match outcomes.of(listed) {
            Some(TestOutcome::Failed) => {
                seen += 1;
                rec.fail(plain(listed), "Tempest reports it as failed")
                    .compared("passed or skipped", "failed");
            }
            Some(TestOutcome::Passed | TestOutcome::Skipped) => seen += 1,
            Some(TestOutcome::Unfinished) | None => {}
        }
    }
    if let Some(unlisted) = results.unlisted() {
        let message = format!(
            "the results count {unlisted} that they do not list; provide the results of the whole run"
        );
        rec.dnf("tempest", message);
    }
    let open = results.iter().filter(|(_, outcome)| *outcome == TestOutcome::Unfinished);
    let open: Vec<&str> = open.map(|(name, _)| plain(name)).collect();
    if let Some(first) = open.first() {
        let message = format!("the outcome of {} tests is unknown, such as {first}", open.len());
        rec.dnf("tempest", message);
    }
    if seen == 0 {
        rec.dnf("tempest", format!("the results have none of the {} listed test cases", LISTED.len()));
    }
    // "Tempest MUST NOT report any failed test cases", whether they are required or not.
    let listed = |name: &str| LISTED.iter().any(|listed| plain(listed) == plain(name));
    let of_class = |name: &str| LISTED.iter().any(|listed| name.ends_with(&format!("({})", class(listed))));
    let others = results
        .iter()
        .filter(|(name, outcome)| *outcome == TestOutcome::Failed && !listed(name) && !of_class(name));
    let others: Vec<&str> = others.map(|(name, _)| plain(name)).collect();
    if let Some(first) = others.first() {
        let message = format!(
            "Tempest reports {} failed that are not in the list, such as {first}; run only the listed test cases, or fix what fails",
            others.len()
        );
        rec.fail("tempest", message).compared("none failed", others.len());
    }
}

fn list_complete(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(results) = rec.needs(&cloud.tempest_results, source::TEMPEST_RESULTS) else { return };
    let outcomes = Outcomes::new(results);
    let missing: Vec<&str> =
        LISTED.iter().filter(|listed| outcomes.of(listed).is_none()).map(|listed| plain(listed)).collect();
    if let Some(first) = missing.first() {
        let message =
            format!("{} of {} listed test cases are missing, such as {first}", missing.len(), LISTED.len());
        rec.fail("tempest", message).compared(LISTED.len(), LISTED.len() - missing.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_complete() {
        assert_eq!(LISTED.len(), 258);
        assert!(LISTED.iter().all(|name| name.starts_with("tempest.") && plain(name) != *name));
    }

    #[test]
    fn a_failed_class_setup_fails_its_tests() {
        let listed = LISTED[0];
        let failed = format!("setUpClass ({})", class(listed));
        let results: TestResults = [(failed, TestOutcome::Failed)].into_iter().collect();
        assert_eq!(Outcomes::new(&results).of(listed), Some(TestOutcome::Failed));
        let results: TestResults = [(plain(listed).to_owned(), TestOutcome::Passed)].into_iter().collect();
        assert_eq!(Outcomes::new(&results).of(listed), Some(TestOutcome::Passed));
    }
}
