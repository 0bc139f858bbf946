//! Secrets of objects.

use crate::mock::{Reply, options};
use crate::{NODES, collected, kubelets, list, node};
use serde_json::{Value, json};

#[tokio::test]
async fn planted_secrets_never_reach_the_inventory() {
    const PLANTED: &str = "planted-secret-Qx9";
    let metadata = json!({"name": "a", "namespace": "kube-system", "managedFields": [{"manager": PLANTED}],
        "annotations": {"kubectl.kubernetes.io/last-applied-configuration": PLANTED, "kapp.k14s.io/original": PLANTED, "other/annotation": "kept-by-all"}});
    let container = json!({"name": "kube-apiserver", "command": ["kube-apiserver", "--profiling=false"],
        "args": [format!("--db-password={PLANTED}"), "--token", PLANTED, format!("--license-key={PLANTED}"), "--seed", PLANTED,
            format!("-p{PLANTED}"), "-a", PLANTED, PLANTED, format!("{PLANTED}=="), format!("DB={PLANTED}")], "lifecycle": {"preStop": {"httpGet": {"port": 1,
            "httpHeaders": [{"name": "Authorization", "value": PLANTED}]}, "exec": {"command": [PLANTED]}}},
        "env": [{"name": "PASSWORD", "value": PLANTED}, {"name": "ETCD_ROOT_PASSWORD", "value": PLANTED},
            {"name": "ETCD_CLIENT_CERT_AUTH", "value": "true"}, {"name": "FROM", "valueFrom": {"secretKeyRef": {"name": PLANTED, "key": "k"}}}],
        "livenessProbe": {"httpGet": {"port": 1, "httpHeaders": [{"name": "Authorization", "value": PLANTED}]}}});
    let script = format!(
        "set -e\nexport DB_PW={PLANTED}; login joe {PLANTED}\ncurl -H 'Authorization: Bearer {PLANTED}' \"https://joe:{PLANTED}@h\" | tee {PLANTED}\n\
         exec etcd --client-cert-auth=true --license {PLANTED} --x='{PLANTED} {PLANTED}'"
    );
    let scripted = json!({"name": "etcd", "command": ["sh", "-c", script, PLANTED, PLANTED]});
    let pod_spec = json!({"containers": [container, scripted], "initContainers": [container], "ephemeralContainers": [container],
        "volumes": [{"name": "v", "csi": {"driver": "d", "volumeAttributes": {"password": PLANTED}}},
            {"name": "f", "flexVolume": {"driver": "d", "options": {"password": PLANTED}}}]});
    let pod_status = json!({"containerStatuses": [{"state": {"terminated": {"message": PLANTED}}}]});
    for keep_all in [false, true] {
        let (metadata, pod_spec, pod_status) = (metadata.clone(), pod_spec.clone(), pod_status.clone());
        let mut extent = kubelets();
        extent.keep_all = keep_all;
        extent.all_pods = true;
        let (document, _) = collected(
            move |request| {
                let one = |object: Value| Some(Reply::json(&list("List", &[object])));
                match request.path.as_str() {
                    NODES => {
                        let mut node = node("a");
                        node["metadata"] = metadata.clone();
                        one(node)
                    }
                    "/api/v1/pods" => {
                        one(json!({"metadata": metadata, "spec": pod_spec, "status": pod_status}))
                    }
                    "/apis/apps/v1/daemonsets" => one(
                        json!({"metadata": metadata, "spec": {"template": {"metadata": metadata, "spec": pod_spec}}}),
                    ),
                    "/api/v1/persistentvolumes" => one(json!({"metadata": metadata, "spec": {
                        "mountOptions": [format!("password={PLANTED}")],
                        "flexVolume": {"options": {"password": PLANTED}}, "csi": {
                        "driver": "d", "volumeAttributes": {"password": PLANTED}}}})),
                    "/apis/storage.k8s.io/v1/storageclasses" => one(json!({"metadata": metadata, "provisioner": "driver.longhorn.io",
                        "mountOptions": [format!("password={PLANTED}")],
                        "parameters": {"numberOfReplicas": "3", "adminPassword": PLANTED, "unusual": PLANTED}})),
                    "/api/v1/nodes/a/proxy/configz" => Some(Reply::json(&json!({"kubeletconfig": {
                        "authentication": {}, "staticPodURLHeader": {"Authorization": [PLANTED]}}}))),
                    "/api/v1/namespaces/kube-system/configmaps/kubelet-config" => Some(Reply::json(&json!({"data": {
                        "kubelet": format!("staticPodURLHeader: {{a: [{PLANTED}]}}\nauthentication: {{anonymous: {{enabled: false}}}}\n")}}))),
                    path if path.starts_with("/api/v1/") || path.starts_with("/apis/s") || path.starts_with("/apis/n") => {
                        one(json!({"metadata": metadata}))
                    }
                    _ => None,
                }
            },
            extent,
            &options(),
        )
        .await;
        let text = document.unwrap().into_json();
        if let Some(place) = text.find(PLANTED) {
            panic!("{}", &text[place.saturating_sub(200)..place + 50]);
        }
        // What rules read is there.
        let document: Value = serde_json::from_str(&text).unwrap();
        let environment = &document["pods"][0]["spec"]["containers"][0]["env"];
        assert_eq!(environment[2], json!({"name": "ETCD_CLIENT_CERT_AUTH", "value": "true"}));
        let script = document["pods"][0]["spec"]["containers"][1]["command"][2].as_str().unwrap();
        assert!(script.contains("exec etcd --client-cert-auth=true --license …"), "{script}");
        assert_eq!(document["storage_classes"][0]["parameters"], json!({"numberOfReplicas": "3"}));
        // Without `valueFrom`, the value would be empty.
        assert_eq!(environment[0], json!({"name": "PASSWORD", "valueFrom": {}}));
        assert_eq!(
            document["kubelet_config_map"]["kubeletconfig"]["authentication"]["anonymous"]["enabled"],
            false
        );
        assert!(text.contains("kept-by-all"), "classes keep annotations");
        assert_eq!(document["nodes"][0]["status"].get("images").is_some(), keep_all);
    }
}
