//! `scs flavor gpu`: looks up GPU cards and their name parts.

use std::io::Write;

use clap::{Args, ValueEnum};
use scs_flavor_naming::Card;

use crate::app::diagnostic::visible;
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::files;
use crate::app::options::Common;
use crate::app::output::Output;

/// `scs flavor gpu`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs flavor gpu                                   all cards in scs-0100-w1
  scs flavor gpu A100                              a card and its partitions
  scs flavor gpu \"A30 1/4\"                         name part for a partition
  scs flavor gpu GNa-14-6h                         cards with this name part

The values come from data sheets; check what your users actually get.

Exit status: 0 all were found, 1 some were not.")]
pub(crate) struct Gpu {
    /// GPU cards, or parts of flavor names
    #[arg(value_name = "CARD-OR-PART")]
    wanted: Vec<String>,

    /// Output format
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Table for people
    Text,
    /// List of objects
    Json,
    /// Same data as json, in YAML
    Yaml,
    /// Markdown table
    Markdown,
}

impl Gpu {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let mut cards: Vec<Card> = Vec::new();
        let mut missing = Vec::new();
        for wanted in &self.wanted {
            let found = Card::find(wanted);
            if found.is_empty() {
                missing.push(wanted.as_str());
            }
            for card in found {
                // Look up by the name of the card and by the part of the name.
                let same =
                    |known: &Card| known.to_string() == card.to_string() && known.piece() == card.piece();
                if !cards.iter().any(same) {
                    cards.push(card);
                }
            }
        }
        if self.wanted.is_empty() {
            cards.extend(Card::all());
        }
        let mut output = Output::open(common.output.as_deref())?;
        match self.format {
            Format::Text => {
                if !cards.is_empty() {
                    writeln!(
                        output,
                        "{:<16} {:<26} {:>5} {:>8} {:<6}",
                        "name part", "card", "units", "VRAM GiB", "memory"
                    )?;
                }
                for card in &cards {
                    let remark = card.remark().map_or(String::new(), |remark| format!("  ({remark})"));
                    let line = format!(
                        "{:<16} {:<26} {:>5} {:>8} {:<6}{remark}",
                        card.piece(),
                        card.to_string(),
                        card.units(),
                        card.vram_gib(),
                        card.memory().unwrap_or_default()
                    );
                    writeln!(output, "{}", line.trim_end())?;
                }
                for wanted in &missing {
                    writeln!(output, "no card found for {}", visible(wanted))?;
                }
                if !missing.is_empty() {
                    writeln!(output, "hint: `scs flavor gpu` lists all; a name part looks like GNa-14-6")?;
                }
            }
            Format::Json | Format::Yaml => {
                files::write_document(&mut output, &cards, self.format == Format::Yaml)?;
            }
            Format::Markdown => {
                output.write_all(b"| Name part | Card | Units | VRAM [GiB] | Memory |\n| --- | --- | ---: | ---: | --- |\n")?;
                for card in &cards {
                    let memory = card.memory().unwrap_or_default();
                    writeln!(
                        output,
                        "| {} | {card} | {} | {} | {memory} |",
                        card.piece(),
                        card.units(),
                        card.vram_gib()
                    )?;
                }
            }
        }
        output.finish()?;
        Ok(Exit::success_if(missing.is_empty()))
    }
}
