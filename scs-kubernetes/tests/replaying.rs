//! The recorded exchanges with a real API server: the inventories, and the verdicts on them.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod mock;

use std::collections::BTreeMap;

use mock::replay::Replay;
use mock::{MockServer, NOW, Reply, open};
use scs_kubernetes::{Document, Extent, collect};
use scs_registry::{Inventory, Report, ScopeChoice, check_inventory};
use scs_standards::{Context, Declarations, Profile, Verdict};
use serde_json::{Value, json};

/// The parts and the names of their exchanges.
const PARTS: [(&str, &str); 8] = [
    ("nodes", "nodes"),
    ("storage_classes", "storage_classes"),
    ("persistent_volumes", "persistent_volumes"),
    ("namespaces", "namespaces"),
    ("daemon_sets", "daemon_sets"),
    ("ingress_classes", "ingress_classes"),
    ("network_policies", "network_policies"),
    ("pods", "pods-kube-system"),
];

async fn replayed(replay: &Replay, token: Option<&str>, extent: Extent) -> (Document, MockServer) {
    let answers = replay.clone();
    let server = MockServer::start(move |request| match answers.answer(request) {
        // Only one selector was recorded; all pods of the control plane have that label.
        Reply::Answer(404, ..) if request.query.contains("labelSelector=") => {
            Reply::json(&json!({"kind": "PodList", "apiVersion": "v1", "metadata": {}, "items": []}))
        }
        // Of other users, only the lists were recorded; the rest is open to all.
        Reply::Answer(404, headers, body) if headers[0].1.starts_with("text/plain") => {
            let mut of_reader = request.clone();
            of_reader.headers.retain(|(name, _)| name != "authorization");
            of_reader
                .headers
                .push(("authorization".to_owned(), format!("Bearer {}", Replay::token("reader"))));
            match answers.answer(&of_reader) {
                Reply::Answer(404, ..) => Reply::Answer(404, headers, body),
                other => other,
            }
        }
        other => other,
    })
    .await;
    let user = token.map_or_else(|| json!({}), |user| json!({"token": Replay::token(user)}));
    let session = open(&server.configured(&json!({}), &user)).await.unwrap();
    (collect(&session, extent, NOW.parse().unwrap()).await.unwrap(), server)
}

fn everything() -> Extent {
    let mut extent = Extent::default();
    extent.kubelets = true;
    extent
}

fn checked(inventory: &str) -> Report {
    let inventory: Inventory = inventory.parse().unwrap();
    let none = Declarations::default();
    let context = Context { at: NOW.parse().unwrap(), profile: Profile::Text, declarations: &none };
    let mut choice = ScopeChoice::default();
    choice.include_drafts = true;
    choice.all_rules = true;
    check_inventory(&inventory, &choice, &context).unwrap()
}

fn results(report: &Report) -> BTreeMap<(String, String), Verdict> {
    report.rules.iter().map(|row| ((row.rule.to_string(), row.document.to_string()), row.result)).collect()
}

/// An inventory of the recorded lists, as an operator saves them with `kubectl`.
fn offline(replay: &Replay, kubelets: bool) -> String {
    let mut inventory = json!({"kind": "cluster", "collected_at": NOW, "version": replay.body("version"),
        "api_resources": [replay.body("discovery-apis")]});
    for (part, exchange) in PARTS {
        inventory[part] = replay.body(exchange);
    }
    if kubelets {
        let nodes = inventory["nodes"]["items"].as_array().unwrap().clone();
        let named = nodes.iter().map(|node| node["metadata"]["name"].as_str().unwrap().to_owned());
        let configs = named.map(|name| {
            let config = replay.body(&format!("configz-{name}"));
            (name, config)
        });
        inventory["kubelet_configs"] = Value::Object(configs.collect());
    }
    inventory.to_string()
}

#[tokio::test]
async fn inventories_have_the_objects_of_the_recorded_lists() {
    for cluster in ["good", "broken"] {
        let Some(replay) = Replay::read(cluster, "admin") else { return };
        let (document, server) = replayed(&replay, None, everything()).await;
        assert_eq!(document.unavailable().count(), 0);
        let value: Value = serde_json::from_str(&document.into_json()).unwrap();
        let names = |list: &Value| -> Vec<Value> {
            list.as_array().into_iter().flatten().map(|it| it["metadata"]["name"].clone()).collect()
        };
        for (part, exchange) in PARTS {
            let exchange = if part == "pods" { "pods-control-plane" } else { exchange };
            let recorded = names(&replay.body(exchange)["items"]);
            assert_eq!(names(&value[part]), recorded, "{cluster}: {part}");
        }
        let nodes = value["nodes"].as_array().unwrap().len();
        assert_eq!(value["kubelet_configs"].as_object().unwrap().len(), nodes);
        // The version, the user, ten parts (one of which has three selectors), and a request for each kubelet.
        assert_eq!(server.requests().len(), 14 + nodes, "{cluster}");
    }
}

#[tokio::test]
async fn verdicts_are_those_of_the_recorded_lists() {
    for cluster in ["good", "broken"] {
        let Some(replay) = Replay::read(cluster, "admin") else { return };
        let expected = checked(&offline(&replay, true));
        for keep_all in [false, true] {
            let mut extent = everything();
            extent.keep_all = keep_all;
            let (document, _) = replayed(&replay, None, extent).await;
            let report = checked(&document.into_json());
            assert_eq!(results(&report), results(&expected), "{cluster}");
            let texts = |report: &Report| -> Vec<String> {
                report
                    .findings
                    .iter()
                    .map(|it| format!("{} {}: {}", it.rule, it.subject, it.message))
                    .collect()
            };
            assert_eq!(texts(&report), texts(&expected), "{cluster}");
            assert!(expected.rules.iter().filter(|row| row.result == Verdict::Pass).count() > 15);
        }
    }
}

#[tokio::test]
async fn the_old_discovery_gives_the_same_verdicts() {
    let Some(replay) = Replay::read("good", "admin") else { return };
    let (document, _) = replayed(&replay, None, everything()).await;
    let expected = results(&checked(&document.into_json()));
    let old = replay.without_aggregated_discovery();
    let (document, _) = replayed(&old, None, everything()).await;
    assert_eq!(results(&checked(&document.into_json())), expected);
}

/// Missing rights make DNF and never PASS of what was not PASS.
#[tokio::test]
async fn missing_rights_are_never_a_pass() {
    for cluster in ["good", "broken"] {
        let Some(admin) = Replay::read(cluster, "admin") else { return };
        let reader = Replay::read(cluster, "reader").unwrap();
        let full = results(&checked(&replayed(&admin, None, everything()).await.0.into_json()));
        for (user, gone) in [
            ("reader", &["kubelet_configs"][..]),
            (
                "viewonly",
                &["nodes", "storage_classes", "persistent_volumes", "ingress_classes", "kubelet_configs"],
            ),
        ] {
            let (document, _) = replayed(&reader, Some(user), everything()).await;
            let missing: Vec<&str> = document.unavailable().map(|(key, _)| key).collect();
            assert_eq!(missing, gone, "{cluster} as {user}");
            for (key, reason) in document.unavailable() {
                assert!(reason.contains("is forbidden: User"), "{key}: {reason}");
            }
            let report = checked(&document.into_json());
            assert_eq!(report.unavailable.len(), gone.len());
            for (rule, result) in results(&report) {
                let before = full[&rule];
                assert!(
                    result == before || matches!(result, Verdict::Dnf | Verdict::Miss),
                    "{rule:?}: {result}"
                );
            }
            assert!(report.rules.iter().any(|row| row.result == Verdict::Dnf));
        }
    }
}

#[tokio::test]
async fn states_of_one_kubelet_are_told_apart() {
    let Some(replay) = Replay::read("good", "admin") else { return };
    let nodes = replay.body("nodes")["items"].clone();
    let last = nodes.as_array().unwrap().last().unwrap()["metadata"]["name"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/nodes/{last}/proxy/configz");
    for (state, expected) in [
        ("refuse", "the API server returned status 503: error trying to reach service: "),
        ("reset", "the API server returned status 503: error trying to reach service: "),
        ("401", "the kubelet rejected the API server (401: "),
        ("403", "the kubelet rejected the API server (403: "),
        ("404", "the kubelet rejected the API server (404: "),
    ] {
        let answer = replay.named(&format!("configz-kubelet-{state}"));
        let (document, _) = replayed(&replay.clone().with(&path, answer), None, everything()).await;
        let value: Value = serde_json::from_str(&document.into_json()).unwrap();
        let configs = value["kubelet_configs"].as_object().unwrap();
        let gone: Vec<(&String, &str)> =
            configs.iter().filter_map(|(node, it)| Some((node, it.get("unavailable")?.as_str()?))).collect();
        assert_eq!(gone.len(), 1, "{state}");
        assert!(*gone[0].0 == last && gone[0].1.starts_with(expected), "{state}: {}", gone[0].1);
    }
}

#[tokio::test]
async fn a_cut_list_is_no_list() {
    let Some(replay) = Replay::read("good", "admin") else { return };
    let namespaces = Reply::json(&replay.body("namespaces")).cut(500);
    let (document, _) =
        replayed(&replay.with("/api/v1/namespaces", namespaces), None, Extent::default()).await;
    let gone: Vec<_> = document.unavailable().collect();
    assert_eq!(gone.len(), 1);
    assert!(gone[0].1.contains("ends prematurely after 500 bytes"), "{}", gone[0].1);
}
