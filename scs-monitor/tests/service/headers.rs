//! Headers that browsers go by.

use std::io::{Read, Write};
use std::net::TcpStream;

use axum::body::Body;
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{HeaderMap, Request, StatusCode};

use crate::program::{POST, Program, uuid};
use crate::support::{Database, KAAS, Monitor, basic, report};

/// The sources that a page may load something from.
const SOURCES: [&str; 3] = ["'self'", "'none'", "data:"];

fn has_strict_policy(headers: &HeaderMap) -> bool {
    let policies: Vec<&str> =
        headers.get_all("content-security-policy").iter().map(|it| it.to_str().unwrap()).collect();
    let [policy] = policies[..] else { return false };
    let directives: Vec<&str> = policy.split(';').map(str::trim).collect();
    let has_strict_sources =
        directives.iter().all(|directive| directive.split(' ').skip(1).all(|it| SOURCES.contains(&it)));
    let required = [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    ];
    has_strict_sources
        && !policy.contains("unsafe")
        && required.iter().all(|it| directives.contains(it))
        && headers["x-content-type-options"] == "nosniff"
        && headers["referrer-policy"] == "no-referrer"
}

#[tokio::test]
async fn every_answer_has_a_strict_policy() {
    let monitor = Monitor::start().await;
    for number in [1, 2] {
        let at = format!("2026-11-2{number} 08:00:00");
        let report = report(number, "cloud-a", KAAS, &at, &[("version-policy-check", -1)]);
        assert_eq!(monitor.report_as("cloud-a", &report).await.status, StatusCode::OK);
    }
    let (one, other) = (uuid(1), uuid(2));
    let pages = [
        "/page/table".to_owned(),
        "/page/table?q=cloud&sort=name&lang=de".to_owned(),
        "/page/table_full".to_owned(),
        "/page/detail/cloud-a/scs-compatible-kaas".to_owned(),
        "/page/detail_full/cloud-a/scs-compatible-kaas".to_owned(),
        "/page/detail/cloud-a/scs-compatible-kaas?findings=show".to_owned(),
        "/page/history/cloud-a/scs-compatible-kaas".to_owned(),
        format!("/page/changes/{one}/{other}"),
        format!("/page/report/{one}"),
        format!("/page/report_full/{one}"),
        "/page/scope/scs-compatible-kaas".to_owned(),
        "/page/certificates".to_owned(),
        "/page/standards".to_owned(),
        "/page/standard/scs-0210".to_owned(),
        "/fragment/table".to_owned(),
        "/status".to_owned(),
        "/feed.atom".to_owned(),
    ];
    let get = async |path: &str, account: Option<&str>| {
        let mut request = Request::get(path).header(ACCEPT, "text/html,*/*;q=0.8");
        if let Some(account) = account {
            request = request.header("authorization", basic(account));
        }
        monitor.send(request.body(Body::empty()).unwrap()).await
    };
    for path in pages {
        let answer = get(&path, Some("cloud-a")).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(has_strict_policy(&answer.headers), "{path}: {:?}", answer.headers);
        if path.starts_with("/page/") {
            assert!(answer.headers[CONTENT_TYPE].to_str().unwrap().starts_with("text/html"), "{path}");
            // What the policy forbids is not there either.
            for forbidden in ["<style", " style=", " onclick=", " onload=", "javascript:", "<iframe"] {
                assert!(!answer.text.contains(forbidden), "{path}: {forbidden}");
            }
            assert!(!answer.text.contains("<script>"), "{path}");
        }
    }
    // Pictures have a style of their own, and nothing else.
    for path in ["/history/cloud-a/scs-compatible-kaas.svg", "/badge/cloud-a/scs-compatible-kaas.svg"] {
        let headers = get(path, None).await.headers;
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; ") && !policy.contains("script-src"), "{policy}");
        assert_eq!(headers["x-content-type-options"], "nosniff");
    }
    for (path, status) in [
        ("/page/scope/none", 404),
        ("/page/report/none", 404),
        ("/page/report_full/none", 401),
        ("/page/nothing", 404),
        ("/nothing", 404),
        ("/reports", 401),
        ("/reports/%FF", 400),
        ("/", 307),
    ] {
        let answer = get(path, None).await;
        assert_ne!(answer.status, StatusCode::OK, "{path}");
        assert!(has_strict_policy(&answer.headers), "{path}: {:?}", answer.headers);
        if status != 400 {
            assert_eq!(answer.status.as_u16(), status, "{path}");
        }
        let is_page = path.starts_with("/page/");
        assert_eq!(answer.text.contains("<html"), is_page, "{path}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_request_that_takes_too_long_has_them_too() {
    let directory = tempfile::tempdir().unwrap();
    let program = Program::start(directory.path(), &Database::Sqlite);
    let mut stream = TcpStream::connect(program.address).unwrap();
    // The body never comes.
    let head = format!("{POST}\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 100\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    for header in ["content-security-policy: default-src 'none'", "x-content-type-options: nosniff"] {
        assert!(answer.contains(header), "{answer}");
    }
}
