//! The network plug-in that the provider declares, which exceptions for tests depend on as well.

use scs_standards::{CLUSTER, Fact};

use super::Rec;
use crate::cni::NetworkPlugin;

/// The rule whose declaration has the plug-in.
pub(super) const PLUGIN: &str = "scs-0219-api";

/// The network plug-in that the provider declares.
pub(super) fn declared_plugin(rec: &Rec<'_>) -> Option<&'static NetworkPlugin> {
    let context = rec.context();
    match Fact::of(context.declarations, PLUGIN, CLUSTER, context.date()) {
        Fact::Declared(value) => value.text().and_then(NetworkPlugin::named),
        Fact::Undeclared | Fact::Unusable(_) => None,
    }
}
