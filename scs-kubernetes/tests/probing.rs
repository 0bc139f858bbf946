//! Probes: what they create, what their outcomes mean, and that nothing is left.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod mock;

use std::time::Duration;

use mock::objects::Objects;
use mock::{MockServer, NOW, Reply, Request, open_with, options};
use scs_kubernetes::{Part, Probe, Right, Run, cleanup, probe};
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
    needs_only_its_rights(one, &server);
    Probed { part: value(part), objects, server }
}

/// Every request is covered by a right of the probe, as `scs k8s rights --probe` prints it.
fn needs_only_its_rights(probe: Probe, server: &MockServer) {
    let rights: Vec<String> = probe.rights().iter().map(Right::to_string).collect();
    for request in server.requests() {
        let path = request.path.split('?').next().unwrap_or_default();
        let mut segments = path.trim_start_matches('/').split('/');
        let group = match segments.next() {
            Some("api") => String::new(),
            Some("apis") => format!(".{}", segments.next().unwrap()),
            _ => continue,
        };
        let rest: Vec<&str> = segments.skip(1).collect();
        let (resource, is_named) = match rest[..] {
            ["selfsubjectreviews"] | [] => continue,
            [resource] | ["namespaces", _, resource] => (resource, false),
            [resource, _] | ["namespaces", _, resource, _] => (resource, true),
            _ => ("an unexpected path", false),
        };
        let verb = match (request.method.as_str(), is_named) {
            ("GET", true) => "get",
            ("GET", false) => "list",
            ("POST", false) => "create",
            ("DELETE", true) => "delete",
            ("PATCH", true) => "patch",
            _ => "an unexpected verb",
        };
        let right = format!("{verb} {resource}{group}");
        assert!(rights.contains(&right), "{probe} needs {right} for {path}: {rights:?}");
    }
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
            claim["metadata"]["creationTimestamp"] = json!("2026-12-01T08:00:01Z");
            claim["spec"]["storageClassName"] = json!("fast");
            claim["spec"]["volumeName"] = json!("pvc-1");
            claim["status"] = json!({"phase": "Bound"});
        });
        let namespace = request.path.split('/').nth(4)?;
        // Unless somebody else has made it, it is provisioned.
        if objects.get(VOLUME).is_none() {
            objects.put(VOLUME, volume(Some(namespace), "2026-12-01T08:00:02Z", "Delete"));
        }
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

const VOLUME: &str = "/api/v1/persistentvolumes/pvc-1";

/// A provisioned volume.
fn volume(namespace: Option<&str>, at: &str, policy: &str) -> Value {
    let claim = namespace.map(|namespace| json!({"namespace": namespace, "name": "data"}));
    json!({"metadata": {"creationTimestamp": at, "annotations": {"pv.kubernetes.io/provisioned-by": "csi"}},
        "spec": {"storageClassName": "fast", "persistentVolumeReclaimPolicy": policy, "claimRef": claim},
        "status": {"phase": if claim.is_some() { "Bound" } else { "Available" }}})
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

/// Without a default class, only an existing volume could be bound; and one that could be is not touched.
#[tokio::test(start_paused = true)]
async fn no_claim_is_made_that_an_existing_volume_could_satisfy() {
    let made = |server: &MockServer| server.count("POST", "/api/v1/namespaces");
    let none = probed(Probe::Pvc, Objects::default(), |_, _| None).await;
    assert!(unavailable(&none.part).contains("no default class"), "{}", none.part);
    assert_eq!(made(&none.server), 0);
    for class in [json!("fast"), json!(""), Value::Null] {
        let objects = with_class("Delete");
        let mut archive = volume(None, "2019-01-01T00:00:00Z", "Retain");
        archive["spec"]["storageClassName"] = class;
        objects.put("/api/v1/persistentvolumes/archive", archive);
        let found = probed(Probe::Pvc, objects, |objects, it| runs(objects, it, |_| Some(0))).await;
        assert!(unavailable(&found.part).contains("existing volume `archive`"), "{}", found.part);
        assert_eq!(made(&found.server), 0);
    }
    let denied = probed(Probe::Pvc, with_class("Delete"), |_, request| {
        request.path.ends_with("/persistentvolumes").then(|| denied("cannot list resource"))
    })
    .await;
    assert!(unavailable(&denied.part).contains("right to list persistentvolumes"), "{}", denied.part);
    assert_eq!(made(&denied.server), 0);
    // Those of other classes and those in use do not matter.
    let objects = with_class("Delete");
    let mut other = volume(None, "2019-01-01T00:00:00Z", "Retain");
    other["spec"]["storageClassName"] = json!("slow");
    objects.put("/api/v1/persistentvolumes/other", other);
    objects.put("/api/v1/persistentvolumes/used", volume(Some("shop"), "2019-01-01T00:00:00Z", "Retain"));
    let found = probed(Probe::Pvc, objects, |objects, it| runs(objects, it, |_| Some(0))).await;
    assert_eq!(found.part["outcome"], "ok", "{}", found.part);
}

/// Somebody makes a volume after the probe has looked.
#[tokio::test(start_paused = true)]
async fn nothing_is_written_to_a_volume_that_was_not_provisioned() {
    let writers = |server: &MockServer| {
        server.requests().iter().filter(|it| is_pod(it) && it.body.contains("volumeMounts")).count()
    };
    for change in [
        (|volume| volume["metadata"]["annotations"] = Value::Null) as fn(&mut Value),
        |volume| volume["metadata"]["creationTimestamp"] = json!("2019-01-01T00:00:00Z"),
        |volume| volume["spec"]["claimRef"]["namespace"] = json!("shop"),
    ] {
        let objects = with_class("Delete");
        let kept = objects.clone();
        let server = MockServer::start(move |request| {
            if request.method == "POST" && request.path.ends_with("/persistentvolumeclaims") {
                let namespace = request.path.split('/').nth(4).unwrap();
                let mut archive = volume(Some(namespace), "2026-12-01T08:00:02Z", "Retain");
                change(&mut archive);
                kept.put(VOLUME, archive);
            }
            runs(&kept, request, |_| Some(0)).unwrap_or_else(|| kept.answer(request))
        })
        .await;
        let session = open_with(&server.config(), &options()).await.unwrap();
        let run = Run::new(NOW.parse().unwrap());
        let cancel = CancellationToken::new();
        let found = probe(&session, &[Probe::Pvc], &run, NOW.parse().unwrap(), &cancel).await;
        let part = value(&found.parts[0].1);
        assert!(unavailable(&part).contains("kubectl patch pv pvc-1"), "{part}");
        assert_eq!(writers(&server), 0);
        assert_eq!(objects.paths(), [VOLUME, CLASS]);
    }
}

/// With its claim, the volume of somebody else would be deleted.
#[tokio::test(start_paused = true)]
async fn a_namespace_whose_deletion_would_delete_a_foreign_volume_is_kept() {
    let objects = with_class("Delete");
    let kept = objects.clone();
    let server = MockServer::start(move |request| {
        if request.method == "POST" && request.path.ends_with("/persistentvolumeclaims") {
            let namespace = request.path.split('/').nth(4).unwrap();
            kept.put(VOLUME, volume(Some(namespace), "2019-01-01T00:00:00Z", "Delete"));
        }
        // Not even a pod that never ends.
        runs(&kept, request, |_| None).unwrap_or_else(|| kept.answer(request))
    })
    .await;
    let session = open_with(&server.config(), &options()).await.unwrap();
    let run = Run::new(NOW.parse().unwrap());
    let found = probe(&session, &[Probe::Pvc], &run, NOW.parse().unwrap(), &CancellationToken::new()).await;
    let part = value(&found.parts[0].1);
    assert!(unavailable(&part).contains("is kept"), "{part}");
    assert!(objects.get(VOLUME).is_some());
    assert_eq!(server.requests().iter().filter(|it| it.method == "DELETE").count(), 0);
    assert!(
        server.requests().iter().any(|it| it.method == "PATCH" && it.body.contains("scs.community/probe"))
    );
}

/// A load balancer gives up, but the namespace is made.
#[tokio::test(start_paused = true)]
async fn a_namespace_that_may_have_been_made_is_deleted() {
    for status in [500, 504, 408, 429] {
        let objects = Objects::default();
        let kept = objects.clone();
        let server = MockServer::start(move |request| {
            let reply = kept.answer(request);
            let is_made = request.is("POST", "/api/v1/namespaces");
            if is_made { Reply::status(status, "Timeout", "gave up") } else { reply }
        })
        .await;
        let session = open_with(&server.config(), &options()).await.unwrap();
        let run = Run::new(NOW.parse().unwrap());
        let cancel = CancellationToken::new();
        let found = probe(&session, &[Probe::PodSecurity], &run, NOW.parse().unwrap(), &cancel).await;
        assert!(objects.paths().is_empty(), "{status}: {:?}", objects.paths());
        assert_eq!(found.cleanup.removed.len(), 1, "{status}");
    }
}

/// The exit status of a pod; the servers go on.
fn status(pod: &str, failing: &str) -> i64 {
    match pod {
        "server" | "control" => -1,
        // As with a policy that is enforced.
        "denied" if failing != "denied" => 3,
        "denied" => 0,
        pod => i64::from(pod == failing) * 3,
    }
}

/// Runs the script of the client with these bodies of connections to the server and to the control.
#[cfg(unix)]
fn exit_of_client(script: &str, connects: &str) -> i32 {
    let script = script.replace("/agnhost connect", "connect").replace("sleep 1", ":");
    let script = format!("n=0\nconnect() {{ n=$((n+1)); {connects}; }}\n{script}");
    std::process::Command::new("sh").args(["-c", &script]).status().unwrap().code().unwrap()
}

#[cfg(unix)]
#[tokio::test(start_paused = true)]
async fn only_connections_that_fail_again_and_again_are_rejected() {
    let found = probed(Probe::NetworkPolicy, Objects::default(), |objects, request| {
        let reply = runs(objects, request, |pod| Some(status(pod, "none")));
        let control = format!("{}/control", request.path);
        if is_pod(request) && request.json()["metadata"]["name"] == "control" {
            objects.change(&control, |pod| pod["status"]["podIP"] = json!("10.0.0.8"));
        }
        reply
    })
    .await;
    let requests = found.server.requests();
    let denied = requests.iter().find(|it| is_pod(it) && it.json()["metadata"]["name"] == "denied").unwrap();
    let script = denied.json()["spec"]["containers"][0]["command"][2].as_str().unwrap().to_owned();
    for (connects, expected) in [
        // Only the server rejects.
        ("[ $1 = 10.0.0.8:8080 ]", 3),
        ("true", 0),
        // The network of the pod comes up a moment late.
        ("[ $n -gt 1 ]", 0),
        ("[ $n -gt 4 ]", 0),
        // The server fails a few times.
        ("[ $1 = 10.0.0.8:8080 ] || [ $n -gt 9 ]", 0),
        // A policy takes a moment to take effect.
        ("[ $1 = 10.0.0.8:8080 ] || [ $n -lt 20 ]", 3),
        // Nothing can be reached.
        ("false", 4),
        // Every few connections to the server fail.
        ("[ $1 = 10.0.0.8:8080 ] || [ $((n % 5)) -lt 2 ]", 4),
    ] {
        assert_eq!(exit_of_client(&script, connects), expected, "{connects}");
    }
}

#[tokio::test(start_paused = true)]
async fn inconsistent_connections_show_nothing() {
    let part = probed(Probe::NetworkPolicy, Objects::default(), |objects, request| {
        runs(objects, request, |pod| Some(if pod == "denied" { 4 } else { status(pod, "none") }))
    })
    .await
    .part;
    assert!(unavailable(&part).contains("sometimes"), "{part}");
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
        .skip(3)
        .take(6)
        .collect();
    assert_eq!(
        order,
        ["POST control", "POST before", "POST deny", "POST denied", "DELETE deny", "POST after"]
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

/// What is not a whole list of namespaces does not show that nothing is left.
#[tokio::test(start_paused = true)]
async fn a_cleanup_needs_the_whole_list_of_namespaces() {
    for list in [
        json!({}),
        json!([]),
        json!({"kind": "Status", "status": "Success"}),
        json!({"kind": "PodList", "items": []}),
        json!({"kind": "NamespaceList", "items": [{"metadata": {}}]}),
        // Always the same page.
        json!({"kind": "NamespaceList", "metadata": {"continue": "a"}, "items": []}),
    ] {
        let server = MockServer::start(move |request| match request.path.as_str() {
            "/api/v1/namespaces" => Reply::json(&list),
            _ => mock::usual(request),
        })
        .await;
        let session = open_with(&server.config(), &options()).await.unwrap();
        let report = cleanup(&session, Duration::ZERO, NOW.parse().unwrap()).await;
        assert_eq!(report.problems.len(), 1, "{:?}", report.problems);
        assert!(report.problems[0].contains("some may be left"), "{:?}", report.problems);
    }
    let objects = Objects::default();
    let names = ["scs-20261201t060000z-4f7k-pvc", "scs-20261201t060000z-4f7l-pvc"];
    for name in names {
        objects.put(&format!("/api/v1/namespaces/{name}"), json!({}));
    }
    let kept = objects.clone();
    let server = MockServer::start(move |request| match request.path.as_str() {
        "/api/v1/namespaces" => {
            let (index, next) =
                if request.parameter("continue") == Some("b%2Fc") { (1, "") } else { (0, "b/c") };
            let item = json!({"metadata": {"name": names[index]}});
            Reply::json(&json!({"kind": "NamespaceList", "metadata": {"continue": next}, "items": [item]}))
        }
        _ => kept.answer(request),
    })
    .await;
    let session = open_with(&server.config(), &options()).await.unwrap();
    let report = cleanup(&session, Duration::ZERO, NOW.parse().unwrap()).await;
    assert_eq!((report.removed.len(), report.problems.len()), (2, 0), "{:?}", report.problems);
    assert!(objects.paths().is_empty());
}
