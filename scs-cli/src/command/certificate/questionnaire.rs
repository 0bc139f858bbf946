//! `scs certificate questionnaire`: the missing declarations, as a file to fill in.

use crate::source::inventories::read_parts;
use std::fmt::Write as _;
use std::io::Write as _;

use clap::Args;
use jiff::ToSpan;
use jiff::tz::TimeZone;
use scs_certificates::Scope;
use scs_registry::{Inventory, Kind, OpenQuestion, Registry, ScopeChoice, Selection, Subject, check};
use scs_report::{counted, fit};
use scs_standards::Declarations;
use scs_standards::written::{Comment, visible, yaml};

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::files;
use crate::app::input::Source;
use crate::app::options::Common;
use crate::app::output::Output;
use crate::print::report::context;

/// The width of comments, without `# `.
const WIDTH: usize = 98;

/// `scs certificate questionnaire`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs certificate questionnaire > declarations.yaml
                                                   all questions for a cloud
  scs certificate questionnaire cloud.yaml         the open ones for this cloud
  scs certificate questionnaire --declarations declarations.yaml cloud.yaml \\
    >> declarations.yaml                           add new and expired ones
  scs check --declarations declarations.yaml cloud.yaml

Each declaration answers one rule with a value, such as a ratio or an age, which the rule evaluates. A \
declaration is valid through its last day; manual checks have to be answered again every quarter (scs-0004). \
Entries with an empty `value` are ignored.

Exit status: 0 success, 2 an input could not be read.")]
pub(crate) struct Questionnaire {
    /// Inventory, or parts of one; `-` is standard input [default: none, to list all questions]
    #[arg(value_name = "INVENTORY")]
    inventory: Vec<Source>,

    /// Scope name or scope file [default: by the kind of inventory; for clouds without an inventory]
    #[arg(long, value_name = "NAME|FILE")]
    scope: Option<String>,

    /// Version of the scope [default: the newest effective version]
    #[arg(long, value_name = "VERSION")]
    scope_version: Option<String>,

    /// Include questions of drafts
    #[arg(long)]
    include_drafts: bool,

    /// Existing declarations
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
        // Manual checks have to be answered every quarter (scs-0004-v1, Regulations).
        let until = today.checked_add(3.months()).unwrap_or(today);
        let open = &report.questions;
        let mut text = String::new();
        let declarations = match open.len() {
            0 => "no open declarations".to_owned(),
            count => counted(count, "declaration"),
        };
        let head = format!(
            "{declarations} for {}{} on {today}, {}",
            scope.name(),
            report.decided_by.as_ref().map(|version| format!(" {version}")).unwrap_or_default(),
            match self.inventory.as_slice() {
                [] => "all questions for a provider".to_owned(),
                [source] => format!("inventory: {}", source.name()),
                [first, others @ ..] =>
                    format!("inventory: {} and {}", first.name(), counted(others.len(), "other file")),
            }
        );
        // Writing to a string does not fail.
        text.push_str(&comment(&head));
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

/// A comment on as many lines as it needs.
fn comment(text: &str) -> String {
    let escaped = visible(text);
    fit(&escaped, WIDTH).lines().fold(String::new(), |all, line| all + &format!("{}\n", Comment(line)))
}

/// The question as comments, which text from the inventory cannot escape, and the entry with an empty value.
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
    for line in &comments {
        text.push_str(&comment(line));
    }
    let word = if open.is_topic { "topic" } else { "rule" };
    let _ = writeln!(text, "- {word}: {}\n  value: ~", yaml::word(&open.name));
}
