//! Sessions: authentication, retries, deadlines, and servers that are not API servers.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod answers;
mod connecting;

#[path = "../mock/mod.rs"]
mod mock;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mock::replay::{Replay, SKIPPED};
use mock::tls::Authority;
use mock::{MockServer, Reply, Request, TOKEN, configured, configured_with, open, review, usual, version};
use scs_kubernetes::{OpenError, Overrides, Secret, Session};
use serde_json::json;

const REVIEW: &str = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

/// A server that answers `/version` by `reply` and everything else as usual.
async fn with_version(reply: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> MockServer {
    MockServer::start(move |request| if request.path == "/version" { reply(request) } else { usual(request) })
        .await
}

async fn message(server: &MockServer) -> String {
    failure(open(&server.config()).await).replace(&server.address, "SERVER")
}

fn failure(result: Result<Session, OpenError>) -> String {
    let error = result.unwrap_err();
    let text = error.to_string();
    assert!(!format!("{text} {error:?}").contains(TOKEN), "{text} {error:?}");
    text
}

#[tokio::test]
async fn a_session_knows_server_user_and_version() {
    let server = MockServer::start(usual).await;
    let session = server.session().await;
    assert_eq!(session.user().unwrap().groups, ["system:authenticated"]);
    assert_eq!(
        session.origin(),
        json!({"server": server.address, "context": "mock", "user": "me@example.org"})
    );
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert!(requests[0].is("GET", "/version") && requests[1].is("POST", REVIEW));
    for request in &requests {
        assert_eq!(request.header("authorization"), Some(format!("Bearer {TOKEN}").as_str()));
        assert_eq!(request.header("accept"), Some("application/json"));
        assert_eq!(request.header("accept-encoding"), Some("gzip"));
    }
    assert_eq!(requests[1].json()["kind"], "SelfSubjectReview");
    // One connection is enough.
    assert_eq!(server.connections(), 1);
    assert!(!format!("{session:?}").contains(TOKEN));
}

#[tokio::test]
async fn recorded_servers_are_understood() {
    for (cluster, user, name) in [
        ("good", "reader", "system:serviceaccount:kube-system:scs-check"),
        ("broken", "reader", "system:serviceaccount:kube-system:scs-check"),
        ("good", "admin", ""),
    ] {
        let Some(replay) = Replay::read(cluster, user) else { return println!("{SKIPPED}") };
        let server = MockServer::start(move |request| replay.answer(request)).await;
        let keys = if user == "admin" { json!({}) } else { json!({"token": Replay::token(user)}) };
        let session = open(&server.configured(&json!({}), &keys)).await.unwrap();
        let found = &session.user().unwrap().username;
        assert!(if name.is_empty() { !found.is_empty() } else { found == name }, "{found}");
    }
}

#[tokio::test]
async fn recorded_refusals_end_the_session() {
    let Some(replay) = Replay::read("good", "reader") else { return println!("{SKIPPED}") };
    let server = MockServer::start(move |request| replay.answer(request)).await;
    for user in ["expired", "badtoken"] {
        let keys = json!({"token": Replay::token(user)});
        let error = open(&server.configured(&json!({}), &keys)).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "the API server rejected the credentials (401: Unauthorized); the token of the user `me` may have expired or been revoked"
        );
    }
    let error = open(&server.configured(&json!({}), &json!({}))).await.unwrap_err();
    assert!(matches!(error, OpenError::Anonymous { .. }), "{error}");
}

fn jwt(expires: i64) -> String {
    let claims = URL_SAFE_NO_PAD.encode(json!({"exp": expires}).to_string());
    format!("e30.{claims}.c2ln")
}

#[tokio::test]
async fn rejected_credentials_are_explained() {
    let server = MockServer::start(|_| Reply::unauthorized()).await;
    let client = |year| Authority::new().client(year).keys();
    for (user, expected) in [
        (json!({"token": jwt(1_795_000_000)}), "the token of the user `me` expired at 2026-11-18 11:06 UTC"),
        (json!({"token": jwt(1_900_000_000)}), "the token of the user `me` may have expired or been revoked"),
        (json!({"token": "opaque"}), "the token of the user `me` may have expired or been revoked"),
        (client(2026), "the client certificate of the user `me` expired at 2026-01-01 00:00 UTC"),
        (
            client(2040),
            "the client certificate of the user `me` may have expired, or another authority issued it",
        ),
        (
            json!({"username": "u", "password": TOKEN}),
            "the user `me` has a password, which API servers no longer accept; use a token or a certificate",
        ),
        (json!({}), "the user `me` has no credentials"),
    ] {
        let error = open(&server.configured(&json!({}), &user)).await.unwrap_err();
        assert!(matches!(error, OpenError::NotAuthenticated { .. }));
        assert_eq!(
            error.to_string(),
            format!("the API server rejected the credentials (401: Unauthorized); {expected}")
        );
    }
    // Rejected credentials are not sent again.
    assert_eq!(server.requests().len(), 7);
}

/// A given token is not that of the user in the file, whose certificate is not used.
#[tokio::test]
async fn given_credentials_are_those_of_nobody_in_the_file() {
    let server = MockServer::start(|_| Reply::unauthorized()).await;
    let mut overrides = Overrides::default();
    overrides.token = Some(Secret::from("opaque"));
    let user = Authority::new().client(2026).keys();
    let config = configured_with(&server.address, &json!({}), &user, &[], &overrides);
    assert_eq!(config.user(), None);
    let error = open(&config).await.unwrap_err().to_string();
    assert!(error.ends_with("; the given token may have expired or been revoked"), "{error}");
    assert_eq!(server.requests()[0].header("authorization"), Some("Bearer opaque"));
}

#[tokio::test]
async fn anonymous_users_are_refused() {
    let server = MockServer::start(usual).await;
    let error = open(&server.configured(&json!({}), &json!({}))).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the request was anonymous (`system:anonymous`): no credentials reached the API server; the user `me` has no credentials"
    );
    // One that lets everyone ask, and one that hides the version.
    for (version_status, user, group) in [
        (200, "system:anonymous", "system:unauthenticated"),
        (200, "guest", "system:unauthenticated"),
        (403, "system:anonymous", "x"),
    ] {
        let server = MockServer::start(move |request| match request.path.as_str() {
            "/version" if version_status == 200 => Reply::json(&version()),
            "/version" => Reply::status(403, "Forbidden", "forbidden"),
            _ => review(user, &[group]),
        })
        .await;
        let error = open(&server.config()).await.unwrap_err();
        assert!(matches!(error, OpenError::Anonymous { .. }), "{error}");
    }
}

#[tokio::test]
async fn old_servers_do_not_tell_the_user() {
    for reply in [
        Reply::text(404, "404 page not found\n"),
        Reply::status(
            403,
            "Forbidden",
            "selfsubjectreviews.authentication.k8s.io is forbidden: User \"me\" cannot create resource",
        ),
        Reply::status(
            405,
            "MethodNotAllowed",
            "the server does not allow this method on the requested resource",
        ),
    ] {
        let server = MockServer::start(
            move |request| if request.method == "POST" { reply.clone() } else { usual(request) },
        )
        .await;
        let session = server.session().await;
        assert_eq!(session.user(), None);
        assert_eq!(session.origin()["user"], "me");
    }
    let beta = REVIEW.replace("/v1/", "/v1beta1/");
    let server = MockServer::start(move |request| {
        if request.path == beta {
            review("me", &[])
        } else if request.path == REVIEW {
            Reply::text(404, "404 page not found\n")
        } else {
            usual(request)
        }
    })
    .await;
    assert_eq!(server.session().await.user().unwrap().username, "me");
}

#[tokio::test]
async fn a_hidden_version_does_not_end_the_session() {
    let server = with_version(|_| {
        Reply::status(403, "Forbidden", "forbidden: User \"me\" cannot get path \"/version\"")
    })
    .await;
    assert_eq!(server.session().await.user().unwrap().username, "me@example.org");
}

#[tokio::test]
async fn other_servers_are_not_taken_for_kubernetes() {
    for (reply, expected) in [
        (Reply::html(200), "SERVER returned an HTML page"),
        (Reply::html(302).header("location", "https://login.example"), "SERVER returned a redirect (302)"),
        (Reply::text(404, "default backend - 404"), "SERVER returned not found (404: default backend - 404)"),
        (Reply::json(&json!({"version": {"version": "3.0"}})), "SERVER returned JSON without `gitVersion`"),
        (Reply::json(&json!([1])), "SERVER returned JSON without `gitVersion`"),
        (Reply::text(200, "ok"), "SERVER returned text: ok"),
        (Reply::text(200, ""), "SERVER returned an empty response"),
    ] {
        let shown = reply.clone();
        let server = with_version(move |_| reply.clone()).await;
        assert_eq!(
            message(&server).await,
            format!(
                "{expected} instead of the version of an API server (GET /version); is this the URL of Kubernetes?"
            ),
            "{shown:?}"
        );
        assert_eq!(server.requests().len(), 1);
    }
    for (reply, expected) in [
        (Reply::html(502), "the API server returned status 502: an HTML page (GET /version)"),
        (Reply::html(403), "the API server returned status 403: an HTML page (GET /version)"),
        (
            Reply::status(500, "InternalError", "etcdserver: request timed out"),
            "the API server returned status 500: etcdserver: request timed out (GET /version)",
        ),
    ] {
        let server = with_version(move |_| reply.clone()).await;
        assert_eq!(message(&server).await, expected);
    }
}

#[tokio::test]
async fn repeated_credentials_are_not_shown() {
    for reply in [
        Reply::status(500, "InternalError", &format!("bad token {TOKEN}")),
        Reply::text(404, &format!("no {TOKEN}")),
        Reply::text(200, &format!("you sent {TOKEN}")),
        Reply::status(401, "Unauthorized", &format!("invalid: {TOKEN}")),
    ] {
        let server = with_version(move |_| reply.clone()).await;
        let text = message(&server).await;
        assert!(text.contains('…'), "{text}");
    }
}

#[tokio::test]
async fn impersonation_is_sent() {
    let server = MockServer::start(usual).await;
    let user = json!({
        "token": TOKEN, "as": "jane", "as-uid": "7", "as-groups": ["a", "b"],
        "as-user-extra": {"Scopes/x": ["view"]},
    });
    open(&server.configured(&json!({}), &user)).await.unwrap();
    for request in server.requests() {
        assert_eq!(request.header("impersonate-user"), Some("jane"));
        assert_eq!(request.header("impersonate-uid"), Some("7"));
        assert_eq!(request.all("impersonate-group"), ["a", "b"]);
        assert_eq!(request.header("impersonate-extra-scopes%2fx"), Some("view"));
    }
    let words = "users \"jane\" is forbidden: User \"me\" cannot impersonate resource \"users\" in API group \"\" at the cluster scope";
    let server = MockServer::start(move |_| Reply::status(403, "Forbidden", words)).await;
    assert_eq!(failure(open(&server.configured(&json!({}), &user)).await), format!("denied (403): {words}"));
}

#[tokio::test]
async fn servers_may_have_a_path() {
    let server = MockServer::start(|request| {
        let mut request = request.clone();
        let Some(path) = request.path.strip_prefix("/k8s/clusters/c-m-1") else {
            return Reply::text(404, "no");
        };
        request.path = path.to_owned();
        usual(&request)
    })
    .await;
    for suffix in ["/k8s/clusters/c-m-1", "/k8s/clusters/c-m-1/"] {
        let config = configured(&format!("{}{suffix}", server.address), &json!({}), &json!({"token": TOKEN}));
        open(&config).await.unwrap();
    }
}
