//! A mock cloud: API responses, and everything that can go wrong in transit.

// Each test uses only a part.
#![expect(dead_code, reason = "each file of tests uses another part")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use scs_openstack::{CloudConfig, Clouds, Environment, Options, Retry, Session};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;

/// A secret planted by a test, which must not be disclosed.
pub(crate) const PASSWORD: &str = "planted-password-Zq7";
pub(crate) const TOKEN: &str = "planted-token-Kx3";

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
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
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
    /// Status, additional headers, body.
    Answer(u16, Vec<(&'static str, String)>, String),
    /// The connection is closed after this many bytes of the body.
    Cut(String, usize),
    /// No response, ever.
    Hang,
    /// The connection is closed without a response.
    Close,
}

impl Reply {
    pub(crate) fn json(value: &Value) -> Self {
        Self::Answer(200, Vec::new(), value.to_string())
    }

    pub(crate) fn status(status: u16, message: &str) -> Self {
        Self::Answer(status, Vec::new(), json!({"error": {"message": message, "code": status}}).to_string())
    }
}

type Handler = Arc<dyn Fn(&Request) -> Reply + Send + Sync>;

/// A running cloud.
pub(crate) struct MockCloud {
    pub(crate) address: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl MockCloud {
    /// Starts on the runtime of the test, so paused time waits for it.
    pub(crate) async fn start(handler: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        Self::start_with(Arc::new(handler), None).await
    }

    pub(crate) async fn start_with_tls(
        acceptor: tokio_rustls::TlsAcceptor,
        handler: impl Fn(&Request) -> Reply + Send + Sync + 'static,
    ) -> Self {
        Self::start_with(Arc::new(handler), Some(acceptor)).await
    }

    async fn start_with(handler: Handler, acceptor: Option<tokio_rustls::TlsAcceptor>) -> Self {
        install_tls_provider();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let scheme = if acceptor.is_some() { "https" } else { "http" };
        let address = format!("{scheme}://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&requests);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (handler, log, acceptor) = (Arc::clone(&handler), Arc::clone(&log), acceptor.clone());
                tokio::spawn(async move {
                    match acceptor {
                        None => serve(stream, "http", handler, log).await,
                        Some(acceptor) => {
                            if let Ok(stream) = acceptor.accept(stream).await {
                                serve(stream, "https", handler, log).await;
                            }
                        }
                    }
                });
            }
        });
        Self { address, requests }
    }

    /// The requests so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    pub(crate) fn count(&self, method: &str, path: &str) -> usize {
        self.requests().iter().filter(|request| request.is(method, path)).count()
    }

    pub(crate) fn config(&self) -> CloudConfig {
        self.configured("")
    }

    /// A configuration with additional keys.
    pub(crate) fn configured(&self, further: &str) -> CloudConfig {
        let dir = tempfile::tempdir().unwrap();
        let text = format!(
            "clouds:\n  mock:\n    {further}\n    auth: {{auth_url: '{}/identity/v3', username: u, password: {PASSWORD}, user_domain_name: d, project_name: p, project_domain_name: d}}\n",
            self.address
        );
        std::fs::write(dir.path().join("clouds.yaml"), text).unwrap();
        let clouds = Clouds::read(&Environment::new(dir.path(), [("HOME", "/nowhere")])).unwrap();
        clouds.cloud(Some("mock"), None).unwrap()
    }

    pub(crate) async fn session(&self) -> Session {
        Session::open(&self.config(), &options()).await.unwrap()
    }
}

/// Options with shorter delays.
pub(crate) fn options() -> Options {
    let mut options = Options::default();
    options.retry = Retry { base: Duration::from_millis(1), ..Retry::default() };
    options
}

/// The responses of a healthy cloud.
pub(crate) fn usual(request: &Request) -> Reply {
    let base = format!(
        "{}://{}",
        request.header("x-scheme").unwrap_or("http"),
        request.header("host").unwrap_or_default()
    );
    if request.is("POST", "/identity/v3/auth/tokens") {
        return token(request, &base, &["member", "reader"]);
    }
    if !request.path.starts_with("/swift") && request.header("x-auth-token") != Some(TOKEN) {
        return Reply::status(401, "The request you have made requires authentication.");
    }
    let answer = match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/compute/v2.1/flavors/detail") => {
            json!({"flavors": [{"id": "f1", "name": "SCS-2V-8", "vcpus": 2, "ram": 8192, "disk": 0, "extra_specs": {"scs:cpu-type": "shared-core"}}]})
        }
        ("GET", "/image/v2/images") => {
            json!({"images": [{"id": "i1", "name": "Debian 13", "visibility": "public", "os_distro": "debian", "os_version": "13", "min_ram": 512, "min_disk": 8}]})
        }
        ("GET", "/image/v2/images/i1") => {
            json!({"id": "i1", "name": "Debian 13", "min_disk": 8, "os_distro": "debian", "stale": "x", "tags": ["a"]})
        }
        ("GET", "/volume/v3/p1/types") => json!({"volume_types": [{"id": "t1", "name": "LUKS"}]}),
        ("GET", "/volume/v3/p1/types/t1/encryption") => {
            json!({"provider": "luks", "cipher": "aes-xts-plain64"})
        }
        ("GET", "/volume/v3/p1/os-availability-zone" | "/compute/v2.1/os-availability-zone") => {
            json!({"availabilityZoneInfo": [{"zoneName": "nova"}]})
        }
        ("GET", "/identity/v3/roles") => return Reply::status(403, "You are not authorized"),
        ("GET", "/network/v2.0/networks") => {
            json!({"networks": [{"id": "n1", "name": "ext", "router:external": true}]})
        }
        ("GET", "/network/v2.0/subnets") => json!({"subnets": []}),
        ("GET", "/network/v2.0/subnetpools") => json!({"subnetpools": []}),
        ("GET", "/network/v2.0/extensions") => json!({"extensions": [{"alias": "dns-integration"}]}),
        ("GET", "/network/v2.0/quotas/p1") => json!({"quota": {"floatingip": 50}}),
        ("GET", "/network/v2.0/default-security-group-rules") => {
            return Reply::status(404, "The resource could not be found.");
        }
        _ => return Reply::status(404, "no such thing"),
    };
    Reply::json(&answer)
}

/// A token with a catalog of services at this URL.
pub(crate) fn token(request: &Request, base: &str, roles: &[&str]) -> Reply {
    if !request.body.contains(PASSWORD) {
        return Reply::status(401, "The request you have made requires authentication.");
    }
    let services = [
        ("compute", "compute/v2.1"),
        ("image", "image"),
        ("network", "network"),
        ("block-storage", "volume/v3/p1"),
        ("identity", "identity"),
        ("key-manager", "key-manager"),
        ("object-store", "swift/v1/AUTH_p1"),
    ];
    let catalog: Vec<Value> = services
        .iter()
        .map(|(name, path)| {
            json!({"type": name, "extra": true, "endpoints": [
                {"id": "e", "interface": "public", "region": "R", "region_id": "R", "url": format!("{base}/{path}")}
            ]})
        })
        .collect();
    let roles: Vec<Value> = roles.iter().map(|role| json!({"id": role, "name": role})).collect();
    let body =
        json!({"token": {"catalog": catalog, "roles": roles, "project": {"id": "p1"}, "user": {"id": "u1"}}});
    Reply::Answer(201, vec![("x-subject-token", TOKEN.to_owned())], body.to_string())
}

async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    scheme: &str,
    handler: Handler,
    log: Arc<Mutex<Vec<Request>>>,
) {
    let mut buffer = Vec::new();
    while let Some(mut request) = read(&mut stream, &mut buffer).await {
        request.headers.push(("x-scheme".to_owned(), scheme.to_owned()));
        log.lock().unwrap().push(request.clone());
        let reply = handler(&request);
        let (status, headers, body, end) = match reply {
            Reply::Answer(status, headers, body) => (status, headers, body, None),
            Reply::Cut(body, end) => (200, Vec::new(), body, Some(end)),
            Reply::Close => return,
            Reply::Hang => std::future::pending().await,
        };
        let mut head = format!("HTTP/1.1 {status} Status\r\ncontent-length: {}\r\n", body.len());
        for (name, value) in headers {
            head.extend([name, ": ", &value, "\r\n"]);
        }
        head.push_str("\r\n");
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(&body.as_bytes()[..end.unwrap_or(body.len())]);
        if stream.write_all(&bytes).await.is_err() || stream.flush().await.is_err() || end.is_some() {
            return;
        }
    }
}

async fn read<S: AsyncRead + Unpin>(stream: &mut S, buffer: &mut Vec<u8>) -> Option<Request> {
    let head = loop {
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8(buffer[..end].to_vec()).unwrap();
            buffer.drain(..end + 4);
            break head;
        }
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    };
    let mut lines = head.lines();
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let mut request =
        Request { method, path: path.to_owned(), query: query.to_owned(), headers, body: String::new() };
    let length: usize = request.header("content-length").map_or(0, |length| length.parse().unwrap());
    while buffer.len() < length {
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    }
    request.body = String::from_utf8(buffer.drain(..length).collect()).unwrap();
    Some(request)
}
