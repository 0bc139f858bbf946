//! `scs flavor compare`: whether one flavor can replace another, according to their names.

use clap::Args;
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
use crate::print::format::Format;
use crate::print::listing;

/// `scs flavor compare`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs flavor compare SCS-4V-16-100s SCS-4V-8-50    can 1st replace the 2nd?
  scs flavor compare -f json SCS-2V-4 SCS-2C-4

A flavor has at least the properties that its name states. Anything that the name leaves out is unknown.

Exit status: 0 yes, 1 no, 2 a name is not a valid SCS flavor name.")]
pub(crate) struct Compare {
    /// The offered flavor
    offer: String,

    /// The required flavor
    wanted: String,

    /// Output format
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// Whether one flavor can replace another.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "The result of `scs flavor compare`")]
pub(crate) struct Comparison<'a> {
    /// The offered flavor.
    offer: &'a str,
    /// The required flavor.
    wanted: &'a str,
    satisfies: bool,
    /// The reasons, if it does not.
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
        let output = Output::open(common.output.as_deref())?;
        let palette = Palette::new(common.colors_results(&output));
        let markdown = || comparison.in_words(&Palette::new(false));
        listing::write_with(output, self.format, &comparison, |_| comparison.in_words(&palette), markdown)?;
        Ok(Exit::success_if(comparison.satisfies))
    }
}

impl Comparison<'_> {
    fn in_words(&self, palette: &Palette) -> String {
        let Self { offer, wanted, .. } = self;
        let Palette { good, bad, .. } = palette;
        if self.satisfies {
            return format!("{good}yes{good:#}: {offer} satisfies {wanted}\n");
        }
        let mut words = format!("{bad}no{bad:#}: {offer} does not satisfy {wanted}\n");
        for reason in &self.reasons {
            words.extend(["  - ", reason, "\n"]);
        }
        words
    }
}

/// Parses a name, which has to be valid for a comparison.
fn read(parser: &Parser, text: &str) -> Result<FlavorName, Failure> {
    parser.parse(text).map(|parsed| parsed.name).map_err(|error| {
        let failure = Failure::new(text::error_line(text, &NameError::from(&error)));
        failure.hint("give two SCS flavor names: the offered one, then the required one")
    })
}
