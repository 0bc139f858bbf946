//! A browser with its driver.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};
use url::Url;

/// The programs that must be there.
const BROWSER: &str = "/usr/bin/chromium";
const DRIVER: &str = "/usr/bin/chromedriver";

/// A browser in a test. It ends with the test.
pub(crate) struct Browser {
    pub(crate) client: Client,
    _driver: Driver,
}

/// The driver of a browser.
struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        // It ends its browser if it is asked to, but not if it is killed.
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

impl Browser {
    /// Starts a browser of a language; prints why a test is skipped if there is none.
    pub(crate) async fn start(language: &str) -> Option<Self> {
        for program in [BROWSER, DRIVER] {
            if !std::path::Path::new(program).exists() {
                // Not by a macro whose output is captured.
                let reason = format!("{program} is missing (packages chromium and chromium-driver)");
                let _ = writeln!(std::io::stderr(), "skipped: {reason}");
                return None;
            }
        }
        let driver =
            Command::new(DRIVER).arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut driver = Driver(driver.unwrap());
        let lines = BufReader::new(driver.0.stdout.take().unwrap()).lines();
        let port = lines.map_while(Result::ok).find_map(|line| {
            let port = line.split("started successfully on port ").nth(1)?;
            Some(port.trim_end_matches('.').to_owned())
        });
        let options = json!({
            "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                "--force-color-profile=srgb", "--window-size=1280,900",
                // Nothing but this machine can be reached.
                "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
            ],
            "prefs": {"intl.accept_languages": language},
            "binary": BROWSER,
        });
        let capabilities = json!({
            "browserName": "chrome",
            "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        });
        let Value::Object(capabilities) = capabilities else { return None };
        let connector = hyper_util::client::legacy::connect::HttpConnector::new();
        let client = ClientBuilder::new(connector)
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{}", port.unwrap()))
            .await
            .unwrap();
        Some(Self { client, _driver: driver })
    }

    pub(crate) async fn open(&self, address: &str) {
        self.client.goto(address).await.unwrap();
    }

    /// Runs a script and returns its value.
    pub(crate) async fn run(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    pub(crate) async fn text(&self, selector: &str) -> String {
        self.client.find(Locator::Css(selector)).await.unwrap().text().await.unwrap()
    }

    /// The names of the shown rows of the overview.
    pub(crate) async fn rows(&self) -> Vec<String> {
        let script = "return [...document.querySelectorAll('tbody tr')]\
            .filter(row => row.checkVisibility()).map(row => row.cells[0].textContent)";
        serde_json::from_value(self.run(script).await).unwrap()
    }

    /// Sends keys to the focused element.
    pub(crate) async fn press(&self, keys: &str) {
        self.client.active_element().await.unwrap().send_keys(keys).await.unwrap();
    }

    /// Shows pages in light or dark.
    pub(crate) async fn set_dark(&self, is_dark: bool) {
        let scheme = if is_dark { "dark" } else { "light" };
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.devtools("Emulation.setEmulatedMedia", json!({"features": features})).await;
    }

    /// A command of the developer tools.
    pub(crate) async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let body = json!({"cmd": command, "params": parameters});
        self.client.issue_cmd(Custom { path: "goog/cdp/execute", body }).await.unwrap()
    }

    async fn log(&self, kind: &str) -> Vec<Value> {
        let log =
            self.client.issue_cmd(Custom { path: "se/log", body: json!({"type": kind}) }).await.unwrap();
        serde_json::from_value(log).unwrap()
    }

    /// Requires that since the last call the console has no errors, and that nothing was requested but from the server.
    pub(crate) async fn check_logs(&self, server: &str) {
        let console = self.log("browser").await;
        assert!(console.is_empty(), "{console:#?}");
        for entry in self.log("performance").await {
            let message: Value = serde_json::from_str(entry["message"].as_str().unwrap()).unwrap();
            if message["message"]["method"] == "Network.requestWillBeSent" {
                let url = message["message"]["params"]["request"]["url"].as_str().unwrap();
                let is_own = ["data:", "chrome:", "about:", server].iter().any(|own| url.starts_with(own));
                assert!(is_own, "requested {url}");
            }
        }
    }
}

/// A command of this driver.
#[derive(Debug)]
struct Custom {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Custom {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.body.to_string()))
    }
}
