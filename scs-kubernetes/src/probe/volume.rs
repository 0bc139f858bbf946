//! Keeps the claim of a probe away from volumes that others made.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::end::Ended;
use super::steps::Steps;
use crate::http::RequestError;

const VOLUMES: &str = "/api/v1/persistentvolumes";
/// The annotation of volumes that were provisioned for a claim.
const PROVISIONED_BY: &str = "pv.kubernetes.io/provisioned-by";
/// How far the clocks of API servers may differ.
const SKEW: SignedDuration = SignedDuration::from_secs(5);

/// The ids of the volumes of the cluster; ends the probe if the claim could be bound to one of them.
pub(super) async fn existing(steps: &Steps<'_>, classes: &[String]) -> Result<BTreeSet<String>, Ended> {
    let volumes = match steps.get(VOLUMES).await {
        Ok(list) => items(&list)?,
        Err(Ended::Request(error @ RequestError::Forbidden { .. })) => {
            return Err(Ended::Unavailable(format!(
                "without the right to list persistentvolumes, the claim might be bound to an existing volume: {error}"
            )));
        }
        Err(error) => return Err(error),
    };
    if let Some(volume) = volumes.iter().find(|volume| is_free(volume, classes)) {
        return Err(Ended::Unavailable(format!(
            "the claim could be bound to the existing volume `{}`, which could not be used afterwards",
            name(volume)
        )));
    }
    Ok(volumes.iter().filter_map(uid).collect())
}

/// Whether the claim is bound; ends the probe if it is bound to a volume that was not provisioned for it.
pub(super) async fn is_provisioned(
    steps: &Steps<'_>,
    namespace: &str,
    claim: &Value,
    known: &BTreeSet<String>,
) -> Result<bool, Ended> {
    let Some(bound) = claim["spec"]["volumeName"].as_str().filter(|name| !name.is_empty()) else {
        return Ok(false);
    };
    let volumes = items(&steps.look(VOLUMES).await?)?;
    let volume = volumes.into_iter().find(|volume| name(volume) == bound).unwrap_or_default();
    let is_new = uid(&volume).is_some_and(|uid| !known.contains(&uid))
        && made_at(&volume).zip(made_at(claim)).is_some_and(|(volume, claim)| volume >= claim - SKEW);
    let is_ours = volume["spec"]["claimRef"]["namespace"] == namespace;
    if is_new && is_ours && volume["metadata"]["annotations"][PROVISIONED_BY].is_string() {
        return Ok(true);
    }
    let what = format!(
        "the claim was bound to the volume `{bound}`, which was not provisioned for it; nothing was written to it"
    );
    if volume["spec"]["persistentVolumeReclaimPolicy"] == "Retain" {
        return Err(Ended::Unavailable(format!(
            "{what}; remove its `claimRef`, so that it can be used again: `kubectl patch pv {bound} --type=json -p '[{{\"op\": \"remove\", \"path\": \"/spec/claimRef\"}}]'`"
        )));
    }
    // With its claim, the volume would be deleted.
    let kept = steps.keep(namespace).await;
    let kept =
        kept.err().map(|error| format!(" (its label could not be removed: {error})")).unwrap_or_default();
    Err(Ended::Unavailable(format!(
        "{what}; the namespace `{namespace}` is kept{kept}, since the volume would be deleted with it: set the volume's `persistentVolumeReclaimPolicy` to `Retain`, delete the namespace and remove the volume's `claimRef`"
    )))
}

/// The volumes of a list.
fn items(list: &Value) -> Result<Vec<Value>, Ended> {
    let is_whole = list["metadata"]["continue"].as_str().unwrap_or_default().is_empty();
    match &list["items"] {
        Value::Array(items) if is_whole => Ok(items.clone()),
        Value::Null if is_whole && list["kind"] == "PersistentVolumeList" => Ok(Vec::new()),
        _ => Err(Ended::Unavailable("the server does not return all persistentvolumes".to_owned())),
    }
}

/// Whether the claim could be bound to a volume. Its size is ignored, to be on the safe side.
fn is_free(volume: &Value, classes: &[String]) -> bool {
    let spec = &volume["spec"];
    let is_taken = matches!(volume["status"]["phase"].as_str(), Some("Bound" | "Released" | "Failed"));
    let class = spec["storageClassName"].as_str().unwrap_or_default();
    let is_of_class = class.is_empty() || classes.iter().any(|known| known == class);
    !is_taken && spec["claimRef"].is_null() && is_of_class && spec["volumeMode"] != "Block"
}

fn name(volume: &Value) -> &str {
    volume["metadata"]["name"].as_str().unwrap_or_default()
}

fn uid(volume: &Value) -> Option<String> {
    volume["metadata"]["uid"].as_str().map(str::to_owned)
}

fn made_at(object: &Value) -> Option<Timestamp> {
    object["metadata"]["creationTimestamp"].as_str()?.parse().ok()
}
