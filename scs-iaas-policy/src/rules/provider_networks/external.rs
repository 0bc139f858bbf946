//! External addresses.

use super::super::Rec;
use super::super::public_cloud::{declared_public, is_public};
use super::address::Prefix;
use super::{networks, pools};
use crate::subject::{Cloud, Network, Subnet, source};

const QUOTAS: &str = source::QUOTAS.name;

/// The external prefixes: the subnets of external networks and of the default network, and the default shared pools. Other
/// shared networks and pools may be internal.
pub(super) fn public_addresses(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(all) = networks::of_provider(cloud, rec) else { return };
    let Some(subnets) = rec.needs(&cloud.subnets, source::SUBNETS) else { return };
    let Some(pools) = rec.needs(&cloud.subnet_pools, source::SUBNET_POOLS) else { return };
    subnets.report_unreadable(rec, source::SUBNETS.name);
    pools.report_unreadable(rec, source::SUBNET_POOLS.name);
    let mut prefixes: Vec<(String, Prefix)> = Vec::new();
    let mut unreadable = false;
    for network in all.into_iter().filter(|it| it.external == Some(true) || it.is_default == Some(true)) {
        for id in networks::not_given(subnets.entries(), network) {
            unreadable = true;
            let message = format!(
                "its subnet {id} is missing from `{}`; collect the subnets as an administrator",
                source::SUBNETS.name
            );
            rec.dnf(networks::name(network), message);
        }
        for subnet in networks::of_network(subnets.entries(), network) {
            let subject = format!("{} of {}", called(subnet), networks::name(network));
            match subnet.cidr.as_deref().unwrap_or_default().parse() {
                Ok(prefix) => prefixes.push((subject, prefix)),
                Err(reason) => {
                    unreadable = true;
                    rec.dnf(subject, reason);
                }
            }
        }
    }
    for pool in
        pools.entries().iter().filter(|pool| pool.shared == Some(true) && pool.is_default == Some(true))
    {
        let subject = format!("pool {}", pools::name(pool));
        prefixes.extend(pools::prefixes(pool, rec).into_iter().map(|prefix| (subject.clone(), prefix)));
    }
    if prefixes.is_empty() && !unreadable {
        rec.dnf(
            source::SUBNETS.name,
            "no external network in the inventory has a subnet, and no default pool has addresses",
        );
    }
    let others: Vec<(String, Prefix, String)> = prefixes
        .into_iter()
        .filter_map(|(subject, prefix)| prefix.not_public().map(|reason| (subject, prefix, reason)))
        .collect();
    if others.is_empty() {
        return;
    }
    // Whether the cloud is public only matters from here on.
    match declared_public(rec) {
        Some(true) => {
            for (subject, prefix, reason) in others {
                let kind = if prefix.is_v6() { "global unicast" } else { "public" };
                let message = format!("{prefix} is not {kind}: {reason}");
                rec.fail(subject, message).compared(format!("{kind} addresses"), prefix);
            }
        }
        Some(false) => {
            rec.note("addresses", "the cloud is private, so its external addresses need not be public");
        }
        None => {
            is_public(rec);
        }
    }
}

fn called(subnet: &Subnet) -> &str {
    match (&subnet.name, &subnet.id) {
        (name, Some(id)) if name.is_empty() => id,
        (name, _) => name,
    }
}

/// Whether a subnet has an IP version.
fn is_of(subnet: &Subnet, version: u8) -> bool {
    let by_address = || subnet.cidr.as_deref().is_some_and(|cidr| cidr.contains(':') == (version == 6));
    subnet.ip_version.map_or_else(by_address, |known| known == version)
}

/// Whether one of the networks has a subnet of an IP version; `None` if unknown.
fn has_subnet<'c>(
    cloud: &Cloud,
    networks: impl IntoIterator<Item = &'c Network>,
    version: u8,
) -> Option<bool> {
    let subnets = cloud.subnets.data()?;
    let mut complete = subnets.broken().is_empty();
    for network in networks {
        if networks::of_network(subnets.entries(), network).into_iter().any(|subnet| is_of(subnet, version)) {
            return Some(true);
        }
        complete &= networks::not_given(subnets.entries(), network).is_empty();
    }
    complete.then_some(false)
}

pub(super) fn ipv6(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(pools) = pools::shared(cloud, rec, 6) else { return };
    if pools.iter().any(|pool| !pool.prefixes.is_empty()) {
        return;
    }
    // Without a pool, servers can still get addresses from a shared network.
    let Some(all) = networks::of_provider(cloud, rec) else { return };
    let shared: Vec<&Network> = all.into_iter().filter(|network| network.shared == Some(true)).collect();
    let message = "there is neither a shared IPv6 subnet pool nor a shared network with IPv6, so projects get no external IPv6 addresses";
    if shared.is_empty() {
        rec.fail(source::SUBNET_POOLS.name, message).compared("a shared IPv6 subnet pool", "none");
        return;
    }
    let Some(subnets) = rec.needs(&cloud.subnets, source::SUBNETS) else { return };
    match has_subnet(cloud, shared, 6) {
        Some(true) => {
            rec.note(
                "networks",
                "servers get IPv6 addresses from a shared network, but there is no pool for project networks",
            );
        }
        Some(false) => {
            rec.fail(source::SUBNET_POOLS.name, message).compared("a shared IPv6 subnet pool", "none");
        }
        None => {
            subnets.report_unreadable(rec, source::SUBNETS.name);
            rec.dnf(source::SUBNETS.name, "some subnets of the shared networks are missing");
        }
    }
}

/// The floating IP quota; -1 means no limit. `None` if a finding was recorded instead.
fn limit(cloud: &Cloud, rec: &mut Rec<'_>) -> Option<i64> {
    let quotas = rec.needs(&cloud.quotas, source::QUOTAS)?;
    let limit = ["floatingip", "floating_ip", "floatingips", "floating-ips", "floating_ips"];
    let limit = limit.iter().find_map(|name| quotas.get(*name)).copied();
    if limit.is_none() {
        rec.dnf(QUOTAS, "the floating IP quota (`floatingip`) is missing");
    }
    limit
}

pub(super) fn ipv4(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(limit) = limit(cloud, rec) else { return };
    let of_pool = cloud.subnet_pools.data().is_some_and(|pools| {
        let mut shared = pools.entries().iter().filter(|pool| pool.shared == Some(true));
        shared.any(|pool| pools::is_of(pool, 4) && !pool.prefixes.is_empty())
    });
    if of_pool {
        return;
    }
    let known = cloud.networks.data().map(scs_standards::Listed::entries).unwrap_or_default();
    let shared = known.iter().filter(|network| network.shared == Some(true));
    if has_subnet(cloud, shared, 4) == Some(true) {
        return;
    }
    if limit == 0 {
        rec.fail(QUOTAS, "the quota allows no floating IPs, and there is no other external IPv4 address; raise it with `openstack quota set --floating-ips`")
            .compared("floatingip of 1 or more", limit);
        return;
    }
    // A quota alone does not offer addresses.
    let Some(networks) = networks::of_provider(cloud, rec) else { return };
    let external: Vec<&Network> =
        networks.iter().copied().filter(|network| network.external == Some(true)).collect();
    if external.is_empty() {
        rec.fail(
            "networks",
            "the quota allows floating IPs, but there is no external network to allocate them from",
        )
        .compared("an external network", "none");
        return;
    }
    match has_subnet(cloud, external, 4) {
        Some(true) => {}
        Some(false) => {
            rec.fail(
                "networks",
                "the quota allows floating IPs, but no external network has an IPv4 subnet to allocate them from",
            )
            .compared("an IPv4 subnet", "none");
        }
        None => {
            rec.note(
                "networks",
                "some subnets of the external networks are missing; assuming that one is IPv4, because of the quota",
            );
        }
    }
}

/// Whether IPv4 addresses are offered in any way; `None` if unknown.
fn offers_ipv4(cloud: &Cloud) -> Option<bool> {
    let pools = cloud.subnet_pools.data()?;
    let mut shared = pools.entries().iter().filter(|pool| pool.shared == Some(true));
    if shared.any(|pool| pools::is_of(pool, 4)) {
        return Some(true);
    }
    let networks = cloud.networks.data()?;
    let of_provider = networks.entries().iter().filter(|network| network.is_of_provider());
    let known = pools.broken().is_empty() && networks.broken().is_empty();
    has_subnet(cloud, of_provider, 4).filter(|offers| *offers || known)
}

pub(super) fn floating_ip(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(limit) = limit(cloud, rec) else { return };
    let offers = offers_ipv4(cloud);
    if offers == Some(false) {
        rec.note("networks", "no external IPv4 addresses are offered, which is allowed");
        return;
    }
    if limit == 0 {
        if offers == Some(true) {
            rec.fail(QUOTAS, "external IPv4 addresses are offered, but the quota allows no floating IPs; raise it with `openstack quota set --floating-ips`")
                .compared("floatingip of 1 or more", limit);
        } else {
            let message = "the quota allows no floating IPs; whether external IPv4 addresses are offered at all is unknown without `networks`, `subnets` and `subnet_pools`";
            rec.miss(QUOTAS, message);
        }
        return;
    }
    let Some(all) = networks::of_provider(cloud, rec) else { return };
    let Some(standard) = networks::standard(&all, rec) else { return };
    let subject = networks::name(standard);
    if standard.external == Some(false) {
        rec.fail(
            subject,
            "the standard provider network is not external, so floating IPs cannot come from it",
        )
        .compared("router:external = true", "false");
    } else if has_subnet(cloud, [standard], 4) == Some(false) {
        rec.fail(
            subject,
            "the standard provider network has no IPv4 subnet, so floating IPs cannot come from it",
        )
        .compared("an IPv4 subnet", "none");
    } else if has_subnet(cloud, [standard], 4).is_none() {
        rec.note(subject, "some of its subnets are missing; assuming that one is IPv4, because of the quota");
    }
}
