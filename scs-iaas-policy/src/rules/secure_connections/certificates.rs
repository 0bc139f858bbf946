//! Certificates, and the header that makes clients use https.

use jiff::SignedDuration;

use super::super::Rec;
use super::mozilla::Profile;
use super::tls::{known, servers};
use crate::subject::{Cloud, TlsCertificate, TlsServer};

pub(super) fn lifetime(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some((servers, profile)) = servers(cloud, rec) else { return };
    for server in servers {
        let Some(certificates) = known(rec, server, &server.certificates, "certificate") else { continue };
        if certificates.is_empty() {
            rec.dnf(&server.place, "the scan found no certificate");
        }
        for certificate in certificates {
            dates(rec, server, profile, certificate);
            trust(rec, server, certificate);
        }
    }
}

fn dates(rec: &mut Rec<'_>, server: &TlsServer, profile: &Profile, certificate: &TlsCertificate) {
    let place = &server.place;
    let now = rec.context().at;
    let (Some(first), Some(last)) = (certificate.not_before, certificate.not_after) else {
        rec.miss(place, "the scan has no validity period for its certificate");
        return;
    };
    if last.end() < now {
        rec.fail(place, format!("its certificate expired on {last}; renew it"))
            .compared(format!("after {now}"), last);
    }
    if now < first.start() {
        rec.fail(place, format!("its certificate is not valid before {first}"))
            .compared(format!("before {now}"), first);
    }
    // Whole days; the last second of a certificate is part of its lifetime.
    let lifetime = last.start().duration_since(first.start());
    let days = |days: i64| SignedDuration::from_hours(days * 24);
    let (most, advised) = (profile.lifetime_days, profile.recommended_lifetime_days);
    let whole = lifetime.as_hours() / 24;
    if lifetime < SignedDuration::ZERO {
        rec.dnf(place, format!("its certificate's end date ({last}) is before its start date ({first})"));
    } else if lifetime > days(most) {
        let message =
            format!("its certificate is valid from {first} to {last}, which is more than {most} days");
        rec.fail(place, message).compared(format!("{most} days or less"), format!("{whole} days"));
    } else if lifetime > days(advised) {
        let message = format!("its certificate is valid for {whole} days; {advised} are recommended");
        rec.warn(place, message);
    }
}

fn trust(rec: &mut Rec<'_>, server: &TlsServer, certificate: &TlsCertificate) {
    match certificate.chain_valid {
        Some(true) => {}
        Some(false) => {
            let message = "its certificate chain does not lead to a trusted authority; send the intermediate certificates, or scan with the authority's certificate";
            rec.fail(&server.place, message);
        }
        None => {
            rec.miss(&server.place, "the scan does not show whether its certificate chain is valid");
        }
    }
    match certificate.names_match {
        Some(true) => {}
        // In this case, sslyze 6 only reports that the chain is not valid for the name.
        Some(false) if certificate.chain_valid == Some(false) => {}
        Some(false) => {
            let message = format!("its certificate does not match the host `{}`", server.place.host);
            rec.fail(&server.place, message);
        }
        None => {
            rec.miss(&server.place, "the scan does not show whether its certificate matches the host");
        }
    }
}

pub(super) fn hsts(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some((servers, profile)) = servers(cloud, rec) else { return };
    let least = profile.hsts_max_age;
    let header = format!("`Strict-Transport-Security: max-age={least}`");
    for server in servers {
        let Some(age) = known(rec, server, &server.hsts_max_age, "header `Strict-Transport-Security`") else {
            continue;
        };
        match age {
            Some(age) if *age >= least => {}
            Some(age) => {
                let message =
                    format!("its `Strict-Transport-Security` expires after {age} seconds; send {header}");
                rec.fail(&server.place, message).compared(format!("{least} or more"), age);
            }
            None => {
                rec.fail(
                    &server.place,
                    format!("it does not send `Strict-Transport-Security`; send {header}"),
                );
            }
        }
    }
}
