//! The keyboard alone.

use serde_json::json;

use crate::browser::Browser;
use crate::server::demo;

const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";

/// A short name of the focused element.
const FOCUSED: &str = "const it = document.activeElement; \
    return it.id || it.className || it.closest('[data-sort]')?.dataset.sort || it.textContent.trim()";

#[tokio::test]
async fn everything_is_reached_in_the_order_of_the_page() {
    let Some(browser) = Browser::start("en-US").await else { return };
    browser.open(&format!("{}/page/table", demo())).await;
    let mut order = Vec::new();
    for _ in 0..17 {
        browser.press(TAB).await;
        order.push(browser.run(FOCUSED).await.as_str().unwrap().to_owned());
        let outline = "const style = getComputedStyle(document.activeElement); \
            return style.outlineStyle != 'none' && document.activeElement.checkVisibility()";
        assert_eq!(browser.run(outline).await, json!(true), "{order:?} has no visible focus");
    }
    let expected = [
        "skip",
        "English",
        "Deutsch",
        "Overview",
        "SCS-compatible IaaS",
        "SCS-compatible KaaS",
        "Standards",
        "Certificates",
    ];
    assert_eq!(order[..8], expected);
    assert_eq!(order[11..], ["page-q", "page-state", "page-listing", "page-scope", "SCS-0004", "name"]);
    browser.check_logs(demo()).await;
}

#[tokio::test]
async fn the_skip_link_leads_to_the_content() {
    let Some(browser) = Browser::start("en-US").await else { return };
    browser.open(&format!("{}/page/detail/group-hanse/scs-compatible-iaas", demo())).await;
    browser.press(TAB).await;
    browser.press(ENTER).await;
    assert_eq!(browser.run(FOCUSED).await, json!("page-content"));
    browser.press(TAB).await;
    assert_eq!(browser.run(FOCUSED).await, json!("Hanse Cloud"));
}

#[tokio::test]
async fn enter_sorts_filters_and_opens() {
    let Some(browser) = Browser::start("en-US").await else { return };
    browser.open(&format!("{}/page/table", demo())).await;
    browser.run("document.querySelector('th[data-sort=name] a').focus()").await;
    browser.press(ENTER).await;
    assert_eq!(browser.rows().await[0], "Aurora Open Cloud");
    assert_eq!(browser.run(FOCUSED).await, json!("name"));
    browser.press(ENTER).await;
    assert_eq!(browser.rows().await[0], "Taunus Cloud");
    browser.run("document.querySelector('#page-q').focus()").await;
    browser.press(&format!("mainfeld{ENTER}")).await;
    assert_eq!(browser.rows().await, ["Mainfeld Compute"]);
    browser.run("document.querySelector('tr:not([hidden]) td.state a').focus()").await;
    browser.press(ENTER).await;
    assert_eq!(browser.text("h1").await, "Details for group mainfeld");
    browser.check_logs(demo()).await;
}

/// Follows the link with a text by the keyboard.
async fn follow(browser: &Browser, text: &str) {
    for _ in 0..200 {
        browser.press(TAB).await;
        if browser.run(FOCUSED).await == json!(text) {
            browser.press(ENTER).await;
            return;
        }
    }
    panic!("no link `{text}` is reached");
}

#[tokio::test]
async fn the_way_from_a_failed_test_to_its_rule_and_history_needs_no_mouse() {
    let Some(browser) = Browser::start("en-US").await else { return };
    browser.open(&format!("{}/page/detail/quelle-dev/scs-compatible-iaas", demo())).await;
    follow(&browser, "scs-0115-default-rules").await;
    assert!(browser.text("h1").await.contains("scs-0115-default-rules"));
    follow(&browser, "scs-0115").await;
    assert!(browser.text("h1").await.starts_with("scs-0115: "));
    follow(&browser, "Certificates").await;
    assert_eq!(browser.text("h1").await, "Certificates");
    follow(&browser, "Taunus Cloud").await;
    follow(&browser, "History").await;
    assert_eq!(browser.text("h1").await, "History of taunus-2");
    // The chart scrolls on narrow screens, so that it can be focused.
    let is_chart = "return document.activeElement.getAttribute('role') == 'region' \
        && getComputedStyle(document.activeElement).outlineStyle != 'none'";
    let mut was_chart = false;
    for _ in 0..20 {
        browser.press(TAB).await;
        was_chart |= browser.run(is_chart).await == json!(true);
    }
    assert!(was_chart);
    let chart =
        "const it = document.querySelector('figure img'); return it.complete && it.naturalWidth > 500";
    assert_eq!(browser.run(chart).await, json!(true));
    browser.run("document.querySelector('details summary').focus()").await;
    browser.press(ENTER).await;
    assert_eq!(browser.run("return document.querySelector('details').open").await, json!(true));
    browser.check_logs(demo()).await;
}
