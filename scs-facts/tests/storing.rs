//! The directory of facts: broken files, concurrent updates, copies.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod mock;

use std::fs;
use std::path::Path;

use futures_util::future::join_all;
use jiff::Timestamp;
use mock::{NEWER, Reply, Sources, usual, with_releases};
use scs_facts::{Change, FACTS, Key, Outcome, Reason, Store, copy, update};

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

const FIRST: &str = "2026-12-01T06:00:00Z";
const SECOND: &str = "2026-12-02T06:00:00Z";

fn all_keys() -> Vec<Key> {
    FACTS.iter().map(|fact| fact.key).collect()
}

async fn filled(directory: &Path, at: &str) -> (Store, Sources) {
    let (store, sources) = (Store::new(directory), Sources::start(usual).await);
    let outcomes = update(&store, &all_keys(), &sources.options(), time(at)).await.unwrap();
    assert!(outcomes.iter().all(|outcome| outcome.change == Change::Updated), "{outcomes:?}");
    (store, sources)
}

/// Names of files, without the lock.
fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name != ".lock").collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_tampered_fact_is_ignored_and_replaced() {
    let directory = tempfile::tempdir().unwrap();
    let (store, sources) = filled(directory.path(), FIRST).await;
    let fact = Key::MozillaTls.fact();
    let now = time(SECOND);
    let original = fs::read_to_string(store.path(fact)).unwrap();
    let metadata_path = directory.path().join("mozilla-tls.meta.json");
    let metadata = fs::read_to_string(&metadata_path).unwrap();
    let broken = |text: Option<&str>, metadata: Option<&str>| {
        for (path, content) in [(store.path(fact), text), (metadata_path.clone(), metadata)] {
            match content {
                Some(content) => fs::write(path, content).unwrap(),
                None => fs::remove_file(path).unwrap_or_default(),
            }
        }
        store.read(fact, now).unwrap_err().to_string()
    };
    let weaker = original.replace("TLSv1.2", "TLSv1.0");
    let in_the_future = metadata.replace("2026-12-01T06", "2027-12-01T06");
    let newer = metadata.replacen("\"as_of\": \"2026-12-01", "\"as_of\": \"2026-12-02", 1);
    for (text, metadata, reason) in [
        (Some(weaker.as_str()), Some(metadata.as_str()), "the content does not match its checksum"),
        (Some(""), Some(&metadata), "the content does not match its checksum"),
        (None, Some(&metadata), "the file is missing, but its metadata exist"),
        (Some(&original), None, "it has no metadata beside it"),
        (Some(&original), Some("{}"), "not the metadata of a fact: missing field"),
        (Some(&original), Some("<html>"), "not the metadata of a fact"),
        (Some(&original), Some(&in_the_future), "which is in the future"),
        (Some(&original), Some(&newer), "is after 2026-12-01T06:00:00Z, when it was fetched"),
        (
            Some(&original),
            Some(&metadata.replace("\"mozilla-tls\"", "\"kubernetes-cves\"")),
            "its metadata are those of kubernetes-cves",
        ),
    ] {
        let message = broken(text, metadata);
        assert!(message.contains(reason), "{reason}: {message}");
        assert!(message.starts_with(&directory.path().display().to_string()), "{message}");
    }
    // The next update replaces it, and says so.
    sources.taken();
    let outcomes = update(&store, &[Key::MozillaTls], &sources.options(), now).await.unwrap();
    assert_eq!(outcomes[0].change, Change::Updated);
    assert!(outcomes[0].notices[0].starts_with("ignored "), "{outcomes:?}");
    assert!(sources.taken()[0].header("if-none-match").is_none(), "nothing is known about the file");
    assert!(store.read(fact, now).unwrap().is_some());
}

#[tokio::test]
async fn a_directory_in_place_of_a_file_is_a_broken_fact() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::new(directory.path());
    fs::create_dir(directory.path().join("mozilla-tls.meta.json")).unwrap();
    let error = store.read(Key::MozillaTls.fact(), time(FIRST)).unwrap_err();
    assert_eq!(error.reason, "it is not a file");
}

#[tokio::test]
async fn a_crash_between_the_two_files_leaves_the_edition_before() {
    let directory = tempfile::tempdir().unwrap();
    let (store, sources) = filled(directory.path(), FIRST).await;
    let fact = Key::KubernetesReleases.fact();
    let before = store.read(fact, time(SECOND)).unwrap().unwrap();
    let newest = [("v1.36.7", "2026-12-01T15:00:00Z"), NEWER[0], NEWER[1]];
    sources.now(move |request| with_releases(request, &newest));
    update(&store, &[Key::KubernetesReleases], &sources.options(), time(SECOND)).await.unwrap();
    // As if only the metadata had been replaced.
    fs::write(store.path(fact), &before.text).unwrap();
    assert_eq!(store.read(fact, time(SECOND)).unwrap().as_ref(), Some(&before));
}

#[tokio::test]
async fn concurrent_updates_do_not_interleave() {
    let directory = tempfile::tempdir().unwrap();
    let (store, sources) = filled(directory.path(), FIRST).await;
    let options = sources.options();
    let keys = all_keys();
    let runs = join_all((0..4).map(|_| update(&store, &keys, &options, time(SECOND)))).await;
    for outcomes in runs {
        assert!(outcomes.unwrap().iter().all(|outcome| outcome.change == Change::Unchanged));
    }
    for fact in FACTS {
        assert!(store.read(fact, time(SECOND)).unwrap().is_some(), "{}", fact.key);
    }
    let expected: usize = FACTS.len() * 2;
    assert_eq!(
        names(directory.path()).len(),
        expected,
        "no temporary file is left: {:?}",
        names(directory.path())
    );
    // An update that waits too long is an error.
    let lock = fs::File::open(directory.path().join(".lock")).unwrap();
    lock.lock().unwrap();
    let mut options = sources.options();
    options.limits.total_time = std::time::Duration::from_millis(60);
    let error = update(&store, &keys, &options, time(SECOND)).await.unwrap_err().to_string();
    assert_eq!(error, format!("another update is using {}", directory.path().display()));
}

#[tokio::test]
async fn facts_travel_by_a_directory() {
    let (outside, inside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (from, sources) = filled(outside.path(), FIRST).await;
    let to = Store::new(inside.path().join("scs/facts"));
    let changes =
        |outcomes: Vec<Outcome>| outcomes.into_iter().map(|outcome| outcome.change).collect::<Vec<_>>();
    let copied = copy(&from, &to, &all_keys(), time(SECOND)).await.unwrap();
    assert!(changes(copied).iter().all(|change| *change == Change::Updated));
    for fact in FACTS {
        let (one, other) = (from.read(fact, time(SECOND)).unwrap(), to.read(fact, time(SECOND)).unwrap());
        let (one, other) = (one.unwrap(), other.unwrap());
        assert_eq!((&one.text, &one.metadata), (&other.text, &other.metadata), "{}", fact.key);
    }
    let again = copy(&from, &to, &all_keys(), time(SECOND)).await.unwrap();
    assert!(changes(again).iter().all(|change| *change == Change::Unchanged));
    // A directory that is older changes nothing.
    update(&to, &[Key::MozillaTls], &sources.options(), time(SECOND)).await.unwrap();
    let old = copy(&from, &to, &[Key::MozillaTls], time(SECOND)).await.unwrap();
    assert_eq!(old[0].metadata.as_ref().unwrap().fetched_at, time(SECOND));
    // What is broken there, or missing, is kept here.
    fs::write(from.path(Key::MozillaTls.fact()), "<html>").unwrap();
    for name in ["kubernetes-cves.json", "kubernetes-cves.meta.json"] {
        fs::remove_file(outside.path().join(name)).unwrap();
    }
    let kept =
        changes(copy(&from, &to, &[Key::MozillaTls, Key::KubernetesCves], time(SECOND)).await.unwrap());
    assert!(
        matches!(&kept[0], Change::Kept(Reason::Broken(broken)) if broken.reason.contains("checksum")),
        "{kept:?}"
    );
    assert_eq!(kept[1], Change::Kept(Reason::Missing));
    assert!(to.read(Key::KubernetesCves.fact(), time(SECOND)).unwrap().is_some());
}

#[tokio::test]
async fn a_directory_with_older_facts_is_checked_like_a_source() {
    let (outside, inside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (to, _) = filled(inside.path(), FIRST).await;
    // Fetched later, but from a source that is behind.
    let from = Store::new(outside.path());
    let behind = Sources::start(|request| with_releases(request, &[])).await;
    update(&from, &[Key::KubernetesReleases], &behind.options(), time(SECOND)).await.unwrap();
    let outcomes = copy(&from, &to, &[Key::KubernetesReleases], time(SECOND)).await.unwrap();
    assert!(matches!(outcomes[0].change, Change::Kept(Reason::Older { .. })), "{outcomes:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn an_unwritable_directory_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("file"), "").unwrap();
    let store = Store::new(directory.path().join("file/facts"));
    let sources = Sources::start(|_| Reply::status(404)).await;
    let error = update(&store, &all_keys(), &sources.options(), time(FIRST)).await.unwrap_err().to_string();
    assert!(error.starts_with("cannot write "), "{error}");
}
