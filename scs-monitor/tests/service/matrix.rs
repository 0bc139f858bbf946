//! Who may do what: each endpoint with each account, for its own subject, another one, and one that delegates to it.

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{Method, Request, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use scs_certificates::report::signature::{body, sign};
use serde_json::json;

use crate::certificates::reloaded;
use crate::support::{Database, KAAS, Monitor, PRIVATE_KEY, basic, on_both, report};

on_both!(
    each_account_may_do_what_its_roles_say,
    failed_logins_are_limited,
    failed_logins_of_an_address_are_limited,
    large_requests_are_rejected,
);

/// The accounts of the columns: without credentials, with a wrong password, the subject itself, another subject, an account with
/// `append_any` that the subject names as delegate, and accounts with one role each.
const WHO: [&str; 8] = ["nobody", "wrong", "cloud-b", "cloud-a", "ci", "reader", "approver", "admin"];

/// The endpoints of the rows; `{b}` is a report of `cloud-b`, to whom `ci` is a delegate, `{a}` one of `cloud-a`, who has none,
/// and `{n}` a notification of `cloud-b`.
/// `+` stands for 200, `-` for 401, other letters for what is there.
const MATRIX: [(&str, &str); 54] = [
    // Public.
    ("GET /status", "++++++++"),
    ("GET /page/table", "++++++++"),
    ("GET /markdown/table_full", "++++++++"),
    ("GET /fragment/detail/cloud-b/scs-compatible-kaas", "++++++++"),
    ("GET /page/detail_full/cloud-b/scs-compatible-kaas", "++++++++"),
    ("GET /page/scope/scs-compatible-kaas", "++++++++"),
    ("GET /page/report/{b}", "++++++++"),
    ("GET /healthz", "++++++++"),
    ("GET /openapi.json", "++++++++"),
    ("GET /page/history/cloud-b/scs-compatible-kaas", "++++++++"),
    ("GET /page/certificates", "++++++++"),
    ("GET /page/standards", "++++++++"),
    ("GET /page/standard/scs-0210", "++++++++"),
    ("GET /badge/cloud-b/scs-compatible-kaas.svg", "++++++++"),
    ("GET /badge/cloud-b/scs-compatible-kaas.json", "++++++++"),
    ("GET /history/cloud-b/scs-compatible-kaas", "++++++++"),
    ("GET /history/cloud-b/scs-compatible-kaas.svg", "++++++++"),
    ("GET /certificates", "++++++++"),
    ("GET /certificates/cloud-b/scs-compatible-kaas", "++++++++"),
    ("GET /feed.atom?subject=cloud-b", "++++++++"),
    ("GET /calendar.ics?subject=cloud-b", "++++++++"),
    // Findings are shown to those who may read the reports, and to no one else.
    ("GET /page/detail/cloud-b/scs-compatible-kaas?findings=show", "--+--+--"),
    ("GET /page/changes/{b}/{b}", "+-+--+--"),
    ("GET /page/changes/{b}/{b}?findings=show", "--+--+--"),
    ("GET /reports/{b}/changes/{b}", "+-+--+--"),
    ("GET /reports/{a}/changes/{a}", "+--+-+--"),
    ("GET /reports/none/changes/{b}", "0-000000"),
    ("GET /reports/{b}/findings", "--+--+--"),
    ("GET /reports/{a}/findings", "---+-+--"),
    ("GET /reports/none/findings", "--000000"),
    // Figures, and what contacts were told; only the subject itself and administrators may acknowledge.
    ("GET /metrics/cloud-b", "--+--+--"),
    ("GET /metrics/cloud-a", "---+-+--"),
    ("GET /notifications", "--++++++"),
    ("GET /notifications?subject=cloud-b", "--+--+--"),
    ("GET /notifications?subject=cloud-a", "---+-+--"),
    ("GET /notifications?subject=", "-----+--"),
    ("POST /notifications/{n}/ack", "--+----+"),
    ("POST /notifications/none/ack", "--000000"),
    // Own reports, or the role `read_any`; a delegate may not read what it has posted.
    ("GET /reports/{b}", "--+--+--"),
    ("GET /reports/{a}", "---+-+--"),
    ("GET /page/report_full/{b}", "--+--+--"),
    ("GET /reports", "--++++++"),
    ("GET /reports?subject=cloud-b", "--+--+--"),
    ("GET /reports?subject=cloud-a", "---+-+--"),
    ("GET /reports?subject=", "-----+--"),
    // Existence is visible to every account.
    ("GET /reports/none", "--000000"),
    ("GET /page/report_full/none", "--000000"),
    // Results.
    ("GET /results", "-----+--"),
    ("GET /results?approved=false", "-----+--"),
    ("POST /results", "------+-"),
    // Own reports, or those of subjects that name the account as delegate, with the role `append_any`.
    ("POST /reports cloud-b", "--+-+---"),
    ("POST /reports cloud-a", "---+----"),
    ("POST /reports reader", "-----+--"),
    ("POST /reports unknown", "--------"),
];

fn authorization(who: &str) -> Option<String> {
    match who {
        "nobody" => None,
        "wrong" => Some(format!("Basic {}", STANDARD.encode("cloud-b:wrong"))),
        account => Some(basic(account)),
    }
}

async fn each_account_may_do_what_its_roles_say(database: Database) {
    let monitor = Monitor::on(&database).await;
    reloaded(&monitor, |file| {
        file["accounts"][1]["notify"] = json!({"email": "operator@example.com", "failures": 1});
        file["certificates"] = json!([
            {"subject": "cloud-b", "scope": "scs-compatible-kaas", "version": "v1", "issued": "2026-11-01"},
        ]);
    });
    let cases = [("version-policy-check", -1)];
    let of_a = report(1, "cloud-a", KAAS, "2026-11-23 08:00:00", &cases);
    let of_b = report(2, "cloud-b", KAAS, "2026-11-23 08:00:00", &cases);
    assert_eq!(monitor.report_as("cloud-a", &of_a).await.status, StatusCode::OK);
    assert_eq!(monitor.report_as("ci", &of_b).await.status, StatusCode::OK);
    let uuid = |report: &serde_json::Value| report["run"]["uuid"].as_str().unwrap().to_owned();
    let (a, b) = (uuid(&of_a), uuid(&of_b));
    monitor.service.notify_once().await.unwrap();
    let notifications = monitor.get_as("cloud-b", "/notifications").await.json();
    let notification = notifications[0]["id"].as_str().unwrap().to_owned();
    let approval = json!({
        "reportuuid": b, "scopeuuid": KAAS, "version": "*", "check": "version-policy-check", "approval": true,
    });
    let mut number = 100;
    for (row, (endpoint, expected)) in MATRIX.into_iter().enumerate() {
        // Failed logins are forgotten after five minutes.
        monitor.set_now(&format!("2026-11-24T{:02}:{:02}:00Z", 12 + row / 10, row % 10 * 6));
        let mut found = String::new();
        for who in WHO {
            number += 1;
            let mut words = endpoint.split(' ');
            let (method, path) = (words.next().unwrap(), words.next().unwrap());
            let path = path.replace("{a}", &a).replace("{b}", &b).replace("{n}", &notification);
            let mut request = Request::builder().method(method.parse::<Method>().unwrap()).uri(path);
            if let Some(value) = authorization(who) {
                request = request.header(AUTHORIZATION, value);
            }
            let (kind, text) = match (endpoint, words.next()) {
                (_, Some(subject)) => {
                    let text = report(number, subject, KAAS, "2026-11-23 08:00:00", &cases).to_string();
                    let signature = sign(text.as_bytes(), PRIVATE_KEY).unwrap();
                    ("application/x-signed-json", body(&signature, &text))
                }
                ("POST /results", None) => ("application/json", approval.to_string()),
                _ => ("text/plain", String::new()),
            };
            let request = request.header(CONTENT_TYPE, kind).body(Body::from(text)).unwrap();
            found.push(match monitor.send(request).await.status {
                StatusCode::OK => '+',
                StatusCode::UNAUTHORIZED => '-',
                StatusCode::NOT_FOUND => '0',
                other => panic!("{endpoint} as {who}: {other}"),
            });
        }
        assert_eq!(found, expected, "{endpoint}, for {WHO:?}");
    }
}

async fn failed_logins_are_limited(database: Database) {
    let monitor = Monitor::on(&database).await;
    let get = |password: &str| {
        let value = format!("Basic {}", STANDARD.encode(format!("cloud-a:{password}")));
        Request::get("/reports").header(AUTHORIZATION, value).body(Body::empty()).unwrap()
    };
    for _ in 0..10 {
        assert_eq!(monitor.send(get("wrong")).await.status, StatusCode::UNAUTHORIZED);
    }
    let limited = monitor.send(get("cloud-a")).await;
    assert_eq!(limited.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(limited.headers.contains_key("retry-after"));
    // Others are not affected, and time heals.
    assert_eq!(monitor.get_as("cloud-b", "/reports").await.status, StatusCode::OK);
    monitor.set_now("2026-11-24T12:05:01Z");
    assert_eq!(monitor.send(get("cloud-a")).await.status, StatusCode::OK);
}

async fn failed_logins_of_an_address_are_limited(database: Database) {
    limited(&database, |_| "192.0.2.1".to_owned(), "192.0.2.2").await;
    // The addresses of one network of IPv6 are those of one client.
    limited(&database, |number| format!("2001:db8::{number:x}:1"), "2001:db8:0:1::1").await;
}

/// Fails to log in with several names from addresses of one client.
async fn limited(database: &Database, address: impl Fn(usize) -> String, other: &str) {
    let monitor = Monitor::with_settings(database, json!([]), |it| it.behind_proxy = true).await;
    let login = async |account: &str, password: &str, address: &str| {
        let value = format!("Basic {}", STANDARD.encode(format!("{account}:{password}")));
        let request = Request::get("/reports").header(AUTHORIZATION, value);
        let request = request.header("x-forwarded-for", format!("198.51.100.1, {address}"));
        monitor.send(request.body(Body::empty()).unwrap()).await.status.as_u16()
    };
    // Below the limit of each account.
    let accounts = &WHO[2..];
    for number in 0..50 {
        let account = accounts[number % accounts.len()];
        assert_eq!(login(account, "wrong", &address(number)).await, 401, "{number}");
    }
    for account in accounts {
        assert_eq!(login(account, account, &address(50)).await, 429, "{account}");
    }
    assert_eq!(login("cloud-a", "cloud-a", other).await, 200);
    // A password that was right a short time ago is not looked at again.
    assert_eq!(login("cloud-a", "cloud-a", &address(50)).await, 200);
    assert_eq!(login("cloud-b", "cloud-b", &address(50)).await, 429);
    monitor.set_now("2026-11-24T12:05:01Z");
    assert_eq!(login("cloud-b", "cloud-b", &address(50)).await, 200);
}

async fn large_requests_are_rejected(database: Database) {
    let monitor = Monitor::on(&database).await;
    let large = "x".repeat(17 * 1024 * 1024);
    for kind in ["application/x-signed-yaml", "application/x-signed-json"] {
        let answer = monitor.post_as("cloud-a", "/reports", kind, large.clone()).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    }
    let answer = monitor.post_as("approver", "/results", "application/json", large).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let nested = "[".repeat(100_000);
    let answer = monitor.post_as("approver", "/results", "application/json", nested.clone()).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let signature = sign(nested.as_bytes(), PRIVATE_KEY).unwrap();
    let nested = body(&signature, &nested);
    for kind in ["application/x-signed-yaml", "application/x-signed-json"] {
        let answer = monitor.post_as("cloud-a", "/reports", kind, nested.clone()).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{kind}");
    }
}
