//! `scs certificate show`: the requirements of a version, and problems of a scope file.

use clap::Args;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use scs_certificates::{Lifetime, Scope, ScopeSubject, Validity};
use scs_registry::{Coverage, Registry, Selection, Subject, check};
use scs_report::{Shown, Table};
use scs_standards::Declarations;
use scs_standards::catalog::Catalog;
use scs_standards::written::{markdown, visible};
use serde::Serialize;

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::options::Common;
use crate::app::terminal;
use crate::print::report::{Extent, Head, ReportOptions, context};

/// `scs certificate show`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs certificate show scs-compatible-iaas         the newest effective version
  scs certificate show scs-compatible-iaas next
  scs certificate show scope.yaml                  a file and its problems
  scs certificate show scope.yaml --earlier old.yaml
                                                   also forbidden changes

Exit status: 0 success, 1 the file breaks a MUST of scs-0003, 2 a file could not be read.")]
pub(crate) struct Show {
    /// Scope name or scope file
    #[arg(value_name = "NAME|FILE")]
    scope: String,

    /// Version of the scope [default: the newest effective version]
    #[arg(value_name = "VERSION")]
    scope_version: Option<String>,

    /// Previous edition, to check for forbidden changes
    #[arg(long, value_name = "FILE")]
    earlier: Option<String>,

    #[command(flatten)]
    report: ReportOptions,
}

/// A version of a scope, with all modules and test cases: `shown` in the report.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "`shown` in the output of `scs certificate show`")]
pub(crate) struct ShownVersion<'a> {
    scope: &'a str,
    uuid: &'a str,
    url: &'a str,
    version: Option<&'a str>,
    validity: Option<Validity>,
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    stabilized_at: Option<Date>,
    modules: Vec<ShownModule<'a>>,
    test_cases: Vec<ShownCase<'a>>,
}

/// A module of a version.
#[derive(Serialize, JsonSchema)]
struct ShownModule<'a> {
    id: &'a str,
    /// The document that the module tests.
    document: Option<String>,
    /// The state of the document; an effective scope may contain a draft (C-095).
    state: Option<String>,
    parameters: std::collections::BTreeMap<&'a str, &'a str>,
}

/// A test case of a version.
#[derive(Serialize, JsonSchema)]
struct ShownCase<'a> {
    id: &'a str,
    target: String,
    lifetime: Lifetime,
    /// A one-sentence summary.
    summary: Option<&'a str>,
    /// Whether this program can answer it.
    answered: bool,
    url: Option<&'a str>,
}

impl Show {
    pub(super) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let scope = crate::source::scope::file(&self.scope)?;
        let at = crate::app::at::now(common.at);
        let today = at.to_zoned(TimeZone::UTC).date();
        let mut subject = ScopeSubject::new(scope.clone().into_owned())
            .with_others(Scope::embedded().into_iter().cloned().collect());
        if let Some(earlier) = &self.earlier {
            subject = subject.with_earlier(crate::source::scope::file(earlier)?.into_owned());
        }
        let none = Declarations::default();
        let report =
            check(&Subject::scope(scope.name(), &subject), &Selection::of_rules(), &context(common, &none));
        let version = match &self.scope_version {
            Some(name) => Some(scope.version(name).map_err(|error| Failure::new(error.to_string()))?),
            None => scope.newest_effective(today),
        };
        let registry = Registry::new();
        let shown = ShownVersion {
            scope: scope.name(),
            uuid: scope.uuid(),
            url: scope.url(),
            version: version.map(scs_certificates::ScopeVersion::name),
            validity: version.map(|version| {
                scope.timeline().validity(version.name(), today).unwrap_or(Validity::Deprecated)
            }),
            stabilized_at: version.and_then(scs_certificates::ScopeVersion::stabilized_at),
            modules: version
                .into_iter()
                .flat_map(scs_certificates::ScopeVersion::includes)
                .map(|include| (include, scope.module(&include.module).and_then(Registry::document_of)))
                .map(|(include, document)| ShownModule {
                    id: &include.module,
                    document: document.map(|document| document.to_string()),
                    state: document
                        .and_then(|document| Catalog::embedded().get(document))
                        .map(|document| document.label_on(today)),
                    parameters: include
                        .parameters
                        .iter()
                        .map(|(name, value)| (name.as_str(), value.as_str()))
                        .collect(),
                })
                .collect(),
            test_cases: version
                .into_iter()
                .flat_map(scs_certificates::ScopeVersion::targets)
                .flat_map(|(target, cases)| cases.iter().map(move |id| (target, id)))
                .map(|(target, id)| case(&scope, &registry, target.name(), id))
                .collect(),
        };
        let width = terminal::of_standard_output();
        let head = Head {
            text: in_words(&shown, width) + "\n",
            markdown: as_markdown(&shown) + "\n",
            data: ("shown", serde_json::to_value(&shown)?),
        };
        let mut printed = Shown::new(&report);
        if std::path::Path::new(&self.scope).exists() {
            printed = printed.in_file(self.scope.as_str());
        }
        self.report.print(&[printed], &Extent { head: Some(head), ..Extent::default() }, common)
    }
}

fn case<'a>(scope: &'a Scope, registry: &Registry, target: &str, id: &'a str) -> ShownCase<'a> {
    let known = scope.test_case(id);
    let rules = registry.rules_of_test_case(id);
    let own = rules.iter().find(|rule| rule.id == id).map(|rule| rule.summary);
    ShownCase {
        id,
        target: target.to_owned(),
        lifetime: known.map(|case| case.lifetime).unwrap_or_default(),
        summary: own.or_else(|| known.and_then(|case| case.description.as_deref())),
        answered: matches!(registry.coverage(id), Coverage::Covered(_)),
        url: known.and_then(|case| case.url.as_deref()),
    }
}

fn head(shown: &ShownVersion<'_>) -> String {
    match (shown.version, shown.validity) {
        (Some(version), Some(validity)) => {
            let stable = shown.stabilized_at.map(|date| format!(", stable since {date}")).unwrap_or_default();
            format!("{} {} ({validity}{stable})", visible(shown.scope), visible(version))
        }
        _ => format!("{}: no version is effective", visible(shown.scope)),
    }
}

/// The modules and the test cases. Values of parameters are long addresses, so text has only their names.
fn tables(shown: &ShownVersion<'_>, with_values: bool) -> [Table; 2] {
    let mut modules = Table::new(&["module", "document", "state", "parameters"]);
    for module in &shown.modules {
        let parameters: Vec<String> = module
            .parameters
            .iter()
            .map(|(name, value)| if with_values { format!("{name}={value}") } else { (*name).to_owned() })
            .collect();
        modules.row([
            module.id.to_owned(),
            module.document.clone().unwrap_or_else(|| "-".to_owned()),
            module.state.clone().unwrap_or_else(|| "-".to_owned()),
            parameters.join(" "),
        ]);
    }
    let mut cases = Table::new(&["test case", "target", "lifetime", "answered", "summary"]);
    for case in &shown.test_cases {
        cases.row([
            case.id.to_owned(),
            case.target.clone(),
            case.lifetime.to_string(),
            if case.answered { "yes" } else { "no" }.to_owned(),
            case.summary.unwrap_or("-").to_owned(),
        ]);
    }
    [modules, cases]
}

fn in_words(shown: &ShownVersion<'_>, width: usize) -> String {
    let [modules, cases] = tables(shown, false);
    let mut text = format!("{}\n\n", head(shown));
    if shown.version.is_some() {
        text.extend([modules.to_text(width), "\n".to_owned(), cases.to_text(width)]);
    }
    text
}

fn as_markdown(shown: &ShownVersion<'_>) -> String {
    let [modules, cases] = tables(shown, true);
    format!("## {}\n\n{}\n{}", markdown::text(&head(shown)), modules.to_markdown(), cases.to_markdown())
}
