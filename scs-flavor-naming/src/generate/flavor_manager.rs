//! YAML for openstack-flavor-manager.

use std::fmt::{self, Display, Write};

use super::spec::FlavorSpec;

/// The definitions file of openstack-flavor-manager, with the same facts as the official
/// `SCS-Spec.MandatoryFlavors.verbose.yaml` where it is given the standard flavors and
/// `UntypedDisk::As(DiskType::Network)`.
///
/// `public` is written only where it differs from the default, `disk` only where there is one. The reader knows RAM in
/// MiB and disks in GB.
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
    // Writing to a string does not fail.
    let _ = write_list(&mut out, "mandatory", mandatory);
    let _ = write_list(&mut out, "recommended", recommended);
    out
}

/// Which fields a flavor has, and their defaults.
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
        writeln!(out, "- name: {}", Scalar(&spec.name.to_string()))?;
        writeln!(out, "  cpus: {}\n  ram: {}", spec.vcpus, spec.ram_mib)?;
        if spec.disk_gb > 0 {
            writeln!(out, "  disk: {}", spec.disk_gb)?;
        }
        if !spec.public {
            writeln!(out, "  public: false")?;
        }
        for (key, value) in &spec.extra_specs {
            writeln!(out, "  {}: {}", Scalar(key), Scalar(value))?;
        }
    }
    Ok(())
}

/// A text as a scalar of YAML: plain where every reader takes it for a text, otherwise in double quotes.
pub(crate) struct Scalar<'a>(pub(crate) &'a str);

impl Scalar<'_> {
    /// Words of letters, with digits and a few marks that mean nothing to YAML inside a word.
    fn is_plain(&self) -> bool {
        // YAML 1.1 takes these words, and no others that start with a letter and have no blank, for something else.
        const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
        let text = self.0;
        text.starts_with(|first: char| first.is_ascii_alphabetic())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte))
            && !text.ends_with(':')
            && !WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
    }
}

impl Display for Scalar<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_plain() {
            return f.write_str(self.0);
        }
        f.write_char('"')?;
        for letter in self.0.chars() {
            match letter {
                '"' | '\\' => write!(f, "\\{letter}")?,
                '\n' => f.write_str("\\n")?,
                '\t' => f.write_str("\\t")?,
                // Everything that some reader might strip, fold or refuse.
                control if control.is_control() || !control.is_ascii() => match u32::from(control) {
                    code @ ..=0xff => write!(f, "\\x{code:02x}")?,
                    code @ ..=0xffff => write!(f, "\\u{code:04x}")?,
                    code => write!(f, "\\U{code:08x}")?,
                },
                other => f.write_char(other)?,
            }
        }
        f.write_char('"')
    }
}
