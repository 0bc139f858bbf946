//! `scs facts`, and what fetched facts change in other commands.

mod sources;

use std::fs;
use std::path::PathBuf;

use assert_cmd::Command;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::common::{json, scs, unwrapped};
use crate::schema::valid;
use sources::{Reply, Sources, usual};

/// A user with a directory for data, and sources on loopback.
struct Site {
    sources: Sources,
    data: TempDir,
}

impl Site {
    fn new() -> Self {
        Self { sources: Sources::start(), data: tempfile::tempdir().unwrap() }
    }

    fn directory(&self) -> PathBuf {
        self.data.path().join("scs/facts")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = scs(arguments);
        command.env("XDG_DATA_HOME", self.data.path());
        for name in [
            "GITHUB_TOKEN",
            "GH_TOKEN",
            "HTTP_PROXY",
            "http_proxy",
            "ALL_PROXY",
            "all_proxy",
            "HTTPS_PROXY",
            "https_proxy",
        ] {
            command.env_remove(name);
        }
        command
    }

    #[track_caller]
    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let output = self.command(arguments).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    /// `scs facts update` from the sources on loopback.
    #[track_caller]
    fn update(&self, arguments: &[&str]) -> (i32, String, String) {
        let mirrors = self.sources.mirrors();
        let mut all = vec!["facts", "update"];
        all.extend_from_slice(arguments);
        for mirror in &mirrors {
            all.extend(["--source", mirror]);
        }
        self.run(&all)
    }

    /// The result of the version policy for a cluster with v1.36.5, and the whole report.
    #[track_caller]
    fn check(&self, options: &[&str]) -> (String, Value) {
        let node = json!({"kind": "Node", "metadata": {"name": "n"}, "status": {"nodeInfo": {"kubeletVersion": "v1.36.5"}}});
        let inventory = json!({"kind": "cluster", "version": {"gitVersion": "v1.36.5"}, "nodes": [node]});
        let arguments = [&["check", "-f", "json", "--at", "2026-12-01", "-"], options].concat();
        let output = self.command(&arguments).write_stdin(inventory.to_string()).output().unwrap();
        let report = json(&String::from_utf8(output.stdout).unwrap());
        (report["results"]["version-policy-check"].as_str().unwrap().to_owned(), report)
    }
}

fn notices(report: &Value) -> String {
    report["notices"].to_string()
}

#[test]
fn stale_releases_are_dnf_until_newer_ones_are_fetched() {
    let site = Site::new();
    let (result, report) = site.check(&[]);
    assert_eq!(result, "DNF");
    assert!(report["findings"].to_string().contains("release data end on 2026-09-15"), "{report}");
    let mut command = site.command(&["check", "--at", "2026-12-01", "-"]);
    let inventory = json!({"kind": "cluster", "version": {"gitVersion": "v1.36.5"}}).to_string();
    let text = String::from_utf8(command.write_stdin(inventory).output().unwrap().stdout).unwrap();
    assert!(unwrapped(&text).contains("`scs facts update` fetches newer releases"), "{text}");

    let (status, out, err) = site.update(&[]);
    assert_eq!((status, err.as_str()), (0, ""), "{out}");
    assert!(out.contains("kubernetes-releases") && out.contains("updated"), "{out}");
    let (result, report) = site.check(&[]);
    assert_eq!(result, "PASS", "v1.36.5 is still the newest: {report}");
    assert!(notices(&report).contains("Kubernetes releases as of "), "{report}");
    // The built-in facts are still there, and given ones win.
    assert_eq!(site.check(&["--facts", "embedded"]).0, "DNF");
    let file = site.data.path().join("releases.json");
    fs::write(&file, r#"[{"tag_name": "v1.36.5", "published_at": "2026-09-15T00:00:00Z"}]"#).unwrap();
    let (result, report) = site.check(&["--k8s-releases", file.to_str().unwrap()]);
    assert_eq!(result, "DNF", "the given list is old");
    assert!(!notices(&report).contains("Kubernetes releases as of "), "{report}");

    // A release of last month is overdue.
    site.sources.add_release("v1.36.6", "2026-10-20T15:00:00Z");
    let (status, out, _) = site.update(&["kubernetes-releases"]);
    assert_eq!(status, 0, "{out}");
    assert_eq!(site.check(&[]).0, "FAIL");
    let (_, out, _) = site.run(&["k8s", "versions", "--at", "2026-12-01", "--offered", "v1.36.5"]);
    assert!(out.contains("v1.36.6") && out.contains("(overdue)"), "{out}");
    assert!(unwrapped(&out).contains("note: Kubernetes releases as of"), "{out}");
}

#[test]
fn an_update_says_what_happened_to_each_fact() {
    let site = Site::new();
    let (status, out, _) = site.update(&["-f", "json"]);
    assert_eq!(status, 0);
    let document = json(&out);
    valid("facts-update", [document.clone()]);
    let rows = document["facts"].as_array().unwrap();
    assert!(rows.len() == 7 && rows.iter().all(|row| row["result"] == "updated"), "{document}");
    for row in rows {
        assert!(fs::metadata(row["file"].as_str().unwrap()).is_ok(), "{row}");
    }
    let (status, out, _) = site.update(&["-f", "json"]);
    assert_eq!(status, 0);
    assert!(json(&out)["facts"].as_array().unwrap().iter().all(|row| row["result"] == "unchanged"), "{out}");

    // A source that is down leaves its fact, and the others are updated.
    site.sources.now(|path| match path {
        "/mozilla-tls" => Reply::Html,
        "/kubernetes-releases" | "/kubernetes-stable/stable.txt" => Reply::Limited,
        path => usual(path),
    });
    let (status, out, _) = site.update(&["-f", "json"]);
    assert_eq!(status, 1);
    let document = json(&out);
    valid("facts-update", [document.clone()]);
    let kept: Vec<&Value> =
        document["facts"].as_array().unwrap().iter().filter(|row| row["result"] == "kept").collect();
    assert_eq!(kept.len(), 2, "{document}");
    assert_eq!(
        (&kept[0]["key"], &kept[0]["retry_at"]),
        (&json!("kubernetes-releases"), &json!("2030-01-01T00:00:00Z"))
    );
    assert!(
        kept[1]["reason"].as_str().unwrap().ends_with("/mozilla-tls returned an HTML page"),
        "{document}"
    );
    assert!(kept[1]["as_of"].is_string(), "the fact is still there");
    let (status, out, _) = site.update(&[]);
    assert_eq!(status, 1);
    let text = unwrapped(&out);
    assert!(
        text.contains("before 2030-01-01 00:00 UTC") && text.contains("hint: set `GITHUB_TOKEN`"),
        "{out}"
    );
}

#[test]
fn the_list_says_how_old_facts_are() {
    let site = Site::new();
    let list = |options: &[&str]| {
        let (status, out, err) = site.run(&[&["facts", "list", "-f", "json"], options].concat());
        assert_eq!(err, "");
        let document = json(&out);
        valid("facts-list", [document.clone()]);
        (status, document)
    };
    let row = |document: &Value, key: &str| {
        let rows = document["facts"].as_array().unwrap();
        rows.iter().find(|row| row["key"] == key).unwrap().clone()
    };
    let (status, document) = list(&["--at", "2026-10-31"]);
    assert_eq!(status, 1);
    let releases = row(&document, "kubernetes-releases");
    assert_eq!(
        (
            &releases["origin"],
            &releases["as_of"],
            &releases["age_days"],
            &releases["fresh"],
            &releases["fresh_until"]
        ),
        (&json!("embedded"), &json!("2026-09-15"), &json!(46), &json!(false), &json!("2026-10-30"))
    );
    assert_eq!(releases["run"], "scs facts update kubernetes-releases");
    assert_eq!(row(&list(&["--at", "2026-10-30"]).1, "kubernetes-releases")["fresh"], true);
    let cves = row(&document, "kubernetes-cves");
    assert_eq!(
        (&cves["origin"], &cves["as_of"], &cves["fresh"]),
        (&json!("none"), &Value::Null, &json!(false))
    );
    assert_eq!(row(&document, "openstack-releases")["origin"], "embedded");

    site.update(&[]);
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date().to_string();
    let (status, document) = list(&["--at", &today]);
    assert_eq!(status, 0, "{document}");
    for row in document["facts"].as_array().unwrap().iter().take(7) {
        assert_eq!(
            (&row["origin"], &row["as_of"], &row["age_days"]),
            (&json!("fetched"), &json!(today), &json!(0)),
            "{row}"
        );
    }
    let file = site.directory().join("kubernetes-releases.json");
    let (_, document) = list(&["--at", &today, "--k8s-releases", file.to_str().unwrap()]);
    let given = row(&document, "kubernetes-releases");
    assert_eq!((&given["origin"], &given["as_of"]), (&json!("given"), &json!("2026-09-15")));
    let (status, out, _) = site.run(&["facts", "list", "--at", "2030-01-01"]);
    assert_eq!(status, 1);
    assert!(
        unwrapped(&out).contains("hint: `scs facts update kubernetes-releases kubernetes-ends-of-life"),
        "{out}"
    );
    assert!(site.run(&["facts", "list", "-f", "markdown"]).1.starts_with("| fact | as of |"));
}

#[test]
fn broken_facts_are_ignored_with_a_notice() {
    let site = Site::new();
    site.update(&[]);
    assert_eq!(site.check(&[]).0, "PASS");
    let file = site.directory().join("kubernetes-releases.json");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("v1.36.5", "v1.36.4")).unwrap();
    let (result, report) = site.check(&[]);
    assert_eq!(result, "DNF", "the built-in facts count");
    assert!(
        notices(&report).contains("kubernetes-releases.json: the content does not match its checksum"),
        "{report}"
    );
    let (status, out, _) = site.run(&["facts", "list"]);
    assert_eq!(status, 1);
    let text = unwrapped(&out);
    assert!(text.contains("note: ignored ") && text.contains("does not match its checksum"), "{out}");
    let (_, out, _) = site.run(&["--version"]);
    assert!(out.contains("Fetched data") && out.contains("does not match its checksum"), "{out}");
    // The next update replaces it.
    let (status, out, _) = site.update(&[]);
    assert_eq!(status, 0);
    assert!(unwrapped(&out).contains("note: kubernetes-releases: ignored "), "{out}");
    assert_eq!(site.check(&[]).0, "PASS");
}

#[test]
fn facts_from_the_future_are_ignored() {
    let site = Site::new();
    site.update(&[]);
    let file = site.directory().join("kubernetes-releases.meta.json");
    let mut metadata: Value = json(&fs::read_to_string(&file).unwrap());
    for key in ["fetched_at", "as_of"] {
        metadata[key] = json!("2099-01-01T00:00:00Z");
    }
    fs::write(&file, metadata.to_string()).unwrap();
    let (result, report) = site.check(&[]);
    assert_eq!(result, "DNF");
    assert!(notices(&report).contains("which is in the future"), "{report}");
    // An update is never dated in the future, whatever `--at` says.
    let (_, out, _) = site.update(&["-f", "json", "--at", "2099-01-01"]);
    let fetched = json(&out)["facts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["fetched_at"].to_string())
        .collect::<String>();
    assert!(!fetched.contains("2099"), "{out}");
}

#[test]
fn a_site_without_a_network_takes_a_directory() {
    let (outside, inside) = (Site::new(), Site::new());
    let disk = outside.data.path().join("disk");
    let (status, out, _) = outside.update(&["--to", disk.to_str().unwrap()]);
    assert_eq!(status, 0, "{out}");
    assert!(!outside.directory().exists(), "only the other directory is filled");
    let (status, out, err) = inside.run(&["facts", "update", "--from", disk.to_str().unwrap()]);
    assert_eq!((status, err.as_str()), (0, ""), "{out}");
    assert_eq!(inside.check(&[]).0, "PASS");
    assert!(inside.sources.requests().is_empty(), "nothing was asked for");
    fs::write(disk.join("mozilla-tls.yaml"), "<html>").unwrap();
    let (status, out, _) = inside.run(&["facts", "update", "--from", disk.to_str().unwrap()]);
    assert_eq!(status, 1);
    assert!(unwrapped(&out).contains("does not match its checksum"), "{out}");
    let (status, _, err) = inside.run(&["facts", "update", "--from", "/nowhere"]);
    assert_eq!(status, 2);
    assert!(err.contains("/nowhere is not a directory") && err.contains("--to DIRECTORY"), "{err}");
}

#[test]
fn an_official_scope_file_that_differs_is_reported() {
    let site = Site::new();
    site.sources.now(|path| match path {
        "/scs-compatible-kaas" => Reply::Text(sources::KAAS.replace("lifetime: year", "lifetime: month")),
        path => usual(path),
    });
    let (status, out, _) = site.update(&["scs-compatible-kaas"]);
    assert_eq!(status, 0, "{out}");
    assert!(unwrapped(&out).contains("from the built-in scope file, which checks use"), "{out}");
    let (_, out, _) = site.run(&["facts", "list"]);
    assert!(
        out.contains("+ case cncf-k8s-conformance month") && out.contains("- case cncf-k8s-conformance year"),
        "{out}"
    );
    let (_, report) = site.check(&[]);
    assert!(notices(&report).contains("differs from the built-in one in"), "{report}");
    let file = site.directory().join("scs-compatible-kaas.yaml");
    let (_, report) = site.check(&["--scope", file.to_str().unwrap()]);
    assert!(!notices(&report).contains("differs from the built-in one in"), "{report}");
}

#[test]
fn fetched_calendars_and_profiles_are_used_for_clouds() {
    let site = Site::new();
    site.update(&[]);
    let cloud = "../examples/data/conformant-cloud.yaml";
    let (_, out, _) = site.run(&["check", "-f", "json", "--at", "2026-12-01", cloud]);
    let report = json(&out);
    for name in ["releases of distributions as of ", "Mozilla's TLS recommendations as of "] {
        assert!(notices(&report).contains(name), "{report}");
    }
    let (_, out, _) =
        site.run(&["image", "check", "-f", "json", "--at", "2026-12-01", "../examples/data/images.json"]);
    assert!(out.contains("releases of distributions as of "), "{out}");
    // A release that only the fetched calendar has is the newest one.
    site.sources.now(|path| match (path, usual(path)) {
        ("/ubuntu-releases", Reply::Text(text)) => {
            Reply::Text(format!("{text}26.12 LTS,X,xylo,2026-04-23,2026-05-01,2031-05-29\n"))
        }
        (_, reply) => reply,
    });
    assert_eq!(site.update(&["distribution-releases"]).0, 0);
    let images = [
        "image",
        "check",
        "-f",
        "json",
        "--at",
        "2026-12-01",
        "--standard",
        "v2",
        "../examples/data/images.json",
    ];
    assert!(site.run(&images).1.contains("26.12 (xylo)"));
    assert!(!site.run(&[&images[..], &["--facts", "embedded"]].concat()).1.contains("26.12"));
    let (_, out, _) = site.run(&["explain", "mozilla-tls"]);
    assert!(unwrapped(&out).contains("Fetched: Mozilla's TLS recommendations as of "), "{out}");
    let (_, out, _) = site.run(&["calendar", "--at", "2026-12-01", "../examples/data/k3s-cluster.yaml"]);
    assert!(unwrapped(&out).contains("Kubernetes releases as of "), "{out}");
    let environment =
        site.command(&["explain", "mozilla-tls"]).env("SCS_FACTS", "embedded").output().unwrap();
    assert!(!String::from_utf8(environment.stdout).unwrap().contains("Fetched:"));
}

#[test]
fn without_a_source_rows_say_what_stays_in_use() {
    let site = Site::new();
    site.sources.now(|_| Reply::Down);
    let (status, out, _) =
        site.update(&["-f", "json", "mozilla-tls", "kubernetes-releases", "kubernetes-cves"]);
    assert_eq!(status, 1);
    let document = json(&out);
    valid("facts-update", [document.clone()]);
    let rows = document["facts"].as_array().unwrap();
    let in_use = |key: &str| {
        let row = rows.iter().find(|row| row["key"] == key).unwrap();
        assert_eq!((&row["result"], &row["as_of"]), (&json!("kept"), &Value::Null));
        (row["in_use"].as_str().unwrap().to_owned(), row["in_use_as_of"].clone())
    };
    assert_eq!(in_use("kubernetes-releases"), ("embedded".to_owned(), json!("2026-09-15")));
    assert_eq!(in_use("kubernetes-cves"), ("none".to_owned(), Value::Null));
    let (status, out, _) = site.update(&["kubernetes-releases"]);
    assert_eq!(status, 1);
    assert!(out.contains("2026-09-15") && out.contains("built-in"), "{out}");
    let (_, out, _) = site.update(&["kubernetes-cves"]);
    assert!(out.lines().any(|line| line.trim_end().ends_with("none")), "{out}");
    let (_, help, _) = site.run(&["facts", "update", "--help"]);
    let help = unwrapped(&help);
    assert!(
        help.contains("1 a fact could not be updated") && !help.contains("nothing could be done"),
        "{help}"
    );
    // What was fetched before stays in use, with its date, and the status is the same.
    site.sources.now(usual);
    assert_eq!(site.update(&[]).0, 0);
    site.sources.now(|path| if path.starts_with("/cve-records") { Reply::Down } else { usual(path) });
    let (status, out, _) = site.update(&["-f", "json", "kubernetes-cves"]);
    assert_eq!((status, &json(&out)["facts"][0]["in_use"]), (1, &json!("fetched")), "{out}");
}

#[test]
fn a_malformed_proxy_is_an_error() {
    let site = Site::new();
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        let mut command =
            site.command(&["facts", "update", "mozilla-tls", "--source", "mozilla-tls=http://127.0.0.1:9"]);
        let output = command.env(name, "http://planted-password@[bad").output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{err}");
        assert!(unwrapped(&err).contains(&format!("`{name}` is not the address of a proxy: ")), "{err}");
        assert!(!err.contains("planted-password"), "{err}");
    }
}

#[test]
fn the_list_names_sources_and_its_keys_can_be_explained() {
    let site = Site::new();
    let (_, out, _) = site.run(&["facts", "list", "-f", "markdown"]);
    for (key, source) in [
        ("kubernetes-releases", "api.github.com"),
        ("kubernetes-ends-of-life", "endoflife.date"),
        ("documents", "SovereignCloudStack/standards"),
    ] {
        let row = out.lines().find(|line| line.starts_with(&format!("| {key} |"))).unwrap();
        assert!(row.contains(&format!("| {source} |")), "{row}");
    }
    site.update(&["mozilla-tls"]);
    let (_, out, _) = site.run(&["facts", "list", "-f", "markdown"]);
    let row = out.lines().find(|line| line.starts_with("| mozilla-tls |")).unwrap();
    assert!(row.replace('\\', "").contains("| fetched | 127.0.0.1:"), "{row}");
    let (_, out, _) = site.run(&["facts", "list"]);
    let text = unwrapped(&out);
    assert!(text.contains("Sources: kubernetes-releases api.github.com, kubernetes-ends-of-life "), "{out}");
    assert!(text.contains(" mozilla-tls 127.0.0.1:"), "{out}");
    let (_, out, _) = site.run(&["facts", "list", "-f", "json"]);
    for row in json(&out)["facts"].as_array().unwrap() {
        let key = row["key"].as_str().unwrap();
        let (status, out, err) = site.run(&["explain", key]);
        assert_eq!((status, err.as_str()), (0, ""), "{key}: {out}");
    }
    assert!(unwrapped(&site.run(&["explain", "kubernetes-cves"]).1).contains("None are built in."));
}

#[test]
fn mistakes_on_the_command_line_are_reported() {
    let site = Site::new();
    for (arguments, message) in [
        (
            &["releases"][..],
            "`releases` is not a fact that can be fetched; these can be: kubernetes-releases",
        ),
        (&["--timeout", "0"], "expected a number of seconds from 1"),
        (&["--source", "github=https://x"], "`github` is not a source"),
        (&["--source", "mozilla-tls=ftp://x"], "`ftp` is not supported"),
        (&["--source", "mozilla-tls=ftp://u:planted-password@x"], "`ftp` is not supported"),
        (&["--source", "mozilla-tls=http://u:planted-password@[x"], "not a URL: "),
        (&["--from", "a", "--proxy", "http://b"], "cannot be used with"),
    ] {
        let (status, _, err) = site.run(&[&["facts", "update"], arguments].concat());
        assert_eq!(status, 2);
        assert!(err.contains(message), "{arguments:?}: {err}");
        assert!(!err.contains("planted-password"), "{err}");
    }
    let file = site.data.path().join("file");
    fs::write(&file, "").unwrap();
    let (status, _, err) = site.update(&["--to", file.join("facts").to_str().unwrap()]);
    assert_eq!(status, 2);
    assert!(err.contains("cannot write ") && err.contains("hint: name another directory"), "{err}");
}

#[test]
fn without_a_connection_facts_stay_and_a_proxy_is_suggested() {
    let site = Site::new();
    let closed = "http://127.0.0.1:9";
    let mirrors: Vec<String> = Sources::mirrors_at(closed);
    let mut arguments = vec!["facts", "update", "--timeout", "5"];
    for mirror in &mirrors {
        arguments.extend(["--source", mirror]);
    }
    let (status, out, _) = site.run(&arguments);
    assert_eq!(status, 1);
    assert!(
        out.contains("cannot reach 127.0.0.1:9") && unwrapped(&out).contains("use `--from DIRECTORY`"),
        "{out}"
    );
    // The proxy is used for requests: this one answers as if it were the sources.
    let proxy = site.sources.address.clone();
    let (status, out, _) = site.run(&[
        "facts",
        "update",
        "mozilla-tls",
        "--proxy",
        &proxy,
        "--source",
        "mozilla-tls=http://ssl-config.example/mozilla-tls",
    ]);
    assert_eq!(status, 0, "{out}");
}
