//! Workloads that the Pod Security Standard baseline would refuse, of which little is kept.

use std::sync::LazyLock;

use k8s_openapi::api::core::v1::{
    AppArmorProfile, Capabilities, ContainerPort, Pod, PodSpec, SeccompProfile, SecurityContext,
};
use memchr::memmem::Finder;

/// A pod, or what makes pods, that asks for more than baseline allows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Workload {
    /// Its namespace.
    pub namespace: String,
    /// What it is and what it is called, such as `DaemonSet speaker`.
    pub name: String,
    /// What it asks for, such as `hostNetwork`.
    pub asks_for: Vec<&'static str>,
}

/// The capabilities that baseline lets containers add.
const CAPABILITIES: &[&str] = &[
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

/// The kernel parameters that baseline lets pods set.
const SYSCTLS: &[&str] = &[
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
];

/// What baseline refuses of a pod; empty where it takes it.
///
/// See <https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline>.
pub(super) fn against_baseline(pod: &PodSpec) -> Vec<&'static str> {
    let mut found = Vec::new();
    let mut ask = |asks: bool, what: &'static str| {
        if asks && !found.contains(&what) {
            found.push(what);
        }
    };
    ask(pod.host_network == Some(true), "hostNetwork");
    ask(pod.host_pid == Some(true), "hostPID");
    ask(pod.host_ipc == Some(true), "hostIPC");
    ask(pod.volumes.iter().flatten().any(|volume| volume.host_path.is_some()), "hostPath");
    if let Some(context) = &pod.security_context {
        ask(is_unconfined(context.seccomp_profile.as_ref()), "seccomp Unconfined");
        ask(without_apparmor(context.app_armor_profile.as_ref()), "AppArmor Unconfined");
        let sysctls = context.sysctls.iter().flatten();
        ask(sysctls.into_iter().any(|sysctl| !SYSCTLS.contains(&sysctl.name.as_str())), "sysctls");
        let host_process = context.windows_options.as_ref().and_then(|options| options.host_process);
        ask(host_process == Some(true), "hostProcess");
    }
    let started = pod.containers.iter().chain(pod.init_containers.iter().flatten());
    for container in started {
        of_container(container.security_context.as_ref(), container.ports.as_deref(), &mut ask);
    }
    for container in pod.ephemeral_containers.iter().flatten() {
        of_container(container.security_context.as_ref(), container.ports.as_deref(), &mut ask);
    }
    found
}

fn of_container(
    context: Option<&SecurityContext>,
    ports: Option<&[ContainerPort]>,
    ask: &mut dyn FnMut(bool, &'static str),
) {
    let host_port = |port: &ContainerPort| port.host_port.is_some_and(|port| port != 0);
    ask(ports.into_iter().flatten().any(host_port), "hostPort");
    let Some(context) = context else { return };
    ask(context.privileged == Some(true), "privileged");
    ask(adds_capabilities(context.capabilities.as_ref()), "capabilities");
    ask(context.proc_mount.as_deref().is_some_and(|mount| mount != "Default"), "procMount");
    ask(is_unconfined(context.seccomp_profile.as_ref()), "seccomp Unconfined");
    ask(without_apparmor(context.app_armor_profile.as_ref()), "AppArmor Unconfined");
    let host_process = context.windows_options.as_ref().and_then(|options| options.host_process);
    ask(host_process == Some(true), "hostProcess");
}

fn adds_capabilities(capabilities: Option<&Capabilities>) -> bool {
    let added = capabilities.into_iter().flat_map(|capabilities| capabilities.add.iter().flatten());
    added.into_iter().any(|capability| !CAPABILITIES.contains(&capability.as_str()))
}

fn is_unconfined(profile: Option<&SeccompProfile>) -> bool {
    profile.is_some_and(|profile| profile.type_ == "Unconfined")
}

fn without_apparmor(profile: Option<&AppArmorProfile>) -> bool {
    profile.is_some_and(|profile| profile.type_ == "Unconfined")
}

/// Whether the text of a pod can be that of one that baseline refuses: most pods are not looked at any closer.
pub(super) fn may_ask(object: &str) -> bool {
    static WORDS: LazyLock<Vec<Finder<'static>>> = LazyLock::new(|| {
        let words = [
            "hostNetwork",
            "hostPID",
            "hostIPC",
            "hostPath",
            "hostPort",
            "hostProcess",
            "privileged",
            "\"add\"",
            "procMount",
            "Unconfined",
            "sysctls",
        ];
        words.into_iter().map(Finder::new).collect()
    });
    WORDS.iter().any(|word| word.find(object.as_bytes()).is_some())
}

/// A pod that baseline refuses. Those of a daemon set are the daemon set's.
pub(super) fn of_pod(pod: &Pod) -> Option<Workload> {
    let owners = pod.metadata.owner_references.iter().flatten();
    if owners.into_iter().any(|owner| owner.kind == "DaemonSet") {
        return None;
    }
    let asks_for = against_baseline(pod.spec.as_ref()?);
    (!asks_for.is_empty()).then(|| Workload {
        namespace: pod.metadata.namespace.clone().unwrap_or_default(),
        name: format!("Pod {}", pod.metadata.name.as_deref().unwrap_or_default()),
        asks_for,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_baseline_refuses_is_found() {
        for (spec, expected) in [
            (r#"{"containers": [{"name": "a"}]}"#, &[][..]),
            (r#"{"hostNetwork": true, "hostPID": true, "containers": []}"#, &["hostNetwork", "hostPID"]),
            (r#"{"hostNetwork": false, "containers": []}"#, &[]),
            (r#"{"volumes": [{"name": "v", "hostPath": {"path": "/"}}], "containers": []}"#, &["hostPath"]),
            (
                r#"{"containers": [{"name": "a", "ports": [{"containerPort": 1, "hostPort": 1}], "securityContext": {"privileged": true}}]}"#,
                &["hostPort", "privileged"],
            ),
            (
                r#"{"containers": [{"name": "a", "securityContext": {"capabilities": {"add": ["CHOWN"]}}}]}"#,
                &[],
            ),
            (
                r#"{"containers": [], "initContainers": [{"name": "a", "securityContext": {"capabilities": {"add": ["NET_RAW"]}}}]}"#,
                &["capabilities"],
            ),
            (
                r#"{"securityContext": {"seccompProfile": {"type": "Unconfined"}, "sysctls": [{"name": "kernel.msgmax", "value": "1"}]}, "containers": []}"#,
                &["seccomp Unconfined", "sysctls"],
            ),
        ] {
            let pod: PodSpec = serde_json::from_str(spec).unwrap();
            assert_eq!(against_baseline(&pod), expected, "{spec}");
            assert!(expected.is_empty() || may_ask(spec), "{spec}");
        }
    }

    #[test]
    fn pods_of_daemon_sets_are_told_of_by_these() {
        let pod = |owners: &str| {
            let json = format!(
                r#"{{"metadata": {{"name": "p", "namespace": "n", "ownerReferences": [{owners}]}}, "spec": {{"hostIPC": true, "containers": []}}}}"#
            );
            of_pod(&serde_json::from_str(&json).unwrap())
        };
        assert_eq!(pod("").unwrap().name, "Pod p");
        assert_eq!(pod(r#"{"apiVersion": "apps/v1", "kind": "DaemonSet", "name": "d", "uid": "u"}"#), None);
    }
}
