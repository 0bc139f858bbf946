//! The tables of the documentation, as Markdown, out of the tables of the code.

mod inject;
pub mod pages;

use std::fmt::Write;
use std::str::FromStr;

use jiff::civil::Date;
use scs_certificates::{Scope, ScopeVersion, Target};
use scs_standards::catalog::Catalog;
use scs_standards::subject::ImageKey;
use scs_standards::{DocumentId, State, Track};
use thiserror::Error;

pub use inject::{InjectError, inject, tables_in};

use crate::coverage::Coverage;
use crate::registry::Registry;

/// A table of the documentation.
///
/// ```
/// use jiff::civil::date;
/// use scs_registry::docs::DocsTable;
///
/// let table: DocsTable = "rules scs-0104-v2".parse()?;
/// assert!(table.markdown(date(2026, 11, 24)).contains("| `scs-0104-v2-ubuntu-latest` | MUST |"));
/// assert_eq!(table.to_string(), "rules scs-0104-v2");
/// # Ok::<(), scs_registry::docs::UnknownTable>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocsTable {
    /// All standards with the state of each version, by track, as the documentation site has it.
    Standards,
    /// The rules of a document.
    Rules(DocumentId),
    /// The modules of the official scopes by version.
    Scopes,
    /// Rules, official test cases and scopes.
    Coverage,
    /// The properties of images that the standards speak of.
    ImageProperties,
    /// The standard flavors of scs-0103.
    StandardFlavors,
    /// The vocabularies of flavor names: CPU and GPU generations among them.
    Naming,
    /// The cards that GPUs in flavor names are.
    GpuCards,
    /// All rules, and the official test cases.
    AllRules,
}

/// A name that no table has.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum UnknownTable {
    /// Nothing is called so.
    #[error(
        "no table is called `{0}`; there are standards, rules, rules DOCUMENT, scopes, coverage, image-properties, standard-flavors, naming and gpu-cards"
    )]
    Name(String),
    /// There is no such document.
    #[error("there is no document {0}")]
    Document(DocumentId),
    /// No rule is of this document.
    #[error("no rule is stated by {0}")]
    NoRules(DocumentId),
}

impl FromStr for DocsTable {
    type Err = UnknownTable;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unknown = || UnknownTable::Name(text.chars().take(60).collect());
        match text.split_once(' ').map_or((text, None), |(name, argument)| (name, Some(argument.trim()))) {
            ("standards", None) => Ok(Self::Standards),
            ("rules", Some(document)) => rules_of(document.parse().map_err(|_| unknown())?),
            ("scopes", None) => Ok(Self::Scopes),
            ("coverage", None) => Ok(Self::Coverage),
            ("image-properties", None) => Ok(Self::ImageProperties),
            ("standard-flavors", None) => Ok(Self::StandardFlavors),
            ("naming", None) => Ok(Self::Naming),
            ("gpu-cards", None) => Ok(Self::GpuCards),
            ("rules", None) => Ok(Self::AllRules),
            _ => Err(unknown()),
        }
    }
}

/// The table of a document that states rules.
fn rules_of(document: DocumentId) -> Result<DocsTable, UnknownTable> {
    match (Catalog::embedded().get(document), Registry::new().rules_of(document).next()) {
        (_, Some(_)) => Ok(DocsTable::Rules(document)),
        (Some(_), None) => Err(UnknownTable::NoRules(document)),
        (None, None) => Err(UnknownTable::Document(document)),
    }
}

impl std::fmt::Display for DocsTable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Standards => f.write_str("standards"),
            Self::Rules(document) => write!(f, "rules {document}"),
            Self::Scopes => f.write_str("scopes"),
            Self::Coverage => f.write_str("coverage"),
            Self::ImageProperties => f.write_str("image-properties"),
            Self::StandardFlavors => f.write_str("standard-flavors"),
            Self::Naming => f.write_str("naming"),
            Self::GpuCards => f.write_str("gpu-cards"),
            Self::AllRules => f.write_str("rules"),
        }
    }
}

impl DocsTable {
    /// The table on a day.
    #[must_use]
    pub fn markdown(self, day: Date) -> String {
        match self {
            Self::Standards => standards(day),
            Self::Rules(document) => rules(document),
            Self::Scopes => scopes(day),
            Self::Coverage => coverage(),
            Self::ImageProperties => image_properties(),
            Self::StandardFlavors => pages::standard_flavors(),
            Self::Naming => pages::naming(),
            Self::GpuCards => pages::gpu_cards(),
            Self::AllRules => pages::rules(),
        }
    }
}

/// A row of a table.
fn row(text: &mut String, cells: &[String]) {
    let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|").replace('\n', " ")).collect();
    // Writing to a string does not fail.
    let _ = writeln!(text, "| {} |", cells.join(" | "));
}

fn head(text: &mut String, cells: &[&str]) {
    row(text, &cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>());
    let _ = writeln!(text, "|{}", " --- |".repeat(cells.len()));
}

fn standards(day: Date) -> String {
    let catalog = Catalog::embedded();
    let mut text = String::new();
    for track in Track::ALL {
        let mut known: Vec<_> = Vec::new();
        for document in catalog.iter().filter(|document| document.track() == track) {
            if !known.contains(&document.id().standard()) {
                known.push(document.id().standard());
            }
        }
        let _ = writeln!(text, "{}### {track}\n", if text.is_empty() { "" } else { "\n" });
        head(&mut text, &["Standard", "Title", "Draft", "Effective", "Deprecated", "Supplements"]);
        for standard in known {
            let documents: Vec<_> = catalog.of(standard).collect();
            let title = documents.iter().rev().find(|it| it.supplements().is_empty()).or(documents.last());
            let of = |wanted: State| -> String {
                let links: Vec<String> = documents
                    .iter()
                    .filter(|it| it.supplements().is_empty() && it.state_on(day) == wanted)
                    .map(|it| {
                        let edition = it.id().to_string();
                        let edition = edition.rsplit('-').next().unwrap_or_default().to_owned();
                        let label = it.label_on(day);
                        let marker = label.trim_start_matches(char::is_alphabetic).to_owned();
                        format!("[{edition}]({}){marker}", it.url())
                    })
                    .collect();
                if links.is_empty() { "-".to_owned() } else { links.join(", ") }
            };
            let supplements: Vec<String> = documents
                .iter()
                .filter(|it| !it.supplements().is_empty())
                .map(|it| {
                    let edition = it.id().to_string();
                    format!("[{}]({})", edition.rsplit('-').next().unwrap_or_default(), it.url())
                })
                .collect();
            row(
                &mut text,
                &[
                    standard.to_string(),
                    title.map_or("", |it| it.title()).to_owned(),
                    of(State::Draft),
                    of(State::Effective),
                    of(State::Deprecated),
                    if supplements.is_empty() { "-".to_owned() } else { supplements.join(", ") },
                ],
            );
        }
    }
    text
}

fn rules(document: DocumentId) -> String {
    let registry = Registry::new();
    let mut text = String::new();
    head(&mut text, &["Rule", "Level", "Section", "What it asks", "Test case"]);
    for rule in registry.rules_of(document) {
        row(
            &mut text,
            &[
                format!("`{}`", rule.id),
                rule.level.to_string(),
                rule.section.to_owned(),
                rule.summary.to_owned(),
                rule.test_case.map_or_else(|| "-".to_owned(), |case| format!("`{case}`")),
            ],
        );
    }
    text
}

fn scopes(day: Date) -> String {
    let mut text = String::new();
    for scope in Scope::embedded() {
        let _ = writeln!(text, "{}### {}\n", if text.is_empty() { "" } else { "\n" }, scope.name());
        let names: Vec<String> = scope
            .versions()
            .iter()
            .map(|version| {
                let validity = scope.timeline().validity(version.name(), day);
                format!("{} ({})", version.name(), validity.map_or("deprecated", |it| it.name()))
            })
            .collect();
        let columns: Vec<&str> = std::iter::once("Module").chain(names.iter().map(String::as_str)).collect();
        head(&mut text, &columns);
        for module in scope.modules() {
            let cells = scope.versions().iter().map(|version| {
                let included = version.includes().iter().any(|include| include.module == module.id);
                if included { "x" } else { "" }.to_owned()
            });
            let cells: Vec<String> = std::iter::once(format!("`{}`", module.id)).chain(cells).collect();
            row(&mut text, &cells);
        }
    }
    text
}

fn coverage() -> String {
    let registry = Registry::new();
    let (covered, all) = registry.coverage_totals();
    let uncovered = registry.rules().filter(|rule| rule.test_case.is_none()).count();
    let mut text = format!(
        "{covered} of {all} official test cases are covered by rules. Of {} rules {uncovered} are for none of them.\n\n",
        registry.rules().count()
    );
    head(&mut text, &["Test case", "Rules", "Scope versions (target)"]);
    for scope in Scope::embedded() {
        for case in scope.test_cases() {
            let rules = match registry.coverage(&case.id) {
                Coverage::Covered(covered) => {
                    covered.rules.iter().map(|rule| format!("`{rule}`")).collect::<Vec<_>>().join(", ")
                }
                Coverage::NotCovered(case) => case.reason.to_owned(),
                Coverage::Unknown => "-".to_owned(),
            };
            let versions: Vec<String> = scope
                .versions()
                .iter()
                .flat_map(|version| {
                    let has = |cases: &Vec<String>| cases.contains(&case.id);
                    let targets = version.targets().iter().filter(move |(_, cases)| has(cases));
                    targets.map(move |(target, _)| match target {
                        Target::Main => version.name().to_owned(),
                        other => format!("{} ({other})", version.name()),
                    })
                })
                .collect();
            let versions = if versions.is_empty() { "-".to_owned() } else { versions.join(", ") };
            row(&mut text, &[format!("`{}`", case.id), rules, versions]);
        }
    }
    every_rule(&mut text, &registry);
    text
}

/// What decides each rule, and which scope versions its document is part of.
fn every_rule(text: &mut String, registry: &Registry) {
    let _ = writeln!(text, "\n### Rules\n");
    head(text, &["Rule", "Level", "Document", "Test case", "Scope versions with the document"]);
    let cases: Vec<_> = registry.test_cases().collect();
    let mut rules: Vec<_> = registry.rules().collect();
    // A standard's rules stay in the order of their tables.
    rules.sort_by_key(|rule| rule.documents.first().copied());
    for rule in rules {
        let case = pages::deciding(rule.id, cases.iter().copied());
        let decided = match (case.is_empty(), rule.question) {
            (false, _) => case,
            (true, Some(_)) => "declaration".to_owned(),
            (true, None) => "—".to_owned(),
        };
        let versions: Vec<String> = Scope::embedded()
            .into_iter()
            .flat_map(|scope| {
                let with =
                    move |version: &&ScopeVersion| rule.is_stated_by(&Registry::documents_of(scope, version));
                scope.versions().iter().filter(with).map(|version| version.name().to_owned())
            })
            .collect();
        let documents: Vec<String> = rule.documents.iter().map(ToString::to_string).collect();
        row(
            text,
            &[
                format!("`{}`", rule.id),
                rule.level.to_string(),
                documents.join(", "),
                decided,
                if versions.is_empty() { "—".to_owned() } else { versions.join(", ") },
            ],
        );
    }
}

fn image_properties() -> String {
    let registry = Registry::new();
    let mut text = String::new();
    head(&mut text, &["Property", "Level by version 1", "Level by version 2", "What the standard asks"]);
    for key in ImageKey::ALL {
        let rule_in = |version| {
            let document = DocumentId::version(102, version);
            registry.rules_of(document).find(|rule| rule.id == format!("scs-0102-prop-{key}"))
        };
        let (first, second) = (rule_in(1), rule_in(2));
        let Some(rule) = first.or(second) else { continue };
        let level =
            |rule: Option<&crate::RuleInfo>| rule.map_or_else(|| "-".to_owned(), |it| it.level.to_string());
        row(&mut text, &[format!("`{key}`"), level(first), level(second), rule.summary.to_owned()]);
    }
    text
}
