//! Limits of requests to the API server.

use scs_standards::Fix;

use super::super::Rec;
use super::super::control_plane::running;
use super::super::hardening::admission;
use super::super::repair;
use crate::subject::{Cluster, ComponentKind, PluginConfig, source};

/// A flag that is a number above 0; 0 disables the limit. The text has no number; the proposed ones are the API server's
/// defaults.
fn limit(cluster: &Cluster, rec: &mut Rec<'_>, flag: &'static str, proposed: &str) {
    let Some(servers) = running(cluster, rec, ComponentKind::ApiServer) else { return };
    for server in servers {
        let Some(value) = server.known(rec, server.flags.text(flag)) else { continue };
        match value.map(str::parse::<u64>) {
            Some(Ok(1..)) => {}
            Some(Ok(0)) => server.fail(rec, flag, proposed, format!("`--{flag}=0` means no limit")),
            Some(Err(_)) => {
                rec.dnf(
                    &server.subject,
                    format!("`--{flag}` is not a number: `{}`", value.unwrap_or_default()),
                );
            }
            None => server.fail(rec, flag, proposed, format!("`--{flag}` is not set")),
        }
    }
}

pub(super) fn max_requests(cluster: &Cluster, rec: &mut Rec<'_>) {
    limit(cluster, rec, "max-requests-inflight", "400");
}

pub(super) fn max_mutating(cluster: &Cluster, rec: &mut Rec<'_>) {
    limit(cluster, rec, "max-mutating-requests-inflight", "200");
}

pub(super) fn min_timeout(cluster: &Cluster, rec: &mut Rec<'_>) {
    limit(cluster, rec, "min-request-timeout", "1800");
}

const PLUGIN: &str = "EventRateLimit";

pub(super) fn event_rate_limit(cluster: &Cluster, rec: &mut Rec<'_>) {
    const FILE: &str = admission::FILE;
    let Some(servers) = running(cluster, rec, ComponentKind::ApiServer) else { return };
    let mut configured = false;
    for server in servers {
        let Some(plugins) = admission::plugins(&server, rec) else { continue };
        let Some(file) = server.known(rec, server.flags.text(FILE)) else { continue };
        let is_on = plugins.are_named(PLUGIN);
        let has_file = file.is_some_and(|file| !file.is_empty());
        if is_on && has_file {
            configured = true;
            continue;
        }
        let (flag, message) = if is_on {
            (FILE, format!("`{PLUGIN}` is on without a configuration: `--{FILE}` is not set"))
        } else {
            (admission::ENABLE, format!("the admission plug-in `{PLUGIN}` is not on"))
        };
        let wanted =
            if is_on { format!("--{FILE}=FILE") } else { format!("--{flag}={}", plugins.with(PLUGIN)) };
        let fix = repair::admission(&server, plugins.all());
        rec.fail(&server.subject, message).compared(wanted, server.shown(flag)).repaired_by(fix);
    }
    if configured && let Some([]) = event_limits(cluster, rec) {
        rec.fail(source::ADMISSION_CONFIG.name, format!("`{PLUGIN}` is configured without a limit"))
            .compared("limits: [{type: Server, qps: 5000, burst: 20000}]", "no limits")
            .repaired_by(limits_advice());
    }
}

/// The limits, empty if the plug-in is not configured; `None` with a finding if unknown.
fn event_limits<'c>(cluster: &'c Cluster, rec: &mut Rec<'_>) -> Option<&'c [crate::subject::EventLimit]> {
    let context = *rec.context();
    if cluster.admission_config.is_missing() && admission::has_no_configuration(cluster, &context) {
        return Some(&[]);
    }
    let config = admission::config(cluster, rec)?;
    match config.event_limits() {
        PluginConfig::Known(limits) => Some(limits),
        PluginConfig::NotConfigured => Some(&[]),
        PluginConfig::Unknown => {
            admission::no_configuration(rec);
            None
        }
        PluginConfig::Elsewhere(path) => {
            admission::elsewhere(rec, PLUGIN, &path, "Configuration");
            None
        }
    }
}

/// The file may have more content, so it has to be edited by hand.
fn limits_advice() -> Fix {
    Fix::advice(format!(
        "add the limit `{{type: Server, qps: 5000, burst: 20000}}` to `{PLUGIN}` in the file set with `--{}`, and restart the API servers one by one",
        admission::FILE
    ))
}

pub(super) fn event_rate_limit_values(cluster: &Cluster, rec: &mut Rec<'_>) {
    const WANTED: (Option<u32>, Option<u32>) = (Some(5000), Some(20_000));
    let Some(limits) = event_limits(cluster, rec) else { return };
    let server: Vec<_> = limits.iter().filter(|limit| limit.kind == "Server").collect();
    let figure = |figure: Option<u32>| figure.map_or_else(|| "none".to_owned(), |figure| figure.to_string());
    if server.is_empty() {
        rec.fail(source::ADMISSION_CONFIG.name, format!("`{PLUGIN}` has no limit of type `Server`"))
            .compared("{type: Server, qps: 5000, burst: 20000}", "none")
            .repaired_by(limits_advice());
    }
    for limit in server.into_iter().filter(|limit| (limit.qps, limit.burst) != WANTED) {
        let (qps, burst) = (figure(limit.qps), figure(limit.burst));
        rec.fail(source::ADMISSION_CONFIG.name, format!("the limit of type `Server` of `{PLUGIN}` differs"))
            .compared("qps 5000, burst 20000", format!("qps {qps}, burst {burst}"))
            .repaired_by(limits_advice());
    }
}

pub(super) fn priority_and_fairness(cluster: &Cluster, rec: &mut Rec<'_>) {
    const FLAG: &str = "enable-priority-and-fairness";
    let Some(servers) = running(cluster, rec, ComponentKind::ApiServer) else { return };
    for server in servers {
        let Some(on) = server.known(rec, server.flags.bool_value(FLAG)) else { continue };
        let Some(gates) = server.known(rec, server.flags.list("feature-gates")) else { continue };
        if on == Some(false) {
            server.fail(rec, FLAG, "true", "API priority and fairness is disabled");
        } else if gates.is_some_and(|gates| gates.contains(&"APIPriorityAndFairness=false")) {
            rec.fail(&server.subject, "the feature gate of API priority and fairness is disabled")
                .compared("APIPriorityAndFairness=true, which is the default", "APIPriorityAndFairness=false")
                .repaired_by(Fix::advice(
                    "remove `APIPriorityAndFairness=false` from `--feature-gates` of the API server",
                ));
        }
    }
}
