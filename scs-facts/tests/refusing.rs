//! Editions and answers that must not replace a fact.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod mock;

use std::time::Duration;

use mock::site::{FIRST, SECOND, Site, reason, time};
use mock::{NEWER, Reply, Request, UBUNTU, record, releases, usual, with_releases};
use scs_facts::{Change, Key};
use serde_json::{Value, json};

#[tokio::test]
async fn faults_of_a_source_leave_the_fact() {
    let site = Site::new().await;
    let only = |path: &'static str, reply: fn() -> Reply| {
        move |request: &Request| if request.path.contains(path) { reply() } else { usual(request) }
    };
    // Without the cross-check, which would confirm the known releases.
    let github = |reply: fn() -> Reply| only("kubernetes-", reply);
    for (key, handler, expected) in [
        (Key::KubernetesReleases, github(Reply::html), "returned an HTML page"),
        (Key::KubernetesReleases, github(|| Reply::status(500)), "returned status 500"),
        (
            Key::KubernetesReleases,
            github(|| Reply::Cut("[".repeat(100), 7)),
            "ends prematurely after 7 bytes",
        ),
        (Key::KubernetesReleases, github(|| Reply::Tagged("[]".to_owned())), "it is empty"),
        (
            Key::KubernetesReleases,
            github(|| Reply::Tagged(r#"{"message": "x"}"#.to_owned())),
            "other than a list of releases",
        ),
        (
            Key::KubernetesReleases,
            github(|| Reply::Tagged(r#"[{"tag": "v1.36.6"}]"#.to_owned())),
            "missing field `tag_name`",
        ),
        (Key::KubernetesEndsOfLife, github(|| Reply::Tagged("[]".to_owned())), "it has no branch"),
        (
            Key::KubernetesEndsOfLife,
            github(|| Reply::Tagged(r#"[{"cycle": "1.36", "eol": false}]"#.to_owned())),
            "`eol` is `false`, not a date",
        ),
        (
            Key::KubernetesEndsOfLife,
            github(|| Reply::Tagged(r#"[{"cycle": "1.36", "eol": "2027-06-28"}]"#.to_owned())),
            "much shorter than what is known: 1, instead of 13",
        ),
        (
            Key::KubernetesCves,
            only("kubernetes-cves", || Reply::Tagged(r#"{"items": []}"#.to_owned())),
            "it is empty",
        ),
        (Key::KubernetesCves, only("kubernetes-cves", Reply::html), "returned an HTML page"),
        (
            Key::DistributionReleases,
            only("ubuntu", || Reply::Tagged("a,b\n1,2\n".to_owned())),
            "the first line does not have the columns",
        ),
        (
            Key::DistributionReleases,
            only("ubuntu", || Reply::Tagged(UBUNTU.lines().take(2).collect::<Vec<_>>().join("\n"))),
            "much shorter than what is known",
        ),
        (
            Key::ScsCompatibleIaas,
            only("iaas", || Reply::Tagged(mock::KAAS.to_owned())),
            "it is about another scope",
        ),
        (Key::ScsCompatibleIaas, only("iaas", || Reply::Tagged("uuid: 7".to_owned())), "not usable"),
        (Key::MozillaTls, only("tls", || Reply::Tagged("{}".to_owned())), "missing field `version`"),
        (
            Key::MozillaTls,
            only("tls", || Reply::Tagged(mock::GUIDELINE.replace("6.0,", "5.7,"))),
            "version 5.7 is older than 6.0",
        ),
    ] {
        let outcome = site.second(key, handler).await;
        let reason = reason(&outcome);
        assert!(reason.contains(expected), "{key}: {expected}: {reason}");
        assert_eq!(outcome.metadata.unwrap().fetched_at, time(FIRST));
    }
}

#[tokio::test]
async fn an_older_list_is_refused() {
    let site = Site::new().await;
    let outcome = site.second(Key::KubernetesReleases, |request| with_releases(request, &[])).await;
    assert_eq!(reason(&outcome), "older than what is known: its newest entry is v1.37.1, instead of v1.36.6");
    // Without a fetched list, the embedded one is known.
    let empty = Site::new().await;
    empty.sources.now(|request| {
        if request.path != "/kubernetes-releases" {
            return usual(request);
        }
        let old = releases(&[]).into_iter().filter(|of| of["published_at"].as_str().unwrap() < "2026-08-01");
        Reply::Tagged(Value::from(old.collect::<Vec<_>>()).to_string())
    });
    let outcome = empty.update(Key::KubernetesReleases, FIRST).await;
    assert!(reason(&outcome).starts_with("older than what is known: "), "{outcome:?}");
    assert_eq!((empty.stored(Key::KubernetesReleases), outcome.metadata), (None, None));
}

#[tokio::test]
async fn limits_of_size_and_time_are_kept() {
    let site = Site::new().await;
    let mut options = site.sources.options();
    options.limits.answer_bytes = 1_000;
    let outcome = site.update_with(Key::ScsCompatibleIaas, FIRST, &options).await;
    assert!(reason(&outcome).ends_with("has more than 1000 bytes"), "{outcome:?}");
    let mut options = site.sources.options();
    options.limits.pages = 1;
    options.limits.records = 1;
    let outcome = site.update_with(Key::KubernetesCves, FIRST, &options).await;
    assert!(reason(&outcome).ends_with("has more than 1 entries"), "{outcome:?}");
    site.sources.now(|_| Reply::Hang);
    let mut options = site.sources.options();
    options.timeout = Duration::from_millis(50);
    let outcome = site.update_with(Key::MozillaTls, FIRST, &options).await;
    assert!(reason(&outcome).ends_with("did not respond within 0.05 s"), "{outcome:?}");
    let mut options = site.sources.options();
    options.limits.total_time = Duration::from_millis(50);
    let outcome = site.update_with(Key::MozillaTls, FIRST, &options).await;
    assert_eq!(reason(&outcome), "the update was stopped after 0.05 s");
}

#[tokio::test]
async fn endless_pages_are_stopped() {
    let site = Site::new().await;
    site.sources.now(|request| match request.path.as_str() {
        "/kubernetes-releases" => {
            let link = "<x?page=2>; rel=\"next\"".to_owned();
            let body = Value::from(releases(&[])).to_string();
            Reply::Answer(200, vec![("link", link)], body)
        }
        _ => Reply::status(404),
    });
    let mut options = site.sources.options();
    options.limits.pages = 3;
    let outcome = site.update_with(Key::KubernetesReleases, FIRST, &options).await;
    assert!(reason(&outcome).contains("has more than 3 pages"), "{outcome:?}");
}

#[tokio::test]
async fn a_first_list_of_cves_has_to_be_plausible() {
    let site = Site::new().await;
    site.sources.now(|request| match request.path.as_str() {
        "/kubernetes-cves" => Reply::Tagged(json!({"items": [{"id": "CVE-2026-10001"}]}).to_string()),
        _ => usual(request),
    });
    let outcome = site.update(Key::KubernetesCves, FIRST).await;
    assert_eq!(reason(&outcome), "not usable: it has 1 CVE records, and the official feed has at least 40");
    assert_eq!((site.stored(Key::KubernetesCves), outcome.metadata), (None, None));
    // A complete list that ended years ago.
    site.sources.now(usual);
    let outcome = site.update(Key::KubernetesCves, "2028-12-01T06:00:00Z").await;
    assert!(reason(&outcome).ends_with("is of 2026-10-20, so the list is years old"), "{outcome:?}");
    assert_eq!(site.update(Key::KubernetesCves, FIRST).await.change, Change::Updated);
}

#[tokio::test]
async fn a_mirror_that_is_behind_confirms_nothing() {
    let site = Site::new().await;
    let named = |file: &'static str, version: &'static str| {
        move |request: &Request| match request.path.as_str() {
            "/kubernetes-releases" => Reply::status(503),
            path if path.ends_with(file) => Reply::Tagged(version.to_owned()),
            _ => usual(request),
        }
    };
    for (file, version, known) in [
        ("/stable-1.36.txt", "v1.36.5", "v1.36.6"),
        ("/stable-1.35.txt", "v1.35.0", "v1.35."),
        ("/stable.txt", "v1.36.6", "v1.37.2"),
        ("/stable.txt", "v1.30.0", "v1."),
    ] {
        let outcome = site.second(Key::KubernetesReleases, named(file, version)).await;
        assert!(reason(&outcome).ends_with("returned status 503"), "{outcome:?}");
        let expected = format!("/kubernetes-stable names {version}, which is older than {known}");
        assert!(outcome.notices[0].contains(&expected), "{expected}: {outcome:?}");
        assert_eq!(outcome.metadata.unwrap().as_of, time(FIRST));
    }
    // A missing answer confirms nothing, either.
    let outcome = site
        .second(Key::KubernetesReleases, |request| match request.path.as_str() {
            "/kubernetes-releases" => Reply::status(503),
            "/kubernetes-stable/stable-1.35.txt" => Reply::status(404),
            _ => usual(request),
        })
        .await;
    assert!(outcome.is_kept() && outcome.notices[0].ends_with("returned status 404"), "{outcome:?}");
    // With GitHub's list, an old answer is only mentioned.
    let outcome = site
        .second(Key::KubernetesReleases, |request| match request.path.as_str() {
            "/kubernetes-stable/stable.txt" => Reply::Tagged("v1.30.0".to_owned()),
            _ => usual(request),
        })
        .await;
    assert_eq!(outcome.change, Change::Unchanged, "{outcome:?}");
    assert!(outcome.notices[0].starts_with("not compared with the newest versions: "), "{outcome:?}");
}

#[tokio::test]
async fn entries_from_the_future_are_refused() {
    let site = Site::new().await;
    let dated = |at: &'static str| {
        move |request: &Request| with_releases(request, &[("v1.36.7", at), NEWER[0], NEWER[1]])
    };
    let outcome = site.second(Key::KubernetesReleases, dated("2026-12-03T07:00:00Z")).await;
    assert_eq!(
        reason(&outcome),
        "its newest entry, v1.36.7, is dated 2026-12-03T07:00:00Z, which is in the future"
    );
    // Clocks and time zones differ.
    let outcome = site.second(Key::KubernetesReleases, dated("2026-12-03T05:00:00Z")).await;
    assert_eq!(outcome.change, Change::Updated, "{outcome:?}");
    let of_tomorrow = |request: &Request| match request.path.as_str() {
        "/cve-records/CVE-2026-10003" => {
            let mut record = record("CVE-2026-10003", 5.0);
            record["cveMetadata"]["datePublished"] = json!("2099-01-01T00:00:00Z");
            Reply::Tagged(record.to_string())
        }
        _ => usual(request),
    };
    let outcome = site.second(Key::KubernetesCves, of_tomorrow).await;
    assert!(reason(&outcome).contains("CVE-2026-10003, is dated 2099-01-01T00:00:00Z"), "{outcome:?}");
}

#[tokio::test]
async fn a_stored_fact_from_the_future_does_not_block_an_update() {
    let site = Site::new().await;
    let later = "2027-06-01T00:00:00Z";
    site.sources.now(move |request| with_releases(request, &[("v1.36.7", later), NEWER[0], NEWER[1]]));
    assert!(!site.update(Key::KubernetesReleases, later).await.is_kept());
    // As an earlier version of the program accepted it.
    let path = site.store.directory().join("kubernetes-releases.meta.json");
    let metadata = std::fs::read_to_string(&path).unwrap().replace(later, FIRST);
    std::fs::write(&path, metadata).unwrap();
    let error = site.store.read(Key::KubernetesReleases.fact(), time(SECOND)).unwrap_err();
    assert!(error.reason.ends_with("is dated 2027-06-01T00:00:00Z, after it was fetched"), "{error}");
    site.sources.now(usual);
    let outcome = site.update(Key::KubernetesReleases, SECOND).await;
    assert_eq!(outcome.change, Change::Updated, "{outcome:?}");
    assert!(outcome.notices[0].starts_with("ignored "), "{outcome:?}");
    // A date in the future does not count, either.
    let metadata = std::fs::read_to_string(&path).unwrap().replace(SECOND, later);
    std::fs::write(&path, metadata).unwrap();
    assert_eq!(site.update(Key::KubernetesReleases, SECOND).await.change, Change::Updated);
}

#[tokio::test]
async fn a_record_of_another_cve_is_refused() {
    let site = Site::new().await;
    site.sources.now(|request| match request.path.as_str() {
        "/cve-records/CVE-2026-10002" => Reply::Tagged(record("CVE-2026-10001", 1.0).to_string()),
        _ => usual(request),
    });
    let outcome = site.update(Key::KubernetesCves, FIRST).await;
    assert!(reason(&outcome).ends_with("it is not that of CVE-2026-10002"), "{outcome:?}");
}

/// What a source answers.
type Handler = Box<dyn Fn(&Request) -> Reply + Send + Sync>;

/// Each source, with a mistake that its reader accepts.
#[tokio::test]
async fn implausible_editions_are_refused_with_the_reason() {
    let site = Site::new().await;
    let only = |path: &'static str, body: fn(String) -> String| {
        move |request: &Request| match usual(request) {
            Reply::Tagged(text) if request.path.contains(path) => Reply::Tagged(body(text)),
            reply
                if request.path.contains("kubernetes-stable")
                    || request.path.contains("kubernetes-schedule") =>
            {
                drop(reply);
                Reply::status(404)
            }
            reply => reply,
        }
    };
    let cases: [(Key, Handler, &str); 9] = [
        (
            Key::KubernetesReleases,
            Box::new(|request| {
                let newest = ("v9.99.0", "2026-11-30T00:00:00Z");
                match request.path.as_str() {
                    "/kubernetes-releases" => with_releases(request, &[newest, NEWER[0], NEWER[1]]),
                    _ => Reply::status(404),
                }
            }),
            "its newest branch is 9.99, more than 2 branches after 1.37",
        ),
        (
            Key::KubernetesEndsOfLife,
            Box::new(only("kubernetes-ends-of-life", |text| {
                text.replacen('[', r#"[{"cycle": "1.99", "eol": "2027-12-01"},"#, 1)
            })),
            "its newest branch is 1.99",
        ),
        (
            Key::KubernetesEndsOfLife,
            Box::new(only("kubernetes-ends-of-life", |text| text.replace("2027-06-28", "2127-06-28"))),
            "the end of 1.36 is dated 2127-06-28",
        ),
        (
            Key::KubernetesEndsOfLife,
            Box::new(only("kubernetes-ends-of-life", |text| {
                let mut list: Vec<Value> = serde_json::from_str(&text).unwrap();
                list.pop();
                Value::from(list).to_string()
            })),
            "which is known",
        ),
        (
            Key::KubernetesCves,
            Box::new(|request| match request.path.as_str() {
                "/cve-records/CVE-2026-10003" => {
                    let mut record = record("CVE-2026-10003", 5.0);
                    record["cveMetadata"]["datePublished"] = json!("1999-01-01T00:00:00Z");
                    Reply::Tagged(record.to_string())
                }
                _ => usual(request),
            }),
            "CVE-2026-10003 is dated 1999-01-01",
        ),
        (
            Key::DistributionReleases,
            Box::new(only("ubuntu-releases", |text| {
                text.replace("2026-10-15,2027-07-15", "2126-10-15,2127-07-15")
            })),
            "Ubuntu 26.10 is dated 2126-10-15",
        ),
        (
            Key::ScsCompatibleIaas,
            Box::new(only("scs-compatible-iaas", |text| text.replacen("date: 20", "date: 29", 1))),
            "an entry of its timeline is dated 29",
        ),
        (
            Key::ScsCompatibleKaas,
            Box::new(only("scs-compatible-kaas", |text| text.replacen("date: 20", "date: 29", 1))),
            "an entry of its timeline is dated 29",
        ),
        (
            Key::MozillaTls,
            Box::new(only("mozilla-tls", |text| text.replace("6.0", "66.0"))),
            "its newest version is 66, more than 2 after 6",
        ),
    ];
    for (key, handler, expected) in cases {
        let outcome = site.second(key, handler).await;
        let reason = reason(&outcome);
        assert!(reason.starts_with("not plausible: ") && reason.contains(expected), "{key}: {reason}");
    }
}

/// A program that has not been updated for years still accepts new branches.
#[tokio::test]
async fn old_data_leave_room_for_newer_branches() {
    let site = Site::new().await;
    site.sources.now(|request| match request.path.as_str() {
        "/kubernetes-releases" => with_releases(
            request,
            &[("v1.42.0", "2028-11-30T00:00:00Z"), ("v1.41.0", "2028-08-30T00:00:00Z"), NEWER[0], NEWER[1]],
        ),
        _ => Reply::status(404),
    });
    let outcome = site.update(Key::KubernetesReleases, "2028-12-01T06:00:00Z").await;
    assert_eq!(outcome.change, Change::Updated, "{outcome:?}");
}
