//! Service types in the standards' texts, and in OpenStack's Service Type Authority.

/// A service in a version of scs-0123.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceType {
    /// The type that the authority assigns, or that of the text if the authority has none.
    pub canonical: &'static str,
    /// Aliases that the authority lists, most recent first.
    pub aliases: &'static [&'static str],
    /// The project that implements it, as named in catalogs.
    pub project: &'static str,
}

const fn service(
    canonical: &'static str,
    aliases: &'static [&'static str],
    project: &'static str,
) -> ServiceType {
    ServiceType { canonical, aliases, project }
}

impl ServiceType {
    /// Whether a catalog type is this one, or an alias that the authority lists.
    #[must_use]
    pub fn is(&self, given: &str) -> bool {
        self.canonical == given || self.aliases.contains(&given)
    }
}

/// Block storage, the only mandatory service with aliases.
pub(crate) const BLOCK_STORAGE: ServiceType =
    service("block-storage", &["volumev3", "volumev2", "volume", "block-store"], "cinder");
/// S3; the authority has assigned no type.
pub(crate) const S3: ServiceType = service("object-store-s3", &[], "s3");

/// The mandatory services (scs-0123-v2, *Mandatory IaaS APIs*). Version 1 calls S3 `s3`.
pub static MANDATORY_SERVICES: &[ServiceType] = &[
    BLOCK_STORAGE,
    service("compute", &[], "nova"),
    service("identity", &[], "keystone"),
    service("image", &[], "glance"),
    service("load-balancer", &[], "octavia"),
    service("network", &[], "neutron"),
    S3,
];

/// The supported services (scs-0123-v2, *Supported IaaS APIs*).
pub static SUPPORTED_SERVICES: &[ServiceType] = &[
    service("baremetal", &["bare-metal"], "ironic"),
    service("rating", &[], "cloudkitty"),
    service("dns", &[], "designate"),
    service("instance-ha", &["ha"], "masakari"),
    service("key-manager", &[], "barbican"),
    service("object-store", &[], "swift"),
    service("orchestration", &[], "heat"),
    service("shared-file-system", &["sharev2", "share"], "manila"),
    service("time-series-database", &[], "gnocchi"),
];

/// Version 1's names of the supported services, if different.
pub(crate) static SUPPORTED_IN_V1: &[(&str, &str)] = &[
    ("bare-metal", "baremetal"),
    ("billing", "rating"),
    ("ha", "instance-ha"),
    ("shared-file-systems", "shared-file-system"),
];

/// Other types of the same projects, which are not mandatory services.
pub(crate) const OTHER_TYPES: &[&str] =
    &["placement", "orchestration", "cloudformation", "object-store", "ec2-api"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_belongs_to_one_service() {
        let mut all: Vec<&str> = MANDATORY_SERVICES
            .iter()
            .chain(SUPPORTED_SERVICES)
            .flat_map(|service| service.aliases.iter().copied().chain([service.canonical]))
            .collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
