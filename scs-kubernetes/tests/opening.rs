//! Sessions: authentication, retries, deadlines, and servers that are not API servers.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod mock;

use std::io::Write;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::write::GzEncoder;
use mock::replay::{Replay, SKIPPED};
use mock::tls::Authority;
use mock::{
    MockServer, Reply, Request, TOKEN, configured, configured_with, open, open_with, options, review, usual,
    version,
};
use scs_kubernetes::{OpenError, Overrides, RequestError, Secret, Session};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const REVIEW: &str = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

/// A server that answers `/version` by `reply` and everything else as usual.
async fn with_version(reply: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> MockServer {
    MockServer::start(move |request| if request.path == "/version" { reply(request) } else { usual(request) })
        .await
}

async fn message(server: &MockServer) -> String {
    failure(open(&server.config()).await).replace(&server.address, "SERVER")
}

fn failure(result: Result<Session, OpenError>) -> String {
    let error = result.unwrap_err();
    let text = error.to_string();
    assert!(!format!("{text} {error:?}").contains(TOKEN), "{text} {error:?}");
    text
}

#[tokio::test]
async fn a_session_knows_server_user_and_version() {
    let server = MockServer::start(usual).await;
    let session = server.session().await;
    assert_eq!(session.user().unwrap().groups, ["system:authenticated"]);
    assert_eq!(
        session.origin(),
        json!({"server": server.address, "context": "mock", "user": "me@example.org"})
    );
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert!(requests[0].is("GET", "/version") && requests[1].is("POST", REVIEW));
    for request in &requests {
        assert_eq!(request.header("authorization"), Some(format!("Bearer {TOKEN}").as_str()));
        assert_eq!(request.header("accept"), Some("application/json"));
        assert_eq!(request.header("accept-encoding"), Some("gzip"));
    }
    assert_eq!(requests[1].json()["kind"], "SelfSubjectReview");
    // One connection is enough.
    assert_eq!(server.connections(), 1);
    assert!(!format!("{session:?}").contains(TOKEN));
}

#[tokio::test]
async fn recorded_servers_are_understood() {
    for (cluster, user, name) in [
        ("good", "reader", "system:serviceaccount:kube-system:scs-check"),
        ("broken", "reader", "system:serviceaccount:kube-system:scs-check"),
        ("good", "admin", ""),
    ] {
        let Some(replay) = Replay::read(cluster, user) else { return println!("{SKIPPED}") };
        let server = MockServer::start(move |request| replay.answer(request)).await;
        let keys = if user == "admin" { json!({}) } else { json!({"token": Replay::token(user)}) };
        let session = open(&server.configured(&json!({}), &keys)).await.unwrap();
        let found = &session.user().unwrap().username;
        assert!(if name.is_empty() { !found.is_empty() } else { found == name }, "{found}");
    }
}

#[tokio::test]
async fn recorded_refusals_end_the_session() {
    let Some(replay) = Replay::read("good", "reader") else { return println!("{SKIPPED}") };
    let server = MockServer::start(move |request| replay.answer(request)).await;
    for user in ["expired", "badtoken"] {
        let keys = json!({"token": Replay::token(user)});
        let error = open(&server.configured(&json!({}), &keys)).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "the API server rejected the credentials (401: Unauthorized); the token of the user `me` may have expired or been revoked"
        );
    }
    let error = open(&server.configured(&json!({}), &json!({}))).await.unwrap_err();
    assert!(matches!(error, OpenError::Anonymous { .. }), "{error}");
}

#[tokio::test]
async fn only_the_configured_authority_is_trusted() {
    let (authority, other) = (Authority::new(), Authority::new());
    let server = MockServer::start_with_tls(authority.server("127.0.0.1", None), usual).await;
    let token = json!({"token": TOKEN});
    open(&server.configured(&authority.keys(), &token)).await.unwrap();
    // Authorities of clusters often have the same name, so only the signature is wrong.
    for (keys, reason) in [(other.keys(), "BadSignature"), (json!({}), "UnknownIssuer")] {
        let text = failure(open(&server.configured(&keys, &token)).await).replace(&server.address, "SERVER");
        assert_eq!(
            text,
            format!(
                "SERVER: no secure connection: invalid peer certificate: {reason}; check `certificate-authority` of the cluster in the kubeconfig"
            )
        );
    }
    // No request was sent to the server that is not known.
    assert_eq!(server.requests().len(), 2);
    let insecure = server.configured(&json!({"insecure-skip-tls-verify": true}), &token);
    open(&insecure).await.unwrap();
}

#[tokio::test]
async fn the_name_in_the_certificate_can_be_given() {
    let authority = Authority::new();
    let server = MockServer::start_with_tls(authority.server("k.example", None), usual).await;
    let token = json!({"token": TOKEN});
    let text = failure(open(&server.configured(&authority.keys(), &token)).await);
    assert!(text.contains("certificate not valid for name \"127.0.0.1\""), "{text}");
    assert!(
        text.ends_with("; check `server` and `tls-server-name` of the cluster in the kubeconfig"),
        "{text}"
    );
    let mut keys = authority.keys();
    keys["tls-server-name"] = json!("k.example");
    open(&server.configured(&keys, &token)).await.unwrap();
    keys["tls-server-name"] = json!("k example");
    let text = failure(open(&server.configured(&keys, &token)).await);
    assert!(text.ends_with("mock.conf, context `mock`: `tls-server-name` is invalid: `k example`"), "{text}");
}

#[tokio::test]
async fn rejected_client_certificates_are_named() {
    let (authority, other) = (Authority::new(), Authority::new());
    let server = MockServer::start_with_tls(authority.server("127.0.0.1", Some(&authority)), usual).await;
    open(&server.configured(&authority.keys(), &authority.client(2040).keys())).await.unwrap();
    for (user, expected) in [
        (json!({"token": TOKEN}), "CertificateRequired"),
        (authority.client(2021).keys(), "CertificateExpired"),
        (other.client(2040).keys(), "DecryptError"),
    ] {
        let error = open(&server.configured(&authority.keys(), &user)).await.unwrap_err();
        assert!(matches!(error, OpenError::Request(RequestError::Certificate { .. })), "{error}");
        assert!(error.to_string().contains(&format!("received fatal alert: {expected};")), "{error}");
        assert!(
            error.to_string().ends_with("; check the client certificate of the user in the kubeconfig"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_key_of_another_certificate_is_refused() {
    let authority = Authority::new();
    let (one, two) = (authority.client(2040).keys(), authority.client(2040).keys());
    let server = MockServer::start_with_tls(authority.server("127.0.0.1", Some(&authority)), usual).await;
    let user = json!({
        "client-certificate-data": one["client-certificate-data"], "client-key-data": two["client-key-data"]
    });
    let text = failure(open(&server.configured(&authority.keys(), &user)).await);
    assert!(
        text.ends_with("mock.conf, context `mock`: `client-key` is not the key of `client-certificate`"),
        "{text}"
    );
}

#[tokio::test]
async fn plain_http_and_tls_are_not_mixed_up() {
    let authority = Authority::new();
    let tls = MockServer::start_with_tls(authority.server("127.0.0.1", None), usual).await;
    let http = MockServer::start(usual).await;
    let token = json!({"token": TOKEN});
    let to_http = configured(&http.address.replace("http:", "https:"), &authority.keys(), &token);
    let text = failure(open(&to_http).await);
    assert!(
        text.ends_with("no secure connection: received corrupt message of type InvalidContentType; check that the server speaks TLS and that its certificate is valid"),
        "{text}"
    );
    let to_tls = configured(&tls.address.replace("https:", "http:"), &json!({}), &token);
    assert_eq!(
        failure(open(&to_tls).await),
        "the server returned data that are not HTTP (is this a port for TLS?) instead of a response (GET /version)"
    );
    // The words of the API server in this case.
    let words = "Client sent an HTTP request to an HTTPS server.\n";
    let real = MockServer::start(move |_| Reply::text(400, words)).await;
    assert_eq!(
        message(&real).await,
        "the API server returned status 400: Client sent an HTTP request to an HTTPS server. (GET /version)"
    );
}

#[tokio::test]
async fn the_cause_of_no_connection_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let config = configured(&format!("https://{address}"), &json!({}), &json!({"token": TOKEN}));
    let error = open(&config).await.unwrap_err();
    assert!(matches!(error, OpenError::Request(RequestError::Unreachable { .. })));
    assert_eq!(
        error.to_string(),
        format!("cannot reach https://{address}: tcp connect error: Connection refused (os error 111)")
    );
    let config = configured("https://k.invalid:6443", &json!({}), &json!({"token": TOKEN}));
    let text = failure(open(&config).await);
    assert!(text.starts_with("cannot reach https://k.invalid:6443: dns error: "), "{text}");
}

#[tokio::test]
async fn closed_connections_are_retried_once() {
    let complete = version().to_string();
    let truncated = Reply::with_type(200, "application/json", &complete[..18]);
    for (reply, requests, expected) in [
        (Reply::Close, 2, "the API server closed the connection without a response"),
        (
            Reply::json(&version()).cut(20),
            2,
            "the response of the API server ends prematurely after 20 bytes",
        ),
        // A response that is complete for HTTP would be the same again.
        (truncated, 1, "the response of the API server ends prematurely after 18 bytes"),
        (
            Reply::Raw(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec()),
            1,
            "the server returned data that are not HTTP (is this a port for TLS?) instead of a response",
        ),
    ] {
        let server = with_version(move |_| reply.clone()).await;
        assert_eq!(message(&server).await, format!("{expected} (GET /version)"));
        assert_eq!(server.count("GET", "/version"), requests, "{expected}");
    }
}

#[tokio::test]
async fn reset_connections_are_retried_once() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let config = configured(&format!("http://{}", listener.local_addr().unwrap()), &json!({}), &json!({}));
    let count = Arc::new(AtomicUsize::new(0));
    let resets = Arc::clone(&count);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            resets.fetch_add(1, Ordering::Relaxed);
            stream.read_u8().await.unwrap();
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-le").await.unwrap();
            stream.set_zero_linger().unwrap();
        }
    });
    assert_eq!(
        failure(open(&config).await),
        "the API server closed the connection without a response (GET /version)"
    );
    assert_eq!(count.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn a_connection_that_ends_before_tls_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("https://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            stream.read_u8().await.unwrap();
            let _ = stream.shutdown().await;
        }
    });
    assert_eq!(
        failure(open(&configured(&address, &json!({}), &json!({}))).await),
        format!("cannot reach {address}: tls handshake eof")
    );
}

#[tokio::test]
async fn silent_servers_are_left() {
    let slow = with_version(|_| Reply::json(&version()).slow(200)).await;
    slow.session().await;
    let mut options = options();
    options.request_timeout = Duration::from_millis(300);
    let start = Instant::now();
    let hanging = MockServer::start(|_| Reply::Hang).await;
    let silence = "the API server did not respond within 0.3 s (GET /version)";
    assert_eq!(failure(open_with(&hanging.config(), &options).await), silence);
    assert_eq!(hanging.requests().len(), 1);
    // One without a TLS handshake.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let config = configured(&format!("https://{}", silent.local_addr().unwrap()), &json!({}), &json!({}));
    assert_eq!(failure(open_with(&config, &options).await), silence);
    // One without a review, which is asked for once.
    let no_review =
        MockServer::start(|request| if request.path == REVIEW { Reply::Hang } else { usual(request) }).await;
    let text = failure(open_with(&no_review.config(), &options).await);
    assert_eq!(text, format!("the API server did not respond within 0.3 s (POST {REVIEW})"));
    // One that stops in the middle of a response.
    let stopping = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let config = configured(&format!("http://{}", stopping.local_addr().unwrap()), &json!({}), &json!({}));
    tokio::spawn(async move {
        let (mut stream, _) = stopping.accept().await.unwrap();
        stream.read_u8().await.unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{").await.unwrap();
        std::future::pending::<()>().await;
    });
    assert_eq!(failure(open_with(&config, &options).await), silence);
    // The time for the run ends everything.
    options.limits.run_time = Duration::from_millis(100);
    assert_eq!(
        failure(open_with(&hanging.config(), &options).await),
        "not complete within 0.1 s (GET /version)"
    );
    assert!(start.elapsed() < Duration::from_secs(5));
}

fn jwt(expires: i64) -> String {
    let claims = URL_SAFE_NO_PAD.encode(json!({"exp": expires}).to_string());
    format!("e30.{claims}.c2ln")
}

#[tokio::test]
async fn rejected_credentials_are_explained() {
    let server = MockServer::start(|_| Reply::unauthorized()).await;
    let client = |year| Authority::new().client(year).keys();
    for (user, expected) in [
        (json!({"token": jwt(1_795_000_000)}), "the token of the user `me` expired at 2026-11-18 11:06 UTC"),
        (json!({"token": jwt(1_900_000_000)}), "the token of the user `me` may have expired or been revoked"),
        (json!({"token": "opaque"}), "the token of the user `me` may have expired or been revoked"),
        (client(2026), "the client certificate of the user `me` expired at 2026-01-01 00:00 UTC"),
        (
            client(2040),
            "the client certificate of the user `me` may have expired, or another authority issued it",
        ),
        (
            json!({"username": "u", "password": TOKEN}),
            "the user `me` has a password, which API servers no longer accept; use a token or a certificate",
        ),
        (json!({}), "the user `me` has no credentials"),
    ] {
        let error = open(&server.configured(&json!({}), &user)).await.unwrap_err();
        assert!(matches!(error, OpenError::NotAuthenticated { .. }));
        assert_eq!(
            error.to_string(),
            format!("the API server rejected the credentials (401: Unauthorized); {expected}")
        );
    }
    // Rejected credentials are not sent again.
    assert_eq!(server.requests().len(), 7);
}

/// A given token is not that of the user in the file, whose certificate is not used.
#[tokio::test]
async fn given_credentials_are_those_of_nobody_in_the_file() {
    let server = MockServer::start(|_| Reply::unauthorized()).await;
    let mut overrides = Overrides::default();
    overrides.token = Some(Secret::from("opaque"));
    let user = Authority::new().client(2026).keys();
    let config = configured_with(&server.address, &json!({}), &user, &[], &overrides);
    assert_eq!(config.user(), None);
    let error = open(&config).await.unwrap_err().to_string();
    assert!(error.ends_with("; the given token may have expired or been revoked"), "{error}");
    assert_eq!(server.requests()[0].header("authorization"), Some("Bearer opaque"));
}

#[tokio::test]
async fn anonymous_users_are_refused() {
    let server = MockServer::start(usual).await;
    let error = open(&server.configured(&json!({}), &json!({}))).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the request was anonymous (`system:anonymous`): no credentials reached the API server; the user `me` has no credentials"
    );
    // One that lets everyone ask, and one that hides the version.
    for (version_status, user, group) in [
        (200, "system:anonymous", "system:unauthenticated"),
        (200, "guest", "system:unauthenticated"),
        (403, "system:anonymous", "x"),
    ] {
        let server = MockServer::start(move |request| match request.path.as_str() {
            "/version" if version_status == 200 => Reply::json(&version()),
            "/version" => Reply::status(403, "Forbidden", "forbidden"),
            _ => review(user, &[group]),
        })
        .await;
        let error = open(&server.config()).await.unwrap_err();
        assert!(matches!(error, OpenError::Anonymous { .. }), "{error}");
    }
}

#[tokio::test]
async fn old_servers_do_not_tell_the_user() {
    for reply in [
        Reply::text(404, "404 page not found\n"),
        Reply::status(
            403,
            "Forbidden",
            "selfsubjectreviews.authentication.k8s.io is forbidden: User \"me\" cannot create resource",
        ),
        Reply::status(
            405,
            "MethodNotAllowed",
            "the server does not allow this method on the requested resource",
        ),
    ] {
        let server = MockServer::start(
            move |request| if request.method == "POST" { reply.clone() } else { usual(request) },
        )
        .await;
        let session = server.session().await;
        assert_eq!(session.user(), None);
        assert_eq!(session.origin()["user"], "me");
    }
    let beta = REVIEW.replace("/v1/", "/v1beta1/");
    let server = MockServer::start(move |request| {
        if request.path == beta {
            review("me", &[])
        } else if request.path == REVIEW {
            Reply::text(404, "404 page not found\n")
        } else {
            usual(request)
        }
    })
    .await;
    assert_eq!(server.session().await.user().unwrap().username, "me");
}

#[tokio::test]
async fn a_hidden_version_does_not_end_the_session() {
    let server = with_version(|_| {
        Reply::status(403, "Forbidden", "forbidden: User \"me\" cannot get path \"/version\"")
    })
    .await;
    assert_eq!(server.session().await.user().unwrap().username, "me@example.org");
}

#[tokio::test]
async fn other_servers_are_not_taken_for_kubernetes() {
    for (reply, expected) in [
        (Reply::html(200), "SERVER returned an HTML page"),
        (Reply::html(302).header("location", "https://login.example"), "SERVER returned a redirect (302)"),
        (Reply::text(404, "default backend - 404"), "SERVER returned not found (404: default backend - 404)"),
        (Reply::json(&json!({"version": {"version": "3.0"}})), "SERVER returned JSON without `gitVersion`"),
        (Reply::json(&json!([1])), "SERVER returned JSON without `gitVersion`"),
        (Reply::text(200, "ok"), "SERVER returned text: ok"),
        (Reply::text(200, ""), "SERVER returned an empty response"),
    ] {
        let shown = reply.clone();
        let server = with_version(move |_| reply.clone()).await;
        assert_eq!(
            message(&server).await,
            format!(
                "{expected} instead of the version of an API server (GET /version); is this the URL of Kubernetes?"
            ),
            "{shown:?}"
        );
        assert_eq!(server.requests().len(), 1);
    }
    for (reply, expected) in [
        (Reply::html(502), "the API server returned status 502: an HTML page (GET /version)"),
        (Reply::html(403), "the API server returned status 403: an HTML page (GET /version)"),
        (
            Reply::status(500, "InternalError", "etcdserver: request timed out"),
            "the API server returned status 500: etcdserver: request timed out (GET /version)",
        ),
    ] {
        let server = with_version(move |_| reply.clone()).await;
        assert_eq!(message(&server).await, expected);
    }
}

#[tokio::test]
async fn repeated_credentials_are_not_shown() {
    for reply in [
        Reply::status(500, "InternalError", &format!("bad token {TOKEN}")),
        Reply::text(404, &format!("no {TOKEN}")),
        Reply::text(200, &format!("you sent {TOKEN}")),
        Reply::status(401, "Unauthorized", &format!("invalid: {TOKEN}")),
    ] {
        let server = with_version(move |_| reply.clone()).await;
        let text = message(&server).await;
        assert!(text.contains('…'), "{text}");
    }
}

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

#[tokio::test]
async fn http_2_is_used_where_it_is_offered() {
    let authority = Authority::new();
    let server = MockServer::start_with_tls(authority.server_with_http2("127.0.0.1"), usual).await;
    open(&server.configured(&authority.keys(), &json!({"token": TOKEN}))).await.unwrap();
    assert!(server.requests().iter().all(|request| request.version == "HTTP/2.0"));
    assert_eq!(server.connections(), 1);
    let server = MockServer::start_with_tls(authority.server("127.0.0.1", None), usual).await;
    open(&server.configured(&authority.keys(), &json!({"token": TOKEN}))).await.unwrap();
    assert!(server.requests().iter().all(|request| request.version == "HTTP/1.1"));
}

#[tokio::test]
async fn impersonation_is_sent() {
    let server = MockServer::start(usual).await;
    let user = json!({
        "token": TOKEN, "as": "jane", "as-uid": "7", "as-groups": ["a", "b"],
        "as-user-extra": {"Scopes/x": ["view"]},
    });
    open(&server.configured(&json!({}), &user)).await.unwrap();
    for request in server.requests() {
        assert_eq!(request.header("impersonate-user"), Some("jane"));
        assert_eq!(request.header("impersonate-uid"), Some("7"));
        assert_eq!(request.all("impersonate-group"), ["a", "b"]);
        assert_eq!(request.header("impersonate-extra-scopes%2fx"), Some("view"));
    }
    let words = "users \"jane\" is forbidden: User \"me\" cannot impersonate resource \"users\" in API group \"\" at the cluster scope";
    let server = MockServer::start(move |_| Reply::status(403, "Forbidden", words)).await;
    assert_eq!(failure(open(&server.configured(&json!({}), &user)).await), format!("denied (403): {words}"));
}

#[tokio::test]
async fn servers_may_have_a_path() {
    let server = MockServer::start(|request| {
        let mut request = request.clone();
        let Some(path) = request.path.strip_prefix("/k8s/clusters/c-m-1") else {
            return Reply::text(404, "no");
        };
        request.path = path.to_owned();
        usual(&request)
    })
    .await;
    for suffix in ["/k8s/clusters/c-m-1", "/k8s/clusters/c-m-1/"] {
        let config = configured(&format!("{}{suffix}", server.address), &json!({}), &json!({"token": TOKEN}));
        open(&config).await.unwrap();
    }
}

/// The client has variables of its own for debugging and proxies, and needs the authorities of the system even without TLS.
#[test]
fn neither_variables_nor_authorities_of_the_system_are_needed() {
    let name = "neither_variables_nor_authorities_of_the_system_are_needed";
    if std::env::var_os("KUBE_RS_DEBUG_OVERRIDE_URL").is_none() {
        let status = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", name])
            .env("KUBE_RS_DEBUG_OVERRIDE_URL", "http://127.0.0.1:9")
            .env("KUBE_RS_DEBUG_IMPERSONATE_USER", "jane")
            .env("SSL_CERT_FILE", "/nonexistent")
            .env("SSL_CERT_DIR", "/nonexistent")
            .env("HTTP_PROXY", "http://127.0.0.1:9")
            .env("HTTPS_PROXY", "http://127.0.0.1:9")
            .env("ALL_PROXY", "http://127.0.0.1:9")
            .status();
        assert!(status.unwrap().success());
        return;
    }
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        let server = MockServer::start(usual).await;
        server.session().await;
        assert!(server.requests().iter().all(|request| request.header("impersonate-user").is_none()));
        let authority = Authority::new();
        let server = MockServer::start_with_tls(authority.server("127.0.0.1", None), usual).await;
        let token = json!({"token": TOKEN});
        open(&server.configured(&authority.keys(), &token)).await.unwrap();
        open(&server.configured(&json!({"insecure-skip-tls-verify": true}), &token)).await.unwrap();
        let text = failure(open(&server.configured(&json!({}), &token)).await);
        assert!(
            text.ends_with("context `mock`: this system has no certificate authorities; set `certificate-authority` of the cluster"),
            "{text}"
        );
    });
}
