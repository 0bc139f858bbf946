//! The parts that can be detected by their content, one row each.

use std::fmt;

use crate::kind::Kind;

/// A part of an inventory that can be given separately.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum PartKind {
    /// Nova's flavors.
    Flavors,
    /// Glance's images.
    Images,
    /// Cinder's volume types.
    VolumeTypes,
    /// The encryption of volume types.
    VolumeTypeEncryption,
    /// The catalog of a token.
    Catalog,
    /// The roles of a token.
    TokenRoles,
    /// All roles.
    Roles,
    /// Neutron's templates of security group rules.
    DefaultSecurityGroupRules,
    /// Neutron's networks.
    Networks,
    /// Neutron's subnets.
    Subnets,
    /// Neutron's subnet pools.
    SubnetPools,
    /// Neutron's extensions.
    Extensions,
    /// Quotas of a project.
    Quotas,
    /// Nova's availability zones.
    AvailabilityZones,
    /// The console of a virtual machine.
    ConsoleOutput,
    /// The results of sslyze.
    TlsScan,
    /// Advisories and the actions taken.
    PatchLog,
    /// The version of an API server.
    Version,
    /// The resources of an API server.
    ApiResources,
    /// Nodes.
    Nodes,
    /// Storage classes.
    StorageClasses,
    /// Persistent volumes.
    PersistentVolumes,
    /// Namespaces.
    Namespaces,
    /// Pods.
    Pods,
    /// Daemon sets.
    DaemonSets,
    /// Services of a cluster.
    ClusterServices,
    /// Ingress classes.
    IngressClasses,
    /// Network policies.
    NetworkPolicies,
    /// The configuration of a kubelet.
    KubeletConfigs,
    /// The configuration of admission plug-ins.
    AdmissionConfig,
}

/// The metadata of a part.
struct Row {
    part: PartKind,
    kind: Kind,
    key: &'static str,
    noun: &'static str,
    /// The API's key for a list, and for a single object.
    wrapped: &'static [&'static str],
    /// For clusters: the kind of an object.
    object: &'static str,
    command: &'static str,
}

const fn cloud(
    part: PartKind,
    key: &'static str,
    noun: &'static str,
    wrapped: &'static [&'static str],
    command: &'static str,
) -> Row {
    Row { part, kind: Kind::Cloud, key, noun, wrapped, object: "", command }
}

const fn cluster(
    part: PartKind,
    key: &'static str,
    noun: &'static str,
    object: &'static str,
    command: &'static str,
) -> Row {
    Row { part, kind: Kind::Cluster, key, noun, wrapped: &[], object, command }
}

const ROWS: &[Row] = &[
    cloud(
        PartKind::Flavors,
        "flavors",
        "flavors",
        &["flavors", "flavor"],
        "openstack flavor list --long -f json",
    ),
    cloud(
        PartKind::Images,
        "images",
        "images",
        &["images"],
        "openstack image list -f value -c ID | while read -r id; do openstack image show -f json \"$id\"; done",
    ),
    cloud(
        PartKind::VolumeTypes,
        "volume_types",
        "volume types",
        &["volume_types", "volume_type"],
        "openstack volume type list --long -f json",
    ),
    cloud(
        PartKind::VolumeTypeEncryption,
        "volume_type_encryption",
        "encryptions of volume types",
        &["encryption"],
        "openstack volume type list --encryption-type -f json",
    ),
    cloud(PartKind::Catalog, "services", "services", &["catalog"], "openstack catalog list -f json"),
    cloud(
        PartKind::TokenRoles,
        "roles",
        "roles of a token",
        &[],
        "openstack role assignment list --names -f json --user USER --project PROJECT",
    ),
    cloud(PartKind::Roles, "role_list", "roles", &["roles"], "openstack role list -f json"),
    cloud(
        PartKind::DefaultSecurityGroupRules,
        "default_security_group_rules",
        "default security group rules",
        &["default_security_group_rules"],
        "openstack default security group rule list -f json",
    ),
    cloud(
        PartKind::Networks,
        "networks",
        "networks",
        &["networks", "network"],
        "openstack network list --long -f json",
    ),
    cloud(
        PartKind::Subnets,
        "subnets",
        "subnets",
        &["subnets", "subnet"],
        "openstack subnet list --long -f json",
    ),
    cloud(
        PartKind::SubnetPools,
        "subnet_pools",
        "subnet pools",
        &["subnetpools", "subnetpool"],
        "openstack subnet pool list --long -f json",
    ),
    cloud(
        PartKind::Extensions,
        "extensions",
        "extensions",
        &["extensions"],
        "openstack extension list --network -f json",
    ),
    cloud(PartKind::Quotas, "quotas", "quotas", &["quota"], "openstack quota show -f json"),
    cloud(
        PartKind::AvailabilityZones,
        "availability_zones",
        "availability zones",
        &["availabilityZoneInfo"],
        "openstack availability zone list --compute -f json",
    ),
    cloud(PartKind::ConsoleOutput, "console_output", "console output", &[], "openstack console log show VM"),
    cloud(
        PartKind::TlsScan,
        "tls_scan",
        "TLS scans",
        &["server_scan_results"],
        "sslyze --json_out=FILE HOST:PORT",
    ),
    cloud(PartKind::PatchLog, "patch_log", "advisories", &["patch_log"], ""),
    cluster(PartKind::Version, "version", "the version", "", "kubectl get --raw /version"),
    cluster(PartKind::ApiResources, "api_resources", "API resources", "", "kubectl get --raw /apis"),
    cluster(PartKind::Nodes, "nodes", "nodes", "Node", "kubectl get nodes -o json"),
    cluster(
        PartKind::StorageClasses,
        "storage_classes",
        "storage classes",
        "StorageClass",
        "kubectl get storageclasses -o json",
    ),
    cluster(
        PartKind::PersistentVolumes,
        "persistent_volumes",
        "persistent volumes",
        "PersistentVolume",
        "kubectl get persistentvolumes -o json",
    ),
    cluster(PartKind::Namespaces, "namespaces", "namespaces", "Namespace", "kubectl get namespaces -o json"),
    cluster(PartKind::Pods, "pods", "pods", "Pod", "kubectl get pods -A -o json"),
    cluster(
        PartKind::DaemonSets,
        "daemon_sets",
        "daemon sets",
        "DaemonSet",
        "kubectl get daemonsets -A -o json",
    ),
    cluster(PartKind::ClusterServices, "services", "services", "Service", "kubectl get services -A -o json"),
    cluster(
        PartKind::IngressClasses,
        "ingress_classes",
        "ingress classes",
        "IngressClass",
        "kubectl get ingressclasses -o json",
    ),
    cluster(
        PartKind::NetworkPolicies,
        "network_policies",
        "network policies",
        "NetworkPolicy",
        "kubectl get networkpolicies -A -o json",
    ),
    cluster(
        PartKind::KubeletConfigs,
        "kubelet_configs",
        "kubelet configurations",
        "KubeletConfiguration",
        "kubectl get --raw /api/v1/nodes/NODE/proxy/configz",
    ),
    cluster(
        PartKind::AdmissionConfig,
        "admission_config",
        "admission configurations",
        "AdmissionConfiguration",
        "",
    ),
];

impl PartKind {
    /// All of them, in the order of the table.
    pub fn all() -> impl Iterator<Item = Self> {
        ROWS.iter().map(|row| row.part)
    }

    fn row(self) -> &'static Row {
        // Every part has its row, which a test makes sure of.
        ROWS.iter().find(|row| row.part == self).unwrap_or(&ROWS[0])
    }

    /// The kind of the inventory that it is a part of.
    #[must_use]
    pub fn kind(self) -> Kind {
        self.row().kind
    }

    /// Its key in an inventory.
    #[must_use]
    pub fn key(self) -> &'static str {
        self.row().key
    }

    /// The content in words.
    #[must_use]
    pub fn noun(self) -> &'static str {
        self.row().noun
    }

    /// The keys under which the API puts the list or a single object.
    pub(super) fn wrapped(self) -> &'static [&'static str] {
        self.row().wrapped
    }

    /// The key under which its reader finds a list.
    pub(crate) fn list_key(self) -> &'static str {
        self.wrapped().first().copied().unwrap_or("items")
    }

    /// The command that prints it in a form that is read; `None` where no client does.
    #[must_use]
    pub fn command(self) -> Option<&'static str> {
        Some(self.row().command).filter(|command| !command.is_empty())
    }

    /// The list that a file is named after, such as `volume-types.json` or `networkpolicies.yaml`.
    ///
    /// ```
    /// use scs_registry::part::PartKind;
    ///
    /// assert_eq!(PartKind::of_file_name("export/volume-types.json"), Some(PartKind::VolumeTypes));
    /// assert_eq!(PartKind::of_file_name("empty.json"), None);
    /// ```
    #[must_use]
    pub fn of_file_name(path: &str) -> Option<Self> {
        let folded = |text: &str| -> String {
            text.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>().to_lowercase()
        };
        let stem = folded(std::path::Path::new(path).file_stem()?.to_str()?);
        // `services` are a catalog, or services of a cluster.
        let lists = Self::all().filter(|part| part.is_list() && *part != Self::Catalog);
        lists.into_iter().find(|part| folded(part.key()) == stem)
    }

    /// The part of a key of an inventory.
    #[must_use]
    pub fn of_key(kind: Kind, key: &str) -> Option<Self> {
        ROWS.iter().find(|row| row.kind == kind && row.key == key).map(|row| row.part)
    }

    /// The part for objects of a kind.
    pub(super) fn of_object(kind: &str) -> Option<Self> {
        let kind = kind.strip_suffix("List").unwrap_or(kind);
        ROWS.iter().find(|row| !row.object.is_empty() && row.object == kind).map(|row| row.part)
    }

    /// The part for a list under an API's key.
    pub(super) fn of_wrapper(key: &str) -> Option<Self> {
        ROWS.iter().find(|row| row.wrapped.contains(&key)).map(|row| row.part)
    }

    /// Whether the content of the other part may look like this one: names of roles, lists without specific columns.
    pub(crate) fn may_look_like(self, other: Self) -> bool {
        let alike = [
            [Self::TokenRoles, Self::Roles].as_slice(),
            &[Self::Version, Self::ApiResources, Self::KubeletConfigs, Self::AdmissionConfig],
        ];
        alike.iter().any(|group| group.contains(&self) && group.contains(&other))
    }

    /// Whether the part is a list, so that several documents can be merged.
    pub(crate) fn is_list(self) -> bool {
        !matches!(
            self,
            Self::Quotas
                | Self::AvailabilityZones
                | Self::ConsoleOutput
                | Self::TlsScan
                | Self::Version
                | Self::KubeletConfigs
                | Self::AdmissionConfig
        )
    }
}

impl fmt::Display for PartKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.noun())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_a_key_of_its_inventory() {
        for part in PartKind::all() {
            assert!(part.kind().parts().contains(&part.key()), "{part:?}");
            assert_eq!(part.row().part, part);
            assert_eq!(PartKind::of_key(part.kind(), part.key()), Some(part));
        }
        assert_eq!(ROWS.len(), PartKind::AdmissionConfig as usize + 1);
    }
}
