//! How an inventory comes about where nobody wants to give this program access to a cluster.

/// A script for a POSIX shell that writes an inventory of a cluster, `sh collect-cluster.sh --context NAME > cluster.json`.
///
/// It asks `kubectl get` alone, reads no secret and no config map, and needs nothing but `kubectl` and what every system has. A
/// part that cannot be read becomes `{"unavailable": "the error"}`, so that the rest is there all the same; where nothing can be
/// read, it ends with 1. What API servers answer is checked before it gets a place in the inventory.
/// Of pods, it takes those of `kube-system`, where the control plane runs, or with `--all-pods` those of all namespaces.
///
/// ```
/// use scs_k8s_policy::COLLECT_SCRIPT;
///
/// assert!(COLLECT_SCRIPT.starts_with("#!/bin/sh\n"));
/// assert!(COLLECT_SCRIPT.contains("part nodes nodes -o json"));
/// ```
pub const COLLECT_SCRIPT: &str = include_str!("../data/collect-cluster.sh");
