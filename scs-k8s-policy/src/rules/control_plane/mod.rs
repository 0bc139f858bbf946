//! The components that rules judge by their flags: from pods, from k3s's node annotations, or from declarations.

mod k3s;
mod missing;
mod running;
mod seen;

use std::borrow::Cow;

use scs_standards::{CLUSTER, Context, Declared, DeclaredValue, Fix, Given};

pub(super) use running::{Origin, Running};
use seen::{Seen, unknown};

use super::Rec;
use super::repair::{self, Change};
use crate::flags::Flags;
use crate::owner::Owner;
use crate::subject::{Cluster, ComponentKind, source};

/// The topic for the API server's flags, for control planes that only the provider can see.
pub(super) const API_SERVER_FLAGS: &str = "kube-apiserver-flags";
/// The topic for etcd's flags.
pub(super) const ETCD_FLAGS: &str = "etcd-flags";
/// The question about the API server's flags.
pub(super) const API_SERVER_VALUES: &str = "the list of all flags of the API server, if no pod shows them";
/// An example of its value.
pub(super) const API_SERVER_EXAMPLE: &str =
    "['--authorization-mode=Node,RBAC', '--enable-admission-plugins=NodeRestriction']";
/// The question about etcd's flags.
pub(super) const ETCD_VALUES: &str = "the list of all flags of etcd, if no pod shows them";
/// An example of its value.
pub(super) const ETCD_EXAMPLE: &str = "['--client-cert-auth=true', '--auto-compaction-mode=periodic']";

/// The components of a kind: those in pods, or else those in k3s, or else the declared one.
fn seen<'c>(cluster: &'c Cluster, context: &Context<'_>, kind: ComponentKind) -> Vec<Seen<'c>> {
    let pods = cluster.control_plane.data().into_iter().flat_map(|control_plane| control_plane.of(kind));
    let mut seen: Vec<Seen<'c>> = pods
        .map(|component| Seen {
            subject: component.pod.clone(),
            flags: component.flags.as_ref().map(Cow::Borrowed).map_err(|error| unknown(kind, error)),
            origin: Origin::Pod(component),
        })
        .collect();
    if seen.is_empty() {
        seen = k3s::of_nodes(cluster, kind);
    }
    if seen.is_empty() {
        seen.extend(declared(context, kind));
    }
    seen
}

/// The components of a kind with known flags; records nothing.
pub(super) fn running_quietly<'c>(
    cluster: &'c Cluster,
    context: &Context<'_>,
    kind: ComponentKind,
) -> Vec<Running<'c>> {
    let owner = Owner::of(cluster);
    let known = seen(cluster, context, kind).into_iter().filter_map(|Seen { subject, flags, origin }| {
        let has_arguments = has_arguments(cluster, &origin, kind);
        Some(Running { subject, flags: flags.ok()?, kind, origin, owner: owner.clone(), has_arguments })
    });
    known.collect()
}

/// The components of a kind with known flags, and whether all shown ones are known; records nothing.
pub(super) fn known_flags<'c>(
    cluster: &'c Cluster,
    context: &Context<'_>,
    kind: ComponentKind,
) -> (Vec<Running<'c>>, bool) {
    let shown = seen(cluster, context, kind).len();
    let known = running_quietly(cluster, context, kind);
    let is_read = match &cluster.control_plane {
        Given::Data(control_plane) => control_plane.listed().broken().is_empty(),
        Given::Unusable(_) => false,
        Given::Missing => true,
    };
    let all = is_read && shown == known.len();
    (known, all)
}

/// The components of a kind with known flags; records those with unknown flags. `None` with a finding if there is none.
pub(super) fn running<'c>(
    cluster: &'c Cluster,
    rec: &mut Rec<'_>,
    kind: ComponentKind,
) -> Option<Vec<Running<'c>>> {
    if !cluster.control_plane.is_missing() {
        rec.needs(&cluster.control_plane, source::PODS)?.listed().report_unreadable(rec, source::PODS.name);
    }
    let context = *rec.context();
    let seen = seen(cluster, &context, kind);
    if seen.is_empty() {
        miss(cluster, rec, kind);
    }
    missing::record(cluster, rec, kind, &seen);
    let owner = Owner::of(cluster);
    let mut found = Vec::new();
    for Seen { subject, flags, origin } in seen {
        match flags {
            Ok(flags) => {
                if matches!(origin, Origin::Declared) {
                    rec.note(CLUSTER, format!("the flags of `{kind}` are declared"));
                }
                let has_arguments = has_arguments(cluster, &origin, kind);
                found.push(Running { subject, flags, kind, origin, owner: owner.clone(), has_arguments });
            }
            Err(reason) => {
                rec.dnf(subject, reason);
            }
        }
    }
    (!found.is_empty()).then_some(found)
}

/// Whether k3s or RKE2 has arguments for a component on its node.
fn has_arguments(cluster: &Cluster, origin: &Origin<'_>, kind: ComponentKind) -> bool {
    let nodes = cluster.nodes.data().map_or(&[][..], |nodes| nodes.entries());
    let node = match origin {
        Origin::K3s(node) => Some(*node),
        Origin::Pod(component) => nodes.iter().find(|node| component.runs_on(node)),
        Origin::Declared => None,
    };
    node.is_some_and(|node| node.has_argument(repair::option(kind)))
}

/// The component as declared by the provider.
fn declared<'c>(context: &Context<'_>, kind: ComponentKind) -> Option<Seen<'c>> {
    let topic = topic(kind)?;
    let found = |flags| Some(Seen { subject: CLUSTER.to_owned(), flags, origin: Origin::Declared });
    match context.declarations.about(topic, CLUSTER, context.date()) {
        Declared::Nothing => None,
        Declared::NotInForce(declaration) => {
            let (from, to) = (declaration.date, declaration.valid_until);
            found(Err(format!("{declaration}, which is only valid from {from} to {to}")))
        }
        Declared::Contradictory(one, other) => {
            let (one, other, date) = (&one.value, &other.value, one.date);
            found(Err(format!("{one} and {other} are both declared on {date} under `{topic}`")))
        }
        Declared::Unusable(reason) => {
            found(Err(format!("the declaration of `{topic}` is unusable: {reason}")))
        }
        Declared::InForce(declaration) => {
            let words = match &declaration.value {
                DeclaredValue::List(words) => words.as_slice(),
                _ => &[],
            };
            match Flags::read(kind.program(), words) {
                Ok(flags) => Some(Seen {
                    subject: kind.to_string(),
                    flags: Ok(Cow::Owned(flags)),
                    origin: Origin::Declared,
                }),
                Err(error) => {
                    found(Err(format!("the declaration of `{topic}` is not a list of flags: {error}")))
                }
            }
        }
    }
}

const fn topic(kind: ComponentKind) -> Option<&'static str> {
    match kind {
        ComponentKind::ApiServer => Some(API_SERVER_FLAGS),
        ComponentKind::Etcd => Some(ETCD_FLAGS),
        ComponentKind::ControllerManager | ComponentKind::Scheduler => None,
    }
}

fn miss(cluster: &Cluster, rec: &mut Rec<'_>, kind: ComponentKind) {
    let or = topic(kind)
        .map(|topic| format!("; if no pod shows them, declare its flags as a list under the topic `{topic}`"))
        .unwrap_or_default();
    match &cluster.control_plane {
        Given::Data(control_plane) => {
            let pods = control_plane.pods();
            rec.miss(
                source::PODS.name,
                format!("none of the {pods} pods runs `{kind}` in `kube-system`{or}"),
            );
        }
        _ => {
            rec.miss(source::PODS.name, format!("{}{or}", source::PODS.not_given()))
                .hinting(source::PODS.hint());
        }
    }
}

impl Running<'_> {
    /// The fix that sets a flag.
    pub(super) fn set(&self, flag: &'static str, value: &str) -> Fix {
        self.set_all(&[(flag, value)])
    }

    /// The fix that sets several flags together.
    pub(super) fn set_all(&self, flags: &[(&'static str, &str)]) -> Fix {
        let changes: Vec<_> =
            flags.iter().map(|(flag, value)| (*flag, Change::Set((*value).to_owned()))).collect();
        repair::change(self, &changes)
    }

    /// Records that a flag must have a value.
    pub(super) fn fail(
        &self,
        rec: &mut Rec<'_>,
        flag: &'static str,
        value: &str,
        message: impl Into<String>,
    ) {
        let actual = self.shown(flag);
        rec.fail(&self.subject, message)
            .compared(format!("--{flag}={value}"), actual)
            .repaired_by(self.set(flag, value));
    }
}
