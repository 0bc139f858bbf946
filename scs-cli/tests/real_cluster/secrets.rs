//! Secrets that are planted in a cluster do not reach an inventory.

use serde_json::{Value, json};

use crate::cluster::{Cluster, run};

/// In the middle of all secrets.
const PLANTED: &str = "planted0secret0value";
/// The planted text in base64, as in secrets, without the last letters.
const ENCODED: &str = "cGxhbnRlZDBzZWNyZXQwdmFsdW";

fn annotations() -> Value {
    json!({
        "kubectl.kubernetes.io/last-applied-configuration": format!("{{\"password\":\"{PLANTED}\"}}"),
        "example.org/last-applied": format!("token: {PLANTED}"),
    })
}

/// A pod that is never scheduled.
fn pod() -> Value {
    json!({
        "nodeSelector": {"scs.community/test": "no-node"},
        "automountServiceAccountToken": false,
        "containers": [{
            "name": "c",
            "image": "registry.invalid/none",
            "command": ["sh", "-c", format!("DB_PASSWORD={PLANTED} run --token={PLANTED}")],
            "args": ["--password", PLANTED, format!("--client-secret={PLANTED}")],
            "env": [{"name": "ETCD_PASSWORD", "value": PLANTED}, {"name": "URL", "value": PLANTED}],
            "lifecycle": {"preStop": {"exec": {"command": ["sh", "-c", PLANTED]}}},
            "livenessProbe": {"httpGet": {
                "path": "/", "port": 1, "httpHeaders": [{"name": "Authorization", "value": PLANTED}]
            }},
        }],
        "volumes": [{"name": "v", "csi": {
            "driver": "example.invalid", "volumeAttributes": {"key": PLANTED}
        }}],
    })
}

#[test]
fn planted_secrets_do_not_reach_an_inventory() {
    let Some(cluster) = Cluster::open() else { return };
    let namespace =
        cluster.namespace("secrets", &json!({"pod-security.kubernetes.io/enforce": "privileged"}));
    let path = format!("/api/v1/namespaces/{namespace}");
    let annotated = json!({"metadata": {"annotations": annotations()}});
    cluster.api.merge(&path, &annotated).expect("annotations of the namespace");
    let named = |name: &str| json!({"name": name, "annotations": annotations()});
    let label = json!({"matchLabels": {"app": "c"}});
    let template = json!({"metadata": {"labels": {"app": "c"}, "annotations": annotations()}, "spec": pod()});
    let class = json!({
        "metadata": named(&cluster.name("class")),
        "provisioner": "scs-test.invalid",
        "mountOptions": [format!("password={PLANTED}")],
        "reclaimPolicy": "Delete",
        "volumeBindingMode": "WaitForFirstConsumer",
    });
    let volume = json!({
        "metadata": named(&cluster.name("volume")),
        "spec": {
            "capacity": {"storage": "1Mi"},
            "accessModes": ["ReadWriteOnce"],
            "storageClassName": cluster.name("class"),
            "mountOptions": [format!("password={PLANTED}")],
            "csi": {
                "driver": "scs-test.invalid", "volumeHandle": "none", "volumeAttributes": {"password": PLANTED}
            },
        },
    });
    let ingress = json!({
        "metadata": named(&cluster.name("ingress")), "spec": {"controller": "scs-test.invalid/none"}
    });
    let policy = json!({"metadata": named("policy"), "spec": {"podSelector": label}});
    let config = json!({"metadata": named("config"), "data": {"key": PLANTED}});
    let apps = format!("/apis/apps/v1/namespaces/{namespace}");
    let networking = "/apis/networking.k8s.io/v1";
    for (collection, object) in [
        (format!("{path}/secrets"), json!({"metadata": named("secret"), "stringData": {"key": PLANTED}})),
        (format!("{path}/configmaps"), config),
        (format!("{path}/pods"), json!({"metadata": named("pod"), "spec": pod()})),
        (
            format!("{apps}/daemonsets"),
            json!({"metadata": named("set"), "spec": {"selector": label, "template": template}}),
        ),
        ("/apis/storage.k8s.io/v1/storageclasses".to_owned(), class),
        ("/api/v1/persistentvolumes".to_owned(), volume),
        (format!("{networking}/ingressclasses"), ingress),
        (format!("{networking}/namespaces/{namespace}/networkpolicies"), policy),
    ] {
        cluster.create(&collection, object);
    }
    let token = cluster.service_account(&namespace, "default");
    for arguments in [&["inventory"][..], &["inventory", "--all-pods", "--keep", "all", "--kubelets"]] {
        let told = cluster.scs(arguments);
        let inventory = told.json(0);
        assert!(!told.out.contains(PLANTED) && !told.out.contains(ENCODED), "{arguments:?}: {inventory:#}");
        // The objects are there.
        let has = |part: &str, name: &str| {
            inventory[part].as_array().unwrap().iter().any(|object| object["metadata"]["name"] == name)
        };
        assert!(has("daemon_sets", "set") && has("network_policies", "policy"));
        assert!(has("storage_classes", &cluster.name("class")));
        assert!(has("persistent_volumes", &cluster.name("volume")));
        assert!(has("ingress_classes", &cluster.name("ingress")) && has("namespaces", &namespace));
        assert_eq!(has("pods", "pod"), arguments.contains(&"--all-pods"));
        let file = cluster.file("inventory.json");
        std::fs::write(&file, &told.out).unwrap();
        for format in ["text", "json", "html"] {
            let report = run(&["check", "--all", "--all-rules", "--include-drafts", "-f", format, &file]);
            assert!(report.status < 2 && !report.out.contains(PLANTED), "{}", report.err);
        }
    }
    // Nobody gets to see credentials.
    let told = cluster.scs(&["inventory", "--token", &token]);
    assert!(!told.out.contains(&token) && !told.err.contains(&token), "{}", told.err);
    let server = cluster.scs(&["k8s", "repair", "-f", "json"]);
    assert!(!server.out.contains(PLANTED), "{}", server.out);
}
