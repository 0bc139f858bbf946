//! Passing and failing subjects. They are checked when they are shown, so that findings are always up to date.

mod checked;
mod excerpt;
mod facts;
mod judge;
mod shown;
mod stored;
mod without;

use crate::domain::RuleInfo;
pub use checked::Example;
use stored::{DATA, Stored};
pub use without::rules_without;

/// The examples of a rule: one that passes, and one that fails.
pub(super) fn examples(rule: &RuleInfo) -> (Option<Example>, Option<Example>) {
    let with_document = || {
        let document = rule.documents.first()?;
        DATA.rules.get(&format!("{} {document}", rule.id))
    };
    let Some(pair) = with_document().or_else(|| DATA.rules.get(rule.id)) else { return (None, None) };
    let judged = |stored: &Option<Stored>| stored.as_ref().and_then(|stored| stored.judged(rule));
    let (mut passing, mut failing) = (judged(&pair.passing), judged(&pair.failing));
    if excerpt::is_image_rule(rule) {
        let telling = pair.telling_fields(rule, failing.as_ref());
        let shortened = [(&mut passing, &pair.passing), (&mut failing, &pair.failing)];
        for (example, stored) in
            shortened.into_iter().filter_map(|(one, other)| Some((one.as_mut()?, other.as_ref()?)))
        {
            example.excerpt =
                stored.excerpt(example.at, &telling).filter(|excerpt| *excerpt != example.subject);
        }
    }
    (passing, failing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::Registry;
    use scs_standards::{Strength, Verdict};

    /// Rules whose subjects are too long for an example.
    const WITHOUT: &[(&str, &str)] = &[("scs-0128-list-complete", "passing")];

    #[test]
    fn the_data_can_be_read() {
        let read: Result<stored::Data, _> = serde_json::from_str(include_str!("../../../data/examples.json"));
        assert!(read.unwrap().rules.len() > 180);
    }

    #[test]
    fn examples_pass_and_fail_as_they_should() {
        let registry = Registry::new();
        let mut wrong = Vec::new();
        for rule in registry.rules() {
            let (passing, failing) = examples(rule);
            // A MAY cannot fail.
            let can_fail = rule.level.strength() != Strength::May;
            for (which, example, expected, is_needed) in
                [("passing", passing, Verdict::Pass, true), ("failing", failing, Verdict::Fail, can_fail)]
            {
                match example {
                    Some(example) if example.result == expected => {}
                    Some(example) => wrong.push(format!(
                        "{} {which}: {} {:?}",
                        rule.id,
                        example.result,
                        example.findings.iter().map(|it| &it.message).collect::<Vec<_>>()
                    )),
                    None if is_needed && !WITHOUT.contains(&(rule.id, which)) => {
                        wrong.push(format!("{} {which}: none", rule.id));
                    }
                    None => {}
                }
            }
        }
        assert!(wrong.is_empty(), "{} examples:\n{}", wrong.len(), wrong.join("\n"));
    }
}
