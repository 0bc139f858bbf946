//! Collects what an OpenStack cloud offers, the way one of its users does.
//!
//! | question | where |
//! | --- | --- |
//! | where is the cloud, and who are we? | [`Clouds`], [`CloudConfig`]: `clouds.yaml` and the variables, as OpenStack's clients read them |
//! | how do we get in? | [`Session`], with [`Options`] |
//! | what does it offer? | [`collect()`], which makes a [`Document`] |
//! | does it do what it offers? | [`Probe`], [`probe()`]: round trips that make something for a while |
//! | what have crashed runs left behind? | [`cleanup()`] |
//! | how do repairs get there? | [`apply_to_flavor`], [`apply_to_image`] |
//!
//! Passwords, tokens and keys are [`Secret`]s: they are in no message, no document and no `Debug`.

mod apply;
mod auth;
mod bounded;
mod catalog;
mod cleanup;
mod collect;
mod config;
mod document;
mod http;
mod options;
mod probe;
mod run;
mod secret;
mod session;
mod things;

pub use apply::{Applied, ApplyError, apply_to_flavor, apply_to_image};
pub use cleanup::{LeftOver, Report, cleanup};
pub use collect::{collect, collect_flavors, collect_images};
pub use config::{
    AuthMethod, CloudConfig, Clouds, ConfigError, Credentials, Environment, Interface, Scope, Verify,
};
pub use document::{Document, Part};
pub use http::{CertificateFileError, RequestError, Retry};
pub use options::{Event, Limits, Options, Progress};
pub use probe::{ParseProbeError, Probe, Probed, probe};
pub use run::Run;
pub use scs_standards;
pub use secret::Secret;
pub use session::{OpenError, Session};

/// The code on the crate's front page is compiled.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct FrontPage;
