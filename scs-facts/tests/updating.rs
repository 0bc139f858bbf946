//! Updates from sources that answer, fail and recover.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail as tests do")]

mod mock;

use std::time::Duration;

use jiff::Timestamp;
use mock::{NEWER, Reply, Request, Sources, UBUNTU, record, releases, usual, with_releases};
use scs_facts::{
    Change, FACTS, Key, Options, Outcome, Reason, RequestError, Secret, Source, Store, Stored, update,
};
use scs_iaas_policy::TlsProfiles;
use scs_k8s_policy::{CveRecords, EndsOfLife, Releases};
use serde_json::{Value, json};
use tempfile::TempDir;

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

const FIRST: &str = "2026-12-01T06:00:00Z";
const SECOND: &str = "2026-12-02T06:00:00Z";

/// A directory, and the sources that fill it.
struct Site {
    sources: Sources,
    store: Store,
    _directory: TempDir,
}

impl Site {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::new(directory.path().join("facts"));
        Self { sources: Sources::start(usual).await, store, _directory: directory }
    }

    async fn update(&self, key: Key, at: &str) -> Outcome {
        self.update_with(key, at, &self.sources.options()).await
    }

    async fn update_with(&self, key: Key, at: &str, options: &Options) -> Outcome {
        update(&self.store, &[key], options, time(at)).await.unwrap().remove(0)
    }

    fn stored(&self, key: Key) -> Option<Stored> {
        self.store.read(key.fact(), time("2027-01-01T00:00:00Z")).unwrap()
    }

    /// What a second update says, after a first one, when the sources answer like this.
    async fn second(&self, key: Key, handler: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Outcome {
        self.sources.now(usual);
        let first = self.update(key, FIRST).await;
        assert!(!first.is_kept(), "{first:?}");
        let before = self.stored(key).unwrap();
        self.sources.now(handler);
        let second = self.update(key, SECOND).await;
        if second.is_kept() {
            assert_eq!(self.stored(key).as_ref(), Some(&before), "a fact that is kept does not change");
        }
        second
    }
}

fn all_keys() -> Vec<Key> {
    FACTS.iter().map(|fact| fact.key).collect()
}

fn reason(outcome: &Outcome) -> String {
    match &outcome.change {
        Change::Kept(reason) => reason.to_string(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn all_facts_are_fetched_and_their_readers_accept_them() {
    let site = Site::new().await;
    let outcomes = update(&site.store, &all_keys(), &site.sources.options(), time(FIRST)).await.unwrap();
    for outcome in &outcomes {
        assert_eq!(outcome.change, Change::Updated, "{outcome:?}");
        let metadata = outcome.metadata.as_ref().unwrap();
        assert_eq!((metadata.fetched_at, metadata.as_of), (time(FIRST), time(FIRST)));
        assert!(outcome.notices.is_empty(), "{outcome:?}");
    }
    let stored = |key| site.stored(key).unwrap();
    let read: Releases = stored(Key::KubernetesReleases).text.parse().unwrap();
    assert_eq!(read.newest_of("1.36".parse().unwrap()).unwrap().version.to_string(), "v1.36.6");
    assert_eq!(read.all().len(), releases(NEWER).len() - 1, "all pages, without the pre-release");
    let ends: EndsOfLife = stored(Key::KubernetesEndsOfLife).text.parse().unwrap();
    assert_eq!(ends.of("1.36".parse().unwrap()), Some("2027-06-28".parse().unwrap()));
    let cves: CveRecords = stored(Key::KubernetesCves).text.parse().unwrap();
    let critical: Vec<&str> =
        cves.records.iter().filter(|of| of.is_critical()).map(scs_k8s_policy::CveRecord::id).collect();
    assert_eq!(critical, ["CVE-2026-10002"]);
    assert!(!stored(Key::KubernetesCves).text.contains("Vulnrichment"), "additions of others are not kept");
    let distributions = stored(Key::DistributionReleases);
    assert_eq!(distributions.summary.newest, "Ubuntu 26.10");
    // The embedded calendar was made with more knowledge about the next releases.
    assert_eq!(distributions.summary.complete_until, Some("2027-05-31".parse().unwrap()));
    let profiles: TlsProfiles = stored(Key::MozillaTls).text.parse().unwrap();
    assert_eq!(profiles.as_of(), Some("2026-12-01".parse().unwrap()));
    assert_eq!(stored(Key::ScsCompatibleIaas).text, mock::IAAS);
}

#[tokio::test]
async fn an_unchanged_source_renews_the_date() {
    let site = Site::new().await;
    let options = site.sources.options();
    update(&site.store, &all_keys(), &options, time(FIRST)).await.unwrap();
    let before: Vec<Stored> = all_keys().into_iter().map(|key| site.stored(key).unwrap()).collect();
    site.sources.taken();
    let outcomes = update(&site.store, &all_keys(), &options, time(SECOND)).await.unwrap();
    for (outcome, before) in outcomes.iter().zip(before) {
        assert_eq!(outcome.change, Change::Unchanged, "{outcome:?}");
        let after = site.stored(outcome.key).unwrap();
        assert_eq!((after.metadata.fetched_at, after.metadata.as_of), (time(SECOND), time(SECOND)));
        assert_eq!(after.metadata.validators, before.metadata.validators, "{}", outcome.key);
    }
    // The versions of branches are a few bytes, and are not conditional.
    for request in site.sources.taken().iter().filter(|request| !request.path.contains("stable")) {
        assert!(request.header("if-none-match").is_some(), "{request:?}");
        assert!(!request.target.contains("&page="), "the first page has not changed: {request:?}");
    }
    let profiles: TlsProfiles = site.stored(Key::MozillaTls).unwrap().text.parse().unwrap();
    assert_eq!(profiles.as_of(), Some("2026-12-02".parse().unwrap()));
}

#[tokio::test]
async fn a_new_release_is_an_update() {
    let site = Site::new().await;
    let newest = [("v1.36.7", "2026-12-01T15:00:00Z"), NEWER[0], NEWER[1]];
    let outcome = site.second(Key::KubernetesReleases, move |request| with_releases(request, &newest)).await;
    assert_eq!(outcome.change, Change::Updated);
    assert_eq!(site.stored(Key::KubernetesReleases).unwrap().summary.newest, "v1.36.7");
}

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
async fn a_rate_limit_says_when_it_ends() {
    let site = Site::new().await;
    let limited = |headers: Vec<(&'static str, String)>, status: u16| {
        move |_: &Request| {
            Reply::Answer(status, headers.clone(), json!({"message": "API rate limit exceeded"}).to_string())
        }
    };
    let reset = time("2026-12-02T06:40:00Z");
    let headers =
        vec![("x-ratelimit-remaining", "0".to_owned()), ("x-ratelimit-reset", reset.as_second().to_string())];
    let outcome = site.second(Key::KubernetesReleases, limited(headers, 403)).await;
    let Change::Kept(Reason::Request(RequestError::RateLimited { resets_at, with_token, .. })) =
        outcome.change.clone()
    else {
        panic!("{outcome:?}");
    };
    assert_eq!((resets_at, with_token), (Some(reset), false));
    assert!(
        reason(&outcome).ends_with("allows no further requests before 2026-12-02 06:40 UTC"),
        "{outcome:?}"
    );
    let outcome =
        site.second(Key::ScsCompatibleIaas, limited(vec![("retry-after", "90".to_owned())], 429)).await;
    assert!(reason(&outcome).ends_with("before 2026-12-02 06:01 UTC"), "{outcome:?}");
    // Other refusals are not limits.
    let outcome = site.second(Key::ScsCompatibleKaas, limited(Vec::new(), 403)).await;
    assert!(reason(&outcome).ends_with("returned status 403"), "{outcome:?}");
}

#[tokio::test]
async fn the_token_is_sent_to_github_only() {
    let site = Site::new().await;
    let options = site.sources.options().with_github_token(Secret::from("planted-token-Kx3".to_owned()));
    assert!(!format!("{options:?}").contains("planted-token"));
    update(&site.store, &all_keys(), &options, time(FIRST)).await.unwrap();
    for request in site.sources.taken() {
        let expected = (request.path == "/kubernetes-releases").then_some("Bearer planted-token-Kx3");
        assert_eq!(request.header("authorization"), expected, "{request:?}");
    }
    // A redirect to another server does not get it.
    let other = Sources::start(usual).await;
    let location = format!("{}/kubernetes-releases?per_page=100", other.address);
    site.sources.now(move |request| match request.path.as_str() {
        "/kubernetes-releases" => Reply::Answer(302, vec![("location", location.clone())], String::new()),
        _ => usual(request),
    });
    let outcome = site.update_with(Key::KubernetesReleases, SECOND, &options).await;
    assert!(!outcome.is_kept(), "{outcome:?}");
    let moved = other.taken();
    assert!(!moved.is_empty() && moved.iter().all(|request| request.header("authorization").is_none()));
    // A rejected token is reported.
    site.sources.now(|request| {
        if request.path == "/kubernetes-releases" { Reply::status(401) } else { Reply::status(404) }
    });
    let outcome = site.update_with(Key::KubernetesReleases, SECOND, &options).await;
    assert!(reason(&outcome).ends_with("/kubernetes-releases rejects the token"), "{outcome:?}");
    assert!(!format!("{outcome:?}").contains("planted-token"));
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
async fn a_passing_error_is_retried() {
    let site = Site::new().await;
    let asked = std::sync::atomic::AtomicUsize::new(0);
    site.sources.now(move |request| match asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
        0 => Reply::status(503),
        1 => Reply::Cut("x".repeat(100), 3),
        _ => usual(request),
    });
    let outcome = site.update(Key::MozillaTls, FIRST).await;
    assert_eq!(outcome.change, Change::Updated, "{outcome:?}");
}

#[tokio::test]
async fn one_source_does_not_affect_the_others() {
    let site = Site::new().await;
    site.sources
        .now(|request| if request.path.contains("tls") { Reply::status(500) } else { usual(request) });
    let outcomes = update(&site.store, &all_keys(), &site.sources.options(), time(FIRST)).await.unwrap();
    let kept: Vec<Key> =
        outcomes.iter().filter(|outcome| outcome.is_kept()).map(|outcome| outcome.key).collect();
    assert_eq!(kept, [Key::MozillaTls]);
}

#[tokio::test]
async fn without_github_the_newest_versions_confirm_known_releases() {
    let site = Site::new().await;
    let without_github = |request: &Request| match request.path.as_str() {
        "/kubernetes-releases" => Reply::status(500),
        _ => usual(request),
    };
    let outcome = site.second(Key::KubernetesReleases, without_github).await;
    assert_eq!(outcome.change, Change::Unchanged);
    assert_eq!(outcome.metadata.as_ref().unwrap().as_of, time(SECOND));
    assert!(
        outcome.notices[0].ends_with("/kubernetes-stable confirms the known releases"),
        "it is the mirror that answered: {outcome:?}"
    );
    assert!(!outcome.notices[0].contains("dl.k8s.io"), "{outcome:?}");
    // A newer version has no date there.
    let newest = [("v1.36.7", "2026-12-01T15:00:00Z"), NEWER[0], NEWER[1]];
    let outcome = site
        .second(Key::KubernetesReleases, move |request| match request.path.as_str() {
            "/kubernetes-releases" => Reply::status(500),
            _ => with_releases(request, &newest),
        })
        .await;
    assert!(reason(&outcome).ends_with("returned status 500"));
    assert_eq!(outcome.notices.len(), 1, "{outcome:?}");
    assert!(
        outcome.notices[0].ends_with("/kubernetes-stable names v1.36.7, whose date only GitHub has"),
        "{outcome:?}"
    );
    // Without a fetched list, it is the embedded one that is confirmed.
    let empty = Site::new().await;
    empty.sources.now(|request| match request.path.as_str() {
        "/kubernetes-releases" => Reply::status(500),
        _ => with_releases(request, &[]),
    });
    let outcome = empty.update(Key::KubernetesReleases, FIRST).await;
    assert_eq!(outcome.change, Change::Updated, "{outcome:?}");
    let stored = empty.stored(Key::KubernetesReleases).unwrap();
    assert_eq!(stored.metadata.source, empty.sources.options().url(Source::KubernetesStable));
    assert_eq!(stored.summary, Key::KubernetesReleases.fact().embedded().unwrap());
}

#[tokio::test]
async fn a_version_that_github_does_not_list_yet_has_no_date() {
    let site = Site::new().await;
    site.sources.now(|request| match request.path.as_str() {
        "/kubernetes-stable/stable-1.36.txt" => Reply::Tagged("v1.36.7\n".to_owned()),
        _ => usual(request),
    });
    let outcome = site.update(Key::KubernetesReleases, FIRST).await;
    assert_eq!(outcome.notices.len(), 1, "{outcome:?}");
    assert!(
        outcome.notices[0].contains("/kubernetes-stable names v1.36.7, which GitHub does not list yet"),
        "{outcome:?}"
    );
    let read: Releases = site.stored(Key::KubernetesReleases).unwrap().text.parse().unwrap();
    assert_eq!(read.broken()[0].version.as_ref().unwrap().to_string(), "v1.36.7");
    // It stays as long as GitHub does not list it, and is dated afterwards.
    let outcome = site.update(Key::KubernetesReleases, SECOND).await;
    assert_eq!(outcome.change, Change::Unchanged, "{outcome:?}");
    let newest = [("v1.36.7", "2026-12-01T15:00:00Z"), NEWER[0], NEWER[1]];
    site.sources.now(move |request| with_releases(request, &newest));
    let outcome = site.update(Key::KubernetesReleases, SECOND).await;
    assert_eq!((outcome.change, outcome.notices.len()), (Change::Updated, 0));
    let read: Releases = site.stored(Key::KubernetesReleases).unwrap().text.parse().unwrap();
    assert!(read.broken().is_empty());
}

#[tokio::test]
async fn the_schedule_completes_known_ends_of_life() {
    let site = Site::new().await;
    let outcome = site
        .second(Key::KubernetesEndsOfLife, |request| match request.path.as_str() {
            "/kubernetes-ends-of-life" => Reply::status(500),
            "/kubernetes-schedule" => Reply::Tagged(
                "---\nschedules:\n- release: \"1.38\"\n  releaseDate: 2026-12-09\n  maintenanceModeStartDate: 2027-12-28\n  endOfLifeDate: 2028-02-28\n  next:\n    release: 1.38.1\n".to_owned(),
            ),
            _ => Reply::status(404),
        })
        .await;
    assert_eq!(outcome.change, Change::Updated, "{outcome:?}");
    assert!(outcome.notices[0].ends_with("returned status 500"));
    let ends: EndsOfLife = site.stored(Key::KubernetesEndsOfLife).unwrap().text.parse().unwrap();
    let end = |branch: &str| ends.of(branch.parse().unwrap()).unwrap().to_string();
    assert_eq!((end("1.38").as_str(), end("1.36").as_str()), ("2028-02-28", "2027-06-28"));
}

#[tokio::test]
async fn only_changed_cve_records_are_transferred() {
    let site = Site::new().await;
    let rescored = |request: &Request| match request.path.as_str() {
        "/cve-records/CVE-2026-10001" => Reply::Tagged(record("CVE-2026-10001", 9.1).to_string()),
        _ => usual(request),
    };
    // The feed is the same, but a record got another score.
    let outcome = site.second(Key::KubernetesCves, rescored).await;
    assert_eq!(outcome.change, Change::Updated, "{outcome:?}");
    let cves: CveRecords = site.stored(Key::KubernetesCves).unwrap().text.parse().unwrap();
    assert_eq!(cves.records.iter().filter(|of| of.is_critical()).count(), 2);
    // A record that no longer exists stays.
    let outcome = site
        .second(Key::KubernetesCves, |request| match request.path.as_str() {
            "/cve-records/CVE-2026-10001" => Reply::status(404),
            _ => usual(request),
        })
        .await;
    assert_eq!(outcome.change, Change::Unchanged, "{outcome:?}");
    assert!(outcome.notices[0].starts_with("CVE-2026-10001: kept the known record: "), "{outcome:?}");
}

#[tokio::test]
async fn cves_whose_records_cannot_be_fetched_keep_their_date() {
    let site = Site::new().await;
    for failing in ["/cve-records/CVE-2026-10001", "/cve-records/"] {
        let outcome = site
            .second(Key::KubernetesCves, move |request| {
                if request.path.starts_with(failing) { Reply::status(503) } else { usual(request) }
            })
            .await;
        assert!(reason(&outcome).ends_with("returned status 503"), "{outcome:?}");
        assert_eq!(outcome.metadata.as_ref().unwrap().as_of, time(FIRST));
        let failed = if failing.ends_with('/') { mock::CVES } else { 1 };
        assert_eq!(outcome.notices, [format!("{failed} of {} records could not be fetched", mock::CVES)]);
    }
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
async fn secrets_in_addresses_are_neither_stored_nor_printed() {
    let site = Site::new().await;
    let host = site.sources.address.trim_start_matches("http://").to_owned();
    let options = Source::ALL.into_iter().fold(site.sources.options(), |options, source| {
        let url = format!("http://planted-user:planted-password@{host}/{source}?token=planted-token");
        options.with_source(source, url.parse().unwrap())
    });
    assert!(!format!("{options:?}").contains("planted"));
    for at in [FIRST, SECOND] {
        let outcomes = update(&site.store, &all_keys(), &options, time(at)).await.unwrap();
        assert!(outcomes.iter().all(|outcome| !outcome.is_kept()), "{outcomes:?}");
        assert!(!format!("{outcomes:?}").contains("planted"), "{outcomes:?}");
    }
    for request in site.sources.taken() {
        assert!(request.target.contains("?token=planted-token"), "parameters stay: {request:?}");
    }
    for entry in std::fs::read_dir(site.store.directory()).unwrap() {
        let path = entry.unwrap().path();
        assert!(!std::fs::read_to_string(&path).unwrap().contains("planted"), "{}", path.display());
    }
    for reply in [
        || Reply::status(500),
        Reply::html,
        || Reply::Tagged("{}".to_owned()),
        || Reply::Answer(304, Vec::new(), String::new()),
    ] {
        site.sources.now(move |_| reply());
        let outcomes = update(&site.store, &all_keys(), &options, time(SECOND)).await.unwrap();
        for outcome in &outcomes {
            let text = format!("{outcome:?}");
            assert!(!text.contains("planted"), "{text}");
        }
    }
}

#[cfg(unix)]
#[tokio::test]
async fn metadata_are_readable_only_by_their_owner() {
    use std::os::unix::fs::PermissionsExt;

    let site = Site::new().await;
    site.update(Key::MozillaTls, FIRST).await;
    let metadata = std::fs::metadata(site.store.directory().join("mozilla-tls.meta.json")).unwrap();
    assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn a_cve_without_a_record_is_not_hidden() {
    let site = Site::new().await;
    let fails_with = |status: u16| {
        move |request: &Request| match request.path.as_str() {
            "/cve-records/CVE-2026-10002" => Reply::status(status),
            _ => usual(request),
        }
    };
    site.sources.now(fails_with(500));
    let outcome = site.update(Key::KubernetesCves, FIRST).await;
    assert!(reason(&outcome).ends_with("/cve-records/CVE-2026-10002 returned status 500"), "{outcome:?}");
    site.sources.now(fails_with(404));
    let outcome = site.update(Key::KubernetesCves, FIRST).await;
    assert_eq!(outcome.notices, ["CVE-2026-10002 has no record yet, so its severity is unknown"]);
    let cves: CveRecords = site.stored(Key::KubernetesCves).unwrap().text.parse().unwrap();
    let unknown = &cves.records[1];
    assert!(unknown.has_no_score() && !unknown.affected().unreadable().is_empty());
    // It is asked for again.
    site.sources.now(usual);
    assert_eq!(site.update(Key::KubernetesCves, SECOND).await.change, Change::Updated);
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

#[tokio::test]
async fn a_changed_calendar_needs_both_files() {
    let site = Site::new().await;
    let outcome = site
        .second(Key::DistributionReleases, |request| match request.path.as_str() {
            "/ubuntu-releases" => {
                Reply::Tagged(format!("{UBUNTU}27.04,Next Animal,next,2026-10-15,2027-04-22,2028-01-20\n"))
            }
            _ => usual(request),
        })
        .await;
    assert_eq!(outcome.change, Change::Updated, "{outcome:?}");
    let stored = site.stored(Key::DistributionReleases).unwrap();
    let releases = scs_image_metadata::Releases::from_yaml(&stored.text).unwrap();
    assert!(releases.release("ubuntu", "27.04").is_some() && releases.release("debian", "13").is_some());
}
