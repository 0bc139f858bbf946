//! `scs certificate questionnaire`: the declarations that an inventory still needs.

use std::fmt::Write as _;
use std::io::Write as _;

use clap::Args;
use jiff::ToSpan;
use jiff::tz::TimeZone;
use scs_certificates::Scope;
use scs_registry::{CheckOptions, Inventory, Kind, check, check::undeclared};

use crate::Outcome;
use crate::cli::Common;
use crate::failure::Failure;
use crate::files;
use crate::input::Source;
use crate::output::Output;

/// `scs certificate questionnaire`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  scs certificate questionnaire cloud.yaml > declarations.yaml
  scs check --declarations declarations.yaml cloud.yaml

Each declaration answers one rule by a value, such as a ratio or an age, that the rule judges. It holds until its last day.
Exit status: 0 it is printed, 2 the inventory could not be read.")]
pub(crate) struct Questionnaire {
    /// The inventory; `-` is standard input
    #[arg(value_name = "INVENTORY")]
    inventory: Source,

    /// The scope, by name or as a file [default: by the kind of the inventory]
    #[arg(long, value_name = "NAME|FILE")]
    scope: Option<String>,

    /// What has been declared already
    #[arg(long, value_name = "FILE")]
    declarations: Option<Source>,
}

impl Questionnaire {
    pub(super) fn run(&self, common: &Common) -> Result<Outcome, Failure> {
        let at = crate::at::now(common.at);
        let name = self.inventory.name();
        let text = files::text(self.inventory.open()?, files::WRITTEN)?;
        let inventory = Inventory::read(&text)
            .map_err(|error| Failure::new(format!("{name}: {error}")))?
            .with_declarations(&files::declarations(self.declarations.as_ref())?);
        let given = self.scope.as_deref().map(crate::check::scope).transpose()?;
        let scope = given.as_deref().unwrap_or_else(|| match inventory.kind() {
            Kind::Cloud => Scope::compatible_iaas(),
            Kind::Cluster => Scope::compatible_kaas(),
        });
        let options = CheckOptions::new(scope, at, common.profile());
        let checked = check(&inventory, &options).map_err(|error| Failure::new(error.to_string()))?;
        let today = at.to_zoned(TimeZone::UTC).date();
        // Manual checks are repeated every quarter (scs-0004-v1, Regulations).
        let until = today.checked_add(3.months()).unwrap_or(today);
        let mut text = String::new();
        let rules = undeclared(&checked);
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "# {} of {name} for {}",
            crate::table::counted(rules.len(), "declaration"),
            scope.name()
        );
        if rules.is_empty() {
            text.push_str("[]\n");
        }
        for rule in rules {
            let said = checked
                .answers
                .iter()
                .filter(|(known, _)| known.id == rule.id)
                .flat_map(|(_, answer)| &answer.findings)
                .next();
            let _ = writeln!(
                text,
                "\n# {} {} ({}, {})",
                rule.level, rule.summary, rule.documents[0], rule.section
            );
            if let Some(finding) = said {
                let _ = writeln!(text, "# {}", finding.message.replace('\n', " "));
            }
            let _ = writeln!(
                text,
                "- rule: {}\n  value: ~\n  statement: \"\"\n  document: \"\"\n  date: {today}\n  valid_until: {until}\n  \
                 responsible: \"\"",
                rule.id
            );
        }
        let mut output = Output::open(common.output.as_deref())?;
        output.write_all(text.as_bytes())?;
        output.finish()?;
        Ok(Outcome::Fine)
    }
}
