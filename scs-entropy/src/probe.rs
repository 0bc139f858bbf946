//! Facts that a program in a VM collects about the VM, as a document and as console lines.
//!
//! The caller reads the files; here, their contents become a [`ProbeDocument`].

use serde::{Deserialize, Serialize};

use crate::console::{MARKER, Rngd};
use crate::cpu::Cpu;
use crate::fips::FipsSummary;
use crate::kernel::KernelRelease;
use crate::words::brief;

/// The value of `schema` in the document.
pub const SCHEMA: &str = "scs/entropy-probe/1";

/// The kernel's entropy estimate.
pub const ENTROPY_AVAILABLE_FILE: &str = "/proc/sys/kernel/random/entropy_avail";
/// The CPU information.
pub const CPU_FILE: &str = "/proc/cpuinfo";
/// The kernel release.
pub const KERNEL_FILE: &str = "/proc/sys/kernel/osrelease";
/// The available hardware random number generators.
pub const HWRNG_AVAILABLE_FILE: &str = "/sys/devices/virtual/misc/hw_random/rng_available";
/// The hardware random number generator in use.
pub const HWRNG_CURRENT_FILE: &str = "/sys/devices/virtual/misc/hw_random/rng_current";

/// The contents of the files that a probe reads; `None` for a missing file.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProbedFiles<'a> {
    /// [`ENTROPY_AVAILABLE_FILE`].
    pub entropy_available: Option<&'a str>,
    /// [`CPU_FILE`].
    pub cpuinfo: Option<&'a str>,
    /// [`KERNEL_FILE`].
    pub kernel: Option<&'a str>,
    /// [`HWRNG_AVAILABLE_FILE`].
    pub hwrng_available: Option<&'a str>,
    /// [`HWRNG_CURRENT_FILE`].
    pub hwrng_current: Option<&'a str>,
}

/// The collected facts; unknown ones are left out.
///
/// ```
/// use scs_entropy::fips::FipsSummary;
/// use scs_entropy::probe::{ProbeDocument, ProbedFiles};
/// use scs_entropy::{ConsoleOutput, CpuKind};
///
/// let files = ProbedFiles {
///     entropy_available: Some("256\n"),
///     cpuinfo: Some("flags\t\t: fpu rdrand rdseed\n"),
///     kernel: Some("6.8.0-45-generic\n"),
///     ..ProbedFiles::default()
/// };
/// let fips = FipsSummary { bits: 20_000_032, successes: 1_000, ..FipsSummary::default() };
/// let document = ProbeDocument::from_files(&files).with_fips(fips);
/// let console = ConsoleOutput::read(&document.marker_lines())?;
/// assert_eq!(console.cpu.data().map(|cpu| cpu.kind), Some(CpuKind::X86));
/// assert_eq!(console.fips.data().and_then(|fips| fips.blocks()), Some(1_000));
/// # Ok::<(), scs_entropy::ReadConsoleError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(
    feature = "schemars",
    schemars(
        title = "scs/entropy-probe/1",
        description = "The facts that an entropy probe collected about the machine it ran on."
    )
)]
pub struct ProbeDocument {
    /// The schema: `scs/entropy-probe/1`.
    #[cfg_attr(feature = "schemars", schemars(extend("const" = SCHEMA)))]
    pub schema: String,
    /// The kernel's entropy estimate, in bits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entropy_available: Option<u64>,
    /// The FIPS 140-2 test results for the kernel's random numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fips: Option<FipsSummary>,
    /// The source device of the random numbers; `/dev/random` if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// The state of the service `rngd`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rngd: Option<Rngd>,
    /// The hardware random number generators known to the kernel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hwrng_available: Option<Vec<String>>,
    /// The one in use, or `none`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hwrng_current: Option<String>,
    /// The first CPU.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu: Option<Cpu>,
    /// The kernel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kernel: Option<KernelRelease>,
    /// Facts that could not be determined, as messages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<String>,
}

impl Default for ProbeDocument {
    fn default() -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            entropy_available: None,
            fips: None,
            device: None,
            rngd: None,
            hwrng_available: None,
            hwrng_current: None,
            cpu: None,
            kernel: None,
            problems: Vec::new(),
        }
    }
}

/// The maximum length of a line of flags. Services that forward lines to a console may wrap longer ones.
const LONGEST_FLAGS: usize = 400;

impl ProbeDocument {
    /// Parses the contents of the files.
    #[must_use]
    pub fn from_files(files: &ProbedFiles<'_>) -> Self {
        let mut document = Self::default();
        let mut note = |file: &str, why: &str| document.problems.push(format!("{file}: {why}"));
        let entropy_available = files.entropy_available.and_then(|text| {
            let number = text.trim().parse().ok();
            if number.is_none() {
                note(ENTROPY_AVAILABLE_FILE, &format!("`{}` is not a number of bits", brief(text.trim())));
            }
            number
        });
        let cpu = files.cpuinfo.and_then(|text| {
            let cpu = Cpu::from_cpuinfo(text);
            if cpu.is_none() {
                note(CPU_FILE, "neither `flags` nor `Features` found; unsupported kind of CPU");
            }
            cpu
        });
        let kernel = files.kernel.and_then(|text| {
            text.trim()
                .parse()
                .map_err(|error: crate::ParseKernelReleaseError| note(KERNEL_FILE, &error.to_string()))
                .ok()
        });
        let needed = [
            (ENTROPY_AVAILABLE_FILE, files.entropy_available),
            (CPU_FILE, files.cpuinfo),
            (KERNEL_FILE, files.kernel),
        ];
        for (file, _) in needed.iter().filter(|(_, content)| content.is_none()) {
            note(file, "file not found");
        }
        let names = |text: &str| text.split_whitespace().take(64).map(brief).collect::<Vec<_>>();
        Self {
            entropy_available,
            cpu,
            kernel,
            // Without a hardware random number generator, the kernel may not provide the files.
            hwrng_available: Some(files.hwrng_available.map(names).unwrap_or_default()),
            hwrng_current: Some(
                files
                    .hwrng_current
                    .and_then(|text| names(text).into_iter().next())
                    .unwrap_or_else(|| NONE.to_owned()),
            ),
            ..document
        }
    }

    /// Adds the test results.
    #[must_use]
    pub fn with_fips(self, fips: FipsSummary) -> Self {
        Self { fips: Some(fips), ..self }
    }

    /// Sets the source device of the random numbers.
    #[must_use]
    pub fn with_device(self, device: impl Into<String>) -> Self {
        Self { device: Some(device.into()), ..self }
    }

    /// Sets the state of the service `rngd`.
    #[must_use]
    pub fn with_rngd(self, rngd: Rngd) -> Self {
        Self { rngd: Some(rngd), ..self }
    }

    /// Adds a message about a fact that could not be determined.
    #[must_use]
    pub fn with_problem(mut self, problem: impl Into<String>) -> Self {
        self.problems.push(problem.into());
        self
    }

    /// The console lines, including the end marker. The official suite finds its own sections among them.
    #[must_use]
    pub fn marker_lines(&self) -> String {
        let mut lines = String::new();
        let mut line = |section: &str, text: &str| {
            // Whatever the document contains, each entry stays on one line with one marker.
            let text: String =
                text.chars().map(|c| if c.is_control() || is_line_end(c) { ' ' } else { c }).collect();
            lines.extend([
                MARKER,
                section,
                ": ",
                &text.replace(MARKER, "_scs-test_").replace('$', " "),
                "\n",
            ]);
        };
        if let Some(bits) = self.entropy_available {
            line("entropy-avail", &bits.to_string());
        }
        if let Some(device) = &self.device {
            line("fips-device", device);
        }
        for figure in self.fips.iter().flat_map(FipsSummary::lines) {
            line("fips-test", &figure);
        }
        if let Some(rngd) = self.rngd {
            line(
                "rngd",
                match rngd {
                    Rngd::Running => "Active: active (running)",
                    Rngd::Stopped => "Active: inactive (dead)",
                    Rngd::Absent => "Unit rngd.service could not be found.",
                },
            );
        }
        if let Some(names) = &self.hwrng_available {
            line("hwrng-available", &names.join(" "));
        }
        if let Some(name) = &self.hwrng_current {
            line("hwrng-current", name);
        }
        if let Some(cpu) = &self.cpu {
            let parts = parts(cpu);
            for (index, part) in parts.iter().enumerate() {
                line("cpu-flags", &format!("{} {}/{}: {part}", cpu.kind.key(), index + 1, parts.len()));
            }
        }
        if let Some(kernel) = &self.kernel {
            line("kernel", &kernel.to_string());
        }
        for problem in &self.problems {
            line("problem", problem);
        }
        lines.extend([MARKER, "end\n"]);
        lines
    }
}

/// The content of `rng_current` if no generator is in use.
const NONE: &str = "none";

/// Whether a character is a Unicode line ending that is not a control character.
const fn is_line_end(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

/// Splits the flags into lines of limited length.
fn parts(cpu: &Cpu) -> Vec<String> {
    let mut parts = vec![String::new()];
    for flag in &cpu.flags {
        if let Some(part) =
            parts.last_mut().filter(|part| part.len() + flag.len() < LONGEST_FLAGS || part.is_empty())
        {
            if !part.is_empty() {
                part.push(' ');
            }
            part.push_str(flag);
        } else {
            parts.push(flag.clone());
        }
    }
    parts
}
