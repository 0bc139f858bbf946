//! scs-0127-v1: DNS.
//!
//! Its last section has one hard requirement, while others are conditional (C-073). Conditional rules pass if the condition
//! is known not to apply.

mod extensions;
mod probe;
mod setting;
mod threats;

use std::net::IpAddr;

use scs_standards::{CLOUD, DeclaredValue, DocumentId, Heading, Judgment, Level, Rule, judge, needed_fact};

use super::Rec;
use super::evidence::{each_setting, report_invalid_ingress};
use super::public_cloud::declared_public;
use crate::subject::{Cloud, source};

const DOCUMENTS: &[DocumentId] = &[DocumentId::version(127, 1)];

const fn heading(section: &'static str) -> Heading {
    Heading { documents: DOCUMENTS, section }
}

const SERVERS: Heading = heading("Default DNS servers");
const EXTENSIONS: Heading = heading("DNS Extensions");
const DOMAIN: Heading = heading("Internal DNS Domain");
const SERVICE: Heading = heading("DNS-as-a-Service");

/// The rule whose declaration lists the local recursors.
const RECURSOR: &str = "scs-0127-recursor";
const RECURSORS: &str = "the addresses of the local DNS recursors, or `none`";
const RECURSORS_EXAMPLE: &str = "[10.0.0.53, 10.0.1.53]";
/// The topic for the answers of DNS servers.
const PROBE: &str = "dns-probe";
const ANSWERS: &str = "the answers of each DNS server, by its address: to a query with DNSSEC (DO) for a signed name (`signed`: the code, `ad` if it validated, `rrsig` if it returned signatures), for a name with a broken signature (`bogus`), and for any public name (`public`)";
const EXAMPLE: &str = "{\"10.0.0.53\": {signed: [NOERROR, ad, rrsig], bogus: SERVFAIL, public: NOERROR}}";
/// The topic for whether provider networks are connected to the internet.
const INTERNET: &str = "internet-access";
const REACH: &str = "whether the provider networks are connected to the internet, `connected` or `isolated`";

/// The rules for DNS.
pub(crate) static RULES: &[Rule<Cloud>] = &[
    SERVERS.rule(
        "scs-0127-local-resolv",
        Level::Must,
        "OVS DHCP agents do not use the DNS servers of their own node (`dnsmasq_local_resolv`)",
        setting::local_resolv,
    ),
    SERVERS
        .rule(RECURSOR, Level::Should, "there is at least one local DNS recursor", recursor)
        .asking(RECURSORS, RECURSORS_EXAMPLE),
    SERVERS.rule(
        "scs-0127-recursor-only",
        Level::Must,
        "if there are local recursors, DHCP announces no other DNS servers",
        setting::recursor_only,
    )
    .asking_about(RECURSOR, RECURSORS, RECURSORS_EXAMPLE),
    SERVERS
        .rule(
            "scs-0127-recursor-dnssec",
            Level::Must,
            "local recursors support DNSSEC and validate it",
            probe::recursor_dnssec,
        )
        .asking_about(PROBE, ANSWERS, EXAMPLE),
    SERVERS
        .rule(
            "scs-0127-public-names",
            Level::Must,
            "DNS servers resolve public names if networks are connected to the internet",
            probe::public_names,
        )
        .asking_about(INTERNET, REACH, "connected"),
    SERVERS
        .rule(
            "scs-0127-public-dnssec",
            Level::Must,
            "public DNS servers used instead of local recursors support DNSSEC, validate it and reject invalid answers",
            probe::public_dnssec,
        )
        .asking_about(PROBE, ANSWERS, EXAMPLE),
    EXTENSIONS.rule(
        "scs-0127-ext-dns-integration",
        Level::Should,
        "servers can resolve each other by name (extension `dns-integration`)",
        extensions::integration,
    ),
    DOMAIN
        .rule(
            "scs-0127-domain-stable",
            Level::ShouldNot,
            "the default domain (`dns_domain`) does not change after the first deployment",
            domain_stable,
        )
        .asking("the `dns_domain` of the first deployment", "cloud.example.com."),
    SERVICE
        .rule(
            "scs-0127-dnsaas-threats",
            Level::Must,
            "the DNS service is protected against zone squatting and cache poisoning",
            threats::mitigated,
        )
        .asking(
            "the countermeasures, as lists under `zone_squatting` and `cache_poisoning`",
            "{zone_squatting: [tlds, blacklists], cache_poisoning: [separate recursors]}",
        ),
    SERVICE.rule(
        "scs-0127-ext-domain-ports",
        Level::Should,
        "with a DNS service, ports and networks can have domains (extension `dns-domain-ports`)",
        extensions::domain_ports,
    ),
    SERVICE.rule(
        "scs-0127-ext-publish-fixed-ip",
        Level::Should,
        "with a DNS service, fixed IPs can be published (extension `subnet-dns-publish-fixed-ip`)",
        extensions::publish_fixed_ip,
    ),
];

/// The addresses in a value; `None` if it has anything else, or an address that servers cannot query. `none` is not an
/// address.
fn addresses(value: &DeclaredValue) -> Option<Vec<IpAddr>> {
    if value.text() == Some("none") {
        return Some(Vec::new());
    }
    let can_serve =
        |address: &IpAddr| !address.is_unspecified() && !address.is_multicast() && !address.is_loopback();
    value.list()?.iter().map(|text| text.trim().parse().ok().filter(can_serve)).collect()
}

fn recursor(_: &Cloud, rec: &mut Rec<'_>) {
    judge(rec, [CLOUD], |_, value| match addresses(value).as_deref() {
        None => Judgment::Unusable,
        Some([]) => Judgment::Breaks("there is no local DNS recursor".to_owned()),
        Some(_) => Judgment::Satisfies,
    });
}

/// The declared local recursors, possibly none. Records a finding if they are not declared.
fn recursors(rec: &mut Rec<'_>) -> Option<Vec<IpAddr>> {
    let value = needed_fact(rec, &[RECURSOR], RECURSORS)?;
    let known = addresses(value);
    if known.is_none() {
        rec.dnf(CLOUD, format!("`{value}` under `{RECURSOR}` is not {RECURSORS}"));
    }
    known
}

/// Whether provider networks are connected to the internet: according to the topic, or because the cloud is public.
fn reaches_internet(rec: &mut Rec<'_>) -> Option<bool> {
    if !rec.context().declarations.has_entry_for(INTERNET) && declared_public(rec) == Some(true) {
        return Some(true);
    }
    let value = needed_fact(rec, &[INTERNET], REACH)?;
    let known = scs_standards::either(value, "connected", "isolated");
    if known.is_none() {
        rec.dnf(CLOUD, format!("`{value}` under `{INTERNET}` is neither `connected` nor `isolated`"));
    }
    known
}

/// Neutron's default `dns_domain`.
const NEUTRON_DOMAIN: &str = "openstacklocal";

/// The program whose setting applies to ports.
const SERVER: &str = "neutron-server";

fn domain_stable(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(files) = rec.needs(&cloud.config_files, source::CONFIG_FILES) else { return };
    let found = files.configurations("neutron");
    report_invalid_ingress(rec, &found);
    let of_server = found.of_program(SERVER).into_iter().filter(|it| it.has_file_of_service());
    let configured: Vec<(&str, String)> = each_setting(of_server, "DEFAULT", "dns_domain")
        .into_iter()
        .map(|(path, setting)| (path, same_domain(setting.map_or(NEUTRON_DOMAIN, |setting| setting.value))))
        .collect();
    if configured.is_empty() && found.unusable.is_empty() {
        rec.miss(source::CONFIG_FILES.name, "`neutron.conf`, which sets `dns_domain`, is missing");
    }
    judge(rec, [CLOUD], |_, value| {
        let Some(first) = value.text().map(same_domain).filter(|first| is_domain(first)) else {
            return Judgment::Unusable;
        };
        match configured.iter().find(|(_, now)| *now != first) {
            None => Judgment::Satisfies,
            Some((path, now)) => {
                Judgment::Breaks(format!("`dns_domain` was `{first}` and is `{now}` in {path}"))
            }
        }
    });
}

/// A name in lower case without its trailing dot.
fn same_domain(name: &str) -> String {
    let name = name.trim();
    name.strip_suffix('.').unwrap_or(name).to_lowercase()
}

/// Whether a text is a domain name: labels separated by dots.
fn is_domain(name: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_'))
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    name.len() <= 253 && name.split('.').all(is_label)
}
