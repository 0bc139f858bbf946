//! Shell commands of the OpenStack client that repair an image.

use std::fmt::Write;

use scs_standards::{Change, shell};

use crate::set::CheckedImage;

/// What a finding proposes to change.
pub(crate) fn set(property: &str, value: impl Into<String>) -> Change {
    Change { property: property.to_owned(), value: Some(value.into()) }
}

/// The command that makes changes to an image: attributes by their options, everything else as properties.
pub(crate) fn command(image: &CheckedImage, changes: &[Change]) -> Option<String> {
    let reference = reference(image)?;
    let mut options = String::new();
    let mut removed = String::new();
    for Change { property, value } in changes {
        // Writing to a string does not fail.
        let _ = match (property.as_str(), value) {
            ("min_disk", Some(gib)) => write!(options, " --min-disk {gib}"),
            ("min_ram", Some(mib)) => write!(options, " --min-ram {mib}"),
            ("name", Some(name)) => write!(options, " --name {}", shell::quote(name)),
            ("os_hidden", Some(hidden)) => {
                write!(options, " --{}", if hidden == "true" { "hidden" } else { "unhidden" })
            }
            ("tags", Some(tag)) => write!(options, " --tag {}", shell::quote(tag)),
            (_, Some(value)) => {
                write!(options, " --property {}", shell::quote(&format!("{property}={value}")))
            }
            (_, None) => write!(removed, " --property {}", shell::quote(property)),
        };
    }
    let set = (!options.is_empty()).then(|| format!("openstack image set{options} {reference}"));
    let unset = (!removed.is_empty()).then(|| format!("openstack image unset{removed} {reference}"));
    match (set, unset) {
        (Some(set), Some(unset)) => Some(format!("{set} && {unset}")),
        (set, unset) => set.or(unset),
    }
}

/// How the client is told which image: by its id, or by its name where that is all there is.
fn reference(image: &CheckedImage) -> Option<String> {
    image.id().or_else(|| image.name()).map(shell::quote)
}
