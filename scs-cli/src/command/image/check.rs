//! `scs image check`: checks images against scs-0102 and scs-0104.

use clap::Args;
use scs_image_metadata::{ImageOptions, image_test_cases};
use scs_registry::{Report, Selection, Subject, check};
use scs_report::Shown;

use super::standard_version::StandardVersion;
use crate::app::days::days;
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::files;
use crate::app::input::Source;
use crate::app::options::Common;
use crate::print::report::{Extent, RepairOf, ReportOptions, context, repair_step};
use crate::source::cloud::LiveCloud;
use crate::source::images::Given;

/// `scs image check`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs image check images.json                      from Glance: GET /v2/images
  openstack image show -f json 'Ubuntu 24.04' | scs image check -
  scs image check etc/images                       for openstack-image-manager
  scs image check --horizon 30d images.json        include the next 30 days
  scs image check --standard v2 images.json        against the drafts
  scs image check --profile official images.json   like the official test suite
  scs image check --os-cloud my-cloud              a live cloud
  scs image check -f json -o report.json images.json

Images are checked against both versions of the standards, and `versions` in the JSON output shows both \
results. `--standard` selects the version for the verdict.

Exit status: 0 PASS, 1 any other verdict, 2 an input could not be read.")]
pub(crate) struct Check {
    /// Lists of images, or directories of definitions; `-` is standard input
    #[arg(value_name = "FILE", required_unless_present = "os_cloud", conflicts_with = "os_cloud")]
    files: Vec<Source>,

    #[command(flatten)]
    cloud: LiveCloud,

    /// Version of the standards that decides the verdict
    #[arg(long, value_name = "VERSION", default_value = "v1")]
    standard: StandardVersion,

    /// Warn about images that become overdue within DAYS
    #[arg(long, value_name = "DAYS", value_parser = days)]
    horizon: Option<u32>,

    /// Accept any `os_distro`
    #[arg(long)]
    any_distro: bool,

    /// Also require at most one generic image per system among community images
    #[arg(long)]
    unique_in_community: bool,

    #[command(flatten)]
    given: Given,

    /// Declarations about requirements that no API can show
    #[arg(long, value_name = "FILE")]
    declarations: Option<Source>,

    #[command(flatten)]
    report: ReportOptions,
}

impl Check {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let declarations = files::declarations(self.declarations.as_ref())?;
        let context = context(common, &declarations);
        let mut options = ImageOptions::default();
        options.horizon_days = self.horizon;
        options.any_distro = self.any_distro;
        options.unique_in_community = self.unique_in_community;
        let sets = match self.files.as_slice() {
            [] => vec![self.given.one(None, &self.cloud, options)?],
            files => self.given.sets(files, options)?,
        };
        let is_one_file = sets.len() == self.files.len();
        // The version that decides comes first; the other one is also evaluated.
        let others = StandardVersion::ALL.into_iter().filter(|version| *version != self.standard);
        let versions = std::iter::once(self.standard).chain(others);
        let selection = Selection::of_documents(
            versions.map(|version| (version.name().to_owned(), version.documents())),
            context.date(),
        )
        .with_advisory_cases(image_test_cases());
        let reports: Vec<Report> = sets
            .into_iter()
            .map(|(name, set, notices)| {
                let subject = Subject::images(name, &set).with_notices(notices);
                let report = check(&subject, &selection, &context);
                // Skip freeing: the process ends soon.
                std::mem::forget(set);
                report
            })
            .collect();
        let cloud = self.cloud.arguments();
        let origin = |report: &'_ Report| match &cloud {
            Some(options) => RepairOf::Cloud(options.clone()),
            None if is_one_file => RepairOf::File(report.subject.clone()),
            None => RepairOf::Unknown,
        };
        let shown: Vec<Shown<'_>> =
            reports.iter().map(|report| repair_step(report, "image", &origin(report))).collect();
        self.report.print(&shown, &Extent::default(), common)
    }
}
