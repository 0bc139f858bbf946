//! `scs standards lint`: a folder of standard documents by scs-0001.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use schemars::JsonSchema;
use scs_standards::lint::{DocumentFolder, lint};
use scs_standards::{Context, Declarations, Finding, Profile, Severity, Verdict};
use serde::Serialize;

use super::folder;
use crate::Exit;
use crate::checked::{Told, findings_as_markdown, findings_in_words};
use crate::cli::Common;
use crate::color::Palette;
use crate::failure::Failure;
use crate::listing::{self, Format};
use crate::table::counted;

/// `scs standards lint`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  scs standards lint standards/Standards           a checkout of the standards
  scs standards lint --profile official Standards  what the official checker would say

Templates, and files that are neither named as a document nor have the front matter of one, are left out. Relations are looked up among the files that are given.
Exit status: 0 no MUST is broken, 1 one is, 2 a file could not be read.")]
pub(crate) struct Lint {
    /// Folders of documents, or documents
    #[arg(value_name = "DIR|FILE", required = true)]
    paths: Vec<PathBuf>,

    /// List every note, too
    #[arg(long)]
    all: bool,

    /// How to print
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// What `scs standards lint -f json` prints.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "What `scs standards lint -f json` prints")]
pub(crate) struct LintDocument<'a> {
    profile: Profile,
    #[schemars(extend("format" = "date-time"))]
    at: String,
    /// How many documents were checked.
    documents: usize,
    /// The files that are no documents.
    ignored: &'a [String],
    rules: BTreeMap<&'static str, Verdict>,
    verdict: Verdict,
    findings: Vec<&'a Finding>,
}

impl Lint {
    pub(super) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let folder = DocumentFolder::new(folder::documents(&self.paths)?);
        if folder.is_empty() {
            return Err(Failure::new("there is no standard document among the files")
                .hint("documents are named scs-XXXX-vN-slug.md"));
        }
        let declarations = Declarations::default();
        let at = crate::at::now(common.at);
        let context = Context { at, profile: common.profile(), declarations: &declarations };
        let answers = lint(&folder, &context);
        // A SHOULD, and what most documents lack, is a warning.
        let deciding = answers.iter().flat_map(|answer| &answer.findings);
        let deciding =
            deciding.filter(|finding| finding.severity == Severity::Error).map(|finding| finding.result);
        let verdict = Verdict::topmost(deciding).unwrap_or(Verdict::Pass);
        let document = LintDocument {
            profile: common.profile(),
            at: at.to_string(),
            documents: folder.len(),
            ignored: folder.ignored(),
            rules: answers.iter().map(|answer| (answer.rule, answer.verdict)).collect(),
            verdict,
            findings: answers.iter().flat_map(|answer| &answer.findings).collect(),
        };
        let told = Told::all(&answers);
        let head = format!(
            "{}, {} left out",
            counted(folder.len(), "document"),
            counted(folder.ignored().len(), "other file")
        );
        let palette = Palette::new(common.output.is_none() && common.color.on_stdout());
        let text = || {
            let mut text = format!("{head}\n");
            text.push_str(&findings_in_words(&told, &[], self.all, common.profile(), &palette));
            // Writing to a string does not fail.
            let _ = writeln!(text, "{}\n{verdict}", totals(&answers));
            text
        };
        let markdown = || {
            let findings = findings_as_markdown("Document", &told, self.all);
            format!("## {head}: {verdict}\n\n{}\n\n{findings}", totals(&answers))
        };
        listing::print_with(common, self.format, &document, text, markdown)?;
        Ok(Exit::success_if(verdict == Verdict::Pass))
    }
}

/// How many findings there are of each weight.
fn totals(answers: &[scs_standards::Answer]) -> String {
    let count = |severity| {
        let findings = answers.iter().flat_map(|answer| &answer.findings);
        findings.filter(|finding| finding.severity == severity).count()
    };
    format!("{}, {}", counted(count(Severity::Error), "error"), counted(count(Severity::Warning), "warning"))
}
