//! Provider networks.

use scs_standards::written::shell::operand;
use scs_standards::{Edit, Fix, Object, Way};

use super::super::Rec;
use crate::subject::{Cloud, Network, Subnet, source};

const NETWORKS: &str = source::NETWORKS.name;

/// The provider networks that the project sees; `None` if an entry is unreadable, since it may be the relevant one.
pub(super) fn of_provider<'c>(cloud: &'c Cloud, rec: &mut Rec<'_>) -> Option<Vec<&'c Network>> {
    let networks = rec.needs(&cloud.networks, source::NETWORKS)?;
    let of_provider = networks.entries().iter().filter(|network| network.is_of_provider());
    networks.report_unreadable(rec, NETWORKS).then(|| of_provider.collect())
}

/// The display name of a network.
pub(super) fn name(network: &Network) -> &str {
    match (&network.name, &network.id) {
        (name, Some(id)) if name.is_empty() => id,
        (name, _) => name,
    }
}

fn names(networks: &[&Network]) -> String {
    networks.iter().map(|network| format!("`{}`", name(network))).collect::<Vec<_>>().join(", ")
}

/// The command that sets an attribute of a network.
fn set(network: &Network, flag: &str, attribute: &str, value: bool) -> Way {
    let (word, object) = match &network.id {
        Some(id) => (id, Object::with_id(id)),
        None => (&network.name, Object::named(&network.name)),
    };
    let edit = Edit::set(NETWORKS, object, [attribute], value);
    Way::new(format!("openstack network set {flag} {}", operand(word)), [edit])
}

/// The commands that keep `is_default` on only one of several networks.
fn keep_default_on(network: &Network, all: &[&Network]) -> Way {
    let others = all.iter().filter(|other| !std::ptr::eq(**other, network));
    let (commands, edits): (Vec<String>, Vec<Vec<Edit>>) = others
        .map(|other| set(other, "--no-default", "is_default", false))
        .map(|way| (way.command, way.edits))
        .unzip();
    Way::new(commands.join(" && "), edits.into_iter().flatten())
        .when(format!("`{}` is the standard provider network", name(network)))
}

/// The standard provider network: the default one, or the only one. Records a finding if it cannot be determined.
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
                "cannot tell which of {} is the standard provider network; see scs-0126-default-network",
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
                let message = "the external networks have no `is_default` field; provide the API's answer (`openstack network show -f json`)";
                rec.dnf(NETWORKS, message);
                return;
            }
            let message = format!("none of {} has `is_default`", names(some));
            let finding = rec.fail(NETWORKS, message).compared("one default network", "none");
            let defaulting = |network: &&&Network| {
                set(network, "--default", "is_default", true).when(format!("`{}`", name(network)))
            };
            match externals.as_slice() {
                // A network that only some projects may use does not count.
                [only] if externals.len() == some.len() => {
                    finding.repaired_by(Fix::Safe(set(only, "--default", "is_default", true)));
                }
                [] => {}
                several => {
                    finding.repaired_by(Fix::choose(
                        "Which one is the standard provider network? If none is, create one.",
                        several.iter().map(defaulting),
                    ));
                }
            }
        }
        (several, _) => {
            let message = format!("{} have `is_default`; keep it on one of them only", names(several));
            let finding = rec.fail(NETWORKS, message).compared("one default network", several.len());
            finding.repaired_by(Fix::choose(
                "Which one is the standard provider network? If none is, create one.",
                several.iter().map(|network| keep_default_on(network, several)),
            ));
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
                "the standard provider network is not external, so routers cannot use it as their gateway";
            rec.fail(name(network), message).compared("router:external = true", "false").repaired_by(
                Fix::choose(
                    "Is the network connected to the outside? Otherwise make another network the default.",
                    [set(network, "--external", "router:external", true).when("it is")],
                ),
            );
        }
        None => {
            rec.dnf(name(network), "the standard provider network has no `router:external` field");
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
            rec.note(subject, "the standard provider network is not shared, so no servers attach to it");
            return;
        }
        None => {
            rec.dnf(subject, "the standard provider network has no `shared` field");
            return;
        }
    }
    match network.port_security_enabled {
        Some(true) => {}
        Some(false) => {
            let message = "the standard provider network is shared and has no port security, so servers can spoof addresses";
            rec.fail(subject, message)
                .compared("port_security_enabled = true", "false")
                .repaired_by(Fix::choose(
                    "This applies to ports created from then on. Can all servers, such as routers, work with port security on their new ports? Otherwise move those that cannot to another network first.",
                    [set(network, "--enable-port-security", "port_security_enabled", true).when("they can")],
                ));
        }
        None => {
            rec.dnf(subject, "the standard provider network has no `port_security_enabled` field");
        }
    }
    let known = cloud.subnets.data();
    let subnets = known.map(|subnets| of_network(subnets.entries(), network)).unwrap_or_default();
    if network.subnets.is_empty() && subnets.is_empty() {
        match known {
            // An unreadable subnet may belong to this network.
            Some(known) if !known.broken().is_empty() => {
                known.report_unreadable(rec, source::SUBNETS.name);
            }
            _ => {
                let message = "the standard provider network is shared and has no subnet, so servers get no addresses from it";
                rec.fail(subject, message).compared("a subnet", "none");
            }
        }
    } else if !subnets.is_empty() && subnets.iter().all(|subnet| subnet.enable_dhcp == Some(false)) {
        let message =
            "none of its subnets has DHCP, so servers do not learn the addresses allocated to their ports";
        rec.warn(subject, message).compared("enable_dhcp = true", "false");
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

/// The ids of a network's subnets that the inventory does not have: users do not see all subnets of external networks.
pub(super) fn not_given<'c>(subnets: &[Subnet], network: &'c Network) -> Vec<&'c str> {
    let known = |id: &str| subnets.iter().any(|subnet| subnet.id.as_deref() == Some(id));
    network.subnets.iter().map(String::as_str).filter(|id| !known(id)).collect()
}
