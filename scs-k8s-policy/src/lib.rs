//! Kubernetes policies of the Sovereign Cloud Stack: scs-0200 to scs-0219 as rules over what a cluster's API returns, and over what
//! no API shows; and the facts about Kubernetes that they rest on, as types.
//!
//! | question | where |
//! | --- | --- |
//! | what does a version say? | [`K8sVersion`], [`Branch`] |
//! | what was released when? | [`Releases`] |
//! | until when is a branch maintained? | [`EndsOfLife`] |
//! | what of this is known, and until when? | [`KubernetesFacts`] |
//! | by when has a version to be replaced? | [`dues`], [`Standing`] |
//! | what has a provider to offer, and until when? | [`forecast()`] |
//! | which versions does a CVE affect, and what mends it? | [`CveRecord`] |
//! | what is known of a cluster? | [`Cluster`] |
//! | with which flags does a component run? | [`Flags`], [`ControlPlane`] |
//! | who owns the state of a node or of the control plane? | [`Owner`] |
//! | what makes a cluster enforce the standards? | [`enforcement`] |
//! | what came of the end-to-end tests? | [`ConformanceResults`] |
//! | which of them may fail, and how many are there? | [`ConformanceFacts`] |
//! | which network plug-in is it? | [`FoundPlugins`], [`NetworkPlugin`] |
//! | what does the API server serve? | [`ApiResources`] |
//! | where does a provisioner keep volumes? | [`Provisioner`] |
//! | what can a registry do? | [`RegistryFeature`] |
//! | in which zone is a node, and which labels does it lack? | [`TopologyLabel`], [`label_commands`] |
//! | how does an inventory of a cluster come about? | [`COLLECT_SCRIPT`] |
//!
//! Nothing here reads a file, a network or a clock.

mod cni;
mod collect_script;
mod conformance;
mod cve;
mod due;
mod end_of_life;
mod enforce;
mod facts;
mod flags;
mod forecast;
mod objects;
mod official;
mod owner;
mod provisioner;
mod registry_feature;
mod releases;
mod rules;
mod standing;
mod subject;
mod topology;
mod version;

pub use cni::{Embedded, Enforcement, FoundPlugin, FoundPlugins, NetworkPlugin};
pub use collect_script::COLLECT_SCRIPT;
pub use conformance::{
    ArchiveLimits, ConformanceFacts, ConformanceResults, ConformanceRun, E2eSelection, Exception,
    ReadArchiveError, ReadConformanceError, ReadConformanceFactsError, Reason,
};
pub use cve::{Affected, CRITICAL, CveRecord, CveRecords, CvssVersion, ReadCveError, Score, VersionRange};
pub use due::{Cause, Due, dues};
pub use end_of_life::{EndsOfLife, ReadEndsOfLifeError};
pub use enforce::{HeldBack, Manifest, NamespaceEnforcement, WriteManifestError, enforcement};
pub use facts::KubernetesFacts;
pub use flags::{Flags, ReadFlagsError};
pub use forecast::{BranchForecast, Step, forecast};
pub use objects::ReadObjectsError;
pub use owner::{ClusterApi, Owner};
pub use provisioner::{Backing, PROVISIONERS, Provisioner, Redundancy};
pub use registry_feature::{RegistryFeature, Want};
pub use releases::{BrokenRelease, ReadReleasesError, Release, Releases};
pub use rules::hardening::pod_security::system_namespaces;
pub use rules::{check_cluster, k8s_rules, k8s_test_case, k8s_test_cases};
pub use scs_standards;
pub use standing::{Gap, Maintenance, Standing};
pub use subject::{
    AdmissionConfig, ApiResources, Certificate, Cluster, Component, ComponentKind, ControlPlane, DaemonSet,
    EtcdBackup, EventLimit, KubeletConfig, Node, OfferedVersion, PluginConfig, PodSecurityDefaults,
    PodSecurityLevel, PodSecurityMode, PortState, ReadApiResourcesError, ReadKubeletConfigsError,
    ReadPortScanError, ReadServerVersionError, ScannedPort, Served, ServerVersion, Vantage, Workload,
    read_port_scan,
};
pub use topology::{ShownPlace, TopologyLabel, label_commands};
pub use version::{Branch, K8sVersion, ParseVersionError};

/// The code on the crate's front page is compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct FrontPage;
