//! `scs certificate levels`: what each certification level is said to require, and the health of software.

use std::fmt::Write as _;

use clap::Args;
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use scs_certificates::CertificationLevel;
use scs_certificates::level::{ItemState, SOURCE, state_of};
use scs_certificates::oss_health::{HealthArea, health};
use serde::Serialize;

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::files;
use crate::app::input::Source;
use crate::app::options::Common;
use crate::print::format::Format;
use crate::print::listing;
use scs_report::Table;

/// `scs certificate levels`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs certificate levels
  scs certificate levels --declarations declarations.yaml

This is informational: only SCS-compatible has scopes and tests, and nothing here changes a verdict. To \
answer an item, declare its topic with `true` or `false`; to rate the health of software (scs-0008), declare \
a `health-…` topic with a score from 0 to 3.

Exit status: 0 success, 2 the declarations could not be read.")]
pub(crate) struct Levels {
    /// Declarations of the provider
    #[arg(long, value_name = "FILE")]
    declarations: Option<Source>,

    /// Output format
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// Requirements of the levels, and the health of software.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "The output of `scs certificate levels`")]
pub(crate) struct LevelsDocument {
    /// The source of the requirements.
    source: &'static str,
    items: Vec<LevelRow>,
    health: Vec<HealthRow>,
}

/// A requirement of a level.
#[derive(Serialize, JsonSchema)]
struct LevelRow {
    level: &'static str,
    /// Whether scopes and tests decide it; other levels are only presented.
    regulated: bool,
    topic: &'static str,
    summary: &'static str,
    /// declared, denied, unusable or open.
    state: &'static str,
}

/// An area of the checklist in scs-0008.
#[derive(Serialize, JsonSchema)]
struct HealthRow {
    area: &'static str,
    /// From 0 to 1.
    score: Option<f64>,
    /// Questions without a usable answer.
    open: usize,
}

impl Levels {
    pub(super) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let declarations = files::declarations(self.declarations.as_ref())?;
        let today = crate::app::at::now(common.at).to_zoned(TimeZone::UTC).date();
        let items = CertificationLevel::ALL
            .into_iter()
            .flat_map(CertificationLevel::asks)
            .map(|item| LevelRow {
                level: item.level.name(),
                regulated: item.level.is_regulated(),
                topic: item.topic,
                summary: item.summary,
                state: match state_of(item, &declarations, today) {
                    ItemState::Declared => "declared",
                    ItemState::Denied => "denied",
                    ItemState::Unusable => "unusable",
                    ItemState::Open => "open",
                },
            })
            .collect();
        let health = health(&declarations, today)
            .into_iter()
            .map(|area| HealthRow {
                area: match area.area {
                    HealthArea::FourOpens => "four opens",
                    HealthArea::Maturity => "maturity",
                    HealthArea::Security => "security",
                    HealthArea::Activity => "activity",
                    HealthArea::LockInRisk => "lock-in risk",
                },
                score: area.score,
                open: area.open,
            })
            .collect();
        let document = LevelsDocument { source: SOURCE, items, health };
        let [items, health] = tables(&document);
        listing::print_with(
            common,
            self.format,
            &document,
            |width| format!("{SOURCE}\n\n{}\n{}", items.to_text(width), health.to_text(width)),
            || format!("{SOURCE}\n\n{}\n{}", items.to_markdown(), health.to_markdown()),
        )?;
        Ok(Exit::Success)
    }
}

fn tables(document: &LevelsDocument) -> [Table; 2] {
    let mut items = Table::new(&["level", "requirement", "topic", "state"]);
    for row in &document.items {
        items.row([
            row.level.to_owned(),
            row.summary.to_owned(),
            row.topic.to_owned(),
            if row.regulated { "decided by scopes".to_owned() } else { row.state.to_owned() },
        ]);
    }
    let mut health = Table::new(&["health of software", "score", "unanswered"]);
    for row in &document.health {
        let mut score = String::new();
        if let Some(value) = row.score {
            // Writing to a string does not fail.
            let _ = write!(score, "{value:.2}");
        }
        let score = if score.is_empty() { "-".to_owned() } else { score };
        health.row([row.area.to_owned(), score, row.open.to_string()]);
    }
    [items, health]
}
