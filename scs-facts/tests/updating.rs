//! Updates from sources that answer, fail and recover.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod mock;

use mock::site::{FIRST, SECOND, Site, all_keys, reason, time};
use mock::{NEWER, Reply, Request, Sources, UBUNTU, record, releases, usual, with_releases};
use scs_facts::{Change, Key, Reason, RequestError, Secret, Source, Stored, update};
use scs_iaas_policy::TlsProfiles;
use scs_k8s_policy::{CveRecords, EndsOfLife, Releases};
use serde_json::json;

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
