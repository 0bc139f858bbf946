//! Checks flavors with all their data: JSON of Nova or the OpenStack client, or YAML of flavor-manager.

use scs_flavor_naming::{FlavorFormat, FlavorList, FlavorSet, flavor_test_cases};
use scs_registry::{Report, Selection, Subject, check};
use scs_report::Shown;
use scs_standards::Context;

use super::{Check, InputChoice};
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::files;
use crate::app::input::Opened;
use crate::app::options::Common;
use crate::print::report::{Extent, RepairOf, context, repair_step};
use crate::source::flavors;

/// Checks each input as a separate cloud.
pub(super) fn run(inputs: Vec<Opened>, check: &Check, common: &Common) -> Result<Exit, Failure> {
    let declarations = files::declarations(check.declarations.as_ref())?;
    let context = context(common, &declarations);
    let mut reports = Vec::with_capacity(inputs.len());
    for input in inputs {
        let name = input.name.clone();
        let list = flavors::flavors(input)?;
        refuse_other_kind(&name, list.format, check.input)?;
        reports.push(report(&name, list, check, &context));
    }
    let cloud = check.cloud.arguments();
    let origin = |report: &Report| {
        cloud.clone().map_or_else(|| RepairOf::File(report.subject.clone()), RepairOf::Cloud)
    };
    let shown: Vec<Shown<'_>> =
        reports.iter().map(|report| repair_step(report, "flavor", &origin(report))).collect();
    check.report.print(&shown, &Extent::default(), common)
}

/// Rejects a file that is not of the kind in `--input`.
fn refuse_other_kind(name: &str, format: FlavorFormat, choice: InputChoice) -> Result<(), Failure> {
    let fits = match choice {
        InputChoice::Auto | InputChoice::Names => true,
        InputChoice::Nova => format == FlavorFormat::Nova,
        InputChoice::Osc => format == FlavorFormat::Osc,
        InputChoice::FlavorManager => {
            matches!(format, FlavorFormat::FlavorManager | FlavorFormat::FlavorGroups)
        }
    };
    if fits {
        return Ok(());
    }
    Err(Failure::new(format!("{name} has flavors in the format of {format}")).hint("leave out `--input`"))
}

fn report(name: &str, list: FlavorList, asked: &Check, context: &Context<'_>) -> Report {
    let (format, notices) = (list.format, list.notices.clone());
    let documents = asked.documents(context.date());
    let selection = Selection::of_documents([(String::new(), documents)], context.date())
        .with_advisory_cases(
            flavor_test_cases().filter(|case| asked.include.iter().any(|include| include.includes(case))),
        );
    let set = FlavorSet::from(list);
    let subject = Subject::flavors(name, &set).with_format(format).with_notices(notices);
    check(&subject, &selection, context)
}
