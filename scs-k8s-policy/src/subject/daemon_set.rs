//! A daemon set, reduced to the fields that identify a network plug-in.

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1;

use super::workload;

/// A daemon set of a cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DaemonSet {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// The images of its containers, including init containers.
    pub images: Vec<String>,
    /// The commands and arguments of its containers.
    pub arguments: Vec<String>,
    /// The variables of its containers with their values, such as `CILIUM_ENABLE_POLICY=never`.
    pub environment: Vec<String>,
    /// Whether it runs on nodes with Windows only.
    pub is_for_windows: bool,
    /// The violations of the Pod Security Standard baseline by its pods, such as `hostNetwork`.
    pub against_baseline: Vec<&'static str>,
    /// The number of nodes it should run on, if its status has it.
    pub desired: Option<i32>,
    /// The number of nodes it is ready on, if its status has it.
    pub ready: Option<i32>,
}

impl DaemonSet {
    pub(super) fn of(set: v1::DaemonSet) -> Self {
        let (metadata, pod) = (set.spec.template.metadata, set.spec.template.spec.unwrap_or_default());
        let against_baseline = workload::against_baseline(metadata.as_ref(), &pod);
        let mut images = Vec::new();
        let (mut arguments, mut environment) = (Vec::new(), Vec::new());
        let system = pod.node_selector.as_ref().and_then(|labels| {
            ["kubernetes.io/os", "beta.kubernetes.io/os"].iter().find_map(|key| labels.get(*key))
        });
        let is_for_windows = system.is_some_and(|system| system == "windows");
        let (desired, ready) =
            set.status.map(|status| (status.desired_number_scheduled, status.number_ready)).unzip();
        for container in pod.containers.into_iter().chain(pod.init_containers.unwrap_or_default()) {
            images.extend(container.image);
            arguments.extend(container.command.unwrap_or_default());
            arguments.extend(container.args.unwrap_or_default());
            let variables = container.env.into_iter().flatten();
            environment.extend(variables.filter_map(|it| Some(format!("{}={}", it.name, it.value?))));
        }
        Self {
            namespace: set.metadata.namespace.unwrap_or_default(),
            name: set.metadata.name.unwrap_or_default(),
            labels: set.metadata.labels.unwrap_or_default(),
            images,
            arguments,
            environment,
            is_for_windows,
            against_baseline,
            desired,
            ready,
        }
    }
}
