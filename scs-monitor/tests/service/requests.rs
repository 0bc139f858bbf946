//! Requests that are not quite right have the answers of the official monitor.

use axum::body::Body;
use axum::http::header::{ACCEPT, ALLOW, AUTHORIZATION, LOCATION, WWW_AUTHENTICATE};
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};

use crate::support::{Database, Monitor, on_both};

on_both!(
    parameters_are_checked_as_by_the_official_monitor,
    paths_and_methods_are_those_of_the_official_monitor,
    credentials_are_read_as_by_the_official_monitor,
    characters_that_postgresql_cannot_store_are_rejected,
);

fn integer(name: &str, input: &str) -> Value {
    let message = "Input should be a valid integer, unable to parse string as an integer";
    json!({"type": "int_parsing", "loc": ["query", name], "msg": message, "input": input})
}

async fn parameters_are_checked_as_by_the_official_monitor(database: Database) {
    let monitor = Monitor::on(&database).await;
    for (path, detail) in [
        ("/reports?limit=x", json!([integer("limit", "x")])),
        ("/reports?skip=1.5&limit=", json!([integer("limit", ""), integer("skip", "1.5")])),
        // Before the role is looked at.
        ("/reports?subject=cloud-a&limit=x", json!([integer("limit", "x")])),
        (
            "/results?skip=x&approved=none",
            json!([
                {
                    "type": "bool_parsing", "loc": ["query", "approved"], "input": "none",
                    "msg": "Input should be a valid boolean, unable to interpret input",
                },
                integer("skip", "x"),
            ]),
        ),
        (
            "/foo/report_full/x",
            json!([{
                "type": "enum", "loc": ["path", "view_type"], "input": "foo",
                "msg": "Input should be 'markdown', 'page' or 'fragment'",
                "ctx": {"expected": "'markdown', 'page' or 'fragment'"},
            }]),
        ),
        (
            "/reports?limit=-1",
            json!([{
                "type": "greater_than_equal", "loc": ["query", "limit"], "input": "-1",
                "msg": "Input should be greater than or equal to 0", "ctx": {"ge": 0},
            }]),
        ),
    ] {
        let answer = monitor.get_as("cloud-b", path).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert_eq!(answer.json(), json!({"detail": detail}), "{path}");
    }
    for path in ["/reports?limit=%2B1", "/reports?limit=1.0&skip=007", "/reports?limit=x&limit=1&other=y"] {
        assert_eq!(monitor.get_as("cloud-b", path).await.status, StatusCode::OK, "{path}");
    }
    // Credentials come first.
    assert_eq!(monitor.get("/foo/report_full/x").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(monitor.get("/reports?limit=x").await.status, StatusCode::UNAUTHORIZED);
}

async fn paths_and_methods_are_those_of_the_official_monitor(database: Database) {
    let monitor = Monitor::on(&database).await;
    for (path, location) in [
        ("/", "/page/table"),
        ("/reports/", "/reports"),
        ("/page/table/?a=b", "/page/table?a=b"),
        ("/page/detail/a%2Fb/c/", "/page/detail/a%2Fb/c"),
    ] {
        let answer = monitor.get(path).await;
        assert_eq!(answer.status, StatusCode::TEMPORARY_REDIRECT, "{path}");
        assert_eq!(answer.headers[LOCATION], location);
    }
    // An address without a host must not become one with a host.
    for path in ["/nope", "/nope/", "/page/", "/page/report/", "//report/x/", "//example.com/table/"] {
        let answer = monitor.get(path).await;
        assert_eq!(
            (answer.status, answer.text.as_str()),
            (StatusCode::NOT_FOUND, r#"{"detail":"Not Found"}"#),
            "{path}"
        );
    }
    let send =
        |method: Method, path: &str| Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
    let answer = monitor.send(send(Method::PUT, "/reports")).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.text, r#"{"detail":"Method Not Allowed"}"#);
    assert!(answer.headers[ALLOW].to_str().unwrap().contains("POST"));
    let answer = monitor.send(send(Method::HEAD, "/page/table")).await;
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, ""));
    for (accept, status) in
        [("text/html", 406), ("application/*", 406), ("application/json;q=0", 200), ("*/*", 200)]
    {
        let request = Request::get("/status").header(ACCEPT, accept).body(Body::empty()).unwrap();
        assert_eq!(monitor.send(request).await.status.as_u16(), status, "{accept}");
    }
}

async fn credentials_are_read_as_by_the_official_monitor(database: Database) {
    let monitor = Monitor::on(&database).await;
    for (value, detail) in [
        ("", "Not authenticated"),
        ("Bearer x", "Not authenticated"),
        ("Basic", "Invalid authentication credentials"),
        ("Basic YQ", "Invalid authentication credentials"),
        ("Basic YQ==", "Invalid authentication credentials"),
        ("basic Y2xvdWQtYTp4", "Incorrect username or password"),
        ("BASIC  bm9ib2R5Ong=", "Incorrect username or password"),
    ] {
        let get = |path: &str| Request::get(path).header(AUTHORIZATION, value).body(Body::empty()).unwrap();
        let answer = monitor.send(get("/reports")).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{value}");
        assert_eq!(answer.json(), json!({"detail": detail}), "{value}");
        assert!(answer.headers[WWW_AUTHENTICATE].to_str().unwrap().starts_with("Basic realm="), "{value}");
        let is_readable = !detail.starts_with("Invalid");
        assert_eq!(monitor.send(get("/healthz")).await.status.is_success(), is_readable, "{value}");
    }
    let denied = monitor.get_as("cloud-a", "/results").await;
    assert_eq!(denied.status, StatusCode::UNAUTHORIZED);
    assert_eq!(denied.json(), json!({"detail": "Permission denied"}));
    assert!(!denied.headers.contains_key(WWW_AUTHENTICATE));
}

async fn characters_that_postgresql_cannot_store_are_rejected(database: Database) {
    let monitor = Monitor::on(&database).await;
    for (path, status) in [
        ("/reports/a%00", 404),
        ("/page/report_full/%00", 404),
        ("/reports?subject=%00", 422),
        ("/status?subject=%00", 200),
        ("/page/detail/%00/scs-compatible-iaas", 404),
        ("/reports/%00/findings", 404),
        ("/reports/%00/changes/x", 404),
        ("/reports/x/changes/%00", 404),
        ("/page/changes/x/%00", 404),
        ("/certificates?scope=%00", 404),
        ("/feed.atom?subject=%00", 200),
        ("/page/detail/a/%00", 404),
        ("/page/detail//scs-compatible-iaas", 404),
        ("/reports/%FF", 400),
    ] {
        assert_eq!(monitor.get_as("reader", path).await.status.as_u16(), status, "{path}");
    }
    let acknowledged = monitor.post_as("admin", "/notifications/%00/ack", "text/plain", String::new()).await;
    assert_eq!(acknowledged.status, StatusCode::NOT_FOUND);
    let mut report =
        crate::support::report(1, "cloud-a", crate::support::KAAS, "2026-11-23 08:00:00", &[("a\0", 1)]);
    assert_eq!(monitor.report_as("cloud-a", &report).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    report["run"]["invocations"]["one"]["results"] = json!({});
    report["run"]["argv"] = json!(["\0"]);
    assert_eq!(monitor.report_as("cloud-a", &report).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let approval =
        json!([{"reportuuid": "\0", "scopeuuid": "", "version": "*", "check": "", "approval": true}]);
    let answer = monitor.post_as("approver", "/results", "application/json", approval.to_string()).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn errors_of_every_endpoint_are_json() {
    let monitor = Monitor::start().await;
    for path in [
        "/badge/%FF/x.svg",
        "/history/%FF/x",
        "/certificates/%FF/x",
        "/metrics/%FF",
        "/reports/%FF/findings",
        "/reports/x/changes/%FF",
        "/assets/%FF/x",
    ] {
        let answer = monitor.get_as("reader", path).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
        assert!(answer.json()["detail"].is_string(), "{path}");
    }
    let large = "x".repeat(17 << 20);
    for (account, path, kind) in
        [("cloud-a", "/reports", "application/x-signed-json"), ("approver", "/results", "application/json")]
    {
        let answer = monitor.post_as(account, path, kind, large.clone()).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}");
        assert!(answer.json()["detail"].is_string(), "{path}");
    }
    // The values of an approval without their names are not an approval.
    let list = json!([["x", "x", "*", "x", true]]).to_string();
    let answer = monitor.post_as("approver", "/results", "application/json", list).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn of_a_repeated_parameter_the_last_one_counts() {
    let monitor = Monitor::start().await;
    for path in ["/calendar.ics", "/feed.atom", "/certificates", "/page/certificates"] {
        let last_is_known = monitor.get(&format!("{path}?scope=none&scope=scs-compatible-kaas")).await;
        assert_eq!(last_is_known.status, StatusCode::OK, "{path}");
        let last_is_unknown = monitor.get(&format!("{path}?scope=scs-compatible-kaas&scope=none")).await;
        assert_eq!(last_is_unknown.status, StatusCode::NOT_FOUND, "{path}");
    }
}
