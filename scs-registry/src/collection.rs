//! How an inventory was collected: from where, as whom, and how much of it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The server and the user that an inventory was collected with.
///
/// ```
/// use scs_registry::Inventory;
///
/// let inventory: Inventory =
///     "{kind: cluster, collected_from: {server: 'https://api:6443', user: system:admin}}".parse()?;
/// let from = inventory.collected_from().unwrap();
/// assert_eq!(from.to_string(), "https://api:6443 as `system:admin`");
/// # Ok::<(), scs_registry::inventory::ReadInventoryError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(
    feature = "schemars",
    schemars(description = "The server and the user that an inventory was collected with.")
)]
#[non_exhaustive]
pub struct CollectedFrom {
    /// The URL of the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// The context of the kubeconfig.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
    /// The user, as the server knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
}

impl fmt::Display for CollectedFrom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.server.as_deref().unwrap_or("an unknown server"))?;
        if let Some(context) = &self.context {
            write!(f, " (context `{context}`)")?;
        }
        if let Some(user) = &self.user {
            write!(f, " as `{user}`")?;
        }
        Ok(())
    }
}

/// How many of the requested parts of an inventory could be read.
///
/// ```
/// use scs_registry::PartCoverage;
///
/// let coverage = PartCoverage::new(9, 12);
/// assert_eq!((coverage.to_string().as_str(), coverage.percent()), ("read 9 of 12 parts", 75));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PartCoverage {
    /// The number of parts that could be read.
    pub read: usize,
    /// The number of all parts that were requested.
    pub parts: usize,
}

impl PartCoverage {
    /// The number of read parts among all.
    #[must_use]
    pub const fn new(read: usize, parts: usize) -> Self {
        Self { read, parts }
    }

    /// The percentage of read parts, rounded down; 0 if there are none.
    #[must_use]
    pub fn percent(self) -> u8 {
        let percent = self.read.saturating_mul(100).checked_div(self.parts).unwrap_or(0);
        u8::try_from(percent.min(100)).unwrap_or(100)
    }
}

impl fmt::Display for PartCoverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.parts == 1 { "" } else { "s" };
        write!(f, "read {} of {} part{plural}", self.read, self.parts)
    }
}
