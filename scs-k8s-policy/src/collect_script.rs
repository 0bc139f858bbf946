//! A script that collects an inventory without giving this program access to a cluster.

/// A POSIX shell script that writes an inventory of a cluster, `sh collect-cluster.sh --context NAME > cluster.json`.
///
/// It only uses `kubectl get`, reads no secrets or config maps, and needs only `kubectl` and standard tools. Parts that
/// cannot be collected become `{"unavailable": "the error"}`; if nothing can be collected, it exits with status 1. Answers
/// of API servers are validated before they are added to the inventory. It collects the pods in `kube-system`, where the
/// control plane runs, or in all namespaces with `--all-pods`.
///
/// ```
/// use scs_k8s_policy::COLLECT_SCRIPT;
///
/// assert!(COLLECT_SCRIPT.starts_with("#!/bin/sh\n"));
/// assert!(COLLECT_SCRIPT.contains("part nodes nodes -o json"));
/// ```
pub const COLLECT_SCRIPT: &str = include_str!("../data/collect-cluster.sh");
