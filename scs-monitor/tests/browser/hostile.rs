//! A hostile report in a real browser.

use axum::http::StatusCode;
use serde_json::json;
use tokio::net::TcpListener;

use crate::browser::Browser;
use crate::hostile_report::hostile_report;
use crate::server::serve;
use crate::support::{KAAS, Monitor, report};

#[tokio::test]
async fn a_hostile_report_runs_nothing_and_fits() {
    let Some(browser) = Browser::start("en-US").await else { return };
    let monitor = Monitor::start().await;
    let answer = monitor.report_as("cloud-a", &hostile_report(1, "cloud-a")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    // Its changes have a row for each text.
    let results = [("version-policy-check", 1)];
    let plain = report(2, "cloud-a", KAAS, "2026-11-22 08:00:00", &results);
    assert_eq!(monitor.report_as("cloud-a", &plain).await.status, StatusCode::OK);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(serve(listener, monitor.service.clone()));
    for width in [380, 1280] {
        let metrics = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        browser.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
        for path in [
            "report/00000000-0000-4000-8000-000000000001",
            "detail/cloud-a/scs-compatible-kaas",
            "history/cloud-a/scs-compatible-kaas",
            "changes/00000000-0000-4000-8000-000000000002/00000000-0000-4000-8000-000000000001",
        ] {
            browser.open(&format!("{server}/page/{path}")).await;
            // A dialog would make this fail.
            let page = browser.run("return document.documentElement.scrollWidth").await;
            assert!(page.as_i64().unwrap() <= width, "{path}, {width} px: the page has {page} px");
            assert_eq!(browser.run("return document.querySelectorAll('h1').length").await, json!(1));
            browser.check_logs(&server).await;
        }
    }
}
