//! The location of nodes: the labels required by scs-0214-v2, *Decision*, and the commands that set them.

mod places;

use jiff::civil::Date;
use scs_standards::shell::{operand, quote};
use scs_standards::{Declarations, Edit, Fix, Object, Way};

pub(crate) use places::{Place, Places, plan};

use crate::subject::{Cluster, Node, source};

/// The label with the physical machine of a node; no longer in the texts, but still set by deployments.
pub(crate) const HOST: &str = "topology.scs.community/host-id";

/// A topology label of the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TopologyLabel {
    /// A failure zone.
    Zone,
    /// A region: zones that are close to each other.
    Region,
}

/// A value in another label of the node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShownPlace<'n> {
    /// The other label.
    pub label: &'n str,
    /// The value.
    pub value: &'n str,
}

impl TopologyLabel {
    /// Both labels.
    pub const ALL: [Self; 2] = [Self::Zone, Self::Region];

    /// The key.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Zone => "topology.kubernetes.io/zone",
            Self::Region => "topology.kubernetes.io/region",
        }
    }

    /// The deprecated key, which does not count.
    #[must_use]
    pub const fn deprecated_key(self) -> &'static str {
        match self {
            Self::Zone => "failure-domain.beta.kubernetes.io/zone",
            Self::Region => "failure-domain.beta.kubernetes.io/region",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Zone => "zone",
            Self::Region => "region",
        }
    }

    /// The placeholder for an unknown value.
    const fn placeholder(self) -> &'static str {
        match self {
            Self::Zone => "ZONE",
            Self::Region => "REGION",
        }
    }

    /// The value of a node; `None` if empty.
    #[must_use]
    pub fn of(self, node: &Node) -> Option<&str> {
        node.label(self.key())
    }

    /// The value in another label: the deprecated one, or that of a storage driver such as
    /// `topology.cinder.csi.openstack.org/zone`.
    #[must_use]
    pub fn shown(self, node: &Node) -> Option<ShownPlace<'_>> {
        self.shown_by(node).next()
    }

    /// The values in all other labels, the deprecated one first.
    pub fn shown_by(self, node: &Node) -> impl Iterator<Item = ShownPlace<'_>> {
        let deprecated = node.labels.get_key_value(self.deprecated_key());
        let of_drivers = node.labels.iter().filter(move |(key, _)| {
            key.starts_with("topology.")
                && key.as_str() != self.key()
                && key.split_once('/').is_some_and(|(_, name)| name == self.name())
        });
        let shown = deprecated.into_iter().chain(of_drivers);
        shown.filter(|(_, value)| !value.trim().is_empty()).map(|(label, value)| ShownPlace { label, value })
    }
}

/// The command that sets a label of a node to this value.
pub(crate) fn way(node: &Node, label: TopologyLabel, value: &str) -> Way {
    let edit = Edit::set(
        source::NODES.name,
        Object::kubernetes(node.name.as_str()),
        ["metadata", "labels", label.key()],
        value,
    );
    Way::new(label_command(node, &[(label, Some(value))]), [edit])
}

/// The fix for a missing label: with the value in other labels if there is no contradiction, that of the plan, or one that
/// only the provider knows.
pub(crate) fn label(node: &Node, label: TopologyLabel, place: Place<'_>) -> Fix {
    match place {
        Place::Shown(value) => Fix::Safe(way(node, label, value)),
        Place::Planned(value) => Fix::choose(
            format!(
                "Is the node `{}` in the {} `{value}`, as planned? Otherwise correct the plan.",
                node.name,
                label.name()
            ),
            [way(node, label, value)],
        ),
        // A command that would set the placeholder is none.
        Place::Unknown => Fix::advice(format!(
            "set the label to the {} of the node `{}`: `{}`",
            label.name(),
            node.name,
            label_command(node, &[(label, None)])
        )),
    }
}

/// The fix for a label that many nodes lack for the same reason, in one command; `None` if it takes a command for each node.
pub(crate) fn labels(
    cluster: &Cluster,
    nodes: &[&Node],
    label: TopologyLabel,
    place: Place<'_>,
) -> Option<Fix> {
    let key = label.key();
    let first = nodes.first()?;
    let is_there = first.labels.contains_key(key);
    match place {
        Place::Shown(value) => {
            let shown = label.shown(first)?;
            let is_selected = |node: &&Node| {
                let given = node.labels.get(key);
                node.labels.get(shown.label).is_some_and(|it| it == shown.value)
                    && if is_there { given.is_some_and(String::is_empty) } else { given.is_none() }
            };
            let all = cluster.nodes.data().map_or(&[][..], |nodes| nodes.entries());
            let selected: Vec<&str> = all.iter().filter(is_selected).map(|node| node.name.as_str()).collect();
            // The selector must not find a node whose place is not known.
            if !selected.iter().eq(nodes.iter().map(|node| &node.name)) {
                return None;
            }
            let (overwrite, lacking) =
                if is_there { (" --overwrite", format!("{key}=")) } else { ("", format!("!{key}")) };
            let selector = quote(&format!("{}={},{lacking}", shown.label, shown.value));
            let command = format!(
                "kubectl label{overwrite} node --selector {selector} {}",
                quote(&format!("{key}={value}"))
            );
            let edits = nodes.iter().flat_map(|node| way(node, label, value).edits);
            Some(Fix::Safe(Way::new(command, edits.collect::<Vec<_>>())))
        }
        Place::Planned(_) => None,
        Place::Unknown => Some(Fix::advice(format!(
            "set the label to the {} of each node: `kubectl label{} node NODE {key}={}`",
            label.name(),
            if is_there { " --overwrite" } else { "" },
            label.placeholder()
        ))),
    }
}

/// The command that sets labels of a node.
fn label_command(node: &Node, labels: &[(TopologyLabel, Option<&str>)]) -> String {
    let is_there = labels.iter().any(|(label, _)| node.labels.contains_key(label.key()));
    let values: Vec<String> = labels
        .iter()
        .map(|(label, value)| match value {
            Some(value) => quote(&format!("{}={value}", label.key())),
            None => format!("{}={}", label.key(), label.placeholder()),
        })
        .collect();
    let overwrite = if is_there { " --overwrite" } else { "" };
    format!("kubectl label{overwrite} node {} {}", operand(&node.name), values.join(" "))
}

/// The commands that add missing labels, one for each node, in the order of the nodes. The value comes from another label,
/// unless other nodes or declarations valid on a date contradict it; otherwise the command is a comment, in which the provider replaces
/// the placeholders `ZONE` and `REGION`.
///
/// ```
/// use scs_k8s_policy::{Cluster, label_commands};
/// use scs_standards::{Declarations, Given};
///
/// let cluster = Cluster::read(|part| match part {
///     "nodes" => Given::Data(
///         r#"[{"metadata": {"name": "a", "labels": {"failure-domain.beta.kubernetes.io/zone": "az1"}}}]"#,
///     ),
///     _ => Given::Missing,
/// });
/// assert_eq!(
///     label_commands(&cluster, &Declarations::default(), "2026-10-20".parse()?),
///     ["# kubectl label node a topology.kubernetes.io/zone=az1 topology.kubernetes.io/region=REGION"],
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn label_commands(cluster: &Cluster, declarations: &Declarations, today: Date) -> Vec<String> {
    let nodes = cluster.nodes.data().map(scs_standards::Listed::entries).unwrap_or_default();
    let places = Places::of(cluster, declarations, today);
    let mut commands = Vec::new();
    for node in nodes {
        let lacking: Vec<_> = TopologyLabel::ALL
            .into_iter()
            .filter(|label| label.of(node).is_none())
            .map(|label| match places.of_node(node, label) {
                Place::Shown(value) => (label, Some(value)),
                Place::Planned(_) | Place::Unknown => (label, None),
            })
            .collect();
        if !lacking.is_empty() {
            let is_known = lacking.iter().all(|(_, value)| value.is_some());
            let command = label_command(node, &lacking);
            commands.push(if is_known { command } else { format!("# {command}") });
        }
    }
    commands
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(labels: &[(&str, &str)]) -> Node {
        let labels = labels.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
        Node { name: "a".into(), labels, ..Node::default() }
    }

    #[test]
    fn an_empty_label_is_overwritten() {
        let node = node(&[("topology.kubernetes.io/zone", "")]);
        assert_eq!(TopologyLabel::Zone.of(&node), None);
        let command = label_command(&node, &[(TopologyLabel::Zone, None)]);
        assert_eq!(command, "kubectl label --overwrite node a topology.kubernetes.io/zone=ZONE");
    }

    #[test]
    fn other_labels_show_a_place() {
        let shown = |labels: &[(&str, &str)]| {
            TopologyLabel::Zone.shown(&node(labels)).map(|shown| shown.value.to_owned())
        };
        let (driver, old) =
            ("topology.cinder.csi.openstack.org/zone", "failure-domain.beta.kubernetes.io/zone");
        assert_eq!(shown(&[(driver, "az1")]), Some("az1".to_owned()));
        assert_eq!(shown(&[(driver, "az1"), (old, "az2")]), Some("az2".to_owned()));
        assert_eq!(shown(&[(driver, "az1"), (old, " ")]), Some("az1".to_owned()));
        assert_eq!(shown(&[("topology.kubernetes.io/region", "r"), ("example.org/zone", "z")]), None);
    }
}
