//! scs-0302: domain managers, through Keystone's native policy or one configured by the provider.

use std::collections::BTreeMap;

use scs_standards::{
    CLOUD, Data, DocumentId, Edit, Fix, Heading, Judgment, Level, Rule, TestCounts, Way, judge_declarations,
    names_document,
};

use super::Rec;
use super::evidence::{self, declared_release, each_setting, needed_configurations, no_policy, set_if};
use super::release_number::ReleaseNumber;
use crate::config::{
    Chance, Holding, Policy, PolicyCheck, PolicyDepthError, PolicyExpression, ServicePolicy,
};
use crate::domain_manager_policy::{expected_policy, names_of_section_a};
use crate::own_policies::{KEYSTONE as KEYSTONE_RULES, KEYSTONE_BASE, KEYSTONE_MANAGED_ROLES};
use crate::subject::{Cloud, source};

const DOMAIN_MANAGER: &[DocumentId] = &[DocumentId::version(302, 1)];
const NATIVE: Heading =
    Heading { documents: DOMAIN_MANAGER, section: "For OpenStack Keystone 2024.2 or later" };
const MANAGEABLE: Heading = Heading {
    documents: DOMAIN_MANAGER,
    section: "Decision (w1, Specifying manageable roles via is_domain_managed_role)",
};

/// The rules for domain managers.
pub(crate) static RULES: &[Rule<Cloud>] = &[
    Heading { documents: DOMAIN_MANAGER, section: "Conformance Tests" }
        .case(
            "domain-manager-check",
            Level::Must,
            "domain managers can manage their own domain and no other",
            behavior,
        )
        .asking(
            "the result of the domain manager test suite: the numbers `passed`, `failed` and, if any, `errors` and `skipped`",
            "{passed: 52, failed: 0}",
        ),
    Heading { documents: DOMAIN_MANAGER, section: "Decision" }.rule(
        "scs-0302-role",
        Level::Must,
        "the role `manager` exists",
        role,
    ),
    NATIVE
        .rule("scs-0302-enforce-scope", Level::Must, "Keystone enforces the scope of tokens", |cloud, rec| {
            enforced(cloud, rec, "enforce_scope");
        })
        .asking_about(TOPIC, TOPIC_VALUES, TOPIC_EXAMPLE),
    NATIVE
        .rule(
            "scs-0302-enforce-defaults",
            Level::Must,
            "Keystone enforces the new defaults of its policy",
            |cloud, rec| enforced(cloud, rec, "enforce_new_defaults"),
        )
        .asking_about(TOPIC, TOPIC_VALUES, TOPIC_EXAMPLE),
    NATIVE.rule(
        "scs-0302-no-admin",
        Level::MustNot,
        "domain managers cannot make anybody an admin",
        no_admin,
    ),
    MANAGEABLE.rule(
        "scs-0302-no-rule-ref",
        Level::MustNot,
        "the rule for manageable roles lists them directly, without referring to another rule",
        no_reference,
    ),
    Heading {
        documents: DOMAIN_MANAGER,
        section: "Note about upgrading from SCS Domain Manager to native integration",
    }
    .rule(
        "scs-0302-old-policy-gone",
        Level::Must,
        "no leftovers of the earlier policy once Keystone supports domain managers natively, and no rule lets managers change roles",
        old_policy_gone,
    )
    .asking_about(TOPIC, TOPIC_VALUES, TOPIC_EXAMPLE),
    Heading { documents: DOMAIN_MANAGER, section: "For OpenStack Keystone 2024.1 or below" }
        .rule(
            "scs-0302-policy-present",
            Level::Must,
            "the domain manager policy is in place, complete and unchanged, if Keystone has no native support",
            policy_present,
        )
        .asking_about(TOPIC, TOPIC_VALUES, TOPIC_EXAMPLE),
    MANAGEABLE.rule(
        "scs-0302-manager-warn",
        Level::May,
        "domain managers can appoint other managers",
        manager_manageable,
    ),
];

const TOPIC: &str = "openstack-release";
const TOPIC_VALUES: &str = "the OpenStack release of Keystone";
const TOPIC_EXAMPLE: &str = "\"2024.2\"";

/// The first release in which Keystone supports domain managers natively.
const NATIVE_FROM: ReleaseNumber = ReleaseNumber { year: 2024, number: 2 };
/// The service name in its file names.
const KEYSTONE: &str = "keystone";
/// The rule that defines which roles a manager may assign.
const MANAGED_ROLE: &str = "is_domain_managed_role";

/// The minimum number of checks in a run of the suite, which has about fifty.
const MIN_CHECKS: u32 = 40;

/// The maximum number of checks, more than in any edition of the suite.
const MAX_CHECKS: u32 = 10_000;

fn behavior(_: &Cloud, rec: &mut Rec<'_>) {
    judge_declarations(rec, [CLOUD], |_, declaration| {
        let has_document = declaration.document.as_deref().is_some_and(names_document);
        let Some(counts) = TestCounts::of(&declaration.value) else { return Judgment::Unusable };
        let TestCounts { passed, failed, errors, skipped } = counts;
        if [passed, failed, errors, skipped].iter().any(|count| *count > MAX_CHECKS) {
            return Judgment::Unusable;
        }
        if failed > 0 {
            return Judgment::Breaks(format!("{failed} checks of the test suite failed"));
        }
        if errors > 0 {
            return Judgment::Breaks(format!("{errors} checks of the test suite ended in an error"));
        }
        if passed == 0 {
            return Judgment::Breaks("no check of the test suite was run".to_owned());
        }
        if skipped > 0 {
            return Judgment::Contradicts(format!(
                "{skipped} checks of the test suite were skipped, which proves nothing"
            ));
        }
        if passed < MIN_CHECKS && !has_document {
            return Judgment::Contradicts(format!(
                "the test suite has about fifty checks, but {passed} are declared; name the `document` with the results"
            ));
        }
        Judgment::Satisfies
    });
}

fn role(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(roles) = rec.needs(&cloud.role_list, source::ROLE_LIST) else { return };
    if !roles.iter().any(|role| role == "manager") {
        let created = Edit::create(source::ROLE_LIST.name, Data::map([("name", "manager")]));
        rec.fail("roles", "there is no global role `manager`")
            .compared("manager", roles.join(", "))
            .repaired_by(Fix::safe("openstack role create manager", [created]));
    }
}

/// The policies; records a finding if there is none.
fn policies<'c>(cloud: &'c Cloud, rec: &mut Rec<'_>) -> Option<Vec<ServicePolicy<'c>>> {
    let found = evidence::policies(cloud, rec, KEYSTONE)?;
    if found.usable.is_empty() {
        no_policy(cloud, rec, KEYSTONE);
        return None;
    }
    Some(found.usable)
}

/// The declared release.
fn release(rec: &mut Rec<'_>) -> Option<ReleaseNumber> {
    match declared_release(rec, KEYSTONE) {
        Some(Ok(release)) => Some(release),
        Some(Err(reason)) => {
            rec.dnf(CLOUD, format!("the declared release is unusable: {reason}; declare the topic `{TOPIC}`, such as {TOPIC_EXAMPLE}"));
            None
        }
        None => {
            rec.miss(CLOUD, format!("the requirements depend on {TOPIC_VALUES}; declare the topic `{TOPIC}`, such as {TOPIC_EXAMPLE}")).undeclared();
            None
        }
    }
}

fn not_asked(rec: &mut Rec<'_>, before: bool) {
    let word = if before { "before" } else { "from" };
    rec.note(CLOUD, format!("not applicable {word} 2024.2"));
}

/// Since 2024.2, oslo.policy enforces both by default.
fn enforced(cloud: &Cloud, rec: &mut Rec<'_>, option: &str) {
    let Some(found) = needed_configurations(cloud, rec, KEYSTONE) else { return };
    let Some(release) = release(rec) else { return };
    if release < NATIVE_FROM {
        return not_asked(rec, true);
    }
    for (path, setting) in each_setting(&found.usable, "oslo_policy", option) {
        match setting.map(|setting| setting.flag()) {
            Some(Some(true)) => {}
            None => {
                rec.note(path, format!("`{option}` is not set; it is on by default since 2024.2"));
            }
            Some(Some(false)) => {
                let question = "Do the administrators and tools that use Keystone have tokens of the right scope? Otherwise change them first: other tokens are rejected once it is on.";
                let fix = refusing(set_if(cloud, question, path, &[("oslo_policy", option, "True")]));
                rec.fail(path, format!("`{option}` in [oslo_policy] is off, so scopes are not enforced"))
                    .compared(format!("{option} = True"), "False")
                    .repaired_by(fix);
            }
            Some(None) => {
                rec.dnf(path, format!("`{option}` in [oslo_policy] is neither true nor false"));
            }
        }
    }
}

/// It rejects requests that were allowed before.
fn refusing(fix: Fix) -> Fix {
    match fix {
        Fix::Choose { question, ways } => Fix::choose(question, ways.into_iter().map(Way::destructive)),
        other => other,
    }
}

/// The rule for manageable roles; records a finding if it is unreadable.
fn managed<'p>(rec: &mut Rec<'_>, policy: &'p ServicePolicy<'_>) -> Option<&'p PolicyExpression> {
    let path = policy.file_of(MANAGED_ROLE);
    match policy.policy.expression(MANAGED_ROLE) {
        Some(Ok(expression)) => Some(expression),
        Some(Err(problem)) => {
            rec.dnf(path, problem.to_string());
            None
        }
        None => {
            rec.note(path, format!("`{MANAGED_ROLE}` is not set, so Keystone's default applies"));
            None
        }
    }
}

/// Whether an expression can hold for a domain manager and a role of this name. Other roles of a manager are at most those
/// that managers may assign.
fn can_assign(
    policy: &Policy,
    expression: &PolicyExpression,
    role: &str,
) -> Result<Chance, PolicyDepthError> {
    let givable = |own: &str| {
        let about =
            [MANAGED_ROLE, KEYSTONE_MANAGED_ROLES].into_iter().find_map(|rule| policy.expression(rule));
        let Some(Ok(about)) = about else { return true };
        policy.holding(about, &|check| for_role(check, own)).is_ok_and(|it| it.holds != Chance::No)
    };
    let holding = policy.holding(expression, &|check| match check.kind.as_str() {
        "role" if is_foreign(check) && !givable(&check.value) => Holding::NEVER,
        _ => for_role(check, role),
    });
    holding.map(|holding| holding.holds)
}

/// Whether a check is for a custom role of the provider.
fn is_foreign(check: &PolicyCheck) -> bool {
    let usual = ["admin", "manager", "member", "reader"];
    !check.is_template() && !usual.iter().any(|role| check.value.eq_ignore_ascii_case(role))
}

/// The result of a check for a domain manager who is not an administrator, and a global role of this name.
fn for_role(check: &PolicyCheck, role: &str) -> Holding {
    match (check.kind.as_str(), check.value.as_str()) {
        ("role", _) if check.is_template() => Holding::UNKNOWN,
        ("role", who) if who.eq_ignore_ascii_case("manager") => Holding::ALWAYS,
        ("role", who) if who.eq_ignore_ascii_case("admin") => Holding::NEVER,
        ("role", _) => Holding::EITHER,
        // The token is domain-scoped.
        ("is_admin", "1" | "True" | "true") | ("system_scope", _) => Holding::NEVER,
        // Copies of Keystone's default rules, which do not exist unless the file has them.
        ("rule", name) if name.starts_with("base_") => Holding::NEVER,
        ("None", "%(target.role.domain_id)s") => Holding::ALWAYS,
        // A resource in the same domain, or in another one.
        ("token.domain.id" | "domain_id" | "token.project.domain.id" | "project_id" | "user_id", _) => {
            Holding::EITHER
        }
        (kind, "%(target.role.name)s") => match quoted(kind) {
            Some(name) => Holding::of(name == role),
            None => Holding::UNKNOWN,
        },
        _ => Holding::UNKNOWN,
    }
}

/// The text in quotation marks.
fn quoted(kind: &str) -> Option<&str> {
    let inside = |mark: char| kind.strip_prefix(mark)?.strip_suffix(mark);
    inside('\'').or_else(|| inside('"'))
}

/// The roles in a policy that services treat as admin: they compare names case-insensitively.
fn names_of_admin(policy: &Policy, rule: &str) -> Vec<String> {
    let mut names = vec!["admin".to_owned()];
    let all = policy.references_of(rule).into_iter().chain([rule.to_owned()]);
    for name in all {
        let Some(Ok(expression)) = policy.expression(&name) else { continue };
        let quoted = expression.checks().into_iter().filter_map(|check| quoted(&check.kind));
        names.extend(quoted.filter(|name| name.eq_ignore_ascii_case("admin")).map(str::to_owned));
    }
    names.sort_unstable_by_key(|name| name != "admin");
    names.dedup();
    names
}

/// A Keystone role for services, not for people.
const SERVICE: &str = "service";

/// The rules that decide which roles a manager may assign: the standard's, Keystone's default, and that of the API itself.
const ASSIGNING: [&str; 3] = [MANAGED_ROLE, KEYSTONE_MANAGED_ROLES, "identity:create_grant"];

fn no_admin(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(policies) = policies(cloud, rec) else { return };
    for policy in &policies {
        managed(rec, policy);
        let all = policy.policy.over(&KEYSTONE_RULES);
        for rule in ASSIGNING {
            match all.expression(rule) {
                Some(Ok(expression)) if policy.decides(&all, rule) => {
                    assigns_no_admin(rec, policy, &all, rule, expression);
                }
                Some(Err(problem)) if rule != MANAGED_ROLE => {
                    rec.dnf(policy.file_of(rule), problem.to_string());
                }
                _ => {}
            }
        }
    }
}

/// Records whether a rule lets managers assign the role admin; `policy` includes Keystone's default rules.
fn assigns_no_admin(
    rec: &mut Rec<'_>,
    service: &ServicePolicy<'_>,
    policy: &Policy,
    rule: &str,
    expression: &PolicyExpression,
) {
    let path = service.file_of(rule);
    // The referenced rule may itself refer to an unreadable one.
    for reference in policy.references_of(rule) {
        if let Some(Err(problem)) = policy.expression(&reference) {
            rec.dnf(service.file_of(&reference), problem.to_string());
        }
    }
    let through = if expression.checks().iter().any(|check| check.kind == "rule") {
        ", through another rule"
    } else {
        ""
    };
    for name in names_of_admin(policy, rule) {
        match can_assign(policy, expression, &name) {
            Ok(Chance::No) => {}
            Ok(Chance::Yes) => {
                let taken = if name == "admin" { "" } else { ", which services treat as `admin`" };
                rec.fail(
                    path,
                    format!("`{rule}` lets domain managers assign the role `{name}`{taken}{through}; restrict it to the roles that they need"),
                )
                .compared("'member':%(target.role.name)s or …, without `admin`", expression)
                .repaired_by(Fix::advice(format!(
                    "list the roles that managers may assign in `{rule}`, without `{name}`"
                )));
                break;
            }
            Ok(Chance::Unknown) => {
                let message =
                    format!("cannot tell whether `{rule}` applies to the role `{name}`: `{expression}`");
                rec.dnf(path, message);
                break;
            }
            Err(too_deep) => {
                rec.dnf(path, format!("cannot evaluate `{rule}`: {too_deep}"));
                break;
            }
        }
    }
    if rule == MANAGED_ROLE && can_assign(policy, expression, SERVICE) == Ok(Chance::Yes) {
        rec.warn(
            path,
            format!("`{rule}` also lets domain managers assign `{SERVICE}`; list the roles that they need"),
        );
    }
}

fn no_reference(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(policies) = policies(cloud, rec) else { return };
    for policy in &policies {
        let Some(expression) = managed(rec, policy) else { continue };
        for check in expression.checks().iter().filter(|check| check.kind == "rule") {
            rec.fail(
                policy.file_of(MANAGED_ROLE),
                format!("`{MANAGED_ROLE}` refers to `{}`; list the roles directly", check.value),
            )
            .compared("'member':%(target.role.name)s or …", expression);
        }
    }
}

fn manager_manageable(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(policies) = policies(cloud, rec) else { return };
    for policy in &policies {
        let Some(Ok(expression)) = policy.policy.expression(MANAGED_ROLE) else { continue };
        if can_assign(&policy.policy.over(&KEYSTONE_RULES), expression, "manager") == Ok(Chance::Yes) {
            rec.note(
                policy.file_of(MANAGED_ROLE),
                "domain managers can appoint other managers, and dismiss each other",
            );
        }
    }
}

/// Operations that change roles, or assign them outside any domain; no domain manager may do so.
const BEYOND_DOMAINS: [&str; 11] = [
    "create_role",
    "update_role",
    "delete_role",
    "create_domain_role",
    "update_domain_role",
    "delete_domain_role",
    "create_implied_role",
    "delete_implied_role",
    "create_system_grant_for_user",
    "create_system_grant_for_group",
    "create_domain",
];

/// The result of a check for a user with these domain roles, accessing a resource in another domain.
fn from_outside(check: &PolicyCheck, roles: &[&str]) -> Holding {
    match check.kind.as_str() {
        "role" if !check.is_template() => {
            Holding::of(roles.iter().any(|role| check.value.eq_ignore_ascii_case(role)))
        }
        // An explicitly named domain, project or user may be their own.
        "token.domain.id" | "domain_id" | "token.project.domain.id" | "project_id" | "user_id"
            if check.is_template() || check.value == "None" =>
        {
            Holding::NEVER
        }
        _ => for_role(check, "member"),
    }
}

/// The roles of a manager, who is also a member.
const MANAGER: &[&str] = &["manager", "member", "reader"];
/// The roles of a plain member.
const MEMBER: &[&str] = &["member", "reader"];

/// The forbidden permission that a policy entry gives to managers but not to members.
fn forbidden_permission(
    policy: &Policy,
    action: &str,
    expression: &PolicyExpression,
) -> Result<Chance, PolicyDepthError> {
    let holds = |roles: &[&str]| {
        policy.holding(expression, &|check| from_outside(check, roles)).map(|holding| holding.holds)
    };
    if BEYOND_DOMAINS.contains(&action) {
        return can_assign(policy, expression, "member");
    }
    // Operations allowed to members are for everybody.
    Ok(if holds(MEMBER)? == Chance::Yes { Chance::No } else { holds(MANAGER)? })
}

/// Records policy entries that let managers change roles, or access resources outside their domain: operations, and base
/// rules that Keystone's default operations depend on.
fn no_escalation(rec: &mut Rec<'_>, service: &ServicePolicy<'_>) {
    let policy = service.policy.over(&KEYSTONE_RULES);
    let standard: Vec<String> = expected_policy().into_iter().map(|(name, _)| name).collect();
    for name in service.policy.names() {
        let action = name.strip_prefix("identity:").or_else(|| name.strip_prefix("base_"));
        let base = KEYSTONE_BASE.iter().find(|base| base.name == name);
        let is_beyond = action.is_some_and(|action| BEYOND_DOMAINS.contains(&action));
        if action.is_none() && base.is_none() || !is_beyond && standard.iter().any(|known| known == name) {
            continue;
        }
        let path = service.file_of(name);
        let expression = match policy.expression(name) {
            Some(Ok(expression)) => expression,
            Some(Err(problem)) => {
                rec.dnf(path, format!("`{name}`: {problem}"));
                continue;
            }
            None => continue,
        };
        let found = match base {
            // It only applies to those it is meant for, in any domain.
            Some(_) => policy.holding(expression, &|check| from_outside(check, MANAGER)).map(|it| it.holds),
            None => forbidden_permission(&policy, action.unwrap_or_default(), expression),
        };
        let what = if is_beyond || name == "admin_required" {
            "change roles, or resources outside their domain"
        } else {
            "access resources outside their domain"
        };
        let rests = base.map_or_else(String::new, |base| format!(": `{}` depends on it", base.operation));
        match found {
            Ok(Chance::No) => {}
            Ok(Chance::Yes) => {
                rec.fail(path, format!("`{name}` lets domain managers {what}{rests}"))
                    .compared("nothing for the role `manager`", expression)
                    .repaired_by(Fix::advice(format!("remove `{name}`, or restrict it to administrators")));
            }
            Ok(Chance::Unknown) => {
                let message = format!(
                    "cannot tell whether `{name}` lets domain managers {what}{rests}: `{expression}`"
                );
                rec.dnf(path, message);
            }
            Err(too_deep) => {
                rec.dnf(path, format!("cannot evaluate `{name}`: {too_deep}"));
            }
        }
    }
}

fn old_policy_gone(cloud: &Cloud, rec: &mut Rec<'_>) {
    let release = release(rec);
    if release.is_some_and(|release| release < NATIVE_FROM) {
        return not_asked(rec, true);
    }
    // Unknown results are recorded as well.
    let Some(policies) = policies(cloud, rec) else { return };
    let expected = expected_policy();
    for policy in &policies {
        no_escalation(rec, policy);
        if release.is_none() {
            continue;
        }
        let is_old = |name: &&str| {
            *name != MANAGED_ROLE
                && (names_of_section_a().any(|old| old == *name)
                    || expected.iter().any(|(old, _)| old == *name))
        };
        let mut by_file: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for name in policy.policy.names().filter(is_old) {
            by_file.entry(policy.file_of(name)).or_default().push(name);
        }
        for (path, names) in by_file {
            let advice = format!(
                "remove these entries from {path}; keep `{MANAGED_ROLE}` if it lists roles of your own: {}",
                names.join(", ")
            );
            rec.fail(
                path,
                format!("{} left over from the policy for releases before 2024.2; remove them", some(&names)),
            )
            .compared("not set", names.join(", "))
            .repaired_by(Fix::advice(advice));
        }
    }
}

/// The first names, and the number of others.
fn some(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => format!("`{one}` is"),
        [first, rest @ ..] => format!("`{first}` and {} more are", rest.len()),
    }
}

fn policy_present(cloud: &Cloud, rec: &mut Rec<'_>) {
    let release = release(rec);
    if release.is_some_and(|release| release >= NATIVE_FROM) {
        return not_asked(rec, false);
    }
    let Some(policies) = policies(cloud, rec) else { return };
    if release.is_none() {
        return;
    }
    for policy in &policies {
        check_template(rec, policy);
        no_escalation(rec, policy);
    }
}

/// Records what a policy lacks of the template, and how it differs.
fn check_template(rec: &mut Rec<'_>, service: &ServicePolicy<'_>) {
    let template =
        "copy them from the template in scs-0302-w1 (Policy adjustments); for section A, as in the release";
    let missing = |names: &[String]| -> Vec<String> {
        names.iter().filter(|name| service.policy.expression(name).is_none()).cloned().collect()
    };
    let expected = expected_policy();
    let section_a: Vec<String> = names_of_section_a().collect();
    let section_b: Vec<String> = expected.iter().map(|(name, _)| name.clone()).collect();
    for (names, section) in [(section_a.as_slice(), "A"), (section_b.as_slice(), "B")] {
        let missing = missing(names);
        let names: Vec<&str> = missing.iter().map(String::as_str).collect();
        if !names.is_empty() {
            let message = format!("{} not set; section {section} of the policy has it", some(&names));
            rec.fail(service.file_of(MANAGED_ROLE), message)
                .compared(names.join(", "), "not set")
                .repaired_by(Fix::advice(template));
        }
    }
    for name in &section_a {
        if let Some(Err(problem)) = service.policy.expression(name) {
            rec.dnf(service.file_of(name), problem.to_string());
        }
    }
    for (name, expected) in expected {
        let path = service.file_of(&name);
        match service.policy.expression(&name) {
            Some(Err(problem)) => {
                rec.dnf(path, problem.to_string());
            }
            // The provider chooses which roles are manageable.
            Some(Ok(given)) if name != MANAGED_ROLE && !given.is_same_as(&expected) => {
                rec.fail(path, format!("`{name}` differs from the implementation notes"))
                    .compared(&expected, given)
                    .repaired_by(Fix::advice(template));
            }
            Some(Ok(_)) | None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_evaluated_rather_than_searched_for_names() {
        for (text, role, expected) in [
            ("'member':%(target.role.name)s", "admin", Chance::No),
            ("not 'member':%(target.role.name)s", "admin", Chance::Yes),
            ("not 'admin':%(target.role.name)s", "admin", Chance::No),
            ("not 'admin':%(target.role.name)s", "service", Chance::Yes),
            ("'Admin':%(target.role.name)s", "admin", Chance::No),
            ("'Admin':%(target.role.name)s", "Admin", Chance::Yes),
            ("role:admin", "admin", Chance::No),
            ("role:manager", "admin", Chance::Yes),
            ("rule:admin_required or 'member':%(target.role.name)s", "admin", Chance::No),
            ("rule:domain_managed_target_role", "admin", Chance::No),
            ("None:%(target.role.domain_id)s", "admin", Chance::Yes),
            // Managers cannot assign such a role.
            ("role:cloud_admin", "admin", Chance::No),
            ("http://opa.example/check", "admin", Chance::Unknown),
            ("role:admin and http://opa.example/check", "admin", Chance::No),
            ("role:%(target.role.name)s", "admin", Chance::Unknown),
            ("rule:ours", "admin", Chance::Unknown),
            ("", "admin", Chance::Yes),
            ("!", "admin", Chance::No),
        ] {
            let expression: PolicyExpression = text.parse().unwrap();
            assert_eq!(can_assign(&KEYSTONE_RULES, &expression, role), Ok(expected), "{text}");
        }
    }

    fn verdict(policy: &str) -> scs_standards::Verdict {
        let files = serde_json::json!({"/etc/keystone/policy.yaml": policy}).to_string();
        let cloud = Cloud::read(|part| match part {
            "config_files" => scs_standards::Given::Data(files.as_str()),
            _ => scs_standards::Given::Missing,
        });
        let declarations = scs_standards::Declaration {
            rule: TOPIC.to_owned(),
            value: scs_standards::DeclaredValue::Text("caracal".to_owned()),
            subjects: Vec::new(),
            statement: None,
            document: None,
            date: "2026-11-01".parse().unwrap(),
            valid_until: "2026-12-31".parse().unwrap(),
            responsible: None,
        };
        let declarations = [declarations].into_iter().collect();
        let context = scs_standards::Context {
            at: "2026-11-24T00:00:00Z".parse().unwrap(),
            profile: scs_standards::Profile::Text,
            declarations: &declarations,
        };
        let rule = RULES.iter().find(|rule| rule.id == "scs-0302-policy-present").unwrap();
        rule.answer(&cloud, &context).verdict
    }

    #[test]
    fn the_template_needs_both_sections_without_escalation() {
        let line = |(name, expression): (String, String)| format!("\"{name}\": \"{expression}\"\n");
        let section_a = names_of_section_a().map(|name| (name, "role:admin and system_scope:all".to_owned()));
        let section_a: Vec<String> = section_a.map(line).collect();
        let section_b: String =
            expected_policy().into_iter().map(|(name, it)| line((name, it.to_string()))).collect();
        let whole = section_a.concat() + &section_b;
        assert_eq!(verdict(&whole), scs_standards::Verdict::Pass);
        for broken in [
            section_b.clone(),
            section_a[1..].concat() + &section_b,
            section_a.concat(),
            format!("{whole}\"identity:create_role\": \"rule:is_domain_manager\"\n"),
            format!("{whole}\"identity:update_domain_config\": \"role:manager\"\n"),
            format!("{whole}\"admin_required\": \"role:admin or role:manager\"\n"),
            whole.replace(
                "\"base_create_user\": \"role:admin and system_scope:all\"",
                "\"base_create_user\": \"role:manager\"",
            ),
        ] {
            assert_eq!(verdict(&broken), scs_standards::Verdict::Fail, "{broken}");
        }
    }
}
