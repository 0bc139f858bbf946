//! Tests with a real API server.
//!
//! `SCS_TEST_CLUSTER` is the kubeconfig of an administrator. Without it, these tests are skipped with a message:
//!
//! ```text
//! SCS_TEST_CLUSTER=~/.kube/config cargo test -p scs-cli --test real_cluster -- --nocapture
//! ```
//!
//! They create objects and delete them afterwards. All of them are named `scs-test-…`, namespaced ones are in namespaces of that
//! name, and all have the label `scs.community/test`. Tests that change other objects, and restore them, need
//! `SCS_TEST_CLUSTER_IS_DISPOSABLE=1` as well.

#[cfg(test)]
mod api;
#[cfg(test)]
mod cluster;
#[cfg(test)]
mod collecting;
#[cfg(test)]
mod enforcing;
#[cfg(test)]
mod objects;
#[cfg(test)]
mod probing;
#[cfg(test)]
mod repairing;
#[cfg(test)]
mod rights;
#[cfg(test)]
mod script;
#[cfg(test)]
mod secrets;
