//! The Kubernetes standards of the Sovereign Cloud Stack (scs-0200 to scs-0219) as rules over the answers of a cluster's API
//! and over facts that no API shows, with the facts about Kubernetes that they need as types.
//!
//! | topic | types |
//! | --- | --- |
//! | versions and branches | [`K8sVersion`], [`Branch`] |
//! | releases with their dates | [`Releases`] |
//! | end-of-life dates | [`EndsOfLife`] |
//! | all these facts, with their date | [`KubernetesFacts`] |
//! | deadlines for replacing a version | [`dues`], [`Standing`] |
//! | versions that a provider has to offer, with deadlines | [`forecast()`] |
//! | versions affected by a CVE, and their fixes | [`CveRecord`] |
//! | the facts about a cluster | [`Cluster`] |
//! | flags of components | [`Flags`], [`ControlPlane`] |
//! | the tool that manages a node or control plane | [`Owner`] |
//! | manifests that enforce the standards | [`enforcement`] |
//! | results of the end-to-end tests | [`ConformanceResults`] |
//! | allowed failures, and the number of tests | [`ConformanceFacts`] |
//! | network plug-ins | [`FoundPlugins`], [`NetworkPlugin`] |
//! | resources that the API server serves | [`ApiResources`] |
//! | where a provisioner stores volumes | [`Provisioner`] |
//! | features of a registry | [`RegistryFeature`] |
//! | zones of nodes, and commands for missing labels | [`TopologyLabel`], [`label_commands`] |
//! | a script that collects an inventory | [`COLLECT_SCRIPT`] |
//!
//! This crate does not access files, the network or the clock.

mod cni;
mod collect_script;
mod conformance;
mod cve;
mod due;
mod end_of_life;
mod enforce;
mod evidence;
mod facts;
mod flags;
mod forecast;
mod objects;
mod official;
mod owner;
mod period;
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
pub use evidence::{reads_annotation, reads_flag, reads_parameter, reads_variable, reduced_command};
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
    EtcdBackup, EventLimit, KubeletConfig, Node, OfferedVersion, ParsePodSecurityLevelError, PluginConfig,
    PodSecurityDefaults, PodSecurityLevel, PodSecurityMode, PodSecurityProbe, PortState,
    ReadApiResourcesError, ReadKubeletConfigsError, ReadPortScanError, ReadServerVersionError, ScannedPort,
    Served, ServerVersion, Vantage, Workload, read_port_scan,
};
pub use topology::{ShownPlace, TopologyLabel, label_commands};
pub use version::{Branch, K8sVersion, ParseVersionError};

/// Tests the code in the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct FrontPage;
