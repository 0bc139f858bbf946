//! Rights on a real API server.

use serde_json::{Value, json};

use crate::cluster::{Cluster, run};

/// What the API server says about the rights of a user is what it grants.
#[test]
fn rights_are_told_before_and_after_they_are_granted() {
    let Some(cluster) = Cluster::open() else { return };
    let namespace = cluster.namespace("review", &json!({}));
    let token = cluster.service_account(&namespace, "scs");
    let ask = || cluster.scs(&["k8s", "rights", "--kubelets", "--token", &token, "-f", "json"]);
    let allowed = |document: &Value, value: bool| {
        document["rights"].as_array().unwrap().iter().filter(|right| right["allowed"] == value).count()
    };
    let before = ask().json(1);
    let account = format!("system:serviceaccount:{namespace}:scs");
    assert_eq!(before["user"], account.as_str());
    // The version and the API groups are open to every user.
    let open = allowed(&before, true);
    assert!(allowed(&before, false) >= 9, "{before:#}");
    let account = format!("{namespace}:scs");
    let rights = run(&["k8s", "rights", "--kubelets", "--service-account", &account, "-f", "json"]);
    cluster.grant(rights.json(0)["manifests"].as_array().unwrap(), "review");
    let after = ask().json(0);
    assert_eq!(allowed(&after, false), 0, "{after:#}");
    assert_eq!(allowed(&after, true), open + allowed(&before, false));
    // Only these: nothing can be changed, and no secret read.
    for (verb, resource) in [("list", "secrets"), ("create", "pods"), ("patch", "nodes"), ("list", "pods")] {
        let review = json!({"spec": {
            "user": format!("system:serviceaccount:{namespace}:scs"),
            "groups": ["system:serviceaccounts", "system:authenticated"],
            "resourceAttributes": {"verb": verb, "resource": resource},
        }});
        let path = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
        let answer = cluster.api.post(path, &review).expect("a review");
        assert_eq!(answer["status"]["allowed"], false, "{verb} {resource}");
    }
}
