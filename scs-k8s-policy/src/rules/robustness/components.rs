//! The components whose certificates are in the inventory: they do not show those of others.

use std::collections::{BTreeMap, HashSet};

use super::super::Rec;
use super::super::control_plane::running_quietly;
use super::super::group;
use crate::owner::Owner;
use crate::subject::{Certificate, Cluster, ComponentKind, source};

/// The component that uses a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Holder<'c> {
    /// A kubelet, with its node if the certificate has it.
    Kubelet(Option<&'c str>),
    Component(ComponentKind),
    /// Another user, such as an administrator.
    Other,
}

/// The common name in a subject, in the notation of OpenSSL or Go: `O = system:nodes, CN = system:node:a`, `/O=x/CN=y`.
fn common_name(subject: &str) -> Option<&str> {
    subject.split([',', '/', '+']).find_map(|part| {
        let (key, value) = part.split_once('=')?;
        key.trim().eq_ignore_ascii_case("CN").then(|| value.trim())
    })
}

/// The component of a certificate, by its common name, its name and its file.
pub(super) fn holder(certificate: &Certificate) -> Holder<'_> {
    let name = certificate.name.as_deref().unwrap_or_default();
    let path = certificate.path.as_deref().unwrap_or_default();
    let file = path.rsplit('/').next().unwrap_or_default();
    let common = certificate.subject.as_deref().and_then(common_name).unwrap_or_default();
    let node = certificate.node.as_deref();
    if let Some(named) = common.strip_prefix("system:node:") {
        return Holder::Kubelet(Some(named));
    }
    let is = |names: &[&str]| names.iter().any(|known| [name, file, common].contains(known));
    if is(&["apiserver", "apiserver.crt", "kube-apiserver", "serving-kube-apiserver.crt"]) {
        return Holder::Component(ComponentKind::ApiServer);
    }
    if common == "system:kube-controller-manager"
        || is(&[
            "controller-manager.conf",
            "controller-manager",
            "kube-controller-manager",
            "client-controller.crt",
        ])
    {
        return Holder::Component(ComponentKind::ControllerManager);
    }
    if common == "system:kube-scheduler"
        || is(&["scheduler.conf", "scheduler", "kube-scheduler", "client-scheduler.crt"])
    {
        return Holder::Component(ComponentKind::Scheduler);
    }
    if path.contains("/etcd/") || name.starts_with("etcd-") {
        return Holder::Component(ComponentKind::Etcd);
    }
    // The API server's client certificate for kubelets does not belong to a kubelet.
    let is_of_kubelet = name == "kubelet"
        || name == "kubelet.conf"
        || name.starts_with("kubelet-") && !name.ends_with("-client")
        || path.contains("/kubelet/pki/")
        || ["kubelet.crt", "serving-kubelet.crt", "client-kubelet.crt"].contains(&file);
    if is_of_kubelet {
        // The name in a kubelet's self-signed certificate is `NODE@SECONDS`.
        let named = common.split('@').next().filter(|named| !named.is_empty());
        return Holder::Kubelet(node.or(named));
    }
    Holder::Other
}

/// Records components whose certificates are missing.
pub(super) fn are_all_given(cluster: &Cluster, rec: &mut Rec<'_>, certificates: &[&Certificate]) {
    let mut kubelets = HashSet::new();
    let mut given: BTreeMap<ComponentKind, usize> = BTreeMap::new();
    let mut seen = HashSet::new();
    for certificate in certificates {
        match holder(certificate) {
            Holder::Kubelet(node) => kubelets.extend(node),
            Holder::Component(kind) => {
                // A component of a node counts once, regardless of its number of files.
                if certificate.node.as_deref().is_none_or(|node| seen.insert((kind, node))) {
                    *given.entry(kind).or_default() += 1;
                }
            }
            Holder::Other => {}
        }
    }
    let mut left = Vec::new();
    let Some(nodes) = rec.needs(&cluster.nodes, source::NODES) else { return };
    let nodes = nodes.entries();
    let without: Vec<&str> =
        nodes.iter().map(|node| node.name.as_str()).filter(|name| !kubelets.contains(name)).collect();
    if !without.is_empty() {
        left.push(format!("of the kubelet of {}", group::subject(&without, "nodes")));
    }
    let context = *rec.context();
    let shown = |kind| running_quietly(cluster, &context, kind).len();
    let controls = nodes.iter().filter(|node| node.is_control_plane()).count();
    if controls == 0 && cluster.control_plane.is_missing() {
        rec.miss(
            source::PODS.name,
            format!("the number of API servers is unknown: {}", source::PODS.not_given()),
        )
        .hinting(source::PODS.hint());
    }
    let servers = shown(ComponentKind::ApiServer).max(controls).max(1);
    let found = given.get(&ComponentKind::ApiServer).copied().unwrap_or(0);
    if found < servers {
        left.push(format!("of {} of {servers} API servers", servers - found));
    }
    for kind in [ComponentKind::ControllerManager, ComponentKind::Scheduler, ComponentKind::Etcd] {
        // k3s may keep its state elsewhere.
        let runs = kind != ComponentKind::Etcd || shown(kind) > 0 || Owner::of(cluster) != Owner::K3s;
        if runs && !given.contains_key(&kind) {
            left.push(format!("of `{kind}`"));
        }
    }
    if !left.is_empty() {
        let message = format!(
            "certificates are missing {}; add those of all components, with `node` if there are several nodes",
            left.join(", ")
        );
        rec.miss(source::CERTIFICATES.name, message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certificate(fields: &str) -> Certificate {
        let json = format!(r#"{{"not_after": "2027-01-01T00:00:00Z", {fields}}}"#);
        serde_json::from_str(&json).unwrap()
    }

    #[test]
    fn certificates_belong_to_components() {
        use ComponentKind::{ApiServer, ControllerManager, Etcd, Scheduler};
        for (fields, expected) in [
            (r#""subject": "O = system:nodes, CN = system:node:w-1""#, Holder::Kubelet(Some("w-1"))),
            (
                r#""path": "/var/lib/kubelet/pki/kubelet.crt", "subject": "CN=w-1@1789""#,
                Holder::Kubelet(Some("w-1")),
            ),
            (r#""name": "kubelet.conf", "node": "w-1""#, Holder::Kubelet(Some("w-1"))),
            (r#""name": "kubelet""#, Holder::Kubelet(None)),
            (r#""name": "apiserver""#, Holder::Component(ApiServer)),
            (r#""path": "/etc/kubernetes/pki/apiserver.crt""#, Holder::Component(ApiServer)),
            (
                r#""name": "apiserver-kubelet-client", "path": "/etc/kubernetes/pki/apiserver-kubelet-client.crt""#,
                Holder::Other,
            ),
            (r#""subject": "/O=x/CN=system:kube-controller-manager""#, Holder::Component(ControllerManager)),
            (r#""name": "scheduler.conf""#, Holder::Component(Scheduler)),
            (r#""name": "etcd-peer""#, Holder::Component(Etcd)),
            (r#""name": "admin.conf""#, Holder::Other),
            ("\"ca\": false", Holder::Other),
        ] {
            assert_eq!(holder(&certificate(fields)), expected, "{fields}");
        }
    }
}
