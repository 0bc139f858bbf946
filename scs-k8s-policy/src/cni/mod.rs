//! Network plug-ins, recognized from daemon sets, and whether they enforce network policies (scs-0219-w1, *List of compliant
//! CNI Plugins*).

mod embedded;

pub use embedded::Embedded;

use crate::subject::{Cluster, DaemonSet, Node};

/// A network plug-in.
///
/// ```
/// use scs_k8s_policy::{Enforcement, NetworkPlugin};
///
/// let flannel = NetworkPlugin::named("flannel").unwrap();
/// assert_eq!(flannel.enforcement, Enforcement::No);
/// assert!(NetworkPlugin::named("Kube-OVN").unwrap().admin_policies);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NetworkPlugin {
    /// The display name.
    pub name: &'static str,
    /// Whether it enforces network policies by default.
    pub enforcement: Enforcement,
    /// Whether it supports `AdminNetworkPolicy` or is known to plan to.
    pub admin_policies: bool,
    /// Names of its daemon sets.
    sets: &'static [&'static str],
    /// Suffixes of its image paths, without registry and tag.
    images: &'static [&'static str],
}

/// Whether a plug-in enforces network policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enforcement {
    /// Yes.
    Yes,
    /// No.
    No,
    /// If configured to; the condition, as text.
    Depends(&'static str),
}

const fn row(
    name: &'static str,
    enforcement: Enforcement,
    admin_policies: bool,
    sets: &'static [&'static str],
    images: &'static [&'static str],
) -> NetworkPlugin {
    NetworkPlugin { name, enforcement, admin_policies, sets, images }
}

use Enforcement::{Depends, No, Yes};

/// The known plug-ins. Canal comes before Calico and Flannel, whose images it consists of.
#[rustfmt::skip]
static PLUGINS: &[NetworkPlugin] = &[
    row("Canal", Yes, true, &["canal", "rke2-canal", "kube-canal"], &[]),
    row("Calico", Yes, true, &["calico-node", "calico-node-windows"], &["calico/node", "calico-node"]),
    row("Cilium", Yes, true, &["cilium", "anetd", "rke2-cilium"], &["cilium/cilium", "cilium/cilium-ci"]),
    row("Antrea", Yes, true, &["antrea-agent"], &["antrea/antrea-agent-ubuntu", "antrea/antrea-agent-ubi", "antrea/antrea-ubuntu"]),
    row("OVN-Kubernetes", Yes, true, &["ovnkube-node"], &["ovn-kubernetes/ovn-kube-ubuntu", "ovn-kubernetes/ovn-kube-fedora"]),
    row("Kube-OVN", Yes, true, &["kube-ovn-cni"], &["kubeovn/kube-ovn"]),
    row("kube-network-policies", Yes, true, &["kube-network-policies"], &["networking/kube-network-policies"]),
    row("kube-router", Depends("`--run-firewall` of kube-router is not false"), false, &["kube-router"], &["cloudnativelabs/kube-router"]),
    row("Weave Net", Depends("it runs with weave-npc"), false, &["weave-net"], &["weaveworks/weave-kube"]),
    row("AWS VPC CNI", Depends("`--enable-network-policy=true` of its node agent"), false, &["aws-node"], &["amazon-k8s-cni"]),
    row("Azure CNI", Depends("a policy manager, `azure-npm` or Cilium, runs with it"), false, &["azure-cni", "azure-cns"], &["containernetworking/azure-cns"]),
    row("Azure Network Policy Manager", Yes, false, &["azure-npm"], &["containernetworking/azure-npm"]),
    row("VMware NSX Container Plug-in", Yes, false, &["nsx-node-agent"], &["nsx-ncp-ubuntu", "nsx-ncp-photon"]),
    row("Contrail", Yes, false, &["contrail-agent", "tungstenfabric-agent"], &[]),
    row("Terway", Depends("network policies are enabled in its configuration"), false, &["terway", "terway-eniip", "terway-eni"], &["acs/terway"]),
    row("kindnet", Depends("it is kind 0.24 or later"), false, &["kindnet"], &["kindest/kindnetd", "aojea/kindnetd"]),
    row("Flannel", No, false, &["kube-flannel-ds", "kube-flannel", "rke2-flannel", "flannel"], &["flannel/flannel", "flannel", "coreos/flannel"]),
];

/// The network plug-ins found in a cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FoundPlugins {
    /// The plug-ins, each once.
    pub plugins: Vec<FoundPlugin>,
}

/// A plug-in, and the daemon set in which it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FoundPlugin {
    /// The plug-in.
    pub plugin: &'static NetworkPlugin,
    /// The daemon set, `kube-system/cilium`.
    pub daemon_set: String,
    /// Whether it enforces network policies, as far as the daemon set shows.
    pub enforcement: Enforcement,
}

impl NetworkPlugin {
    /// All known plug-ins.
    #[must_use]
    pub fn all() -> &'static [Self] {
        PLUGINS
    }

    /// Finds a plug-in by name, case-insensitively.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        PLUGINS.iter().find(|plugin| plugin.name.eq_ignore_ascii_case(name.trim()))
    }

    /// Whether a daemon set belongs to the plug-in: it has its image or, in a system namespace, its name. In customer
    /// namespaces, a name proves nothing.
    fn is(&self, set: &DaemonSet) -> bool {
        let named = || {
            let labels = ["k8s-app", "app", "app.kubernetes.io/name"];
            let labels = labels.iter().filter_map(|key| set.labels.get(*key)).map(String::as_str);
            labels.chain([set.name.as_str()]).any(|name| self.sets.contains(&name))
        };
        let has_known_image =
            || set.images.iter().any(|image| self.images.iter().any(|end| is_image(image, end)));
        SYSTEM.contains(&set.namespace.as_str()) && named() || has_known_image()
    }
}

/// The namespaces that plug-ins are installed in.
const SYSTEM: [&str; 13] = [
    "kube-system",
    "calico-system",
    "tigera-operator",
    "canal",
    "cilium",
    "cilium-system",
    "contrail",
    "kube-flannel",
    "kube-router",
    "nsx-system",
    "openshift-ovn-kubernetes",
    "ovn-kubernetes",
    "tf",
];

/// Whether an image has this path, with any registry, tag and digest.
fn is_image(image: &str, path: &str) -> bool {
    let image = image.split('@').next().unwrap_or_default();
    let image = match image.rsplit_once(':') {
        // A colon before a slash belongs to the registry's port.
        Some((before, tag)) if !tag.contains('/') => before,
        _ => image,
    };
    image == path || image.strip_suffix(path).is_some_and(|before| before.ends_with('/'))
}

impl FoundPlugins {
    /// Recognizes plug-ins by daemon sets, given the number of nodes if known. A plug-in without running pods has no effect,
    /// and one that skips nodes has none there.
    #[must_use]
    pub fn of<'a>(sets: impl IntoIterator<Item = &'a DaemonSet>, nodes: Option<usize>) -> Self {
        let mut plugins: Vec<(FoundPlugin, Reach)> = Vec::new();
        for set in sets.into_iter().filter(|set| set.desired != Some(0)) {
            let Some(plugin) = PLUGINS.iter().find(|plugin| plugin.is(set)) else { continue };
            if let Some((found, reach)) = plugins.iter_mut().find(|(found, _)| found.plugin == plugin) {
                reach.add(set);
                // If there are several daemon sets, each has to enforce on its own nodes.
                found.enforcement = weaker(found.enforcement, enforcement(plugin, set));
                continue;
            }
            let daemon_set = format!("{}/{}", set.namespace, set.name);
            let mut reach = Reach::default();
            reach.add(set);
            plugins.push((FoundPlugin { plugin, daemon_set, enforcement: enforcement(plugin, set) }, reach));
        }
        let reached = plugins.into_iter().map(|(found, reach)| {
            let enforcement = match (found.enforcement, reach.lacks(nodes)) {
                (Yes, Some(lacks)) => Depends(lacks),
                (known, _) => known,
            };
            FoundPlugin { enforcement, ..found }
        });
        Self { plugins: reached.collect() }
    }

    /// The plug-ins of a cluster, according to its daemon sets.
    pub(crate) fn of_cluster(cluster: &Cluster) -> Self {
        let nodes = cluster.nodes.data().filter(|nodes| nodes.broken().is_empty());
        let nodes = nodes.map(|nodes| nodes.entries().iter().filter(|node| !is_virtual(node)).count());
        cluster.daemon_sets.data().map(|sets| Self::of(sets.entries(), nodes)).unwrap_or_default()
    }

    /// Whether any of them enforces network policies. `None` if no plug-in was found.
    #[must_use]
    pub fn enforcement(&self) -> Option<Enforcement> {
        let all = || self.plugins.iter().map(|found| found.enforcement);
        let depends = || all().find(|enforcement| matches!(enforcement, Depends(_)));
        all().find(|enforcement| *enforcement == Yes).or_else(depends).or_else(|| all().next())
    }

    /// The condition under which a plug-in enforces network policies, if it was found but that cannot be seen.
    pub(crate) fn condition_of(&self, plugin: &NetworkPlugin) -> Option<&'static str> {
        self.plugins.iter().find(|found| found.plugin == plugin).and_then(|found| match found.enforcement {
            Depends(on) => Some(on),
            Yes | No => None,
        })
    }

    /// The names of the plug-ins.
    #[must_use]
    pub fn names(&self) -> String {
        let names: Vec<&str> = self.plugins.iter().map(|found| found.plugin.name).collect();
        names.join(" and ")
    }
}

/// Whether a node is virtual, such as one for machines elsewhere, so no daemon set runs on it.
fn is_virtual(node: &Node) -> bool {
    node.labels.get("type").is_some_and(|kind| kind == "virtual-kubelet")
        || node.labels.get("eks.amazonaws.com/compute-type").is_some_and(|kind| kind == "fargate")
}

/// The nodes that the daemon sets of a plug-in run on.
#[derive(Debug, Default)]
struct Reach {
    desired: Option<i64>,
    ready: Option<i64>,
    is_begun: bool,
    /// Whether one of them is for Linux.
    has_linux: bool,
}

impl Reach {
    fn add(&mut self, set: &DaemonSet) {
        // If one of several does not show it, it is unknown for all.
        let sum = |known: Option<i64>, more: Option<i32>, is_first: bool| match (known, more) {
            (Some(known), Some(more)) => Some(known + i64::from(more)),
            (None, Some(more)) if is_first => Some(i64::from(more)),
            _ => None,
        };
        let is_first = !self.is_begun;
        self.is_begun = true;
        self.desired = sum(self.desired, set.desired, is_first);
        self.ready = sum(self.ready, set.ready, is_first);
        self.has_linux |= !(set.is_for_windows || set.name.ends_with("-windows"));
    }

    /// The missing condition for working on all nodes.
    fn lacks(&self, nodes: Option<usize>) -> Option<&'static str> {
        let covers =
            |desired: i64| nodes.is_none_or(|nodes| i64::try_from(nodes).is_ok_and(|nodes| desired >= nodes));
        if !self.has_linux {
            return Some("Linux nodes need it as well, but only its Windows daemon set is in the inventory");
        }
        if self.ready == Some(0) {
            return Some("its pods have to be ready, but none is");
        }
        match self.desired {
            Some(desired) if !covers(desired) => {
                Some("its daemon set has to run on every node, but skips some")
            }
            _ => None,
        }
    }
}

/// The weaker of two.
fn weaker(one: Enforcement, other: Enforcement) -> Enforcement {
    match (one, other) {
        (No, _) | (_, No) => No,
        (Depends(on), _) | (_, Depends(on)) => Depends(on),
        (Yes, Yes) => Yes,
    }
}

/// The variables that make Cilium ignore policies.
pub(crate) const CILIUM_SWITCHES: [(&str, &str); 2] =
    [("CILIUM_ENABLE_POLICY", "never"), ("CILIUM_ENABLE_K8S_NETWORKPOLICY", "false")];

/// The enforcement of a configurable plug-in, from the arguments and containers of its daemon set.
fn enforcement(plugin: &NetworkPlugin, set: &DaemonSet) -> Enforcement {
    let given = |flag: &str, value: &str| {
        let whole = format!("{flag}={value}");
        let words: Vec<&str> =
            set.arguments.iter().flat_map(|argument| argument.split_whitespace()).collect();
        words.contains(&whole.as_str()) || words.windows(2).any(|pair| pair == [flag, value])
    };
    let is_set = |(variable, value): &(&str, &str)| set.environment.contains(&format!("{variable}={value}"));
    let has = |end: &str| set.images.iter().any(|image| is_image(image, end));
    match (plugin.name, plugin.enforcement) {
        ("Cilium", _)
            if given("--enable-policy", "never")
                || given("--enable-k8s-networkpolicy", "false")
                || CILIUM_SWITCHES.iter().any(is_set) =>
        {
            No
        }
        ("Kube-OVN", _) if given("--enable-np", "false") => No,
        ("kube-router", _) if given("--run-firewall", "false") => No,
        ("kube-router", _) if set.arguments.iter().any(|it| it.starts_with("--run-")) => Yes,
        ("Weave Net", _) => {
            if has("weaveworks/weave-npc") {
                Yes
            } else {
                No
            }
        }
        ("AWS VPC CNI", _) if given("--enable-network-policy", "true") => Yes,
        ("AWS VPC CNI", _) if given("--enable-network-policy", "false") => No,
        (_, known) => known,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(name: &str, images: &[&str], arguments: &[&str]) -> DaemonSet {
        DaemonSet {
            namespace: "kube-system".to_owned(),
            name: name.to_owned(),
            images: images.iter().map(|&image| image.to_owned()).collect(),
            arguments: arguments.iter().map(|&argument| argument.to_owned()).collect(),
            ..DaemonSet::default()
        }
    }

    fn found(sets: &[DaemonSet]) -> (String, Option<Enforcement>) {
        let found = FoundPlugins::of(sets, None);
        (found.names(), found.enforcement())
    }

    #[test]
    fn plug_ins_are_recognized_by_name_and_image() {
        for (name, images, plugin, enforcement) in [
            ("cilium", &["quay.io/cilium/cilium:v1.19.1@sha256:abc"][..], "Cilium", Yes),
            ("my-cilium", &["registry:5000/cilium/cilium"], "Cilium", Yes),
            ("kube-flannel-ds", &["ghcr.io/flannel-io/flannel:v0.28.0"], "Flannel", No),
            ("canal", &["docker.io/calico/node:v3", "docker.io/flannel/flannel:v0.28"], "Canal", Yes),
            ("calico-node", &["docker.io/calico/node:v3"], "Calico", Yes),
            (
                "kindnet",
                &["docker.io/kindest/kindnetd:v20250512"],
                "kindnet",
                Depends("it is kind 0.24 or later"),
            ),
            ("weave-net", &["weaveworks/weave-kube:2.8", "weaveworks/weave-npc:2.8"], "Weave Net", Yes),
            ("weave-net", &["weaveworks/weave-kube:2.8"], "Weave Net", No),
        ] {
            assert_eq!(found(&[set(name, images, &[])]), (plugin.to_owned(), Some(enforcement)), "{name}");
        }
        for (name, image) in [
            ("cilium-envoy", "cilium/cilium-envoy:v1.36.0"),
            ("kube-proxy", "kube-proxy:v1.36.2"),
            ("kube-multus-ds", "k8snetworkplumbingwg/multus-cni"),
            ("node-exporter", "prometheus/node-exporter"),
        ] {
            assert_eq!(found(&[set(name, &[image], &[])]), (String::new(), None), "{name}");
        }
        let labeled = DaemonSet {
            labels: [("k8s-app".to_owned(), "canal".to_owned())].into(),
            ..set("network", &[], &[])
        };
        assert_eq!(found(&[labeled]).0, "Canal");
    }

    #[test]
    fn switches_decide_on_enforcement() {
        let aws = |argument: &str| found(&[set("aws-node", &[], &[argument])]).1;
        assert_eq!(aws("--enable-network-policy=true"), Some(Yes));
        assert_eq!(aws("--enable-network-policy=false"), Some(No));
        assert!(matches!(aws("--x"), Some(Depends(_))));
        assert_eq!(found(&[set("kube-router", &[], &["--run-firewall=false"])]).1, Some(No));
        assert_eq!(
            found(&[set("kube-router", &[], &["--run-router=true", "--run-firewall=true"])]).1,
            Some(Yes)
        );
        let azure = [set("azure-cns", &[], &[]), set("azure-npm", &[], &[])];
        assert_eq!(found(&azure).1, Some(Yes));
        let idle = DaemonSet { desired: Some(0), ..set("calico-node", &[], &[]) };
        assert_eq!(found(&[idle]).1, None);
        assert_eq!(
            found(&[set("kube-flannel", &[], &[]), set("kube-network-policies", &[], &[])]).1,
            Some(Yes)
        );
    }

    #[test]
    fn a_name_alone_does_not_identify_a_plug_in() {
        let shop =
            |name: &str, image: &str| DaemonSet { namespace: "shop".to_owned(), ..set(name, &[image], &[]) };
        assert_eq!(found(&[shop("cilium", "nginx:1")]).1, None);
        let both = [set("kube-flannel-ds", &["flannel/flannel:v0.28"], &[]), shop("cilium", "nginx:1")];
        assert_eq!(found(&both), ("Flannel".to_owned(), Some(No)));
        assert_eq!(found(&[shop("network", "quay.io/cilium/cilium:v1.18")]).1, Some(Yes));
    }

    #[test]
    fn a_plug_in_works_where_it_runs() {
        let on = |desired: i32, ready: i32| DaemonSet {
            desired: Some(desired),
            ready: Some(ready),
            ..set("cilium", &["quay.io/cilium/cilium:v1.18"], &[])
        };
        let of = |sets: &[DaemonSet]| FoundPlugins::of(sets, Some(6)).enforcement();
        assert_eq!(of(&[on(6, 6)]), Some(Yes));
        assert_eq!(of(&[on(6, 5)]), Some(Yes), "a node restarts");
        for sets in [&[on(6, 0)][..], &[on(1, 1)]] {
            assert!(matches!(of(sets), Some(Depends(_))), "{sets:?}");
        }
        // One daemon set for each group of nodes.
        assert_eq!(of(&[on(2, 2), on(4, 4)]), Some(Yes));
        let windows = DaemonSet { desired: Some(6), ready: Some(6), ..set("calico-node-windows", &[], &[]) };
        assert!(matches!(of(std::slice::from_ref(&windows)), Some(Depends(_))));
        let linux = DaemonSet { name: "calico-node".to_owned(), ..windows.clone() };
        assert_eq!(of(&[windows, linux]), Some(Yes));
        // Unknown facts of a daemon set count neither for nor against it.
        assert_eq!(of(&[set("calico-node", &[], &[])]), Some(Yes));
    }

    #[test]
    fn policies_can_be_disabled() {
        let cilium = |arguments: &[&str]| found(&[set("cilium", &[], arguments)]).1;
        assert_eq!(cilium(&["--config-dir=/tmp"]), Some(Yes));
        for arguments in [
            &["--enable-policy=never"][..],
            &["--enable-policy", "never"],
            &["--enable-k8s-networkpolicy=false"],
        ] {
            assert_eq!(cilium(arguments), Some(No), "{arguments:?}");
        }
        let variable = DaemonSet {
            environment: vec!["CILIUM_ENABLE_POLICY=never".to_owned()],
            ..set("cilium", &[], &[])
        };
        assert_eq!(found(&[variable]).1, Some(No));
    }

    #[test]
    fn names_are_unique() {
        let mut sets: Vec<&str> = PLUGINS.iter().flat_map(|plugin| plugin.sets).copied().collect();
        let all = sets.len();
        sets.sort_unstable();
        sets.dedup();
        assert_eq!(sets.len(), all, "each daemon set name belongs to one plug-in");
        for plugin in NetworkPlugin::all() {
            assert_eq!(NetworkPlugin::named(plugin.name), Some(plugin));
        }
    }
}
