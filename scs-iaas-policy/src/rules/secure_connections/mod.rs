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

/// The rules for secure connections.
pub(crate) static RULES: &[Rule<Cloud>] = &[
    API.rule(
        "scs-0125-https-public",
        Level::Must,
        "every public endpoint in the catalog is an https URL",
        endpoints::public,
    ),
    API.rule(
        "scs-0125-https-internal",
        Level::Must,
        "every internal endpoint in the catalog is an https URL",
        endpoints::internal,
    ),
    TLS.rule("scs-0125-tls-versions", Level::Must, "servers offer only TLS 1.2 and 1.3", tls::versions),
    TLS.rule(
        "scs-0125-tls-ciphers",
        Level::Must,
        "servers offer only cipher suites of Mozilla's intermediate profile",
        tls::ciphers,
    ),
    TLS.rule(
        "scs-0125-tls-curves",
        Level::Must,
        "servers use only curves of Mozilla's intermediate profile for key exchange",
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
        "certificates are valid for at most 366 days, trusted, and match their host",
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
        "every service verifies the database server with a certificate authority (`ssl_ca`)",
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
        "if RabbitMQ or Qpid is used, the broker supports TLS and the services use it",
        messages::rabbit,
    ),
    MESSAGES.rule(
        "scs-0125-mq-kafka",
        Level::Must,
        "if Kafka is used, it listens with TLS and the services use it",
        messages::kafka,
    ),
    HYPERVISOR.rule(
        "scs-0125-live-migration",
        Level::Should,
        "live migration is encrypted, with QEMU's native TLS or SSH",
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
            "storage traffic, also between storage nodes, has dedicated physical networks",
            storage_net,
        )
        .asking(
            "for `frontend` and `replication`, whether the network is `dedicated` or `shared`, or `none` if there is no such traffic",
            "{frontend: dedicated, replication: dedicated}",
        ),
    EXTERNAL.rule("scs-0125-vpnaas", Level::May, "users can create VPNs (extension `vpnaas`)", vpnaas),
    NEUTRON
        .rule(
            "scs-0125-sdn-encrypted",
            Level::May,
            "tunnels between Neutron's network nodes are encrypted",
            sdn_encrypted,
        )
        .asking("the encryption, such as `wireguard` or `ipsec`, or `none`", "wireguard"),
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
                "the storage's {shared} traffic uses a shared network; give it dedicated interfaces"
            ))
        }
    });
}

/// Protocols that encrypt tunnels between hosts.
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
/// Protocols that only encapsulate packets.
const PLAIN_TUNNELS: &[&str] = &["geneve", "vxlan", "gre", "stt", "vlan", "ipip", "l2tp", "mpls"];

fn sdn_encrypted(_: &Cloud, rec: &mut Rec<'_>) {
    judge(rec, [CLOUD], |_, value| {
        let Some(means) = value.list().filter(|means| !means.is_empty()) else { return Judgment::Unusable };
        let words: Vec<String> = means.iter().map(|word| word.trim().to_lowercase()).collect();
        // `IPsec (strongSwan)` and `IPsec over Geneve` include the encryption.
        let names = |word: &String, known: &[&str]| {
            word.split(|letter: char| !letter.is_ascii_alphanumeric()).any(|part| known.contains(&part))
        };
        if words == ["none"] {
            return Judgment::Breaks("they are not encrypted, which is allowed".to_owned());
        }
        if words.iter().any(|word| is_vacuous(word)) {
            return Judgment::Unusable;
        }
        if words.iter().all(|word| names(word, ENCRYPTION)) {
            return Judgment::Satisfies;
        }
        if words.iter().all(|word| names(word, PLAIN_TUNNELS)) {
            return Judgment::Breaks(format!(
                "{} encapsulates packets but does not encrypt them",
                words.join(" and ")
            ));
        }
        Judgment::Unusable
    });
}

fn vpnaas(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(extensions) = rec.needs(&cloud.extensions, source::EXTENSIONS) else { return };
    let offered = extensions.entries().iter().any(|extension| extension.alias == "vpnaas");
    let message = if offered { "it is offered" } else { "it is not offered, which is allowed" };
    rec.note("extension `vpnaas`", message);
}
