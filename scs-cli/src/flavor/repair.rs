//! `scs flavor repair`: the commands that make the findings over flavors disappear.

use std::fmt::Write as _;
use std::io::Write;

use clap::{Args, ValueEnum};
use schemars::JsonSchema;
use scs_flavor_naming::{
    DiskType, FlavorSet, NewFlavor, PropertyChange, Repair as Repaired, RepairOptions, UntypedDisk,
    repair_flavors,
};
use scs_standards::{Change, Context, DocumentId, Finding, Profile};
use serde::Serialize;

use super::DiskTypeChoice;
use super::source;
use crate::Outcome;
use crate::cli::Common;
use crate::diagnostic::{brief, visible};
use crate::failure::Failure;
use crate::files;
use crate::input::Source;
use crate::inventory::{Kind, LiveRepair, Wanted};
use crate::output::Output;

/// `scs flavor repair`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  openstack flavor list --long -f json | scs flavor repair -
                                             what to change, as a shell script to read and run
  scs flavor repair --disk-type network flavors.json
                                             say what disks are whose type no name tells
  scs flavor repair -f json flavors.json
  scs flavor repair --os-cloud my-cloud --as-admin --apply
                                             change the properties in a cloud, after asking

Properties are changed in place. What needs a new flavor is offered as well; where that takes a flavor away, the command
is commented out and marked. Nothing is run without `--apply`, and then nothing but changes of properties.
Exit status: 0 the commands are printed, 2 the input could not be read.")]
pub(crate) struct Repair {
    /// Flavors as Nova, the OpenStack client or openstack-flavor-manager write them; `-` is standard input
    #[arg(value_name = "FILE", required_unless_present = "os_cloud")]
    file: Option<Source>,

    #[command(flatten)]
    live: LiveRepair,

    /// The type of the disks of which neither name nor table tells it
    #[arg(long, value_name = "TYPE")]
    disk_type: Option<DiskTypeChoice>,

    /// Also give flavors with an SCS name the properties that they do not need but may have
    #[arg(long)]
    complete: bool,

    /// How to print
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A shell script
    Text,
    /// One document with `changes`, `new_flavors` and `remaining`
    Json,
    /// As json, in YAML
    Yaml,
}

/// The shape `scs/repair/1`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "scs/repair/1", description = "What `scs flavor repair -f json` prints.")]
pub(crate) struct Document<'a> {
    #[schemars(extend("const" = "scs/repair/1"))]
    schema: &'static str,
    /// The source of the flavors.
    subject: &'a str,
    profile: Profile,
    /// The time that counted as now.
    #[schemars(extend("format" = "date-time"))]
    at: String,
    /// What to know of the source as a whole, and what of it could not be read, and so was not repaired.
    notices: &'a [String],
    /// What can be changed in place.
    changes: &'a [PropertyChange],
    /// What takes a new flavor.
    new_flavors: &'a [NewFlavor],
    /// What is left for a person to decide.
    remaining: &'a [Finding],
}

/// The documents whose rules are repaired for.
const DOCUMENTS: [DocumentId; 2] = [DocumentId::version(100, 3), DocumentId::version(103, 1)];

impl Repair {
    pub(crate) fn run(&self, common: &Common) -> Result<Outcome, Failure> {
        let live = self.live.open(Kind::Flavors)?;
        let input = match (&live, &self.file) {
            (Some(live), _) => live.input(),
            (None, Some(file)) => file.open()?,
            (None, None) => return Err(Failure::new("neither a file nor a cloud is named")),
        };
        let name = input.name.clone();
        let mut list = source::flavors(input)?;
        let mut notices = std::mem::take(&mut list.notices);
        let set = FlavorSet::from(list);
        notices.extend(not_read(&set));
        let declarations = files::declarations(None)?;
        let context =
            Context { at: crate::at::now(common.at), profile: common.profile(), declarations: &declarations };
        let untyped = match self.disk_type {
            Some(choice) => UntypedDisk::As(DiskType::from(choice)),
            None => UntypedDisk::LeaveOut,
        };
        let options = RepairOptions::default().with_untyped_disk(untyped);
        let options = if self.complete { options.complete() } else { options };
        let repair = repair_flavors(&set, &context, &DOCUMENTS, options);
        let mut output = Output::open(common.output.as_deref())?;
        match self.format {
            Format::Text => output.write_all(script(&name, &notices, &repair).as_bytes())?,
            Format::Json | Format::Yaml => {
                let document = Document {
                    schema: "scs/repair/1",
                    subject: &name,
                    profile: context.profile,
                    at: context.at.to_string(),
                    notices: &notices,
                    changes: &repair.changes,
                    new_flavors: &repair.new_flavors,
                    remaining: &repair.remaining,
                };
                files::write_document(&mut output, &document, self.format == Format::Yaml)?;
            }
        }
        output.finish()?;
        let wanted = repair.changes.iter().filter_map(|change| {
            Some(Wanted {
                name: change.flavor.clone(),
                id: change.id.clone()?,
                changes: of_properties(change),
            })
        });
        self.live.make(live.as_ref(), &wanted.collect::<Vec<_>>())?;
        Ok(Outcome::Fine)
    }
}

/// The changes of a flavor, one for each property.
fn of_properties(change: &PropertyChange) -> Vec<Change> {
    let set = change.set.iter().map(|(property, value)| (property, Some(value.clone())));
    let unset = change.unset.iter().map(|property| (property, None));
    set.chain(unset).map(|(property, value)| Change { property: property.clone(), value }).collect()
}

/// The entries and fields that no repair looks at, because they are none.
fn not_read(set: &FlavorSet) -> impl Iterator<Item = String> {
    let entries = set.broken().iter().map(|reason| format!("not read: {reason}"));
    let fields = set.offers().iter().map(scs_flavor_naming::Offer::flavor).flat_map(|flavor| {
        flavor
            .unusable
            .iter()
            .map(|unusable| format!("not read: {}: {}: {}", flavor.name, unusable.field, unusable.reason))
    });
    entries.chain(fields)
}

/// The commands with the reasons as comments.
fn script(name: &str, notices: &[String], repair: &Repaired) -> String {
    let mut text = format!("# Repairs the flavors of {}.\n", visible(name));
    // Writing to a string does not fail.
    for notice in notices {
        let _ = writeln!(text, "# note: {}", brief(notice));
    }
    if repair.changes.is_empty() && repair.new_flavors.is_empty() && repair.remaining.is_empty() {
        text.push_str("# There is nothing to repair.\n");
        return text;
    }
    if !repair.changes.is_empty() {
        let count = repair.changes.len();
        let _ = writeln!(text, "\n# Properties of {count} flavor{}.", if count == 1 { "" } else { "s" });
        for command in repair.changes.iter().flat_map(|change| &change.commands) {
            let _ = writeln!(text, "{}", visible(command));
        }
    }
    let (destructive, created): (Vec<_>, Vec<_>) = repair.new_flavors.iter().partition(|new| new.destructive);
    if !created.is_empty() {
        let _ = writeln!(text, "\n# New flavors; the figures of a flavor cannot be changed.");
        for new in created {
            let _ = writeln!(text, "# {}: {} [{}]", brief(&new.subject), brief(&new.message), new.rule);
            let _ = writeln!(text, "{}", visible(&new.command));
        }
    }
    if !destructive.is_empty() {
        let _ = writeln!(
            text,
            "\n# DESTRUCTIVE: these take a flavor away. Servers keep what they have, but nothing new starts with it."
        );
        for new in destructive {
            let _ = writeln!(text, "# {}: {} [{}]", brief(&new.subject), brief(&new.message), new.rule);
            let _ = writeln!(text, "#   {}", visible(&new.command));
        }
    }
    if !repair.remaining.is_empty() {
        let _ = writeln!(
            text,
            "\n# For a person to decide; `--disk-type` says what only the provider knows of disks:"
        );
        for finding in &repair.remaining {
            let _ = writeln!(
                text,
                "# {}: {} [{}]",
                brief(&finding.subject),
                brief(&finding.message),
                finding.rule
            );
        }
    }
    text
}
