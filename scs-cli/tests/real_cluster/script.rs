//! The script that `scs k8s collect-script` prints, with a real kubectl.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use serde_json::{Value, json};

use crate::cluster::{Cluster, Told, program, run};

/// The script, and a kubectl that writes down how it was called.
struct Script {
    path: String,
    file: String,
    log: String,
}

impl Script {
    /// `None` without kubectl.
    fn of(cluster: &Cluster) -> Option<Self> {
        let Some(kubectl) = program("kubectl") else {
            eprintln!("skipped: there is no kubectl");
            return None;
        };
        let (script, log) = (cluster.file("collect.sh"), cluster.file("calls"));
        assert_eq!(run(&["k8s", "collect-script", "-o", &script]).status, 0);
        let folder = cluster.file("bin");
        std::fs::create_dir(&folder).unwrap();
        let wrapper = format!("{folder}/kubectl");
        let text = format!("#!/bin/sh\necho $$ \"$@\" >>'{log}'\nexec '{}' \"$@\"\n", kubectl.display());
        std::fs::write(&wrapper, text).unwrap();
        std::fs::set_permissions(&wrapper, std::fs::Permissions::from_mode(0o700)).unwrap();
        let path = format!("{folder}:{}", std::env::var("PATH").unwrap());
        Some(Self { path, file: script, log })
    }

    fn run(&self, kubeconfig: &str, arguments: &[&str]) -> Told {
        let mut command = Command::new("/bin/sh");
        command.arg(&self.file).args(["--kubeconfig", kubeconfig]).args(arguments);
        Told::of(command.env("PATH", &self.path).output().unwrap())
    }

    /// The calls of kubectl: process and arguments.
    fn calls(&self) -> Vec<(String, String)> {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let call = |line: &str| line.split_once(' ').map(|(id, call)| (id.to_owned(), call.to_owned()));
        text.lines().filter_map(call).collect()
    }
}

/// The answers of a check. Lists in the inventory may have more than rules read.
fn answers(inventory: &str) -> Value {
    let at = ["check", "-f", "json", "--all-rules", "--include-drafts", "--at", "2026-11-24", inventory];
    let report: Value = serde_json::from_str(&run(&at).out).unwrap();
    json!([report["results"], report["rules"], report["verdict"]])
}

#[test]
fn the_script_collects_what_the_program_does() {
    let Some(cluster) = Cluster::open() else { return };
    let Some(script) = Script::of(&cluster) else { return };
    let (of_script, of_program) = (cluster.file("script.json"), cluster.file("program.json"));
    let told = script.run(&cluster.kubeconfig, &["--kubelets", "--output", &of_script]);
    assert_eq!(told.status, 0, "{}", told.err);
    assert_eq!(cluster.scs(&["inventory", "--kubelets", "-o", &of_program]).status, 0);
    assert_eq!(answers(&of_script), answers(&of_program));
    let read =
        |file: &str| -> Value { serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap() };
    let (of_script, of_program) = (read(&of_script), read(&of_program));
    let nodes = of_script["nodes"]["items"].as_array().unwrap().len();
    let kubelets = |inventory: &Value| {
        let kubelets = inventory["kubelet_configs"].as_object();
        let usable = |(name, value): (&String, &Value)| (name.clone(), value.get("kubeletconfig").is_some());
        kubelets.map(|kubelets| kubelets.iter().map(usable).collect::<Vec<_>>())
    };
    assert_eq!(kubelets(&of_script), kubelets(&of_program));
    let calls = script.calls();
    if program("curl").is_some() {
        assert!(calls.len() < 25, "{} calls for {nodes} nodes: {calls:?}", calls.len());
        let (id, _) = calls.iter().find(|(_, call)| call.contains(" proxy ")).expect("a proxy");
        assert!(!std::path::Path::new(&format!("/proc/{id}")).exists(), "the proxy is still there");
    }
    let only_reads = |call: &str| call.contains(" get ") || call.contains(" proxy --unix-socket=");
    assert!(calls.iter().all(|(_, call)| only_reads(call)), "{calls:?}");
}

#[test]
fn the_script_names_what_a_user_may_not_read() {
    let Some(cluster) = Cluster::open() else { return };
    let Some(script) = Script::of(&cluster) else { return };
    let namespace = cluster.namespace("script", &json!({}));
    let token = cluster.service_account(&namespace, "least");
    let rights = ["k8s", "rights", "-f", "json", "--service-account", &format!("{namespace}:least")];
    cluster.grant(run(&rights).json(0)["manifests"].as_array().unwrap(), "least");
    let kubeconfig = cluster.as_user("least", &json!({"token": token}));
    let told = script.run(&kubeconfig, &["--kubelets"]);
    let inventory = told.json(0);
    for (part, value) in inventory.as_object().unwrap() {
        assert!(value.get("unavailable").is_none(), "{part}: {value}");
    }
    for (node, value) in inventory["kubelet_configs"].as_object().unwrap() {
        let reason = value["unavailable"].as_str().unwrap();
        assert!(reason.contains("forbidden") && reason.contains("nodes/proxy"), "{node}: {reason}");
    }
    assert!(!script.run(&kubeconfig, &["--quiet"]).json(0).to_string().contains("kubelet_configs"));
    let nobody = cluster.as_user("nobody", &json!({"token": cluster.service_account(&namespace, "nobody")}));
    let told = script.run(&nobody, &[]);
    assert!(told.status == 1 && told.err.contains("only the version could be read"), "{}", told.err);
    let unknown = cluster.as_user("unknown", &json!({"token": "not-a-token"}));
    let told = script.run(&unknown, &[]);
    assert_eq!((told.status, told.out.as_str()), (1, ""), "{}", told.err);
    assert!(told.err.contains("cannot reach the API server"), "{}", told.err);
}
