//! Provisioners of storage classes: where they store volumes, and which failures these survive (scs-0211).

mod table;

use std::collections::BTreeMap;

pub use table::PROVISIONERS;

/// Where volumes are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Backing {
    /// Network storage; a volume outlives the node.
    Network,
    /// Node disks, replicated between nodes; a single copy is lost with its node.
    Nodes,
    /// A disk or directory of one node.
    Node,
    /// Only as long as the pod.
    Ephemeral,
}

impl Backing {
    /// The name used in declarations.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Nodes => "nodes",
            Self::Node => "node",
            Self::Ephemeral => "ephemeral",
        }
    }

    /// Finds a value by name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        let mut all = [Self::Network, Self::Nodes, Self::Node, Self::Ephemeral].into_iter();
        all.find(|backing| backing.name() == name)
    }
}

/// The copies of the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redundancy {
    /// The service keeps several, independent of the class.
    Kept,
    /// A parameter of the class sets the number of hosts with a copy.
    Parameter {
        /// The names of the parameter.
        names: &'static [&'static str],
        /// The default number.
        unset: Option<u32>,
    },
    /// The storage backend decides, which the cluster does not show.
    Behind,
    /// A single copy.
    None,
}

/// A known provisioner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Provisioner {
    /// The name; a leading dot matches all names with this suffix, since operators add their namespace as a prefix.
    pub name: &'static str,
    /// Where it stores volumes.
    pub backing: Backing,
    /// Whether it supports `ReadWriteOnce`.
    pub read_write_once: bool,
    /// Whether it supports `ReadWriteMany`, in any volume mode.
    pub read_write_many: bool,
    /// The copies of the data.
    pub redundancy: Redundancy,
}

/// Whether the copies of a provisioner's volumes depend on a parameter.
pub(crate) fn is_parameter(name: &str) -> bool {
    PROVISIONERS.iter().any(|known| match known.redundancy {
        Redundancy::Parameter { names, .. } => names.contains(&name),
        _ => false,
    })
}

impl Provisioner {
    /// Finds a provisioner by name, as in `provisioner` of a storage class.
    ///
    /// ```
    /// use scs_k8s_policy::{Backing, Provisioner};
    ///
    /// let backing = |name| Provisioner::of(name).map(|known| known.backing);
    /// assert_eq!(backing("rook-ceph.rbd.csi.ceph.com"), Some(Backing::Network));
    /// assert_eq!(backing("rancher.io/local-path"), Some(Backing::Node));
    /// assert_eq!(backing("storage.example.org"), None);
    /// ```
    #[must_use]
    pub fn of(name: &str) -> Option<&'static Self> {
        PROVISIONERS.iter().find(|known| known.has_name(name))
    }

    fn has_name(&self, name: &str) -> bool {
        if self.name.starts_with('.') {
            name.len() > self.name.len() && name.ends_with(self.name)
        } else {
            name == self.name
        }
    }

    /// The number of hosts with the data of a class with these parameters; `None` if unknown.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use scs_k8s_policy::Provisioner;
    ///
    /// let longhorn = Provisioner::of("driver.longhorn.io").unwrap();
    /// let single = BTreeMap::from([("numberOfReplicas".to_owned(), "1".to_owned())]);
    /// assert_eq!(longhorn.copies(&single), Some(1));
    /// assert_eq!(longhorn.copies(&BTreeMap::new()), Some(3));
    /// ```
    #[must_use]
    pub fn copies(&self, parameters: &BTreeMap<String, String>) -> Option<u32> {
        /// The number of copies that a service keeps by itself is unknown, but at least two.
        const SHARED_NETWORK: u32 = 2;
        match self.redundancy {
            Redundancy::Kept => Some(SHARED_NETWORK),
            Redundancy::None => Some(1),
            Redundancy::Behind => None,
            Redundancy::Parameter { names, unset } => {
                let mut set = names.iter().filter_map(|name| parameters.get(*name)).peekable();
                match set.peek() {
                    Some(number) => number.trim().parse().ok(),
                    None => unset,
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_unique() {
        let names: BTreeSet<&str> = PROVISIONERS.iter().map(|known| known.name).collect();
        assert_eq!(names.len(), PROVISIONERS.len());
    }

    #[test]
    fn suffixes_need_a_prefix() {
        for (name, known) in [
            ("rbd.csi.ceph.com", true),
            ("rook-ceph.rbd.csi.ceph.com", true),
            ("openshift-storage.cephfs.csi.ceph.com", true),
            (".rbd.csi.ceph.com", false),
            ("xrbd.csi.ceph.com", false),
            ("rbd.csi.ceph.com.example.org", false),
            ("Cinder.csi.openstack.org", false),
            ("", false),
        ] {
            assert_eq!(Provisioner::of(name).is_some(), known, "{name}");
        }
    }

    #[test]
    fn numbers_of_replicas_are_parsed() {
        let copies = |provisioner: &str, parameters: &[(&str, &str)]| {
            let parameters = parameters.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
            Provisioner::of(provisioner).unwrap().copies(&parameters)
        };
        assert_eq!(copies("pxd.portworx.com", &[]), Some(1));
        assert_eq!(copies("pxd.portworx.com", &[("repl", "2")]), Some(2));
        assert_eq!(copies("linstor.csi.linbit.com", &[("linstor.csi.linbit.com/autoPlace", "3")]), Some(3));
        // A value that is not a number means unknown, not the default.
        assert_eq!(copies("driver.longhorn.io", &[("numberOfReplicas", "many")]), None);
        assert_eq!(copies("cstor.csi.openebs.io", &[]), None);
        assert_eq!(copies("cinder.csi.openstack.org", &[]), None);
        assert_eq!(copies("rancher.io/local-path", &[]), Some(1));
    }
}
