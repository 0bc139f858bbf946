//! `scs image repair`: the commands that make the findings over images disappear.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::Write;

use clap::{Args, ValueEnum};
use schemars::JsonSchema;
use scs_image_metadata::{ImageChange, ImageOptions, ImageRepair, ImageRepairOptions, repair_images};
use scs_registry::Selection;
use scs_standards::written::{Comment, CommentedOut};
use scs_standards::{Context, Finding, Fix, Profile};
use serde::Serialize;

use super::StandardVersion;
use crate::app::diagnostic::brief;
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::files;
use crate::app::input::Source;
use crate::app::options::Common;
use crate::app::output::Output;
use crate::source::cloud::{Kind, LiveRepair, Wanted};
use crate::source::images::Given;

/// `scs image repair`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  scs image repair images.json                     what to change, as a shell script to read and run
  scs image repair -f json images.json             the same as data
  scs image repair --standard v2 images.json       what version 2 wants as well
  scs image repair --include recommended images.json
                                                   also what no certificate needs
  scs image repair --os-cloud my-cloud --as-admin --apply
                                                   change them in a cloud, after asking

Properties are changed in place, and without `--apply` nothing is run. Only what a certificate needs is active; what is
recommended and what requires a decision or a new build is commented out.
Definitions of openstack-image-manager are changed in their files, with `yq`.
Exit status: 0 the commands are printed, 2 the input could not be read.")]
pub(crate) struct Repair {
    /// The images, in a file or a directory; `-` is standard input
    #[arg(value_name = "FILE", required_unless_present = "os_cloud")]
    file: Option<Source>,

    #[command(flatten)]
    live: LiveRepair,

    /// By which version
    #[arg(long, value_name = "VERSION", default_value = "v1")]
    standard: StandardVersion,

    /// Also repair what is recommended and no certificate needs
    #[arg(long, value_name = "TARGET")]
    include: Vec<Include>,

    #[command(flatten)]
    given: Given,

    /// How to print
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// `--include`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Include {
    /// What is recommended and takes no decision
    Recommended,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A shell script
    Text,
    /// One document with `changes`, `optional` and `remaining`
    Json,
    /// As json, in YAML
    Yaml,
}

/// The shape `scs/image-repair/1`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "scs/image-repair/1", description = "What `scs image repair -f json` prints.")]
pub(crate) struct Document<'a> {
    #[schemars(extend("const" = "scs/image-repair/1"))]
    schema: &'static str,
    /// The source of the images.
    subject: &'a str,
    profile: Profile,
    /// The time that counted as now.
    #[schemars(extend("format" = "date-time"))]
    at: String,
    /// What to know of the source as a whole, and what of it could not be read.
    notices: &'a [String],
    /// What can be changed in place.
    changes: &'a [ImageChange],
    /// What has a repair that no certificate needs.
    optional: &'a [Finding],
    /// What is left for a person to do.
    remaining: &'a [Finding],
}

impl Repair {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let live = self.live.open(Kind::Images)?;
        let options = ImageOptions::default();
        let (name, (set, mut notices)) = match (&live, &self.file) {
            (Some(live), _) => {
                let input = live.input();
                (input.name.clone(), self.given.set_of_input(input, options)?)
            }
            (None, Some(file)) => (file.name(), self.given.set(file, options)?),
            (None, None) => return Err(Failure::new("neither a file nor a cloud is named")),
        };
        notices.extend(set.broken().iter().map(|reason| format!("not read: {reason}")));
        let declarations = files::declarations(None)?;
        let context = Context {
            at: crate::app::at::now(common.at),
            profile: common.profile(),
            declarations: &declarations,
        };
        let options = ImageRepairOptions::default();
        let options = if self.include.is_empty() { options } else { options.recommended() };
        let mut repair = repair_images(&set, &context, &self.standard.documents(), options);
        let documents = self.standard.documents();
        let selection = Selection::of_documents([(String::new(), documents)], context.date());
        repair.remaining.retain(|finding| selection.asks(&finding.rule, finding.document));
        let mut output = Output::open(common.output.as_deref())?;
        match self.format {
            Format::Text => output.write_all(script(&name, &notices, &repair).as_bytes())?,
            Format::Json | Format::Yaml => {
                let document = Document {
                    schema: "scs/image-repair/1",
                    subject: &name,
                    profile: context.profile,
                    at: context.at.to_string(),
                    notices: &notices,
                    changes: &repair.changes,
                    optional: &repair.optional,
                    remaining: &repair.remaining,
                };
                files::write_document(&mut output, &document, self.format == Format::Yaml)?;
            }
        }
        output.finish()?;
        let wanted = repair.changes.iter().filter_map(|change| {
            Some(Wanted {
                name: change.subject.clone(),
                id: change.id.clone()?,
                changes: change.changes.clone(),
            })
        });
        self.live.make(live.as_ref(), &wanted.collect::<Vec<_>>())?;
        Ok(Exit::Success)
    }
}

/// Debian and Ubuntu package another program of this name, which takes no such expressions.
const NEEDS_YQ: &str =
    "yq --version | grep -q mikefarah || { echo 'this needs yq 4 of mikefarah' >&2; exit 1; }";

/// A POSIX shell script: the commands with the reasons as comments, and what somebody has to decide commented out.
fn script(name: &str, notices: &[String], repair: &ImageRepair) -> String {
    let mut text = String::from("#!/bin/sh\n");
    let mut line = |line: &dyn std::fmt::Display| {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{line}");
    };
    line(&Comment(&format!("Repairs the images of {name}.")));
    for notice in notices {
        line(&Comment(&format!("note: {}", brief(notice))));
    }
    line(&"set -eu");
    if repair.changes.iter().any(|change| change.command.starts_with("yq ")) {
        line(&NEEDS_YQ);
    }
    if repair.changes.is_empty() && repair.optional.is_empty() && repair.remaining.is_empty() {
        line(&"\n# There is nothing to repair.");
    }
    let mut last = None;
    for change in &repair.changes {
        line(&format!("\n{}", Comment(&format!("{} [{}]", brief(&change.subject), change.rules.join(", ")))));
        // The versions of a definition share it.
        if last != Some(&change.command) {
            line(&change.command);
        }
        last = Some(&change.command);
    }
    if !repair.optional.is_empty() {
        line(&"\n# No certificate needs these; `--include recommended` makes them active.");
        for told in told(&repair.optional) {
            line(&Comment(&told.words()));
            for way in told.finding.fix.iter().flat_map(Fix::ways) {
                line(&CommentedOut(&way.command));
            }
        }
    }
    let (choices, by_hand): (Vec<Told<'_>>, Vec<Told<'_>>) =
        told(&repair.remaining).into_iter().partition(Told::has_ways);
    if !choices.is_empty() {
        line(&"\n# To decide: remove the `#` in front of the command that is right.");
        for told in &choices {
            line(&format!("\n{}", Comment(&told.words())));
            let fix = told.finding.fix.as_ref();
            if let Some(question) = fix.and_then(Fix::words) {
                line(&Comment(&brief(question)));
            }
            for way in fix.map_or(&[][..], Fix::ways) {
                let marks = [way.when.as_deref(), way.destructive.then_some("destructive")];
                let marks: Vec<&str> = marks.into_iter().flatten().collect();
                if !marks.is_empty() {
                    line(&Comment(&format!("  {}:", brief(&marks.join(", ")))));
                }
                line(&CommentedOut(&way.command));
            }
        }
    }
    if !by_hand.is_empty() {
        line(&"\n# For a person to do:");
        for told in &by_hand {
            line(&Comment(&told.words()));
            if let Some(advice) = told.finding.fix.as_ref().and_then(Fix::words) {
                line(&Comment(&format!("  {}", brief(advice))));
            }
        }
    }
    text
}

/// A finding that remains, with all rules that say the same.
struct Told<'a> {
    finding: &'a Finding,
    rules: Vec<&'a str>,
}

impl Told<'_> {
    fn has_ways(&self) -> bool {
        self.finding.fix.as_ref().is_some_and(|fix| !fix.ways().is_empty())
    }

    fn words(&self) -> String {
        let Finding { subject, message, .. } = self.finding;
        format!("{}: {} [{}]", brief(subject), brief(message), self.rules.join(", "))
    }
}

/// What remains, each thing once.
fn told(remaining: &[Finding]) -> Vec<Told<'_>> {
    let mut told: Vec<Told<'_>> = Vec::new();
    let mut places: HashMap<(&str, &str), usize> = HashMap::new();
    for finding in remaining {
        let place = *places.entry((&finding.subject, &finding.message)).or_insert(told.len());
        match told.get_mut(place) {
            Some(same) => same.rules.push(&finding.rule),
            None => told.push(Told { finding, rules: vec![&finding.rule] }),
        }
    }
    told
}
