//! Collection of the answers of a cloud.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod mock;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use mock::{MockCloud, PASSWORD, Reply, Request, TOKEN, options, token, usual};
use scs_openstack::{Clouds, Document, Environment, OpenError, RequestError, Session, collect};
use serde_json::{Value, json};

async fn collected(cloud: &MockCloud) -> Document {
    collect(&cloud.session().await, at()).await
}

fn at() -> jiff::Timestamp {
    "2026-11-24T08:00:00Z".parse().unwrap()
}

fn value(document: Document) -> Value {
    serde_json::from_str(&document.into_json()).unwrap()
}

/// The missing parts, except for those that no user gets.
fn unavailable(document: &Document) -> Vec<(&'static str, String)> {
    document
        .unavailable()
        .filter(|(part, _)| !matches!(*part, "role_list" | "volume_type_encryption"))
        .map(|(part, reason)| (part, reason.to_owned()))
        .collect()
}

#[tokio::test]
async fn every_part_is_kept_as_its_service_wrote_it() {
    let cloud = MockCloud::start(usual).await;
    let document = collected(&cloud).await;
    assert_eq!(unavailable(&document), []);
    assert_eq!(document.notices().count(), 1);
    let value = value(document);
    assert_eq!(value["kind"], "cloud");
    assert_eq!(value["subject"], "mock");
    assert_eq!(value["collected_at"], "2026-11-24T08:00:00Z");
    assert_eq!(value["roles"], json!(["member", "reader"]));
    assert_eq!(value["flavors"][0]["extra_specs"]["scs:cpu-type"], "shared-core");
    assert_eq!(value["services"][0]["extra"], true);
    assert_eq!(value["services"][0]["endpoints"][0]["region_id"], "R");
    assert_eq!(value["quotas"]["quota"]["floatingip"], 50);
    assert_eq!(value["availability_zones"]["volume"]["availabilityZoneInfo"][0]["zoneName"], "nova");
    assert!(value["role_list"]["unavailable"].as_str().unwrap().contains("403"));
    assert!(value["volume_type_encryption"]["unavailable"].as_str().unwrap().contains("administrators"));
    // Older clouds have no rule templates, which is not an error.
    assert!(value.get("default_security_group_rules").is_none());
    assert_eq!(cloud.count("POST", "/identity/v3/auth/tokens"), 1);
}

#[tokio::test]
async fn administrators_are_rejected_unless_allowed() {
    let cloud = MockCloud::start(|request| {
        let base = format!("http://{}", request.header("host").unwrap());
        if request.path.ends_with("/auth/tokens") {
            token(request, &base, &["reader", "manager"])
        } else {
            usual(request)
        }
    })
    .await;
    let error = Session::open(&cloud.config(), &options()).await.unwrap_err();
    assert!(matches!(&error, OpenError::Privileged { role, .. } if role == "manager"), "{error}");
    let session = Session::open(&cloud.config(), &options().as_admin(true)).await.unwrap();
    let value = value(collect(&session, at()).await);
    assert_eq!(value["volume_type_encryption"][0]["volume_type_id"], "t1");
    assert_eq!(value["volume_type_encryption"][0]["provider"], "luks");
}

#[tokio::test]
async fn a_wrong_password_is_reported_but_not_shown() {
    let cloud =
        MockCloud::start(|_| Reply::status(401, &format!("nobody has the password {PASSWORD}"))).await;
    let error = Session::open(&cloud.config(), &options()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "`mock` rejected the credentials: check the user, its domain and its password (nobody has the password …)"
    );
    assert_eq!(cloud.requests().len(), 1, "a refusal is not asked for twice");
}

/// A message is truncated after its secrets are removed, or most of one would remain.
#[tokio::test]
async fn truncating_a_message_leaves_no_part_of_a_secret() {
    for before in (181..200).step_by(3) {
        let cloud = MockCloud::start(move |request| {
            let message = format!("{} {PASSWORD}", "x".repeat(before));
            match request.path.as_str() {
                "/identity/v3/auth/tokens" if before % 2 == 0 => Reply::status(401, &message),
                "/image/v2/images" => Reply::status(400, &message),
                _ => usual(request),
            }
        })
        .await;
        let said = match Session::open(&cloud.config(), &options()).await {
            Ok(session) => unavailable(&collect(&session, at()).await)[0].1.clone(),
            Err(error) => error.to_string(),
        };
        assert!(said.contains("xxx") && !said.contains(&PASSWORD[..4]), "{said}");
    }
}

/// Keystone's response for a missing token is the same as for any missing object.
#[tokio::test]
async fn an_expired_token_is_distinguished_from_a_wrong_url() {
    for (message, expected) in [
        ("Failed to validate token", "the token has expired or was revoked"),
        ("The resource could not be found.", "identity: not found (404)"),
        ("", "identity: not found (404)"),
    ] {
        let cloud = MockCloud::start(move |_| Reply::status(404, message)).await;
        let url = format!("{}/identity/v3", cloud.address);
        let variables = [
            ("OS_AUTH_URL", url.as_str()),
            ("OS_AUTH_TYPE", "v3token"),
            ("OS_TOKEN", TOKEN),
            ("OS_PROJECT_ID", "p1"),
        ];
        let clouds = Clouds::read(&Environment::new("/nowhere", variables)).unwrap();
        let error = Session::open(&clouds.cloud(None, None).unwrap(), &options()).await.unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[tokio::test]
async fn a_temporarily_unavailable_service_is_retried() {
    let times = AtomicUsize::new(0);
    let cloud = MockCloud::start(move |request| match request.path.as_str() {
        "/image/v2/images" if times.fetch_add(1, Ordering::SeqCst) < 2 => Reply::status(503, "busy"),
        _ => usual(request),
    })
    .await;
    let document = collected(&cloud).await;
    assert_eq!(unavailable(&document), []);
    assert_eq!(cloud.count("GET", "/image/v2/images"), 3);
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_respected() {
    let times = AtomicUsize::new(0);
    let cloud = MockCloud::start(move |request| match request.path.as_str() {
        "/network/v2.0/networks" if times.fetch_add(1, Ordering::SeqCst) < 1 => {
            Reply::Answer(429, vec![("retry-after", "7".to_owned())], String::new())
        }
        _ => usual(request),
    })
    .await;
    let session = cloud.session().await;
    let before = tokio::time::Instant::now();
    let document = collect(&session, at()).await;
    assert_eq!(unavailable(&document), []);
    assert!(before.elapsed() >= Duration::from_secs(7));
}

/// Runs a cloud with one broken path, and returns the reasons for missing parts.
async fn broken(
    path: &'static str,
    reply: impl Fn(&Request) -> Reply + Send + Sync + 'static,
) -> Vec<(&'static str, String)> {
    let cloud =
        MockCloud::start(move |request| if request.path == path { reply(request) } else { usual(request) })
            .await;
    let document = collected(&cloud).await;
    let unavailable = unavailable(&document);
    // The document can be written in any case.
    assert_eq!(value(document)["flavors"].is_array(), !path.contains("flavors"));
    unavailable
}

#[track_caller]
fn assert_only(unavailable: &[(&str, String)], part: &str, reason: &str) {
    assert_eq!(unavailable.len(), 1, "{unavailable:?}");
    assert_eq!(unavailable[0].0, part);
    assert!(unavailable[0].1.contains(reason), "{}", unavailable[0].1);
}

#[tokio::test(start_paused = true)]
async fn a_hanging_service_makes_its_part_unavailable() {
    let reasons = broken("/image/v2/images", |_| Reply::Hang).await;
    assert_only(
        &reasons,
        "images",
        "image did not respond within 32 s (GET /v2/images)".replace("/v2", "/image/v2").as_str(),
    );
}

#[tokio::test]
async fn an_html_response_is_an_error() {
    let html =
        |_: &Request| Reply::Answer(200, Vec::new(), "<html><body>maintenance</body></html>".to_owned());
    let reasons = broken("/compute/v2.1/flavors/detail", html).await;
    assert_only(&reasons, "flavors", "an HTML or XML page instead of a list of flavors");
}

#[tokio::test]
async fn truncated_json_is_an_error() {
    let short = |_: &Request| Reply::Answer(200, Vec::new(), r#"{"subnets": [{"id": "#.to_owned());
    let reasons = broken("/network/v2.0/subnets", short).await;
    assert_only(&reasons, "subnets", "ends prematurely after 20 bytes");
}

#[tokio::test]
async fn a_broken_connection_is_retried() {
    let cut = |_: &Request| Reply::Cut(r#"{"volume_types": []}"#.to_owned(), 7);
    let reasons = broken("/volume/v3/p1/types", cut).await;
    assert_only(&reasons, "volume_types", "ends prematurely after 7 bytes");
    let reasons = broken("/volume/v3/p1/types", |_| Reply::Close).await;
    assert_only(&reasons, "volume_types", "cannot reach");
}

#[tokio::test]
async fn denials_quote_the_service() {
    for (status, expected) in [
        (401, "rejected the token (401)"),
        (403, "denied the request (403): by policy"),
        (404, "not found (404): by policy"),
        (409, "returned status 409: by policy"),
    ] {
        let reasons = broken("/network/v2.0/quotas/p1", move |_| Reply::status(status, "by policy")).await;
        assert_only(&reasons, "quotas", expected);
    }
}

#[tokio::test]
async fn unexpected_json_is_an_error() {
    let reasons = broken("/network/v2.0/extensions", |_| Reply::json(&json!({"extension": []}))).await;
    assert_only(&reasons, "extensions", "unexpected JSON");
}

#[tokio::test]
async fn parts_of_a_service_missing_from_the_catalog_are_unavailable() {
    let cloud = MockCloud::start(|request| match usual(request) {
        Reply::Answer(status, headers, body) if request.path.ends_with("/auth/tokens") => {
            Reply::Answer(status, headers, body.replace("\"network\"", "\"other\""))
        }
        reply => reply,
    })
    .await;
    let document = collected(&cloud).await;
    let reasons = unavailable(&document);
    let parts: Vec<&str> = reasons.iter().map(|(part, _)| *part).collect();
    assert_eq!(
        parts,
        ["default_security_group_rules", "networks", "subnets", "subnet_pools", "extensions", "quotas"]
    );
    assert_eq!(reasons[0].1, "the catalog has no public endpoint of type network");
}

#[tokio::test]
async fn an_expired_token_is_renewed_once_and_not_shown() {
    const RENEWED: &str = "planted-renewed-Wq9";
    let tokens = AtomicUsize::new(0);
    let cloud = MockCloud::start(move |request| match request.path.as_str() {
        // It accepts the second token, and echoes it.
        "/image/v2/images" => match request.header("x-auth-token") {
            Some(token @ RENEWED) => Reply::json(&json!({"images": [{"id": "i1", "name": token}]})),
            _ => Reply::status(401, "expired"),
        },
        "/identity/v3/auth/tokens" if tokens.fetch_add(1, Ordering::SeqCst) > 0 => match usual(request) {
            Reply::Answer(status, _, body) => {
                Reply::Answer(status, vec![("x-subject-token", RENEWED.to_owned())], body)
            }
            reply => reply,
        },
        _ => usual(request),
    })
    .await;
    let document = collected(&cloud).await;
    assert_eq!(unavailable(&document), []);
    assert_eq!(cloud.count("POST", "/identity/v3/auth/tokens"), 2);
    assert_eq!(value(document)["images"], json!([{"id": "i1", "name": "…"}]));
}

#[tokio::test]
async fn an_old_nova_is_queried_flavor_by_flavor() {
    let cloud = MockCloud::start(|request| match request.path.as_str() {
        "/compute/v2.1/flavors/detail" if request.header("openstack-api-version").is_some() => Reply::status(
            406,
            "Version 2.61 is not supported by the API. Minimum is 2.1 and maximum is 2.53.",
        ),
        "/compute/v2.1/flavors/detail" => Reply::json(&json!({"flavors": [{"id": "f1"}, {"id": "f2"}]})),
        "/compute/v2.1/flavors/f1/os-extra_specs" => Reply::json(&json!({"extra_specs": {"a": "1"}})),
        "/compute/v2.1/flavors/f2/os-extra_specs" => Reply::json(&json!({"extra_specs": {}})),
        _ => usual(request),
    })
    .await;
    let document = collected(&cloud).await;
    assert_eq!(unavailable(&document), []);
    assert_eq!(
        value(document)["flavors"],
        json!([{"id": "f1", "extra_specs": {"a": "1"}}, {"id": "f2", "extra_specs": {}}])
    );
}

#[tokio::test]
async fn pages_are_followed_by_link_or_marker_and_never_in_a_circle() {
    let cloud = MockCloud::start(|request| match (request.path.as_str(), request.parameter("marker")) {
        // A link with an internal host.
        ("/network/v2.0/networks", None) => Reply::json(&json!({
            "networks": [{"id": "1"}],
            "networks_links": [{"rel": "next", "href": "http://10.0.0.1/v2.0/networks?limit=1000&marker=1"}],
        })),
        ("/network/v2.0/networks", Some("1")) => Reply::json(&json!({"networks": [{"id": "2"}]})),
        ("/network/v2.0/subnets", _) => Reply::json(&json!({
            "subnets": [{"id": "1"}],
            "subnets_links": [{"rel": "next", "href": "http://10.0.0.1/v2.0/subnets?marker=1"}],
        })),
        _ => usual(request),
    })
    .await;
    let document = collected(&cloud).await;
    let reasons = unavailable(&document);
    assert_only(&reasons, "subnets", "one seen before instead of the next page");
    assert_eq!(value(document)["networks"], json!([{"id": "1"}, {"id": "2"}]));
    // Without links, the marker is used; a service without marker support returns the first page again.
    let cloud = MockCloud::start(|request| match (request.path.as_str(), request.parameter("marker")) {
        ("/volume/v3/p1/types", None) => Reply::json(&json!({"volume_types": [{"id": "a"}, {"id": "b"}]})),
        ("/volume/v3/p1/types", Some("b")) => Reply::json(&json!({"volume_types": [{"id": "c"}]})),
        ("/network/v2.0/networks", _) => Reply::json(&json!({"networks": [{"id": "a"}, {"id": "b"}]})),
        _ => usual(request),
    })
    .await;
    let mut options = options();
    options.page = 2;
    let session = Session::open(&cloud.config(), &options).await.unwrap();
    let value = value(collect(&session, at()).await);
    assert_eq!(value["volume_types"], json!([{"id": "a"}, {"id": "b"}, {"id": "c"}]));
    assert_eq!(value["networks"], json!([{"id": "a"}, {"id": "b"}]));
}

#[tokio::test]
async fn no_secret_is_in_any_output() {
    // Services that echo requests in responses and errors.
    let cloud = MockCloud::start(|request| match request.path.as_str() {
        "/network/v2.0/networks" => Reply::json(&json!({"networks": [{"id": TOKEN, "name": PASSWORD}]})),
        "/network/v2.0/subnets" => Reply::status(400, &format!("bad token {TOKEN} of {PASSWORD}")),
        "/network/v2.0/quotas/p1" => Reply::json(&json!({"quota": {"note": TOKEN}})),
        "/image/v2/images" => Reply::json(&json!({"images": [
            {"id": "i1", "direct_url": "swift+https://user:planted-backend-key@host/i1", "locations": [{"url": "rbd://planted-backend-key"}]},
        ]})),
        _ => usual(request),
    })
    .await;
    let session = cloud.session().await;
    let document = collect(&session, at()).await;
    let outputs = [
        format!("{session:?} {:?} {document:?}", cloud.config()),
        document.notices().collect::<String>(),
        document.unavailable().map(|(_, reason)| reason).collect::<String>(),
        document.into_json(),
    ];
    for output in outputs {
        for secret in [PASSWORD, TOKEN, "planted-backend-key"] {
            assert!(!output.contains(secret), "{secret} in {output}");
        }
    }
    // It was sent, though.
    assert!(cloud.requests().iter().any(|request| request.header("x-auth-token") == Some(TOKEN)));
}

#[tokio::test]
async fn a_token_does_not_follow_to_another_server() {
    let other = MockCloud::start(usual).await;
    let target = format!("{}/network/v2.0/networks", other.address);
    let cloud = MockCloud::start(move |request| match request.path.as_str() {
        "/network/v2.0/networks" => Reply::Answer(302, vec![("location", target.clone())], String::new()),
        _ => usual(request),
    })
    .await;
    let document = collected(&cloud).await;
    let expected = format!(
        "network returned status 302, a redirect to `{}/network/v2.0/networks`, which is not followed; the catalog should have the final URL",
        other.address
    );
    assert_only(&unavailable(&document), "networks", &expected);
    assert_eq!(other.requests().len(), 0);
}

#[tokio::test]
async fn a_redirect_of_keystone_is_reported_with_its_target() {
    let cloud = MockCloud::start(|_| {
        let location = format!("https://keystone.example/{PASSWORD}/");
        Reply::Answer(301, vec![("location", location)], "<html>moved</html>".to_owned())
    })
    .await;
    let error = Session::open(&cloud.config(), &options()).await.unwrap_err().to_string();
    assert!(error.contains("status 301, a redirect to `https://keystone.example/…/`"), "{error}");
    assert!(error.contains("set `auth_url` to the final URL"), "{error}");
}

#[tokio::test]
async fn a_dropped_future_cancels_its_requests() {
    let cloud = MockCloud::start(|request| match request.path.as_str() {
        "/image/v2/images" => Reply::Hang,
        _ => usual(request),
    })
    .await;
    let session = cloud.session().await;
    tokio::select! {
        _ = collect(&session, at()) => panic!("images hang"),
        () = async { while cloud.count("GET", "/image/v2/images") == 0 { tokio::task::yield_now().await; } } => {}
    }
    // The session is usable again.
    assert_eq!(session.roles(), ["member", "reader"]);
}

#[tokio::test]
async fn a_server_without_tokens_is_not_keystone() {
    let unscoped =
        Reply::Answer(201, vec![("x-subject-token", "t".to_owned())], json!({"token": {}}).to_string());
    let cloud = MockCloud::start(move |_| unscoped.clone()).await;
    let error = Session::open(&cloud.config(), &options()).await.unwrap_err();
    assert!(matches!(error, OpenError::NoProject { .. }), "{error}");
    let cloud = MockCloud::start(|_| Reply::json(&json!({"token": {}}))).await;
    let error = Session::open(&cloud.config(), &options()).await.unwrap_err();
    assert!(matches!(error, OpenError::NoToken { .. }), "{error}");
    let cloud = MockCloud::start(|_| {
        Reply::Answer(200, vec![("x-subject-token", "t".to_owned())], "<html>".to_owned())
    })
    .await;
    let error = Session::open(&cloud.config(), &options()).await.unwrap_err();
    assert!(matches!(error, OpenError::Request(RequestError::Unexpected { .. })), "{error}");
}
