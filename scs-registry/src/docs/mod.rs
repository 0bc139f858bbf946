//! The tables of the documentation as Markdown, generated from the tables of the code.

mod cards;
mod coverage;
mod flavors;
mod images;
mod inject;
mod naming;
pub(crate) mod page;
mod rules;
mod scopes;
pub mod site;
mod standards;
mod style;

use std::str::FromStr;

use jiff::civil::Date;
use scs_standards::DocumentId;
use scs_standards::catalog::Catalog;
use scs_standards::suggestion::nearest;
use thiserror::Error;

pub use inject::{InjectError, inject, tables_in};
pub use style::{DocsStyle, StyleError};

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
/// # Ok::<(), scs_registry::docs::ParseDocsTableError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocsTable {
    /// All standards with the state of each version, by track.
    Standards,
    /// The rules of a document.
    Rules(DocumentId),
    /// All rules, and the official test cases.
    AllRules,
    /// The modules of the official scopes by version.
    Scopes,
    /// When each version of the official scopes is in effect.
    Timeline,
    /// The official test cases with their lifetimes and rules.
    TestCases,
    /// Rules, official test cases and scopes.
    Coverage,
    /// The image properties of scs-0102.
    ImageProperties,
    /// The standard flavors of scs-0103.
    StandardFlavors,
    /// The vocabularies of flavor names, such as CPU and GPU generations.
    Naming,
    /// The GPU cards, with their parts of a flavor name.
    GpuCards,
}

/// The tables without an argument.
const NAMED: [(&str, DocsTable); 10] = [
    ("standards", DocsTable::Standards),
    ("rules", DocsTable::AllRules),
    ("scopes", DocsTable::Scopes),
    ("timeline", DocsTable::Timeline),
    ("test-cases", DocsTable::TestCases),
    ("coverage", DocsTable::Coverage),
    ("image-properties", DocsTable::ImageProperties),
    ("standard-flavors", DocsTable::StandardFlavors),
    ("naming", DocsTable::Naming),
    ("gpu-cards", DocsTable::GpuCards),
];

/// The error for an unknown table.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ParseDocsTableError {
    /// No table has this name.
    #[error("no table `{name}`; {}", known_or_meant(*meant))]
    Name {
        /// The name.
        name: String,
        /// The table that may have been meant.
        meant: Option<&'static str>,
    },
    /// No document has this id.
    #[error("no document {0}")]
    Document(DocumentId),
    /// The document states no rules.
    #[error("{0} has no rules")]
    NoRules(DocumentId),
}

fn known_or_meant(meant: Option<&str>) -> String {
    meant.map_or_else(
        || {
            let names: Vec<&str> = NAMED.iter().map(|(name, _)| *name).collect();
            format!("tables: {}, rules DOCUMENT", names.join(", "))
        },
        |meant| format!("did you mean `{meant}`?"),
    )
}

impl FromStr for DocsTable {
    type Err = ParseDocsTableError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if let Some((_, table)) = NAMED.iter().find(|(name, _)| *name == text) {
            return Ok(*table);
        }
        let document = text.strip_prefix("rules ").map(str::trim);
        if let Some(document) = document.and_then(|document| document.parse().ok()) {
            return rules_of(document);
        }
        let name: String = text.chars().take(60).collect();
        let meant = nearest(&name, NAMED.iter().map(|(known, _)| *known));
        Err(ParseDocsTableError::Name { name, meant })
    }
}

/// The table of a document that states rules.
fn rules_of(document: DocumentId) -> Result<DocsTable, ParseDocsTableError> {
    match (Catalog::embedded().get(document), Registry::new().rules_of(document).next()) {
        (_, Some(_)) => Ok(DocsTable::Rules(document)),
        (Some(_), None) => Err(ParseDocsTableError::NoRules(document)),
        (None, None) => Err(ParseDocsTableError::Document(document)),
    }
}

impl std::fmt::Display for DocsTable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Self::Rules(document) = self {
            return write!(f, "rules {document}");
        }
        let name = NAMED.iter().find(|(_, table)| table == self).map_or("rules", |(name, _)| name);
        f.write_str(name)
    }
}

impl DocsTable {
    /// The table on a day, with links to the published site and headings of level 2.
    #[must_use]
    pub fn markdown(self, day: Date) -> String {
        self.written(day, &DocsStyle::default())
    }

    /// The table on a day in the given style.
    #[must_use]
    pub fn written(self, day: Date, style: &DocsStyle) -> String {
        match self {
            Self::Standards => standards::standards(day, style),
            Self::Rules(document) => rules::of_document(document, style),
            Self::AllRules => rules::rules(style),
            Self::Scopes => scopes::modules(day, style),
            Self::Timeline => scopes::timeline(style),
            Self::TestCases => coverage::test_cases(style),
            Self::Coverage => coverage::coverage(style),
            Self::ImageProperties => images::properties(style),
            Self::StandardFlavors => flavors::standard_flavors(style),
            Self::Naming => naming::naming(style),
            Self::GpuCards => cards::gpu_cards(style),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_as_many_cells_as_its_head() {
        for (name, table) in NAMED {
            let page = table.markdown(jiff::civil::date(2026, 11, 24));
            let cells = |line: &str| line.replace("\\|", "").matches('|').count();
            let mut head = None;
            for line in page.lines() {
                if line.starts_with('|') {
                    assert_eq!(cells(line), *head.get_or_insert(cells(line)), "{name}: {line}");
                } else {
                    head = None;
                }
            }
            assert!(!page.starts_with('\n') && page.ends_with('\n') && !page.contains("\n\n\n"), "{name}");
            assert!(!page.contains("  |") && !page.contains(" \n"), "{name}");
        }
    }

    #[test]
    fn names_are_read_as_they_are_printed() {
        for (name, table) in NAMED {
            assert_eq!((name.parse(), table.to_string()), (Ok(table), name.to_owned()));
        }
        for (name, message) in [
            ("nmaing", "no table `nmaing`; did you mean `naming`?"),
            ("x", "no table `x`; tables: standards, rules, "),
            ("rules scs-0999-v1", "no document scs-0999-v1"),
            ("rules scs-0005-v1", "scs-0005-v1 has no rules"),
        ] {
            let error = name.parse::<DocsTable>().unwrap_err().to_string();
            assert!(error.starts_with(message), "{error}");
        }
    }
}
