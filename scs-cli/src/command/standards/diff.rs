//! `scs standards diff`: compares two versions of a standard, rule by rule.

use clap::Args;
use schemars::JsonSchema;
use scs_registry::{Registry, RuleInfo};
use serde::Serialize;

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::options::Common;
use crate::print::format::Format;
use crate::print::listing;
use scs_report::Table;

/// `scs standards diff`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs standards diff scs-0102-v1 scs-0102-v2

Rules that are the same in both documents are not listed.

Exit status: 0 the rules are the same, 1 they differ, 2 a document does not exist.")]
pub(crate) struct Diff {
    /// Old version
    #[arg(value_name = "DOCUMENT")]
    from: String,

    /// New version
    #[arg(value_name = "DOCUMENT")]
    to: String,

    /// Output format
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// A rule that differs.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "A change in the output of `scs standards diff`")]
pub(crate) struct ChangedRule {
    rule: &'static str,
    /// added, removed or changed.
    change: &'static str,
    before: Option<RuleFacts>,
    after: Option<RuleFacts>,
}

/// The parts of a rule that can change.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
struct RuleFacts {
    level: scs_standards::Level,
    summary: &'static str,
    test_case: Option<&'static str>,
}

impl From<&RuleInfo> for RuleFacts {
    fn from(rule: &RuleInfo) -> Self {
        Self { level: rule.level, summary: rule.summary, test_case: rule.test_case }
    }
}

impl Diff {
    pub(super) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let (from, to) = (super::document::document(&self.from)?, super::document::document(&self.to)?);
        let registry = Registry::new();
        let before: Vec<&RuleInfo> = registry.rules_of(from).collect();
        let after: Vec<&RuleInfo> = registry.rules_of(to).collect();
        for (id, rules) in [(from, &before), (to, &after)] {
            if rules.is_empty() {
                return Err(Failure::new(format!("{id} has no rules")).hint(
                    "it contains only background or notes, or is not encoded yet; see `scs standards show`",
                ));
            }
        }
        let find = |rules: &[&RuleInfo], id: &str| {
            rules.iter().find(|rule| rule.id == id).map(|rule| RuleFacts::from(*rule))
        };
        let mut changes: Vec<ChangedRule> = Vec::new();
        for rule in &before {
            let (old, new) = (Some(RuleFacts::from(*rule)), find(&after, rule.id));
            if new != old {
                let change = if new.is_some() { "changed" } else { "removed" };
                changes.push(ChangedRule { rule: rule.id, change, before: old, after: new });
            }
        }
        for rule in after.iter().filter(|rule| find(&before, rule.id).is_none()) {
            let after = Some(RuleFacts::from(*rule));
            changes.push(ChangedRule { rule: rule.id, change: "added", before: None, after });
        }
        let mut table = Table::new(&["rule", "change", "before", "after"]);
        let cell = |facts: Option<RuleFacts>| {
            facts.map_or_else(|| "-".to_owned(), |facts| format!("{}: {}", facts.level, facts.summary))
        };
        for change in &changes {
            table.row([
                change.rule.to_owned(),
                change.change.to_owned(),
                cell(change.before),
                cell(change.after),
            ]);
        }
        let text = |width| match changes.as_slice() {
            [] => format!("the rules of {from} and {to} are the same\n"),
            _ => table.to_text(width),
        };
        listing::print_with(common, self.format, &changes, text, || table.to_markdown())?;
        Ok(Exit::success_if(changes.is_empty()))
    }
}
