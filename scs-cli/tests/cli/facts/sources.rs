//! The sources of facts, on loopback.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use scs_k8s_policy::{Branch, KubernetesFacts, Releases};
use serde_json::{Value, json};

pub(crate) const KAAS: &str = include_str!("../../../../scs-certificates/data/scs-compatible-kaas.yaml");
const IAAS: &str = include_str!("../../../../scs-certificates/data/scs-compatible-iaas.yaml");

/// A response.
pub(crate) enum Reply {
    Text(String),
    /// A web page instead of data.
    Html,
    /// GitHub's rate limit, which ends in 2030.
    Limited,
    NotFound,
    /// Status 503.
    Down,
}

type Handler = dyn Fn(&str) -> Reply + Send + Sync;

/// The running sources.
pub(crate) struct Sources {
    pub(crate) address: String,
    handler: Arc<Mutex<Arc<Handler>>>,
    requests: Arc<Mutex<Vec<String>>>,
}

const NAMES: [&str; 11] = [
    "kubernetes-releases",
    "kubernetes-stable",
    "kubernetes-ends-of-life",
    "kubernetes-schedule",
    "kubernetes-cves",
    "cve-records",
    "ubuntu-releases",
    "debian-releases",
    "scs-compatible-iaas",
    "scs-compatible-kaas",
    "mozilla-tls",
];

impl Sources {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let usual: Arc<Handler> = Arc::new(usual);
        let handler = Arc::new(Mutex::new(usual));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (current, log) = (Arc::clone(&handler), Arc::clone(&requests));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (current, log) = (Arc::clone(&current), Arc::clone(&log));
                thread::spawn(move || serve(&stream, &current, &log));
            }
        });
        Self { address, handler, requests }
    }

    /// Answers differently from now on.
    pub(crate) fn now(&self, handler: impl Fn(&str) -> Reply + Send + Sync + 'static) {
        *self.handler.lock().unwrap() = Arc::new(handler);
    }

    /// Publishes a release.
    pub(crate) fn add_release(&self, tag: &'static str, at: &'static str) {
        self.now(move |path| with_release(path, Some((tag, at))));
    }

    /// The paths of all requests.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// The values of `--source`.
    pub(crate) fn mirrors(&self) -> Vec<String> {
        Self::mirrors_at(&self.address)
    }

    pub(crate) fn mirrors_at(address: &str) -> Vec<String> {
        NAMES.iter().map(|name| format!("{name}={address}/{name}")).collect()
    }
}

/// The responses of healthy sources: the facts that the program has, and a CVE record.
pub(crate) fn usual(path: &str) -> Reply {
    with_release(path, None)
}

fn with_release(path: &str, newer: Option<(&str, &str)>) -> Reply {
    let facts = KubernetesFacts::embedded();
    let release = |tag: &str, at: &str| json!({"tag_name": tag, "published_at": at, "draft": false, "prerelease": false, "body": "x"});
    let embedded = facts.releases().all().iter().rev();
    let known = embedded.map(|of| release(&of.version.to_string(), &of.published_at.to_string()));
    let releases: Vec<Value> = newer.map(|(tag, at)| release(tag, at)).into_iter().chain(known).collect();
    if let Some(file) = path.strip_prefix("/kubernetes-stable/stable") {
        let branch = file.trim_end_matches(".txt").trim_start_matches('-');
        let branch: Branch = if branch.is_empty() { "1.37" } else { branch }.parse().unwrap();
        let read: Releases = Value::from(releases).to_string().parse().unwrap();
        return Reply::Text(read.newest_of(branch).unwrap().version.to_string());
    }
    Reply::Text(match path {
        "/kubernetes-releases" => Value::from(releases).to_string(),
        "/kubernetes-ends-of-life" => {
            let ends = facts.ends_of_life().iter().map(|(branch, end)| json!({"cycle": branch.to_string(), "eol": end.to_string()}));
            Value::from(ends.collect::<Vec<_>>()).to_string()
        }
        "/kubernetes-cves" => {
            let items: Vec<Value> =
                (10_001..10_043).map(|number| json!({"id": format!("CVE-2026-{number}")})).collect();
            json!({"items": items}).to_string()
        }
        path if path.starts_with("/cve-records/CVE-2026-10") => json!({
            "cveMetadata": {"cveId": path.trim_start_matches("/cve-records/"), "datePublished": published()},
            "containers": {"cna": {"metrics": [{"cvssV3_1": {"baseScore": 5.0}}],
                "affected": [{"product": "Kubernetes", "defaultStatus": "unaffected"}]}}}).to_string(),
        "/ubuntu-releases" => {
            "version,codename,series,created,release,eol\n\
             14.04 LTS,T,trusty,2013-10-17,2014-04-17,2019-04-25\n16.04 LTS,X,xenial,2015-10-22,2016-04-21,2021-04-30\n\
             18.04 LTS,B,bionic,2017-10-19,2018-04-26,2023-05-31\n20.04 LTS,F,focal,2019-10-17,2020-04-23,2025-05-29\n\
             22.04 LTS,J,jammy,2021-10-14,2022-04-21,2027-06-01\n24.04 LTS,N,noble,2023-10-12,2024-04-25,2029-05-31\n\
             26.04 LTS,R,resolute,2025-10-09,2026-04-23,2031-05-29\n26.10,S,stonking,2026-04-23,2026-10-15,2027-07-15\n".to_owned()
        }
        "/debian-releases" => {
            "version,codename,series,created,release,eol\n\
             9,Stretch,stretch,2015-04-25,2017-06-17,2020-07-18\n10,Buster,buster,2017-06-17,2019-07-06,2022-09-10\n\
             11,Bullseye,bullseye,2019-07-06,2021-08-14,2024-08-14\n12,Bookworm,bookworm,2021-08-14,2023-06-10,2026-07-11\n\
             13,Trixie,trixie,2023-06-10,2025-08-09,2028-08-09\n,Sid,sid,1993-08-16\n".to_owned()
        }
        "/scs-compatible-iaas" => IAAS.to_owned(),
        "/scs-compatible-kaas" => KAAS.to_owned(),
        "/mozilla-tls" => json!({"version": 6.0, "configurations": {"intermediate": {
            "ciphers": {"iana": ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"], "openssl": ["ECDHE-ECDSA-AES128-GCM-SHA256"]},
            "ciphersuites": ["TLS_AES_128_GCM_SHA256"], "dh_param_size": 2048, "ecdh_param_size": 256, "hsts_min_age": 63_072_000,
            "maximum_certificate_lifespan": 366, "recommended_certificate_lifespan": 90, "rsa_key_size": 2048,
            "tls_curves": ["X25519"], "tls_versions": ["TLSv1.2", "TLSv1.3"]}}}).to_string(),
        _ => return Reply::NotFound,
    })
}

/// The day of the newest CVEs: a list that ended years ago is refused.
fn published() -> String {
    let day = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    format!("{}T00:00:00Z", day.saturating_sub(jiff::Span::new().days(90)))
}

/// Serves one connection. Bodies have an `ETag` of their length and sum.
fn serve(stream: &TcpStream, handler: &Mutex<Arc<Handler>>, log: &Mutex<Vec<String>>) {
    let mut reader = BufReader::new(stream);
    loop {
        let (mut first, mut known) = (String::new(), None);
        if reader.read_line(&mut first).unwrap_or(0) == 0 {
            return;
        }
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) <= 2 {
                break;
            }
            if let Some((name, value)) = line.trim_end().split_once(": ")
                && name.eq_ignore_ascii_case("if-none-match")
            {
                known = Some(value.to_owned());
            }
        }
        // A proxy gets the whole address.
        let target = first.split(' ').nth(1).unwrap_or_default().replace("http://ssl-config.example", "");
        let path = target.split('?').next().unwrap_or_default();
        log.lock().unwrap().push(path.to_owned());
        let handler = Arc::clone(&handler.lock().unwrap());
        let (status, headers, body) = match handler(path) {
            Reply::Text(body) => {
                let sum: u64 =
                    body.bytes().fold(7, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
                let tag = format!("\"{sum:x}\"");
                let header = format!("etag: {tag}\r\n");
                if known.as_ref() == Some(&tag) { (304, header, String::new()) } else { (200, header, body) }
            }
            Reply::Html => {
                (200, "content-type: text/html\r\n".to_owned(), "<html>Please log in</html>".to_owned())
            }
            Reply::Limited => {
                let headers = "x-ratelimit-remaining: 0\r\nx-ratelimit-reset: 1893456000\r\n".to_owned();
                (403, headers, "{}".to_owned())
            }
            Reply::Down => (503, String::new(), "{}".to_owned()),
            Reply::NotFound => (404, String::new(), "{}".to_owned()),
        };
        let head = format!("HTTP/1.1 {status} Status\r\n{headers}content-length: {}\r\n\r\n", body.len());
        let mut stream = stream;
        if stream.write_all(format!("{head}{body}").as_bytes()).is_err() {
            return;
        }
    }
}
