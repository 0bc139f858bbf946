//! The kinds of inventories and their possible parts.

use std::fmt;

use scs_certificates::Scope;

/// The kind of an inventory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A cloud.
    Cloud,
    /// A Kubernetes cluster.
    Cluster,
}

impl Kind {
    /// The value of the key `kind`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cloud => "cloud",
            Self::Cluster => "cluster",
        }
    }

    /// The possible parts of an inventory of this kind.
    #[must_use]
    pub const fn parts(self) -> &'static [&'static str] {
        match self {
            Self::Cloud => CLOUD_PARTS,
            Self::Cluster => CLUSTER_PARTS,
        }
    }
}

impl Kind {
    /// The certificate scope for this kind of inventory.
    ///
    /// ```
    /// assert_eq!(scs_registry::Kind::Cloud.scope().name(), "SCS-compatible IaaS");
    /// ```
    #[must_use]
    pub fn scope(self) -> &'static Scope {
        match self {
            Self::Cloud => Scope::compatible_iaas(),
            Self::Cluster => Scope::compatible_kaas(),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

const CLOUD_PARTS: &[&str] = &[
    "flavors",
    "fio_results",
    "images",
    "earlier_images",
    "volume_types",
    "volume_type_encryption",
    "services",
    "roles",
    "role_list",
    "default_security_group_rules",
    "security_group_rules_of_new_group",
    "security_group_rules_of_default_group",
    "networks",
    "subnets",
    "subnet_pools",
    "extensions",
    "quotas",
    "availability_zones",
    "console_output",
    "host_facts",
    "tls_scan",
    "config_files",
    "patch_log",
    "tempest_results",
    "secrets",
    "backup",
    "s3",
];

const CLUSTER_PARTS: &[&str] = &[
    "version",
    "api_resources",
    "nodes",
    "storage_classes",
    "persistent_volumes",
    "namespaces",
    "pods",
    "daemon_sets",
    "services",
    "ingress_classes",
    "network_policies",
    "kubelet_configs",
    "kubelet_config_map",
    "admission_config",
    "port_scan",
    "certificates",
    "etcd_backups",
    "conformance_results",
    "offered_versions",
    "pod_security_probe",
    "pvc_probe",
    "network_policy_probe",
];
