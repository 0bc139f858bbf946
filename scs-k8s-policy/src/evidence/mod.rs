//! The variables, annotations, flags and parameters that the rules read, for collectors: everything else of their kind may be a
//! secret.

mod command;

use crate::cni::CILIUM_SWITCHES;
use crate::flags::{NODE_ARGUMENTS, starts_others};
use crate::owner::{is_own_path, is_sign};
use crate::provisioner::is_parameter;
use crate::subject::{APPARMOR, ComponentKind, MIRROR};

pub use command::reduced_command;

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

/// The flags of components and of network plug-ins whose values rules read.
const FLAGS: &[&str] = &[
    // The API server.
    "address",
    "admission-control-config-file",
    "authentication-config",
    "authentication-token-webhook-config-file",
    "authorization-config",
    "authorization-mode",
    "bind-address",
    "client-ca-file",
    "disable-admission-plugins",
    "enable-admission-plugins",
    "enable-bootstrap-token-auth",
    "enable-priority-and-fairness",
    "etcd-cafile",
    "etcd-certfile",
    "etcd-keyfile",
    "etcd-servers",
    "etcd-servers-overrides",
    "feature-gates",
    "insecure-bind-address",
    "insecure-port",
    "max-mutating-requests-inflight",
    "max-requests-inflight",
    "min-request-timeout",
    "oidc-issuer-url",
    "port",
    "requestheader-client-ca-file",
    "secure-port",
    "service-account-issuer",
    "service-account-key-file",
    "service-account-signing-endpoint",
    "service-node-port-range",
    "tls-private-key-file",
    "token-auth-file",
    // etcd.
    "auto-compaction-mode",
    "auto-compaction-retention",
    "auto-tls",
    "cert-file",
    "client-cert-auth",
    "config-file",
    "key-file",
    "listen-client-http-urls",
    "listen-client-urls",
    "listen-metrics-urls",
    "listen-peer-urls",
    "peer-auto-tls",
    "peer-cert-file",
    "peer-client-cert-auth",
    "peer-key-file",
    "peer-trusted-ca-file",
    "trusted-ca-file",
    // Network plug-ins.
    "enable-k8s-networkpolicy",
    "enable-network-policy",
    "enable-np",
    "enable-policy",
    "run-firewall",
];

/// Whether rules read the value of a flag, which is given without dashes.
///
/// ```
/// use scs_k8s_policy::reads_flag;
///
/// assert!(reads_flag("client-cert-auth") && reads_flag("client_cert_auth"));
/// assert!(!reads_flag("license"));
/// ```
#[must_use]
pub fn reads_flag(name: &str) -> bool {
    FLAGS.contains(&name.replace('_', "-").as_str())
}

/// Whether rules read a value of whatever flag: paths that show who owns the cluster.
fn reads_value(value: &str) -> bool {
    is_own_path(value) && value.bytes().all(|it| it.is_ascii_alphanumeric() || b"/._-".contains(&it))
}

/// Whether a word is a program that rules look for, by its name or its path.
fn reads_program(word: &str) -> bool {
    let name = word.rsplit('/').next().unwrap_or_default();
    starts_others(name) || ComponentKind::ALL.iter().any(|kind| kind.program() == name)
}

/// Whether rules read a parameter of a storage class.
///
/// ```
/// use scs_k8s_policy::reads_parameter;
///
/// assert!(reads_parameter("numberOfReplicas") && !reads_parameter("adminSecret"));
/// ```
#[must_use]
pub fn reads_parameter(name: &str) -> bool {
    is_parameter(name)
}
