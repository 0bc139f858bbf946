//! The releases of Kubernetes: GitHub's list, compared with the versions that `dl.k8s.io` names.

use std::collections::BTreeMap;

use scs_k8s_policy::{K8sVersion, KubernetesFacts, Releases};
use serde::{Deserialize, Serialize};

use super::stable::{Compared, stable};
use super::{Fetch, Fetched, of_one, shape, validators_of};
use crate::address::{shown, with_parameter};
use crate::client::Answer;
use crate::error::RequestError;
use crate::outcome::Reason;
use crate::source::Source;

/// A release, without its description, which is most of GitHub's response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) tag_name: String,
    pub(super) published_at: Option<String>,
    #[serde(default)]
    draft: bool,
    #[serde(default)]
    prerelease: bool,
}

impl Entry {
    /// A release of which only the version is known. Rules that need its date are DNF.
    fn undated(version: &K8sVersion) -> Self {
        Self { tag_name: version.to_string(), published_at: None, draft: false, prerelease: false }
    }
}

/// What GitHub returned.
enum Listed {
    Known,
    New(Vec<Entry>, super::Validator, Vec<String>),
}

pub(super) async fn releases(fetch: &Fetch<'_>) -> Result<Fetched, (Reason, Vec<String>)> {
    let url = with_parameter(&fetch.url(Source::KubernetesReleases), "per_page=100");
    let (entries, validators, mut notices) = match github(fetch, &url).await {
        Ok(Listed::New(entries, validator, notices)) => (entries, of_one(&url, validator), notices),
        Ok(Listed::Known) => match fetch.known {
            Some(known) => {
                let entries = read(&known.text).map_err(|reason| (reason, Vec::new()))?;
                (entries, validators_of(known), Vec::new())
            }
            None => return Err((Reason::Missing, Vec::new())),
        },
        Err(error) => return confirmed(fetch, error).await,
    };
    let mut entries = entries;
    let releases = parsed(&entries).map_err(|error| (error, Vec::new()))?;
    let address = shown(&fetch.url(Source::KubernetesStable));
    match stable(fetch, &releases).await {
        Ok(Compared::Confirmed) => {}
        Ok(Compared::Older { named, known }) => notices.push(format!(
            "not compared with the newest versions: {address} names {named}, which is older than {known}"
        )),
        Ok(Compared::Newer(versions)) => {
            for version in versions {
                notices.push(format!(
                    "{address} names {version}, which GitHub does not list yet, so its date is unknown"
                ));
                entries.push(Entry::undated(&version));
            }
        }
        Err(error) => notices.push(format!("not compared with the newest versions: {error}")),
    }
    let text = written(&entries).map_err(|error| (error, Vec::new()))?;
    let is_new = fetch.known.is_none_or(|known| known.text != text);
    Ok(Fetched { text, is_new, source: Source::KubernetesReleases, validators, notices })
}

/// Without GitHub, the known releases are confirmed if `dl.k8s.io`, or its mirror, names just the newest ones: if it names older
/// ones, it is itself behind. It has no dates, so that it cannot replace GitHub's list.
async fn confirmed(fetch: &Fetch<'_>, error: RequestError) -> Result<Fetched, (Reason, Vec<String>)> {
    let embedded = KubernetesFacts::embedded().releases();
    let known = fetch.known.and_then(|known| known.text.parse::<Releases>().ok());
    let releases = known.as_ref().unwrap_or(embedded);
    let address = shown(&fetch.url(Source::KubernetesStable));
    match stable(fetch, releases).await {
        Ok(Compared::Confirmed) => {
            let (text, validators) = if let Some(known) = fetch.known {
                (known.text.clone(), validators_of(known))
            } else {
                let entries: Vec<Entry> = embedded.all().iter().rev().map(of_embedded).collect();
                (written(&entries).map_err(|error| (error, Vec::new()))?, BTreeMap::new())
            };
            let notices = vec![format!("{error}; {address} confirms the known releases")];
            let is_new = fetch.known.is_none();
            Ok(Fetched { text, is_new, source: Source::KubernetesStable, validators, notices })
        }
        Ok(Compared::Newer(versions)) => {
            let versions: Vec<String> = versions.iter().map(ToString::to_string).collect();
            let notice = format!("{address} names {}, whose date only GitHub has", versions.join(", "));
            Err((error.into(), vec![notice]))
        }
        Ok(Compared::Older { named, known }) => {
            let notice =
                format!("{address} names {named}, which is older than {known}, so it confirms nothing");
            Err((error.into(), vec![notice]))
        }
        Err(other) => Err((error.into(), vec![other.to_string()])),
    }
}

fn of_embedded(release: &scs_k8s_policy::Release) -> Entry {
    Entry {
        tag_name: release.version.to_string(),
        published_at: Some(release.published_at.to_string()),
        draft: false,
        prerelease: false,
    }
}

/// All pages of GitHub's list, or that the first one is still the known one. A new release is on the first page.
async fn github(fetch: &Fetch<'_>, url: &str) -> Result<Listed, RequestError> {
    let limit = fetch.asking.options().limits.pages;
    let token = fetch.asking.options().github_token.as_ref();
    let mut entries: Vec<Entry> = Vec::new();
    let mut first = None;
    for page in 1..=limit {
        let (address, known) = match page {
            1 => (url.to_owned(), fetch.validator(url)),
            // The address of the next page in the response is not used: it may be that of another server.
            page => (with_parameter(url, &format!("page={page}")), None),
        };
        let text = match fetch.asking.get(&address, known, token).await? {
            Answer::NotModified => return Ok(Listed::Known),
            Answer::Text(text) => text,
        };
        let read: Vec<Entry> = serde_json::from_str(&text.body)
            .map_err(|error| shape(&address, "a list of releases", &error))?;
        if read.is_empty() {
            return Err(shape(&address, "a list of releases", "it is empty"));
        }
        entries.extend(read);
        first.get_or_insert(text.validator);
        if !text.has_next {
            let (entries, notices) = kept(entries);
            return Ok(Listed::New(entries, first.unwrap_or_default(), notices));
        }
    }
    Err(RequestError::TooMany { url: shown(url), what: "pages", limit })
}

/// The releases that rules use. Of the others, only those with an odd tag are mentioned.
fn kept(entries: Vec<Entry>) -> (Vec<Entry>, Vec<String>) {
    let mut notices = Vec::new();
    let mut kept: Vec<Entry> = Vec::with_capacity(entries.len());
    for entry in entries.into_iter().filter(|entry| !entry.draft && !entry.prerelease) {
        match entry.tag_name.parse::<K8sVersion>() {
            Ok(version) if version.is_pre_release() => {}
            // A release that is published between two requests moves the last one of a page to the next.
            Ok(_) if kept.iter().any(|known| known.tag_name == entry.tag_name) => {}
            Ok(_) => kept.push(entry),
            Err(_) => notices.push(format!("`{}` is not a version; ignored", entry.tag_name)),
        }
    }
    (kept, notices)
}

fn read(text: &str) -> Result<Vec<Entry>, Reason> {
    serde_json::from_str(text).map_err(|error| Reason::Unusable(error.to_string()))
}

fn parsed(entries: &[Entry]) -> Result<Releases, Reason> {
    written(entries)?
        .parse()
        .map_err(|error: scs_k8s_policy::ReadReleasesError| Reason::Unusable(error.to_string()))
}

/// A JSON array with a line for each release.
fn written(entries: &[Entry]) -> Result<String, Reason> {
    let lines: Result<Vec<String>, _> = entries.iter().map(serde_json::to_string).collect();
    let lines = lines.map_err(|error| Reason::Unusable(error.to_string()))?;
    Ok(format!("[\n{}\n]\n", lines.join(",\n")))
}
