//! What a sample VM says of itself on its console.
//!
//! The program that runs in the VM marks each line of its results; everything else on the console is noise: boot messages,
//! colors, zero bytes, commands that cloud-init repeats, lines that others have begun. A line is
//!
//! ```text
//! [   70.439502] cloud-init[513]: _scs-test-SECTION: TEXT
//! ```
//!
//! and a marker may stand anywhere in it. Inside a message of the kernel (`[    3.1] printk: …`), or of another program than
//! cloud-init, it is no result. The sections `entropy-avail`, `fips-test`, `rngd`, `virtio-rng` and the end are those
//! of the official suite; the others are ours, and the official suite does not mind them.
//!
//! | section | text |
//! | --- | --- |
//! | `entropy-avail` | what `/proc/sys/kernel/random/entropy_avail` has |
//! | `fips-test` | a line of `rngtest` |
//! | `fips-device` | the device from which the blocks are, where it is not `/dev/random` |
//! | `rngd` | a line of `systemctl status rngd` |
//! | `virtio-rng` | what `rng_available` has, then a number read from `/dev/hwrng`, or why there is none |
//! | `hwrng-available` | what `rng_available` has: names with blanks between them |
//! | `hwrng-current` | what `rng_current` has: a name, or `none` |
//! | `cpu-flags` | the line `flags` or `Features` of `/proc/cpuinfo`; in parts as `flags 1/3: …` |
//! | `kernel` | what `uname -r` prints |
//! | `problem` | what the program could not find out |
//!
//! Behind all sections stands `_scs-test-end`. Without `kernel`, the boot message `Linux version …` tells.

mod line;
mod official;
mod sections;

use memchr::memmem;
use scs_standards::Given;
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub(crate) use line::MARKER;
pub(crate) use official::{OfficialFips, OfficialReading};

use crate::cpu::Cpu;
use crate::fips::FipsTest;
use crate::kernel::KernelRelease;
use crate::words::{brief, counted};
use sections::Sections;

/// Whether the service `rngd` runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Rngd {
    /// It runs.
    Running,
    /// It is installed and does not run.
    Stopped,
    /// It is not installed.
    Absent,
}

/// The figures of `rngtest`; `None` where the console does not have one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FipsReport {
    /// The bits read.
    pub bits: Option<u64>,
    /// The blocks that passed.
    pub successes: Option<u64>,
    /// The blocks that failed.
    pub failures: Option<u64>,
    tests: [Option<u64>; FipsTest::ALL.len()],
}

impl FipsReport {
    /// The blocks that failed a test.
    #[must_use]
    pub fn count(&self, test: FipsTest) -> Option<u64> {
        self.tests.get(test as usize).copied().flatten()
    }

    /// How figures contradict each other, in words.
    pub(crate) fn contradiction(&self) -> Option<String> {
        const ALL: u64 = FipsTest::ALL.len() as u64;
        if let (Some(bits), Some(good), Some(bad)) = (self.bits, self.successes, self.failures) {
            let blocks = good.saturating_add(bad);
            let by_bits = bits.saturating_sub(32) / crate::fips::BLOCK_BITS;
            if blocks != by_bits {
                return Some(format!(
                    "{bits} bits are enough for {by_bits} blocks, and {blocks} are counted"
                ));
            }
        }
        let failures = self.failures?;
        let counts: Vec<(FipsTest, u64)> =
            FipsTest::ALL.into_iter().filter_map(|test| Some((test, self.count(test)?))).collect();
        if let Some((test, count)) = counts.iter().find(|(_, count)| *count > failures) {
            return Some(format!("{count} blocks failed the test {test}, and {failures} failed any"));
        }
        let sum = counts.iter().fold(0_u64, |sum, (_, count)| sum.saturating_add(*count));
        (counts.len() as u64 == ALL && sum < failures)
            .then(|| format!("{failures} blocks failed, and the tests failed {sum} times"))
    }

    /// All blocks: those that passed and those that failed, or as many as the bits are enough for.
    #[must_use]
    pub fn blocks(&self) -> Option<u64> {
        let counted = self.successes.zip(self.failures).map(|(good, bad)| good.saturating_add(bad));
        let by_bits = || Some(self.bits?.saturating_sub(32) / crate::fips::BLOCK_BITS);
        counted.or_else(by_bits)
    }
}

/// What a sample VM says of itself.
///
/// A section that is not there is [`Given::Missing`], one that says nothing of use [`Given::Unusable`].
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
    /// What `entropy_avail` has, in bits.
    pub entropy_available: Given<u64>,
    /// The figures of `rngtest`.
    pub fips: Given<FipsReport>,
    /// The service `rngd`.
    pub rngd: Given<Rngd>,
    /// The hardware random number generators that the kernel knows.
    pub hwrng_available: Given<Vec<String>>,
    /// The one that it uses; `None` where it uses none.
    pub hwrng_current: Given<Option<String>>,
    /// Whether `/dev/hwrng` gave a number.
    pub hwrng_readable: Given<bool>,
    /// What the first CPU can do.
    pub cpu: Given<Cpu>,
    /// The kernel.
    pub kernel: Given<KernelRelease>,
    /// Whether the end is marked: the VM has told all that it wanted to tell.
    pub is_complete: bool,
    /// What could not be read, in sentences.
    pub problems: Vec<String>,
    /// The device from which the blocks are; without a word of it, `/dev/random`.
    pub(crate) fips_device: Given<String>,
    /// Markers that are no results, as they stand inside messages of others.
    pub(crate) markers_in_messages: u64,
    pub(crate) official: OfficialReading,
}

/// A text that says nothing of a sample VM.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadConsoleError {
    /// There is nothing in it.
    #[error("the console output is empty")]
    Empty,
    /// There is no marker in it.
    #[error("none of {lines} has the marker `{MARKER}`: {}", why(failure.as_deref()))]
    NoMarker {
        /// How many lines there are, in words.
        lines: String,
        /// The message by which the VM says that it could not run the test.
        failure: Option<String>,
    },
    /// It begins like JSON and is none, or is JSON that says something else.
    #[error(
        "no console output: expected a text, `{{\"output\": \"…\"}}` or what `scs entropy probe -f json` prints, found {found}"
    )]
    Shape {
        /// What was found, in words.
        found: String,
    },
}

impl ConsoleOutput {
    /// Reads the text of a console.
    ///
    /// # Errors
    ///
    /// When no marker is in it.
    pub fn read(text: &str) -> Result<Self, ReadConsoleError> {
        let mut sections = Sections::default();
        let mut official = OfficialReading::default();
        for marked in line::markers(text) {
            if let Some(text) = marked.official {
                official.take(text);
            }
            sections.take(marked);
        }
        if !sections.has_markers() {
            if text.trim_matches(|c: char| c.is_whitespace() || c == '\0').is_empty() {
                return Err(ReadConsoleError::Empty);
            }
            let lines = counted(text.lines().count() as u64, "line");
            return Err(ReadConsoleError::NoMarker { lines, failure: failed(text) });
        }
        let mut console = sections.into_console();
        console.official = official;
        if !console.is_complete {
            console.problems.extend(failed(text).map(|failure| failed_words(&failure)));
        }
        if console.kernel.is_missing() {
            console.kernel = booted(text).map_or(Given::Missing, Given::Data);
        }
        Ok(console)
    }

    /// Reads the bytes of a console; those that are no UTF-8, as at the beginning of an output that was cut, are in nobody's way.
    ///
    /// # Errors
    ///
    /// When no marker is in it.
    pub fn read_bytes(bytes: &[u8]) -> Result<Self, ReadConsoleError> {
        Self::read(&String::from_utf8_lossy(bytes))
    }
}

/// Why there is no marker.
fn why(failure: Option<&str>) -> String {
    failure.map_or_else(
        || "the VM has not run the test (yet), it is another VM, or the output was cut".to_owned(),
        failed_words,
    )
}

fn failed_words(failure: &str) -> String {
    format!("the VM could not run the commands of its user data: `{failure}`")
}

/// The message of a VM that could not run the commands of its user data: what a command said, or else cloud-init.
fn failed(text: &str) -> Option<String> {
    /// What cloud-init says, by version.
    const FAILURES: [&str; 4] = [
        "Failed to run module scripts-user",
        "Failed to run module scripts_user",
        "Failed running /var/lib/cloud/instance/scripts",
        "Running module scripts-user (<module",
    ];
    /// What commands say.
    const REASONS: [&str; 3] = ["E: ", "Error: ", "fatal: "];
    // What cloud-init runs is told behind its name and number.
    let message = |line: &'_ str| -> String {
        let line = line.trim_end_matches(['\r', '\0']);
        let told = line.split_once("cloud-init[").and_then(|(_, rest)| rest.split_once("]: "));
        brief(told.map_or(line, |(_, message)| message).trim())
    };
    let failure = |line: &str| FAILURES.iter().find_map(|failure| line.find(failure));
    let (end, failed) = text
        .lines()
        .enumerate()
        .find_map(|(number, line)| Some((number, brief(line.get(failure(line)?..)?))))?;
    let before = text.lines().take(end);
    let reason =
        before.map(message).filter(|message| REASONS.iter().any(|it| message.starts_with(it))).last();
    Some(reason.unwrap_or(failed))
}

/// The kernel that was booted last, by its first message.
fn booted(text: &str) -> Option<KernelRelease> {
    const BOOTS: &str = "Linux version ";
    let at = memmem::rfind(text.as_bytes(), BOOTS.as_bytes())?;
    let rest = text.get(at + BOOTS.len()..)?;
    let release = rest.split(|c: char| c.is_whitespace() || c.is_control()).next()?;
    // At the end of the text it may have been cut.
    (release.len() < rest.len()).then(|| release.parse().ok())?
}

/// Sentences, of which only the first are kept.
#[derive(Debug, Default)]
struct Problems {
    told: Vec<String>,
    more: u64,
}

impl Problems {
    const MOST: usize = 20;

    fn tell(&mut self, problem: String) {
        if self.told.contains(&problem) {
            return;
        }
        if self.told.len() < Self::MOST {
            self.told.push(problem);
        } else {
            self.more += 1;
        }
    }

    fn into_sentences(mut self) -> Vec<String> {
        if self.more > 0 {
            self.told.push(format!("… and {} more of the kind", self.more));
        }
        self.told
    }
}

/// A line in a message.
fn quoted(section: &str, text: &str) -> String {
    format!("`{MARKER}{}: {}`", brief(section), brief(text))
}
