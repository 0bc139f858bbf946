//! The reasons why a name is not true for a flavor.

use scs_standards::Profile;

use crate::claims::{Claim, amount, claims};
use crate::cpu::CpuType;
use crate::disk::{Disk, DiskType};
use crate::evidence;
use crate::name::FlavorName;
use crate::offer::Offer;
use crate::promise::Promise;

/// A point in which a name is not true for a flavor.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Untrue {
    /// The feature.
    what: &'static str,
    /// Its value in the name.
    named: String,
    pub(crate) reason: String,
    pub(crate) kind: Untruth,
}

/// A contradiction of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Untruth {
    /// A figure, which cannot be changed.
    Figure,
    /// `scs:cpu-type`: the claimed and the actual type.
    Class(CpuType, CpuType),
    /// `scs:disk0-type`: the claimed and the actual type.
    Disk(DiskType, DiskType),
    /// An extra spec used by Nova.
    Evidence,
}

/// The reasons why a name is not true for a flavor: its figures, vCPU class and disk type.
pub(crate) fn untrue(name: &FlavorName, offer: &Offer, profile: Profile) -> Vec<Untrue> {
    let flavor = offer.flavor();
    let figures = claims(name, flavor, profile).into_iter().filter_map(|claim| match claim {
        Claim::Overstated { what, named, real } => {
            let reason = format!("{}, but the flavor has {real}", amount(what, &named));
            Some(Untrue { what, named, reason, kind: Untruth::Figure })
        }
        Claim::NotGiven(_) | Claim::Unusable(..) => None,
    });
    let class = name.cpu().kind;
    let said = flavor.extra_spec("scs:cpu-type").and_then(CpuType::from_key);
    let said = said.filter(|real| *real < class).map(|real| Untrue {
        what: "vCPUs",
        named: class.to_string(),
        reason: format!("vCPUs of type {class}, but `scs:cpu-type` is {real}"),
        kind: Untruth::Class(class, real),
    });
    let limit = evidence::cpu_class(flavor).ok().flatten().filter(|limit| limit.most < class);
    let limit = limit.map(|limit| Untrue {
        what: "vCPUs",
        named: class.to_string(),
        reason: format!("vCPUs of type {class}, but `{}` allows {} at best", limit.by, limit.most),
        kind: Untruth::Evidence,
    });
    let named = name.disk().and_then(Disk::kind);
    let real = flavor.extra_spec("scs:disk0-type").and_then(DiskType::from_key);
    let disk = named.zip(real).filter(|(named, real)| !Promise::default().disk_may_be_named(*real, *named));
    let disk = disk.map(|(named, real)| Untrue {
        what: "disk",
        named: named.to_string(),
        reason: format!("a disk of type {named}, but `scs:disk0-type` is {real}"),
        kind: Untruth::Disk(named, real),
    });
    figures.chain(said).chain(limit).chain(disk).collect()
}
