//! `scs k8s`: versions of Kubernetes, and clusters.

mod facts;

pub(crate) use facts::Facts;
