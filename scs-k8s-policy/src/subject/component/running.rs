//! A component and its flags.

use std::collections::BTreeMap;
use std::fmt;

use crate::flags::{Flags, ReadFlagsError};
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
    /// The name of the pod that runs it.
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
