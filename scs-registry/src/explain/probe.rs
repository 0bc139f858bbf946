//! Live probes.

use serde::Serialize;

use super::document::RuleRow;
use crate::kind::Kind;
use crate::registry::Registry;

/// A live probe: it creates something in a cloud or a cluster, uses it and deletes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ProbeTopic {
    /// The name, as for `scs check --probe`.
    pub name: String,
    /// `cloud` or `cluster`.
    pub about: &'static str,
    /// The part of the inventory that it fills.
    pub part: String,
    /// What it does. The collectors know that; empty without them.
    pub plan: String,
    /// The rights that it needs.
    pub rights: Vec<String>,
    /// How what it created is deleted.
    pub cleanup: String,
    /// The rules that its result answers.
    pub rules: Vec<RuleRow>,
}

/// A row of the table.
struct Probe {
    name: &'static str,
    kind: Kind,
    part: &'static str,
    /// The ids of the rules that read the part.
    rules: &'static [&'static str],
}

const fn cloud(name: &'static str, part: &'static str, rules: &'static [&'static str]) -> Probe {
    Probe { name, kind: Kind::Cloud, part, rules }
}

const fn cluster(name: &'static str, part: &'static str, rules: &'static [&'static str]) -> Probe {
    Probe { name, kind: Kind::Cluster, part, rules }
}

/// All probes.
static PROBES: &[Probe] = &[
    cloud("key-manager", "secrets", &["scs-0116-permissions", "scs-0116-policy-creator"]),
    cloud("backup", "backup", &["scs-0117-test-backup", "scs-0117-api"]),
    cloud("s3", "s3", &["scs-0123-swift-s3"]),
    cloud(
        "vm",
        "console_output",
        &[
            "scs-0101-entropy-avail",
            "scs-0101-fips-test",
            "scs-0101-cpu-rng",
            "scs-0101-cpu-rng-unfiltered",
            "scs-0101-kernel",
            "scs-0101-rngd",
            "scs-0101-hwrng-present",
        ],
    ),
    cloud(
        "security-group",
        "security_group_rules_of_new_group",
        &["scs-0115-default-rules", "scs-0115-existing-groups"],
    ),
    cluster("pvc", "pvc_probe", &["scs-0211-pvc-works", "scs-0211-rwo"]),
    cluster("pod-security", "pod_security_probe", &["scs-0217-pss-baseline", "scs-0217-pss-enforce"]),
    cluster("network-policy", "network_policy_probe", &["scs-0219-api"]),
];

/// The names of all probes.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    PROBES.iter().map(|probe| probe.name)
}

/// The name of the probe that fills a part.
pub(super) fn of_part(kind: Kind, part: &str) -> Option<&'static str> {
    PROBES.iter().find(|probe| probe.kind == kind && probe.part == part).map(|probe| probe.name)
}

impl ProbeTopic {
    /// A probe; `None` if the name is unknown.
    pub(super) fn new(registry: &Registry, name: &str) -> Option<Self> {
        let probe = PROBES.iter().find(|probe| probe.name == name)?;
        let rules = probe.rules.iter().flat_map(|id| registry.rule(id));
        Some(Self {
            name: probe.name.to_owned(),
            about: probe.kind.name(),
            part: probe.part.to_owned(),
            plan: String::new(),
            rights: Vec::new(),
            cleanup: String::new(),
            rules: rules.map(RuleRow::new).collect(),
        })
    }
}
