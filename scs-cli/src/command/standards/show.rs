//! `scs standards show`: shows a document with its rules, a standard, a rule or a test case.

use std::fmt::Write as _;

use clap::Args;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use scs_certificates::Scope;
use scs_registry::{Coverage, Registry, RuleInfo};
use scs_standards::catalog::Catalog;
use scs_standards::{DocumentId, Level, StandardId};
use serde::Serialize;

use super::list::DocumentRow;
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::options::Common;
use crate::print::format::Format;
use crate::print::listing::{self, Medium};
use scs_report::Table;

/// `scs standards show`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs standards show scs-0102-v2                   a document and its rules
  scs standards show scs-0102                      all versions of a standard
  scs standards show scs-0102-prop-min_disk        a rule or test case and the
                                                   scopes that require it

Exit status: 0 success, 2 the id is unknown.")]
pub(crate) struct Show {
    /// Id of a document, a standard, a rule or a test case
    #[arg(value_name = "ID")]
    id: String,

    /// Output format
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// The output of `scs standards show`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "The output of `scs standards show`")]
pub(crate) struct Shown {
    id: String,
    documents: Vec<DocumentRow>,
    rules: Vec<ShownRule>,
    /// The versions of the official scopes that require it, if it is a test case.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    scopes: Vec<ShownScope>,
}

/// A rule.
#[derive(Serialize, JsonSchema)]
struct ShownRule {
    id: &'static str,
    level: Level,
    documents: &'static [DocumentId],
    section: &'static str,
    summary: &'static str,
    test_case: Option<&'static str>,
}

/// A version of a scope.
#[derive(Serialize, JsonSchema)]
struct ShownScope {
    scope: String,
    version: String,
    target: String,
    lifetime: scs_certificates::Lifetime,
    /// The validity of the version over time.
    periods: Vec<ShownPeriod>,
}

/// A period: from a day until the day before another.
#[derive(Serialize, JsonSchema)]
struct ShownPeriod {
    #[schemars(with = "String", extend("format" = "date"))]
    from: Date,
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    until: Option<Date>,
    validity: scs_certificates::Validity,
}

impl ShownPeriod {
    /// `effective from 2024-12-19`, `warn 2025-02-01 to 2025-07-01`.
    fn in_words(&self) -> String {
        match self.until {
            None => format!("{} from {}", self.validity, self.from),
            Some(until) => format!("{} {} to {until}", self.validity, self.from),
        }
    }
}

impl From<&RuleInfo> for ShownRule {
    fn from(rule: &RuleInfo) -> Self {
        Self {
            id: rule.id,
            level: rule.level,
            documents: rule.documents,
            section: rule.section,
            summary: rule.summary,
            test_case: rule.test_case,
        }
    }
}

impl Show {
    pub(super) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let today = crate::app::at::now(common.at).to_zoned(TimeZone::UTC).date();
        let shown = self.shown(today)?;
        listing::print_with(
            common,
            self.format,
            &shown,
            |width| in_words(&shown, Medium::Terminal(width)),
            || in_words(&shown, Medium::Markdown),
        )?;
        Ok(Exit::Success)
    }

    fn shown(&self, today: Date) -> Result<Shown, Failure> {
        let catalog = Catalog::embedded();
        let registry = Registry::new();
        let id = self.id.clone();
        if let Ok(standard) = id.parse::<StandardId>() {
            let documents: Vec<DocumentRow> =
                catalog.of(standard).map(|document| DocumentRow::new(document, today)).collect();
            if documents.is_empty() {
                return Err(Failure::new(format!("unknown standard `{id}`"))
                    .hint("`scs standards list` lists all documents"));
            }
            return Ok(Shown { id, documents, rules: Vec::new(), scopes: Vec::new() });
        }
        if let Ok(document) = super::document::document(&id) {
            let documents = catalog.get(document).into_iter().map(|it| DocumentRow::new(it, today)).collect();
            let rules = registry.rules_of(document).map(ShownRule::from).collect();
            return Ok(Shown { id, documents, rules, scopes: Vec::new() });
        }
        let mut rules: Vec<ShownRule> = registry.rule(&id).into_iter().map(ShownRule::from).collect();
        for rule in registry.rules_of_test_case(&id) {
            if !rules.iter().any(|known| known.id == rule.id && known.documents == rule.documents) {
                rules.push(rule.into());
            }
        }
        let scopes = requiring_versions(&id);
        let known = !rules.is_empty() || !matches!(registry.coverage(&id), Coverage::Unknown);
        if known {
            return Ok(Shown { id, documents: Vec::new(), rules, scopes });
        }
        if let Ok(explanation) = scs_registry::explain::explain(&id, today) {
            let known = explanation.id;
            let is_document =
                super::document::document(&known).is_ok() || known.parse::<StandardId>().is_ok();
            let hint = if is_document {
                format!("did you mean `{known}`?")
            } else {
                format!("`scs explain {known}` explains it")
            };
            return Err(Failure::new(format!("there is no document `{id}`")).hint(hint));
        }
        // Look up the document again for its hint.
        super::document::document(&id).map_err(|failure| match registry.suggestion(&id) {
            Some(meant) => {
                Failure::new(format!("no rule or test case `{id}`")).hint(format!("did you mean `{meant}`?"))
            }
            None => failure,
        })?;
        Err(Failure::new(format!("no rule or test case `{id}`")))
    }
}

/// The versions of the official scopes that require a test case.
fn requiring_versions(id: &str) -> Vec<ShownScope> {
    let mut requiring = Vec::new();
    for scope in Scope::embedded() {
        for version in scope.versions() {
            for (target, _) in
                version.targets().iter().filter(|(_, cases)| cases.iter().any(|case| case == id))
            {
                requiring.push(ShownScope {
                    scope: scope.name().to_owned(),
                    version: version.name().to_owned(),
                    target: target.to_string(),
                    lifetime: scope.test_case(id).map(|case| case.lifetime).unwrap_or_default(),
                    periods: scope
                        .timeline()
                        .periods(version.name())
                        .into_iter()
                        .map(|(from, until, validity)| ShownPeriod { from, until, validity })
                        .collect(),
                });
            }
        }
    }
    requiring
}

fn in_words(shown: &Shown, medium: Medium) -> String {
    let mut text = String::new();
    let print = |table: &Table| medium.table(table);
    let list = |ids: &[DocumentId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    for document in &shown.documents {
        let mark = if medium.is_markdown() { "## " } else { "" };
        // Writing to a string does not fail.
        let _ = writeln!(text, "{mark}{}: {}", document.id, document.title);
        let stable = document.stabilized_at.map(|date| format!(", stable since {date}")).unwrap_or_default();
        let over =
            document.deprecated_at.map(|date| format!(", deprecated after {date}")).unwrap_or_default();
        let _ = writeln!(text, "{}, {}{stable}{over}", document.kind, document.label);
        for (what, ids) in [("replaces", document.replaces), ("replaced by", document.replaced_by)] {
            if !ids.is_empty() {
                let _ = writeln!(text, "{what} {}", list(ids));
            }
        }
        if !document.revisions.is_empty() {
            let _ = writeln!(text, "revisions of the text: {}", document.revisions.join(", "));
        }
        let _ = writeln!(text, "{}", document.url);
        for note in document.notes {
            let _ = writeln!(text, "note: {note}");
        }
        text.push('\n');
    }
    if !shown.rules.is_empty() {
        // The rules of one document share most documents, and a test case is mostly named like its rule.
        let mut table = Table::new(&["rule", "level", "test case", "summary", "section"]);
        for rule in &shown.rules {
            let test_case = match rule.test_case {
                None => "-",
                Some(case) if case == rule.id => "yes",
                Some(case) => case,
            };
            table.row([
                rule.id.to_owned(),
                rule.level.to_string(),
                test_case.to_owned(),
                rule.summary.to_owned(),
                rule.section.to_owned(),
            ]);
        }
        text.push_str(&print(&table));
    } else if shown.documents.len() == 1 {
        text.push_str("no rules: background, notes, or not encoded yet\n");
    }
    if !shown.scopes.is_empty() {
        let mut table = Table::new(&["scope", "version", "target", "lifetime", "validity"]);
        for scope in &shown.scopes {
            table.row([
                scope.scope.clone(),
                scope.version.clone(),
                scope.target.clone(),
                scope.lifetime.to_string(),
                scope.periods.iter().map(ShownPeriod::in_words).collect::<Vec<_>>().join(", "),
            ]);
        }
        text.push('\n');
        text.push_str(&print(&table));
    }
    text
}
