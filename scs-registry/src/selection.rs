//! The selection of a check: the documents to check and the deciding test cases, computed from the catalog of documents and the
//! scope files.
//!
//! | selection | documents | deciding test cases |
//! | --- | --- | --- |
//! | [`Selection::of_scope`] | those of the scope's versions, and those of standards outside the scope | those in the deciding targets of a version |
//! | [`Selection::of_documents`] | the given ones | those in the main target of the newest scope version that includes the document |
//! | [`Selection::of_rules`] | all with rules about the subject | none: every broken MUST decides |

use std::collections::BTreeSet;

use jiff::civil::Date;
use regex::Regex;
use scs_certificates::{Lifetime, Module, Scope, ScopeVersion, Target, UnknownVersionError, Validity};
use scs_standards::catalog::Catalog;
use scs_standards::{Answer, DocumentId, Level, Profile, StandardId, State, Strength, TestCase, Verdict};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::coverage::Coverage;
use crate::decision::Decision;
use crate::domain::RuleInfo;
use crate::inventory::Kind;
use crate::registry::Registry;

/// The error for an invalid selection.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SelectionError {
    /// The scope does not have the version.
    #[error(transparent)]
    Version(#[from] UnknownVersionError),
    /// The version does not have the target.
    #[error("{version} has no target `{target}`; it has {known}")]
    Target {
        /// The version.
        version: String,
        /// The requested target.
        target: String,
        /// The targets of the version.
        known: String,
    },
    /// No test case of the version is selected.
    #[error("no test case of {version} matches `{only}`")]
    Only {
        /// The version.
        version: String,
        /// The expression.
        only: String,
    },
}

/// The choices of a user about a check against a scope.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ScopeChoice {
    /// The version that decides; the newest effective one by default.
    pub version: Option<String>,
    /// The targets that decide; *main* by default.
    pub targets: Vec<Target>,
    /// The test cases to check; all by default.
    pub only: Option<Regex>,
    /// Whether unanswered MUST rules without a test case also decide.
    pub all_rules: bool,
    /// Whether to check drafts that no version includes.
    pub include_drafts: bool,
}

/// The choices that restrict or extend a check, as a report states them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ReportSelection {
    /// The chosen version; omitted if the newest effective one decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The chosen targets; omitted if *main* decides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<String>,
    /// The regular expression for test cases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<String>,
    /// Whether unanswered MUST rules without a test case also decide.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub all_rules: bool,
    /// Whether drafts that no version includes were checked.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub include_drafts: bool,
}

impl From<&ScopeChoice> for ReportSelection {
    fn from(choice: &ScopeChoice) -> Self {
        Self {
            version: choice.version.clone(),
            targets: choice.targets.iter().map(|target| target.name().to_owned()).collect(),
            only: choice.only.as_ref().map(|only| only.as_str().to_owned()),
            all_rules: choice.all_rules,
            include_drafts: choice.include_drafts,
        }
    }
}

impl ReportSelection {
    /// Whether nothing was chosen.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// What a rule means for the verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RuleWeight {
    /// It can decide the verdict.
    Decides,
    /// It is checked, but does not decide.
    Informs,
    /// Only drafts state it, which no certificate requires.
    Draft,
}

/// The documents to check, and the deciding test cases.
#[derive(Clone, Debug)]
pub struct Selection<'a> {
    pub(crate) chosen: ReportSelection,
    pub(crate) scope: Option<&'a Scope>,
    /// Newest first.
    pub(crate) versions: Vec<SelectedVersion<'a>>,
    pub(crate) deciding: Option<usize>,
    /// Documents of standards outside the scope. They never decide.
    pub(crate) beside: Vec<DocumentId>,
    /// The reported rules, if not all.
    pub(crate) only: Option<BTreeSet<&'static str>>,
    pub(crate) all_rules: bool,
    /// Whether broken and unanswered MUST rules decide under every profile.
    pub(crate) rules_decide: bool,
    /// Whether the user chose the version, so that no timeline changes the verdict.
    pub(crate) is_version_chosen: bool,
    pub(crate) notices: Vec<String>,
}

/// A version of a scope or a standard to evaluate.
#[derive(Clone, Debug)]
pub struct SelectedVersion<'a> {
    pub(crate) name: String,
    pub(crate) validity: Option<Validity>,
    pub(crate) documents: Vec<DocumentId>,
    pub(crate) cases: Vec<SelectedCase>,
    /// The scope version that applies to each document.
    bases: Vec<(DocumentId, &'a Scope, &'a ScopeVersion)>,
    /// Whether only test cases decide: a check against other targets than *main*.
    cases_only: bool,
    /// The reason why the version is only partially known.
    pub(crate) incomplete: Option<String>,
    /// The first error of the scope file that affects the version.
    pub(crate) error: Option<String>,
}

/// A test case in a version.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SelectedCase {
    /// The id of the test case.
    pub id: String,
    /// The target that lists the test case; `None` if no version does.
    pub target: Option<Target>,
    /// Whether its result counts for the verdict.
    pub decides: bool,
    /// The lifetime of a result.
    pub lifetime: Option<Lifetime>,
}

impl SelectedCase {
    /// The strength of the case in its target: the main target makes it a MUST, whatever it is elsewhere. A case about something
    /// optional stays optional in the recommended target, where its own findings decide.
    pub(crate) const fn level(&self, case: &TestCase) -> Level {
        match &self.target {
            Some(Target::Main) => Level::Must,
            Some(Target::Recommended) if matches!(case.level.strength(), Strength::May) => case.level,
            Some(Target::Recommended) => Level::Should,
            Some(Target::Preview) => Level::May,
            Some(Target::Other(_)) | None => case.level,
        }
    }
}

impl<'a> Selection<'a> {
    /// The versions of a scope that the timeline lists on a day, or the chosen version.
    ///
    /// # Errors
    ///
    /// If the scope does not have the version, the version does not have the target, or no test case is selected.
    ///
    /// ```
    /// use scs_certificates::Scope;
    /// use scs_registry::{Kind, ScopeChoice, Selection};
    ///
    /// let day = "2026-11-24".parse()?;
    /// let selection = Selection::of_scope(Scope::compatible_iaas(), Kind::Cloud, day, &ScopeChoice::default())?;
    /// assert_eq!(selection.deciding_version(), Some("v5.1"));
    /// assert_eq!(selection.version_names().collect::<Vec<_>>(), ["next", "v5.1"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of_scope(
        scope: &'a Scope,
        kind: Kind,
        day: Date,
        choice: &ScopeChoice,
    ) -> Result<Self, SelectionError> {
        let registry = Registry::new();
        let mut notices = Vec::new();
        let deciding = match &choice.version {
            Some(name) => {
                let version = scope.version(name)?;
                if version.name() != name {
                    notices.push(format!("`{name}` is named {} in the scope file", version.name()));
                }
                Some(version)
            }
            None => scope.newest_effective(day),
        };
        if let Some(version) = deciding {
            accept(version, choice)?;
        } else {
            notices.push(format!(
                "no version of {} is effective on {day}, so no result can be PASS",
                scope.name()
            ));
        }
        let named = |version: &ScopeVersion| scope.timeline().validity(version.name(), day);
        let versions: Vec<SelectedVersion<'a>> = scope
            .versions()
            .iter()
            .filter_map(|version| match &choice.version {
                None => Some((version, named(version)?)),
                Some(_) if Some(version) == deciding => {
                    Some((version, named(version).unwrap_or(Validity::Deprecated)))
                }
                Some(_) => None,
            })
            .map(|(version, validity)| SelectedVersion::of_scope(scope, version, validity, choice))
            .collect();
        let place = |version: &ScopeVersion| versions.iter().position(|it| it.name == version.name());
        let deciding = deciding.and_then(place);
        let mut beside = registry.documents_outside_scope(scope, kind);
        beside.retain(|document| choice.include_drafts || !is_draft(*document, day));
        if choice.include_drafts {
            let included = deciding.and_then(|place| versions.get(place)).map(|version| &version.documents);
            let asked: Vec<DocumentId> = included.into_iter().flatten().chain(&beside).copied().collect();
            notices.extend(drafts_left_out(&registry, kind, &asked, day));
        }
        Ok(Self {
            chosen: choice.into(),
            scope: Some(scope),
            versions,
            deciding,
            beside,
            only: choice.only.as_ref().map(|only| rules_of(&registry, only)),
            all_rules: choice.all_rules,
            rules_decide: false,
            is_version_chosen: choice.version.is_some(),
            notices,
        })
    }

    /// Alternative sets of documents, the first of which decides: each with the test cases of the newest scope version that includes
    /// the document, preferring versions in force on the day. Documents that no scope version includes are checked but never decide.
    ///
    /// ```
    /// use scs_registry::Selection;
    /// use scs_standards::DocumentId;
    ///
    /// let purpose = "scs-0102-prop-os_purpose";
    /// let of = |version| {
    ///     let documents = vec![DocumentId::version(102, version)];
    ///     Selection::of_documents([(format!("v{version}"), documents)], "2026-11-24".parse().unwrap())
    /// };
    /// assert!(!of(1).has_deciding_case(purpose));
    /// assert!(of(2).has_deciding_case(purpose));
    /// ```
    #[must_use]
    pub fn of_documents(
        alternatives: impl IntoIterator<Item = (String, Vec<DocumentId>)>,
        day: Date,
    ) -> Self {
        let versions: Vec<_> = alternatives
            .into_iter()
            .map(|(name, documents)| SelectedVersion::of_documents(name, documents, day))
            .collect();
        Self { deciding: (!versions.is_empty()).then_some(0), versions, ..Self::empty() }
    }

    /// Selects every rule about the subject; every broken MUST decides. For standards documents and scope files, which have no test cases.
    #[must_use]
    pub fn of_rules() -> Self {
        let documents = Registry::new().documents();
        let version = SelectedVersion { documents, ..SelectedVersion::empty() };
        Self { versions: vec![version], deciding: Some(0), rules_decide: true, ..Self::empty() }
    }

    fn empty() -> Self {
        Self {
            chosen: ReportSelection::default(),
            scope: None,
            versions: Vec::new(),
            deciding: None,
            beside: Vec::new(),
            only: None,
            all_rules: false,
            rules_decide: false,
            is_version_chosen: false,
            notices: Vec::new(),
        }
    }

    /// Adds test cases that no version lists. Their results are informational.
    #[must_use]
    pub fn with_advisory_cases(mut self, cases: impl IntoIterator<Item = &'static TestCase>) -> Self {
        let registry = Registry::new();
        for case in cases {
            for version in &mut self.versions {
                let is_listed = version.cases.iter().any(|known| known.id == case.id);
                let is_asked =
                    registry.rules_of_test_case(case.id).into_iter().any(|rule| version.asks(rule));
                if !is_listed && is_asked {
                    let id = case.id.to_owned();
                    version.cases.push(SelectedCase { id, target: None, decides: false, lifetime: None });
                }
            }
        }
        self
    }

    /// The version that decides.
    #[must_use]
    pub fn deciding_version(&self) -> Option<&str> {
        self.deciding().map(|version| version.name.as_str())
    }

    /// The versions to evaluate, newest first.
    pub fn version_names(&self) -> impl Iterator<Item = &str> {
        self.versions.iter().map(|version| version.name.as_str())
    }

    /// Whether the result of a test case counts for the verdict.
    #[must_use]
    pub fn has_deciding_case(&self, id: &str) -> bool {
        self.deciding().is_some_and(|version| version.cases.iter().any(|case| case.decides && case.id == id))
    }

    pub(crate) fn deciding(&self) -> Option<&SelectedVersion<'a>> {
        self.versions.get(self.deciding?)
    }

    /// All documents to check.
    pub(crate) fn documents(&self) -> Vec<DocumentId> {
        let of_versions = self.versions.iter().flat_map(|version| &version.documents);
        of_versions.chain(&self.beside).copied().collect()
    }

    /// Whether the deciding version has a rule as stated by a document; rules about test cases found only in other versions are
    /// left out.
    #[must_use]
    pub fn asks(&self, rule: &str, document: DocumentId) -> bool {
        let registry = Registry::new();
        let edition = registry.rule(rule).into_iter().find(|known| known.documents[0] == document);
        edition.is_some_and(|rule| self.deciding().is_some_and(|version| version.asks(rule)))
    }

    /// What a rule means for the verdict under a profile; `None` if it is not checked.
    ///
    /// ```
    /// use scs_certificates::Scope;
    /// use scs_registry::{Kind, Registry, RuleWeight, ScopeChoice, Selection};
    /// use scs_standards::Profile;
    ///
    /// let day = "2026-11-24".parse()?;
    /// let selection = Selection::of_scope(Scope::compatible_kaas(), Kind::Cluster, day, &ScopeChoice::default())?;
    /// let weight = |rule: &str| selection.weight(Registry::new().rule(rule)[0], Profile::Text, day);
    /// assert_eq!(weight("version-policy-check"), Some(RuleWeight::Decides));
    /// assert_eq!(weight("scs-0217-pss-enforce"), Some(RuleWeight::Draft));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn weight(&self, rule: &RuleInfo, profile: Profile, day: Date) -> Option<RuleWeight> {
        let passed = Answer {
            rule: rule.id,
            verdict: Verdict::Pass,
            findings: Vec::new(),
            evidence_at: None,
            facts_as_of: None,
            holds_until: None,
        };
        let is_asked = self.deciding().is_some_and(|version| version.asks(rule));
        if is_asked && self.decision_by(profile).of_answer(rule, &passed) {
            return Some(RuleWeight::Decides);
        }
        if rule.documents.iter().all(|document| is_draft(*document, day)) {
            return Some(RuleWeight::Draft);
        }
        (is_asked || rule.is_stated_by(&self.beside)).then_some(RuleWeight::Informs)
    }

    /// The decision about the findings of the deciding version.
    #[must_use]
    pub fn decision_by(&self, profile: Profile) -> Decision {
        let none = || Decision::new(profile, []);
        self.deciding().map_or_else(none, |version| self.decision(version, &Registry::new(), profile))
    }

    /// The decision about findings for a version.
    pub(crate) fn decision(
        &self,
        version: &SelectedVersion<'_>,
        registry: &Registry,
        profile: Profile,
    ) -> Decision {
        let profile = if self.rules_decide { Profile::Text } else { profile };
        let included = version.documents.iter().copied();
        let included = included.filter(|document| self.rules_decide || version.is_judged(*document));
        let mut decision = Decision::new(profile, included)
            .with_all_rules(self.all_rules || self.rules_decide)
            .with_cases_alone(version.cases_only)
            .with_only(self.only.clone())
            .with_asked(version.cases.iter().map(|case| case.id.clone()));
        for selected in version.cases.iter().filter(|case| case.decides) {
            if let Coverage::Covered(case) = registry.coverage(&selected.id) {
                decision = decision.with_case(case, selected.level(case));
            }
        }
        decision
    }
}

impl<'a> SelectedVersion<'a> {
    const fn empty() -> Self {
        Self {
            name: String::new(),
            validity: None,
            documents: Vec::new(),
            cases: Vec::new(),
            bases: Vec::new(),
            cases_only: false,
            incomplete: None,
            error: None,
        }
    }

    fn of_scope(
        scope: &'a Scope,
        version: &'a ScopeVersion,
        validity: Validity,
        choice: &ScopeChoice,
    ) -> Self {
        let documents = Registry::documents_of(scope, version);
        let decides = |target: &Target| match choice.targets.as_slice() {
            [] => *target == Target::Main,
            chosen => chosen.contains(target),
        };
        let is_selected = |id: &&String| choice.only.as_ref().is_none_or(|only| only.is_match(id));
        let cases = version.targets().iter().flat_map(|(target, cases)| {
            cases.iter().filter(is_selected).map(|id| SelectedCase::new(scope, id, target, decides(target)))
        });
        Self {
            name: version.name().to_owned(),
            validity: Some(validity),
            cases: cases.collect(),
            bases: documents.iter().map(|document| (*document, scope, version)).collect(),
            documents,
            cases_only: !decides(&Target::Main),
            incomplete: version.incomplete().map(str::to_owned),
            error: scope.first_error_for(version).map(ToString::to_string),
        }
    }

    fn of_documents(name: String, documents: Vec<DocumentId>, day: Date) -> Self {
        let registry = Registry::new();
        let bases: Vec<_> = documents
            .iter()
            .filter_map(|document| {
                newest_with(*document, day).map(|(scope, version)| (*document, scope, version))
            })
            .collect();
        let mut cases: Vec<SelectedCase> = Vec::new();
        for (document, scope, version) in &bases {
            for (target, ids) in version.targets() {
                let stated = |id: &&String| {
                    registry.rules_of_test_case(id).iter().any(|rule| rule.documents.contains(document))
                };
                for id in ids.iter().filter(stated) {
                    if !cases.iter().any(|known| known.id == *id) {
                        cases.push(SelectedCase::new(scope, id, target, *target == Target::Main));
                    }
                }
            }
        }
        Self { name, documents, cases, bases, ..Self::empty() }
    }

    /// Whether a scope version includes the document.
    fn is_judged(&self, document: DocumentId) -> bool {
        self.bases.iter().any(|(known, ..)| *known == document)
    }

    /// Whether a rule belongs to the version: one of its documents states the rule, and the rule is not about a test case found only
    /// in another module about the same document, such as a standard image of an earlier list.
    pub(crate) fn asks(&self, rule: &RuleInfo) -> bool {
        if !rule.is_stated_by(&self.documents) {
            return false;
        }
        let mut bases =
            self.bases.iter().filter(|(document, ..)| rule.documents.contains(document)).peekable();
        bases.peek().is_none() || bases.any(|(_, scope, version)| !asks_another(scope, version, rule))
    }
}

impl SelectedCase {
    fn new(scope: &Scope, id: &str, target: &Target, decides: bool) -> Self {
        let lifetime = scope.test_case(id).map(|case| case.lifetime);
        Self { id: id.to_owned(), target: Some(target.clone()), decides, lifetime }
    }
}

/// The scope version that applies to a document on a day: the newest effective one that includes it; otherwise the newest.
fn newest_with(document: DocumentId, day: Date) -> Option<(&'static Scope, &'static ScopeVersion)> {
    Scope::embedded().into_iter().find_map(|scope| {
        let includes = |version: &&ScopeVersion| Registry::documents_of(scope, version).contains(&document);
        let effective = scope.newest_effective(day).filter(includes);
        let version = effective.or_else(|| scope.versions().iter().find(includes))?;
        Some((scope, version))
    })
}

/// Fails if a version does not have the requested targets and test cases.
fn accept(version: &ScopeVersion, choice: &ScopeChoice) -> Result<(), SelectionError> {
    for target in &choice.targets {
        if !version.targets().contains_key(target) {
            let known: Vec<&str> = version.targets().keys().map(Target::name).collect();
            return Err(SelectionError::Target {
                version: version.name().to_owned(),
                target: target.to_string(),
                known: if known.is_empty() { "none".to_owned() } else { known.join(", ") },
            });
        }
    }
    if let Some(only) = &choice.only
        && !version.targets().values().flatten().any(|id| only.is_match(id))
    {
        return Err(SelectionError::Only { version: version.name().to_owned(), only: only.to_string() });
    }
    Ok(())
}

/// The rules of the matching test cases: those that answer them, and those whose findings name them.
fn rules_of(registry: &Registry, only: &Regex) -> BTreeSet<&'static str> {
    let answering = registry.test_cases().filter(|case| only.is_match(case.id)).flat_map(|case| case.rules);
    let naming = registry.rules().filter(|rule| rule.test_case.is_some_and(|case| only.is_match(case)));
    answering.copied().chain(naming.map(|rule| rule.id)).collect()
}

/// Whether a rule is for a test case that is not in this version but in the main target of another module about the same
/// document.
fn asks_another(scope: &Scope, version: &ScopeVersion, rule: &RuleInfo) -> bool {
    let Some(case) = rule.test_case else { return false };
    if version.targets().values().flatten().any(|id| id == case) {
        return false;
    }
    let has = |module: &&Module| {
        module.targets.get(&Target::Main).is_some_and(|cases| cases.iter().any(|id| id == case))
    };
    let included = |module: &Module| version.includes().iter().any(|include| include.module == module.id);
    // The document is derived from the id each time, so only for the few modules with the case.
    let about =
        |module: &Module| Registry::document_of(module).is_some_and(|it| rule.documents.contains(&it));
    scope.modules().iter().filter(has).any(|module| !included(module) && about(module))
}

/// A notice about drafts that are not checked, because the version includes another edition of the standard.
fn drafts_left_out(registry: &Registry, kind: Kind, asked: &[DocumentId], day: Date) -> Option<String> {
    let standards: Vec<StandardId> = asked.iter().map(|document| document.standard()).collect();
    let is_other_edition =
        |document: &DocumentId| !asked.contains(document) && standards.contains(&document.standard());
    let drafts: Vec<String> = registry
        .documents_over(kind)
        .into_iter()
        .filter(|document| is_other_edition(document) && is_draft(*document, day))
        .map(|document| document.to_string())
        .collect();
    (!drafts.is_empty()).then(|| {
        format!(
            "not checked: {}; the scope version includes other editions of these standards",
            drafts.join(", ")
        )
    })
}

/// Whether a document is a draft on a day.
fn is_draft(document: DocumentId, day: Date) -> bool {
    let known = Catalog::embedded().get(document);
    known.is_none_or(|document| document.state_on(day) == State::Draft)
}
