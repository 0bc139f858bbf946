//! Which pods are components.

use k8s_openapi::api::core::v1::{Container, Pod};

use super::{Component, ComponentKind};
use crate::flags::{Environment, Flags, ReadFlagsError, is_program, read_command};

/// The annotation that a kubelet gives to pods that it runs from files.
const MIRROR: &str = "kubernetes.io/config.mirror";

/// The component that a pod runs. A pod is one when a kubelet runs it from a file in `kube-system`, or when it is in
/// `kube-system` under the label of a component; what another pod says of these programs is nothing.
pub(super) fn component(pod: Pod) -> Option<Component> {
    let metadata = pod.metadata;
    if metadata.namespace.as_deref() != Some("kube-system") {
        return None;
    }
    let is_static = metadata.annotations.is_some_and(|annotations| annotations.contains_key(MIRROR))
        || metadata.owner_references.is_some_and(|owners| owners.iter().any(|owner| owner.kind == "Node"));
    let labels = metadata.labels.unwrap_or_default();
    let labelled = |kind: ComponentKind| {
        ["component", "k8s-app"]
            .iter()
            .any(|key| labels.get(*key).is_some_and(|value| value == kind.program()))
    };
    let spec = pod.spec?;
    let (kind, container) = ComponentKind::ALL
        .into_iter()
        .filter(|kind| is_static || labelled(*kind))
        .find_map(|kind| Some((kind, spec.containers.iter().find(|container| runs(container, kind))?)))?;
    let environment = environment(container);
    Some(Component {
        kind,
        pod: metadata.name.unwrap_or_default(),
        node: spec.node_name,
        is_static,
        flags: flags(container, kind, &environment),
        command: container.command.clone().unwrap_or_default(),
    })
}

/// Whether a container runs a component: it is named after it, or its command has the program.
fn runs(container: &Container, kind: ComponentKind) -> bool {
    let mut words = container.command.iter().flatten().enumerate();
    container.name == kind.program() || words.any(|(at, word)| is_program(at, word, kind.program()))
}

fn environment(container: &Container) -> Environment {
    let variables = container.env.iter().flatten();
    variables
        .map(|variable| {
            let value = match &variable.value_from {
                Some(_) => None,
                // Values may refer to other variables, which is not followed.
                None => {
                    Some(variable.value.clone().unwrap_or_default()).filter(|value| !value.contains("$("))
                }
            };
            (variable.name.clone(), value)
        })
        .collect()
}

fn flags(
    container: &Container,
    kind: ComponentKind,
    environment: &Environment,
) -> Result<Flags, ReadFlagsError> {
    let words: Vec<&str> =
        container.command.iter().chain(&container.args).flatten().map(String::as_str).collect();
    let from_elsewhere = container.env_from.as_ref().is_some_and(|sources| !sources.is_empty());
    let flags = if words.is_empty() && kind == ComponentKind::Etcd && !environment.is_empty() {
        Flags::default()
    } else {
        read_command(kind.program(), &words, environment)?
    };
    if kind != ComponentKind::Etcd {
        return Ok(flags);
    }
    if from_elsewhere {
        return Err(ReadFlagsError::Variable("envFrom".to_owned()));
    }
    let flags = flags.or_variables("ETCD_", environment);
    // etcd does not look at its other flags then.
    match flags.text("config-file")? {
        Some(file) => Err(ReadFlagsError::ConfigFile(file.to_owned())),
        None => Ok(flags),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Option<Component> {
        component(serde_json::from_str(json).unwrap())
    }

    fn pod(metadata: &str, container: &str) -> String {
        format!(
            r#"{{"metadata": {{"name": "p", "namespace": "kube-system", {metadata}}}, "spec": {{"containers": [{container}]}}}}"#
        )
    }

    const MIRRORED: &str = r#""annotations": {"kubernetes.io/config.mirror": "1"}"#;

    #[test]
    fn pods_of_components() {
        let api =
            r#"{"name": "main", "image": "x", "command": ["/usr/bin/kube-apiserver"], "args": ["--a=b"]}"#;
        for metadata in [
            MIRRORED,
            r#""ownerReferences": [{"apiVersion": "v1", "kind": "Node", "name": "n", "uid": "u"}]"#,
            r#""labels": {"component": "kube-apiserver"}"#,
            r#""labels": {"k8s-app": "kube-apiserver"}"#,
        ] {
            let component = read(&pod(metadata, api)).unwrap();
            assert_eq!(component.kind, ComponentKind::ApiServer);
            assert_eq!(component.flags.unwrap().text("a"), Ok(Some("b")), "{metadata}");
        }
        assert_eq!(read(&pod(r#""labels": {"app": "x"}"#, api)), None);
        assert_eq!(read(&pod(MIRRORED, api).replace("kube-system", "team-lab")), None);
        let backup = r#"{"name": "backup", "command": ["etcdctl", "snapshot", "save"]}"#;
        assert_eq!(read(&pod(r#""labels": {"component": "etcd"}"#, backup)), None);
    }

    #[test]
    fn etcd_reads_variables_and_files() {
        let etcd =
            |more: &str| read(&pod(MIRRORED, &format!(r#"{{"name": "etcd", {more}}}"#))).unwrap().flags;
        let flags = etcd(
            r#""command": ["etcd", "--name=a"], "env": [{"name": "ETCD_CLIENT_CERT_AUTH", "value": "true"}, {"name": "ETCD_NAME", "value": "b"}]"#,
        )
        .unwrap();
        assert_eq!(flags.truth("client-cert-auth"), Ok(Some(true)));
        assert_eq!(flags.text("name"), Ok(Some("a")));
        assert_eq!(
            etcd(r#""command": ["etcd", "--config-file=/x.yaml", "--client-cert-auth"]"#),
            Err(ReadFlagsError::ConfigFile("/x.yaml".to_owned()))
        );
        assert!(etcd(r#""command": ["sh", "-c", "etcd --a | tee log"]"#).is_err());
    }
}
