//! Metrics for Prometheus.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;

use crate::support::{KAAS, Monitor, report};

type Labels = BTreeMap<String, String>;

/// Reads the text format 0.0.4 and checks its rules: help and type come before the samples of a metric, and no sample occurs twice.
fn parse(text: &str) -> BTreeMap<(String, Labels), f64> {
    let mut samples = BTreeMap::new();
    let (mut helped, mut typed) = (String::new(), String::new());
    assert!(text.ends_with('\n'));
    for line in text.lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            helped = help.split(' ').next().unwrap().to_owned();
        } else if let Some(kind) = line.strip_prefix("# TYPE ") {
            let (name, kind) = kind.split_once(' ').unwrap();
            assert_eq!((name, kind), (helped.as_str(), "gauge"));
            typed = name.to_owned();
        } else {
            let (name, rest) = line.split_once('{').unwrap();
            assert_eq!(name, typed, "{line}");
            let (labels, value) = labels(rest);
            let known = samples.insert((name.to_owned(), labels), value.trim().parse().unwrap());
            assert_eq!(known, None, "{line}");
        }
    }
    samples
}

/// The labels up to the closing brace, and the rest.
fn labels(mut text: &str) -> (Labels, &str) {
    let mut labels = Labels::new();
    loop {
        let (name, rest) = text.split_once("=\"").unwrap();
        let mut value = String::new();
        let mut characters = rest.char_indices();
        let end = loop {
            match characters.next().unwrap() {
                (_, '\\') => value.push(match characters.next().unwrap().1 {
                    'n' => '\n',
                    other => other,
                }),
                (end, '"') => break end,
                (_, other) => value.push(other),
            }
        };
        labels.insert(name.trim_start_matches(',').to_owned(), value);
        text = &rest[end + 1..];
        if let Some(rest) = text.strip_prefix('}') {
            return (labels, rest);
        }
    }
}

#[test]
fn escaped_labels_are_read() {
    let (labels, rest) = labels("a=\"x\\\\y\\\"z\\n}\",b=\"\"} 1");
    assert_eq!(labels, BTreeMap::from([("a".into(), "x\\y\"z\n}".into()), ("b".into(), String::new())]));
    assert_eq!(rest, " 1");
}

#[tokio::test]
async fn metrics_are_for_the_subject_and_readers() {
    let monitor = Monitor::start().await;
    let results = [("cncf-k8s-conformance", 1), ("version-policy-check", -1), ("kaas-networking-check", 0)];
    monitor.report_as("cloud-a", &report(1, "cloud-a", KAAS, "2026-11-23 08:00:00", &results)).await;
    for (account, status) in [
        ("cloud-a", StatusCode::OK),
        ("reader", StatusCode::OK),
        ("cloud-b", StatusCode::UNAUTHORIZED),
        ("admin", StatusCode::UNAUTHORIZED),
    ] {
        assert_eq!(monitor.get_as(account, "/metrics/cloud-a").await.status, status, "{account}");
    }
    assert_eq!(monitor.get("/metrics/cloud-a").await.status, StatusCode::UNAUTHORIZED);
    let answer = monitor.get_as("cloud-a", "/metrics/cloud-a").await;
    assert_eq!(answer.headers[CONTENT_TYPE], "text/plain; version=0.0.4; charset=utf-8");
    let samples = parse(&answer.text);
    let sample = |name: &str, more: &[(&str, &str)]| {
        let mut labels: Labels = [("subject", "cloud-a"), ("scope", "scs-compatible-kaas")]
            .iter()
            .chain(more)
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        samples.get(&(name.to_owned(), std::mem::take(&mut labels))).copied()
    };
    assert_eq!(sample("scs_result", &[("test_case", "cncf-k8s-conformance")]), Some(1.0));
    assert_eq!(sample("scs_result", &[("test_case", "version-policy-check")]), Some(-1.0));
    assert_eq!(sample("scs_result", &[("test_case", "kaas-networking-check")]), Some(0.0));
    assert_eq!(sample("scs_verdict", &[("verdict", "FAIL")]), Some(1.0));
    assert_eq!(sample("scs_verdict", &[("verdict", "PASS")]), Some(0.0));
    assert_eq!(
        sample("scs_version_verdict", &[("version", "v1"), ("validity", "effective"), ("verdict", "FAIL")]),
        Some(1.0)
    );
    let expires: jiff::Timestamp = "2026-12-07T00:00:00Z".parse().unwrap();
    #[expect(clippy::cast_precision_loss, reason = "seconds of this century")]
    let expires = expires.as_second() as f64;
    assert_eq!(
        sample("scs_result_expires_timestamp_seconds", &[("test_case", "version-policy-check")]),
        Some(expires)
    );
    assert_eq!(sample("scs_last_check_timestamp_seconds", &[]), Some(expires - 13.0 * 86400.0 - 57600.0));
    // A subject without reports has no metrics.
    assert_eq!(monitor.get_as("reader", "/metrics/nobody").await.text, "");
}
