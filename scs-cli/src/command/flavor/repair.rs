//! `scs flavor repair`: prints the commands that fix the findings about flavors.

use std::io::Write;

use clap::Args;
use schemars::JsonSchema;
use scs_flavor_naming::{
    DiskType, FlavorSet, NewFlavor, PropertyChange, Repair as Repaired, RepairOptions, UntypedDisk,
    asks_for_disk_type, definitions_yaml, repair_flavors,
};
use scs_standards::{Change, Context, DocumentId, Edit, Finding, Fix, Object, Profile, Way};
use serde::Serialize;

use super::check::Include;
use super::choices::DiskTypeChoice;
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::files;
use crate::app::input::Source;
use crate::app::options::Common;
use crate::app::output::Output;
use crate::print::format::ScriptFormat;
use crate::print::script::{FixGroup, Script};
use crate::source::cloud::{Kind, LiveRepair, Wanted};
use crate::source::flavors;
use scs_report::counted;

/// `scs flavor repair`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  openstack flavor list --long -f json | scs flavor repair -
                                                   print a shell script
  scs flavor repair --disk-type network flavors.json
                                                   set missing disk types
  scs flavor repair -f json flavors.json
  scs flavor repair --os-cloud my-cloud --as-admin --apply
                                                   change properties, after
                                                   confirmation

Review the script, then run it. Only commands that a certificate requires and that need no decision are \
active. Recommended changes, commands that delete a flavor, and questions only you can answer are commented \
out. For a file of openstack-flavor-manager, the changes to the file are printed.

Nothing is changed without `--apply`, which only changes properties.

Exit status: 0 success, 2 an input could not be read.")]
pub(crate) struct Repair {
    /// Flavors from Nova, the OpenStack client or openstack-flavor-manager; `-` is standard input
    #[arg(value_name = "FILE", required_unless_present = "os_cloud", conflicts_with = "os_cloud")]
    file: Option<Source>,

    #[command(flatten)]
    live: LiveRepair,

    /// Disk type to assume where the name does not say
    #[arg(long, value_name = "TYPE")]
    disk_type: Option<DiskTypeChoice>,

    /// Also set optional properties
    #[arg(long)]
    complete: bool,

    /// Also fix recommendations
    #[arg(long, value_name = "TARGET")]
    include: Vec<Include>,

    /// Output format
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: ScriptFormat,
}

/// The document `scs/repair/1`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "scs/repair/1", description = "The output of `scs flavor repair -f json`.")]
pub(crate) struct Document<'a> {
    #[schemars(extend("const" = "scs/repair/1"))]
    schema: &'static str,
    /// The source of the flavors.
    subject: &'a str,
    profile: Profile,
    /// The time of the check.
    #[schemars(extend("format" = "date-time"))]
    at: String,
    /// Notices about the input as a whole and about its unreadable parts, which were not fixed.
    notices: &'a [String],
    /// Changes in place.
    changes: &'a [PropertyChange],
    /// Missing flavors.
    new_flavors: &'a [NewFlavor],
    /// Fixes that no certificate requires.
    optional: &'a [Finding],
    /// Fixes that need a decision.
    choices: &'a [Finding],
    /// Findings that the choices settle, whatever the answers are.
    settled: &'a [Finding],
    /// Findings to fix by hand.
    remaining: &'a [Finding],
}

/// The documents whose rules are fixed.
const DOCUMENTS: [DocumentId; 2] = [DocumentId::version(100, 3), DocumentId::version(103, 1)];

impl Repair {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let live = self.live.cloud.open(Kind::Flavors)?;
        let input = match (&live, &self.file) {
            (Some(live), _) => live.input(),
            (None, Some(file)) => file.open()?,
            (None, None) => return Err(Failure::new("no file and no cloud given")),
        };
        let name = input.name.clone();
        let mut list = flavors::flavors(input)?;
        let mut notices = std::mem::take(&mut list.notices);
        let set = FlavorSet::from(list);
        notices.extend(unreadable(&set));
        let missing = missing_data(&set);
        let is_complete = missing.is_none();
        notices.extend(missing);
        let declarations = files::declarations(None)?;
        let context = Context {
            at: crate::app::at::now(common.at),
            profile: common.profile(),
            declarations: &declarations,
        };
        let untyped = match self.disk_type {
            Some(choice) => UntypedDisk::As(DiskType::from(choice)),
            None => UntypedDisk::LeaveOut,
        };
        let options = RepairOptions::default().with_untyped_disk(untyped);
        let options = if self.complete { options.complete() } else { options };
        let options = if self.include.is_empty() { options } else { options.recommended() };
        let repair = repair_flavors(&set, &context, &DOCUMENTS, options);
        let mut output = Output::open(common.output.as_deref())?;
        match self.format {
            ScriptFormat::Text => {
                let typed = self.disk_type.is_some();
                let script = script(&name, &notices, &repair, Known { typed, is_complete });
                output.write_all(script.as_bytes())?;
            }
            ScriptFormat::Json | ScriptFormat::Yaml => {
                let document = Document {
                    schema: "scs/repair/1",
                    subject: &name,
                    profile: context.profile,
                    at: context.at.to_string(),
                    notices: &notices,
                    changes: &repair.changes,
                    new_flavors: &repair.new_flavors,
                    optional: &repair.optional,
                    choices: &repair.choices,
                    settled: &repair.settled,
                    remaining: &repair.remaining,
                };
                files::write_document(&mut output, &document, self.format == ScriptFormat::Yaml)?;
            }
        }
        output.finish()?;
        let wanted = repair.changes.iter().filter_map(|change| {
            Some(Wanted {
                name: change.flavor.clone(),
                id: change.id.clone()?,
                changes: property_changes(change),
            })
        });
        self.live.make(live.as_ref(), &wanted.collect::<Vec<_>>())?;
        Ok(Exit::Success)
    }
}

/// The changes of a flavor, one for each property.
fn property_changes(change: &PropertyChange) -> Vec<Change> {
    let set = change.set.iter().map(|(property, value)| (property, Some(value.clone())));
    let unset = change.unset.iter().map(|property| (property, None));
    set.chain(unset).map(|(property, value)| Change { property: property.clone(), value }).collect()
}

/// Notices about unreadable entries and fields, which are not fixed.
fn unreadable(set: &FlavorSet) -> impl Iterator<Item = String> {
    let entries = set.broken().iter().map(|reason| format!("not read: {reason}"));
    let fields = set.offers().iter().map(scs_flavor_naming::Offer::flavor).flat_map(|flavor| {
        flavor
            .unusable
            .iter()
            .map(|unusable| format!("not read: {}: {}: {}", flavor.name, unusable.field, unusable.reason))
    });
    entries.chain(fields)
}

/// A notice about missing data, and how to get them.
fn missing_data(set: &FlavorSet) -> Option<String> {
    let missing = set.not_given();
    let fields: Vec<&str> = missing.iter().map(|missing| missing.field).collect();
    if fields.is_empty() {
        return None;
    }
    let fields = scs_report::and(fields);
    let flavors = missing.iter().map(|missing| missing.flavors).max().unwrap_or_default();
    if set.are_definitions() {
        return Some(format!("{fields} of {} are not defined", counted(flavors, "flavor")));
    }
    Some(format!(
        "{fields} of {} are missing, so they were not checked; `openstack flavor list --all --long -f json` prints \
         them, as does Nova's `GET /flavors/detail` with microversion 2.61 or later",
        counted(flavors, "flavor")
    ))
}

/// What is known about the input.
#[derive(Clone, Copy)]
struct Known {
    /// Whether `--disk-type` is given.
    typed: bool,
    /// Whether no data are missing.
    is_complete: bool,
}

/// A POSIX shell script: the commands that the certificate requires, with the reasons as comments, and everything else
/// commented out. For definitions, the changes to the file.
fn script(name: &str, notices: &[String], repair: &Repaired, known: Known) -> String {
    let definitions = repair.repaired.are_definitions();
    let text = |way: &Way| if definitions { definitions_yaml(&way.edits) } else { way.command.clone() };
    let mut script = Script::new("DESTRUCTIVE");
    if !definitions {
        script.line("#!/bin/sh");
    }
    script.title(&format!("Fixes the flavors of {name}."), notices);
    if !definitions {
        script.line("set -eu");
    }
    let Repaired { changes, new_flavors, optional, choices, remaining, .. } = repair;
    if changes.is_empty()
        && new_flavors.is_empty()
        && [optional, choices, remaining].iter().all(|list| list.is_empty())
    {
        script.section(if known.is_complete {
            "Nothing to fix."
        } else {
            "Nothing to fix in the given data; missing data are listed above."
        });
        return script.finish();
    }
    if !changes.is_empty() {
        script.section(&format!("Properties of {}.", counted(changes.len(), "flavor")));
        for change in changes {
            if definitions {
                script.active(&definitions_yaml(&edits_of(change)));
            } else {
                change.commands.iter().for_each(|command| script.line(command));
            }
        }
    }
    if !new_flavors.is_empty() {
        script.section("New flavors.");
        for new in new_flavors {
            script.reason(&new.subject, &new.message, &[&new.rule]);
            script.active(&if definitions { definitions_yaml(&new.edits) } else { new.command.clone() });
        }
    }
    script.recommended(&fix_groups(optional), &text);
    let is_open =
        |group: &FixGroup<'_>| !known.typed && group.finding.fix.as_ref().is_some_and(asks_for_disk_type);
    let (open, choices): (Vec<_>, Vec<_>) = fix_groups(choices).into_iter().partition(is_open);
    if !open.is_empty() {
        script.section(
            "The disk type is missing: add `--disk-type network`, `hdd`, `ssd` or `nvme` to complete these.",
        );
        for group in &open {
            script.reason_of(group);
        }
    }
    script.choices(&choices, &text);
    script.by_hand(&fix_groups(remaining));
    script.finish()
}

/// The changes of a flavor in a file of definitions.
fn edits_of(change: &PropertyChange) -> Vec<Edit> {
    let flavor = Object::named(&change.flavor);
    let path = |key: &str| ["extra_specs".to_owned(), key.to_owned()];
    let set =
        change.set.iter().map(|(key, value)| Edit::set("flavors", flavor.clone(), path(key), value.as_str()));
    let unset = change.unset.iter().map(|key| Edit::unset("flavors", flavor.clone(), path(key)));
    set.chain(unset).collect()
}

/// Groups findings by fix.
fn fix_groups(findings: &[Finding]) -> Vec<FixGroup<'_>> {
    FixGroup::by(findings, |finding| finding.fix.as_ref().and_then(Fix::command).unwrap_or(&finding.message))
}
