//! `scs flavor convert`: converts names to another version of the standard.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use schemars::JsonSchema;
use scs_flavor_naming::{Disk, FlavorName, Parser, Syntax};
use scs_report::Table;
use scs_standards::Profile;
use serde::Serialize;

use super::reading::{NameError, Reading, short};
use super::text;
use crate::app::color::Palette;
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::files;
use crate::app::options::Common;
use crate::app::output::Output;
use crate::print::format::RowFormat;
use crate::source::names::{self, Given};

/// `scs flavor convert`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs flavor convert SCS-16T-64-200s_GNa-72_ib --to v1
  scs flavor convert SCS-2V:4:10n-z3 --to v3
  scs flavor convert SCS-8T-64-50p_kvm_hwv_i3h --to short
  scs flavor convert - --to v3 < names.txt

Prints one name per line. Names that cannot be expressed in that version are skipped, with the reason on \
standard error.

Exit status: 0 all names were converted, 1 some were not, 2 the names could not be read.")]
pub(crate) struct Convert {
    /// Names; `-` reads them from standard input, one per line
    #[arg(value_name = "NAME", required_unless_present = "file")]
    names: Vec<String>,

    /// Read names from FILE, one per line
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,

    /// Target version
    #[arg(long, value_name = "FORM")]
    to: Form,

    /// Output format
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: RowFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Form {
    /// SCS-2V:4:10n-z3
    V1,
    /// SCS-2V-4-10n_z3
    V2,
    /// As v2, with more hypervisors, generations and GPU details
    V3,
    /// The newest spelling without hypervisor, generation and frequency
    Short,
}

/// A name in another form.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "A result of `scs flavor convert`")]
pub(crate) struct Conversion<'a> {
    /// The input name.
    name: &'a str,
    to: Form,
    /// The converted name; null if there is none.
    result: Option<String>,
    /// The reason, if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<NameError>,
}

impl Convert {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let profile = common.profile();
        let parser = Parser::new(profile);
        let mut output = Output::open(common.output.as_deref())?;
        let mut outcome = Exit::Success;
        let mut first = true;
        names::for_each(&self.names, self.file.as_deref(), |given| {
            let reading = Reading::of(given, &parser, profile);
            let conversion = self.convert(&reading, &parser, profile);
            if conversion.result.is_none() {
                outcome = Exit::Findings;
            }
            match self.format {
                RowFormat::Text => print_text(&mut output, &conversion, given, common)?,
                RowFormat::Json => {
                    output.write_all(if first { b"[\n" } else { b",\n" })?;
                    serde_json::to_writer(&mut output, &conversion)?;
                }
                RowFormat::Jsonl => {
                    serde_json::to_writer(&mut output, &conversion)?;
                    output.write_all(b"\n")?;
                    output.flush()?;
                }
                RowFormat::Yaml => files::write_document(&mut output, &[&conversion], true)?,
                RowFormat::Markdown => {
                    let mut table = Table::new(&["Name", "Result", "Error"]);
                    table.row([
                        conversion.name.to_owned(),
                        conversion.result.clone().unwrap_or_default(),
                        conversion.error.as_ref().map(|error| error.message.clone()).unwrap_or_default(),
                    ]);
                    let markdown = table.to_markdown();
                    // Later rows come without the head.
                    let skipped = if first { 0 } else { 2 };
                    markdown
                        .split_inclusive('\n')
                        .skip(skipped)
                        .try_for_each(|line| output.write_all(line.as_bytes()))?;
                }
            }
            first = false;
            Ok(())
        })?;
        if self.format == RowFormat::Json {
            output.write_all(b"\n]\n")?;
        }
        output.finish()?;
        Ok(outcome)
    }

    fn convert<'a>(&self, reading: &'a Reading<'_>, parser: &Parser, profile: Profile) -> Conversion<'a> {
        let name = reading.name();
        let done = |result| Conversion { name, to: self.to, result: Some(result), error: None };
        let failed = |error| Conversion { name, to: self.to, result: None, error: Some(error) };
        match parser.parse(name) {
            Ok(parsed) => match self.to.spell(&parsed.name, profile) {
                Ok(result) => done(result),
                Err(message) => failed(NameError {
                    start: 0,
                    end: name.len(),
                    message,
                    expected: Vec::new(),
                    suggestion: None,
                }),
            },
            // The reading also has errors for invalid UTF-8 and overlong lines.
            Err(error) => match reading {
                Reading::Invalid { error, .. } => failed(error.clone()),
                _ => failed(NameError::from(&error)),
            },
        }
    }
}

impl Form {
    /// The name in this form, or the reason why there is none.
    fn spell(self, name: &FlavorName, profile: Profile) -> Result<String, String> {
        let syntax = match self {
            Self::V1 => Syntax::V1,
            Self::V2 => Syntax::V2,
            Self::V3 => Syntax::V3,
            Self::Short => {
                return short(name, profile)
                    .ok_or_else(|| "the name would change its meaning without its details".to_owned());
            }
        };
        name.spelled_by(syntax, profile).ok_or_else(|| reason(name, syntax))
    }
}

/// The reason why a version cannot express a name.
fn reason(name: &FlavorName, syntax: Syntax) -> String {
    if let Some(hypervisor) = name.hypervisor().filter(|hypervisor| hypervisor.since() > syntax) {
        return format!(
            "{syntax} does not have the hypervisor `{hypervisor}`, which was added in {}",
            hypervisor.since()
        );
    }
    let generation = name.cpu_arch().and_then(scs_flavor_naming::CpuArch::generation);
    if let Some(generation) = generation.filter(|generation| generation.since() > syntax) {
        return format!(
            "{syntax} does not have the CPU generation {} ({}), which was added in {}",
            generation.number(),
            generation.name(),
            generation.since()
        );
    }
    if name.disk().is_some_and(Disk::is_sizeless_multidisk) {
        return format!("{syntax} cannot express several disks without a size");
    }
    if let Some(gpu) = name.gpu() {
        if let Some(generation) = gpu.generation().filter(|generation| generation.code(syntax).is_none()) {
            return format!("{syntax} does not have the GPU generation {}", generation.name());
        }
        if gpu.vram_gib().is_some() && syntax < Syntax::V3 {
            return format!("{syntax} cannot express the video memory of a GPU");
        }
        return format!("{syntax} cannot express these details of the GPU");
    }
    format!("{syntax} cannot express this name")
}

fn print_text(
    output: &mut Output,
    conversion: &Conversion<'_>,
    given: Given<'_>,
    common: &Common,
) -> Result<(), Failure> {
    match (&conversion.result, &conversion.error) {
        (Some(result), _) => writeln!(output, "{result}")?,
        (None, Some(error)) => {
            output.flush()?;
            let colored = common.color.on_stderr();
            let whole = error.start == 0 && error.end == conversion.name.len();
            let text = if whole {
                let bad = Palette::new(colored).bad;
                format!("{bad}error{bad:#}: {}: {}\n", conversion.name, error.message)
            } else {
                text::drawing(conversion.name, error, given.place, colored) + "\n\n"
            };
            io::stderr().write_all(text.as_bytes())?;
        }
        (None, None) => {}
    }
    Ok(())
}
