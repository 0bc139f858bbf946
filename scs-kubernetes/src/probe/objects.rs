//! The pods of probes. They conform to the Pod Security Standard `restricted` and ask for little, so that they start wherever
//! pods of users do.

use serde_json::{Value, json};

/// An unprivileged user, as in the images of Kubernetes' own tests.
const NOBODY: u32 = 65534;

/// The path of the volume.
pub(super) const VOLUME: &str = "/data";

/// A pod that runs a script once.
pub(super) fn script(name: &str, image: &str, script: &str) -> Value {
    let mut pod = server(name, image, &[]);
    pod["spec"]["restartPolicy"] = json!("Never");
    let container = &mut pod["spec"]["containers"][0];
    container["command"] = json!(["sh", "-c", script]);
    if let Some(container) = container.as_object_mut() {
        container.remove("args");
    }
    pod
}

/// A pod that runs an image with arguments.
pub(super) fn server(name: &str, image: &str, args: &[&str]) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "labels": {"app": name}},
        "spec": {
            "automountServiceAccountToken": false,
            "terminationGracePeriodSeconds": 1,
            "securityContext": {
                "runAsNonRoot": true,
                "runAsUser": NOBODY,
                "runAsGroup": NOBODY,
                "fsGroup": NOBODY,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            "containers": [{
                "name": "probe",
                "image": image,
                "args": args,
                "terminationMessagePolicy": "FallbackToLogsOnError",
                "resources": {
                    "requests": {"cpu": "10m", "memory": "32Mi"},
                    "limits": {"cpu": "100m", "memory": "64Mi"},
                },
                "securityContext": {
                    "allowPrivilegeEscalation": false,
                    "capabilities": {"drop": ["ALL"]},
                },
            }],
        },
    })
}

/// The pod with a claim as its volume.
pub(super) fn with_claim(mut pod: Value, claim: &str) -> Value {
    pod["spec"]["volumes"] = json!([{"name": "data", "persistentVolumeClaim": {"claimName": claim}}]);
    pod["spec"]["containers"][0]["volumeMounts"] = json!([{"name": "data", "mountPath": VOLUME}]);
    pod
}

/// The pod on another node than this one, if there is one that it can run on.
pub(super) fn elsewhere(mut pod: Value, node: &str) -> Value {
    let other = json!({"key": "kubernetes.io/hostname", "operator": "NotIn", "values": [node]});
    pod["spec"]["affinity"] = json!({"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [
        {"weight": 100, "preference": {"matchExpressions": [other]}}]}});
    pod
}
