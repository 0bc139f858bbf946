//! One declaration of a provider.

use std::fmt;

use jiff::civil::Date;

use super::value::DeclaredValue;

/// A provider's declaration.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(transform = rule_or_topic))]
pub struct Declaration {
    /// The rule that it answers, or a topic that several rules share, such as `architecture`.
    pub rule: String,
    /// The declared fact; each rule documents the values that it accepts.
    pub value: DeclaredValue,
    /// The names of the subjects (flavors, …) that it covers; empty means all.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty"))]
    #[cfg_attr(feature = "schemars", schemars(default))]
    pub subjects: Vec<String>,
    /// The statement in plain text.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub statement: Option<String>,
    /// The supporting document: a URL or a path.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub document: Option<String>,
    /// The day on which it was made.
    #[cfg_attr(feature = "schemars", schemars(with = "String", extend("format" = "date", "pattern" = DAY)))]
    pub date: Date,
    /// The last day on which it is valid.
    #[cfg_attr(feature = "schemars", schemars(with = "String", extend("format" = "date", "pattern" = DAY)))]
    pub valid_until: Date,
    /// The responsible person or body.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub responsible: Option<String>,
}

/// Pattern of a date, for validators that ignore `format`.
#[cfg(feature = "schemars")]
pub(super) const DAY: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";

/// Adds `topic` as an alternative to `rule`, which a derived schema does not know.
#[cfg(feature = "schemars")]
fn rule_or_topic(schema: &mut schemars::Schema) {
    let rule = schema.pointer("/properties/rule").cloned();
    if let (Some(rule), Some(properties)) =
        (rule, schema.get_mut("properties").and_then(|it| it.as_object_mut()))
    {
        properties.insert("topic".to_owned(), rule);
    }
    if let Some(required) = schema.get_mut("required").and_then(|it| it.as_array_mut()) {
        required.retain(|name| name != "rule");
    }
    let either = schemars::json_schema!({"oneOf": [{"required": ["rule"]}, {"required": ["topic"]}]});
    schema.ensure_object().extend(either.as_object().cloned().unwrap_or_default());
}

impl Declaration {
    /// Whether the declaration covers this subject.
    #[must_use]
    pub fn covers(&self, subject: &str) -> bool {
        self.subjects.is_empty() || self.subjects.iter().any(|name| name == subject)
    }
}

impl fmt::Display for Declaration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "declared {} on {}", self.value, self.date)?;
        if let Some(responsible) = &self.responsible {
            write!(f, " by {responsible}")?;
        }
        Ok(())
    }
}
