//! A service in this process, with a clock of its own and accounts for each role.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{Method, Request, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use scs_certificates::report::signature::{body, sign};
use scs_monitor::{Clock, Service, Settings, router};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::postgres::Server;

/// The private key of all accounts that have one.
pub(crate) const PRIVATE_KEY: &str = include_str!("../data/id_ed25519");
const PUBLIC_KEY: &str = include_str!("../data/id_ed25519.pub");

/// The time at which tests begin.
pub(crate) const NOW: &str = "2026-11-24T12:00:00Z";

pub(crate) const IAAS: &str = "50393e6f-2ae1-4c5c-a62c-3b75f2abef3f";
pub(crate) const KAAS: &str = "1fffebe6-fd4b-44d3-a36c-fc58b4bb0180";

/// The test cases of v1 of SCS-compatible KaaS.
pub(crate) const KAAS_CASES: [&str; 3] =
    ["cncf-k8s-conformance", "version-policy-check", "kaas-networking-check"];

/// The bootstrap file of tests, with a table.
pub(crate) fn bootstrap(table: &Value) -> String {
    json!({"accounts": accounts(), "table": table}).to_string()
}

/// The accounts: `cloud-a` and `cloud-b` report for themselves, `ci` for `cloud-b`; the others have one role each.
fn accounts() -> Value {
    // The password is the name of the account. The cost is the lowest one, for tests only.
    let hash = |password: &str| bcrypt::hash(password, 4).unwrap();
    let mut key = PUBLIC_KEY.split(' ');
    let (kind, key) = (key.next().unwrap(), key.next().unwrap().trim());
    let keys = json!([{"public_key": key, "public_key_type": kind, "public_key_name": "primary"}]);
    let account = |subject: &str, roles: &[&str]| json!({"subject": subject, "api_keys": [hash(subject)], "keys": keys, "roles": roles});
    let mut cloud_b = account("cloud-b", &[]);
    cloud_b["delegates"] = json!(["ci"]);
    cloud_b["group"] = json!("group-of-b");
    json!([
        account("cloud-a", &[]),
        cloud_b,
        account("ci", &["append_any"]),
        account("reader", &["read_any"]),
        account("approver", &["approve"]),
        account("admin", &["admin"]),
    ])
}

/// Where a service keeps its data.
#[derive(Clone, Debug)]
pub(crate) enum Database {
    /// A file in the directory of the service.
    Sqlite,
    /// An empty database of a server.
    Postgres { server: &'static Server, name: String },
}

impl Database {
    /// An empty database of the shared PostgreSQL; `None` if it is not installed.
    pub(crate) fn postgres() -> Option<Self> {
        let server = Server::shared()?;
        Some(Self::Postgres { server, name: server.database() })
    }

    /// The address, for a service with a directory.
    pub(crate) fn address(&self, directory: &std::path::Path) -> String {
        match self {
            Self::Sqlite => format!("sqlite:{}", directory.join("monitor.db").display()),
            Self::Postgres { server, name } => server.address(name),
        }
    }
}

/// Makes two tests of each function: one on SQLite and one on PostgreSQL.
macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test]
                async fn $name() {
                    super::$name(crate::support::Database::Sqlite).await;
                }
            )*
        }
        mod postgres {
            $(
                #[tokio::test]
                async fn $name() {
                    if let Some(database) = crate::support::Database::postgres() {
                        super::$name(database).await;
                    }
                }
            )*
        }
    };
}
pub(crate) use on_both;

/// A running service.
pub(crate) struct Monitor {
    pub(crate) service: Service,
    router: Router,
    now: Arc<AtomicI64>,
    directory: tempfile::TempDir,
}

impl Monitor {
    /// A service with an empty database in a file.
    pub(crate) async fn start() -> Self {
        Self::with_table(json!([])).await
    }

    /// The same with a table.
    pub(crate) async fn with_table(table: Value) -> Self {
        Self::new(&Database::Sqlite, table).await
    }

    /// A service with an empty database.
    pub(crate) async fn on(database: &Database) -> Self {
        Self::new(database, json!([])).await
    }

    /// A service with a database and a table.
    pub(crate) async fn new(database: &Database, table: Value) -> Self {
        Self::with_settings(database, table, |_| {}).await
    }

    /// The same with other settings.
    pub(crate) async fn with_settings(
        database: &Database,
        table: Value,
        change: impl FnOnce(&mut Settings),
    ) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let bootstrap = directory.path().join("bootstrap.yaml");
        std::fs::write(&bootstrap, self::bootstrap(&table)).unwrap();
        let now = Arc::new(AtomicI64::new(NOW.parse::<Timestamp>().unwrap().as_microsecond()));
        let clock: Clock = {
            let now = Arc::clone(&now);
            Arc::new(move || Timestamp::from_microsecond(now.load(Ordering::SeqCst)).unwrap())
        };
        let mut settings = Settings::default();
        settings.database = database.address(directory.path());
        settings.bootstrap = Some(bootstrap);
        change(&mut settings);
        let service = Service::start(settings, clock).await.unwrap();
        Self { router: router(service.clone()), service, now, directory }
    }

    /// The directory with the bootstrap file and the database.
    pub(crate) fn directory(&self) -> &std::path::Path {
        self.directory.path()
    }

    /// Sets the clock.
    pub(crate) fn set_now(&self, now: &str) {
        self.now.store(now.parse::<Timestamp>().unwrap().as_microsecond(), Ordering::SeqCst);
    }

    /// Sends a request; the password of an account is its name.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Answer { status, headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn get_as(&self, account: &str, path: &str) -> Answer {
        self.send(Request::get(path).header(AUTHORIZATION, basic(account)).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post_as(&self, account: &str, path: &str, kind: &str, body: String) -> Answer {
        let request = Request::builder().method(Method::POST).uri(path);
        let request = request.header(AUTHORIZATION, basic(account)).header(CONTENT_TYPE, kind);
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// Posts a signed report.
    pub(crate) async fn report_as(&self, account: &str, report: &Value) -> Answer {
        let text = report.to_string();
        let signature = sign(text.as_bytes(), PRIVATE_KEY).unwrap();
        self.post_as(account, "/reports", "application/x-signed-json", body(&signature, &text)).await
    }
}

/// The header for an account whose password is its name.
pub(crate) fn basic(account: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{account}:{account}")))
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: axum::http::HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {self:?}"))
    }
}

/// A report in the form of the official suite. Its UUID follows from the number.
pub(crate) fn report(
    number: u32,
    subject: &str,
    scope: &str,
    checked_at: &str,
    results: &[(&str, i8)],
) -> Value {
    let results: serde_json::Map<String, Value> =
        results.iter().map(|(case, result)| ((*case).to_owned(), json!(result))).collect();
    json!({
        "spec": {"uuid": scope, "name": "Scope", "url": "https://example.com/scope.yaml"},
        "checked_at": checked_at,
        "reference_date": checked_at.get(..10),
        "subject": subject,
        "run": {
            "uuid": format!("00000000-0000-4000-8000-{number:012}"),
            "argv": [], "assignment": {}, "sections": null, "forced_version": null, "forced_tests": null,
            "invocations": {"one": {
                "id": "one", "cmd": "check.py", "rc": 0, "critical": 0, "error": 0, "warning": 1,
                "stdout": ["secret", "case: PASS"], "stderr": ["WARNING: old"], "results": results,
            }},
        },
    })
}
