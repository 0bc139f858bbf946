//! A mock API server with large lists, which answers after a delay.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

/// How many clients may wait to be accepted.
const WAITING: i32 = 4096;

/// What the server has, and how long it takes.
pub(crate) struct Content {
    pub(crate) nodes: Vec<String>,
    pub(crate) pods: Vec<String>,
    /// The delay of a page or another answer.
    pub(crate) page: Duration,
    /// The delay of a kubelet.
    pub(crate) kubelet: Duration,
}

/// A running server.
pub(crate) struct ApiServer {
    pub(crate) address: String,
    requests: Arc<AtomicUsize>,
}

impl ApiServer {
    pub(crate) fn start(content: Content) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        // As many clients may wait as at a real API server. The 128 of the standard library are too few for 50 clusters at once:
        // the others would try again after a second.
        rustix::net::listen(&listener, WAITING)?;
        let address = format!("http://{}", listener.local_addr()?);
        let requests = Arc::new(AtomicUsize::new(0));
        let (content, counted) = (Arc::new(content), Arc::clone(&requests));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (content, counted) = (Arc::clone(&content), Arc::clone(&counted));
                thread::spawn(move || serve(stream, &content, &counted));
            }
        });
        Ok(Self { address, requests })
    }

    /// A client that discards what it reads.
    pub(crate) fn client(&self) -> io::Result<Client> {
        let output = TcpStream::connect(self.address.trim_start_matches("http://"))?;
        output.set_nodelay(true)?;
        Ok(Client { input: BufReader::new(output.try_clone()?), output })
    }

    /// The number of requests since the last call.
    pub(crate) fn take_requests(&self) -> usize {
        self.requests.swap(0, Ordering::Relaxed)
    }
}

/// A connection that discards what it reads.
pub(crate) struct Client {
    input: BufReader<TcpStream>,
    output: TcpStream,
}

impl Client {
    pub(crate) fn get(&mut self, target: &str) -> io::Result<()> {
        write!(self.output, "GET {target} HTTP/1.1\r\nhost: mock\r\n\r\n")?;
        let (_, length) = head(&mut self.input)?.ok_or(io::ErrorKind::UnexpectedEof)?;
        io::copy(&mut self.input.by_ref().take(length), &mut io::sink())?;
        Ok(())
    }
}

/// The first line of a message and the length of its body; `None` at the end of the connection.
fn head(input: &mut impl BufRead) -> io::Result<Option<(String, u64)>> {
    let mut first = String::new();
    if input.read_line(&mut first)? == 0 {
        return Ok(None);
    }
    let mut length = 0;
    loop {
        let mut line = String::new();
        input.read_line(&mut line)?;
        if line.trim().is_empty() {
            return Ok(Some((first, length)));
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
    }
}

fn serve(stream: TcpStream, content: &Content, counted: &AtomicUsize) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut output = stream.try_clone()?;
    let mut input = BufReader::new(stream);
    while let Some((first, length)) = head(&mut input)? {
        io::copy(&mut input.by_ref().take(length), &mut io::sink())?;
        counted.fetch_add(1, Ordering::Relaxed);
        let target = first.split(' ').nth(1).unwrap_or_default();
        thread::sleep(if target.contains("/proxy/") { content.kubelet } else { content.page });
        let body = answer(target, content);
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        output.write_all(head.as_bytes())?;
        output.write_all(body.as_bytes())?;
    }
    Ok(())
}

fn answer(target: &str, content: &Content) -> String {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    match path {
        "/version" => json!({"major": "1", "minor": "36", "gitVersion": "v1.36.5"}).to_string(),
        "/apis" => json!({"kind": "APIGroupDiscoveryList", "items": []}).to_string(),
        "/api/v1/nodes" => page(&content.nodes, query),
        "/api/v1/pods" | "/api/v1/namespaces/kube-system/pods" => page(&content.pods, query),
        path if path.ends_with("/proxy/configz") => kubelet().to_string(),
        path if path.ends_with("selfsubjectreviews") => {
            json!({"kind": "SelfSubjectReview", "status": {"userInfo": {"username": "bench"}}}).to_string()
        }
        path if path.ends_with("configmaps/kubelet-config") => json!({"data": {}}).to_string(),
        _ => json!({"kind": "List", "metadata": {}, "items": []}).to_string(),
    }
}

fn page(items: &[String], query: &str) -> String {
    let parameter = |name: &str| -> Option<usize> {
        query
            .split('&')
            .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
            .and_then(|it| it.parse().ok())
    };
    let start = parameter("continue").unwrap_or(0).min(items.len());
    let end = parameter("limit").map_or(items.len(), |limit| start.saturating_add(limit)).min(items.len());
    let next = if end < items.len() { end.to_string() } else { String::new() };
    let list = items[start..end].join(",");
    format!(r#"{{"kind":"List","apiVersion":"v1","metadata":{{"continue":"{next}"}},"items":[{list}]}}"#)
}

/// The answer of `/configz`, of the usual size.
fn kubelet() -> Value {
    let gates: serde_json::Map<String, Value> =
        (0..60).map(|number| (format!("FeatureGateNumber{number}"), json!(true))).collect();
    json!({"kubeletconfig": {
        "kind": "KubeletConfiguration", "port": 10250, "healthzPort": 10248, "healthzBindAddress": "127.0.0.1",
        "authentication": {"x509": {"clientCAFile": "/etc/kubernetes/pki/ca.crt"}, "webhook": {"enabled": true},
            "anonymous": {"enabled": false}},
        "authorization": {"mode": "Webhook"}, "featureGates": gates}})
}
