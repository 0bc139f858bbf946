//! The newest version of each Kubernetes branch, as `dl.k8s.io` names it.

use futures_util::future::try_join_all;
use scs_k8s_policy::{Branch, K8sVersion, Releases};

use super::{Fetch, shape};
use crate::error::RequestError;
use crate::source::Source;

/// The number of branches that are compared: three are maintained, and a fourth one for a while.
const BRANCHES: usize = 4;

/// A comparison with known releases.
pub(super) enum Compared {
    /// No version is newer.
    Confirmed,
    /// These versions are unknown.
    Newer(Vec<K8sVersion>),
}

/// Compares known releases with the newest version, and with that of each of the newest branches.
pub(super) async fn stable(fetch: &Fetch<'_>, known: &Releases) -> Result<Compared, RequestError> {
    let base = fetch.url(Source::KubernetesStable);
    let newest = version(fetch, &format!("{base}/stable.txt")).await?;
    let mut branches: Vec<Branch> = known.branches().into_iter().rev().take(BRANCHES).collect();
    if !branches.contains(&newest.branch()) {
        branches.insert(0, newest.branch());
    }
    let of_branch = |branch: Branch| {
        let url = format!("{base}/stable-{branch}.txt");
        async move { version(fetch, &url).await }
    };
    let mut versions = try_join_all(branches.into_iter().map(of_branch)).await?;
    versions.push(newest);
    versions.sort();
    versions.dedup();
    let is_known = |version: &K8sVersion| {
        let dated = known.newest_of(version.branch()).is_some_and(|newest| newest.version >= *version);
        dated || known.broken().iter().any(|broken| broken.version.as_ref() == Some(version))
    };
    versions.retain(|version| !is_known(version));
    Ok(if versions.is_empty() { Compared::Confirmed } else { Compared::Newer(versions) })
}

async fn version(fetch: &Fetch<'_>, url: &str) -> Result<K8sVersion, RequestError> {
    const EXPECTED: &str = "a version";
    let text = fetch.text(url).await?;
    let version: K8sVersion = text.body.trim().parse().map_err(|error| shape(url, EXPECTED, &error))?;
    if version.is_pre_release() || version.vendor().is_some() {
        return Err(shape(url, EXPECTED, &format!("{version} is not a release of Kubernetes")));
    }
    Ok(version)
}
