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
//! | where does a provisioner keep volumes? | [`Provisioner`] |
//! | what can a registry do? | [`RegistryFeature`] |
//! | in which zone is a node, and which labels does it lack? | [`TopologyLabel`], [`label_commands`] |
//! | how does an inventory of a cluster come about? | [`COLLECT_SCRIPT`] |
//!
//! Nothing here reads a file, a network or a clock.

mod collect_script;
mod cve;
mod due;
mod end_of_life;
mod facts;
mod objects;
mod provisioner;
mod registry_feature;
mod releases;
mod rules;
mod subject;
mod topology;
mod version;

pub use collect_script::COLLECT_SCRIPT;
pub use cve::{Affected, CRITICAL, CveRecord, CveRecords, CvssVersion, ReadCveError, Score, VersionRange};
pub use due::{Cause, Due, dues};
pub use end_of_life::{EndsOfLife, ReadEndsOfLifeError};
pub use facts::KubernetesFacts;
pub use objects::ReadObjectsError;
pub use provisioner::{Backing, PROVISIONERS, Provisioner, Redundancy};
pub use registry_feature::{RegistryFeature, Want};
pub use releases::{BrokenRelease, ReadReleasesError, Release, Releases};
pub use rules::{k8s_rules, k8s_test_case, k8s_test_cases};
pub use subject::{Cluster, Node, ReadServerVersionError, ServerVersion};
pub use topology::{ShownPlace, TopologyLabel, label_commands};
pub use version::{Branch, K8sVersion, ParseVersionError};

/// The code on the crate's front page is compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct FrontPage;
