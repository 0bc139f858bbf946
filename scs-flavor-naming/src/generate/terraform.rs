//! HCL for Terraform and OpenTofu.

use std::collections::HashSet;
use std::fmt::{self, Write};

use scs_standards::written::hcl;

use super::spec::FlavorSpec;

/// A resource `openstack_compute_flavor_v2` for each flavor, labeled with its name in lower case: `scs_2v_8`.
///
/// If names differ only in case or punctuation, the later labels get a number. RAM is in
/// MiB, disks are in GB.
///
/// ```
/// use scs_flavor_naming::StandardFlavor;
/// use scs_flavor_naming::generate::{FlavorSpec, UntypedDisk, terraform};
///
/// let flavor = StandardFlavor::named("SCS-2V-8").unwrap();
/// let hcl = terraform(&[FlavorSpec::standard(flavor, UntypedDisk::LeaveOut)]);
/// assert!(hcl.starts_with("resource \"openstack_compute_flavor_v2\" \"scs_2v_8\" {\n  name      = \"SCS-2V-8\"\n"));
/// ```
#[must_use]
pub fn terraform(specs: &[FlavorSpec]) -> String {
    let mut out = String::new();
    let mut labels = HashSet::new();
    for (index, spec) in specs.iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        // Writing to a string cannot fail.
        let _ = write_resource(&mut out, &free_label(&spec.name.to_string(), &mut labels), spec);
    }
    out
}

/// A label that is not in use yet.
fn free_label(name: &str, taken: &mut HashSet<String>) -> String {
    let plain: String = name
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '_' })
        .collect();
    let mut label = plain.clone();
    let mut number = 2_u64;
    while !taken.insert(label.clone()) {
        label = format!("{plain}__{number}");
        number += 1;
    }
    label
}

fn write_resource(out: &mut String, label: &str, spec: &FlavorSpec) -> fmt::Result {
    writeln!(out, "resource \"openstack_compute_flavor_v2\" \"{label}\" {{")?;
    writeln!(out, "  name      = {}", hcl::string(&spec.name.to_string()))?;
    writeln!(out, "  vcpus     = {}", spec.vcpus)?;
    writeln!(out, "  ram       = {}", spec.ram_mib)?;
    writeln!(out, "  disk      = {}", spec.disk_gb)?;
    if spec.ephemeral_gb > 0 {
        writeln!(out, "  ephemeral = {}", spec.ephemeral_gb)?;
    }
    writeln!(out, "  is_public = {}", spec.public)?;
    if !spec.extra_specs.is_empty() {
        writeln!(out, "\n  extra_specs = {{")?;
        let keys: Vec<String> = spec.extra_specs.iter().map(|(key, _)| hcl::string(key)).collect();
        // Equals signs are aligned as by `terraform fmt`.
        let width = keys.iter().map(|key| key.chars().count()).max().unwrap_or_default();
        for (key, (_, value)) in keys.iter().zip(&spec.extra_specs) {
            writeln!(out, "    {key:width$} = {}", hcl::string(value))?;
        }
        writeln!(out, "  }}")?;
    }
    writeln!(out, "}}")
}
