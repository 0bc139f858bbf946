//! Overview, details, report and scope in each form, of a small fixed world.

use axum::body::Body;
use axum::http::header::{ACCEPT, ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, VARY};
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};

use crate::support::{Answer, IAAS, KAAS, KAAS_CASES, Monitor, report};

fn table() -> Value {
    json!([
        {
            "title": "Certified", "text": "Tested *nightly*.", "scope": "scs-compatible-kaas", "certified": true, "links": "Health",
            "entries": [
                {"name": "Cloud B | 1", "url": "https://b.example/", "description": "See [B](https://b.example/b)", "operator": "B & Co.",
                 "group": "group-of-b", "links": [{"text": "HM", "url": "https://b.example/health"}]},
                {"name": "Cloud A", "description": "Public", "operator": "A AG", "subject": "cloud-a", "links": [{"text": "n/a"}]},
            ],
        },
        {
            "title": "In test", "scope": "scs-compatible-iaas",
            "entries": [{"name": "Cloud A (IaaS)", "description": "Test", "operator": "A AG", "subject": "cloud-a"}],
        },
    ])
}

/// `cloud-a` fails a test case and has no result of another one; `cloud-b` has passed.
async fn world() -> Monitor {
    let monitor = Monitor::with_table(table()).await;
    let passed = KAAS_CASES.map(|case| (case, 1));
    let failed = [("cncf-k8s-conformance", 1), ("version-policy-check", -1)];
    let stuck = [("scs-0100-syntax-check", 1), ("scs-0101-fips-test", 0)];
    let reports = [
        ("cloud-b", report(2, "cloud-b", KAAS, "2026-11-23 08:00:00", &passed)),
        ("cloud-a", report(1, "cloud-a", KAAS, "2026-11-23 09:30:00", &failed)),
        ("cloud-a", report(3, "cloud-a", IAAS, "2026-11-23 10:00:00", &stuck)),
    ];
    for (account, report) in reports {
        assert_eq!(monitor.report_as(account, &report).await.status, StatusCode::OK);
    }
    monitor
}

/// A page without what changes with each change of a style sheet.
fn stable(page: &str) -> String {
    let mut parts = page.split("/assets/");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.push_str("/assets/HASH");
        text.push_str(part.get(16..).unwrap_or_default());
    }
    text
}

const PAGES: [(&str, &str); 5] = [
    ("overview", "table"),
    ("detail", "detail/cloud-a/scs-compatible-kaas"),
    ("group", "detail/group-group-of-b/scs-compatible-kaas"),
    ("report", "report/00000000-0000-4000-8000-000000000001"),
    ("scope", "scope/scs-compatible-kaas"),
];

#[tokio::test]
async fn pages_are_written_in_three_forms() {
    let monitor = world().await;
    for (name, path) in PAGES {
        for form in ["markdown", "fragment", "page"] {
            let answer = monitor.get(&format!("/{form}/{path}")).await;
            assert_eq!(answer.status, StatusCode::OK, "{form} {path}");
            insta::assert_snapshot!(format!("{name}_{form}"), stable(&answer.text));
        }
    }
}

#[tokio::test]
async fn the_tables_of_a_page_have_the_cells_of_its_fragment() {
    let monitor = world().await;
    let cells = |html: &str| -> Vec<Vec<(String, Vec<String>)>> {
        let document = scraper::Html::parse_document(html);
        let select = |text: &str| scraper::Selector::parse(text).unwrap();
        let (row, cell, link) = (select("tr"), select("th, td"), select("tbody a"));
        let of_cell = |cell: scraper::ElementRef<'_>| {
            let text: String = cell.text().collect();
            let links = cell.select(&link).filter_map(|link| link.attr("href"));
            // Whole pages have explanations of their own.
            let is_explanation = |link: &&str| {
                ["/page/standard/", "https://docs.scs.community/standards/"]
                    .iter()
                    .any(|it| link.starts_with(it))
            };
            let links = links.filter(|link| !is_explanation(link)).map(str::to_owned);
            (text.split_whitespace().collect::<Vec<_>>().join(" "), links.collect())
        };
        document.select(&row).map(|row| row.select(&cell).map(of_cell).collect()).collect()
    };
    for path in [
        "table",
        "table_full",
        "detail/cloud-a/scs-compatible-kaas",
        "detail_full/cloud-a/scs-compatible-iaas",
        "scope/scs-compatible-iaas",
    ] {
        let fragment = monitor.get(&format!("/fragment/{path}")).await.text;
        let page = monitor.get(&format!("/page/{path}")).await.text;
        assert!(!cells(&fragment).is_empty());
        assert_eq!(cells(&page), cells(&fragment), "{path}");
    }
}

async fn get_with(monitor: &Monitor, path: &str, headers: &[(axum::http::HeaderName, &str)]) -> Answer {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    monitor.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn pages_are_in_the_language_of_the_visitor() {
    let monitor = world().await;
    let german = get_with(&monitor, "/page/table", &[(ACCEPT_LANGUAGE, "de-DE, en;q=0.5")]).await;
    assert_eq!(german.headers[CONTENT_LANGUAGE], "de");
    assert!(german.headers.get_all(VARY).iter().any(|value| value == "accept-language"));
    assert!(german.text.contains("<html lang=\"de\">") && german.text.contains("Zum Inhalt springen"));
    insta::assert_snapshot!("overview_german", stable(&german.text));
    let chosen = get_with(&monitor, "/page/table?lang=en", &[(ACCEPT_LANGUAGE, "de")]).await;
    assert!(chosen.text.contains("<html lang=\"en\">"));
    assert!(chosen.text.contains("/page/detail/cloud-a/scs-compatible-kaas?lang=en"));
    for form in ["fragment", "markdown"] {
        let path = format!("/{form}/table");
        let german = get_with(&monitor, &path, &[(ACCEPT_LANGUAGE, "de")]).await.text;
        assert_eq!(german, monitor.get(&path).await.text);
    }
}

/// The names of the rows that are shown.
fn shown(html: &str) -> Vec<String> {
    let document = scraper::Html::parse_document(html);
    let row = scraper::Selector::parse("tbody tr:not([hidden]) th").unwrap();
    document.select(&row).map(|name| name.text().collect()).collect()
}

#[tokio::test]
async fn the_overview_is_filtered_and_sorted_without_scripts() {
    let monitor = world().await;
    let rows = async |query: &str| shown(&monitor.get(&format!("/page/table{query}")).await.text);
    assert_eq!(rows("").await, ["Cloud B | 1", "Cloud A", "Cloud A (IaaS)"]);
    assert_eq!(rows("?sort=name").await, ["Cloud A", "Cloud B | 1", "Cloud A (IaaS)"]);
    assert_eq!(rows("?sort=state&order=desc").await, ["Cloud A", "Cloud B | 1", "Cloud A (IaaS)"]);
    assert_eq!(rows("?state=passed").await, ["Cloud B | 1"]);
    assert_eq!(rows("?state=failed&listing=certified").await, ["Cloud A"]);
    assert_eq!(rows("?scope=scs-compatible-iaas").await, ["Cloud A (IaaS)"]);
    assert_eq!(rows("?q=AG+iaas").await, ["Cloud A (IaaS)"]);
    assert_eq!(rows("?q=nothing").await, Vec::<String>::new());
    assert_eq!(rows("?state=unknown&sort=unknown&q=&q=").await.len(), 3);
}

#[tokio::test]
async fn the_table_follows_the_bootstrap_file() {
    let monitor = world().await;
    let table =
        json!([{"title": "New", "scope": KAAS, "entries": [{"name": "Renamed", "subject": "cloud-a"}]}]);
    let bootstrap = monitor.directory().join("bootstrap.yaml");
    std::fs::write(bootstrap, json!({"accounts": [{"subject": "cloud-a"}], "table": table}).to_string())
        .unwrap();
    monitor.service.reload().unwrap();
    assert_eq!(shown(&monitor.get("/page/table").await.text), ["Renamed"]);
    let detail = monitor.get("/page/detail/cloud-a/scs-compatible-kaas").await.text;
    assert!(detail.contains("Renamed"), "{detail}");
}

#[tokio::test]
async fn errors_are_pages_for_browsers_only() {
    let monitor = world().await;
    let browser = [(ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8")];
    for (path, status) in [
        ("/page/detail/cloud-a/unknown", StatusCode::NOT_FOUND),
        ("/page/unknown", StatusCode::NOT_FOUND),
        ("/page/report_full/00000000-0000-4000-8000-000000000001", StatusCode::UNAUTHORIZED),
    ] {
        let page = get_with(&monitor, path, &browser).await;
        assert_eq!(page.status, status, "{path}");
        assert_eq!(page.headers[CONTENT_TYPE], "text/html; charset=utf-8");
        assert!(page.text.contains("<h1>"), "{}", page.text);
        assert_eq!(page.headers.contains_key("www-authenticate"), status == StatusCode::UNAUTHORIZED);
        let json = monitor.get(path).await;
        assert_eq!((json.status, json.headers[CONTENT_TYPE].as_bytes()), (status, &b"application/json"[..]));
    }
    let elsewhere = get_with(&monitor, "/fragment/scope/unknown", &browser).await;
    assert_eq!(elsewhere.headers[CONTENT_TYPE], "application/json");
}

#[tokio::test]
async fn assets_are_kept_by_browsers() {
    let monitor = world().await;
    let page = monitor.get("/page/table").await.text;
    let start = page.find("/assets/").unwrap();
    let path = page[start..].split('"').next().unwrap();
    let asset = monitor.get(path).await;
    assert_eq!(asset.status, StatusCode::OK);
    assert_eq!(asset.headers[CACHE_CONTROL], "public, max-age=31536000, immutable");
    assert_eq!(asset.headers[CONTENT_TYPE], "text/css; charset=utf-8");
    assert_eq!(monitor.get("/assets/0000000000000000/style.css").await.status, StatusCode::NOT_FOUND);
}
