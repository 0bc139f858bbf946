//! The endpoint URLs in the catalog.

use scs_standards::shell::quote;
use scs_standards::{Fix, Way};

use super::super::Rec;
use super::super::evidence::endpoints_not_given;
use crate::subject::{Cloud, Interface, source};

pub(super) fn public(cloud: &Cloud, rec: &mut Rec<'_>) {
    https(cloud, rec, Interface::Public);
}

pub(super) fn internal(cloud: &Cloud, rec: &mut Rec<'_>) {
    https(cloud, rec, Interface::Internal);
}

fn https(cloud: &Cloud, rec: &mut Rec<'_>, interface: Interface) {
    let Some(services) = rec.needs(&cloud.services, source::SERVICES) else { return };
    let report_unreadable = services.report_unreadable(rec, source::SERVICES.name);
    let mut some = false;
    for service in services.entries() {
        for endpoint in service.endpoints_of(interface) {
            some = true;
            let region = endpoint.place().map(|region| format!(" in {region}")).unwrap_or_default();
            let subject = format!("{} ({}{region})", service.r#type, interface.name());
            let Some(url) = endpoint.url.as_deref() else {
                rec.dnf(subject, "the endpoint has no URL");
                continue;
            };
            let scheme = url.split_once("://").map(|(scheme, _)| scheme.to_lowercase());
            if scheme.as_deref() == Some("https") {
                continue;
            }
            let scheme = scheme.unwrap_or_else(|| "no scheme".to_owned());
            let message =
                format!("`{url}` is not an https URL; enable TLS for the service and register the https URL");
            let finding = rec.fail(subject, message).compared("https", &scheme);
            if let (Some(id), Some(rest)) = (&endpoint.id, url.strip_prefix("http://")) {
                let url = format!("https://{rest}");
                let command = format!("openstack endpoint set --url {} {}", quote(&url), quote(id));
                finding.repaired_by(Fix::choose(
                    "Does the service respond over TLS at this URL? Otherwise enable TLS first: clients use the URL in the catalog.",
                    [Way::new(command, [])],
                ));
            }
        }
    }
    let without: Vec<&str> = services
        .entries()
        .iter()
        .filter(|service| service.endpoints.is_none())
        .map(|service| service.r#type.as_str())
        .collect();
    if !without.is_empty() {
        endpoints_not_given(rec, &without);
    } else if !some && report_unreadable {
        let message =
            format!("no service in the catalog has a {} endpoint, which proves nothing", interface.name());
        rec.dnf(source::SERVICES.name, message);
    }
}
