//! The log has no secrets, even if it has everything else.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::program::{Program, signed_report};
use crate::support::{Database, KAAS, bootstrap, on_both, report};

on_both!(the_log_has_no_secrets);

const PASSWORD: &str = "a password of nobody else";
const WRONG: &str = "a password that is wrong";
const SECRET: &str = "a secret of the webhook";

/// A webhook that takes one message; sends the request.
fn hook() -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = vec![0; 64 << 10];
        let length = stream.read(&mut request).unwrap();
        stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n").unwrap();
        let _ = sender.send(String::from_utf8_lossy(request.get(..length).unwrap_or_default()).into_owned());
    });
    (format!("http://{address}/hook-of-nobody-else"), receiver)
}

async fn the_log_has_no_secrets(database: Database) {
    let directory = tempfile::tempdir().unwrap();
    let (url, hooked) = hook();
    let mut file: Value = serde_json::from_str(&bootstrap(&json!([]))).unwrap();
    let hash = bcrypt::hash(PASSWORD, 4).unwrap();
    file["accounts"][0]["api_keys"] = json!([hash]);
    file["accounts"][0]["notify"] =
        json!({"email": "operator@example.com", "webhook": {"url": url, "secret": SECRET}, "failures": 1});
    std::fs::write(directory.path().join("bootstrap.yaml"), file.to_string()).unwrap();
    let command = "exec env RUST_LOG=trace SCM_WEBHOOKS_TO_PRIVATE=true \
                   SCM_SMTP=smtp://mailer:mail-password@127.0.0.1:1 SCM_MAIL_FROM=monitor@example.org \
                   SCM_HC_USER=health SCM_HC_PASSWORD=health-password \"$@\"";
    let program = Program::start_by(directory.path(), &database, command).unwrap();
    let basic = |password: &str| STANDARD.encode(format!("cloud-a:{password}"));
    let head = |request: &str, password: &str| {
        format!(
            "{request} HTTP/1.1\r\nContent-Type: application/x-signed-json\r\nAuthorization: Basic {}",
            basic(password)
        )
    };
    assert_eq!(program.send(&head("GET /reports", WRONG), "").unwrap().0, 401);
    assert_eq!(program.send(&head("GET /reports", PASSWORD), "").unwrap().0, 200);
    let health = STANDARD.encode("health:health-password");
    let request = format!("GET /healthz HTTP/1.1\r\nAuthorization: Basic {health}");
    assert_eq!(program.send(&request, "").unwrap().0, 200);
    let now = jiff::Timestamp::now().to_string();
    let failed = report(1, "cloud-a", KAAS, &now, &[("version-policy-check", -1)]);
    assert_eq!(program.send(&head("POST /reports", PASSWORD), &signed_report(&failed)).unwrap().0, 200);
    let posted = hooked.recv_timeout(Duration::from_mins(1)).unwrap();
    assert!(posted.contains("webhook-signature"), "{posted}");
    program.signal("-HUP");
    program.wait_for_log("the files were read again");
    program.wait_for_log("a notification is not delivered");
    let log = program.log();
    assert!(log.contains("\"TRACE\"") && log.contains("/reports"));
    let (wrong, right) = (basic(WRONG), basic(PASSWORD));
    let secrets = [PASSWORD, WRONG, SECRET, &hash, &wrong, &right, &health, "health-password"];
    let of_contact = ["hook-of-nobody-else", "operator@example.com", "mail-password"];
    for secret in secrets.into_iter().chain(of_contact) {
        let place = log.find(secret).map(|place| &log[place.saturating_sub(400)..place]);
        assert!(place.is_none(), "{secret} is in the log, after {place:?}");
    }
}
