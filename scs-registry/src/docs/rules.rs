//! The rules, and the official test cases.

use scs_standards::{DocumentId, TestCase};

use super::DocsStyle;
use super::page::{Page, code};
use crate::domain::RuleInfo;
use crate::registry::Registry;

/// All rules, and the official test cases.
pub(super) fn rules(style: &DocsStyle) -> String {
    let registry = Registry::new();
    let mut page = Page::new(style);
    every_rule(&mut page, &registry);
    page.heading(0, "Test cases");
    page.text(
        "The ids under which the official test suite publishes results, and the rules that decide each. Only MUST rules decide \
         a MUST test case.",
    );
    page.head(&["Test case", "Level", "Rules"]);
    for case in registry.test_cases() {
        let rules: Vec<String> = case.rules.iter().map(code).collect();
        page.row(&[&code(case.id), &case.level, &rules.join(", ")]);
    }
    page.finish()
}

/// All rules by document.
pub(super) fn every_rule(page: &mut Page<'_>, registry: &Registry) {
    page.text(
        "All rules, in the order of the standards: for documents (`scs standards lint`), scope files (`scs certificate show`), \
         clouds and clusters (`scs check`; for flavors, images and sample VMs also `scs flavor check`, `scs image check`, \
         `scs entropy check`). `scs explain RULE` explains a rule. *Level* is the requirement level in the text, *documents* are \
         the versions that contain the requirement, *section* is the heading in the first of them. A rule with a *test case* \
         decides that official test case; a rule for several flavors decides the test case of each flavor.",
    );
    let cases: Vec<&TestCase> = registry.test_cases().collect();
    let mut rules: Vec<RuleInfo> = registry.rules().copied().collect();
    // A standard's rules stay in the order of their tables.
    rules.sort_by_key(|rule| rule.documents.first().copied());
    // A rule that several versions share is listed once, under the one in force.
    for of_document in rules.chunk_by(|one, other| one.documents.first() == other.documents.first()) {
        let document = of_document.first().and_then(|rule| rule.documents.first());
        page.heading(0, &document.map(ToString::to_string).unwrap_or_default());
        rule_table(page, of_document.iter().copied(), &cases);
    }
}

fn rule_table(page: &mut Page<'_>, rules: impl Iterator<Item = RuleInfo>, cases: &[&TestCase]) {
    page.head(&["Rule", "Level", "Requirement", "Documents", "Section", "Test case"]);
    for rule in rules {
        let documents: Vec<String> = rule.documents.iter().map(ToString::to_string).collect();
        page.row(&[
            &code(rule.id),
            &rule.level,
            &rule.summary,
            &documents.join(", "),
            &rule.section,
            &deciding(rule.id, cases.iter().copied()),
        ]);
    }
}

/// The official test cases that a rule decides; several are abbreviated by the common beginning of their ids.
pub(super) fn deciding<'c>(rule: &str, cases: impl Iterator<Item = &'c TestCase>) -> String {
    let mut cases = cases.filter(|case| case.rules.contains(&rule)).map(|case| case.id);
    let Some(first) = cases.next() else { return String::new() };
    let rest: Vec<&str> = cases.collect();
    if rest.is_empty() {
        return code(first);
    }
    let common = rest.iter().fold(first, |common, id| {
        let length = common.bytes().zip(id.bytes()).take_while(|(one, other)| one == other).count();
        &common[..length]
    });
    format!("`{common}…`")
}

/// The rules of one document.
pub(super) fn of_document(document: DocumentId, style: &DocsStyle) -> String {
    let registry = Registry::new();
    let mut page = Page::new(style);
    page.head(&["Rule", "Level", "Section", "Requirement", "Test case"]);
    for rule in registry.rules_of(document) {
        let case = rule.test_case.map_or_else(|| "-".to_owned(), code);
        page.row(&[&code(rule.id), &rule.level, &rule.section, &rule.summary, &case]);
    }
    page.finish()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_rule_of_a_document_is_listed_once() {
        let page = rules(&DocsStyle::default());
        let (rules, _) = page.split_once("## Test cases").unwrap();
        let rows: Vec<&str> = rules.lines().filter(|line| line.starts_with("| `")).collect();
        let unique: BTreeSet<&str> = rows.iter().copied().collect();
        assert_eq!(rows.len(), unique.len());
        assert_eq!(rows.len(), Registry::new().rules().count());
    }
}
