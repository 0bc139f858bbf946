//! Rules and test cases by id, document, track, test case and scope.

use scs_certificates::{Module, Scope, ScopeVersion, scope_rules};
use scs_standards::lint::document_rules;
use scs_standards::suggestion::nearest;
use scs_standards::{DocumentId, StandardId, TestCase};

use crate::domain::RuleInfo;
use crate::domains::DOMAINS;
use crate::inventory::Kind;

/// All rules and test cases of all crates.
///
/// ```
/// use scs_registry::Registry;
/// use scs_standards::{DocumentId, Level};
///
/// let registry = Registry::new();
/// let purpose = |version| {
///     registry.rules_of(DocumentId::version(102, version)).find(|rule| rule.id == "scs-0102-prop-os_purpose").unwrap()
/// };
/// assert_eq!((purpose(1).level, purpose(2).level), (Level::Should, Level::Must));
/// assert_eq!(registry.rule("scs-0100-syntax-check")[0].documents.len(), 3);
/// assert_eq!(registry.suggestion("scs-0102-prop-mindisk"), Some("scs-0102-prop-min_disk"));
/// ```
#[derive(Clone, Debug)]
pub struct Registry {
    /// The rules with the kind of their subject; rules about documents and scope files have none.
    rules: Vec<(Option<Kind>, RuleInfo)>,
    test_cases: Vec<&'static TestCase>,
}

impl Default for Registry {
    fn default() -> Self {
        Self::new()
    }
}

impl Registry {
    /// Creates the registry.
    #[must_use]
    pub fn new() -> Self {
        let papers = document_rules().map(RuleInfo::from).chain(scope_rules().map(RuleInfo::from));
        let papers = papers.map(|rule| (None, rule));
        let subjects = DOMAINS
            .iter()
            .flat_map(|domain| domain.rules().into_iter().map(|rule| (Some(domain.kind()), rule)));
        Self {
            rules: papers.chain(subjects).collect(),
            test_cases: DOMAINS.iter().flat_map(|domain| domain.test_cases()).collect(),
        }
    }

    /// All rules, in the order of the crates and their tables.
    pub fn rules(&self) -> impl Iterator<Item = &RuleInfo> {
        self.rules.iter().map(|(_, rule)| rule)
    }

    /// The rules with an id: one, or one for each version of a standard that has its own.
    #[must_use]
    pub fn rule(&self, id: &str) -> Vec<&RuleInfo> {
        self.rules().filter(|rule| rule.id == id).collect()
    }

    /// The rules that a document states.
    pub fn rules_of(&self, document: DocumentId) -> impl Iterator<Item = &RuleInfo> {
        self.rules().filter(move |rule| rule.documents.contains(&document))
    }

    /// The documents with rules, sorted by id.
    #[must_use]
    pub fn documents(&self) -> Vec<DocumentId> {
        let mut documents: Vec<DocumentId> =
            self.rules().flat_map(|rule| rule.documents.iter().copied()).collect();
        documents.sort();
        documents.dedup();
        documents
    }

    /// The official test cases that are covered by rules.
    pub fn test_cases(&self) -> impl Iterator<Item = &'static TestCase> {
        self.test_cases.iter().copied()
    }

    /// A covered test case.
    #[must_use]
    pub fn test_case(&self, id: &str) -> Option<&'static TestCase> {
        self.test_cases().find(|case| case.id == id)
    }

    /// The rules that a test case covers.
    #[must_use]
    pub fn rules_of_test_case(&self, id: &str) -> Vec<&RuleInfo> {
        let covered = self.test_case(id).map_or(&[][..], |case| case.rules);
        self.rules().filter(|rule| covered.contains(&rule.id)).collect()
    }

    /// The id of a rule, test case or document that was probably intended.
    #[must_use]
    pub fn suggestion(&self, given: &str) -> Option<&'static str> {
        let ids =
            self.rules.iter().map(|(_, rule)| rule.id).chain(self.test_cases.iter().map(|case| case.id));
        nearest(given, ids)
    }

    /// The documents of a scope version: those whose modules it includes.
    #[must_use]
    pub fn documents_of(scope: &Scope, version: &ScopeVersion) -> Vec<DocumentId> {
        let modules = version.includes().iter().filter_map(|include| scope.module(&include.module));
        let mut documents: Vec<DocumentId> = modules.filter_map(Self::document_of).collect();
        documents.sort();
        documents.dedup();
        documents
    }

    /// The document that a module is about.
    #[must_use]
    pub fn document_of(module: &Module) -> Option<DocumentId> {
        module.document()
    }

    /// The documents with rules about a kind of subject whose standard is not in any module of a scope.
    pub(crate) fn documents_outside_scope(&self, scope: &Scope, kind: Kind) -> Vec<DocumentId> {
        let in_scope: Vec<StandardId> =
            scope.modules().iter().filter_map(Self::document_of).map(DocumentId::standard).collect();
        let mut documents = self.documents_over(kind);
        documents.retain(|document| !in_scope.contains(&document.standard()));
        documents
    }

    /// The documents with rules about a kind of subject, sorted by id.
    pub(crate) fn documents_over(&self, kind: Kind) -> Vec<DocumentId> {
        let of_kind = self.rules.iter().filter(|(of, _)| *of == Some(kind));
        let mut documents: Vec<DocumentId> =
            of_kind.flat_map(|(_, rule)| rule.documents.iter().copied()).collect();
        documents.sort();
        documents.dedup();
        documents
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_version_has_its_documents() {
        let scope = Scope::compatible_iaas();
        let documents = |version: &str| -> Vec<String> {
            let version = scope.version(version).unwrap();
            Registry::documents_of(scope, version).iter().map(ToString::to_string).collect()
        };
        // The module of the OpenStack-powered guideline is described by scs-0128-v1.
        assert_eq!(documents("v3"), ["scs-0100-v3", "scs-0102-v1", "scs-0128-v1"]);
        assert!(documents("next").contains(&"scs-0102-v2".to_owned()));
        assert!(!documents("v5.1").contains(&"scs-0102-v2".to_owned()));
    }
}
