//! Commands for the OpenStack client.

use std::fmt::{self, Write};

use super::spec::FlavorSpec;
use scs_standards::shell::quote;

/// A shell command for each flavor: `openstack flavor create`, or for those named in `existing`
/// `openstack flavor set`, which adds and changes properties but cannot change the
/// size.
///
/// An existing flavor without changes has no line. All words are quoted for POSIX shells.
///
/// ```
/// use scs_flavor_naming::StandardFlavor;
/// use scs_flavor_naming::generate::{FlavorSpec, UntypedDisk, openstack_commands};
///
/// let flavor = StandardFlavor::named("SCS-1V-2").unwrap();
/// let specs = [FlavorSpec::standard(flavor, UntypedDisk::LeaveOut)];
/// assert_eq!(
///     openstack_commands(&specs, &["SCS-1V-2"]),
///     "openstack flavor set --property scs:name-v1=SCS-1V:2 --property scs:name-v2=SCS-1V-2 \
///      --property scs:cpu-type=shared-core SCS-1V-2\n"
/// );
/// ```
#[must_use]
pub fn openstack_commands(specs: &[FlavorSpec], existing: &[&str]) -> String {
    let mut out = String::new();
    for spec in specs {
        let name = spec.name.to_string();
        let exists = existing.contains(&name.as_str());
        if exists && spec.extra_specs.is_empty() {
            continue;
        }
        // Writing to a string cannot fail.
        let _ = write_command(&mut out, spec, &name, exists);
    }
    out
}

fn write_command(out: &mut String, spec: &FlavorSpec, name: &str, exists: bool) -> fmt::Result {
    if exists {
        out.write_str("openstack flavor set")?;
    } else {
        let access = if spec.public { "--public" } else { "--private" };
        let FlavorSpec { vcpus, ram_mib, disk_gb, .. } = spec;
        write!(out, "openstack flavor create --vcpus {vcpus} --ram {ram_mib} --disk {disk_gb}")?;
        if spec.ephemeral_gb > 0 {
            write!(out, " --ephemeral {}", spec.ephemeral_gb)?;
        }
        write!(out, " {access}")?;
    }
    for (key, value) in &spec.extra_specs {
        write!(out, " --property {}", quote(&format!("{key}={value}")))?;
    }
    writeln!(out, " {}", quote(name))
}
