//! scs-0302: managers of a domain, by Keystone's own policy or by one that the provider sets.

use scs_standards::{
    CLOUD, DeclaredValue, DocumentId, Heading, Judgement, Level, Rule, judge_declarations, says_nothing,
};

use super::Rec;
use super::evidence::{Release, declared_release, needed, needed_ini, set_option};
use crate::config::{Chance, Holding, Policy, PolicyCheck, PolicyExpression, RefersTooDeep};
use crate::domain_manager_policy::{expected_policy, names_of_section_a};
use crate::subject::{Cloud, source};

const DOMAIN_MANAGER: &[DocumentId] = &[DocumentId::version(302, 1)];
const NATIVE: Heading =
    Heading { documents: DOMAIN_MANAGER, section: "For OpenStack Keystone 2024.2 or later" };
const MANAGEABLE: Heading = Heading {
    documents: DOMAIN_MANAGER,
    section: "Decision (w1, Specifying manageable roles via is_domain_managed_role)",
};

/// The rules over domain managers.
pub(crate) static RULES: &[Rule<Cloud>] = &[
    Heading { documents: DOMAIN_MANAGER, section: "Conformance Tests" }
        .case(
            "domain-manager-check",
            Level::Must,
            "managers of two domains can do what they should, each in their own domain",
            behaviour,
        )
        .asking(
            "what the test suite for domain managers reported: the numbers `passed` and `failed`",
            "{passed: 52, failed: 0}",
        ),
    Heading { documents: DOMAIN_MANAGER, section: "Decision" }.rule(
        "scs-0302-role",
        Level::Must,
        "there is a role `manager`",
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
        "managers of a domain cannot make anybody admin",
        no_admin,
    ),
    MANAGEABLE.rule(
        "scs-0302-no-rule-ref",
        Level::MustNot,
        "the rule about manageable roles names them itself and refers to no other rule",
        no_reference,
    ),
    Heading {
        documents: DOMAIN_MANAGER,
        section: "Note about upgrading from SCS Domain Manager to native integration",
    }
    .rule(
        "scs-0302-old-policy-gone",
        Level::Must,
        "nothing is left of the earlier policy where Keystone knows domain managers itself",
        old_policy_gone,
    )
    .asking_about(TOPIC, TOPIC_VALUES, TOPIC_EXAMPLE),
    Heading { documents: DOMAIN_MANAGER, section: "For OpenStack Keystone 2024.1 or below" }
        .rule(
            "scs-0302-policy-present",
            Level::Must,
            "the policy for domain managers is there, unchanged, where Keystone does not know them itself",
            policy_present,
        )
        .asking_about(TOPIC, TOPIC_VALUES, TOPIC_EXAMPLE),
    MANAGEABLE.rule(
        "scs-0302-manager-warn",
        Level::May,
        "managers of a domain can make others managers",
        manager_manageable,
    ),
];

const TOPIC: &str = "openstack-release";
const TOPIC_VALUES: &str = "the OpenStack release of Keystone";
const TOPIC_EXAMPLE: &str = "\"2024.2\"";

/// The release from which on Keystone knows domain managers itself.
const NATIVE_FROM: Release = Release { year: 2024, number: 2 };
/// The rule that says which roles a manager may give.
const MANAGED_ROLE: &str = "is_domain_managed_role";

/// Fewer checks than these are no run of the suite, which has about fifty.
const MOST_OF_THE_SUITE: f64 = 40.0;

fn behaviour(_: &Cloud, rec: &mut Rec<'_>) {
    judge_declarations(rec, [CLOUD], |_, declaration| {
        let value = &declaration.value;
        let has_document = declaration.document.as_deref().is_some_and(|document| !says_nothing(document));
        let number = |fact| value.fact(fact).and_then(DeclaredValue::number);
        match (number("passed"), number("failed")) {
            (Some(passed), Some(failed))
                if passed < 0.0 || failed < 0.0 || passed.fract() != 0.0 || failed.fract() != 0.0 =>
            {
                Judgement::Unusable
            }
            (Some(_), Some(failed)) if failed > 0.0 => {
                Judgement::Breaks(format!("{failed} checks of the test suite fail"))
            }
            (Some(passed), Some(_)) if passed > 0.0 && passed < MOST_OF_THE_SUITE && !has_document => {
                Judgement::Contradicts(format!(
                    "the test suite has about fifty checks, and {passed} are declared; name the `document` that has the results"
                ))
            }
            (Some(passed), Some(_)) if passed > 0.0 => Judgement::Satisfies,
            (Some(_), Some(_)) => Judgement::Breaks("no check of the test suite was run".to_owned()),
            _ => Judgement::Unusable,
        }
    });
}

fn role(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(roles) = rec.needs(&cloud.role_list, source::ROLE_LIST) else { return };
    if !roles.iter().any(|role| role == "manager") {
        rec.fail("roles", "there is no role `manager`")
            .compared("manager", roles.join(", "))
            .fixed_by("openstack role create manager");
    }
}

/// The policies; where none is given, a finding says so.
fn policies<'c>(cloud: &'c Cloud, rec: &mut Rec<'_>) -> Option<Vec<(&'c str, Policy)>> {
    let files = rec.needs(&cloud.config_files, source::CONFIG_FILES)?;
    needed(files.policies("keystone"), rec, "keystone/policy.yaml")
}

/// The release, where the provider says it.
fn release(rec: &mut Rec<'_>) -> Option<Release> {
    let release = declared_release(rec);
    if release.is_none() {
        rec.miss(CLOUD, format!("not declared: {TOPIC_VALUES}, on which it depends what is asked; declare the topic `{TOPIC}`, such as {TOPIC_EXAMPLE}")).undeclared();
    }
    release
}

fn not_asked(rec: &mut Rec<'_>, before: bool) {
    let word = if before { "before" } else { "from" };
    rec.note(CLOUD, format!("not asked {word} 2024.2"));
}

/// From 2024.2 on, oslo.policy enforces both unless told otherwise.
fn enforced(cloud: &Cloud, rec: &mut Rec<'_>, option: &str) {
    let Some(files) = needed_ini(cloud, rec, "keystone.conf") else { return };
    let Some(release) = release(rec) else { return };
    if release < NATIVE_FROM {
        return not_asked(rec, true);
    }
    for (path, file) in files {
        match file.flag("oslo_policy", option) {
            Some(Ok(true)) => {}
            None => {
                rec.note(path, format!("`{option}` is not set; it is on by default from 2024.2 on"));
            }
            Some(Ok(false)) => {
                rec.fail(path, format!("`{option}` in [oslo_policy] is off, so scopes are not protected"))
                    .compared(format!("{option} = True"), "False")
                    .fixed_by(set_option(path, "oslo_policy", option, "True"));
            }
            Some(Err(_)) => {
                rec.dnf(path, format!("`{option}` in [oslo_policy] is neither true nor false"));
            }
        }
    }
}

/// The rule about manageable roles; where it cannot be read, a finding says so.
fn managed<'p>(rec: &mut Rec<'_>, path: &str, policy: &'p Policy) -> Option<&'p PolicyExpression> {
    match policy.expression(MANAGED_ROLE) {
        Some(Ok(expression)) => Some(expression),
        Some(Err(problem)) => {
            rec.dnf(path, problem.to_string());
            None
        }
        None => {
            rec.note(path, format!("`{MANAGED_ROLE}` is not set, so Keystone's own value counts"));
            None
        }
    }
}

/// Whether a manager of a domain can give a role of this name.
fn can_give(policy: &Policy, expression: &PolicyExpression, role: &str) -> Result<Chance, RefersTooDeep> {
    policy.holding(expression, &|check| for_role(check, role)).map(|holding| holding.holds)
}

/// What a check is for a manager of a domain who is no administrator, and a role of this name that belongs to no domain.
fn for_role(check: &PolicyCheck, role: &str) -> Holding {
    match (check.kind.as_str(), check.value.as_str()) {
        ("role", who) if who.eq_ignore_ascii_case("manager") => Holding::ALWAYS,
        ("role", who) if who.eq_ignore_ascii_case("admin") => Holding::NEVER,
        ("role", _) => Holding::EITHER,
        // Keystone's own rule about administrators, where the file does not have it.
        ("is_admin", "1" | "True" | "true") | ("rule", "admin_required") => Holding::NEVER,
        ("None", "%(target.role.domain_id)s") => Holding::ALWAYS,
        (kind, "%(target.role.name)s") => match quoted(kind) {
            Some(name) => Holding::of(name == role),
            None => Holding::UNKNOWN,
        },
        _ => Holding::UNKNOWN,
    }
}

/// What stands in quotation marks.
fn quoted(kind: &str) -> Option<&str> {
    let inside = |mark: char| kind.strip_prefix(mark)?.strip_suffix(mark);
    inside('\'').or_else(|| inside('"'))
}

/// The roles of a policy that services take for admin: they compare names whatever their case.
fn names_of_admin(policy: &Policy) -> Vec<String> {
    let mut names = vec!["admin".to_owned()];
    let all = policy.references_of(MANAGED_ROLE).into_iter().chain([MANAGED_ROLE.to_owned()]);
    for name in all {
        let Some(Ok(expression)) = policy.expression(&name) else { continue };
        let quoted = expression.checks().into_iter().filter_map(|check| quoted(&check.kind));
        names.extend(quoted.filter(|name| name.eq_ignore_ascii_case("admin")).map(str::to_owned));
    }
    names.sort_unstable_by_key(|name| name != "admin");
    names.dedup();
    names
}

/// A role of Keystone's that is for services and not for people.
const SERVICE: &str = "service";

fn no_admin(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(policies) = policies(cloud, rec) else { return };
    for (path, policy) in &policies {
        let Some(expression) = managed(rec, path, policy) else { continue };
        // What a reference says may stand behind one that cannot be read.
        for reference in policy.references_of(MANAGED_ROLE) {
            if let Some(Err(problem)) = policy.expression(&reference) {
                rec.dnf(*path, problem.to_string());
            }
        }
        let through = if expression.checks().iter().any(|check| check.kind == "rule") {
            ", through another rule"
        } else {
            ""
        };
        for name in names_of_admin(policy) {
            match can_give(policy, expression, &name) {
                Ok(Chance::No) => {}
                Ok(Chance::Yes) => {
                    let taken = if name == "admin" { "" } else { ", which services take for `admin`" };
                    rec.fail(
                        *path,
                        format!("`{MANAGED_ROLE}` lets managers of a domain give the role `{name}`{taken}{through}; let it hold for the roles that they need alone"),
                    )
                    .compared("'member':%(target.role.name)s or …, without `admin`", expression);
                    break;
                }
                Ok(Chance::Unknown) => {
                    let message = format!(
                        "whether `{MANAGED_ROLE}` holds for the role `{name}` cannot be told: `{expression}`"
                    );
                    rec.dnf(*path, message);
                    break;
                }
                Err(too_deep) => {
                    rec.dnf(*path, format!("`{MANAGED_ROLE}` cannot be followed: {too_deep}"));
                    break;
                }
            }
        }
        if can_give(policy, expression, SERVICE) == Ok(Chance::Yes) {
            rec.warn(
                *path,
                format!("`{MANAGED_ROLE}` lets managers of a domain give `{SERVICE}` as well; name the roles that they need"),
            );
        }
    }
}

fn no_reference(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(policies) = policies(cloud, rec) else { return };
    for (path, policy) in &policies {
        let Some(expression) = managed(rec, path, policy) else { continue };
        for check in expression.checks().iter().filter(|check| check.kind == "rule") {
            rec.fail(
                *path,
                format!("`{MANAGED_ROLE}` refers to `{}`; name the roles themselves", check.value),
            )
            .compared("'member':%(target.role.name)s or …", expression);
        }
    }
}

fn manager_manageable(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(policies) = policies(cloud, rec) else { return };
    for (path, policy) in &policies {
        let Some(Ok(expression)) = policy.expression(MANAGED_ROLE) else { continue };
        if can_give(policy, expression, "manager") == Ok(Chance::Yes) {
            rec.note(*path, "managers of a domain can make others managers, and take it from each other");
        }
    }
}

fn old_policy_gone(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(release) = release(rec) else {
        // What is not known of the files is said as well.
        policies(cloud, rec);
        return;
    };
    if release < NATIVE_FROM {
        return not_asked(rec, true);
    }
    let Some(policies) = policies(cloud, rec) else { return };
    let expected = expected_policy();
    for (path, policy) in &policies {
        for name in policy.names() {
            let is_old = names_of_section_a().any(|old| old == name)
                || (expected.iter().any(|(old, _)| old == name) && name != MANAGED_ROLE);
            if is_old {
                rec.fail(*path, format!("`{name}` is of the policy for releases before 2024.2; remove it"))
                    .compared("not set", name);
            }
        }
    }
}

fn policy_present(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(release) = release(rec) else {
        policies(cloud, rec);
        return;
    };
    if release >= NATIVE_FROM {
        return not_asked(rec, false);
    }
    let Some(policies) = policies(cloud, rec) else { return };
    for (path, policy) in &policies {
        for (name, expected) in expected_policy() {
            match policy.expression(&name) {
                Some(Err(problem)) => {
                    rec.dnf(*path, problem.to_string());
                }
                None => {
                    rec.fail(*path, format!("`{name}` is not set")).compared(&expected, "not set");
                }
                Some(Ok(given)) => {
                    // Which roles are manageable is the provider's choice.
                    if name != MANAGED_ROLE && !given.is_same_as(&expected) {
                        rec.fail(*path, format!("`{name}` is not as the implementation notes have it"))
                            .compared(&expected, given);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_expression_decides_and_not_the_names_in_it() {
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
            ("None:%(target.role.domain_id)s", "admin", Chance::Yes),
            ("rule:ours", "admin", Chance::Unknown),
            ("", "admin", Chance::Yes),
            ("!", "admin", Chance::No),
        ] {
            let expression: PolicyExpression = text.parse().unwrap();
            assert_eq!(can_give(&Policy::default(), &expression, role), Ok(expected), "{text}");
        }
    }
}
