//! Manifests that enforce scs-0217 in a cluster.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::admissionregistration::v1::{
    MatchCondition, MatchResources, NamedRuleWithOperations, ValidatingAdmissionPolicy,
    ValidatingAdmissionPolicyBinding, ValidatingAdmissionPolicyBindingSpec, ValidatingAdmissionPolicySpec,
    Validation,
};
use k8s_openapi::api::core::v1::Namespace;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
use serde::Serialize;
use thiserror::Error;

use crate::rules::hardening::admission::is_pod_security_off;
use crate::rules::hardening::pod_security::{
    SYSTEM, enforces_baseline, is_privileged, is_system, is_terminating, name,
};
use crate::subject::{Cluster, ComponentKind, PluginConfig, PodSecurityMode};

/// An object to apply to a cluster.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Manifest {
    /// Labels for a namespace; its other fields are left unchanged.
    Namespace(Box<Namespace>),
    /// A validating admission policy.
    Policy(Box<ValidatingAdmissionPolicy>),
    /// The binding of the policy.
    Binding(Box<ValidatingAdmissionPolicyBinding>),
}

/// Error: a manifest that cannot be serialized.
#[derive(Debug, Error)]
#[error("cannot write the manifest as YAML: {0}")]
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

    /// The object as a YAML document, for `kubectl apply --server-side -f -`.
    ///
    /// # Errors
    ///
    /// If it cannot be serialized, which does not happen for manifests of this crate.
    pub fn yaml(&self) -> Result<String, WriteManifestError> {
        serde_saphyr::to_string(self).map_err(|error| WriteManifestError(error.to_string()))
    }
}

/// The name of the policy and its binding.
const POLICY: &str = "scs-0217-pod-security";

/// A label that needs a decision before it is applied: pods in the namespace would be rejected, or its level is explicitly
/// lower.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct HeldBack {
    /// The manifest that would set the label.
    pub manifest: Manifest,
    /// Whether the level is explicitly set to `privileged`.
    pub is_on_purpose: bool,
    /// The workloads in it that baseline rejects, such as `DaemonSet speaker (hostNetwork)`.
    pub workloads: Vec<String>,
}

/// The manifests that enforce baseline in a cluster.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct NamespaceEnforcement {
    /// The objects to apply, in order.
    pub manifests: Vec<Manifest>,
    /// The labels that need a decision first.
    pub held_back: Vec<HeldBack>,
    /// The pods of API servers with the plug-in `PodSecurity` disabled, so labels have no effect.
    pub without_plug_in: Vec<String>,
}

/// The manifests that enforce the Pod Security Standard baseline (scs-0217-v1, *Standard*): labels for all user namespaces
/// that do not enforce at least baseline, then a policy that rejects creating or changing a user namespace without that
/// label. Kubernetes' own namespaces (`kube-system`, `kube-public`, `kube-node-lease`), those exempted in the admission
/// configuration, and those in `system` are excluded. Namespaces whose pods would be rejected are held back.
///
/// ```
/// use scs_k8s_policy::{Cluster, enforcement};
/// use scs_standards::Given;
///
/// let cluster = Cluster::read(|part| match part {
///     "namespaces" => Given::Data(
///         r#"[{"metadata": {"name": "kube-system"}}, {"metadata": {"name": "team-lab"}},
///             {"metadata": {"name": "metallb-system", "labels": {"pod-security.kubernetes.io/enforce": "privileged"}}}]"#,
///     ),
///     _ => Given::Missing,
/// });
/// let enforcement = enforcement(&cluster, &[]);
/// let kinds: Vec<_> = enforcement.manifests.iter().map(|manifest| (manifest.kind(), manifest.name())).collect();
/// assert_eq!(kinds[0], ("Namespace", "team-lab"));
/// assert_eq!(kinds.len(), 3);
/// assert!(enforcement.manifests[0].yaml()?.contains("pod-security.kubernetes.io/enforce: baseline"));
/// assert_eq!(enforcement.held_back[0].manifest.name(), "metallb-system");
/// # Ok::<(), scs_k8s_policy::WriteManifestError>(())
/// ```
#[must_use]
pub fn enforcement(cluster: &Cluster, system: &[String]) -> NamespaceEnforcement {
    let exempt: BTreeSet<&str> = exempt(cluster).iter().chain(system).map(String::as_str).collect();
    let namespaces = cluster.namespaces.data().map_or(&[][..], |namespaces| namespaces.entries());
    // A namespace that is being deleted accepts no pods, and applying its label would recreate it afterwards.
    let user = namespaces
        .iter()
        .filter(|namespace| !is_terminating(namespace))
        .filter(|namespace| !is_system(name(namespace)) && !exempt.contains(name(namespace)));
    let lacking = user.filter(|namespace| !enforces_baseline(namespace) && !name(namespace).is_empty());
    let mut against = cluster.against_baseline();
    let mut enforcement =
        NamespaceEnforcement { without_plug_in: without_plug_in(cluster), ..NamespaceEnforcement::default() };
    for namespace in lacking {
        let name = name(namespace);
        let manifest = Manifest::Namespace(Box::new(labeled(name)));
        let (is_on_purpose, workloads) = (is_privileged(namespace), against.remove(name).unwrap_or_default());
        if is_on_purpose || !workloads.is_empty() {
            enforcement.held_back.push(HeldBack { manifest, is_on_purpose, workloads });
        } else {
            enforcement.manifests.push(manifest);
        }
    }
    let policy = [Manifest::Policy(Box::new(policy(&exempt))), Manifest::Binding(Box::new(binding()))];
    enforcement.manifests.extend(policy);
    enforcement
}

/// The pods of API servers with the plug-in disabled.
fn without_plug_in(cluster: &Cluster) -> Vec<String> {
    let servers = cluster.control_plane.data().into_iter().flat_map(|part| part.of(ComponentKind::ApiServer));
    servers
        .filter(|server| server.flags.as_ref().is_ok_and(is_pod_security_off))
        .map(|server| server.pod.clone())
        .collect()
}

/// The namespaces exempted in the admission configuration.
fn exempt(cluster: &Cluster) -> &[String] {
    match cluster.admission_config.data().map(crate::subject::AdmissionConfig::pod_security) {
        Some(PluginConfig::Known(defaults)) => defaults.exempt_namespaces(),
        _ => &[],
    }
}

fn named(name: &str) -> ObjectMeta {
    ObjectMeta { name: Some(name.to_owned()), ..ObjectMeta::default() }
}

fn labeled(name: &str) -> Namespace {
    let label = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    let enforce = PodSecurityMode::Enforce.label();
    let labels = BTreeMap::from([label(enforce, "baseline"), label(&format!("{enforce}-version"), "latest")]);
    Namespace { metadata: ObjectMeta { labels: Some(labels), ..named(name) }, ..Namespace::default() }
}

/// A text as a CEL string literal on one line.
fn quoted(text: &str) -> String {
    let mut written = String::from("'");
    for character in text.chars() {
        match character {
            '\\' => written.push_str(r"\\"),
            '\'' => written.push_str(r"\'"),
            // Line-breaking characters, which are all in the first 65,536 code points.
            '\u{2028}' | '\u{2029}' => written.extend(format!("\\u{:04x}", u32::from(character)).chars()),
            _ if character.is_control() => {
                written.extend(format!("\\u{:04x}", u32::from(character)).chars());
            }
            _ => written.push(character),
        }
    }
    written.push('\'');
    written
}

/// A CEL expression that excludes these namespaces.
fn is_none_of<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let names: Vec<String> = names.into_iter().map(quoted).collect();
    format!("!(object.metadata.name in [{}])", names.join(", "))
}

/// A CEL expression that accepts the label with these levels, and updates that do not change it: controllers and users update
/// namespaces that had no label before, such as their annotations and other labels.
fn enforces_or_is_unchanged(label: &str) -> String {
    let has = |of: &str| format!("(has({of}.metadata.labels) && {label} in {of}.metadata.labels)");
    let value = |of: &str| format!("{of}.metadata.labels[{label}]");
    let (has_new, has_old) = (has("object"), has("oldObject"));
    let (new, old) = (value("object"), value("oldObject"));
    // A new namespace has no old object.
    format!(
        "({has_new} && {new} in ['baseline', 'restricted']) || (request.operation == 'UPDATE' && (({has_new} && {has_old} && {new} == {old}) || (!{has_new} && !{has_old})))"
    )
}

/// API defaults are spelled out, so applying it again changes nothing.
fn policy(exempt: &BTreeSet<&str>) -> ValidatingAdmissionPolicy {
    let label = quoted(PodSecurityMode::Enforce.label());
    let condition = |name: &str, expression: String| MatchCondition { name: name.to_owned(), expression };
    let mut conditions = vec![
        condition("no-system-namespace", is_none_of(SYSTEM.iter().copied())),
        condition("not-being-deleted", "!has(object.metadata.deletionTimestamp)".to_owned()),
    ];
    let others: Vec<&str> = exempt.iter().copied().filter(|name| !is_system(name)).collect();
    if !others.is_empty() {
        conditions.push(condition("not-exempt", is_none_of(others)));
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
                    scope: Some("*".to_owned()),
                    ..NamedRuleWithOperations::default()
                }]),
                match_policy: Some("Equivalent".to_owned()),
                namespace_selector: Some(LabelSelector::default()),
                object_selector: Some(LabelSelector::default()),
                ..MatchResources::default()
            }),
            validations: Some(vec![Validation {
                expression: enforces_or_is_unchanged(&label),
                message: Some(format!(
                    "a new namespace needs the label {label} with baseline or restricted, which may not be removed or lowered later"
                )),
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
            _ => Given::Missing,
        })
    }

    fn names<'m>(manifests: impl IntoIterator<Item = &'m Manifest>) -> Vec<&'m str> {
        manifests.into_iter().map(Manifest::name).collect()
    }

    #[test]
    fn user_namespaces_without_the_label_get_it() {
        let all = enforcement(&cluster(), &["lax".to_owned()]);
        assert_eq!(names(&all.manifests), ["kube-flannel", "it's", POLICY, POLICY]);
        assert!(all.held_back.is_empty());
        let yaml = all.manifests[2].yaml().unwrap();
        assert!(yaml.contains("!(object.metadata.name in ['lax', 'rook-ceph'])"), "{yaml}");
        assert!(
            yaml.contains("!(object.metadata.name in ['kube-system', 'kube-public', 'kube-node-lease'])")
        );
    }

    #[test]
    fn namespaces_that_would_break_are_held_back() {
        let all = enforcement(&cluster(), &[]);
        assert_eq!(names(&all.manifests), ["kube-flannel", "it's", POLICY, POLICY]);
        assert_eq!(names(all.held_back.iter().map(|held| &held.manifest)), ["lax"]);
        assert!(all.held_back[0].is_on_purpose && all.held_back[0].workloads.is_empty());
        let cluster = Cluster::read(|part| match part {
            "namespaces" => {
                Given::Data(r#"[{"metadata": {"name": "metallb-system"}}, {"metadata": {"name": "shop"}}]"#)
            }
            "daemon_sets" => Given::Data(
                r#"[{"metadata": {"name": "speaker", "namespace": "metallb-system"}, "spec": {"selector": {},
                    "template": {"spec": {"hostNetwork": true, "containers": [{"name": "a"}]}}}}]"#,
            ),
            "pods" => Given::Data(
                r#"[{"metadata": {"name": "debug", "namespace": "shop"}, "spec": {"hostPID": true, "containers": [{"name": "a"}]}},
                    {"metadata": {"name": "kube-apiserver-a", "namespace": "kube-system", "labels": {"component": "kube-apiserver"}},
                     "spec": {"containers": [{"name": "kube-apiserver", "command": ["kube-apiserver", "--disable-admission-plugins=PodSecurity"]}]}}]"#,
            ),
            _ => Given::Missing,
        });
        let all = enforcement(&cluster, &[]);
        let held: Vec<(&str, &str)> =
            all.held_back.iter().map(|held| (held.manifest.name(), held.workloads[0].as_str())).collect();
        assert_eq!(
            held,
            [("metallb-system", "DaemonSet speaker (hostNetwork)"), ("shop", "Pod debug (hostPID)")]
        );
        assert!(!all.held_back[0].is_on_purpose);
        assert_eq!(all.without_plug_in, ["kube-apiserver-a"]);
    }

    #[test]
    fn namespaces_being_deleted_are_skipped() {
        let cluster = Cluster::read(|part| match part {
            "namespaces" => Given::Data(
                r#"[{"metadata": {"name": "a"}, "status": {"phase": "Terminating"}}, {"metadata": {"name": "b", "deletionTimestamp": "2026-10-01T00:00:00Z"}},
                    {"metadata": {"name": "c"}, "status": {"phase": "Active"}}]"#,
            ),
            _ => Given::Missing,
        });
        assert_eq!(names(&enforcement(&cluster, &[]).manifests), ["c", POLICY, POLICY]);
    }

    /// Defaults that the API server would add, reporting `configured` each time.
    #[test]
    fn api_defaults_are_spelled_out() {
        let yaml = enforcement(&Cluster::default(), &[]).manifests[0].yaml().unwrap();
        for line in ["matchPolicy: Equivalent", "namespaceSelector: {}", "objectSelector: {}", "scope: \"*\""]
        {
            assert!(yaml.contains(line) || yaml.contains(&line.replace('"', "'")), "{line}: {yaml}");
        }
    }

    /// Controllers annotate namespaces that had no label before the policy.
    #[test]
    fn updates_that_keep_the_level_are_accepted() {
        let expression = enforces_or_is_unchanged("'l'");
        let has = |of: &str| format!("(has({of}.metadata.labels) && 'l' in {of}.metadata.labels)");
        let (new, old) = (has("object"), has("oldObject"));
        for part in [
            format!(
                "({new} && object.metadata.labels['l'] in ['baseline', 'restricted']) || (request.operation == 'UPDATE' && ("
            ),
            format!(
                "({new} && {old} && object.metadata.labels['l'] == oldObject.metadata.labels['l']) || (!{new} && !{old})"
            ),
        ] {
            assert!(expression.contains(&part), "{part}: {expression}");
        }
        let policy = policy(&BTreeSet::new());
        let expression = &policy.spec.unwrap().validations.unwrap()[0].expression;
        assert_eq!(*expression, enforces_or_is_unchanged("'pod-security.kubernetes.io/enforce'"));
    }

    #[test]
    fn names_cannot_break_out_of_an_expression() {
        assert_eq!(quoted("a'b\\"), r"'a\'b\\'");
        assert_eq!(quoted("a\nb\u{85}\u{2028}"), r"'a\u000ab\u0085\u2028'");
    }

    /// The manifests are valid for the published API types.
    #[test]
    fn manifests_round_trip() {
        let all = enforcement(&cluster(), &[]);
        for manifest in all.manifests.into_iter().chain(all.held_back.into_iter().map(|held| held.manifest)) {
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
    fn without_namespaces_there_is_only_the_policy() {
        assert_eq!(enforcement(&Cluster::default(), &[]).manifests.len(), 2);
    }
}
