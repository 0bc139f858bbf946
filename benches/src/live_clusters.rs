//! `scs inventory` on a live cluster with many nodes, against the time that its answers take.

use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, ScopedJoinHandle};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::api_server::{ApiServer, Content};
use crate::clusters::{node, pod};
use crate::table::{Row, median, print};
use crate::tools::{self, Input};

const NODES: usize = 2_000;
const PODS: usize = 20_000;
const CLUSTERS: usize = 50;
const ROUNDS: usize = 5;
/// The entries of a page, and the concurrent requests.
const PAGE: usize = 500;
const PARALLEL: usize = 16;
const PAGE_DELAY: Duration = Duration::from_millis(10);
const KUBELET_DELAY: Duration = Duration::from_millis(6);
/// The delay of each answer, where many clusters are compared with one.
const SLOW: Duration = Duration::from_millis(100);

pub(crate) fn run() -> std::io::Result<()> {
    let Some(scs) = tools::scs() else {
        println!("live-clusters: build `target/release/scs` first: cargo build --release -p scs-cli");
        return Ok(());
    };
    let server = ApiServer::start(Content {
        nodes: (0..NODES).map(|number| node(number).to_string()).collect(),
        pods: (0..PODS).map(|number| pod(number).to_string()).collect(),
        page: PAGE_DELAY,
        kubelet: KUBELET_DELAY,
    })?;
    let (mut seconds, mut chains, mut peak, mut requests) = (Vec::new(), Vec::new(), 0.0_f64, 0);
    for _ in 0..ROUNDS {
        chains.push(answer_chain(&server)?);
        server.take_requests();
        let mut command = Command::new(&scs);
        command.args([
            "inventory",
            "--server",
            &server.address,
            "--token",
            "bench",
            "--kubelets",
            "--all-pods",
        ]);
        command.env_remove("KUBECONFIG").env_remove("HOME");
        let run = tools::run(&mut command, Input::Nothing)?;
        assert_eq!(run.status, Some(0), "the inventory was not collected");
        seconds.push(run.seconds);
        peak = peak.max(run.peak_kib.unwrap_or(0.0) / 1024.0);
        requests = server.take_requests();
    }
    let (seconds, chain) = (median(seconds), median(chains));
    let mut rows = vec![
        Row::at_most("scs inventory", seconds, 6.0, "s"),
        Row::new("the slowest chain of answers, read and discarded", format!("{chain:.2} s")),
        Row::at_most("scs inventory, against that chain", seconds / chain, 1.1, "times"),
        Row::at_most("peak memory", peak, 120.0, "MiB"),
        Row::new("requests", requests.to_string()),
    ];
    let (one, all) = side_by_side(&scs)?;
    rows.push(Row::at_most(
        format!("{CLUSTERS} clusters side by side, against one of them"),
        all / one,
        1.5,
        "times",
    ));
    print(
        &format!(
            "A live cluster of {NODES} nodes and {PODS} pods on a mock server, median of {ROUNDS} rounds"
        ),
        &rows,
    );
    Ok(())
}

/// The time of the slowest chain of answers: the pages of all pods, or those of the nodes and then the kubelets, for a client that
/// discards what it reads.
fn answer_chain(server: &ApiServer) -> std::io::Result<f64> {
    let start = Instant::now();
    let mut client = server.client()?;
    client.get("/version")?;
    client.get("/apis/authentication.k8s.io/v1/selfsubjectreviews")?;
    thread::scope(|scope| {
        let pages = |path: &'static str, entries: usize| {
            move || -> std::io::Result<()> {
                let mut client = server.client()?;
                for start in (0..entries).step_by(PAGE) {
                    client.get(&format!("{path}?limit={PAGE}&continue={start}"))?;
                }
                Ok(())
            }
        };
        let pods = scope.spawn(pages("/api/v1/pods", PODS));
        pages("/api/v1/nodes", NODES)()?;
        let next = AtomicUsize::new(0);
        thread::scope(|scope| {
            let kubelets = (0..PARALLEL).map(|_| {
                scope.spawn(|| -> std::io::Result<()> {
                    let mut client = server.client()?;
                    while let number @ 0..NODES = next.fetch_add(1, Ordering::Relaxed) {
                        client.get(&format!("/api/v1/nodes/node-{number}/proxy/configz"))?;
                    }
                    Ok(())
                })
            });
            kubelets.collect::<Vec<_>>().into_iter().try_for_each(joined)
        })?;
        joined(pods)
    })?;
    Ok(start.elapsed().as_secs_f64())
}

fn joined(thread: ScopedJoinHandle<'_, std::io::Result<()>>) -> std::io::Result<()> {
    thread.join().unwrap_or_else(|_| Err(std::io::Error::other("a client panicked")))
}

/// The time for one small cluster, and for many of them in one run.
fn side_by_side(scs: &std::path::Path) -> std::io::Result<(f64, f64)> {
    let server = ApiServer::start(Content {
        nodes: (0..10).map(|number| node(number).to_string()).collect(),
        pods: (0..50).map(|number| pod(number).to_string()).collect(),
        page: SLOW,
        kubelet: SLOW,
    })?;
    let names: Vec<String> = (0..CLUSTERS).map(|number| format!("cluster-{number}")).collect();
    let contexts: Vec<_> = names
        .iter()
        .map(|name| json!({"name": name, "context": {"cluster": "mock", "user": "me"}}))
        .collect();
    let config = json!({"kind": "Config", "apiVersion": "v1", "contexts": contexts,
        "clusters": [{"name": "mock", "cluster": {"server": server.address}}],
        "users": [{"name": "me", "user": {"token": "bench"}}]});
    let file = tempfile::NamedTempFile::new()?;
    std::fs::write(file.path(), config.to_string())?;
    let timed = |names: &[String]| -> std::io::Result<f64> {
        let mut command = Command::new(scs);
        command.args(["check", "-q", "--kubelets", "--kubeconfig"]).arg(file.path());
        for name in names {
            command.args(["--context", name]);
        }
        Ok(tools::run(&mut command, Input::Nothing)?.seconds)
    };
    let (mut one, mut all) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        one.push(timed(&names[..1])?);
        all.push(timed(&names)?);
    }
    Ok((median(one), median(all)))
}
