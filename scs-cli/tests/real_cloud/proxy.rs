//! A fault-injecting proxy between the program and the cloud.
//!
//! Each service has a path on the proxy, such as `/image`, and URLs in responses are rewritten to it. A [`Rule`] defines what
//! goes wrong, and where.

use std::collections::BTreeMap;
use std::io::{BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{Value, json};

use crate::cloud::{Cloud, MEMBER};
use crate::http::{Message, exchange, split};

/// A fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// No response.
    Hangs,
    /// An HTML page.
    Html,
    /// Half of the JSON.
    Truncated,
    /// The connection ends in the middle of the response.
    BreaksOff,
    /// This status for the given number of requests; then it works.
    Status(u16, u32),
    /// No server listens at the address in the catalog.
    Unreachable,
}

/// A fault and its place.
#[derive(Debug)]
pub(crate) struct Rule {
    /// The service, a slash, and the beginning of a path.
    pub(crate) place: String,
    pub(crate) fault: Fault,
    /// The number of times it was applied.
    pub(crate) hits: AtomicU32,
}

#[derive(Debug)]
pub(crate) struct Proxy {
    url: String,
    inner: Arc<Inner>,
    /// The certificate of the authority, in PEM.
    pub(crate) authority: Option<String>,
}

#[derive(Debug)]
struct Inner {
    rules: Vec<Rule>,
    /// The services with their addresses.
    origins: BTreeMap<String, String>,
    /// The replacement for addresses of the cloud in responses.
    renamed: Vec<(String, String)>,
    tokens: Mutex<Vec<String>>,
}

impl Proxy {
    pub(crate) fn start(cloud: &Cloud, rules: &[(&str, Fault)]) -> Self {
        Self::new(cloud, rules, None)
    }

    /// Starts a proxy with TLS and its own certificate authority.
    pub(crate) fn start_with_tls(cloud: &Cloud) -> Self {
        let (config, authority) = certificates();
        let mut proxy = Self::new(cloud, &[], Some(Arc::new(config)));
        proxy.authority = Some(authority);
        proxy
    }

    fn new(cloud: &Cloud, rules: &[(&str, Fault)], tls: Option<Arc<ServerConfig>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let url = format!("{scheme}://{}", listener.local_addr().unwrap());
        let origins = cloud.origins();
        let rules: Vec<Rule> = rules
            .iter()
            .map(|(place, fault)| Rule { place: (*place).to_owned(), fault: *fault, hits: AtomicU32::new(0) })
            .collect();
        let renamed = origins
            .iter()
            .map(|(kind, origin)| {
                let lost = rules.iter().any(|rule| rule.fault == Fault::Unreachable && rule.place == *kind);
                let base = if lost { closed() } else { url.clone() };
                (origin.clone(), format!("{base}/{kind}"))
            })
            .collect();
        let inner = Arc::new(Inner { rules, origins, renamed, tokens: Mutex::default() });
        let shared = Arc::clone(&inner);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (inner, tls) = (Arc::clone(&shared), tls.clone());
                thread::spawn(move || match tls {
                    None => serve(stream, &inner),
                    Some(config) => {
                        let connection = ServerConnection::new(config).unwrap();
                        serve(StreamOwned::new(connection, stream), &inner);
                    }
                });
            }
        });
        Self { url, inner, authority: None }
    }

    /// The configuration of the member's cloud, through the proxy.
    pub(crate) fn cloud(&self, cloud: &Cloud) -> Value {
        let mut config = cloud.clouds[MEMBER].clone();
        config["auth"]["auth_url"] = json!(format!("{}/identity/v3", self.url));
        let hangs = self.inner.rules.iter().any(|rule| rule.fault == Fault::Hangs);
        config["api_timeout"] = json!(if hangs { TIMEOUT } else { PATIENCE }.as_secs());
        config
    }

    /// The number of times each rule was applied.
    pub(crate) fn hits(&self) -> Vec<u32> {
        self.inner.rules.iter().map(|rule| rule.hits.load(Ordering::Relaxed)).collect()
    }

    /// The issued tokens.
    pub(crate) fn tokens(&self) -> Vec<String> {
        self.inner.tokens.lock().unwrap().clone()
    }
}

/// The timeout of the program for missing responses. A cloud on a busy machine is slow, too.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(15);
/// The timeout for other responses.
const PATIENCE: Duration = Duration::from_mins(2);

/// An address without a listener.
fn closed() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

/// Handles the requests of a connection until it is closed.
fn serve(stream: impl Read + Write, inner: &Inner) {
    let mut stream = BufReader::new(stream);
    while let Ok(Some(request)) = Message::read(&mut stream, false) {
        let goes_on = match inner.answer(request) {
            Some((answer, goes_on)) => answer.write(stream.get_mut()).is_ok() && goes_on,
            None => false,
        };
        if !goes_on {
            return;
        }
    }
}

impl Inner {
    /// The response to a request, and whether to keep the connection.
    fn answer(&self, request: Message) -> Option<(Message, bool)> {
        let path = request.target().trim_start_matches('/').to_owned();
        let fault = self.rules.iter().find_map(|rule| {
            let is_there = path.starts_with(&rule.place) && rule.fault != Fault::Unreachable;
            let times = if is_there { rule.hits.fetch_add(1, Ordering::Relaxed) } else { return None };
            match rule.fault {
                Fault::Status(_, most) if times >= most => None,
                fault => Some(fault),
            }
        });
        match fault {
            Some(Fault::Hangs) => {
                thread::sleep(TIMEOUT * 2);
                return None;
            }
            Some(Fault::Html) => {
                return Some((made("200 OK", "text/html", "<!DOCTYPE html><title>Welcome</title>"), true));
            }
            Some(Fault::Status(status, _)) => {
                return Some((made(&format!("{status} Status"), "application/json", "{}"), true));
            }
            _ => {}
        }
        let mut answer = self.forward(&path, request)?;
        if let Some(token) = answer.header("x-subject-token") {
            self.tokens.lock().unwrap().push(token.to_owned());
        }
        let length = answer.body.len();
        if matches!(fault, Some(Fault::Truncated | Fault::BreaksOff)) {
            answer.body.truncate(length / 2);
        }
        let said = if fault == Some(Fault::BreaksOff) { length } else { answer.body.len() };
        answer.headers.push(("content-length".to_owned(), said.to_string()));
        Some((answer, fault != Some(Fault::BreaksOff)))
    }

    /// The response of the cloud with our addresses.
    fn forward(&self, path: &str, mut request: Message) -> Option<Message> {
        let (kind, rest) = path.split_once('/').unwrap_or((path, ""));
        // S3 is at the root of the server.
        let (kind, rest) = if kind.is_empty() { ("object-store", "") } else { (kind, rest) };
        let origin = self.origins.get(kind)?;
        let method = request.first.split(' ').next()?;
        request.first = format!("{method} /{rest} HTTP/1.0");
        let mut answer = exchange(origin, request).ok()?.without_hops();
        answer.first = answer.first.replace("HTTP/1.0", "HTTP/1.1");
        let mut text = String::from_utf8(std::mem::take(&mut answer.body)).ok()?;
        for (origin, place) in &self.renamed {
            text = text.replace(origin, place);
        }
        answer.body = text.into_bytes();
        Some(answer)
    }
}

/// A response from the proxy itself.
fn made(status: &str, kind: &str, body: &str) -> Message {
    Message {
        first: format!("HTTP/1.1 {status}"),
        headers: vec![
            ("content-type".to_owned(), kind.to_owned()),
            ("content-length".to_owned(), body.len().to_string()),
        ],
        body: body.as_bytes().to_vec(),
    }
}

/// A certificate for this machine, and that of the authority in PEM.
fn certificates() -> (ServerConfig, String) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate =
        CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from(certificate.der().to_vec())],
            PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der())),
        )
        .unwrap();
    (config, authority.pem())
}

/// The catalog for the program does not contain addresses of the cloud itself.
#[test]
fn everything_goes_through_the_proxy() {
    let Some(cloud) = Cloud::in_phase(&crate::cloud::Phase::ALL) else { return };
    let proxy = Proxy::start(cloud, &[]);
    let path = cloud.path("through.json");
    let outcome = cloud.run_on(&proxy.cloud(cloud), &["inventory", "--os-cloud", "it", "-o", &path]);
    assert_eq!(outcome.status, 0, "{outcome:?}");
    let text = std::fs::read_to_string(&path).unwrap();
    for origin in cloud.origins().values() {
        assert!(!text.contains(&format!("{origin}/")), "{origin}");
    }
    assert_eq!(split(&proxy.url), (proxy.url.as_str(), ""));
    // No secrets were recorded.
    let secrets = [cloud.secrets(), proxy.tokens()].concat();
    assert!(!proxy.tokens().is_empty());
    outcome.without(&secrets);
    assert!(secrets.iter().all(|secret| !text.contains(secret)), "a secret is in the inventory");
}
