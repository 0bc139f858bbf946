//! scs-0217: security baseline of a cluster.
//!
//! The official suite has tests for this draft that no scope runs. Where they differ from the text (C-087, C-088), the rules
//! for API servers in pods support both profiles; for control planes without pods, the suite's loops are empty and pass,
//! which is not reproduced.

mod access;
pub(crate) mod admission;
pub(super) mod etcd;
pub(super) mod hosts;
mod kubelet;
mod kubelet_ports;
mod label_effect;
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

/// A rule for the flags of the API server.
const fn of_api_server(rule: Rule<Cluster>) -> Rule<Cluster> {
    rule.asking_about(API_SERVER_FLAGS, API_SERVER_VALUES, API_SERVER_EXAMPLE)
}

/// A rule for the flags of etcd.
const fn of_etcd(rule: Rule<Cluster>) -> Rule<Cluster> {
    rule.asking_about(ETCD_FLAGS, ETCD_VALUES, ETCD_EXAMPLE)
}

/// The rules for hardening.
pub(crate) static RULES: &[Rule<Cluster>] = &[
    STANDARD.rule(
        "scs-0217-version-policy",
        Level::Must,
        "the cluster is updated as the version policy requires",
        version::policy,
    ),
    of_api_server(STANDARD.rule(
        "scs-0217-etcd-isolation",
        Level::Should,
        "etcd runs on machines outside the cluster",
        etcd::isolation,
    )),
    of_api_server(STANDARD.rule(
        "scs-0217-etcd-access",
        Level::Must,
        "an etcd on dedicated machines is reachable only by the API server and whatever else needs it",
        etcd::access,
    )),
    of_etcd(STANDARD.rule(
        "scs-0217-etcd-tls-client",
        Level::Must,
        "etcd and its clients use TLS, with client certificates",
        etcd::tls_client,
    )),
    of_etcd(STANDARD.rule(
        "scs-0217-etcd-tls-peer",
        Level::Must,
        "etcd members use TLS among themselves",
        etcd::tls_peer,
    )),
    STANDARD.rule(
        "scs-0217-etcd-own-ca",
        Level::Should,
        "etcd has a certificate authority separate from the cluster's",
        etcd::own_authority,
    ),
    STANDARD
        .rule(
            "scs-0217-etcd-acl",
            Level::Must,
            "etcd has access control, and clients authenticate with the common name of their certificates",
            etcd::access_control,
        )
        .asking(
            "the facts `auth` (`enabled` or `disabled`, as `etcdctl auth status` says) and `users` (the list of its users)",
            "{auth: enabled, users: [root, kube-apiserver]}",
        ),
    STANDARD.rule(
        "scs-0217-ports-external",
        Level::MustNot,
        "from outside, only the API server and NodePort services are reachable",
        ports::external,
    ),
    STANDARD.rule(
        "scs-0217-kubelet-readonly",
        Level::Should,
        "the kubelets' read-only port is closed",
        kubelet::read_only_port,
    ),
    STANDARD.rule("scs-0217-https", Level::Must, "endpoints only use TLS", ports::https),
    of_api_server(STANDARD.rule(
        "scs-0217-authn-count",
        Level::Must,
        "there are at least two ways to authenticate",
        access::authentication_count,
    )),
    of_api_server(STANDARD.rule(
        "scs-0217-authn-sa",
        Level::Must,
        "service account tokens are one of the ways to authenticate",
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
        "RBAC, ABAC or a webhook is on, too",
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
        "kubelets are reachable only from inside, and only over HTTPS",
        ports::kubelet_https,
    ),
    STANDARD.rule(
        "scs-0217-kubelet-anonymous",
        Level::Must,
        "kubelets reject anonymous requests",
        kubelet::anonymous,
    ),
    STANDARD.rule(
        "scs-0217-kubelet-webhook",
        Level::Must,
        "kubelets ask the API server for authorization",
        kubelet::webhook,
    ),
    STANDARD.rule(
        "scs-0217-kubelet-x509",
        Level::May,
        "kubelets accept client certificates or bearer tokens",
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
            "every user namespace has a Pod Security Standard of at least baseline in some mode",
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
            "that Pod Security Standard is enforced",
            pod_security::enforced,
        )
        .asking_about(
            pod_security::SYSTEM_NAMESPACES,
            pod_security::SYSTEM_VALUES,
            pod_security::SYSTEM_EXAMPLE,
        ),
];
