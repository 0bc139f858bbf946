//! scs-0126-v1: provider networks.

pub(super) mod address;
mod external;
mod networks;
mod pools;
mod sharing;

use scs_standards::{DocumentId, Heading, Level, Rule};

use super::public_cloud::{KINDS, PUBLIC_CLOUD};
use crate::subject::Cloud;

const DOCUMENTS: &[DocumentId] = &[DocumentId::version(126, 1)];

const fn heading(section: &'static str) -> Heading {
    Heading { documents: DOCUMENTS, section }
}

const ADDRESSES: Heading = heading("External Addresses");
const NETWORK: Heading = heading("Standard Provider Network");
const IPV6: Heading = heading("IPv6 Allocation");
const IPV4: Heading = heading("IPv4 Allocation");
/// The supplement shows the policy.
const RBAC: Heading = Heading {
    documents: &[DocumentId::version(126, 1), DocumentId::supplement(126, 1)],
    section: "RBAC Restrictions",
};

/// The rules for provider networks.
pub(crate) static RULES: &[Rule<Cloud>] = &[
    ADDRESSES
        .rule(
            "scs-0126-public-addresses",
            Level::Must,
            "external addresses of a public cloud are public IPv4 or global unicast IPv6 addresses",
            external::public_addresses,
        )
        .asking_about(PUBLIC_CLOUD, KINDS, "public"),
    ADDRESSES.rule(
        "scs-0126-ipv6-offered",
        Level::Must,
        "projects can get external IPv6 addresses",
        external::ipv6,
    ),
    ADDRESSES.rule(
        "scs-0126-ipv4-offered",
        Level::Should,
        "projects can get external IPv4 addresses",
        external::ipv4,
    ),
    NETWORK.rule(
        "scs-0126-default-network",
        Level::Must,
        "exactly one provider network is the default",
        networks::default_network,
    ),
    NETWORK.rule(
        "scs-0126-only-network",
        Level::Should,
        "the standard provider network is the only provider network",
        networks::only_network,
    ),
    NETWORK.rule(
        "scs-0126-external",
        Level::Must,
        "the standard provider network is external, so routers can use it as their gateway",
        networks::external,
    ),
    NETWORK.rule(
        "scs-0126-shared-port-security",
        Level::Must,
        "a shared standard provider network has addresses to allocate and port security",
        networks::shared_port_security,
    ),
    IPV6.rule(
        "scs-0126-ipv6-pool",
        Level::Must,
        "one shared IPv6 subnet pool is the default and gives each project at least a /64",
        pools::ipv6_pool,
    ),
    IPV4.rule(
        "scs-0126-fip",
        Level::Must,
        "if IPv4 is offered, each project gets at least one floating IP from the standard provider network",
        external::floating_ip,
    ),
    IPV4.rule(
        "scs-0126-ipv4-pool",
        Level::Must,
        "a shared IPv4 subnet pool, if any, is the only default pool",
        pools::ipv4_pool,
    ),
    RBAC.rule(
        "scs-0126-rbac",
        Level::Should,
        "ordinary users cannot share networks with other projects",
        sharing::rbac,
    )
    .asking(
        "the outcome of creating a Networking RBAC rule as an ordinary user, `refused` or `created`",
        "refused",
    ),
];
