//! `scs calendar`.

use std::collections::BTreeMap;

use icalendar::Component;
use serde_json::{Value, json};

use crate::common::{example, json, run, run_with};
use crate::schema::valid;

fn calendar(options: &[&str], files: &[&str]) -> (i32, String, String) {
    calendar_at("2026-12-01", options, files)
}

fn calendar_at(at: &str, options: &[&str], files: &[&str]) -> (i32, String, String) {
    let files: Vec<String> = files.iter().map(|file| example(file)).collect();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    run(&[&["calendar", "--at", at], options, &files].concat())
}

#[test]
fn help_has_examples_and_statuses() {
    let (status, out, err) = run(&["calendar", "--help"]);
    assert_eq!((status, err.as_str()), (0, ""));
    insta::assert_snapshot!("help_calendar", out);
}

#[test]
fn overdue_events_come_first() {
    let (status, out, err) = calendar(&[], &["typical-cloud.yaml"]);
    assert_eq!((status, err.as_str()), (1, ""));
    insta::assert_snapshot!("calendar_cloud", out);
    insta::assert_snapshot!("calendar_markdown", calendar(&["-f", "markdown"], &["typical-cloud.yaml"]).1);
}

#[test]
fn several_subjects_make_one_calendar() {
    let files = ["conformant-cloud.yaml", "k3s-cluster.yaml"];
    insta::assert_snapshot!("calendar_several", calendar_at("2026-10-20", &["--horizon", "2w"], &files).1);
    let alone = |file: &str| {
        let (_, out, _) = calendar(&["-f", "json"], &[file]);
        json(&out)["events"].as_array().unwrap().len()
    };
    let (_, out, _) = calendar(&["-f", "json"], &files);
    assert_eq!(json(&out)["events"].as_array().unwrap().len(), alone(files[0]) + alone(files[1]));
}

#[test]
fn the_status_says_whether_something_is_due() {
    let image = |built: &str| {
        let image = json!({"name": "Debian 13", "image_build_date": built, "replace_frequency": "monthly",
            "provided_until": "2027-12-31"});
        json!({"images": [image]}).to_string()
    };
    let status = |horizon: &str, built: &str| {
        let options = ["calendar", "--at", "2026-12-01", "--horizon", horizon, "-"];
        run_with(&options, image(built)).0
    };
    assert_eq!(status("11d", "2026-11-10"), 0);
    assert_eq!(status("12d", "2026-11-10"), 1);
    assert_eq!(status("0d", "2026-10-10"), 1);
    let (status, out, _) =
        run_with(&["calendar", "--at", "2026-12-01", "--horizon", "1w", "-"], image("2026-11-10"));
    assert_eq!((status, out.as_str()), (0, "nothing is overdue or due by 2026-12-08\n"));
}

#[test]
fn bad_input_is_refused() {
    let (status, out, err) = run_with(&["calendar", "-"], "{");
    assert_eq!((status, out.as_str()), (2, ""));
    assert!(err.contains("hint:"), "{err}");
    let (status, _, err) = run_with(&["calendar", "-"], r#"{"schema": "scs/check/2", "subject": 1}"#);
    assert_eq!(status, 2);
    assert!(err.contains("not a complete report"), "{err}");
    let (status, _, err) = run(&["calendar", "--horizon", "soon", "x.yaml"]);
    assert_eq!(status, 2);
    assert!(err.contains("30d"), "{err}");
}

#[test]
fn json_is_as_its_schema_says() {
    for file in ["typical-cloud.yaml", "conformant-cloud.yaml", "k3s-cluster.yaml", "managed-cluster.yaml"] {
        let (_, out, _) = calendar(&["-f", "json"], &[file]);
        let document = json(&out);
        assert!(!document["events"].as_array().unwrap().is_empty(), "{file}");
        valid("calendar", [document]);
    }
}

#[test]
fn a_report_tells_when_its_results_expire() {
    let cloud = example("conformant-cloud.yaml");
    let (_, report, _) = run(&["check", "-f", "json", "--at", "2026-11-24", &cloud]);
    let (status, out, err) = run_with(&["calendar", "--at", "2026-12-01", "-f", "json", "-"], report.clone());
    assert_eq!((status, err.as_str()), (1, ""));
    let document = json(&out);
    valid("calendar", [document.clone()]);
    let kinds: Vec<&Value> =
        document["events"].as_array().unwrap().iter().map(|event| &event["kind"]).collect();
    assert!(kinds.contains(&&json!("result")), "{kinds:?}");
    // A report together with inventories; a report for another scope is rejected.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.json");
    std::fs::write(&file, report).unwrap();
    let file = file.to_str().unwrap();
    let (status, _, _) = run(&["calendar", "--at", "2026-12-01", file, &example("k3s-cluster.yaml")]);
    assert_eq!(status, 1);
    let (status, _, err) = run(&["calendar", "--scope", "scs-compatible-kaas", file]);
    assert_eq!(status, 2);
    assert!(err.contains("is about SCS-compatible IaaS") && err.contains("hint:"), "{err}");
}

/// The events of an iCalendar document by their UIDs: the day, the summary and the description.
fn read_back(text: &str) -> BTreeMap<String, (String, String, String)> {
    let read: icalendar::Calendar = text.parse().unwrap();
    let events: Vec<_> = read
        .events()
        .map(|event| {
            let Some(icalendar::DatePerhapsTime::Date(date)) = event.get_start() else {
                panic!("not an all-day event: {event:?}")
            };
            let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
            let facts = (date.to_string(), text(event.get_summary()), text(event.get_description()));
            (event.get_uid().unwrap().to_owned(), facts)
        })
        .collect();
    let count = events.len();
    let by_uid: BTreeMap<_, _> = events.into_iter().collect();
    assert_eq!(by_uid.len(), count, "UIDs are not unique");
    by_uid
}

#[test]
fn ics_is_read_back() {
    let files = ["typical-cloud.yaml", "k3s-cluster.yaml"];
    let (status, text, err) = calendar(&["-f", "ics"], &files);
    assert_eq!((status, err.as_str()), (1, ""));
    assert!(text.lines().all(|line| line.len() <= 75), "a line is not folded");
    assert!(text.contains("DTSTAMP:20261201T000000Z\r\n"), "{text}");
    let events = read_back(&text);
    let (_, out, _) = calendar(&["-f", "json"], &files);
    let document = json(&out);
    let listed = document["events"].as_array().unwrap();
    assert_eq!(events.len(), listed.len());
    for event in listed {
        let of = |key: &str| event[key].as_str().unwrap().to_owned();
        let found = events.values().find(|(date, summary, _)| {
            *date == of("date") && summary.contains(&format!("{}: {}", of("subject"), of("event")))
        });
        assert!(found.is_some(), "{event}");
    }
    // The same events keep their UIDs on another day.
    let (_, later, _) = calendar_at("2026-12-02", &["-f", "ics"], &files);
    let again = read_back(&later);
    let kept = again.keys().filter(|uid| events.contains_key(*uid)).count();
    assert_eq!(kept, again.len().min(events.len()));
    assert!(later.contains("DTSTAMP:20261202T000000Z\r\n"));
}

#[test]
fn text_in_ics_is_escaped() {
    let image = json!({"name": "a, b; c\\d\r\nBEGIN:VEVENT", "image_build_date": "2026-11-10",
        "replace_frequency": "monthly", "provided_until": "2027-12-31"});
    let options = ["calendar", "--at", "2026-12-01", "-f", "ics", "--subject", "x\r\nEND:VCALENDAR", "-"];
    let (_, text, _) = run_with(&options, json!({"images": [image]}).to_string());
    let events = read_back(&text);
    assert_eq!(events.len(), 1);
    let (_, summary, _) = events.values().next().unwrap();
    assert!(summary.starts_with("a, b; c\\d\\r\\nBEGIN:VEVENT: due for replacement"), "{summary}");
    assert_eq!(text.matches("END:VCALENDAR\r\n").count(), 1);
}
