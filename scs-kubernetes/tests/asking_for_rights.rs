//! Rights: what is asked, and what the answers mean.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod mock;

use std::collections::BTreeSet;

use mock::{MockServer, Reply, Request, usual};
use scs_kubernetes::{Extent, Granted, Probe, Right, Target, review_rights, rights};
use serde_json::{Value, json};

const REVIEWS: &str = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

fn answer(request: &Request) -> Reply {
    if !request.is("POST", REVIEWS) {
        return usual(request);
    }
    let asked = request.json()["spec"].clone();
    let attributes = &asked["resourceAttributes"];
    let status = match attributes["resource"].as_str() {
        Some("pods") => json!({"allowed": false, "reason": "no"}),
        Some("daemonsets") => json!({"allowed": false, "evaluationError": "webhook\nfailed"}),
        Some("namespaces") => json!({"allowed": false, "denied": true, "evaluationError": "webhook failed"}),
        _ => json!({"allowed": true}),
    };
    let review = json!({"kind": "SelfSubjectAccessReview", "spec": asked, "status": status});
    Reply::with_type(201, "application/json", review.to_string())
}

#[tokio::test]
async fn each_right_is_asked_for_once() {
    let server = MockServer::start(answer).await;
    let session = server.session().await;
    let needed = rights(Extent::default());
    let granted = review_rights(&session, &needed).await.unwrap();
    for (right, granted) in needed.iter().zip(&granted) {
        let expected = match right.part {
            "pods" | "namespaces" => Granted::No,
            "daemon_sets" => Granted::Unknown("webhook".to_owned()),
            _ => Granted::Yes,
        };
        assert_eq!(*granted, expected, "{right}");
    }
    assert_eq!(server.count("POST", REVIEWS), needed.len());
    let asked: Vec<Value> = server.requests().iter().map(|request| request.json()["spec"].clone()).collect();
    for spec in [
        json!({"nonResourceAttributes": {"path": "/version", "verb": "get"}}),
        json!({"resourceAttributes": {"verb": "list", "group": "", "resource": "pods", "namespace": "kube-system"}}),
        json!({"resourceAttributes": {"verb": "get", "group": "", "resource": "configmaps", "namespace": "kube-system",
            "name": "kubelet-config"}}),
    ] {
        assert!(asked.contains(&spec), "{spec}: {asked:#?}");
    }
}

#[tokio::test]
async fn a_right_of_several_probes_is_asked_for_once() {
    let server = MockServer::start(answer).await;
    let session = server.session().await;
    let needed: Vec<Right> = Probe::ALL.into_iter().flat_map(Probe::rights).collect();
    let granted = review_rights(&session, &needed).await.unwrap();
    assert_eq!(granted.len(), needed.len());
    for (right, granted) in needed.iter().zip(&granted) {
        let is_denied = matches!(right.target, Target::Resource { resource: "pods" | "namespaces", .. });
        assert_eq!(*granted, if is_denied { Granted::No } else { Granted::Yes }, "{right}");
    }
    let different: BTreeSet<String> = needed.iter().map(Right::to_string).collect();
    assert_eq!(server.count("POST", REVIEWS), different.len());
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_an_error() {
    let server = MockServer::start(usual).await;
    let session = server.session().await;
    assert!(review_rights(&session, &rights(Extent::default())).await.is_err());
}
