//! A DNS service for users.

use scs_standards::{CLOUD, DeclaredValue, Judgement, judge};

use super::super::{Rec, evidence};
use crate::subject::{Cloud, source};

/// Whether the cloud has a DNS service, by its catalogue: `None` where that is not known, which is recorded, and a note where
/// it has none.
pub(super) fn has_service(cloud: &Cloud, rec: &mut Rec<'_>) -> Option<bool> {
    if evidence::has_service(cloud, rec, &["dns"])? {
        return Some(true);
    }
    if cloud.services.data().is_some_and(|services| services.entries().is_empty()) {
        rec.dnf(source::SERVICES.name, "it is empty, so that it does not show which services there are");
        return None;
    }
    rec.note(source::SERVICES.name, "there is no DNS service (`dns`) in it");
    Some(false)
}

/// Words that say no more than yes.
const EMPTY: &[&str] = &["yes", "true", "done", "ok", "mitigated", "compliant"];

pub(super) fn mitigated(cloud: &Cloud, rec: &mut Rec<'_>) {
    if has_service(cloud, rec) != Some(true) {
        return;
    }
    judge(rec, [CLOUD], |_, value| {
        let mut open = Vec::new();
        for (fact, threat) in
            [("zone_squatting", "the squatting of zones"), ("cache_poisoning", "poisoned caches")]
        {
            let Some(measures) = value.fact(fact).and_then(DeclaredValue::list) else {
                return Judgement::Unusable;
            };
            let measures: Vec<String> =
                measures.iter().map(|measure| measure.trim().to_lowercase()).collect();
            if measures.iter().any(|measure| EMPTY.contains(&measure.as_str())) {
                return Judgement::Unusable;
            }
            if measures.iter().all(|measure| measure.is_empty() || measure == "none") {
                open.push(threat);
            }
        }
        if open.is_empty() {
            Judgement::Satisfies
        } else {
            let open = open.join(" and ");
            Judgement::Breaks(format!(
                "nothing is done against {open}; see Designate's production guidelines"
            ))
        }
    });
}
