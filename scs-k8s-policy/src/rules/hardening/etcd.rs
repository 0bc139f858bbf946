//! etcd: where it runs, who can reach it, and its use of TLS.

use std::collections::BTreeSet;

use scs_standards::{CLUSTER, DeclaredValue, Fix, Given, Judgment, is_vacuous, judge};

use super::super::Rec;
use super::super::address::{etcd_endpoints, host, is_loopback};
use super::super::control_plane::{Running, known_flags, running};
use super::hosts::{Host, all_scanned, is_node};
use crate::subject::{Certificate, Cluster, ComponentKind, Vantage, source};

/// The hosts of an etcd outside the cluster, or the reason why it is considered inside; `None` with a finding if unknown.
fn off_nodes(cluster: &Cluster, rec: &mut Rec<'_>) -> Option<Result<BTreeSet<String>, String>> {
    let members: Vec<&str> = cluster
        .control_plane
        .data()
        .into_iter()
        .flat_map(|control_plane| control_plane.of(ComponentKind::Etcd))
        .map(|member| member.pod.as_str())
        .collect();
    if let [first, rest @ ..] = members.as_slice() {
        let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
        return Some(Err(format!("etcd runs in pods of the cluster: `{first}`{more}")));
    }
    let nodes = cluster.nodes.data().map_or(&[][..], |nodes| nodes.entries());
    if let Some(node) = nodes.iter().find(|node| node.labels.contains_key("node-role.kubernetes.io/etcd")) {
        return Some(Err(format!("etcd runs on node `{}`, according to its label", node.name)));
    }
    let servers = running(cluster, rec, ComponentKind::ApiServer)?;
    let mut hosts = BTreeSet::new();
    for server in &servers {
        let endpoints = server.known(rec, etcd_endpoints(&server.flags))?;
        if endpoints.is_empty() {
            rec.miss(&server.subject, "`--etcd-servers` is not set, so it is unknown where etcd runs");
            return None;
        }
        let local = |host: &&str| is_loopback(host) || nodes.iter().any(|node| is_node(host, node));
        if let Some(host) = endpoints.iter().map(|endpoint| host(endpoint)).find(local) {
            return Some(Err(format!("`{}` connects to etcd at `{host}`, which is a node", server.subject)));
        }
        hosts.extend(endpoints.iter().map(|endpoint| host(endpoint).to_owned()));
    }
    // An address can only be ruled out as a node's if the nodes are known.
    rec.needs(&cluster.nodes, source::NODES)?;
    Some(Ok(hosts))
}

pub(super) fn isolation(cluster: &Cluster, rec: &mut Rec<'_>) {
    if let Some(Err(reason)) = off_nodes(cluster, rec) {
        rec.fail("etcd", reason).compared("on dedicated machines", "on nodes of the cluster");
    }
}

/// The ports of etcd, for clients and members.
const PORTS: [u16; 2] = [2379, 2380];

pub(super) fn access(cluster: &Cluster, rec: &mut Rec<'_>) {
    let hosts = match off_nodes(cluster, rec) {
        None => return,
        Some(Err(reason)) => {
            rec.note("etcd", format!("not applicable: {reason}"));
            return;
        }
        Some(Ok(hosts)) => hosts,
    };
    let Some(scan) = rec.needs(&cluster.port_scan, source::PORT_SCAN) else { return };
    scan.report_unreadable(rec, source::PORT_SCAN.name);
    let tried: Vec<_> = scan.entries().iter().filter(|row| PORTS.contains(&row.port)).collect();
    let hosts: Vec<Host<'_>> = hosts.iter().map(|host| Host::of_name(host, PORTS.to_vec())).collect();
    for from in [Vantage::Outside, Vantage::Inside] {
        all_scanned(rec, &tried, from, &hosts);
    }
    for row in tried.into_iter().filter(|row| row.is_open()) {
        let from = if row.from == Vantage::Outside { "outside" } else { "a place that does not need it" };
        rec.fail(&row.host, format!("port {} of etcd is reachable from {from}", row.port))
            .compared("closed or filtered", "open");
    }
}

/// Whether an etcd URL uses TLS.
fn has_tls(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("unixs://")
}

/// Records URLs without TLS that a member listens on.
fn listens(member: &Running<'_>, rec: &mut Rec<'_>, flag: &str) {
    let Some(urls) = member.known(rec, member.flags.list(flag)) else { return };
    // etcd's default is a URL without TLS.
    let urls = urls.unwrap_or_else(|| vec!["http://localhost"]);
    if let Some(plain) = urls.iter().find(|url| !has_tls(url)) {
        rec.fail(&member.subject, format!("etcd listens without TLS at `{plain}`"))
            .compared(format!("--{flag} with only https://"), urls.join(","))
            .repaired_by(Fix::advice(format!(
                "give etcd certificates, then use `https://` in `--{flag}` of every member and wherever its clients and the other members have its address"
            )));
    }
}

/// A flag, and the file that kubeadm sets it to.
type File = (&'static str, &'static str);

/// The file flags that are not set; none if etcd generates its certificates itself.
fn certificates(member: &Running<'_>, rec: &mut Rec<'_>, own: &str, files: &[File]) -> Vec<File> {
    if member.known(rec, member.flags.bool_value(own)).flatten() == Some(true) {
        return Vec::new();
    }
    for (flag, _) in files {
        member.known(rec, member.flags.text(flag));
    }
    member.lacking(files)
}

/// Records flags that are not set, with one fix for all of them: a certificate without its key prevents a component from
/// starting.
fn not_set(of: &Running<'_>, rec: &mut Rec<'_>, flags: &[File], why: &str, fix: &Fix) {
    for (flag, value) in flags {
        let actual = of.shown(flag);
        rec.fail(&of.subject, format!("{why}`--{flag}` is not set"))
            .compared(format!("--{flag}={value}"), actual)
            .repaired_by(fix.clone());
    }
}

/// Whether a flag that must be true is not.
fn is_not_true(member: &Running<'_>, rec: &mut Rec<'_>, flag: &str) -> bool {
    matches!(member.known(rec, member.flags.bool_value(flag)), Some(None | Some(false)))
}

/// The flag with which etcd requires client certificates.
const ASKS: &str = "client-cert-auth";

/// The client certificate of an API server for etcd.
const OF_API_SERVER: &[File] = &[
    ("etcd-certfile", "/etc/kubernetes/pki/apiserver-etcd-client.crt"),
    ("etcd-keyfile", "/etc/kubernetes/pki/apiserver-etcd-client.key"),
];

/// Whether all API servers are known to use client certificates for etcd. One without etcd flags, such as that of k3s, is
/// configured differently.
fn clients_show_certificates(cluster: &Cluster, rec: &Rec<'_>) -> bool {
    let (servers, all) = known_flags(cluster, rec.context(), ComponentKind::ApiServer);
    let shows = |server: &Running<'_>| {
        etcd_endpoints(&server.flags)
            .is_ok_and(|urls| urls.is_empty() || server.lacking(OF_API_SERVER).is_empty())
    };
    all && !servers.is_empty() && servers.iter().all(shows)
}

/// The fix for a member that does not require client certificates, with the files it needs.
fn require_client_certificates(
    cluster: &Cluster,
    rec: &Rec<'_>,
    member: &Running<'_>,
    lacking: &[File],
) -> Fix {
    if !clients_show_certificates(cluster, rec) {
        return Fix::advice(format!(
            "first configure all API servers with a client certificate for etcd (`--etcd-certfile` and `--etcd-keyfile`); then set `--{ASKS}=true` on etcd, which rejects every client without one"
        ));
    }
    let flags: Vec<File> = lacking.iter().copied().chain([(ASKS, "true")]).collect();
    member.set_all(&flags)
}

/// The files that a member lacks for TLS with clients.
fn lacking_for_clients(member: &Running<'_>, rec: &mut Rec<'_>) -> Vec<File> {
    const FILES: &[File] = &[
        ("cert-file", "/etc/kubernetes/pki/etcd/server.crt"),
        ("key-file", "/etc/kubernetes/pki/etcd/server.key"),
    ];
    const AUTHORITY: &[File] = &[("trusted-ca-file", "/etc/kubernetes/pki/etcd/ca.crt")];
    let mut lacking = certificates(member, rec, "auto-tls", FILES);
    member.known(rec, member.flags.text(AUTHORITY[0].0));
    lacking.extend(member.lacking(AUTHORITY));
    lacking
}

pub(super) fn tls_client(cluster: &Cluster, rec: &mut Rec<'_>) {
    for member in running(cluster, rec, ComponentKind::Etcd).into_iter().flatten() {
        let lacking = lacking_for_clients(&member, rec);
        let asks = !is_not_true(&member, rec, ASKS);
        let ask = if asks {
            member.set_all(&lacking)
        } else {
            require_client_certificates(cluster, rec, &member, &lacking)
        };
        // Setting the files is harmless, and can be done before requiring client certificates.
        let files = if ask.ways().is_empty() { member.set_all(&lacking) } else { ask.clone() };
        not_set(&member, rec, &lacking, "", &files);
        if !asks {
            let message = format!("client certificates are not required: `--{ASKS}` is not true");
            let actual = member.shown(ASKS);
            rec.fail(&member.subject, message).compared(format!("--{ASKS}=true"), actual).repaired_by(ask);
        }
        listens(&member, rec, "listen-client-urls");
    }
    of_clients(cluster, rec);
}

/// The other side: API servers use TLS with every etcd, with their own client certificate.
fn of_clients(cluster: &Cluster, rec: &mut Rec<'_>) {
    for server in running(cluster, rec, ComponentKind::ApiServer).into_iter().flatten() {
        let Some(urls) = server.known(rec, etcd_endpoints(&server.flags)) else { continue };
        if let Some(plain) = urls.iter().find(|url| !has_tls(url)) {
            rec.fail(&server.subject, format!("it connects to etcd at `{plain}` without TLS"))
                .compared("only https:// in --etcd-servers and --etcd-servers-overrides", urls.join(","))
                .repaired_by(Fix::advice(
                    "enable TLS on this etcd first, then use `https://` in the flag, with `--etcd-cafile`, `--etcd-certfile` and `--etcd-keyfile`",
                ));
        }
        // An API server without etcd flags, such as that of k3s, is configured differently.
        if urls.is_empty() {
            continue;
        }
        for (flag, _) in OF_API_SERVER {
            server.known(rec, server.flags.text(flag));
        }
        let lacking = server.lacking(OF_API_SERVER);
        not_set(
            &server,
            rec,
            &lacking,
            "it does not present a certificate to etcd: ",
            &server.set_all(&lacking),
        );
    }
}

/// Members have to use TLS among themselves. Verifying each other's certificates is not required, but worth a warning.
pub(super) fn tls_peer(cluster: &Cluster, rec: &mut Rec<'_>) {
    const FILES: &[File] = &[
        ("peer-cert-file", "/etc/kubernetes/pki/etcd/peer.crt"),
        ("peer-key-file", "/etc/kubernetes/pki/etcd/peer.key"),
    ];
    const AUTHORITY: &[File] = &[("peer-trusted-ca-file", "/etc/kubernetes/pki/etcd/ca.crt")];
    const ASKS: &str = "peer-client-cert-auth";
    const OWN: &str = "peer-auto-tls";
    for member in running(cluster, rec, ComponentKind::Etcd).into_iter().flatten() {
        let lacking = certificates(&member, rec, OWN, FILES);
        let asks = !is_not_true(&member, rec, ASKS);
        let mut flags = lacking.clone();
        if !asks {
            flags.extend(member.lacking(AUTHORITY));
            flags.push((ASKS, "true"));
        }
        let fix = if !asks && matches!(member.flags.bool_value(OWN), Ok(Some(true))) {
            Fix::advice(format!(
                "give all members certificates of one authority first (`--peer-cert-file`, `--peer-key-file`, `--peer-trusted-ca-file`), then set `--{ASKS}=true`; with `--{OWN}`, each member signs its own, which the others reject"
            ))
        } else {
            member.set_all(&flags)
        };
        not_set(&member, rec, &lacking, "", &fix);
        if !asks {
            rec.warn(
                &member.subject,
                format!("other members do not need a certificate, so anyone who can reach the port can join: `--{ASKS}` is not true"),
            )
            .compared(format!("--{ASKS}=true"), member.shown(ASKS))
            .repaired_by(fix);
        }
        listens(&member, rec, "listen-peer-urls");
    }
}

/// Whether a certificate is a server or peer certificate of etcd.
fn is_of_etcd(certificate: &Certificate) -> bool {
    let path = certificate.path.as_deref().unwrap_or_default();
    let name = certificate.name.as_deref().unwrap_or_default();
    path.contains("/etcd/") && !path.ends_with("-client.crt") || name.starts_with("etcd-")
}

/// Whether a certificate is the API server's serving certificate.
fn is_of_api_server(certificate: &Certificate) -> bool {
    certificate.name.as_deref() == Some("apiserver")
        || certificate.path.as_deref().is_some_and(|path| path.ends_with("/apiserver.crt"))
}

pub(super) fn own_authority(cluster: &Cluster, rec: &mut Rec<'_>) {
    let Some(listed) = rec.needs(&cluster.certificates, source::CERTIFICATES) else { return };
    if !listed.report_unreadable(rec, source::CERTIFICATES.name) {
        return;
    }
    let issuers = |is: fn(&Certificate) -> bool| -> BTreeSet<&str> {
        let own = listed.entries().iter().filter(|it| !it.ca && is(it));
        own.filter_map(|it| it.issuer.as_deref()).collect()
    };
    let (etcd, api_server) = (issuers(is_of_etcd), issuers(is_of_api_server));
    for (found, what) in [(&etcd, "etcd"), (&api_server, "the API server")] {
        if found.is_empty() {
            let message = format!("the certificates have none of {what} with its `issuer`");
            rec.miss(source::CERTIFICATES.name, message);
        }
    }
    if let Some(shared) = etcd.intersection(&api_server).next() {
        rec.fail(
            "etcd",
            format!("the certificates of etcd and of the API server are from the same authority, `{shared}`"),
        )
        .compared("a separate authority", *shared);
    }
}

pub(super) fn access_control(cluster: &Cluster, rec: &mut Rec<'_>) {
    // Without etcd pods, its declaration replaces its flags.
    let members = match &cluster.control_plane {
        Given::Missing => Vec::new(),
        part => {
            let Some(control_plane) = rec.needs(part, source::PODS) else { return };
            let any = control_plane.of(ComponentKind::Etcd).next().is_some();
            if any { running(cluster, rec, ComponentKind::Etcd).unwrap_or_default() } else { Vec::new() }
        }
    };
    for member in members {
        if is_not_true(&member, rec, ASKS) {
            let message = format!("clients do not authenticate with certificates: `--{ASKS}` is not true");
            let lacking = lacking_for_clients(&member, rec);
            let fix = require_client_certificates(cluster, rec, &member, &lacking);
            let actual = member.shown(ASKS);
            rec.fail(&member.subject, message).compared(format!("--{ASKS}=true"), actual).repaired_by(fix);
        }
    }
    judge(rec, [CLUSTER], |_, value| {
        let users = value.fact("users").and_then(DeclaredValue::list);
        match (value.fact("auth").and_then(DeclaredValue::text), users) {
            (Some("enabled"), Some(users))
                if users.iter().any(|user| !user.is_empty() && is_vacuous(user)) =>
            {
                Judgment::Unusable
            }
            (Some("enabled"), Some(users))
                if users.iter().any(|user| user.trim() != "root" && !user.trim().is_empty()) =>
            {
                Judgment::Satisfies
            }
            (Some("enabled"), Some(_)) => {
                Judgment::Breaks("etcd's only user is `root`, so access is not controlled".to_owned())
            }
            (Some("disabled"), _) => Judgment::Breaks("access control of etcd is disabled".to_owned()),
            _ => Judgment::Unusable,
        }
    });
}
