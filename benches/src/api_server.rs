//! A mock API server with large lists, which answers after a delay.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt};

/// How many clients may wait to be accepted.
const WAITING: i32 = 4096;

/// The pods of a control plane with three nodes, other than etcd.
const CONTROL_PLANE: usize = 9;

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
    /// Starts it on a thread of its own. With a thread for each of the hundreds of connections, the server would be measured.
    pub(crate) fn start(content: Content) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        // As many clients may wait as at a real API server. The 128 of the standard library are too few for 50 clusters at once:
        // the others would try again after a second.
        rustix::net::listen(&listener, WAITING)?;
        listener.set_nonblocking(true)?;
        let address = format!("http://{}", listener.local_addr()?);
        let requests = Arc::new(AtomicUsize::new(0));
        let (content, counted) = (Arc::new(content), Arc::clone(&requests));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        thread::spawn(move || {
            runtime.block_on(async {
                let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
                while let Ok((stream, _)) = listener.accept().await {
                    let (content, counted) = (Arc::clone(&content), Arc::clone(&counted));
                    tokio::spawn(async move { serve(stream, &content, &counted).await });
                }
            });
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
        length = content_length(&line).unwrap_or(length);
    }
}

async fn serve(stream: tokio::net::TcpStream, content: &Content, counted: &AtomicUsize) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = tokio::io::BufReader::new(stream);
    let mut line = String::new();
    loop {
        let mut first = String::new();
        if stream.read_line(&mut first).await? == 0 {
            return Ok(());
        }
        let mut length = 0;
        loop {
            line.clear();
            stream.read_line(&mut line).await?;
            if line.trim().is_empty() {
                break;
            }
            length = content_length(&line).unwrap_or(length);
        }
        tokio::io::copy(&mut (&mut stream).take(length), &mut tokio::io::sink()).await?;
        counted.fetch_add(1, Ordering::Relaxed);
        let target = first.split(' ').nth(1).unwrap_or_default();
        tokio::time::sleep(if target.contains("/proxy/") { content.kubelet } else { content.page }).await;
        let body = answer(target, content);
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(format!("{head}{body}").as_bytes()).await?;
    }
}

fn content_length(line: &str) -> Option<u64> {
    line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok()
}

fn answer(target: &str, content: &Content) -> String {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    match path {
        "/version" => json!({"major": "1", "minor": "36", "gitVersion": "v1.36.5"}).to_string(),
        "/apis" => json!({"kind": "APIGroupDiscoveryList", "items": []}).to_string(),
        "/api/v1/nodes" => page(&content.nodes, query),
        "/api/v1/namespaces/kube-system/pods" if query.contains("labelSelector=") => {
            // Only one of the selectors finds the control plane.
            let found = if query.contains("tier") { CONTROL_PLANE.min(content.pods.len()) } else { 0 };
            page(&content.pods[..found], query)
        }
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
