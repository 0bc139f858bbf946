//! The provider's response to security advisories.

use serde::Deserialize;
use serde_json::Value;

use super::moment::Moment;

/// An advisory and the response to it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Advisory {
    /// Its name, such as `OSSA-2026-003` or `CVE-2026-1234`.
    pub advisory: String,
    /// The CVSS score, 0 to 10.
    #[serde(default, deserialize_with = "number_or_text")]
    pub score: Option<f64>,
    /// The time of disclosure. A date without a time counts from 00:00:00Z.
    #[serde(default)]
    pub disclosed: Option<Moment>,
    /// The time when the deployment was patched; `None` if it is not.
    #[serde(default)]
    pub fixed: Option<Moment>,
    /// The affected software, such as `nova` or `rabbitmq`.
    #[serde(default)]
    pub component: Option<String>,
    /// Whether that is a dependency rather than a service.
    #[serde(default)]
    pub dependency: bool,
    /// Whether the release in use was maintained, so the fix came from upstream; `None` to derive it from the declared
    /// release.
    #[serde(default)]
    pub maintained_release: Option<bool>,
    /// Whether the provider made the fix.
    #[serde(default)]
    pub own_fix: bool,
    /// Whether the deployment is or was affected; true by default.
    #[serde(default = "yes")]
    pub affected: bool,
    /// The notice to the OSBA.
    #[serde(default)]
    pub notice: Option<Notice>,
}

const fn yes() -> bool {
    true
}

/// The notice to the OSBA: a date, a time, a statement in words, or `{sent: …, statement: …}`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Notice {
    /// The time when it was sent.
    pub sent: Option<Moment>,
    /// The statement.
    pub statement: Option<String>,
}

impl<'de> Deserialize<'de> for Notice {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Parts {
            #[serde(default)]
            sent: Option<Moment>,
            #[serde(default)]
            statement: Option<String>,
        }
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Either {
            Text(String),
            Parts(Parts),
        }
        Ok(match Either::deserialize(deserializer)? {
            Either::Parts(Parts { sent, statement }) => Self { sent, statement },
            Either::Text(text) => match text.parse() {
                Ok(sent) => Self { sent: Some(sent), statement: None },
                Err(_) => Self { sent: None, statement: Some(text) },
            },
        })
    }
}

/// Scores are numbers or strings.
fn number_or_text<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        Value::Number(number) => Ok(number.as_f64()),
        Value::String(text) => text
            .trim()
            .parse()
            .map(Some)
            .map_err(|_| serde::de::Error::custom(format!("the score `{text}` is not a number"))),
        _ => Err(serde::de::Error::custom("the score is not a number")),
    }
}
