//! The file that configures admission plug-ins: it is there, and the server sees it, before a flag names it.

use std::fmt::Write;

use scs_standards::{Data, Edit, Fix, Way};
use serde_json::json;

use super::flags::{
    Change, FlagChange, drop_in, edit, edit_of_k3s, in_kubeadm, in_words, option, sed, talosctl,
};
use super::{advice, is_plain, on, restarting};
use crate::owner::Owner;
use crate::rules::control_plane::{Origin, Running};

/// The flag that names the file.
const FILE: &str = "admission-control-config-file";
/// The directory of the file under kubeadm, which nothing else mounts.
const DIRECTORY: &str = "/etc/kubernetes/admission";

/// The lines of the file, with the limits that scs-0215 recommends.
const LINES: &[&str] = &[
    "apiVersion: apiserver.config.k8s.io/v1",
    "kind: AdmissionConfiguration",
    "plugins:",
    "- name: EventRateLimit",
    "  configuration:",
    "    apiVersion: eventratelimit.admission.k8s.io/v1alpha1",
    "    kind: Configuration",
    "    limits:",
    "    - type: Server",
    "      qps: 5000",
    "      burst: 20000",
];

/// The command that writes the file.
fn write_file(directory: &str) -> String {
    let mut command = format!("mkdir -p {directory} && printf '%s\\n'");
    for line in LINES {
        // Writing to a text does not fail.
        let _ = write!(command, " '{line}'");
    }
    let _ = write!(command, " > {directory}/admission.yaml");
    command
}

/// What the inventory shows of the file.
fn shown() -> impl Iterator<Item = Edit> {
    let limit = Data::map([
        ("type", Data::from("Server")),
        ("qps", Data::Number(5000)),
        ("burst", Data::Number(20_000)),
    ]);
    let configuration = Data::map([
        ("apiVersion", Data::from("eventratelimit.admission.k8s.io/v1alpha1")),
        ("kind", Data::from("Configuration")),
        ("limits", Data::List(vec![limit])),
    ]);
    let plugin = Data::map([("name", Data::from("EventRateLimit")), ("configuration", configuration)]);
    let values = [
        ("apiVersion", Data::from("apiserver.config.k8s.io/v1")),
        ("kind", Data::from("AdmissionConfiguration")),
        ("plugins", Data::List(vec![plugin])),
    ];
    values.into_iter().map(|(key, value)| Edit::Set {
        part: "admission_config".to_owned(),
        object: None,
        path: vec![key.to_owned()],
        value,
    })
}

/// The repair of a server without the plug-in `EventRateLimit`; `plugins` are those that it should switch on. Where it has a
/// configuration file already, that is to be changed, and what else is in it nobody knows.
pub(in crate::rules) fn event_rate_limit(running: &Running<'_>, plugins: &str) -> Fix {
    const ENABLE: &str = "enable-admission-plugins";
    if let Ok(Some(file)) = running.flags.text(FILE)
        && !file.is_empty()
    {
        return Fix::advice(format!(
            "first add `EventRateLimit` with its limits to the plug-ins of the file `{file}`, then set `--{ENABLE}={plugins}`; without limits the API server does not start"
        ));
    }
    let enable: FlagChange = (ENABLE, Change::Set(plugins.to_owned()));
    let file = |directory: &str| (FILE, Change::Set(format!("{directory}/admission.yaml")));
    let otherwise = |changes: &[FlagChange]| {
        let what = format!(
            "first a file with an AdmissionConfiguration that limits events, where the API server can read it, and then {}",
            in_words(changes)
        );
        advice(&running.owner, &what, "`kube-apiserver`", in_kubeadm(running.kind))
    };
    if !is_plain(plugins) {
        return otherwise(&[enable]);
    }
    let (way, more) = match (&running.owner, &running.origin) {
        (Owner::Kubeadm, Origin::Pod(component)) if component.is_static => {
            let changes = [enable.clone(), file(DIRECTORY)];
            let Some(scripts) = sed(running, &changes) else { return otherwise(&[enable]) };
            let mount = r"s|^    volumeMounts:$|&\n    - mountPath: /etc/kubernetes/admission\n      name: scs-admission\n      readOnly: true|";
            let volume = r"s|^  volumes:$|&\n  - hostPath:\n      path: /etc/kubernetes/admission\n      type: Directory\n    name: scs-admission|";
            let mut command = format!("{} && sed -i -e '{mount}' -e '{volume}'", write_file(DIRECTORY));
            for script in scripts {
                let _ = write!(command, " -e '{script}'");
            }
            let _ = write!(
                command,
                " /etc/kubernetes/manifests/kube-apiserver.yaml{}",
                on(component.node.as_deref())
            );
            let more = " `kubeadm upgrade` writes its manifest again from the ConfigMap `kubeadm-config`; make the changes there, too (`apiServer.extraArgs` and `apiServer.extraVolumes`).";
            (Way::new(command, edit(component, &changes).into_iter().chain(shown())), more)
        }
        (Owner::Talos, Origin::Pod(component)) => {
            let Some(node) = component.node.as_deref().filter(|node| is_plain(node)) else {
                return otherwise(&[enable]);
            };
            let limits = json!([{"type": "Server", "qps": 5000, "burst": 20000}]);
            let configuration = json!({"apiVersion": "eventratelimit.admission.k8s.io/v1alpha1", "kind": "Configuration", "limits": limits});
            let patch = json!({"cluster": {"apiServer": {
                "admissionControl": [{"name": "EventRateLimit", "configuration": configuration}],
                "extraArgs": {ENABLE: plugins},
            }}});
            // Talos writes the file and names it by itself.
            let changes = [enable, file("/system/config/kubernetes/kube-apiserver")];
            (Way::new(talosctl(node, &patch), edit(component, &changes).into_iter().chain(shown())), "")
        }
        (Owner::K3s, Origin::K3s(node)) => {
            let directory = "/etc/rancher/k3s";
            let flags = [format!("{ENABLE}={plugins}"), format!("{FILE}={directory}/admission.yaml")];
            let options = drop_in("k3s", "event-rate-limit", option(running.kind), &flags);
            let command = format!(
                "{} && {options} && systemctl restart k3s{}",
                write_file(directory),
                on(Some(&node.name))
            );
            (Way::new(command, edit_of_k3s(node, running.kind, &flags).into_iter().chain(shown())), "")
        }
        _ => return otherwise(&[enable]),
    };
    restarting(format!("May `kube-apiserver` restart?{more}"), way)
}
