//! `scs image lifecycle`: when each image becomes overdue, and why.

use clap::Args;
use jiff::civil::Date;
use schemars::JsonSchema;
use scs_image_metadata::{CheckedImage, Freshness, ImageOptions, ImageSet, Lifecycle, split_name};
use serde::Serialize;

use crate::app::days::days;
use crate::app::diagnostic::brief;
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::input::Source;
use crate::app::options::Common;
use crate::print::format::Format;
use crate::print::listing;
use crate::source::cloud::LiveCloud;
use crate::source::images::Given;
use scs_report::Table;

/// `scs image lifecycle`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs image lifecycle images.json                  all images, by due date
  scs image lifecycle --horizon 4w images.json     overdue or ending in 4 weeks

Exit status: 0 no image is overdue (within the horizon), 1 an image is overdue, 2 an input could not be read.")]
pub(crate) struct LifecycleOf {
    /// List of images; `-` is standard input
    #[arg(value_name = "FILE", required_unless_present = "os_cloud", conflicts_with = "os_cloud")]
    file: Option<Source>,

    #[command(flatten)]
    cloud: LiveCloud,

    /// Only list images that are overdue or no longer provided within DAYS
    #[arg(long, value_name = "DAYS", value_parser = days)]
    horizon: Option<u32>,

    #[command(flatten)]
    given: Given,

    /// Output format
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// The life cycle of an image.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "An image in the output of `scs image lifecycle`")]
pub(crate) struct Row {
    subject: String,
    id: Option<String>,
    /// The name without dates and versions, which all images of a family share.
    family: Option<String>,
    /// fresh, outdated, retired, lasting, ended or unknown.
    state: &'static str,
    built: Option<String>,
    replace_frequency: Option<&'static str>,
    /// The last day before a newer build is due.
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    fresh_until: Option<Date>,
    /// The first day on which the image is overdue: the day after `fresh_until`.
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    breaks_on: Option<Date>,
    /// The last day on which the image is provided.
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    provided_until: Option<Date>,
    /// The image that replaces it.
    replacement: Option<String>,
    /// The reason for the state.
    reason: String,
}

impl Row {
    fn of(set: &ImageSet, index: usize, image: &CheckedImage, today: Date) -> Self {
        let lifecycle = Lifecycle::of(set, index, today);
        let frequency = image.metadata().replace_frequency.value().map(|frequency| frequency.name());
        let replacement =
            lifecycle.replacement.and_then(|index| set.images().get(index)).map(CheckedImage::label);
        let breaks_on = match lifecycle.freshness {
            Freshness::Fresh { due_on } => due_on,
            Freshness::Overdue { since } => Some(since),
            _ => None,
        };
        Self {
            subject: image.label(),
            id: image.id().map(str::to_owned),
            family: image.name().map(|name| split_name(name).0.to_owned()),
            state: lifecycle.freshness.name(),
            built: lifecycle.built.map(|built| built.to_string()),
            replace_frequency: frequency,
            fresh_until: lifecycle.fresh_until,
            breaks_on,
            provided_until: lifecycle.provided_until,
            reason: reason(set, &lifecycle, frequency.unwrap_or_default(), replacement.as_deref(), image),
            replacement,
        }
    }

    /// Whether the image is overdue by a day.
    fn breaks_by(&self, day: Date) -> bool {
        self.breaks_on.is_some_and(|breaks| breaks <= day)
    }

    /// Whether the image is last provided between two days.
    fn ends_within(&self, from: Date, to: Date) -> bool {
        self.state != "retired" && self.provided_until.is_some_and(|end| from <= end && end <= to)
    }
}

fn reason(
    set: &ImageSet,
    lifecycle: &Lifecycle,
    frequency: &str,
    replacement: Option<&str>,
    image: &CheckedImage,
) -> String {
    let built = lifecycle.built.map(|built| built.date().to_string()).unwrap_or_default();
    match &lifecycle.freshness {
        Freshness::Overdue { .. } if image.is_hidden() => {
            format!("built {built}; hidden, and no newer image has its name")
        }
        Freshness::Fresh { due_on: Some(_) } | Freshness::Overdue { .. } => {
            format!("built {built}, replaced {frequency}, three days of grace")
        }
        Freshness::Fresh { due_on: None } => "no longer provided before the image is too old".to_owned(),
        Freshness::Retired { .. } => match (image.is_hidden(), replacement) {
            (true, Some(other)) => format!("hidden; replaced by {other}"),
            (true, None) => "hidden; no other image has its name".to_owned(),
            (false, Some(other)) => format!("replaced by {other}"),
            (false, None) => "replaced".to_owned(),
        },
        Freshness::Lasting => format!("`replace_frequency` is `{frequency}`"),
        Freshness::Ended => "`provided_until` is in the past".to_owned(),
        Freshness::Unknown { missing, .. } if missing.iter().any(|key| !set.format().carries(*key)) => {
            "the list has no properties".to_owned()
        }
        Freshness::Unknown { missing, .. } => {
            let names: Vec<String> = missing.iter().map(|key| format!("`{key}`")).collect();
            format!("no valid {}", names.join(" and "))
        }
        _ => String::new(),
    }
}

impl LifecycleOf {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let at = crate::app::at::now(common.at);
        let today = at.to_zoned(jiff::tz::TimeZone::UTC).date();
        let limit = today
            .checked_add(jiff::Span::new().days(self.horizon.unwrap_or(0)))
            .map_err(|error| Failure::new(format!("the horizon is too far ahead: {error}")))?;
        let (_, set, _) = self.given.one(self.file.as_ref(), &self.cloud, ImageOptions::default())?;
        let images = set.images().iter().enumerate().filter(|(_, image)| image.is_offered());
        let mut rows: Vec<Row> = images.map(|(index, image)| Row::of(&set, index, image, today)).collect();
        // Sorted by due date; images that are never due come last.
        rows.sort_by_key(|row| (row.breaks_on.is_none(), row.breaks_on, row.subject.clone()));
        let success = !rows.iter().any(|row| row.breaks_by(limit));
        if self.horizon.is_some() {
            rows.retain(|row| row.breaks_by(limit) || row.ends_within(today, limit));
        }
        let text = |width| match rows.as_slice() {
            [] => format!("no image is overdue or ends by {limit}\n"),
            rows => as_table(rows).to_text(width),
        };
        listing::print_with(common, self.format, &rows, text, || as_table(&rows).to_markdown())?;
        Ok(Exit::success_if(success))
    }
}

fn as_table(rows: &[Row]) -> Table {
    let mut table = Table::new(&["due by", "state", "image", "provided until", "reason"]);
    for row in rows {
        let day = |date: Option<Date>| date.map_or_else(|| "-".to_owned(), |date| date.to_string());
        table.row([
            // Deadlines include their date.
            day(row.fresh_until.filter(|_| row.breaks_on.is_some())),
            super::state::state_in_words(row.state).to_owned(),
            brief(&row.subject).into_owned(),
            day(row.provided_until),
            brief(&row.reason).into_owned(),
        ]);
    }
    table
}
