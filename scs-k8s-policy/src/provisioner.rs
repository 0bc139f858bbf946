//! What makes the volumes of storage classes: where it keeps them, and what they survive (scs-0211).

use std::collections::BTreeMap;

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

/// A block device of a network.
const fn block(name: &'static str, redundancy: Redundancy) -> Provisioner {
    let backing = Backing::Network;
    Provisioner { name, backing, read_write_once: true, read_write_many: false, redundancy }
}

/// A file system of a network, which several nodes can mount.
const fn shared(name: &'static str, redundancy: Redundancy) -> Provisioner {
    Provisioner { read_write_many: true, ..block(name, redundancy) }
}

/// Disks of nodes, with copies on several.
const fn copied(name: &'static str, names: &'static [&'static str], unset: Option<u32>) -> Provisioner {
    Provisioner { backing: Backing::Nodes, ..block(name, Redundancy::Parameter { names, unset }) }
}

/// The same, with volumes that several nodes can mount.
const fn copied_and_shared(name: &'static str, names: &'static [&'static str], unset: u32) -> Provisioner {
    Provisioner { read_write_many: true, ..copied(name, names, Some(unset)) }
}

/// A disk or a directory of a node.
const fn local(name: &'static str) -> Provisioner {
    Provisioner { backing: Backing::Node, ..block(name, Redundancy::None) }
}

/// Objects as files, which one node alone does not get.
const fn objects(name: &'static str, redundancy: Redundancy) -> Provisioner {
    Provisioner { read_write_once: false, ..shared(name, redundancy) }
}

/// Volumes that go with their pod.
const fn ephemeral(name: &'static str) -> Provisioner {
    Provisioner { backing: Backing::Ephemeral, ..block(name, Redundancy::None) }
}

use Redundancy::{Behind, Kept};

/// The provisioners that are known, with those that were part of Kubernetes before CSI.
pub static PROVISIONERS: &[Provisioner] = &[
    // OpenStack.
    block("cinder.csi.openstack.org", Behind),
    block("kubernetes.io/cinder", Behind),
    shared("nfs.manila.csi.openstack.org", Behind),
    shared("cephfs.manila.csi.openstack.org", Behind),
    // Ceph; Rook puts its namespace before the names.
    block("rbd.csi.ceph.com", Behind),
    block(".rbd.csi.ceph.com", Behind),
    block("kubernetes.io/rbd", Behind),
    shared("cephfs.csi.ceph.com", Behind),
    shared(".cephfs.csi.ceph.com", Behind),
    shared("nfs.csi.ceph.com", Behind),
    shared(".nfs.csi.ceph.com", Behind),
    shared("kubernetes.io/cephfs", Behind),
    // Storage that runs in the cluster and copies between nodes.
    copied_and_shared("driver.longhorn.io", &["numberOfReplicas"], 3),
    copied_and_shared("pxd.portworx.com", &["repl"], 1),
    copied_and_shared("kubernetes.io/portworx-volume", &["repl"], 1),
    copied("linstor.csi.linbit.com", &LINSTOR, Some(1)),
    copied("io.openebs.csi-mayastor", &["repl"], Some(1)),
    copied("cstor.csi.openebs.io", &["replicaCount"], None),
    block("jiva.csi.openebs.io", Behind),
    block("openebs.io/provisioner-iscsi", Behind),
    block("csi.storageos.com", Behind),
    shared("org.gluster.glusterfs", Behind),
    shared("kubernetes.io/glusterfs", Behind),
    // Clouds.
    block("ebs.csi.aws.com", Kept),
    block("ebs.csi.eks.amazonaws.com", Kept),
    block("kubernetes.io/aws-ebs", Kept),
    shared("efs.csi.aws.com", Behind),
    objects("s3.csi.aws.com", Kept),
    block("pd.csi.storage.gke.io", Kept),
    block("kubernetes.io/gce-pd", Kept),
    shared("filestore.csi.storage.gke.io", Behind),
    block("disk.csi.azure.com", Kept),
    block("kubernetes.io/azure-disk", Kept),
    shared("file.csi.azure.com", Kept),
    shared("kubernetes.io/azure-file", Kept),
    block("csi.hetzner.cloud", Behind),
    block("dobs.csi.digitalocean.com", Behind),
    block("linodebs.csi.linode.com", Behind),
    block("block.csi.vultr.com", Behind),
    block("csi.scaleway.com", Behind),
    block("csi.cloudscale.ch", Behind),
    block("blockvolume.csi.oraclecloud.com", Behind),
    block("diskplugin.csi.alibabacloud.com", Behind),
    // Virtual machines and arrays.
    block("csi.vsphere.vmware.com", Behind),
    block("kubernetes.io/vsphere-volume", Behind),
    block("named-disk.csi.cloud-director.vmware.com", Behind),
    block("csi.ovirt.org", Behind),
    shared("csi.kubevirt.io", Behind),
    shared("driver.harvesterhci.io", Behind),
    shared("csi.trident.netapp.io", Behind),
    block("csi-powerstore.dellemc.com", Behind),
    block("csi-vxflexos.dellemc.com", Behind),
    shared("csi-isilon.dellemc.com", Behind),
    block("block.csi.ibm.com", Behind),
    shared("spectrumscale.csi.ibm.com", Behind),
    block("csi.hpe.com", Behind),
    block("pure-csi", Behind),
    shared("csi.weka.io", Behind),
    shared("csi.quobyte.com", Behind),
    shared("csi.juicefs.com", Behind),
    // Servers of files.
    shared("nfs.csi.k8s.io", Behind),
    shared("k8s-sigs.io/nfs-subdir-external-provisioner", Behind),
    shared("cluster.local/nfs-subdir-external-provisioner", Behind),
    shared("fuseim.pri/ifs", Behind),
    shared("smb.csi.k8s.io", Behind),
    // Disks and directories of nodes.
    local("kubernetes.io/no-provisioner"),
    local("kubernetes.io/host-path"),
    local("rancher.io/local-path"),
    local("hostpath.csi.k8s.io"),
    local("docker.io/hostpath"),
    local("k8s.io/minikube-hostpath"),
    local("microk8s.io/hostpath"),
    local("kubevirt.io.hostpath-provisioner"),
    local("openebs.io/local"),
    local("local.csi.openebs.io"),
    local("zfs.csi.openebs.io"),
    local("device.csi.openebs.io"),
    local("topolvm.io"),
    local("topolvm.cybozu.com"),
    local("directpv-min-io"),
    local("direct-csi-min-io"),
    local("lvm.csi.metal-stack.io"),
    local("localdisk.csi.acstor.io"),
    // What lives as long as a pod.
    ephemeral("image.csi.k8s.io"),
    ephemeral("secrets-store.csi.k8s.io"),
];

/// How LINSTOR's parameter is called.
const LINSTOR: [&str; 4] = [
    "autoPlace",
    "placementCount",
    "linstor.csi.linbit.com/autoPlace",
    "linstor.csi.linbit.com/placementCount",
];

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
            Kept => Some(SEVERAL),
            Redundancy::None => Some(1),
            Behind => None,
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
