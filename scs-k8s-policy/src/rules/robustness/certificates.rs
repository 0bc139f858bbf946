//! Rotation of certificates.

use jiff::{Timestamp, ToSpan};
use scs_standards::Fix;

use super::super::Rec;
use super::super::repair;
use super::components::{self, Holder};
use crate::owner::Owner;
use crate::period::later;
use crate::subject::{Certificate, Cluster, source};

/// The certificates, or the authorities; `None` with a finding if there are none.
fn certificates<'c>(cluster: &'c Cluster, rec: &mut Rec<'_>, ca: bool) -> Option<Vec<&'c Certificate>> {
    let listed = rec.needs(&cluster.certificates, source::CERTIFICATES)?;
    listed.report_unreadable(rec, source::CERTIFICATES.name);
    let found: Vec<&Certificate> = listed.entries().iter().filter(|it| it.ca == ca).collect();
    if found.is_empty() {
        let what = if ca { "authority (`ca: true`)" } else { "certificate of a component" };
        rec.miss(source::CERTIFICATES.name, format!("the certificates have no {what}"));
        return None;
    }
    Some(found)
}

/// Records a certificate that has expired or is not valid yet; returns whether it is valid.
fn is_valid(certificate: &Certificate, rec: &mut Rec<'_>, fix: Option<Fix>) -> bool {
    let (at, label) = (rec.context().at, certificate.label());
    if certificate.not_after < at {
        let entry = rec
            .fail(label, format!("it expired at {}", certificate.not_after))
            .compared(format!("valid at {at}"), format!("valid until {}", certificate.not_after));
        if let Some(fix) = fix {
            entry.repaired_by(fix);
        }
        return false;
    }
    if certificate.not_before.is_some_and(|start| start > certificate.not_after) {
        rec.dnf(label, "`not_after` is before `not_before`");
        return false;
    }
    if let Some(start) = certificate.not_before.filter(|start| *start > at) {
        let entry = rec
            .fail(label, format!("it is not valid before {start}"))
            .compared(format!("valid at {at}"), format!("valid from {start}"));
        if let Some(fix) = fix {
            entry.repaired_by(fix);
        }
        return false;
    }
    true
}

/// The fix that renews a certificate.
fn renew(certificate: &Certificate, owner: &Owner) -> Fix {
    match components::holder(certificate) {
        Holder::Kubelet(_) => repair::renew_kubelet(),
        Holder::Component(_) | Holder::Other => repair::renew(owner),
    }
}

pub(super) fn rotation(cluster: &Cluster, rec: &mut Rec<'_>) {
    let Some(found) = certificates(cluster, rec, false) else { return };
    components::are_all_given(cluster, rec, &found);
    let owner = Owner::of(cluster);
    let at = rec.context().at;
    for certificate in found {
        if !is_valid(certificate, rec, Some(renew(certificate, &owner))) {
            continue;
        }
        let label = certificate.label();
        let Some(issued) = certificate.not_before else {
            let message = "its `not_before` is missing; `openssl x509 -noout -startdate` prints it, `kubeadm certs check-expiration` does not";
            rec.dnf(label, message);
            continue;
        };
        if year_after(issued) < at {
            rec.fail(label, format!("it was issued on {issued}, more than a year ago"))
                .compared("rotated within a year", format!("issued at {issued}"))
                .repaired_by(renew(certificate, &owner));
        }
    }
}

pub(super) fn authorities(cluster: &Cluster, rec: &mut Rec<'_>) {
    let Some(found) = certificates(cluster, rec, true) else { return };
    let at = rec.context().at;
    for authority in found {
        if !is_valid(authority, rec, None) {
            continue;
        }
        if authority.not_after < year_after(at) {
            let end = authority.not_after;
            let message = format!(
                "this authority expires at {end}, before one-year certificates that it signs now; renew it"
            );
            rec.fail(authority.label(), message).compared("at least a year left", format!("until {end}"));
        }
    }
}

fn year_after(moment: Timestamp) -> Timestamp {
    later(moment, 1.year())
}
