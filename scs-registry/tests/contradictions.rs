//! The keys of `docs/differences.md` that several crates share.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use scs_certificates::Scope;
use scs_registry::{Registry, RuleInfo};
use scs_standards::catalog::Catalog;
use scs_standards::{DocumentId, State};

fn rule<'r>(registry: &'r Registry, id: &str) -> &'r RuleInfo {
    registry.rule(id).first().copied().expect("a rule")
}

#[test]
fn mandatory_images_are_those_of_scs_0104() {
    // C-060.
    let registry = Registry::new();
    let images: Vec<&RuleInfo> =
        registry.rules().filter(|rule| rule.id.starts_with("scs-0104-image-")).collect();
    assert!(!images.is_empty());
    let by_0104 = |rule: &&RuleInfo| rule.documents.contains(&DocumentId::version(104, 1));
    assert!(images.iter().all(by_0104), "C-060");
}

#[test]
fn drafts_have_rules_and_decide_no_test_case() {
    // C-074.
    let registry = Registry::new();
    for number in 124..=127 {
        let document = DocumentId::version(number, 1);
        let known = Catalog::embedded().get(document).expect("a document");
        assert_eq!(known.state_on("2026-11-24".parse().expect("a day")), State::Draft);
        assert!(registry.rules_of(document).count() > 0);
        assert!(registry.rules_of(document).all(|rule| rule.test_case.is_none()), "C-074: {document}");
    }
}

#[test]
fn each_document_has_its_own_windows_for_what_is_critical() {
    // C-075.
    let registry = Registry::new();
    assert!(rule(&registry, "scs-0124-patch-window").summary.contains("3 hours"));
    // The deadlines of the documents are independent.
    assert_eq!(rule(&registry, "scs-0124-patch-window").documents[0], DocumentId::version(124, 1), "C-075");
}

#[test]
fn scopes_name_documents_without_test_cases() {
    let registry = Registry::new();
    let scope = Scope::compatible_iaas();
    let effective = scope.versions().iter().find(|version| version.name() == "v5.1").expect("v5.1");
    let cases: Vec<&String> = effective.targets().values().flatten().collect();
    // C-076: the file does not require anything of scs-0128.
    assert!(!cases.iter().any(|case| case.starts_with("scs-0128")), "C-076");
    assert!(rule(&registry, "scs-0128-no-failures").test_case.is_none(), "C-076");
    // C-078: the result of the suite is declared, and does not decide v5.1.
    assert!(!cases.iter().any(|case| *case == "domain-manager-check"), "C-078");
    assert!(rule(&registry, "domain-manager-check").question.is_some(), "C-078");
}

#[test]
fn every_rule_is_on_the_pages_of_rules_and_of_coverage() {
    let registry = Registry::new();
    let pages: Vec<String> = ["rules", "coverage"]
        .into_iter()
        .map(|name| {
            let table: scs_registry::docs::DocsTable = name.parse().expect("a table");
            table.markdown("2026-11-24".parse().expect("a day"))
        })
        .collect();
    for rule in registry.rules() {
        for page in &pages {
            assert!(page.contains(&format!("\n| `{}` | {} |", rule.id, rule.level)), "{}", rule.id);
        }
    }
}
