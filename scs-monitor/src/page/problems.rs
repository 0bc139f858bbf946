//! What keeps a subject from passing, and what describes it.

use std::sync::LazyLock;

use jiff::civil::Date;
use scs_certificates::Scope;
use scs_registry::Registry;
use scs_registry::explain::RuleTopic;

use super::Links;
use super::detail::{DetailReport, DetailRow};
use super::explanation::{Line, Lines, Section, line, sections};
use crate::explanations::each_rule_of;
use crate::findings::ReportFinding;

/// Required test cases that have not passed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Problems {
    pub(crate) failed: Vec<Problem>,
    pub(crate) unfinished: Vec<Problem>,
    pub(crate) missing: Vec<Problem>,
    /// Whether no required test case has a result.
    pub(crate) is_everything_missing: bool,
}

/// A test case that has not passed.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub(crate) test_case: String,
    /// Where it is explained.
    pub(crate) url: Option<String>,
    /// What it tests: Markdown of the scope file, or the summary of the rule.
    pub(crate) description: String,
    pub(crate) report: Option<DetailReport>,
    /// The versions that require it, with their marks.
    pub(crate) versions: String,
    /// The rules that decide it, if it failed.
    pub(crate) remedies: Vec<Remedy>,
    /// What its report finds, for accounts that may read it.
    pub(crate) findings: Vec<ReportFinding>,
}

/// What a rule requires, and how to fix a violation.
#[derive(Clone, Debug)]
pub(crate) struct Remedy {
    pub(crate) rule: String,
    /// The page that explains it with examples.
    pub(crate) url: String,
    pub(crate) requirement: Line,
    pub(crate) reason: Option<Lines>,
    /// What a check finds in its failing example.
    pub(crate) violations: Vec<Section>,
    /// How that is fixed.
    pub(crate) repairs: Vec<Section>,
}

/// The most test cases that are listed before a table that has all of them.
pub(crate) const MOST: usize = 8;

static REGISTRY: LazyLock<Registry> = LazyLock::new(Registry::new);

/// What a test case tests: by the scope file, otherwise by the rule of the same name.
pub(super) fn description(scope: &Scope, id: &str) -> String {
    let described = scope.test_case(id).and_then(|case| case.description.clone());
    let summary = || {
        let rules = REGISTRY.rules_of_test_case(id);
        let rule = rules.iter().find(|rule| rule.id == id).or(rules.first());
        rule.map(|rule| rule.summary.to_owned())
    };
    described.or_else(summary).unwrap_or_default()
}

impl Problems {
    /// The problems of a table of results, for versions with their marks.
    pub(super) fn new(scope: &Scope, rows: &[DetailRow], versions: &[String]) -> Self {
        let of = |category: &str| -> Vec<Problem> {
            let rows = rows.iter().filter(|row| row.category == category && row.required.contains(&true));
            rows.map(|row| problem(scope, row, versions)).collect()
        };
        let required: Vec<&DetailRow> = rows.iter().filter(|row| row.required.contains(&true)).collect();
        let is_everything_missing = !required.is_empty() && required.iter().all(|row| row.report.is_none());
        Self { failed: of("FAIL"), unfinished: of("DNF"), missing: of("MISSING"), is_everything_missing }
    }

    /// Adds what the rules of failed test cases require, and how to fix a violation, for those that are listed.
    pub(super) fn explain(&mut self, day: Date, links: &Links) {
        for problem in self.failed.iter_mut().take(MOST) {
            problem.remedies.clear();
            each_rule_of(&problem.test_case, day, |rule| {
                if problem.remedies.len() < MOST_RULES {
                    problem.remedies.push(remedy(rule, links));
                }
            });
        }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.failed.is_empty() && self.unfinished.is_empty() && self.missing.is_empty()
    }
}

/// The most rules of a test case that are listed; the page about the test case has all of them.
const MOST_RULES: usize = 8;

fn remedy(rule: &RuleTopic, links: &Links) -> Remedy {
    Remedy {
        rule: rule.id.clone(),
        url: links.explanation(&rule.id),
        requirement: line(&rule.requirement(), &rule.id, links),
        reason: rule.reason.as_deref().map(|reason| Lines::new(reason.trim(), &rule.id, links)),
        violations: sections(&rule.violations(), 5, &rule.id, links),
        repairs: sections(&rule.repairs(), 5, &rule.id, links),
    }
}

fn problem(scope: &Scope, row: &DetailRow, versions: &[String]) -> Problem {
    let required = versions.iter().zip(&row.required).filter(|(_, required)| **required);
    Problem {
        test_case: row.test_case.clone(),
        url: row.link().cloned(),
        description: description(scope, &row.test_case),
        report: row.report.clone(),
        remedies: Vec::new(),
        findings: Vec::new(),
        versions: required.map(|(version, _)| version.as_str()).collect::<Vec<_>>().join(", "),
    }
}
