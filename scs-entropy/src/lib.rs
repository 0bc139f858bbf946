//! Entropy in virtual machines, as the Sovereign Cloud Stack wants it (scs-0101).
//!
//! | question | where |
//! | --- | --- |
//! | are these bytes random? | [`fips`]: the tests of FIPS 140-2, as `rngtest` runs them |
//! | what does a VM say of itself? | [`ConsoleOutput`], with the lines in [`console`] |
//! | how does it come to say that? | [`userdata`] for cloud-init, [`probe`] for a program in the VM |
//! | what can a CPU do, and a kernel? | [`Cpu`], [`KernelRelease`] |
//! | does a cloud conform? | [`EntropyEvidence`], [`check_entropy`] |
//!
//! Nothing here reads a file, a network or a clock, but for the reader that [`fips::FipsSummary::of_reader`] is given.
//!
//! ```
//! use scs_entropy::fips::FipsSummary;
//!
//! // One bit in three is a one, which is not random at all.
//! let bytes = [0x49, 0x24, 0x92].repeat(10_000);
//! let summary = FipsSummary::of_reader(&bytes[..], Some(10))?;
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
    EntropyEvidence, EntropyRevision, HostFact, HostFacts, Listed, ParseRevisionError, ReadHostFactsError,
};
pub use kernel::{Generator, KernelRelease, ParseKernelError};
pub use probe::ProbeDocument;
pub use rules::{ENTROPY_DOCUMENTS, check_entropy, entropy_rules, entropy_test_case, entropy_test_cases};
pub use scs_standards;

/// The code on the crate's front page is compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct FrontPage;
