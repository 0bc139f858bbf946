//! The catalog: all documents of the standards, each with its state at a date (scs-0001, *Document format*; scs-0002).

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::document::{DocumentId, StandardId, Track};
use crate::state::{Lifecycle, State};
use crate::suggestion::edits;

/// The kind of a document (scs-0001, *metadata table*).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub enum DocumentKind {
    /// How the project works.
    Procedural,
    /// Requirements for a cloud.
    Standard,
    /// Why something was decided.
    #[serde(rename = "Decision Record")]
    DecisionRecord,
    /// Notes that accompany another document.
    Supplement,
}

impl DocumentKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Procedural, Self::Standard, Self::DecisionRecord, Self::Supplement];

    /// The word used in the front matter.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Procedural => "Procedural",
            Self::Standard => "Standard",
            Self::DecisionRecord => "Decision Record",
            Self::Supplement => "Supplement",
        }
    }
}

impl fmt::Display for DocumentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for DocumentKind {
    type Err = ParseDocumentKindError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|kind| kind.name() == text);
        known.ok_or_else(|| ParseDocumentKindError::new(text))
    }
}

crate::vocabulary::parse_error! {
    /// Error: not the kind of a document.
    ParseDocumentKindError, "Procedural, Standard, Decision Record or Supplement"
}

/// The `status` field of a document's front matter. It is informational: the dates decide the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub enum DocumentStatus {
    /// Proposed.
    Draft,
    /// Agreed on.
    Stable,
    /// Replaced or withdrawn.
    Deprecated,
    /// Turned down.
    Rejected,
}

impl DocumentStatus {
    /// All statuses.
    pub const ALL: [Self; 4] = [Self::Draft, Self::Stable, Self::Deprecated, Self::Rejected];

    /// The word used in the front matter.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::Stable => "Stable",
            Self::Deprecated => "Deprecated",
            Self::Rejected => "Rejected",
        }
    }
}

impl fmt::Display for DocumentStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for DocumentStatus {
    type Err = ParseDocumentStatusError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|status| status.name() == text);
        known.ok_or_else(|| ParseDocumentStatusError::new(text))
    }
}

crate::vocabulary::parse_error! {
    /// Error: not the `status` of a document.
    ParseDocumentStatusError, "Draft, Stable, Deprecated or Rejected"
}

/// A document of the catalog.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    id: DocumentId,
    slug: String,
    kind: DocumentKind,
    title: String,
    track: Track,
    status: Option<DocumentStatus>,
    stabilized_at: Option<Date>,
    deprecated_at: Option<Date>,
    #[serde(default)]
    replaces: Vec<DocumentId>,
    #[serde(default)]
    replaced_by: Vec<DocumentId>,
    #[serde(default)]
    supplements: Vec<DocumentId>,
    #[serde(default)]
    enhances: Vec<DocumentId>,
    #[serde(default)]
    revisions: Vec<String>,
    #[serde(default)]
    notes: Vec<String>,
}

impl Document {
    /// The document id.
    #[must_use]
    pub const fn id(&self) -> DocumentId {
        self.id
    }

    /// The kind of the document.
    #[must_use]
    pub const fn kind(&self) -> DocumentKind {
        self.kind
    }

    /// The title.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The track.
    #[must_use]
    pub const fn track(&self) -> Track {
        self.track
    }

    /// The `status` field of the front matter; `None` for supplements.
    #[must_use]
    pub const fn status(&self) -> Option<DocumentStatus> {
        self.status
    }

    /// The documents that this one replaces.
    #[must_use]
    pub fn replaces(&self) -> &[DocumentId] {
        &self.replaces
    }

    /// The documents that replace this one.
    #[must_use]
    pub fn replaced_by(&self) -> &[DocumentId] {
        &self.replaced_by
    }

    /// The documents that this one supplements; empty unless it is a supplement.
    #[must_use]
    pub fn supplements(&self) -> &[DocumentId] {
        &self.supplements
    }

    /// The documents that this one claims to enhance; scs-0001 has no such field.
    #[must_use]
    pub fn enhances(&self) -> &[DocumentId] {
        &self.enhances
    }

    /// The relevant revisions of the text within its version, oldest first; the last one is in force.
    #[must_use]
    pub fn revisions(&self) -> &[String] {
        &self.revisions
    }

    /// Irregularities of the front matter or the sections.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The file name, such as `scs-0100-v3-flavor-naming.md`.
    #[must_use]
    pub fn file_name(&self) -> String {
        format!("{}-{}.md", self.id, self.slug)
    }

    /// The URL on the documentation site.
    #[must_use]
    pub fn url(&self) -> String {
        format!("https://docs.scs.community/standards/{}-{}", self.id, self.slug)
    }

    /// The dates that determine the state.
    #[must_use]
    pub const fn lifecycle(&self) -> Lifecycle {
        Lifecycle { stabilized_at: self.stabilized_at, deprecated_at: self.deprecated_at }
    }

    /// The state on a day, computed as the documentation site does.
    #[must_use]
    pub fn state_on(&self, day: Date) -> State {
        self.lifecycle().state_on(day)
    }

    /// The state with the site's markers: `*` for a later stabilization date, `†` for a later deprecation date.
    #[must_use]
    pub fn label_on(&self, day: Date) -> String {
        let lifecycle = self.lifecycle();
        let later = if lifecycle.takes_effect_after(day).is_some() { "*" } else { "" };
        let ends = if lifecycle.ends_after(day).is_some() { "†" } else { "" };
        format!("{}{later}{ends}", lifecycle.state_on(day))
    }
}

/// All documents.
///
/// ```
/// use jiff::civil::date;
/// use scs_standards::State;
/// use scs_standards::catalog::Catalog;
///
/// let catalog = Catalog::embedded();
/// let naming = catalog.get("scs-0100-v3".parse()?).unwrap();
/// assert_eq!(naming.title(), "SCS Flavor Naming Standard");
/// assert_eq!(naming.state_on(date(2026, 11, 23)), State::Effective);
/// assert_eq!(catalog.of("scs-0100".parse()?).count(), 4); // three versions and a supplement
/// # Ok::<(), scs_standards::ParseIdError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalog {
    as_of: Date,
    source: String,
    documents: Vec<Document>,
}

/// Error: not a valid catalog.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("not a catalog of documents: {0}")]
pub struct ReadCatalogError(String);

static EMBEDDED: LazyLock<Catalog> = LazyLock::new(|| {
    // A test verifies that the embedded file is valid; with an invalid one, the catalog would be empty.
    Catalog::from_json(include_str!("../data/documents.json")).unwrap_or(Catalog {
        as_of: Date::MIN,
        source: String::new(),
        documents: Vec::new(),
    })
});

impl Catalog {
    /// The embedded catalog, as of the crate's release.
    #[must_use]
    pub fn embedded() -> &'static Self {
        &EMBEDDED
    }

    /// Reads a catalog in JSON.
    ///
    /// # Errors
    ///
    /// If the text is not a catalog; the message contains the position.
    pub fn from_json(text: &str) -> Result<Self, ReadCatalogError> {
        serde_json::from_str(text).map_err(|error| ReadCatalogError(error.to_string()))
    }

    /// The date of the data.
    #[must_use]
    pub const fn as_of(&self) -> Date {
        self.as_of
    }

    /// The source of the data: repository and commit.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// All documents, ordered by id.
    pub fn iter(&self) -> impl Iterator<Item = &Document> {
        self.documents.iter()
    }

    /// The documents in force on a day, ordered by id: those in the state [`State::Effective`]. Their ids can be given to any
    /// check, which asks the rules of its own standards.
    ///
    /// ```
    /// use jiff::civil::date;
    /// use scs_standards::DocumentId;
    /// use scs_standards::catalog::Catalog;
    ///
    /// let in_force: Vec<DocumentId> =
    ///     Catalog::embedded().in_force(date(2026, 11, 24)).map(|document| document.id()).collect();
    /// assert!(in_force.contains(&"scs-0100-v3".parse()?));
    /// assert!(!in_force.contains(&"scs-0100-v2".parse()?)); // deprecated
    /// # Ok::<(), scs_standards::ParseIdError>(())
    /// ```
    pub fn in_force(&self, day: Date) -> impl Iterator<Item = &Document> {
        self.iter().filter(move |document| document.state_on(day) == State::Effective)
    }

    /// Returns the document with an id.
    #[must_use]
    pub fn get(&self, id: DocumentId) -> Option<&Document> {
        self.iter().find(|document| document.id == id)
    }

    /// All documents of a standard, including supplements.
    pub fn of(&self, standard: StandardId) -> impl Iterator<Item = &Document> {
        self.iter().filter(move |document| document.id.standard() == standard)
    }

    /// A suggestion for an unknown document id: the newest document of the same standard, if any.
    #[must_use]
    pub fn suggestion(&self, given: &str) -> Option<DocumentId> {
        self.iter()
            .filter_map(|document| {
                let edits = edits(given, &document.id.to_string())?;
                let other = !given.starts_with(&document.id.standard().to_string());
                Some((edits, other, std::cmp::Reverse(document.id)))
            })
            .min()
            .map(|(.., std::cmp::Reverse(id))| id)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_embedded_catalog_can_be_read() {
        let catalog = Catalog::from_json(include_str!("../data/documents.json")).unwrap();
        assert_eq!(catalog.iter().count(), 102);
        assert!(catalog.documents.is_sorted_by_key(|document| document.id));
        for document in catalog.iter() {
            assert_eq!(document.id.standard().track(), Some(document.track), "{}", document.id);
            for other in document.replaces.iter().chain(&document.replaced_by).chain(&document.supplements) {
                assert!(catalog.get(*other).is_some(), "{} names {other}", document.id);
            }
        }
    }

    #[test]
    fn states_match_the_documentation_site() {
        let mut counts: BTreeMap<State, usize> = BTreeMap::new();
        for document in Catalog::embedded().iter() {
            *counts.entry(document.state_on(date(2026, 11, 23))).or_default() += 1;
        }
        assert_eq!(counts[&State::Effective], 25);
        assert_eq!(counts[&State::Deprecated], 11);
        assert_eq!(counts[&State::Draft], 66);
    }
}
