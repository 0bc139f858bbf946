//! The fixes of a cluster can be combined in any order.

use std::collections::BTreeSet;

use scs_registry::{Report, apply_edits};
use scs_standards::{Edit, Finding, Profile};
use serde_json::{Value, json};

use crate::shared::{bases, checked};
use crate::{Key, key};

/// Sorts command lines, since fixes add words in different places.
fn sorted(value: &mut Value) {
    match value {
        Value::Array(list) if list.iter().all(Value::is_string) => {
            list.sort_by_key(std::string::ToString::to_string);
        }
        Value::Array(list) => list.iter_mut().for_each(sorted),
        Value::Object(mapping) => mapping.values_mut().for_each(sorted),
        Value::String(text) if text.starts_with('[') => {
            if let Ok(mut inner) = serde_json::from_str::<Value>(text) {
                sorted(&mut inner);
                *text = inner.to_string();
            }
        }
        _ => {}
    }
}

/// Whether two fixes change the same object.
fn are_of_one_object(one: &[Edit], other: &[Edit]) -> bool {
    let of = |edits: &[Edit]| -> BTreeSet<(String, Option<String>)> {
        let object = |edit: &Edit| match edit {
            Edit::Set { object, .. } | Edit::Unset { object, .. } => {
                object.as_ref().map(|it| it.value.clone())
            }
            Edit::Argument { object, .. } | Edit::Delete { object, .. } => Some(object.value.clone()),
            Edit::Create { .. } => None,
        };
        edits.iter().map(|edit| (edit.part().to_owned(), object(edit))).collect()
    };
    !of(one).is_disjoint(&of(other))
}

/// Whether a fix changes the default class; several of these are alternative answers to one question.
fn is_which_default(edits: &[Edit]) -> bool {
    edits.iter().any(|edit| match edit {
        Edit::Set { path, .. } => path.last().is_some_and(|key| key.ends_with("/is-default-class")),
        _ => false,
    })
}

/// All fixes of a cluster, whose report is `before`, can be combined: their order does not matter, and when all are applied, all findings are gone.
pub(crate) fn choose_all(
    document: &Value,
    before: &Report,
    at: &str,
    profile: Profile,
    told: &str,
    wrong: &mut Vec<String>,
) -> usize {
    let mut offered: Vec<(&Finding, &[Edit])> = Vec::new();
    for finding in before.findings.iter().map(|it| &it.finding) {
        // The first option is the most likely one; options without data need a decision of the operator.
        let way = finding.fix.as_ref().and_then(|fix| fix.ways().first());
        if let Some(way) = way.filter(|way| !way.edits.is_empty() && !is_which_default(&way.edits)) {
            offered.push((finding, &way.edits));
        }
    }
    let applied = |order: &mut dyn Iterator<Item = &[Edit]>| -> Value {
        let mut repaired = document.clone();
        for edits in order {
            if let Err(error) = apply_edits(&mut repaired, edits) {
                panic!("{told}: {error}: {edits:?}");
            }
        }
        repaired
    };
    let mut pairs = 0;
    let mut compared = BTreeSet::new();
    for (index, (one, first)) in offered.iter().enumerate() {
        for (other, second) in &offered[index + 1..] {
            if first == second || !are_of_one_object(first, second) || !compared.insert((first, second)) {
                continue;
            }
            pairs += 1;
            let (mut forth, mut back) =
                (applied(&mut [*first, *second].into_iter()), applied(&mut [*second, *first].into_iter()));
            sorted(&mut forth);
            sorted(&mut back);
            if forth != back {
                wrong.push(format!(
                    "{told}, {profile}: the order of {:?} and {:?} matters",
                    key(one),
                    key(other)
                ));
            }
        }
    }
    let after = checked(&applied(&mut offered.iter().map(|(_, edits)| *edits)), at, profile);
    let gone: BTreeSet<(Key, &str)> =
        offered.iter().map(|(finding, _)| (key(finding), finding.message.as_str())).collect();
    for finding in after
        .findings
        .iter()
        .map(|it| &it.finding)
        .filter(|finding| gone.contains(&(key(finding), &finding.message)))
    {
        wrong.push(format!(
            "{told}, {profile}: {:?} is still there when all is done: {}",
            key(finding),
            finding.message
        ));
    }
    pairs
}

/// Flags of API servers in several rules, each with the value to remove first.
const FLAGS: &[(&[&str], &[&str])] = &[
    (&["authorization-mode"], &["--authorization-mode=AlwaysAllow"]),
    (&["authorization-mode"], &["--authorization-mode=Webhook"]),
    (&["authorization-mode"], &[]),
    (
        &["enable-admission-plugins", "admission-control-config-file"],
        &["--enable-admission-plugins=PodSecurity"],
    ),
    (&["enable-admission-plugins", "admission-control-config-file"], &[]),
    (
        &["enable-admission-plugins", "admission-control-config-file"],
        &[
            "--enable-admission-plugins=EventRateLimit",
            "--disable-admission-plugins=PodSecurity,NodeRestriction",
        ],
    ),
    (
        &["enable-admission-plugins"],
        &["--enable-admission-plugins=NodeRestriction", "--disable-admission-plugins=EventRateLimit"],
    ),
    (&[], &["--disable-admission-plugins=NodeRestriction,DefaultStorageClass"]),
    (&["max-requests-inflight", "max-mutating-requests-inflight"], &["--max-requests-inflight=0"]),
    (&["etcd-certfile", "etcd-keyfile"], &[]),
    (&["etcd-keyfile"], &[]),
    (&["client-ca-file"], &[]),
    (&["service-account-key-file"], &["--enable-priority-and-fairness=false"]),
];

/// etcd with these flags, on the node of each API server.
const ETCD: &[&[&str]] = &[
    &[],
    &["--client-cert-auth=false"],
    &["--cert-file=/a", "--auto-compaction-mode=revision", "--auto-compaction-retention=1000"],
    &["--peer-auto-tls", "--auto-tls", "--client-cert-auth=false", "--trusted-ca-file=/c"],
];

/// A cluster with a control plane created by a tool.
fn made_by(owner: &str, document: &Value) -> Value {
    let mut document = document.clone();
    let talos =
        |object: &mut Value| object["metadata"]["annotations"]["talos.dev/owned-labels"] = "[]".into();
    match owner {
        "Talos" => document["nodes"]["items"].as_array_mut().expect("nodes").iter_mut().for_each(talos),
        "RKE2" => {
            document["version"]["gitVersion"] = "v1.36.5+rke2r1".into();
            for node in document["nodes"]["items"].as_array_mut().expect("nodes") {
                node["status"]["nodeInfo"]["kubeletVersion"] = "v1.36.5+rke2r1".into();
            }
            // There are no files of kubeadm.
            let text = document["pods"]
                .to_string()
                .replace("/etc/kubernetes/pki/", "/var/lib/rancher/rke2/server/tls/");
            document["pods"] = serde_json::from_str(&text).expect("pods");
        }
        _ => {}
    }
    document
}

#[test]
fn what_is_offered_goes_together() {
    let (bases, _) = bases();
    let base = bases.iter().find(|base| base.name == "conformant-cluster.yaml").expect("the example");
    let (mut wrong, mut pairs) = (Vec::new(), 0);
    for owner in ["kubeadm", "Talos", "RKE2"] {
        for (number, (remove, add)) in FLAGS.iter().enumerate() {
            let (more_gone, more) = FLAGS[(number * 5 + 7) % FLAGS.len()];
            let etcd = ETCD[number % ETCD.len()];
            let remove: Vec<&str> = remove.iter().chain(more_gone).copied().collect();
            let add: BTreeSet<&str> = add.iter().chain(more).copied().collect();
            let name = |flag: &str| flag.split('=').next().unwrap_or_default().to_owned();
            if add.iter().map(|flag| name(flag)).collect::<BTreeSet<_>>().len() < add.len() {
                continue;
            }
            let flags = json!([{"op": "flag", "pods": "kube-apiserver-.*", "remove": remove, "add": add}]);
            let mut document = scs_rule_tests::patch::patched(&base.document, &flags);
            let command: Vec<&str> = ["etcd"].iter().chain(etcd).copied().collect();
            document["pods"].as_array_mut().expect("pods").push(json!({
                "metadata": {"name": "etcd-cp-1", "namespace": "kube-system", "labels": {"component": "etcd", "tier": "control-plane"},
                    "annotations": {"kubernetes.io/config.mirror": "a"}},
                "spec": {"nodeName": "cp-1", "containers": [{"name": "etcd", "command": command}]},
            }));
            let document = made_by(owner, &document);
            let told = format!("{owner} without {remove:?}, with {add:?}, etcd {etcd:?}");
            for profile in Profile::ALL {
                let before = checked(&document, base.at, profile);
                pairs += choose_all(&document, &before, base.at, profile, &told, &mut wrong);
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(pairs > 200, "only {pairs} pairs of repairs");
}
