//! `scs flavor repair`: the commands that make the findings over flavors disappear.

use std::collections::HashMap;
use std::io::Write;

use clap::{Args, ValueEnum};
use schemars::JsonSchema;
use scs_flavor_naming::{
    DiskType, FlavorSet, NewFlavor, PropertyChange, Repair as Repaired, RepairOptions, UntypedDisk,
    asks_for_disk_type, definitions_yaml, repair_flavors,
};
use scs_standards::written::{Comment, CommentedOut};
use scs_standards::{Change, Context, DocumentId, Edit, Finding, Fix, Object, Profile};
use serde::Serialize;

use super::DiskTypeChoice;
use super::check::Include;
use crate::app::diagnostic::brief;
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::files;
use crate::app::input::Source;
use crate::app::options::Common;
use crate::app::output::Output;
use crate::source::cloud::{Kind, LiveRepair, Wanted};
use crate::source::flavors;
use scs_report::counted;

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

Only what a certificate needs and what takes no decision is active. The rest is commented out: what is recommended, what
deletes a flavor, and what only you know, with the question. A file of openstack-flavor-manager is repaired in the file.
Nothing is run without `--apply`, and then nothing but changes of properties.
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

    /// Also repair what is recommended and no certificate needs
    #[arg(long, value_name = "TARGET")]
    include: Vec<Include>,

    /// How to print
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A shell script
    Text,
    /// One document with `changes`, `new_flavors`, `optional`, `choices` and `remaining`
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
    /// The new flavors that are needed.
    new_flavors: &'a [NewFlavor],
    /// What has a repair that no certificate needs.
    optional: &'a [Finding],
    /// What waits for a decision.
    choices: &'a [Finding],
    /// What is left to do by hand.
    remaining: &'a [Finding],
}

/// The documents whose rules are repaired for.
const DOCUMENTS: [DocumentId; 2] = [DocumentId::version(100, 3), DocumentId::version(103, 1)];

impl Repair {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let live = self.live.open(Kind::Flavors)?;
        let input = match (&live, &self.file) {
            (Some(live), _) => live.input(),
            (None, Some(file)) => file.open()?,
            (None, None) => return Err(Failure::new("neither a file nor a cloud is named")),
        };
        let name = input.name.clone();
        let mut list = flavors::flavors(input)?;
        let mut notices = std::mem::take(&mut list.notices);
        let set = FlavorSet::from(list);
        notices.extend(not_read(&set));
        let not_given = not_given(&set);
        let is_complete = not_given.is_none();
        notices.extend(not_given);
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
            Format::Text => {
                let typed = self.disk_type.is_some();
                let script = script(&name, &notices, &repair, Known { typed, is_complete });
                output.write_all(script.as_bytes())?;
            }
            Format::Json | Format::Yaml => {
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
        Ok(Exit::Success)
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

/// Which data are missing, and what prints them.
fn not_given(set: &FlavorSet) -> Option<String> {
    let missing = set.not_given();
    let fields: Vec<&str> = missing.iter().map(|missing| missing.field).collect();
    let (last, others) = fields.split_last()?;
    let fields =
        if others.is_empty() { (*last).to_owned() } else { format!("{} and {last}", others.join(", ")) };
    let flavors = missing.iter().map(|missing| missing.flavors).max().unwrap_or_default();
    if set.are_definitions() {
        return Some(format!("{fields} of {} are not defined", counted(flavors, "flavor")));
    }
    Some(format!(
        "{fields} of {} are not given, and what they would show is not repaired; `openstack flavor list --all --long -f json` prints \
         them, as does Nova's `GET /flavors/detail` with microversion 2.61 or later",
        counted(flavors, "flavor")
    ))
}

/// What is known beside the flavors.
#[derive(Clone, Copy)]
struct Known {
    /// The type of the disks.
    typed: bool,
    /// Everything that repairs rest on.
    is_complete: bool,
}

/// A POSIX shell script: the commands that the certificate needs, with the reasons as comments; everything else commented
/// out. Of definitions, the changes of the file.
fn script(name: &str, notices: &[String], repair: &Repaired, known: Known) -> String {
    let definitions = repair.repaired.are_definitions();
    let mut script = Script { text: String::new(), definitions };
    if !definitions {
        script.line("#!/bin/sh");
    }
    script.comment(&format!("Repairs the flavors of {name}."));
    for notice in notices {
        script.comment(&format!("note: {}", brief(notice)));
    }
    if !definitions {
        script.line("set -eu");
    }
    let Repaired { changes, new_flavors, optional, choices, remaining, .. } = repair;
    if changes.is_empty()
        && new_flavors.is_empty()
        && [optional, choices, remaining].iter().all(|list| list.is_empty())
    {
        script.section(if known.is_complete {
            "There is nothing to repair."
        } else {
            "There is nothing to repair in what is given; the missing data are named above."
        });
        return script.text;
    }
    if !changes.is_empty() {
        script.section(&format!("Properties of {}.", counted(changes.len(), "flavor")));
        for change in changes {
            script.change(change);
        }
    }
    if !new_flavors.is_empty() {
        script.section("New flavors.");
        for new in new_flavors {
            script.reason(&new.subject, &new.message, &[&new.rule]);
            script.way(&new.command, &new.edits, false);
        }
    }
    let optional = told(optional);
    if !optional.is_empty() {
        script.section("No certificate needs these; `--include recommended` makes them active.");
        for told in &optional {
            script.reason(&told.finding.subject, &told.finding.message, &told.rules);
            for way in told.finding.fix.iter().flat_map(Fix::ways) {
                script.way(&way.command, &way.edits, true);
            }
        }
    }
    let is_open = |told: &Told<'_>| !known.typed && told.finding.fix.as_ref().is_some_and(asks_for_disk_type);
    let (open, choices): (Vec<_>, Vec<_>) = told(choices).into_iter().partition(is_open);
    if !open.is_empty() {
        script.section(
            "The type of the disk is missing: `--disk-type network`, `hdd`, `ssd` or `nvme` completes these.",
        );
        for told in &open {
            script.reason(&told.finding.subject, &told.finding.message, &told.rules);
        }
    }
    if !choices.is_empty() {
        script.section("To decide: remove the `#` in front of the command that is right.");
        for told in &choices {
            script.line("");
            script.reason(&told.finding.subject, &told.finding.message, &told.rules);
            let Some(fix) = &told.finding.fix else { continue };
            script.comment(&fix.words().map(brief).unwrap_or_default());
            for way in fix.ways() {
                let marks = [way.when.as_deref(), way.destructive.then_some("DESTRUCTIVE")];
                let marks: Vec<&str> = marks.into_iter().flatten().collect();
                if !marks.is_empty() {
                    script.comment(&format!("  {}:", brief(&marks.join(", "))));
                }
                script.way(&way.command, &way.edits, true);
            }
        }
    }
    let by_hand = told(remaining);
    if !by_hand.is_empty() {
        script.section("To do by hand:");
        for told in &by_hand {
            script.reason(&told.finding.subject, &told.finding.message, &told.rules);
            if let Some(advice) = told.finding.fix.as_ref().and_then(Fix::words) {
                script.comment(&format!("  {}", brief(advice)));
            }
        }
    }
    script.text
}

/// What is written, line by line.
struct Script {
    text: String,
    definitions: bool,
}

impl Script {
    fn line(&mut self, line: &str) {
        self.text.extend([line, "\n"]);
    }

    fn comment(&mut self, text: &str) {
        self.line(&Comment(text).to_string());
    }

    fn section(&mut self, title: &str) {
        self.line("");
        self.comment(title);
    }

    fn reason(&mut self, subject: &str, message: &str, rules: &[&str]) {
        self.comment(&format!("{}: {} [{}]", brief(subject), brief(message), rules.join(", ")));
    }

    fn change(&mut self, change: &PropertyChange) {
        if self.definitions {
            let flavor = Object::named(&change.flavor);
            let path = |key: &str| ["extra_specs".to_owned(), key.to_owned()];
            let set = change
                .set
                .iter()
                .map(|(key, value)| Edit::set("flavors", flavor.clone(), path(key), value.as_str()));
            let unset = change.unset.iter().map(|key| Edit::unset("flavors", flavor.clone(), path(key)));
            let edits: Vec<Edit> = set.chain(unset).collect();
            self.text.push_str(&definitions_yaml(&edits));
        } else {
            for command in &change.commands {
                self.line(command);
            }
        }
    }

    /// A command, or what it means for definitions.
    fn way(&mut self, command: &str, edits: &[Edit], commented_out: bool) {
        let text = if self.definitions { definitions_yaml(edits) } else { command.to_owned() };
        let text = text.trim_end_matches('\n');
        if commented_out {
            self.line(&CommentedOut(text).to_string());
        } else {
            self.line(text);
        }
    }
}

/// Findings of one subject that one and the same repair removes, or that say the same.
struct Told<'a> {
    finding: &'a Finding,
    rules: Vec<&'a str>,
}

/// Each repair once.
fn told(findings: &[Finding]) -> Vec<Told<'_>> {
    let mut told: Vec<Told<'_>> = Vec::new();
    let mut places: HashMap<(&str, &str), usize> = HashMap::new();
    for finding in findings {
        let fix = finding.fix.as_ref();
        let command = fix.and_then(Fix::command).unwrap_or(&finding.message);
        let place = *places.entry((&finding.subject, command)).or_insert(told.len());
        match told.get_mut(place) {
            Some(same) if same.rules.contains(&&*finding.rule) => {}
            Some(same) => same.rules.push(&finding.rule),
            None => told.push(Told { finding, rules: vec![&finding.rule] }),
        }
    }
    told
}
