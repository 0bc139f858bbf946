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
mod output;
mod problems;
mod sections;

use memchr::memmem;
use scs_standards::Given;
use scs_standards::wording::counted;
use thiserror::Error;

pub(crate) use line::MARKER;
pub(crate) use official::{OfficialFips, OfficialReading};
pub use output::{ConsoleOutput, FipsReport, Rngd};

use crate::kernel::KernelRelease;
use crate::words::brief;
use sections::Sections;

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
