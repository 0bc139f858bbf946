//! The subject of a check: a whole inventory, one list, the evidence of a sample VM, a folder of documents, or a scope file.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use scs_certificates::{ScopeSubject, scope_rules};
use scs_entropy::{EntropyEvidence, entropy_rules};
use scs_flavor_naming::{FlavorSet, adapt_fixes, flavor_rules};
use scs_iaas_policy::TlsProfiles;
use scs_image_metadata::{ImageData, ImageSet};
use scs_k8s_policy::KubernetesFacts;
use scs_standards::catalog::Catalog;
use scs_standards::lint::{DocumentFolder, document_rules};
use scs_standards::{Context, Declarations, DocumentId, Given, State};
use serde::{Deserialize, Serialize};

use crate::domain::{Asked, DomainAnswers, RuleInfo, answers_of};
use crate::domains::{DOMAINS, images};
use crate::inventory::{Inventory, Kind};

/// The kind of a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum SubjectKind {
    /// An inventory of an OpenStack cloud.
    Cloud,
    /// An inventory of a Kubernetes cluster.
    Cluster,
    /// A list of flavors.
    Flavors,
    /// A list of images.
    Images,
    /// A sample VM.
    Machine,
    /// A list of flavor names.
    Names,
    /// A folder of standards documents.
    Documents,
    /// A scope file.
    Scope,
}

impl SubjectKind {
    /// The documents that have rules about a list or a sample VM, in force on a day; empty for other kinds of subjects.
    ///
    /// ```
    /// use scs_registry::SubjectKind;
    ///
    /// let documents = SubjectKind::Images.documents_in_force("2026-11-24".parse()?);
    /// assert_eq!(documents.iter().map(ToString::to_string).collect::<Vec<_>>(), ["scs-0102-v1", "scs-0104-v1"]);
    /// # Ok::<(), jiff::Error>(())
    /// ```
    #[must_use]
    pub fn documents_in_force(self, day: Date) -> Vec<DocumentId> {
        let in_force = |document: &DocumentId| {
            Catalog::embedded().get(*document).is_some_and(|known| known.state_on(day) == State::Effective)
        };
        self.documents().into_iter().filter(in_force).collect()
    }

    /// All documents that have rules about a list or a sample VM, sorted by id.
    #[must_use]
    pub fn documents(self) -> Vec<DocumentId> {
        let rules: Vec<RuleInfo> = match self {
            Self::Flavors => flavor_rules().map(RuleInfo::from).collect(),
            Self::Images => images::rows().into_iter().map(RuleInfo::from).collect(),
            Self::Machine => entropy_rules().map(RuleInfo::from).collect(),
            Self::Cloud | Self::Cluster | Self::Names | Self::Documents | Self::Scope => Vec::new(),
        };
        let documents: BTreeSet<DocumentId> = rules.iter().flat_map(|rule| rule.documents).copied().collect();
        documents.into_iter().collect()
    }
}

impl fmt::Display for SubjectKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Cloud => "cloud",
            Self::Cluster => "cluster",
            Self::Flavors => "flavors",
            Self::Images => "images",
            Self::Machine => "machine",
            Self::Names => "names",
            Self::Documents => "documents",
            Self::Scope => "scope",
        })
    }
}

/// A named subject of a check.
///
/// ```
/// use scs_flavor_naming::{FlavorList, FlavorSet};
/// use scs_registry::{Selection, Subject, SubjectKind, check};
/// use scs_standards::{Context, Verdict};
///
/// let list: FlavorList = r#"{"flavors": [{"name": "SCS-2iT-4", "vcpus": 2, "ram": 4096, "disk": 0}]}"#.parse()?;
/// let context = Context::at("2026-11-24T00:00:00Z".parse()?);
/// let documents = SubjectKind::Flavors.documents_in_force(context.date());
/// let selection = Selection::of_documents([("flavors".to_owned(), documents)], context.date());
/// let flavors = FlavorSet::from(list);
/// let report = check(&Subject::flavors("flavors.json", &flavors), &selection, &context);
/// assert_eq!(report.verdict, Verdict::Fail);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Subject<'a> {
    pub(crate) name: String,
    pub(crate) content: Content<'a>,
    pub(crate) format: Option<String>,
    pub(crate) notices: Vec<String>,
    facts: &'a KubernetesFacts,
    image_data: Option<&'a ImageData>,
    tls_profiles: Option<&'a Arc<TlsProfiles>>,
    horizon_days: Option<u32>,
}

/// The input for rules.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Content<'a> {
    Inventory(&'a Inventory),
    Flavors(&'a FlavorSet),
    Images(&'a ImageSet),
    Machine(&'a EntropyEvidence),
    Documents(&'a DocumentFolder),
    Scope(&'a ScopeSubject),
}

impl<'a> Subject<'a> {
    fn new(name: impl Into<String>, content: Content<'a>) -> Self {
        Self {
            name: name.into(),
            content,
            format: None,
            notices: Vec::new(),
            facts: KubernetesFacts::embedded(),
            image_data: None,
            tls_profiles: None,
            horizon_days: None,
        }
    }

    /// An inventory of a cloud or a cluster.
    pub fn inventory(name: impl Into<String>, inventory: &'a Inventory) -> Self {
        Self::new(name, Content::Inventory(inventory))
    }

    /// A list of flavors.
    pub fn flavors(name: impl Into<String>, flavors: &'a FlavorSet) -> Self {
        Self::new(name, Content::Flavors(flavors))
    }

    /// A list of images.
    pub fn images(name: impl Into<String>, images: &'a ImageSet) -> Self {
        Self { format: Some(images.format().to_string()), ..Self::new(name, Content::Images(images)) }
    }

    /// The evidence of a sample VM.
    pub fn machine(name: impl Into<String>, evidence: &'a EntropyEvidence) -> Self {
        Self::new(name, Content::Machine(evidence))
    }

    /// A folder of standards documents.
    pub fn documents(name: impl Into<String>, folder: &'a DocumentFolder) -> Self {
        Self::new(name, Content::Documents(folder))
    }

    /// A scope file.
    pub fn scope(name: impl Into<String>, scope: &'a ScopeSubject) -> Self {
        Self::new(name, Content::Scope(scope))
    }

    /// Sets the format of the list, for the report.
    #[must_use]
    pub fn with_format(self, format: impl fmt::Display) -> Self {
        Self { format: Some(format.to_string()), ..self }
    }

    /// Adds notices from reading the input.
    #[must_use]
    pub fn with_notices(mut self, notices: impl IntoIterator<Item = String>) -> Self {
        self.notices.extend(notices);
        self
    }

    /// Sets dated facts about Kubernetes, instead of the embedded ones.
    #[must_use]
    pub fn with_facts(self, facts: &'a KubernetesFacts) -> Self {
        Self { facts, ..self }
    }

    /// Sets dated facts about images of an inventory, instead of the embedded ones. A list of images has its own.
    #[must_use]
    pub fn with_image_data(self, data: &'a ImageData) -> Self {
        Self { image_data: Some(data), ..self }
    }

    /// Sets the versions of Mozilla's TLS profile, instead of the embedded ones.
    #[must_use]
    pub fn with_tls_profiles(self, profiles: &'a Arc<TlsProfiles>) -> Self {
        Self { tls_profiles: Some(profiles), ..self }
    }

    /// Adds findings about images that become outdated within this number of days.
    #[must_use]
    pub fn with_horizon(self, days: Option<u32>) -> Self {
        Self { horizon_days: days, ..self }
    }

    /// The name of the subject.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The kind of the subject.
    #[must_use]
    pub const fn kind(&self) -> SubjectKind {
        match self.content {
            Content::Inventory(inventory) => match inventory.kind() {
                Kind::Cloud => SubjectKind::Cloud,
                Kind::Cluster => SubjectKind::Cluster,
            },
            Content::Flavors(_) => SubjectKind::Flavors,
            Content::Images(_) => SubjectKind::Images,
            Content::Machine(_) => SubjectKind::Machine,
            Content::Documents(_) => SubjectKind::Documents,
            Content::Scope(_) => SubjectKind::Scope,
        }
    }

    pub(crate) const fn as_inventory(&self) -> Option<&'a Inventory> {
        match self.content {
            Content::Inventory(inventory) => Some(inventory),
            _ => None,
        }
    }

    /// The number of entries of a list.
    pub(crate) fn count(&self) -> Option<usize> {
        match self.content {
            Content::Flavors(flavors) => Some(flavors.offers().len()),
            Content::Images(images) => Some(images.images().len()),
            Content::Documents(folder) => Some(folder.len()),
            Content::Machine(_) => Some(1),
            Content::Inventory(_) | Content::Scope(_) => None,
        }
    }

    /// The time of collection of an inventory; other subjects have none.
    pub(crate) fn collected_at(&self) -> Option<Given<Timestamp>> {
        self.as_inventory().map(|inventory| inventory.time_of_collection().clone())
    }

    /// The given declarations, followed by those of the inventory.
    pub(crate) fn declarations(&self, given: &Declarations) -> Declarations {
        match self.as_inventory() {
            Some(inventory) if given.is_empty() => inventory.declarations().clone(),
            Some(inventory) => given.and(inventory.declarations()),
            None => given.clone(),
        }
    }

    /// Checks the rules that one of the documents states.
    pub(crate) fn answers(&self, documents: &[DocumentId], context: &Context<'_>) -> DomainAnswers {
        match self.content {
            Content::Inventory(inventory) => {
                let Self { facts, image_data, tls_profiles, horizon_days, .. } = *self;
                let asked =
                    Asked { inventory, context, documents, facts, image_data, tls_profiles, horizon_days };
                let mut all = DomainAnswers::default();
                for domain in DOMAINS.iter().filter(|domain| domain.kind() == inventory.kind()) {
                    let DomainAnswers { answers, notices } = domain.answers(&asked);
                    all.answers.extend(answers);
                    all.notices.extend(notices);
                }
                all
            }
            Content::Flavors(flavors) => {
                let mut answered = answers_of(flavor_rules(), flavors, documents, context);
                let in_terms = |(rule, answer)| (rule, adapt_fixes(flavors, answer));
                answered.answers = answered.answers.into_iter().map(in_terms).collect();
                answered
            }
            Content::Images(set) => {
                let skipped = set.images().len() - set.offered().count();
                let mut answered = images::answers_of_set(set, documents, context);
                if skipped > 0 {
                    answered.notices.push(format!("skipped {skipped} private or shared images"));
                }
                answered.notices.extend(set.broken().iter().map(|reason| format!("not read: {reason}")));
                answered
            }
            Content::Machine(evidence) => {
                let mut answered = answers_of(entropy_rules(), evidence, documents, context);
                answered.notices.extend(evidence.problems().map(str::to_owned));
                answered
            }
            Content::Documents(folder) => answers_of(document_rules(), folder, documents, context),
            Content::Scope(scope) => answers_of(scope_rules(), scope, documents, context),
        }
    }
}
