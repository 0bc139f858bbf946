//! Shared pools of addresses.

use scs_standards::written::shell::operand;
use scs_standards::{Edit, Fix, Object, Way};

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
    if !pools.report_unreadable(rec, POOLS) {
        return None;
    }
    let pools = pools.entries().iter().filter(|pool| is_of(pool, version));
    Some(pools.filter(|pool| pool.shared == Some(true)).collect())
}

/// The one default pool; otherwise a finding says what is wrong.
fn default<'c>(rec: &mut Rec<'_>, pools: &[&'c SubnetPool], version: u8) -> Option<&'c SubnetPool> {
    let defaults: Vec<&SubnetPool> =
        pools.iter().copied().filter(|pool| pool.is_default == Some(true)).collect();
    match defaults.as_slice() {
        [only] => return Some(only),
        [] => {
            let names: Vec<String> = pools.iter().map(|pool| format!("`{}`", name(pool))).collect();
            let message = format!(
                "none of the shared IPv{version} subnet pools ({}) has `is_default`",
                names.join(", ")
            );
            let finding = rec.fail(POOLS, message).compared("one default pool", "none");
            let defaulting = |pool: &SubnetPool| set(pool, "--default", true);
            // Its addresses count as external ones from then on.
            finding.repaired_by(Fix::choose(
                "Which one is for networks that lead outside?",
                pools.iter().map(|pool| defaulting(pool).when(format!("`{}`", name(pool)))),
            ));
        }
        several => {
            let names: Vec<String> = several.iter().map(|pool| format!("`{}`", name(pool))).collect();
            let message =
                format!("several shared IPv{version} subnet pools have `is_default`: {}", names.join(", "));
            let leave_it_to = |stays: &SubnetPool| {
                let others = several.iter().filter(|other| !std::ptr::eq(**other, stays));
                let (commands, edits): (Vec<String>, Vec<Vec<Edit>>) = others
                    .map(|other| set(other, "--no-default", false))
                    .map(|way| (way.command, way.edits))
                    .unzip();
                Way::new(commands.join(" && "), edits.into_iter().flatten())
                    .when(format!("`{}`", name(stays)))
            };
            rec.fail(POOLS, message).compared("one default pool", several.len()).repaired_by(Fix::choose(
                "Which one is for networks that lead outside?",
                several.iter().map(|pool| leave_it_to(pool)),
            ));
        }
    }
    None
}

/// What makes a pool the default one, or takes that back.
fn set(pool: &SubnetPool, flag: &str, is_default: bool) -> Way {
    let (word, object) = match &pool.id {
        Some(id) => (id, Object::with_id(id)),
        None => (&pool.name, Object::named(&pool.name)),
    };
    let edit = Edit::set(POOLS, object, ["is_default"], is_default);
    Way::new(format!("openstack subnet pool set {flag} {}", operand(word)), [edit])
}

/// How many subnets of the smallest size prefixes have room for, as far as 64 bits can count. `smallest` is in /64s.
fn room(prefixes: &[Prefix], smallest: u64) -> u64 {
    let of_prefix = |prefix: &Prefix| match 64_u32.checked_sub(prefix.length().into()) {
        Some(bits) => 1_u64.checked_shl(bits).unwrap_or(u64::MAX) / smallest,
        None => 0,
    };
    prefixes.iter().map(of_prefix).fold(0, u64::saturating_add)
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
    // Where a prefix cannot be read, that is said already.
    if prefixes.len() == pool.prefixes.len() && room(&prefixes, smallest) == 1 {
        rec.fail(subject, "it has room for the subnet of one project, and each project gets at least a /64")
            .compared("a prefix with room for a subnet of each project", "room for one");
    }
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
                rec.note(
                    name(pool),
                    "its addresses are not public, so that it is not a pool of external ones",
                );
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
