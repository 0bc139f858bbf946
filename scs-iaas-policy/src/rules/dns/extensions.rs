//! Neutron's DNS extensions, each of which includes the previous ones.

use super::super::Rec;
use super::threats::has_service;
use crate::subject::{Cloud, source};

const EXTENSIONS: &str = source::EXTENSIONS.name;

/// The extensions with the drivers that provide them, smallest first.
const ALL: &[(&str, &str)] = &[
    ("dns-integration", "dns"),
    ("dns-domain-ports", "dns_domain_ports"),
    ("subnet-dns-publish-fixed-ip", "subnet_dns_publish_fixed_ip"),
    ("dns-integration-domain-keywords", "dns_domain_keywords"),
];

/// Whether an extension, or one that includes it, is available.
fn offered(cloud: &Cloud, rec: &mut Rec<'_>, wanted: &str) {
    let Some(extensions) = rec.needs(&cloud.extensions, source::EXTENSIONS) else { return };
    let known = |alias: &str| extensions.entries().iter().any(|extension| extension.alias == alias);
    let mut including = ALL.iter().skip_while(|(alias, _)| *alias != wanted);
    let Some((_, driver)) = including.clone().next() else { return };
    match including.find(|(alias, _)| known(alias)) {
        Some((alias, _)) if *alias == wanted => {}
        Some((alias, _)) => {
            rec.note(EXTENSIONS, format!("`{alias}` includes `{wanted}`"));
        }
        None if !extensions.report_unreadable(rec, EXTENSIONS) => {}
        None => {
            let message = format!(
                "`{wanted}` is not offered; add `{driver}` to `[ml2] extension_drivers` in `ml2_conf.ini`"
            );
            rec.fail(EXTENSIONS, message).compared(wanted, "not offered");
        }
    }
}

pub(super) fn integration(cloud: &Cloud, rec: &mut Rec<'_>) {
    offered(cloud, rec, "dns-integration");
}

pub(super) fn domain_ports(cloud: &Cloud, rec: &mut Rec<'_>) {
    if has_service(cloud, rec) == Some(true) {
        offered(cloud, rec, "dns-domain-ports");
    }
}

pub(super) fn publish_fixed_ip(cloud: &Cloud, rec: &mut Rec<'_>) {
    if has_service(cloud, rec) == Some(true) {
        offered(cloud, rec, "subnet-dns-publish-fixed-ip");
    }
}
