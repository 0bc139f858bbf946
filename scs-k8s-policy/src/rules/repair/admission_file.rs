//! A single fix for the admission plug-ins of an API server: rules require several, which share flags. The configuration
//! file of plug-ins is created and mounted before a flag refers to it.

use std::fmt::Write;

use scs_standards::{Data, Edit, Fix, Way};
use serde_json::json;

use super::flags::{
    Change, FlagChange, as_text, by_hand, change, drop_in, edits, edits_of_k3s, option, pairs, sed, talosctl,
};
use super::{is_plain, on, restarting};
use crate::owner::Owner;
use crate::rules::control_plane::{Origin, Running};

/// The flag for the file.
const FILE: &str = "admission-control-config-file";
/// The directory of the file with kubeadm, which nothing else mounts.
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
        // Writing to a string does not fail.
        let _ = write!(command, " '{line}'");
    }
    let _ = write!(command, " > {directory}/admission.yaml");
    command
}

/// The file, as far as the inventory shows it.
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

/// The plug-ins that a server's flags enable and disable.
#[derive(Clone, Copy, Debug)]
pub(in crate::rules) struct AdmissionPlugins<'p> {
    pub(in crate::rules) enabled: &'p [String],
    pub(in crate::rules) disabled: &'p [String],
}

const ENABLE: &str = "enable-admission-plugins";
const DISABLE: &str = "disable-admission-plugins";
const EVENTS: &str = "EventRateLimit";
/// The required plug-ins. The official suite looks for the first one in first position, and for the last one although it is
/// on by default.
const WANTED: [&str; 3] = ["NodeRestriction", EVENTS, "PodSecurity"];

impl AdmissionPlugins<'_> {
    /// The plug-ins to enable: the enabled and the required ones.
    fn to_enable(self) -> String {
        let [first, others @ ..] = WANTED;
        let own = self.enabled.iter().map(String::as_str).filter(|name| *name != first);
        let mut names: Vec<&str> = [first].into_iter().chain(own).collect();
        for name in others {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.join(",")
    }

    /// The flags that have to change. A plug-in in both flags prevents the server from starting.
    fn changes(self) -> Vec<FlagChange> {
        let mut changes = Vec::new();
        let enable = self.to_enable();
        if enable != self.enabled.join(",") {
            changes.push((ENABLE, Change::Set(enable)));
        }
        let others: Vec<&str> =
            self.disabled.iter().map(String::as_str).filter(|name| !WANTED.contains(name)).collect();
        if others.len() < self.disabled.len() {
            let change = if others.is_empty() { Change::Unset } else { Change::Set(others.join(",")) };
            changes.push((DISABLE, change));
        }
        changes
    }
}

/// The fix for a server that lacks an admission plug-in, or the limits of one. An existing configuration file has to be
/// edited by hand, since its other content is unknown.
pub(in crate::rules) fn admission(running: &Running<'_>, plugins: AdmissionPlugins<'_>) -> Fix {
    let changes = plugins.changes();
    let has_file = matches!(running.flags.text(FILE), Ok(Some(file)) if !file.is_empty());
    let has_events = plugins.enabled.iter().any(|name| name == EVENTS);
    if has_file && has_events && !plugins.disabled.iter().any(|name| name == EVENTS) {
        return change(running, &changes);
    }
    if let Ok(Some(file)) = running.flags.text(FILE)
        && !file.is_empty()
    {
        return Fix::advice(format!(
            "first add `{EVENTS}` with its limits to the plug-ins in the file `{file}`, then set {}; without limits, the API server does not start",
            as_text(&changes)
        ));
    }
    with_file(running, &changes).unwrap_or_else(|| {
        let what = "first create a file with an AdmissionConfiguration that limits events, readable for the API server; then";
        let what = match changes.as_slice() {
            [] => format!("{what} `--{FILE}=FILE`"),
            changes => format!("{what} `--{FILE}=FILE` and {}", as_text(changes)),
        };
        by_hand(running, &what, &changes)
    })
}

/// The fix with a file for the limits; `None` if no command can write it.
fn with_file(running: &Running<'_>, changes: &[FlagChange]) -> Option<Fix> {
    let is_plain = |change: &Change| match change {
        Change::Set(value) => is_plain(value),
        Change::Unset => true,
    };
    if !changes.iter().all(|(_, change)| is_plain(change)) {
        return None;
    }
    let with = |directory: &str| -> Vec<FlagChange> {
        let file = (FILE, Change::Set(format!("{directory}/admission.yaml")));
        changes.iter().cloned().chain([file]).collect()
    };
    let (way, more) = match (&running.owner, &running.origin) {
        (Owner::Kubeadm, Origin::Pod(component)) if component.is_static => {
            let changes = with(DIRECTORY);
            let scripts = sed(running, &changes)?;
            let manifest = "/etc/kubernetes/manifests/kube-apiserver.yaml";
            let mount = r"s|^    volumeMounts:$|&\n    - mountPath: /etc/kubernetes/admission\n      name: scs-admission\n      readOnly: true|";
            let volume = r"s|^  volumes:$|&\n  - hostPath:\n      path: /etc/kubernetes/admission\n      type: Directory\n    name: scs-admission|";
            // The mount is only added once, even if the command is run again.
            let mut command = format!(
                "{} && {{ grep -q 'name: scs-admission' {manifest} || sed -i -e '{mount}' -e '{volume}' {manifest}; }} && sed -i",
                write_file(DIRECTORY)
            );
            for script in scripts {
                let _ = write!(command, " -e '{script}'");
            }
            let _ = write!(command, " {manifest}{}", on(component.node.as_deref()));
            let more = " `kubeadm upgrade` regenerates its manifest from the ConfigMap `kubeadm-config`; make the changes there, too (`apiServer.extraArgs` and `apiServer.extraVolumes`).";
            (Way::new(command, edits(component, &changes).into_iter().chain(shown())), more)
        }
        (Owner::Talos, Origin::Pod(component)) => {
            let node = component.node.as_deref().filter(|node| self::is_plain(node))?;
            let mut arguments = serde_json::Map::new();
            for (flag, change) in changes {
                // A patch cannot remove an argument.
                let Change::Set(value) = change else { return None };
                arguments.insert((*flag).to_owned(), value.as_str().into());
            }
            let limits = json!([{"type": "Server", "qps": 5000, "burst": 20000}]);
            let configuration = json!({"apiVersion": "eventratelimit.admission.k8s.io/v1alpha1", "kind": "Configuration", "limits": limits});
            let patch = json!({"cluster": {"apiServer": {
                "admissionControl": [{"name": EVENTS, "configuration": configuration}],
                "extraArgs": arguments,
            }}});
            // Talos creates the file and sets the flag by itself.
            let changes = with("/system/config/kubernetes/kube-apiserver");
            (Way::new(talosctl(node, &patch), edits(component, &changes).into_iter().chain(shown())), "")
        }
        (Owner::K3s, Origin::K3s(node)) if !running.has_arguments => {
            let directory = "/etc/rancher/k3s";
            let flags = pairs(&with(directory))?;
            let options = drop_in("k3s", "admission", option(running.kind), &flags);
            let command = format!(
                "{} && {options} && systemctl restart k3s{}",
                write_file(directory),
                on(Some(&node.name))
            );
            (Way::new(command, edits_of_k3s(node, running.kind, &flags).into_iter().chain(shown())), "")
        }
        _ => return None,
    };
    Some(restarting(&format!("May `kube-apiserver` restart?{more}"), way))
}
