//! `scs flavor compare`: whether one flavor can stand in for another, by what their names promise.

use std::io::Write;

use clap::{Args, ValueEnum};
use schemars::JsonSchema;
use scs_flavor_naming::{FlavorName, Parser};
use serde::Serialize;

use super::reading::NameError;
use super::text;
use crate::app::color::Palette;
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::options::Common;
use crate::app::output::Output;

/// `scs flavor compare`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  scs flavor compare SCS-4V-16-100s SCS-4V-8-50    can the first stand in for the second?
  scs flavor compare -f json SCS-2V-4 SCS-2C-4

A name promises at least what it says, and nothing that it leaves open.
Exit status: 0 it satisfies, 1 it does not, 2 one of the names is no SCS flavor name.")]
pub(crate) struct Compare {
    /// The flavor that is there
    offer: String,

    /// The flavor that is wanted
    wanted: String,

    /// How to print
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Sentences
    Text,
    /// An object with `satisfies` and `reasons`
    Json,
}

/// Whether one flavor can stand in for another.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "The result of `scs flavor compare`")]
pub(crate) struct Comparison<'a> {
    /// The flavor that is there.
    offer: &'a str,
    /// The flavor that is wanted.
    wanted: &'a str,
    satisfies: bool,
    /// Why not.
    reasons: Vec<String>,
}

impl Compare {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let parser = Parser::new(common.profile());
        let (offer, wanted) = (read(&parser, &self.offer)?, read(&parser, &self.wanted)?);
        let shortfalls = offer.satisfies(&wanted).err().unwrap_or_default();
        let comparison = Comparison {
            offer: &self.offer,
            wanted: &self.wanted,
            satisfies: shortfalls.is_empty(),
            reasons: shortfalls.iter().map(ToString::to_string).collect(),
        };
        let mut output = Output::open(common.output.as_deref())?;
        match self.format {
            Format::Json => {
                serde_json::to_writer_pretty(&mut output, &comparison)?;
                output.write_all(b"\n")?;
            }
            Format::Text => {
                let palette = Palette::new(common.colors_results(&output));
                output.write_all(comparison.in_words(&palette).as_bytes())?;
            }
        }
        output.finish()?;
        Ok(Exit::success_if(comparison.satisfies))
    }
}

impl Comparison<'_> {
    fn in_words(&self, palette: &Palette) -> String {
        let Self { offer, wanted, .. } = self;
        let Palette { good, bad, .. } = palette;
        if self.satisfies {
            return format!("{good}yes{good:#}: {offer} can be used where {wanted} is wanted\n");
        }
        let mut words = format!("{bad}no{bad:#}: {offer} cannot be used where {wanted} is wanted\n");
        for reason in &self.reasons {
            words.extend(["  - ", reason, "\n"]);
        }
        words
    }
}

/// A name that must be one, as the comparison makes no sense without.
fn read(parser: &Parser, text: &str) -> Result<FlavorName, Failure> {
    parser.parse(text).map(|parsed| parsed.name).map_err(|error| {
        let failure = Failure::new(text::error_line(text, &NameError::from(&error)));
        failure.hint("give two SCS flavor names: the one that is there, then the one that is wanted")
    })
}
