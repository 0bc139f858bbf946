//! The standard flavors of scs-0103.

use scs_flavor_naming::{IaasScope, StandardDisk, StandardFlavor};

use super::DocsStyle;
use super::page::{Page, code};

/// The standard flavors.
pub(super) fn standard_flavors(style: &DocsStyle) -> String {
    let mut page = Page::new(style);
    page.text(
        "The flavors of scs-0103-v1. A flavor is standard by its figures and properties; the names are recommendations. \
         *Revision* is the revision of the text that added the flavor.",
    );
    page.head(&[
        "Name",
        "In v1",
        "vCPUs",
        "Class",
        "RAM in MiB",
        "Disk in GB",
        "Disk type",
        "Status",
        "Revision",
    ]);
    for flavor in StandardFlavor::all() {
        let disk = match flavor.disk_type() {
            StandardDisk::None => String::new(),
            StandardDisk::Any => "any".to_owned(),
            StandardDisk::Of(kind) => code(kind),
        };
        page.row(&[
            &code(flavor.recommended_name()),
            &code(flavor.name_v1()),
            &flavor.vcpus(),
            &code(flavor.cpu_type()),
            &flavor.ram_mib(),
            &flavor.disk_gb(),
            &disk,
            &flavor.status(),
            &flavor.revision(),
        ]);
    }
    page.heading(0, "Properties");
    page.text("Required extra specs. If the disk type is open, `scs:disk0-type` has any of the four values.");
    page.head(&["Name", "Extra specs"]);
    for flavor in StandardFlavor::all() {
        let specs: Vec<String> = flavor
            .expected_extra_specs()
            .into_iter()
            .map(|(key, value)| code(format!("{key}={value}")))
            .collect();
        page.row(&[&code(flavor.recommended_name()), &specs.join(" ")]);
    }
    page.heading(0, "Scope versions");
    page.text("The number of flavors in each version of the scope `scs-compatible-iaas`.");
    page.head(&["Version", "Mandatory", "Recommended"]);
    for scope in IaasScope::ALL {
        use scs_flavor_naming::FlavorStatus::{Mandatory, Recommended};
        page.row(&[&scope, &scope.flavors(Mandatory).count(), &scope.flavors(Recommended).count()]);
    }
    page.finish()
}
