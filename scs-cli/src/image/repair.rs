//! `scs image repair`: the commands that make the findings over images disappear.

use std::fmt::Write as _;
use std::io::Write;

use clap::{Args, ValueEnum};
use schemars::JsonSchema;
use scs_image_metadata::{ImageChange, ImageOptions, ImageRepair, repair_images};
use scs_standards::{Context, Finding, Profile};
use serde::Serialize;

use super::StandardVersion;
use super::source::Given;
use crate::Outcome;
use crate::cli::Common;
use crate::diagnostic::{brief, visible};
use crate::failure::Failure;
use crate::files;
use crate::input::Source;
use crate::inventory::{Kind, LiveRepair, Wanted};
use crate::output::Output;
use crate::table::counted;

/// `scs image repair`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  scs image repair images.json                     what to change, as a shell script to read and run
  scs image repair -f json images.json             the same as data
  scs image repair --standard v2 images.json       what version 2 wants as well
  scs image repair --os-cloud my-cloud --as-admin --apply
                                                   change them in a cloud, after asking

Properties are changed in place, and without `--apply` nothing is run. What takes a new build, or a decision, is listed as a comment.
Exit status: 0 the commands are printed, 2 the input could not be read.")]
pub(crate) struct Repair {
    /// The images; `-` is standard input
    #[arg(value_name = "FILE", required_unless_present = "os_cloud")]
    file: Option<Source>,

    #[command(flatten)]
    live: LiveRepair,

    /// By which version
    #[arg(long, value_name = "VERSION", default_value = "v1")]
    standard: StandardVersion,

    #[command(flatten)]
    given: Given,

    /// How to print
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A shell script
    Text,
    /// One document with `changes` and `remaining`
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
    /// What is left for a person to do.
    remaining: &'a [Finding],
}

impl Repair {
    pub(crate) fn run(&self, common: &Common) -> Result<Outcome, Failure> {
        let live = self.live.open(Kind::Images)?;
        let input = match (&live, &self.file) {
            (Some(live), _) => live.input(),
            (None, Some(file)) => file.open()?,
            (None, None) => return Err(Failure::new("neither a file nor a cloud is named")),
        };
        let name = input.name.clone();
        let (set, mut notices) = self.given.set_of_input(input, ImageOptions::default())?;
        notices.extend(set.broken().iter().map(|reason| format!("not read: {reason}")));
        let declarations = files::declarations(None)?;
        let context =
            Context { at: crate::at::now(common.at), profile: common.profile(), declarations: &declarations };
        let repair = repair_images(&set, &context, &self.standard.documents());
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
        Ok(Outcome::Fine)
    }
}

/// The commands with the reasons as comments.
fn script(name: &str, notices: &[String], repair: &ImageRepair) -> String {
    let mut text = format!("# Repairs the images of {}.\n", visible(name));
    // Writing to a string does not fail.
    for notice in notices {
        let _ = writeln!(text, "# note: {}", brief(notice));
    }
    if repair.changes.is_empty() && repair.remaining.is_empty() {
        text.push_str("# There is nothing to repair.\n");
        return text;
    }
    if !repair.changes.is_empty() {
        let _ = writeln!(text, "\n# Properties of {}.", counted(repair.changes.len(), "image"));
        for change in &repair.changes {
            let _ = writeln!(text, "# {} [{}]", brief(&change.subject), change.rules.join(", "));
            let _ = writeln!(text, "{}", visible(&change.command));
        }
    }
    if !repair.remaining.is_empty() {
        text.push_str("\n# For a person to do:\n");
        for Finding { subject, message, rule, .. } in &repair.remaining {
            let _ = writeln!(text, "# {}: {} [{rule}]", brief(subject), brief(message));
        }
    }
    text
}
