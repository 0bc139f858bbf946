//! The versions of Kubernetes that a provider offers, each with what shows that it was tested.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use scs_standards::listed::{ReadPartError, kind_of};
use scs_standards::{Listed, names_document};

use crate::version::{Branch, K8sVersion};

/// A version that is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OfferedVersion {
    /// The version.
    pub version: K8sVersion,
    /// The document that shows that it was tested before it was offered: a path or an address.
    pub tested: Option<String>,
    /// How many tests of the CNCF's end-to-end suite failed beforehand, where they ran.
    pub e2e_failures: Option<u64>,
    /// From when on it is not on offer any more.
    pub expires_at: Option<Timestamp>,
    /// Whether it can be had to try it out, but is not offered for production.
    pub is_preview: bool,
}

#[derive(Deserialize)]
struct Entry {
    version: String,
    tested: Option<String>,
    e2e: Option<EndToEnd>,
    /// Of a `CloudProfile` of Gardener: `preview`, `supported`, `deprecated` or `expired`.
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

/// Why a version that is listed is not one that customers are offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotOnOffer {
    /// It comes before a release, which is what the project supports.
    PreRelease,
    /// It is there to be tried out.
    Preview,
    /// It was until this moment.
    Expired(Timestamp),
}

impl OfferedVersion {
    /// Why it does not count as an offer at a moment; `None` where it does.
    pub(crate) fn not_on_offer(&self, at: Timestamp) -> Option<NotOnOffer> {
        if self.version.is_pre_release() {
            return Some(NotOnOffer::PreRelease);
        }
        if self.is_preview {
            return Some(NotOnOffer::Preview);
        }
        self.expires_at.filter(|end| *end <= at).map(NotOnOffer::Expired)
    }

    /// A version of which nothing else is known.
    #[must_use]
    pub const fn new(version: K8sVersion) -> Self {
        Self { version, tested: None, e2e_failures: None, expires_at: None, is_preview: false }
    }

    /// Reads a list of versions, or of `{version, tested: DOCUMENT, e2e: {passed, failed}}`; or a `CloudProfile` of Gardener.
    ///
    /// # Errors
    ///
    /// When it is no list. An entry that is no version is kept as broken.
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
        match of_cloud_profile(json) {
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
                "`tested` of {version} is `{word}`, which is no document; give its path or address, or leave it out"
            ));
        }
        // A run without a test shows nothing.
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
fn of_cloud_profile(json: &str) -> Option<String> {
    memchr::memmem::find(json.as_bytes(), b"\"kubernetes\"")?;
    let profile: Value = serde_json::from_str(json).ok()?;
    let versions = profile.pointer("/spec/kubernetes/versions")?;
    Some(versions.to_string())
}

/// The newest version of each branch that is offered, the oldest branch first.
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
