//! A claim of the default class is bound, written to, and read by a second pod.

use scs_collector::one_line;
use serde_json::{Value, json};

use super::end::Ended;
use super::objects::{VOLUME, elsewhere, script, with_claim};
use super::reason;
use super::steps::{Steps, exit_status, is_finished};
use super::volume;

const CLAIM: &str = "data";
/// A pod with the claim that does not mount it: the claim is bound, and nothing is written.
const BINDER: &str = "binder";
const WRITER: &str = "writer";
const READER: &str = "reader";

const DEFAULT: [&str; 2] =
    ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"];

/// The events that say that the storage does not work.
const OF_VOLUMES: [&str; 4] = ["FailedMount", "FailedAttachVolume", "FailedMapVolume", "ProvisioningFailed"];

pub(super) async fn round_trip(steps: &Steps<'_>) -> Result<String, Ended> {
    let classes = default_classes(steps).await?;
    let known = volume::existing(steps, &classes).await?;
    steps.tell("creates a claim");
    let namespace = steps.namespace("", Some("restricted")).await?;
    let claim = json!({
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": CLAIM},
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
    });
    let made = steps.create(&format!("/api/v1/namespaces/{namespace}/persistentvolumeclaims"), &claim).await;
    steps.tell("waits for its volume");
    let ended = match made {
        Ok(_) => bind(steps, &namespace).await,
        Err(error) => Err(error),
    };
    // However it ended: the claim may be bound, and deleting it may delete its volume.
    let claim = steps.look(&claim_path(&namespace)).await;
    let is_bound = match &claim {
        Ok(claim) => volume::is_provisioned(steps, &namespace, claim, &known).await?,
        Err(_) => false,
    };
    ended?;
    claim?;
    if !is_bound {
        return Err(Ended::Unavailable("a pod ran although its claim is not bound to a volume".to_owned()));
    }
    steps.tell("writes to its volume");
    let write = format!("echo {namespace} > {VOLUME}/probe && sync || exit 3");
    let writer = script(WRITER, steps.image(), &write);
    let on = run(steps, &namespace, WRITER, writer, "writing to the volume failed").await?;
    steps.delete(&format!("/api/v1/namespaces/{namespace}/pods/{WRITER}")).await?;
    steps.tell("reads it from a second pod");
    let read = format!("test \"$(cat {VOLUME}/probe)\" = {namespace} || exit 3");
    let reader = elsewhere(script(READER, steps.image(), &read), &on);
    let lost = "the second pod does not find what the first one wrote";
    let second = run(steps, &namespace, READER, reader, lost).await?;
    let claim = steps.get(&claim_path(&namespace)).await?;
    let class = claim["spec"]["storageClassName"].as_str().unwrap_or_default();
    Ok(format!(
        "the claim got a volume of the class `{class}`, written on the node `{on}` and read on `{second}`"
    ))
}

fn claim_path(namespace: &str) -> String {
    format!("/api/v1/namespaces/{namespace}/persistentvolumeclaims/{CLAIM}")
}

/// The names of the default classes; ends the probe if there is none, or if it would leave a volume behind.
async fn default_classes(steps: &Steps<'_>) -> Result<Vec<String>, Ended> {
    let classes = steps.get("/apis/storage.k8s.io/v1/storageclasses").await?;
    let is_default =
        |class: &&Value| DEFAULT.iter().any(|key| class["metadata"]["annotations"][key] == "true");
    let defaults: Vec<&Value> =
        classes["items"].as_array().into_iter().flatten().filter(is_default).collect();
    let name = |class: &Value| class["metadata"]["name"].as_str().unwrap_or_default().to_owned();
    if defaults.is_empty() {
        let message = "there is no default class, so the claim could only be bound to an existing volume";
        return Err(Ended::Unavailable(message.to_owned()));
    }
    if let Some(retaining) = defaults.iter().find(|class| class["reclaimPolicy"] == "Retain") {
        return Err(Ended::Unavailable(format!(
            "the default class `{}` keeps volumes whose claims are deleted (`reclaimPolicy: Retain`), so one would be left behind",
            name(retaining)
        )));
    }
    Ok(defaults.into_iter().map(name).collect())
}

/// Runs a pod with the claim, but without its volume.
async fn bind(steps: &Steps<'_>, namespace: &str) -> Result<(), Ended> {
    let mut pod = with_claim(script(BINDER, steps.image(), "true"), CLAIM);
    if let Some(container) = pod["spec"]["containers"][0].as_object_mut() {
        container.remove("volumeMounts");
    }
    steps.pod(namespace, "", &pod).await?;
    let Some(pod) = steps.wait(namespace, BINDER, is_finished).await? else {
        return Err(unfinished(steps, namespace, BINDER).await);
    };
    if exit_status(&pod).is_none_or(|(status, _)| status != 0) {
        return Err(Ended::Unavailable(reason::of_pod(steps, namespace, BINDER).await));
    }
    steps.delete(&format!("/api/v1/namespaces/{namespace}/pods/{BINDER}")).await
}

/// Runs a pod with the volume to its end; returns its node. `failure` is the meaning of its exit status.
async fn run(
    steps: &Steps<'_>,
    namespace: &str,
    name: &str,
    pod: Value,
    failure: &str,
) -> Result<String, Ended> {
    steps.pod(namespace, "", &with_claim(pod, CLAIM)).await?;
    let Some(pod) = steps.wait(namespace, name, is_finished).await? else {
        return Err(unfinished(steps, namespace, name).await);
    };
    match exit_status(&pod) {
        Some((0, _)) => Ok(pod["spec"]["nodeName"].as_str().unwrap_or_default().to_owned()),
        // Some drivers do not give a volume to the group of a pod.
        Some((3, message)) if !message.contains("ermission denied") => {
            let message = one_line(message, 200);
            let message = if message.is_empty() { String::new() } else { format!(": {message}") };
            Err(Ended::Failed(format!("{failure}{message}")))
        }
        _ => Err(Ended::Unavailable(reason::of_pod(steps, namespace, name).await)),
    }
}

/// Why a pod did not come to its end in time: because of its volume, or for another reason, which shows nothing.
async fn unfinished(steps: &Steps<'_>, namespace: &str, pod: &str) -> Ended {
    let claim = match steps.get(&claim_path(namespace)).await {
        Ok(claim) => claim,
        Err(error) => return error,
    };
    let phase = claim["status"]["phase"].as_str().unwrap_or("unknown");
    let event = reason::last_event(steps, namespace, CLAIM).await;
    if phase != "Bound" {
        let waits = event.as_ref().is_some_and(|event| event.reason == "WaitForFirstConsumer");
        if waits {
            return Ended::Unavailable(reason::of_pod(steps, namespace, pod).await);
        }
        let why = match event {
            Some(event) => format!(" ({}: {})", event.reason, event.message),
            None if claim["spec"]["storageClassName"].is_null() => " (it got no storage class)".to_owned(),
            None => String::new(),
        };
        let seconds = steps.limit().as_secs();
        return Ended::Failed(format!("the claim is `{phase}` after {seconds} s{why}"));
    }
    let why = reason::of_pod(steps, namespace, pod).await;
    match reason::last_event(steps, namespace, pod).await {
        Some(event) if OF_VOLUMES.contains(&event.reason.as_str()) => {
            Ended::Failed(format!("a pod cannot mount the volume: {}: {}", event.reason, event.message))
        }
        _ => Ended::Unavailable(why),
    }
}
