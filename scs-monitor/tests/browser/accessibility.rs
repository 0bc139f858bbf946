//! `axe-core` finds nothing, in light and dark, wide and narrow. It comes from npm's registry; without that, the test is skipped.

use std::io::Write;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::browser::Browser;
use crate::server::demo;

const AXE: &str = "axe-core@4.14.1";

/// The kinds of pages: a name, an address, and the link to follow from there if it is not the page itself.
pub(crate) const PAGES: [(&str, &str, Option<&str>); 18] = [
    ("overview", "/page/table", None),
    ("overview-filtered", "/page/table?state=attention&sort=name&order=desc&lang=de", None),
    ("detail-passed", "/page/detail/aurora-ffm/scs-compatible-iaas", None),
    ("detail-failed", "/page/detail_full/ahornweg-lab/scs-compatible-iaas", None),
    ("detail-findings", "/page/detail/quelle-dev/scs-compatible-iaas?lang=de", None),
    ("detail-group", "/page/detail/group-mainfeld/scs-compatible-iaas?lang=de", None),
    ("detail-expired", "/page/detail/ostwind/scs-compatible-iaas", None),
    ("scope", "/page/scope/scs-compatible-iaas", None),
    ("error", "/page/scope/unknown", None),
    ("report", "/page/detail/seeufer-k8s/scs-compatible-kaas", Some("tr.failed td.result a")),
    ("history", "/page/history/elbkante-a/scs-compatible-iaas", None),
    ("history-group", "/page/history/group-mainfeld/scs-compatible-iaas?lang=de", None),
    ("changes", "/page/history/seeufer-k8s/scs-compatible-kaas", Some("table td a + a")),
    ("certificates", "/page/certificates", None),
    ("standards", "/page/standards?lang=de", None),
    ("standard", "/page/standard/scs-0102", None),
    ("rule", "/page/standard/scs-0102-prop-min_disk", None),
    ("test-case", "/page/standard/version-policy-check?lang=de", None),
];

/// Opens a page of the demo.
pub(crate) async fn open(browser: &Browser, path: &str, link: Option<&str>) {
    browser.open(&format!("{}{path}", demo())).await;
    if let Some(link) = link {
        browser.client.find(fantoccini::Locator::Css(link)).await.unwrap().click().await.unwrap();
    }
}

/// Says why the test is skipped, even if the output of tests is captured.
fn skip(reason: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {reason}");
}

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
            skip(&format!("npm cannot install {AXE}: {}", String::from_utf8_lossy(&output.stderr)));
            None
        }
        Err(error) => {
            skip(&format!("npm cannot be run: {error}"));
            None
        }
    }
}

#[tokio::test]
async fn axe_finds_no_violations() {
    let Some(browser) = Browser::start("en-US").await else { return };
    let directory = tempfile::tempdir().unwrap();
    let Some(axe) = axe(directory.path()) else { return };
    for (name, path, link) in PAGES {
        for is_dark in [false, true] {
            for width in [380, 1280] {
                browser.client.set_window_size(width, 900).await.unwrap();
                browser.set_dark(is_dark).await;
                open(&browser, path, link).await;
                browser.run("document.querySelectorAll('details').forEach(it => { it.open = true })").await;
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
