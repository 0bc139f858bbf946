//! The arguments of k3s and rke2 on a node, which they write into an annotation.

use super::error::ReadFlagsError;
use super::given::Flags;
use crate::subject::Node;

/// The end of the annotations with arguments, such as `k3s.io/node-args` and `rke2.io/node-args`.
pub(crate) const NODE_ARGUMENTS: &str = "/node-args";

/// The arguments of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NodeArguments {
    words: Vec<String>,
}

/// Default flags of k3s's API server, in `pkg/daemons/control/server.go` of k3s-io/k3s.
const K3S_API_SERVER: &[(&str, &str)] = &[
    ("authorization-mode", "Node,RBAC"),
    ("enable-admission-plugins", "NodeRestriction"),
    ("anonymous-auth", "false"),
    ("profiling", "false"),
    ("service-account-issuer", "https://kubernetes.default.svc.cluster.local"),
    ("service-account-key-file", "/var/lib/rancher/k3s/server/tls/service.key"),
    ("client-ca-file", "/var/lib/rancher/k3s/server/tls/client-ca.crt"),
    ("requestheader-client-ca-file", "/var/lib/rancher/k3s/server/tls/request-header-ca.crt"),
];

/// Flags of k3s's embedded etcd, in `pkg/etcd/etcd.go` of k3s-io/k3s.
const K3S_ETCD: &[(&str, &str)] = &[
    ("listen-client-urls", "https://127.0.0.1:2379"),
    ("listen-peer-urls", "https://127.0.0.1:2380"),
    ("cert-file", "/var/lib/rancher/k3s/server/tls/etcd/server-client.crt"),
    ("key-file", "/var/lib/rancher/k3s/server/tls/etcd/server-client.key"),
    ("trusted-ca-file", "/var/lib/rancher/k3s/server/tls/etcd/server-ca.crt"),
    ("client-cert-auth", "true"),
    ("peer-cert-file", "/var/lib/rancher/k3s/server/tls/etcd/peer-server-client.crt"),
    ("peer-key-file", "/var/lib/rancher/k3s/server/tls/etcd/peer-server-client.key"),
    ("peer-trusted-ca-file", "/var/lib/rancher/k3s/server/tls/etcd/peer-ca.crt"),
    ("peer-client-cert-auth", "true"),
];

impl NodeArguments {
    /// The annotation with the arguments of k3s. RKE2 runs pods.
    pub(crate) const OF_K3S: &str = "k3s.io/node-args";

    /// The arguments of k3s on a node, if it shows them.
    pub(crate) fn of_k3s(node: &Node) -> Option<Result<Self, ReadFlagsError>> {
        node.arguments.get(Self::OF_K3S).map(|annotation| Self::read(annotation))
    }

    /// Parses the annotation, a JSON list.
    pub(crate) fn read(annotation: &str) -> Result<Self, ReadFlagsError> {
        serde_json::from_str(annotation)
            .map(|words| Self { words })
            .map_err(|error| ReadFlagsError::NodeArguments(error.to_string()))
    }

    /// Whether the node is a control-plane node.
    pub(crate) fn is_server(&self) -> bool {
        self.words.first().is_some_and(|word| word == "server")
    }

    /// Each occurrence of an argument with its value, in either notation.
    fn given<'a>(&'a self, name: &'a str) -> impl Iterator<Item = Option<&'a str>> {
        self.words.iter().enumerate().filter_map(move |(at, word)| {
            let given = word.strip_prefix("--")?;
            match given.split_once('=') {
                Some((given, value)) => (given == name).then_some(Some(value)),
                None => (given == name).then(|| self.words.get(at + 1).map(String::as_str)),
            }
        })
    }

    /// The values of an argument.
    fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.given(name).flatten()
    }

    /// The first value of an argument that needs none; empty without one, `None` without the argument.
    pub(crate) fn switch<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.given(name).next().map(|value| value.filter(|value| !value.starts_with('-')).unwrap_or_default())
    }

    /// The flags of k3s's embedded etcd.
    pub(crate) fn etcd(&self) -> Flags {
        let passed_on = self.passed_on("etcd-arg");
        let mut flags = Flags::from_pairs(K3S_ETCD.iter().copied().filter(|(name, _)| !passed_on.has(name)));
        flags.flags.extend(passed_on.flags);
        flags
    }

    /// The flags passed on to a component, such as those in `kube-apiserver-arg`.
    fn passed_on(&self, argument: &str) -> Flags {
        let pairs = self.values(argument).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, "true"));
            // `name+=value` and `name-=value` modify the values that k3s sets itself.
            (name.trim_end_matches(['+', '-']).trim_start_matches('-'), value)
        });
        Flags::from_pairs(pairs)
    }

    /// The flags of k3s's API server: its defaults, overridden by those passed on.
    pub(crate) fn api_server(&self) -> Flags {
        const ARGUMENT: &str = "kube-apiserver-arg";
        let passed_on = self.passed_on(ARGUMENT);
        let adds = |name: &str| {
            self.values(ARGUMENT).any(|pair| {
                pair.strip_prefix(name).is_some_and(|rest| rest.starts_with("+=") || rest.starts_with("-="))
            })
        };
        // With structured configuration, the flags it replaces are not set.
        let replaced = |name: &str| {
            passed_on.has(name) && !adds(name)
                || name == "authorization-mode" && passed_on.has("authorization-config")
        };
        let own = K3S_API_SERVER.iter().copied().filter(|(name, _)| !replaced(name));
        let port = self.values("https-listen-port").last().map(|port| ("secure-port", port));
        let nodes =
            self.values("service-node-port-range").last().map(|range| ("service-node-port-range", range));
        let mut flags = Flags::from_pairs(own.chain(port).chain(nodes));
        flags.flags.extend(passed_on.flags);
        flags
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_argument_notations_are_parsed() {
        let arguments = NodeArguments::read(
            r#"["server", "--kube-apiserver-arg", "max-requests-inflight=400", "--kube-apiserver-arg=audit_log_path=/x",
                "--etcd-arg", "auto-compaction-mode=periodic", "--cluster-init", "--kube-apiserver-arg"]"#,
        )
        .unwrap();
        assert!(arguments.is_server());
        let flags = arguments.api_server();
        assert_eq!(flags.text("max-requests-inflight"), Ok(Some("400")));
        assert_eq!(flags.text("audit-log-path"), Ok(Some("/x")));
        assert_eq!(flags.list("enable-admission-plugins"), Ok(Some(vec!["NodeRestriction"])));
        assert_eq!(arguments.passed_on("etcd-arg").text("auto-compaction-mode"), Ok(Some("periodic")));
    }

    #[test]
    fn passed_on_flags_override_defaults() {
        let read = |argument: &str| {
            let words = ["server", "--kube-apiserver-arg", argument];
            NodeArguments::read(&serde_json::to_string(&words).unwrap()).unwrap().api_server()
        };
        assert_eq!(read("enable-admission-plugins=X").list("enable-admission-plugins"), Ok(Some(vec!["X"])));
        assert_eq!(
            read("enable-admission-plugins+=X").list("enable-admission-plugins"),
            Ok(Some(vec!["NodeRestriction", "X"]))
        );
        assert!(!read("authorization-config=/x").has("authorization-mode"));
        assert!(NodeArguments::read("{}").is_err());
        assert!(!NodeArguments::read(r#"["agent"]"#).unwrap().is_server());
    }
}
