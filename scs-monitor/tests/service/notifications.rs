//! Notifications by mail and webhook, against servers of this process.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use ring::hmac;
use scs_monitor::{Bootstrap, Clock, Service, Settings};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use crate::certificates::reloaded;
use crate::support::{Database, KAAS, KAAS_CASES, Monitor, NOW, on_both, report};

on_both!(
    failures_in_a_row_are_told_once,
    results_that_expire_and_verdicts_that_time_changes_are_told_once,
    a_mail_server_that_is_busy_delays_only_mails,
    a_mail_server_that_is_down_delays_only_mails,
    a_webhook_is_tried_again_and_redirects_are_not_followed,
    private_addresses_are_not_posted_to,
    an_acknowledged_notification_is_not_sent_any_longer,
    a_long_row_of_failures_is_told_once,
    results_of_a_cloud_that_is_checked_every_night_do_not_expire_soon,
);

const SECRET: &str = "a secret that nobody knows";

/// A mail server that keeps what it gets, or answers that it is too busy.
#[derive(Clone, Default)]
struct Mails {
    received: Arc<Mutex<Vec<String>>>,
    is_busy: Arc<std::sync::atomic::AtomicBool>,
}

impl Mails {
    async fn start() -> (Self, SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mails = Self::default();
        mails.listen(listener);
        (mails, address)
    }

    /// Takes mails on a port.
    fn listen(&self, listener: TcpListener) {
        let server = self.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let server = server.clone();
                tokio::spawn(async move {
                    let (reading, mut writing) = stream.split();
                    let mut lines = BufReader::new(reading).lines();
                    writing.write_all(b"220 mock\r\n").await.unwrap();
                    let (mut mail, mut is_data) = (String::new(), false);
                    while let Ok(Some(line)) = lines.next_line().await {
                        let answer = if is_data && line != "." {
                            mail.push_str(&line);
                            mail.push('\n');
                            continue;
                        } else if is_data {
                            is_data = false;
                            server.received.lock().unwrap().push(std::mem::take(&mut mail));
                            "250 kept"
                        } else if line.starts_with("MAIL") && server.is_busy.load(Ordering::SeqCst) {
                            "451 busy"
                        } else if line.starts_with("DATA") {
                            is_data = true;
                            "354 go on"
                        } else if line.starts_with("RCPT") {
                            mail.push_str(&line);
                            mail.push('\n');
                            "250 fine"
                        } else {
                            "250 fine"
                        };
                        writing.write_all(format!("{answer}\r\n").as_bytes()).await.unwrap();
                    }
                });
            }
        });
    }

    fn count(&self) -> usize {
        self.received.lock().unwrap().len()
    }
}

/// A webhook that keeps what it gets and answers with a status.
#[derive(Clone)]
struct Hook {
    received: Arc<Mutex<Vec<(HeaderMap, String)>>>,
    status: Arc<AtomicU16>,
}

impl Hook {
    async fn start() -> (Self, SocketAddr) {
        let hook = Self { received: Arc::default(), status: Arc::new(AtomicU16::new(204)) };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/hook", post(Self::receive)).with_state(hook.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (hook, address)
    }

    #[expect(clippy::unused_async, reason = "the function is a handler")]
    async fn receive(
        State(hook): State<Self>,
        headers: HeaderMap,
        body: Bytes,
    ) -> (StatusCode, [(&'static str, &'static str); 1]) {
        let text = String::from_utf8(body.to_vec()).unwrap();
        hook.received.lock().unwrap().push((headers, text));
        (StatusCode::from_u16(hook.status.load(Ordering::SeqCst)).unwrap(), [("location", "/elsewhere")])
    }

    fn count(&self) -> usize {
        self.received.lock().unwrap().len()
    }
}

/// A monitor, and instances on its database that notify.
struct Notified {
    monitor: Monitor,
    instances: [Service; 2],
    now: Arc<AtomicI64>,
    mails: Mails,
    hook: Hook,
}

impl Notified {
    async fn start(database: &Database, notify: Value, allows_private: bool) -> Self {
        let (mails, address) = Mails::start().await;
        Self::with_mails(database, notify, allows_private, mails, address).await
    }

    async fn with_mails(
        database: &Database,
        notify: Value,
        allows_private: bool,
        mails: Mails,
        mail_address: SocketAddr,
    ) -> Self {
        // Webhooks may use TLS.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let (hook, hook_address) = Hook::start().await;
        let monitor = Monitor::on(database).await;
        reloaded(&monitor, |file| {
            let mut contact = json!({
                "email": "operator@example.com",
                "webhook": {"url": format!("http://{hook_address}/hook"), "secret": SECRET},
            });
            for (key, value) in notify.as_object().unwrap() {
                contact[key] = value.clone();
            }
            file["accounts"][0]["notify"] = contact;
        });
        let now = Arc::new(AtomicI64::new(0));
        let mut settings: Settings = monitor.service.settings().clone();
        settings.smtp = Some(format!("smtp://{mail_address}"));
        settings.mail_from = Some("SCS <monitor@example.org>".to_owned());
        settings.webhooks_to_private = allows_private;
        let clock = |now: &Arc<AtomicI64>| -> Clock {
            let now = Arc::clone(now);
            Arc::new(move || Timestamp::from_microsecond(now.load(Ordering::SeqCst)).unwrap())
        };
        now.store(NOW.parse::<Timestamp>().unwrap().as_microsecond(), Ordering::SeqCst);
        let instances = [
            Service::start(settings.clone(), clock(&now)).await.unwrap(),
            Service::start(settings, clock(&now)).await.unwrap(),
        ];
        Self { monitor, instances, now, mails, hook }
    }

    fn set_now(&self, now: &str) {
        self.monitor.set_now(now);
        self.now.store(now.parse::<Timestamp>().unwrap().as_microsecond(), Ordering::SeqCst);
    }

    /// Both instances look for events and deliver.
    async fn notify(&self) {
        let (one, other) = tokio::join!(self.instances[0].notify_once(), self.instances[1].notify_once());
        one.unwrap();
        other.unwrap();
        self.instances[0].notify_once().await.unwrap();
    }

    async fn report(&self, number: u32, at: &str, policy: i8) {
        let results = [(KAAS_CASES[0], 1), (KAAS_CASES[1], policy), (KAAS_CASES[2], 1)];
        let mut report = report(number, "cloud-a", KAAS, at, &results);
        report["creator"] = json!(format!("suite {number}"));
        assert_eq!(self.monitor.report_as("cloud-a", &report).await.status, StatusCode::OK);
    }

    async fn list(&self) -> Vec<Value> {
        self.monitor.get_as("cloud-a", "/notifications?limit=100").await.json().as_array().unwrap().clone()
    }
}

async fn failures_in_a_row_are_told_once(database: Database) {
    let all = Notified::start(&database, json!({}), true).await;
    all.report(1, "2026-11-22 08:00:00", 1).await;
    all.report(2, "2026-11-23 08:00:00", -1).await;
    all.notify().await;
    assert_eq!((all.mails.count(), all.hook.count()), (0, 0));
    all.report(3, "2026-11-24 08:00:00", -1).await;
    all.notify().await;
    all.report(4, "2026-11-24 09:00:00", -1).await;
    all.notify().await;
    assert_eq!((all.mails.count(), all.hook.count()), (1, 1));
    let (headers, text) = all.hook.received.lock().unwrap()[0].clone();
    let body: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(body["test_case"], json!("version-policy-check"));
    assert_eq!((&body["before"]["result"], &body["after"]["result"]), (&json!("PASS"), &json!("FAIL")));
    assert_eq!(body["software"], json!({"before": "suite 1", "after": "suite 3", "differ": true}));
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    let header = |name: &str| headers[name].to_str().unwrap().to_owned();
    let signed = format!("{}.{}.{text}", header("webhook-id"), header("webhook-timestamp"));
    let signature = STANDARD.decode(header("webhook-signature").strip_prefix("v1,").unwrap()).unwrap();
    hmac::verify(&key, signed.as_bytes(), &signature).unwrap();
    let mail = all.mails.received.lock().unwrap()[0].clone();
    assert!(mail.contains("Subject: cloud-a: version-policy-check failed 2 times in a row"), "{mail}");
    assert!(mail.contains("suite 3") && mail.contains("RCPT TO:<operator@example.com>"), "{mail}");
    // After a PASS, counting begins again.
    all.report(5, "2026-11-24 10:00:00", 1).await;
    all.report(6, "2026-11-24 10:30:00", -1).await;
    all.notify().await;
    assert_eq!(all.hook.count(), 1);
    all.report(7, "2026-11-24 11:00:00", -1).await;
    all.notify().await;
    assert_eq!((all.mails.count(), all.hook.count()), (2, 2));
}

async fn results_that_expire_and_verdicts_that_time_changes_are_told_once(database: Database) {
    let all = Notified::start(&database, json!({"before": "3d", "language": "de"}), true).await;
    all.report(1, "2026-11-23 08:00:00", 1).await;
    all.notify().await;
    assert_eq!(all.hook.count(), 0);
    for now in ["2026-12-04T12:00:00Z", "2026-12-05T12:00:00Z"] {
        all.set_now(now);
        all.notify().await;
        assert_eq!((all.mails.count(), all.hook.count()), (1, 1));
    }
    let text = all.hook.received.lock().unwrap()[0].1.clone();
    let body: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(body["kind"], json!("expires"));
    assert_eq!(body["test_cases"], json!(["version-policy-check"]));
    assert!(body["title"].as_str().unwrap().contains("laufen ab"), "{body}");
    all.set_now("2026-12-07T12:00:00Z");
    all.notify().await;
    all.notify().await;
    assert_eq!(all.hook.count(), 2);
    let text = all.hook.received.lock().unwrap()[1].1.clone();
    let body: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&body["before"], &body["after"]), (&json!("PASS"), &json!("MISS")));
}

async fn a_mail_server_that_is_busy_delays_only_mails(database: Database) {
    let all = Notified::start(&database, json!({"failures": 1}), true).await;
    all.mails.is_busy.store(true, Ordering::SeqCst);
    all.report(1, "2026-11-24 08:00:00", -1).await;
    all.notify().await;
    assert_eq!((all.mails.count(), all.hook.count()), (0, 1));
    all.mails.is_busy.store(false, Ordering::SeqCst);
    // It is tried again after a pause.
    all.notify().await;
    assert_eq!(all.mails.count(), 0);
    all.set_now("2026-11-24T12:02:00Z");
    all.notify().await;
    all.notify().await;
    assert_eq!((all.mails.count(), all.hook.count()), (1, 1));
}

async fn a_mail_server_that_is_down_delays_only_mails(database: Database) {
    // Nobody listens at this port.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let mails = Mails::default();
    let all = Notified::with_mails(&database, json!({"failures": 1}), true, mails, address).await;
    all.report(1, "2026-11-24 08:00:00", -1).await;
    all.notify().await;
    assert_eq!((all.mails.count(), all.hook.count()), (0, 1));
    for now in ["2026-11-24T12:02:00Z", "2026-11-24T12:10:00Z"] {
        all.set_now(now);
        all.notify().await;
    }
    assert_eq!((all.mails.count(), all.hook.count()), (0, 1));
    all.mails.listen(TcpListener::bind(address).await.unwrap());
    for now in ["2026-11-24T13:00:00Z", "2026-11-24T14:00:00Z", "2026-11-26T14:00:00Z"] {
        all.set_now(now);
        all.notify().await;
        assert_eq!((all.mails.count(), all.hook.count()), (1, 1), "{now}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_instances_on_postgresql_deliver_once() {
    let Some(database) = Database::postgres() else { return };
    let all = Notified::start(&database, json!({"failures": 1}), true).await;
    for number in 0..6 {
        // A failed one and a passed one in turn.
        all.report(number, &format!("2026-11-24 08:{number:02}:00"), if number % 2 == 0 { -1 } else { 1 })
            .await;
        let running = all.instances.each_ref().map(|instance| {
            let instance = instance.clone();
            tokio::spawn(async move {
                for _ in 0..5 {
                    instance.notify_once().await.unwrap();
                }
            })
        });
        for instance in running {
            instance.await.unwrap();
        }
        all.notify().await;
        let told = usize::try_from(number / 2 + 1).unwrap();
        assert_eq!((all.mails.count(), all.hook.count()), (told, told), "{number}");
    }
    let mut ids: Vec<String> = {
        let received = all.hook.received.lock().unwrap();
        received.iter().map(|(headers, _)| headers["webhook-id"].to_str().unwrap().to_owned()).collect()
    };
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 3);
}

async fn a_webhook_is_tried_again_and_redirects_are_not_followed(database: Database) {
    let all = Notified::start(&database, json!({"failures": 1}), true).await;
    all.hook.status.store(302, Ordering::SeqCst);
    all.report(1, "2026-11-24 08:00:00", -1).await;
    all.notify().await;
    assert_eq!(all.hook.count(), 1);
    all.hook.status.store(200, Ordering::SeqCst);
    all.set_now("2026-11-24T12:01:30Z");
    all.notify().await;
    all.set_now("2026-11-24T14:00:00Z");
    all.notify().await;
    assert_eq!((all.mails.count(), all.hook.count()), (1, 2));
    let ids: Vec<String> = {
        let received = all.hook.received.lock().unwrap();
        received.iter().map(|(headers, _)| headers["webhook-id"].to_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids[0], ids[1]);
}

async fn private_addresses_are_not_posted_to(database: Database) {
    let all = Notified::start(&database, json!({"failures": 1}), false).await;
    all.report(1, "2026-11-24 08:00:00", -1).await;
    all.notify().await;
    assert_eq!((all.mails.count(), all.hook.count()), (1, 0));
}

async fn an_acknowledged_notification_is_not_sent_any_longer(database: Database) {
    let all = Notified::start(&database, json!({"failures": 1}), true).await;
    all.mails.is_busy.store(true, Ordering::SeqCst);
    all.report(1, "2026-11-24 08:00:00", -1).await;
    all.notify().await;
    let list = all.list().await;
    assert_eq!(list.len(), 1);
    // Contacts are not shown.
    let shown = serde_json::to_string(&list).unwrap();
    assert!(!shown.contains("operator@") && !shown.contains("/hook") && !shown.contains(SECRET));
    let path = format!("/notifications/{}/ack", list[0]["id"].as_str().unwrap());
    for (account, status) in [
        ("cloud-b", StatusCode::UNAUTHORIZED),
        ("reader", StatusCode::UNAUTHORIZED),
        ("cloud-a", StatusCode::OK),
        ("admin", StatusCode::OK),
    ] {
        let answer = all.monitor.post_as(account, &path, "application/json", String::new()).await;
        assert_eq!(answer.status, status, "{account}");
    }
    assert_eq!(all.list().await[0]["acknowledged_by"], json!("cloud-a"));
    all.mails.is_busy.store(false, Ordering::SeqCst);
    all.set_now("2026-11-25T12:00:00Z");
    all.notify().await;
    assert_eq!(all.mails.count(), 0);
    let missing =
        all.monitor.post_as("admin", "/notifications/x/ack", "application/json", String::new()).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    let others = all.monitor.get_as("cloud-b", "/notifications?subject=cloud-a").await;
    assert_eq!(others.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        all.monitor.get_as("reader", "/notifications?subject=").await.json().as_array().unwrap().len(),
        1
    );
}

#[test]
fn contacts_are_checked_and_not_repeated_in_messages() {
    let read = |notify: &str| Bootstrap::read(&format!("accounts: [{{subject: a, notify: {notify}}}]"));
    let bootstrap = read("{email: [a@example.com, b@example.com], before: 36h, failures: 3}").unwrap();
    let notify = bootstrap.account("a").unwrap().notify.as_ref().unwrap();
    assert_eq!((notify.email.len(), notify.failures), (2, 3));
    assert!(!format!("{bootstrap:?}").contains("example.com"));
    for wrong in [
        "{}",
        "{email: not-an-address}",
        "{webhook: {url: 'ftp://example.com', secret: 0123456789abcdef}}",
        "{webhook: {url: 'https://example.com', secret: short}}",
        "{email: a@example.com, before: soon}",
        "{email: a@example.com, before: 1 month}",
        "{email: a@example.com, language: fr}",
    ] {
        let error = read(wrong).unwrap_err().to_string();
        assert!(!error.contains("not-an-address") && !error.contains("short"), "{error}");
    }
}

async fn a_long_row_of_failures_is_told_once(database: Database) {
    let all = Notified::start(&database, json!({}), true).await;
    for number in 0..120 {
        let time = format!("2026-11-2{} {:02}:{:02}:00", 1 + number / 60, number / 30 % 2, number % 30);
        all.report(number, &time, -1).await;
        if !(3..=90).contains(&number) {
            all.notify().await;
        }
    }
    assert_eq!((all.mails.count(), all.hook.count()), (1, 1));
}

async fn results_of_a_cloud_that_is_checked_every_night_do_not_expire_soon(database: Database) {
    let all = Notified::start(&database, json!({}), true).await;
    for (number, day) in (0..).zip(16..=24) {
        all.report(number, &format!("2026-11-{day} 01:00:00"), 1).await;
        // Just before the check of the next night.
        all.set_now(&format!("2026-11-{}T00:59:00Z", day + 1));
        all.notify().await;
        assert_eq!(all.hook.count(), 0, "{day}");
    }
    all.set_now("2026-12-04T12:00:00Z");
    all.notify().await;
    assert_eq!(all.hook.count(), 1);
}
