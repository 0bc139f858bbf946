//! The versions that a record affects: ranges of the format, and the texts that people write instead.

use std::fmt;

use serde_json::Value;

use crate::version::{Branch, K8sVersion};

/// The versions that a record is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Affected {
    ranges: Vec<(VersionRange, bool)>,
    by_default: bool,
    unreadable: Vec<String>,
}

/// A range of versions of the project; what a distribution adds does not count.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VersionRange {
    from: K8sVersion,
    to: Bound,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Bound {
    /// Up to this one, which is not in it.
    Before(K8sVersion),
    /// Up to this one, which is in it.
    Through(K8sVersion),
    /// All of the branch of the first one.
    EndOfBranch,
    /// All.
    Open,
}

impl fmt::Display for VersionRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.to {
            Bound::Before(to) => write!(f, "{} to before {to}", self.from),
            Bound::Through(to) if *to == self.from => write!(f, "{to}"),
            Bound::Through(to) => write!(f, "{} to {to}", self.from),
            Bound::EndOfBranch => write!(f, "{} and later ones of its branch", self.from),
            Bound::Open => write!(f, "{} and later", self.from),
        }
    }
}

impl VersionRange {
    /// From a version to before another.
    #[must_use]
    pub const fn before(from: K8sVersion, to: K8sVersion) -> Self {
        Self { from, to: Bound::Before(to) }
    }

    /// From a version through another.
    #[must_use]
    pub const fn through(from: K8sVersion, to: K8sVersion) -> Self {
        Self { from, to: Bound::Through(to) }
    }

    /// One version.
    #[must_use]
    pub fn only(version: K8sVersion) -> Self {
        Self { from: version.clone(), to: Bound::Through(version) }
    }

    /// A branch.
    #[must_use]
    pub const fn branch(branch: Branch) -> Self {
        Self { from: branch.first(), to: Bound::EndOfBranch }
    }

    /// Whether a version is in it.
    #[must_use]
    pub fn contains(&self, version: &K8sVersion) -> bool {
        let version = version.upstream();
        let within = match &self.to {
            Bound::Before(to) => version < *to,
            Bound::Through(to) => version <= *to,
            Bound::EndOfBranch => version.branch() == self.from.branch(),
            Bound::Open => true,
        };
        self.from <= version && within
    }
}

/// A version, or a branch, which stands for its first release.
fn version(text: &str) -> Option<K8sVersion> {
    let text = text.trim().trim_end_matches(',');
    text.parse().ok().or_else(|| text.parse::<Branch>().ok().map(Branch::first))
}

/// The oldest version.
const fn oldest() -> K8sVersion {
    Branch::new(0, 0).first()
}

/// `1.2.x`, `1.2.*`.
fn wildcard(text: &str) -> Option<Branch> {
    let text = text.trim();
    text.strip_suffix(".x").or_else(|| text.strip_suffix(".*"))?.parse().ok()
}

/// What people write in `version`: `<= v1.27.2`, `prior to v1.28.4`, `1.2.3 - 1.2.9`, `1.2.x`, `>= 1.2.3 < 1.2.9`.
fn free_text(text: &str) -> Option<VersionRange> {
    let text = text.trim();
    if let Some(branch) = wildcard(text) {
        return Some(VersionRange::branch(branch));
    }
    for (words, through) in [
        ("<=", true),
        ("<", false),
        ("prior to", false),
        ("before", false),
        ("up to", true),
        ("through", true),
    ] {
        let rest = text.strip_prefix(words);
        if let Some(to) = rest.and_then(version) {
            return Some(if through {
                VersionRange::through(oldest(), to)
            } else {
                VersionRange::before(oldest(), to)
            });
        }
    }
    if let Some(rest) = text.strip_prefix(">=") {
        for (sign, through) in [("<=", true), ("<", false)] {
            if let Some((from, to)) = rest.split_once(sign) {
                let (from, to) = (version(from)?, version(to)?);
                return Some(if through {
                    VersionRange::through(from, to)
                } else {
                    VersionRange::before(from, to)
                });
            }
        }
        return Some(VersionRange { from: version(rest)?, to: Bound::Open });
    }
    if let Some((from, to)) = text.split_once(" - ") {
        return Some(VersionRange::through(version(from)?, version(to)?));
    }
    if let Some((from, to)) = text.split_once(" to ") {
        return Some(VersionRange::through(version(from)?, version(to)?));
    }
    Some(VersionRange::only(text.parse().ok()?))
}

/// An entry of `versions`.
fn range(entry: &Value) -> Option<VersionRange> {
    let text = |key: &str| entry.get(key).and_then(Value::as_str);
    let stated = text("version").unwrap_or_default();
    // No lower end is known where it says `0`, `unspecified` or something in words.
    let from = version(stated).unwrap_or_else(oldest);
    if let Some(to) = text("lessThanOrEqual") {
        return match (to, wildcard(to)) {
            ("*", _) => Some(VersionRange { from, to: Bound::Open }),
            // Through the last release of a branch.
            (_, Some(branch)) => Some(VersionRange::before(
                from,
                Branch::new(branch.major(), branch.minor().saturating_add(1)).first(),
            )),
            (to, None) => Some(VersionRange::through(from, version(to)?)),
        };
    }
    match text("lessThan") {
        Some("*") => Some(VersionRange { from, to: Bound::Open }),
        Some(to) => match wildcard(to) {
            Some(branch) => Some(VersionRange::before(from, branch.first())),
            None => Some(VersionRange::before(from, version(to)?)),
        },
        None => free_text(stated),
    }
}

/// The parts of an entry with the status of each: a range may change its status at versions within it (`changes`).
fn parts(entry: &Value, is_affected: bool) -> Option<Vec<(VersionRange, bool)>> {
    let whole = range(entry)?;
    let changes = entry.get("changes").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let mut parts = Vec::new();
    let (mut from, mut status) = (whole.from.clone(), is_affected);
    let mut at_versions = Vec::new();
    for change in changes {
        let at = version(change.get("at").and_then(Value::as_str)?)?;
        at_versions.push((at, change.get("status").and_then(Value::as_str)? == "affected"));
    }
    at_versions.sort_by(|(one, _), (other, _)| one.cmp(other));
    for (at, becomes) in at_versions {
        parts.push((VersionRange::before(from, at.clone()), status));
        (from, status) = (at, becomes);
    }
    parts.push((VersionRange { from, to: whole.to }, status));
    Some(parts)
}

/// Whether an entry speaks of commits, of which no version can be told.
fn is_of_commits(entry: &Value) -> bool {
    entry.get("versionType").and_then(Value::as_str) == Some("git")
}

impl Affected {
    /// Reads the key `affected` of a record.
    pub(super) fn read(affected: &Value) -> Self {
        let mut read = Self::default();
        for product in affected.as_array().into_iter().flatten() {
            let name = product.get("product").and_then(Value::as_str).unwrap_or_default();
            if !matches!(name.to_lowercase().as_str(), "kubernetes" | "kubelet" | "kube-apiserver") {
                continue;
            }
            if product.get("defaultStatus").and_then(Value::as_str) == Some("affected") {
                read.by_default = true;
            }
            let entries = product.get("versions").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            // What is said of versions says the same as what is said of commits beside it.
            let only_commits = entries.iter().all(is_of_commits);
            for entry in entries.iter().filter(|entry| only_commits || !is_of_commits(entry)) {
                let is_affected = match entry.get("status").and_then(Value::as_str) {
                    Some("affected") | None => true,
                    Some("unaffected") => false,
                    // `unknown` says nothing.
                    Some(_) => continue,
                };
                match parts(entry, is_affected) {
                    Some(parts) => read.ranges.extend(parts),
                    None => read.unreadable.push(entry.to_string()),
                }
            }
        }
        read
    }

    /// Whether a version is affected: by a range of its own; a range that says that it is not goes before the others.
    #[must_use]
    pub fn contains(&self, version: &K8sVersion) -> bool {
        let mut within = self.ranges.iter().filter(|(range, _)| range.contains(version)).peekable();
        if within.peek().is_none() {
            return self.by_default;
        }
        within.all(|(_, is_affected)| *is_affected)
    }

    /// The ranges that are affected.
    pub fn ranges(&self) -> impl Iterator<Item = &VersionRange> {
        self.ranges.iter().filter(|(_, is_affected)| *is_affected).map(|(range, _)| range)
    }

    /// The entries that cannot be read: what rests on them cannot be said.
    #[must_use]
    pub fn unreadable(&self) -> &[String] {
        &self.unreadable
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn contains(entry: &Value, version: &str) -> bool {
        let affected = Affected::read(&json!([{"product": "Kubernetes", "versions": [entry]}]));
        assert!(affected.unreadable().is_empty(), "{affected:?}");
        affected.contains(&version.parse().unwrap())
    }

    #[test]
    fn ranges_of_the_format() {
        let less = json!({"version": "1.2.3", "lessThan": "1.3.0", "status": "affected"});
        let through = json!({"version": "unspecified", "lessThanOrEqual": "1.3.0", "status": "affected"});
        let open = json!({"version": "1.2.3", "lessThan": "*", "status": "affected"});
        let branch = json!({"version": "1.2.0", "lessThanOrEqual": "1.2.*", "status": "affected"});
        let short = json!({"version": "1.1", "lessThan": "1.2", "status": "affected"});
        for (entry, inside, outside) in [
            (&less, ["1.2.3", "1.2.99"], "1.3.0"),
            (&through, ["0.1.0", "1.3.0"], "1.3.1"),
            (&open, ["1.2.3", "9.0.0"], "1.2.2"),
            (&branch, ["1.2.0", "1.2.99"], "1.3.0"),
            (&short, ["1.1.0", "1.1.12+k3s1"], "1.2.0"),
        ] {
            for version in inside {
                assert!(contains(entry, version), "{entry}: {version}");
            }
            assert!(!contains(entry, outside), "{entry}: {outside}");
        }
    }

    #[test]
    fn ranges_in_words() {
        for (text, inside, outside) in [
            ("1.2.x", "1.2.7", "1.3.0"),
            ("v1.2.*", "1.2.0", "1.1.9"),
            ("<= v1.27.2", "1.27.2", "1.27.3"),
            ("< v1.27.2", "1.27.1", "1.27.2"),
            ("prior to v1.28.4", "1.28.3", "1.28.4"),
            ("1.2.3 - 1.2.9", "1.2.9", "1.2.10"),
            (">= 1.2.3 < 1.2.9", "1.2.8", "1.2.9"),
            (">= 1.2.3", "7.0.0", "1.2.2"),
            ("1.2.3", "1.2.3", "1.2.4"),
        ] {
            let entry = json!({"version": text, "status": "affected"});
            assert!(contains(&entry, inside), "{text}: {inside}");
            assert!(!contains(&entry, outside), "{text}: {outside}");
        }
    }

    #[test]
    fn defaults_and_exceptions() {
        let affected =
            Affected::read(&json!([{"product": "Kubernetes", "defaultStatus": "affected", "versions": [
                {"version": "1.28.6", "lessThan": "1.29.0", "status": "unaffected"},
                {"version": "1.30.0", "status": "unknown"},
            ]}]));
        for (version, expected) in [("1.28.5", true), ("1.28.6", false), ("1.29.0", true)] {
            assert_eq!(affected.contains(&version.parse().unwrap()), expected, "{version}");
        }
        let other = Affected::read(&json!([{"product": "ingress-nginx", "defaultStatus": "affected"}]));
        assert!(!other.contains(&"1.28.5".parse().unwrap()));
    }

    #[test]
    fn a_range_changes_its_status_within() {
        let entry = json!({"version": "1.28.0", "lessThan": "1.30.0", "status": "affected", "versionType": "semver",
            "changes": [{"at": "1.29.0", "status": "affected"}, {"at": "1.28.6", "status": "unaffected"}]});
        for (version, expected) in
            [("1.28.5", true), ("1.28.6", false), ("1.28.9", false), ("1.29.0", true), ("1.30.0", false)]
        {
            assert_eq!(contains(&entry, version), expected, "{version}");
        }
    }

    #[test]
    fn commits_say_nothing_beside_versions() {
        let commits =
            json!({"version": "8d1f2a", "lessThan": "9e0c", "status": "affected", "versionType": "git"});
        let read =
            |versions: &Value| Affected::read(&json!([{"product": "Kubernetes", "versions": versions}]));
        let beside =
            read(&json!([commits, {"version": "1.28.0", "lessThan": "1.28.6", "status": "affected"}]));
        assert!(beside.unreadable().is_empty() && beside.contains(&"1.28.5".parse().unwrap()));
        assert_eq!(read(&json!([commits])).unreadable().len(), 1);
    }

    #[test]
    fn what_cannot_be_read_is_kept() {
        let affected = Affected::read(
            &json!([{"product": "Kubernetes", "versions": [{"version": "n/a", "status": "affected"}, 7]}]),
        );
        assert_eq!(affected.unreadable().len(), 2);
        assert!(!affected.contains(&"1.28.5".parse().unwrap()));
    }
}
