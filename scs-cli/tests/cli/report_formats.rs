//! The formats and report options of every check, parsed by third-party libraries.

use std::io::Write;

use serde_json::Value;

use crate::common::{data, example, json, run, scs};

const AT: [&str; 2] = ["--at", "2026-11-24"];

/// Every check, on a subject with findings.
fn checks() -> Vec<Vec<String>> {
    let check = |words: &[&str], file: String| {
        words.iter().chain(&AT).map(|word| (*word).to_owned()).chain([file]).collect::<Vec<String>>()
    };
    vec![
        check(&["check"], example("typical-cloud.yaml")),
        check(&["check"], example("k3s-cluster.yaml")),
        check(&["flavor", "check"], data("nova.json")),
        check(&["image", "check"], example("images.json")),
        check(&["entropy", "check"], example("console-output.txt")),
        check(&["standards", "lint"], data("documents")),
    ]
}

fn printed(check: &[String], more: &[&str]) -> (i32, String) {
    let arguments: Vec<&str> = check.iter().map(String::as_str).chain(more.iter().copied()).collect();
    let (status, out, err) = run(&arguments);
    assert!(status < 2, "{arguments:?}: {err}");
    (status, out)
}

#[test]
fn json_is_read_back_as_a_report() {
    for check in checks() {
        let text = printed(&check, &["-f", "json"]).1;
        let report: scs_registry::Report = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_value(&report).unwrap(), json(&text), "{check:?}");
        assert!(!report.findings.is_empty(), "{check:?}");
        let yaml = printed(&check, &["-f", "yaml"]).1;
        assert_eq!(serde_saphyr::from_str::<Value>(&yaml).unwrap(), json(&text), "{check:?}");
        // The last line is the report, and the lines before are its findings.
        let lines: Vec<Value> = printed(&check, &["-f", "jsonl"]).1.lines().map(json).collect();
        assert_eq!(lines.len(), report.findings.len() + 1, "{check:?}");
    }
}

#[test]
fn csv_has_a_row_for_each_finding() {
    for check in checks() {
        let report: Value = json(&printed(&check, &["-f", "json"]).1);
        let text = printed(&check, &["-f", "csv"]).1;
        let mut rows = csv::Reader::from_reader(text.as_bytes());
        let head = rows.headers().unwrap().clone();
        let column = |name: &str| head.iter().position(|cell| cell == name).unwrap();
        let rows: Vec<csv::StringRecord> = rows.records().collect::<Result<_, _>>().unwrap();
        let findings = report["findings"].as_array().unwrap();
        assert_eq!(rows.len(), findings.len(), "{check:?}");
        for (row, finding) in rows.iter().zip(findings) {
            assert_eq!(row[column("rule")], *finding["rule"].as_str().unwrap());
            assert_eq!(row[column("result")], *finding["result"].as_str().unwrap());
            assert_eq!(row[column("decides")], finding["decides"].to_string());
        }
    }
}

#[test]
fn formulas_of_spreadsheets_are_defused() {
    let mut file = tempfile::Builder::new().suffix(".json").tempfile().unwrap();
    let flavors = r#"{"flavors": [{"name": "=cmd()", "vcpus": 1, "ram": 1024, "disk": 0}, {"name": "SCS-=1", "vcpus": 1, "ram": 1024, "disk": 0}]}"#;
    file.write_all(flavors.as_bytes()).unwrap();
    let text = run(&["flavor", "check", "--at", "2026-11-24", "-f", "csv", file.path().to_str().unwrap()]).1;
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    assert!(rows.records().all(|row| row.unwrap().iter().all(|cell| !cell.starts_with(['=', '+', '@']))));
}

#[test]
fn html_is_one_page_that_parses() {
    for check in checks() {
        let page = printed(&check, &["-f", "html"]).1;
        let document = scraper::Html::parse_document(&page);
        assert!(document.errors.is_empty(), "{check:?}: {:?}", document.errors);
        let select = |selector: &str| document.select(&scraper::Selector::parse(selector).unwrap()).count();
        assert_eq!((select("h1"), select("script, img, link, iframe, object")), (1, 0), "{check:?}");
        let report: Value = json(&printed(&check, &["-f", "json"]).1);
        assert!(select(".finding") > 0 || report["verdict"] == "PASS", "{check:?}");
        let verdict = document.select(&scraper::Selector::parse("h1 .verdict").unwrap()).next().unwrap();
        assert_eq!(verdict.text().collect::<String>(), report["verdict"].as_str().unwrap(), "{check:?}");
    }
}

#[test]
fn hostile_names_stay_text_on_the_page() {
    let name = "<script>alert(1)</script><img src=x onerror=y>";
    let inventory = serde_json::json!({"kind": "cloud", "subject": name,
        "flavors": [{"name": format!("SCS-{name}"), "vcpus": 1, "ram": 1024, "disk": 0}]});
    let mut file = tempfile::Builder::new().suffix(".json").tempfile().unwrap();
    file.write_all(inventory.to_string().as_bytes()).unwrap();
    let page = run(&["check", "--at", "2026-11-24", "-f", "html", file.path().to_str().unwrap()]).1;
    let document = scraper::Html::parse_document(&page);
    assert_eq!(document.select(&scraper::Selector::parse("script, img").unwrap()).count(), 0);
    assert!(document.root_element().text().collect::<String>().contains(name));
}

#[test]
fn junit_and_sarif_of_every_check_are_red_with_the_verdict() {
    for check in checks() {
        let report: Value = json(&printed(&check, &["-f", "json"]).1);
        let passes = report["verdict"] == "PASS";
        let xml = printed(&check, &["-f", "junit"]).1;
        let failed = xml.contains("<failure ") || xml.contains("<error ");
        assert_eq!(failed, !passes, "{check:?}: {xml}");
        assert!(!xml.contains("message=\"\""), "{check:?}");
        let log: serde_sarif::sarif::Sarif =
            serde_json::from_str(&printed(&check, &["-f", "sarif"]).1).unwrap();
        let results = log.runs[0].results.clone().unwrap_or_default();
        let is_error = |result: &serde_sarif::sarif::Result| {
            serde_json::to_value(result).is_ok_and(|result| result["level"] == "error")
        };
        assert_eq!(results.iter().any(is_error), !passes, "{check:?}");
    }
}

#[test]
fn text_fits_the_terminal() {
    for check in checks() {
        for columns in ["80", "120"] {
            for more in [&[][..], &["--all"]] {
                let mut command =
                    scs(&check.iter().map(String::as_str).chain(more.iter().copied()).collect::<Vec<_>>());
                let out = command.env("COLUMNS", columns).output().unwrap().stdout;
                let width: usize = columns.parse().unwrap();
                for line in String::from_utf8(out).unwrap().lines() {
                    // Words are never cut, so paths, names and quoted text may be longer.
                    let words: Vec<&str> = line.split_whitespace().collect();
                    let is_one_word = words.len() <= 2 || line.contains(['`', '\'', '"']);
                    assert!(line.chars().count() <= width || is_one_word, "{check:?}, {columns}: {line}");
                }
            }
        }
    }
}

#[test]
fn quiet_prints_the_verdict() {
    for check in checks() {
        let (status, out) = printed(&check, &["--quiet"]);
        let report: Value = json(&printed(&check, &["-f", "json"]).1);
        assert_eq!(out, format!("{}\n", report["verdict"].as_str().unwrap()), "{check:?}");
        assert_eq!(status == 0, report["verdict"] == "PASS", "{check:?}");
    }
}

#[test]
fn findings_of_a_baseline_do_not_fail_again() {
    let check = ["check", "--at", "2026-11-24"];
    let typical = example("typical-cloud.yaml");
    let directory = tempfile::tempdir().unwrap();
    let baseline = directory.path().join("baseline.json");
    let baseline = baseline.to_str().unwrap();
    assert_eq!(run(&[&check[..], &["-f", "json", "-o", baseline, &typical]].concat()).0, 1);
    let (status, out, err) = run(&[&check[..], &["--baseline", baseline, &typical]].concat());
    assert_eq!(status, 0, "{out}{err}");
    // The verdict about the certificate does not change.
    assert!(out.contains("\nFAIL (accepted: no new findings)\n") && out.contains("error (known): "), "{out}");
    let xml = run(&[&check[..], &["--baseline", baseline, "-f", "junit", &typical]].concat()).1;
    assert!(!xml.contains("<failure ") && !xml.contains("<error "), "{xml}");
    let sarif = json(&run(&[&check[..], &["--baseline", baseline, "-f", "sarif", &typical]].concat()).1);
    assert!(
        sarif["runs"][0]["results"].as_array().unwrap().iter().all(|it| it["baselineState"] == "unchanged")
    );
    // A finding that is missing in the baseline is new.
    let mut reduced = json(&std::fs::read_to_string(baseline).unwrap());
    let findings = reduced["findings"].as_array_mut().unwrap();
    let place = findings.iter().position(|finding| finding["decides"] == true).unwrap();
    findings.remove(place);
    std::fs::write(baseline, reduced.to_string()).unwrap();
    assert_eq!(run(&[&check[..], &["--baseline", baseline, &typical]].concat()).0, 1);
    // A broken requirement that was unanswered before is new.
    assert_eq!(run(&[&check[..], &["-f", "json", "-o", baseline, &typical]].concat()).0, 1);
    let mut unanswered = json(&std::fs::read_to_string(baseline).unwrap());
    let broken = |finding: &&mut Value| finding["decides"] == true && finding["result"] == "FAIL";
    unanswered["findings"].as_array_mut().unwrap().iter_mut().find(broken).unwrap()["result"] = "MISS".into();
    std::fs::write(baseline, unanswered.to_string()).unwrap();
    assert_eq!(run(&[&check[..], &["--baseline", baseline, &typical]].concat()).0, 1);
    // Only reports can be a baseline.
    std::fs::write(baseline, "{}").unwrap();
    let (status, _, err) = run(&[&check[..], &["--baseline", baseline, &typical]].concat());
    assert_eq!(status, 2);
    assert!(err.contains("not a report"), "{err}");
}

#[test]
fn a_severity_can_fail_a_check_that_passes() {
    let conformant = example("conformant-cloud.yaml");
    let status = |least: &str| run(&["check", "--at", "2026-11-24", "--fail-on", least, &conformant]).0;
    assert_eq!([status("error"), status("warning"), status("info")], [0, 0, 1]);
}

#[test]
fn junit_has_other_versions_only_where_drafts_are_included() {
    let typical = example("typical-cloud.yaml");
    let suites = |more: &[&str]| {
        let arguments = [&["check", "--at", "2026-11-24", "-f", "junit"], more, &[&typical]].concat();
        run(&arguments).1.matches("<testsuite ").count()
    };
    assert_eq!((suites(&[]), suites(&["--include-drafts"])), (1, 2));
}
