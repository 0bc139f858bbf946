//! Kubernetes policies of the Sovereign Cloud Stack: the facts that scs-0210 is about, as types.
//!
//! | question | where |
//! | --- | --- |
//! | what does a version say? | [`K8sVersion`], [`Branch`] |
//! | what was released when? | [`Releases`] |
//! | until when is a branch maintained? | [`EndsOfLife`] |
//! | what of this is known, and until when? | [`KubernetesFacts`] |
//! | by when has a version to be replaced? | [`dues`] |
//! | which versions does a CVE affect, and what mends it? | [`CveRecord`] |
//! | what came of the end-to-end tests? | [`ConformanceResults`] |
//! | which of them may fail, and how many are there? | [`ConformanceFacts`] |
//! | which network plug-in is it? | [`FoundPlugins`], [`NetworkPlugin`] |
//! | what does the API server serve? | [`ApiResources`] |
//!
//! Nothing here reads a file, a network or a clock.

mod cni;
mod conformance;
mod cve;
mod due;
mod end_of_life;
mod facts;
mod objects;
mod releases;
mod rules;
mod subject;
mod version;

pub use cni::{Embedded, Enforcement, FoundPlugin, FoundPlugins, NetworkPlugin};
pub use conformance::{
    ArchiveLimits, ConformanceFacts, ConformanceResults, ConformanceRun, E2eSelection, Exception,
    ReadArchiveError, ReadConformanceError, ReadConformanceFactsError, Reason,
};
pub use cve::{Affected, CRITICAL, CveRecord, CveRecords, CvssVersion, ReadCveError, Score, VersionRange};
pub use due::{Cause, Due, dues};
pub use end_of_life::{EndsOfLife, ReadEndsOfLifeError};
pub use facts::KubernetesFacts;
pub use objects::ReadObjectsError;
pub use releases::{BrokenRelease, ReadReleasesError, Release, Releases};
pub use rules::{k8s_rules, k8s_test_case, k8s_test_cases};
pub use subject::{
    ApiResources, Cluster, DaemonSet, Node, ReadApiResourcesError, ReadServerVersionError, Served,
    ServerVersion,
};
pub use version::{Branch, K8sVersion, ParseVersionError};

/// The code on the crate's front page is compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct FrontPage;
