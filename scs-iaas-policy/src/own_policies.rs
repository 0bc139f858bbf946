//! Base rules of services, which their default policies refer to: a policy file can refer to them without defining them, and
//! redefining one changes every rule that depends on it.

use std::sync::LazyLock;

use crate::config::Policy;

fn policy(rules: &[(&str, &'static str)]) -> Policy {
    rules.iter().map(|(name, text)| ((*name).to_owned(), *text)).collect()
}

/// A base rule of Keystone, and a rule that depends on it.
pub(crate) struct BaseRule {
    pub(crate) name: &'static str,
    /// Keystone's default expression.
    text: &'static str,
    /// An operation whose default refers to the rule.
    pub(crate) operation: &'static str,
}

const fn base(name: &'static str, text: &'static str, operation: &'static str) -> BaseRule {
    BaseRule { name, text, operation }
}

/// Keystone's base rules, none of which applies to a domain manager accessing a resource in another domain.
pub(crate) static KEYSTONE_BASE: &[BaseRule] = &[
    base("admin_required", "role:admin or is_admin:1", "identity:create_role"),
    base("service_role", "role:service", "identity:validate_token"),
    base("service_or_admin", "rule:admin_required or rule:service_role", "identity:list_revoke_events"),
    base("owner", "user_id:%(user_id)s", "identity:list_application_credentials"),
    base("admin_or_owner", "rule:admin_required or rule:owner", "identity:delete_application_credential"),
    base("token_subject", "user_id:%(target.token.user_id)s", "identity:validate_token"),
];

/// Keystone's default rule for the roles that domain managers may assign, since 2024.2.
pub(crate) const KEYSTONE_MANAGED_ROLES: &str = "domain_managed_target_role";

/// Keystone's defaults, as far as the rules need them.
pub(crate) static KEYSTONE: LazyLock<Policy> = LazyLock::new(|| {
    let mut own = policy(&[
        (
            KEYSTONE_MANAGED_ROLES,
            "'manager':%(target.role.name)s or 'member':%(target.role.name)s or 'reader':%(target.role.name)s",
        ),
        // Users who may assign a role within their domain, besides administrators.
        (
            "identity:create_grant",
            "rule:admin_required or (role:manager and rule:domain_managed_target_role)",
        ),
        ("admin_or_token_subject", "rule:admin_required or rule:token_subject"),
        ("service_admin_or_token_subject", "rule:service_or_admin or rule:token_subject"),
    ]);
    own.overlay(KEYSTONE_BASE.iter().map(|rule| (rule.name.to_owned(), rule.text)).collect());
    own
});

/// Barbican's role rules without secure RBAC.
pub(crate) static BARBICAN: LazyLock<Policy> = LazyLock::new(|| {
    policy(&[
        ("admin", "role:admin"),
        ("creator", "role:creator"),
        ("observer", "role:observer"),
        ("audit", "role:audit"),
        ("service_admin", "role:key-manager:service-admin"),
        ("all_users", "rule:admin or rule:observer or rule:creator or rule:audit or rule:service_admin"),
        ("all_but_audit", "rule:admin or rule:observer or rule:creator"),
        ("admin_or_creator", "rule:admin or rule:creator"),
        ("secret_project_match", "project_id:%(target.secret.project_id)s"),
        ("secret_creator_user", "user_id:%(target.secret.creator_id)s"),
        ("secret_project_creator_role", "rule:creator and rule:secret_project_match"),
        ("secret_project_creator", "rule:creator and rule:secret_project_match and rule:secret_creator_user"),
        ("container_project_match", "project_id:%(target.container.project_id)s"),
        ("container_creator_user", "user_id:%(target.container.creator_id)s"),
        ("container_project_creator_role", "rule:creator and rule:container_project_match"),
        (
            "container_project_creator",
            "rule:creator and rule:container_project_match and rule:container_creator_user",
        ),
    ])
});

/// Neutron's base rules for administrators. Its rules for owners depend on the resource.
pub(crate) static NEUTRON: LazyLock<Policy> = LazyLock::new(|| {
    policy(&[
        ("context_is_admin", "role:admin"),
        ("admin_only", "rule:context_is_admin"),
        ("admin_api", "rule:context_is_admin"),
    ])
});
