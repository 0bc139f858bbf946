//! The newest version of each Kubernetes branch, as `dl.k8s.io` names it.

use futures_util::future::try_join_all;
use scs_k8s_policy::{Branch, K8sVersion, Releases};

use super::{Fetch, shape};
use crate::address::in_directory;
use crate::error::RequestError;
use crate::source::Source;

/// The number of branches that are compared: three are maintained, and a fourth one for a while.
const BRANCHES: usize = 4;

/// A comparison with known releases.
pub(super) enum Compared {
    /// Of each branch, it is the newest known one.
    Confirmed,
    /// The source is behind: it names a version that is older than the newest known one of its branch.
    Older { named: K8sVersion, known: K8sVersion },
    /// These versions are unknown.
    Newer(Vec<K8sVersion>),
}

/// Compares known releases with the newest version, and with that of each of the newest branches.
pub(super) async fn stable(fetch: &Fetch<'_>, known: &Releases) -> Result<Compared, RequestError> {
    let base = fetch.url(Source::KubernetesStable);
    let newest = version(fetch, &in_directory(&base, "stable.txt")).await?;
    let newest_branch = known.branches().into_iter().next_back();
    let mut branches: Vec<Branch> = known.branches().into_iter().rev().take(BRANCHES).collect();
    if !branches.contains(&newest.branch()) {
        branches.insert(0, newest.branch());
    }
    let of_branch = |branch: Branch| {
        let url = in_directory(&base, &format!("stable-{branch}.txt"));
        async move { version(fetch, &url).await }
    };
    let mut versions = try_join_all(branches.into_iter().map(of_branch)).await?;
    versions.push(newest.clone());
    versions.sort();
    versions.dedup();
    // A known version may have no date yet.
    let newest_known = |branch: Branch| {
        let undated = known.broken().iter().filter_map(|broken| broken.version.as_ref());
        let undated = undated.filter(|version| version.branch() == branch);
        known.newest_of(branch).map(|newest| &newest.version).into_iter().chain(undated).max().cloned()
    };
    // The newest version is that of the newest branch.
    let expected = |named: &K8sVersion| {
        let branch =
            if *named == newest { newest_branch.max(Some(named.branch())) } else { Some(named.branch()) };
        branch.and_then(newest_known)
    };
    let (mut newer, mut older) = (Vec::new(), None);
    for named in versions {
        match expected(&named) {
            Some(known) if known == named => {}
            Some(known) if known > named => older = Some(Compared::Older { named, known }),
            _ => newer.push(named),
        }
    }
    // What is newer is news, even if another branch is behind.
    Ok(if newer.is_empty() { older.unwrap_or(Compared::Confirmed) } else { Compared::Newer(newer) })
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
