//! What makes the volumes of storage classes: where it keeps them, and what they survive (scs-0211).

mod table;

use std::collections::BTreeMap;

pub use table::PROVISIONERS;

/// Where volumes are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Backing {
    /// In storage that nodes reach over a network; a volume outlives the node.
    Network,
    /// On disks of nodes, copied between them; with one copy, it goes with its node.
    Nodes,
    /// On a disk or in a directory of one node.
    Node,
    /// As long as the pod.
    Ephemeral,
}

impl Backing {
    /// The word of declarations.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Nodes => "nodes",
            Self::Node => "node",
            Self::Ephemeral => "ephemeral",
        }
    }

    /// The value of a word.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        let mut all = [Self::Network, Self::Nodes, Self::Node, Self::Ephemeral].into_iter();
        all.find(|backing| backing.name() == name)
    }
}

/// Where the copies of the data are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redundancy {
    /// The service keeps several, whatever the class says.
    Kept,
    /// A parameter of the class says how many hosts have one.
    Parameter {
        /// The names of the parameter.
        names: &'static [&'static str],
        /// How many there are where the class does not say.
        unset: Option<u32>,
    },
    /// The storage behind it decides, which the cluster does not show.
    Behind,
    /// There is one copy.
    None,
}

/// A provisioner that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Provisioner {
    /// Its name; one that begins with a dot stands for all names that end so, as operators put their namespace before it.
    pub name: &'static str,
    /// Where it keeps volumes.
    pub backing: Backing,
    /// Whether a volume can be mounted by one node for reading and writing.
    pub read_write_once: bool,
    /// Whether a volume can be mounted so by several nodes; of those that can do both, whatever their mode of volumes.
    pub read_write_many: bool,
    /// Where the copies are.
    pub redundancy: Redundancy,
}

impl Provisioner {
    /// The provisioner of a name, as the `provisioner` of a storage class has it.
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
        PROVISIONERS.iter().find(|known| known.is_called(name))
    }

    fn is_called(&self, name: &str) -> bool {
        if self.name.starts_with('.') {
            name.len() > self.name.len() && name.ends_with(self.name)
        } else {
            name == self.name
        }
    }

    /// How many hosts have the data of a class with these parameters: `None` where nobody can say.
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
        /// Those that a service keeps by itself are not counted; there are at least two.
        const SEVERAL: u32 = 2;
        match self.redundancy {
            Redundancy::Kept => Some(SEVERAL),
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
    fn names_are_there_once() {
        let names: BTreeSet<&str> = PROVISIONERS.iter().map(|known| known.name).collect();
        assert_eq!(names.len(), PROVISIONERS.len());
    }

    #[test]
    fn endings_need_something_before_them() {
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
    fn numbers_of_replicas() {
        let copies = |provisioner: &str, parameters: &[(&str, &str)]| {
            let parameters = parameters.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
            Provisioner::of(provisioner).unwrap().copies(&parameters)
        };
        assert_eq!(copies("pxd.portworx.com", &[]), Some(1));
        assert_eq!(copies("pxd.portworx.com", &[("repl", "2")]), Some(2));
        assert_eq!(copies("linstor.csi.linbit.com", &[("linstor.csi.linbit.com/autoPlace", "3")]), Some(3));
        // What is no number says nothing, and never what is there without it.
        assert_eq!(copies("driver.longhorn.io", &[("numberOfReplicas", "many")]), None);
        assert_eq!(copies("cstor.csi.openebs.io", &[]), None);
        assert_eq!(copies("cinder.csi.openstack.org", &[]), None);
        assert_eq!(copies("rancher.io/local-path", &[]), Some(1));
    }
}
