//! The provider's networks.

use scs_standards::shell::quote;

use super::super::Rec;
use crate::subject::{Cloud, Network, Subnet, source};

const NETWORKS: &str = source::NETWORKS.name;

/// The provider's networks that the project sees. Where one of the list cannot be read, nothing is said of the others: it
/// may be the one that is looked for.
pub(super) fn of_provider<'c>(cloud: &'c Cloud, rec: &mut Rec<'_>) -> Option<Vec<&'c Network>> {
    let networks = rec.needs(&cloud.networks, source::NETWORKS)?;
    let of_provider = networks.entries().iter().filter(|network| network.is_of_provider());
    networks.all_read(rec, NETWORKS).then(|| of_provider.collect())
}

/// What a network is called.
pub(super) fn name(network: &Network) -> &str {
    match (&network.name, &network.id) {
        (name, Some(id)) if name.is_empty() => id,
        (name, _) => name,
    }
}

fn names(networks: &[&Network]) -> String {
    networks.iter().map(|network| format!("`{}`", name(network))).collect::<Vec<_>>().join(", ")
}

/// The id, or else the name, for a command.
fn reference(network: &Network) -> String {
    quote(network.id.as_deref().unwrap_or(&network.name))
}

/// The standard provider network: the default one, or else the only one. Where it cannot be said which it is, a finding
/// says so.
pub(super) fn standard<'c>(networks: &[&'c Network], rec: &mut Rec<'_>) -> Option<&'c Network> {
    let defaults: Vec<&Network> =
        networks.iter().copied().filter(|network| network.is_default == Some(true)).collect();
    match (defaults.as_slice(), networks) {
        ([only], _) | ([], [only]) => Some(only),
        (_, []) => {
            rec.fail(NETWORKS, "the project sees no provider network, neither an external nor a shared one");
            None
        }
        ([], several) | (several, _) => {
            let message = format!(
                "which of {} is the standard provider network cannot be said; see scs-0126-default-network",
                names(several)
            );
            rec.dnf(NETWORKS, message);
            None
        }
    }
}

pub(super) fn default_network(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(networks) = of_provider(cloud, rec) else { return };
    let defaults: Vec<&Network> =
        networks.iter().copied().filter(|network| network.is_default == Some(true)).collect();
    match (defaults.as_slice(), networks.as_slice()) {
        ([_], _) => {}
        ([], []) => {
            rec.fail(NETWORKS, "the project sees no provider network, neither an external nor a shared one");
        }
        ([], some) => {
            let externals: Vec<&&Network> =
                some.iter().filter(|network| network.external == Some(true)).collect();
            if !externals.is_empty() && externals.iter().all(|network| network.is_default.is_none()) {
                let message = "`is_default` is not shown of the external networks; give what the API returns (`openstack network show -f json`)";
                rec.dnf(NETWORKS, message);
                return;
            }
            let message = format!("none of {} has `is_default`", names(some));
            let finding = rec.fail(NETWORKS, message).compared("one default network", "none");
            if let [only] = externals.as_slice() {
                finding.fixed_by(format!("openstack network set --default {}", reference(only)));
            }
        }
        (several, _) => {
            let message = format!("{} have `is_default`; leave it to one of them", names(several));
            let finding = rec.fail(NETWORKS, message).compared("one default network", several.len());
            // The first external one stays.
            let stays = several.iter().position(|network| network.external == Some(true)).unwrap_or(0);
            let others = several.iter().enumerate().filter(|(place, _)| *place != stays);
            let command = |(_, network): (usize, &&Network)| {
                format!("openstack network set --no-default {}", reference(network))
            };
            finding.fixed_by(others.map(command).collect::<Vec<_>>().join(" && "));
        }
    }
}

pub(super) fn only_network(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(networks) = of_provider(cloud, rec) else { return };
    match networks.as_slice() {
        [_] => {}
        [] => {
            rec.fail(NETWORKS, "the project sees no provider network, neither an external nor a shared one");
        }
        several => {
            let message = format!("the project sees several provider networks: {}", names(several));
            rec.fail(NETWORKS, message).compared("one", several.len());
        }
    }
}

pub(super) fn external(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(networks) = of_provider(cloud, rec) else { return };
    let Some(network) = standard(&networks, rec) else { return };
    match network.external {
        Some(true) => {}
        Some(false) => {
            let message =
                "the standard provider network is not external; routers cannot have it as their gateway";
            rec.fail(name(network), message)
                .compared("router:external = true", "false")
                .fixed_by(format!("openstack network set --external {}", reference(network)));
        }
        None => {
            rec.dnf(name(network), "`router:external` is not shown of the standard provider network");
        }
    }
}

pub(super) fn shared_port_security(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(networks) = of_provider(cloud, rec) else { return };
    let Some(network) = standard(&networks, rec) else { return };
    let subject = name(network);
    match network.shared {
        Some(true) => {}
        Some(false) => {
            rec.note(subject, "the standard provider network is not shared, so that no servers attach to it");
            return;
        }
        None => {
            rec.dnf(subject, "`shared` is not shown of the standard provider network");
            return;
        }
    }
    match network.port_security_enabled {
        Some(true) => {}
        Some(false) => {
            let message = "the standard provider network is shared and has no port security; servers can pretend to be others";
            rec.fail(subject, message)
                .compared("port_security_enabled = true", "false")
                .fixed_by(format!("openstack network set --enable-port-security {}", reference(network)));
        }
        None => {
            rec.dnf(subject, "`port_security_enabled` is not shown of the standard provider network");
        }
    }
    if network.subnets.is_empty() {
        let known =
            cloud.subnets.data().is_some_and(|subnets| !of_network(subnets.entries(), network).is_empty());
        if !known {
            let message = "the standard provider network is shared and has no subnet, so that servers get no addresses from it";
            rec.fail(subject, message).compared("a subnet", "none");
        }
    }
}

/// The subnets of a network.
pub(super) fn of_network<'c>(subnets: &'c [Subnet], network: &Network) -> Vec<&'c Subnet> {
    let is_of = |subnet: &&Subnet| {
        let by_network = network.id.is_some() && subnet.network_id == network.id;
        by_network || subnet.id.as_ref().is_some_and(|id| network.subnets.contains(id))
    };
    subnets.iter().filter(is_of).collect()
}

/// The ids of subnets of a network that are not among those given: users do not see all subnets of external networks.
pub(super) fn not_given<'c>(subnets: &[Subnet], network: &'c Network) -> Vec<&'c str> {
    let known = |id: &str| subnets.iter().any(|subnet| subnet.id.as_deref() == Some(id));
    network.subnets.iter().map(String::as_str).filter(|id| !known(id)).collect()
}
