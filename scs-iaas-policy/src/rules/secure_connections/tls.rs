//! TLS settings of servers.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::tz::TimeZone;
use scs_standards::{FactList, Given, Hint, Split, Verdict};

use super::super::Rec;
use super::mozilla::Profile;
use crate::subject::{Cloud, Interface, Moment, Place, TlsServer, source};

const SCAN: &str = source::TLS_SCAN.name;

/// The servers in the scan. Records what the scan lacks: endpoints in the catalog, servers that did not respond, unreadable
/// entries.
pub(super) fn servers<'c>(cloud: &'c Cloud, rec: &mut Rec<'_>) -> Option<(Vec<&'c TlsServer>, &'c Profile)> {
    let scan = rec.needs(&cloud.tls_scan, source::TLS_SCAN)?;
    let profiles = cloud.tls_profiles();
    let Some(profile) = profiles.newest(rec.context().date()) else {
        rec.dnf(SCAN, "this program has no version of Mozilla's profile");
        return None;
    };
    let now = rec.context().at;
    let quarter = |at: Moment| at.end().to_zoned(TimeZone::UTC).checked_add(3.months()).ok();
    let scanned = scan.at.or(cloud.collected_at.map(Moment::Time));
    if let Some(at) = scanned.filter(|at| quarter(*at).is_some_and(|end| end.timestamp() < now)) {
        // A scan is a manual check, which is repeated every quarter (scs-0004-v1, Regulations).
        let message = format!("the scan is from {at}, more than three months ago; scan the servers again");
        rec.dnf(SCAN, message);
        return None;
    }
    if let Some(as_of) = profiles.stale(rec.context().date()) {
        let message = format!(
            "the copy of Mozilla's profile is from {as_of}, more than a year ago; see https://ssl-config.mozilla.org"
        );
        rec.dnf("Mozilla's profile", message).hinting(Hint::Facts(FactList::MozillaTls));
        return None;
    }
    for broken in &scan.broken {
        rec.dnf(SCAN, broken.to_string());
    }
    for place in of_catalog(cloud, rec) {
        if !scan.knows(&place) {
            rec.dnf(&place, "the scan is missing this endpoint of the catalog; scan it as well");
        }
    }
    let (mut servers, mut failed) = (Vec::new(), false);
    for server in &scan.servers {
        match &server.problem {
            None => servers.push(server),
            Some(problem) => {
                failed = true;
                rec.dnf(&server.place, format!("it could not be scanned: {problem}"));
            }
        }
    }
    if servers.is_empty() && !failed && scan.broken.is_empty() {
        rec.dnf(SCAN, "it has no server");
    }
    Some((servers, profile))
}

/// The public and internal https endpoints in the catalog. Without a catalog, it is unknown whether the scan is complete.
fn of_catalog(cloud: &Cloud, rec: &mut Rec<'_>) -> BTreeSet<Place> {
    let Given::Data(services) = &cloud.services else {
        let message =
            format!("cannot tell whether all endpoints were scanned without `{}`", source::SERVICES.name);
        rec.warn(SCAN, message);
        return BTreeSet::new();
    };
    if services.entries().iter().any(|service| service.endpoints.is_none()) {
        rec.warn(SCAN, "cannot tell whether all endpoints were scanned: the catalog does not list the endpoints of all services");
    }
    let endpoints = services.entries().iter().flat_map(|service| {
        service.endpoints_of(Interface::Public).chain(service.endpoints_of(Interface::Internal))
    });
    let urls = endpoints.filter_map(|endpoint| endpoint.url.as_deref());
    urls.filter(|url| url.to_lowercase().starts_with("https:")).filter_map(Place::read).collect()
}

/// A part of a server's scan; records a finding if it is missing.
pub(super) fn known<'s, T>(
    rec: &mut Rec<'_>,
    server: &'s TlsServer,
    part: &'s Given<T>,
    what: &str,
) -> Option<&'s T> {
    match part {
        Given::Data(data) => Some(data),
        Given::Missing => {
            rec.miss(&server.place, format!("the scan does not show its {what}"));
            None
        }
        Given::Unusable(reason) => {
            rec.dnf(&server.place, format!("cannot determine its {what}: {reason}"));
            None
        }
    }
}

/// Records scans of a server that were not run or failed.
fn gaps(rec: &mut Rec<'_>, server: &TlsServer) {
    for gap in &server.gaps {
        match &gap.reason {
            None => rec.miss(&server.place, format!("it was not scanned for {}", gap.what)),
            Some(reason) => rec.dnf(&server.place, format!("the scan for {} failed: {reason}", gap.what)),
        };
    }
}

/// Compares what a server offers with the newest version of the profile and with the official script's.
fn within(
    rec: &mut Rec<'_>,
    server: &TlsServer,
    (profile, official): (&Profile, &Profile),
    offered: &[String],
    what: &str,
    has: fn(&Profile, &str) -> bool,
) {
    let verdict = |profile: &Profile, name: &str| {
        if has(profile, name) { Verdict::Pass } else { Verdict::Fail }
    };
    let (mut broken, mut split): (Vec<&str>, Vec<(&str, Split)>) = (Vec::new(), Vec::new());
    for name in offered {
        match (verdict(profile, name), verdict(official, name)) {
            (Verdict::Pass, Verdict::Pass) => {}
            (Verdict::Fail, Verdict::Fail) => broken.push(name),
            (text, official) => split.push((name, Split { text, official, difference: "C-072" })),
        }
    }
    let expected = format!("{what} of Mozilla's intermediate profile {}", profile.version);
    if !broken.is_empty() {
        let broken = broken.join(", ");
        let message = format!(
            "it offers {what} that are not in Mozilla's intermediate profile: {broken}; disable them"
        );
        rec.fail(&server.place, message).compared(&expected, broken);
    }
    for (name, split) in split {
        let (with, without) = match split.text {
            Verdict::Fail => (official, profile),
            _ => (profile, official),
        };
        let message = format!(
            "it offers {name}, which is in version {} of Mozilla's intermediate profile but not in {}",
            with.version, without.version
        );
        rec.split(split, &server.place, message).compared(&expected, name);
    }
}

pub(super) fn versions(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some((servers, profile)) = servers(cloud, rec) else { return };
    for server in servers {
        let Some(protocols) = known(rec, server, &server.protocols, "protocols") else { continue };
        let others: Vec<&str> =
            protocols.iter().map(String::as_str).filter(|protocol| !profile.has_protocol(protocol)).collect();
        if !others.is_empty() {
            let message = format!("it offers {}; disable all but {}", others.join(", "), profile.protocols());
            rec.fail(&server.place, message).compared(profile.protocols(), protocols.join(", "));
        } else if protocols.is_empty() && server.gaps.is_empty() {
            rec.dnf(&server.place, "the scan found no protocol");
        }
        gaps(rec, server);
    }
}

pub(super) fn ciphers(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some((servers, profile)) = servers(cloud, rec) else { return };
    let official = cloud.tls_profiles().official().unwrap_or(profile);
    for server in servers {
        let Some(ciphers) = known(rec, server, &server.ciphers, "cipher suites") else { continue };
        if ciphers.is_empty() && server.gaps.is_empty() {
            rec.dnf(&server.place, "the scan found no cipher suite");
        }
        within(rec, server, (profile, official), ciphers, "cipher suites", Profile::has_suite);
        gaps(rec, server);
    }
}

pub(super) fn curves(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some((servers, profile)) = servers(cloud, rec) else { return };
    let official = cloud.tls_profiles().official().unwrap_or(profile);
    for server in servers {
        let Some(curves) = known(rec, server, &server.curves, "curves") else { continue };
        if curves.is_empty() {
            let message =
                format!("it offers no curve for key exchange; the profile has {}", profile.curves());
            rec.note(&server.place, message);
        }
        within(rec, server, (profile, official), curves, "curves", Profile::has_curve);
    }
}

pub(super) fn key_sizes(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some((servers, profile)) = servers(cloud, rec) else { return };
    for server in servers {
        if let Some(keys) = known(rec, server, &server.keys, "key") {
            if keys.is_empty() {
                rec.dnf(&server.place, "the scan found no key");
            }
            for key in keys {
                certificate_key(rec, server, profile, key);
            }
        }
        if let Some(size) = server.dh_size.filter(|size| *size < profile.dh_size) {
            too_small(rec, server, "its DHE group", size, profile.dh_size);
        }
        if let Some(size) = server.ecdh_size.filter(|size| *size < profile.ecdh_size) {
            too_small(rec, server, "its ECDHE curve", size, profile.ecdh_size);
        }
        let dhe = |suite: &String| suite.starts_with("DHE-") || suite.starts_with("TLS_DHE_");
        if server.dh_size.is_none() && server.ciphers.data().is_some_and(|suites| suites.iter().any(dhe)) {
            rec.miss(
                &server.place,
                "it offers DHE suites, but the scan does not show the size of their group (`dh_size`)",
            );
        }
    }
}

fn certificate_key(rec: &mut Rec<'_>, server: &TlsServer, profile: &Profile, key: &crate::subject::Key) {
    let kind = key.r#type.trim().to_lowercase();
    let (name, least) = match kind.as_str() {
        "rsa" => ("RSA", profile.rsa_size),
        "ecdsa" | "ec" | "ecdh" | "ecc" => ("elliptic curves", profile.ecdh_size),
        "ed25519" | "ed448" => {
            rec.warn(&server.place, format!("its key type is {kind}; the profile only has RSA and ECDSA"));
            return;
        }
        _ => {
            rec.dnf(&server.place, format!("`{}` is not a key type of the profile (RSA, ECDSA)", key.r#type));
            return;
        }
    };
    match key.size {
        Some(size) if size < least => too_small(rec, server, &format!("its key for {name}"), size, least),
        Some(_) => {}
        None => {
            rec.miss(&server.place, format!("the scan does not show the size of its key for {name}"));
        }
    }
}

fn too_small(rec: &mut Rec<'_>, server: &TlsServer, what: &str, size: u32, least: u32) {
    let message = format!("{what} has {size} bits; at least {least} are needed");
    rec.fail(&server.place, message).compared(format!("{least} bits or more"), size);
}
