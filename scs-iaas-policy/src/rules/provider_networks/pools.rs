//! Shared pools of addresses.

use scs_standards::shell::quote;

use super::super::Rec;
use super::super::public_cloud::said_public;
use super::address::Prefix;
use crate::subject::{Cloud, SubnetPool, source};

const POOLS: &str = source::SUBNET_POOLS.name;

/// The prefixes of a pool; those that cannot be read are recorded.
pub(super) fn prefixes(pool: &SubnetPool, rec: &mut Rec<'_>) -> Vec<Prefix> {
    let mut read = Vec::new();
    for text in &pool.prefixes {
        match text.parse() {
            Ok(prefix) => read.push(prefix),
            Err(reason) => {
                rec.dnf(name(pool), reason);
            }
        }
    }
    read
}

pub(super) fn name(pool: &SubnetPool) -> &str {
    match (&pool.name, &pool.id) {
        (name, Some(id)) if name.is_empty() => id,
        (name, _) => name,
    }
}

/// Whether a pool is of a version of IP, by what it says or by its prefixes.
pub(super) fn is_of(pool: &SubnetPool, version: u8) -> bool {
    let by_prefix = || pool.prefixes.iter().any(|prefix| prefix.contains(':') == (version == 6));
    pool.ip_version.map_or_else(by_prefix, |known| known == version)
}

/// The shared pools of a version of IP; nothing where one of the list cannot be read, as it may be the one looked for.
pub(super) fn shared<'c>(cloud: &'c Cloud, rec: &mut Rec<'_>, version: u8) -> Option<Vec<&'c SubnetPool>> {
    let pools = rec.needs(&cloud.subnet_pools, source::SUBNET_POOLS)?;
    if !pools.all_read(rec, POOLS) {
        return None;
    }
    let pools = pools.entries().iter().filter(|pool| is_of(pool, version));
    Some(pools.filter(|pool| pool.shared == Some(true)).collect())
}

/// The one default pool; otherwise a finding says what is wrong.
fn default<'c>(rec: &mut Rec<'_>, pools: &[&'c SubnetPool], version: u8) -> Option<&'c SubnetPool> {
    let defaults: Vec<&SubnetPool> =
        pools.iter().copied().filter(|pool| pool.is_default == Some(true)).collect();
    let reference = |pool: &SubnetPool| quote(pool.id.as_deref().unwrap_or(&pool.name));
    match defaults.as_slice() {
        [only] => return Some(only),
        [] => {
            let names: Vec<String> = pools.iter().map(|pool| format!("`{}`", name(pool))).collect();
            let message = format!(
                "none of the shared IPv{version} subnet pools ({}) has `is_default`",
                names.join(", ")
            );
            let finding = rec.fail(POOLS, message).compared("one default pool", "none");
            if let [only] = pools {
                finding.fixed_by(format!("openstack subnet pool set --default {}", reference(only)));
            }
        }
        [_, others @ ..] => {
            let names: Vec<String> = defaults.iter().map(|pool| format!("`{}`", name(pool))).collect();
            let message =
                format!("several shared IPv{version} subnet pools have `is_default`: {}", names.join(", "));
            let commands: Vec<String> = others
                .iter()
                .map(|pool| format!("openstack subnet pool set --no-default {}", reference(pool)))
                .collect();
            rec.fail(POOLS, message)
                .compared("one default pool", defaults.len())
                .fixed_by(commands.join(" && "));
        }
    }
    None
}

pub(super) fn ipv6_pool(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(pools) = shared(cloud, rec, 6) else { return };
    if pools.is_empty() {
        let message = "there is no shared IPv6 subnet pool; make one with `openstack subnet pool create --share --default --default-prefix-length 64 --pool-prefix …`";
        rec.fail(POOLS, message).compared("one shared default pool", "none");
        return;
    }
    let Some(pool) = default(rec, &pools, 6) else { return };
    let subject = name(pool);
    let prefixes = prefixes(pool, rec);
    if !prefixes.is_empty() && prefixes.iter().all(|prefix| prefix.length() > 64) {
        rec.fail(subject, "none of its prefixes has room for a /64")
            .compared("a /64 or shorter", prefixes.len());
    } else if prefixes.is_empty() && pool.prefixes.is_empty() {
        rec.fail(subject, "it has no addresses (`prefixes`)");
    }
    if let Some(least) = pool.min_prefixlen.filter(|least| *least > 64) {
        rec.fail(subject, format!("its subnets have at most a /{least}, which is less than a /64"))
            .compared("min_prefixlen of 64 or less", least);
    }
    // Neutron counts the quota of IPv6 in /64s; the smallest subnet may be larger than that.
    let smallest = pool
        .max_prefixlen
        .filter(|most| *most < 64)
        .map_or(1_u64, |most| 1_u64 << (64 - u32::from(most)).min(63));
    if let Some(quota) = pool.default_quota.filter(|quota| *quota < smallest) {
        rec.fail(
            subject,
            format!("a project may take {quota} times a /64 from it, and needs at least {smallest}"),
        )
        .compared(format!("default_quota of {smallest} or more, or none"), quota);
    }
}

pub(super) fn ipv4_pool(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(mut pools) = shared(cloud, rec, 4) else { return };
    // In a public cloud, what is not public is not external: a pool for networks within the projects.
    if said_public(rec) == Some(true) {
        let mut external = Vec::new();
        for pool in pools {
            let prefixes = prefixes(pool, rec);
            if pool.is_default != Some(true)
                && !prefixes.is_empty()
                && prefixes.iter().all(|prefix| prefix.not_public().is_some())
            {
                rec.note(name(pool), "its addresses are not public, so that it is none for external ones");
            } else {
                external.push(pool);
            }
        }
        pools = external;
    }
    if pools.is_empty() {
        rec.note(
            POOLS,
            "there is no shared IPv4 subnet pool for external addresses, and there need not be one",
        );
        return;
    }
    default(rec, &pools, 4);
}
