//! The real program in a process of its own, and a client for it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use scs_certificates::report::signature::{body, sign};
use serde_json::{Value, json};

use crate::support::{Database, KAAS, PRIVATE_KEY, basic, bootstrap, report};

/// A running program.
pub(crate) struct Program {
    pub(crate) process: Child,
    pub(crate) address: SocketAddr,
    log: Arc<Mutex<String>>,
}

impl Program {
    /// Starts it with a database, and the bootstrap file of the directory, which is written if it is missing.
    pub(crate) fn start(directory: &Path, database: &Database) -> Self {
        Self::start_by(directory, database, "exec \"$@\"").unwrap()
    }

    /// The same by a shell command. Returns what the program says if it ends before it listens.
    pub(crate) fn start_by(directory: &Path, database: &Database, command: &str) -> Result<Self, String> {
        let mut process = Self::spawn(directory, database, command);
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let mut said = String::new();
        let address = loop {
            let Some(Ok(line)) = lines.next() else {
                let _ = process.wait();
                return Err(said);
            };
            said += &line;
            let entry: Value = serde_json::from_str(&line).unwrap_or_default();
            let message = entry["fields"]["message"].as_str().unwrap_or_default();
            if let Some(address) = message.strip_prefix("listening at http://") {
                break address.parse().unwrap();
            }
        };
        let log = Arc::new(Mutex::new(said));
        let written = Arc::clone(&log);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                written.lock().unwrap().push_str(&line);
            }
        });
        Ok(Self { process, address, log })
    }

    /// Starts it without waiting.
    pub(crate) fn spawn(directory: &Path, database: &Database, command: &str) -> Child {
        let file = directory.join("bootstrap.yaml");
        if !file.exists() {
            std::fs::write(&file, bootstrap(&json!([]))).unwrap();
        }
        let mut shell = Command::new("sh");
        shell.args([
            "-c",
            command,
            "sh",
            env!("CARGO_BIN_EXE_scs-monitor"),
            "serve",
            "--listen",
            "127.0.0.1:0",
        ]);
        shell.args(["--database", &database.address(directory), "--bootstrap"]).arg(file);
        shell.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).env("RUST_LOG", "info");
        shell.spawn().unwrap()
    }

    /// Ends it as a failing machine does.
    pub(crate) fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Sends a signal.
    pub(crate) fn signal(&self, name: &str) {
        let status = Command::new("kill").args([name, &self.process.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    /// What the program has written to the log.
    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Waits until the log has a text.
    pub(crate) fn wait_for_log(&self, text: &str) {
        let until = Instant::now() + Duration::from_mins(1);
        while !self.log.lock().unwrap().contains(text) {
            assert!(Instant::now() < until, "not in the log: {text}: {}", self.log.lock().unwrap());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Sends a request; returns the status and the body, or `None` if there is no answer.
    pub(crate) fn send(&self, head: &str, body: &str) -> Option<(u16, String)> {
        send(self.address, head, body)
    }

    pub(crate) fn get(&self, account: &str, path: &str) -> (u16, String) {
        self.send(&format!("GET {path} HTTP/1.1\r\nAuthorization: {}", basic(account)), "").unwrap()
    }

    /// Posts a report of `cloud-a` with a number.
    pub(crate) fn post(&self, number: u32) -> Option<u16> {
        self.send(POST, &signed(number)).map(|answer| answer.0)
    }

    /// The same with a report of some 40 KB that cannot be compressed.
    pub(crate) fn post_large(&self, number: u32) -> Option<u16> {
        let mut report = recent(number);
        let mut random = fastrand::Rng::with_seed(number.into());
        let noise: String = (0..40_000).map(|_| random.alphanumeric()).collect();
        report["padding"] = json!(noise);
        self.send(POST, &signed_report(&report)).map(|answer| answer.0)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The head of a request that posts a report; the credentials are those of `cloud-a`.
pub(crate) const POST: &str = "POST /reports HTTP/1.1\r\nAuthorization: Basic Y2xvdWQtYTpjbG91ZC1h\r\nContent-Type: application/x-signed-json";

/// A signed report of `cloud-a`, made an hour ago.
pub(crate) fn signed(number: u32) -> String {
    signed_report(&recent(number))
}

fn recent(number: u32) -> Value {
    let hour_ago = Timestamp::now() - jiff::SignedDuration::from_hours(1);
    report(number, "cloud-a", KAAS, &hour_ago.to_string(), &[("version-policy-check", 1)])
}

/// A signed report.
pub(crate) fn signed_report(report: &Value) -> String {
    let text = report.to_string();
    body(&sign(text.as_bytes(), PRIVATE_KEY).unwrap(), &text)
}

/// The UUID of such a report.
pub(crate) fn uuid(number: u32) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

pub(crate) fn send(address: SocketAddr, head: &str, body: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_mins(1))).ok()?;
    let length = body.len();
    let request =
        format!("{head}\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}");
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some((status, body.to_owned()))
}
