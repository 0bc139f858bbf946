//! Fixes depend on the owner, and their commands change kubeadm's files as described.

#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests fail as tests do")]

use std::path::Path;
use std::process::Command;

use scs_k8s_policy::{Cluster, k8s_rules};
use scs_rule_tests::Parts;
use scs_standards::{Applicability, Context, Declarations, Finding, Fix, Profile};
use serde_json::{Value, json};

fn findings(rule: &str, parts: &Value) -> Vec<Finding> {
    let parts = Parts::of(parts);
    let cluster = Cluster::read(|part| parts.given(part));
    let declarations = Declarations::default();
    let at = "2026-10-20T00:00:00Z".parse().expect("a time");
    let context = Context { at, profile: Profile::Text, declarations: &declarations };
    k8s_rules().find(|known| known.id == rule).expect("a rule").answer(&cluster, &context).findings
}

/// The first fix in the findings.
fn fix(rule: &str, parts: &Value) -> Fix {
    let findings = findings(rule, parts);
    let fix = findings.iter().find_map(|finding| finding.fix.clone());
    fix.unwrap_or_else(|| panic!("{rule}: {findings:#?}"))
}

/// A single-node control plane with this kubelet version and these metadata.
fn cluster(version: &str, metadata: &Value, flags: &[&str]) -> Value {
    let command: Vec<&str> = ["kube-apiserver"].into_iter().chain(flags.iter().copied()).collect();
    let mut node = json!({"metadata": {"name": "cp-1", "labels": {"node-role.kubernetes.io/control-plane": ""}},
        "status": {"nodeInfo": {"kubeletVersion": version, "osImage": "Linux", "architecture": "", "bootID": "",
            "containerRuntimeVersion": "", "kernelVersion": "", "kubeProxyVersion": "", "machineID": "",
            "operatingSystem": "", "systemUUID": ""}}});
    for (key, value) in metadata.as_object().into_iter().flatten() {
        node["metadata"][key] = value.clone();
    }
    json!({
        "nodes": [node],
        "pods": [{"metadata": {"name": "kube-apiserver-cp-1", "namespace": "kube-system",
            "labels": {"component": "kube-apiserver", "tier": "control-plane"}, "annotations": {"kubernetes.io/config.mirror": "1"}},
            "spec": {"nodeName": "cp-1", "containers": [{"name": "kube-apiserver", "command": command}]}}],
        "kubelet_configs": {"cp-1": {"kubeletconfig": {"readOnlyPort": 10255,
            "authentication": {"anonymous": {"enabled": true}}, "authorization": {"mode": "AlwaysAllow"}}}},
    })
}

const PKI: &str = "--client-ca-file=/etc/kubernetes/pki/ca.crt";

#[test]
fn fixes_depend_on_the_owner() {
    let capi = json!({"annotations": {"cluster.x-k8s.io/cluster-name": "prod", "cluster.x-k8s.io/owner-kind": "KubeadmControlPlane"}});
    let nothing = json!({});
    for (version, metadata, flag, of_flag, of_kubelet) in [
        (
            "v1.36.5",
            &nothing,
            PKI,
            "/etc/kubernetes/manifests/kube-apiserver.yaml",
            "/var/lib/kubelet/config.yaml",
        ),
        ("v1.36.5+rke2r1", &nothing, "--a=/b", "/etc/rancher/rke2/config.yaml.d", "kubelet-arg+:"),
        ("v1.36.5+k3s1", &nothing, "--a=/b", "", "/etc/rancher/k3s/config.yaml.d"),
        (
            "v1.36.5",
            &json!({"annotations": {"talos.dev/owned-labels": "[]"}}),
            "--a=/b",
            "talosctl patch machineconfig",
            "talosctl patch machineconfig",
        ),
        ("v1.36.5", &capi, PKI, "KubeadmControlPlane", "KubeadmControlPlane"),
        ("v1.36.5", &json!({"labels": {"worker.gardener.cloud/pool": "p"}}), PKI, "Shoot", "Shoot"),
        ("v1.36.5", &json!({"labels": {"eks.amazonaws.com/nodegroup": "p"}}), PKI, "EKS", "EKS"),
        ("v1.36.5", &nothing, "--a=/b", "is unknown", "is unknown"),
    ] {
        let cluster = cluster(version, metadata, &[flag]);
        for (rule, words) in [
            ("scs-0215-max-requests", of_flag),
            ("scs-0217-kubelet-anonymous", of_kubelet),
            ("scs-0217-kubelet-webhook", of_kubelet),
            ("scs-0217-kubelet-readonly", of_kubelet),
        ] {
            let fix = fix(rule, &cluster);
            let told = format!("{} {}", fix.command().unwrap_or_default(), fix.words().unwrap_or_default());
            assert!(told.contains(words), "{version} {metadata} {rule}: {told}");
            // Restarts always need confirmation.
            assert!(fix.active().is_none() && fix.is_destructive() == fix.command().is_some(), "{fix:?}");
            let is_kubeadm = told.contains("kubeadm upgrade");
            assert_eq!(
                is_kubeadm,
                words.starts_with("/etc/kubernetes") || words.starts_with("/var/lib/kubelet"),
                "{told}"
            );
        }
    }
}

#[test]
fn an_issuer_is_not_guessed() {
    let fix = fix("scs-0217-authn-sa", &cluster("v1.36.5", &json!({}), &[PKI]));
    assert_eq!(fix.applicability(), Applicability::Advice);
}

/// The manifest as written by kubeadm.
const MANIFEST: &str = "apiVersion: v1
kind: Pod
metadata:
  name: NAME
spec:
  containers:
  - command:
    - NAME
FLAGS    image: registry.k8s.io/NAME:v1.36.5
    name: NAME
    volumeMounts:
    - mountPath: /etc/kubernetes/pki
      name: k8s-certs
      readOnly: true
  hostNetwork: true
  volumes:
  - hostPath:
      path: /etc/kubernetes/pki
      type: DirectoryOrCreate
    name: k8s-certs
status: {}
";

/// Runs a command with `/etc/kubernetes` and `/var/lib/kubelet` redirected to a test directory.
fn run(test: &str, command: &str, files: &[(&str, &str)]) -> std::path::PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("repairs-{test}"));
    let _ = std::fs::remove_dir_all(&directory);
    for (path, content) in files {
        let path = directory.join(path.trim_start_matches('/'));
        std::fs::create_dir_all(path.parent().expect("a directory")).expect("it");
        std::fs::write(path, content).expect("a file");
    }
    let here = directory.display();
    let command = command
        .replace("/etc/kubernetes/manifests", &format!("{here}/etc/kubernetes/manifests"))
        .replace("mkdir -p /etc", &format!("mkdir -p {here}/etc"))
        .replace("> /etc", &format!("> {here}/etc"))
        .replace("/var/lib/kubelet", &format!("{here}/var/lib/kubelet"))
        .replace("systemctl restart kubelet", "true");
    let status = Command::new("/bin/sh").args(["-euc", &command]).status().expect("a shell");
    assert!(status.success(), "{command}");
    directory
}

fn yaml(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).expect("the file");
    serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn manifest(name: &str, flags: &[&str]) -> String {
    let flags: String = flags.iter().flat_map(|flag| ["    - ", flag, "\n"]).collect();
    MANIFEST.replace("NAME", name).replace("FLAGS", &flags)
}

/// The words of the command after a fix, in the manifest and in the inventory.
fn repaired(test: &str, rule: &str, flags: &[&str]) -> (Value, Value) {
    let fix = fix(rule, &cluster("v1.36.5", &json!({}), flags));
    let way = &fix.ways()[0];
    let file = "/etc/kubernetes/manifests/kube-apiserver.yaml";
    let directory = run(test, &way.command, &[(file, &manifest("kube-apiserver", flags))]);
    let written = yaml(&directory.join(file.trim_start_matches('/')));
    let edits = serde_json::to_value(&way.edits).expect("edits");
    (written, edits)
}

/// The command after the edits of a pod's words.
fn with(flags: &[&str], edits: &Value) -> Value {
    let mut words: Vec<String> =
        ["kube-apiserver"].iter().chain(flags).map(|&word| word.to_owned()).collect();
    for edit in edits.as_array().expect("edits").iter().filter(|edit| edit["part"] == "pods") {
        assert_eq!(edit["do"], "argument", "{edit}");
        let name = edit["name"].as_str().expect("a name");
        words.retain(|word| word.split('=').next() != Some(name));
        words.extend(edit["value"].as_str().map(|value| format!("{name}={value}")));
    }
    json!(words)
}

#[test]
fn a_flag_is_written_once() {
    for (test, rule, flags) in [
        ("added", "scs-0215-max-requests", &[PKI, "--profiling=false"][..]),
        ("changed", "scs-0215-max-requests", &[PKI, "--max-requests-inflight=0"]),
        ("plug-in", "scs-0217-podsecurity-plugin", &[PKI, "--disable-admission-plugins=PodSecurity"]),
        ("modes", "scs-0217-authz-node", &[PKI, "--authorization-mode=AlwaysAllow,RBAC"]),
    ] {
        let (written, edits) = repaired(test, rule, flags);
        let words = |list: &Value| -> Vec<String> {
            let mut words: Vec<String> = list
                .as_array()
                .expect("words")
                .iter()
                .map(|word| word.as_str().expect("a word").to_owned())
                .collect();
            words.sort();
            words
        };
        let by_file = words(&written["spec"]["containers"][0]["command"]);
        assert_eq!(by_file, words(&with(flags, &edits)), "{test}");
    }
    let (written, _) =
        repaired("removed", "scs-0217-podsecurity-plugin", &[PKI, "--disable-admission-plugins=PodSecurity"]);
    assert!(!written.to_string().contains("--disable-admission-plugins"), "{written}");
}

/// etcd's directory ends like its program name.
#[test]
fn a_flag_of_etcd_is_written_once() {
    let mut parts = cluster("v1.36.5", &json!({}), &[PKI]);
    let etcd = json!({"metadata": {"name": "etcd-cp-1", "namespace": "kube-system",
        "labels": {"component": "etcd", "tier": "control-plane"}, "annotations": {"kubernetes.io/config.mirror": "1"}},
        "spec": {"nodeName": "cp-1", "containers": [{"name": "etcd", "command": ["etcd", "--data-dir=/var/lib/etcd"]}]}});
    parts["pods"].as_array_mut().expect("pods").push(etcd);
    let fix = fix("scs-0215-etcd-compaction-mode", &parts);
    let file = "/etc/kubernetes/manifests/etcd.yaml";
    let directory = run(
        "etcd",
        fix.command().expect("a command"),
        &[(file, &manifest("etcd", &["--data-dir=/var/lib/etcd"]))],
    );
    let written = yaml(&directory.join(file.trim_start_matches('/')));
    let command = &written["spec"]["containers"][0]["command"];
    assert_eq!(
        *command,
        json!([
            "etcd",
            "--auto-compaction-mode=periodic",
            "--auto-compaction-retention=8h",
            "--data-dir=/var/lib/etcd"
        ])
    );
}

/// The file is created and mounted before a flag refers to it, since an API server without it does not start.
#[test]
fn event_rate_limits_come_with_their_file() {
    let (written, edits) =
        repaired("limits", "scs-0215-eventratelimit", &[PKI, "--enable-admission-plugins=NodeRestriction"]);
    let container = &written["spec"]["containers"][0];
    let command: Vec<&str> =
        container["command"].as_array().expect("words").iter().filter_map(Value::as_str).collect();
    let plug_ins = "--enable-admission-plugins=NodeRestriction,EventRateLimit,PodSecurity";
    assert!(command.contains(&plug_ins), "{command:?}");
    assert!(command.contains(&"--admission-control-config-file=/etc/kubernetes/admission/admission.yaml"));
    assert_eq!(container["volumeMounts"][0]["mountPath"], "/etc/kubernetes/admission");
    let volume = &written["spec"]["volumes"][0];
    assert_eq!(
        (&volume["name"], &volume["hostPath"]["path"]),
        (&container["volumeMounts"][0]["name"], &json!("/etc/kubernetes/admission"))
    );
    assert_eq!(container["volumeMounts"].as_array().map(Vec::len), Some(2));
    let file =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join("repairs-limits/etc/kubernetes/admission/admission.yaml");
    let config = yaml(&file);
    assert_eq!(
        config["plugins"][0]["configuration"]["limits"],
        json!([{"type": "Server", "qps": 5000, "burst": 20000}])
    );
    assert_eq!(edits.as_array().map(Vec::len), Some(5));
    // The content of another file is unknown.
    let other = [PKI, "--admission-control-config-file=/etc/x.yaml"];
    let fix = fix("scs-0215-eventratelimit", &cluster("v1.36.5", &json!({}), &other));
    assert_eq!(fix.applicability(), Applicability::Advice);
    assert!(fix.words().expect("words").contains("`/etc/x.yaml`"));
}

#[test]
fn kubelet_settings_are_changed_in_place() {
    const CONFIG: &str = "apiVersion: kubelet.config.k8s.io/v1beta1
authentication:
  anonymous:
    enabled: true
  webhook:
    cacheTTL: 0s
    enabled: true
  x509:
    clientCAFile: /etc/kubernetes/pki/ca.crt
authorization:
  mode: AlwaysAllow
  webhook:
    cacheAuthorizedTTL: 0s
kind: KubeletConfiguration
readOnlyPort: 10255
rotateCertificates: true
";
    let before: Value = serde_saphyr::from_str(CONFIG).expect("YAML");
    for (test, rule, path, expected) in [
        ("anonymous", "scs-0217-kubelet-anonymous", "/authentication/anonymous/enabled", json!(false)),
        ("webhook", "scs-0217-kubelet-webhook", "/authorization/mode", json!("Webhook")),
        ("port", "scs-0217-kubelet-readonly", "/readOnlyPort", json!(0)),
    ] {
        let fix = fix(rule, &cluster("v1.36.5", &json!({}), &[PKI]));
        let command = fix.command().expect("a command");
        assert!(!command.contains("yq"), "{command}");
        assert!(fix.words().expect("a question").contains("`kubelet-config`"));
        let file = "/var/lib/kubelet/config.yaml";
        let directory = run(test, command, &[(file, CONFIG)]);
        let after = yaml(&directory.join(file.trim_start_matches('/')));
        let mut wanted = before.clone();
        *wanted.pointer_mut(path).expect("the setting") = expected;
        assert_eq!(after, wanted, "{test}");
    }
}

fn namespaces(namespace: &Value, more: &Value) -> Value {
    let mut parts = cluster("v1.36.5", &json!({}), &[PKI]);
    parts["namespaces"] = json!([namespace]);
    for (key, value) in more.as_object().into_iter().flatten() {
        parts[key] = value.clone();
    }
    parts
}

#[test]
fn a_label_is_only_proposed_if_nothing_breaks() {
    const RULE: &str = "scs-0217-pss-baseline";
    let level = |name: &str, level: &str| json!({"metadata": {"name": name, "labels": {"pod-security.kubernetes.io/enforce": level}}});
    let plain = |name: &str| json!({"metadata": {"name": name}});
    let fix_of = |namespace: &Value, more: &Value| fix(RULE, &namespaces(namespace, more));
    let fix = fix_of(&plain("shop"), &json!({}));
    assert!(fix.is_destructive() && fix.active().is_none(), "pods may be refused: {fix:?}");
    assert_eq!(
        fix.command(),
        Some("kubectl label --overwrite namespace shop pod-security.kubernetes.io/enforce=baseline")
    );
    assert!(fix.words().expect("a question").contains("`system-namespaces`"));
    let speaker = json!({"daemon_sets": [{"metadata": {"name": "speaker", "namespace": "metallb-system"},
        "spec": {"selector": {}, "template": {"spec": {"hostNetwork": true, "containers": [{"name": "a"}]}}}}]});
    for (namespace, more, words) in [
        (plain("metallb-system"), speaker, "DaemonSet speaker (hostNetwork)"),
        (level("monitoring", "privileged"), json!({}), "explicitly"),
        (plain("a\nb"), json!({}), "otherwise set"),
    ] {
        let fix = fix_of(&namespace, &more);
        assert_eq!(fix.applicability(), Applicability::Advice, "{fix:?}");
        assert!(fix.words().is_some_and(|told| told.contains(words)), "{fix:?}");
    }
    // The label of an exempt namespace has no effect, whatever its value.
    let exempt = json!({"admission_config": {"kind": "AdmissionConfiguration", "plugins": [{"name": "PodSecurity",
        "configuration": {"exemptions": {"namespaces": ["shop"]}}}]}});
    let fix = fix_of(&level("shop", "restricted"), &exempt);
    assert!(
        fix.command().is_none() && fix.words().expect("words").contains("exemptions.namespaces"),
        "{fix:?}"
    );
}

/// One finding for many nodes, and one for a missing permission.
#[test]
fn equal_findings_of_many_nodes_are_merged() {
    let name = |number: usize| format!("worker-{number}");
    let nodes: Vec<Value> = (0..2007).map(|number| json!({"metadata": {"name": name(number)}})).collect();
    let each = |config: &dyn Fn(usize) -> Value| -> Value {
        (0..2007).map(|number| (name(number), config(number))).collect::<serde_json::Map<_, _>>().into()
    };
    let open = json!({"kubeletconfig": {"authentication": {"anonymous": {"enabled": true}}, "authorization": {"mode": "Webhook"}}});
    let parts = json!({"nodes": nodes, "kubelet_configs": each(&|_| open.clone())});
    let found = findings("scs-0217-kubelet-anonymous", &parts);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].subject, "2,007 nodes: worker-0, worker-1, worker-10 and 2,004 more");
    let refused = each(&|number| {
        let why = format!(
            "nodes \"{}\" is forbidden: User \"reader\" cannot get resource \"nodes/proxy\"",
            name(number)
        );
        json!({ "unavailable": why })
    });
    let found = findings("scs-0217-kubelet-anonymous", &json!({"nodes": nodes, "kubelet_configs": refused}));
    assert_eq!(found.len(), 1, "{:#?}", &found[..2]);
    assert!(found[0].message.contains("nodes/proxy") && found[0].fix.is_some());
}

/// Rules on the same flags, in any order; each command can be run again, since several findings have it.
#[test]
fn fixes_of_one_flag_are_merged() {
    let file = "/etc/kubernetes/manifests/kube-apiserver.yaml";
    for (test, flags, rules, expected) in [
        (
            "modes-together",
            &[PKI, "--authorization-mode=AlwaysAllow"][..],
            &["scs-0217-authz-node", "scs-0217-authz-second"][..],
            &["--authorization-mode=Node,RBAC"][..],
        ),
        (
            "plug-ins-together",
            &[PKI, "--enable-admission-plugins=PodSecurity"],
            &["scs-0215-eventratelimit", "scs-0217-node-restriction"],
            &["--enable-admission-plugins=NodeRestriction,PodSecurity,EventRateLimit"],
        ),
        (
            "plug-ins-switched-off",
            &[
                PKI,
                "--enable-admission-plugins=EventRateLimit,PodSecurity",
                "--disable-admission-plugins=NodeRestriction,PodSecurity,X",
            ],
            &["scs-0217-node-restriction", "scs-0217-podsecurity-plugin", "scs-0215-eventratelimit"],
            &[
                "--enable-admission-plugins=NodeRestriction,EventRateLimit,PodSecurity",
                "--disable-admission-plugins=X",
            ],
        ),
        (
            "certificate-with-key",
            &[PKI, "--etcd-servers=https://10.0.0.1:2379"],
            &["scs-0217-etcd-tls-client"],
            &[
                "--etcd-certfile=/etc/kubernetes/pki/apiserver-etcd-client.crt",
                "--etcd-keyfile=/etc/kubernetes/pki/apiserver-etcd-client.key",
            ],
        ),
    ] {
        let parts = cluster("v1.36.5", &json!({}), flags);
        let commands: Vec<String> = rules
            .iter()
            .flat_map(|rule| findings(rule, &parts))
            .filter_map(|finding| finding.fix?.command().map(str::to_owned))
            .collect();
        assert!(
            commands.len() >= rules.len() && commands.iter().all(|command| *command == commands[0]),
            "{commands:#?}"
        );
        // Twice, as when running all printed commands.
        let twice = format!("( {} \n) && ( {} \n)", commands[0], commands[0]);
        let directory = run(test, &twice, &[(file, &manifest("kube-apiserver", flags))]);
        let written = yaml(&directory.join(file.trim_start_matches('/')));
        let container = &written["spec"]["containers"][0];
        let words: Vec<&str> =
            container["command"].as_array().expect("words").iter().filter_map(Value::as_str).collect();
        for flag in expected {
            assert_eq!(words.iter().filter(|word| *word == flag).count(), 1, "{test}: {words:?}");
        }
        let names: Vec<&str> = words.iter().filter_map(|word| word.split('=').next()).collect();
        let once: std::collections::BTreeSet<&&str> = names.iter().collect();
        assert_eq!(once.len(), names.len(), "{test}: {words:?}");
        let mounts = container["volumeMounts"].as_array().map_or(0, Vec::len);
        assert!(mounts <= 2, "{test}: {container}");
    }
}

/// etcd does not require certificates that its clients do not have.
#[test]
fn etcd_requires_certificates_last() {
    let etcd = |flags: &[&str]| {
        let command: Vec<&str> = ["etcd"].iter().chain(flags).copied().collect();
        json!({"metadata": {"name": "etcd-cp-1", "namespace": "kube-system",
            "labels": {"component": "etcd", "tier": "control-plane"}, "annotations": {"kubernetes.io/config.mirror": "1"}},
            "spec": {"nodeName": "cp-1", "containers": [{"name": "etcd", "command": command}]}})
    };
    let of = |rule: &str, server: &[&str], flags: &[&str]| -> Vec<Fix> {
        let server: Vec<&str> =
            [PKI, "--etcd-servers=https://127.0.0.1:2379"].iter().chain(server).copied().collect();
        let mut parts = cluster("v1.36.5", &json!({}), &server);
        parts["pods"].as_array_mut().expect("pods").push(etcd(flags));
        let of_etcd = findings(rule, &parts).into_iter().filter(|finding| finding.subject == "etcd-cp-1");
        of_etcd.filter_map(|finding| finding.fix).collect()
    };
    let shows = ["--etcd-certfile=/a", "--etcd-keyfile=/b"];
    let whole = [
        "--cert-file=/a",
        "--key-file=/b",
        "--trusted-ca-file=/c",
        "--listen-client-urls=https://127.0.0.1:2379",
    ];
    for rule in ["scs-0217-etcd-tls-client", "scs-0217-etcd-acl"] {
        let fixes = of(rule, &shows, &whole);
        assert_eq!(fixes.len(), 1, "{fixes:#?}");
        assert!(fixes[0].command().expect("a command").contains("--client-cert-auth=true"));
        for server in [&[][..], &shows[..1]] {
            let fixes = of(rule, server, &whole);
            assert_eq!(fixes[0].applicability(), Applicability::Advice, "{fixes:#?}");
            assert!(
                fixes[0]
                    .words()
                    .expect("words")
                    .contains("first configure all API servers with a client certificate for etcd")
            );
        }
        // The required files come with it.
        let fixes = of(rule, &shows, &["--listen-client-urls=https://127.0.0.1:2379"]);
        for flag in ["--cert-file=", "--key-file=", "--trusted-ca-file=", "--client-cert-auth=true"] {
            assert!(fixes.iter().all(|fix| fix.command().expect("a command").contains(flag)), "{fixes:#?}");
        }
    }
    // Setting only the files does not reject anybody.
    let fixes = of("scs-0217-etcd-tls-client", &[], &["--listen-client-urls=https://127.0.0.1:2379"]);
    assert!(fixes.iter().any(|fix| {
        fix.command().is_some_and(|it| it.contains("--cert-file=") && !it.contains("client-cert-auth"))
    }));
    // Members with self-signed certificates would reject each other.
    let peer = |flags: &[&str]| {
        let flags: Vec<&str> =
            flags.iter().chain(&["--listen-peer-urls=https://10.0.0.1:2380"]).copied().collect();
        of("scs-0217-etcd-tls-peer", &shows, &flags)
    };
    assert_eq!(peer(&["--peer-auto-tls"])[0].applicability(), Applicability::Advice);
    let fixes = peer(&["--peer-cert-file=/a", "--peer-key-file=/b"]);
    assert!(fixes[0].command().expect("a command").contains("--peer-trusted-ca-file="), "{fixes:#?}");
    // A duration is not a number of revisions.
    let compaction = ["--auto-compaction-mode=revision", "--auto-compaction-retention=1000"];
    for rule in ["scs-0215-etcd-compaction-mode", "scs-0215-etcd-compaction-retention"] {
        let fixes = of(rule, &shows, &compaction);
        let command = fixes[0].command().expect("a command");
        assert!(command.contains("mode=periodic") && command.contains("retention=8h"), "{command}");
    }
}

/// Advice names the known tool, and the reason why there is no command.
#[test]
fn advice_has_location_and_reason() {
    let nothing = json!({});
    let rke2 = json!({"annotations": {"rke2.io/node-args": "[\"server\", \"--kube-apiserver-arg\", \"profiling=false\"]"}});
    let k3s = json!({"annotations": {"k3s.io/node-args": "[\"server\", \"--kube-apiserver-arg=profiling=false\", \"--kubelet-arg=v=2\"]"}});
    for (version, metadata, flags, rule, words) in [
        (
            "v1.36.5",
            &nothing,
            &[PKI, "--max-requests-inflight=0", "--max-requests-inflight=0"][..],
            "scs-0215-max-requests",
            &["is given 2 times", "/etc/kubernetes/manifests/kube-apiserver.yaml"][..],
        ),
        (
            "v1.36.5",
            &nothing,
            &[PKI, "--max-requests-inflight", "0"],
            "scs-0215-max-requests",
            &["a separate word"],
        ),
        (
            "v1.36.5+rke2r1",
            &rke2,
            &["--a=/b"],
            "scs-0215-max-requests",
            &["`kube-apiserver-arg`", "/etc/rancher/rke2/config.yaml"],
        ),
        (
            "v1.36.5+rke2r1",
            &nothing,
            &["--a=/b"],
            "scs-0215-eventratelimit",
            &["/etc/rancher/rke2/config.yaml"],
        ),
        (
            "v1.36.5+k3s1",
            &k3s,
            &["--a=/b"],
            "scs-0217-kubelet-anonymous",
            &["`kubelet-arg`", "/etc/rancher/k3s/config.yaml"],
        ),
        (
            "v1.36.5",
            &json!({"annotations": {"talos.dev/owned-labels": "[]"}}),
            &["--disable-admission-plugins=PodSecurity"],
            "scs-0217-podsecurity-plugin",
            &["`cluster.apiServer.extraArgs`"],
        ),
    ] {
        let fix = fix(rule, &cluster(version, metadata, flags));
        assert_eq!(fix.applicability(), Applicability::Advice, "{rule}: {fix:?}");
        let told = fix.words().expect("words");
        assert!(
            words.iter().all(|word| told.contains(word)) && !told.contains("is unknown"),
            "{rule}: {told}"
        );
    }
}
