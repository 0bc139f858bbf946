//! The services in the catalog, since rules for all services need the configuration of each.

use std::collections::BTreeMap;

use super::super::Rec;
use super::super::evidence::is_empty;
use crate::config::service_within;
use crate::subject::{Cloud, Service, source};

/// Service types, by the project that the configuration belongs to.
const PROJECTS: &[(&str, &[&str])] = &[
    ("aodh", &["alarm", "alarming"]),
    ("barbican", &["key-manager"]),
    ("blazar", &["reservation"]),
    ("cinder", &["block-storage", "volumev3", "volumev2", "volume", "block-store"]),
    ("cloudkitty", &["rating", "billing"]),
    ("cyborg", &["accelerator"]),
    ("designate", &["dns"]),
    ("freezer", &["backup"]),
    ("glance", &["image"]),
    ("gnocchi", &["metric", "time-series-database"]),
    ("heat", &["orchestration", "cloudformation"]),
    ("ironic", &["baremetal", "bare-metal", "baremetal-introspection"]),
    ("keystone", &["identity"]),
    ("magnum", &["container-infra", "container-infrastructure", "container-infrastructure-management"]),
    ("manila", &["shared-file-system", "shared-file-systems", "sharev2", "share"]),
    ("masakari", &["instance-ha", "ha"]),
    ("mistral", &["workflow", "workflowv2"]),
    ("murano", &["application-catalog"]),
    ("neutron", &["network"]),
    ("nova", &["compute", "compute_legacy"]),
    ("octavia", &["load-balancer", "loadbalancer"]),
    ("placement", &["placement"]),
    ("sahara", &["data-processing"]),
    ("senlin", &["clustering", "resource-cluster"]),
    ("tacker", &["nfv-orchestration"]),
    ("trove", &["database"]),
    ("vitrage", &["rca", "root-cause-analysis"]),
    ("watcher", &["infra-optim", "resource-optimization"]),
    ("zaqar", &["messaging", "message", "messaging-websocket"]),
    ("zun", &["container", "application-container"]),
];

/// The project of a service, by type or name; `None` for services without this kind of configuration, such as Swift.
fn project_of(service: &Service) -> Option<&'static str> {
    let by_type = PROJECTS.iter().find(|(_, types)| types.contains(&service.r#type.as_str()));
    by_type.map(|(project, _)| *project).or_else(|| service_within(service.name.as_deref()?))
}

/// The projects of the services in the catalog, each with its type; `None` if a finding was recorded instead.
pub(super) fn of_catalog(cloud: &Cloud, rec: &mut Rec<'_>) -> Option<BTreeMap<&'static str, String>> {
    let services = rec.needs(&cloud.services, source::SERVICES)?;
    if is_empty(cloud, rec) {
        return None;
    }
    services.report_unreadable(rec, source::SERVICES.name);
    let projects = services.entries().iter().filter_map(|it| Some((project_of(it)?, it.r#type.clone())));
    Some(projects.collect())
}

/// Projects without a database of this kind.
pub(super) const WITHOUT_DATABASE: &[&str] = &["ceilometer"];
/// Projects that never send messages.
pub(super) const WITHOUT_MESSAGES: &[&str] = &["placement", "gnocchi"];
/// Projects for which messages are optional: they only send notifications.
pub(super) const OPTIONAL_MESSAGES: &[&str] =
    &["barbican", "glance", "ironic", "keystone", "zaqar", "freezer"];
