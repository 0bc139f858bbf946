//! scs-0212: features of a container registry, declared by the provider.

use std::collections::BTreeSet;

use scs_standards::{
    CLUSTER, DeclaredValue, DocumentId, Fact, Heading, Judgment, Level, Rule, Verdict, fact, is_vacuous,
    judge, judge_topic,
};

use super::Rec;
use crate::registry_feature::{RegistryFeature, Want};
use crate::subject::Cluster;

const REGISTRY: &[DocumentId] = &[DocumentId::version(212, 1)];

/// The topic shared by the rules on features.
const FEATURES: &str = "registry-features";
const VALUES: &str = "the features of the registry: a list, or facts that describe each one; `no-registry` if none is offered; required are audit-logs, system-identities, user-authentication, role-based-authorization, automation, vulnerability-scanning, content-trust, multi-tenancy, backup-and-restore, monitoring, high-availability, replication, proxy-cache, quota-management, garbage-collection and retention-policy";
const VALUES_DESIRABLE: &str = "the features of the registry; desirable are other-artifacts, integrations, deployment and administration-as-code";
const EXAMPLE_DESIRABLE: &str = "[integrations, deployment, administration-as-code]";
const EXAMPLE: &str = "[audit-logs, system-identities, user-authentication, role-based-authorization, automation, vulnerability-scanning, content-trust, multi-tenancy, backup-and-restore, monitoring, high-availability, replication, proxy-cache, quota-management, garbage-collection, retention-policy]";

/// The parts of the health check (scs-0008).
const HEALTH: [&str; 5] = ["four-opens", "maturity", "security", "activity", "lock-in"];

/// The rules for container registries.
pub(crate) static RULES: &[Rule<Cluster>] = &[
    // *Design considerations* lists the features as required; the normative section requires a majority of them (C-110).
    Heading { documents: REGISTRY, section: "Standard" }
        .rule(
            "scs-0212-required-features",
            Level::Should,
            "the registry has the majority of the required features",
            required_features,
        )
        .asking_about(FEATURES, VALUES, EXAMPLE),
    Heading { documents: REGISTRY, section: "OSS health check" }
        .rule(
            "scs-0212-oss-health",
            Level::Must,
            "the registry software is healthy according to scs-0008",
            oss_health,
        )
        .asking(
            "the scores from 0 (bad) to 3 (good) of the facts `four-opens`, `maturity`, `security`, `activity` and `lock-in`; `no-registry` if none is offered",
            "{four-opens: 3, maturity: 3, security: 2, activity: 3, lock-in: 2}",
        ),
    Heading { documents: REGISTRY, section: "Desirable features" }
        .rule("scs-0212-desirable", Level::May, "the registry has desirable features", desirable)
        .asking_about(FEATURES, VALUES_DESIRABLE, EXAMPLE_DESIRABLE),
];

/// The declared value of a provider without a registry, to whom the rules do not apply.
const NO_REGISTRY: &str = "no-registry";

/// The declared features.
enum Features {
    None,
    These(BTreeSet<RegistryFeature>),
}

/// `None` if the value is of another type. A plain yes is not accepted as a fact; a no means the feature is missing.
fn features(value: &DeclaredValue) -> Option<Features> {
    if value.text() == Some(NO_REGISTRY) {
        return Some(Features::None);
    }
    if let Some(list) = value.list() {
        let list: Option<BTreeSet<_>> = list.iter().map(|name| RegistryFeature::of(name.trim())).collect();
        return list.map(Features::These);
    }
    let DeclaredValue::Facts(facts) = value else { return None };
    let mut features = BTreeSet::new();
    for (name, how) in facts {
        let feature = RegistryFeature::of(name)?;
        match (how.flag(), how.list()) {
            (Some(false), _) => {}
            (_, Some(words)) => {
                let is_no = |word: &String| matches!(word.trim(), "" | "no" | "none" | "false");
                if words.iter().any(|word| !is_no(word) && is_vacuous(word)) {
                    return None;
                }
                features.extend((!words.iter().all(is_no)).then_some(feature));
            }
            _ => return None,
        }
    }
    Some(Features::These(features))
}

/// The names of features of this importance that are not declared.
fn missing(declared: &BTreeSet<RegistryFeature>, want: Want) -> Vec<&'static str> {
    let wanted = RegistryFeature::all().filter(|feature| feature.want() == want);
    wanted.filter(|feature| !declared.contains(feature)).map(RegistryFeature::name).collect()
}

/// Declared words that are not features, such as misspelled ones.
fn unknown(value: &DeclaredValue) -> Vec<&str> {
    let is_unknown = |name: &&str| RegistryFeature::of(name.trim()).is_none();
    match (value.list(), value) {
        (Some(list), _) => list.iter().map(String::as_str).filter(is_unknown).collect(),
        (None, DeclaredValue::Facts(facts)) => {
            facts.keys().map(std::string::String::as_str).filter(is_unknown).collect()
        }
        _ => Vec::new(),
    }
}

/// The judgment for values that are not features, listing the invalid words.
fn unusable(value: &DeclaredValue) -> Judgment {
    match unknown(value).as_slice() {
        [] => Judgment::Unusable,
        words => Judgment::Contradicts(format!("`{}` is not a feature in the standard", words.join("`, `"))),
    }
}

fn required_features(_: &Cluster, rec: &mut Rec<'_>) {
    judge_topic(rec, |value| match features(value) {
        None => unusable(value),
        Some(Features::None) => Judgment::Satisfies,
        Some(Features::These(declared)) => {
            let missing = missing(&declared, Want::Required);
            let all = RegistryFeature::all().filter(|feature| feature.want() == Want::Required).count();
            if is_majority(all - missing.len(), all) {
                Judgment::Satisfies
            } else {
                Judgment::Breaks(format!(
                    "only {} of {all} required features are available, which is not a majority; missing: {}",
                    all - missing.len(),
                    missing.join(", ")
                ))
            }
        }
    });
    if rec.verdict() == Verdict::Pass
        && let Fact::Declared(value) = fact(rec, &[FEATURES])
        && let Some(Features::These(declared)) = features(value)
    {
        for feature in missing(&declared, Want::Required) {
            rec.warn(CLUSTER, format!("the registry should have {feature}, too"));
        }
    }
}

const fn is_majority(part: usize, whole: usize) -> bool {
    part * 2 > whole
}

fn desirable(_: &Cluster, rec: &mut Rec<'_>) {
    judge_topic(rec, |value| features(value).map_or_else(|| unusable(value), |_| Judgment::Satisfies));
    if let Fact::Declared(value) = fact(rec, &[FEATURES])
        && let Some(Features::These(declared)) = features(value)
    {
        let missing = missing(&declared, Want::Desirable);
        if !missing.is_empty() {
            rec.note(CLUSTER, format!("it could have {}, too", missing.join(", ")));
        }
    }
}

fn oss_health(_: &Cluster, rec: &mut Rec<'_>) {
    /// The score from which a part counts as fulfilled; the text has no number.
    const GOOD: f64 = 2.0;
    /// The best score.
    const BEST: f64 = 3.0;
    judge(rec, [CLUSTER], |_, value| {
        if value.text() == Some(NO_REGISTRY) {
            return Judgment::Satisfies;
        }
        let mut weak = Vec::new();
        for part in HEALTH {
            let score = value.fact(part).and_then(DeclaredValue::number);
            match score.filter(|score| (0.0..=BEST).contains(score)) {
                Some(score) if score >= GOOD => {}
                Some(_) => weak.push(part),
                None => return Judgment::Unusable,
            }
        }
        if weak.is_empty() {
            Judgment::Satisfies
        } else {
            Judgment::Breaks(format!("the software is weak in {}", weak.join(", ")))
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_questions_list_every_feature() {
        for feature in RegistryFeature::all() {
            let is_required = feature.want() == Want::Required;
            let values = if is_required { VALUES } else { VALUES_DESIRABLE };
            assert!(values.contains(feature.name()), "{feature}");
            assert_eq!(EXAMPLE.contains(feature.name()), is_required, "{feature}");
        }
    }
}
