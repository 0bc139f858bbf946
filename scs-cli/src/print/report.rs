//! The options shared by all checks, and the printing of reports.

use clap::{Args, ValueEnum};
use scs_registry::Report;
use scs_report::{Format, Options, RenderError, Shown, render};
use scs_standards::written::shell;
use scs_standards::{Context, Profile, Severity, Verdict};

use crate::app::color::Palette;
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::input::STANDARD_INPUT;
use crate::app::options::Common;
use crate::app::output::Output;
use crate::app::terminal;

mod baseline;

pub(crate) use baseline::Baseline;

/// The options for the report of a check.
#[derive(Debug, Args)]
#[command(next_help_heading = "Report")]
pub(crate) struct ReportOptions {
    /// Output format
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,

    /// Print only the verdict
    #[arg(short, long, conflicts_with = "format")]
    pub(crate) quiet: bool,

    /// List all findings, including recommendations, open questions and notes
    #[arg(long, conflicts_with = "min_severity")]
    pub(crate) all: bool,

    /// List findings with this severity or higher
    #[arg(long, value_name = "SEVERITY")]
    pub(crate) min_severity: Option<Least>,

    /// Also fail on any finding with this severity or higher, even if no certificate requires it
    #[arg(long, value_name = "SEVERITY")]
    pub(crate) fail_on: Option<Least>,

    /// An earlier report in JSON; its findings do not fail this check
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<crate::app::input::Source>,
}

/// The minimum severity of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Least {
    /// Broken or unanswered MUST requirements
    Error,
    /// Also recommendations
    Warning,
    /// All findings
    Info,
}

impl From<Least> for Severity {
    fn from(least: Least) -> Self {
        match least {
            Least::Error => Self::Error,
            Least::Warning => Self::Warning,
            Least::Info => Self::Info,
        }
    }
}

/// Output in addition to the reports.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Extent {
    /// Whether another subject could not be checked, so that JSON is a list in any case.
    pub(crate) always_list: bool,
    /// Whether `JUnit` has all versions, not only the deciding one.
    pub(crate) all_versions: bool,
}

impl ReportOptions {
    /// The minimum severity to list.
    pub(crate) fn least(&self) -> Severity {
        if self.all { Severity::Info } else { self.min_severity.map_or(Severity::Error, Severity::from) }
    }

    /// Prints reports and decides the exit status.
    pub(crate) fn print(
        &self,
        shown: &[Shown<'_>],
        extent: Extent,
        common: &Common,
    ) -> Result<Exit, Failure> {
        let baseline = self.baseline.as_ref().map(Baseline::read).transpose()?;
        let mut output = Output::open(common.output.as_deref())?;
        if self.quiet {
            output.write_text(&verdicts(shown))?;
        } else {
            let mut options = options(&output, common);
            options.min_severity = self.least();
            options.always_list = extent.always_list;
            options.all_versions = extent.all_versions;
            options.known = baseline.as_ref().map(Baseline::known).unwrap_or_default();
            if self.format == Format::Text {
                let mut text = Vec::new();
                render(shown, self.format, &options, &mut text).map_err(failure)?;
                output.write_text(&String::from_utf8_lossy(&text))?;
            } else {
                render(shown, self.format, &options, &mut output).map_err(failure)?;
            }
        }
        output.finish()?;
        let success = shown.iter().all(|shown| self.is_success(shown.report, baseline.as_ref()));
        Ok(Exit::success_if(success))
    }

    /// Whether a report is a success.
    fn is_success(&self, report: &Report, baseline: Option<&Baseline>) -> bool {
        let passes = match baseline {
            None => report.verdict == Verdict::Pass,
            Some(baseline) => baseline.covers(report),
        };
        let counts = |severity: Severity| {
            let is_new = |finding: &&scs_registry::ReportedFinding| {
                baseline.is_none_or(|baseline| !baseline.has(finding))
            };
            report.findings.iter().filter(is_new).any(|finding| {
                finding.severity <= severity
                    && (finding.result != Verdict::Pass || severity != Severity::Error)
            })
        };
        passes && !self.fail_on.is_some_and(|least| counts(least.into()))
    }
}

/// The rendering options for this output.
fn options(output: &Output, common: &Common) -> Options {
    let mut options = Options::default();
    options.palette = Palette::new(common.colors_results(output));
    options.width = terminal::width(output);
    options.more = Some("`--all` lists them".to_owned());
    options.creator = ("scs", env!("CARGO_PKG_VERSION"));
    options
}

/// Prints a report as text after other output of the command.
pub(crate) fn print_text(
    report: &Report,
    least: Severity,
    output: &mut Output,
    common: &Common,
) -> Result<(), Failure> {
    let mut options = options(output, common);
    options.min_severity = least;
    let mut text = Vec::new();
    render(&[Shown::new(report)], Format::Text, &options, &mut text).map_err(failure)?;
    Ok(output.write_text(&String::from_utf8_lossy(&text))?)
}

/// The verdict of the only report, or a line for each.
fn verdicts(shown: &[Shown<'_>]) -> String {
    match shown {
        [one] => format!("{}\n", one.report.verdict),
        several => several.iter().fold(String::new(), |mut lines, shown| {
            lines.extend([
                &*scs_report::brief(&shown.report.subject),
                ": ",
                shown.report.verdict.name(),
                "\n",
            ]);
            lines
        }),
    }
}

/// Converts an error of rendering.
fn failure(error: RenderError) -> Failure {
    match error {
        RenderError::Io(error) => Failure::from(error),
        RenderError::Json(error) => Failure::from(error),
        RenderError::NoVersion { .. } => {
            Failure::new(error.to_string()).hint("`--scope-version VERSION` names a version")
        }
        RenderError::NoScope => Failure::new(error.to_string()).hint("use `scs check -f yaml-report`"),
        error => Failure::new(error.to_string()),
    }
}

/// The profile as an option for another command.
pub(crate) const fn profile_option(profile: Profile) -> &'static str {
    match profile {
        Profile::Text => "",
        Profile::Official => " --profile official",
    }
}

/// A report about flavors or images, with the repair command as the next step.
pub(crate) fn repair_step<'a>(report: &'a Report, noun: &str, file: Option<&str>) -> Shown<'a> {
    let shown = Shown::new(report);
    let shown = match file {
        Some(file) => shown.in_file(file),
        None => shown,
    };
    if !report.findings.iter().any(|finding| finding.fix.is_some()) {
        return shown;
    }
    let file = match file {
        None => "FILE".to_owned(),
        Some(STANDARD_INPUT) => "-".to_owned(),
        Some(file) => shell::operand(file),
    };
    let option = profile_option(report.profile);
    shown.then(format!("`scs {noun} repair{option} {file}` prints all commands"))
}

/// The context of a check.
pub(crate) fn context<'d>(common: &Common, declarations: &'d scs_standards::Declarations) -> Context<'d> {
    Context { at: crate::app::at::now(common.at), profile: common.profile(), declarations }
}
