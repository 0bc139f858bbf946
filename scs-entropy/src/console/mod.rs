//! The console output of a sample VM.
//!
//! The program in the VM marks each line of its results; everything else on the console is noise: boot messages,
//! colors, NUL bytes, commands echoed by cloud-init, lines started by other programs. A line has the form
//!
//! ```text
//! [   70.439502] cloud-init[513]: _scs-test-SECTION: TEXT
//! ```
//!
//! and a marker may occur anywhere in it. Inside a message of the kernel (`[    3.1] printk: …`) or of a program other than
//! cloud-init, it is not a result. The sections `entropy-avail`, `fips-test`, `rngd`, `virtio-rng` and the end marker are those
//! of the official suite; the others are ours and ignored by the official suite.
//!
//! | section | text |
//! | --- | --- |
//! | `entropy-avail` | the content of `/proc/sys/kernel/random/entropy_avail` |
//! | `fips-test` | a line of `rngtest` output |
//! | `fips-device` | the source device of the blocks, if it is not `/dev/random` |
//! | `rngd` | a line of `systemctl status rngd` output |
//! | `virtio-rng` | the content of `rng_available`, then a number read from `/dev/hwrng` or an error message |
//! | `hwrng-available` | the content of `rng_available`: names separated by spaces |
//! | `hwrng-current` | the content of `rng_current`: a name, or `none` |
//! | `cpu-flags` | the line `flags` or `Features` of `/proc/cpuinfo`; in parts as `flags 1/3: …` |
//! | `kernel` | the output of `uname -r` |
//! | `problem` | a fact that could not be determined |
//!
//! The last line is `_scs-test-end`. Without a `kernel` section, the boot message `Linux version …` is used.

mod line;
mod official;
mod sections;

use memchr::memmem;
use scs_standards::Given;
use scs_standards::wording::counted;
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub(crate) use line::MARKER;
pub(crate) use official::{OfficialFips, OfficialReading};

use crate::cpu::Cpu;
use crate::fips::FipsTest;
use crate::kernel::KernelRelease;
use crate::words::brief;
use sections::Sections;

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
    tests: [Option<u64>; FipsTest::ALL.len()],
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

/// Error: not the console output of a sample VM.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadConsoleError {
    /// The text is empty.
    #[error("the console output is empty")]
    Empty,
    /// The text has no marker.
    #[error("the marker `{MARKER}` is missing in {lines}: {}", explain_missing_marker(failure.as_deref()))]
    NoMarker {
        /// The number of lines, in words.
        lines: String,
        /// The message of the VM that explains why the test could not run.
        failure: Option<String>,
    },
    /// Invalid JSON, or JSON of a different kind.
    #[error(
        "not console output: expected text, `{{\"output\": \"…\"}}` or the JSON document of an entropy probe, found {found}"
    )]
    Shape {
        /// The actual content, in words.
        found: String,
    },
}

impl ConsoleOutput {
    /// Parses the text of a console.
    ///
    /// # Errors
    ///
    /// If it contains no marker.
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
            return Err(ReadConsoleError::NoMarker { lines, failure: find_failure(text) });
        }
        let mut console = sections.into_console();
        console.official = official;
        if !console.is_complete {
            console.problems.extend(find_failure(text).map(|failure| describe_failure(&failure)));
        }
        if console.kernel.is_missing() {
            console.kernel = booted(text).map_or(Given::Missing, Given::Data);
        }
        Ok(console)
    }

    /// Parses the bytes of a console; invalid UTF-8, as at the beginning of truncated output, is tolerated.
    ///
    /// # Errors
    ///
    /// If it contains no marker.
    pub fn read_bytes(bytes: &[u8]) -> Result<Self, ReadConsoleError> {
        Self::read(&String::from_utf8_lossy(bytes))
    }
}

/// Explains why there is no marker.
fn explain_missing_marker(failure: Option<&str>) -> String {
    failure.map_or_else(
        || "the VM has not run the test yet, it is a different VM, or the output is truncated".to_owned(),
        describe_failure,
    )
}

fn describe_failure(failure: &str) -> String {
    format!("the VM could not run the commands of its user data: `{failure}`")
}

/// The reason why a VM could not run the commands of its user data: the message of a command, or else of cloud-init.
fn find_failure(text: &str) -> Option<String> {
    /// Messages of cloud-init, by version.
    const FAILURES: [&str; 4] = [
        "Failed to run module scripts-user",
        "Failed to run module scripts_user",
        "Failed running /var/lib/cloud/instance/scripts",
        "Running module scripts-user (<module",
    ];
    /// Prefixes of error messages.
    const REASONS: [&str; 3] = ["E: ", "Error: ", "fatal: "];
    // Output of commands run by cloud-init is prefixed with its name and process id.
    let message = |line: &'_ str| -> String {
        let line = line.trim_end_matches(['\r', '\0']);
        let messages = line.split_once("cloud-init[").and_then(|(_, rest)| rest.split_once("]: "));
        brief(messages.map_or(line, |(_, message)| message).trim())
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

/// The last booted kernel, by its first message.
fn booted(text: &str) -> Option<KernelRelease> {
    const BOOTS: &str = "Linux version ";
    let at = memmem::rfind(text.as_bytes(), BOOTS.as_bytes())?;
    let rest = text.get(at + BOOTS.len()..)?;
    let release = rest.split(|c: char| c.is_whitespace() || c.is_control()).next()?;
    // At the end of the text, it may be truncated.
    (release.len() < rest.len()).then(|| release.parse().ok())?
}

/// Messages, limited in number.
#[derive(Debug, Default)]
struct Problems {
    messages: Vec<String>,
    more: u64,
}

impl Problems {
    const MOST: usize = 20;

    fn report(&mut self, problem: String) {
        if self.messages.contains(&problem) {
            return;
        }
        if self.messages.len() < Self::MOST {
            self.messages.push(problem);
        } else {
            self.more += 1;
        }
    }

    fn into_sentences(mut self) -> Vec<String> {
        if self.more > 0 {
            self.messages.push(format!("… and {} more like this", self.more));
        }
        self.messages
    }
}

/// A line, quoted for a message.
fn quoted(section: &str, text: &str) -> String {
    format!("`{MARKER}{}: {}`", brief(section), brief(text))
}
