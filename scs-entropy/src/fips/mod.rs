//! The statistical tests of FIPS 140-2 (change notice 1, section 4.9.1), as `rngtest` of rng-tools5 runs them.
//!
//! scs-0101 counts the failures reported by `rngtest`, so its verdicts are reproduced here, block by block and test by
//! test, including its three peculiarities:
//!
//! - The first four bytes of a stream belong to no block; the continuous run test compares the first word with them.
//! - The run cut off by the end of a block counts as one of the *other* bit.
//! - In a block whose first bit differs from the previous last bit (0 before the first block), one thing is counted in excess: a
//!   run of six ones where that bit is 1, a nibble `1111` where it is 0.
//!
//! The first is documented; the other two are not, and affect one block in many thousands. Bits are taken from the most
//! significant one of a byte downwards, words of the continuous run test as little-endian.

mod block;

use scs_standards::wording::counted;
use std::fmt;
use std::io::{self, ErrorKind, Read};

use serde::{Deserialize, Serialize};

pub use block::BLOCK_BYTES;

use block::Counts;

/// The number of bits in a block.
pub const BLOCK_BITS: u64 = 20_000;
/// The number of bytes at the beginning of a stream that belong to no block.
pub const FIRST_BYTES: usize = 4;

/// A test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FipsTest {
    /// The number of ones is between 9,726 and 10,274.
    Monobit,
    /// The 16 nibble values are about equally frequent: 2.16 < X < 46.17.
    Poker,
    /// The numbers of runs of each length and bit are within their limits.
    Runs,
    /// No bit occurs 26 times in a row.
    LongRun,
    /// No 32-bit word occurs twice in a row.
    ContinuousRun,
}

impl FipsTest {
    /// All tests, in the order of `rngtest`.
    pub const ALL: [Self; 5] = [Self::Monobit, Self::Poker, Self::Runs, Self::LongRun, Self::ContinuousRun];

    /// The name used by `rngtest`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Monobit => "Monobit",
            Self::Poker => "Poker",
            Self::Runs => "Runs",
            Self::LongRun => "Long run",
            Self::ContinuousRun => "Continuous run",
        }
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl fmt::Display for FipsTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The result for a block: the failed tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct BlockResult(u8);

impl BlockResult {
    /// Whether all tests passed.
    #[must_use]
    pub const fn passed(self) -> bool {
        self.0 == 0
    }

    /// Whether this test failed.
    #[must_use]
    pub const fn failed(self, test: FipsTest) -> bool {
        self.0 & test.bit() != 0
    }

    /// The failed tests.
    pub fn failures(self) -> impl Iterator<Item = FipsTest> {
        FipsTest::ALL.into_iter().filter(move |test| self.failed(*test))
    }

    const fn with(self, test: FipsTest, failed: bool) -> Self {
        if failed { Self(self.0 | test.bit()) } else { self }
    }
}

/// Tests blocks one after the other; between blocks, it keeps the end of the previous one.
///
/// ```
/// use scs_entropy::fips::{BLOCK_BYTES, FipsTest, FipsTester};
///
/// let mut tester = FipsTester::new([1, 2, 3, 4]);
/// let result = tester.test_block(&[0; BLOCK_BYTES]);
/// assert!(!result.passed() && result.failed(FipsTest::LongRun) && result.failed(FipsTest::ContinuousRun));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct FipsTester {
    last_word: u32,
    last_bit: bool,
}

impl FipsTester {
    /// Starts a stream with these first bytes.
    #[must_use]
    pub const fn new(first: [u8; FIRST_BYTES]) -> Self {
        Self { last_word: u32::from_le_bytes(first), last_bit: false }
    }

    /// Tests the next block.
    pub fn test_block(&mut self, block: &[u8; BLOCK_BYTES]) -> BlockResult {
        let counts = Counts::of(block, self.last_bit);
        let mut repeated = false;
        let (words, _) = block.as_chunks::<4>();
        for word in words {
            let word = u32::from_le_bytes(*word);
            repeated |= word == self.last_word;
            self.last_word = word;
        }
        self.last_bit = counts.last_bit;
        BlockResult::default()
            .with(FipsTest::Monobit, counts.ones <= 9_725 || counts.ones >= 10_275)
            // X = 16 / 5000 * squares - 5000, and these are 2.16 and 46.17.
            .with(FipsTest::Poker, !(1_563_176..=1_576_928).contains(&counts.squares))
            .with(FipsTest::Runs, !counts.runs_are_good())
            .with(FipsTest::LongRun, counts.has_long_run)
            .with(FipsTest::ContinuousRun, repeated)
    }
}

/// The number of passed blocks, and of failed blocks by test.
///
/// ```
/// use scs_entropy::fips::FipsSummary;
///
/// let zeros = std::io::repeat(0);
/// let summary = FipsSummary::from_reader(zeros, Some(2))?;
/// assert_eq!((summary.bits, summary.successes, summary.failures), (40_032, 0, 2));
/// assert_eq!(summary.to_string(), "2 blocks, 2 failed: 2 Monobit, 2 Poker, 2 Runs, 2 Long run, 2 Continuous run");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schemars",
    derive(schemars::JsonSchema),
    schemars(description = "How many blocks of 20,000 bits passed, and how many failed which test.")
)]
pub struct FipsSummary {
    /// The number of bits read: those of the blocks, the first 32, and those of an incomplete last block.
    pub bits: u64,
    /// The number of blocks that passed all tests.
    pub successes: u64,
    /// The number of blocks that failed at least one test.
    pub failures: u64,
    /// The number of blocks that failed the monobit test.
    pub monobit: u64,
    /// The number of blocks that failed the poker test.
    pub poker: u64,
    /// The number of blocks that failed the runs test.
    pub runs: u64,
    /// The number of blocks that failed the long run test.
    pub long_run: u64,
    /// The number of blocks that failed the continuous run test.
    pub continuous_run: u64,
}

/// The number of blocks read at once.
const BLOCKS_AT_ONCE: u64 = 32;

impl FipsSummary {
    /// Tests a stream until its end or for a number of blocks; reads no further bytes.
    ///
    /// # Errors
    ///
    /// If reading fails. A short stream is not an error; see [`FipsSummary::blocks`].
    pub fn from_reader(mut reader: impl Read, blocks: Option<u64>) -> io::Result<Self> {
        let mut summary = Self::default();
        let mut first = [0; FIRST_BYTES];
        let read = fill(&mut reader, &mut first)?;
        summary.bits = bits(read);
        if read < first.len() {
            return Ok(summary);
        }
        let mut tester = FipsTester::new(first);
        let mut buffer = Vec::new();
        loop {
            let left = blocks.map_or(BLOCKS_AT_ONCE, |blocks| blocks.saturating_sub(summary.blocks()));
            let at_once = usize::try_from(left.min(BLOCKS_AT_ONCE)).unwrap_or(1);
            buffer.resize(at_once * BLOCK_BYTES, 0);
            let read = fill(&mut reader, &mut buffer)?;
            summary.bits += bits(read);
            let (full, _) = buffer.get(..read).unwrap_or_default().as_chunks::<BLOCK_BYTES>();
            for block in full {
                summary.add(tester.test_block(block));
            }
            if read < buffer.len() || at_once == 0 {
                return Ok(summary);
            }
        }
    }

    /// Counts a block, but not its bits.
    fn add(&mut self, result: BlockResult) {
        if result.passed() {
            self.successes += 1;
            return;
        }
        self.failures += 1;
        for test in result.failures() {
            *self.count_mut(test) += 1;
        }
    }

    /// The number of all blocks.
    #[must_use]
    pub const fn blocks(&self) -> u64 {
        self.successes.saturating_add(self.failures)
    }

    /// The number of blocks that failed this test.
    #[must_use]
    pub const fn count(&self, test: FipsTest) -> u64 {
        match test {
            FipsTest::Monobit => self.monobit,
            FipsTest::Poker => self.poker,
            FipsTest::Runs => self.runs,
            FipsTest::LongRun => self.long_run,
            FipsTest::ContinuousRun => self.continuous_run,
        }
    }

    const fn count_mut(&mut self, test: FipsTest) -> &mut u64 {
        match test {
            FipsTest::Monobit => &mut self.monobit,
            FipsTest::Poker => &mut self.poker,
            FipsTest::Runs => &mut self.runs,
            FipsTest::LongRun => &mut self.long_run,
            FipsTest::ContinuousRun => &mut self.continuous_run,
        }
    }

    /// The figures as lines in the format of `rngtest`.
    ///
    /// ```
    /// let summary = scs_entropy::fips::FipsSummary { successes: 1000, ..Default::default() };
    /// assert!(summary.lines().any(|line| line == "rngtest: FIPS 140-2 successes: 1000"));
    /// ```
    pub fn lines(&self) -> impl Iterator<Item = String> + use<> {
        let heads = [
            ("bits received from input".to_owned(), self.bits),
            ("FIPS 140-2 successes".to_owned(), self.successes),
            ("FIPS 140-2 failures".to_owned(), self.failures),
        ];
        let summary = *self;
        let tests =
            FipsTest::ALL.into_iter().map(move |test| (format!("{EDITION} {test}"), summary.count(test)));
        heads.into_iter().chain(tests).map(|(what, count)| format!("rngtest: {what}: {count}"))
    }
}

/// The prefix of test names in the lines of `rngtest`.
pub(crate) const EDITION: &str = "FIPS 140-2(2001-10-10)";

impl fmt::Display for FipsSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let blocks = self.blocks();
        write!(f, "{}, {} failed", counted(blocks, "block"), self.failures)?;
        let mut separator = ": ";
        for test in FipsTest::ALL {
            let count = self.count(test);
            if count > 0 {
                write!(f, "{separator}{count} {test}")?;
                separator = ", ";
            }
        }
        Ok(())
    }
}

/// The number of bits in a number of bytes.
fn bits(bytes: usize) -> u64 {
    (bytes as u64).saturating_mul(8)
}

/// Reads until the buffer is full or the stream ends; returns the number of bytes.
fn fill(reader: &mut impl Read, mut buffer: &mut [u8]) -> io::Result<usize> {
    let length = buffer.len();
    while !buffer.is_empty() {
        match reader.read(buffer) {
            Ok(0) => break,
            Ok(read) => buffer = buffer.get_mut(read..).unwrap_or_default(),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length - buffer.len())
}
