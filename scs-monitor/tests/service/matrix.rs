//! Who may do what: each endpoint with each account, for its own subject, another one, and one that delegates to it.

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{Method, Request, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use scs_certificates::report::signature::{body, sign};
use serde_json::json;

use crate::support::{Database, KAAS, Monitor, PRIVATE_KEY, basic, on_both, report};

on_both!(each_account_may_do_what_its_roles_say, failed_logins_are_limited, large_requests_are_rejected);

/// The accounts of the columns: without credentials, with a wrong password, the subject itself, another subject, an account with
/// `append_any` that the subject names as delegate, and accounts with one role each.
const WHO: [&str; 8] = ["nobody", "wrong", "cloud-b", "cloud-a", "ci", "reader", "approver", "admin"];

/// The endpoints of the rows; `{b}` is a report of `cloud-b`, to whom `ci` is a delegate, and `{a}` one of `cloud-a`, who has none.
/// `+` stands for 200, `-` for 401, other letters for what is there.
const MATRIX: [(&str, &str); 32] = [
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
    // Findings are shown to those who may read the reports, and to no one else.
    ("GET /page/detail/cloud-b/scs-compatible-kaas?findings=show", "--+--+--"),
    ("GET /page/changes/{b}/{b}", "+-+--+--"),
    ("GET /page/changes/{b}/{b}?findings=show", "--+--+--"),
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
    let cases = [("version-policy-check", -1)];
    let of_a = report(1, "cloud-a", KAAS, "2026-11-23 08:00:00", &cases);
    let of_b = report(2, "cloud-b", KAAS, "2026-11-23 08:00:00", &cases);
    assert_eq!(monitor.report_as("cloud-a", &of_a).await.status, StatusCode::OK);
    assert_eq!(monitor.report_as("ci", &of_b).await.status, StatusCode::OK);
    let uuid = |report: &serde_json::Value| report["run"]["uuid"].as_str().unwrap().to_owned();
    let (a, b) = (uuid(&of_a), uuid(&of_b));
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
            let path = path.replace("{a}", &a).replace("{b}", &b);
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
