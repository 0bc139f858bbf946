//! The results of a sample VM, as values.

use scs_standards::Given;
use serde::{Deserialize, Serialize};

use super::official::OfficialReading;
use crate::cpu::Cpu;
use crate::fips::FipsTest;
use crate::kernel::KernelRelease;

/// The state of the service `rngd`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Rngd {
    /// Running.
    Running,
    /// Installed but not running.
    Stopped,
    /// Not installed.
    Absent,
}

/// The figures of `rngtest`; `None` if missing from the console output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FipsReport {
    /// The number of bits read.
    pub bits: Option<u64>,
    /// The number of blocks that passed.
    pub successes: Option<u64>,
    /// The number of blocks that failed.
    pub failures: Option<u64>,
    pub(super) tests: [Option<u64>; FipsTest::ALL.len()],
}

impl FipsReport {
    /// The number of blocks that failed a test.
    #[must_use]
    pub fn count(&self, test: FipsTest) -> Option<u64> {
        self.tests.get(test as usize).copied().flatten()
    }

    /// A description of a contradiction between the figures, if any.
    pub(crate) fn contradiction(&self) -> Option<String> {
        const ALL: u64 = FipsTest::ALL.len() as u64;
        if let (Some(bits), Some(good), Some(bad)) = (self.bits, self.successes, self.failures) {
            let blocks = good.saturating_add(bad);
            let by_bits = bits.saturating_sub(32) / crate::fips::BLOCK_BITS;
            if blocks != by_bits {
                return Some(format!("{bits} bits are {by_bits} blocks, but {blocks} were counted"));
            }
        }
        let failures = self.failures?;
        let counts: Vec<(FipsTest, u64)> =
            FipsTest::ALL.into_iter().filter_map(|test| Some((test, self.count(test)?))).collect();
        if let Some((test, count)) = counts.iter().find(|(_, count)| *count > failures) {
            return Some(format!(
                "{count} blocks failed the test {test}, but only {failures} failed any test"
            ));
        }
        let sum = counts.iter().fold(0_u64, |sum, (_, count)| sum.saturating_add(*count));
        (counts.len() as u64 == ALL && sum < failures)
            .then(|| format!("{failures} blocks failed, but the tests failed only {sum} times"))
    }

    /// The number of all blocks: passed and failed ones, or as many as the bits allow.
    #[must_use]
    pub fn blocks(&self) -> Option<u64> {
        let counted = self.successes.zip(self.failures).map(|(good, bad)| good.saturating_add(bad));
        let by_bits = || Some(self.bits?.saturating_sub(32) / crate::fips::BLOCK_BITS);
        counted.or_else(by_bits)
    }
}

/// The console output of a sample VM.
///
/// A missing section is [`Given::Missing`], one without useful data [`Given::Unusable`].
///
/// ```
/// use scs_entropy::ConsoleOutput;
/// use scs_standards::Given;
///
/// let output = "\
/// [    0.000000] Linux version 6.8.0-45-generic (buildd@lcy02-amd64-115)
/// [   70.439502] cloud-init[513]: _scs-test-entropy-avail: 256
/// [   70.8] cloud-init[513]: _scs-test-fips-test: rngtest: FIPS 140-2 successes: 1000
/// [   70.8] cloud-init[513]: _scs-test-fips-test: rngtest: FIPS 140-2 failures: 0
/// _scs-test-end
/// ";
/// let console = ConsoleOutput::read(output)?;
/// assert_eq!(console.entropy_available, Given::Data(256));
/// assert_eq!(console.fips.data().and_then(|fips| fips.blocks()), Some(1000));
/// assert_eq!(console.kernel.data().map(ToString::to_string).as_deref(), Some("6.8.0-45-generic"));
/// assert!(console.is_complete && console.problems.is_empty());
/// # Ok::<(), scs_entropy::ReadConsoleError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConsoleOutput {
    /// The value of `entropy_avail`, in bits.
    pub entropy_available: Given<u64>,
    /// The figures of `rngtest`.
    pub fips: Given<FipsReport>,
    /// The state of the service `rngd`.
    pub rngd: Given<Rngd>,
    /// The hardware random number generators known to the kernel.
    pub hwrng_available: Given<Vec<String>>,
    /// The one in use; `None` if none is.
    pub hwrng_current: Given<Option<String>>,
    /// Whether `/dev/hwrng` returned a number.
    pub hwrng_readable: Given<bool>,
    /// The capabilities of the first CPU.
    pub cpu: Given<Cpu>,
    /// The kernel release.
    pub kernel: Given<KernelRelease>,
    /// Whether the end marker is present, so that the output is complete.
    pub is_complete: bool,
    /// Unreadable lines, as messages.
    pub problems: Vec<String>,
    /// The source device of the blocks; `/dev/random` if not stated.
    pub(crate) fips_device: Given<String>,
    /// The number of markers inside messages of other programs, which are not results.
    pub(crate) markers_in_messages: u64,
    pub(crate) official: OfficialReading,
}
