//! The zone and region of nodes without labels, as far as known.

use std::collections::BTreeMap;

use jiff::civil::Date;
use scs_standards::{CLUSTER, Declarations, DeclaredValue, Fact, is_vacuous};

use super::{ShownPlace, TopologyLabel};
use crate::subject::{Cluster, Node};

/// The rule whose declaration has the plan.
const PLAN: &str = "scs-0214-labels-current";
/// The rule whose declaration has the zones of the control plane.
const ZONES: &str = "scs-0214-cp-zones";
/// Cinder's default zone, regardless of Nova's zones.
const DEFAULT_ZONE: &str = "nova";

/// The planned place of a node.
pub(crate) struct Planned<'v> {
    zone: &'v str,
    region: Option<&'v str>,
}

impl<'v> Planned<'v> {
    pub(crate) fn places(&self) -> impl Iterator<Item = (TopologyLabel, &'v str)> {
        let region = self.region.map(|region| (TopologyLabel::Region, region));
        std::iter::once((TopologyLabel::Zone, self.zone)).chain(region)
    }

    fn of(&self, label: TopologyLabel) -> Option<&'v str> {
        match label {
            TopologyLabel::Zone => Some(self.zone),
            TopologyLabel::Region => self.region,
        }
    }
}

/// The plan, if the value is valid.
pub(crate) fn plan(value: &DeclaredValue) -> Option<BTreeMap<&str, Planned<'_>>> {
    let DeclaredValue::Facts(facts) = value else { return None };
    let filled = |value: &'_ DeclaredValue| value.text().is_some_and(|text| !is_vacuous(text));
    let mut plan = BTreeMap::new();
    for (node, place) in facts {
        let zone = place.fact("zone").unwrap_or(place);
        let region = place.fact("region");
        if !filled(zone) || region.is_some_and(|region| !filled(region)) {
            return None;
        }
        let planned = Planned { zone: zone.text()?, region: region.and_then(DeclaredValue::text) };
        plan.insert(node.as_str(), planned);
    }
    (!plan.is_empty()).then_some(plan)
}

/// A value for a missing label of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Place<'c> {
    /// Other labels show it, without contradiction.
    Shown(&'c str),
    /// The plan has it, but no label does.
    Planned(&'c str),
    /// Unknown.
    Unknown,
}

/// The known places of all nodes.
pub(crate) struct Places<'c> {
    nodes: &'c [Node],
    plan: BTreeMap<&'c str, Planned<'c>>,
    /// The declared zones of the control plane.
    zones: Option<&'c [String]>,
}

impl<'c> Places<'c> {
    /// The places according to nodes and declarations valid on a date.
    pub(crate) fn of(cluster: &'c Cluster, declarations: &'c Declarations, today: Date) -> Self {
        let declared = |rule: &str| match Fact::of(declarations, rule, CLUSTER, today) {
            Fact::Declared(value) => Some(value),
            Fact::Undeclared | Fact::Unusable(_) => None,
        };
        Self {
            nodes: cluster.nodes.data().map_or(&[][..], |nodes| nodes.entries()),
            plan: declared(PLAN).and_then(plan).unwrap_or_default(),
            zones: declared(ZONES).and_then(DeclaredValue::list),
        }
    }

    /// The place of a node with a missing label.
    pub(crate) fn of_node(&self, node: &'c Node, label: TopologyLabel) -> Place<'c> {
        let shown = self.shown(node, label);
        let planned = self.plan.get(node.name.as_str()).and_then(|planned| planned.of(label));
        match (shown, planned) {
            (Some(shown), None) => Place::Shown(shown),
            (Some(shown), Some(planned)) if shown == planned => Place::Shown(shown),
            (_, Some(planned)) => Place::Planned(planned),
            (None, None) => Place::Unknown,
        }
    }

    /// The value in other labels of a node, if they agree with each other, with other nodes and with the declarations.
    fn shown(&self, node: &'c Node, label: TopologyLabel) -> Option<&'c str> {
        let value = label.shown(node)?.value;
        let agrees =
            label.shown_by(node).all(|shown| shown.value == value && self.is_trusted(node, label, shown));
        (agrees && self.is_of_zones(node, label, value) && self.is_of_one_region(node, label, value))
            .then_some(value)
    }

    /// Whether another label is equivalent to the label: on all nodes that have both. Cinder's only zone proves nothing,
    /// unless a node shows that it is a zone.
    fn is_trusted(&self, node: &Node, label: TopologyLabel, shown: ShownPlace<'_>) -> bool {
        let others = self.nodes.iter().filter(|other| other.name != node.name);
        let mut pairs = others.filter_map(|other| Some((other.label(shown.label)?, label.of(other)?)));
        let is_default = shown.label != label.deprecated_key() && shown.value == DEFAULT_ZONE;
        let is_confirmed = pairs.clone().any(|(own, real)| own == shown.value && real == shown.value);
        pairs.all(|(own, real)| own == real) && (!is_default || is_confirmed)
    }

    /// Whether a control-plane node would be in one of the zones declared for it.
    fn is_of_zones(&self, node: &Node, label: TopologyLabel, value: &str) -> bool {
        label != TopologyLabel::Zone
            || !node.is_control_plane()
            || self.zones.is_none_or(|zones| zones.iter().any(|zone| zone.trim() == value))
    }

    /// Whether the node's zone would still lie in one region.
    fn is_of_one_region(&self, node: &Node, label: TopologyLabel, value: &str) -> bool {
        let place = |node: &'c Node, label: TopologyLabel| {
            label.of(node).or_else(|| label.shown(node).map(|shown| shown.value))
        };
        let own = |asked: TopologyLabel| {
            let node = self.nodes.iter().find(|it| it.name == node.name)?;
            if asked == label { Some(value.to_owned()) } else { place(node, asked).map(str::to_owned) }
        };
        let (Some(zone), Some(region)) = (own(TopologyLabel::Zone), own(TopologyLabel::Region)) else {
            return true;
        };
        self.nodes.iter().filter(|other| other.name != node.name).all(|other| {
            place(other, TopologyLabel::Zone).is_none_or(|other| other != zone)
                || place(other, TopologyLabel::Region).is_none_or(|other| other == region)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use scs_standards::Given;

    const CSI: &str = "topology.cinder.csi.openstack.org/zone";
    const BETA: &str = "failure-domain.beta.kubernetes.io/zone";
    const ZONE: &str = "topology.kubernetes.io/zone";
    const REGION: &str = "topology.kubernetes.io/region";
    const BETA_REGION: &str = "failure-domain.beta.kubernetes.io/region";

    /// The place of the first node for a label.
    fn place(label: TopologyLabel, nodes: &[&[(&str, &str)]], declared: &str) -> (String, bool) {
        let nodes: Vec<serde_json::Value> = (0..)
            .zip(nodes)
            .map(|(number, labels)| {
                let labels: BTreeMap<&str, &str> = labels.iter().copied().collect();
                serde_json::json!({"metadata": {"name": format!("n{number}"), "labels": labels}})
            })
            .collect();
        let text = serde_json::to_string(&nodes).unwrap();
        let cluster =
            Cluster::read(|part| if part == "nodes" { Given::Data(text.as_str()) } else { Given::Missing });
        let declarations = serde_json::from_str(declared).unwrap();
        let places = Places::of(&cluster, &declarations, "2026-10-20".parse().unwrap());
        match places.of_node(&cluster.nodes.data().unwrap().entries()[0], label) {
            Place::Shown(value) => (value.to_owned(), true),
            Place::Planned(value) => (value.to_owned(), false),
            Place::Unknown => (String::new(), false),
        }
    }

    #[test]
    fn values_that_other_nodes_contradict_are_not_used() {
        let zone = |nodes: &[&[(&str, &str)]]| place(TopologyLabel::Zone, nodes, "[]").0;
        assert_eq!(zone(&[&[(BETA, "az2")], &[(BETA, "az1"), (ZONE, "az1")]]), "az2");
        assert_eq!(zone(&[&[(BETA, "old")], &[(BETA, "old"), (ZONE, "az1")]]), "");
        assert_eq!(zone(&[&[(CSI, "az2")], &[(CSI, "az1"), (ZONE, "az1")]]), "az2");
        assert_eq!(zone(&[&[(CSI, "az2")], &[(CSI, "az1"), (ZONE, "az3")]]), "");
        assert_eq!(zone(&[&[(CSI, "nova")], &[(CSI, "nova")]]), "", "Cinder has one zone");
        assert_eq!(zone(&[&[(CSI, "nova")], &[(CSI, "nova"), (ZONE, "nova")]]), "nova");
        assert_eq!(zone(&[&[(CSI, "az1"), (BETA, "az2")]]), "");
    }

    #[test]
    fn a_zone_stays_in_one_region() {
        let other: &[(&str, &str)] = &[(ZONE, "az2"), (REGION, "r")];
        let region = |own: &[(&str, &str)]| place(TopologyLabel::Region, &[own, other], "[]").0;
        assert_eq!(region(&[(ZONE, "az2"), (BETA_REGION, "r")]), "r");
        assert_eq!(region(&[(ZONE, "az2"), (BETA_REGION, "other")]), "");
        assert_eq!(region(&[(ZONE, "az1"), (BETA_REGION, "other")]), "other");
        assert_eq!(place(TopologyLabel::Zone, &[&[(BETA, "az2"), (REGION, "other")], other], "[]").0, "");
        // Two nodes that would contradict each other once both are labeled.
        let both: &[&[(&str, &str)]] =
            &[&[(BETA, "az1"), (BETA_REGION, "r")], &[(BETA, "az1"), (BETA_REGION, "s")]];
        assert_eq!(place(TopologyLabel::Region, both, "[]").0, "");
    }

    #[test]
    fn declarations_decide() {
        let declared = |rule: &str, value: &str| {
            format!(
                r#"[{{"rule": "{rule}", "value": {value}, "date": "2026-10-01", "valid_until": "2026-12-31"}}]"#
            )
        };
        let plan = declared(PLAN, r#"{"n0": "az3"}"#);
        let zone = |labels: &[(&str, &str)], declared: &str| place(TopologyLabel::Zone, &[labels], declared);
        assert_eq!(zone(&[(BETA, "az2")], &plan), ("az3".to_owned(), false));
        assert_eq!(zone(&[(BETA, "az3")], &plan), ("az3".to_owned(), true));
        assert_eq!(zone(&[], &plan), ("az3".to_owned(), false));
        let zones = declared(ZONES, r#"["az1"]"#);
        let control = ("node-role.kubernetes.io/control-plane", "");
        assert_eq!(zone(&[(BETA, "az2"), control], &zones), (String::new(), false));
        assert_eq!(zone(&[(BETA, "az2")], &zones), ("az2".to_owned(), true));
    }
}
