//! `scs image list`: lists images with their key properties.

use std::collections::HashMap;

use clap::Args;
use schemars::JsonSchema;
use scs_image_metadata::{ImageOptions, ImageSet, Lifecycle, check_images};
use scs_standards::subject::ImageKey;
use scs_standards::{Context, Severity};
use serde::Serialize;

use super::standard_version::StandardVersion;
use crate::app::diagnostic::brief;
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::files;
use crate::app::input::Source;
use crate::app::options::Common;
use crate::print::format::Format;
use crate::print::listing;
use crate::source::cloud::LiveCloud;
use crate::source::images::Given;
use scs_report::{Table, counted};

/// `scs image list`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs image list images.json
  scs image list -f markdown images.json
  scs image list --at 2026-12-31 images.json       if nothing changes by then

Problems are the errors and warnings of `scs image check`; `fresh until` is the last day before a newer \
build is due.

Exit status: 0 success, 2 an input could not be read.")]
pub(crate) struct List {
    /// List of images; `-` is standard input
    #[arg(value_name = "FILE", required_unless_present = "os_cloud", conflicts_with = "os_cloud")]
    file: Option<Source>,

    #[command(flatten)]
    cloud: LiveCloud,

    /// Version of the standards to check against
    #[arg(long, value_name = "VERSION", default_value = "v1")]
    standard: StandardVersion,

    #[command(flatten)]
    given: Given,

    /// Output format
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// The key properties of an image.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "An image in the output of `scs image list`")]
pub(crate) struct Row {
    name: Option<String>,
    id: Option<String>,
    distro: Option<String>,
    version: Option<String>,
    architecture: Option<String>,
    purpose: Option<String>,
    visibility: Option<String>,
    hidden: bool,
    /// The build date: the image has all patches up to then.
    built: Option<String>,
    /// The last day before a newer build is due.
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    fresh_until: Option<jiff::civil::Date>,
    /// fresh, outdated, retired, lasting, ended or unknown.
    state: &'static str,
    errors: usize,
    warnings: usize,
}

impl List {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let declarations = files::declarations(None)?;
        let context = Context {
            at: crate::app::at::now(common.at),
            profile: common.profile(),
            declarations: &declarations,
        };
        let (_, set, _) = self.given.one(self.file.as_ref(), &self.cloud, ImageOptions::default())?;
        let rows = rows(&set, &context, self.standard);
        listing::print(common, self.format, &rows, &as_table(&rows))?;
        Ok(Exit::Success)
    }
}

fn rows(set: &ImageSet, context: &Context<'_>, standard: StandardVersion) -> Vec<Row> {
    let answers = check_images(set, context, &standard.documents());
    let mut problems: HashMap<&str, [usize; 2]> = HashMap::new();
    for finding in answers.iter().flat_map(|answer| &answer.findings) {
        let counts = problems.entry(&finding.subject).or_default();
        match finding.severity {
            Severity::Error => counts[0] += 1,
            Severity::Warning => counts[1] += 1,
            Severity::Info => {}
        }
    }
    let text = |image: &scs_image_metadata::CheckedImage, key| {
        image.image().get(key).map(|value| value.as_text().map_or_else(|| value.to_string(), str::to_owned))
    };
    set.images()
        .iter()
        .enumerate()
        .map(|(index, image)| {
            let lifecycle = Lifecycle::of(set, index, context.date());
            let [errors, warnings] = problems.get(image.label().as_str()).copied().unwrap_or_default();
            Row {
                name: image.name().map(str::to_owned),
                id: image.id().map(str::to_owned),
                distro: text(image, ImageKey::OsDistro),
                version: text(image, ImageKey::OsVersion),
                architecture: text(image, ImageKey::Architecture),
                purpose: text(image, ImageKey::OsPurpose),
                visibility: text(image, ImageKey::Visibility),
                hidden: image.is_hidden(),
                built: text(image, ImageKey::ImageBuildDate),
                fresh_until: lifecycle.fresh_until,
                state: lifecycle.freshness.name(),
                errors,
                warnings,
            }
        })
        .collect()
}

fn as_table(rows: &[Row]) -> Table {
    let mut table =
        Table::new(&["name", "distro", "version", "purpose", "built", "fresh until", "state", "problems"]);
    for row in rows {
        let shown = |text: &Option<String>| {
            text.as_deref().map_or_else(|| "-".to_owned(), |text| brief(text).into_owned())
        };
        let name = row.name.as_ref().or(row.id.as_ref()).cloned();
        let hidden = if row.hidden { ", hidden" } else { "" };
        let problems = match (row.errors, row.warnings) {
            (0, 0) => "none".to_owned(),
            (errors, 0) => counted(errors, "error"),
            (0, warnings) => counted(warnings, "warning"),
            (errors, warnings) => {
                format!("{}, {}", counted(errors, "error"), counted(warnings, "warning"))
            }
        };
        table.row([
            shown(&name),
            shown(&row.distro),
            shown(&row.version),
            shown(&row.purpose),
            shown(&row.built),
            row.fresh_until.map_or_else(|| "-".to_owned(), |date| date.to_string()),
            format!("{}{hidden}", super::state::state_in_words(row.state)),
            problems,
        ]);
    }
    table
}
