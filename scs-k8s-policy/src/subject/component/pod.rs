//! Recognizes pods of components.

use k8s_openapi::api::core::v1::{Container, Pod};

use super::running::{Component, ComponentKind};
use crate::flags::{Environment, Flags, ReadFlagsError, may_start, read_command};

/// The annotation that a kubelet adds to static pods.
pub(crate) const MIRROR: &str = "kubernetes.io/config.mirror";

/// The component of a pod. A pod in `kube-system` is a component if it has its label, or if it is a static pod that is named
/// after a component or starts it; other pods never are.
///
/// A pod with the label or name of a component counts as one even if none of its containers is known to run it: its flags
/// are unknown then.
pub(super) fn component(pod: Pod) -> Option<Component> {
    let metadata = pod.metadata;
    if metadata.namespace.as_deref() != Some("kube-system") {
        return None;
    }
    let owners = metadata.owner_references.unwrap_or_default();
    let is_static = metadata.annotations.is_some_and(|annotations| annotations.contains_key(MIRROR))
        || owners.iter().any(|owner| owner.kind == "Node");
    // A job for a component, such as one that saves a backup, is not a component.
    let is_job = owners.iter().any(|owner| owner.kind == "Job");
    let labels = metadata.labels.unwrap_or_default();
    let labeled = |kind: ComponentKind| {
        ["component", "k8s-app"]
            .iter()
            .any(|key| labels.get(*key).is_some_and(|value| value == kind.program()))
    };
    let spec = pod.spec?;
    let name = metadata.name.unwrap_or_default();
    let node = spec
        .node_name
        .as_deref()
        .or_else(|| owners.iter().find(|owner| owner.kind == "Node").map(|owner| owner.name.as_str()));
    let is_one =
        |kind: ComponentKind| labeled(kind) && !is_job || is_static && is_named(&name, kind.program(), node);
    let one_of = |is: &dyn Fn(ComponentKind) -> bool| {
        let kinds = ComponentKind::ALL.into_iter().filter(|kind| is(*kind));
        let mut running = kinds.filter_map(|kind| Some((kind, Some(runs(&spec.containers, kind)?))));
        running.next()
    };
    let seen = one_of(&is_one).or_else(|| {
        let named = ComponentKind::ALL.into_iter().find(|kind| is_one(*kind))?;
        let only = <&[Container; 1]>::try_from(spec.containers.as_slice()).ok();
        Some((named, only.map(|[only]| only)))
    });
    let (kind, container) = seen.or_else(|| one_of(&|kind| is_static || labeled(kind)))?;
    let flags = match container {
        Some(container) => flags(container, kind, &environment(container)),
        None => Err(ReadFlagsError::NoContainer {
            containers: spec.containers.len(),
            program: kind.program().to_owned(),
        }),
    };
    Some(Component {
        kind,
        pod: name,
        is_static,
        labels,
        flags,
        image: container.and_then(|container| container.image.clone()),
        command: container.and_then(|container| container.command.clone()).unwrap_or_default(),
        args: container.and_then(|container| container.args.clone()).unwrap_or_default(),
        container: container
            .and_then(|container| spec.containers.iter().position(|it| std::ptr::eq(it, container))),
        node: spec.node_name,
    })
}

/// Whether a pod's name is that of a static pod of a component: `etcd-NODE`, not `etcd-backup-NODE`.
fn is_named(pod: &str, program: &str, node: Option<&str>) -> bool {
    let rest = pod.strip_prefix(program).and_then(|rest| rest.strip_prefix('-'));
    rest.is_some_and(|rest| node.is_none_or(|node| rest == node))
}

/// The container of a component: the one named after it, or one that starts it.
fn runs(containers: &[Container], kind: ComponentKind) -> Option<&Container> {
    let named = containers.iter().find(|container| container.name == kind.program());
    named.or_else(|| {
        containers
            .iter()
            .find(|container| may_start(kind.program(), &words(container), &environment(container)))
    })
}

/// The command of a container, as far as the pod (not the image) has it.
fn words(container: &Container) -> Vec<&str> {
    container.command.iter().chain(&container.args).flatten().map(String::as_str).collect()
}

fn environment(container: &Container) -> Environment {
    let variables = container.env.iter().flatten();
    variables
        .map(|variable| {
            let value = match &variable.value_from {
                Some(_) => None,
                // Values may refer to other variables, which are not resolved.
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
    let words = words(container);
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
    // etcd ignores its other flags then.
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
    fn pods_of_components_are_recognized() {
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
        let job = r#""labels": {"component": "etcd"}, "ownerReferences": [{"apiVersion": "batch/v1", "kind": "Job", "name": "j", "uid": "u"}]"#;
        assert_eq!(read(&pod(job, backup)), None);
        assert_eq!(read(&pod(MIRRORED, backup)), None);
        let proxy = r#"{"name": "haproxy", "command": ["haproxy", "-f", "/etc/etcd"]}"#;
        assert_eq!(read(&pod(MIRRORED, proxy)), None);
    }

    #[test]
    fn images_show_versions() {
        for (kind, image, expected) in [
            ("kube-apiserver", "registry.k8s.io/kube-apiserver:v1.36.5", Some("v1.36.5")),
            ("kube-apiserver", "registry:5000/kube-apiserver:v1.36.5@sha256:abc", Some("v1.36.5")),
            ("kube-scheduler", "rancher/hardened-kubernetes:v1.36.5-rke2r1-build20261001", Some("v1.36.5")),
            ("kube-apiserver", "ghcr.io/x/hyperkube:v1.36.5_k3s1", Some("v1.36.5")),
            ("kube-apiserver", "registry:5000/kube-apiserver", None),
            ("kube-apiserver", "quay.io/x/control-plane:v4.20.1", None),
            ("kube-apiserver", "kube-apiserver:latest", None),
            ("etcd", "registry.k8s.io/etcd:v3.6.4", None),
        ] {
            let container = format!(r#"{{"name": "{kind}", "image": "{image}", "command": ["{kind}"]}}"#);
            let version = read(&pod(MIRRORED, &container)).unwrap().version();
            let upstream = version.map(|version| version.upstream().to_string());
            assert_eq!(upstream.as_deref(), expected, "{image}");
        }
    }

    /// The pod still counts if its container has another name.
    #[test]
    fn containers_of_any_name_are_found() {
        let labeled = r#""labels": {"component": "kube-apiserver"}"#;
        let named = |container: &str| {
            let pod = pod(MIRRORED, container).replace(r#""name": "p""#, r#""name": "kube-apiserver-cp-1""#);
            pod.replace(r#""spec": {"#, r#""spec": {"nodeName": "cp-1", "#)
        };
        for (container, expected) in [
            (r#"{"name": "a", "command": ["/bin/sh", "-c", "exec kube-apiserver --a=b"]}"#, Ok(Some("b"))),
            (r#"{"name": "a", "args": ["kube-apiserver", "--a=b"]}"#, Ok(Some("b"))),
            (r#"{"name": "a", "args": ["--a=b"]}"#, Ok(Some("b"))),
            (r#"{"name": "s"}, {"name": "a", "command": ["kube-apiserver", "--a=b"]}"#, Ok(Some("b"))),
            (r#"{"name": "a", "command": ["/start.sh"]}"#, Err("does not run `kube-apiserver`")),
            (r#"{"name": "a", "command": ["/start.sh", "kube-apiserver"]}"#, Err("started by `/start.sh`")),
            (r#"{"name": "a", "command": ["sh", "-c", "set -e; kube-apiserver"]}"#, Err("several commands")),
            (r#"{"name": "a"}"#, Err("neither a command nor arguments")),
            (r#"{"name": "a"}, {"name": "b"}"#, Err("none of its 2 containers")),
        ] {
            for pod in [pod(labeled, container), named(container)] {
                let component = read(&pod).unwrap();
                assert_eq!(component.kind, ComponentKind::ApiServer);
                match (component.flags, expected) {
                    (Ok(flags), expected) => assert_eq!(flags.text("a").map_err(|_| ""), expected, "{pod}"),
                    (Err(error), Err(expected)) => {
                        assert!(error.to_string().contains(expected), "{pod}: {error}");
                    }
                    (Err(error), _) => panic!("{pod}: {error}"),
                }
            }
        }
        // A proxy to API servers is named after its API server, and so is its node.
        let proxy =
            named(r#"{"name": "haproxy"}"#).replace("kube-apiserver-cp-1", "kube-apiserver-proxy-cp-1");
        assert_eq!(read(&proxy), None);
        // A pod that is only a component because of its script.
        let script = r#"{"name": "a", "command": ["sh", "-c", "set -e; exec kube-apiserver --a=b"]}"#;
        assert!(read(&pod(MIRRORED, script)).unwrap().flags.is_err());
        let probe = r#"{"name": "a", "command": ["sh", "-c", "set -e; echo kube-apiserver"]}"#;
        assert_eq!(read(&pod(MIRRORED, probe)), None);
    }

    #[test]
    fn etcd_reads_variables_and_files() {
        let etcd =
            |more: &str| read(&pod(MIRRORED, &format!(r#"{{"name": "etcd", {more}}}"#))).unwrap().flags;
        let flags = etcd(
            r#""command": ["etcd", "--name=a"], "env": [{"name": "ETCD_CLIENT_CERT_AUTH", "value": "true"}, {"name": "ETCD_NAME", "value": "b"}]"#,
        )
        .unwrap();
        assert_eq!(flags.bool_value("client-cert-auth"), Ok(Some(true)));
        assert_eq!(flags.text("name"), Ok(Some("a")));
        assert_eq!(
            etcd(r#""command": ["etcd", "--config-file=/x.yaml", "--client-cert-auth"]"#),
            Err(ReadFlagsError::ConfigFile("/x.yaml".to_owned()))
        );
        assert!(etcd(r#""command": ["sh", "-c", "etcd --a | tee log"]"#).is_err());
    }
}
