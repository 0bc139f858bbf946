//! Shell commands of the OpenStack client that repair a flavor.

use std::fmt::Write;

use scs_standards::shell::quote;
use scs_standards::subject::Flavor;

use crate::properties::UntypedDisk;
use crate::standard_flavors::{StandardDisk, StandardFlavor};

/// Sets properties of a flavor.
pub(crate) fn set<'a>(flavor: &str, properties: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut command = "openstack flavor set".to_owned();
    for (key, value) in properties {
        // Writing to a string does not fail.
        let _ = write!(command, " --property {}", quote(&format!("{key}={value}")));
    }
    format!("{command} {}", quote(flavor))
}

/// Removes properties of a flavor.
pub(crate) fn unset<'a>(flavor: &str, keys: impl IntoIterator<Item = &'a str>) -> String {
    let mut command = "openstack flavor unset".to_owned();
    for key in keys {
        let _ = write!(command, " --property {}", quote(key));
    }
    format!("{command} {}", quote(flavor))
}

/// Creates a flavor with the figures and properties of another one under a new name.
pub(crate) fn create_like(flavor: &Flavor, name: &str) -> String {
    let properties = flavor.extra_specs.iter().flatten().filter(|(key, _)| !key.starts_with("scs:name-v"));
    create(
        name,
        (flavor.vcpus, flavor.ram_mib, flavor.disk_gb),
        properties.map(|(key, value)| format!("{key}={value}")),
    )
}

/// Creates a standard flavor. The type of its disk, where the table leaves it open, only the provider can tell.
pub(crate) fn create_standard(standard: StandardFlavor, untyped: UntypedDisk) -> String {
    let mut properties: Vec<String> =
        standard.expected_extra_specs().into_iter().map(|(key, value)| format!("{key}={value}")).collect();
    if let (StandardDisk::Any, UntypedDisk::As(kind)) = (standard.disk_type(), untyped) {
        properties.push(format!("scs:disk0-type={kind}"));
    }
    create(
        standard.recommended_name(),
        (Some(standard.vcpus().into()), Some(standard.ram_mib()), Some(standard.disk_gb().into())),
        properties.into_iter(),
    )
}

/// Creates the flavor anew under another name and deletes it under the old one: Nova cannot rename.
pub(crate) fn rename(flavor: &Flavor, name: &str) -> String {
    format!("{} && openstack flavor delete {}", create_like(flavor, name), quote(&flavor.name))
}

/// Deletes a flavor and creates it with the figures that the standard asks for.
pub(crate) fn replace(flavor: &str, standard: StandardFlavor, untyped: UntypedDisk) -> String {
    format!("openstack flavor delete {} && {}", quote(flavor), create_standard(standard, untyped))
}

fn create(
    name: &str,
    (vcpus, ram_mib, disk_gb): (Option<u64>, Option<u64>, Option<u64>),
    properties: impl Iterator<Item = String>,
) -> String {
    let mut command = "openstack flavor create".to_owned();
    for (option, figure) in [("vcpus", vcpus), ("ram", ram_mib), ("disk", disk_gb)] {
        if let Some(figure) = figure {
            let _ = write!(command, " --{option} {figure}");
        }
    }
    command.push_str(" --public");
    for property in properties {
        let _ = write!(command, " --property {}", quote(&property));
    }
    format!("{command} {}", quote(name))
}
