//! The domain manager policy before 2024.2 (scs-0302-w1, *Policy adjustments*), as a table of permissions.

use crate::config::{PolicyCheck, PolicyExpression};

/// The domain that a token must belong to.
#[derive(Clone, Copy)]
enum Within {
    /// Any; the API only shows resources of the domain.
    Nothing,
    /// The token must belong to a manager of any domain.
    Anywhere,
    /// The domain in this attribute.
    DomainOf(&'static str),
    /// The domain in both attributes.
    DomainsOf(&'static str, &'static str),
    /// As in the rule for grants.
    Grant,
}

/// An additional condition of a rule.
#[derive(Clone, Copy, PartialEq)]
enum Condition {
    Nothing,
    /// The role is manageable.
    ManagedRole,
    /// System readers are allowed as well.
    OrSystemReader,
}

struct Row {
    /// The API rule without `identity:`.
    action: &'static str,
    within: Within,
    besides: Condition,
}

const fn row(action: &'static str, within: Within) -> Row {
    Row { action, within, besides: Condition::Nothing }
}

const fn managed(action: &'static str, within: Within) -> Row {
    Row { action, within, besides: Condition::ManagedRole }
}

const fn or_system_reader(action: &'static str, within: Within) -> Row {
    Row { action, within, besides: Condition::OrSystemReader }
}

/// Section B: permissions of managers, in the order of the text.
static ACTIONS: &[Row] = {
    use Within::{Anywhere, DomainOf, DomainsOf, Grant, Nothing};
    &[
        row("get_domain", Nothing),
        row("list_domains", Anywhere),
        row("list_roles", Anywhere),
        managed("get_role", Anywhere),
        row("list_users", DomainOf("domain_id")),
        row("get_user", DomainOf("user.domain_id")),
        row("create_user", DomainOf("user.domain_id")),
        row("update_user", DomainOf("user.domain_id")),
        row("delete_user", DomainOf("user.domain_id")),
        row("list_projects", DomainOf("domain_id")),
        row("get_project", DomainOf("project.domain_id")),
        row("create_project", DomainOf("project.domain_id")),
        row("update_project", DomainOf("project.domain_id")),
        row("delete_project", DomainOf("project.domain_id")),
        row("list_user_projects", DomainOf("user.domain_id")),
        row("check_grant", Grant),
        row("list_grants", Grant),
        managed("create_grant", Grant),
        managed("revoke_grant", Grant),
        row("list_role_assignments", DomainOf("domain_id")),
        or_system_reader("list_groups", DomainOf("group.domain_id")),
        or_system_reader("get_group", DomainOf("group.domain_id")),
        row("create_group", DomainOf("group.domain_id")),
        row("update_group", DomainOf("group.domain_id")),
        row("delete_group", DomainOf("group.domain_id")),
        row("list_groups_for_user", DomainOf("user.domain_id")),
        row("list_users_in_group", DomainOf("group.domain_id")),
        row("remove_user_from_group", DomainsOf("group.domain_id", "user.domain_id")),
        row("check_user_in_group", DomainsOf("group.domain_id", "user.domain_id")),
        row("add_user_to_group", DomainsOf("group.domain_id", "user.domain_id")),
    ]
};

/// Helpers: the domains of a grant.
static GRANTS: &[(&str, [&str; 2])] = &[
    ("is_domain_user_project_grant", ["user.domain_id", "project.domain_id"]),
    ("is_domain_group_project_grant", ["group.domain_id", "project.domain_id"]),
    ("is_domain_level_group_grant", ["group.domain_id", "domain.id"]),
    ("is_domain_level_user_grant", ["user.domain_id", "domain.id"]),
];

/// The roles that a manager may assign by default.
const MANAGEABLE: [&str; 2] = ["member", "load-balancer_member"];

fn check(kind: &str, value: impl Into<String>) -> PolicyExpression {
    PolicyExpression::Check(PolicyCheck { kind: kind.to_owned(), value: value.into() })
}

fn rule(name: impl Into<String>) -> PolicyExpression {
    check("rule", name)
}

fn within_domain(attribute: &str) -> PolicyExpression {
    check("token.domain.id", format!("%(target.{attribute})s"))
}

impl Row {
    fn expression(&self) -> PolicyExpression {
        use PolicyExpression::{And, Or};
        let manager = rule("is_domain_manager");
        let restricted = |expression: PolicyExpression| match self.besides {
            Condition::ManagedRole => And(vec![expression, rule("is_domain_managed_role")]),
            Condition::Nothing | Condition::OrSystemReader => expression,
        };
        let mut ways = match self.within {
            Within::Nothing => Vec::new(),
            Within::Anywhere => vec![restricted(manager)],
            Within::DomainOf(attribute) => vec![And(vec![manager, within_domain(attribute)])],
            Within::DomainsOf(one, other) => {
                vec![And(vec![manager, within_domain(one), within_domain(other)])]
            }
            Within::Grant => vec![restricted(rule("domain_manager_grant"))],
        };
        if self.besides == Condition::OrSystemReader {
            ways.push(And(vec![check("role", "reader"), check("system_scope", "all")]));
        }
        ways.push(rule(format!("base_{}", self.action)));
        ways.push(rule("admin_required"));
        Or(ways)
    }
}

/// Section B: rules with their expressions.
pub(crate) fn expected_policy() -> Vec<(String, PolicyExpression)> {
    use PolicyExpression::{And, Or};
    let helper = |name: &str, expression: PolicyExpression| (name.to_owned(), expression);
    let role = |role: &&str| check(&format!("'{role}'"), "%(target.role.name)s");
    let mut expected = vec![
        helper("is_domain_manager", check("role", "manager")),
        helper("is_domain_managed_role", Or(MANAGEABLE.iter().map(role).collect())),
    ];
    expected.extend(
        GRANTS
            .iter()
            .map(|(name, domains)| helper(name, And(domains.iter().map(|it| within_domain(it)).collect()))),
    );
    let grants = Or(GRANTS.iter().map(|(name, _)| rule(*name)).collect());
    expected.push(helper("domain_manager_grant", And(vec![rule("is_domain_manager"), grants])));
    expected.extend(ACTIONS.iter().map(|row| (format!("identity:{}", row.action), row.expression())));
    expected
}

/// Section A: the copies of OpenStack's own definitions, one for each action.
pub(crate) fn names_of_section_a() -> impl Iterator<Item = String> {
    ACTIONS.iter().map(|row| format!("base_{}", row.action))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Policy;

    #[test]
    fn the_tables_are_complete() {
        assert_eq!(expected_policy().len(), 37);
        assert_eq!(names_of_section_a().count(), 30);
    }

    /// The template in the standard's text, if the texts are available.
    #[test]
    fn the_tables_match_the_implementation_notes() {
        let Ok(standards) = std::env::var("SCS_STANDARDS_DIR") else {
            println!("skipped: SCS_STANDARDS_DIR is not set");
            return;
        };
        let path = format!("{standards}/Standards/scs-0302-w1-domain-manager-implementation-notes.md");
        let text = std::fs::read_to_string(path).unwrap();
        let template = text.split("```yaml\n").nth(1).unwrap().split("```").next().unwrap();
        let policy: Policy = template.parse().unwrap();
        for (name, expected) in expected_policy() {
            let given = policy.expression(&name).unwrap_or_else(|| panic!("{name}")).unwrap();
            assert!(given.is_same_as(&expected), "{name}: {given} and {expected}");
        }
        for name in names_of_section_a() {
            assert!(policy.expression(&name).unwrap().is_ok(), "{name}");
        }
        assert_eq!(policy.names().count(), 37 + 30);
    }
}
