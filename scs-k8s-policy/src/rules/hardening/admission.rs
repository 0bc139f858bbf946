//! The API server's admission plug-ins.

use scs_standards::{Context, Fix, Split, Verdict};

use super::super::Rec;
use super::super::control_plane::{Running, known_flags, running};
use super::super::repair::{self, AdmissionPlugins};
use crate::flags::{Flags, ReadFlagsError};
use crate::subject::{AdmissionConfig, Cluster, ComponentKind, source};

/// The flag that enables plug-ins.
pub(in crate::rules) const ENABLE: &str = "enable-admission-plugins";
const DISABLE: &str = "disable-admission-plugins";

/// The plug-ins that flags enable and disable.
pub(in crate::rules) struct Plugins {
    enabled: Vec<String>,
    disabled: Vec<String>,
}

impl Plugins {
    pub(super) fn is_off(&self, plugin: &str) -> bool {
        self.disabled.iter().any(|name| name == plugin)
    }

    /// Whether a plug-in that is off by default is enabled.
    pub(in crate::rules) fn are_named(&self, plugin: &str) -> bool {
        self.enabled.iter().any(|name| name == plugin) && !self.is_off(plugin)
    }

    /// The value of the flag with one more plug-in.
    pub(in crate::rules) fn with(&self, plugin: &str) -> String {
        let mut names: Vec<&str> = self.enabled.iter().map(String::as_str).collect();
        if !names.contains(&plugin) {
            names.push(plugin);
        }
        names.join(",")
    }

    /// All configurations.
    pub(in crate::rules) fn all(&self) -> AdmissionPlugins<'_> {
        AdmissionPlugins { enabled: &self.enabled, disabled: &self.disabled }
    }

    fn with_or_none(&self) -> String {
        if self.enabled.is_empty() {
            format!("--{ENABLE} is not set")
        } else {
            format!("--{ENABLE}={}", self.enabled.join(","))
        }
    }
}

/// The plug-ins of a server; `None` with a finding if unknown.
pub(in crate::rules) fn plugins(server: &Running<'_>, rec: &mut Rec<'_>) -> Option<Plugins> {
    server.known(rec, plugins_of(&server.flags))
}

/// The plug-ins that flags enable and disable.
pub(super) fn plugins_of(flags: &Flags) -> Result<Plugins, ReadFlagsError> {
    let owned = |names: Option<Vec<&str>>| names.unwrap_or_default().into_iter().map(str::to_owned).collect();
    Ok(Plugins { enabled: owned(flags.list(ENABLE)?), disabled: owned(flags.list(DISABLE)?) })
}

/// Whether flags are known to disable the plug-in that enforces the Pod Security Standards.
pub(crate) fn is_pod_security_off(flags: &Flags) -> bool {
    plugins_of(flags).is_ok_and(|plugins| plugins.is_off(POD_SECURITY))
}

/// The configuration, fully readable.
pub(in crate::rules) fn config<'c>(cluster: &'c Cluster, rec: &mut Rec<'_>) -> Option<&'c AdmissionConfig> {
    let config = rec.needs(&cluster.admission_config, source::ADMISSION_CONFIG)?;
    for broken in config.broken() {
        rec.dnf(source::ADMISSION_CONFIG.name, broken.to_string());
    }
    config.broken().is_empty().then_some(config)
}

/// The flag for the configuration file of plug-ins.
pub(in crate::rules) const FILE: &str = "admission-control-config-file";

/// Whether every API server is known to run without a configuration file for plug-ins.
pub(in crate::rules) fn has_no_configuration(cluster: &Cluster, context: &Context<'_>) -> bool {
    let (servers, all) = known_flags(cluster, context, ComponentKind::ApiServer);
    all && !servers.is_empty() && servers.iter().all(|server| !server.flags.has(FILE))
}

/// Records that the configuration of a plug-in is in a missing file.
pub(in crate::rules) fn elsewhere(rec: &mut Rec<'_>, plugin: &str, path: &str, kind: &str) {
    let message = format!(
        "the configuration of `{plugin}` is in the file `{path}`; add that `{kind}` to `admission_config`"
    );
    rec.dnf(source::ADMISSION_CONFIG.name, message);
}

/// Records that there is no plug-in configuration.
pub(in crate::rules) fn no_configuration(rec: &mut Rec<'_>) {
    let message = "there is no `AdmissionConfiguration` in `admission_config`";
    rec.miss(source::ADMISSION_CONFIG.name, message);
}

/// The results for a point that both profiles check.
pub(super) struct Point<'p> {
    pub(super) subject: &'p str,
    pub(super) message: String,
    pub(super) expected: String,
    pub(super) actual: String,
    pub(super) fix: Option<Fix>,
}

/// Records a point that fails according to the text or the official suite.
pub(super) fn decide(
    rec: &mut Rec<'_>,
    (text, official): (bool, bool),
    difference: &'static str,
    point: Point<'_>,
) {
    let Point { subject, message, expected, actual, fix } = point;
    let verdict = |good: bool| if good { Verdict::Pass } else { Verdict::Fail };
    let entry = match (text, official) {
        (true, true) => return,
        (false, false) => rec.fail(subject, message),
        _ => {
            let split = Split { text: verdict(text), official: verdict(official), difference };
            rec.split(split, subject, message)
        }
    };
    let entry = entry.compared(expected, actual);
    if let Some(fix) = fix {
        entry.repaired_by(fix);
    }
}

pub(super) fn node_restriction(cluster: &Cluster, rec: &mut Rec<'_>) {
    const PLUGIN: &str = "NodeRestriction";
    let Some(servers) = running(cluster, rec, ComponentKind::ApiServer) else { return };
    for server in servers {
        let Some(plugins) = plugins(&server, rec) else { continue };
        let text = plugins.are_named(PLUGIN);
        // The official suite looks for the flag in a single word of the command, with this plug-in first.
        let literal = |words: &[String]| {
            words.iter().any(|word| word.contains("--enable-admission-plugins=NodeRestriction"))
        };
        let official = server.command().map_or(text, literal);
        let message = match (text, official) {
            (true, false) => {
                format!("`{PLUGIN}` is on, but it is not the first plug-in in `--{ENABLE}=` of the command")
            }
            _ if plugins.is_off(PLUGIN) => format!("the admission plug-in `{PLUGIN}` is disabled"),
            _ => format!("the admission plug-in `{PLUGIN}` is not enabled; it is off by default"),
        };
        let point = Point {
            subject: &server.subject,
            message,
            expected: format!("--{ENABLE}={PLUGIN}"),
            actual: plugins.with_or_none(),
            fix: Some(repair::admission(&server, plugins.all())),
        };
        decide(rec, (text, official), "C-087", point);
    }
}

/// The plug-in that enforces the Pod Security Standards.
pub(super) const POD_SECURITY: &str = "PodSecurity";

pub(super) fn pod_security(cluster: &Cluster, rec: &mut Rec<'_>) {
    let Some(servers) = running(cluster, rec, ComponentKind::ApiServer) else { return };
    for server in servers {
        let Some(plugins) = plugins(&server, rec) else { continue };
        // It is on by default since Kubernetes 1.23; older branches are no longer maintained.
        let text = !plugins.is_off(POD_SECURITY);
        let literal = |words: &[String]| {
            let value = words.iter().find_map(|word| word.split_once("--enable-admission-plugins="));
            value.is_some_and(|(_, plugins)| plugins.contains(POD_SECURITY))
        };
        let official = server.command().map_or(text, literal);
        let subject = &server.subject;
        let point = if text {
            Point {
                subject,
                message: format!(
                    "`{POD_SECURITY}` is on by default, but not listed in `--{ENABLE}=` of the command"
                ),
                expected: format!("--{ENABLE}={}", plugins.with(POD_SECURITY)),
                actual: plugins.with_or_none(),
                fix: Some(repair::admission(&server, plugins.all())),
            }
        } else {
            Point {
                subject,
                message: format!("the admission plug-in `{POD_SECURITY}` is disabled"),
                expected: format!("no {POD_SECURITY} in --{DISABLE}"),
                actual: format!("--{DISABLE}={}", plugins.disabled.join(",")),
                fix: Some(repair::admission(&server, plugins.all())),
            }
        };
        decide(rec, (text, official), "C-087", point);
    }
}
