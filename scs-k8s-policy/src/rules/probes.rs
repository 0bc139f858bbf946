//! Outcomes of probes.

use scs_standards::round_trip::{Outcome, RoundTrip};
use scs_standards::{CLUSTER, Given, Source};

use super::Rec;

/// What a probe shows.
pub(super) enum Probed<'c> {
    /// Everything succeeded.
    Works,
    /// It did not.
    Fails(&'c RoundTrip),
    /// There is no outcome, or it shows nothing about the cluster.
    Nothing,
}

/// The outcome of a probe; records how old it is. An outcome of the future shows nothing.
pub(super) fn probed<'c>(given: &'c Given<RoundTrip>, source: Source, rec: &mut Rec<'_>) -> Probed<'c> {
    let Given::Data(outcome) = given else { return Probed::Nothing };
    if outcome.at.is_some_and(|at| at > rec.context().at) {
        rec.note(CLUSTER, format!("`{}` is dated after the check; ignored", source.name));
        return Probed::Nothing;
    }
    let shown = match outcome.outcome {
        Outcome::Ok => Probed::Works,
        Outcome::Failed => Probed::Fails(outcome),
        // A missing right shows nothing about the cluster.
        Outcome::Refused | Outcome::Absent => return Probed::Nothing,
    };
    if let Some(at) = outcome.at {
        rec.rests_on_evidence_of(at);
    }
    shown
}
