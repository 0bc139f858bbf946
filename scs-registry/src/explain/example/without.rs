//! The rules that cannot be decided without a part of an inventory, found by checking the examples without it.

use jiff::Timestamp;
use scs_standards::{Context, Declarations, Profile, Verdict};
use serde_json::json;

use super::stored::{DATA, Stored};
use crate::domain::RuleInfo;
use crate::inventory::Inventory;
use crate::kind::Kind;
use crate::registry::Registry;

/// The rules for which a part of an inventory is needed: if it could not be collected, they are DNF or, if more is missing, MISS,
/// unless a declaration says what it would show.
///
/// ```
/// use scs_registry::Kind;
/// use scs_registry::explain::rules_without;
///
/// assert!(rules_without(Kind::Cluster, "namespaces").iter().any(|rule| rule.id == "scs-0217-pss-baseline"));
/// assert!(rules_without(Kind::Cluster, "services").is_empty());
/// ```
#[must_use]
pub fn rules_without(kind: Kind, part: &str) -> Vec<RuleInfo> {
    let registry = Registry::new();
    let needs =
        |rule: &&RuleInfo| stored(rule).and_then(|stored| stored.needs(rule, kind, part)).unwrap_or(false);
    registry.rules().filter(needs).copied().collect()
}

/// The passing example of a rule.
fn stored(rule: &RuleInfo) -> Option<&'static Stored> {
    let of_document = || DATA.rules.get(&format!("{} {}", rule.id, rule.documents.first()?));
    of_document().or_else(|| DATA.rules.get(rule.id))?.passing.as_ref()
}

impl Stored {
    /// Whether the rule is not decided if the part is unavailable, although it passes with the part, or misses only what a declaration
    /// would say.
    fn needs(&self, rule: &RuleInfo, kind: Kind, part: &str) -> Option<bool> {
        let at: Timestamp = self.at.or_else(|| super::shown::USUAL.parse().ok())?;
        let mut given = self.inventory.clone()?;
        let mut needs = false;
        for usable in [&[Verdict::Pass][..], &[Verdict::Pass, Verdict::Miss]] {
            let mut inventory = Inventory::of_text(given.to_string()).ok()?;
            if inventory.kind() != kind {
                return None;
            }
            let declarations: Declarations = inventory.declarations().clone();
            let context = Context { at, profile: Profile::Text, declarations: &declarations };
            let with = self.answer(rule, Some(&inventory), &context)?.verdict;
            inventory.put(part, &json!({"unavailable": "denied"}).to_string());
            let without = self.answer(rule, Some(&inventory), &context)?.verdict;
            let is_lost = with == Verdict::Pass && without == Verdict::Miss;
            needs |= is_lost || usable.contains(&with) && without == Verdict::Dnf;
            // An example may pass by a declaration that clusters usually do not have.
            given.as_object_mut()?.remove("declarations");
        }
        Some(needs)
    }
}
