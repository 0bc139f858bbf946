//! scs-0217: a baseline of security for every cluster.
//!
//! The official suite has tests of this draft that no scope runs. Where they look at something else than the text (C-087, C-088),
//! the rules over API servers in pods answer for both profiles; over control planes that no pod shows, the suite's loops see
//! nothing and pass, which is not reproduced.

mod access;
pub(crate) mod admission;
pub(super) mod etcd;
pub(super) mod hosts;
mod kubelet;
mod kubelet_ports;
mod listening;
pub(crate) mod pod_security;
mod ports;
mod version;

use scs_standards::{DocumentId, Heading, Level, Rule};

use super::control_plane::{
    API_SERVER_EXAMPLE, API_SERVER_FLAGS, API_SERVER_VALUES, ETCD_EXAMPLE, ETCD_FLAGS, ETCD_VALUES,
};
use crate::subject::Cluster;

const HARDENING: &[DocumentId] = &[DocumentId::version(217, 1)];
const STANDARD: Heading = Heading { documents: HARDENING, section: "Standard" };

/// A rule over the flags of the API server.
const fn of_api_server(rule: Rule<Cluster>) -> Rule<Cluster> {
    rule.asking_about(API_SERVER_FLAGS, API_SERVER_VALUES, API_SERVER_EXAMPLE)
}

/// A rule over the flags of etcd.
const fn of_etcd(rule: Rule<Cluster>) -> Rule<Cluster> {
    rule.asking_about(ETCD_FLAGS, ETCD_VALUES, ETCD_EXAMPLE)
}

/// The rules over hardening.
pub(crate) static RULES: &[Rule<Cluster>] = &[
    STANDARD.rule(
        "scs-0217-version-policy",
        Level::Must,
        "the cluster is updated as the version policy demands",
        version::policy,
    ),
    of_api_server(STANDARD.rule(
        "scs-0217-etcd-isolation",
        Level::Should,
        "etcd runs on machines that are no nodes of the cluster",
        etcd::isolation,
    )),
    of_api_server(STANDARD.rule(
        "scs-0217-etcd-access",
        Level::Must,
        "an etcd of its own machines is reached by the API server and what else needs it alone",
        etcd::access,
    )),
    of_etcd(STANDARD.rule(
        "scs-0217-etcd-tls-client",
        Level::Must,
        "etcd and its clients speak TLS with each other, and clients show certificates",
        etcd::tls_client,
    )),
    of_etcd(STANDARD.rule(
        "scs-0217-etcd-tls-peer",
        Level::Must,
        "members of etcd speak TLS with each other",
        etcd::tls_peer,
    )),
    STANDARD.rule(
        "scs-0217-etcd-own-ca",
        Level::Should,
        "etcd has another authority than the cluster",
        etcd::own_authority,
    ),
    STANDARD
        .rule(
            "scs-0217-etcd-acl",
            Level::Must,
            "etcd has access control, and clients authenticate by the common name of their certificates",
            etcd::access_control,
        )
        .asking(
            "the facts `auth` (`enabled` or `disabled`, as `etcdctl auth status` says) and `users` (the list of its users)",
            "{auth: enabled, users: [root, kube-apiserver]}",
        ),
    STANDARD.rule(
        "scs-0217-ports-external",
        Level::MustNot,
        "from outside no port of Kubernetes answers but that of the API server and those of NodePort services",
        ports::external,
    ),
    STANDARD.rule(
        "scs-0217-kubelet-readonly",
        Level::Should,
        "the kubelets' read-only port is closed",
        kubelet::read_only_port,
    ),
    STANDARD.rule("scs-0217-https", Level::Must, "endpoints speak TLS only", ports::https),
    of_api_server(STANDARD.rule(
        "scs-0217-authn-count",
        Level::Must,
        "there are at least two ways to authenticate",
        access::authentication_count,
    )),
    of_api_server(STANDARD.rule(
        "scs-0217-authn-sa",
        Level::Must,
        "tokens of service accounts are one of them",
        access::service_accounts,
    )),
    of_api_server(STANDARD.rule(
        "scs-0217-authz-node",
        Level::Must,
        "Node authorization is on",
        access::node_authorization,
    )),
    of_api_server(STANDARD.rule(
        "scs-0217-authz-second",
        Level::Must,
        "and so is RBAC, ABAC or a webhook",
        access::second_authorization,
    )),
    of_api_server(STANDARD.rule(
        "scs-0217-authz-rbac",
        Level::Should,
        "RBAC is on",
        access::role_based_authorization,
    )),
    STANDARD.rule(
        "scs-0217-kubelet-https",
        Level::Should,
        "kubelets are reached from inside alone, and by HTTPS alone",
        ports::kubelet_https,
    ),
    STANDARD.rule(
        "scs-0217-kubelet-anonymous",
        Level::Must,
        "kubelets take no anonymous requests",
        kubelet::anonymous,
    ),
    STANDARD.rule(
        "scs-0217-kubelet-webhook",
        Level::Must,
        "kubelets ask the API server who may do what",
        kubelet::webhook,
    ),
    STANDARD.rule(
        "scs-0217-kubelet-x509",
        Level::May,
        "kubelets take client certificates or bearer tokens",
        kubelet::authentication,
    ),
    of_api_server(STANDARD.rule(
        "scs-0217-node-restriction",
        Level::Must,
        "the admission plug-in NodeRestriction is on",
        admission::node_restriction,
    )),
    of_api_server(STANDARD.rule(
        "scs-0217-podsecurity-plugin",
        Level::Must,
        "the admission plug-in PodSecurity is on",
        admission::pod_security,
    )),
    STANDARD
        .rule(
            "scs-0217-pss-baseline",
            Level::Must,
            "the Pod Security Standard of every user namespace is at least baseline in some mode",
            pod_security::baseline,
        )
        .asking_about(
            pod_security::SYSTEM_NAMESPACES,
            pod_security::SYSTEM_VALUES,
            pod_security::SYSTEM_EXAMPLE,
        ),
    STANDARD
        .rule(
            "scs-0217-pss-enforce",
            Level::Should,
            "and it is enforced",
            pod_security::enforced,
        )
        .asking_about(
            pod_security::SYSTEM_NAMESPACES,
            pod_security::SYSTEM_VALUES,
            pod_security::SYSTEM_EXAMPLE,
        ),
];
