//! Deletes the namespaces of a probe.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::cleanup::{LeftOver, Report};
use crate::http::{Call, Http, RequestError};
use crate::session::Session;

/// The label of all namespaces that probes create.
pub(crate) const LABEL: &str = "scs.community/probe";
/// How long a namespace may take to go away, with its pods and volumes.
const GONE: Duration = Duration::from_mins(2);

/// Deletes namespaces that a probe may have created, and waits until they are gone.
pub(super) async fn sweep(session: &Session, namespaces: &[String]) -> Report {
    let mut report = Report::default();
    let http = session.http().with_time(GONE * 2);
    for name in namespaces {
        match delete(&http, name).await {
            Ok(true) => report.removed.push(LeftOver::of(name)),
            Ok(false) => {}
            Err(error) => report.problems.push(format!("cannot delete the namespace `{name}`: {error}")),
        }
    }
    report.problems.extend(wait_until_gone(&http, &report.removed).await);
    report
}

/// Deletes a namespace; whether it existed.
pub(crate) async fn delete(http: &Http, name: &str) -> Result<bool, RequestError> {
    match http.send(&Call::delete(format!("/api/v1/namespaces/{name}"))).await {
        // After a conflict, it is being deleted already.
        Ok(_) | Err(RequestError::Status { status: 409, .. }) => Ok(true),
        Err(RequestError::NotFound { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Waits until namespaces are gone; returns a message for each that is not.
pub(crate) async fn wait_until_gone(http: &Http, namespaces: &[LeftOver]) -> Vec<String> {
    let end = Instant::now() + GONE;
    let mut problems = Vec::new();
    for LeftOver { name, .. } in namespaces {
        let call = Call::get(format!("/api/v1/namespaces/{name}"));
        loop {
            match http.send(&call).await {
                // Without the right to look, deleting it is all that can be done.
                Err(RequestError::NotFound { .. } | RequestError::Forbidden { .. }) => break,
                result if Instant::now() >= end => {
                    let why = result.err().map(|error| format!(": {error}")).unwrap_or_default();
                    let seconds = GONE.as_secs();
                    problems.push(format!(
                        "the namespace `{name}` is still being deleted after {seconds} s{why}"
                    ));
                    break;
                }
                _ => sleep(Duration::from_millis(500)).await,
            }
        }
    }
    problems
}
