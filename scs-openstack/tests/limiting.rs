//! Clouds with unlimited responses.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod mock;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use mock::{MockCloud, Reply, Request, options, usual};
use scs_openstack::{Document, Limits, OpenError, Options, Session, cleanup, collect};
use serde_json::{Value, json};

async fn collected(cloud: &MockCloud, limit: impl FnOnce(&mut Options)) -> Document {
    let mut options = options();
    limit(&mut options);
    let session = Session::open(&cloud.config(), &options).await.unwrap();
    collect(&session, "2026-11-24T08:00:00Z".parse().unwrap()).await
}

/// The reason why the images are unavailable.
fn reason(document: &Document) -> &str {
    document.unavailable().find(|(part, _)| *part == "images").unwrap().1
}

/// A cloud whose image list is returned by `page` for the number of the request.
async fn with_images(page: impl Fn(usize) -> Value + Send + Sync + 'static) -> MockCloud {
    let asked = AtomicUsize::new(0);
    MockCloud::start(move |request: &Request| {
        if request.is("GET", "/image/v2/images") {
            return Reply::json(&page(asked.fetch_add(1, Ordering::Relaxed)));
        }
        usual(request)
    })
    .await
}

fn image(number: usize) -> Value {
    json!({"id": format!("i{number}"), "name": "x"})
}

#[tokio::test]
async fn endless_pages_are_stopped() {
    // With links, to full pages and to empty ones.
    for entries in [vec![image(1)], Vec::new()] {
        let cloud =
            with_images(move |n| json!({"images": entries, "next": format!("/v2/images?marker=m{n}")})).await;
        let document = collected(&cloud, |options| options.limits.list_pages = 20).await;
        assert_eq!(
            reason(&document),
            "image was cut off: more than 20 pages (GET /images?member_status=all)"
        );
        assert_eq!(cloud.count("GET", "/image/v2/images"), 21);
        // The others are complete.
        assert!(document.unavailable().all(|(part, _)| part != "flavors" && part != "networks"));
    }
    // Without links, by the markers of full pages.
    let cloud = with_images(|n| json!({"images": [image(2 * n), image(2 * n + 1)]})).await;
    let document = collected(&cloud, |options| {
        options.page = 2;
        options.limits.list_entries = 10;
    })
    .await;
    assert_eq!(reason(&document), "image was cut off: more than 10 entries (GET /images?member_status=all)");
    assert_eq!(cloud.count("GET", "/image/v2/images"), 6);
}

#[tokio::test]
async fn large_responses_and_lists_are_truncated() {
    let text = "x".repeat(100_000);
    let cloud = with_images(move |n| {
        json!({"images": [{"id": n.to_string(), "name": text}], "next": format!("/v2/images?marker=m{n}")})
    })
    .await;
    let document = collected(&cloud, |options| options.limits.answer_bytes = 50_000).await;
    assert!(reason(&document).contains("a response of more than 50000 bytes"), "{}", reason(&document));
    let document = collected(&cloud, |options| options.limits.list_bytes = 1 << 20).await;
    assert!(reason(&document).contains("a list of more than 1 MiB"), "{}", reason(&document));
    assert!(cloud.count("GET", "/image/v2/images") < 20);
    // Links are ids, not megabytes.
    let long = "m".repeat(100_000);
    let cloud =
        with_images(move |_| json!({"images": [], "next": format!("/v2/images?marker={long}")})).await;
    let document = collected(&cloud, |_| {}).await;
    assert!(reason(&document).contains("the URL of the next page"), "{}", reason(&document));
}

#[tokio::test]
async fn a_run_has_limits_over_all_its_lists() {
    let text = "x".repeat(100_000);
    let endless = move |request: &Request| {
        let key = request.path.rsplit('/').next().unwrap_or_default().to_owned();
        if request.method == "GET" && ["images", "networks", "subnets", "subnetpools"].contains(&key.as_str())
        {
            let marker = fastrand::u64(..);
            let (link, value) = match key.as_str() {
                "images" => ("next".to_owned(), json!(format!("/v2/images?marker={marker}"))),
                key => (
                    format!("{key}_links"),
                    json!([{"rel": "next", "href": format!("http://x/?marker={marker}")}]),
                ),
            };
            return Reply::json(&json!({key: [{"id": "a", "name": text}], link: value}));
        }
        usual(request)
    };
    let cloud = MockCloud::start(endless).await;
    let document = collected(&cloud, |options| options.limits.run_bytes = 3_000_000).await;
    assert!(
        reason(&document).contains("more than 2 MiB of responses for an inventory"),
        "{}",
        reason(&document)
    );
    // At most twelve may be in transit when the limit is reached.
    assert!(cloud.requests().len() < 30 + 20, "{}", cloud.requests().len());
    let document = collected(&cloud, |options| options.limits.run_requests = 40).await;
    assert!(reason(&document).contains("more than 40 requests for an inventory"), "{}", reason(&document));
    let document = collected(&cloud, |options| {
        options.limits.run_time = Duration::from_millis(300);
        options.limits.list_pages = usize::MAX;
        options.limits.list_bytes = usize::MAX;
        options.limits.run_bytes = usize::MAX;
    })
    .await;
    assert!(reason(&document).contains("not complete within 0.3 s"), "{}", reason(&document));
}

#[tokio::test]
async fn limits_do_not_apply_to_cleanup() {
    let cloud = MockCloud::start(|request: &Request| match request.path.as_str() {
        "/compute/v2.1/servers/detail" => Reply::json(&json!({"servers": []})),
        "/network/v2.0/networks" => {
            Reply::json(&json!({"networks": [{"id": "n", "name": "x".repeat(10_000)}]}))
        }
        _ => usual(request),
    })
    .await;
    let mut options = options();
    options.limits.run_bytes = 1;
    options.limits.run_requests = 1;
    let session = Session::open(&cloud.config(), &options).await.unwrap();
    let now = "2026-11-24T08:00:00Z".parse().unwrap();
    let _ = collect(&session, now).await;
    let report = cleanup(&session, Duration::ZERO, now).await;
    let cut: Vec<String> = report
        .problems
        .iter()
        .map(ToString::to_string)
        .filter(|problem| problem.contains("cut off"))
        .collect();
    assert_eq!(cut, Vec::<String>::new());
}

#[tokio::test]
async fn a_long_retry_after_is_not_awaited() {
    for (after, requests) in [("999999999", 1), ("Fri, 31 Dec 2100 23:59:59 GMT", 1), ("0", 4)] {
        let cloud = MockCloud::start(move |request: &Request| match request.path.as_str() {
            "/image/v2/images" => Reply::Answer(503, vec![("retry-after", after.to_owned())], String::new()),
            _ => usual(request),
        })
        .await;
        let document = collected(&cloud, |_| {}).await;
        assert!(reason(&document).contains("503"), "{}", reason(&document));
        assert_eq!(cloud.count("GET", "/image/v2/images"), requests, "{after}");
    }
}

#[tokio::test]
async fn a_region_missing_from_the_catalog_is_reported_once() {
    let cloud = MockCloud::start(usual).await;
    assert!(Session::open(&cloud.configured("region_name: R"), &options()).await.is_ok());
    let error = Session::open(&cloud.configured("region_name: prod2"), &options()).await.unwrap_err();
    assert!(matches!(error, OpenError::UnknownRegion { .. }), "{error}");
    assert_eq!(error.to_string(), "the catalog has no region `prod2`; it has `R`");
}

#[test]
fn default_limits_fit_large_clouds_and_small_machines() {
    let limits = Limits::default();
    assert!(limits.list_entries >= 100_000 && limits.list_pages * 100 >= limits.list_entries);
    assert!(limits.run_bytes <= 1 << 30 && limits.list_bytes <= limits.run_bytes);
    assert!(limits.part_time <= limits.run_time && limits.run_time <= Duration::from_mins(30));
}
