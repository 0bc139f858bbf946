//! Who may share networks with other projects.

use std::collections::BTreeMap;

use scs_standards::{CLOUD, Given, Judgement, either, judge};

use super::super::Rec;
use crate::config::{DEEPEST_REFERENCE, Found, Policy, PolicyExpression};
use crate::subject::{Cloud, source};

const RULE: &str = "create_rbac_policy";

/// Who an expression lets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Administrators,
    Others,
    /// It refers to a rule that is not in the file and not one of Neutron's.
    Unknown,
}

pub(super) fn rbac(cloud: &Cloud, rec: &mut Rec<'_>) {
    let mut found_policy = false;
    if let Given::Data(files) = &cloud.config_files {
        for found in files.policies("neutron") {
            match found {
                Found::Unusable(path, reason) => {
                    found_policy = true;
                    rec.dnf(path, format!("it cannot be read: {reason}"));
                }
                Found::File(path, policy) => {
                    found_policy = true;
                    policy_of(rec, path, &policy);
                }
            }
        }
    }
    if found_policy {
        return;
    }
    if rec.context().declarations.speak_of_rule(rec.rule().id) {
        judge(rec, [CLOUD], |_, value| match either(value, "refused", "created") {
            Some(true) => Judgement::Satisfies,
            Some(false) => Judgement::Breaks(advice("an ordinary user could create a Networking RBAC rule")),
            None => Judgement::Unusable,
        });
        return;
    }
    if let Some(files) = rec.needs(&cloud.config_files, source::CONFIG_FILES) {
        let some = files.paths().count();
        let message = format!(
            "none of its {some} files is a policy of Neutron (`/etc/neutron/policy.yaml`); add it, even if it is empty, or declare what came of trying"
        );
        rec.miss(source::CONFIG_FILES.name, message);
    }
}

fn advice(message: &str) -> String {
    format!("{message}; set `\"{RULE}\": \"rule:admin_only\"` in Neutron's policy")
}

fn policy_of(rec: &mut Rec<'_>, path: &str, policy: &Policy) {
    let Some(expression) = policy.expression(RULE) else {
        let message =
            advice(&format!("`{RULE}` is not in it, and Neutron's default lets users share what is theirs"));
        rec.fail(path, message).compared("rule:admin_only", "the default");
        return;
    };
    match expression {
        Err(problem) => {
            rec.dnf(path, format!("`{RULE}`: {problem}"));
        }
        Ok(expression) => match who(policy, expression, &mut Seen::default()) {
            Who::Administrators => {}
            Who::Others => {
                let message = advice(&format!("`{RULE}` lets others than administrators share networks"));
                rec.fail(path, message).compared("rule:admin_only", expression);
            }
            Who::Unknown => {
                let message = format!(
                    "`{RULE}` is `{expression}`, which refers to a rule that is not in the file, or through too many others; name the roles themselves"
                );
                rec.dnf(path, message);
            }
        },
    }
}

/// Rules of Neutron that are for administrators, where a file does not say otherwise.
const ADMINISTRATORS: &[&str] = &["admin_only", "context_is_admin", "admin_api"];
/// Rules of Neutron that are for others as well.
const OTHERS: &[&str] = &[
    "",
    "default",
    "owner",
    "admin_or_owner",
    "regular_user",
    "context_is_advsvc",
    "network_owner",
    "admin_owner_or_network_owner",
    "admin_or_network_owner",
    "shared",
    "project_member_api",
    "project_reader_api",
    "admin_or_project_member_api",
    "admin_or_project_reader_api",
];

/// The rules that were looked at, and how many of them are still being.
#[derive(Default)]
struct Seen<'p> {
    rules: BTreeMap<&'p str, Who>,
    open: usize,
}

/// Who an expression lets in. Each rule that it refers to is looked at once; one that refers to itself is unknown.
fn who<'p>(policy: &'p Policy, expression: &'p PolicyExpression, seen: &mut Seen<'p>) -> Who {
    match expression {
        PolicyExpression::Never => Who::Administrators,
        PolicyExpression::Always | PolicyExpression::Not(_) => Who::Others,
        PolicyExpression::And(parts) => {
            let each: Vec<Who> = parts.iter().map(|part| who(policy, part, seen)).collect();
            [Who::Administrators, Who::Unknown]
                .into_iter()
                .find(|who| each.contains(who))
                .unwrap_or(Who::Others)
        }
        PolicyExpression::Or(parts) => {
            let each: Vec<Who> = parts.iter().map(|part| who(policy, part, seen)).collect();
            [Who::Others, Who::Unknown]
                .into_iter()
                .find(|who| each.contains(who))
                .unwrap_or(Who::Administrators)
        }
        PolicyExpression::Check(check) => match check.kind.as_str() {
            "role" if check.value.eq_ignore_ascii_case("admin") => Who::Administrators,
            "is_admin" if check.value.eq_ignore_ascii_case("true") || check.value == "1" => {
                Who::Administrators
            }
            "rule" => referred(policy, &check.value, seen),
            _ => Who::Others,
        },
    }
}

fn referred<'p>(policy: &'p Policy, name: &'p str, seen: &mut Seen<'p>) -> Who {
    if let Some(known) = seen.rules.get(name) {
        return *known;
    }
    if seen.open == DEEPEST_REFERENCE {
        return Who::Unknown;
    }
    seen.rules.insert(name, Who::Unknown);
    seen.open += 1;
    let found = match policy.expression(name) {
        Some(Ok(expression)) => who(policy, expression, seen),
        None if ADMINISTRATORS.contains(&name) => Who::Administrators,
        None if OTHERS.contains(&name) => Who::Others,
        Some(Err(_)) | None => Who::Unknown,
    };
    seen.open -= 1;
    seen.rules.insert(name, found);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_for_administrators_or_for_others() {
        let of = |text: &str| {
            let policy: Policy = text.parse().unwrap();
            who(&policy, policy.expression(RULE).unwrap().unwrap(), &mut Seen::default())
        };
        for text in [
            "rule:admin_only",
            "role:admin",
            "is_admin:True",
            "!",
            "role:admin and project_id:%(project_id)s",
        ] {
            assert_eq!(of(&format!("{RULE}: '{text}'")), Who::Administrators, "{text}");
        }
        for text in
            ["", "@", "rule:admin_or_owner", "role:admin or role:member", "not role:reader", "role:member"]
        {
            assert_eq!(of(&format!("{RULE}: '{text}'")), Who::Others, "{text}");
        }
        assert_eq!(of(&format!("{RULE}: 'rule:ours'\nours: 'role:admin'")), Who::Administrators);
        assert_eq!(of(&format!("{RULE}: 'rule:ours'")), Who::Unknown);
        assert_eq!(of(&format!("{RULE}: 'rule:{RULE}'")), Who::Unknown);
        assert_eq!(of(&format!("{RULE}: 'rule:admin_only'\nadmin_only: '@'")), Who::Others);
        let chain: String = (0..20_000).map(|rule| format!("r{rule}: 'rule:r{}'\n", rule + 1)).collect();
        assert_eq!(of(&format!("{RULE}: 'rule:r0'\n{chain}r20000: 'role:admin'")), Who::Unknown);
    }
}
