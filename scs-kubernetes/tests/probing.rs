//! Probes: what they create, what their outcomes mean, and that nothing is left.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod mock;

use std::time::Duration;

use mock::objects::Objects;
use mock::{MockServer, NOW, Reply, Request, open_with, options};
use scs_kubernetes::{Part, Probe, Run, cleanup, probe};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

const CLASS: &str = "/apis/storage.k8s.io/v1/storageclasses/fast";

fn class(policy: &str) -> Value {
    let annotations = json!({"storageclass.kubernetes.io/is-default-class": "true"});
    json!({"metadata": {"annotations": annotations}, "reclaimPolicy": policy})
}

/// What a cluster does to new objects.
type Controller = fn(&Objects, &Request) -> Option<Reply>;

struct Probed {
    part: Value,
    objects: Objects,
    server: MockServer,
}

async fn probed(one: Probe, objects: Objects, controller: Controller) -> Probed {
    let kept = objects.clone();
    let server =
        MockServer::start(move |request| controller(&kept, request).unwrap_or_else(|| kept.answer(request)))
            .await;
    let mut options = options();
    options.probe_timeout = Duration::from_mins(1);
    let session = open_with(&server.config(), &options).await.unwrap();
    let run = Run::new(NOW.parse().unwrap());
    let found = probe(&session, &[one], &run, NOW.parse().unwrap(), &CancellationToken::new()).await;
    assert!(found.cleanup.problems.is_empty(), "{:?}", found.cleanup.problems);
    let (key, part) = &found.parts[0];
    assert_eq!(*key, one.part());
    assert!(objects.paths().iter().all(|path| !path.contains("/namespaces/scs-")), "{:?}", objects.paths());
    Probed { part: value(part), objects, server }
}

fn value(part: &Part) -> Value {
    serde_json::from_str(&part.to_json()).unwrap()
}

fn unavailable(part: &Value) -> &str {
    let reason = part["unavailable"].as_str();
    assert!(reason.is_some(), "{part}");
    reason.unwrap()
}

fn denied(message: &str) -> Reply {
    Reply::status(403, "Forbidden", message)
}

fn is_pod(request: &Request) -> bool {
    request.method == "POST" && request.path.ends_with("/pods")
}

const VIOLATION: &str = "pods \"x\" is forbidden: violates PodSecurity \"baseline:latest\": privileged";

#[tokio::test(start_paused = true)]
async fn refused_pods_show_pod_security() {
    let Probed { part, server, objects } = probed(Probe::PodSecurity, Objects::default(), |_, request| {
        is_pod(request).then(|| denied(VIOLATION))
    })
    .await;
    assert_eq!((&part["unlabeled"]["outcome"], &part["labeled"]["outcome"]), (&json!("ok"), &json!("ok")));
    assert!(objects.paths().is_empty(), "{:?}", objects.paths());
    let pods: Vec<Request> = server.requests().into_iter().filter(is_pod).collect();
    assert_eq!(pods.len(), 4);
    assert!(pods.iter().all(|pod| pod.parameter("dryRun") == Some("All")));
    let requests = server.requests();
    let made: Vec<Value> =
        requests.iter().filter(|it| it.is("POST", "/api/v1/namespaces")).map(Request::json).collect();
    assert!(made.iter().all(|it| it["metadata"]["labels"]["scs.community/probe"] == "pod-security"));
    let levels: Vec<&Value> =
        made.iter().map(|it| &it["metadata"]["labels"]["pod-security.kubernetes.io/enforce"]).collect();
    assert_eq!(levels, [&Value::Null, &json!("baseline")]);
}

#[tokio::test(start_paused = true)]
async fn accepted_pods_show_that_nothing_is_enforced() {
    let part = probed(Probe::PodSecurity, Objects::default(), |_, _| None).await.part;
    assert_eq!(
        (&part["unlabeled"]["outcome"], &part["labeled"]["outcome"]),
        (&json!("failed"), &json!("failed"))
    );
    // Only the second pod is accepted, and only without a label.
    let part = probed(Probe::PodSecurity, Objects::default(), |_, request| {
        let is_privileged = request.body.contains("\"privileged\":true");
        let is_labeled = request.path.contains("-baseline/");
        (is_pod(request) && (is_privileged || is_labeled)).then(|| denied(VIOLATION))
    })
    .await
    .part;
    assert_eq!(
        (&part["unlabeled"]["outcome"], &part["labeled"]["outcome"]),
        (&json!("failed"), &json!("ok"))
    );
    assert!(part["unlabeled"]["detail"].as_str().unwrap().contains("host's network"), "{part}");
}

#[tokio::test(start_paused = true)]
async fn missing_rights_show_nothing() {
    for (controller, words) in [
        (
            (|_, request| {
                request
                    .is("POST", "/api/v1/namespaces")
                    .then(|| denied("User \"me\" cannot create resource \"namespaces\" in API group \"\""))
            }) as Controller,
            "cannot create resource \"namespaces\"",
        ),
        (
            |_, request| is_pod(request).then(|| denied("User \"me\" cannot create resource \"pods\"")),
            "cannot create resource \"pods\"",
        ),
        (
            |_, request| is_pod(request).then(|| denied("admission webhook \"w\" denied the request: no")),
            "not by `PodSecurity`",
        ),
    ] {
        let part = probed(Probe::PodSecurity, Objects::default(), controller).await.part;
        assert!(unavailable(&part).contains(words), "{part}");
    }
}

/// The policy of `scs k8s enforce` rejects namespaces without a label.
#[tokio::test(start_paused = true)]
async fn clusters_without_unlabeled_namespaces_are_probed() {
    let part = probed(Probe::PodSecurity, Objects::default(), |_, request| {
        if is_pod(request) {
            return Some(denied(VIOLATION));
        }
        let is_unlabeled = request.is("POST", "/api/v1/namespaces") && !request.body.contains("enforce");
        is_unlabeled.then(|| Reply::status(422, "Invalid", "ValidatingAdmissionPolicy 'p' denied request"))
    })
    .await
    .part;
    assert_eq!(
        (&part["unlabeled"]["outcome"], &part["labeled"]["outcome"]),
        (&json!("refused"), &json!("ok"))
    );
}

/// A new namespace has no service account for a moment.
#[tokio::test(start_paused = true)]
async fn service_accounts_are_waited_for() {
    let Probed { part, server, .. } = probed(Probe::PodSecurity, Objects::default(), |objects, request| {
        if !is_pod(request) {
            return None;
        }
        if objects.get("/tried").is_none() {
            objects.put("/tried", json!({}));
            return Some(denied(
                "error looking up service account x/default: serviceaccount \"default\" not found",
            ));
        }
        Some(denied(VIOLATION))
    })
    .await;
    assert_eq!(part["labeled"]["outcome"], "ok");
    assert_eq!(server.requests().iter().filter(|it| is_pod(it)).count(), 5);
}

/// Binds claims, and ends pods with the exit status that their name asks for.
fn runs(objects: &Objects, request: &Request, status: impl Fn(&str) -> Option<i64>) -> Option<Reply> {
    if request.method != "POST" {
        return None;
    }
    if request.path.ends_with("/persistentvolumeclaims") {
        let reply = objects.answer(request);
        objects.change(&format!("{}/data", request.path), |claim| {
            claim["spec"]["storageClassName"] = json!("fast");
            claim["status"] = json!({"phase": "Bound"});
        });
        return Some(reply);
    }
    if !is_pod(request) {
        return None;
    }
    let name = request.json()["metadata"]["name"].as_str()?.to_owned();
    let reply = objects.answer(request);
    objects.change(&format!("{}/{name}", request.path), |pod| {
        pod["spec"]["nodeName"] = json!("n1");
        pod["status"] = match status(&name) {
            None => json!({"phase": "Pending", "containerStatuses": [{"state": {"waiting": {
                "reason": "ImagePullBackOff", "message": "Back-off pulling image"}}}]}),
            Some(-1) => json!({"phase": "Running", "podIP": "10.0.0.7", "conditions": [{"type": "Ready", "status": "True"}]}),
            Some(code) => json!({"phase": if code == 0 { "Succeeded" } else { "Failed" },
                "containerStatuses": [{"state": {"terminated": {"exitCode": code, "message": "as it is"}}}]}),
        };
    });
    Some(reply)
}

fn with_class(policy: &str) -> Objects {
    let objects = Objects::default();
    objects.put(CLASS, class(policy));
    objects
}

#[tokio::test(start_paused = true)]
async fn data_that_a_second_pod_reads_have_survived() {
    let Probed { part, server, objects } =
        probed(Probe::Pvc, with_class("Delete"), |objects, request| runs(objects, request, |_| Some(0)))
            .await;
    assert_eq!(part["outcome"], "ok", "{part}");
    assert!(part["detail"].as_str().unwrap().contains("`fast`"), "{part}");
    assert_eq!(objects.paths(), [CLASS]);
    let requests = server.requests();
    let claim = requests.iter().find(|it| it.path.ends_with("/persistentvolumeclaims")).unwrap().json();
    assert!(claim["spec"].get("storageClassName").is_none(), "the default class is tried");
}

#[tokio::test(start_paused = true)]
async fn lost_data_fail_and_pods_that_do_not_start_show_nothing() {
    let of = |controller: Controller| probed(Probe::Pvc, with_class("Delete"), controller);
    let lost = of(|objects, request| runs(objects, request, |pod| Some(if pod == "reader" { 3 } else { 0 })))
        .await
        .part;
    assert_eq!(lost["outcome"], "failed");
    assert!(lost["detail"].as_str().unwrap().contains("does not find what the first one wrote"), "{lost}");
    let unpulled = of(|objects, request| runs(objects, request, |_| None)).await.part;
    assert!(unavailable(&unpulled).contains("ImagePullBackOff: Back-off pulling image"), "{unpulled}");
    let killed = of(|objects, request| runs(objects, request, |_| Some(137))).await.part;
    unavailable(&killed);
}

/// A claim that is not bound in time fails, with the words of its event.
#[tokio::test(start_paused = true)]
async fn claims_that_stay_pending_fail() {
    let Probed { part, .. } = probed(Probe::Pvc, with_class("Delete"), |objects, request| {
        if request.path.ends_with("/events") && request.query.contains("data") {
            return Some(Reply::json(&json!({"items": [
                {"type": "Normal", "reason": "ExternalProvisioning", "message": "waiting", "lastTimestamp": "2026-12-01T08:00:02Z"},
                {"type": "Warning", "reason": "ProvisioningFailed", "message": "no backend", "lastTimestamp": "2026-12-01T08:00:01Z"}]})));
        }
        if request.method == "POST" && request.path.ends_with("/persistentvolumeclaims") {
            let reply = objects.answer(request);
            objects.change(&format!("{}/data", request.path), |claim| claim["status"] = json!({"phase": "Pending"}));
            return Some(reply);
        }
        None
    })
    .await;
    assert_eq!(part["outcome"], "failed", "{part}");
    assert_eq!(part["detail"], "the claim is `Pending` after 60 s (ProvisioningFailed: no backend)");
}

/// A volume that its class keeps would be left behind.
#[tokio::test(start_paused = true)]
async fn classes_that_keep_volumes_are_not_tried() {
    let Probed { part, server, .. } = probed(Probe::Pvc, with_class("Retain"), |_, _| None).await;
    assert!(unavailable(&part).contains("reclaimPolicy: Retain"), "{part}");
    assert_eq!(server.count("POST", "/api/v1/namespaces"), 0);
}

/// The exit status of a pod; the server goes on.
fn status(pod: &str, failing: &str) -> i64 {
    if pod == "server" { -1 } else { i64::from(pod == failing) * 3 }
}

#[tokio::test(start_paused = true)]
async fn a_connection_in_spite_of_a_policy_fails() {
    let of = |controller: Controller| probed(Probe::NetworkPolicy, Objects::default(), controller);
    let enforced = of(|objects, request| runs(objects, request, |pod| Some(status(pod, "none")))).await;
    assert_eq!(enforced.part["outcome"], "ok", "{}", enforced.part);
    let order: Vec<String> = enforced
        .server
        .requests()
        .iter()
        .filter(|it| it.method == "POST" || it.method == "DELETE")
        .map(|it| {
            let name = it.json()["metadata"]["name"].as_str().unwrap_or_default().to_owned();
            format!(
                "{} {}",
                it.method,
                if name.is_empty() { it.path.rsplit('/').next().unwrap() } else { &name }
            )
        })
        .skip(2)
        .take(6)
        .collect();
    assert_eq!(
        order,
        ["POST server", "POST before", "POST deny", "POST denied", "DELETE deny", "POST after"]
    );
    let open = of(|objects, request| runs(objects, request, |pod| Some(status(pod, "denied")))).await.part;
    assert_eq!(open["outcome"], "failed", "{open}");
    for broken in [
        of(|objects, request| runs(objects, request, |pod| Some(status(pod, "before")))).await.part,
        of(|objects, request| runs(objects, request, |pod| Some(status(pod, "after")))).await.part,
    ] {
        unavailable(&broken);
    }
}

#[tokio::test(start_paused = true)]
async fn a_canceled_probe_is_cleaned_up() {
    let objects = with_class("Delete");
    let cancel = CancellationToken::new();
    let (kept, stop) = (objects.clone(), cancel.clone());
    let server = MockServer::start(move |request| {
        if request.path.ends_with("/persistentvolumeclaims") {
            stop.cancel();
        }
        kept.answer(request)
    })
    .await;
    let session = open_with(&server.config(), &options()).await.unwrap();
    let run = Run::new(NOW.parse().unwrap());
    let found = probe(&session, &[Probe::Pvc, Probe::PodSecurity], &run, NOW.parse().unwrap(), &cancel).await;
    assert_eq!(found.parts.len(), 2);
    assert!(found.parts.iter().all(|(_, part)| unavailable(&value(part)).contains("was canceled")));
    assert_eq!(found.cleanup.removed.len(), 1);
    assert_eq!(objects.paths(), [CLASS]);
}

#[tokio::test(start_paused = true)]
async fn only_old_namespaces_of_probes_are_cleaned_up() {
    let objects = Objects::default();
    let names = [
        "scs-20261201t060000z-4f7k-pvc",
        "scs-20261201t075959z-4f7k-pvc",
        "scs-20261201t060000z-4f7k-shop",
        "scs-check",
    ];
    for name in names {
        objects.put(&format!("/api/v1/namespaces/{name}"), json!({}));
    }
    let kept = objects.clone();
    let server = MockServer::start(move |request| kept.answer(request)).await;
    let session = open_with(&server.config(), &options()).await.unwrap();
    let report = cleanup(&session, Duration::from_hours(1), NOW.parse().unwrap()).await;
    let text = |list: &[scs_kubernetes::LeftOver]| list.iter().map(|it| it.name.clone()).collect::<Vec<_>>();
    assert_eq!(text(&report.removed), [names[0]]);
    assert_eq!(text(&report.kept), [names[1]]);
    assert!(report.problems.is_empty(), "{:?}", report.problems);
    let listed = server.requests().into_iter().find(|it| it.is("GET", "/api/v1/namespaces")).unwrap();
    assert_eq!(listed.query, "labelSelector=scs.community%2Fprobe");
    assert_eq!(objects.paths().len(), 3);
}
