//! When the evidence of results came about.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::check::Checked;

/// The moment of the oldest evidence that the result of each test case rests on, where that is not the check: an end-to-end run of
/// last month, or a declaration, stays as old as it is in whatever is written about it (scs-0003-v2, *Concept definitions*).
///
/// ```
/// use scs_certificates::Scope;
/// use scs_registry::{CheckOptions, Inventory, check, evidence_times};
/// use scs_standards::Profile;
///
/// let inventory = Inventory::read("{kind: cloud, flavors: []}")?;
/// let options = CheckOptions::new(Scope::compatible_iaas(), "2026-11-24T00:00:00Z".parse()?, Profile::Text);
/// // Nothing of it rests on anything but the inventory.
/// assert!(evidence_times(&check(&inventory, &options)?).is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn evidence_times(checked: &Checked) -> BTreeMap<String, Timestamp> {
    checked.decided_by().map(|version| version.evidence_at.clone()).unwrap_or_default()
}
