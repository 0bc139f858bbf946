//! Certification levels, and the modules of scopes.

use std::collections::BTreeMap;

use jiff::civil::Date;
use scs_certificates::{CertificationLevel, Scope};
use scs_standards::DocumentId;
use serde::Serialize;

use super::counted::Counted;
use crate::registry::Registry;

/// A certification level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct LevelTopic {
    /// The name, such as `SCS-open`.
    pub name: String,
    /// The level below.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub below: Option<String>,
    /// Whether scopes and tests decide it; other levels are only presented.
    pub regulated: bool,
    /// The scopes of the level.
    pub scopes: Vec<String>,
    /// The requirements in addition to those of the levels below.
    pub items: Vec<LevelRequirement>,
    /// The source of the requirements.
    pub source: String,
}

/// A presented requirement of a level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct LevelRequirement {
    /// The topic of the declaration that answers it.
    pub topic: String,
    /// The requirement.
    pub asks: String,
}

impl LevelTopic {
    /// A level by its name, in any case and with or without blanks; `None` if it is unknown.
    pub(super) fn new(name: &str) -> Option<Self> {
        let plain = |name: &str| name.to_ascii_lowercase().replace([' ', '_'], "-");
        let level = CertificationLevel::ALL.into_iter().find(|level| plain(level.name()) == plain(name))?;
        let scopes = Scope::embedded().into_iter().map(|scope| scope.name().to_owned());
        Some(Self {
            name: level.name().to_owned(),
            below: level.below().map(|below| below.name().to_owned()),
            regulated: level.is_regulated(),
            scopes: if level.is_regulated() { scopes.collect() } else { Vec::new() },
            items: level
                .asks()
                .map(|item| LevelRequirement { topic: item.topic.to_owned(), asks: item.summary.to_owned() })
                .collect(),
            source: scs_certificates::level::SOURCE.to_owned(),
        })
    }
}

/// A module of a scope: a version of a standard in terms of test cases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ModuleTopic {
    /// The id.
    pub id: String,
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The scope that has it.
    pub scope: String,
    /// The document that it implements.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<DocumentId>,
    /// The URL of its documentation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The parameters that a scope version sets.
    pub parameters: Vec<String>,
    /// The test cases by target.
    pub targets: BTreeMap<String, Vec<String>>,
    /// The scope versions that include it.
    pub included_in: Vec<Counted>,
}

impl ModuleTopic {
    /// The module of each scope that has one with the id.
    pub(super) fn all(id: &str, day: Date) -> Vec<Self> {
        let of_scope = |scope: &'static Scope| {
            let module = scope.module(id)?;
            let includes = |version: &&scs_certificates::ScopeVersion| {
                version.includes().iter().any(|include| include.module == id)
            };
            Some(Self {
                id: module.id.clone(),
                name: module.name.clone(),
                scope: scope.name().to_owned(),
                document: Registry::document_of(module),
                url: module.url.clone(),
                parameters: module.parameters.clone(),
                targets: module
                    .targets
                    .iter()
                    .map(|(target, cases)| (target.to_string(), cases.clone()))
                    .collect(),
                included_in: scope
                    .versions()
                    .iter()
                    .filter(includes)
                    .map(|version| Counted::new(scope, version, day))
                    .collect(),
            })
        };
        Scope::embedded().into_iter().filter_map(of_scope).collect()
    }

    /// The ids of all modules.
    pub(super) fn ids() -> impl Iterator<Item = String> {
        Scope::embedded().into_iter().flat_map(Scope::modules).map(|module| module.id.clone())
    }
}
