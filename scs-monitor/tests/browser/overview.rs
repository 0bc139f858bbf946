//! The overview: filter and sort without a reload, with and without scripts; details; language.

use fantoccini::Locator;
use serde_json::json;

use crate::browser::Browser;
use crate::server::demo;

#[tokio::test]
async fn the_overview_is_filtered_and_sorted_without_a_reload() {
    let Some(browser) = Browser::start("en-US").await else { return };
    browser.open(&format!("{}/", demo())).await;
    assert_eq!(browser.client.title().await.unwrap(), "SCS compliance overview · SCS compliance monitor");
    browser.run("window.isSamePage = true").await;
    let all = browser.rows().await;
    assert_eq!(browser.text(".count").await, format!("{0} of {0} environments", all.len()));

    let search = browser.client.find(Locator::Id("page-q")).await.unwrap();
    search.send_keys("seeufer iaas").await.unwrap();
    assert_eq!(browser.rows().await, Vec::<String>::new());
    assert_eq!(browser.text(".nothing").await, "No environment matches this selection.");
    browser.run("const q = document.querySelector('#page-q'); q.value = 'SEEUFER'; q.dispatchEvent(new Event('input', {bubbles: true}))").await;
    assert_eq!(browser.rows().await, ["Seeufer Sovereign Cloud", "Seeufer Cluster"]);
    assert_eq!(browser.text(".count").await, format!("2 of {} environments", all.len()));
    assert_eq!(browser.client.current_url().await.unwrap().query(), Some("q=SEEUFER"));

    browser.client.find(Locator::Css("a.reset")).await.unwrap().click().await.unwrap();
    assert_eq!(browser.rows().await, all);
    browser.run("window.isSamePage = true").await;
    browser.client.find(Locator::Css("th[data-sort=operator] a")).await.unwrap().click().await.unwrap();
    let sorted = browser.rows().await;
    assert_ne!(sorted, all);
    browser.client.find(Locator::Css("th[data-sort=name] a")).await.unwrap().click().await.unwrap();
    browser.client.find(Locator::Css("th[data-sort=name] a")).await.unwrap().click().await.unwrap();
    assert_eq!(browser.rows().await[0], "Taunus Cloud");
    let direction = "return document.querySelector('th[data-sort=name]').getAttribute('aria-sort')";
    assert_eq!(browser.run(direction).await, json!("descending"));
    assert_eq!(browser.run("return window.isSamePage").await, json!(true));

    // The address has everything, and the server shows the same.
    let sorted = browser.rows().await;
    browser.client.refresh().await.unwrap();
    assert_eq!(browser.rows().await, sorted);
    browser.check_logs(demo()).await;
}

#[tokio::test]
async fn the_overview_works_without_scripts() {
    let Some(browser) = Browser::start("en-US").await else { return };
    browser.devtools("Emulation.setScriptExecutionDisabled", json!({"value": true})).await;
    browser.open(&format!("{}/page/table", demo())).await;
    let shown = async || {
        let mut names = Vec::new();
        for row in browser.client.find_all(Locator::Css("tbody tr:not([hidden]) th")).await.unwrap() {
            names.push(row.text().await.unwrap());
        }
        names
    };
    let search = browser.client.find(Locator::Id("page-q")).await.unwrap();
    search.send_keys("taunus").await.unwrap();
    browser.client.find(Locator::Css("form.selection button")).await.unwrap().click().await.unwrap();
    assert_eq!(shown().await, ["Taunus Cloud", "Taunus Kubernetes"]);
    browser.client.find(Locator::Css("a.reset")).await.unwrap().click().await.unwrap();
    browser.client.find(Locator::Css("th[data-sort=name] a")).await.unwrap().click().await.unwrap();
    assert_eq!(browser.client.current_url().await.unwrap().query(), Some("sort=name"));
    assert_eq!(shown().await[0], "Aurora Open Cloud");
    browser.client.find(Locator::Css("th[data-sort=name] a")).await.unwrap().click().await.unwrap();
    assert_eq!(shown().await[0], "Taunus Cloud");
    browser.check_logs(demo()).await;
}

#[tokio::test]
async fn details_and_reports_are_reached_from_the_overview() {
    let Some(browser) = Browser::start("en-US").await else { return };
    browser.open(&format!("{}/page/table", demo())).await;
    let cell = Locator::XPath("//tr[th[.='Seeufer Cluster']]/td[@class='state']/a");
    browser.client.find(cell).await.unwrap().click().await.unwrap();
    assert_eq!(browser.text("h1").await, "Details for subject seeufer-k8s");
    assert!(browser.text(".problems").await.contains("version-policy-check"));
    assert_eq!(browser.text("tr.failed td.result").await, "🛑 FAIL (2026-11-24)");
    browser.client.find(Locator::Css("tr.failed td.result a")).await.unwrap().click().await.unwrap();
    let address = browser.client.current_url().await.unwrap();
    assert_eq!(address.fragment(), Some("version-policy-check"));
    assert!(browser.text(":target").await.contains("failed"));
    browser.client.find(Locator::LinkText("SCS-compatible KaaS")).await.unwrap().click().await.unwrap();
    assert_eq!(browser.text("h1").await, "SCS-compatible KaaS");
    browser.check_logs(demo()).await;
}

#[tokio::test]
async fn the_language_is_that_of_the_browser_or_chosen() {
    let Some(browser) = Browser::start("de-DE,de").await else { return };
    browser.open(&format!("{}/page/table", demo())).await;
    assert_eq!(browser.text("h1").await, "SCS-Compliance-Übersicht");
    let count = browser.rows().await.len();
    assert_eq!(browser.text(".count").await, format!("{count} von {count} Umgebungen"));
    browser.client.find(Locator::LinkText("English")).await.unwrap().click().await.unwrap();
    assert_eq!(browser.text("h1").await, "SCS compliance overview");
    browser.client.find(Locator::Css("td.state a")).await.unwrap().click().await.unwrap();
    assert!(browser.text("h1").await.starts_with("Details for"));
    browser.client.find(Locator::LinkText("Deutsch")).await.unwrap().click().await.unwrap();
    assert!(browser.text("h1").await.starts_with("Einzelheiten zu"));
    browser.check_logs(demo()).await;
}
