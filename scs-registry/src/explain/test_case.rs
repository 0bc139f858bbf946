//! Official test cases.

use jiff::civil::Date;
use scs_standards::Level;
use serde::Serialize;

use super::counted::Counted;
use super::document::RuleRow;
use crate::registry::Registry;

/// An official test case.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct TestCaseTopic {
    /// The id.
    pub id: String,
    /// The level: a MUST test case is decided by its MUST rules.
    pub level: Level,
    /// The rules that decide it.
    pub rules: Vec<RuleRow>,
    /// The scope versions that count it.
    pub counted: Vec<Counted>,
}

impl TestCaseTopic {
    /// A test case; `None` if the id is unknown.
    pub(super) fn new(registry: &Registry, id: &str, day: Date) -> Option<Self> {
        let case = registry.test_case(id)?;
        Some(Self {
            id: case.id.to_owned(),
            level: case.level,
            rules: registry.rules_of_test_case(id).into_iter().map(RuleRow::new).collect(),
            counted: Counted::all(&[case.id], &[], day),
        })
    }
}
