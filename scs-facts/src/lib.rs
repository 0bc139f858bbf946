//! Fetches the dated facts that rules rest on, and keeps them in a directory.
//!
//! | topic | items |
//! | --- | --- |
//! | the facts, with their sources and what rests on them | [`Fact`], [`FACTS`], [`Key`], [`Source`] |
//! | the directory | [`Store`], [`Stored`], [`Metadata`] |
//! | fetching | [`update()`] with [`Options`], which returns an [`Outcome`] for each fact |
//! | sites without a network | [`copy()`] from a directory that was filled elsewhere |
//!
//! A fact is replaced only by one that its own reader accepts, and that is neither much shorter nor older. Whatever goes
//! wrong with a source leaves the fact that is there.
//!
//! The program chooses the cryptography for TLS by installing a `rustls::crypto::CryptoProvider`, once, at its start. The
//! time is an argument; this crate does not read the clock.

mod address;
mod client;
mod copy;
mod error;
mod fact;
mod fetch;
mod hash;
mod metadata;
mod options;
mod outcome;
mod plausible;
mod proxy;
mod source;
mod store;
mod summary;
mod update;

pub use copy::copy;
pub use error::{RequestError, UpdateError};
pub use fact::{FACTS, Fact, Freshness, Key, ParseKeyError};
pub use metadata::{Metadata, Validator};
pub use options::{Event, Limits, Options, Progress, Proxy};
pub use outcome::{Change, Outcome, Reason};
pub use scs_collector::{Retry, Secret};
pub use scs_standards;
pub use source::{ParseSourceError, Source};
pub use store::{BrokenFact, Store, StoreError, Stored};
pub use summary::Summary;
pub use update::update;

/// Compiles the code in the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct FrontPage;
