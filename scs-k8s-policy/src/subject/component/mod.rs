//! Control-plane components with their flags, from the pods of a cluster.

mod pod;
mod running;

use std::sync::LazyLock;

use k8s_openapi::api::core::v1::Pod;
use memchr::memmem::Finder;
use scs_standards::Listed;

pub(crate) use pod::MIRROR;
pub use running::{Component, ComponentKind};

use super::workload::{self, Workload};
use crate::objects::{self, ReadObjectsError};

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
