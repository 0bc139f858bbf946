//! Live probes: they create something in a cluster, use it and delete it.

mod end;
mod kind;
mod network_policy;
mod objects;
mod pod_security;
mod pvc;
mod reason;
mod steps;
mod sweep;
mod volume;

use jiff::Timestamp;
use scs_collector::Part;
use scs_standards::round_trip::{Outcome, RoundTrip};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::cleanup::Report;
use crate::run::Run;
use crate::session::Session;
use end::Ended;
pub use kind::{ParseProbeError, Probe};
use steps::Steps;
pub(crate) use sweep::{LABEL, delete, wait_until_gone};

/// The results and leftovers of probes.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Probed {
    /// The parts by key.
    pub parts: Vec<(&'static str, Part)>,
    /// The deleted namespaces, and those that could not be deleted.
    pub cleanup: Report,
}

/// Runs probes one after the other; `at` is the current time.
///
/// The namespaces of a probe are deleted before the next one starts: after success, after failure, and after `cancel`, which ends
/// the probe at its next step. Dropping the future does not delete anything; use [`cleanup`](crate::cleanup()) later.
pub async fn probe(
    session: &Session,
    probes: &[Probe],
    run: &Run,
    at: Timestamp,
    cancel: &CancellationToken,
) -> Probed {
    let mut found = Probed::default();
    for probe in probes {
        let steps = Steps::new(session, run, cancel, *probe);
        let result = if cancel.is_cancelled() { Err(Ended::Canceled) } else { run_steps(&steps, at).await };
        let swept = sweep::sweep(session, &steps.namespaces()).await;
        found.cleanup.removed.extend(swept.removed);
        found.cleanup.problems.extend(swept.problems);
        found.parts.push((probe.part(), part(*probe, result, at)));
    }
    found
}

async fn run_steps(steps: &Steps<'_>, at: Timestamp) -> Result<Value, Ended> {
    match steps.probe {
        Probe::Pvc => pvc::round_trip(steps).await.map(|detail| json!(ok(detail, at))),
        Probe::NetworkPolicy => network_policy::round_trip(steps).await.map(|detail| json!(ok(detail, at))),
        Probe::PodSecurity => pod_security::ask(steps, at).await,
    }
}

const fn ok(detail: String, at: Timestamp) -> RoundTrip {
    RoundTrip { outcome: Outcome::Ok, detail: Some(detail), at: Some(at) }
}

fn part(probe: Probe, result: Result<Value, Ended>, at: Timestamp) -> Part {
    let value = match result {
        Ok(value) => value,
        Err(Ended::Failed(detail)) => {
            json!(RoundTrip { outcome: Outcome::Failed, detail: Some(detail), at: Some(at) })
        }
        // A probe that was canceled or denied shows nothing about the cluster.
        Err(Ended::Canceled) => return Part::Unavailable(format!("the probe {probe} was canceled")),
        Err(Ended::Unavailable(reason)) => {
            return Part::Unavailable(format!("the probe {probe} shows nothing: {reason}"));
        }
        Err(Ended::Request(error)) => {
            return Part::Unavailable(format!("the probe {probe} could not be carried out: {error}"));
        }
    };
    Part::Json(value.to_string().into())
}
