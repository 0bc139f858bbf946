//! Sonobuoy archives: results are found, and invalid archives are rejected.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use scs_k8s_policy::{ArchiveLimits, ConformanceResults, E2eSelection};
use tar::{Builder, EntryType, Header};

const JUNIT: &str = "plugins/e2e/results/global/junit_01.xml";
const SUMMARY: &str = "plugins/e2e/sonobuoy_results.yaml";
const SUITE: &str =
    r#"<testsuite timestamp="2026-10-01T08:00:00"><testcase name="[It] a [Conformance]"/></testsuite>"#;

fn header(name: &str, size: u64, kind: EntryType) -> Header {
    let mut header = Header::new_gnu();
    // Beyond the limits of a careful writer.
    header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
    header.set_size(size);
    header.set_mode(0o644);
    header.set_entry_type(kind);
    header.set_cksum();
    header
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn archive(files: &[(&str, EntryType, &str)]) -> Vec<u8> {
    let mut builder = Builder::new(Vec::new());
    for (name, kind, content) in files {
        builder.append(&header(name, content.len() as u64, *kind), content.as_bytes()).unwrap();
    }
    gzip(&builder.into_inner().unwrap())
}

fn read(archive: &[u8]) -> Result<ConformanceResults, String> {
    ConformanceResults::read_archive(archive, ArchiveLimits::default()).map_err(|error| error.to_string())
}

fn files(files: &[(&str, &str)]) -> Vec<u8> {
    let files: Vec<_> = files.iter().map(|(name, content)| (*name, EntryType::Regular, *content)).collect();
    archive(&files)
}

#[test]
fn test_results_in_an_archive_are_found() {
    let other = r#"<testsuite timestamp="2026-10-01T07:00:00"><testcase name="[It] b [Conformance]"><failure/></testcase></testsuite>"#;
    let bytes = files(&[
        (
            "meta/config.json",
            r#"{"Plugins": [{"env": [{"name": "E2E_FOCUS", "value": "x"}, {"name": "E2E_SKIP", "value": ""}]}]}"#,
        ),
        ("./serverversion.json", r#"{"major": "1", "gitVersion": "v1.36.2+k3s1"}"#),
        ("plugins/systemd-logs/results/global/junit_01.xml", "not read"),
        (JUNIT, SUITE),
        ("plugins/e2e/results/global/junit_02.xml", other),
        ("plugins/e2e/results/global/junit_03.xml", "<testsuite/>"),
        (SUMMARY, "name: e2e\nitems: []\n"),
    ]);
    let results = read(&bytes).unwrap();
    let run = &results.runs()[0];
    assert_eq!(run.executed(E2eSelection::Conformance).count(), 2);
    assert_eq!(run.version.as_ref().unwrap().to_string(), "v1.36.2+k3s1");
    assert_eq!((run.focus.as_deref(), run.skip.as_deref()), (Some("x"), None));
    assert_eq!(run.started_at, Some("2026-10-01T07:00:00Z".parse().unwrap()));
}

#[test]
fn the_summary_replaces_missing_junit() {
    let yaml = "name: e2e\nitems:\n- name: f\n  items:\n  - name: s\n    items:\n    - {name: '[It] a [Conformance]', status: passed}\n";
    let results = read(&files(&[(SUMMARY, yaml)])).unwrap();
    assert_eq!(results.runs()[0].executed(E2eSelection::Conformance).count(), 1);
    let inventory = serde_json::json!({"sonobuoy_tarball": base64(&files(&[(SUMMARY, yaml)]))});
    assert_eq!(ConformanceResults::read(&inventory.to_string()).unwrap(), results);
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    let text = base64::engine::general_purpose::STANDARD.encode(bytes);
    let (first, second) = text.split_at(76);
    format!("{first}\n{second}\n")
}

#[test]
fn a_summary_of_seven_thousand_tests_is_read() {
    let mut yaml =
        "name: e2e\nstatus: passed\nitems:\n- name: f\n  items:\n  - name: s\n    items:\n".to_owned();
    for number in 0..7600 {
        let test = format!("    - name: '[It] [sig-a] test {number} [Conformance]'\n      status: skipped\n");
        yaml.push_str(&test);
    }
    let results = read(&files(&[(SUMMARY, &yaml)])).unwrap();
    assert_eq!(results.runs()[0].skipped(E2eSelection::Conformance).count(), 7600);
}

#[test]
fn names_outside_the_archive_are_rejected_and_links_are_skipped() {
    for name in ["/etc/passwd", "../x", "plugins/../../x", "a\\..\\b", "C:/x", "./../x"] {
        for kind in [EntryType::Regular, EntryType::Symlink, EntryType::Directory] {
            let error = read(&archive(&[(name, kind, ""), (JUNIT, EntryType::Regular, SUITE)])).unwrap_err();
            assert!(error.contains("points outside the archive") && error.contains(name), "{error}");
        }
    }
    for kind in [EntryType::Symlink, EntryType::Link, EntryType::Fifo, EntryType::Directory] {
        let error = read(&archive(&[(JUNIT, kind, "")])).unwrap_err();
        assert!(error.contains("neither `plugins/e2e"), "{error}");
    }
}

#[test]
fn long_names_are_read_within_limits() {
    let long = format!("{}/../x", "a/".repeat(80));
    let mut builder = Builder::new(Vec::new());
    let mut name = header("x", long.len() as u64, EntryType::GNULongName);
    builder.append(&name, long.as_bytes()).unwrap();
    builder.append(&header("short", 0, EntryType::Regular), &[][..]).unwrap();
    let error = read(&gzip(&builder.into_inner().unwrap())).unwrap_err();
    assert!(error.contains("points outside"), "{error}");

    let mut builder = Builder::new(Vec::new());
    let pax = "25 path=/plugins/e2e/abc\n";
    assert_eq!(pax.len(), 25);
    builder.append(&header("x", pax.len() as u64, EntryType::XHeader), pax.as_bytes()).unwrap();
    builder.append(&header("short", 0, EntryType::Regular), &[][..]).unwrap();
    let error = read(&gzip(&builder.into_inner().unwrap())).unwrap_err();
    assert!(error.contains("`/plugins/e2e/abc` points outside"), "{error}");

    let endless = vec![b'a'; 1 << 20];
    let mut builder = Builder::new(Vec::new());
    name = header("x", endless.len() as u64, EntryType::GNULongName);
    builder.append(&name, endless.as_slice()).unwrap();
    let error = read(&gzip(&builder.into_inner().unwrap())).unwrap_err();
    assert!(error.contains("a long name"), "{error}");
}

/// Endless zeros after a header that announces them.
#[test]
fn ten_gigabytes_of_zeros_are_rejected_early() {
    let ten = 10_u64 << 30;
    let mut bytes = header("zeros", ten, EntryType::Regular).as_bytes().to_vec();
    bytes.extend([0; 4096]);
    let error = read(&gzip(&bytes)).unwrap_err();
    assert!(error.contains("more than 4294967296 bytes"), "{error}");
    // And files within their limit: many small ones.
    let limits = ArchiveLimits { total: 1 << 20, ..ArchiveLimits::default() };
    let zeros = "\0".repeat(300_000);
    let many: Vec<_> = (0..8).map(|_| ("zeros", EntryType::Regular, zeros.as_str())).collect();
    let error = ConformanceResults::read_archive(archive(&many).as_slice(), limits).unwrap_err().to_string();
    assert!(error.contains("more than 1048576 bytes"), "{error}");
}

#[test]
fn large_files_and_many_entries_are_rejected() {
    let limits = ArchiveLimits { entries: 3, file: 100, ..ArchiveLimits::default() };
    let refused = |files: &[(&str, &str)]| {
        let files: Vec<_> = files.iter().map(|(name, text)| (*name, EntryType::Regular, *text)).collect();
        ConformanceResults::read_archive(archive(&files).as_slice(), limits).unwrap_err().to_string()
    };
    let error = refused(&[(JUNIT, &" ".repeat(101))]);
    assert!(error.contains("junit_01.xml` has more than 100 bytes"), "{error}");
    let error = refused(&[("a", ""), ("b", ""), ("c", ""), ("d", "")]);
    assert!(error.contains("more than 3 entries"), "{error}");
}

#[test]
fn invalid_archives_are_errors() {
    for (bytes, expected) in [
        (b"no archive".to_vec(), "not a readable `tar.gz`"),
        (Vec::new(), "the archive"),
        (gzip(b"short"), "the archive"),
        (gzip(&[0; 1024]), "neither `plugins/e2e"),
        (files(&[(JUNIT, "<!DOCTYPE a><testsuite/>")]), "document type"),
        (files(&[(JUNIT, "<testsuite/>")]), "it has no test"),
        (files(&[(SUMMARY, "name: e2e\n")]), "no test"),
        (files(&[(SUMMARY, "[")]), "sonobuoy_results.yaml"),
    ] {
        let error = read(&bytes).unwrap_err();
        assert!(error.contains(expected), "{expected}: {error}");
    }
    let not_text = {
        let mut builder = Builder::new(Vec::new());
        builder.append(&header(JUNIT, 2, EntryType::Regular), &[0xff, 0xfe][..]).unwrap();
        gzip(&builder.into_inner().unwrap())
    };
    assert!(read(&not_text).unwrap_err().contains("is not UTF-8"));
}

proptest! {
    #[test]
    fn nothing_panics(bytes in proptest::collection::vec(any::<u8>(), 0..2000), cut in 0_usize..400, at in 0_usize..400) {
        let _ = read(&bytes);
        let _ = read(&gzip(&bytes));
        let mut whole = files(&[(JUNIT, SUITE), ("meta/config.json", "{}")]);
        let length = whole.len();
        whole[at.min(length - 1)] ^= 1;
        whole.truncate(length.saturating_sub(cut));
        let _ = read(&whole);
    }

    #[test]
    fn no_input_panics(text in "\\PC{0,60}", json in "[\\[\\]{}\":,a-z0-9<>/ ]{0,60}") {
        let _ = ConformanceResults::read_text(&text);
        let _ = ConformanceResults::read(&json);
        let _ = ConformanceResults::read(&serde_json::Value::from(text).to_string());
    }
}

#[test]
fn the_checksum_covers_all_of_an_archive() {
    let whole = files(&[(JUNIT, SUITE)]);
    assert!(read(&whole).is_ok());
    // A byte of the results is changed, but the gzip checksum is not.
    let stored = {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::none());
        let mut builder = Builder::new(Vec::new());
        let failed = SUITE.replace("/></testsuite>", "><failure/></testcase></testsuite>");
        builder.append(&header(JUNIT, failed.len() as u64, EntryType::Regular), failed.as_bytes()).unwrap();
        encoder.write_all(&builder.into_inner().unwrap()).unwrap();
        encoder.finish().unwrap()
    };
    assert!(read(&stored).is_ok());
    let place = stored.windows(10).position(|window| window == b"<failure/>").unwrap();
    let mut forged = stored.clone();
    forged[place..place + 10].copy_from_slice(b"          ");
    let error = read(&forged).unwrap_err();
    assert!(error.contains("not a readable `tar.gz`"), "{error}");
    // As are archives truncated in or before the trailer.
    for missing in 1..=8 {
        assert!(read(&whole[..whole.len() - missing]).is_err(), "{missing}");
    }
}

#[test]
fn gzip_members_are_counted() {
    let whole = files(&[(JUNIT, SUITE)]);
    let empty = gzip(b"");
    let several = [&whole[..], &empty, &empty].concat();
    assert!(read(&several).is_ok());
    let many = [&whole[..], &empty.repeat(20_000)].concat();
    let error = read(&many).unwrap_err();
    assert!(error.contains("more than 10000 gzip members"), "{error}");
    let error = read(&[&empty.repeat(20_000), &whole[..]].concat()).unwrap_err();
    assert!(error.contains("more than 10000 gzip members"), "{error}");
}

#[test]
fn the_inventory_part_equals_the_archive() {
    let other = r#"<testsuite timestamp="2026-10-01T07:00:00"><testcase name="[It] b [Conformance]"><failure/></testcase></testsuite>"#;
    let bytes = files(&[
        ("meta/config.json", r#"{"E2E_FOCUS": "x"}"#),
        ("serverversion.json", r#"{"gitVersion": "v1.36.2"}"#),
        (JUNIT, SUITE),
        ("plugins/e2e/results/global/junit_02.xml", other),
        (SUMMARY, "name: e2e\nitems: []\n"),
        ("podlogs/large.log", &"log ".repeat(100_000)),
    ]);
    let part = ConformanceResults::part_of_archive(&bytes[..], ArchiveLimits::default()).unwrap();
    let text = part.to_string();
    assert!(text.len() < 2000, "{}", text.len());
    assert_eq!(ConformanceResults::read(&text).unwrap(), read(&bytes).unwrap());
}

/// A summary of one suite with these tests.
fn summary(status: &str, tests: &[(&str, &str)]) -> String {
    let head = format!("name: e2e\nstatus: {status}\nitems:\n- name: f\n  items:\n  - name: s\n    items:\n");
    let tests: Vec<String> =
        tests.iter().map(|(name, status)| format!("    - {{name: '{name}', status: {status}}}\n")).collect();
    head + &tests.concat()
}

/// Any sign of failure in an archive counts in addition to its JUnit XML.
#[test]
fn every_sign_of_failure_counts() {
    use scs_standards::junit::TestOutcome::{Failed, Passed, Unfinished};
    let test = "[It] a [Conformance]";
    for (outcome, expected) in [("passed", Passed), ("failed", Failed), ("unknown", Unfinished)] {
        let results =
            read(&files(&[(JUNIT, SUITE), (SUMMARY, &summary("passed", &[(test, outcome)]))])).unwrap();
        assert_eq!(results.runs()[0].tests.of("a [Conformance]"), Some(expected), "{outcome}");
        assert!(results.runs()[0].doubts.is_empty());
    }
    // A test that passed only in the summary is not proven to have run.
    let more = summary("passed", &[("[It] b [Conformance]", "passed")]);
    assert_eq!(read(&files(&[(JUNIT, SUITE), (SUMMARY, &more)])).unwrap().runs()[0].tests.len(), 1);
    let error = "plugins/e2e/errors/global/error.json";
    for (name, content, expected) in [
        (
            SUMMARY,
            "name: e2e\nstatus: failed\nitems: []\n",
            "Sonobuoy reports the run as failed, but none of its tests failed",
        ),
        (
            error,
            r#"{"error": "timeout waiting for results"}"#,
            "Sonobuoy reports an error: timeout waiting for results",
        ),
        (error, "{", "Sonobuoy reports an error: an error that it does not explain"),
        (
            "plugins/e2e/results/global/junit_02.xml",
            r#"<testsuite tests="2" failures="1"><testcase name="c"/></testsuite>"#,
            "the results count 1 test and 1 failure that they do not list",
        ),
    ] {
        let bytes = files(&[(JUNIT, SUITE), (name, content)]);
        let results = read(&bytes).unwrap();
        assert_eq!(results.runs()[0].doubts, [expected]);
        let part = ConformanceResults::part_of_archive(&bytes[..], ArchiveLimits::default()).unwrap();
        assert_eq!(ConformanceResults::read(&part.to_string()).unwrap(), results, "{part}");
    }
    // A listed failure explains the overall failure.
    let failed = summary("failed", &[(test, "failed")]);
    assert!(read(&files(&[(JUNIT, SUITE), (SUMMARY, &failed)])).unwrap().runs()[0].doubts.is_empty());
}

#[test]
fn the_version_in_an_archive_is_not_overridden() {
    let of = |version: &str| files(&[(JUNIT, SUITE), ("serverversion.json", version)]);
    for (version, expected) in [
        (r#"{"gitVersion":"#, "`serverversion.json` is not valid JSON"),
        ("{}", "`serverversion.json` has no `gitVersion`"),
        (r#"{"gitVersion": "new"}"#, "`new` is not a version"),
    ] {
        let error = read(&of(version)).unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
    assert!(read(&files(&[(JUNIT, SUITE), ("meta/config.json", "{")])).is_err());
    let archive = base64(&of(r#"{"gitVersion": "v1.33.4"}"#));
    let beside = |version: &str| {
        let part = serde_json::json!({"sonobuoy_tarball": archive, "version": version}).to_string();
        let read = ConformanceResults::read(&part).map_err(|error| error.to_string())?;
        Ok::<_, String>(read.runs()[0].version.as_ref().unwrap().to_string())
    };
    assert_eq!(beside("v1.33.9").as_deref(), Ok("v1.33.4"));
    let error = beside("v1.36.5").unwrap_err();
    assert!(error.contains("from v1.33.4, but `version` next to them says v1.36.5"), "{error}");
}
