//! The API server, through the client of `kube`, which shares no code with the collector.

use std::time::Duration;

use http::Request;
use kube::client::Body;
use kube::config::{KubeConfigOptions, Kubeconfig};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

/// The field manager of these tests.
pub(crate) const MANAGER: &str = "scs-test";

/// The response of the API server.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) const fn is_ok(&self) -> bool {
        self.status >= 200 && self.status < 300
    }

    /// The body, which has to be the result of a request that succeeded.
    pub(crate) fn expect(self, what: &str) -> Value {
        assert!(self.is_ok(), "{what}: {}: {}", self.status, self.body["message"]);
        self.body
    }

    pub(crate) fn message(&self) -> &str {
        self.body["message"].as_str().unwrap_or_default()
    }
}

/// The API server as an administrator sees it.
pub(crate) struct Api {
    runtime: Runtime,
    client: kube::Client,
}

impl Api {
    pub(crate) fn of(kubeconfig: &str) -> Self {
        // Another test may have set it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let client = runtime.block_on(async {
            let kubeconfig = Kubeconfig::read_from(kubeconfig).unwrap();
            let options = KubeConfigOptions::default();
            let mut config = kube::Config::from_custom_kubeconfig(kubeconfig, &options).await.unwrap();
            config.read_timeout = Some(Duration::from_mins(1));
            kube::Client::try_from(config).unwrap()
        });
        Self { runtime, client }
    }

    /// Sends a request with a JSON or YAML body.
    fn send(&self, method: &str, path: &str, body: Option<(&str, String)>) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header("accept", "application/json");
        let mut sent = Body::empty();
        if let Some((kind, body)) = body {
            request = request.header("content-type", kind);
            sent = Body::from(body.into_bytes());
        }
        let request = request.body(sent).unwrap();
        self.runtime.block_on(async {
            let response = self.client.send(request).await.unwrap();
            let status = response.status().as_u16();
            let bytes = response.into_body().collect_bytes().await.unwrap();
            let text = || Value::from(String::from_utf8_lossy(&bytes).into_owned());
            Answer { status, body: serde_json::from_slice(&bytes).unwrap_or_else(|_| text()) }
        })
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None)
    }

    pub(crate) fn post(&self, path: &str, object: &Value) -> Answer {
        self.send("POST", path, Some(("application/json", object.to_string())))
    }

    /// Applies a manifest on the server, in YAML or JSON, without taking fields from others.
    pub(crate) fn apply(&self, path: &str, manifest: &str) -> Answer {
        let path = format!("{path}?fieldManager={MANAGER}");
        self.send("PATCH", &path, Some(("application/apply-patch+yaml", manifest.to_owned())))
    }

    /// Merges a patch; a path may have `?dryRun=All`.
    pub(crate) fn merge(&self, path: &str, change: &Value) -> Answer {
        self.send("PATCH", path, Some(("application/merge-patch+json", change.to_string())))
    }

    pub(crate) fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, None)
    }

    /// All objects of a list, in pages, with `apiVersion` and `kind` as the list has them.
    pub(crate) fn list(&self, path: &str) -> Vec<Value> {
        let mut objects = Vec::new();
        let mut next = String::new();
        let separator = if path.contains('?') { '&' } else { '?' };
        loop {
            let page = self.get(&format!("{path}{separator}limit=100&continue={next}")).expect(path);
            objects.extend(page["items"].as_array().into_iter().flatten().cloned());
            match page["metadata"]["continue"].as_str() {
                Some(token) if !token.is_empty() => token.clone_into(&mut next),
                _ => return objects,
            }
        }
    }
}
