//! Configurations of kubelets.

use crate::mock::{Reply, Request, options};
use crate::{NODES, collected, kubelets, list, node, parts};
use serde_json::{Value, json};
use std::time::Duration;

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
async fn all_others_are_asked_while_a_kubelet_is_silent() {
    let mut options = options();
    options.parallel_kubelets = 2;
    options.limits.run_time = Duration::from_secs(2);
    let (document, _) = collected(
        |request| match request.path.as_str() {
            NODES => {
                let nodes: Vec<Value> = ('a'..='t').map(|name| node(&name.to_string())).collect();
                Some(Reply::json(&list("NodeList", &nodes)))
            }
            "/api/v1/nodes/a/proxy/configz" => Some(Reply::Hang),
            path if path.ends_with("configz") => Some(Reply::json(&json!({"kubeletconfig": {"port": 1}}))),
            _ => None,
        },
        kubelets(),
        &options,
    )
    .await;
    let document: Value = serde_json::from_str(&document.unwrap().into_json()).unwrap();
    let configs = document["kubelet_configs"].as_object().unwrap();
    assert_eq!(configs.len(), 20);
    let unavailable: Vec<&String> =
        configs.iter().filter(|(_, it)| it.get("unavailable").is_some()).map(|(name, _)| name).collect();
    assert_eq!(unavailable, ["a"]);
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
