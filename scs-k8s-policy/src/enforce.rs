//! Objects that make a cluster enforce what scs-0217 demands.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::admissionregistration::v1::{
    MatchCondition, MatchResources, NamedRuleWithOperations, ValidatingAdmissionPolicy,
    ValidatingAdmissionPolicyBinding, ValidatingAdmissionPolicyBindingSpec, ValidatingAdmissionPolicySpec,
    Validation,
};
use k8s_openapi::api::core::v1::Namespace;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Serialize;
use thiserror::Error;

use crate::rules::hardening::pod_security::{enforces_baseline, is_system, name};
use crate::subject::{Cluster, PluginConfig, PodSecurityMode};

/// An object to apply to a cluster.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Manifest {
    /// Labels for a namespace, of which nothing else is said.
    Namespace(Box<Namespace>),
    /// A rule for objects that are made or changed.
    Policy(Box<ValidatingAdmissionPolicy>),
    /// What puts the rule in force.
    Binding(Box<ValidatingAdmissionPolicyBinding>),
}

/// A manifest that cannot be written.
#[derive(Debug, Error)]
#[error("the manifest cannot be written as YAML: {0}")]
pub struct WriteManifestError(String);

impl Manifest {
    /// The kind of the object.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Namespace(_) => "Namespace",
            Self::Policy(_) => "ValidatingAdmissionPolicy",
            Self::Binding(_) => "ValidatingAdmissionPolicyBinding",
        }
    }

    /// The name of the object.
    #[must_use]
    pub fn name(&self) -> &str {
        let metadata = match self {
            Self::Namespace(namespace) => &namespace.metadata,
            Self::Policy(policy) => &policy.metadata,
            Self::Binding(binding) => &binding.metadata,
        };
        metadata.name.as_deref().unwrap_or_default()
    }

    /// The object as a document of YAML, for `kubectl apply --server-side -f -`.
    ///
    /// # Errors
    ///
    /// When it cannot be written, which no manifest of this crate causes.
    pub fn yaml(&self) -> Result<String, WriteManifestError> {
        serde_saphyr::to_string(self).map_err(|error| WriteManifestError(error.to_string()))
    }
}

/// The name of the policy and of its binding.
const POLICY: &str = "scs-0217-pod-security";

/// What enforces the Pod Security Standard baseline (scs-0217-v1, *Standard*): the label of every user namespace that does not
/// enforce it or more, then a policy that lets no user namespace be made or changed without it. Kubernetes' own namespaces
/// (`kube-…`), those that the admission configuration exempts, and `system`, which are no user's either, are left alone.
///
/// ```
/// use scs_k8s_policy::{Cluster, enforcement};
/// use scs_standards::Given;
///
/// let cluster = Cluster::read(|part| match part {
///     "namespaces" => Given::Data(r#"[{"metadata": {"name": "kube-system"}}, {"metadata": {"name": "team-lab"}}]"#),
///     _ => Given::Not,
/// });
/// let manifests = enforcement(&cluster, &[]);
/// let kinds: Vec<_> = manifests.iter().map(|manifest| (manifest.kind(), manifest.name())).collect();
/// assert_eq!(kinds[0], ("Namespace", "team-lab"));
/// assert_eq!(kinds.len(), 3);
/// assert!(manifests[0].yaml()?.contains("pod-security.kubernetes.io/enforce: baseline"));
/// # Ok::<(), scs_k8s_policy::WriteManifestError>(())
/// ```
#[must_use]
pub fn enforcement(cluster: &Cluster, system: &[String]) -> Vec<Manifest> {
    let exempt: BTreeSet<&str> = exempt(cluster).iter().chain(system).map(String::as_str).collect();
    let namespaces = cluster.namespaces.data().map_or(&[][..], |namespaces| namespaces.entries());
    let user = namespaces
        .iter()
        .filter(|namespace| !is_system(name(namespace)) && !exempt.contains(name(namespace)));
    let lacking = user.filter(|namespace| !enforces_baseline(namespace) && !name(namespace).is_empty());
    let labels = lacking.map(|namespace| Manifest::Namespace(Box::new(labelled(name(namespace)))));
    labels
        .chain([Manifest::Policy(Box::new(policy(&exempt))), Manifest::Binding(Box::new(binding()))])
        .collect()
}

/// The namespaces that the admission configuration exempts.
fn exempt(cluster: &Cluster) -> &[String] {
    match cluster.admission_config.data().map(crate::subject::AdmissionConfig::pod_security) {
        Some(PluginConfig::Known(defaults)) => defaults.exempt_namespaces(),
        _ => &[],
    }
}

fn named(name: &str) -> ObjectMeta {
    ObjectMeta { name: Some(name.to_owned()), ..ObjectMeta::default() }
}

fn labelled(name: &str) -> Namespace {
    let label = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    let enforce = PodSecurityMode::Enforce.label();
    let labels = BTreeMap::from([label(enforce, "baseline"), label(&format!("{enforce}-version"), "latest")]);
    Namespace { metadata: ObjectMeta { labels: Some(labels), ..named(name) }, ..Namespace::default() }
}

/// A text as CEL writes it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', r"\\").replace('\'', r"\'"))
}

fn policy(exempt: &BTreeSet<&str>) -> ValidatingAdmissionPolicy {
    let label = quoted(PodSecurityMode::Enforce.label());
    let condition = |name: &str, expression: String| MatchCondition { name: name.to_owned(), expression };
    let mut conditions = vec![
        condition("no-system-namespace", "!object.metadata.name.startsWith('kube-')".to_owned()),
        condition("not-being-deleted", "!has(object.metadata.deletionTimestamp)".to_owned()),
    ];
    let others: Vec<String> =
        exempt.iter().filter(|name| !is_system(name)).map(|name| quoted(name)).collect();
    if !others.is_empty() {
        let expression = format!("!(object.metadata.name in [{}])", others.join(", "));
        conditions.push(condition("not-exempt", expression));
    }
    let words = |words: &[&str]| Some(words.iter().map(|&word| word.to_owned()).collect());
    ValidatingAdmissionPolicy {
        metadata: named(POLICY),
        spec: Some(ValidatingAdmissionPolicySpec {
            failure_policy: Some("Fail".to_owned()),
            match_conditions: Some(conditions),
            match_constraints: Some(MatchResources {
                resource_rules: Some(vec![NamedRuleWithOperations {
                    api_groups: words(&[""]),
                    api_versions: words(&["v1"]),
                    operations: words(&["CREATE", "UPDATE"]),
                    resources: words(&["namespaces"]),
                    ..NamedRuleWithOperations::default()
                }]),
                ..MatchResources::default()
            }),
            validations: Some(vec![Validation {
                expression: format!(
                    "has(object.metadata.labels) && {label} in object.metadata.labels && object.metadata.labels[{label}] in ['baseline', 'restricted']"
                ),
                message: Some(format!("a namespace needs the label {label} with baseline or restricted")),
                ..Validation::default()
            }]),
            ..ValidatingAdmissionPolicySpec::default()
        }),
        ..ValidatingAdmissionPolicy::default()
    }
}

fn binding() -> ValidatingAdmissionPolicyBinding {
    ValidatingAdmissionPolicyBinding {
        metadata: named(POLICY),
        spec: ValidatingAdmissionPolicyBindingSpec {
            policy_name: POLICY.to_owned(),
            validation_actions: vec!["Deny".to_owned()],
            ..ValidatingAdmissionPolicyBindingSpec::default()
        },
    }
}

#[cfg(test)]
mod tests {
    use scs_standards::Given;

    use super::*;

    fn cluster() -> Cluster {
        Cluster::read(|part| match part {
            "namespaces" => Given::Data(
                r#"[{"metadata": {"name": "kube-flannel"}}, {"metadata": {"name": "it's"}}, {"metadata": {"name": "rook-ceph"}},
                    {"metadata": {"name": "good", "labels": {"pod-security.kubernetes.io/enforce": "restricted"}}},
                    {"metadata": {"name": "lax", "labels": {"pod-security.kubernetes.io/enforce": "privileged"}}}]"#,
            ),
            "admission_config" => Given::Data(
                r#"{"kind": "AdmissionConfiguration", "plugins": [{"name": "PodSecurity",
                    "configuration": {"exemptions": {"namespaces": ["kube-system", "rook-ceph"]}}}]}"#,
            ),
            _ => Given::Not,
        })
    }

    #[test]
    fn user_namespaces_that_lack_it_get_the_label() {
        let manifests = enforcement(&cluster(), &["lax".to_owned()]);
        let names: Vec<&str> = manifests.iter().map(Manifest::name).collect();
        assert_eq!(names, ["it's", POLICY, POLICY]);
        let yaml = manifests[1].yaml().unwrap();
        assert!(yaml.contains("!(object.metadata.name in ['lax', 'rook-ceph'])"), "{yaml}");
    }

    /// What is written is valid for the published types of the API.
    #[test]
    fn manifests_read_back_as_they_are() {
        for manifest in enforcement(&cluster(), &[]) {
            let yaml = manifest.yaml().unwrap();
            let back = match manifest {
                Manifest::Namespace(_) => Manifest::Namespace(serde_saphyr::from_str(&yaml).unwrap()),
                Manifest::Policy(_) => Manifest::Policy(serde_saphyr::from_str(&yaml).unwrap()),
                Manifest::Binding(_) => Manifest::Binding(serde_saphyr::from_str(&yaml).unwrap()),
            };
            assert_eq!(back, manifest, "{yaml}");
            let document: serde_json::Value = serde_saphyr::from_str(&yaml).unwrap();
            assert_eq!(document["kind"], manifest.kind());
            assert!(document["apiVersion"].is_string());
        }
    }

    #[test]
    fn without_namespaces_there_is_the_policy_alone() {
        assert_eq!(enforcement(&Cluster::default(), &[]).len(), 2);
    }
}
