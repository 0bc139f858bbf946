//! Connects two pods before, with and after a network policy.

use serde_json::{Value, json};

use super::end::Ended;
use super::objects::{elsewhere, script, server};
use super::reason;
use super::steps::{Steps, exit_status, is_finished, is_ready};

const SERVER: &str = "server";
/// A server that no policy is about, which shows that the network itself works.
const CONTROL: &str = "control";
const POLICY: &str = "deny";
const PORT: u16 = 8080;

pub(super) async fn round_trip(steps: &Steps<'_>) -> Result<String, Ended> {
    steps.tell("starts two servers");
    let namespace = steps.namespace("", Some("restricted")).await?;
    let port = format!("--http-port={PORT}");
    for name in [SERVER, CONTROL] {
        steps.pod(&namespace, "", &server(name, steps.image(), &["netexec", &port, "--udp-port=-1"])).await?;
    }
    let pod = started(steps, &namespace, SERVER).await?;
    let control = address(&started(steps, &namespace, CONTROL).await?);
    let address = address(&pod);
    let on = pod["spec"]["nodeName"].as_str().unwrap_or_default();
    let connects = |name: &'static str, script: String| client(steps, &namespace, name, script, on);

    steps.tell("connects without a policy");
    if connects("before", until_open(&address)).await? != OPEN {
        let message = "pods cannot connect to each other even without a policy";
        return Err(Ended::Unavailable(message.to_owned()));
    }
    steps.tell("connects with a policy that rejects it");
    let policies = format!("/apis/networking.k8s.io/v1/namespaces/{namespace}/networkpolicies");
    steps.create(&policies, &policy()).await?;
    match connects("denied", until_closed(&address, &control)).await? {
        CLOSED => {}
        OPEN => {
            let message = "a pod still accepts connections after a network policy rejects all of them";
            return Err(Ended::Failed(message.to_owned()));
        }
        _ => {
            let message =
                "connections sometimes fail and sometimes succeed, or also fail to a pod without a policy";
            return Err(Ended::Unavailable(message.to_owned()));
        }
    }
    steps.tell("connects without the policy again");
    steps.delete(&format!("{policies}/{POLICY}")).await?;
    if connects("after", until_open(&address)).await? != OPEN {
        let message = "pods cannot connect to each other after the policy was deleted, so another reason may have stopped them";
        return Err(Ended::Unavailable(message.to_owned()));
    }
    Ok("connections are rejected while a network policy says so".to_owned())
}

/// The server once it accepts connections.
async fn started(steps: &Steps<'_>, namespace: &str, name: &str) -> Result<Value, Ended> {
    match steps.wait(namespace, name, is_ready).await? {
        Some(pod) => Ok(pod),
        None => Err(Ended::Unavailable(reason::of_pod(steps, namespace, name).await)),
    }
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

/// The exit status of a client that connected.
const OPEN: i64 = 0;
/// The exit status of a client whose connections are rejected.
const CLOSED: i64 = 3;
/// The exit status of a client that saw neither consistently.
const MIXED: i64 = 4;
/// The number of rounds, each a second after the other: policies take a moment to take effect.
const ROUNDS: usize = 30;
/// The number of rounds in a row with the same result that show something. One may fail for many reasons.
const IN_A_ROW: usize = 5;

fn connect(address: &str) -> String {
    format!("/agnhost connect {address} --timeout=2s")
}

fn until_open(address: &str) -> String {
    let test = connect(address);
    format!(
        "i=0; while [ $i -lt {ROUNDS} ]; do {test} && exit {OPEN}; i=$((i+1)); sleep 1; done; exit {CLOSED}"
    )
}

/// Waits until connections are rejected again and again, while those to the control succeed before and after each of them.
fn until_closed(address: &str, control: &str) -> String {
    let (test, control) = (connect(address), connect(control));
    format!(
        "i=0; open=0; closed=0
while [ $i -lt {ROUNDS} ]; do
  i=$((i+1))
  if ! {control}; then open=0; closed=0
  elif {test}; then open=$((open+1)); closed=0
  elif {control}; then closed=$((closed+1)); open=0
  else open=0; closed=0
  fi
  [ $closed -ge {IN_A_ROW} ] && exit {CLOSED}
  sleep 1
done
[ $open -ge {IN_A_ROW} ] && exit {OPEN}
exit {MIXED}"
    )
}

/// Runs a client to its end; returns what it saw as its exit status.
async fn client(
    steps: &Steps<'_>,
    namespace: &str,
    name: &str,
    code: String,
    server: &str,
) -> Result<i64, Ended> {
    let pod = elsewhere(script(name, steps.image(), &code), server);
    steps.pod(namespace, "", &pod).await?;
    let pod = steps.wait(namespace, name, is_finished).await?;
    match pod.as_ref().and_then(exit_status) {
        Some((status @ (OPEN | CLOSED | MIXED), _)) => Ok(status),
        _ => Err(Ended::Unavailable(reason::of_pod(steps, namespace, name).await)),
    }
}
