//! Collects the inventory of a cluster through its API.

mod discovery;
mod keep;
mod kubelets;
mod list;
mod page;
mod reduce;

use futures_util::future::{join, join_all, join4};
use jiff::Timestamp;
use scs_collector::{Document, Event, Part};
use thiserror::Error;

use crate::http::{Http, RequestError};
use crate::session::Session;
use list::{Entries, List};
use reduce::Keep;

/// How much is collected.
///
/// ```
/// use scs_kubernetes::Extent;
///
/// let mut extent = Extent::default();
/// extent.kubelets = true;
/// assert!(!extent.all_pods && !extent.keep_all);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Extent {
    /// Asks each kubelet for its configuration, which needs `get` on `nodes/proxy`. That right opens every path of a kubelet,
    /// commands in containers included.
    pub kubelets: bool,
    /// Collects the pods of all namespaces, not only those of the control plane.
    pub all_pods: bool,
    /// Keeps all fields of nodes, pods, daemon sets and kubelets, not only those that rules read. Values of variables and what
    /// `kubectl apply` was given are still left out.
    pub keep_all: bool,
}

/// Error: nothing could be collected.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CollectError {
    /// The API server refuses every part.
    #[error("the API server denied access to every part; first error: {0}")]
    AllRefused(RequestError),
    /// The connection or the credentials no longer work.
    #[error(transparent)]
    Request(RequestError),
}

const METADATA_ONLY: &str =
    "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";

const KUBE_SYSTEM_PODS: &str = "/api/v1/namespaces/kube-system/pods";

/// The labels of the control plane's pods: those of kubeadm, and those by which rules recognize a component.
const CONTROL_PLANE: [&str; 3] = [
    "tier=control-plane",
    "component in (kube-apiserver,kube-controller-manager,kube-scheduler,etcd)",
    "k8s-app in (kube-apiserver,kube-controller-manager,kube-scheduler,etcd)",
];

/// The lists that are parts by themselves, with what is kept of their entries.
fn lists(extent: Extent) -> [List; 6] {
    let daemon_set = if extent.keep_all { keep::WHOLE_DAEMON_SET } else { keep::DAEMON_SET };
    [
        List::new(
            "storage_classes",
            "StorageClassList",
            "/apis/storage.k8s.io/v1/storageclasses",
            keep::STORAGE_CLASS,
        ),
        List::new("persistent_volumes", "PersistentVolumeList", "/api/v1/persistentvolumes", keep::VOLUME),
        List::new("namespaces", "NamespaceList", "/api/v1/namespaces", keep::OBJECT),
        List::new("daemon_sets", "DaemonSetList", "/apis/apps/v1/daemonsets", daemon_set),
        List::new(
            "ingress_classes",
            "IngressClassList",
            "/apis/networking.k8s.io/v1/ingressclasses",
            keep::OBJECT,
        ),
        List {
            accept: METADATA_ONLY,
            ..List::new(
                "network_policies",
                "NetworkPolicyList",
                "/apis/networking.k8s.io/v1/networkpolicies",
                keep::POLICY,
            )
        },
    ]
}

/// A part and its answer; `None` if the cluster does not have it.
type Collected = (&'static str, Result<Option<Part>, RequestError>);

/// Collects everything that the API server shows to the user; `at` is the current time.
///
/// All parts are requested concurrently. A part that cannot be collected is replaced by the reason, independently of the
/// others. Dropping the future cancels all requests.
///
/// # Errors
///
/// If no list could be collected.
pub async fn collect(session: &Session, extent: Extent, at: Timestamp) -> Result<Document, CollectError> {
    let http = session.http();
    let lists = join_all(lists(extent).map(|list| {
        told(http, list.key, async move { list::all(http, list).await.map(|all| Some(all.into())) })
    }));
    let others = join(
        told(http, "api_resources", async { discovery::resources(http).await.map(Some) }),
        told(http, "kubelet_config_map", kubelets::config_map(http, extent.keep_all)),
    );
    let pods = told(http, "pods", async { pods(http, extent).await.map(|all| Some(all.into())) });
    let (nodes, pods, lists, (resources, config_map)) =
        Box::pin(join4(nodes(http, extent), pods, lists, others)).await;
    let (nodes, kubelets) = nodes;
    let objects = || std::iter::once(&nodes).chain(std::iter::once(&pods)).chain(&lists);
    let reasons: Vec<&RequestError> = objects().filter_map(|(_, answer)| answer.as_ref().err()).collect();
    if reasons.len() == objects().count()
        && let Some(first) = reasons.first()
    {
        let error = (*first).clone();
        return Err(if error.is_forbidden() {
            CollectError::AllRefused(error)
        } else {
            CollectError::Request(error)
        });
    }
    let mut document = Document::new("cluster", at, session.cluster().title().to_owned())
        .with_collected_from(session.origin());
    for notice in session.cluster().notices() {
        document.notice(notice.to_owned());
    }
    document.push("version", Part::Json(session.version().into()));
    let parts = [resources, nodes].into_iter().chain(lists).chain([pods]).chain(kubelets).chain([config_map]);
    for (key, answer) in parts {
        match answer {
            Ok(Some(part)) => document.push(key, part),
            Ok(None) => {}
            Err(error) => document.push(key, Part::Unavailable(error.to_string())),
        }
    }
    Ok(document)
}

/// Reports the start and the end of a part.
async fn told(
    http: &Http,
    key: &'static str,
    answer: impl Future<Output = Result<Option<Part>, RequestError>>,
) -> Collected {
    http.options().tell(Event::Started(key));
    let answer = answer.await;
    http.options().tell(Event::Done(key));
    (key, answer)
}

/// The nodes, and then the configurations of their kubelets on request.
async fn nodes(http: &Http, extent: Extent) -> (Collected, Option<Collected>) {
    let keep = if extent.keep_all { keep::OBJECT } else { keep::NODE };
    http.options().tell(Event::Started("nodes"));
    let nodes = list::all(http, List::new("nodes", "NodeList", "/api/v1/nodes", keep)).await;
    http.options().tell(Event::Done("nodes"));
    if !extent.kubelets {
        return (("nodes", nodes.map(|nodes| Some(nodes.into()))), None);
    }
    let keep = if extent.keep_all { keep::WHOLE_KUBELET } else { keep::KUBELET };
    let (key, configs) = told(http, kubelets::KEY, async {
        Ok(Some(match &nodes {
            Ok(nodes) => kubelets::of_nodes(http, nodes, keep).await,
            Err(error) => Part::Unavailable(format!("the nodes are unknown: {error}")),
        }))
    })
    .await;
    (("nodes", nodes.map(|nodes| Some(nodes.into()))), Some((key, configs)))
}

/// The pods of the control plane: those with its labels, or all of its namespace where no pod has one.
async fn pods(http: &Http, extent: Extent) -> Result<Entries, RequestError> {
    let keep: Keep = if extent.keep_all { keep::WHOLE_POD } else { keep::POD };
    if extent.all_pods {
        return list::all(http, List::new("pods", "PodList", "/api/v1/pods", keep)).await;
    }
    let of_namespace = List::new("pods", "PodList", KUBE_SYSTEM_PODS, keep);
    let labeled = CONTROL_PLANE.map(|labels| list::all(http, List { labels: Some(labels), ..of_namespace }));
    let mut found = Entries::default();
    for labeled in join_all(labeled).await {
        found = found.and_new(&labeled?);
    }
    if found.count > 0 { Ok(found) } else { list::all(http, of_namespace).await }
}
