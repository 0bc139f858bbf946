//! Deadlines for replacing a Kubernetes version (scs-0210, *Decision*).

use jiff::{Span, Timestamp, ToSpan};
use scs_standards::Profile;

use crate::cve::CveRecord;
use crate::facts::KubernetesFacts;
use crate::period::{end_of_period, later};
use crate::releases::Release;
use crate::version::K8sVersion;

/// The reason why a newer patch is due.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cause<'f> {
    /// It is the newest patch.
    Patch,
    /// It fixes this critical CVE.
    Critical(&'f CveRecord),
}

/// A due patch release with its deadline.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Due<'f> {
    /// The release; any later one of the branch is fine as well.
    pub release: &'f Release,
    /// The reason.
    pub cause: Cause<'f>,
    /// The deadline: the last moment at which the older version is still in time.
    pub until: Timestamp,
}

/// The grace period of a release: one calendar month, or two weeks if it fixes a critical CVE. The official suite counts a
/// month as 31 days (C-080).
fn span(cause: Cause<'_>, profile: Profile) -> Span {
    match (cause, profile) {
        (Cause::Critical(_), _) => 14.days(),
        (Cause::Patch, Profile::Text) => 1.month(),
        (Cause::Patch, Profile::Official) => 31.days(),
    }
}

/// All releases due to replace a version, as known at a time, ordered by deadline.
///
/// According to the text, a patch is critical if it fixes a CVE in the version; its two weeks start at its release, and the
/// CVE counts from its publication, even if that was later. The official suite only checks whether the version has a
/// critical CVE.
///
/// ```
/// use scs_k8s_policy::{KubernetesFacts, Releases, dues};
/// use scs_standards::Profile;
///
/// let releases: Releases = r#"[{"tag_name": "v1.30.1", "published_at": "2024-01-31T12:00:00Z"}]"#.parse()?;
/// let facts = KubernetesFacts::default().with_releases(releases);
/// let version = "v1.30.0".parse()?;
/// let due = &dues(&version, &facts, "2024-02-01T00:00:00Z".parse()?, Profile::Text)[0];
/// // There is no February 31.
/// assert_eq!(due.until.to_string(), "2024-02-29T12:00:00Z");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn dues<'f>(
    version: &K8sVersion,
    facts: &'f KubernetesFacts,
    at: Timestamp,
    profile: Profile,
) -> Vec<Due<'f>> {
    let own = version.upstream();
    let records = facts.cves().map_or(&[][..], |cves| cves.records.as_slice());
    let critical: Vec<&CveRecord> =
        records.iter().filter(|record| record.is_critical() && record.is_known_at(at)).collect();
    let mut dues = Vec::new();
    let newer = facts.releases().of(own.branch());
    for release in newer.filter(|release| release.version.upstream() > own && release.published_at <= at) {
        let fixes = |record: &&&CveRecord| match profile {
            Profile::Text => record.is_fixed_between(&own, &release.version),
            Profile::Official => record.affected().contains(&own),
        };
        let causes =
            critical.iter().filter(fixes).map(|record| Cause::Critical(record)).chain([Cause::Patch]);
        // The official suite always counts to the second.
        let end = match profile {
            Profile::Text => end_of_period,
            Profile::Official => later,
        };
        dues.extend(causes.map(|cause| Due {
            release,
            cause,
            until: end(release.published_at, span(cause, profile)),
        }));
    }
    dues.sort_by(|one, other| (one.until, &one.release.version).cmp(&(other.until, &other.release.version)));
    dues
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cve::CveRecords;
    use crate::releases::Releases;

    fn facts() -> KubernetesFacts {
        let releases: Releases = r#"[{"tag_name": "v1.28.5", "published_at": "2023-12-20T10:00:00Z"},
                {"tag_name": "v1.28.6", "published_at": "2024-01-17T14:00:00Z"},
                {"tag_name": "v1.28.7", "published_at": "2024-02-14T14:00:00Z"}]"#
            .parse()
            .unwrap();
        let cves: CveRecords = r#"[{"cveMetadata": {"cveId": "CVE-A", "datePublished": "2024-02-15T00:00:00Z"}, "containers": {"cna": {
                "metrics": [{"cvssV3_1": {"baseScore": 8.8}}],
                "affected": [{"product": "Kubernetes", "versions": [{"version": "1.28.0", "lessThan": "1.28.7", "status": "affected"}]}]}}}]"#.parse()
        .unwrap();
        KubernetesFacts::default().with_releases(releases).with_cves(cves)
    }

    fn listed(version: &str, at: &str, profile: Profile) -> Vec<(String, bool, String)> {
        let facts = facts();
        dues(&version.parse().unwrap(), &facts, at.parse().unwrap(), profile)
            .iter()
            .map(|due| {
                let critical = matches!(due.cause, Cause::Critical(_));
                (due.release.version.to_string(), critical, due.until.to_string())
            })
            .collect()
    }

    #[test]
    fn deadlines_are_calendar_months_and_weeks() {
        let row =
            |version: &str, critical: bool, until: &str| (version.to_owned(), critical, until.to_owned());
        assert_eq!(
            listed("v1.28.5+k3s1", "2024-02-20T00:00:00Z", Profile::Text),
            [
                row("v1.28.6", false, "2024-02-17T14:00:00Z"),
                row("v1.28.7", true, "2024-02-28T14:00:00Z"),
                row("v1.28.7", false, "2024-03-14T14:00:00Z"),
            ]
        );
        // In the official suite, every newer patch is critical for a version with a critical CVE, and a month has 31 days.
        assert_eq!(
            listed("v1.28.5", "2024-02-15T00:00:00Z", Profile::Official),
            [
                row("v1.28.6", true, "2024-01-31T14:00:00Z"),
                row("v1.28.6", false, "2024-02-17T14:00:00Z"),
                row("v1.28.7", true, "2024-02-28T14:00:00Z"),
                row("v1.28.7", false, "2024-03-16T14:00:00Z"),
            ]
        );
        assert!(listed("v1.28.7", "2024-03-20T00:00:00Z", Profile::Text).is_empty(), "nothing is newer");
        assert!(listed("v1.29.0", "2024-03-20T00:00:00Z", Profile::Text).is_empty(), "another branch");
    }

    #[test]
    fn a_cve_counts_from_its_publication() {
        let critical =
            |at: &str| listed("v1.28.6", at, Profile::Text).iter().any(|(_, critical, _)| *critical);
        // 1.28.7 fixes it, and was released a day before the record.
        assert!(!critical("2024-02-14T23:59:59Z"));
        assert!(critical("2024-02-15T00:00:00Z"));
    }

    #[test]
    fn unreleased_versions_are_not_due() {
        assert!(listed("v1.28.5", "2024-01-17T13:59:59Z", Profile::Text).is_empty());
        assert_eq!(listed("v1.28.5", "2024-01-17T14:00:00Z", Profile::Text).len(), 1);
    }
}
