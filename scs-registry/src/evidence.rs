//! When the evidence of results came about.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::check::Checked;
use crate::registry::Registry;

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
    let registry = Registry::new();
    let oldest = |case: &str| {
        let rules = registry.test_case(case)?.rules;
        let of_case = checked.answers.iter().filter(|(_, answer)| rules.contains(&answer.rule));
        of_case.filter_map(|(_, answer)| answer.evidence_at).min()
    };
    checked
        .results()
        .into_keys()
        .filter_map(|case| Some((oldest(&case)?, case)))
        .map(|(at, case)| (case, at))
        .collect()
}
