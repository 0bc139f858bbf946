//! `scs check` on the inventory of a large cluster, against `jq .` that prints the same file again.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::in_process::to_f64;
use crate::table::{Row, median, print};
use crate::tools::{self, Input};

const NODES: usize = 5_000;
const PODS: usize = 50_000;
const ROUNDS: usize = 5;
/// The example from which the control plane is taken, and the day on which it conforms.
const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/data/conformant-cluster.yaml");
const AT: &str = "2026-10-20T00:00:00Z";

/// Makes an object of a number.
type Make = fn(usize) -> Value;

/// A worker node as returned by the API, with the images reported by its kubelet.
pub(crate) fn node(number: usize) -> Value {
    let name = format!("worker-{number:05}");
    let zone = format!("az{}", 1 + number % 3);
    let image = |index: usize| {
        json!({"names": [format!("registry.example.com/team-{index}/service@sha256:{index:064x}"),
                         format!("registry.example.com/team-{index}/service:v1.{index}.0")], "sizeBytes": 40_000_000 + index})
    };
    let condition = |kind: &str, status: &str| {
        json!({"type": kind, "status": status, "reason": format!("KubeletHas{kind}"), "message": "as it should be",
               "lastHeartbeatTime": "2026-10-20T05:59:55Z", "lastTransitionTime": "2026-09-01T05:59:55Z"})
    };
    json!({
        "apiVersion": "v1", "kind": "Node",
        "metadata": {
            "name": name, "uid": uid(number), "resourceVersion": number.to_string(), "creationTimestamp": "2026-09-01T05:59:55Z",
            "labels": {
                "kubernetes.io/arch": "amd64", "kubernetes.io/hostname": name, "kubernetes.io/os": "linux",
                "node.kubernetes.io/instance-type": "SCS-8V-32", "topology.kubernetes.io/region": "region-1",
                "topology.kubernetes.io/zone": zone, "topology.scs.community/host-id": format!("host-{}", number % 900)},
            "annotations": {"node.alpha.kubernetes.io/ttl": "0", "volumes.kubernetes.io/controller-managed-attach-detach": "true"}},
        "spec": {"podCIDR": "10.244.0.0/24", "podCIDRs": ["10.244.0.0/24"], "providerID": format!("openstack:///{}", uid(number))},
        "status": {
            "addresses": [{"type": "InternalIP", "address": "10.8.0.22"}, {"type": "Hostname", "address": name}],
            "capacity": {"cpu": "8", "ephemeral-storage": "20134592Ki", "memory": "32015604Ki", "pods": "110"},
            "conditions": [condition("MemoryPressure", "False"), condition("DiskPressure", "False"),
                           condition("PIDPressure", "False"), condition("Ready", "True")],
            "images": (0..30).map(image).collect::<Vec<_>>(),
            "nodeInfo": {"architecture": "amd64", "bootID": uid(number), "containerRuntimeVersion": "containerd://2.2.1",
                         "kernelVersion": "6.8.0-88-generic", "kubeProxyVersion": "", "kubeletVersion": "v1.36.5",
                         "machineID": "9531985d5d9dc9f81818e811892f902b", "operatingSystem": "linux",
                         "osImage": "Ubuntu 24.04.3 LTS", "systemUUID": uid(number)}}
    })
}

/// A pod of a tenant's deployment as the API returns it.
pub(crate) fn pod(number: usize) -> Value {
    let team = number % 400;
    let name = format!("service-{team}-6c4fd-{number:05x}");
    let condition = |kind: &str| json!({"type": kind, "status": "True", "lastProbeTime": null, "lastTransitionTime": "2026-10-01T05:59:57Z"});
    let container = |which: &str| {
        json!({
            "name": which, "image": format!("registry.example.com/team-{team}/{which}:v1.14.3"), "imagePullPolicy": "IfNotPresent",
            "args": ["--listen=:8080", "--log-level=info", format!("--database=postgres://orders.team-{team}.svc/orders")],
            "env": (0..8).map(|index| json!({"name": format!("SETTING_{index}"), "value": format!("value {index} of team {team}")})).collect::<Vec<_>>(),
            "ports": [{"containerPort": 8080, "protocol": "TCP"}],
            "livenessProbe": {"httpGet": {"path": "/healthz", "port": 8080, "scheme": "HTTP"}, "periodSeconds": 10, "failureThreshold": 3},
            "resources": {"requests": {"cpu": "20m", "memory": "32Mi"}, "limits": {"memory": "64Mi"}},
            "securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}, "runAsNonRoot": true},
            "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
            "volumeMounts": [{"name": "kube-api-access-zdj99", "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount", "readOnly": true}]})
    };
    let status = |which: &str| {
        json!({"name": which, "image": format!("registry.example.com/team-{team}/{which}:v1.14.3"), "ready": true, "started": true,
               "imageID": format!("sha256:{number:064x}"), "containerID": format!("containerd://{number:064x}"), "restartCount": 0,
               "lastState": {}, "state": {"running": {"startedAt": "2026-10-01T05:59:57Z"}}})
    };
    json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {
            "name": name, "namespace": format!("team-{team}"), "uid": uid(number), "resourceVersion": number.to_string(),
            "creationTimestamp": "2026-10-01T05:59:56Z", "generateName": format!("service-{team}-6c4fd-"),
            "labels": {"app.kubernetes.io/name": format!("service-{team}"), "app.kubernetes.io/component": "web", "pod-template-hash": "6c4fd"},
            "ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": format!("service-{team}-6c4fd"), "uid": uid(team),
                                 "controller": true, "blockOwnerDeletion": true}]},
        "spec": {
            "containers": [container("web"), container("proxy")], "nodeName": format!("worker-{:05}", number % NODES),
            "dnsPolicy": "ClusterFirst", "restartPolicy": "Always", "schedulerName": "default-scheduler", "serviceAccountName": "default",
            "securityContext": {"seccompProfile": {"type": "RuntimeDefault"}}, "terminationGracePeriodSeconds": 30, "priority": 0,
            "tolerations": [{"effect": "NoExecute", "key": "node.kubernetes.io/not-ready", "operator": "Exists", "tolerationSeconds": 300},
                            {"effect": "NoExecute", "key": "node.kubernetes.io/unreachable", "operator": "Exists", "tolerationSeconds": 300}],
            "volumes": [{"name": "kube-api-access-zdj99", "projected": {"defaultMode": 420, "sources": [
                {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
                {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}}]}}]},
        "status": {
            "phase": "Running", "qosClass": "Burstable", "hostIP": "10.8.0.22", "podIP": "10.244.4.2", "startTime": "2026-10-01T05:59:57Z",
            "conditions": [condition("PodReadyToStartContainers"), condition("Initialized"), condition("Ready"), condition("PodScheduled")],
            "containerStatuses": [status("web"), status("proxy")]}
    })
}

fn uid(number: usize) -> String {
    format!("7e192013-0b45-41d2-9799-{number:012x}")
}

/// The example with many more nodes and pods.
fn write(path: &Path) -> std::io::Result<()> {
    let text = std::fs::read_to_string(EXAMPLE)?;
    let example: Value = serde_saphyr::from_str(&text).map_err(std::io::Error::other)?;
    let mut file = BufWriter::new(File::create(path)?);
    write!(file, "{{")?;
    for (key, value) in example.as_object().into_iter().flatten() {
        let more: Option<(usize, Make)> = match key.as_str() {
            "nodes" => Some((NODES, node)),
            "pods" => Some((PODS, pod)),
            _ => None,
        };
        write!(file, "\n\"{key}\": ")?;
        match more {
            None => write!(file, "{value},")?,
            Some((count, make)) => {
                write!(file, "{{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [")?;
                let own = value.get("items").unwrap_or(value).as_array().into_iter().flatten();
                for object in own {
                    write!(file, "\n{object:#},")?;
                }
                for number in 0..count {
                    let comma = if number + 1 == count { "" } else { "," };
                    write!(file, "\n{:#}{comma}", make(number))?;
                }
                write!(file, "]}},")?;
            }
        }
    }
    writeln!(file, "\n\"subject\": \"large cluster\"\n}}")?;
    file.flush()
}

pub(crate) fn run() -> std::io::Result<()> {
    let Some(scs) = tools::scs() else {
        println!("clusters: build `target/release/scs` first: cargo build --release -p scs-cli");
        return Ok(());
    };
    let file = tempfile::Builder::new().suffix(".json").tempfile()?;
    write(file.path())?;
    let mib =
        to_f64(usize::try_from(file.path().metadata()?.len()).unwrap_or(usize::MAX)) / f64::from(1 << 20);
    let with_jq = tools::is_installed("jq");
    let (mut ours, mut theirs, mut peak) = (Vec::new(), Vec::new(), 0.0_f64);
    let mut status = None;
    // In turn, so that both meet the same noise.
    for _ in 0..ROUNDS {
        let mut command = Command::new(&scs);
        let run = tools::run(command.args(["check", "--at", AT]).arg(file.path()), Input::Nothing)?;
        ours.push(run.seconds);
        peak = peak.max(run.peak_kib.unwrap_or(0.0) / 1024.0);
        status = run.status;
        if with_jq {
            theirs.push(tools::run(Command::new("jq").arg(".").arg(file.path()), Input::Nothing)?.seconds);
        }
    }
    let ours = median(ours);
    let mut rows = vec![Row::new("scs check", format!("{ours:.2} s, exit status {status:?}"))];
    if with_jq {
        let theirs = median(theirs);
        rows.push(Row::new("jq .", format!("{theirs:.2} s")));
        rows.push(Row::at_most("scs check, against `jq .`", ours / theirs, 0.25, "times"));
    } else {
        rows.push(Row::new("jq .", "not installed"));
    }
    rows.push(Row::at_most("peak memory beyond the size of the file", peak - mib, 64.0, "MiB"));
    print(
        &format!(
            "A cluster of {NODES} nodes and {PODS} pods, {mib:.0} MiB of JSON, median of {ROUNDS} rounds"
        ),
        &rows,
    );
    Ok(())
}
