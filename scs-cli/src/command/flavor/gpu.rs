//! `scs flavor gpu`: looks up GPU cards and their name parts.

use std::fmt::Write;

use clap::Args;
use scs_flavor_naming::Card;
use scs_report::Table;

use crate::app::diagnostic::visible;
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::options::Common;
use crate::print::format::Format;
use crate::print::listing;

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
        let text = |width| in_words(&cards, &missing, width);
        listing::print_with(common, self.format, &cards, text, || as_table(&cards).to_markdown())?;
        Ok(Exit::success_if(missing.is_empty()))
    }
}

fn as_table(cards: &[Card]) -> Table {
    let mut table =
        Table::new(&["Name part", "Card", "Units", "VRAM [GiB]", "Memory", "Remark"]).with_numbers([2, 3]);
    for card in cards {
        table.row([
            card.piece().to_owned(),
            card.to_string(),
            card.units().to_string(),
            card.vram_gib().to_string(),
            card.memory().unwrap_or_default().to_owned(),
            card.remark().unwrap_or_default().to_owned(),
        ]);
    }
    table
}

fn in_words(cards: &[Card], missing: &[&str], width: usize) -> String {
    let mut text = if cards.is_empty() { String::new() } else { as_table(cards).to_text(width) };
    for wanted in missing {
        // Writing to a string does not fail.
        let _ = writeln!(text, "no card found for {}", visible(wanted));
    }
    if !missing.is_empty() {
        text.push_str("hint: `scs flavor gpu` lists all; a name part looks like GNa-14-6\n");
    }
    text
}
