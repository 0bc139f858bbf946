//! The variables and annotations that the rules read, for collectors: everything else of their kind may be a secret.

use crate::cni::CILIUM_SWITCHES;
use crate::flags::NODE_ARGUMENTS;
use crate::owner::is_sign;
use crate::subject::{APPARMOR, MIRROR};

/// Words in the names of etcd's variables that have secrets.
const SECRET: [&str; 3] = ["PASSWORD", "TOKEN", "SECRET"];

/// Whether rules read the value of a container's variable. Those of etcd are its flags.
///
/// ```
/// use scs_k8s_policy::reads_variable;
///
/// assert!(reads_variable("ETCD_CLIENT_CERT_AUTH") && reads_variable("CILIUM_ENABLE_POLICY"));
/// assert!(!reads_variable("DATABASE_PASSWORD") && !reads_variable("ETCD_ROOT_PASSWORD"));
/// ```
#[must_use]
pub fn reads_variable(name: &str) -> bool {
    let of_etcd = name.starts_with("ETCD_") && !SECRET.iter().any(|word| name.contains(word));
    of_etcd || CILIUM_SWITCHES.iter().any(|(variable, _)| *variable == name)
}

/// Whether rules read an annotation of a node, a pod or a pod template.
///
/// ```
/// use scs_k8s_policy::reads_annotation;
///
/// assert!(reads_annotation("k3s.io/node-args") && reads_annotation("cluster.x-k8s.io/cluster-name"));
/// assert!(!reads_annotation("kubectl.kubernetes.io/last-applied-configuration"));
/// ```
#[must_use]
pub fn reads_annotation(key: &str) -> bool {
    key == MIRROR || key.starts_with(APPARMOR) || key.ends_with(NODE_ARGUMENTS) || is_sign(key)
}
