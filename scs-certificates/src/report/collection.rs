//! How the inventory of a report was collected.

use std::fmt::{self, Display, Formatter};

use scs_standards::wording::and;
use scs_standards::written::yaml;
use serde::{Deserialize, Serialize};

/// How the inventory of a report was collected: from where, as whom, and how much of it. The official suite does not record
/// it, and the compliance monitor ignores it.
///
/// ```
/// use scs_certificates::report::Collection;
///
/// let collection = Collection {
///     server: Some("https://api:6443".into()), user: Some("system:admin".into()),
///     parts: 12, parts_read: 9, missing: vec!["nodes".into(), "pods".into(), "version".into()], ..Collection::default()
/// };
/// assert_eq!(collection.to_string(), "collected from https://api:6443 as `system:admin`: read 9 of 12 parts, without nodes, pods and version");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Collection {
    /// The URL of the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// The context of the kubeconfig.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
    /// The user, as the server knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The number of parts that were requested.
    pub parts: usize,
    /// The number of parts that could be read.
    pub parts_read: usize,
    /// The parts that could not be read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}

impl Collection {
    /// As the value of a key of a YAML document, with a line for each entry.
    pub(super) fn write(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (key, value) in [("server", &self.server), ("context", &self.context), ("user", &self.user)] {
            if let Some(value) = value {
                writeln!(f, "  {key}: {}", yaml::scalar(value))?;
            }
        }
        writeln!(f, "  parts: {}\n  parts_read: {}", self.parts, self.parts_read)?;
        if !self.missing.is_empty() {
            let missing: Vec<String> = self.missing.iter().map(|part| yaml::scalar(part)).collect();
            writeln!(f, "  missing: [{}]", missing.join(", "))?;
        }
        Ok(())
    }
}

impl Display for Collection {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.server.is_some() || self.context.is_some() || self.user.is_some() {
            write!(f, "collected from {}", self.server.as_deref().unwrap_or("an unknown server"))?;
            if let Some(context) = &self.context {
                write!(f, " (context `{context}`)")?;
            }
            if let Some(user) = &self.user {
                write!(f, " as `{user}`")?;
            }
            f.write_str(": ")?;
        }
        let plural = if self.parts == 1 { "" } else { "s" };
        write!(f, "read {} of {} part{plural}", self.parts_read, self.parts)?;
        match self.missing.as_slice() {
            [] => Ok(()),
            missing => write!(f, ", without {}", and(missing)),
        }
    }
}
