//! Connections and TLS.

use crate::mock::tls::Authority;
use crate::mock::{MockServer, Reply, TOKEN, configured, open, open_with, options, usual, version};
use crate::{REVIEW, failure, message, with_version};
use scs_kubernetes::{OpenError, RequestError};
use serde_json::json;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

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

/// The client has variables of its own for debugging and proxies, and needs the authorities of the system even without TLS.
#[test]
fn neither_variables_nor_authorities_of_the_system_are_needed() {
    let name = "connecting::neither_variables_nor_authorities_of_the_system_are_needed";
    if std::env::var_os("KUBE_RS_DEBUG_OVERRIDE_URL").is_none() {
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", name])
            .env("KUBE_RS_DEBUG_OVERRIDE_URL", "http://127.0.0.1:9")
            .env("KUBE_RS_DEBUG_IMPERSONATE_USER", "jane")
            .env("SSL_CERT_FILE", "/nonexistent")
            .env("SSL_CERT_DIR", "/nonexistent")
            .env("HTTP_PROXY", "http://127.0.0.1:9")
            .env("HTTPS_PROXY", "http://127.0.0.1:9")
            .env("ALL_PROXY", "http://127.0.0.1:9")
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && text.contains("1 passed"), "{text}");
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
