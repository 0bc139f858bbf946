//! Collecting: parts, pages, reductions, and what a refusal or a fault of one part does to the others.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod mock;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
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

#[tokio::test]
async fn pages_are_joined_and_expired_lists_start_again() {
    let starts = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&starts);
    let mut options = options();
    options.page = 2;
    let (document, server) = collected(
        move |request| {
            if !request.is("GET", NODES) {
                return None;
            }
            let page = |names: [&str; 2], next: &str| {
                let mut page = list("NodeList", &names.map(node));
                page["metadata"]["continue"] = json!(next);
                Some(Reply::json(&page))
            };
            match request.parameter("continue") {
                None => {
                    counted.fetch_add(1, Ordering::Relaxed);
                    page(["a", "b"], "second")
                }
                Some("second") if counted.load(Ordering::Relaxed) == 1 => {
                    Some(Reply::status(410, "Expired", "The provided continue parameter is too old"))
                }
                Some("second") => page(["c", "d"], ""),
                Some(other) => panic!("{other}"),
            }
        },
        Extent::default(),
        &options,
    )
    .await;
    let document: Value = serde_json::from_str(&document.unwrap().into_json()).unwrap();
    let names: Vec<&str> = document["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["metadata"]["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["a", "b", "c", "d"]);
    assert_eq!((starts.load(Ordering::Relaxed), server.count("GET", NODES)), (2, 4));
}

#[tokio::test]
async fn a_list_that_expires_again_and_again_is_asked_as_a_whole() {
    let (document, server) = collected(
        |request| match request.parameter("continue") {
            _ if !request.is("GET", NODES) => None,
            Some(_) => Some(Reply::status(410, "Expired", "too old")),
            None if request.parameter("limit").is_none() => None,
            None => {
                let mut page = list("NodeList", &[node("x")]);
                page["metadata"]["continue"] = json!("next");
                Some(Reply::json(&page))
            }
        },
        Extent::default(),
        &options(),
    )
    .await;
    let document: Value = serde_json::from_str(&document.unwrap().into_json()).unwrap();
    assert_eq!(document["nodes"].as_array().unwrap().len(), 1);
    assert_eq!(server.count("GET", NODES), 7);
}

#[tokio::test]
async fn a_list_that_does_not_end_is_unavailable() {
    let document = parts(|request| {
        request.is("GET", NODES).then(|| {
            let mut page = list("NodeList", &[node("x")]);
            page["metadata"]["continue"] = json!("again");
            Reply::json(&page)
        })
    })
    .await;
    let reason = document["nodes"]["unavailable"].as_str().unwrap();
    assert!(reason.contains("an empty page, or one seen before instead of the next page"), "{reason}");
    // Two tokens in turn.
    let document = parts(|request| {
        request.is("GET", NODES).then(|| {
            let next = if request.parameter("continue") == Some("a") { "b" } else { "a" };
            let mut page = list("NodeList", &[node("x")]);
            page["metadata"]["continue"] = json!(next);
            Reply::json(&page)
        })
    })
    .await;
    assert!(document["nodes"]["unavailable"].is_string());
}

#[tokio::test]
async fn a_list_of_another_kind_is_not_a_part() {
    let document = parts(|request| {
        (request.path == "/api/v1/namespaces")
            .then(|| Reply::json(&list("SecretList", &[json!({"data": {"password": "cGxhbnRlZA=="}})])))
    })
    .await;
    let reason = document["namespaces"]["unavailable"].as_str().unwrap();
    assert!(reason.contains("a SecretList instead of a list of namespaces"), "{reason}");
    assert!(!document.to_string().contains("cGxhbnRlZA"), "{document}");
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
async fn limits_apply_to_entries_and_bytes() {
    for (set, expected) in [
        ((|limits| limits.list_entries = 0) as fn(&mut scs_kubernetes::Limits), "more than 0 entries"),
        (|limits| limits.list_bytes = 10, "a list of more than 10 bytes"),
        (|limits| limits.answer_bytes = 220, "more than 220 bytes"),
    ] {
        let mut options = options();
        set(&mut options.limits);
        let (document, _) = collected(|_| None, Extent::default(), &options).await;
        let document = document.unwrap();
        let reason = document.unavailable().find(|(key, _)| *key == "nodes").unwrap().1;
        assert!(reason.contains(expected), "{reason}");
    }
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
async fn a_missing_right_for_kubelets_is_told_once() {
    let denied = || Reply::status(403, "Forbidden", "cannot get resource \"nodes/proxy\"");
    let two = |request: &Request| {
        request.is("GET", NODES).then(|| Reply::json(&list("NodeList", &[node("a"), node("b")])))
    };
    let document =
        parts(move |request| two(request).or_else(|| request.path.ends_with("configz").then(denied))).await;
    assert_eq!(
        document["kubelet_configs"],
        json!({"unavailable": "denied (403): cannot get resource \"nodes/proxy\""})
    );
    // A single kubelet that cannot be asked is named.
    for (reply, expected) in [
        (Reply::status(403, "Forbidden", "no"), "denied (403): no"),
        (Reply::text(401, "Unauthorized"), "the kubelet rejected the API server (401: Unauthorized)"),
        (Reply::text(404, "404 page not found"), "the kubelet rejected the API server (404"),
        (
            Reply::status(503, "ServiceUnavailable", "error trying to reach service: EOF"),
            "status 503: error trying",
        ),
        (Reply::html(200), "an HTML page instead of the configuration of a kubelet"),
        (Reply::json(&json!({"kubeletconfig": {"authentication": {}}})).cut(20), "ends prematurely"),
    ] {
        let document = parts(move |request| {
            two(request).or_else(|| request.path.ends_with("/b/proxy/configz").then(|| reply.clone()))
        })
        .await;
        let configs = &document["kubelet_configs"];
        assert_eq!(configs["a"]["kubeletconfig"]["port"], 10250);
        let reason = configs["b"]["unavailable"].as_str().unwrap();
        assert!(reason.contains(expected), "{reason}");
    }
}

#[tokio::test]
async fn a_silent_kubelet_does_not_hold_up_the_others() {
    let mut options = options();
    options.kubelet_timeout = Duration::from_millis(200);
    let (document, _) = collected(
        |request| match request.path.as_str() {
            NODES => Some(Reply::json(&list("NodeList", &[node("a"), node("b"), node("c")]))),
            "/api/v1/nodes/b/proxy/configz" => Some(Reply::Hang),
            path if path.ends_with("configz") => {
                Some(Reply::json(&json!({"kubeletconfig": {"authentication": {}}})))
            }
            _ => None,
        },
        kubelets(),
        &options,
    )
    .await;
    let document: Value = serde_json::from_str(&document.unwrap().into_json()).unwrap();
    let configs = document["kubelet_configs"].as_object().unwrap();
    assert_eq!(configs.keys().collect::<Vec<_>>(), ["a", "b", "c"]);
    assert!(configs["b"]["unavailable"].as_str().unwrap().contains("did not respond within 0.2 s"));
    assert!(configs["c"].get("kubeletconfig").is_some());
}

#[tokio::test]
async fn odd_node_names_stay_in_their_path() {
    let (document, server) = collected(
        |request| {
            request.is("GET", NODES).then(|| Reply::json(&list("NodeList", &[node("../../secrets?x=1#")])))
        },
        kubelets(),
        &options(),
    )
    .await;
    document.unwrap();
    let asked = server.requests();
    let path = asked.iter().find(|it| it.path.contains("configz")).map(|it| it.path.as_str());
    assert_eq!(path, Some("/api/v1/nodes/..%2F..%2Fsecrets%3Fx%3D1%23/proxy/configz"));
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
async fn planted_secrets_never_reach_the_inventory() {
    const PLANTED: &str = "planted-secret-Qx9";
    let metadata = json!({"name": "a", "namespace": "kube-system", "managedFields": [{"manager": PLANTED}],
        "annotations": {"kubectl.kubernetes.io/last-applied-configuration": PLANTED, "kapp.k14s.io/original": PLANTED, "other/annotation": "kept-by-all"}});
    let container = json!({"name": "kube-apiserver", "command": ["kube-apiserver", "--profiling=false"],
        "args": [format!("--db-password={PLANTED}"), "--token", PLANTED, format!("--license-key={PLANTED}"), "--seed", PLANTED,
            format!("-p{PLANTED}"), "-a", PLANTED, PLANTED, format!("{PLANTED}=="), format!("DB={PLANTED}")], "lifecycle": {"preStop": {"httpGet": {"port": 1,
            "httpHeaders": [{"name": "Authorization", "value": PLANTED}]}, "exec": {"command": [PLANTED]}}},
        "env": [{"name": "PASSWORD", "value": PLANTED}, {"name": "ETCD_ROOT_PASSWORD", "value": PLANTED},
            {"name": "ETCD_CLIENT_CERT_AUTH", "value": "true"}, {"name": "FROM", "valueFrom": {"secretKeyRef": {"name": PLANTED, "key": "k"}}}],
        "livenessProbe": {"httpGet": {"port": 1, "httpHeaders": [{"name": "Authorization", "value": PLANTED}]}}});
    let script = format!(
        "set -e\nexport DB_PW={PLANTED}; login joe {PLANTED}\ncurl -H 'Authorization: Bearer {PLANTED}' \"https://joe:{PLANTED}@h\" | tee {PLANTED}\n\
         exec etcd --client-cert-auth=true --license {PLANTED} --x='{PLANTED} {PLANTED}'"
    );
    let scripted = json!({"name": "etcd", "command": ["sh", "-c", script, PLANTED, PLANTED]});
    let pod_spec = json!({"containers": [container, scripted], "initContainers": [container], "ephemeralContainers": [container],
        "volumes": [{"name": "v", "csi": {"driver": "d", "volumeAttributes": {"password": PLANTED}}},
            {"name": "f", "flexVolume": {"driver": "d", "options": {"password": PLANTED}}}]});
    let pod_status = json!({"containerStatuses": [{"state": {"terminated": {"message": PLANTED}}}]});
    for keep_all in [false, true] {
        let (metadata, pod_spec, pod_status) = (metadata.clone(), pod_spec.clone(), pod_status.clone());
        let mut extent = kubelets();
        extent.keep_all = keep_all;
        extent.all_pods = true;
        let (document, _) = collected(
            move |request| {
                let one = |object: Value| Some(Reply::json(&list("List", &[object])));
                match request.path.as_str() {
                    NODES => {
                        let mut node = node("a");
                        node["metadata"] = metadata.clone();
                        one(node)
                    }
                    "/api/v1/pods" => {
                        one(json!({"metadata": metadata, "spec": pod_spec, "status": pod_status}))
                    }
                    "/apis/apps/v1/daemonsets" => one(
                        json!({"metadata": metadata, "spec": {"template": {"metadata": metadata, "spec": pod_spec}}}),
                    ),
                    "/api/v1/persistentvolumes" => one(json!({"metadata": metadata, "spec": {
                        "mountOptions": [format!("password={PLANTED}")],
                        "flexVolume": {"options": {"password": PLANTED}}, "csi": {
                        "driver": "d", "volumeAttributes": {"password": PLANTED}}}})),
                    "/apis/storage.k8s.io/v1/storageclasses" => one(json!({"metadata": metadata, "provisioner": "driver.longhorn.io",
                        "mountOptions": [format!("password={PLANTED}")],
                        "parameters": {"numberOfReplicas": "3", "adminPassword": PLANTED, "unusual": PLANTED}})),
                    "/api/v1/nodes/a/proxy/configz" => Some(Reply::json(&json!({"kubeletconfig": {
                        "authentication": {}, "staticPodURLHeader": {"Authorization": [PLANTED]}}}))),
                    "/api/v1/namespaces/kube-system/configmaps/kubelet-config" => Some(Reply::json(&json!({"data": {
                        "kubelet": format!("staticPodURLHeader: {{a: [{PLANTED}]}}\nauthentication: {{anonymous: {{enabled: false}}}}\n")}}))),
                    path if path.starts_with("/api/v1/") || path.starts_with("/apis/s") || path.starts_with("/apis/n") => {
                        one(json!({"metadata": metadata}))
                    }
                    _ => None,
                }
            },
            extent,
            &options(),
        )
        .await;
        let text = document.unwrap().into_json();
        if let Some(place) = text.find(PLANTED) {
            panic!("{}", &text[place.saturating_sub(200)..place + 50]);
        }
        // What rules read is there.
        let document: Value = serde_json::from_str(&text).unwrap();
        let environment = &document["pods"][0]["spec"]["containers"][0]["env"];
        assert_eq!(environment[2], json!({"name": "ETCD_CLIENT_CERT_AUTH", "value": "true"}));
        let script = document["pods"][0]["spec"]["containers"][1]["command"][2].as_str().unwrap();
        assert!(script.contains("exec etcd --client-cert-auth=true --license …"), "{script}");
        assert_eq!(document["storage_classes"][0]["parameters"], json!({"numberOfReplicas": "3"}));
        // Without `valueFrom`, the value would be empty.
        assert_eq!(environment[0], json!({"name": "PASSWORD", "valueFrom": {}}));
        assert_eq!(
            document["kubelet_config_map"]["kubeletconfig"]["authentication"]["anonymous"]["enabled"],
            false
        );
        assert!(text.contains("kept-by-all"), "classes keep annotations");
        assert_eq!(document["nodes"][0]["status"].get("images").is_some(), keep_all);
    }
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
