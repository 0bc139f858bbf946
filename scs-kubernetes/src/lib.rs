//! Collects an inventory of a Kubernetes cluster with the fewest rights.
//!
//! | topic | items |
//! | --- | --- |
//! | configured clusters and credentials | [`Kubeconfigs`], [`ClusterConfig`], [`Overrides`]: kubeconfigs as `kubectl` reads them |
//! | a session | [`Session`], with [`Options`] |
//! | an inventory | [`collect()`], which returns a [`Document`] |
//! | live probes and their cleanup | [`probe()`], [`cleanup()`] |
//! | repairs of labels, annotations and policies | [`plan()`], [`apply()`], [`undo()`] |
//! | the rights for it | [`rights()`], [`Probe::rights`], [`manifests`], [`review_rights`] |
//!
//! The program chooses the cryptography for TLS by installing a `rustls::crypto::CryptoProvider`, once, at its start.

// The mock server of the tests is also used by unit tests.
#[cfg(test)]
extern crate self as scs_kubernetes;

mod cleanup;
mod collect;
mod config;
mod http;
mod open_error;
mod options;
mod plugin;
mod probe;
mod repair;
mod rights;
mod run;
mod session;
mod x509;

pub use cleanup::{LeftOver, Report, cleanup};
pub use collect::{CollectError, Extent, collect};
pub use config::{ClusterConfig, ConfigError, Environment, Kubeconfigs, Overrides};
pub use http::RequestError;
pub use open_error::OpenError;
pub use options::{Limits, Options};
pub use plugin::PluginError;
pub use probe::{ParseProbeError, Probe, Probed, probe};
pub use repair::{
    Change, Entry, Fields, RepairError, RepairTarget, Resource, ToUndo, Undo, apply, check_undo, is_patch,
    plan, undo,
};
pub use rights::{
    Account, Granted, ParseServiceAccountError, Right, Target, manifests, review as review_rights, rights,
};
pub use run::Run;
pub use scs_collector::{Document, Event, Part, Progress, Retry, Secret};
pub use scs_standards;
pub use session::{Session, User};

/// Compiles the code in the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct FrontPage;
