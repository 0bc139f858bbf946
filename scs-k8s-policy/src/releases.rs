//! Kubernetes releases with their dates, as GitHub's API returns them.

use std::str::FromStr;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

use crate::version::{Branch, K8sVersion};

/// A release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Its version.
    pub version: K8sVersion,
    /// When it was published.
    pub published_at: Timestamp,
    /// Its position in the source list, from 1.
    pub number: usize,
}

/// The known releases, without drafts and pre-releases.
///
/// ```
/// use scs_k8s_policy::{Branch, Releases};
///
/// let releases: Releases = r#"[
///   {"tag_name": "v1.28.6", "published_at": "2024-01-17T14:00:00Z", "draft": false, "prerelease": false},
///   {"tag_name": "v1.28.5", "published_at": "2023-12-20T10:00:00Z", "draft": false, "prerelease": false},
///   {"tag_name": "v1.29.0-rc.1", "published_at": "2023-12-01T10:00:00Z", "draft": false, "prerelease": true}
/// ]"#.parse()?;
/// assert_eq!(releases.newest_of(Branch::new(1, 28)).unwrap().version.to_string(), "v1.28.6");
/// assert_eq!(releases.newest_of(Branch::new(1, 29)), None);
/// # Ok::<(), scs_k8s_policy::ReadReleasesError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Releases {
    /// Sorted by version.
    releases: Vec<Release>,
    broken: Vec<BrokenRelease>,
}

/// An unreadable entry.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BrokenRelease {
    /// Its position, from 1.
    pub number: usize,
    /// Its version, if readable.
    pub version: Option<K8sVersion>,
    /// The problem.
    pub reason: String,
}

/// Error: not a list of releases.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("not a list of releases: {0}")]
pub struct ReadReleasesError(String);

#[derive(Deserialize)]
struct Entry {
    tag_name: String,
    published_at: Option<Value>,
    #[serde(default)]
    draft: bool,
    #[serde(default)]
    prerelease: bool,
}

/// The publication time of an entry, or why it is unknown.
fn published(stated: Option<&Value>) -> Result<Timestamp, String> {
    match stated {
        None | Some(Value::Null) => Err("has no `published_at`".to_owned()),
        Some(Value::String(text)) => {
            text.parse().map_err(|_| format!("has the `published_at` `{text}`, which is not a time"))
        }
        Some(other) => Err(format!("has a `published_at` that is not a string but `{other}`")),
    }
}

impl FromStr for Releases {
    type Err = ReadReleasesError;

    /// Parses a JSON array of releases. Errors of entries are kept with the releases. Releases of distributions are not
    /// accepted: they come later, so deadlines cannot be derived from their dates.
    ///
    /// # Errors
    ///
    /// If it is not such an array, or has only releases of a distribution.
    fn from_str(json: &str) -> Result<Self, Self::Err> {
        let entries: Vec<Value> =
            serde_json::from_str(json).map_err(|error| ReadReleasesError(error.to_string()))?;
        let mut read = Self::default();
        let mut of_distribution = None;
        for (number, entry) in (1..).zip(entries) {
            let mut broken = |version: Option<K8sVersion>, reason: String| {
                read.broken.push(BrokenRelease { number, version, reason });
            };
            // The version matters even if nothing else is readable: it may be a missed newer patch.
            let tag = entry.get("tag_name").and_then(Value::as_str).and_then(|tag| tag.parse().ok());
            let entry: Entry = match serde_json::from_value(entry) {
                Ok(entry) => entry,
                Err(error) => {
                    broken(tag, error.to_string());
                    continue;
                }
            };
            if entry.draft || entry.prerelease {
                continue;
            }
            match (entry.tag_name.parse::<K8sVersion>(), published(entry.published_at.as_ref())) {
                (Ok(version), _) if version.is_pre_release() => {}
                (Ok(version), _) if version.vendor().is_some() => {
                    let reason = format!(
                        "{version} is a release of a distribution, not of Kubernetes; provide the list from kubernetes/kubernetes"
                    );
                    of_distribution.get_or_insert_with(|| reason.clone());
                    broken(None, reason);
                }
                (Ok(version), Ok(published_at)) => {
                    read.releases.push(Release { version, published_at, number });
                }
                (Ok(version), Err(reason)) => {
                    let reason = format!("{version} {reason}");
                    broken(Some(version), reason);
                }
                (Err(error), _) => broken(None, error.to_string()),
            }
        }
        if let Some(reason) = of_distribution.filter(|_| read.releases.is_empty()) {
            return Err(ReadReleasesError(reason));
        }
        read.releases.sort_by(|one, other| one.version.cmp(&other.version));
        Ok(read)
    }
}

impl Releases {
    /// All releases, sorted by version.
    #[must_use]
    pub fn all(&self) -> &[Release] {
        &self.releases
    }

    /// The unreadable entries.
    #[must_use]
    pub fn broken(&self) -> &[BrokenRelease] {
        &self.broken
    }

    /// The releases of a branch, sorted by version.
    #[must_use]
    pub fn of(&self, branch: Branch) -> impl DoubleEndedIterator<Item = &Release> {
        self.releases.iter().filter(move |release| release.version.branch() == branch)
    }

    /// The newest release of a branch.
    #[must_use]
    pub fn newest_of(&self, branch: Branch) -> Option<&Release> {
        self.of(branch).next_back()
    }

    /// The branches, in order.
    #[must_use]
    pub fn branches(&self) -> Vec<Branch> {
        let mut branches: Vec<Branch> =
            self.releases.iter().map(|release| release.version.branch()).collect();
        branches.dedup();
        branches
    }

    /// The date of the list as of a time: that of its newest entry by then. Later entries do not show how current the others
    /// are.
    #[must_use]
    pub fn as_of(&self, at: Timestamp) -> Option<Timestamp> {
        self.releases.iter().map(|release| release.published_at).filter(|published| *published <= at).max()
    }

    /// The entries dated after a time, in list order.
    #[must_use]
    pub fn after(&self, at: Timestamp) -> Vec<&Release> {
        let mut later: Vec<&Release> =
            self.releases.iter().filter(|release| release.published_at > at).collect();
        later.sort_by_key(|release| release.number);
        later
    }

    /// The releases published by a time.
    #[must_use]
    pub fn until(&self, at: Timestamp) -> Self {
        let releases = self.releases.iter().filter(|release| release.published_at <= at).cloned().collect();
        Self { releases, broken: self.broken.clone() }
    }
}

impl FromIterator<Release> for Releases {
    fn from_iter<I: IntoIterator<Item = Release>>(releases: I) -> Self {
        let mut releases: Vec<Release> = releases.into_iter().collect();
        releases.sort_by(|one, other| one.version.cmp(&other.version));
        Self { releases, broken: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_entries_are_kept() {
        let releases: Releases = r#"[{"tag_name": "v1.30.1", "published_at": "2024-05-14T18:00:00Z"}, 7, {"tag_name": "nightly", "published_at": "2024-05-14T18:00:00Z"},
                {"tag_name": "v1.30.2", "published_at": null}, {"tag_name": "x", "published_at": null, "draft": true}]"#.parse()
        .unwrap();
        assert_eq!(releases.all().len(), 1);
        let broken: Vec<usize> = releases.broken().iter().map(|broken| broken.number).collect();
        assert_eq!(broken, [2, 3, 4]);
        assert!("{}".parse::<Releases>().is_err());
    }

    #[test]
    fn broken_entries_keep_their_version() {
        let releases: Releases = r#"[{"tag_name": "v1.36.6", "published_at": "last tuesday"}, {"tag_name": "v1.36.7", "published_at": "2026-09-16"},
                {"tag_name": "v1.36.8", "published_at": 7}, {"tag_name": "v1.36.9"}, {"tag_name": "v1.36.10", "draft": "no"},
                {"tag_name": "v1.37.0-rc.1", "published_at": "soon"}, {"tag_name": "v1.37.0", "published_at": "soon", "draft": true}]"#.parse()
        .unwrap();
        assert!(releases.all().is_empty());
        let broken: Vec<String> = releases
            .broken()
            .iter()
            .map(|broken| format!("{} {}", broken.version.as_ref().unwrap(), broken.reason))
            .collect();
        assert_eq!(broken.len(), 5);
        assert_eq!(broken[0], "v1.36.6 v1.36.6 has the `published_at` `last tuesday`, which is not a time");
        assert_eq!(broken[2], "v1.36.8 v1.36.8 has a `published_at` that is not a string but `7`");
        assert!(broken[4].starts_with("v1.36.10 invalid type"), "{broken:?}");
    }

    #[test]
    fn releases_of_distributions_are_not_accepted() {
        let k3s = r#"{"tag_name": "v1.36.5+k3s1", "published_at": "2026-09-20T00:00:00Z"}"#;
        let error = format!("[{k3s}]").parse::<Releases>().unwrap_err().to_string();
        assert!(error.contains("v1.36.5+k3s1 is a release of a distribution, not of Kubernetes"), "{error}");
        let own = r#"{"tag_name": "v1.36.5", "published_at": "2026-09-15T00:00:00Z"}"#;
        let both: Releases = format!("[{k3s}, {own}]").parse().unwrap();
        assert_eq!((both.all().len(), both.broken().len()), (1, 1));
    }

    #[test]
    fn future_releases_are_ignored() {
        let releases: Releases = r#"[{"tag_name": "v1.30.1", "published_at": "2024-05-14T18:00:00Z"}, {"tag_name": "v1.30.2", "published_at": "2024-06-11T18:00:00Z"}]"#.parse()
        .unwrap();
        let then = releases.until("2024-06-11T17:59:59Z".parse().unwrap());
        assert_eq!(then.newest_of(Branch::new(1, 30)).unwrap().version.patch(), 1);
        assert_eq!(releases.until("2024-06-11T18:00:00Z".parse().unwrap()), releases);
    }
}
