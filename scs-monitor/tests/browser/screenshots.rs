//! Pictures of all pages for people to look at, and what can be measured of their layout.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::accessibility::{PAGES, open};
use crate::browser::Browser;

#[tokio::test]
async fn no_page_is_wider_than_the_window() {
    let Some(browser) = Browser::start("en-US").await else { return };
    let directory = std::env::var_os("SCS_SCREENSHOTS");
    for (name, path, link) in PAGES {
        for width in [380, 1280, 1920] {
            let metrics = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
            browser.devtools("Emulation.setDeviceMetricsOverride", metrics.clone()).await;
            for is_dark in [false, true] {
                browser.set_dark(is_dark).await;
                open(&browser, path, link).await;
                let page = browser.run("return document.documentElement.scrollWidth").await;
                assert!(page.as_i64().unwrap() <= width, "{name}, {width} px: the page has {page} px");
                if let Some(directory) = &directory {
                    let scheme = if is_dark { "dark" } else { "light" };
                    let file = Path::new(directory).join(format!("{name}-{width}-{scheme}.png"));
                    // The whole page.
                    let height = browser.run("return document.documentElement.scrollHeight").await;
                    let whole =
                        json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
                    browser.devtools("Emulation.setDeviceMetricsOverride", whole).await;
                    let options = json!({"captureBeyondViewport": true});
                    let picture = browser.devtools("Page.captureScreenshot", options).await;
                    std::fs::write(file, STANDARD.decode(picture["data"].as_str().unwrap()).unwrap())
                        .unwrap();
                    browser.devtools("Emulation.setDeviceMetricsOverride", metrics.clone()).await;
                }
            }
        }
    }
}
