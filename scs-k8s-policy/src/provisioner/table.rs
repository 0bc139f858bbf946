//! The table of known provisioners.

use super::Redundancy::{Behind, Kept};
use super::{Backing, Provisioner, Redundancy};

/// A network block device.
const fn block(name: &'static str, redundancy: Redundancy) -> Provisioner {
    let backing = Backing::Network;
    Provisioner { name, backing, read_write_once: true, read_write_many: false, redundancy }
}

/// A network file system, which several nodes can mount.
const fn shared(name: &'static str, redundancy: Redundancy) -> Provisioner {
    Provisioner { read_write_many: true, ..block(name, redundancy) }
}

/// Node disks, with copies on several nodes.
const fn copied(name: &'static str, names: &'static [&'static str], unset: Option<u32>) -> Provisioner {
    Provisioner { backing: Backing::Nodes, ..block(name, Redundancy::Parameter { names, unset }) }
}

/// Like `replicated`, with volumes that several nodes can mount.
const fn copied_and_shared(name: &'static str, names: &'static [&'static str], unset: u32) -> Provisioner {
    Provisioner { read_write_many: true, ..copied(name, names, Some(unset)) }
}

/// A disk or directory of a node.
const fn local(name: &'static str) -> Provisioner {
    Provisioner { backing: Backing::Node, ..block(name, Redundancy::None) }
}

/// Object storage as files, which does not support `ReadWriteOnce`.
const fn objects(name: &'static str, redundancy: Redundancy) -> Provisioner {
    Provisioner { read_write_once: false, ..shared(name, redundancy) }
}

/// Volumes that are deleted with their pod.
const fn ephemeral(name: &'static str) -> Provisioner {
    Provisioner { backing: Backing::Ephemeral, ..block(name, Redundancy::None) }
}

/// The known provisioners, including in-tree ones from before CSI.
pub static PROVISIONERS: &[Provisioner] = &[
    // OpenStack.
    block("cinder.csi.openstack.org", Behind),
    block("kubernetes.io/cinder", Behind),
    shared("nfs.manila.csi.openstack.org", Behind),
    shared("cephfs.manila.csi.openstack.org", Behind),
    // Ceph; Rook adds its namespace as a prefix.
    block("rbd.csi.ceph.com", Behind),
    block(".rbd.csi.ceph.com", Behind),
    block("kubernetes.io/rbd", Behind),
    shared("cephfs.csi.ceph.com", Behind),
    shared(".cephfs.csi.ceph.com", Behind),
    shared("nfs.csi.ceph.com", Behind),
    shared(".nfs.csi.ceph.com", Behind),
    shared("kubernetes.io/cephfs", Behind),
    // Storage in the cluster that replicates between nodes.
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
    block("block-storage.csi.stackit.cloud", Behind),
    block("cloud.ionos.com", Behind),
    block("csi.anx.io", Behind),
    block("csi.exoscale.com", Behind),
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
    // File servers.
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
    // Volumes that live as long as their pod.
    ephemeral("image.csi.k8s.io"),
    ephemeral("secrets-store.csi.k8s.io"),
];

/// The name of LINSTOR's parameter.
const LINSTOR: [&str; 4] = [
    "autoPlace",
    "placementCount",
    "linstor.csi.linbit.com/autoPlace",
    "linstor.csi.linbit.com/placementCount",
];
