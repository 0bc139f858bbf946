//! The tools that manage nodes and control planes, and their precedence.

/// The objects in a management cluster from which Cluster API creates a node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ClusterApi {
    /// The name of the `Cluster`.
    pub cluster: Option<String>,
    /// The namespace in the management cluster.
    pub namespace: Option<String>,
    /// The kind of the object that owns the node's machine, such as `KubeadmControlPlane` or `MachineSet`.
    pub kind: Option<String>,
    /// The name of that object.
    pub name: Option<String>,
}

impl ClusterApi {
    /// Whether kubeadm configures the control-plane machines, as far as the node shows.
    #[must_use]
    pub fn is_kubeadm(&self) -> bool {
        self.kind.as_deref() == Some("KubeadmControlPlane")
    }
}

/// The owner of a node or control plane.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Owner {
    /// kubeadm: files in `/etc/kubernetes`, which `kubeadm upgrade` generates from the config maps `kubeadm-config` and
    /// `kubelet-config`.
    Kubeadm,
    /// k3s: `/etc/rancher/k3s/config.yaml` and `config.yaml.d`.
    K3s,
    /// RKE2: `/etc/rancher/rke2/config.yaml` and `config.yaml.d`.
    Rke2,
    /// Talos: the machine configuration.
    Talos,
    /// Gardener: the `Shoot`.
    Gardener,
    /// Cluster API: objects in a management cluster.
    ClusterApi(ClusterApi),
    /// A managed offering, such as `AKS`.
    Managed(&'static str),
    /// A distribution with its own tools, such as `OpenShift`.
    Distribution(&'static str),
    /// Unknown.
    #[default]
    Unknown,
}

impl Owner {
    /// The name used in a sentence.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Kubeadm => "kubeadm",
            Self::K3s => "k3s",
            Self::Rke2 => "RKE2",
            Self::Talos => "Talos",
            Self::Gardener => "Gardener",
            Self::ClusterApi(_) => "Cluster API",
            Self::Managed(name) | Self::Distribution(name) => name,
            Self::Unknown => "an unknown tool",
        }
    }

    /// The rank: tools that manage other tools take precedence over them.
    const fn rank(&self) -> u8 {
        match self {
            Self::Managed(_) => 0,
            Self::Gardener => 1,
            Self::ClusterApi(_) => 2,
            Self::Distribution(_) | Self::K3s | Self::Rke2 | Self::Talos => 3,
            Self::Kubeadm => 4,
            Self::Unknown => 5,
        }
    }
}

/// The owner that the indications agree on. Tools that manage other tools outweigh them; two of equal rank make it unknown.
pub(super) fn agreed(shown: Vec<Owner>) -> Owner {
    let Some(best) = shown.iter().map(Owner::rank).min() else { return Owner::Unknown };
    let mut of_best = shown.into_iter().filter(|owner| owner.rank() == best);
    let Some(first) = of_best.next() else { return Owner::Unknown };
    of_best.try_fold(first, together).unwrap_or(Owner::Unknown)
}

/// Merges two owners of equal rank. Fields in which machines of a Cluster API cluster differ become unknown.
fn together(one: Owner, other: Owner) -> Option<Owner> {
    let same = |one: Option<String>, other: Option<String>| if one == other { one } else { None };
    match (one, other) {
        (Owner::ClusterApi(one), Owner::ClusterApi(other)) => Some(Owner::ClusterApi(ClusterApi {
            cluster: same(one.cluster, other.cluster),
            namespace: same(one.namespace, other.namespace),
            kind: same(one.kind, other.kind),
            name: same(one.name, other.name),
        })),
        (one, other) => (one == other).then_some(one),
    }
}
