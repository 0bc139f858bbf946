//! Proxies, from `proxy-url` and from variables.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod mock;

use mock::proxy::Proxy;
use mock::tls::Authority;
use std::time::Duration;

use mock::{MockServer, TOKEN, configured, configured_with, open, open_with, options, usual};
use scs_kubernetes::Overrides;
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// The URL of a server that only the proxy can reach.
const SERVER: &str = "https://k.example:6443";

fn cluster(authority: &Authority, proxy: &str) -> Value {
    let mut keys = authority.keys();
    keys["proxy-url"] = json!(proxy);
    keys
}

fn token() -> Value {
    json!({"token": TOKEN})
}

async fn server(authority: &Authority) -> MockServer {
    MockServer::start_with_tls(authority.server_with_http2("k.example"), usual).await
}

#[tokio::test]
async fn an_http_proxy_connects() {
    let authority = Authority::new();
    let server = server(&authority).await;
    let proxy = Proxy::http(Ok(server.port())).await;
    let url = format!("http://me:pass%20word@{}", proxy.address);
    open(&configured(SERVER, &cluster(&authority, &url), &token())).await.unwrap();
    let requests = proxy.requests();
    assert_eq!(requests.len(), 1);
    assert!(requests[0].starts_with("CONNECT k.example:6443 HTTP/1.1\r\n"), "{}", requests[0]);
    // `me:pass word`
    assert!(
        requests[0].to_lowercase().contains("proxy-authorization: basic bwu6cgfzcyb3b3jk"),
        "{}",
        requests[0]
    );
    assert!(!requests[0].contains(TOKEN));
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn an_https_proxy_connects() {
    let authority = Authority::new();
    let server = server(&authority).await;
    // It speaks HTTP/2 as well, but CONNECT is sent in HTTP/1.
    let proxy = Proxy::https(authority.server_with_http2("127.0.0.1"), Ok(server.port())).await;
    let url = format!("https://{}", proxy.address);
    open(&configured(SERVER, &cluster(&authority, &url), &token())).await.unwrap();
    assert!(proxy.requests()[0].starts_with("CONNECT k.example:6443 HTTP/1.1\r\n"));
    assert!(server.requests().iter().all(|request| request.version == "HTTP/2.0"));
}

#[tokio::test]
async fn a_socks_proxy_resolves_the_name() {
    let authority = Authority::new();
    let server = server(&authority).await;
    let proxy = Proxy::socks(server.port()).await;
    let url = format!("socks5://me:secret@{}", proxy.address);
    open(&configured(SERVER, &cluster(&authority, &url), &token())).await.unwrap();
    assert_eq!(proxy.requests(), ["me secret k.example:6443"]);
}

#[tokio::test]
async fn variables_name_a_proxy() {
    let authority = Authority::new();
    let server = server(&authority).await;
    let proxy = Proxy::http(Ok(server.port())).await;
    let url = format!("http://{}", proxy.address);
    let opened = async |variables: &[(&str, &str)]| {
        open(&configured_with(SERVER, &authority.keys(), &token(), variables, &Overrides::default())).await
    };
    opened(&[("HTTPS_PROXY", &url)]).await.unwrap();
    opened(&[("https_proxy", &url), ("NO_PROXY", "other.example")]).await.unwrap();
    assert_eq!(proxy.requests().len(), 2);
    // `NO_PROXY` is matched against the server: without the proxy, its name is not known.
    let text = opened(&[("HTTPS_PROXY", &url), ("NO_PROXY", ".example")]).await.unwrap_err().to_string();
    assert!(text.starts_with("cannot reach https://k.example:6443: dns error: "), "{text}");
    assert_eq!(proxy.requests().len(), 2);
    // The name of the proxy does not matter.
    opened(&[("HTTPS_PROXY", &url), ("NO_PROXY", "127.0.0.1")]).await.unwrap();
    assert_eq!(proxy.requests().len(), 3);
}

#[tokio::test]
async fn servers_of_this_machine_need_no_proxy() {
    let server = MockServer::start(usual).await;
    let variables = [("HTTP_PROXY", "http://127.0.0.1:9"), ("HTTPS_PROXY", "http://127.0.0.1:9")];
    open(&configured_with(&server.address, &json!({}), &token(), &variables, &Overrides::default()))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_proxy_that_is_down_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    let authority = Authority::new();
    let url = format!("http://me:secret@{address}");
    let by_key = configured(SERVER, &cluster(&authority, &url), &token());
    let variables = [("HTTPS_PROXY", url.as_str())];
    let by_variable = configured_with(SERVER, &authority.keys(), &token(), &variables, &Overrides::default());
    let socks = configured(SERVER, &cluster(&authority, &url.replace("http", "socks5")), &token());
    let refused = "tcp connect error: Connection refused (os error 111)";
    for (config, scheme, from, reason) in [
        (by_key, "http", "proxy-url", refused),
        (by_variable, "http", "HTTPS_PROXY", refused),
        (socks, "socks5", "proxy-url", "the proxy does not accept the connection"),
    ] {
        assert_eq!(
            open(&config).await.unwrap_err().to_string(),
            format!("cannot reach {SERVER} through the proxy {scheme}://{address}/ (`{from}`): {reason}")
        );
    }
}

#[tokio::test]
async fn a_silent_proxy_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let mut options = options();
    options.request_timeout = Duration::from_millis(300);
    for scheme in ["http", "https", "socks5"] {
        let keys = cluster(&Authority::new(), &format!("{scheme}://{address}"));
        let error = open_with(&configured(SERVER, &keys, &token()), &options).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "the API server did not respond within 0.3 s through the proxy {scheme}://{address}/ (`proxy-url`) (GET /version)"
            )
        );
    }
}

#[tokio::test]
async fn the_answer_of_a_proxy_is_named() {
    let authority = Authority::new();
    for (status, reason) in [
        (403, "the proxy did not establish the connection"),
        (407, "the proxy requires a user and password (407)"),
        (502, "the proxy did not establish the connection"),
    ] {
        let proxy = Proxy::http(Err(status)).await;
        let config = configured(SERVER, &cluster(&authority, &format!("http://{}", proxy.address)), &token());
        let text = open(&config).await.unwrap_err().to_string();
        assert!(text.ends_with(&format!("(`proxy-url`): {reason}")), "{text}");
    }
}
