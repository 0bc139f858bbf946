//! The options shared by all checks, and the printing of reports.

use std::borrow::Cow;

use clap::{Args, ValueEnum};
use scs_registry::{Conditions, Report};
use scs_report::{Format, Options, RenderError, Shown, fit, render};
use scs_standards::written::shell;
use scs_standards::{Context, Profile, Severity, Verdict};
use serde_json::Value;

use crate::app::color::Palette;
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::files;
use crate::app::input::STANDARD_INPUT;
use crate::app::options::Common;
use crate::app::output::Output;
use crate::app::terminal;
use crate::print::hint;

mod baseline;

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

/// What a command prints about the subject in front of its report.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) text: String,
    pub(crate) markdown: String,
    /// The key in JSON and its value.
    pub(crate) data: (&'static str, Value),
}

/// Output in addition to the reports.
#[derive(Debug, Default)]
pub(crate) struct Extent {
    /// The introduction to the only report.
    pub(crate) head: Option<Head>,
    /// Whether another subject could not be checked, so that JSON is a list in any case.
    pub(crate) always_list: bool,
    /// The least percentage of parts that has to be read.
    pub(crate) least_coverage: Option<u8>,
    /// Whether `JUnit` has all versions, not only the deciding one.
    pub(crate) all_versions: bool,
}

impl ReportOptions {
    /// The minimum severity to list, apart from what blocks the certificate.
    pub(crate) fn least(&self) -> Option<Severity> {
        if self.all { Some(Severity::Info) } else { self.min_severity.map(Severity::from) }
    }

    /// Prints reports and decides the exit status.
    pub(crate) fn print(
        &self,
        shown: &[Shown<'_>],
        extent: &Extent,
        common: &Common,
    ) -> Result<Exit, Failure> {
        let reports = self.judged(shown, extent)?;
        let shown: &[Shown<'_>] = &shown
            .iter()
            .zip(&reports)
            .map(|(shown, report)| shown.clone().about(report))
            .collect::<Vec<_>>();
        let mut output = Output::open(common.output.as_deref())?;
        if self.quiet {
            output.write_text(&verdicts(shown))?;
        } else {
            let mut options = options(&output, common);
            options.min_severity = self.least();
            options.always_list = extent.always_list;
            options.all_versions = extent.all_versions;
            if let Some(head) = &extent.head {
                head.write(self.format, &mut output)?;
            }
            if self.format == Format::Text {
                let mut text = Vec::new();
                render(shown, self.format, &options, &mut text).map_err(failure)?;
                output.write_text(&String::from_utf8_lossy(&text))?;
            } else if let (Format::Json | Format::Yaml, Some(head), [one]) =
                (self.format, &extent.head, shown)
            {
                let (key, value) = &head.data;
                let mut document = serde_json::to_value(one.report)?;
                document[*key] = value.clone();
                files::write_document(&mut output, &document, self.format == Format::Yaml)?;
            } else {
                render(shown, self.format, &options, &mut output).map_err(failure)?;
            }
        }
        output.finish()?;
        let accepted = |report: &Cow<'_, Report>| {
            report
                .acceptance
                .as_ref()
                .map_or(report.verdict == Verdict::Pass, |acceptance| acceptance.accepted)
        };
        Ok(Exit::success_if(reports.iter().all(accepted)))
    }

    /// The reports, with marks of the baseline and whether they are accepted, if options ask for that.
    fn judged<'r>(&self, shown: &[Shown<'r>], extent: &Extent) -> Result<Vec<Cow<'r, Report>>, Failure> {
        let baseline = self.baseline.as_ref().map(baseline::read).transpose()?;
        let conditions = Conditions {
            baseline: baseline.is_some(),
            fail_on: self.fail_on.map(Severity::from),
            least_coverage: extent.least_coverage,
        };
        if conditions == Conditions::default() {
            return Ok(shown.iter().map(|shown| Cow::Borrowed(shown.report)).collect());
        }
        let mut reports: Vec<Report> = shown.iter().map(|shown| shown.report.clone()).collect();
        if let Some(baseline) = &baseline {
            baseline.mark(&mut reports).map_err(|error| baseline::refused(&error))?;
        }
        for report in &mut reports {
            report.accept(&conditions);
        }
        Ok(reports.into_iter().map(Cow::Owned).collect())
    }
}

impl Head {
    /// Writes the introduction to the report in formats for people.
    fn write(&self, format: Format, output: &mut Output) -> Result<(), Failure> {
        match format {
            Format::Text => output.write_text(&fit(&self.text, terminal::width(output)))?,
            Format::Markdown => output.write_text(&self.markdown)?,
            _ => {}
        }
        Ok(())
    }
}

/// The rendering options for this output.
fn options(output: &Output, common: &Common) -> Options {
    let mut options = Options::default();
    options.palette = Palette::new(common.colors_results(output));
    options.width = terminal::width(output);
    options.more = Some("`--all` lists them".to_owned());
    options.hint = hint::worded;
    options.creator = ("scs", env!("CARGO_PKG_VERSION"));
    options
}

/// Prints a report as text after other output of the command.
pub(crate) fn print_text(
    report: &Report,
    least: Option<Severity>,
    output: &mut Output,
    common: &Common,
) -> Result<(), Failure> {
    let mut options = options(output, common);
    options.min_severity = least;
    let mut text = Vec::new();
    render(&[Shown::new(report)], Format::Text, &options, &mut text).map_err(failure)?;
    Ok(output.write_text(&String::from_utf8_lossy(&text))?)
}

/// The verdict of the only report, or a line for each. It says why where the exit status is another one.
fn verdicts(shown: &[Shown<'_>]) -> String {
    let verdict = |report: &Report| {
        let remark = report.acceptance.as_ref().and_then(|acceptance| acceptance.remark(report.verdict));
        remark.map_or_else(|| report.verdict.to_string(), |remark| format!("{} ({remark})", report.verdict))
    };
    match shown {
        [one] => verdict(one.report) + "\n",
        several => several.iter().fold(String::new(), |lines, shown| {
            lines + &format!("{}: {}\n", scs_report::brief(&shown.report.subject), verdict(shown.report))
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

/// The input of the repair command.
pub(crate) enum RepairOf {
    /// A file, or standard input.
    File(String),
    /// The options that select a live cloud.
    Cloud(String),
    /// Several files together.
    Unknown,
}

/// A report about flavors or images, with the repair command as the next step.
pub(crate) fn repair_step<'a>(report: &'a Report, noun: &str, of: &RepairOf) -> Shown<'a> {
    let shown = Shown::new(report);
    let shown = match of {
        RepairOf::File(file) => shown.in_file(file.as_str()),
        RepairOf::Cloud(_) | RepairOf::Unknown => shown,
    };
    if !report.findings.iter().any(|finding| finding.fix.is_some()) {
        return shown;
    }
    let input = match of {
        RepairOf::Unknown => "FILE".to_owned(),
        RepairOf::Cloud(options) => options.clone(),
        RepairOf::File(file) if file == STANDARD_INPUT => "-".to_owned(),
        RepairOf::File(file) => shell::operand(file),
    };
    let option = profile_option(report.profile);
    shown.then(format!("`scs {noun} repair{option} {input}` prints all commands"))
}

/// The context of a check.
pub(crate) fn context<'d>(common: &Common, declarations: &'d scs_standards::Declarations) -> Context<'d> {
    Context { at: crate::app::at::now(common.at), profile: common.profile(), declarations }
}
