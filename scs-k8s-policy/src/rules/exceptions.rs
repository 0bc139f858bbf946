//! Whether the reason for an exception applies: "If the reason for an exception goes away, so does the exception"
//! (scs-0201-v1, *Regulations*).

use scs_standards::{Given, Listed, Verdict};

use super::Rec;
use super::declared_plugin::declared_plugin;
use crate::cni::FoundPlugins;
use crate::conformance::{Exception, Reason};
use crate::subject::{Cluster, source};
use crate::version::Branch;

/// The applicability of an exception to a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It applies.
    Holds,
    /// It no longer applies, for this reason.
    Gone(String),
    /// Unknown: the required data is missing or unusable.
    Unknown(Verdict, String),
}

/// Whether an exception applies to a cluster of a branch.
pub(super) fn standing(
    cluster: &Cluster,
    rec: &Rec<'_>,
    exception: &Exception,
    branch: Option<Branch>,
) -> Standing {
    if let Some(before) = exception.before() {
        match branch {
            None => return Standing::Unknown(Verdict::Miss, source::VERSION.not_given()),
            Some(branch) if branch >= before => {
                return Standing::Gone(format!("the exception for it ends with {before}"));
            }
            Some(_) => {}
        }
    }
    match exception.when() {
        None => Standing::Holds,
        Some(Reason::NoInternalIp) => no_internal_ip(cluster),
        Some(Reason::Cilium) => cilium(cluster, rec),
    }
}

fn no_internal_ip(cluster: &Cluster) -> Standing {
    let nodes = match part(&cluster.nodes, source::NODES) {
        Ok(nodes) => nodes,
        Err(unknown) => return unknown,
    };
    if nodes.entries().iter().any(|node| !node.has_internal_ip) {
        return Standing::Holds;
    }
    if nodes.entries().is_empty() || !nodes.broken().is_empty() {
        return Standing::Unknown(Verdict::Dnf, "not all nodes are readable".to_owned());
    }
    Standing::Gone("its exception is for nodes without an InternalIP, but all nodes have one".to_owned())
}

fn cilium(cluster: &Cluster, rec: &Rec<'_>) -> Standing {
    let is_cilium = |name: &str| name == "Cilium";
    let gone = |names: &str| {
        Standing::Gone(format!("its exception is for Cilium, but the network plug-in is {names}"))
    };
    let found = FoundPlugins::of_cluster(cluster);
    if found.plugins.iter().any(|found| is_cilium(found.plugin.name)) {
        return Standing::Holds;
    }
    if !found.plugins.is_empty() {
        return gone(&found.names());
    }
    match declared_plugin(rec) {
        Some(plugin) if is_cilium(plugin.name) => Standing::Holds,
        Some(plugin) => gone(plugin.name),
        None => match part(&cluster.daemon_sets, source::DAEMON_SETS) {
            Err(unknown) => unknown,
            Ok(_) => {
                Standing::Unknown(Verdict::Dnf, "no daemon set belongs to a known network plug-in".to_owned())
            }
        },
    }
}

/// A part, or why it is unknown.
fn part<T>(given: &Given<Listed<T>>, source: scs_standards::Source) -> Result<&Listed<T>, Standing> {
    match given {
        Given::Data(listed) => Ok(listed),
        Given::Missing => Err(Standing::Unknown(Verdict::Miss, source.not_given())),
        Given::Unusable(reason) => Err(Standing::Unknown(Verdict::Dnf, source.unusable(reason))),
    }
}
