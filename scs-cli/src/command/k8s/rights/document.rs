//! Rights, and what depends on them.

use jiff::civil::Date;
use schemars::JsonSchema;
use scs_kubernetes::{Granted, Probe, Right};
use scs_registry::explain::rules_without;
use scs_registry::{Kind, RuleWeight, Selection};
use scs_standards::Profile;
use serde::Serialize;
use serde_json::Value;

/// The rights for an inventory and for probes.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "The output of `scs k8s rights`")]
pub(crate) struct Document {
    /// The user, as the API server knows it; null without a cluster.
    pub(super) user: Option<String>,
    /// The version of SCS-compatible `KaaS` that says which rules decide; null if none is effective.
    pub(super) scope_version: Option<String>,
    /// The rights by part of the inventory.
    pub(super) rights: Vec<Row>,
    /// The given probes, and whether they can run.
    pub(super) probes: Vec<ProbeRow>,
    /// The objects that grant them, for `kubectl apply`.
    pub(super) manifests: Vec<Value>,
}

/// A right.
#[derive(Serialize, JsonSchema)]
pub(super) struct Row {
    /// The part of the inventory that needs it.
    pub(super) part: &'static str,
    /// The probe that needs it; omitted if the part is collected without a probe.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) probe: Option<&'static str>,
    /// Whether the probe runs without it, too.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) optional: bool,
    /// The right, such as `list pods in kube-system`.
    pub(super) right: String,
    /// Whether the user has it; null if it was not asked, or if the server could not tell.
    pub(super) allowed: Option<bool>,
    /// The reason why the server could not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) error: Option<String>,
    #[serde(flatten)]
    pub(super) rules: Needing,
}

/// The rules that cannot be decided without a part.
#[derive(Clone, Default, Serialize, JsonSchema)]
pub(super) struct Needing {
    /// The rules that can decide the verdict.
    pub(super) rules: Vec<&'static str>,
    /// The rules that are checked, but do not decide.
    pub(super) other_rules: Vec<&'static str>,
    /// The rules of drafts, which no certificate requires.
    pub(super) draft_rules: Vec<&'static str>,
}

/// Whether a probe can run.
#[derive(Serialize, JsonSchema)]
pub(super) struct ProbeRow {
    /// Its name.
    pub(super) probe: &'static str,
    /// Whether the user has all rights that it needs; null if it was not asked, or if the server could not tell.
    pub(super) can_run: Option<bool>,
    /// The rights that it needs and the user does not have.
    pub(super) missing: Vec<String>,
}

/// What says which rules decide.
#[derive(Clone, Copy)]
pub(super) struct Judged<'s> {
    pub(super) selection: &'s Selection<'s>,
    pub(super) profile: Profile,
    pub(super) day: Date,
}

impl Needing {
    /// The rules that need a part.
    fn part(part: &str, judged: Judged<'_>) -> Self {
        let mut needing = Self::default();
        let rules = rules_without(Kind::Cluster, part);
        let mut weighed: Vec<_> = rules
            .iter()
            .filter_map(|rule| Some((judged.selection.weight(rule, judged.profile, judged.day)?, rule.id)))
            .collect();
        // Two versions of a standard may each have a rule with the same id: its strongest weight counts.
        weighed.sort_by_key(|(weight, _)| *weight);
        let mut known = std::collections::BTreeSet::new();
        for (weight, id) in weighed.into_iter().filter(|(_, id)| known.insert(*id)) {
            match weight {
                RuleWeight::Decides => needing.rules.push(id),
                RuleWeight::Informs => needing.other_rules.push(id),
                RuleWeight::Draft => needing.draft_rules.push(id),
            }
        }
        needing
    }
}

impl Row {
    pub(super) fn of(right: &Right, granted: Option<&Granted>, judged: Judged<'_>) -> Self {
        let error = match granted {
            Some(Granted::Unknown(reason)) => Some(reason.clone()),
            _ => None,
        };
        let allowed = match granted {
            Some(Granted::Yes) => Some(true),
            Some(Granted::No) => Some(false),
            _ => None,
        };
        // A check without the probe decides its rules by other evidence.
        let rules =
            if right.probe.is_some() { Needing::default() } else { Needing::part(right.part, judged) };
        let (probe, optional) = (right.probe.map(Probe::name), right.optional);
        Self { part: right.part, probe, optional, right: right.to_string(), allowed, error, rules }
    }

    /// Whether something that was asked for fails without it: a rule that decides, or a probe.
    pub(super) fn is_needed(&self) -> bool {
        if self.probe.is_some() { !self.optional } else { !self.rules.rules.is_empty() }
    }
}

impl ProbeRow {
    pub(super) fn of(probe: Probe, rows: &[Row]) -> Self {
        let needed = || rows.iter().filter(|row| row.probe == Some(probe.name()) && row.is_needed());
        let missing: Vec<String> =
            needed().filter(|row| row.allowed == Some(false)).map(|row| row.right.clone()).collect();
        let is_known = needed().all(|row| row.allowed.is_some());
        let can_run = if missing.is_empty() { is_known.then_some(true) } else { Some(false) };
        Self { probe: probe.name(), can_run, missing }
    }
}
