//! `scs standards list`: lists all documents and their states.

use clap::Args;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use scs_standards::catalog::{Catalog, Document, DocumentKind, DocumentStatus};
use scs_standards::{DocumentId, State, Track};
use serde::Serialize;

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::options::Common;
use crate::print::format::Format;
use crate::print::listing;
use scs_report::Table;

/// `scs standards list`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs standards list
  scs standards list --track IaaS --state effective
  scs standards list --at 2024-01-01               states on that day

States are computed from the dates, as on the documentation site: `*` marks documents to be stabilized \
later, `†` documents to be deprecated later.

Exit status: 0 success.")]
pub(crate) struct List {
    /// Only documents of this track: Global, IaaS, KaaS, IAM, Ops, Scopes
    #[arg(long, value_name = "TRACK", value_parser = track)]
    track: Option<Track>,

    /// Only documents in this state: draft, effective, deprecated
    #[arg(long, value_name = "STATE", value_parser = state)]
    state: Option<State>,

    /// Output format
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

fn track(text: &str) -> Result<Track, String> {
    let known = Track::ALL.into_iter().find(|track| track.name().eq_ignore_ascii_case(text));
    known.ok_or_else(|| format!("expected one of the tracks {}", Track::ALL.map(Track::name).join(", ")))
}

fn state(text: &str) -> Result<State, String> {
    [State::Draft, State::Effective, State::Deprecated]
        .into_iter()
        .find(|state| state.to_string().eq_ignore_ascii_case(text))
        .ok_or_else(|| "expected draft, effective or deprecated".to_owned())
}

/// A document.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "A document in the output of `scs standards list`")]
pub(crate) struct DocumentRow {
    pub(super) id: DocumentId,
    pub(super) title: &'static str,
    pub(super) kind: DocumentKind,
    pub(super) track: Track,
    /// On the day.
    pub(super) state: State,
    /// The state with its markers.
    pub(super) label: String,
    /// The status in the front matter.
    pub(super) status: Option<DocumentStatus>,
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub(super) stabilized_at: Option<Date>,
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub(super) deprecated_at: Option<Date>,
    pub(super) replaces: &'static [DocumentId],
    pub(super) replaced_by: &'static [DocumentId],
    pub(super) supplements: &'static [DocumentId],
    /// The revisions of the text inside of its version.
    pub(super) revisions: &'static [String],
    pub(super) url: String,
    /// Notes about its front matter or sections.
    pub(super) notes: &'static [String],
}

impl DocumentRow {
    /// A document as it is on a day.
    pub(super) fn new(document: &'static Document, today: Date) -> Self {
        Self {
            id: document.id(),
            title: document.title(),
            kind: document.kind(),
            track: document.track(),
            state: document.state_on(today),
            label: document.label_on(today),
            status: document.status(),
            stabilized_at: document.lifecycle().stabilized_at,
            deprecated_at: document.lifecycle().deprecated_at,
            replaces: document.replaces(),
            replaced_by: document.replaced_by(),
            supplements: document.supplements(),
            revisions: document.revisions(),
            url: document.url(),
            notes: document.notes(),
        }
    }
}

impl List {
    pub(super) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let today = crate::app::at::now(common.at).to_zoned(TimeZone::UTC).date();
        let rows: Vec<DocumentRow> = Catalog::embedded()
            .iter()
            .filter(|document| self.track.is_none_or(|track| document.track() == track))
            .filter(|document| self.state.is_none_or(|state| document.state_on(today) == state))
            .map(|document| DocumentRow::new(document, today))
            .collect();
        let mut table = Table::new(&["document", "track", "kind", "state", "since", "title"]);
        for row in &rows {
            let since = if row.state == State::Deprecated { row.deprecated_at } else { row.stabilized_at };
            table.row([
                row.id.to_string(),
                row.track.to_string(),
                row.kind.to_string(),
                row.label.clone(),
                since.map_or_else(|| "-".to_owned(), |date| date.to_string()),
                row.title.to_owned(),
            ]);
        }
        listing::print(common, self.format, &rows, &table)?;
        Ok(Exit::Success)
    }
}
