//! `scs certificate questionnaire`: the declarations that are still to be made.

use crate::source::inventories::read_parts;
use std::fmt::Write as _;
use std::io::Write as _;

use clap::Args;
use jiff::ToSpan;
use jiff::tz::TimeZone;
use scs_certificates::Scope;
use scs_registry::{Inventory, Kind, OpenQuestion, Registry, ScopeChoice, Selection, Subject, check};
use scs_report::counted;
use scs_standards::Declarations;
use scs_standards::written::{Comment, yaml};

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::files;
use crate::app::input::Source;
use crate::app::options::Common;
use crate::app::output::Output;
use crate::print::report::context;

/// `scs certificate questionnaire`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  scs certificate questionnaire > declarations.yaml           everything that a provider of a cloud may be asked
  scs certificate questionnaire cloud.yaml                    what this cloud is asked, and has not declared yet
  scs certificate questionnaire --declarations declarations.yaml cloud.yaml >> declarations.yaml
                                                              what is new since, or has expired
  scs check --declarations declarations.yaml cloud.yaml

Each declaration answers one rule by a value, such as a ratio or an age, that the rule judges. It holds until its last day;
manual checks are repeated every quarter (scs-0004). An entry whose `value` is empty counts for nothing.
Exit status: 0 it is printed, 2 an input could not be read.")]
pub(crate) struct Questionnaire {
    /// The inventory, or its parts; `-` is standard input [default: none, so that everything is asked]
    #[arg(value_name = "INVENTORY")]
    inventory: Vec<Source>,

    /// The scope, by name or as a file [default: by the kind of the inventory, that of clouds without one]
    #[arg(long, value_name = "NAME|FILE")]
    scope: Option<String>,

    /// The version of the scope [default: the newest effective one]
    #[arg(long, value_name = "VERSION")]
    scope_version: Option<String>,

    /// Ask for what drafts want to know as well
    #[arg(long)]
    include_drafts: bool,

    /// What has been declared already
    #[arg(long, value_name = "FILE")]
    declarations: Option<Source>,
}

impl Questionnaire {
    pub(super) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let at = crate::app::at::now(common.at);
        let given = self.scope.as_deref().map(crate::source::scope::file).transpose()?;
        let inventory = match self.inventory.as_slice() {
            sources @ [_, ..] => read_parts(sources)?,
            [] => Inventory::new(match given.as_deref() {
                Some(scope) if scope.uuid() == Scope::compatible_kaas().uuid() => Kind::Cluster,
                _ => Kind::Cloud,
            }),
        };
        let inventory = inventory.with_declarations(&files::declarations(self.declarations.as_ref())?);
        let scope = given.as_deref().unwrap_or_else(|| inventory.kind().scope());
        let mut choice = ScopeChoice::default();
        choice.version.clone_from(&self.scope_version);
        choice.include_drafts = self.include_drafts;
        let none = Declarations::default();
        let context = context(common, &none);
        let selection = Selection::of_scope(scope, inventory.kind(), context.date(), &choice)
            .map_err(|error| Failure::new(error.to_string()))?;
        let report = check(&Subject::inventory("subject", &inventory), &selection, &context);
        let today = at.to_zoned(TimeZone::UTC).date();
        // Manual checks are repeated every quarter (scs-0004-v1, Regulations).
        let until = today.checked_add(3.months()).unwrap_or(today);
        let open = &report.questions;
        let mut text = String::new();
        let head = format!(
            "{} for {}{} on {today}, {}",
            counted(open.len(), "declaration"),
            scope.name(),
            report.decided_by.as_ref().map(|version| format!(" {version}")).unwrap_or_default(),
            match self.inventory.as_slice() {
                [] => "that a provider may be asked".to_owned(),
                [source] => format!("that {} still needs", source.name()),
                [first, others @ ..] =>
                    format!("that {} and {} still need", first.name(), counted(others.len(), "other file")),
            }
        );
        // Writing to a string does not fail.
        let _ = writeln!(text, "{}", Comment(&head));
        for question in open {
            entry(&mut text, question, !self.inventory.is_empty());
            let _ = writeln!(
                text,
                "  statement: \"\"\n  document: \"\"\n  date: {today}\n  valid_until: {until}\n  responsible: \"\"",
            );
        }
        let mut output = Output::open(common.output.as_deref())?;
        output.write_all(text.as_bytes())?;
        output.finish()?;
        Ok(Exit::Success)
    }
}

/// The question in comments, which no text of the inventory leaves, and the entry with its value empty.
fn entry(text: &mut String, open: &OpenQuestion, with_reason: bool) {
    let registry = Registry::new();
    let mut comments: Vec<String> = open
        .rules
        .iter()
        .filter_map(|asking| {
            let rule =
                registry.rule(&asking.rule).into_iter().find(|rule| rule.documents[0] == asking.document)?;
            Some(format!(
                "{} {} [{}; {}, {}]",
                rule.level, rule.summary, rule.id, asking.document, rule.section
            ))
        })
        .collect();
    if let (true, Some(reason)) = (with_reason, &open.reason) {
        comments.push(format!("now: {reason}"));
    }
    comments.push(format!("value: {}", open.values));
    comments.push(format!("example: {}", open.example));
    text.push('\n');
    for comment in &comments {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{}", Comment(comment));
    }
    let word = if open.is_topic { "topic" } else { "rule" };
    let _ = writeln!(text, "- {word}: {}\n  value: ~", yaml::word(&open.name));
}
