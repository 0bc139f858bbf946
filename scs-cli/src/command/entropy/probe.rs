//! `scs entropy probe`: tests the random numbers of this machine.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use scs_entropy::fips::FipsSummary;
use scs_entropy::probe::{
    CPU_FILE, ENTROPY_AVAILABLE_FILE, HWRNG_AVAILABLE_FILE, HWRNG_CURRENT_FILE, KERNEL_FILE, ProbeDocument,
    ProbedFiles,
};
use scs_entropy::{ConsoleOutput, EntropyEvidence, Rngd};
use scs_registry::{Registry, RuleReport};
use scs_standards::{Declarations, Severity, Verdict};

use super::check::report;
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::files;
use crate::app::options::Common;
use crate::app::output::Output;
use crate::print::report::{context, print_text};

/// `scs entropy probe`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs entropy probe                                check this machine
  scs entropy probe --markers > /dev/console       in a sample VM
  scs entropy probe -f json -o probe.json          for `console_output` of an
                                                   inventory
  scs entropy probe --device /dev/hwrng --blocks 100

The test is the one of `rngtest -c 1000`: the same blocks fail. It reads 2.5 MB and writes nothing.

Exit status: 0 PASS, or the results are printed with `--markers` or `-f json`; 1 any other verdict; 2 the \
device could not be read.")]
pub(crate) struct Probe {
    /// Source of random numbers
    #[arg(long, value_name = "PATH", default_value = "/dev/random")]
    device: PathBuf,

    /// Number of blocks of 20,000 bits to test; scs-0101 counts failures in 1000 blocks
    #[arg(long, value_name = "NUMBER", default_value_t = 1_000, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    blocks: u64,

    /// Print the results with markers, for the console of a sample VM
    #[arg(long, conflicts_with = "format")]
    markers: bool,

    /// Also list notes
    #[arg(long)]
    all: bool,

    /// Output format
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: ProbeFormat,
}

/// The output format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ProbeFormat {
    /// The verdict, for people
    Text,
    /// The raw results, for `scs check` and `scs entropy check`
    Json,
}

impl Probe {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let document = self.document()?;
        let mut output = Output::open(common.output.as_deref())?;
        let mut outcome = Exit::Success;
        if self.markers {
            output.write_all(document.marker_lines().as_bytes())?;
        } else if self.format == ProbeFormat::Json {
            files::write_document(&mut output, &document, false)?;
        } else {
            let none = Declarations::default();
            let context = context(common, &none);
            let evidence = EntropyEvidence::from_console(ConsoleOutput::from(&document));
            let fips = document.fips.map(|fips| format!("{}: {fips}", self.device.display()));
            let report = report("this machine", "probe", &evidence, fips.into_iter().collect(), &context);
            outcome = Exit::success_if(report.verdict == Verdict::Pass);
            let registry = Registry::new();
            let is_asked = |row: &&RuleReport| {
                let case = registry.rule(&row.rule).first().and_then(|rule| rule.test_case);
                case.is_none_or(|case| report.results.contains_key(case))
            };
            for row in report.rules.iter().filter(is_asked) {
                let summary = registry.rule(&row.rule).first().map_or("", |rule| rule.summary);
                writeln!(output, "{:<4}  {}: {summary}", row.result, row.rule)?;
            }
            writeln!(output)?;
            let least = self.all.then_some(Severity::Info);
            print_text(&report, least, &mut output, common)?;
        }
        output.finish()?;
        Ok(outcome)
    }

    fn document(&self) -> Result<ProbeDocument, Failure> {
        let name = self.device.display().to_string();
        let device = File::open(&self.device).map_err(|error| Failure::unreadable(&name, &error))?;
        let fips = FipsSummary::from_reader(device, Some(self.blocks));
        let fips = fips.map_err(|error| Failure::unreadable(&name, &error))?;
        let content = |file: &str| fs::read_to_string(file).ok();
        let (entropy_available, cpuinfo, kernel) =
            (content(ENTROPY_AVAILABLE_FILE), content(CPU_FILE), content(KERNEL_FILE));
        let (hwrng_available, hwrng_current) = (content(HWRNG_AVAILABLE_FILE), content(HWRNG_CURRENT_FILE));
        let files = ProbedFiles {
            entropy_available: entropy_available.as_deref(),
            cpuinfo: cpuinfo.as_deref(),
            kernel: kernel.as_deref(),
            hwrng_available: hwrng_available.as_deref(),
            hwrng_current: hwrng_current.as_deref(),
        };
        let mut document = ProbeDocument::from_files(&files).with_fips(fips);
        if self.device != Path::new("/dev/random") {
            document = document.with_device(&name);
        }
        if let Some(rngd) = rngd() {
            document = document.with_rngd(rngd);
        }
        if fips.blocks() < self.blocks {
            document = document.with_problem(format!("{name}: ended after {} blocks", fips.blocks()));
        }
        Ok(document)
    }
}

/// The state of `rngd`, from the running processes; `None` if the system does not show them.
fn rngd() -> Option<Rngd> {
    let processes = fs::read_dir("/proc").ok()?.flatten();
    let mut names = processes.filter_map(|process| fs::read_to_string(process.path().join("comm")).ok());
    if names.any(|name| name.trim_end() == "rngd") {
        return Some(Rngd::Running);
    }
    let is_installed = ["/usr/sbin/rngd", "/sbin/rngd"].iter().any(|path| Path::new(path).exists());
    Some(if is_installed { Rngd::Stopped } else { Rngd::Absent })
}
