//! Requests that no session sends.

#[path = "../../tests/mock/mod.rs"]
mod mock;

use std::time::{Duration, Instant};

use http::Method;
use serde_json::json;

use self::mock::replay::{Replay, SKIPPED};
use self::mock::tls::Authority;
use self::mock::{MockServer, Reply, options, usual};
use super::{Call, Http, RequestError};

async fn failure(server: &MockServer, call: &Call) -> RequestError {
    Http::new(&server.config(), &options()).unwrap().send(call).await.map(|answer| answer.text).unwrap_err()
}

/// A server that always gives one answer.
async fn answering(reply: Reply) -> MockServer {
    MockServer::start(move |_| reply.clone()).await
}

const CONFIGZ: &str = "/api/v1/nodes/n1/proxy/configz";

fn configz() -> Call {
    Call::get(CONFIGZ).through_to_kubelet(Duration::from_millis(300))
}

#[tokio::test]
async fn requests_that_create_are_sent_once() {
    let server = answering(Reply::status(503, "ServiceUnavailable", "busy")).await;
    let path = "/api/v1/namespaces/x/pods";
    for method in [Method::POST, Method::PATCH] {
        failure(&server, &Call::send(method.clone(), path, &json!({"kind": "Pod"}))).await;
        assert_eq!(server.count(method.as_str(), path), 1);
    }
    failure(&server, &Call::send(Method::POST, path, &json!({})).repeatable()).await;
    assert_eq!(server.count("POST", path), 3);
    failure(&server, &Call::delete(path)).await;
    assert_eq!(server.count("DELETE", path), 2);
    let closing = answering(Reply::Close).await;
    let error = failure(&closing, &Call::send(Method::POST, path, &json!({}))).await;
    assert!(matches!(error, RequestError::BrokenOff { .. }), "{error}");
    assert_eq!(closing.count("POST", path), 1);
}

#[tokio::test]
async fn content_types_are_sent() {
    let server = MockServer::start(|_| Reply::json(&json!({}))).await;
    let http = Http::new(&server.config(), &options()).unwrap();
    let patch = "application/apply-patch+yaml";
    let call = Call::send(Method::PATCH, "/x?fieldManager=scs", &json!({"a": 1})).content_type(patch);
    http.send(&call.accept("application/yaml")).await.unwrap();
    let requests = server.requests();
    assert_eq!(requests[0].header("content-type"), Some(patch));
    assert_eq!(requests[0].header("accept"), Some("application/yaml"));
    assert_eq!(requests[0].parameter("fieldManager"), Some("scs"));
    assert_eq!(requests[0].json(), json!({"a": 1}));
}

#[tokio::test]
async fn words_of_kubelets_are_not_those_of_the_server() {
    for status in [401, 403, 404] {
        let server = answering(Reply::text(status, "Forbidden (user=kube-apiserver-kubelet-client)\n")).await;
        let error = failure(&server, &configz()).await;
        assert!(!error.concerns_all() && !error.is_forbidden() && !error.is_unknown_path(), "{error}");
        assert_eq!(
            error.to_string(),
            format!(
                "the kubelet rejected the API server ({status}: Forbidden (user=kube-apiserver-kubelet-client)) (GET {CONFIGZ})"
            )
        );
    }
    let server =
        answering(Reply::status(403, "Forbidden", "nodes \"n1\" is forbidden: User \"me\" cannot get")).await;
    assert!(failure(&server, &configz()).await.is_forbidden());
    let server = answering(Reply::unauthorized()).await;
    assert!(failure(&server, &configz()).await.concerns_all());
}

#[tokio::test]
async fn a_kubelet_that_is_silent_or_down_costs_little() {
    let start = Instant::now();
    let server = answering(Reply::Hang).await;
    let error = failure(&server, &configz()).await;
    assert_eq!(error.to_string(), format!("the API server did not respond within 0.3 s (GET {CONFIGZ})"));
    assert_eq!(server.requests().len(), 1);
    let words = "error trying to reach service: dial tcp 10.8.0.24:10250: connect: connection refused";
    let server = answering(Reply::status(503, "ServiceUnavailable", words)).await;
    let error = failure(&server, &configz()).await;
    assert_eq!(error.to_string(), format!("the API server returned status 503: {words} (GET {CONFIGZ})"));
    assert_eq!(server.requests().len(), 2);
    assert!(start.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn recorded_errors_are_told_apart() {
    let Some(replay) = Replay::read("good", "reader") else { return println!("{SKIPPED}") };
    let Some(admin) = Replay::read("good", "admin") else { return println!("{SKIPPED}") };
    for (reply, expected) in [
        (replay.named("unknown-group"), "not found (404): 404 page not found (GET /x)"),
        (replay.named("nodes-continue-garbage"), "the API server returned status 400: "),
        (replay.named("nodes-continue-expired"), "the list expired while it was read (410): "),
        (replay.named("not-acceptable"), "the API server cannot answer in a requested format (406) (GET /x)"),
        (replay.named("viewonly-nodes"), "denied (403): nodes is forbidden: User \""),
        (
            admin.named("unknown-resource"),
            "not found (404): the server could not find the requested resource (GET /x)",
        ),
        (
            admin.named("configz-kubelet-refuse"),
            "the API server returned status 503: error trying to reach service: ",
        ),
    ] {
        let server = answering(reply).await;
        let error = failure(&server, &Call::get("/x?limit=500")).await;
        println!("{error}");
        assert!(error.to_string().starts_with(expected), "{error}");
        assert!(!error.concerns_all());
        assert_eq!(error.is_unknown_path(), expected.contains("page not found"));
        assert_eq!(error.is_forbidden(), expected.starts_with("denied"));
    }
    for name in ["configz-kubelet-401", "configz-kubelet-403", "configz-kubelet-404"] {
        let server = answering(admin.named(name)).await;
        let error = failure(&server, &configz()).await;
        assert!(matches!(error, RequestError::KubeletRefused { .. }), "{name}: {error}");
    }
}

#[tokio::test]
async fn pages_and_forms_are_replayed() {
    let Some(replay) = Replay::read("good", "reader") else { return println!("{SKIPPED}") };
    let nodes = replay.body("nodes");
    let server = MockServer::start(move |request| replay.answer(request)).await;
    let config = server.configured(&json!({}), &json!({"token": Replay::token("reader")}));
    let http = Http::new(&config, &options()).unwrap();
    let get = async |path: &str, accept| {
        http.send(&Call::get(path).accept(accept))
            .await
            .map(|answer| answer.json::<serde_json::Value>("JSON").unwrap())
    };
    let json = "application/json";
    let all = get("/api/v1/nodes?timeout=10s&limit=500", json).await.unwrap();
    assert_eq!(all, nodes);
    let (mut names, mut token) = (Vec::new(), String::new());
    loop {
        let further = if token.is_empty() { String::new() } else { format!("&continue={token}") };
        let page = get(&format!("/api/v1/nodes?limit=3{further}"), json).await.unwrap();
        names.extend(page["items"].as_array().unwrap().iter().map(|node| node["metadata"]["name"].clone()));
        token = page["metadata"]["continue"].as_str().unwrap_or_default().to_owned();
        if token.is_empty() {
            break;
        }
    }
    let expected: Vec<_> =
        all["items"].as_array().unwrap().iter().map(|node| node["metadata"]["name"].clone()).collect();
    assert_eq!(names, expected);
    let aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";
    assert_eq!(get("/apis", aggregated).await.unwrap()["kind"], "APIGroupDiscoveryList");
    assert_eq!(get("/apis", json).await.unwrap()["kind"], "APIGroupList");
    assert!(get("/api/v1/secrets?limit=500", json).await.unwrap_err().is_forbidden());
    assert!(get("/apis/no.such.group/v1", json).await.unwrap_err().is_unknown_path());
}

#[tokio::test]
async fn a_replay_can_have_faults() {
    let Some(replay) = Replay::read("broken", "admin") else { return println!("{SKIPPED}") };
    let replay = replay.with("/api/v1/nodes", Reply::Close).without_aggregated_discovery();
    let server = MockServer::start(move |request| replay.answer(request)).await;
    let http = Http::new(&server.configured(&json!({}), &json!({})), &options()).unwrap();
    let aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";
    let groups = http.send(&Call::get("/apis").accept(aggregated)).await.unwrap();
    assert!(groups.text.contains("APIGroupList") && groups.content_type.starts_with("application/json"));
    assert!(http.send(&Call::get("/api/v1/nodes?limit=500")).await.is_err());
}

#[tokio::test]
async fn parallel_requests_are_limited() {
    let server = MockServer::start(|request| usual(request).slow(50)).await;
    let mut options = options();
    options.parallel = 4;
    let http = Http::new(&server.config(), &options).unwrap();
    let calls: Vec<_> = (0..40).map(|_| Call::get("/version")).collect();
    let start = Instant::now();
    let answers = futures_util::future::join_all(calls.iter().map(|call| http.send(call))).await;
    assert!(answers.iter().all(Result::is_ok));
    assert!(start.elapsed() >= Duration::from_millis(500), "{:?}", start.elapsed());
    assert!(server.connections() <= 4, "{}", server.connections());
}

#[tokio::test]
async fn servers_may_end_their_connections() {
    let authority = Authority::new();
    let config = authority.server_with_http2("127.0.0.1");
    // As API servers do to spread the load; here after each response.
    let server = MockServer::start_with_tls(config, |request| usual(request).cut(0)).await;
    let config = server.configured(&authority.keys(), &json!({"token": mock::TOKEN}));
    let http = Http::new(&config, &options()).unwrap();
    let call = Call::get("/version");
    for answer in futures_util::future::join_all((0..100).map(|_| http.send(&call))).await {
        answer.unwrap();
    }
    assert!(server.connections() > 1, "{}", server.connections());
    assert!(server.requests().iter().all(|request| request.version == "HTTP/2.0"));
}

#[tokio::test]
async fn streams_that_are_reset_are_repeated_once() {
    let authority = Authority::new();
    let server = MockServer::start_with_tls(authority.server_with_http2("127.0.0.1"), |_| Reply::Close).await;
    let config = server.configured(&authority.keys(), &json!({"token": mock::TOKEN}));
    let http = Http::new(&config, &options()).unwrap();
    let error = http.send(&Call::get("/version")).await.map(|answer| answer.text).unwrap_err();
    assert!(matches!(error, RequestError::BrokenOff { .. }), "{error}");
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn cleaning_up_has_time_of_its_own() {
    let server = MockServer::start(usual).await;
    let mut options = options();
    options.limits.run_time = Duration::ZERO;
    let http = Http::new(&server.config(), &options).unwrap();
    let call = Call::get("/version");
    let error = http.send(&call).await.map(|answer| answer.text).unwrap_err();
    assert_eq!(error.to_string(), "not complete within 0 s (GET /version)");
    assert_eq!(server.requests().len(), 0);
    http.with_time(Duration::from_secs(5)).send(&call).await.unwrap();
    assert_eq!(http.options().limits.run_time, Duration::ZERO);
}
