//! scs-0127-v1: DNS.
//!
//! Its last section speaks of one hard requirement, while others hold under conditions (C-073). They are rules with their
//! conditions: one that is known not to hold passes them.

mod extensions;
mod probe;
mod setting;
mod threats;

use std::net::IpAddr;

use scs_standards::{CLOUD, DeclaredValue, DocumentId, Heading, Judgment, Level, Rule, judge, needed_fact};

use super::Rec;
use super::evidence::{each_setting, tell_unread};
use super::public_cloud::said_public;
use crate::subject::{Cloud, source};

const DOCUMENTS: &[DocumentId] = &[DocumentId::version(127, 1)];

const fn heading(section: &'static str) -> Heading {
    Heading { documents: DOCUMENTS, section }
}

const SERVERS: Heading = heading("Default DNS servers");
const EXTENSIONS: Heading = heading("DNS Extensions");
const DOMAIN: Heading = heading("Internal DNS Domain");
const SERVICE: Heading = heading("DNS-as-a-Service");

/// The rule whose declaration names the local recursors.
const RECURSOR: &str = "scs-0127-recursor";
const RECURSORS: &str = "the addresses of the local DNS recursors, or `none`";
const RECURSORS_EXAMPLE: &str = "[10.0.0.53, 10.0.1.53]";
/// The topic of what DNS servers answer.
const PROBE: &str = "dns-probe";
const ANSWERS: &str = "what each DNS server answers, by its address: to a query with DNSSEC (DO) for a signed name (`signed`: the code, `ad` where it validated, `rrsig` where it returned signatures), for a name with a broken signature (`bogus`), for any public name (`public`)";
const EXAMPLE: &str = "{\"10.0.0.53\": {signed: [NOERROR, ad, rrsig], bogus: SERVFAIL, public: NOERROR}}";
/// The topic that says whether provider networks lead to the internet.
const INTERNET: &str = "internet-access";
const REACH: &str = "whether networks of the provider lead to the internet, `connected` or `isolated`";

/// The rules.
pub(crate) static RULES: &[Rule<Cloud>] = &[
    SERVERS.rule(
        "scs-0127-local-resolv",
        Level::Must,
        "DHCP agents of OVS do not resolve names by the servers of their own node (`dnsmasq_local_resolv`)",
        setting::local_resolv,
    ),
    SERVERS
        .rule(RECURSOR, Level::Should, "there is at least one local DNS recursor", recursor)
        .asking(RECURSORS, RECURSORS_EXAMPLE),
    SERVERS.rule(
        "scs-0127-recursor-only",
        Level::Must,
        "where there are local recursors, machines are told of them only",
        setting::recursor_only,
    )
    .asking_about(RECURSOR, RECURSORS, RECURSORS_EXAMPLE),
    SERVERS
        .rule(
            "scs-0127-recursor-dnssec",
            Level::Must,
            "local recursors validate DNSSEC and offer it",
            probe::recursor_dnssec,
        )
        .asking_about(PROBE, ANSWERS, EXAMPLE),
    SERVERS
        .rule(
            "scs-0127-public-names",
            Level::Must,
            "where networks lead to the internet, the DNS servers resolve public names",
            probe::public_names,
        )
        .asking_about(INTERNET, REACH, "connected"),
    SERVERS
        .rule(
            "scs-0127-public-dnssec",
            Level::Must,
            "public DNS servers in place of local recursors offer DNSSEC, validate it and discard what is wrong",
            probe::public_dnssec,
        )
        .asking_about(PROBE, ANSWERS, EXAMPLE),
    EXTENSIONS.rule(
        "scs-0127-ext-dns-integration",
        Level::Should,
        "machines find each other by name (extension `dns-integration`)",
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
            "a DNS service takes measures against squatters of zones and against poisoned caches",
            threats::mitigated,
        )
        .asking(
            "the measures against each threat, as lists under `zone_squatting` and `cache_poisoning`",
            "{zone_squatting: [tlds, blacklists], cache_poisoning: [separate recursors]}",
        ),
    SERVICE.rule(
        "scs-0127-ext-domain-ports",
        Level::Should,
        "beside a DNS service, ports and networks can have domains (extension `dns-domain-ports`)",
        extensions::domain_ports,
    ),
    SERVICE.rule(
        "scs-0127-ext-publish-fixed-ip",
        Level::Should,
        "beside a DNS service, fixed addresses can be published (extension `subnet-dns-publish-fixed-ip`)",
        extensions::publish_fixed_ip,
    ),
];

/// The addresses that a value names; `None` where it names something else, or an address that no machine can ask. `none` is not
/// an address.
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

/// The local recursors; none is known as well. Where they are not known, a finding says so.
fn recursors(rec: &mut Rec<'_>) -> Option<Vec<IpAddr>> {
    let value = needed_fact(rec, &[RECURSOR], RECURSORS)?;
    let known = addresses(value);
    if known.is_none() {
        rec.dnf(CLOUD, format!("`{value}` under `{RECURSOR}` is not {RECURSORS}"));
    }
    known
}

/// Whether networks of the provider lead to the internet: by the topic, or because the cloud is a public one.
fn reaches_internet(rec: &mut Rec<'_>) -> Option<bool> {
    if !rec.context().declarations.has_entry_for(INTERNET) && said_public(rec) == Some(true) {
        return Some(true);
    }
    let value = needed_fact(rec, &[INTERNET], REACH)?;
    let known = scs_standards::either(value, "connected", "isolated");
    if known.is_none() {
        rec.dnf(CLOUD, format!("`{value}` under `{INTERNET}` is neither `connected` nor `isolated`"));
    }
    known
}

/// Neutron's default domain.
const NEUTRON_DOMAIN: &str = "openstacklocal";

/// The program whose setting counts for ports.
const SERVER: &str = "neutron-server";

fn domain_stable(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(files) = rec.needs(&cloud.config_files, source::CONFIG_FILES) else { return };
    let found = files.configurations("neutron");
    tell_unread(rec, &found);
    let of_server = found.of_program(SERVER).into_iter().filter(|it| it.has_file_of_service());
    let configured: Vec<(&str, String)> = each_setting(of_server, "DEFAULT", "dns_domain")
        .into_iter()
        .map(|(path, setting)| (path, same_domain(setting.map_or(NEUTRON_DOMAIN, |setting| setting.value))))
        .collect();
    if configured.is_empty() && found.unusable.is_empty() {
        rec.miss(source::CONFIG_FILES.name, "it has no `neutron.conf`, in which `dns_domain` stands");
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

/// A name without its last dot and in lower case.
fn same_domain(name: &str) -> String {
    let name = name.trim();
    name.strip_suffix('.').unwrap_or(name).to_lowercase()
}

/// Whether a text is the name of a domain: labels between dots.
fn is_domain(name: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_'))
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    name.len() <= 253 && name.split('.').all(is_label)
}
