//! Network plug-ins, recognised from daemon sets, and whether they enforce network policies (scs-0219-w1, *List of compliant
//! CNI Plugins*).

mod embedded;

pub use embedded::Embedded;

use crate::subject::DaemonSet;

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
    /// What it is called.
    pub name: &'static str,
    /// Whether it enforces network policies by itself.
    pub enforcement: Enforcement,
    /// Whether it supports `AdminNetworkPolicy` or is known to work on that.
    pub admin_policies: bool,
    /// The names of its daemon sets.
    sets: &'static [&'static str],
    /// The ends of its images' paths, without a registry and a tag.
    images: &'static [&'static str],
}

/// Whether a plug-in enforces network policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enforcement {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// It does when it is set up so: how to tell.
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

/// The plug-ins. Canal stands before Calico and Flannel, of whose images it is made.
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
    row("Azure CNI", Depends("a policy manager, `azure-npm` or Cilium, runs beside it"), false, &["azure-cni", "azure-cns"], &["containernetworking/azure-cns"]),
    row("Azure Network Policy Manager", Yes, false, &["azure-npm"], &["containernetworking/azure-npm"]),
    row("VMware NSX Container Plug-in", Yes, false, &["nsx-node-agent"], &["nsx-ncp-ubuntu", "nsx-ncp-photon"]),
    row("Contrail", Yes, false, &["contrail-agent", "tungstenfabric-agent"], &[]),
    row("Terway", Depends("network policies are on in its configuration"), false, &["terway", "terway-eniip", "terway-eni"], &["acs/terway"]),
    row("kindnet", Depends("it is of kind 0.24 or later"), false, &["kindnet"], &["kindest/kindnetd", "aojea/kindnetd"]),
    row("Flannel", No, false, &["kube-flannel-ds", "kube-flannel", "rke2-flannel", "flannel"], &["flannel/flannel", "flannel", "coreos/flannel"]),
];

/// What is found of network plug-ins in a cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FoundPlugins {
    /// The plug-ins, each once.
    pub plugins: Vec<FoundPlugin>,
}

/// A plug-in, and in which daemon set it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FoundPlugin {
    /// The plug-in.
    pub plugin: &'static NetworkPlugin,
    /// The daemon set, `kube-system/cilium`.
    pub daemon_set: String,
    /// Whether it enforces network policies, as far as the daemon set tells.
    pub enforcement: Enforcement,
}

impl NetworkPlugin {
    /// All that are known.
    #[must_use]
    pub fn all() -> &'static [Self] {
        PLUGINS
    }

    /// The plug-in of a name, in whatever case.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        PLUGINS.iter().find(|plugin| plugin.name.eq_ignore_ascii_case(name.trim()))
    }

    fn is(&self, set: &DaemonSet) -> bool {
        let named = self.sets.contains(&set.name.as_str());
        let labelled = || {
            ["k8s-app", "app", "app.kubernetes.io/name"].iter().any(|key| {
                let label = set.labels.get(*key).map(String::as_str);
                label.is_some_and(|label| self.sets.contains(&label))
            })
        };
        let pictured = || set.images.iter().any(|image| self.images.iter().any(|end| is_image(image, end)));
        named || labelled() || pictured()
    }
}

/// Whether an image is one of this path, whatever its registry, tag and digest.
fn is_image(image: &str, path: &str) -> bool {
    let image = image.split('@').next().unwrap_or_default();
    let image = match image.rsplit_once(':') {
        // A colon before a slash is that of the registry's port.
        Some((before, tag)) if !tag.contains('/') => before,
        _ => image,
    };
    image == path || image.strip_suffix(path).is_some_and(|before| before.ends_with('/'))
}

impl FoundPlugins {
    /// Recognises plug-ins in daemon sets. One that runs on no node does nothing.
    #[must_use]
    pub fn of<'a>(sets: impl IntoIterator<Item = &'a DaemonSet>) -> Self {
        let mut plugins: Vec<FoundPlugin> = Vec::new();
        for set in sets.into_iter().filter(|set| set.desired != Some(0)) {
            let Some(plugin) = PLUGINS.iter().find(|plugin| plugin.is(set)) else { continue };
            if plugins.iter().any(|found| found.plugin == plugin) {
                continue;
            }
            let daemon_set = format!("{}/{}", set.namespace, set.name);
            plugins.push(FoundPlugin { plugin, daemon_set, enforcement: enforcement(plugin, set) });
        }
        Self { plugins }
    }

    /// Whether they enforce network policies together: one of them is enough. `None` where none was found.
    #[must_use]
    pub fn enforcement(&self) -> Option<Enforcement> {
        let all = || self.plugins.iter().map(|found| found.enforcement);
        let depends = || all().find(|enforcement| matches!(enforcement, Depends(_)));
        all().find(|enforcement| *enforcement == Yes).or_else(depends).or_else(|| all().next())
    }

    /// Their names.
    #[must_use]
    pub fn names(&self) -> String {
        let names: Vec<&str> = self.plugins.iter().map(|found| found.plugin.name).collect();
        names.join(" and ")
    }
}

/// What the arguments and containers of a daemon set tell of a plug-in with a switch.
fn enforcement(plugin: &NetworkPlugin, set: &DaemonSet) -> Enforcement {
    let given = |flag: &str, value: &str| {
        let whole = format!("{flag}={value}");
        let words = || set.arguments.iter().flat_map(|argument| argument.split_whitespace());
        words().any(|word| word == whole)
    };
    let has = |end: &str| set.images.iter().any(|image| is_image(image, end));
    match (plugin.name, plugin.enforcement) {
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
        let found = FoundPlugins::of(sets);
        (found.names(), found.enforcement())
    }

    #[test]
    fn plug_ins_are_recognised_by_name_and_image() {
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
                Depends("it is of kind 0.24 or later"),
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
        let labelled = DaemonSet {
            labels: [("k8s-app".to_owned(), "canal".to_owned())].into(),
            ..set("network", &[], &[])
        };
        assert_eq!(found(&[labelled]).0, "Canal");
    }

    #[test]
    fn switches_decide() {
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
    fn names_are_there_once() {
        let mut sets: Vec<&str> = PLUGINS.iter().flat_map(|plugin| plugin.sets).copied().collect();
        let all = sets.len();
        sets.sort_unstable();
        sets.dedup();
        assert_eq!(sets.len(), all, "a name of a daemon set belongs to one plug-in");
        for plugin in NetworkPlugin::all() {
            assert_eq!(NetworkPlugin::named(plugin.name), Some(plugin));
        }
    }
}
