//! The Kubernetes versions that a provider offers, with evidence of tests.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use scs_standards::listed::{ReadPartError, kind_of};
use scs_standards::{Listed, names_document};

use crate::version::{Branch, K8sVersion};

/// An offered version.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OfferedVersion {
    /// The version.
    pub version: K8sVersion,
    /// The document that shows that it was tested before it was offered: a path or URL.
    pub tested: Option<String>,
    /// The number of failed tests in the CNCF's end-to-end suite, if run beforehand.
    pub e2e_failures: Option<u64>,
    /// The time from which it is no longer offered.
    pub expires_at: Option<Timestamp>,
    /// Whether it is only a preview, not offered for production.
    pub is_preview: bool,
}

#[derive(Deserialize)]
struct Entry {
    version: String,
    tested: Option<String>,
    e2e: Option<EndToEnd>,
    /// In a `CloudProfile` of Gardener: `preview`, `supported`, `deprecated` or `expired`.
    classification: Option<String>,
    #[serde(rename = "expirationDate")]
    expires_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct EndToEnd {
    passed: u64,
    failed: u64,
    #[serde(default)]
    errors: u64,
}

/// The reason why a listed version does not count as offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotOffered {
    /// It is a pre-release, which the project does not support.
    PreRelease,
    /// It is a preview.
    Preview,
    /// It was offered until this time.
    Expired(Timestamp),
}

impl OfferedVersion {
    /// The reason why it does not count as offered at a time; `None` if it does.
    pub(crate) fn not_offered(&self, at: Timestamp) -> Option<NotOffered> {
        if self.version.is_pre_release() {
            return Some(NotOffered::PreRelease);
        }
        if self.is_preview {
            return Some(NotOffered::Preview);
        }
        self.expires_at.filter(|end| *end <= at).map(NotOffered::Expired)
    }

    /// A version without other facts.
    #[must_use]
    pub const fn new(version: K8sVersion) -> Self {
        Self { version, tested: None, e2e_failures: None, expires_at: None, is_preview: false }
    }

    /// Parses a list of versions, or of `{version, tested: DOCUMENT, e2e: {passed, failed}}`; or a `CloudProfile` of
    /// Gardener.
    ///
    /// # Errors
    ///
    /// If it is not a list. Invalid entries are kept as broken.
    ///
    /// ```
    /// use scs_k8s_policy::OfferedVersion;
    ///
    /// let offered = OfferedVersion::read_list(r#"["v1.35.9", {"version": "v1.36.4", "e2e": {"passed": 411, "failed": 0}}, "v1.37"]"#)?;
    /// assert_eq!(offered.entries()[1].e2e_failures, Some(0));
    /// assert!(offered.broken()[0].reason.contains("it is a branch"));
    /// let profile = r#"{"kind": "CloudProfile", "spec": {"kubernetes": {"versions": [{"version": "1.37.1", "classification": "preview"}]}}}"#;
    /// assert!(OfferedVersion::read_list(profile)?.entries()[0].is_preview);
    /// # Ok::<(), scs_standards::ReadPartError>(())
    /// ```
    pub fn read_list(json: &str) -> Result<Listed<Self>, ReadPartError> {
        let one = |entry: &str| {
            let value: Value = serde_json::from_str(entry).map_err(|error| error.to_string())?;
            Self::of(value).map(Some)
        };
        match from_cloud_profile(json) {
            Some(versions) => Listed::read_each(&versions, "versions", one),
            None => Listed::read_each(json, "versions", one),
        }
    }

    fn of(value: Value) -> Result<Self, String> {
        let entry = match value {
            Value::String(version) => {
                Entry { version, tested: None, e2e: None, classification: None, expires_at: None }
            }
            Value::Object(_) => serde_json::from_value(value).map_err(|error| error.to_string())?,
            other => return Err(format!("expected a version such as v1.36.4, found {}", kind_of(&other))),
        };
        let version: K8sVersion = entry.version.parse().map_err(|error| format!("{error}"))?;
        let tested = entry.tested.filter(|document| !document.trim().is_empty());
        if let Some(word) = tested.as_ref().filter(|document| !names_document(document)) {
            return Err(format!(
                "`tested` of {version} is `{word}`, which is not a document; provide its path or URL, or omit it"
            ));
        }
        // A run without tests proves nothing.
        let broken = |run: &EndToEnd| run.failed.saturating_add(run.errors);
        let e2e_failures = entry.e2e.filter(|run| run.passed > 0 || broken(run) > 0).map(|run| broken(&run));
        let is_preview = match entry.classification.as_deref() {
            None | Some("supported" | "deprecated") => false,
            Some("preview") => true,
            Some(other) => {
                return Err(format!(
                    "the `classification` of {version} is `{other}`; known are preview, supported and deprecated"
                ));
            }
        };
        Ok(Self { version, tested, e2e_failures, expires_at: entry.expires_at, is_preview })
    }
}

/// The list of versions in a `CloudProfile`.
fn from_cloud_profile(json: &str) -> Option<String> {
    memchr::memmem::find(json.as_bytes(), b"\"kubernetes\"")?;
    let profile: Value = serde_json::from_str(json).ok()?;
    let versions = profile.pointer("/spec/kubernetes/versions")?;
    Some(versions.to_string())
}

/// The newest offered version of each branch, oldest branch first.
pub(crate) fn newest_of_branches<'o>(
    offered: impl IntoIterator<Item = &'o OfferedVersion>,
) -> Vec<(Branch, &'o OfferedVersion)> {
    let mut newest: BTreeMap<Branch, &OfferedVersion> = BTreeMap::new();
    for version in offered {
        let known = newest.entry(version.version.branch()).or_insert(version);
        if version.version > known.version {
            *known = version;
        }
    }
    newest.into_iter().collect()
}
