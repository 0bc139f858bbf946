//! Documents and standards.

use jiff::civil::Date;
use scs_standards::catalog::{Catalog, Document, DocumentKind};
use scs_standards::{DocumentId, Level, StandardId, State, Track};
use serde::Serialize;

use super::counted::Counted;
use super::difference;
use super::reasons::reason_of_standard;
use crate::domain::RuleInfo;
use crate::registry::Registry;

/// A version of a standard.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct DocumentTopic {
    /// The id.
    pub id: DocumentId,
    /// The title.
    pub title: String,
    /// The kind of the document.
    pub document_kind: DocumentKind,
    /// The track.
    pub track: Track,
    /// The state on the day of the explanation.
    pub state: State,
    /// The day from which it is stable.
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>", extend("format" = "date")))]
    pub stabilized_at: Option<Date>,
    /// The day after which it is deprecated.
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>", extend("format" = "date")))]
    pub deprecated_at: Option<Date>,
    /// The documents that it replaces.
    pub replaces: Vec<DocumentId>,
    /// The documents that replace it.
    pub replaced_by: Vec<DocumentId>,
    /// The documents that it supplements.
    pub supplements: Vec<DocumentId>,
    /// The URL of the published document.
    pub url: String,
    /// The purpose of the standard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The rules that it states.
    pub rules: Vec<RuleRow>,
    /// The scope versions that include it.
    pub counted: Vec<Counted>,
    /// The keys of differences between its text and the official suite.
    pub differences: Vec<String>,
}

/// A rule in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct RuleRow {
    /// The id.
    pub id: String,
    /// The level.
    pub level: Level,
    /// The document in force that states it.
    pub document: DocumentId,
    /// The proposition in one sentence.
    pub asks: String,
}

/// A standard with all its versions.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct StandardTopic {
    /// The id.
    pub id: StandardId,
    /// The title of the version in force, or of the newest one.
    pub title: String,
    /// The purpose of the standard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Its versions and supplements.
    pub documents: Vec<DocumentTopic>,
}

impl RuleRow {
    pub(super) fn new(rule: &RuleInfo) -> Self {
        Self {
            id: rule.id.to_owned(),
            level: rule.level,
            document: rule.documents[0],
            asks: rule.summary.to_owned(),
        }
    }
}

impl DocumentTopic {
    pub(super) fn new(registry: &Registry, document: &Document, day: Date) -> Self {
        let id = document.id();
        let standard = id.standard().to_string();
        let about = difference::all().iter().filter(|difference| difference.is_about(&standard));
        Self {
            id,
            title: document.title().to_owned(),
            document_kind: document.kind(),
            track: document.track(),
            state: document.state_on(day),
            stabilized_at: document.lifecycle().stabilized_at,
            deprecated_at: document.lifecycle().deprecated_at,
            replaces: document.replaces().to_vec(),
            replaced_by: document.replaced_by().to_vec(),
            supplements: document.supplements().to_vec(),
            url: document.url(),
            reason: reason_of_standard(id.standard()).map(str::to_owned),
            rules: registry.rules_of(id).map(RuleRow::new).collect(),
            counted: Counted::all(&[], &[id], day),
            differences: about.map(|difference| difference.key.clone()).collect(),
        }
    }
}

impl StandardTopic {
    pub(super) fn new(registry: &Registry, standard: StandardId, day: Date) -> Self {
        let documents: Vec<DocumentTopic> = Catalog::embedded()
            .of(standard)
            .map(|document| DocumentTopic::new(registry, document, day))
            .collect();
        let reason = reason_of_standard(standard).map(str::to_owned);
        let mut topic = Self { id: standard, title: String::new(), reason, documents };
        topic.title = topic.current().map(|document| document.title.clone()).unwrap_or_default();
        topic
    }

    /// The version in force, or the newest one.
    #[must_use]
    pub fn current(&self) -> Option<&DocumentTopic> {
        let versions = || self.documents.iter().filter(|document| document.supplements.is_empty());
        versions().rfind(|document| document.state == State::Effective).or_else(|| versions().next_back())
    }
}
