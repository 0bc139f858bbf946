//! Subjects in test files.

use std::collections::BTreeMap;

use jiff::Timestamp;
use scs_standards::{Context, Declaration, Declarations, DeclaredValue, Profile, Verdict};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{AT, Parts};

/// External facts of rules that need none.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoFacts {}

/// A subject: the parts of an inventory, the time of the check, and declarations.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields, bound = "F: DeserializeOwned")]
pub struct Subject<F> {
    /// The parts, as in an inventory.
    #[serde(default, alias = "cloud", alias = "cluster")]
    parts: BTreeMap<String, Value>,
    /// The external facts, if different from the defaults.
    #[serde(default = "none")]
    pub facts: Option<F>,
    at: Option<Timestamp>,
    /// The declared value of the rule.
    declared: Option<DeclaredValue>,
    /// The document named in the declaration.
    document: Option<String>,
    /// Declarations for other rules or topics.
    #[serde(default)]
    declarations: BTreeMap<String, DeclaredValue>,
    /// Whether the official profile applies.
    #[serde(default)]
    official: bool,
    /// The expected text of a finding: its subject, a colon and a part of the message.
    pub(crate) says: Option<String>,
    /// The verdict, for a boundary.
    pub(crate) verdict: Option<Verdict>,
}

fn none<F>() -> Option<F> {
    None
}

impl<F> Subject<F> {
    /// The time of the check.
    ///
    /// # Panics
    ///
    /// Never.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.at.unwrap_or_else(|| AT.parse().expect("a time"))
    }

    pub(crate) fn parts(&self) -> Parts {
        self.parts.iter().map(|(name, value)| (name.as_str(), value)).collect()
    }

    /// The declarations, with the value of the rule under its id.
    /// The declarations, including the value for the rule under its id.
    /// # Panics
    ///
    /// Never.
    #[must_use]
    pub fn declarations(&self, rule: &str) -> Declarations {
        let declaration = |rule: &str, value: &DeclaredValue| Declaration {
            rule: rule.to_owned(),
            value: value.clone(),
            subjects: Vec::new(),
            statement: None,
            document: self.document.clone(),
            date: "2026-10-01".parse().expect("a date"),
            valid_until: "2026-12-31".parse().expect("a date"),
            responsible: None,
        };
        let own = self.declared.iter().map(|value| declaration(rule, value));
        own.chain(self.declarations.iter().map(|(rule, value)| declaration(rule, value))).collect()
    }

    /// How it is judged.
    /// The context of the check.
    pub fn context<'d>(&self, declarations: &'d Declarations) -> Context<'d> {
        let profile = if self.official { Profile::Official } else { Profile::Text };
        Context { at: self.at(), profile, declarations }
    }
}
