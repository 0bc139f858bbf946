//! Each option of a choice, applied separately: its finding disappears, and there are no new ones.

use std::collections::BTreeMap;

use fastrand::Rng;
use scs_registry::{Report, apply_edits};
use scs_standards::{Data, Edit, Finding, Fix, Profile, Severity, Verdict, Way};
use serde_json::Value;

use crate::shared::checked;
use crate::{Key, Tally, key, recorder, renamed};

/// The number of choices to test for an inventory; each option needs a complete check.
const CHOICES: usize = 2;

/// Rules about clusters that are updated in steps: kubelets are updated after API servers, and reported then.
const IN_STEPS: [&str; 2] = ["version-policy-check", "scs-0217-version-policy"];

/// The messages of findings, by key. A declaration that becomes necessary is not a new fault.
fn said<'f>(findings: impl Iterator<Item = &'f Finding>) -> BTreeMap<Key, Vec<&'f str>> {
    let mut said: BTreeMap<Key, Vec<&str>> = BTreeMap::new();
    let broken = |finding: &&Finding| finding.severity != Severity::Info && finding.result != Verdict::Miss;
    for finding in findings.filter(broken) {
        let mut key = key(finding);
        // Only one of several flavors with the same short name is named.
        if key.0 == "scs-0100-short-name" {
            key.2.clone_from(&finding.message);
        }
        said.entry(key).or_default().push(&finding.message);
    }
    said
}

/// Findings that a choice may reveal: those about the other interpretation, or those hidden by the first finding.
const TO_LIGHT: [(&str, &str); 8] = [
    // The name and the property refer to different systems.
    ("scs-0102-prop-os_distro", "scs-0102-naming"),
    ("scs-0102-naming", "scs-0102-naming"),
    // It may be set to an allowed value that is not the recommended one.
    ("scs-0102-prop-hw_disk_bus", "scs-0102-prop-hw_disk_bus"),
    // A flavor with the figures of a standard flavor has the class in its own name.
    ("scs-0100-understate-cpu-class", "scs-0103-cpu-type"),
    ("scs-0103-any-cpu-type", "scs-0103-cpu-type"),
    // With another name, it no longer represents the standard flavor with its figures.
    ("scs-0100-semantics-check", "scs-0103-flavor-"),
    ("scs-0103-any-cpu-type", "scs-0103-flavor-"),
    // A missing node of the plan is reported only if no label is wrong.
    ("scs-0214-labels-current", "scs-0214-labels-current"),
];

/// Rules whose messages name other images.
const UNIQUENESS: &str = "scs-0102-os_purpose-uniqueness";

/// The name of the object that edits create.
fn created(edits: &[Edit]) -> Option<&str> {
    edits.iter().find_map(|edit| match edit {
        Edit::Create { object: Data::Map(fields), .. } => fields.get("name")?.text(),
        _ => None,
    })
}

/// Applies each option of some choices separately and checks again: its finding is gone, and there are no new ones unless the
/// question says so. `before` is the report under the text profile.
pub(crate) fn close_ways(
    document: &Value,
    before: &Report,
    at: &str,
    told: &str,
    rng: &mut Rng,
    tally: &mut Tally,
) {
    let choices: Vec<(&Finding, &[Way])> = before
        .findings
        .iter()
        .filter_map(|finding| match &finding.fix {
            Some(Fix::Choose { ways, .. }) => Some((&finding.finding, ways.as_slice())),
            _ => None,
        })
        .collect();
    let known = said(before.findings.iter().map(|it| &it.finding));
    // Rules with few findings are selected as often as those with many.
    let mut of_rules: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, (finding, _)) in choices.iter().enumerate() {
        of_rules.entry(&*finding.rule).or_default().push(index);
    }
    let mut of_rules: Vec<Vec<usize>> = of_rules.into_values().collect();
    for _ in 0..CHOICES.min(of_rules.len()) {
        let of_rule = of_rules.swap_remove(rng.usize(..of_rules.len()));
        let (finding, ways) = choices[of_rule[rng.usize(..of_rule.len())]];
        let question = finding.fix.as_ref().and_then(Fix::words).unwrap_or_default();
        if IN_STEPS.contains(&&*finding.rule) {
            continue;
        }
        for way in ways.iter().filter(|way| !way.edits.is_empty()) {
            tally.ways += 1;
            let wrong = &mut tally.wrong;
            let what = format!("{told}: {} of {}: `{}`", finding.rule, finding.subject, way.command);
            let removes =
                way.edits.iter().any(|edit| matches!(edit, Edit::Unset { .. } | Edit::Delete { .. }));
            let is_ours = way.edits.iter().all(|edit| OF_USERS.contains(&edit.part()));
            if removes && is_ours && !way.destructive {
                wrong.push(format!("{what} is not marked"));
            }
            recorder::compare(&[(way.command.as_str(), way.edits.as_slice())].into(), document, told, wrong);
            let mut repaired = document.clone();
            if let Err(error) = apply_edits(&mut repaired, &way.edits) {
                wrong.push(format!("{what} cannot be applied: {error}"));
                continue;
            }
            let after = checked(&repaired, at, Profile::Text);
            let mut expected = known.clone();
            if let Some(of_it) = expected.get_mut(&key(finding))
                && let Some(index) = of_it.iter().position(|message| *message == finding.message)
            {
                of_it.remove(index);
            }
            if let Some(name) = renamed(&way.edits).or_else(|| created(&way.edits)) {
                let of_old: Vec<Key> =
                    expected.keys().filter(|(_, _, subject)| *subject == finding.subject).cloned().collect();
                for (rule, document, subject) in of_old {
                    let of_it = expected[&(rule.clone(), document.clone(), subject)].clone();
                    expected.entry((rule, document, name.to_owned())).or_default().extend(of_it);
                }
            }
            for (key, messages) in said(after.findings.iter().map(|it| &it.finding)) {
                let most = expected.get(&key).map_or(0, Vec::len);
                let answer = way.when.as_deref().unwrap_or_default();
                let is_said = |words: &str| {
                    messages.iter().any(|message| words.contains(message))
                        || key.0 == UNIQUENESS && words.contains("one of several generic images")
                };
                let is_said = is_said(question) || is_said(answer);
                let comes_to_light =
                    TO_LIGHT.iter().any(|(of, new)| finding.rule == *of && key.0.starts_with(new));
                if messages.len() > most && !is_said && !comes_to_light {
                    wrong
                        .push(format!("{what}: {key:?}: {} of at most {most}: {messages:?}", messages.len()));
                }
            }
        }
    }
}

/// Parts with values that users select by, so that removing one is the operator's decision.
pub(crate) const OF_USERS: [&str; 3] = ["flavors", "images", "volume_types"];
