//! Shared subnet pools.

use scs_standards::written::shell::operand;
use scs_standards::{Edit, Fix, Object, Way};

use super::super::Rec;
use super::super::public_cloud::declared_public;
use super::address::Prefix;
use crate::subject::{Cloud, SubnetPool, source};

const POOLS: &str = source::SUBNET_POOLS.name;

/// The prefixes of a pool; records unreadable ones.
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

/// Whether a pool has an IP version, according to its field or its prefixes.
pub(super) fn is_of(pool: &SubnetPool, version: u8) -> bool {
    let by_prefix = || pool.prefixes.iter().any(|prefix| prefix.contains(':') == (version == 6));
    pool.ip_version.map_or_else(by_prefix, |known| known == version)
}

/// The shared pools of an IP version; `None` if an entry is unreadable, since it may be the relevant one.
pub(super) fn shared<'c>(cloud: &'c Cloud, rec: &mut Rec<'_>, version: u8) -> Option<Vec<&'c SubnetPool>> {
    let pools = rec.needs(&cloud.subnet_pools, source::SUBNET_POOLS)?;
    if !pools.report_unreadable(rec, POOLS) {
        return None;
    }
    let pools = pools.entries().iter().filter(|pool| is_of(pool, version));
    Some(pools.filter(|pool| pool.shared == Some(true)).collect())
}

/// The only default pool; records a finding if there is none or several.
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
            // From then on, its addresses count as external.
            finding.repaired_by(Fix::choose(
                "Which one is for external networks? If none is, create one.",
                pools.iter().map(|pool| defaulting(pool).when(format!("`{}`", name(pool)))),
            ));
        }
        several => {
            let names: Vec<String> = several.iter().map(|pool| format!("`{}`", name(pool))).collect();
            let message =
                format!("several shared IPv{version} subnet pools have `is_default`: {}", names.join(", "));
            let keep_default_on = |stays: &SubnetPool| {
                let others = several.iter().filter(|other| !std::ptr::eq(**other, stays));
                let (commands, edits): (Vec<String>, Vec<Vec<Edit>>) = others
                    .map(|other| set(other, "--no-default", false))
                    .map(|way| (way.command, way.edits))
                    .unzip();
                Way::new(commands.join(" && "), edits.into_iter().flatten())
                    .when(format!("`{}`", name(stays)))
            };
            rec.fail(POOLS, message).compared("one default pool", several.len()).repaired_by(Fix::choose(
                "Which one is for external networks? If none is, create one.",
                several.iter().map(|pool| keep_default_on(pool)),
            ));
        }
    }
    None
}

/// The command that makes a pool the default, or no longer the default.
fn set(pool: &SubnetPool, flag: &str, is_default: bool) -> Way {
    let (word, object) = match &pool.id {
        Some(id) => (id, Object::with_id(id)),
        None => (&pool.name, Object::named(&pool.name)),
    };
    let edit = Edit::set(POOLS, object, ["is_default"], is_default);
    Way::new(format!("openstack subnet pool set {flag} {}", operand(word)), [edit])
}

/// The number of subnets of the smallest size that fit into prefixes, capped at 64 bits. `smallest` is in /64s.
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
        let message = "there is no shared IPv6 subnet pool; create one with `openstack subnet pool create --share --default --default-prefix-length 64 --pool-prefix …`";
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
        rec.fail(subject, format!("its subnets are a /{least} at most, smaller than a /64"))
            .compared("min_prefixlen of 64 or less", least);
    }
    // Neutron counts the quota of IPv6 in /64s; the smallest subnet may be larger than that.
    let smallest = pool
        .max_prefixlen
        .filter(|most| *most < 64)
        .map_or(1_u64, |most| 1_u64 << (64 - u32::from(most)).min(63));
    // Unreadable prefixes are already recorded.
    if prefixes.len() == pool.prefixes.len() && room(&prefixes, smallest) == 1 {
        rec.fail(
            subject,
            "it only has room for one project's subnet, and each project must get at least a /64",
        )
        .compared("a prefix with room for a subnet per project", "room for one");
    }
    if let Some(quota) = pool.default_quota.filter(|quota| *quota < smallest) {
        rec.fail(
            subject,
            format!("its quota allows a project {quota} times a /64, and at least {smallest} are needed"),
        )
        .compared(format!("default_quota of {smallest} or more, or none"), quota);
    }
}

pub(super) fn ipv4_pool(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(mut pools) = shared(cloud, rec, 4) else { return };
    // In a public cloud, non-public addresses are not external; they are for networks within projects.
    if declared_public(rec) == Some(true) {
        let mut external = Vec::new();
        for pool in pools {
            let prefixes = prefixes(pool, rec);
            if pool.is_default != Some(true)
                && !prefixes.is_empty()
                && prefixes.iter().all(|prefix| prefix.not_public().is_some())
            {
                rec.note(name(pool), "its addresses are not public, so it is not an external pool");
            } else {
                external.push(pool);
            }
        }
        pools = external;
    }
    if pools.is_empty() {
        rec.note(POOLS, "there is no shared IPv4 subnet pool for external addresses, which is allowed");
        return;
    }
    default(rec, &pools, 4);
}
