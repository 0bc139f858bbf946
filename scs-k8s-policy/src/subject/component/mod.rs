//! Control-plane components with their flags, from the pods of a cluster.

mod pod;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use k8s_openapi::api::core::v1::Pod;
use memchr::memmem::Finder;
use scs_standards::Listed;

use super::workload::{self, Workload};
use crate::flags::{Flags, ReadFlagsError};
use crate::objects::{self, ReadObjectsError};
use crate::subject::Node;
use crate::version::K8sVersion;

/// A control-plane component with flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ComponentKind {
    /// The API server.
    ApiServer,
    /// The controller manager.
    ControllerManager,
    /// The scheduler.
    Scheduler,
    /// The key-value store.
    Etcd,
}

impl ComponentKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::ApiServer, Self::ControllerManager, Self::Scheduler, Self::Etcd];

    /// The program name, which is also the label of the pod.
    #[must_use]
    pub const fn program(self) -> &'static str {
        match self {
            Self::ApiServer => "kube-apiserver",
            Self::ControllerManager => "kube-controller-manager",
            Self::Scheduler => "kube-scheduler",
            Self::Etcd => "etcd",
        }
    }
}

impl fmt::Display for ComponentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.program())
    }
}

/// A running component.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Component {
    /// The kind.
    pub kind: ComponentKind,
    /// Its pod.
    pub pod: String,
    /// The node of the pod.
    pub node: Option<String>,
    /// Whether it is a static pod, which the kubelet runs from a file such as
    /// `/etc/kubernetes/manifests/kube-apiserver.yaml`.
    pub is_static: bool,
    /// The labels of its pod.
    pub labels: BTreeMap<String, String>,
    /// The image of its container.
    pub image: Option<String>,
    /// Its flags, or why they cannot be determined.
    pub flags: Result<Flags, ReadFlagsError>,
    /// The words of its container's `command`, which the official suite checks; without `args`.
    pub(crate) command: Vec<String>,
    /// The words of its container's `args`.
    pub(crate) args: Vec<String>,
    /// The index of its container in the pod.
    pub(crate) container: Option<usize>,
}

impl Component {
    /// The Kubernetes version in its image tag, for components of Kubernetes; etcd has its own versions.
    #[must_use]
    pub fn version(&self) -> Option<K8sVersion> {
        let image = self.image.as_deref().filter(|_| self.kind != ComponentKind::Etcd)?;
        let (path, tag) = image.split('@').next()?.rsplit_once(':')?;
        // Tags cannot have a plus sign, which precedes the build of a distribution.
        path.rsplit('/').next().filter(|name| name.contains("kube"))?;
        tag.replace('_', "+").parse().ok()
    }

    /// Whether it runs on a node; the name of a static pod ends in its node.
    #[must_use]
    pub fn runs_on(&self, node: &Node) -> bool {
        match &self.node {
            Some(name) => *name == node.name,
            None => self.pod.strip_suffix(&node.name).is_some_and(|rest| rest.ends_with('-')),
        }
    }
}

/// The components in the pods of a cluster. Of other pods, only their number and their violations of the Pod Security
/// Standard baseline are kept.
///
/// ```
/// use scs_k8s_policy::{ComponentKind, ControlPlane};
///
/// let pods = r#"[{"metadata": {"name": "etcd-a", "namespace": "kube-system", "labels": {"component": "etcd"}},
///   "spec": {"containers": [{"name": "etcd", "command": ["etcd", "--client-cert-auth=true"]}]}},
///  {"metadata": {"name": "shell", "namespace": "team-lab"},
///   "spec": {"containers": [{"name": "shell", "command": ["sh", "-c", "etcd --help; sleep 1"]}]}}]"#;
/// let control_plane = ControlPlane::read(pods)?;
/// assert_eq!(control_plane.pods(), 2);
/// let etcd: Vec<_> = control_plane.of(ComponentKind::Etcd).map(|component| &component.pod).collect();
/// assert_eq!(etcd, ["etcd-a"]);
/// # Ok::<(), scs_k8s_policy::ReadObjectsError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ControlPlane {
    components: Listed<Component>,
    against_baseline: Vec<Workload>,
    pods: usize,
}

impl ControlPlane {
    /// Parses the components from a list of pods.
    ///
    /// # Errors
    ///
    /// If it is not a list of pods. Unreadable pods are kept as broken if they may be components.
    pub fn read(json: &str) -> Result<Self, ReadObjectsError> {
        let mut pods = 0;
        let mut against_baseline = Vec::new();
        let components = objects::each(json, &mut |object: &str| {
            pods += 1;
            if !object.starts_with('{') {
                return Err("it is not an object".to_owned());
            }
            let may_be_component = may_be_component(object);
            if !may_be_component && !workload::may_violate_baseline(object) {
                return Ok(None);
            }
            match serde_json::from_str::<Pod>(object) {
                Ok(pod) => {
                    against_baseline.extend(workload::of_pod(&pod));
                    Ok(if may_be_component { pod::component(pod) } else { None })
                }
                // Pods that are not components need no further parsing.
                Err(_) if !may_be_component => Ok(None),
                Err(error) => Err(error.to_string()),
            }
        })?;
        Ok(Self { components, against_baseline, pods })
    }

    /// The components.
    #[must_use]
    pub fn components(&self) -> &[Component] {
        self.components.entries()
    }

    /// The components, and the unreadable pods.
    #[must_use]
    pub const fn listed(&self) -> &Listed<Component> {
        &self.components
    }

    /// The components of a kind.
    pub fn of(&self, kind: ComponentKind) -> impl Iterator<Item = &Component> {
        self.components().iter().filter(move |component| component.kind == kind)
    }

    /// The pods that the Pod Security Standard baseline would reject.
    #[must_use]
    pub fn against_baseline(&self) -> &[Workload] {
        &self.against_baseline
    }

    /// The number of pods.
    #[must_use]
    pub const fn pods(&self) -> usize {
        self.pods
    }
}

/// Whether the JSON of a pod may be a component: most pods of a cluster are not parsed any further.
fn may_be_component(object: &str) -> bool {
    static NAMESPACE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("kube-system"));
    static PROGRAMS: LazyLock<[Finder<'static>; 4]> =
        LazyLock::new(|| ComponentKind::ALL.map(|kind| Finder::new(kind.program())));
    let text = object.as_bytes();
    NAMESPACE.find(text).is_some() && PROGRAMS.iter().any(|program| program.find(text).is_some())
}
