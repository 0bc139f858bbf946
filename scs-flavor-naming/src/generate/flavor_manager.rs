//! YAML for openstack-flavor-manager.

use std::fmt::{self, Write};

use scs_standards::written::yaml;

use super::spec::FlavorSpec;

/// The definitions file of openstack-flavor-manager. For the standard flavors and
/// `UntypedDisk::As(DiskType::Network)`, it has the same content as the official
/// `SCS-Spec.MandatoryFlavors.verbose.yaml`.
///
/// `public` is written only if it differs from the default, `disk` only if there is one. RAM is in
/// MiB, disks are in GB. The tool does not create ephemeral disks: `ephemeral` in a definition, for a name with several disks,
/// documents the need, but has no effect.
///
/// ```
/// use scs_flavor_naming::generate::{FlavorSpec, UntypedDisk, flavor_manager_yaml};
/// use scs_flavor_naming::{DiskType, StandardFlavor};
///
/// let spec = |flavor| FlavorSpec::standard(flavor, UntypedDisk::As(DiskType::Network));
/// let mandatory: Vec<_> = StandardFlavor::mandatory().map(spec).collect();
/// let recommended: Vec<_> = StandardFlavor::recommended().map(spec).collect();
/// let yaml = flavor_manager_yaml(&mandatory, &recommended);
/// assert!(yaml.contains("- name: SCS-2V-4-20s\n  cpus: 2\n  ram: 4096\n  disk: 20\n"));
/// ```
#[must_use]
pub fn flavor_manager_yaml(mandatory: &[FlavorSpec], recommended: &[FlavorSpec]) -> String {
    let mut out = String::from(REFERENCE);
    // Writing to a string cannot fail.
    let _ = write_list(&mut out, "mandatory", mandatory);
    let _ = write_list(&mut out, "recommended", recommended);
    out
}

/// The fields of a flavor and their defaults.
const REFERENCE: &str = "\
reference:
- field: name
  mandatory_prefix: SCS-
- field: public
  default: true
- field: disabled
  default: false
- field: cpus
- field: ram
- field: disk
";

fn write_list(out: &mut String, key: &str, specs: &[FlavorSpec]) -> fmt::Result {
    if specs.is_empty() {
        return writeln!(out, "{key}: []");
    }
    writeln!(out, "{key}:")?;
    for spec in specs {
        writeln!(out, "- name: {}", yaml::word(&spec.name.to_string()))?;
        writeln!(out, "  cpus: {}\n  ram: {}", spec.vcpus, spec.ram_mib)?;
        if spec.disk_gb > 0 {
            writeln!(out, "  disk: {}", spec.disk_gb)?;
        }
        if spec.ephemeral_gb > 0 {
            writeln!(out, "  ephemeral: {}", spec.ephemeral_gb)?;
        }
        if !spec.public {
            writeln!(out, "  public: false")?;
        }
        for (key, value) in &spec.extra_specs {
            writeln!(out, "  {}: {}", yaml::word(key), yaml::word(value))?;
        }
    }
    Ok(())
}
