//! Live probes: round trips that create resources in a cloud and delete them afterwards.

mod backup;
mod key_manager;
mod s3;
mod security_group;
mod steps;
mod sweep;
mod vm;

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use scs_standards::round_trip::{Outcome, RoundTrip};
use thiserror::Error;
use tokio_util::sync::CancellationToken;

use crate::cleanup::Report;
use crate::document::{Document, Part};
use crate::http::RequestError;
use crate::run::Run;
use crate::session::Session;
use crate::things::Kind;
use steps::Steps;
use sweep::sweep;

/// A live probe. Probes are opt-in, since they temporarily change the cloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Probe {
    /// Stores, finds and deletes a secret in the key manager.
    KeyManager,
    /// Backs up a volume and restores the backup.
    Backup,
    /// Requests S3 with wrong credentials.
    S3,
    /// Boots a virtual machine that reports its entropy.
    Vm,
    /// Creates a security group to show the rules of new groups.
    SecurityGroup,
}

/// Error: not the name of a probe.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is not a probe; the probes are key-manager, backup, s3, vm and security-group")]
pub struct ParseProbeError(String);

impl Probe {
    /// All probes.
    pub const ALL: [Self; 5] = [Self::KeyManager, Self::Backup, Self::S3, Self::Vm, Self::SecurityGroup];

    /// Its name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::KeyManager => "key-manager",
            Self::Backup => "backup",
            Self::S3 => "s3",
            Self::Vm => "vm",
            Self::SecurityGroup => "security-group",
        }
    }

    /// The inventory part that it fills.
    #[must_use]
    pub const fn part(self) -> &'static str {
        match self {
            Self::KeyManager => "secrets",
            Self::Backup => "backup",
            Self::S3 => "s3",
            Self::Vm => "console_output",
            Self::SecurityGroup => "security_group_rules_of_new_group",
        }
    }

    /// A description of its actions. Everything it creates has the name of the run as prefix, and is deleted afterwards.
    #[must_use]
    pub const fn plan(self) -> &'static str {
        match self {
            Self::KeyManager => {
                "stores a secret with the payload `foo` in the key manager, lists it and deletes it"
            }
            Self::Backup => {
                "creates an empty volume of 1 GiB, backs it up, restores the backup to a second volume, and deletes all three"
            }
            Self::S3 => {
                "requests a list of buckets from S3 on the host of the object store, with a nonexistent key; creates nothing"
            }
            Self::Vm => {
                "creates a network with a subnet (10.1.0.0/24) and a router to an external network, boots a server of the smallest flavor from a new volume with a public Debian or Ubuntu image, reads its console for up to 5 minutes, and deletes everything"
            }
            Self::SecurityGroup => "creates a security group, reads its initial rules, and deletes it",
        }
    }

    /// The kinds of objects that it creates.
    const fn kinds(self) -> &'static [Kind] {
        match self {
            Self::KeyManager => &[Kind::Secret],
            Self::Backup => &[Kind::Backup, Kind::Volume],
            Self::S3 => &[],
            Self::Vm => &[Kind::Server, Kind::Volume, Kind::Router, Kind::Network],
            Self::SecurityGroup => &[Kind::SecurityGroup],
        }
    }
}

impl fmt::Display for Probe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Probe {
    type Err = ParseProbeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|probe| probe.name() == text)
            .ok_or_else(|| ParseProbeError(text.to_owned()))
    }
}

/// The result of a probe.
enum Found {
    /// Everything succeeded.
    Nothing,
    /// An outcome with its detail.
    Outcome(Outcome, String),
    /// A part of the inventory.
    Part(Part),
}

/// The reason why a probe ends early.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
enum Ended {
    #[error(transparent)]
    Request(#[from] RequestError),
    #[error("{0}")]
    Failed(String),
    /// The service is temporarily unavailable, so the result is unknown.
    #[error("{0}")]
    Unavailable(String),
    #[error("it was canceled")]
    Canceled,
}

impl Ended {
    fn kind(&self) -> Outcome {
        match self {
            Self::Request(RequestError::NoService { .. }) => Outcome::Absent,
            Self::Request(error) if error.is_refusal() => Outcome::Refused,
            Self::Request(_) | Self::Failed(_) | Self::Unavailable(_) | Self::Canceled => Outcome::Failed,
        }
    }
}

/// The results and leftovers of probes.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Probed {
    /// The parts by key.
    pub parts: Vec<(&'static str, Part)>,
    /// The deleted objects, and those that could not be deleted.
    pub cleanup: Report,
}

impl Document {
    /// Adds the results of probes.
    #[must_use]
    pub fn with_probed(mut self, probed: &Probed) -> Self {
        for (key, part) in &probed.parts {
            self.push(key, part.clone());
        }
        self
    }
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
        let result = if cancel.is_cancelled() { Err(Ended::Canceled) } else { steps.probe().await };
        let swept = sweep(session, run, probe.kinds(), &steps.asked()).await;
        found.cleanup.removed.extend(swept.removed);
        found.cleanup.problems.extend(swept.problems);
        found.parts.push((probe.part(), part(*probe, result, at)));
    }
    found
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
