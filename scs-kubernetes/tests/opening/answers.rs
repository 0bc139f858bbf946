//! Answers: retries, compression and limits.

use crate::mock::{MockServer, Reply, TOKEN, open, open_with, options, usual, version};
use crate::{failure, message, with_version};
use flate2::Compression;
use flate2::write::GzEncoder;
use scs_kubernetes::{OpenError, RequestError};
use serde_json::json;
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

#[tokio::test]
async fn an_overloaded_server_is_asked_once_more() {
    let asked = AtomicUsize::new(0);
    let server = with_version(move |_| match asked.fetch_add(1, Ordering::Relaxed) {
        0 => Reply::status(503, "ServiceUnavailable", "apiserver not ready"),
        _ => Reply::json(&version()),
    })
    .await;
    server.session().await;
    assert_eq!(server.count("GET", "/version"), 2);
    for status in [429, 500, 502, 503, 504] {
        let server = with_version(move |_| Reply::status(status, "X", "busy")).await;
        assert_eq!(
            message(&server).await,
            format!("the API server returned status {status}: busy (GET /version)")
        );
        assert_eq!(server.count("GET", "/version"), 2);
    }
    for status in [400, 409, 501] {
        let server = with_version(move |_| Reply::status(status, "X", "no")).await;
        message(&server).await;
        assert_eq!(server.count("GET", "/version"), 1, "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_respected() {
    let asked = AtomicUsize::new(0);
    let server = with_version(move |_| match asked.fetch_add(1, Ordering::Relaxed) {
        0 => Reply::status(429, "TooManyRequests", "too many requests").header("retry-after", "7"),
        _ => Reply::json(&version()),
    })
    .await;
    let start = tokio::time::Instant::now();
    server.session().await;
    assert!(
        (Duration::from_secs(7)..Duration::from_secs(9)).contains(&start.elapsed()),
        "{:?}",
        start.elapsed()
    );
    // A server that asks for a day is not waited for that long.
    let server = with_version(|_| Reply::status(429, "X", "busy").header("retry-after", "86400")).await;
    let start = tokio::time::Instant::now();
    message(&server).await;
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn compressed_answers_are_read() {
    let body = gzip(version().to_string().as_bytes());
    let server = with_version(move |_| {
        Reply::with_type(200, "application/json", body.clone()).header("content-encoding", "gzip")
    })
    .await;
    server.session().await;
    let server = MockServer::start(usual).await;
    open(&server.configured(&json!({"disable-compression": true}), &json!({"token": TOKEN}))).await.unwrap();
    assert!(server.requests().iter().all(|request| request.header("accept-encoding").is_none()));
}

#[tokio::test]
async fn limits_count_what_is_decompressed() {
    let bomb = gzip(&vec![b' '; 100 << 20]);
    assert!(bomb.len() < 200_000, "{}", bomb.len());
    let server = with_version(move |_| {
        Reply::with_type(200, "application/json", bomb.clone()).header("content-encoding", "gzip")
    })
    .await;
    let mut options = options();
    options.limits.answer_bytes = 1 << 20;
    let text = failure(open_with(&server.config(), &options).await);
    assert!(text.contains("more than 1048576 bytes"), "{text}");
    let server = with_version(|_| {
        Reply::with_type(200, "application/json", "no gzip").header("content-encoding", "gzip")
    })
    .await;
    assert_eq!(
        message(&server).await,
        "the server returned data with invalid compression instead of a compressed response (GET /version)"
    );
    let half = gzip(version().to_string().as_bytes());
    let half = half[..half.len() / 2].to_vec();
    let server = with_version(move |_| {
        Reply::with_type(200, "application/json", half.clone()).header("content-encoding", "gzip")
    })
    .await;
    let error = open(&server.config()).await.unwrap_err();
    assert!(matches!(error, OpenError::Request(RequestError::BrokenOff { .. })), "{error}");
}

#[tokio::test]
async fn headers_are_limited() {
    let long = "x".repeat(1 << 20);
    let server = with_version(move |_| Reply::json(&version()).header("x-long", &long)).await;
    assert_eq!(
        message(&server).await,
        "the response was cut off: too many or too long headers (GET /version)"
    );
    let server =
        with_version(|_| (0..500).fold(Reply::json(&version()), |reply, _| reply.header("x", "y"))).await;
    assert_eq!(
        message(&server).await,
        "the response was cut off: too many or too long headers (GET /version)"
    );
}

#[tokio::test(start_paused = true)]
async fn waiting_ends_with_the_time_for_the_run() {
    let server = with_version(|_| Reply::status(429, "X", "busy").header("retry-after", "10")).await;
    let mut options = options();
    options.limits.run_time = Duration::from_secs(2);
    let start = tokio::time::Instant::now();
    let text = failure(open_with(&server.config(), &options).await);
    assert_eq!(text, "not complete within 2 s (GET /version)");
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
}
