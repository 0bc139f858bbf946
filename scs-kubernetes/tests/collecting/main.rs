//! Collecting: parts, pages, reductions, and what a refusal or a fault of one part does to the others.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod kubelets;
mod lists;
mod secrets;

#[path = "../mock/mod.rs"]
mod mock;

use std::time::Duration;

use mock::{MockServer, NOW, Reply, Request, open_with, options, usual};
use scs_kubernetes::{CollectError, Document, Extent, Options, Part, RequestError, collect};
use serde_json::{Value, json};

const NODES: &str = "/api/v1/nodes";

fn list(kind: &str, items: &[Value]) -> Value {
    json!({"kind": kind, "apiVersion": "v1", "metadata": {"resourceVersion": "7"}, "items": items})
}

fn node(name: &str) -> Value {
    json!({"metadata": {"name": name, "labels": {"topology.kubernetes.io/zone": "a"}}, "status": {
        "nodeInfo": {"kubeletVersion": "v1.36.2", "osImage": "Ubuntu 24.04"}, "images": [{"names": ["x"]}]}})
}

/// A small cluster: a node, and empty lists.
fn small(request: &Request) -> Reply {
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/apis") => Reply::json(&json!({"kind": "APIGroupDiscoveryList", "items": []})),
        ("GET", NODES) => Reply::json(&list("NodeList", &[node("a")])),
        ("GET", "/api/v1/nodes/a/proxy/configz") => Reply::json(
            &json!({"kubeletconfig": {"port": 10250, "authentication": {}, "staticPodURLHeader": {"x": ["planted"]}}}),
        ),
        ("GET", "/api/v1/namespaces/kube-system/configmaps/kubelet-config") => {
            Reply::status(404, "NotFound", "configmaps \"kubelet-config\" not found")
        }
        ("GET", path) if path.starts_with("/api") => Reply::json(&list("List", &[])),
        _ => usual(request),
    }
}

async fn collected(
    handler: impl Fn(&Request) -> Option<Reply> + Send + Sync + 'static,
    extent: Extent,
    options: &Options,
) -> (Result<Document, CollectError>, MockServer) {
    let server =
        MockServer::start(move |request| handler(request).unwrap_or_else(|| answered(request))).await;
    let session = open_with(&server.config(), options).await.unwrap();
    (collect(&session, extent, NOW.parse().unwrap()).await, server)
}

fn answered(request: &Request) -> Reply {
    match usual(request) {
        Reply::Answer(404, ..) => small(request),
        other => other,
    }
}

async fn parts(handler: impl Fn(&Request) -> Option<Reply> + Send + Sync + 'static) -> Value {
    let (document, _) = collected(handler, kubelets(), &options()).await;
    serde_json::from_str(&document.unwrap().into_json()).unwrap()
}

fn kubelets() -> Extent {
    let mut extent = Extent::default();
    extent.kubelets = true;
    extent
}

fn unavailable(document: &Value) -> Vec<(String, String)> {
    let parts = document.as_object().unwrap().iter();
    parts
        .filter_map(|(key, part)| Some((key.clone(), part.get("unavailable")?.as_str()?.to_owned())))
        .collect()
}

#[tokio::test]
async fn every_part_is_asked_once() {
    let (document, server) = collected(|_| None, kubelets(), &options()).await;
    let document = document.unwrap();
    let keys: Vec<&str> = document.parts().map(|(key, _)| key).collect();
    assert_eq!(
        keys,
        [
            "version",
            "api_resources",
            "nodes",
            "storage_classes",
            "persistent_volumes",
            "namespaces",
            "daemon_sets",
            "ingress_classes",
            "network_policies",
            "pods",
            "kubelet_configs"
        ]
    );
    let mut asked: Vec<String> =
        server.requests().iter().map(|it| format!("{} {}?{}", it.method, it.path, it.query)).collect();
    asked.sort();
    assert_eq!(
        asked,
        [
            "GET /api/v1/namespaces/kube-system/configmaps/kubelet-config?",
            "GET /api/v1/namespaces/kube-system/pods?labelSelector=component+in+%28kube-apiserver%2Ckube-controller-manager%2Ckube-scheduler%2Cetcd%29&limit=500",
            "GET /api/v1/namespaces/kube-system/pods?labelSelector=k8s-app+in+%28kube-apiserver%2Ckube-controller-manager%2Ckube-scheduler%2Cetcd%29&limit=500",
            "GET /api/v1/namespaces/kube-system/pods?labelSelector=tier%3Dcontrol-plane&limit=500",
            "GET /api/v1/namespaces/kube-system/pods?limit=500",
            "GET /api/v1/namespaces?limit=500",
            "GET /api/v1/nodes/a/proxy/configz?",
            "GET /api/v1/nodes?limit=500",
            "GET /api/v1/persistentvolumes?limit=500",
            "GET /apis/apps/v1/daemonsets?limit=500",
            "GET /apis/networking.k8s.io/v1/ingressclasses?limit=500",
            "GET /apis/networking.k8s.io/v1/networkpolicies?limit=500",
            "GET /apis/storage.k8s.io/v1/storageclasses?limit=500",
            "GET /apis?",
            "GET /version?",
            "POST /apis/authentication.k8s.io/v1/selfsubjectreviews?",
        ]
    );
}

#[tokio::test]
async fn kubelets_and_other_namespaces_are_asked_on_request() {
    let (document, server) = collected(|_| None, Extent::default(), &options()).await;
    assert!(document.unwrap().part("kubelet_configs").is_none());
    assert_eq!(server.count("GET", "/api/v1/nodes/a/proxy/configz"), 0);
    assert_eq!(server.count("GET", "/api/v1/pods"), 0);
    let mut extent = Extent::default();
    extent.all_pods = true;
    let (_, server) = collected(|_| None, extent, &options()).await;
    assert_eq!(server.count("GET", "/api/v1/pods"), 1);
    assert_eq!(server.count("GET", "/api/v1/namespaces/kube-system/pods"), 0);
}

/// One component has kubeadm's label, another one only that of its component.
#[tokio::test]
async fn components_are_found_by_each_of_their_labels() {
    let document = parts(|request| {
        let pod = |name: &str| json!({"metadata": {"name": name, "namespace": "kube-system"}, "spec": {"containers": []}});
        if request.path != "/api/v1/namespaces/kube-system/pods" {
            return None;
        }
        let selector = request.parameter("labelSelector").expect("not all pods");
        let pods = match selector.split("%3D").next().unwrap().split('+').next().unwrap() {
            "tier" => vec![pod("a"), pod("b")],
            "component" => vec![pod("b"), pod("c")],
            _ => vec![],
        };
        Some(Reply::json(&list("PodList", &pods)))
    })
    .await;
    let names: Vec<&str> = document["pods"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["metadata"]["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["a", "b", "c"]);
}

#[tokio::test]
async fn a_token_that_expires_meanwhile_is_read_again() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("token");
    std::fs::write(&file, "old").unwrap();
    let rotated = file.clone();
    let server = MockServer::start(move |request| {
        let token = request.header("authorization").unwrap_or_default().to_owned();
        if request.is("GET", NODES) && token == "Bearer old" {
            std::fs::write(&rotated, "new\n").unwrap();
            return Reply::unauthorized();
        }
        match request.path.as_str() {
            "/version" => Reply::json(&mock::version()),
            path if path.ends_with("selfsubjectreviews") => mock::review("me", &["system:authenticated"]),
            _ => small(request),
        }
    })
    .await;
    let user = json!({"tokenFile": file.display().to_string()});
    let session = open_with(&server.configured(&json!({}), &user), &options()).await.unwrap();
    let document = collect(&session, Extent::default(), NOW.parse().unwrap()).await.unwrap();
    assert_eq!(document.unavailable().count(), 0);
    assert_eq!(server.count("GET", NODES), 2);
    // A token that is rejected and was not renewed is an error.
    std::fs::write(&file, "old").unwrap();
    let server = MockServer::start(|request| match request.path.as_str() {
        NODES => Reply::unauthorized(),
        "/version" => Reply::json(&mock::version()),
        path if path.ends_with("selfsubjectreviews") => mock::review("me", &["system:authenticated"]),
        _ => small(request),
    })
    .await;
    let session = open_with(&server.configured(&json!({}), &user), &options()).await.unwrap();
    let document = collect(&session, Extent::default(), NOW.parse().unwrap()).await.unwrap();
    assert_eq!(document.unavailable().map(|(key, _)| key).collect::<Vec<_>>(), ["nodes"]);
    assert_eq!(server.count("GET", NODES), 1);
}

#[tokio::test]
async fn a_fault_of_one_part_does_not_concern_the_others() {
    for (reply, expected) in [
        (
            Reply::status(403, "Forbidden", "nodes is forbidden: User \"me\" cannot list"),
            "denied (403): nodes is forbidden",
        ),
        (Reply::status(500, "InternalError", "etcdserver: leader changed"), "status 500: etcdserver"),
        (Reply::text(404, "404 page not found\n"), "not found (404)"),
        (Reply::status(406, "NotAcceptable", "only the following media types"), "406"),
        (Reply::json(&list("NodeList", &[node("a")])).cut(40), "ends prematurely"),
        (Reply::html(200), "an HTML page instead of a list of nodes"),
        (Reply::json(&json!({"kind": "NodeList"})), "other JSON instead of a list of nodes"),
        (Reply::with_type(200, "application/json", "{\"items\": ["), "ends prematurely"),
        (Reply::with_type(200, "application/json", ""), "an empty response instead of a list of nodes"),
        (Reply::Close, ""),
    ] {
        let shown = format!("{reply:?}");
        let document = parts(move |request| request.is("GET", NODES).then(|| reply.clone())).await;
        let gone = unavailable(&document);
        let keys: Vec<&str> = gone.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["nodes", "kubelet_configs"], "{shown}");
        assert!(gone[0].1.contains(expected), "{shown}: {}", gone[0].1);
        assert!(gone[1].1.starts_with("the nodes are unknown: "), "{}", gone[1].1);
    }
}

#[tokio::test]
async fn a_silent_part_ends_with_its_timeout() {
    let mut options = options();
    options.request_timeout = Duration::from_millis(200);
    let (document, _) = collected(
        |request| (request.path == "/api/v1/persistentvolumes").then_some(Reply::Hang),
        Extent::default(),
        &options,
    )
    .await;
    let document = document.unwrap();
    let gone: Vec<_> = document.unavailable().collect();
    assert_eq!(
        gone,
        [(
            "persistent_volumes",
            "the API server did not respond within 0.2 s (GET /api/v1/persistentvolumes)"
        )]
    );
}

#[tokio::test]
async fn the_time_for_all_parts_ends() {
    let mut options = options();
    options.limits.run_time = Duration::from_millis(600);
    let (document, _) = collected(
        |request| {
            let mut page = list("NodeList", &[node("x")]);
            page["metadata"]["continue"] = json!(format!("{}1", request.parameter("continue").unwrap_or("")));
            request.is("GET", NODES).then(|| Reply::json(&page).slow(50))
        },
        Extent::default(),
        &options,
    )
    .await;
    let document = document.unwrap();
    let gone: Vec<_> = document.unavailable().collect();
    assert_eq!(gone, [("nodes", "not complete within 0.6 s (GET /api/v1/nodes)")]);
}

#[tokio::test]
async fn a_user_without_any_right_gets_an_error() {
    let (document, _) = collected(
        |request| {
            let is_list = request.query.contains("limit=") || request.path.contains("configmaps");
            is_list.then(|| Reply::status(403, "Forbidden", "nobody cannot list this"))
        },
        kubelets(),
        &options(),
    )
    .await;
    let error = document.unwrap_err();
    assert!(matches!(&error, CollectError::AllRefused(RequestError::Forbidden { .. })), "{error:?}");
    assert!(error.to_string().contains("nobody cannot list this"), "{error}");
}

#[tokio::test]
async fn credentials_that_expire_meanwhile_are_an_error_of_their_parts() {
    let document = parts(|request| (request.path == "/api/v1/namespaces").then(Reply::unauthorized)).await;
    let gone = unavailable(&document);
    assert_eq!(gone.len(), 1);
    assert!(gone[0].1.contains("rejected the credentials (401: Unauthorized)"), "{}", gone[0].1);
}

#[tokio::test]
async fn the_old_form_of_discovery_is_a_request_for_each_version() {
    let (document, server) = collected(
        |request| {
            let group = |name: &str, version: &str| {
                json!({"name": name, "versions": [{"groupVersion": format!("{name}/{version}"), "version": version}]})
            };
            match request.path.as_str() {
                "/apis" if request.header("accept").unwrap().contains("APIGroupDiscoveryList") => {
                    Some(Reply::status(406, "NotAcceptable", "no"))
                }
                "/apis" => Some(Reply::json(&json!({"kind": "APIGroupList", "groups": [
                    group("apps", "v1"), group("networking.k8s.io", "v1"), group("policy.networking.k8s.io", "v1alpha1")]}))),
                "/apis/networking.k8s.io/v1" | "/apis/policy.networking.k8s.io/v1alpha1" => {
                    Some(Reply::json(&json!({"kind": "APIResourceList", "groupVersion": &request.path[6..], "resources": []})))
                }
                _ => None,
            }
        },
        Extent::default(),
        &options(),
    )
    .await;
    let document: Value = serde_json::from_str(&document.unwrap().into_json()).unwrap();
    let kinds: Vec<&str> =
        document["api_resources"].as_array().unwrap().iter().map(|it| it["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["APIGroupList", "APIResourceList", "APIResourceList"]);
    assert_eq!(server.count("GET", "/apis/apps/v1"), 0);
}

#[tokio::test]
async fn the_document_says_where_it_is_from() {
    let (document, server) = collected(|_| None, Extent::default(), &options()).await;
    let document = document.unwrap();
    assert_eq!(document.subject(), "mock");
    let notices: Vec<&str> = document.notices().collect();
    assert_eq!(notices, ["the API server was queried without TLS"]);
    assert!(matches!(document.part("version"), Some(Part::Json(_))));
    let value: Value = serde_json::from_str(&document.into_json()).unwrap();
    assert_eq!((value["kind"].as_str(), value["collected_at"].as_str()), (Some("cluster"), Some(NOW)));
    assert_eq!(
        value["collected_from"],
        json!({"server": server.address, "context": "mock", "user": "me@example.org"})
    );
}
