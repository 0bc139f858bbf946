//! `scs image repair`: prints the commands that fix the findings about images.

use std::io::Write;

use clap::{Args, ValueEnum};
use schemars::JsonSchema;
use scs_image_metadata::{ImageChange, ImageOptions, ImageRepair, ImageRepairOptions, repair_images};
use scs_registry::Selection;
use scs_standards::{Context, Finding, Profile, Way};
use serde::Serialize;

use super::standard_version::StandardVersion;
use crate::app::diagnostic::brief;
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::files;
use crate::app::input::Source;
use crate::app::options::Common;
use crate::app::output::Output;
use crate::print::format::ScriptFormat;
use crate::print::script::{FixGroup, Script};
use crate::source::cloud::{Kind, LiveRepair, Wanted};
use crate::source::images::Given;

/// `scs image repair`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs image repair images.json                     print a shell script
  scs image repair -f json images.json             print data
  scs image repair --standard v2 images.json       also for version 2
  scs image repair --include recommended images.json
                                                   also recommended changes
  scs image repair --os-cloud my-cloud --as-admin --apply
                                                   change properties, after
                                                   confirmation

Review the script, then run it. Properties are changed in place. Only commands that a certificate requires \
are active; recommended changes and anything that needs a decision or a new build are commented out. \
Definitions of openstack-image-manager are changed in their files, with `yq`.

Nothing is changed without `--apply`.

Exit status: 0 success, 2 an input could not be read.")]
pub(crate) struct Repair {
    /// Images, as a file or a directory; `-` is standard input
    #[arg(value_name = "FILE", required_unless_present = "os_cloud", conflicts_with = "os_cloud")]
    file: Option<Source>,

    #[command(flatten)]
    live: LiveRepair,

    /// Version of the standards to check against
    #[arg(long, value_name = "VERSION", default_value = "v1")]
    standard: StandardVersion,

    /// Also fix recommendations
    #[arg(long, value_name = "TARGET")]
    include: Vec<Include>,

    #[command(flatten)]
    given: Given,

    /// Output format
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: ScriptFormat,
}

/// `--include`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Include {
    /// Recommendations that need no decision
    Recommended,
}

/// The document `scs/image-repair/1`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "scs/image-repair/1", description = "The output of `scs image repair -f json`.")]
pub(crate) struct Document<'a> {
    #[schemars(extend("const" = "scs/image-repair/1"))]
    schema: &'static str,
    /// The source of the images.
    subject: &'a str,
    profile: Profile,
    /// The time of the check.
    #[schemars(extend("format" = "date-time"))]
    at: String,
    /// Notices about the input as a whole and about its unreadable parts.
    notices: &'a [String],
    /// Changes in place.
    changes: &'a [ImageChange],
    /// Fixes that no certificate requires.
    optional: &'a [Finding],
    /// Findings to fix by hand.
    remaining: &'a [Finding],
}

impl Repair {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let live = self.live.cloud.open(Kind::Images)?;
        let options = ImageOptions::default();
        let (name, (set, mut notices)) = match (&live, &self.file) {
            (Some(live), _) => {
                let input = live.input();
                (input.name.clone(), self.given.set_of_input(input, options)?)
            }
            (None, Some(file)) => (file.name(), self.given.set(file, options)?),
            (None, None) => return Err(Failure::new("no file and no cloud given")),
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
            ScriptFormat::Text => output.write_all(script(&name, &notices, &repair).as_bytes())?,
            ScriptFormat::Json | ScriptFormat::Yaml => {
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
                files::write_document(&mut output, &document, self.format == ScriptFormat::Yaml)?;
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

/// Debian and Ubuntu package a different `yq`, which does not support these expressions.
const NEEDS_YQ: &str =
    "yq --version | grep -q mikefarah || { echo 'this script needs yq 4 by mikefarah' >&2; exit 1; }";

/// A POSIX shell script: the commands with the reasons as comments; commands that need a decision are commented out.
fn script(name: &str, notices: &[String], repair: &ImageRepair) -> String {
    let text = |way: &Way| way.command.clone();
    let mut script = Script::new("destructive");
    script.line("#!/bin/sh");
    script.title(&format!("Fixes the images of {name}."), notices);
    script.line("set -eu");
    if repair.changes.iter().any(|change| change.command.starts_with("yq ")) {
        script.line(NEEDS_YQ);
    }
    if repair.changes.is_empty() && repair.optional.is_empty() && repair.remaining.is_empty() {
        script.section("Nothing to fix.");
    }
    let mut last = None;
    for change in &repair.changes {
        script.section(&format!("{} [{}]", brief(&change.subject), change.rules.join(", ")));
        // All versions of a definition share the command.
        if last != Some(&change.command) {
            script.line(&change.command);
        }
        last = Some(&change.command);
    }
    script.recommended(&by_message(&repair.optional), &text);
    let (choices, by_hand): (Vec<_>, Vec<_>) =
        by_message(&repair.remaining).into_iter().partition(|group| !group.ways().is_empty());
    script.choices(&choices, &text);
    script.by_hand(&by_hand);
    script.finish()
}

/// Groups findings by message.
fn by_message(findings: &[Finding]) -> Vec<FixGroup<'_>> {
    FixGroup::by(findings, |finding| &finding.message)
}
