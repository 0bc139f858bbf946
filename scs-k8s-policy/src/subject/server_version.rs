//! What an API server says of its version.

use serde::Deserialize;
use thiserror::Error;

use crate::version::{K8sVersion, ParseVersionError};

/// The version of a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerVersion {
    version: K8sVersion,
    text: String,
}

/// An answer that tells no version.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadServerVersionError {
    /// It is something else.
    #[error("no answer of `/version`: {0}")]
    Shape(String),
    /// What it says is no version.
    #[error(transparent)]
    Version(#[from] ParseVersionError),
}

/// What `/version` answers, what `kubectl version -o json` prints around it, or the version alone.
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

impl ServerVersion {
    /// Reads what `/version` answers, what `kubectl version -o json` prints, or a version alone.
    ///
    /// # Errors
    ///
    /// When it is something else, or tells no version.
    ///
    /// ```
    /// use scs_k8s_policy::ServerVersion;
    ///
    /// let version = ServerVersion::read(r#"{"serverVersion": {"gitVersion": "v1.33.4+k3s1"}}"#)?;
    /// assert_eq!(version.version().patch(), 4);
    /// assert!(ServerVersion::read("\"v1.33\"").unwrap_err().to_string().contains("it is a branch"));
    /// # Ok::<(), scs_k8s_policy::ReadServerVersionError>(())
    /// ```
    pub fn read(json: &str) -> Result<Self, ReadServerVersionError> {
        let value: serde_json::Value =
            serde_json::from_str(json).map_err(|error| ReadServerVersionError::Shape(error.to_string()))?;
        let found = scs_standards::listed::kind_of(&value);
        let answer: Answer = serde_json::from_value(value).map_err(|_| {
            ReadServerVersionError::Shape(format!("expected a mapping with `gitVersion`, found {found}"))
        })?;
        let text = answer.text();
        Ok(Self { version: text.parse()?, text })
    }

    /// The version.
    #[must_use]
    pub const fn version(&self) -> &K8sVersion {
        &self.version
    }

    /// As the server writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}
