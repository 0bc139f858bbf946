//! Connects two pods before, with and after a network policy.

use serde_json::{Value, json};

use super::end::Ended;
use super::objects::{elsewhere, script, server};
use super::reason;
use super::steps::{Steps, exit_status, is_finished, is_ready};

const SERVER: &str = "server";
const POLICY: &str = "deny";
const PORT: u16 = 8080;

pub(super) async fn round_trip(steps: &Steps<'_>) -> Result<String, Ended> {
    steps.tell("starts a server");
    let namespace = steps.namespace("", Some("restricted")).await?;
    let port = format!("--http-port={PORT}");
    steps.pod(&namespace, "", &server(SERVER, steps.image(), &["netexec", &port, "--udp-port=-1"])).await?;
    let Some(pod) = steps.wait(&namespace, SERVER, is_ready).await? else {
        return Err(Ended::Unavailable(reason::of_pod(steps, &namespace, SERVER).await));
    };
    let address = address(&pod);
    let on = pod["spec"]["nodeName"].as_str().unwrap_or_default();
    let connects = |name: &'static str, script: String| client(steps, &namespace, name, script, on);

    steps.tell("connects without a policy");
    if !connects("before", until_open(&address)).await? {
        let message = "pods cannot connect to each other even without a policy";
        return Err(Ended::Unavailable(message.to_owned()));
    }
    steps.tell("connects with a policy that rejects it");
    let policies = format!("/apis/networking.k8s.io/v1/namespaces/{namespace}/networkpolicies");
    steps.create(&policies, &policy()).await?;
    if !connects("denied", until_closed(&address)).await? {
        return Err(Ended::Failed(
            "a pod still accepts connections after a network policy rejects all of them".to_owned(),
        ));
    }
    steps.tell("connects without the policy again");
    steps.delete(&format!("{policies}/{POLICY}")).await?;
    if !connects("after", until_open(&address)).await? {
        let message = "pods cannot connect to each other after the policy was deleted, so another reason may have stopped them";
        return Err(Ended::Unavailable(message.to_owned()));
    }
    Ok("connections are rejected while a network policy says so".to_owned())
}

fn policy() -> Value {
    json!({
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": POLICY},
        "spec": {"podSelector": {"matchLabels": {"app": SERVER}}, "policyTypes": ["Ingress"]},
    })
}

fn address(pod: &Value) -> String {
    match pod["status"]["podIP"].as_str().unwrap_or_default() {
        ip if ip.contains(':') => format!("[{ip}]:{PORT}"),
        ip => format!("{ip}:{PORT}"),
    }
}

/// Attempts of a connection, each a second after the other: policies take a moment to take effect.
fn attempts(test: &str) -> String {
    format!("i=0; while [ $i -lt 20 ]; do {test} && exit 0; i=$((i+1)); sleep 1; done; exit 3")
}

fn until_open(address: &str) -> String {
    attempts(&format!("/agnhost connect {address} --timeout=2s"))
}

fn until_closed(address: &str) -> String {
    attempts(&format!("! /agnhost connect {address} --timeout=2s"))
}

/// Runs a client to its end; whether it saw what it waited for.
async fn client(
    steps: &Steps<'_>,
    namespace: &str,
    name: &str,
    code: String,
    server: &str,
) -> Result<bool, Ended> {
    let pod = elsewhere(script(name, steps.image(), &code), server);
    steps.pod(namespace, "", &pod).await?;
    let pod = steps.wait(namespace, name, is_finished).await?;
    match pod.as_ref().and_then(exit_status) {
        Some((0, _)) => Ok(true),
        Some((3, _)) => Ok(false),
        _ => Err(Ended::Unavailable(reason::of_pod(steps, namespace, name).await)),
    }
}
