//! Steps of a probe: cancelable requests, and waiting for pods.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use http::Method;
use scs_collector::Event;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::end::Ended;
use super::kind::Probe;
use super::sweep::LABEL;
use crate::http::{Call, Http, RequestError};
use crate::run::Run;
use crate::session::Session;

/// The pause between two looks at an object.
pub(super) const PAUSE: Duration = Duration::from_secs(1);
/// How long a new namespace may lack its service account, without which pods are rejected.
const SERVICE_ACCOUNT: Duration = Duration::from_secs(15);
/// The label with which a namespace enforces a Pod Security Standard.
pub(super) const ENFORCE: &str = "pod-security.kubernetes.io/enforce";

/// A running probe.
pub(super) struct Steps<'s> {
    pub(super) probe: Probe,
    http: Http,
    run: &'s Run,
    cancel: &'s CancellationToken,
    /// The namespaces that may exist by now.
    namespaces: Mutex<Vec<String>>,
}

impl<'s> Steps<'s> {
    pub(super) fn new(session: &Session, run: &'s Run, cancel: &'s CancellationToken, probe: Probe) -> Self {
        // A probe has some four waits; each of them ends by itself.
        let http = session.http().with_time(session.http().options().probe_timeout * 5);
        Self { probe, http, run, cancel, namespaces: Mutex::new(Vec::new()) }
    }

    pub(super) fn tell(&self, step: &str) {
        self.http.options().tell(Event::Step(self.probe.name(), step));
    }

    pub(super) fn image(&self) -> &str {
        &self.http.options().probe_image
    }

    /// The namespaces that may exist by now.
    pub(super) fn namespaces(&self) -> Vec<String> {
        self.namespaces.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Creates a namespace that enforces a Pod Security Standard, or none.
    pub(super) async fn namespace(&self, suffix: &str, level: Option<&str>) -> Result<String, Ended> {
        let name = format!("{}{suffix}", self.run.namespace(self.probe));
        let mut labels = json!({LABEL: self.probe.name()});
        if let Some(level) = level {
            labels[ENFORCE] = json!(level);
        }
        let body =
            json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}});
        let made = self.create("/api/v1/namespaces", &body).await;
        if may_exist(&made) {
            self.namespaces.lock().unwrap_or_else(PoisonError::into_inner).push(name.clone());
        }
        made.map(|_| name)
    }

    /// Creates an object. The request is not canceled midway, so no unknown object is created.
    pub(super) async fn create(&self, path: &str, body: &Value) -> Result<Value, Ended> {
        if self.cancel.is_cancelled() {
            return Err(Ended::Canceled);
        }
        let answer = self.http.send(&Call::send(Method::POST, path, body)).await?;
        Ok(answer.json("an object")?)
    }

    /// Creates a pod, once its namespace has a service account.
    pub(super) async fn pod(&self, namespace: &str, query: &str, pod: &Value) -> Result<Value, Ended> {
        let end = Instant::now() + SERVICE_ACCOUNT;
        loop {
            match self.create(&format!("/api/v1/namespaces/{namespace}/pods{query}"), pod).await {
                Err(Ended::Request(RequestError::Forbidden { message, .. }))
                    if message.contains("serviceaccount") && Instant::now() < end =>
                {
                    self.pause(Duration::from_millis(250)).await?;
                }
                result => return result,
            }
        }
    }

    /// No longer deletes a namespace at the end, nor later: without the label, it is not one of a probe.
    pub(super) async fn keep(&self, name: &str) -> Result<(), RequestError> {
        self.namespaces.lock().unwrap_or_else(PoisonError::into_inner).retain(|known| known != name);
        let body = json!({"metadata": {"labels": {LABEL: null}}});
        let call = Call::send(Method::PATCH, format!("/api/v1/namespaces/{name}"), &body);
        self.http.send(&call.content_type("application/merge-patch+json")).await.map(drop)
    }

    /// A read request that has to be made even if the probe is canceled.
    pub(super) async fn look(&self, path: &str) -> Result<Value, Ended> {
        Ok(self.http.send(&Call::get(path)).await?.json("an object")?)
    }

    /// A read request, which is dropped when the probe is canceled.
    pub(super) async fn get(&self, path: &str) -> Result<Value, Ended> {
        let call = Call::get(path);
        self.until_canceled(async { Ok(self.http.send(&call).await?.json("an object")?) }).await
    }

    /// Deletes an object that the probe no longer needs.
    pub(super) async fn delete(&self, path: &str) -> Result<(), Ended> {
        if self.cancel.is_cancelled() {
            return Err(Ended::Canceled);
        }
        match self.http.send(&Call::delete(path)).await {
            Ok(_) | Err(RequestError::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn pause(&self, pause: Duration) -> Result<(), Ended> {
        self.until_canceled(async {
            sleep(pause).await;
            Ok(())
        })
        .await
    }

    async fn until_canceled<T>(&self, work: impl Future<Output = Result<T, Ended>>) -> Result<T, Ended> {
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(Ended::Canceled),
            result = work => result,
        }
    }

    /// Waits until a pod is as wanted. `None` after the deadline.
    pub(super) async fn wait(
        &self,
        namespace: &str,
        pod: &str,
        wanted: impl Fn(&Value) -> bool,
    ) -> Result<Option<Value>, Ended> {
        let end = Instant::now() + self.limit();
        loop {
            let value = self.get(&format!("/api/v1/namespaces/{namespace}/pods/{pod}")).await?;
            if wanted(&value) {
                return Ok(Some(value));
            }
            if Instant::now() >= end {
                return Ok(None);
            }
            self.pause(PAUSE).await?;
        }
    }

    /// The time for one wait.
    pub(super) fn limit(&self) -> Duration {
        self.http.options().probe_timeout
    }
}

/// Whether an object may exist after a request to create it: unless the server itself rejected the request.
const fn may_exist(made: &Result<Value, Ended>) -> bool {
    match made {
        Ok(_) | Err(Ended::Failed(_) | Ended::Unavailable(_)) => true,
        Err(Ended::Request(error)) => match error {
            RequestError::Unauthorized { .. }
            | RequestError::Forbidden { .. }
            | RequestError::NotFound { .. }
            | RequestError::NotAcceptable { .. }
            | RequestError::Expired { .. } => false,
            RequestError::Status { status, .. } => {
                !matches!(*status, 400..=499) || matches!(*status, 408 | 409 | 429)
            }
            _ => true,
        },
        Err(Ended::Canceled) => false,
    }
}

/// Whether a pod has come to its end.
pub(super) fn is_finished(pod: &Value) -> bool {
    matches!(pod["status"]["phase"].as_str(), Some("Succeeded" | "Failed"))
}

/// Whether a pod accepts connections.
pub(super) fn is_ready(pod: &Value) -> bool {
    let conditions = pod["status"]["conditions"].as_array().into_iter().flatten();
    let is_ready = |condition: &Value| condition["type"] == "Ready" && condition["status"] == "True";
    pod["status"]["podIP"].is_string() && conditions.into_iter().any(is_ready)
}

/// The exit status of a pod's container and its last message.
pub(super) fn exit_status(pod: &Value) -> Option<(i64, &str)> {
    let ended = &pod["status"]["containerStatuses"][0]["state"]["terminated"];
    Some((ended["exitCode"].as_i64()?, ended["message"].as_str().unwrap_or_default().trim()))
}
