//! The standard flavors required by each version of the scope `scs-compatible-iaas`.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::standard_flavors::{FlavorStatus, StandardFlavor};

/// A version of the scope `scs-compatible-iaas`, oldest first, with respect to flavors.
///
/// ```
/// use scs_flavor_naming::{FlavorStatus, IaasScope};
///
/// let current: IaasScope = "v5.1".parse()?;
/// assert_eq!(current.flavors(FlavorStatus::Mandatory).count(), 15);
/// // v3 is older than the list: it includes scs-0100-v3, which requires no flavors, but not scs-0103.
/// assert_eq!(IaasScope::V3.flavors(FlavorStatus::Mandatory).count(), 0);
/// // The flavors with more memory were added in place; a version that was already stable ignores them (C-032).
/// assert_eq!(IaasScope::V5_1.flavors(FlavorStatus::Recommended).count(), 13);
/// assert_eq!(IaasScope::Next.flavors(FlavorStatus::Recommended).count(), 16);
/// # Ok::<(), scs_flavor_naming::ParseIaasScopeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum IaasScope {
    /// v3.
    V3,
    /// v4.
    V4,
    /// v5.1.
    V5_1,
    /// The draft.
    Next,
}

/// The facts of the scope file about a version.
struct Row {
    name: &'static str,
    /// The day on which it was stabilized, `YYYY-MM-DD`; `None` for a draft.
    stable_since: Option<&'static str>,
    includes_standard_flavors: bool,
}

impl IaasScope {
    /// All versions, oldest first.
    pub const ALL: [Self; 4] = [Self::V3, Self::V4, Self::V5_1, Self::Next];

    const fn row(self) -> Row {
        match self {
            Self::V3 => {
                Row { name: "v3", stable_since: Some("2024-02-28"), includes_standard_flavors: false }
            }
            Self::V4 => Row { name: "v4", stable_since: Some("2024-02-28"), includes_standard_flavors: true },
            Self::V5_1 => {
                Row { name: "v5.1", stable_since: Some("2024-12-19"), includes_standard_flavors: true }
            }
            Self::Next => Row { name: "next", stable_since: None, includes_standard_flavors: true },
        }
    }

    /// The version as written in the scope file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// Whether it requires or recommends this flavor.
    ///
    /// Mandatory flavors are in the target `main`. Recommended ones have been in no target since June 2026; they are recommended
    /// by the text of scs-0103.
    #[must_use]
    pub fn includes(self, flavor: StandardFlavor) -> bool {
        let row = self.row();
        // Dates in this format compare as strings.
        row.includes_standard_flavors
            && row.stable_since.is_none_or(|stable| flavor.revision().date() <= stable)
    }

    /// The flavors with this status, in the order of the text.
    pub fn flavors(self, status: FlavorStatus) -> impl Iterator<Item = StandardFlavor> + Clone {
        StandardFlavor::all().filter(move |flavor| flavor.status() == status && self.includes(*flavor))
    }
}

impl fmt::Display for IaasScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Error: not a version of the scope `scs-compatible-iaas`.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("expected `v3`, `v4`, `v5.1` or `next`, found `{0}`")]
pub struct ParseIaasScopeError(String);

impl FromStr for IaasScope {
    type Err = ParseIaasScopeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|scope| scope.name() == text)
            .ok_or_else(|| ParseIaasScopeError(text.chars().take(40).collect()))
    }
}
