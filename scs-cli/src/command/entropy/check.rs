//! `scs entropy check`: checks the output of a sample VM against scs-0101.

use clap::Args;
use jiff::civil::Date;
use scs_entropy::{ConsoleOutput, EntropyEvidence, EntropyRevision, HostFacts, entropy_test_cases};
use scs_flavor_naming::FlavorList;
use scs_image_metadata::ImageList;
use scs_openstack::Probe;
use scs_registry::{Report, Selection, Subject, SubjectKind, check};
use scs_report::Shown;
use scs_standards::{Context, Given};

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::files::{self, Limit};
use crate::app::input::Source;
use crate::app::options::Common;
use crate::print::report::{Extent, ReportOptions, context};
use crate::source::cloud::{self, LiveCloud};
use crate::source::live::Collected;

/// Console logs have some hundred KiB; Nova keeps only that much by default.
const LIMIT: Limit = Limit {
    bytes: 256 << 20,
    what: "console output",
    hint: "give only the end: `openstack console log show --lines 10000 VM`",
};

/// `scs entropy check`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  openstack console log show VM | scs entropy check -
  scs entropy check console-output.txt             of a VM started with
                                                   `scs entropy userdata`
  scs entropy probe -f json | scs entropy check -  results of a probe
  scs entropy check --os-cloud my-cloud            boot a sample VM in a live
                                                   cloud, and delete it again
  scs entropy check --host-facts hosts.json console-output.txt
                                                   compare CPU flags with hosts
  scs entropy check --revision 1.0 --flavors flavors.json --images images.json \\
    vm.txt

A file is the text of a console, Nova's response, or the output of `scs entropy probe -f json`. Revision 1.1 \
of scs-0101-v1 is in effect since 2026-06-25; from then on, requirements found only in revision 1.0 pass.

Exit status: 0 PASS, 1 any other verdict, 2 an input could not be read.")]
pub(crate) struct Check {
    /// Console output or probe results; `-` is standard input
    #[arg(value_name = "FILE", required_unless_present = "os_cloud", conflicts_with = "os_cloud")]
    files: Vec<Source>,

    #[command(flatten)]
    cloud: LiveCloud,

    /// Revision of scs-0101-v1: 1.0 or 1.1 [default: the one in effect]
    #[arg(long, value_name = "REVISION")]
    revision: Option<EntropyRevision>,

    /// Compute nodes: a JSON list of objects with `name`, `architecture` and `cpu_flags`
    #[arg(long, value_name = "FILE")]
    host_facts: Option<Source>,

    /// Flavors of the cloud, for revision 1.0
    #[arg(long, value_name = "FILE")]
    flavors: Option<Source>,

    /// Images of the cloud, for revision 1.0
    #[arg(long, value_name = "FILE")]
    images: Option<Source>,

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
        let mut reports = Vec::with_capacity(self.files.len());
        if let Some(choice) = self.cloud.probed_by(Probe::Vm) {
            let Collected { inventories, failures } = cloud::inventories(&choice, context.at, None)?;
            let revision = self.revision.unwrap_or_else(|| EntropyRevision::at(context.date()));
            let selection = selection(revision, context.date());
            for given in inventories {
                let inventory = given.inventory.with_declarations(&declarations);
                reports.push(check(&Subject::inventory(given.name, &inventory), &selection, &context));
            }
            Failure::none_of(failures)?;
            let shown: Vec<Shown<'_>> = reports.iter().map(Shown::new).collect();
            return self.report.print(&shown, &Extent::default(), common);
        }
        for file in &self.files {
            let bytes = files::bytes(file.open()?, LIMIT)?;
            let console = ConsoleOutput::from_file(&bytes).map_err(|error| {
                Failure::new(format!("{}: {error}", file.name())).hint(
                    "start a VM with the user data of `scs entropy userdata`, wait for the line `_scs-test-end`, and use the output of `openstack console log show VM`",
                )
            })?;
            let evidence = self.with_optional_inputs(EntropyEvidence::from_console(console))?;
            reports.push(report(&file.name(), "console output", &evidence, Vec::new(), &context));
        }
        let shown: Vec<Shown<'_>> =
            reports.iter().map(|report| Shown::new(report).in_file(&report.subject)).collect();
        self.report.print(&shown, &Extent::default(), common)
    }

    /// Adds the optional inputs to the evidence.
    fn with_optional_inputs(&self, mut evidence: EntropyEvidence) -> Result<EntropyEvidence, Failure> {
        evidence.revision = self.revision;
        if let Some(file) = &self.host_facts {
            evidence.host_facts = Given::Data(read::<HostFacts>(file)?);
        }
        if let Some(file) = &self.flavors {
            evidence.flavors = Given::Data(read::<FlavorList>(file)?.into());
        }
        if let Some(file) = &self.images {
            evidence.images = Given::Data(read::<ImageList>(file)?.into());
        }
        Ok(evidence)
    }
}

fn read<T: std::str::FromStr<Err: std::fmt::Display>>(file: &Source) -> Result<T, Failure> {
    let text = files::text(file.open()?, files::WRITTEN)?;
    text.parse().map_err(|error| Failure::new(format!("{}: {error}", file.name())))
}

/// Checks the evidence of a machine.
pub(super) fn report(
    name: &str,
    format: &str,
    evidence: &EntropyEvidence,
    notices: Vec<String>,
    context: &Context<'_>,
) -> Report {
    let day = context.date();
    let revision = evidence.revision.unwrap_or_else(|| EntropyRevision::at(day));
    let subject = Subject::machine(name, evidence).with_format(format).with_notices(notices);
    check(&subject, &selection(revision, day), context)
}

/// The documents in force. Test cases found only in revision 1.0 are not in any scope version.
fn selection(revision: EntropyRevision, day: Date) -> Selection<'static> {
    let documents = SubjectKind::Machine.documents_in_force(day);
    let withdrawn = entropy_test_cases().filter(|_| revision == EntropyRevision::V1_0);
    Selection::of_documents([(String::new(), documents)], day).with_advisory_cases(withdrawn)
}
