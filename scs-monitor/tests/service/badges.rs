//! Badges, history, calendar and feed.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};

use crate::support::{Answer, IAAS, KAAS, KAAS_CASES, Monitor, report};

const BADGE: &str = "/badge/cloud-a/scs-compatible-kaas";
const HISTORY: &str = "/history/cloud-a/scs-compatible-kaas";

async fn posted(monitor: &Monitor, number: u32, subject: &str, day: &str, result: i8) {
    let results = KAAS_CASES.map(|case| (case, result));
    let report = report(number, subject, KAAS, &format!("{day} 08:00:00"), &results);
    assert_eq!(monitor.report_as(subject, &report).await.status, StatusCode::OK);
}

async fn message(monitor: &Monitor, path: &str) -> String {
    let answer = monitor.get(&format!("{path}.json")).await.json();
    // Green is for a PASS only.
    let is_green = answer["color"] == json!("brightgreen");
    assert_eq!(is_green, answer["message"].as_str().unwrap().starts_with("compliant · passing"));
    answer["message"].as_str().unwrap().to_owned()
}

/// The text of a document that must be well-formed XML.
fn texts(answer: &Answer) -> Vec<String> {
    let mut reader = quick_xml::Reader::from_str(&answer.text);
    let mut texts = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Text(text) => texts.push(text.xml10_content().into_owned()),
            quick_xml::events::Event::Eof => return texts,
            _ => {}
        }
    }
}

#[tokio::test]
async fn a_badge_is_green_only_for_a_pass() {
    let monitor = Monitor::start().await;
    assert_eq!(message(&monitor, BADGE).await, "incomplete");
    posted(&monitor, 1, "cloud-a", "2026-11-23", 1).await;
    assert_eq!(message(&monitor, BADGE).await, "compliant · passing · v1 · 2026-11-23");
    posted(&monitor, 2, "cloud-a", "2026-11-24", -1).await;
    assert_eq!(message(&monitor, BADGE).await, "failing · 2026-11-24");
    let policy = [("version-policy-check", 0), (KAAS_CASES[0], 1), (KAAS_CASES[2], 1)];
    monitor.report_as("cloud-a", &report(3, "cloud-a", KAAS, "2026-11-24 09:00:00", &policy)).await;
    assert_eq!(message(&monitor, BADGE).await, "incomplete · 2026-11-24");
    posted(&monitor, 4, "cloud-a", "2026-11-24", 1).await;
    // Of the same time as a FAIL, but a later DNF counts.
    assert_eq!(message(&monitor, BADGE).await, "incomplete · 2026-11-24");
    monitor.set_now("2026-12-08T00:00:00Z");
    assert_eq!(message(&monitor, BADGE).await, "results expired · 2026-11-24");
    // Another scope has no results.
    assert_eq!(message(&monitor, &format!("/badge/cloud-a/{IAAS}")).await, "incomplete");
}

#[tokio::test]
async fn a_badge_is_cached_until_it_may_change() {
    let monitor = Monitor::start().await;
    posted(&monitor, 1, "cloud-a", "2026-11-23", 1).await;
    let badge = monitor.get(&format!("{BADGE}.svg")).await;
    assert_eq!(badge.status, StatusCode::OK);
    assert_eq!(badge.headers[CONTENT_TYPE], "image/svg+xml; charset=utf-8");
    assert_eq!(badge.headers[CACHE_CONTROL], "public, max-age=300");
    assert_eq!(
        badge.headers[CONTENT_SECURITY_POLICY],
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    );
    let title = "SCS-compatible KaaS: compliant · passing · v1 · 2026-11-23";
    assert_eq!(
        texts(&badge),
        [title, "SCS-compatible KaaS", "compliant · passing · v1 · 2026-11-23", "\n"][..texts(&badge).len()]
    );
    let again = Request::get(format!("{BADGE}.svg")).header(IF_NONE_MATCH, &badge.headers[ETAG]);
    let again = monitor.send(again.body(Body::empty()).unwrap()).await;
    assert_eq!((again.status, again.text.as_str()), (StatusCode::NOT_MODIFIED, ""));
    monitor.set_now("2026-12-06T23:59:00Z");
    assert_eq!(monitor.get(&format!("{BADGE}.svg")).await.headers[CACHE_CONTROL], "public, max-age=60");
}

#[tokio::test]
async fn the_worst_member_is_the_badge_of_a_group() {
    let monitor = Monitor::start().await;
    posted(&monitor, 1, "cloud-b", "2026-11-23", -1).await;
    let badge = "/badge/group-group-of-b/scs-compatible-kaas";
    assert_eq!(message(&monitor, badge).await, "failing · 2026-11-23");
    let history = monitor.get("/history/group-group-of-b/scs-compatible-kaas").await.json();
    assert_eq!(history["days"][0]["text"], json!("FAIL"));
}

#[tokio::test]
async fn what_is_not_known_is_404() {
    let monitor = Monitor::start().await;
    for path in [
        "/badge/nobody/scs-compatible-kaas.svg",
        "/badge/cloud-a/nothing.svg",
        "/badge/group-x/scs-compatible-kaas.svg",
    ] {
        let badge = monitor.get(path).await;
        assert_eq!(badge.status, StatusCode::NOT_FOUND, "{path}");
        assert!(texts(&badge)[0].ends_with(": unknown"), "{path}: {}", badge.text);
    }
    let hostile = monitor.get("/badge/%3Cscript%3E%00/scs-compatible-kaas.svg").await;
    assert!(!hostile.text.contains("<script"));
    for path in [
        "/badge/cloud-a/scs-compatible-kaas",
        "/badge/cloud-a/x.png",
        HISTORY,
        "/history/cloud-a/x",
        "/feed.atom?scope=x",
    ] {
        assert_eq!(monitor.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn the_history_shows_the_verdict_of_each_day() {
    let monitor = Monitor::start().await;
    posted(&monitor, 1, "cloud-a", "2026-11-16", 1).await;
    posted(&monitor, 2, "cloud-a", "2026-11-20", -1).await;
    posted(&monitor, 3, "cloud-a", "2026-11-22", 1).await;
    let history = monitor.get(HISTORY).await.json();
    assert_eq!(history["first_report"], json!("2026-11-16"));
    assert_eq!(history["from"], json!("2025-05-24"));
    assert_eq!(history["days"].as_array().unwrap().len(), 9);
    assert_eq!(history["conformance"]["30"], json!({"counted": 9, "conforming": 7, "share": 7.0 / 9.0}));
    assert_eq!(history["longest_gap"], json!({"from": "2026-11-20", "to": "2026-11-21", "days": 2}));
    assert_eq!(history["months"], json!([{"month": "2026-11", "counted": 9, "conforming": 7}]));
    // A report that comes in late changes a past day, also where a history is known already.
    posted(&monitor, 4, "cloud-a", "2026-11-18", -1).await;
    let history = monitor.get(HISTORY).await.json();
    assert_eq!(history["longest_gap"]["days"], json!(4));
    let chart = monitor.get(&format!("{HISTORY}.svg")).await;
    assert_eq!(chart.status, StatusCode::OK);
    let texts = texts(&chart);
    assert_eq!(texts[0], "cloud-a: SCS-compatible KaaS");
    assert!(texts[1].contains("The longest gap has 4 days, from 2026-11-18 to 2026-11-21."), "{texts:?}");
    assert!(texts.contains(&"2026-11-18 to 2026-11-21: FAIL".to_owned()), "{texts:?}");
    assert!(!chart.text.contains("<script"));
}

#[tokio::test]
async fn feeds_and_calendars_keep_their_ids() {
    let monitor = Monitor::start().await;
    posted(&monitor, 1, "cloud-a", "2026-11-16", 1).await;
    posted(&monitor, 2, "cloud-a", "2026-11-20", -1).await;
    posted(&monitor, 3, "cloud-b", "2026-11-20", 1).await;
    let feed = async |path: &str| -> atom_syndication::Feed { monitor.get(path).await.text.parse().unwrap() };
    let all = feed("/feed.atom").await;
    assert_eq!(all.entries().len(), 1);
    let entry = &all.entries()[0];
    assert_eq!(entry.title().as_str(), "cloud-a: SCS-compatible KaaS FAIL, was PASS (v1)");
    assert_eq!(entry.updated().to_rfc3339(), "2026-11-20T00:00:00+00:00");
    monitor.set_now("2026-11-25T12:00:00Z");
    assert_eq!(
        feed("/feed.atom?subject=cloud-a&scope=scs-compatible-kaas").await.entries()[0].id(),
        entry.id()
    );
    for path in ["/feed.atom?group=group-of-b", "/feed.atom?scope=scs-compatible-iaas"] {
        assert!(feed(path).await.entries().is_empty(), "{path}");
    }
    let calendar = monitor.get("/calendar.ics").await;
    assert_eq!(calendar.headers[CONTENT_TYPE], "text/calendar; charset=utf-8");
    let uids = |text: &str| -> Vec<String> {
        text.lines().filter(|line| line.starts_with("UID:")).map(str::to_owned).collect()
    };
    let all = uids(&calendar.text);
    assert!(all.len() > 3, "{}", calendar.text);
    assert!(calendar.text.contains("DTSTART;VALUE=DATE:20261130"), "{}", calendar.text);
    let of_b = uids(&monitor.get("/calendar.ics?group=group-of-b").await.text);
    assert!(!of_b.is_empty() && of_b.iter().all(|uid| all.contains(uid)));
    monitor.set_now("2026-11-26T12:00:00Z");
    assert_eq!(uids(&monitor.get("/calendar.ics").await.text), all);
}

#[tokio::test]
async fn every_endpoint_is_in_the_openapi_document() {
    let monitor = Monitor::start().await;
    let document: Value = monitor.get("/openapi.json").await.json();
    for path in [
        "/badge/{subject}/{file}",
        "/history/{subject}/{scope}",
        "/reports/{uuid}/changes/{other}",
        "/reports/{uuid}/findings",
        "/calendar.ics",
        "/feed.atom",
        "/metrics/{subject}",
        "/certificates",
        "/certificates/{subject}/{scope}",
        "/notifications",
        "/notifications/{id}/ack",
        "/page/history/{subject}/{scope}",
        "/page/changes/{uuid}/{other}",
        "/page/certificates",
        "/page/standards",
        "/page/standard/{id}",
    ] {
        assert!(document["paths"][path].is_object(), "{path}");
    }
    let operations = document["paths"].as_object().unwrap().values().flat_map(|it| it.as_object().unwrap());
    let mut ids = BTreeSet::new();
    for (method, operation) in operations {
        let id = operation["operationId"].as_str().unwrap();
        assert!(id.starts_with(method.as_str()) && ids.insert(id), "{id}");
        for (status, response) in operation["responses"].as_object().unwrap() {
            let has_content = response["content"].as_object().is_some_and(|content| !content.is_empty());
            assert!(has_content || status == "304" || id == "get_healthz", "{id} {status}");
        }
    }
    assert_eq!(document["paths"]["/{view_type}/table"]["get"]["parameters"][0]["schema"]["enum"][2], "page");
}
