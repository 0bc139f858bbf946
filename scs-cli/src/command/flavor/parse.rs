//! `scs flavor parse`: explains flavor names.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use scs_report::fit;

use super::choices::SyntaxChoice;
use super::reading::Reading;
use super::text;
use crate::app::color::Palette;
use crate::app::diagnostic::visible;
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::options::Common;
use crate::app::output::Output;
use crate::app::terminal;
use crate::print::format::RowFormat;
use crate::source::names::{self, Given};

/// `scs flavor parse`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs flavor parse SCS-2V-8                        explain a name
  scs flavor parse SCS-2iT-4                       explain an invalid name
  scs flavor parse -f json SCS-16T-64-200s_GNa-72_ib
  openstack flavor list -f value -c Name | scs flavor parse -f jsonl -
  scs flavor parse --syntax v2 --file names.txt    only accept version 2

Names that do not start with `SCS-` are reported as such; they are not invalid.

Exit status: 0 no name is invalid, 1 a name is invalid, 2 the names could not be read.")]
pub(crate) struct Parse {
    /// Names; `-` reads them from standard input, one per line
    #[arg(value_name = "NAME", required_unless_present = "file")]
    names: Vec<String>,

    /// Read names from FILE, one per line
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,

    /// Version of scs-0100 to accept
    #[arg(long, value_name = "VERSION", default_value = "any")]
    syntax: SyntaxChoice,

    /// Output format
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: RowFormat,
}

impl Parse {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let profile = common.profile();
        let parser = self.syntax.parser(profile);
        let output = Output::open(common.output.as_deref())?;
        let mut printer = Printer {
            format: self.format,
            single: names::is_single(&self.names, self.file.as_ref()),
            first: true,
            palette: Palette::new(common.colors_results(&output)),
            colors_errors: common.color.on_stderr(),
            width: terminal::width(&output),
            output,
        };
        let mut outcome = Exit::Success;
        names::for_each(&self.names, self.file.as_deref(), |given| {
            let reading = Reading::of(given, &parser, profile);
            if reading.is_invalid() {
                outcome = Exit::Findings;
            }
            printer.print(&reading, given)
        })?;
        printer.end()?;
        Ok(outcome)
    }
}

/// Prints readings one by one without keeping them.
struct Printer {
    format: RowFormat,
    single: bool,
    first: bool,
    palette: Palette,
    colors_errors: bool,
    width: usize,
    output: Output,
}

impl Printer {
    /// Writes the start of the output, together with the first name, so that an unreadable input prints nothing.
    fn begin(&mut self) -> Result<(), Failure> {
        match self.format {
            RowFormat::Json if !self.single => self.output.write_all(b"[")?,
            RowFormat::Markdown => self.output.write_all(text::MARKDOWN_HEAD.as_bytes())?,
            _ => {}
        }
        Ok(())
    }

    fn print(&mut self, reading: &Reading<'_>, given: Given<'_>) -> Result<(), Failure> {
        let first = std::mem::replace(&mut self.first, false);
        if first {
            self.begin()?;
        }
        match self.format {
            RowFormat::Text => self.print_text(reading, given)?,
            RowFormat::Json if self.single => {
                serde_json::to_writer_pretty(&mut self.output, reading)?;
                self.output.write_all(b"\n")?;
            }
            RowFormat::Json => {
                self.output.write_all(if first { b"\n" } else { b",\n" })?;
                serde_json::to_writer(&mut self.output, reading)?;
            }
            RowFormat::Jsonl => {
                serde_json::to_writer(&mut self.output, reading)?;
                self.output.write_all(b"\n")?;
                self.output.flush()?;
            }
            RowFormat::Yaml => {
                let yaml = if self.single {
                    serde_saphyr::to_string(reading)
                } else {
                    serde_saphyr::to_string(&[reading])
                };
                let yaml = yaml.map_err(|error| Failure::new(format!("cannot write YAML: {error}")))?;
                self.output.write_all(yaml.as_bytes())?;
            }
            RowFormat::Markdown => self.output.write_all(text::markdown_row(reading).as_bytes())?,
        }
        Ok(())
    }

    fn print_text(&mut self, reading: &Reading<'_>, given: Given<'_>) -> Result<(), Failure> {
        match reading {
            Reading::Valid(valid) => {
                self.output.write_all(fit(&text::block(valid, &self.palette), self.width).as_bytes())?;
            }
            Reading::NotScs { name, .. } => {
                self.output.write_all(text::not_scs_line(name, &self.palette).as_bytes())?;
                if given.place.is_none() && Path::new(&**name).is_file() {
                    self.output.flush()?;
                    let hint = Palette::new(self.colors_errors).hint;
                    let name = visible(name);
                    let text = format!(
                        "{hint}hint{hint:#}: {name} is a file; use `--file {name}` to read names from it\n"
                    );
                    io::stderr().write_all(text.as_bytes())?;
                }
            }
            Reading::Invalid { name, error, .. } => {
                // Flush first, to keep the order on a terminal.
                self.output.flush()?;
                let drawing = text::drawing(name, error, given.place, self.colors_errors);
                io::stderr().write_all(format!("{drawing}\n\n").as_bytes())?;
            }
        }
        Ok(())
    }

    fn end(mut self) -> Result<(), Failure> {
        match self.format {
            RowFormat::Json if !self.single => self.output.write_all(b"\n]\n")?,
            _ => {}
        }
        self.output.finish()
    }
}
