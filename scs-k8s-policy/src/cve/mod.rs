//! CVE records (JSON 5.x) for Kubernetes: affected versions, severity, and the patch releases that fix them.

mod affected;
mod official;
mod score;

use std::collections::BTreeSet;
use std::str::FromStr;

use jiff::Timestamp;
use serde_json::Value;
use thiserror::Error;

pub use affected::{Affected, VersionRange};
pub(crate) use official::{OfficialReading, version as official_version};
pub use score::{CvssVersion, Score};

use crate::version::{Branch, K8sVersion};

/// A CVE record.
///
/// ```
/// use scs_k8s_policy::CveRecord;
///
/// let record: CveRecord = r#"{
///   "cveMetadata": {"cveId": "CVE-2024-0001", "datePublished": "2024-01-16T10:00:00Z"},
///   "containers": {"cna": {
///     "metrics": [{"cvssV3_1": {"baseScore": 8.8}}],
///     "affected": [{"product": "Kubernetes", "versions": [{"version": "1.28.0", "lessThan": "1.28.6", "status": "affected", "versionType": "semver"}]}]
///   }}
/// }"#.parse()?;
/// assert!(record.is_critical());
/// assert!(record.affected().contains(&"v1.28.5".parse()?));
/// assert!(!record.affected().contains(&"v1.28.6".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct CveRecord {
    id: String,
    is_rejected: bool,
    published_at: Option<Timestamp>,
    scores: Vec<Score>,
    has_unreadable_score: bool,
    affected: Affected,
    official: OfficialReading,
}

/// Error: not a CVE record.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadCveError {
    /// It is not JSON.
    #[error("not valid JSON: {0}")]
    Json(String),
    /// It is of an unexpected type.
    #[error("not a CVE record: {0}")]
    Shape(&'static str),
}

/// Records, and the invalid entries of a list.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct CveRecords {
    /// The records.
    pub records: Vec<CveRecord>,
    /// The positions of invalid entries (from 1), with the error.
    pub broken: Vec<(usize, ReadCveError)>,
}

impl FromStr for CveRecords {
    type Err = ReadCveError;

    /// Parses a JSON array of records, or concatenated single records, since cvelistV5 has one file per record.
    ///
    /// # Errors
    ///
    /// If it is neither. Errors of entries are kept with the records.
    ///
    /// ```
    /// use scs_k8s_policy::CveRecords;
    ///
    /// let record = r#"{"cveMetadata": {"cveId": "CVE-2024-0001"}, "containers": {"cna": {}}}"#;
    /// for json in [record.to_owned(), format!("[{record}]"), format!("{record}\n[{record}]")] {
    ///     assert_eq!(json.parse::<CveRecords>()?.records[0].id(), "CVE-2024-0001");
    /// }
    /// assert!("7".parse::<CveRecords>().is_err() && "".parse::<CveRecords>().is_err());
    /// # Ok::<(), scs_k8s_policy::ReadCveError>(())
    /// ```
    fn from_str(json: &str) -> Result<Self, Self::Err> {
        let mut values = Vec::new();
        let mut documents = 0;
        for document in serde_json::Deserializer::from_str(json).into_iter::<Value>() {
            documents += 1;
            match document.map_err(|error| ReadCveError::Json(error.to_string()))? {
                Value::Array(entries) => values.extend(entries),
                record @ Value::Object(_) => values.push(record),
                _ => return Err(ReadCveError::Shape("expected a record, or a list of them")),
            }
        }
        if documents == 0 {
            return Err(ReadCveError::Shape("the text is empty"));
        }
        let mut read = Self::default();
        for (number, value) in (1..).zip(values) {
            match CveRecord::of_value(&value) {
                Ok(record) => read.records.push(record),
                Err(error) => read.broken.push((number, error)),
            }
        }
        Ok(read)
    }
}

impl CveRecords {
    /// The records published after a time, with their positions (from 1).
    pub fn after(&self, at: Timestamp) -> impl Iterator<Item = (usize, &CveRecord)> {
        let broken: BTreeSet<usize> = self.broken.iter().map(|(number, _)| *number).collect();
        let places = (1..).filter(move |number| !broken.contains(number));
        places.zip(&self.records).filter(move |(_, record)| !record.is_known_at(at))
    }
}

/// The base score from which a CVE is critical (scs-0210-v2, *Decision*).
pub const CRITICAL: f64 = 8.0;

impl FromStr for CveRecord {
    type Err = ReadCveError;

    /// Parses a record.
    ///
    /// # Errors
    ///
    /// If it is not a CVE record. Unreadable versions are kept in [`CveRecord::affected`].
    fn from_str(json: &str) -> Result<Self, Self::Err> {
        let value = serde_json::from_str(json).map_err(|error| ReadCveError::Json(error.to_string()))?;
        Self::of_value(&value)
    }
}

impl CveRecord {
    fn of_value(value: &Value) -> Result<Self, ReadCveError> {
        let metadata = value.get("cveMetadata").ok_or(ReadCveError::Shape("it has no `cveMetadata`"))?;
        let id = metadata.get("cveId").and_then(Value::as_str);
        let id = id.ok_or(ReadCveError::Shape("it has no `cveId`"))?.to_owned();
        let published = metadata.get("datePublished").and_then(Value::as_str);
        let container =
            value.pointer("/containers/cna").ok_or(ReadCveError::Shape("it has no `containers.cna`"))?;
        let (scores, has_unreadable_score) = score::read(container.get("metrics").unwrap_or(&Value::Null));
        Ok(Self {
            id,
            is_rejected: metadata.get("state").and_then(Value::as_str) == Some("REJECTED"),
            published_at: published.and_then(timestamp),
            scores,
            has_unreadable_score,
            affected: Affected::read(container.get("affected").unwrap_or(&Value::Null)),
            official: OfficialReading::of(container),
        })
    }

    /// The CVE id, such as CVE-2024-0001.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The time of publication.
    #[must_use]
    pub const fn published_at(&self) -> Option<Timestamp> {
        self.published_at
    }

    /// The base scores, one for each CVSS version in the record.
    #[must_use]
    pub fn scores(&self) -> &[Score] {
        &self.scores
    }

    /// Whether a base score is 8 or more, in any CVSS version of the record. A record without a score is not known to be
    /// critical, and rejected records do not count.
    #[must_use]
    pub fn is_critical(&self) -> bool {
        !self.is_rejected && self.scores.iter().any(|score| score.base >= CRITICAL)
    }

    /// Whether it is critical, or may be, because of an unreadable score.
    #[must_use]
    pub fn may_be_critical(&self) -> bool {
        self.is_critical() || (!self.is_rejected && self.has_unreadable_score)
    }

    /// Whether the original record has no score: only that of the CNA counts (scs-0210-v2, *Decision*), not those added by
    /// others.
    #[must_use]
    pub const fn has_no_score(&self) -> bool {
        !self.is_rejected && self.scores.is_empty() && !self.has_unreadable_score
    }

    /// Whether it was known at a time: a record counts from its publication, and one without a date always counts.
    #[must_use]
    pub fn is_known_at(&self, at: Timestamp) -> bool {
        self.published_at.is_none_or(|published| published <= at)
    }

    /// The record as read by the official suite.
    pub(crate) const fn official(&self) -> &OfficialReading {
        &self.official
    }

    /// The affected versions.
    #[must_use]
    pub const fn affected(&self) -> &Affected {
        &self.affected
    }

    /// Whether a later version of the same branch fixes it: the version is affected and the later one is not.
    #[must_use]
    pub fn is_fixed_between(&self, version: &K8sVersion, later: &K8sVersion) -> bool {
        version.branch() == later.branch()
            && version < later
            && self.affected.contains(version)
            && !self.affected.contains(later)
    }

    /// The first of a branch's patch numbers that is unaffected after an affected one; `None` if no release fixes it.
    #[must_use]
    pub fn fixed_in(&self, branch: Branch, patches: impl IntoIterator<Item = u64>) -> Option<u64> {
        let mut patches: Vec<u64> = patches.into_iter().collect();
        patches.sort_unstable();
        let is_affected = |patch: &u64| self.affected.contains(&K8sVersion::new(branch, *patch));
        let last = patches.iter().rposition(is_affected)?;
        patches.get(last + 1).copied()
    }
}

/// Records have times with and without a time zone; the default is UTC.
fn timestamp(text: &str) -> Option<Timestamp> {
    text.parse().ok().or_else(|| format!("{text}Z").parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(metrics: &str, versions: &str) -> CveRecord {
        format!(
            r#"{{"cveMetadata": {{"cveId": "CVE-1", "datePublished": "2024-01-16T10:00:00"}},
                "containers": {{"cna": {{"metrics": {metrics}, "affected": [{{"product": "kubernetes", "versions": {versions}}}]}}}}}}"#
        ).parse::<CveRecord>()
        .unwrap()
    }

    #[test]
    fn a_score_of_8_is_critical() {
        for (metrics, critical) in [
            (r#"[{"cvssV3_1": {"baseScore": 8.0}}]"#, true),
            (r#"[{"cvssV3_1": {"baseScore": 7.9}}]"#, false),
            (r#"[{"cvssV4_0": {"baseScore": 9.1}}]"#, true),
            (r#"[{"cvssV2_0": {"baseScore": 10}}]"#, true),
            (r#"[{"cvssV3_0": {"baseScore": 7.0}}, {"cvssV3_1": {"baseScore": 8.1}}]"#, true),
            (r#"[{"cvssV3_1": {"baseScore": "9.8"}}]"#, true),
            (r#"[{"cvssV3_1": {"baseScore": " 7.9"}}]"#, false),
            (r#"[{"other": {"type": "x", "content": {"baseScore": 9}}}]"#, false),
            ("[]", false),
            ("7", false),
        ] {
            assert_eq!(record(metrics, "[]").is_critical(), critical, "{metrics}");
        }
    }

    #[test]
    fn unreadable_scores_may_be_critical() {
        for (metrics, may_be_critical) in [
            (r#"[{"cvssV3_1": {"baseScore": "high"}}]"#, true),
            (r#"[{"cvssV3_1": {"baseScore": 98}}]"#, true),
            (r#"[{"cvssV3_1": {"baseScore": "NaN"}}]"#, true),
            (r#"[{"cvssV3_1": {"vectorString": "CVSS:3.1"}}]"#, true),
            (r#"[{"cvssV3_0": {"baseScore": 3}}, {"cvssV3_1": {}}]"#, true),
            ("7", true),
            ("[7]", true),
            (r#"[{"cvssV3_1": {"baseScore": "3.1"}}]"#, false),
            (r#"[{"other": {"type": "ssvc"}}]"#, false),
            ("[]", false),
        ] {
            let record = record(metrics, "[]");
            assert_eq!(
                (record.may_be_critical(), record.is_critical()),
                (may_be_critical, false),
                "{metrics}"
            );
        }
    }

    #[test]
    fn only_the_score_of_the_original_record_counts() {
        let adp = r#"{"cveMetadata": {"cveId": "CVE-1"}, "containers": {"cna": {}, "adp": [{"metrics": [{"cvssV3_1": {"baseScore": 9.8}}]}]}}"#;
        let record: CveRecord = adp.parse().unwrap();
        assert!(record.has_no_score() && !record.is_critical() && !record.may_be_critical());
        let scored = adp
            .replace(r#""cna": {}"#, r#""cna": {"metrics": [{"cvssV3_1": {"baseScore": 3}}]}"#)
            .parse::<CveRecord>();
        assert!(!scored.unwrap().has_no_score());
    }

    #[test]
    fn fixing_releases_are_found() {
        let record = record(
            "[]",
            r#"[{"version": "1.28.0", "lessThanOrEqual": "1.28.5", "status": "affected"}, {"version": "1.29.0", "status": "affected"}]"#,
        );
        let version = |text: &str| text.parse().unwrap();
        assert!(record.is_fixed_between(&version("1.28.5"), &version("1.28.6")));
        assert!(
            !record.is_fixed_between(&version("1.28.4"), &version("1.28.5")),
            "the later one has it as well"
        );
        assert!(
            !record.is_fixed_between(&version("1.28.6"), &version("1.28.7")),
            "the earlier one has it not"
        );
        assert!(!record.is_fixed_between(&version("1.28.5"), &version("1.29.1")), "another branch");
        assert_eq!(record.fixed_in(Branch::new(1, 28), [7, 4, 6, 5]), Some(6));
        assert_eq!(record.fixed_in(Branch::new(1, 28), [4, 5]), None);
        assert_eq!(record.fixed_in(Branch::new(1, 30), [0, 1]), None);
        assert_eq!(record.published_at(), Some("2024-01-16T10:00:00Z".parse().unwrap()));
    }

    #[test]
    fn a_record_counts_from_its_publication_and_until_it_is_rejected() {
        let published = record(r#"[{"cvssV3_1": {"baseScore": 9}}]"#, "[]");
        let known = |at: &str| published.is_known_at(at.parse().unwrap());
        assert!(known("2024-01-16T10:00:00Z") && !known("2024-01-16T09:59:59Z"));
        let rejected: CveRecord = r#"{"cveMetadata": {"cveId": "CVE-1", "state": "REJECTED"},
                "containers": {"cna": {"metrics": [{"cvssV3_1": {"baseScore": 9}}], "rejectedReasons": []}}}"#
            .parse()
            .unwrap();
        assert!(!rejected.is_critical());
    }

    #[test]
    fn invalid_records_are_errors() {
        assert!(matches!("x".parse::<CveRecord>(), Err(ReadCveError::Json(_))));
        assert_eq!("{}".parse::<CveRecord>(), Err(ReadCveError::Shape("it has no `cveMetadata`")));
        let read: CveRecords = r#"[{"cveMetadata": {"cveId": "CVE-1"}}, {"cveMetadata": {"cveId": "CVE-2"}, "containers": {"cna": {}}}]"#.parse()
        .unwrap();
        assert_eq!((read.records.len(), read.broken[0].0), (1, 1));
    }
}
