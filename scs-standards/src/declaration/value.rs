//! Declared values.

use std::collections::BTreeMap;
use std::fmt;

/// A declared value.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(untagged))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub enum DeclaredValue {
    /// A yes or no that is itself a fact, such as whether SMT is on.
    Flag(bool),
    /// A ratio, an age, a figure.
    Number(f64),
    /// A word of a vocabulary, a date, a name.
    Text(String),
    /// Several words.
    List(Vec<String>),
    /// Several named facts.
    Facts(BTreeMap<String, DeclaredValue>),
}

impl DeclaredValue {
    /// The number, or `None` for other values.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) if number.is_finite() => Some(*number),
            _ => None,
        }
    }

    /// The text, or `None` for other values.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The boolean, or `None` for other values.
    #[must_use]
    pub fn flag(&self) -> Option<bool> {
        match self {
            Self::Flag(flag) => Some(*flag),
            _ => None,
        }
    }

    /// The list, or `None` for other values; a single text counts as a list with one entry.
    #[must_use]
    pub fn list(&self) -> Option<&[String]> {
        match self {
            Self::List(list) => Some(list),
            Self::Text(word) => Some(std::slice::from_ref(word)),
            _ => None,
        }
    }

    /// The named fact, or `None` if the value has no such fact.
    #[must_use]
    pub fn fact(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Facts(facts) => facts.get(name),
            _ => None,
        }
    }
}

impl fmt::Display for DeclaredValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
            Self::List(list) => write!(f, "[{}]", list.join(", ")),
            Self::Facts(facts) => {
                f.write_str("{")?;
                for (index, (name, value)) in facts.iter().enumerate() {
                    write!(f, "{}{name}: {value}", if index == 0 { "" } else { ", " })?;
                }
                f.write_str("}")
            }
        }
    }
}
