//! Pages and limits of lists.

use crate::mock::{Reply, options};
use crate::{NODES, collected, list, node, parts};
use scs_kubernetes::Extent;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

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
