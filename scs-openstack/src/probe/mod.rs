//! Live probes: round trips that create resources in a cloud and delete them afterwards.

mod backup;
mod end;
mod key_manager;
mod kind;
mod s3;
mod security_group;
mod steps;
mod sweep;
mod vm;

use jiff::Timestamp;
use scs_standards::round_trip::{Outcome, RoundTrip};
use tokio_util::sync::CancellationToken;

use crate::cleanup::Report;
use crate::run::Run;
use crate::session::Session;
use end::{Ended, Found};
pub use kind::{ParseProbeError, Probe};
use scs_collector::Part;
use steps::Steps;
use sweep::sweep;

/// The results and leftovers of probes.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Probed {
    /// The parts by key.
    pub parts: Vec<(&'static str, Part)>,
    /// The deleted objects, and those that could not be deleted.
    pub cleanup: Report,
}

/// Runs probes one after the other, since they could interfere with each other; `at` is the current time.
///
/// Everything a probe created is deleted before the next one starts: after success, after failure, and after `cancel`, which
/// ends the probe at its next step. Dropping the future does not delete anything; use [`cleanup`](crate::cleanup()) later.
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
        let result =
            if cancel.is_cancelled() { Err(Ended::Canceled) } else { run_steps(*probe, &steps).await };
        let swept = sweep(session, run, probe.kinds(), &steps.asked()).await;
        found.cleanup.removed.extend(swept.removed);
        found.cleanup.problems.extend(swept.problems);
        found.parts.push((probe.part(), part(*probe, result, at)));
    }
    found
}

async fn run_steps(probe: Probe, steps: &Steps<'_>) -> Result<Found, Ended> {
    match probe {
        Probe::KeyManager => key_manager::round_trip(steps).await,
        Probe::Backup => backup::round_trip(steps).await,
        Probe::S3 => s3::ask(steps).await,
        Probe::Vm => vm::console(steps).await,
        Probe::SecurityGroup => security_group::rules(steps).await,
    }
}

fn part(probe: Probe, result: Result<Found, Ended>, at: Timestamp) -> Part {
    let (outcome, detail) = match (probe, result) {
        (_, Ok(Found::Part(part))) => return part,
        (_, Ok(Found::Nothing)) => (Outcome::Ok, None),
        (_, Ok(Found::Outcome(outcome, detail))) => (outcome, Some(detail)),
        // A canceled probe shows nothing about the cloud.
        (_, Err(Ended::Canceled)) => {
            return Part::Unavailable(format!("the probe {probe} was canceled"));
        }
        (_, Err(Ended::Unavailable(reason))) => return Part::Unavailable(reason),
        (Probe::Vm | Probe::SecurityGroup, Err(error)) => return Part::Unavailable(error.to_string()),
        (_, Err(error)) => (error.kind(), Some(error.to_string())),
    };
    let round_trip = RoundTrip { outcome, detail, at: Some(at) };
    // It only contains strings and a time, so it can always be serialized.
    Part::Json(serde_json::to_string(&round_trip).unwrap_or_default().into())
}
