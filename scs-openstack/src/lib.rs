//! Collects an inventory of an OpenStack cloud as one of its users.
//!
//! | topic | items |
//! | --- | --- |
//! | cloud endpoints and credentials | [`Clouds`], [`CloudConfig`]: `clouds.yaml` and the `OS_*` variables, as in OpenStack's clients |
//! | authentication | [`Session`], with [`Options`] |
//! | inventory | [`collect()`], which returns a [`Document`] |
//! | live probes | [`Probe`], [`probe()`]: round trips with temporary resources |
//! | leftovers of crashed runs | [`cleanup()`] |
//! | repairs | [`apply_to_flavor`], [`apply_to_image`] |
//!
//! The program chooses the cryptography for TLS by installing a `rustls::crypto::CryptoProvider`, once, at its start.
//!
//! Passwords, tokens and keys are [`Secret`]s: they do not appear in messages, documents or `Debug` output.

mod apply;
mod auth;
mod catalog;
mod cleanup;
mod collect;
mod config;
mod http;
mod open_error;
mod options;
mod probe;
mod run;
mod session;
mod things;

pub use apply::{Applied, ApplyError, apply_to_flavor, apply_to_image};
pub use cleanup::{LeftOver, Report, cleanup};
pub use collect::{collect, collect_flavors, collect_images};
pub use config::{
    AuthMethod, CloudConfig, Clouds, ConfigError, Credentials, Environment, Interface, Scope, Verify,
};
pub use http::{CertificateFileError, RequestError};
pub use open_error::OpenError;
pub use options::{Limits, Options};
pub use probe::{ParseProbeError, Probe, Probed, probe};
pub use run::Run;
pub use scs_collector::{Document, Event, Part, Progress, Retry, Secret};
pub use scs_standards;
pub use session::Session;

/// Compiles the code in the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct FrontPage;
