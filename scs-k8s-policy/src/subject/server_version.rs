//! The version reported by an API server.

use std::str::FromStr;

use serde::Deserialize;
use thiserror::Error;

use crate::version::{K8sVersion, ParseVersionError};

/// The version of a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerVersion {
    version: K8sVersion,
    text: String,
}

/// Error: an answer without a version.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadServerVersionError {
    /// It is of an unexpected type.
    #[error("not an answer of `/version`: {0}")]
    Shape(String),
    /// The version is invalid.
    #[error(transparent)]
    Version(#[from] ParseVersionError),
}

/// The answer of `/version`, the output of `kubectl version -o json`, or only the version.
#[derive(Deserialize)]
#[serde(untagged)]
enum Answer {
    Text(String),
    Server {
        #[serde(rename = "gitVersion")]
        git_version: String,
    },
    Client {
        #[serde(rename = "serverVersion")]
        server_version: Box<Answer>,
    },
}

impl Answer {
    fn text(self) -> String {
        match self {
            Self::Text(text) | Self::Server { git_version: text } => text,
            Self::Client { server_version } => server_version.text(),
        }
    }
}

impl FromStr for ServerVersion {
    type Err = ReadServerVersionError;

    /// Parses the answer of `/version`, the output of `kubectl version -o json`, or just a version.
    ///
    /// # Errors
    ///
    /// If it is something else, or has no version.
    ///
    /// ```
    /// use scs_k8s_policy::ServerVersion;
    ///
    /// let version: ServerVersion = r#"{"serverVersion": {"gitVersion": "v1.33.4+k3s1"}}"#.parse()?;
    /// assert_eq!(version.version().patch(), 4);
    /// assert!("\"v1.33\"".parse::<ServerVersion>().unwrap_err().to_string().contains("it is a branch"));
    /// # Ok::<(), scs_k8s_policy::ReadServerVersionError>(())
    /// ```
    fn from_str(json: &str) -> Result<Self, Self::Err> {
        let value: serde_json::Value =
            serde_json::from_str(json).map_err(|error| ReadServerVersionError::Shape(error.to_string()))?;
        let found = scs_standards::listed::kind_of(&value);
        let answer: Answer = serde_json::from_value(value).map_err(|_| {
            ReadServerVersionError::Shape(format!("expected a mapping with `gitVersion`, found {found}"))
        })?;
        let text = answer.text();
        Ok(Self { version: text.parse()?, text })
    }
}

impl ServerVersion {
    /// The version.
    #[must_use]
    pub const fn version(&self) -> &K8sVersion {
        &self.version
    }

    /// The version as reported by the server.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}
