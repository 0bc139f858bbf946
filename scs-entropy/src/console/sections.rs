//! Parses marked lines.

use std::collections::BTreeMap;

use nom::branch::alt;
use nom::bytes::complete::{tag, take_till};
use nom::character::complete::{char, digit1, multispace0};
use nom::combinator::{all_consuming, map_opt, map_res, opt, value};
use nom::sequence::{preceded, separated_pair};
use nom::{IResult, Parser};
use scs_standards::Given;
use scs_standards::wording::counted;

use super::line::{MARKER, Marked, cleaned, is_end, section};
use super::output::{ConsoleOutput, FipsReport, Rngd};
use super::problems::{Problems, quoted};
use crate::cpu::{self, Cpu, CpuKind};
use crate::fips::{EDITION, FipsTest};
use crate::kernel::KernelRelease;
use crate::words::brief;

/// The results so far.
#[derive(Debug, Default)]
pub(super) struct Sections {
    entropy_available: Single<u64>,
    fips: Fips,
    rngd: RngdLines,
    hwrng_available: Single<Vec<String>>,
    hwrng_current: Single<Option<String>>,
    hwrng_readable: Single<bool>,
    virtio_lines: u64,
    cpu: CpuLines,
    kernel: Single<KernelRelease>,
    device: Single<String>,
    has_end: bool,
    results: u64,
    echoes: u64,
    /// The number of markers inside messages of the kernel and other programs.
    in_messages: u64,
    problems: Problems,
    /// The section whose line is cut off by the end of the text.
    cut: Option<String>,
}

/// A result that may occur several times only with the same value.
#[derive(Debug)]
struct Single<T>(Given<T>);

impl<T> Default for Single<T> {
    fn default() -> Self {
        Self(Given::Missing)
    }
}

impl<T: PartialEq> Single<T> {
    fn take(&mut self, found: Result<T, String>) {
        self.0 = match (std::mem::take(&mut self.0), found) {
            (Given::Missing, Ok(value)) => Given::Data(value),
            (Given::Missing, Err(reason)) => Given::Unusable(reason),
            (Given::Data(known), Ok(value)) if known == value => Given::Data(known),
            (Given::Data(_), Ok(_)) => {
                Given::Unusable("occurs several times with different values".to_owned())
            }
            (Given::Data(_), Err(reason)) => Given::Unusable(format!("occurs several times: {reason}")),
            (unusable @ Given::Unusable(_), _) => unusable,
        };
    }
}

impl Sections {
    /// Whether any marker was seen, even in a command.
    pub(super) const fn has_markers(&self) -> bool {
        self.results > 0 || self.echoes > 0 || self.in_messages > 0 || self.has_end
    }

    pub(super) fn take(&mut self, marked: Marked<'_>) {
        if marked.is_echo {
            self.echoes += 1;
            return;
        }
        if marked.is_in_message {
            self.in_messages += 1;
            return;
        }
        let (text, was_cut) = cleaned(marked.text);
        if is_end(&text) {
            self.has_end = true;
            return;
        }
        self.results += 1;
        let Ok((payload, name)) = section(&text) else {
            self.problems
                .report(format!("`{MARKER}{}` is neither a section nor the end marker", brief(&text)));
            return;
        };
        let payload = payload.trim();
        if was_cut {
            self.problems.report(format!(
                "{} exceeds the maximum length of a result and was truncated",
                quoted(name, payload)
            ));
        }
        if marked.breaks_off {
            self.cut = Some(name.to_owned());
        }
        match name {
            "entropy-avail" => self.entropy_available.take(number(payload)),
            "fips-test" => self.fips.take(payload, &mut self.problems),
            "rngd" => self.rngd.take(payload),
            "virtio-rng" => self.take_virtio(payload),
            "hwrng-available" => self.hwrng_available.take(Ok(names(payload))),
            "hwrng-current" => {
                let current = names(payload).into_iter().next().filter(|name| name != "none");
                self.hwrng_current.take(Ok(current));
            }
            "cpu-flags" => self.cpu.take(payload),
            "kernel" => {
                self.kernel
                    .take(payload.parse().map_err(|error: crate::ParseKernelReleaseError| error.to_string()));
            }
            "fips-device" => self.device.take(Ok(brief(payload))),
            "problem" => self.problems.report(format!("problem reported by the VM: {}", brief(payload))),
            _ => self.problems.report(format!("{} has an unknown section", quoted(name, payload))),
        }
    }

    /// The section of the official suite: a line of names, then a line with the result of reading `/dev/hwrng`.
    fn take_virtio(&mut self, payload: &str) {
        self.virtio_lines += 1;
        let is_number =
            all_consuming(preceded(multispace0::<&str, nom::error::Error<&str>>, digit1)).parse(payload);
        if self.virtio_lines == 1 && is_number.is_err() {
            self.hwrng_available.take(Ok(names(payload)));
        } else {
            self.hwrng_readable.take(Ok(is_number.is_ok()));
        }
    }

    pub(super) fn into_console(mut self) -> ConsoleOutput {
        if self.echoes > 0 && self.results == 0 {
            let lines = counted(self.echoes, "marker");
            self.problems
                .report(format!("{lines} in commands but none in a result: the VM has not run the test yet"));
        }
        if self.in_messages > 0 {
            let markers = counted(self.in_messages, "marker");
            self.problems.report(format!(
                "{markers} in messages of the kernel or of programs other than cloud-init, ignored"
            ));
        }
        if !self.has_end {
            self.problems.report(
                "the end marker is missing: the VM had not finished, or the output is truncated".to_owned(),
            );
        }
        let mut console = ConsoleOutput {
            entropy_available: self.entropy_available.0,
            fips: self.fips.into_given(),
            rngd: self.rngd.into_given(),
            hwrng_available: self.hwrng_available.0,
            hwrng_current: self.hwrng_current.0,
            hwrng_readable: self.hwrng_readable.0,
            cpu: self.cpu.into_given(),
            kernel: self.kernel.0,
            fips_device: self.device.0,
            is_complete: self.has_end,
            markers_in_messages: self.in_messages,
            ..ConsoleOutput::default()
        };
        // A truncated number looks like a valid one.
        if let Some(name) = self.cut.filter(|_| !self.has_end) {
            let reason = || format!("the output breaks off in the line `{MARKER}{name}: …`");
            match name.as_str() {
                "entropy-avail" => console.entropy_available = Given::Unusable(reason()),
                "fips-test" => console.fips = Given::Unusable(reason()),
                "hwrng-available" => console.hwrng_available = Given::Unusable(reason()),
                "hwrng-current" => console.hwrng_current = Given::Unusable(reason()),
                "cpu-flags" => console.cpu = Given::Unusable(reason()),
                "kernel" => console.kernel = Given::Unusable(reason()),
                _ => {}
            }
            self.problems.report(reason());
        }
        console.problems = self.problems.into_sentences();
        console
    }
}

fn number(payload: &str) -> Result<u64, String> {
    let number = map_res(digit1::<&str, nom::error::Error<&str>>, str::parse::<u64>);
    all_consuming(number)
        .parse(payload)
        .map(|(_, number)| number)
        .map_err(|_| format!("`{}` is not a number of bits", brief(payload)))
}

/// The names; empty if `cat` reports that there is no such file.
fn names(payload: &str) -> Vec<String> {
    if payload.contains("No such") {
        return Vec::new();
    }
    payload.split_whitespace().take(64).map(brief).collect()
}

/// A figure of `rngtest`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Figure {
    Bits,
    Successes,
    Failures,
    Of(FipsTest),
}

/// Parses `rngtest: FIPS 140-2 failures: 3`.
fn figure(line: &str) -> IResult<&str, (Figure, u64)> {
    let test = preceded((tag(EDITION), char(' ')), take_till(|c| c == ':'));
    let test = map_opt(test, |name| FipsTest::ALL.into_iter().find(|test| test.name() == name));
    let what = alt((
        value(Figure::Bits, tag("bits received from input")),
        value(Figure::Successes, tag("FIPS 140-2 successes")),
        value(Figure::Failures, tag("FIPS 140-2 failures")),
        test.map(Figure::Of),
    ));
    let count = map_res(digit1, str::parse::<u64>);
    all_consuming(preceded(opt(tag("rngtest: ")), separated_pair(what, tag(": "), count))).parse(line)
}

/// Other output of `rngtest`.
const TALK: [&str; 9] = [
    "rngtest 2",
    "rngtest 5",
    "rngtest 6",
    "Copyright",
    "This is free software",
    "starting FIPS tests",
    "input channel speed",
    "FIPS tests speed",
    "Program run time",
];

/// The `fips-test` lines.
#[derive(Debug, Default)]
struct Fips {
    lines: u64,
    figures: BTreeMap<Figure, u64>,
    unusable: Option<String>,
}

impl Fips {
    fn take(&mut self, line: &str, problems: &mut Problems) {
        self.lines += 1;
        if let Ok((_, (figure, count))) = figure(line) {
            if *self.figures.entry(figure).or_insert(count) != count {
                self.unusable = Some("the test occurs several times with different figures".to_owned());
            }
            return;
        }
        let said = line.strip_prefix("rngtest: ").unwrap_or(line);
        if line.is_empty() || TALK.iter().any(|talk| said.starts_with(talk)) {
            return;
        }
        if line.contains("not found") {
            self.unusable = Some(format!("`rngtest` is not installed in the VM: {}", brief(line)));
        } else if said.starts_with("FIPS 140-2 ") {
            // Other output was mixed into the line; its number cannot be trusted.
            self.unusable = Some(format!("{} is not a figure of `rngtest`", quoted("fips-test", line)));
        } else {
            problems.report(format!("message of `rngtest`: {}", brief(said)));
        }
    }

    fn into_given(self) -> Given<FipsReport> {
        if let Some(reason) = self.unusable {
            return Given::Unusable(reason);
        }
        if self.figures.is_empty() {
            return match self.lines {
                0 => Given::Missing,
                lines => {
                    Given::Unusable(format!("{} of `rngtest` without any figure", counted(lines, "line")))
                }
            };
        }
        let of = |figure| self.figures.get(&figure).copied();
        Given::Data(FipsReport {
            bits: of(Figure::Bits),
            successes: of(Figure::Successes),
            failures: of(Figure::Failures),
            tests: FipsTest::ALL.map(|test| of(Figure::Of(test))),
        })
    }
}

/// The `rngd` lines, most of which are irrelevant.
#[derive(Debug, Default)]
struct RngdLines {
    lines: u64,
    state: Single<Rngd>,
}

impl RngdLines {
    fn take(&mut self, line: &str) {
        self.lines += 1;
        if line.contains("could not be found") || line.contains("not found") {
            self.state.take(Ok(Rngd::Absent));
        } else if let Some(state) = line.strip_prefix("Active: ") {
            let is_running = state.starts_with("active (running)");
            self.state.take(Ok(if is_running { Rngd::Running } else { Rngd::Stopped }));
        }
    }

    fn into_given(self) -> Given<Rngd> {
        match self.state.0 {
            Given::Missing if self.lines > 0 => {
                Given::Unusable(format!("{} of `systemctl` without a state", counted(self.lines, "line")))
            }
            state => state,
        }
    }
}

/// The parts of `cpu-flags`.
#[derive(Debug, Default)]
struct CpuLines {
    /// The parts by number.
    parts: BTreeMap<u32, Vec<String>>,
    /// The kind and the expected number of parts.
    of: Single<(CpuKind, u32)>,
}

impl CpuLines {
    fn take(&mut self, line: &str) {
        match cpu::part(line) {
            Ok((_, part)) => {
                let (number, all) = part.number;
                self.of.take(Ok((part.kind, all)));
                if !(1..=all).contains(&number) {
                    self.of.take(Err(format!("invalid part {number} of {all}")));
                    return;
                }
                let flags: Vec<String> = part.flags.into_iter().map(str::to_owned).collect();
                let known = self.parts.entry(number).or_insert_with(|| flags.clone());
                if *known != flags {
                    self.of.take(Err("a part occurs several times with different flags".to_owned()));
                }
            }
            Err(_) => {
                self.of.take(Err(format!("{} is not a line of `/proc/cpuinfo`", quoted("cpu-flags", line))));
            }
        }
    }

    fn into_given(self) -> Given<Cpu> {
        let (kind, all) = match self.of.0 {
            Given::Missing => return Given::Missing,
            Given::Unusable(reason) => return Given::Unusable(reason),
            Given::Data(of) => of,
        };
        let missing = (1..=all).find(|number| !self.parts.contains_key(number));
        match missing {
            Some(number) => Given::Unusable(format!("part {number} of {all} is missing")),
            None => Given::Data(Cpu::new(kind, self.parts.into_values().flatten())),
        }
    }
}
