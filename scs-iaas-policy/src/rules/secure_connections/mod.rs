//! scs-0125-v1: secure connections.

mod accounts;
mod certificates;
mod database;
mod endpoints;
mod files;
mod hypervisor;
mod messages;
pub(crate) mod mozilla;
mod services;
mod tls;

use scs_standards::{CLOUD, DeclaredValue, DocumentId, Heading, Judgment, Level, Rule, is_vacuous, judge};

use super::Rec;
use crate::subject::{Cloud, source};

const DOCUMENTS: &[DocumentId] = &[DocumentId::version(125, 1)];

const fn heading(section: &'static str) -> Heading {
    Heading { documents: DOCUMENTS, section }
}

const TLS: Heading = heading("Transport Layer Security (TLS)");
const API: Heading = heading("API Interfaces");
const DATABASE: Heading = heading("Database Connections");
const MESSAGES: Heading = heading("Message Queue Connections");
const HYPERVISOR: Heading = heading("Hypervisor and Live Migration Connections");
const EXTERNAL: Heading = heading("External VM Connections");
const NEUTRON: Heading = heading("Internal Neutron Connections");
const STORAGE: Heading = heading("Storage Connections");

/// The rules.
pub(crate) static RULES: &[Rule<Cloud>] = &[
    API.rule(
        "scs-0125-https-public",
        Level::Must,
        "every public endpoint of the catalog is an https address",
        endpoints::public,
    ),
    API.rule(
        "scs-0125-https-internal",
        Level::Must,
        "every internal endpoint of the catalog is an https address",
        endpoints::internal,
    ),
    TLS.rule("scs-0125-tls-versions", Level::Must, "servers offer TLS 1.2 and 1.3 only", tls::versions),
    TLS.rule(
        "scs-0125-tls-ciphers",
        Level::Must,
        "servers offer only cipher suites of Mozilla's intermediate profile",
        tls::ciphers,
    ),
    TLS.rule(
        "scs-0125-tls-curves",
        Level::Must,
        "servers exchange keys only over curves of Mozilla's intermediate profile",
        tls::curves,
    ),
    TLS.rule(
        "scs-0125-tls-key-sizes",
        Level::Must,
        "keys have at least 2048 bits (RSA, DH) or 256 bits (elliptic curves)",
        tls::key_sizes,
    ),
    TLS.rule(
        "scs-0125-cert-lifetime",
        Level::Must,
        "certificates live for at most 366 days, are valid, trusted and made out to their host",
        certificates::lifetime,
    ),
    TLS.rule(
        "scs-0125-hsts",
        Level::Must,
        "servers tell clients to use https for at least two years (HSTS)",
        certificates::hsts,
    ),
    DATABASE.rule("scs-0125-db-server", Level::Must, "database servers accept TLS", database::server),
    DATABASE.rule(
        "scs-0125-db-clients",
        Level::Must,
        "every service checks the database server by a certificate authority (`ssl_ca`)",
        database::clients,
    ),
    DATABASE.rule(
        "scs-0125-db-require",
        Level::Should,
        "the services' database accounts require TLS",
        accounts::require,
    ),
    DATABASE.rule(
        "scs-0125-db-x509",
        Level::May,
        "services authenticate to the database with X.509 certificates",
        accounts::x509,
    ),
    MESSAGES.rule(
        "scs-0125-mq-rabbit",
        Level::Must,
        "where RabbitMQ or Qpid is used, the broker offers TLS and the services use it",
        messages::rabbit,
    ),
    MESSAGES.rule(
        "scs-0125-mq-kafka",
        Level::Must,
        "where Kafka is used, it listens with TLS and the services use it",
        messages::kafka,
    ),
    HYPERVISOR.rule(
        "scs-0125-live-migration",
        Level::Should,
        "live migration is encrypted, by QEMU's TLS or over SSH",
        hypervisor::live_migration,
    ),
    HYPERVISOR.rule(
        "scs-0125-libvirt-exposed",
        Level::ShouldNot,
        "libvirt does not listen on the network without authentication and encryption",
        hypervisor::libvirt_exposed,
    ),
    STORAGE
        .rule(
            "scs-0125-storage-net",
            Level::Should,
            "traffic to storage, and between storage nodes, has physical networks of its own",
            storage_net,
        )
        .asking(
            "for `frontend` and `replication` whether its network is `dedicated` or `shared`, or `none` where there is no such traffic",
            "{frontend: dedicated, replication: dedicated}",
        ),
    EXTERNAL.rule("scs-0125-vpnaas", Level::May, "users can make VPNs (extension `vpnaas`)", vpnaas),
    NEUTRON
        .rule(
            "scs-0125-sdn-encrypted",
            Level::May,
            "tunnels between the nodes of Neutron's networks are encrypted",
            sdn_encrypted,
        )
        .asking("what encrypts them, such as `wireguard` or `ipsec`, or `none`", "wireguard"),
];

fn storage_net(_: &Cloud, rec: &mut Rec<'_>) {
    judge(rec, [CLOUD], |_, value| {
        let mut shared = Vec::new();
        for traffic in ["frontend", "replication"] {
            match value.fact(traffic).and_then(DeclaredValue::text) {
                Some("dedicated" | "none") => {}
                Some("shared") => shared.push(traffic),
                _ => return Judgment::Unusable,
            }
        }
        if shared.is_empty() {
            Judgment::Satisfies
        } else {
            let shared = shared.join(" and ");
            Judgment::Breaks(format!(
                "the storage's {shared} traffic shares a network; give it interfaces of its own"
            ))
        }
    });
}

/// What encrypts tunnels between hosts.
const ENCRYPTION: &[&str] = &[
    "wireguard",
    "ipsec",
    "macsec",
    "strongswan",
    "libreswan",
    "openswan",
    "ikev2",
    "esp",
    "tls",
    "dtls",
    "openvpn",
    "cipso",
    "nebula",
    "zerotier",
    "tailscale",
    "tinc",
];
/// What only wraps packets.
const PLAIN_TUNNELS: &[&str] = &["geneve", "vxlan", "gre", "stt", "vlan", "ipip", "l2tp", "mpls"];

fn sdn_encrypted(_: &Cloud, rec: &mut Rec<'_>) {
    judge(rec, [CLOUD], |_, value| {
        let Some(means) = value.list().filter(|means| !means.is_empty()) else { return Judgment::Unusable };
        let words: Vec<String> = means.iter().map(|word| word.trim().to_lowercase()).collect();
        // `IPsec (strongSwan)` and `IPsec over Geneve` name what encrypts.
        let names = |word: &String, known: &[&str]| {
            word.split(|letter: char| !letter.is_ascii_alphanumeric()).any(|part| known.contains(&part))
        };
        if words == ["none"] {
            return Judgment::Breaks("they are not, which they need not be".to_owned());
        }
        if words.iter().any(|word| is_vacuous(word)) {
            return Judgment::Unusable;
        }
        if words.iter().all(|word| names(word, ENCRYPTION)) {
            return Judgment::Satisfies;
        }
        if words.iter().all(|word| names(word, PLAIN_TUNNELS)) {
            return Judgment::Breaks(format!(
                "{} wraps packets and does not encrypt them",
                words.join(" and ")
            ));
        }
        Judgment::Unusable
    });
}

fn vpnaas(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(extensions) = rec.needs(&cloud.extensions, source::EXTENSIONS) else { return };
    let offered = extensions.entries().iter().any(|extension| extension.alias == "vpnaas");
    let message = if offered { "it is offered" } else { "it is not offered, which it need not be" };
    rec.note("extension `vpnaas`", message);
}
