//! Entropy in virtual machines by the Sovereign Cloud Stack standard scs-0101.
//!
//! | topic | where |
//! | --- | --- |
//! | randomness tests | [`fips`]: FIPS 140-2 as implemented by `rngtest` |
//! | console output of a VM | [`ConsoleOutput`], with the format in [`console`] |
//! | creating that output | [`userdata`] for cloud-init, [`probe`] for a program in the VM |
//! | CPU and kernel capabilities | [`Cpu`], [`KernelRelease`] |
//! | conformance of a cloud | [`EntropyEvidence`], [`check_entropy`] |
//!
//! The crate does no I/O, except through the reader passed to [`fips::FipsSummary::from_reader`], and reads no clock.
//!
//! ```
//! use scs_entropy::fips::FipsSummary;
//!
//! // One bit in three is a one, which is not random at all.
//! let bytes = [0x49, 0x24, 0x92].repeat(10_000);
//! let summary = FipsSummary::from_reader(&bytes[..], Some(10))?;
//! assert_eq!((summary.blocks(), summary.failures), (10, 10));
//! # Ok::<(), std::io::Error>(())
//! ```

pub mod console;
mod cpu;
mod evidence;
pub mod fips;
mod kernel;
pub mod probe;
mod rules;
pub mod userdata;
mod words;

pub use console::{ConsoleOutput, FipsReport, ReadConsoleError, Rngd};
pub use cpu::{Cpu, CpuKind};
pub use evidence::{
    EntropyEvidence, EntropyRevision, HostFact, HostFacts, ParseEntropyRevisionError, ReadHostFactsError,
};
pub use kernel::{Generator, KernelRelease, ParseKernelReleaseError};
pub use probe::ProbeDocument;
pub use rules::{ENTROPY_DOCUMENTS, check_entropy, entropy_rules, entropy_test_case, entropy_test_cases};
pub use scs_standards;

/// Compiles and runs the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct FrontPage;
