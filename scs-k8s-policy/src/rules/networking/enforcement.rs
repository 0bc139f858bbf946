//! Network policies: whether they are served, and whether the network plug-in enforces them.

use scs_standards::{CLUSTER, Given, Judgment, judge};

use crate::cni::{Embedded, Enforcement, FoundPlugins, NetworkPlugin};
use crate::conformance::ConformanceRun;
use crate::rules::Rec;
use crate::rules::e2e::{self, NETWORK_POLICY};
use crate::rules::probes::{Probed, probed};
use crate::subject::{Cluster, Served, source};

const GROUP: &str = "networking.k8s.io";

pub(super) fn api(cluster: &Cluster, rec: &mut Rec<'_>) {
    if let Some(listed) = rec.needs(&cluster.api_resources, source::API_RESOURCES) {
        match listed.serves(GROUP, "v1", "networkpolicies") {
            Served::Yes => {}
            Served::No => {
                rec.fail(
                    CLUSTER,
                    "the API server does not serve `networkpolicies` of `networking.k8s.io/v1`",
                );
            }
            Served::Unknown => {
                rec.miss(
                    source::API_RESOURCES.name,
                    "it does not show which resources `networking.k8s.io/v1` has; add the output of `kubectl get --raw /apis/networking.k8s.io/v1`",
                );
            }
        }
    }
    enforcement(cluster, rec);
}

/// Whether the network plug-in enforces policies: according to a probe, the cluster's daemon sets, k3s's embedded components, the
/// tests, and the provider's declaration.
fn enforcement(cluster: &Cluster, rec: &mut Rec<'_>) {
    // A trial is more conclusive than the name of a plug-in.
    match probed(&cluster.network_policy_probe, source::NETWORK_POLICY_PROBE, rec) {
        Probed::Works => {
            rec.note(CLUSTER, "a probe shows that network policies are enforced");
            return;
        }
        Probed::Fails(outcome) => {
            let message = format!("network policies are not enforced{}", outcome.detail_in_brackets());
            rec.fail(CLUSTER, message).compared("rejected connections", "connections in spite of a policy");
            return;
        }
        Probed::Nothing => {}
    }
    if let Given::Unusable(reason) = &cluster.network_policy_probe {
        rec.note(CLUSTER, source::NETWORK_POLICY_PROBE.unusable(reason));
    }
    let found = FoundPlugins::of_cluster(cluster);
    let known = found.enforcement();
    if known == Some(Enforcement::Yes) {
        rec.note(CLUSTER, format!("{} enforces network policies", found.names()));
        return;
    }
    let embedded = cluster.nodes.data().and_then(|nodes| Embedded::of(nodes.entries()));
    match (embedded, known) {
        // With k3s's own controller, the plug-in does not matter.
        (Some(Embedded::Enforcing), _) => {
            rec.note(CLUSTER, "the policy controller of k3s enforces network policies");
            return;
        }
        (Some(Embedded::SwitchedOff), None | Some(Enforcement::No)) if is_read(cluster) => {
            rec.fail(
                CLUSTER,
                "k3s runs with `--disable-network-policy`, and nothing else enforces network policies",
            )
            .compared("a server without `--disable-network-policy`", "`--disable-network-policy`");
            return;
        }
        (_, Some(Enforcement::No)) if is_read(cluster) => {
            rec.fail(CLUSTER, format!("{} does not enforce network policies", found.names())).compared(
                "a plug-in that does, such as Calico, Cilium or Antrea; with Flannel, Calico (Canal)",
                found.names(),
            );
            return;
        }
        _ => {}
    }
    if let Some(runs) = shown_by_tests(cluster, rec) {
        e2e::record_runs(rec, &runs, NETWORK_POLICY.selection);
        rec.note(CLUSTER, "the end-to-end tests show that network policies are enforced");
        return;
    }
    if rec.context().declarations.has_entry_for(rec.rule().id) {
        judge(rec, [CLUSTER], |_, value| match value.text().and_then(NetworkPlugin::named) {
            // The name of a visible plug-in does not show its configuration.
            Some(plugin) if found.condition_of(plugin).is_some() => {
                let on = found.condition_of(plugin).unwrap_or_default();
                let name = plugin.name;
                Judgment::Contradicts(format!("whether {name} enforces network policies depends: {on}"))
            }
            Some(plugin) if plugin.enforcement == Enforcement::No => {
                Judgment::Breaks(format!("{} does not enforce network policies", plugin.name))
            }
            Some(NetworkPlugin { name, enforcement: Enforcement::Depends(on), .. }) => {
                Judgment::Contradicts(format!("whether {name} enforces network policies depends: {on}"))
            }
            Some(_) => Judgment::Satisfies,
            None => Judgment::Unusable,
        });
        return;
    }
    let Some(sets) = rec.needs(&cluster.daemon_sets, source::DAEMON_SETS) else { return };
    if !sets.report_unreadable(rec, source::DAEMON_SETS.name) {
        return;
    }
    let reason = match known {
        Some(Enforcement::Depends(on)) => {
            format!("whether {} enforces network policies depends: {on}", found.names())
        }
        _ if embedded == Some(Embedded::NotShown) => {
            "k3s enforces network policies unless disabled, but no node shows the arguments of a server (`k3s.io/node-args`)".to_owned()
        }
        _ => "no daemon set belongs to a known network plug-in".to_owned(),
    };
    let message = format!(
        "{reason}; declare the plug-in, or provide the results of `{}` as `conformance_results`",
        NETWORK_POLICY.command
    );
    rec.dnf(CLUSTER, message);
}

/// Whether all daemon sets are readable, so none is overlooked.
fn is_read(cluster: &Cluster) -> bool {
    cluster.daemon_sets.data().is_some_and(|sets| sets.broken().is_empty())
}

/// The runs that prove it: all network policy tests ran on this cluster within a year, and none failed without an applicable
/// exception.
fn shown_by_tests<'c>(cluster: &'c Cluster, rec: &Rec<'_>) -> Option<Vec<&'c ConformanceRun>> {
    let results = cluster.conformance_results.data().filter(|results| results.broken().is_empty())?;
    let own = cluster.version.data().map(|version| version.version().branch());
    let runs: Vec<_> = results
        .runs()
        .iter()
        .filter(|run| run.executed(NETWORK_POLICY.selection).next().is_some() && run.unfinished.is_none())
        .filter(|run| e2e::is_of(run, own) && e2e::is_in_time(run, rec.context().at))
        .collect();
    let is_whole = runs.iter().all(|run| run.doubts.is_empty());
    (is_whole && e2e::have_passed(cluster, rec, &runs)).then_some(runs)
}
