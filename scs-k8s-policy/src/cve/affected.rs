//! The versions that a record affects: ranges in the format, and free text that people write instead.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

use crate::version::{Branch, K8sVersion};

/// The affected versions of a record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Affected {
    ranges: Vec<(VersionRange, bool)>,
    by_default: bool,
    unreadable: Vec<String>,
}

/// A range of upstream versions; distribution suffixes are ignored.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VersionRange {
    from: K8sVersion,
    to: Bound,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Bound {
    /// Up to this version, exclusive.
    Before(K8sVersion),
    /// Up to this version, inclusive.
    Through(K8sVersion),
    /// The whole branch of the first version.
    EndOfBranch,
    /// All versions.
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
    /// From a version to another, exclusive.
    #[must_use]
    pub const fn before(from: K8sVersion, to: K8sVersion) -> Self {
        Self { from, to: Bound::Before(to) }
    }

    /// From a version to another, inclusive.
    #[must_use]
    pub const fn through(from: K8sVersion, to: K8sVersion) -> Self {
        Self { from, to: Bound::Through(to) }
    }

    /// A single version.
    #[must_use]
    pub fn only(version: K8sVersion) -> Self {
        Self { from: version.clone(), to: Bound::Through(version) }
    }

    /// A whole branch.
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

/// A version, or a branch, which means its first release.
fn version(text: &str) -> Option<K8sVersion> {
    let text = text.trim().trim_end_matches(',');
    text.parse().ok().or_else(|| text.parse::<Branch>().ok().map(Branch::first))
}

/// The oldest version.
const fn oldest() -> K8sVersion {
    Branch::new(0, 0).first()
}

/// The first version after a branch.
const fn behind(branch: Branch) -> K8sVersion {
    Branch::new(branch.major(), branch.minor().saturating_add(1)).first()
}

/// `1.2.x`, `1.2.*`.
fn wildcard(text: &str) -> Option<Branch> {
    let text = text.trim();
    text.strip_suffix(".x").or_else(|| text.strip_suffix(".*"))?.parse().ok()
}

/// The first version that no longer matches `1.2.*` or `1.*`: a star stands for an arbitrarily large number, also in
/// `lessThan`.
fn behind_wildcard(text: &str) -> Option<K8sVersion> {
    let major =
        || text.strip_suffix(".*").or_else(|| text.strip_suffix(".x"))?.trim_start_matches('v').parse().ok();
    wildcard(text)
        .map(behind)
        .or_else(|| major().map(|major: u64| Branch::new(major.saturating_add(1), 0).first()))
}

/// Free text in `version`: `<= v1.27.2`, `prior to v1.28.4`, `1.2.3 - 1.2.9`, `1.2.x`, `>= 1.2.3 < 1.2.9`.
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
    if let Some((from, to)) = text.split_once(" - ").or_else(|| text.split_once(" to ")) {
        return Some(VersionRange::through(version(from)?, version(to)?));
    }
    Some(VersionRange::only(text.parse().ok()?))
}

/// The lower end of a range; unknown if the record has `0`, `unspecified` or free text.
fn lower_end(stated: &str) -> K8sVersion {
    let bare = stated.trim().trim_start_matches(">=");
    version(bare).or_else(|| wildcard(bare).map(Branch::first)).unwrap_or_else(oldest)
}

/// An entry of `versions`.
fn range(entry: &Value) -> Option<VersionRange> {
    // People repeat the operator that the key already implies.
    let text = |key: &str| Some(entry.get(key)?.as_str()?.trim().trim_start_matches(['<', '=', ' ']));
    let stated = entry.get("version").and_then(Value::as_str).unwrap_or_default();
    let (to, through) = match (text("lessThanOrEqual"), text("lessThan")) {
        (Some(to), _) => (to, true),
        (None, Some(to)) => (to, false),
        (None, None) => return free_text(stated),
    };
    let from = lower_end(stated);
    if to == "*" {
        return Some(VersionRange { from, to: Bound::Open });
    }
    match behind_wildcard(to) {
        Some(end) => Some(VersionRange::before(from, end)),
        None if through => Some(VersionRange::through(from, version(to)?)),
        None => Some(VersionRange::before(from, version(to)?)),
    }
}

/// Some records list the last affected release of each branch, without lower ends: then a range starts after the branch of
/// the previous one, or it would include the versions excluded by it.
fn separate(ranges: &mut [(VersionRange, bool)]) {
    let upper_end = |range: &VersionRange| match &range.to {
        Bound::Through(to) => Some(to.clone()),
        // Before the first release of a branch, meaning the whole previous branch.
        Bound::Before(to) if to.patch() > 0 => Some(to.clone()),
        Bound::Before(_) | Bound::EndOfBranch | Bound::Open => None,
    };
    let is_whole = |(range, is_affected): &(VersionRange, bool)| {
        *is_affected && range.from == oldest() && upper_end(range).is_some()
    };
    let ends = ranges.iter().filter(|it| is_whole(it)).filter_map(|(range, _)| upper_end(range));
    let branches: BTreeSet<Branch> = ends.map(|end| end.branch()).collect();
    for it in ranges.iter_mut().filter(|it| is_whole(it)) {
        let own = upper_end(&it.0).map(|end| end.branch());
        if let Some(before) = own.and_then(|own| branches.range(..own).next_back()) {
            it.0.from = behind(*before);
        }
    }
}

/// The components released with Kubernetes, by their names in records.
const PRODUCTS: [&str; 9] = [
    "kubernetes",
    "kubelet",
    "kubectl",
    "kubeadm",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-proxy",
    "kube-scheduler",
    "k8s.io/kubernetes",
];

/// Whether an entry of `affected` concerns Kubernetes, by product, package or repository.
fn is_kubernetes(product: &Value) -> bool {
    let text = |key: &str| product.get(key).and_then(Value::as_str).unwrap_or_default().trim().to_lowercase();
    let repo = text("repo");
    let repo = repo.trim_end_matches('/').trim_end_matches(".git");
    PRODUCTS.contains(&text("product").as_str())
        || PRODUCTS.contains(&text("packageName").as_str())
        || repo.ends_with("github.com/kubernetes/kubernetes")
}

/// The parts of an entry with their status: a range can change its status at versions within it (`changes`).
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

/// Whether an entry has commits, which cannot be mapped to versions.
fn is_of_commits(entry: &Value) -> bool {
    entry.get("versionType").and_then(Value::as_str) == Some("git")
}

impl Affected {
    /// Parses the key `affected` of a record.
    pub(super) fn read(affected: &Value) -> Self {
        let mut read = Self::default();
        let products = affected.as_array().map_or(&[][..], Vec::as_slice);
        if products.is_empty() {
            read.unreadable.push(affected.to_string());
        }
        for product in products {
            if !product.is_object() {
                read.unreadable.push(product.to_string());
            }
            if !is_kubernetes(product) {
                continue;
            }
            let by_default = product.get("defaultStatus").and_then(Value::as_str);
            let mut says_something = matches!(by_default, Some("affected" | "unaffected"));
            read.by_default |= by_default == Some("affected");
            let entries = product.get("versions").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            // Version entries are equivalent to the commit entries next to them.
            let only_commits = entries.iter().all(is_of_commits);
            for entry in entries.iter().filter(|entry| only_commits || !is_of_commits(entry)) {
                let is_affected = match entry.get("status").and_then(Value::as_str) {
                    Some("affected") | None => true,
                    Some("unaffected") => false,
                    // `unknown` has no information.
                    Some(_) => continue,
                };
                says_something = true;
                match parts(entry, is_affected) {
                    Some(parts) => read.ranges.extend(parts),
                    None => read.unreadable.push(entry.to_string()),
                }
            }
            // It concerns Kubernetes, but no version.
            if !says_something {
                read.unreadable.push(product.to_string());
            }
        }
        separate(&mut read.ranges);
        read
    }

    /// Whether a version is affected by a range; unaffected ranges take precedence.
    #[must_use]
    pub fn contains(&self, version: &K8sVersion) -> bool {
        let mut within = self.ranges.iter().filter(|(range, _)| range.contains(version)).peekable();
        if within.peek().is_none() {
            return self.by_default;
        }
        within.all(|(_, is_affected)| *is_affected)
    }

    /// The affected ranges.
    pub fn ranges(&self) -> impl Iterator<Item = &VersionRange> {
        self.ranges.iter().filter(|(_, is_affected)| *is_affected).map(|(range, _)| range)
    }

    /// The unreadable entries: results that depend on them are unknown.
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
    fn entries_without_a_version_are_unreadable() {
        for (affected, is_readable) in [
            (json!([{"product": "Kubernetes", "defaultStatus": "unknown"}]), false),
            (json!([{"product": "Kubernetes"}]), false),
            (
                json!([{"product": "Kubernetes", "versions": [{"version": "1.2.3", "status": "unknown"}]}]),
                false,
            ),
            (json!([{"product": "Kubernetes", "defaultStatus": "unaffected"}, 7]), false),
            (json!([]), false),
            (json!(null), false),
            (json!([{"product": "Kubernetes", "defaultStatus": "unaffected"}]), true),
            (json!([{"product": "Kubernetes", "defaultStatus": "affected"}]), true),
            (json!([{"product": "ingress-nginx", "defaultStatus": "unknown"}]), true),
        ] {
            assert_eq!(Affected::read(&affected).unreadable().is_empty(), is_readable, "{affected}");
        }
    }

    #[test]
    fn ranges_in_the_format_are_parsed() {
        let less = json!({"version": "1.2.3", "lessThan": "1.3.0", "status": "affected"});
        let through = json!({"version": "unspecified", "lessThanOrEqual": "1.3.0", "status": "affected"});
        let open = json!({"version": "1.2.3", "lessThan": "*", "status": "affected"});
        let branch = json!({"version": "1.2.0", "lessThanOrEqual": "1.2.*", "status": "affected"});
        let star = json!({"version": "1.2.0", "lessThan": "1.2.*", "status": "affected"});
        let major = json!({"version": "1.2.0", "lessThan": "1.*", "status": "affected"});
        let signs = json!({"version": ">= v1.2.0", "lessThanOrEqual": "<= v1.2.4", "status": "affected"});
        let wide = json!({"version": "1.2.x", "lessThan": "1.4.2", "status": "affected"});
        let short = json!({"version": "1.1", "lessThan": "1.2", "status": "affected"});
        for (entry, inside, outside) in [
            (&star, ["1.2.0", "1.2.99"], "1.3.0"),
            (&major, ["1.2.0", "1.99.9"], "2.0.0"),
            (&signs, ["1.2.0", "1.2.4"], "1.2.5"),
            (&wide, ["1.2.0", "1.4.1"], "1.4.2"),
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
    fn ranges_in_free_text_are_parsed() {
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
    fn unaffected_ranges_take_precedence() {
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
    fn ranges_without_lower_ends_start_at_their_branch() {
        let affected = Affected::read(&json!([{"product": "Kubernetes", "versions": [
            {"version": "prior to v1.28.4", "status": "affected"},
            {"version": "0", "lessThanOrEqual": "1.27.7", "status": "affected"},
            {"version": "unspecified", "lessThan": "1.25.16", "status": "affected"},
        ]}]));
        for (version, expected) in [
            ("1.20.0", true),
            ("1.25.15", true),
            ("1.25.16", false),
            // The record has no fixed release for this branch.
            ("1.26.30", true),
            ("1.27.7", true),
            ("1.27.8", false),
            ("1.28.3", true),
            ("1.28.4", false),
        ] {
            assert_eq!(affected.contains(&version.parse().unwrap()), expected, "{version}");
        }
        let whole = Affected::read(&json!([{"product": "Kubernetes", "versions": [
            {"version": "0", "lessThan": "1.25.16", "status": "affected"},
            {"version": "0", "lessThan": "1.27", "status": "affected"},
        ]}]));
        assert!(whole.contains(&"1.25.17".parse().unwrap()), "all of what is before 1.27");
    }

    #[test]
    fn kubernetes_entries_are_recognized() {
        for (product, expected) in [
            (json!({"product": "Kubernetes"}), true),
            (json!({"product": "kube-proxy"}), true),
            (json!({"packageName": "k8s.io/kubernetes"}), true),
            (json!({"product": "n/a", "repo": "https://github.com/kubernetes/kubernetes"}), true),
            (
                json!({"product": "ingress-nginx", "repo": "https://github.com/kubernetes/ingress-nginx"}),
                false,
            ),
            (json!({"repo": "https://example.com/kubernetes-sigs/kubernetes"}), false),
            (json!({}), false),
        ] {
            assert_eq!(is_kubernetes(&product), expected, "{product}");
        }
    }

    #[test]
    fn a_range_can_change_its_status() {
        let entry = json!({"version": "1.28.0", "lessThan": "1.30.0", "status": "affected", "versionType": "semver",
            "changes": [{"at": "1.29.0", "status": "affected"}, {"at": "1.28.6", "status": "unaffected"}]});
        for (version, expected) in
            [("1.28.5", true), ("1.28.6", false), ("1.28.9", false), ("1.29.0", true), ("1.30.0", false)]
        {
            assert_eq!(contains(&entry, version), expected, "{version}");
        }
    }

    #[test]
    fn commits_are_ignored_next_to_versions() {
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
    fn unreadable_entries_are_kept() {
        let affected = Affected::read(
            &json!([{"product": "Kubernetes", "versions": [{"version": "n/a", "status": "affected"}, 7]}]),
        );
        assert_eq!(affected.unreadable().len(), 2);
        assert!(!affected.contains(&"1.28.5".parse().unwrap()));
    }
}
