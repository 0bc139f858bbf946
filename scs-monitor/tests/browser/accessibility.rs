//! `axe-core` finds nothing, in light and dark, wide and narrow. It comes from npm's registry; without that, the test is skipped.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::browser::Browser;
use crate::server::demo;

const AXE: &str = "axe-core@4.14.1";

/// The page kinds.
pub(crate) const PAGES: [(&str, &str); 8] = [
    ("overview", "/page/table"),
    ("overview-filtered", "/page/table?state=attention&sort=name&order=desc&lang=de"),
    ("detail-passed", "/page/detail/aurora-ffm/scs-compatible-iaas"),
    ("detail-failed", "/page/detail_full/ahornweg-lab/scs-compatible-iaas"),
    ("detail-group", "/page/detail/group-mainfeld/scs-compatible-iaas?lang=de"),
    ("detail-expired", "/page/detail/ostwind/scs-compatible-iaas"),
    ("scope", "/page/scope/scs-compatible-iaas"),
    ("error", "/page/scope/unknown"),
];

/// The source of axe-core, installed into a directory; prints why the test is skipped if it cannot be.
fn axe(directory: &Path) -> Option<String> {
    let install = Command::new("npm")
        .args(["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix"])
        .arg(directory)
        .arg(AXE)
        .output();
    match install {
        Ok(output) if output.status.success() => {
            Some(std::fs::read_to_string(directory.join("node_modules/axe-core/axe.min.js")).unwrap())
        }
        Ok(output) => {
            eprintln!("skipped: npm cannot install {AXE}: {}", String::from_utf8_lossy(&output.stderr));
            None
        }
        Err(error) => {
            eprintln!("skipped: npm cannot be run: {error}");
            None
        }
    }
}

#[tokio::test]
async fn axe_finds_no_violations() {
    let Some(browser) = Browser::start("en-US").await else { return };
    let directory = tempfile::tempdir().unwrap();
    let Some(axe) = axe(directory.path()) else { return };
    for (name, path) in PAGES.into_iter().chain([("report", REPORT)]) {
        for is_dark in [false, true] {
            for width in [380, 1280] {
                browser.client.set_window_size(width, 900).await.unwrap();
                browser.set_dark(is_dark).await;
                browser.open(&format!("{}{path}", demo())).await;
                if path == REPORT {
                    open_report(&browser).await;
                }
                browser.run(&axe).await;
                let script = "const done = arguments[arguments.length - 1]; \
                    axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})\
                    .then(result => done(result.violations.map(it => [it.id, it.nodes.map(node => node.html + ' ' + node.failureSummary)])))";
                let violations = browser.client.execute_async(script, Vec::new()).await.unwrap();
                assert_eq!(
                    violations,
                    Value::Array(Vec::new()),
                    "{name}, dark: {is_dark}, {width} px: {violations:#}"
                );
            }
        }
    }
}

/// Where a report is found.
pub(crate) const REPORT: &str = "/page/detail/seeufer-k8s/scs-compatible-kaas";

/// Opens the report of a failed test case from the page with the details.
pub(crate) async fn open_report(browser: &Browser) {
    let link = fantoccini::Locator::Css("tr.failed td.result a");
    browser.client.find(link).await.unwrap().click().await.unwrap();
}
