//! Pages that the official monitor does not have: history, changes, certificates and standards; explanations and findings of failed
//! test cases.

use axum::body::Body;
use axum::http::header::{ACCEPT, AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::{Request, StatusCode};
use jiff::civil::date;
use scraper::{Html, Selector};
use scs_registry::explain::{Topic, explain, ids};
use serde_json::{Value, json};

use crate::certificates::reloaded;
use crate::checks::check;
use crate::support::{Database, IAAS, KAAS, KAAS_CASES, Monitor, basic, on_both, report};

on_both!(
    a_history_leads_to_its_reports_and_their_changes,
    changes_are_shown_as_the_endpoint_has_them,
    findings_of_failures_are_only_for_accounts_that_may_read_them,
);

const SUBJECT: &str = "/page/history/cloud-a/scs-compatible-kaas";

fn uuid(number: u32) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

/// The texts of the elements that a selector finds, with single spaces.
fn all(html: &str, selector: &str) -> Vec<String> {
    let document = Html::parse_document(html);
    let text = |element: scraper::ElementRef<'_>| element.text().collect::<Vec<_>>().join(" ");
    let words = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    document.select(&Selector::parse(selector).unwrap()).map(text).map(words).collect()
}

/// The addresses of the links that a selector finds.
fn links(html: &str, selector: &str) -> Vec<String> {
    let document = Html::parse_document(html);
    let address = |element: scraper::ElementRef<'_>| element.attr("href").unwrap().to_owned();
    document.select(&Selector::parse(selector).unwrap()).map(address).collect()
}

async fn a_history_leads_to_its_reports_and_their_changes(database: Database) {
    let monitor = Monitor::on(&database).await;
    let page = monitor.get(SUBJECT).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("There is no report yet.") && !page.text.contains("<img src=\"/history/"));
    let passed = KAAS_CASES.map(|case| (case, 1));
    let days = [(1, "16", 1), (2, "20", -1), (3, "20", -1), (4, "22", 1)];
    for (number, day, result) in days {
        let mut results = passed;
        results[1].1 = result;
        let time = format!("2026-11-{day} 0{number}:00:00");
        let answer = monitor.report_as("cloud-a", &report(number, "cloud-a", KAAS, &time, &results)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }
    let page = monitor.get(SUBJECT).await.text;
    assert_eq!(all(&page, "h1"), ["History of cloud-a"]);
    assert_eq!(
        all(&page, ".figures dd"),
        ["77.7 % 7 of 9 days", "77.7 % 7 of 9 days", "77.7 % 7 of 9 days", "2 days 2026-11-20 to 2026-11-21",]
    );
    assert!(page.contains("Days before the first report (2026-11-16) do not count."));
    assert!(
        page.contains("<img src=\"/history/cloud-a/scs-compatible-kaas.svg\" alt=\"Chart of the verdicts")
    );
    assert_eq!(
        all(&page, "table.stacked tbody tr"),
        ["2026-11-22 FAIL PASS (v1) Report · Changes", "2026-11-20 PASS (v1) FAIL Report · Changes"]
    );
    let expected = [
        format!("/page/report/{}", uuid(4)),
        format!("/page/changes/{}/{}", uuid(3), uuid(4)),
        format!("/page/report/{}", uuid(3)),
        format!("/page/changes/{}/{}", uuid(1), uuid(3)),
    ];
    assert_eq!(links(&page, "table.stacked td a"), expected);
    // Each report with the changes since the one before, newest first.
    let of_reports = links(&page, "ul.reports a");
    assert_eq!((of_reports.len(), &of_reports[3]), (7, &format!("/page/changes/{}/{}", uuid(2), uuid(3))));
    for link in expected.iter().chain(&of_reports) {
        assert_eq!(monitor.get(link).await.status, StatusCode::OK, "{link}");
    }
    for link in links(&page, ".follow a") {
        assert_eq!(monitor.get(&link).await.status, StatusCode::OK, "{link}");
    }
    let snippets = all(&page, ".follow pre");
    assert!(
        snippets[1].starts_with("<a href=\"/page/detail/cloud-a/scs-compatible-kaas\"><img src="),
        "{snippets:?}"
    );
    let german = monitor.get(&format!("{SUBJECT}?lang=de")).await.text;
    assert_eq!(all(&german, ".figures dd")[0], "77,7 % 7 von 9 Tagen");
    assert!(links(&german, "ul.reports a").iter().all(|link| link.ends_with("?lang=de")));
    let detail = monitor.get("/page/detail/cloud-a/scs-compatible-kaas").await.text;
    assert!(links(&detail, ".verdict a").contains(&SUBJECT.to_owned()));
}

#[tokio::test]
async fn a_verdict_that_changes_with_time_has_no_report() {
    let monitor = Monitor::start().await;
    let passed = KAAS_CASES.map(|case| (case, 1));
    monitor.report_as("cloud-b", &report(1, "cloud-b", KAAS, "2026-10-05 08:00:00", &passed)).await;
    let page = monitor.get("/page/history/cloud-b/scs-compatible-kaas").await.text;
    assert_eq!(all(&page, "table.stacked tbody tr"), ["2026-10-19 PASS (v1) MISS no new report on this day"]);
    assert_eq!(all(&page, "details tbody tr"), ["2026-11 0 of 24 days 0 %", "2026-10 14 of 27 days 51.8 %"]);
    // The group has the same history, and leads to that of its member.
    let group = monitor.get("/page/history/group-group-of-b/scs-compatible-kaas").await.text;
    assert_eq!(all(&group, "h1"), ["History of group group-of-b"]);
    assert!(links(&group, "main li a").contains(&"/page/history/cloud-b/scs-compatible-kaas".to_owned()));
    assert_eq!(all(&group, "ul.reports li"), Vec::<String>::new());
    assert!(links(&group, "a").contains(&"/feed.atom?group=group-of-b&scope=scs-compatible-kaas".to_owned()));
    for unknown in
        ["cloud-x/scs-compatible-kaas", "group-x/scs-compatible-kaas", "cloud-b/x", "%00/scs-compatible-kaas"]
    {
        assert_eq!(
            monitor.get(&format!("/page/history/{unknown}")).await.status,
            StatusCode::NOT_FOUND,
            "{unknown}"
        );
    }
}

#[tokio::test]
async fn many_reports_are_shown_on_request() {
    let monitor = Monitor::start().await;
    for number in 1..=24 {
        let time = format!("2026-10-{number:02} 08:00:00");
        let report = report(number, "cloud-a", KAAS, &time, &[("version-policy-check", 1)]);
        assert_eq!(monitor.report_as("cloud-a", &report).await.status, StatusCode::OK);
    }
    let page = monitor.get(SUBJECT).await.text;
    assert_eq!(all(&page, "ul.reports li").len(), 20);
    let more = format!("{SUBJECT}?reports=all");
    assert!(links(&page, "a").contains(&format!("{more}#page-reports")));
    assert_eq!(all(&monitor.get(&more).await.text, "ul.reports li").len(), 24);
}

const PASSED: [(&str, &str); 3] = [(KAAS_CASES[0], "PASS"), (KAAS_CASES[1], "PASS"), (KAAS_CASES[2], "PASS")];

/// Two reports of `cloud-a` in the format `scs/check/2`; the second one has a finding.
async fn with_findings(monitor: &Monitor) -> [String; 2] {
    let mut first = check("cloud-a", "2026-11-23T08:00:00Z", &PASSED);
    first["creator"] = json!("scs 0.1.0");
    let mut second =
        check("cloud-a", "2026-11-24T08:00:00Z", &[PASSED[0], (KAAS_CASES[1], "FAIL"), PASSED[2]]);
    second["creator"] = json!("scs <b>0.2.0</b>");
    second["findings"] = json!([{
        "rule": "scs-0210-patch", "test_case": "version-policy-check", "level": "MUST", "document": "scs-0210-v2",
        "section": "Decision", "result": "FAIL", "subject": "cluster", "message": "v1.35.9 <i>was</i> due by 2026-10-15",
        "decides": true, "fix": {"command": "kubeadm upgrade", "advice": null, "destructive": true},
    }]);
    assert_eq!(monitor.report_as("cloud-a", &json!([first, second])).await.status, StatusCode::OK);
    let uuid = |document: &Value| {
        scs_certificates::report::CheckDocument::read(document).unwrap().reports()[0].run.clone()
    };
    [&first, &second].map(uuid)
}

async fn changes_are_shown_as_the_endpoint_has_them(database: Database) {
    let monitor = Monitor::on(&database).await;
    let [first, second] = with_findings(&monitor).await;
    let path = format!("/page/changes/{first}/{second}");
    let public = monitor.get(&path).await.text;
    assert_eq!(all(&public, "tbody tr"), ["version-policy-check PASS FAIL"]);
    assert!(public.contains("Test cases with the same result: 2"));
    assert!(public.contains("Different versions of the checking software"));
    assert!(!public.contains("kubeadm") && !public.contains("due by"), "{public}");
    assert!(!public.contains("<b>0.2.0"));
    let shown = format!("{path}?findings=show");
    assert!(links(&public, "main a").contains(&shown));
    // The same as without a page: own reports, or the role `read_any`.
    for (who, expected) in [
        (None, StatusCode::UNAUTHORIZED),
        (Some("cloud-b"), StatusCode::UNAUTHORIZED),
        (Some("cloud-a"), StatusCode::OK),
        (Some("reader"), StatusCode::OK),
    ] {
        let answer = match who {
            None => monitor.get(&shown).await,
            Some(who) => monitor.get_as(who, &shown).await,
        };
        assert_eq!(answer.status, expected, "{who:?}");
        assert_eq!(answer.headers.contains_key(WWW_AUTHENTICATE), who.is_none());
        if expected == StatusCode::OK {
            assert!(answer.text.contains("kubeadm upgrade") && answer.text.contains("destructive"));
            assert!(!answer.text.contains("<i>was"), "{}", answer.text);
        }
    }
    assert_eq!(monitor.get_as("cloud-b", &path).await.status, StatusCode::UNAUTHORIZED);
    let back = monitor.get_as("cloud-a", &format!("/page/changes/{second}/{first}?lang=de")).await.text;
    assert_eq!(all(&back, "h2"), ["Geänderte Ergebnisse", "Neue Befunde", "Erledigte Befunde"]);
    monitor
        .report_as(
            "cloud-b",
            &report(9, "cloud-b", KAAS, "2026-11-23 08:00:00", &[("version-policy-check", 1)]),
        )
        .await;
    for (path, status) in [
        (format!("/page/changes/{first}/x"), 404),
        (format!("/page/changes/{first}/%00"), 404),
        (format!("/reports/{first}/changes/%00"), 404),
        (format!("/page/changes/{first}/{}", uuid(9)), 422),
    ] {
        assert_eq!(monitor.get(&path).await.status.as_u16(), status, "{path}");
    }
}

async fn findings_of_failures_are_only_for_accounts_that_may_read_them(database: Database) {
    let monitor = Monitor::on(&database).await;
    with_findings(&monitor).await;
    let path = "/page/detail/cloud-a/scs-compatible-kaas";
    let shown = format!("{path}?findings=show");
    let public = monitor.get(path).await.text;
    assert!(!public.contains("kubeadm upgrade&lt;") && !public.contains("due by 2026-10-15"), "{public}");
    assert!(links(&public, "main a").contains(&shown));
    // Credentials change nothing unless findings are asked for, as in the official monitor.
    assert_eq!(monitor.get_as("cloud-b", path).await.text, public);
    let wrong = Request::get(path).header(AUTHORIZATION, "Basic Y2xvdWQtYTp4").body(Body::empty()).unwrap();
    assert_eq!(monitor.send(wrong).await.text, public);
    for who in ["cloud-a", "reader"] {
        let page = monitor.get_as(who, &shown).await.text;
        assert!(
            all(&page, ".findings li")[0].starts_with("FAIL v1.35.9 <i>was</i> due by 2026-10-15"),
            "{page}"
        );
        assert!(all(&page, ".findings code").contains(&"kubeadm upgrade".to_owned()), "{page}");
    }
    for who in ["cloud-b", "approver", "admin"] {
        assert_eq!(monitor.get_as(who, &shown).await.status, StatusCode::UNAUTHORIZED, "{who}");
    }
    let browser = Request::get(&shown).header(ACCEPT, "text/html").body(Body::empty()).unwrap();
    let refused = monitor.send(browser).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert!(refused.headers.contains_key(WWW_AUTHENTICATE) && refused.text.contains("Login required"));
    // The other forms are those of the official monitor.
    for form in ["markdown", "fragment"] {
        let path = format!("/{form}/detail/cloud-a/scs-compatible-kaas?findings=show");
        let answer = monitor.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(!answer.text.contains("due by"), "{}", answer.text);
    }
    // A member sees its own findings on the page of its group, not those of others.
    monitor
        .report_as("ci", &report(7, "cloud-b", KAAS, "2026-11-23 08:00:00", &[("version-policy-check", -1)]))
        .await;
    let group = "/page/detail/group-group-of-b/scs-compatible-kaas?findings=show";
    let request = Request::get(group).header(AUTHORIZATION, basic("cloud-b")).body(Body::empty()).unwrap();
    assert_eq!(monitor.send(request).await.status, StatusCode::OK);
    assert_eq!(monitor.get_as("cloud-a", group).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_failed_test_case_is_explained_by_its_rules() {
    let monitor = Monitor::start().await;
    monitor
        .report_as(
            "cloud-a",
            &report(1, "cloud-a", IAAS, "2026-11-23 08:00:00", &[("scs-0100-syntax-check", -1)]),
        )
        .await;
    let path = "/page/detail/cloud-a/scs-compatible-iaas";
    let page = monitor.get(path).await.text;
    let explanation = explain("scs-0100-syntax-check", date(2026, 11, 24)).unwrap();
    let rule = explanation.topics.iter().find_map(|topic| match topic {
        Topic::Rule(rule) => Some(rule),
        _ => None,
    });
    let remedy = all(&page, ".remedy").join(" ");
    assert!(remedy.contains(&rule.unwrap().requirement().replace('`', "")), "{remedy}");
    assert!(remedy.contains("Example of a violation:") && remedy.contains("Its repair:"), "{remedy}");
    let link = "/page/standard/scs-0100-syntax-check".to_owned();
    assert!(links(&page, ".problems a").contains(&link) && links(&page, "table.detail th a").contains(&link));
    assert_eq!(monitor.get(&link).await.status, StatusCode::OK);
    let german = monitor.get(&format!("{path}?lang=de")).await.text;
    assert!(all(&german, ".remedy summary")[0].starts_with("Anforderung und Behebung"));
}

#[tokio::test]
async fn certificates_are_shown_with_the_conditions_that_do_not_hold() {
    let monitor = Monitor::with_table(json!([{"scope": "scs-compatible-kaas", "entries": [
        {"name": "Cloud <A>", "description": "", "operator": "", "subject": "cloud-a"},
    ]}]))
    .await;
    let empty = monitor.get("/page/certificates").await.text;
    assert!(
        empty.contains("No certificate has been issued.")
            && empty.contains("No certificate has been revoked.")
    );
    reloaded(&monitor, |file| {
        file["certificates"] = json!([
            {"subject": "cloud-a", "scope": "scs-compatible-kaas", "version": "v1", "issued": "2026-11-01"},
            {"subject": "cloud-a", "scope": KAAS, "version": "v1", "issued": "2025-01-01"},
            {"subject": "cloud-b", "scope": "scs-compatible-kaas", "version": "v1", "issued": "2026-10-01", "revoked": "2026-11-20"},
            {"subject": "cloud-b", "scope": "scs-compatible-kaas", "version": "v1", "issued": "2026-12-01"},
        ]);
    });
    let rows = async || all(&monitor.get("/page/certificates").await.text, "tbody tr");
    let passed = KAAS_CASES.map(|case| (case, 1));
    monitor.report_as("cloud-a", &report(1, "cloud-a", KAAS, "2026-11-23 08:00:00", &passed)).await;
    assert_eq!(
        rows().await,
        [
            "cloud-b SCS-compatible KaaS v1 2026-12-01 2027-12-01 not valid yet –",
            "Cloud <A> cloud-a SCS-compatible KaaS v1 2026-11-01 2027-11-01 valid All conditions hold.",
            "Cloud <A> cloud-a SCS-compatible KaaS v1 2025-01-01 2026-01-01 expired –",
            "cloud-b SCS-compatible KaaS v1 2026-10-01 2027-10-01 revoked 2026-11-20",
        ]
    );
    let failed = [("version-policy-check", -1), ("kaas-networking-check", 0)];
    monitor.report_as("cloud-a", &report(2, "cloud-a", KAAS, "2026-11-24 08:00:00", &failed)).await;
    assert_eq!(
        rows().await[1],
        "Cloud <A> cloud-a SCS-compatible KaaS v1 2026-11-01 2027-11-01 valid, conditions not met \
         Failed: version-policy-check Did not finish: kaas-networking-check"
    );
    let german = monitor.get("/page/certificates?lang=de&subject=cloud-a").await.text;
    assert_eq!(all(&german, "tbody tr").len(), 2);
    assert!(german.contains("Fehlgeschlagen") && german.contains("Es ist kein Zertifikat widerrufen."));
    assert_eq!(monitor.get("/page/certificates?scope=x").await.status, StatusCode::NOT_FOUND);
    let detail = monitor.get("/page/detail/cloud-a/scs-compatible-kaas").await.text;
    assert!(links(&detail, ".verdict a").contains(&"/page/certificates".to_owned()));
}

#[tokio::test]
async fn a_certificate_for_an_unknown_version_does_not_count() {
    let monitor = Monitor::start().await;
    reloaded(&monitor, |file| {
        file["certificates"] = json!([
            {"subject": "cloud-a", "scope": KAAS, "version": "v99", "issued": "2026-11-01"},
        ]);
    });
    let passed = KAAS_CASES.map(|case| (case, 1));
    monitor.report_as("cloud-a", &report(1, "cloud-a", KAAS, "2026-11-23 08:00:00", &passed)).await;
    assert_eq!(
        all(&monitor.get("/page/certificates").await.text, "tbody tr"),
        [
            "cloud-a SCS-compatible KaaS v99 2026-11-01 2027-11-01 does not count The scope does not have this version"
        ]
    );
    let certificates = monitor.get("/certificates").await.json();
    assert_eq!(certificates["certificates"][0]["state"], json!("invalid"));
    assert_eq!(certificates["certificates"][0]["notices"][0]["severity"], json!("error"));
}

#[tokio::test]
async fn standards_rules_and_test_cases_are_explained_as_the_program_does() {
    let monitor = Monitor::start().await;
    let list = monitor.get("/page/standards").await.text;
    let standards = links(&list, "tbody th a");
    assert!(standards.contains(&"/page/standard/scs-0102".to_owned()) && standards.len() > 20);
    for link in &standards {
        assert_eq!(monitor.get(link).await.status, StatusCode::OK, "{link}");
    }
    let day = date(2026, 11, 24);
    for id in ["scs-0102-prop-min_disk", "scs-0102-v2", "version-policy-check", "C-018", "scs-0104-v1-2"] {
        let page = monitor.get(&format!("/page/standard/{id}")).await.text;
        // The words of the program's text, without the layout of either.
        let letters = |text: &str| text.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>();
        let shown = letters(&all(&page, "main").join(" "));
        let text = explain(id, day).unwrap().text();
        // URLs are links.
        for line in text.lines().filter(|line| !line.contains("https://")) {
            assert!(shown.contains(&letters(line)), "{id}: {line}");
        }
    }
    let rule = monitor.get("/page/standard/scs-0102-prop-min_disk?lang=de").await.text;
    assert_eq!(
        links(&rule, "nav.path a"),
        ["/page/standards?lang=de", "/page/standard/scs-0102?lang=de", "/page/standard/scs-0102-v1?lang=de"]
    );
    assert!(rule.contains("<div class=\"explanation\" lang=\"en\">") && rule.contains("sind auf Englisch"));
    for unknown in ["nothing", "%3Cscript%3E", "%00", &"x".repeat(2_000)] {
        let path = format!("/page/standard/{unknown}");
        assert_eq!(monitor.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(monitor.get("/page/standard/100-v3").await.status, StatusCode::OK);
}

#[tokio::test]
async fn every_link_of_an_explanation_leads_to_a_page() {
    let monitor = Monitor::start().await;
    let mut known = std::collections::BTreeSet::new();
    for id in ids().iter().step_by(7) {
        let page = monitor.get(&format!("/page/standard/{}", id.replace(' ', "%20"))).await;
        assert_eq!(page.status, StatusCode::OK, "{id}");
        known.extend(links(&page.text, "main a").into_iter().filter(|link| link.starts_with('/')));
    }
    assert!(known.len() > 100);
    for link in known {
        assert_eq!(monitor.get(&link).await.status, StatusCode::OK, "{link}");
    }
}
