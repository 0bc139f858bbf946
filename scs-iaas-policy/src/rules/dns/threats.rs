//! Rules for the DNS service for users.

use scs_standards::{CLOUD, DeclaredValue, Judgment, is_vacuous, judge};

use super::super::{Rec, evidence};
use crate::subject::{Cloud, source};

/// Whether the catalog has a DNS service; records a finding if that is unknown (`None`), and a note if there is none.
pub(super) fn has_service(cloud: &Cloud, rec: &mut Rec<'_>) -> Option<bool> {
    if evidence::offers(cloud, rec, &["dns"])? {
        return Some(true);
    }
    rec.note(source::SERVICES.name, "no DNS service (`dns`) in the catalog");
    Some(false)
}

pub(super) fn mitigated(cloud: &Cloud, rec: &mut Rec<'_>) {
    if has_service(cloud, rec) != Some(true) {
        return;
    }
    judge(rec, [CLOUD], |_, value| {
        let mut open = Vec::new();
        for (fact, threat) in [("zone_squatting", "zone squatting"), ("cache_poisoning", "cache poisoning")] {
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
            Judgment::Breaks(format!(
                "no countermeasures against {open}; see Designate's production guidelines"
            ))
        }
    });
}
