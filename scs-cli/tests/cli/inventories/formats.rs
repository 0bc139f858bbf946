//! The formats of reports for programs.

use super::{AT, checked, run_with_input};
use crate::common::example;
use serde_json::{Value, json};

#[test]
fn junit_is_read_by_a_reader_of_xml() {
    use quick_xml::events::Event;

    let text = checked(&["-f", "junit"], "typical-cloud.yaml").stdout;
    let mut reader = quick_xml::Reader::from_str(&text);
    let (mut cases, mut failures, mut suites) = (0, 0, Vec::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) | Event::Empty(start) => match start.name().as_ref() {
                "testcase" => cases += 1,
                "failure" => failures += 1,
                "testsuite" => {
                    let attribute =
                        |name: &str| start.try_get_attribute(name).unwrap().unwrap().value.into_owned();
                    suites.push((attribute("tests"), attribute("failures")));
                }
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    // The version that decides, and no draft.
    assert_eq!(suites.len(), 1);
    let sum = |of: fn(&(String, String)) -> &String| {
        suites.iter().map(|it| of(it).parse::<usize>().unwrap()).sum::<usize>()
    };
    assert_eq!((sum(|it| &it.0), sum(|it| &it.1)), (cases, failures));
}

#[test]
fn sarif_is_read_by_types_made_from_its_schema() {
    let text = checked(&["-f", "sarif"], "typical-cloud.yaml").stdout;
    let read: serde_sarif::sarif::Sarif = serde_json::from_str(&text).unwrap();
    assert_eq!(read.runs.len(), 1);
    assert_eq!(read.runs[0].tool.driver.name, "scs");
    let log: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert!(!results.is_empty());
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(["error", "warning", "note", "none"].contains(&result["level"].as_str().unwrap()));
        // According to the specification, only failures have a level.
        assert_eq!(result["kind"] == "fail", result["level"] != "none");
        assert!(result["message"]["text"].is_string());
        assert!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].is_string());
    }
}

#[test]
fn the_report_is_one_of_the_official_suite() {
    let text = checked(&["-f", "yaml-report"], "typical-cloud.yaml").stdout;
    assert!(text.starts_with("---\nspec:\n"));
    assert!(text.contains("\nchecked_at: 2026-11-24 06:00:00\n"));
    assert!(text.contains("\n        \"scs-0103-flavor-8v-16\": -1\n"));
}

/// The parser of the official tools, if python3 has it.
#[test]
fn the_report_is_read_by_the_reader_of_the_official_tools() {
    use std::io::Write;
    use std::process::{Command, Stdio};

    const READ: &str = "import sys, yaml, datetime\n\
        d = yaml.safe_load(sys.stdin)\n\
        assert isinstance(d['checked_at'], datetime.datetime) and isinstance(d['reference_date'], datetime.date)\n\
        results = {k: v for i in d['run']['invocations'].values() for k, v in i['results'].items()}\n\
        assert set(results.values()) <= {1, 0, -1}\n\
        print(d['subject'], d['spec']['uuid'], len(results))\n";
    let known = Command::new("python3").args(["-c", "import yaml"]).stderr(Stdio::null()).status();
    if !known.is_ok_and(|status| status.success()) {
        println!("skipped: there is no python3 with PyYAML");
        return;
    }
    let text = checked(&["-f", "yaml-report"], "typical-cloud.yaml").stdout;
    let mut child = Command::new("python3")
        .args(["-c", READ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "typical-cloud 50393e6f-2ae1-4c5c-a62c-3b75f2abef3f 54\n"
    );
}

#[test]
fn no_message_of_junit_is_empty() {
    for more in [&[][..], &["--include-drafts"], &["--profile", "official"], &["--scope-version", "next"]] {
        let text = checked(&[more, &["-f", "junit"]].concat(), "typical-cloud.yaml").stdout;
        assert!(!text.contains(r#"message="""#), "{more:?}: {text}");
    }
    // Requirements of drafts are not failures.
    let text = std::fs::read_to_string(example("conformant-cloud.yaml")).unwrap();
    let mut cloud: Value = serde_saphyr::from_str(&text).unwrap();
    for image in cloud["images"].as_array_mut().unwrap() {
        image["os_purpose"] = json!("foo");
    }
    let run = run_with_input(&[&AT[..], &["-f", "junit", "-"]].concat(), &cloud.to_string());
    assert_eq!((run.status, run.stdout.matches("<failure").count()), (0, 0), "{}", run.stdout);
}

#[test]
fn a_destructive_repair_is_marked_in_every_format() {
    for format in ["text", "markdown", "junit", "sarif"] {
        let text = checked(&["-f", format], "typical-cloud.yaml").stdout;
        for (place, _) in text.match_indices("openstack flavor delete") {
            let line_start = text[..place].rfind('\n').unwrap_or(0);
            let line_end = text[place..].find('\n').map_or(text.len(), |end| place + end);
            let line = &text[line_start..line_end];
            assert!(line.contains("(destructive)"), "{format}: {line}");
        }
    }
}

/// These formats show a failure whenever the verdict is not PASS, for any reason.
#[test]
fn formats_for_ci_are_red_whenever_the_verdict_is() {
    let cloud = std::fs::read_to_string(example("conformant-cloud.yaml")).unwrap();
    let cluster = std::fs::read_to_string(example("conformant-cluster.yaml")).unwrap();
    let without = |text: &str, part: &str| text.replace(part, &format!("x_{part}"));
    let scope = std::fs::read_to_string(
        std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../scs-certificates/data/scs-compatible-kaas.yaml"),
    )
    .unwrap();
    let broken_scope = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(broken_scope.path(), scope.replacen("url: https", "url: not a url ", 1)).unwrap();
    let broken_scope = broken_scope.path().to_str().unwrap();
    for (what, text, arguments) in [
        ("good", cloud.clone(), &["--at", "2026-11-24"][..]),
        ("of later", cluster.clone(), &["--at", "2026-10-15"]),
        ("too old", cluster.clone(), &["--at", "2028-10-15"]),
        ("before any version", cloud.clone(), &["--at", "2020-01-01"]),
        ("scope with an error", cluster.clone(), &["--at", "2026-10-20", "--scope", broken_scope]),
        ("nothing in it", "kind: cloud\n".to_owned(), &["--at", "2026-11-24"]),
        ("images missing", without(&cloud, "images:"), &["--at", "2026-11-24"]),
        ("no known time", cloud.replace("collected_at: 2", "collected_at: x2"), &["--at", "2026-11-24"]),
        ("official, of later", cluster, &["--at", "2026-10-15", "--profile", "official"]),
    ] {
        let of = |format: &str| {
            let run = run_with_input(&[&["check"], arguments, &["-f", format, "-"]].concat(), &text);
            (run.status, run.stdout)
        };
        let (status, document) = of("json");
        let document: Value = serde_json::from_str(&document).unwrap();
        let passed = document["verdict"] == "PASS";
        assert_eq!((status, what == "good"), (i32::from(!passed), passed), "{what}: {}", document["verdict"]);
        let (_, junit) = of("junit");
        assert_eq!(junit.contains("<failure") || junit.contains("<error"), !passed, "{what}: {junit}");
        let (_, sarif) = of("sarif");
        let sarif: Value = serde_json::from_str(&sarif).unwrap();
        let results = sarif["runs"][0]["results"].as_array().unwrap();
        let red = results.iter().any(|result| result["level"] == "error");
        assert_eq!(red, !passed, "{what}");
        let (_, markdown) = of("markdown");
        assert!(markdown.contains(document["verdict"].as_str().unwrap()), "{what}: {markdown}");
    }
}
