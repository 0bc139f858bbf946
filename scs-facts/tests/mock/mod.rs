//! A server that answers as the sources do, on loopback, and everything that can go wrong in between.

#![expect(dead_code, reason = "each file of tests uses another part")]

pub(crate) mod site;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use scs_facts::{Options, Proxy, Retry, Source};
use scs_k8s_policy::KubernetesFacts;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A received request.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) target: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A response.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    /// Status, additional headers, body.
    Answer(u16, Vec<(&'static str, String)>, String),
    /// A body with an `ETag`, which the server recognizes.
    Tagged(String),
    /// The connection is closed after this many bytes of the body.
    Cut(String, usize),
    /// No response, ever.
    Hang,
}

impl Reply {
    pub(crate) fn status(status: u16) -> Self {
        Self::Answer(status, Vec::new(), json!({"message": "no"}).to_string())
    }

    pub(crate) fn html() -> Self {
        let page = "<!DOCTYPE html><html><body>Please log in</body></html>".to_owned();
        Self::Answer(200, vec![("content-type", "text/html; charset=utf-8".to_owned())], page)
    }
}

type Handler = dyn Fn(&Request) -> Reply + Send + Sync;

/// The running sources.
pub(crate) struct Sources {
    pub(crate) address: String,
    requests: Arc<Mutex<Vec<Request>>>,
    handler: Arc<Mutex<Arc<Handler>>>,
}

impl Sources {
    pub(crate) async fn start(handler: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let handler: Arc<Mutex<Arc<Handler>>> = Arc::new(Mutex::new(Arc::new(handler)));
        let (log, current) = (Arc::clone(&requests), Arc::clone(&handler));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&current), Arc::clone(&log)));
            }
        });
        Self { address, requests, handler }
    }

    /// Answers differently from now on.
    pub(crate) fn now(&self, handler: impl Fn(&Request) -> Reply + Send + Sync + 'static) {
        *self.handler.lock().unwrap() = Arc::new(handler);
    }

    /// The requests since the last call.
    pub(crate) fn taken(&self) -> Vec<Request> {
        std::mem::take(&mut self.requests.lock().unwrap())
    }

    /// Options that ask this server only, without delays.
    pub(crate) fn options(&self) -> Options {
        let mut options = Options::default();
        options.proxy = Proxy::Direct;
        options.timeout = Duration::from_secs(5);
        options.retry = Retry::default();
        options.retry.base = Duration::from_millis(1);
        Source::ALL.into_iter().fold(options, |options, source| {
            options.with_source(source, format!("{}/{source}", self.address).parse().unwrap())
        })
    }
}

/// The releases that the sources know: the embedded ones, and newer ones of 1.36.
pub(crate) fn releases(newer: &[(&str, &str)]) -> Vec<Value> {
    let release = |tag: &str, at: &str| {
        json!({"url": "x", "id": 7, "tag_name": tag, "name": tag, "draft": false, "prerelease": tag.contains('-'),
            "created_at": at, "published_at": at, "assets": [], "body": "See the changelog."})
    };
    let mut list: Vec<Value> = newer.iter().map(|(tag, at)| release(tag, at)).collect();
    list.push(release("v1.38.0-alpha.1", "2026-11-20T10:00:00Z"));
    let embedded = KubernetesFacts::embedded().releases().all().iter().rev();
    list.extend(embedded.map(|of| release(&of.version.to_string(), &of.published_at.to_string())));
    list
}

/// A CVE record as the CVE services return it.
pub(crate) fn record(id: &str, score: f64) -> Value {
    json!({"dataType": "CVE_RECORD", "dataVersion": "5.1",
        "cveMetadata": {"cveId": id, "state": "PUBLISHED", "assignerShortName": "kubernetes", "datePublished": "2026-10-20T16:00:00.000Z"},
        "containers": {
            "cna": {"affected": [{"product": "Kubernetes", "defaultStatus": "unaffected", "versions": [
                        {"version": "1.36.0", "lessThanOrEqual": "1.36.5", "status": "affected", "versionType": "semver"}]}],
                    "metrics": [{"cvssV3_1": {"baseScore": score, "version": "3.1"}}]},
            "adp": [{"title": "CISA ADP Vulnrichment"}]}})
}

pub(crate) const UBUNTU: &str = "version,codename,series,created,release,eol,eol-server,eol-esm\n\
    14.04 LTS,Trusty Tahr,trusty,2013-10-17,2014-04-17,2019-04-25,2019-04-25,2024-04-25\n\
    16.04 LTS,Xenial Xerus,xenial,2015-10-22,2016-04-21,2021-04-30,2021-04-30,2026-04-23\n\
    18.04 LTS,Bionic Beaver,bionic,2017-10-19,2018-04-26,2023-05-31,2023-05-31,2028-04-26\n\
    20.04 LTS,Focal Fossa,focal,2019-10-17,2020-04-23,2025-05-29,2025-05-29,2030-04-23\n\
    22.04 LTS,Jammy Jellyfish,jammy,2021-10-14,2022-04-21,2027-06-01,2027-06-01,2032-04-21\n\
    24.04 LTS,Noble Numbat,noble,2023-10-12,2024-04-25,2029-05-31,2029-05-31,2034-04-25\n\
    26.04 LTS,Resolute Raccoon,resolute,2025-10-09,2026-04-23,2031-05-29,2031-05-29,2036-04-23\n\
    26.10,Some Animal,stonking,2026-04-23,2026-10-15,2027-07-15\n";
pub(crate) const DEBIAN: &str = "version,codename,series,created,release,eol,eol-lts,eol-elts\n\
    9,Stretch,stretch,2015-04-25,2017-06-17,2020-07-18,2022-07-01,2027-06-30\n\
    10,Buster,buster,2017-06-17,2019-07-06,2022-09-10,2024-06-30,2029-06-30\n\
    11,Bullseye,bullseye,2019-07-06,2021-08-14,2024-08-14,2026-08-31,2031-06-30\n\
    12,Bookworm,bookworm,2021-08-14,2023-06-10,2026-07-11,2028-06-30,2033-06-30\n\
    13,Trixie,trixie,2023-06-10,2025-08-09,2028-08-09,2030-06-30,2035-06-30\n\
    14,Forky,forky,2025-08-09\n,Sid,sid,1993-08-16\n";
/// Version 6.0 of Mozilla's guidelines, without what is not read.
pub(crate) const GUIDELINE: &str = r#"{"version": 6.0, "href": "https://ssl-config.mozilla.org/guidelines/6.0.json",
    "configurations": {"intermediate": {"certificate_types": ["ecdsa", "rsa"],
    "ciphers": {"iana": ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"], "openssl": ["ECDHE-ECDSA-AES128-GCM-SHA256"]},
    "ciphersuites": ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"],
    "dh_param_size": 2048, "ecdh_param_size": 256, "hsts_min_age": 63072000, "maximum_certificate_lifespan": 366,
    "recommended_certificate_lifespan": 90, "rsa_key_size": 2048,
    "tls_curves": ["X25519MLKEM768", "X25519", "prime256v1", "secp384r1"], "tls_versions": ["TLSv1.2", "TLSv1.3"]}}}"#;
pub(crate) const IAAS: &str = include_str!("../../../scs-certificates/data/scs-compatible-iaas.yaml");
pub(crate) const KAAS: &str = include_str!("../../../scs-certificates/data/scs-compatible-kaas.yaml");

/// The number of CVEs in the feed.
pub(crate) const CVES: usize = 42;

/// The newest releases, after the embedded ones.
pub(crate) const NEWER: &[(&str, &str)] =
    &[("v1.36.6", "2026-10-20T15:00:00Z"), ("v1.37.2", "2026-10-20T14:00:00Z")];

/// The ends of life, as endoflife.date returns them.
pub(crate) fn ends() -> String {
    let ends = KubernetesFacts::embedded().ends_of_life();
    let cycle = |(branch, end): (scs_k8s_policy::Branch, jiff::civil::Date)| json!({"cycle": branch.to_string(), "releaseDate": "2020-01-01", "eol": end.to_string(), "latest": format!("{branch}.0"), "lts": false});
    Value::from(ends.iter().rev().map(cycle).collect::<Vec<_>>()).to_string()
}

/// The responses of healthy sources. GitHub returns pages of a hundred releases.
pub(crate) fn usual(request: &Request) -> Reply {
    with_releases(request, NEWER)
}

pub(crate) fn with_releases(request: &Request, newer: &[(&str, &str)]) -> Reply {
    let path = request.path.trim_start_matches('/');
    if path == "kubernetes-releases" {
        let all = releases(newer);
        let page = request.target.split_once("&page=").map_or(1, |(_, page)| page.parse::<usize>().unwrap());
        let entries: Vec<Value> = all.iter().skip((page - 1) * 100).take(100).cloned().collect();
        let body = Value::from(entries).to_string();
        let link = format!("<https://api.github.com/x?page={}>; rel=\"next\"", page + 1);
        if page * 100 < all.len() {
            let tag = tag(&body);
            if request.header("if-none-match") == Some(&tag) {
                return Reply::Answer(304, vec![("etag", tag)], String::new());
            }
            return Reply::Answer(200, vec![("etag", tag), ("link", link)], body);
        }
        return Reply::Tagged(body);
    }
    if let Some(branch) = path.strip_prefix("kubernetes-stable/") {
        let newest = |branch: &str| {
            let branch: scs_k8s_policy::Branch = branch.parse().unwrap();
            let all = serde_json::to_string(&releases(newer)).unwrap();
            let all: scs_k8s_policy::Releases = all.parse().unwrap();
            all.newest_of(branch).unwrap().version.to_string()
        };
        let branch = branch.trim_end_matches(".txt").trim_start_matches("stable").trim_start_matches('-');
        return Reply::Tagged(newest(if branch.is_empty() { "1.37" } else { branch }));
    }
    Reply::Tagged(match path {
        "kubernetes-ends-of-life" => ends(),
        "kubernetes-cves" => {
            json!({"version": "https://jsonfeed.org/version/1.1", "title": "Kubernetes Vulnerability Announcements - CVE Feed",
                "_kubernetes_io": {"updated_at": "2026-11-30T00:00:00Z"},
                "items": (1..=CVES).map(|number| json!({"id": format!("CVE-2026-{}", 10_000 + number), "status": "fixed",
                    "date_published": "2026-10-20T16:00:00Z"})).collect::<Vec<_>>()}).to_string()
        }
        path if path.starts_with("cve-records/CVE-2026-100") => {
            let id = path.trim_start_matches("cve-records/");
            record(id, if id == "CVE-2026-10002" { 8.8 } else { 5.3 }).to_string()
        }
        "ubuntu-releases" => UBUNTU.to_owned(),
        "debian-releases" => DEBIAN.to_owned(),
        "scs-compatible-iaas" => IAAS.to_owned(),
        "scs-compatible-kaas" => KAAS.to_owned(),
        "mozilla-tls" => GUIDELINE.to_owned(),
        _ => return Reply::status(404),
    })
}

/// An `ETag` that depends on the content.
fn tag(body: &str) -> String {
    let sum = body.bytes().fold(7_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    format!("\"{sum:x}\"")
}

async fn serve(mut stream: TcpStream, handler: Arc<Mutex<Arc<Handler>>>, log: Arc<Mutex<Vec<Request>>>) {
    let mut buffer = Vec::new();
    while let Some(request) = read(&mut stream, &mut buffer).await {
        log.lock().unwrap().push(request.clone());
        let handler = Arc::clone(&handler.lock().unwrap());
        let (status, headers, body, end) = match handler(&request) {
            Reply::Answer(status, headers, body) => (status, headers, body, None),
            Reply::Tagged(body) => {
                let tag = tag(&body);
                let is_known = request.header("if-none-match") == Some(&tag);
                let (status, body) = if is_known { (304, String::new()) } else { (200, body) };
                (status, vec![("etag", tag)], body, None)
            }
            Reply::Cut(body, end) => (200, Vec::new(), body, Some(end)),
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

async fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Request> {
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
    let target = lines.next()?.split(' ').nth(1)?.to_owned();
    let path = target.split('?').next()?.to_owned();
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
    Some(Request { target, path, headers })
}
