//! Network components embedded in k3s, which have no daemon sets.

use crate::flags::NodeArguments;
use crate::subject::Node;

/// The plug-in and policy controller embedded in k3s.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Embedded {
    /// Flannel, with the policy controller of kube-router.
    Enforcing,
    /// The policy controller is disabled.
    SwitchedOff,
    /// Flannel is disabled; the policy controller is not.
    OtherPlugin,
    /// It is k3s, but no server shows its arguments.
    NotShown,
}

impl Embedded {
    /// The embedded components, according to the k3s nodes; `None` if there is no k3s node.
    #[must_use]
    pub fn of<'a>(nodes: impl IntoIterator<Item = &'a Node>) -> Option<Self> {
        let mut is_k3s = false;
        let mut servers: Vec<NodeArguments> = Vec::new();
        for node in nodes {
            let version = node.kubelet_version.as_deref().unwrap_or_default();
            is_k3s |= version.contains("+k3s");
            let arguments = NodeArguments::of_k3s(node).and_then(Result::ok);
            servers.extend(arguments.filter(NodeArguments::is_server));
        }
        if !is_k3s {
            return None;
        }
        if servers.is_empty() {
            return Some(Self::NotShown);
        }
        let any =
            |name: &str, test: fn(&str) -> bool| servers.iter().any(|it| it.switch(name).is_some_and(test));
        Some(if any("disable-network-policy", |value| value != "false") {
            Self::SwitchedOff
        } else if any("flannel-backend", |value| value == "none") {
            Self::OtherPlugin
        } else {
            Self::Enforcing
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k3s_has_embedded_components() {
        let node = |version: &str, arguments: &str| Node {
            kubelet_version: Some(version.to_owned()),
            arguments: [("k3s.io/node-args".to_owned(), arguments.to_owned())].into(),
            ..Node::default()
        };
        let of = |arguments: &str| Embedded::of(&[node("v1.33.4+k3s1", arguments)]);
        assert_eq!(of(r#"["server","--disable","traefik"]"#), Some(Embedded::Enforcing));
        assert_eq!(of(r#"["server","--disable-network-policy"]"#), Some(Embedded::SwitchedOff));
        assert_eq!(of(r#"["server","--disable-network-policy","true"]"#), Some(Embedded::SwitchedOff));
        assert_eq!(of(r#"["server","--disable-network-policy=false"]"#), Some(Embedded::Enforcing));
        assert_eq!(of(r#"["server","--flannel-backend","none"]"#), Some(Embedded::OtherPlugin));
        assert_eq!(of(r#"["agent"]"#), Some(Embedded::NotShown));
        assert_eq!(of("garbage"), Some(Embedded::NotShown));
        assert_eq!(Embedded::of(&[node("v1.33.4", r#"["server"]"#)]), None);
    }
}
