//! The documents of the site, from a folder or from the embedded catalog.

use jiff::civil::Date;
use scs_standards::catalog::{Catalog, DocumentKind};
use scs_standards::lint::front_matter;
use scs_standards::{Lifecycle, Track};
use serde_json::{Map, Value};
use thiserror::Error;

/// The standard documents that the site shows.
#[derive(Clone, Debug)]
pub struct SiteDocuments {
    pub(super) documents: Vec<SiteDocument>,
}

/// A document.
#[derive(Clone, Debug)]
pub(super) struct SiteDocument {
    /// The file name without `.md`, which is the id in links and in the sidebar.
    pub(super) name: String,
    /// The four digits.
    pub(super) number: String,
    /// `v3`, `w1`.
    pub(super) edition: String,
    pub(super) slug: String,
    pub(super) title: String,
    pub(super) kind: String,
    pub(super) status: Option<String>,
    pub(super) track: Track,
    pub(super) lifecycle: Lifecycle,
    pub(super) description: Option<String>,
}

/// The error for invalid documents, each with its file and the reason.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}", problems.join("\n"))]
pub struct ReadSiteError {
    problems: Vec<String>,
}

impl SiteDocuments {
    /// The documents of the embedded catalog. It has no descriptions.
    #[must_use]
    pub fn embedded() -> Self {
        let documents = Catalog::embedded().iter().map(|document| {
            let file = document.file_name();
            let name = file.trim_end_matches(".md").to_owned();
            let id = document.id().to_string();
            let slug = name.get(id.len() + 1..).unwrap_or_default().to_owned();
            SiteDocument {
                number: format!("{:04}", document.id().standard().number()),
                edition: id.rsplit('-').next().unwrap_or_default().to_owned(),
                slug,
                name,
                title: document.title().to_owned(),
                kind: document.kind().name().to_owned(),
                status: document.status().map(|status| status.name().to_owned()),
                track: document.track(),
                lifecycle: document.lifecycle(),
                description: None,
            }
        });
        Self::sorted(documents.collect())
    }

    /// The documents in a set of files, given as names and texts. Files without the name of a document, proposals without a
    /// number, and documents without a track are skipped.
    ///
    /// # Errors
    ///
    /// If the front matter of a document is missing or has an invalid value.
    ///
    /// ```
    /// use scs_registry::docs::site::SiteDocuments;
    ///
    /// let text = "---\ntitle: Example\ntype: Standard\nstatus: Draft\ntrack: IaaS\n---\n";
    /// let documents = SiteDocuments::from_files([("scs-0199-v1-example.md".to_owned(), text.to_owned())])?;
    /// assert_eq!(documents.len(), 1);
    /// # Ok::<(), scs_registry::docs::site::ReadSiteError>(())
    /// ```
    pub fn from_files(files: impl IntoIterator<Item = (String, String)>) -> Result<Self, ReadSiteError> {
        let mut documents = Vec::new();
        let mut problems = Vec::new();
        for (file, text) in files {
            let Some(name) = file.strip_suffix(".md").filter(|name| name.starts_with("scs-")) else {
                continue;
            };
            if name.to_ascii_lowercase().starts_with("scs-x") {
                continue;
            }
            match SiteDocument::read(name, &text) {
                Ok(document) => documents.extend(document),
                Err(reason) => problems.push(format!("{file}: {reason}")),
            }
        }
        if problems.is_empty() { Ok(Self::sorted(documents)) } else { Err(ReadSiteError { problems }) }
    }

    fn sorted(mut documents: Vec<SiteDocument>) -> Self {
        let order = |document: &SiteDocument| {
            let version: u32 =
                document.edition.get(1..).and_then(|digits| digits.parse().ok()).unwrap_or(u32::MAX);
            (
                document.number.clone(),
                document.edition.get(..1).map(str::to_owned),
                version,
                document.name.clone(),
            )
        };
        documents.sort_by_cached_key(order);
        Self { documents }
    }

    /// The number of documents.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.documents.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }
}

impl SiteDocument {
    /// A document; `None` if it has no track.
    fn read(name: &str, text: &str) -> Result<Option<Self>, String> {
        let (number, edition, slug) = parts(name).ok_or(
            "the name is not of the form scs-XXXX-vN-slug.md, with letters, digits, `-`, `_` and `.`",
        )?;
        let fields = front_matter(text.trim_start_matches('\u{feff}'))?;
        let Some(track) = text_of(&fields, "track")? else { return Ok(None) };
        let track = Track::ALL.into_iter().find(|known| known.name() == track).ok_or_else(|| {
            let known: Vec<&str> = Track::ALL.iter().map(|track| track.name()).collect();
            format!("`track` is `{track}`; it must be one of {}", known.join(", "))
        })?;
        Ok(Some(Self {
            name: name.to_owned(),
            number: number.to_owned(),
            edition: edition.to_owned(),
            slug: slug.to_owned(),
            title: text_of(&fields, "title")?.ok_or("`title` is missing")?,
            kind: text_of(&fields, "type")?.ok_or("`type` is missing")?,
            status: text_of(&fields, "status")?,
            track,
            lifecycle: Lifecycle {
                stabilized_at: date_of(&fields, "stabilized_at")?,
                deprecated_at: date_of(&fields, "deprecated_at")?,
            },
            description: text_of(&fields, "description")?.map(|text| text.trim().to_owned()),
        }))
    }

    /// Whether it supplements another document.
    pub(super) fn is_supplement(&self) -> bool {
        self.kind == DocumentKind::Supplement.name()
    }
}

/// The number, the edition and the slug of a file name.
fn parts(name: &str) -> Option<(&str, &str, &str)> {
    let (number, rest) = name.strip_prefix("scs-")?.split_once('-')?;
    let (edition, slug) = rest.split_once('-')?;
    let digits = edition.strip_prefix(['v', 'w'])?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    (number.len() == 4
        && is_number(number)
        && is_number(digits)
        && !slug.is_empty()
        && slug.chars().all(is_plain))
    .then_some((number, edition, slug))
}

fn text_of(fields: &Map<String, Value>, key: &str) -> Result<Option<String>, String> {
    match fields.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(format!("`{key}` is not text")),
    }
}

fn date_of(fields: &Map<String, Value>, key: &str) -> Result<Option<Date>, String> {
    let Some(text) = text_of(fields, key)? else { return Ok(None) };
    text.parse().map(Some).map_err(|_| format!("`{key}` is `{text}`; it must be a date such as 2026-11-24"))
}
