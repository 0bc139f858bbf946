//! Steps of a probe: cancelable requests, and waiting for objects to be ready.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::Method;
use serde_json::Value;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::end::Ended;
use super::kind::Probe;
use super::sweep::Asked;
use crate::catalog::Api;
use crate::http::{Answer, Call, LONGEST_MESSAGE};
use crate::run::Run;
use crate::session::Session;
use crate::things::{Kind, PAUSE, last_piece};
use scs_collector::Event;

/// A running probe.
pub(super) struct Steps<'s> {
    pub(super) session: &'s Session,
    run: &'s Run,
    cancel: &'s CancellationToken,
    probe: Probe,
    /// The objects that may exist by now.
    asked: Mutex<Vec<Asked>>,
}

/// An object to create.
pub(super) struct New<'n> {
    pub(super) kind: Kind,
    pub(super) name: String,
    pub(super) path: &'n str,
    pub(super) body: Value,
    /// The location of its id, or of a URL ending in it, in the response.
    pub(super) id: &'static str,
}

impl<'s> Steps<'s> {
    pub(super) const fn new(
        session: &'s Session,
        run: &'s Run,
        cancel: &'s CancellationToken,
        probe: Probe,
    ) -> Self {
        Self { session, run, cancel, probe, asked: Mutex::new(Vec::new()) }
    }

    /// The name of an object to create.
    pub(super) fn name(&self, what: &str) -> String {
        self.run.name(what)
    }

    pub(super) fn tell(&self, step: &str) {
        self.session.options.tell(Event::Step(self.probe.name(), step));
    }

    /// A read request, which is dropped when the probe is canceled.
    pub(super) async fn get(&self, api: Api, path: &str) -> Result<Value, Ended> {
        let call = self.session.call(api, Method::GET, path)?;
        self.until_canceled(async { Ok(self.session.send(call).await?.ok()?.json("an object")?) }).await
    }

    /// The objects that may exist by now.
    pub(super) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn remember(&self, asked: Asked) {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(asked);
    }

    /// Records that the probe deleted an object itself.
    pub(super) fn forget(&self, gone: &str) {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.retain(|asked| asked.id.as_deref() != Some(gone));
    }

    /// A request that changes something. It is not canceled midway, so no unknown object is created.
    pub(super) async fn make(&self, call: Call) -> Result<Answer, Ended> {
        if self.cancel.is_cancelled() {
            return Err(Ended::Canceled);
        }
        Ok(self.session.send(call).await?.ok()?)
    }

    /// Like `change`, with a JSON response, for requests that create nothing that has to be deleted separately.
    pub(super) async fn added(&self, api: Api, path: &str, body: &Value) -> Result<Value, Ended> {
        let call = self.session.call(api, Method::POST, path)?.json(body);
        Ok(self.make(call).await?.json("an object")?)
    }

    /// Creates an object; returns its id and the whole response. The object is recorded in any case.
    pub(super) async fn made(&self, new: New<'_>) -> Result<(String, Value), Ended> {
        let New { kind, name, path, body, id } = new;
        let call = self.session.call(kind.api(), Method::POST, path)?.json(&body);
        let answer = match self.make(call).await {
            Err(Ended::Request(error)) if error.leaves_open() => {
                self.remember(Asked { kind, name, id: None, is_open: true });
                return Err(error.into());
            }
            answer => answer?,
        };
        let made = answer.json::<Value>("an object").map_err(Ended::from).and_then(|value| {
            let found = last_piece(text(&value, id)?).map(str::to_owned);
            Ok((found.ok_or_else(|| without(id))?, value))
        });
        let known = made.as_ref().ok().map(|(id, _)| id.clone());
        self.remember(Asked { kind, name, id: known, is_open: false });
        made
    }

    pub(super) async fn pause(&self, pause: Duration) -> Result<(), Ended> {
        self.until_canceled(async {
            sleep(pause).await;
            Ok(())
        })
        .await
    }

    pub(super) async fn until_canceled<T>(
        &self,
        work: impl Future<Output = Result<T, Ended>>,
    ) -> Result<T, Ended> {
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(Ended::Canceled),
            result = work => result,
        }
    }

    /// Waits until an object has the wanted status.
    pub(super) async fn ready(
        &self,
        kind: Kind,
        id: &str,
        wanted: &str,
        limit: Duration,
    ) -> Result<(), Ended> {
        let end = Instant::now() + limit;
        loop {
            let value = self.get(kind.api(), &kind.path(id)).await?;
            let object = value.as_object().and_then(|outer| outer.values().next());
            let text = |key: &str| object.and_then(|object| object.get(key)?.as_str());
            let status = text("status").unwrap_or("unknown");
            if status == wanted {
                return Ok(());
            }
            if status.to_lowercase().starts_with("error") {
                let reason = text("fail_reason").filter(|reason| !reason.is_empty());
                let reason = reason.or_else(|| object?.get("fault")?.get("message")?.as_str());
                let reason =
                    reason.map(|it| format!(": {}", self.session.redacted_line(it, LONGEST_MESSAGE)));
                return Err(Ended::Failed(format!(
                    "the {} is `{}`{}",
                    kind.name(),
                    self.session.redacted_line(status, 40),
                    reason.unwrap_or_default()
                )));
            }
            if Instant::now() >= end {
                return Err(Ended::Failed(format!(
                    "the {} is `{status}` instead of `{wanted}` after {} s",
                    kind.name(),
                    limit.as_secs()
                )));
            }
            self.pause(PAUSE).await?;
        }
    }
}

/// The string at a path in a response.
pub(super) fn text<'v>(value: &'v Value, pointer: &str) -> Result<&'v str, Ended> {
    value.pointer(pointer).and_then(Value::as_str).ok_or_else(|| without(pointer))
}

fn without(pointer: &str) -> Ended {
    Ended::Failed(format!("the answer has no `{}`", pointer.trim_start_matches('/').replace('/', ".")))
}
