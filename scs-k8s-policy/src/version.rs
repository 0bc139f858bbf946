//! Kubernetes versions in API servers and releases (scs-0210, *Decision*).

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A Kubernetes version: upstream, or with the suffix of a distribution.
///
/// ```
/// use scs_k8s_policy::{Branch, K8sVersion};
///
/// let version: K8sVersion = "v1.33.4+k3s1".parse()?;
/// assert_eq!(version.branch(), Branch::new(1, 33));
/// assert_eq!((version.patch(), version.vendor()), (4, Some("k3s1")));
/// assert_eq!("v1.28.5-gke.100".parse::<K8sVersion>()?.upstream().to_string(), "v1.28.5");
/// assert!("v1.34.0-rc.1".parse::<K8sVersion>()? < "v1.34.0".parse()?);
/// # Ok::<(), scs_k8s_policy::ParseVersionError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct K8sVersion {
    branch: Branch,
    patch: u64,
    pre_release: Option<semver::Prerelease>,
    vendor: Option<Vendor>,
}

/// The suffix of a distribution, and its separator.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Vendor {
    sign: char,
    text: String,
}

/// A release branch, such as 1.33.
///
/// ```
/// use scs_k8s_policy::Branch;
///
/// assert_eq!("v1.33".parse(), Ok(Branch::new(1, 33)));
/// assert!("1.9".parse::<Branch>()? < "1.10".parse()?);
/// # Ok::<(), scs_k8s_policy::ParseVersionError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Branch {
    major: u64,
    minor: u64,
}

/// Error: not a version, or not a branch.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{text}` is not a {wanted}: {reason}")]
pub struct ParseVersionError {
    text: String,
    wanted: &'static str,
    reason: String,
}

impl ParseVersionError {
    fn new(text: &str, wanted: &'static str, reason: impl Into<String>) -> Self {
        let text = text.chars().take(60).collect();
        Self { text, wanted, reason: reason.into() }
    }
}

impl Branch {
    /// Creates a branch from its numbers.
    #[must_use]
    pub const fn new(major: u64, minor: u64) -> Self {
        Self { major, minor }
    }

    /// The next branch.
    #[must_use]
    pub const fn next(self) -> Self {
        Self { major: self.major, minor: self.minor.saturating_add(1) }
    }

    /// The major version.
    #[must_use]
    pub const fn major(self) -> u64 {
        self.major
    }

    /// The minor version.
    #[must_use]
    pub const fn minor(self) -> u64 {
        self.minor
    }

    /// The first release of the branch.
    #[must_use]
    pub const fn first(self) -> K8sVersion {
        K8sVersion { branch: self, patch: 0, pre_release: None, vendor: None }
    }
}

impl fmt::Display for Branch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}.{}", self.major, self.minor))
    }
}

/// A number in a version: digits without a leading zero.
fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let plain = digits && (text == "0" || !text.starts_with('0'));
    if plain { text.parse().ok() } else { None }
}

impl FromStr for Branch {
    type Err = ParseVersionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = |reason: &str| ParseVersionError::new(text, "branch", reason);
        let bare = text.strip_prefix('v').unwrap_or(text);
        let (major, minor) =
            bare.split_once('.').ok_or_else(|| error("expected two numbers, such as 1.33"))?;
        if minor.contains('.') {
            return Err(error("it has a third number; a branch is such as 1.33"));
        }
        match (number(major), number(minor)) {
            (Some(major), Some(minor)) => Ok(Self { major, minor }),
            _ => Err(error("expected two numbers, such as 1.33")),
        }
    }
}

/// Whether the text after a dash makes it a pre-release, rather than a distribution's version.
fn is_pre_release(text: &str) -> bool {
    let word = text.split(['.', '-']).next().unwrap_or_default();
    matches!(word, "alpha" | "beta" | "rc" | "dev") || word == "0"
}

impl FromStr for K8sVersion {
    type Err = ParseVersionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = |reason: String| ParseVersionError::new(text, "version of Kubernetes", reason);
        let bare = text.trim();
        let bare = bare.strip_prefix('v').unwrap_or(bare);
        if let Ok(branch) = bare.parse::<Branch>() {
            return Err(error(format!("it is a branch; a version has a third number, such as v{branch}.0")));
        }
        let read = semver::Version::parse(bare).map_err(|reason| error(reason.to_string()))?;
        let (pre_release, behind_dash) = match read.pre.as_str() {
            "" => (None, None),
            pre if is_pre_release(pre) => (Some(read.pre.clone()), None),
            vendor => (None, Some(vendor)),
        };
        let vendor = match (behind_dash, read.build.as_str()) {
            (None, "") => None,
            (None, build) => Some(Vendor { sign: '+', text: build.to_owned() }),
            (Some(vendor), "") => Some(Vendor { sign: '-', text: vendor.to_owned() }),
            (Some(vendor), build) => Some(Vendor { sign: '-', text: format!("{vendor}+{build}") }),
        };
        Ok(Self { branch: Branch::new(read.major, read.minor), patch: read.patch, pre_release, vendor })
    }
}

impl fmt::Display for K8sVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = format!("v{}.{}", self.branch, self.patch);
        if let Some(pre) = &self.pre_release {
            text = format!("{text}-{pre}");
        }
        if let Some(vendor) = &self.vendor {
            text = format!("{text}{}{}", vendor.sign, vendor.text);
        }
        f.pad(&text)
    }
}

impl K8sVersion {
    /// An upstream release.
    #[must_use]
    pub const fn new(branch: Branch, patch: u64) -> Self {
        Self { branch, patch, pre_release: None, vendor: None }
    }

    /// The release branch.
    #[must_use]
    pub const fn branch(&self) -> Branch {
        self.branch
    }

    /// The patch number.
    #[must_use]
    pub const fn patch(&self) -> u64 {
        self.patch
    }

    /// Whether it is a pre-release.
    #[must_use]
    pub const fn is_pre_release(&self) -> bool {
        self.pre_release.is_some()
    }

    /// The suffix of a distribution, such as `k3s1` or `gke.100`.
    #[must_use]
    pub fn vendor(&self) -> Option<&str> {
        self.vendor.as_ref().map(|vendor| vendor.text.as_str())
    }

    /// The upstream version it is based on.
    #[must_use]
    pub fn upstream(&self) -> Self {
        Self { vendor: None, ..self.clone() }
    }
}

impl Ord for K8sVersion {
    /// Ordered by number, then pre-releases before releases, then by distribution suffix.
    fn cmp(&self, other: &Self) -> Ordering {
        let numbers = (self.branch, self.patch).cmp(&(other.branch, other.patch));
        let before = || match (&self.pre_release, &other.pre_release) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(own), Some(other)) => own.cmp(other),
        };
        numbers.then_with(before).then_with(|| self.vendor.cmp(&other.vendor))
    }
}

impl PartialOrd for K8sVersion {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distribution_suffixes_are_parsed() {
        for (text, vendor) in [
            ("v1.33.4", None),
            ("1.33.4", None),
            ("v1.33.4+k3s1", Some("k3s1")),
            ("v1.33.4+rke2r1", Some("rke2r1")),
            ("v1.33.4-gke.100", Some("gke.100")),
            ("v1.33.4-eks-a5df82a", Some("eks-a5df82a")),
            ("v1.33.4-aliyun.1+x", Some("aliyun.1+x")),
        ] {
            let version: K8sVersion = text.parse().unwrap();
            assert_eq!(version.vendor(), vendor, "{text}");
            assert_eq!((version.branch(), version.patch()), (Branch::new(1, 33), 4), "{text}");
            assert!(!version.is_pre_release(), "{text}");
            assert_eq!(version.upstream(), "v1.33.4".parse().unwrap());
        }
    }

    #[test]
    fn invalid_versions_are_errors() {
        for (text, reason) in [
            ("v1.33", "it is a branch"),
            ("1.2.-3", "unexpected"),
            ("1_0.2.3", "unexpected"),
            ("v1.033.4", "leading zero"),
            ("v1.33.٤", "unexpected"),
            ("", "empty"),
            ("vv1.2.3", "unexpected"),
        ] {
            let error = text.parse::<K8sVersion>().unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }

    #[test]
    fn pre_releases_are_older_than_releases() {
        let versions = [
            "v1.33.9",
            "v1.34.0-alpha.3",
            "v1.34.0-beta.0",
            "v1.34.0-rc.1",
            "v1.34.0",
            "v1.34.0+k3s1",
            "v1.34.1",
        ];
        let versions: Vec<K8sVersion> = versions.iter().map(|text| text.parse().unwrap()).collect();
        assert!(versions.is_sorted());
    }
}
