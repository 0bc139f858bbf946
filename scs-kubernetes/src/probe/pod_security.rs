//! Asks with dry runs whether pods that violate baseline are accepted.

use jiff::Timestamp;
use scs_standards::round_trip::{Outcome, RoundTrip};
use serde_json::{Value, json};

use super::end::Ended;
use super::objects;
use super::steps::Steps;
use crate::http::RequestError;

/// Nothing is created for real.
const DRY_RUN: &str = "?dryRun=All";
/// The words with which the admission plug-in refuses a pod, in contrast to missing rights.
const VIOLATES: &str = "violates PodSecurity";

/// The answers in a namespace without a label, and in one that enforces baseline.
pub(super) async fn ask(steps: &Steps<'_>, at: Timestamp) -> Result<Value, Ended> {
    steps.tell("asks in a namespace without a label");
    let unlabeled = match steps.namespace("", None).await {
        Ok(namespace) => refused(steps, &namespace).await?,
        Err(Ended::Request(error)) if !is_missing_right(&error) && is_rejection(&error) => {
            (Outcome::Refused, format!("namespaces without a label are rejected: {error}"))
        }
        Err(error) => return Err(error),
    };
    steps.tell("asks in a namespace that enforces baseline");
    let namespace = steps.namespace("-baseline", Some("baseline")).await?;
    let labeled = refused(steps, &namespace).await?;
    let outcome =
        |(outcome, detail): (Outcome, String)| RoundTrip { outcome, detail: Some(detail), at: Some(at) };
    Ok(json!({"unlabeled": outcome(unlabeled), "labeled": outcome(labeled)}))
}

/// Whether an admission plug-in or policy rejected an object.
const fn is_rejection(error: &RequestError) -> bool {
    matches!(error, RequestError::Forbidden { .. } | RequestError::Status { status: 400 | 422, .. })
}

fn is_missing_right(error: &RequestError) -> bool {
    matches!(error, RequestError::Forbidden { message, .. } if message.contains("cannot create resource"))
}

/// Whether all pods that violate baseline are refused.
async fn refused(steps: &Steps<'_>, namespace: &str) -> Result<(Outcome, String), Ended> {
    let mut reason = String::new();
    for (what, pod) in [
        ("a privileged pod", privileged(steps.image())),
        ("a pod in the host's network", on_host(steps.image())),
    ] {
        match steps.pod(namespace, DRY_RUN, &pod).await {
            Ok(_) => return Ok((Outcome::Failed, format!("{what} is accepted"))),
            Err(Ended::Request(RequestError::Forbidden { message, .. })) if message.contains(VIOLATES) => {
                if reason.is_empty() {
                    reason = message;
                }
            }
            Err(Ended::Request(error)) if is_rejection(&error) && !is_missing_right(&error) => {
                return Err(Ended::Unavailable(format!(
                    "{what} is refused, but not by `PodSecurity`: {error}"
                )));
            }
            Err(error) => return Err(error),
        }
    }
    Ok((Outcome::Ok, reason))
}

fn privileged(image: &str) -> Value {
    let mut pod = objects::script("privileged", image, "true");
    // As in most manifests, so that nothing but the privilege is unusual.
    pod["spec"]["containers"][0]["securityContext"] = json!({"privileged": true});
    pod
}

fn on_host(image: &str) -> Value {
    let mut pod = objects::script("host-network", image, "true");
    pod["spec"]["hostNetwork"] = json!(true);
    pod
}
