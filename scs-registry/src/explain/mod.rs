//! Explains whatever has an id in an output: rules, test cases, modules, levels, documents, differences, topics of declarations,
//! parts of inventories, probes and data files. For a rule: requirement, reason, source, a passing and a failing example, fixes, and
//! the scope versions that count it.

mod blocks;
mod certificate;
mod counted;
mod declaration;
mod difference;
mod document;
mod example;
mod facts;
mod page;
mod part;
mod probe;
mod reasons;
mod rule;
mod test_case;
mod wording;
mod written;

use std::collections::BTreeSet;

use jiff::civil::Date;
use scs_certificates::CertificationLevel;
use scs_standards::catalog::Catalog;
use scs_standards::suggestion::nearest;
use scs_standards::{DocumentId, StandardId};
use serde::Serialize;
use thiserror::Error;

pub use certificate::{LevelRequirement, LevelTopic, ModuleTopic};
pub use counted::{Counted, ScopePeriod};
pub use declaration::DeclarationTopic;
pub use difference::DifferenceTopic;
pub use document::{DocumentTopic, RuleRow, StandardTopic};
pub use example::{Example, rules_without};
pub use facts::FactsTopic;
pub use page::{ExplainPage, pages};
pub use part::PartTopic;
pub use probe::ProbeTopic;
pub use rule::{AskedDeclaration, RuleTopic};
pub use test_case::TestCaseTopic;
pub use written::Block;

use crate::registry::Registry;

/// An explanation. It has several topics if the id has several meanings, such as a rule and a test case.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Explanation {
    /// `scs/explanation/1`.
    pub schema: &'static str,
    /// The full id.
    pub id: String,
    /// The day of the states and scope versions.
    #[cfg_attr(feature = "schemars", schemars(with = "String", extend("format" = "date")))]
    pub at: Date,
    /// The topics with the id.
    pub topics: Vec<Topic>,
}

/// Something that can be explained.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Topic {
    /// An official test case.
    TestCase(TestCaseTopic),
    /// A rule.
    Rule(Box<RuleTopic>),
    /// A standard with all its versions.
    Standard(StandardTopic),
    /// A version of a standard.
    Document(DocumentTopic),
    /// A difference between the texts and the official test suite.
    Difference(DifferenceTopic),
    /// A data file.
    Facts(FactsTopic),
    /// A certification level.
    Level(LevelTopic),
    /// A module of a scope.
    Module(ModuleTopic),
    /// A topic of declarations.
    Declaration(DeclarationTopic),
    /// A live probe.
    Probe(ProbeTopic),
    /// A part of an inventory.
    Part(PartTopic),
}

/// The error for an unknown id.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("there is nothing with the id `{id}` to explain")]
#[non_exhaustive]
pub struct UnknownIdError {
    /// The id, shortened.
    pub id: String,
    /// The id that may have been meant.
    pub meant: Option<String>,
}

/// Explains an id, with the states on a day: a rule (`scs-0102-prop-min_disk`), a test case, a standard (`scs-0100`, `0100`), a
/// document (`scs-0100-v3` or a file name), a difference (`C-018`), a data file (`kubernetes`), a level (`SCS-open`), a module of a
/// scope (`scs-0104-v1-1`), a topic of declarations (`openstack-release`), a probe (`pvc`) or a part of an inventory (`pods`).
///
/// # Errors
///
/// If the id is unknown; with a suggestion if there is a similar one.
///
/// ```
/// use jiff::civil::date;
/// use scs_registry::explain::{Topic, explain};
///
/// let day = date(2026, 11, 24);
/// let explanation = explain("scs-0102-prop-min_disk", day)?;
/// let Some(Topic::Rule(rule)) = explanation.topics.last() else { panic!() };
/// assert_eq!(rule.section, "Technical requirements and features");
/// let failing = rule.failing.as_ref().unwrap();
/// assert_eq!(failing.result, scs_standards::Verdict::Fail);
///
/// assert_eq!(explain("c-18", day)?.id, "C-018");
/// assert_eq!(explain("0100", day)?.id, "scs-0100");
/// assert_eq!(explain("scs-0102-prop-mindisk", day).unwrap_err().meant.as_deref(), Some("scs-0102-prop-min_disk"));
/// # Ok::<(), scs_registry::explain::UnknownIdError>(())
/// ```
pub fn explain(id: &str, day: Date) -> Result<Explanation, UnknownIdError> {
    let registry = Registry::new();
    let id = id.trim();
    let found =
        |id: String, topics: Vec<Topic>| Explanation { schema: "scs/explanation/1", id, at: day, topics };
    if let Some(difference) = difference::find(id) {
        return Ok(found(difference.key.clone(), vec![Topic::Difference(difference.clone())]));
    }
    if let Some(facts) = facts::find(id) {
        return Ok(found(facts.name.clone(), vec![Topic::Facts(facts.clone())]));
    }
    let mut topics: Vec<Topic> =
        TestCaseTopic::new(&registry, id, day).map(Topic::TestCase).into_iter().collect();
    let rules = registry.rule(id).into_iter();
    topics.extend(rules.map(|rule| Topic::Rule(Box::new(RuleTopic::new(&registry, rule, day)))));
    topics.extend(ModuleTopic::all(id, day).into_iter().map(Topic::Module));
    topics.extend(DeclarationTopic::new(&registry, id).map(Topic::Declaration));
    topics.extend(ProbeTopic::new(&registry, id).map(Topic::Probe));
    topics.extend(PartTopic::all(id).into_iter().map(Topic::Part));
    if let Some(document) = document_of(id) {
        topics.push(Topic::Document(DocumentTopic::new(&registry, document, day)));
        if topics.len() == 1 {
            return Ok(found(document.id().to_string(), topics));
        }
    }
    if !topics.is_empty() {
        return Ok(found(id.to_owned(), topics));
    }
    if let Some(level) = LevelTopic::new(id) {
        return Ok(found(level.name.clone(), vec![Topic::Level(level)]));
    }
    if let Some(standard) = standard_of(id) {
        let topic = StandardTopic::new(&registry, standard, day);
        return Ok(found(standard.to_string(), vec![Topic::Standard(topic)]));
    }
    Err(UnknownIdError { id: id.chars().take(80).collect(), meant: meant(&registry, id) })
}

/// A document by its id, with or without `scs-`, or by the name of its file.
fn document_of(id: &str) -> Option<&'static scs_standards::catalog::Document> {
    let catalog = Catalog::embedded();
    let id = id.trim_end_matches(".md");
    let by_file = catalog.iter().find(|document| document.file_name().trim_end_matches(".md") == id);
    by_file.or_else(|| {
        let id = with_prefix(id);
        // A revision of the text, such as `scs-0100-v3.1`, is explained with its version (C-020).
        let version = id.rsplit_once("-v").and_then(|(standard, version)| {
            let (version, revision) = version.split_once('.')?;
            revision.parse::<u32>().ok()?;
            Some(format!("{standard}-v{version}"))
        });
        let id: DocumentId = version.unwrap_or(id).parse().ok()?;
        catalog.get(id)
    })
}

/// A standard by its id, with or without `scs-` and leading zeros.
fn standard_of(id: &str) -> Option<StandardId> {
    let standard: StandardId = with_prefix(id).parse().ok()?;
    Catalog::embedded().of(standard).next().map(|_| standard)
}

/// `100-v3` as `scs-0100-v3`.
fn with_prefix(id: &str) -> String {
    let id = id.to_ascii_lowercase();
    let rest = id.strip_prefix("scs-").unwrap_or(&id);
    let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
    let (number, edition) = rest.split_at(end);
    format!("scs-{number:0>4}{edition}")
}

/// The most similar known id.
fn meant(registry: &Registry, id: &str) -> Option<String> {
    // Another number is another difference.
    if id.to_ascii_lowercase().strip_prefix("c-").is_some_and(|number| number.parse::<u32>().is_ok()) {
        return None;
    }
    nearest(id, known(registry).iter().map(String::as_str)).map(str::to_owned)
}

/// All ids that [`explain`] knows, as it returns them.
///
/// ```
/// let ids = scs_registry::explain::ids();
/// assert!(ids.contains("scs-0102-prop-min_disk") && ids.contains("C-018") && !ids.contains("100-v3"));
/// ```
#[must_use]
pub fn ids() -> BTreeSet<String> {
    known(&Registry::new()).into_iter().collect()
}

/// The known ids, some of them several times.
fn known(registry: &Registry) -> Vec<String> {
    let documents = || Catalog::embedded().iter().map(scs_standards::catalog::Document::id);
    let standards = documents().map(|document| document.standard().to_string());
    registry
        .rules()
        .map(|rule| rule.id.to_owned())
        .chain(registry.test_cases().map(|case| case.id.to_owned()))
        .chain(documents().map(|document| document.to_string()))
        .chain(standards)
        .chain(difference::all().iter().map(|difference| difference.key.clone()))
        .chain(facts::all().iter().map(|facts| facts.name.clone()))
        .chain(ModuleTopic::ids())
        .chain(DeclarationTopic::names(registry).map(str::to_owned))
        .chain(probe::names().map(str::to_owned))
        .chain(PartTopic::names().map(str::to_owned))
        .chain(CertificationLevel::ALL.map(|level| level.name().to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Date = jiff::civil::date(2026, 11, 24);

    #[test]
    fn everything_that_is_known_is_explained() {
        for id in ids() {
            let explanation = explain(&id, DAY).unwrap();
            assert_eq!(explanation.id, id);
            assert!(!explanation.topics.is_empty(), "{id}");
        }
    }

    #[test]
    fn ids_are_read_in_the_forms_that_people_write() {
        for (written, id) in [
            ("0100", "scs-0100"),
            ("100", "scs-0100"),
            ("scs-100", "scs-0100"),
            ("SCS-0100", "scs-0100"),
            ("0100-v3", "scs-0100-v3"),
            ("scs-0100-v3-flavor-naming.md", "scs-0100-v3"),
            ("scs-0100-w1", "scs-0100-w1"),
            ("C-018", "C-018"),
            ("c018", "C-018"),
            ("C18", "C-018"),
            ("kubernetes.yaml", "kubernetes"),
            ("scs-k8s-policy/data/kubernetes.yaml", "kubernetes"),
            (" scs-0104-v1 ", "scs-0104-v1"),
            ("scs-open", "SCS-open"),
            ("legal-baseline", "legal baseline"),
        ] {
            assert_eq!(explain(written, DAY).unwrap().id, id, "{written}");
        }
    }

    #[test]
    fn an_unknown_id_gets_the_nearest_one() {
        for (written, meant) in [
            ("scs-0100-sintax-check", Some("scs-0100-syntax-check")),
            ("scs-0100-v9", Some("scs-0100-v1")),
            ("kubernets", Some("kubernetes")),
            ("network-polici", Some("network-policy")),
            ("SCS-sovereing", Some("SCS-sovereign")),
            ("nonsense", None),
            ("", None),
        ] {
            let error = explain(written, DAY).unwrap_err();
            if let Some(meant) = meant {
                assert_eq!(error.meant.as_deref(), Some(meant), "{written}");
            }
        }
        let long = "x".repeat(100_000);
        assert_eq!(explain(&long, DAY).unwrap_err().id.len(), 80);
    }
}
