//! Permission to share networks with other projects.

use scs_standards::{CLOUD, Given, Judgment, either, judge};

use super::super::Rec;
use crate::config::{Chance, Holding, Policy, PolicyCheck, PolicyDepthError, PolicyExpression};
use crate::own_policies::NEUTRON;
use crate::subject::{Cloud, source};

const RULE: &str = "create_rbac_policy";

pub(super) fn rbac(cloud: &Cloud, rec: &mut Rec<'_>) {
    if let Given::Data(files) = &cloud.config_files {
        let found = files.policies("neutron");
        for (path, reason) in &found.unusable {
            rec.dnf(*path, format!("cannot parse it: {reason}"));
        }
        for (path, named) in &found.missing {
            let message =
                format!("`{path}` sets the policy file `{named}`, but the inventory does not have that file");
            rec.miss(source::CONFIG_FILES.name, message);
        }
        for policy in &found.usable {
            policy_of(rec, policy.file_of(RULE), &policy.policy);
        }
        if !(found.usable.is_empty() && found.unusable.is_empty() && found.missing.is_empty()) {
            return;
        }
    }
    if rec.context().declarations.has_entry_for(rec.rule().id) {
        judge(rec, [CLOUD], |_, value| match either(value, "refused", "created") {
            Some(true) => Judgment::Satisfies,
            Some(false) => Judgment::Breaks(advice("an ordinary user could create a Networking RBAC rule")),
            None => Judgment::Unusable,
        });
        return;
    }
    if let Some(files) = rec.needs(&cloud.config_files, source::CONFIG_FILES) {
        let some = files.paths().count();
        let message = format!(
            "none of its {some} files is Neutron's policy (`/etc/neutron/policy.yaml`); add it, even if it is empty, or declare the outcome of a trial"
        );
        rec.miss(source::CONFIG_FILES.name, message);
    }
}

fn advice(message: &str) -> String {
    format!("{message}; set `\"{RULE}\": \"rule:admin_only\"` in Neutron's policy")
}

fn policy_of(rec: &mut Rec<'_>, path: &str, policy: &Policy) {
    let Some(expression) = policy.expression(RULE) else {
        let message = advice(&format!(
            "`{RULE}` is not set, and Neutron's default lets users share their own networks"
        ));
        rec.fail(path, message).compared("rule:admin_only", "the default");
        return;
    };
    match expression {
        Err(problem) => {
            rec.dnf(path, format!("`{RULE}`: {problem}"));
        }
        Ok(expression) => match others(policy, expression) {
            Ok(Chance::No) => {}
            Ok(Chance::Yes) => {
                let message = advice(&format!("`{RULE}` lets non-administrators share networks"));
                rec.fail(path, message).compared("rule:admin_only", expression);
            }
            Ok(Chance::Unknown) => {
                let message = format!(
                    "`{RULE}` is `{expression}`, which refers to a rule outside the file, or to another program"
                );
                rec.dnf(path, message);
            }
            Err(too_deep) => {
                rec.dnf(path, format!("cannot evaluate `{RULE}`: {too_deep}"));
            }
        },
    }
}

/// Neutron rules that are not only for administrators.
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

/// Whether an expression allows anybody who is not an administrator.
fn others(policy: &Policy, expression: &PolicyExpression) -> Result<Chance, PolicyDepthError> {
    policy.over(&NEUTRON).holding(expression, &of_others).map(|holding| holding.holds)
}

/// The possible results of a check for any non-administrator.
fn of_others(check: &PolicyCheck) -> Holding {
    match check.kind.as_str() {
        "role" if check.value.eq_ignore_ascii_case("admin") => Holding::NEVER,
        "is_admin" if check.value.eq_ignore_ascii_case("true") || check.value == "1" => Holding::NEVER,
        // It is neither in the file nor an administrator rule.
        "rule" if !OTHERS.contains(&check.value.as_str()) => Holding::UNKNOWN,
        _ if check.is_remote() => Holding::UNKNOWN,
        _ => Holding::EITHER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_for_non_administrators_are_recognized() {
        let of = |text: &str| {
            let policy: Policy = text.parse().unwrap();
            others(&policy, policy.expression(RULE).unwrap().unwrap())
        };
        for text in [
            "rule:admin_only",
            "role:admin",
            "is_admin:True",
            "!",
            "role:admin and project_id:%(project_id)s",
        ] {
            assert_eq!(of(&format!("{RULE}: '{text}'")), Ok(Chance::No), "{text}");
        }
        for text in
            ["", "@", "rule:admin_or_owner", "role:admin or role:member", "not role:reader", "role:member"]
        {
            assert_eq!(of(&format!("{RULE}: '{text}'")), Ok(Chance::Yes), "{text}");
        }
        assert_eq!(of(&format!("{RULE}: 'rule:ours'\nours: 'role:admin'")), Ok(Chance::No));
        assert_eq!(of(&format!("{RULE}: 'rule:ours'")), Ok(Chance::Unknown));
        assert_eq!(of(&format!("{RULE}: 'rule:{RULE}'")), Ok(Chance::Unknown));
        assert_eq!(of(&format!("{RULE}: 'rule:admin_only'\nadmin_only: '@'")), Ok(Chance::Yes));
        assert_eq!(of(&format!("{RULE}: 'not rule:admin_or_owner'")), Ok(Chance::Yes));
        // The file may have rules that Neutron's defaults refer to.
        assert_eq!(
            of(&format!("{RULE}: 'rule:admin_only'\ncontext_is_admin: 'role:member'")),
            Ok(Chance::Yes)
        );
        assert_eq!(of(&format!("{RULE}: 'rule:admin_only'\ncontext_is_admin: 'role:boss'")), Ok(Chance::Yes));
        assert_eq!(of(&format!("{RULE}: 'http://opa.example/check'")), Ok(Chance::Unknown));
        assert_eq!(of(&format!("{RULE}: 'role:admin and http://opa.example/check'")), Ok(Chance::No));
        assert_eq!(of(&format!("{RULE}: 'rule:ours or rule:ours'\nours: 'role:admin'")), Ok(Chance::No));
    }
}
