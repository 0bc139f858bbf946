//! Parts of an inventory, as written in a test.

use std::collections::BTreeMap;

use scs_standards::Given;
use serde_json::Value;

/// Parts by name, each as JSON or as the reason why it is unavailable.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    known: BTreeMap<String, Result<String, String>>,
    others: Option<String>,
}

impl Parts {
    /// Parses a mapping; `{"unavailable": …}` is a part that could not be collected.
    #[must_use]
    pub fn of(mapping: &Value) -> Self {
        mapping.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value)).collect()
    }

    /// All possible parts, with the same JSON.
    #[must_use]
    pub fn all(json: &str) -> Self {
        Self { others: Some(json.to_owned()), ..Self::default() }
    }

    /// The part with a name, as input for parsers.
    #[must_use]
    pub fn given(&self, name: &str) -> Given<&str> {
        match self.known.get(name) {
            None => self.others.as_deref().map_or(Given::Missing, Given::Data),
            Some(Ok(json)) => Given::Data(json.as_str()),
            Some(Err(reason)) => Given::Unusable(reason.clone()),
        }
    }
}

impl<'v> FromIterator<(&'v str, &'v Value)> for Parts {
    fn from_iter<I: IntoIterator<Item = (&'v str, &'v Value)>>(parts: I) -> Self {
        let part = |value: &Value| match value.get("unavailable") {
            Some(reason) => Err(reason.to_string()),
            None => Ok(value.to_string()),
        };
        let known = parts.into_iter().map(|(name, value)| (name.to_owned(), part(value))).collect();
        Self { known, others: None }
    }
}
