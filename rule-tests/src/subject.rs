//! A subject as files of tests have it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use scs_standards::{Context, Declaration, Declarations, DeclaredValue, Profile, Verdict};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{AT, Parts};

/// Where a subject has nothing to say of the world beside itself.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoFacts {}

/// A subject: the parts of an inventory, when it is judged, and what is declared.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields, bound = "F: DeserializeOwned")]
pub struct Subject<F> {
    /// The parts, as an inventory has them.
    #[serde(default, alias = "cloud", alias = "cluster")]
    parts: BTreeMap<String, Value>,
    /// What is known of the world, where it is not what the crate knows.
    #[serde(default = "none")]
    pub facts: Option<F>,
    at: Option<Timestamp>,
    /// The declared value of the rule.
    declared: Option<DeclaredValue>,
    /// The document that the declaration names.
    document: Option<String>,
    /// What is declared of other rules or topics.
    #[serde(default)]
    declarations: BTreeMap<String, DeclaredValue>,
    /// Whether it is about the official suite, where the text asks for nothing.
    #[serde(default)]
    official: bool,
    /// Words of the finding that it is about, behind the subject of that and a colon.
    pub(crate) says: Option<String>,
    /// Given for a boundary.
    pub(crate) verdict: Option<Verdict>,
}

fn none<F>() -> Option<F> {
    None
}

impl<F> Subject<F> {
    /// When it is judged.
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

    /// What is declared, with the value of the rule under its id.
    ///
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
    #[must_use]
    pub fn context<'d>(&self, declarations: &'d Declarations) -> Context<'d> {
        let profile = if self.official { Profile::Official } else { Profile::Text };
        Context { at: self.at(), profile, declarations }
    }
}
