//! Trying things out: round trips that make something in a cloud, and take it away again.

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
use serde::Serialize;
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

/// A round trip. Each has to be asked for, since it changes something in the cloud for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Probe {
    /// A secret is stored in the key manager, found and deleted.
    KeyManager,
    /// A volume is backed up, and the backup is restored.
    Backup,
    /// S3 is asked with wrong credentials.
    S3,
    /// A virtual machine tells about its entropy.
    Vm,
    /// A security group is made, which tells what rules new groups have.
    SecurityGroup,
}

/// A word that names no probe.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is no probe; there are key-manager, backup, s3, vm and security-group")]
pub struct ParseProbeError(String);

impl Probe {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::KeyManager, Self::Backup, Self::S3, Self::Vm, Self::SecurityGroup];

    /// Its word on the command line.
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

    /// The part of the inventory that it fills.
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

    /// What it will do, in words. All that it makes has a name that begins with that of the run, and goes again.
    #[must_use]
    pub const fn plan(self) -> &'static str {
        match self {
            Self::KeyManager => {
                "stores a secret with the payload `foo` in the key manager, looks for it and deletes it"
            }
            Self::Backup => {
                "makes an empty volume of 1 GiB, backs it up, restores the backup to a second volume, and deletes all three"
            }
            Self::S3 => {
                "asks S3 on the host of the object store for a list of buckets, with a key that does not exist; makes nothing"
            }
            Self::Vm => {
                "makes a network with a subnet (10.1.0.0/24) and a router to an external network, boots a server of the smallest flavor from a new volume with a public image of Debian or Ubuntu, reads its console for up to 5 minutes, and deletes all of it"
            }
            Self::SecurityGroup => {
                "makes a security group, reads the rules that it has from the beginning, and deletes it"
            }
        }
    }

    /// What it makes.
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

/// How a round trip ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum OutcomeKind {
    Ok,
    Refused,
    Failed,
    Absent,
}

/// The outcome of a round trip, as the inventory has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Outcome {
    #[serde(rename = "outcome")]
    kind: OutcomeKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    at: String,
}

/// What a probe has found.
enum Found {
    /// That everything can be done.
    Nothing,
    /// An outcome with its detail.
    Outcome(OutcomeKind, String),
    /// A part of the inventory.
    Part(Part),
}

/// What ends a probe early.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
enum Ended {
    #[error(transparent)]
    Request(#[from] RequestError),
    #[error("{0}")]
    Failed(String),
    /// The service does not work now, which says nothing of what it does otherwise.
    #[error("{0}")]
    Unavailable(String),
    #[error("it was cancelled")]
    Cancelled,
}

impl Ended {
    fn kind(&self) -> OutcomeKind {
        match self {
            Self::Request(RequestError::NoService { .. }) => OutcomeKind::Absent,
            Self::Request(error) if error.is_refusal() => OutcomeKind::Refused,
            Self::Request(_) | Self::Failed(_) | Self::Unavailable(_) | Self::Cancelled => {
                OutcomeKind::Failed
            }
        }
    }
}

/// What probes have found out and left behind.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Probed {
    /// The parts under their keys.
    pub parts: Vec<(&'static str, Part)>,
    /// What was taken away, and what could not be.
    pub cleanup: Report,
}

impl Document {
    /// With what probes have found out.
    #[must_use]
    pub fn with_probed(mut self, probed: &Probed) -> Self {
        for (key, part) in &probed.parts {
            self.push(key, part.clone());
        }
        self
    }
}

/// Runs probes one after the other, as two of them could be in each other's way; `at` is the time that counts as now.
///
/// Whatever a probe has made is taken away again before the next one begins: after success, after a failure, and after
/// `cancel`, which ends the probe at its next step. A future that is dropped takes nothing away; [`cleanup`](crate::cleanup())
/// does later.
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
        let result = if cancel.is_cancelled() { Err(Ended::Cancelled) } else { steps.probe().await };
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
        (_, Ok(Found::Nothing)) => (OutcomeKind::Ok, None),
        (_, Ok(Found::Outcome(outcome, detail))) => (outcome, Some(detail)),
        // A probe that was stopped says nothing of the cloud.
        (_, Err(Ended::Cancelled)) => {
            return Part::Unavailable(format!("the probe {probe} was cancelled"));
        }
        (_, Err(Ended::Unavailable(reason))) => return Part::Unavailable(reason),
        (Probe::Vm | Probe::SecurityGroup, Err(error)) => return Part::Unavailable(error.to_string()),
        (_, Err(error)) => (error.kind(), Some(error.to_string())),
    };
    let outcome = Outcome { kind: outcome, detail, at: at.to_string() };
    // Texts alone are in it, so that it can always be written.
    Part::Json(serde_json::to_string(&outcome).unwrap_or_default().into())
}
