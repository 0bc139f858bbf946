//! Why an object is not as wanted, from its status and its events.

use scs_collector::one_line;
use serde_json::Value;

use super::steps::Steps;

const LONGEST: usize = 300;

/// An event about an object.
pub(super) struct Seen {
    pub(super) reason: String,
    pub(super) message: String,
}

/// The last event about an object, a warning if there is one; `None` if there is none or events cannot be listed.
pub(super) async fn last_event(steps: &Steps<'_>, namespace: &str, name: &str) -> Option<Seen> {
    let path = format!("/api/v1/namespaces/{namespace}/events?fieldSelector=involvedObject.name%3D{name}");
    let list = steps.get(&path).await.ok()?;
    let events = list["items"].as_array()?;
    let time = |event: &&Value| {
        let of = |key: &str| event[key].as_str().map(str::to_owned);
        of("lastTimestamp").or_else(|| of("eventTime")).unwrap_or_default()
    };
    let warnings = events.iter().filter(|event| event["type"] == "Warning").max_by_key(time);
    let newest = warnings.or_else(|| events.iter().max_by_key(time))?;
    let text = |key: &str| one_line(newest[key].as_str().unwrap_or_default(), LONGEST);
    Some(Seen { reason: text("reason"), message: text("message") })
}

/// What is known about a pod that has not come to its end.
pub(super) async fn of_pod(steps: &Steps<'_>, namespace: &str, name: &str) -> String {
    let path = format!("/api/v1/namespaces/{namespace}/pods/{name}");
    let pod = steps.get(&path).await.unwrap_or_default();
    let phase = pod["status"]["phase"].as_str().unwrap_or("unknown");
    let event = last_event(steps, namespace, name).await;
    let why = shown(&pod).or_else(|| event.map(|event| format!("{}: {}", event.reason, event.message)));
    let why = why.map(|why| format!(" ({why})")).unwrap_or_default();
    format!("the pod `{name}` is `{phase}` after {} s{why}", steps.limit().as_secs())
}

/// What the status of a pod says.
fn shown(pod: &Value) -> Option<String> {
    let said = |place: &Value| {
        let reason = place["reason"].as_str()?;
        let message = place["message"].as_str().map(|it| format!(": {}", one_line(it, LONGEST)));
        Some(format!("{reason}{}", message.unwrap_or_default()))
    };
    let status = &pod["status"];
    let waiting = &status["containerStatuses"][0]["state"]["waiting"];
    let conditions = status["conditions"].as_array().into_iter().flatten();
    let unscheduled =
        conditions.into_iter().find(|it| it["type"] == "PodScheduled" && it["status"] == "False");
    // A container that is only being created says nothing about the cause.
    let waiting = Some(waiting).filter(|it| it["reason"] != "ContainerCreating");
    waiting.and_then(said).or_else(|| unscheduled.and_then(said)).or_else(|| said(status))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_status_of_a_pod_says_why() {
        let unscheduled = json!({"status": {"conditions": [
            {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/7 nodes are available\nmore"}]}});
        assert_eq!(shown(&unscheduled).as_deref(), Some("Unschedulable: 0/7 nodes are available"));
        let pulling = json!({"status": {"containerStatuses": [{"state": {"waiting": {"reason": "ImagePullBackOff"}}}]}});
        assert_eq!(shown(&pulling).as_deref(), Some("ImagePullBackOff"));
        let creating = json!({"status": {"containerStatuses": [{"state": {"waiting": {"reason": "ContainerCreating"}}}]}});
        assert_eq!(shown(&creating), None);
        assert_eq!(shown(&json!({"status": {"reason": "Evicted"}})).as_deref(), Some("Evicted"));
    }
}
