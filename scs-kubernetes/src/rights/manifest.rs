//! The rights as objects of RBAC.

use std::str::FromStr;

use serde_json::{Value, json};
use thiserror::Error;

use super::{KUBE_SYSTEM, Right, Target};

/// The name of the roles and their bindings.
const NAME: &str = "scs-check";
/// The name of the role for kubelets and its binding.
const KUBELETS: &str = "scs-check-kubelets";
/// The name of the role for probes and its binding.
const PROBES: &str = "scs-check-probes";
const RBAC: &str = "rbac.authorization.k8s.io";

/// Who gets the rights.
///
/// ```
/// use scs_kubernetes::Account;
///
/// let account = Account::service_account("monitoring:scs-check")?;
/// assert_eq!(account, Account::ServiceAccount { namespace: "monitoring".into(), name: "scs-check".into() });
/// # Ok::<(), scs_kubernetes::ParseServiceAccountError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Account {
    /// A service account.
    ServiceAccount {
        /// Its namespace.
        namespace: String,
        /// Its name.
        name: String,
    },
    /// A user, as the API server knows it.
    User(String),
}

/// Error: not a service account.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is not a service account; write it as NAMESPACE:NAME")]
pub struct ParseServiceAccountError(String);

impl Account {
    /// Reads a service account as `kubectl` writes it.
    ///
    /// # Errors
    ///
    /// If it is not `NAMESPACE:NAME`.
    pub fn service_account(text: &str) -> Result<Self, ParseServiceAccountError> {
        let error = || ParseServiceAccountError(text.to_owned());
        let (namespace, name) = text.split_once(':').ok_or_else(error)?;
        if !is_name(namespace, false) || !is_name(name, true) {
            return Err(error());
        }
        Ok(Self::ServiceAccount { namespace: namespace.to_owned(), name: name.to_owned() })
    }

    /// The account of a user name, which is that of a service account if it has the form that the API server gives it.
    #[must_use]
    pub fn of_user(name: &str) -> Self {
        name.strip_prefix("system:serviceaccount:")
            .and_then(|account| Self::service_account(account).ok())
            .unwrap_or_else(|| Self::User(name.to_owned()))
    }

    fn subject(&self) -> Value {
        match self {
            Self::ServiceAccount { namespace, name } => {
                json!({"kind": "ServiceAccount", "name": name, "namespace": namespace})
            }
            Self::User(name) => json!({"kind": "User", "apiGroup": RBAC, "name": name}),
        }
    }
}

impl FromStr for Account {
    type Err = ParseServiceAccountError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::service_account(text)
    }
}

/// Whether a text is a name in Kubernetes, with dots or without.
fn is_name(text: &str, with_dots: bool) -> bool {
    let is_part = |part: &str| {
        !part.is_empty()
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    text.len() <= 253 && if with_dots { text.split('.').all(is_part) } else { is_part(text) }
}

/// The rules of a role, one for each resource.
fn rules(rights: &[&Right]) -> Vec<Value> {
    let mut rules: Vec<(Target, Vec<&str>)> = Vec::new();
    for right in rights {
        match rules.iter_mut().find(|(target, _)| *target == right.target) {
            Some((_, verbs)) if verbs.contains(&right.verb) => {}
            Some((_, verbs)) => verbs.push(right.verb),
            None => rules.push((right.target, vec![right.verb])),
        }
    }
    rules.iter().filter_map(|(target, verbs)| rule(*target, verbs)).collect()
}

fn rule(target: Target, verbs: &[&str]) -> Option<Value> {
    let Target::Resource { group, resource, subresource, name, .. } = target else { return None };
    let resource =
        subresource.map_or_else(|| resource.to_owned(), |subresource| format!("{resource}/{subresource}"));
    let mut rule = json!({"apiGroups": [group], "resources": [resource], "verbs": verbs});
    if let Some(name) = name {
        rule["resourceNames"] = json!([name]);
    }
    Some(rule)
}

fn object(kind: &str, name: &str, namespace: Option<&str>) -> Value {
    let mut object = json!({"apiVersion": format!("{RBAC}/v1"), "kind": kind, "metadata": {"name": name}});
    if let Some(namespace) = namespace {
        object["metadata"]["namespace"] = json!(namespace);
    }
    object
}

/// The role for some rights, and the binding to an account.
fn role(
    name: &str,
    namespace: Option<&str>,
    rights: &[&Right],
    account: Option<&Account>,
) -> impl Iterator<Item = Value> + use<> {
    let rules = rules(rights);
    let kind = if namespace.is_some() { "Role" } else { "ClusterRole" };
    let binding = account.map(|account| {
        let mut binding = object(&format!("{kind}Binding"), name, namespace);
        binding["roleRef"] = json!({"apiGroup": RBAC, "kind": kind, "name": name});
        binding["subjects"] = json!([account.subject()]);
        binding
    });
    let role = (!rules.is_empty()).then(|| {
        let mut role = object(kind, name, namespace);
        role["rules"] = Value::from(rules);
        role
    });
    let binding = binding.filter(|_| role.is_some());
    role.into_iter().chain(binding)
}

/// The objects that grant rights, for `kubectl apply`: a cluster role, a role in `kube-system`, cluster roles of their own for
/// the API of kubelets and for probes, and the bindings to an account. A service account is created, too.
///
/// ```
/// use scs_kubernetes::{Account, Extent, manifests, rights};
///
/// let account = Account::service_account("kube-system:scs-check")?;
/// let objects = manifests(&rights(Extent::default()), Some(&account));
/// let kinds: Vec<_> = objects.iter().filter_map(|object| object["kind"].as_str()).collect();
/// assert_eq!(kinds, ["ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"]);
/// # Ok::<(), scs_kubernetes::ParseServiceAccountError>(())
/// ```
#[must_use]
pub fn manifests(rights: &[Right], account: Option<&Account>) -> Vec<Value> {
    let of = |right: &Right, in_namespace: bool, is_proxy: bool| match right.target {
        Target::Resource { subresource, namespace, .. } => {
            right.probe.is_none() && namespace.is_some() == in_namespace && subresource.is_some() == is_proxy
        }
        Target::Path(_) => false,
    };
    let of_probes: Vec<&Right> = rights.iter().filter(|right| right.probe.is_some()).collect();
    let some = |in_namespace, is_proxy| -> Vec<&Right> {
        rights.iter().filter(|right| of(right, in_namespace, is_proxy)).collect()
    };
    let service_account = account.and_then(|account| match account {
        Account::ServiceAccount { namespace, name } => Some(json!({
            "apiVersion": "v1",
            "kind": "ServiceAccount",
            "metadata": {"name": name, "namespace": namespace},
        })),
        Account::User(_) => None,
    });
    service_account
        .into_iter()
        .chain(role(NAME, None, &some(false, false), account))
        .chain(role(NAME, Some(KUBE_SYSTEM), &some(true, false), account))
        .chain(role(KUBELETS, None, &some(false, true), account))
        .chain(role(PROBES, None, &of_probes, account))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::Extent;
    use crate::rights::rights;

    #[test]
    fn the_least_role_has_only_lists() {
        let objects = manifests(&rights(Extent::default()), None);
        let [cluster_role, role] = objects.as_slice() else { panic!("{objects:#?}") };
        let rules = cluster_role["rules"].as_array().unwrap();
        assert_eq!(rules.len(), 7);
        assert!(rules.iter().all(|rule| rule["verbs"] == json!(["list"])));
        assert_eq!(role["metadata"]["namespace"], KUBE_SYSTEM);
        assert_eq!(role["rules"][1]["resourceNames"], json!(["kubelet-config"]));
    }

    #[test]
    fn kubelets_have_a_role_of_their_own() {
        let extent = Extent { kubelets: true, ..Extent::default() };
        let objects = manifests(&rights(extent), Some(&Account::User("jane".to_owned())));
        let named = |kind: &str, name: &str| {
            objects.iter().find(|it| it["kind"] == kind && it["metadata"]["name"] == name).unwrap()
        };
        let rules = &named("ClusterRole", KUBELETS)["rules"];
        assert_eq!(*rules, json!([{"apiGroups": [""], "resources": ["nodes/proxy"], "verbs": ["get"]}]));
        assert_eq!(named("ClusterRoleBinding", KUBELETS)["roleRef"]["name"], KUBELETS);
        assert!(!named("ClusterRole", NAME).to_string().contains("proxy"));
    }

    #[test]
    fn probes_have_a_role_of_their_own() {
        use crate::probe::Probe;

        let needed: Vec<Right> = rights(Extent::default())
            .into_iter()
            .chain(Probe::ALL.into_iter().flat_map(Probe::rights))
            .collect();
        let objects = manifests(&needed, None);
        let named: Vec<_> = objects.iter().filter_map(|it| it["metadata"]["name"].as_str()).collect();
        assert_eq!(named, [NAME, NAME, PROBES]);
        assert_eq!(objects[0]["rules"].as_array().unwrap().len(), 7);
        let rules = objects[2]["rules"].as_array().unwrap();
        assert_eq!(
            rules[..2],
            [
                json!({"apiGroups": [""], "resources": ["namespaces"], "verbs": ["create", "delete", "patch", "get"]}),
                json!({"apiGroups": [""], "resources": ["pods"], "verbs": ["create", "get", "delete"]}),
            ]
        );
        let resources: Vec<_> = rules.iter().map(|rule| rule["resources"][0].as_str().unwrap()).collect();
        let expected = [
            "namespaces",
            "pods",
            "persistentvolumeclaims",
            "persistentvolumes",
            "storageclasses",
            "events",
            "networkpolicies",
        ];
        assert_eq!(resources, expected);
    }

    #[test]
    fn other_texts_are_not_service_accounts() {
        for text in ["scs-check", ":a", "a:", "a:b:c", "A:b", "a:b_c", "a\n:b", "-a:b", "a.b:c"] {
            assert!(Account::service_account(text).is_err(), "{text}");
        }
        assert_eq!(Account::of_user("jane"), Account::User("jane".to_owned()));
        let own = Account::of_user("system:serviceaccount:kube-system:scs-check");
        assert_eq!(own, Account::service_account("kube-system:scs-check").unwrap());
    }
}
