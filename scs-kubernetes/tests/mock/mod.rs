//! A mock API server: its responses, and everything that can go wrong in transit.

// Each test uses only a part.
#![expect(dead_code, reason = "each file of tests uses another part")]

pub(crate) mod http2;
pub(crate) mod objects;
pub(crate) mod proxy;
pub(crate) mod replay;
pub(crate) mod tls;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use scs_kubernetes::{
    ClusterConfig, Environment, Kubeconfigs, OpenError, Options, Overrides, Retry, Session,
};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

/// A secret planted by a test, which must not be disclosed.
pub(crate) const TOKEN: &str = "planted-token-Kx3";

/// The time of the tests.
pub(crate) const NOW: &str = "2026-12-01T08:00:00Z";

/// Installs the TLS provider of the process, as a program does at its start; later calls change nothing.
pub(crate) fn install_tls_provider() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// A received request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
    /// `HTTP/1.1` or `HTTP/2.0`.
    pub(crate) version: String,
    /// The number of the connection.
    pub(crate) connection: usize,
    /// Whether it came with a client certificate that the server trusts.
    pub(crate) has_certificate: bool,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// All values of a header.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect()
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }

    pub(crate) fn is(&self, method: &str, path: &str) -> bool {
        self.method == method && self.path == path
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }
}

/// A response.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    /// Status, headers, body.
    Answer(u16, Vec<(&'static str, String)>, Vec<u8>),
    /// The response ends after this many bytes of its body.
    Cut(Box<Reply>, usize),
    /// The response comes later.
    Slow(Duration, Box<Reply>),
    /// These bytes instead of HTTP.
    Raw(Vec<u8>),
    /// No response, ever.
    Hang,
    /// The connection is closed without a response.
    Close,
}

impl Reply {
    pub(crate) fn json(value: &Value) -> Self {
        Self::with_type(200, "application/json", value.to_string())
    }

    pub(crate) fn with_type(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self::Answer(status, vec![("content-type", content_type.to_owned())], body.into())
    }

    pub(crate) fn text(status: u16, body: &str) -> Self {
        Self::with_type(status, "text/plain; charset=utf-8", body)
    }

    pub(crate) fn html(status: u16) -> Self {
        Self::with_type(status, "text/html", "<!doctype html><title>Sign in</title>")
    }

    /// An error as the API server reports it.
    pub(crate) fn status(code: u16, reason: &str, message: &str) -> Self {
        let status = json!({
            "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
            "message": message, "reason": reason, "code": code
        });
        Self::with_type(code, "application/json", status.to_string())
    }

    pub(crate) fn unauthorized() -> Self {
        Self::status(401, "Unauthorized", "Unauthorized")
    }

    /// A response with a further header.
    pub(crate) fn header(self, name: &'static str, value: &str) -> Self {
        match self {
            Self::Answer(status, mut headers, body) => {
                headers.push((name, value.to_owned()));
                Self::Answer(status, headers, body)
            }
            other => other,
        }
    }

    pub(crate) fn cut(self, bytes: usize) -> Self {
        Self::Cut(Box::new(self), bytes)
    }

    pub(crate) fn slow(self, milliseconds: u64) -> Self {
        Self::Slow(Duration::from_millis(milliseconds), Box::new(self))
    }
}

pub(crate) type Handler = Arc<dyn Fn(&Request) -> Reply + Send + Sync>;

type Log = Arc<Mutex<Vec<Request>>>;

/// A running server.
pub(crate) struct MockServer {
    pub(crate) address: String,
    requests: Log,
    connections: Arc<AtomicUsize>,
}

impl MockServer {
    /// Starts on the runtime of the test, so paused time waits for it.
    pub(crate) async fn start(handler: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        Self::start_with(Arc::new(handler), None).await
    }

    /// Starts with TLS; with HTTP/2 if `config` offers it.
    pub(crate) async fn start_with_tls(
        config: ServerConfig,
        handler: impl Fn(&Request) -> Reply + Send + Sync + 'static,
    ) -> Self {
        Self::start_with(Arc::new(handler), Some(TlsAcceptor::from(Arc::new(config)))).await
    }

    async fn start_with(handler: Handler, acceptor: Option<TlsAcceptor>) -> Self {
        install_tls_provider();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let scheme = if acceptor.is_some() { "https" } else { "http" };
        let address = format!("{scheme}://{}", listener.local_addr().unwrap());
        let requests = Log::default();
        let connections = Arc::new(AtomicUsize::new(0));
        let (log, count) = (Arc::clone(&requests), Arc::clone(&connections));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (handler, acceptor) = (Arc::clone(&handler), acceptor.clone());
                let mut connection = Connection {
                    number: count.fetch_add(1, Ordering::Relaxed),
                    has_certificate: false,
                    handler,
                    log: Arc::clone(&log),
                };
                tokio::spawn(async move {
                    let Some(acceptor) = acceptor else { return connection.serve(stream).await };
                    let Ok(stream) = acceptor.accept(stream).await else { return };
                    let session = stream.get_ref().1;
                    connection.has_certificate = session.peer_certificates().is_some();
                    if session.alpn_protocol() == Some(b"h2") {
                        http2::serve(stream, connection).await;
                    } else {
                        connection.serve(stream).await;
                    }
                });
            }
        });
        Self { address, requests, connections }
    }

    /// The requests so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    pub(crate) fn count(&self, method: &str, path: &str) -> usize {
        self.requests().iter().filter(|request| request.is(method, path)).count()
    }

    /// The number of connections so far.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.rsplit(':').next().unwrap().parse().unwrap()
    }

    /// A configuration with the token.
    pub(crate) fn config(&self) -> ClusterConfig {
        self.configured(&json!({}), &json!({"token": TOKEN}))
    }

    /// A configuration with these keys of the cluster and of the user.
    pub(crate) fn configured(&self, cluster: &Value, user: &Value) -> ClusterConfig {
        configured(&self.address, cluster, user)
    }

    pub(crate) async fn session(&self) -> Session {
        open(&self.config()).await.unwrap()
    }
}

/// A cluster `mock` of the user `me` in a kubeconfig of its own.
pub(crate) fn configured(server: &str, cluster: &Value, user: &Value) -> ClusterConfig {
    configured_with(server, cluster, user, &[], &Overrides::default())
}

/// The same, with further variables and overrides.
pub(crate) fn configured_with(
    server: &str,
    cluster: &Value,
    user: &Value,
    variables: &[(&str, &str)],
    overrides: &Overrides,
) -> ClusterConfig {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("mock.conf");
    std::fs::write(&path, kubeconfig(server, cluster, user)).unwrap();
    let path = path.display().to_string();
    let variables = variables.iter().copied().chain([("KUBECONFIG", path.as_str())]);
    let kubeconfigs = Kubeconfigs::read(&Environment::new(dir.path(), variables), overrides).unwrap();
    kubeconfigs.cluster(None).unwrap()
}

/// A kubeconfig with the cluster `mock` and the user `me`.
pub(crate) fn kubeconfig(server: &str, cluster: &Value, user: &Value) -> String {
    let mut all = json!({"server": server});
    for (key, value) in cluster.as_object().unwrap() {
        all[key] = value.clone();
    }
    json!({
        "apiVersion": "v1", "kind": "Config", "current-context": "mock",
        "contexts": [{"name": "mock", "context": {"cluster": "mock", "user": "me"}}],
        "clusters": [{"name": "mock", "cluster": all}],
        "users": [{"name": "me", "user": user}],
    })
    .to_string()
}

pub(crate) async fn open(config: &ClusterConfig) -> Result<Session, OpenError> {
    open_with(config, &options()).await
}

pub(crate) async fn open_with(config: &ClusterConfig, options: &Options) -> Result<Session, OpenError> {
    install_tls_provider();
    Session::open(config, options, NOW.parse().unwrap()).await
}

/// Options with shorter delays.
pub(crate) fn options() -> Options {
    let mut options = Options::default();
    options.retry = Retry { base: Duration::from_millis(1), ..options.retry };
    options
}

/// The responses of a healthy server that knows the token, and client certificates.
pub(crate) fn usual(request: &Request) -> Reply {
    let token = format!("Bearer {TOKEN}");
    let is_known = request.has_certificate;
    match request.header("authorization") {
        Some(given) if given == token => {}
        Some(_) => return Reply::unauthorized(),
        None if is_known => {}
        None if request.path == "/version" => {}
        None => {
            let message = format!(
                "forbidden: User \"system:anonymous\" cannot {} path \"{}\"",
                request.method.to_lowercase(),
                request.path
            );
            return Reply::status(403, "Forbidden", &message);
        }
    }
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/version") => Reply::json(&version()),
        ("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews") => {
            review("me@example.org", &["system:authenticated"])
        }
        _ => Reply::text(404, "404 page not found\n"),
    }
}

pub(crate) fn version() -> Value {
    json!({"major": "1", "minor": "36", "gitVersion": "v1.36.2", "platform": "linux/amd64"})
}

/// The answer to a `SelfSubjectReview`.
pub(crate) fn review(user: &str, groups: &[&str]) -> Reply {
    let review = json!({
        "kind": "SelfSubjectReview", "apiVersion": "authentication.k8s.io/v1",
        "status": {"userInfo": {"username": user, "groups": groups}}
    });
    Reply::with_type(201, "application/json", review.to_string())
}

/// A connection of a client.
pub(crate) struct Connection {
    pub(crate) number: usize,
    pub(crate) has_certificate: bool,
    handler: Handler,
    log: Log,
}

impl Connection {
    /// Logs a request, and waits for the reply to it if it is slow or never comes.
    pub(crate) async fn reply(&self, mut request: Request) -> Reply {
        request.connection = self.number;
        request.has_certificate = self.has_certificate;
        self.log.lock().unwrap().push(request.clone());
        let mut reply = (self.handler)(&request);
        loop {
            match reply {
                Reply::Slow(time, later) => {
                    tokio::time::sleep(time).await;
                    reply = *later;
                }
                Reply::Hang => std::future::pending().await,
                other => return other,
            }
        }
    }

    async fn serve<S: AsyncRead + AsyncWrite + Unpin>(&self, mut stream: S) {
        let mut buffer = Vec::new();
        while let Some(request) = read(&mut stream, &mut buffer).await {
            let (bytes, goes_on) = match self.reply(request).await {
                Reply::Raw(bytes) => (bytes, false),
                Reply::Cut(reply, end) => {
                    let (mut head, body) = written(*reply);
                    head.extend_from_slice(&body[..end.min(body.len())]);
                    (head, false)
                }
                reply @ Reply::Answer(..) => {
                    let (mut head, body) = written(reply);
                    head.extend(body);
                    (head, true)
                }
                _ => return,
            };
            if stream.write_all(&bytes).await.is_err() || stream.flush().await.is_err() || !goes_on {
                let _ = stream.shutdown().await;
                return;
            }
        }
    }
}

/// Head and body of a response in HTTP/1.1.
fn written(reply: Reply) -> (Vec<u8>, Vec<u8>) {
    let Reply::Answer(status, headers, body) = reply else { return (Vec::new(), Vec::new()) };
    let mut head = format!("HTTP/1.1 {status} Status\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        head.extend([name, ": ", &value, "\r\n"]);
    }
    head.push_str("\r\n");
    (head.into_bytes(), body)
}

async fn read<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S, buffer: &mut Vec<u8>) -> Option<Request> {
    let head = loop {
        // A greeting of TLS, which servers answer as a bad request.
        if buffer.first() == Some(&0x16) {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n").await;
            return None;
        }
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8(buffer[..end].to_vec()).ok()?;
            buffer.drain(..end + 4);
            break head;
        }
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    };
    let mut lines = head.lines();
    let mut first = lines.next()?.split(' ');
    let (method, target, version) = (first.next()?.to_owned(), first.next()?, first.next()?.to_owned());
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let mut request = Request {
        method,
        path: path.to_owned(),
        query: query.to_owned(),
        headers,
        version,
        ..Request::default()
    };
    let length: usize = request.header("content-length").map_or(0, |length| length.parse().unwrap());
    while buffer.len() < length {
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    }
    request.body = String::from_utf8(buffer.drain(..length).collect()).unwrap();
    Some(request)
}
