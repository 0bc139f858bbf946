//! The evidence from the volumes of a class.

use std::collections::BTreeSet;

use k8s_openapi::api::core::v1::{NodeSelectorTerm, PersistentVolume};

/// The volumes of a class.
pub(super) fn of_class<'v>(
    volumes: &'v [PersistentVolume],
    class: &'v str,
) -> impl Iterator<Item = &'v PersistentVolume> {
    volumes.iter().filter(move |volume| {
        volume.spec.as_ref().and_then(|spec| spec.storage_class_name.as_deref()) == Some(class)
    })
}

pub(super) fn name(volume: &PersistentVolume) -> &str {
    volume.metadata.name.as_deref().unwrap_or_default()
}

/// Whether it is bound with `ReadWriteOnce`.
pub(super) fn is_bound_once(volume: &PersistentVolume) -> bool {
    let bound = volume.status.as_ref().and_then(|status| status.phase.as_deref()) == Some("Bound");
    let modes = volume.spec.as_ref().and_then(|spec| spec.access_modes.as_ref());
    bound && modes.is_some_and(|modes| modes.iter().any(|mode| mode == "ReadWriteOnce"))
}

/// The reason why a volume is tied to a node: it is a disk or directory there, or can only be used on that node.
pub(super) fn tie(volume: &PersistentVolume) -> Option<String> {
    let spec = volume.spec.as_ref()?;
    let required = spec.node_affinity.as_ref().and_then(|affinity| affinity.required.as_ref());
    let terms = required.map(|selector| selector.node_selector_terms.as_slice()).unwrap_or_default();
    if let Some(node) = only_node(terms) {
        return Some(format!("bound to the node `{node}`"));
    }
    let kept =
        [(spec.local.is_some(), "a disk of a node"), (spec.host_path.is_some(), "a directory of a node")];
    kept.into_iter().find_map(|(is_so, what)| is_so.then(|| what.to_owned()))
}

/// The node, if the terms only allow one. Node labels have the same suffix, regardless of their origin: `kubernetes.io/hostname`,
/// `topology.topolvm.io/node`, `openebs.io/nodename`.
fn only_node(terms: &[NodeSelectorTerm]) -> Option<&str> {
    const ENDS: [&str; 4] = ["hostname", "node", "nodename", "node-name"];
    let mut nodes = BTreeSet::new();
    for term in terms {
        let expressions =
            term.match_expressions.iter().flatten().filter(|expression| {
                expression.key.rsplit('/').next().is_some_and(|end| ENDS.contains(&end))
            });
        let fields =
            term.match_fields.iter().flatten().filter(|expression| expression.key == "metadata.name");
        let named = expressions.chain(fields).find(|expression| expression.operator == "In")?;
        nodes.extend(named.values.iter().flatten().map(String::as_str));
    }
    let mut nodes = nodes.into_iter();
    nodes.next().filter(|_| nodes.next().is_none())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn tie_of(spec: &Value) -> Option<String> {
        tie(&serde_json::from_value(json!({"metadata": {"name": "pv"}, "spec": spec})).unwrap())
    }

    fn affinity(terms: &Value) -> Value {
        json!({"nodeAffinity": {"required": {"nodeSelectorTerms": terms}}})
    }

    #[test]
    fn ties_to_one_node_are_recognized() {
        let on = |key: &str, nodes: &[&str]| json!({"matchExpressions": [{"key": key, "operator": "In", "values": nodes}]});
        let one = Some("bound to the node `a`".to_owned());
        assert_eq!(tie_of(&affinity(&json!([on("kubernetes.io/hostname", &["a"])]))), one);
        assert_eq!(tie_of(&affinity(&json!([on("topology.topolvm.io/node", &["a"])]))), one);
        let field = json!([{"matchFields": [{"key": "metadata.name", "operator": "In", "values": ["a"]}]}]);
        assert_eq!(tie_of(&affinity(&field)), one);
        for none in [
            json!([on("topology.cinder.csi.openstack.org/zone", &["az1"])]),
            // Terms are alternatives.
            json!([on("kubernetes.io/hostname", &["a", "b"])]),
            json!([on("kubernetes.io/hostname", &["a"]), on("kubernetes.io/hostname", &["b"])]),
            json!([on("kubernetes.io/hostname", &["a"]), on("topology.kubernetes.io/zone", &["z"])]),
            json!([]),
        ] {
            assert_eq!(tie_of(&affinity(&none)), None, "{none}");
        }
    }

    #[test]
    fn volumes_on_a_node_are_recognized() {
        assert_eq!(tie_of(&json!({"hostPath": {"path": "/x"}})), Some("a directory of a node".to_owned()));
        assert_eq!(tie_of(&json!({"local": {"path": "/x"}})), Some("a disk of a node".to_owned()));
        assert_eq!(tie_of(&json!({"csi": {"driver": "d", "volumeHandle": "h"}})), None);
    }
}
