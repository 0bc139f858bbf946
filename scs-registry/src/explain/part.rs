//! Parts of inventories.

use serde::Serialize;

use super::document::RuleRow;
use super::example::rules_without;
use super::probe;
use crate::kind::Kind;

/// A part of the inventory of a cloud or a cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PartTopic {
    /// The key.
    pub name: String,
    /// `cloud` or `cluster`.
    pub about: &'static str,
    /// The probe that fills it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probe: Option<String>,
    /// The rules that cannot be decided without it.
    pub rules: Vec<RuleRow>,
}

impl PartTopic {
    /// The part of each kind of inventory that has one with the name.
    pub(super) fn all(name: &str) -> Vec<Self> {
        let of_kind = |kind: Kind| Self {
            name: name.to_owned(),
            about: kind.name(),
            probe: probe::of_part(kind, name).map(str::to_owned),
            rules: rules_without(kind, name).iter().map(RuleRow::new).collect(),
        };
        let kinds = [Kind::Cloud, Kind::Cluster].into_iter().filter(|kind| kind.parts().contains(&name));
        kinds.map(of_kind).collect()
    }

    /// The names of all parts.
    pub(super) fn names() -> impl Iterator<Item = &'static str> {
        [Kind::Cloud, Kind::Cluster].into_iter().flat_map(Kind::parts).copied()
    }
}
