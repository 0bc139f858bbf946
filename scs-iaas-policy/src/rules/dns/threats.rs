//! A DNS service for users.

use scs_standards::{CLOUD, DeclaredValue, Judgment, is_vacuous, judge};

use super::super::{Rec, evidence};
use crate::subject::{Cloud, source};

/// Whether the cloud has a DNS service, by its catalog: `None` where that is not known, which is recorded, and a note where
/// it has none.
pub(super) fn has_service(cloud: &Cloud, rec: &mut Rec<'_>) -> Option<bool> {
    if evidence::offers(cloud, rec, &["dns"])? {
        return Some(true);
    }
    rec.note(source::SERVICES.name, "there is no DNS service (`dns`) in it");
    Some(false)
}

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
                return Judgment::Unusable;
            };
            let measures: Vec<String> =
                measures.iter().map(|measure| measure.trim().to_lowercase()).collect();
            let is_none = |measure: &String| measure.is_empty() || measure == "none";
            if measures.iter().any(|measure| !is_none(measure) && is_vacuous(measure)) {
                return Judgment::Unusable;
            }
            if measures.iter().all(is_none) {
                open.push(threat);
            }
        }
        if open.is_empty() {
            Judgment::Satisfies
        } else {
            let open = open.join(" and ");
            Judgment::Breaks(format!("nothing is done against {open}; see Designate's production guidelines"))
        }
    });
}
