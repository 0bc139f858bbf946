//! Workloads that the Pod Security Standard baseline would reject, reduced to the relevant fields.

use std::sync::LazyLock;

use k8s_openapi::api::core::v1::{
    AppArmorProfile, Capabilities, Container, ContainerPort, Lifecycle, LifecycleHandler, Pod, PodSpec,
    Probe, SELinuxOptions, SeccompProfile, SecurityContext,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use memchr::memmem::Finder;

/// A pod, or a controller of pods, that needs more than baseline allows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Workload {
    /// Its namespace.
    pub namespace: String,
    /// Its kind and name, such as `DaemonSet speaker`.
    pub name: String,
    /// The violation, such as `hostNetwork`.
    pub asks_for: Vec<&'static str>,
}

/// The capabilities that baseline allows containers to add.
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

/// The kernel parameters that baseline allows pods to set.
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

/// The `SELinux` types that baseline allows.
const SELINUX_TYPES: &[&str] =
    &["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

/// The annotations for `AppArmor` profiles of containers, before there was a field.
pub(crate) const APPARMOR: &str = "container.apparmor.security.beta.kubernetes.io/";

/// The baseline violations of a pod with this metadata; empty if there are none.
///
/// See <https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline>.
pub(super) fn against_baseline(metadata: Option<&ObjectMeta>, pod: &PodSpec) -> Vec<&'static str> {
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
    let annotations = metadata.and_then(|metadata| metadata.annotations.as_ref()).into_iter().flatten();
    let is_confined =
        |profile: &str| matches!(profile, "" | "runtime/default") || profile.starts_with("localhost/");
    let unconfined = |(key, profile): (&String, &String)| key.starts_with(APPARMOR) && !is_confined(profile);
    ask(annotations.into_iter().any(unconfined), "AppArmor Unconfined");
    if let Some(context) = &pod.security_context {
        ask(has_selinux(context.se_linux_options.as_ref()), "seLinuxOptions");
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
        ask(connects_to_other_hosts(container), "host of a probe or hook");
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
    ask(has_selinux(context.se_linux_options.as_ref()), "seLinuxOptions");
    ask(adds_capabilities(context.capabilities.as_ref()), "capabilities");
    ask(context.proc_mount.as_deref().is_some_and(|mount| mount != "Default"), "procMount");
    ask(is_unconfined(context.seccomp_profile.as_ref()), "seccomp Unconfined");
    ask(without_apparmor(context.app_armor_profile.as_ref()), "AppArmor Unconfined");
    let host_process = context.windows_options.as_ref().and_then(|options| options.host_process);
    ask(host_process == Some(true), "hostProcess");
}

/// Whether `SELinux` options set a user, a role, or a type other than those for containers.
fn has_selinux(options: Option<&SELinuxOptions>) -> bool {
    let given = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.is_empty());
    options.is_some_and(|options| {
        given(&options.user)
            || given(&options.role)
            || !SELINUX_TYPES.contains(&options.type_.as_deref().unwrap_or_default())
    })
}

/// Whether a probe or hook of a container connects to a host other than its pod.
fn connects_to_other_hosts(container: &Container) -> bool {
    let given = |host: Option<&String>| host.is_some_and(|host| !host.is_empty());
    let http = |host: Option<&k8s_openapi::api::core::v1::HTTPGetAction>| {
        given(host.and_then(|it| it.host.as_ref()))
    };
    let tcp = |host: Option<&k8s_openapi::api::core::v1::TCPSocketAction>| {
        given(host.and_then(|it| it.host.as_ref()))
    };
    let of_probe = |probe: &Probe| http(probe.http_get.as_ref()) || tcp(probe.tcp_socket.as_ref());
    let of_hook = |hook: &LifecycleHandler| http(hook.http_get.as_ref()) || tcp(hook.tcp_socket.as_ref());
    let of_life = |life: &Lifecycle| [&life.post_start, &life.pre_stop].into_iter().flatten().any(of_hook);
    let probes = [&container.liveness_probe, &container.readiness_probe, &container.startup_probe];
    probes.into_iter().flatten().any(of_probe) || container.lifecycle.as_ref().is_some_and(of_life)
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

/// Whether the JSON of a pod may violate baseline: most pods are not parsed any further.
pub(super) fn may_violate_baseline(object: &str) -> bool {
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
            "seLinuxOptions",
            APPARMOR,
            "\"host\"",
        ];
        words.into_iter().map(Finder::new).collect()
    });
    WORDS.iter().any(|word| word.find(object.as_bytes()).is_some())
}

/// A pod that baseline rejects. Pods of a daemon set are attributed to it.
pub(super) fn of_pod(pod: &Pod) -> Option<Workload> {
    let owners = pod.metadata.owner_references.iter().flatten();
    if owners.into_iter().any(|owner| owner.kind == "DaemonSet") {
        return None;
    }
    let asks_for = against_baseline(Some(&pod.metadata), pod.spec.as_ref()?);
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
    fn baseline_violations_are_found() {
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
            assert_eq!(against_baseline(None, &pod), expected, "{spec}");
            assert!(expected.is_empty() || may_violate_baseline(spec), "{spec}");
        }
    }

    #[test]
    fn every_baseline_control_is_checked() {
        let of = |spec: &str| {
            let pod: PodSpec = serde_json::from_str(spec).unwrap();
            let found = against_baseline(None, &pod);
            assert!(found.is_empty() || may_violate_baseline(spec), "{spec}");
            found
        };
        let container = |more: &str| of(&format!(r#"{{"containers": [{{"name": "a", {more}}}]}}"#));
        for (options, expected) in [
            (r#"{"type": "container_t", "level": "s0:c1"}"#, &[][..]),
            (r#"{"type": "spc_t"}"#, &["seLinuxOptions"]),
            (r#"{"user": "system_u"}"#, &["seLinuxOptions"]),
            (r#"{"role": "system_r"}"#, &["seLinuxOptions"]),
        ] {
            assert_eq!(
                container(&format!(r#""securityContext": {{"seLinuxOptions": {options}}}"#)),
                expected
            );
            let of_pod =
                format!(r#"{{"securityContext": {{"seLinuxOptions": {options}}}, "containers": []}}"#);
            assert_eq!(of(&of_pod), expected, "{options}");
        }
        for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
            assert_eq!(container(&format!(r#""{probe}": {{"httpGet": {{"port": 80}}}}"#)), [""; 0]);
            let http =
                container(&format!(r#""{probe}": {{"httpGet": {{"host": "192.0.2.1", "port": 80}}}}"#));
            let tcp =
                container(&format!(r#""{probe}": {{"tcpSocket": {{"host": "192.0.2.1", "port": 80}}}}"#));
            assert_eq!(
                (http, tcp),
                (vec!["host of a probe or hook"], vec!["host of a probe or hook"]),
                "{probe}"
            );
        }
        for hook in ["postStart", "preStop"] {
            let found = container(&format!(
                r#""lifecycle": {{"{hook}": {{"httpGet": {{"host": "192.0.2.1", "port": 80}}}}}}"#
            ));
            assert_eq!(found, ["host of a probe or hook"], "{hook}");
        }
        for (profile, expected) in [
            ("unconfined", &["AppArmor Unconfined"][..]),
            ("other", &["AppArmor Unconfined"]),
            ("runtime/default", &[]),
            ("localhost/x", &[]),
        ] {
            let json = format!(
                r#"{{"metadata": {{"name": "p", "annotations": {{"{APPARMOR}c": "{profile}"}}}}, "spec": {{"containers": []}}}}"#
            );
            let pod: Pod = serde_json::from_str(&json).unwrap();
            let found = of_pod(&pod).map(|workload| workload.asks_for).unwrap_or_default();
            assert_eq!(found, expected, "{profile}");
            assert!(may_violate_baseline(&json));
        }
    }

    #[test]
    fn pods_of_daemon_sets_are_attributed_to_them() {
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
