//! What comes in reports and addresses shows as text.

use axum::http::StatusCode;
use scraper::{Html, Selector};

use crate::certificates::reloaded;
use crate::hostile_report::{TEXTS, hostile_report};
use crate::support::{self, KAAS, Monitor};

/// Elements, attributes and addresses that a page must not have.
fn check(html: &str, place: &str) {
    let document = Html::parse_document(html);
    let all = Selector::parse("*").unwrap();
    for element in document.select(&all) {
        let name = element.value().name();
        assert!(!["iframe", "object", "embed", "base", "style", "svg"].contains(&name), "{place}: {name}");
        if name == "img" {
            let source = element.attr("src").unwrap_or_default();
            assert!(source.starts_with("/badge/") || source.starts_with("/history/"), "{place}: {source}");
        }
        if name == "script" {
            assert!(element.attr("src").is_some_and(|src| src.starts_with("/assets/")), "{place}");
            assert_eq!(element.text().collect::<String>(), "");
        }
        for (attribute, value) in element.value().attrs() {
            assert!(!attribute.starts_with("on") && attribute != "style", "{place}: {attribute}");
            if ["href", "src", "action"].contains(&attribute) {
                let is_safe = ["/", "#", "?", "https://"].iter().any(|start| value.starts_with(start));
                assert!(is_safe && !value.starts_with("//"), "{place}: {value}");
            }
        }
    }
    assert_eq!(
        document.select(&Selector::parse("h1").unwrap()).count(),
        usize::from(place.starts_with("/page"))
    );
}

#[tokio::test]
async fn a_hostile_report_is_text() {
    let monitor = Monitor::start().await;
    let report = hostile_report(1, "cloud-a");
    let answer = monitor.report_as("cloud-a", &report).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let uuid = "00000000-0000-4000-8000-000000000001";
    let other = "00000000-0000-4000-8000-000000000002";
    let results = [("version-policy-check", 1)];
    monitor.report_as("cloud-a", &support::report(2, "cloud-a", KAAS, "2026-11-24 08:00:00", &results)).await;
    let changes = [
        "/page/history/cloud-a/scs-compatible-kaas".to_owned(),
        format!("/page/changes/{uuid}/{uuid}"),
        format!("/page/changes/{uuid}/{other}"),
    ];
    for path in changes {
        let page = monitor.get(&path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        check(&page.text, &path);
    }
    for path in [format!("report/{uuid}"), "detail/cloud-a/scs-compatible-kaas".to_owned()] {
        for form in ["page", "fragment"] {
            let path = format!("/{form}/{path}");
            let page = monitor.get(&path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            check(&page.text, &path);
        }
    }
    let path = format!("/page/report_full/{uuid}");
    let page = monitor.get_as("admin", &path).await;
    let page = if page.status == StatusCode::OK { page } else { monitor.get_as("reader", &path).await };
    assert_eq!(page.status, StatusCode::OK);
    check(&page.text, &path);
    let text: String = Html::parse_document(&page.text).root_element().text().collect();
    for hostile in TEXTS.iter().take(5) {
        assert!(text.contains(hostile), "{hostile}");
    }
}

#[tokio::test]
async fn a_hostile_address_is_text() {
    let monitor = Monitor::start().await;
    for text in ["%3Cscript%3Ealert(1)%3C%2Fscript%3E", "%22%20onload%3Dalert(1)%20", "javascript%3Aalert(1)"]
    {
        for path in [
            format!("/page/detail/{text}/scs-compatible-kaas?lang={text}"),
            format!("/page/detail/group-{text}/scs-compatible-kaas?{text}={text}"),
            format!("/page/table?q={text}&sort={text}&scope={text}&lang=de&{text}"),
        ] {
            let page = monitor.get(&path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            check(&page.text, &path);
        }
    }
}

#[tokio::test]
async fn a_hostile_name_is_text() {
    let monitor = Monitor::start().await;
    for (number, name) in (1..).zip(TEXTS) {
        if name.contains(char::is_control) {
            continue;
        }
        reloaded(&monitor, |file| {
            file["accounts"][0]["subject"] = serde_json::json!(name);
            file["certificates"] = serde_json::json!([
                {"subject": name, "scope": KAAS, "version": "v1", "issued": "2026-11-01"},
                {"subject": name, "scope": KAAS, "version": "v1", "issued": "2026-10-01", "revoked": "2026-11-02"},
            ]);
        });
        let encoded: Vec<String> = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let encoded = encoded.concat();
        for path in [
            format!("/page/history/{encoded}/scs-compatible-kaas"),
            format!("/page/detail/{encoded}/scs-compatible-kaas"),
            "/page/certificates".to_owned(),
        ] {
            let page = monitor.get(&path).await;
            assert_eq!(page.status, StatusCode::OK, "{number}: {path}");
            check(&page.text, &path);
            let text: String = Html::parse_document(&page.text).root_element().text().collect();
            assert!(text.contains(name), "{path}: {name}");
        }
    }
}
