//! Features of a container registry (scs-0212-v1, *Required and desirable features check*).

use std::fmt;

/// The importance of a feature in the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Want {
    /// Under *Required features*.
    Required,
    /// Under *Desirable features*.
    Desirable,
}

/// A group of features.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RegistryFeature {
    /// Access is logged and can be traced to a user.
    AuditLogs,
    /// Systems such as clusters have their own identities.
    SystemIdentities,
    /// Users authenticate through one of several identity providers.
    UserAuthentication,
    /// Permissions are based on roles.
    RoleBasedAuthorization,
    /// Pipelines can be integrated, such as with webhooks.
    Automation,
    /// Images are scanned for vulnerabilities.
    VulnerabilityScanning,
    /// Images are signed, and signatures verified.
    ContentTrust,
    /// Several tenants share it.
    MultiTenancy,
    /// It is backed up and can be restored.
    BackupAndRestore,
    /// It exports metrics.
    Monitoring,
    /// It keeps running if a part fails.
    HighAvailability,
    /// Images are copied to other registries.
    Replication,
    /// Images from other registries are cached when pulled.
    ProxyCache,
    /// Usage is limited per project.
    QuotaManagement,
    /// Unreferenced data is removed.
    GarbageCollection,
    /// Old tags are removed by rules.
    RetentionPolicy,
    /// It also stores artifacts other than OCI's.
    OtherArtifacts,
    /// It integrates with other software.
    Integrations,
    /// Its deployment options.
    Deployment,
    /// It is administered as code.
    AdministrationAsCode,
}

/// A row of the table.
struct Row {
    feature: RegistryFeature,
    name: &'static str,
    want: Want,
}

const fn required(feature: RegistryFeature, name: &'static str) -> Row {
    Row { feature, name, want: Want::Required }
}

const fn desirable(feature: RegistryFeature, name: &'static str) -> Row {
    Row { feature, name, want: Want::Desirable }
}

/// In the order of the text and of the variants.
const ROWS: [Row; 20] = [
    required(RegistryFeature::AuditLogs, "audit-logs"),
    required(RegistryFeature::SystemIdentities, "system-identities"),
    required(RegistryFeature::UserAuthentication, "user-authentication"),
    required(RegistryFeature::RoleBasedAuthorization, "role-based-authorization"),
    required(RegistryFeature::Automation, "automation"),
    required(RegistryFeature::VulnerabilityScanning, "vulnerability-scanning"),
    required(RegistryFeature::ContentTrust, "content-trust"),
    required(RegistryFeature::MultiTenancy, "multi-tenancy"),
    required(RegistryFeature::BackupAndRestore, "backup-and-restore"),
    required(RegistryFeature::Monitoring, "monitoring"),
    required(RegistryFeature::HighAvailability, "high-availability"),
    required(RegistryFeature::Replication, "replication"),
    required(RegistryFeature::ProxyCache, "proxy-cache"),
    required(RegistryFeature::QuotaManagement, "quota-management"),
    required(RegistryFeature::GarbageCollection, "garbage-collection"),
    required(RegistryFeature::RetentionPolicy, "retention-policy"),
    desirable(RegistryFeature::OtherArtifacts, "other-artifacts"),
    desirable(RegistryFeature::Integrations, "integrations"),
    desirable(RegistryFeature::Deployment, "deployment"),
    desirable(RegistryFeature::AdministrationAsCode, "administration-as-code"),
];

impl RegistryFeature {
    /// All features, in the order of the text.
    ///
    /// ```
    /// use scs_k8s_policy::{RegistryFeature, Want};
    ///
    /// let required = RegistryFeature::all().filter(|feature| feature.want() == Want::Required);
    /// assert_eq!(required.count(), 16);
    /// assert_eq!(RegistryFeature::of("proxy-cache"), Some(RegistryFeature::ProxyCache));
    /// ```
    pub fn all() -> impl Iterator<Item = Self> {
        ROWS.iter().map(|row| row.feature)
    }

    const fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }

    /// The word of declarations.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// Finds a feature by name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        ROWS.iter().find(|row| row.name == name).map(|row| row.feature)
    }

    /// The importance of the feature.
    #[must_use]
    pub const fn want(self) -> Want {
        self.row().want
    }
}

impl fmt::Display for RegistryFeature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_follow_the_order_of_variants() {
        for (place, row) in ROWS.iter().enumerate() {
            assert_eq!(row.feature as usize, place, "{}", row.name);
            assert_eq!(RegistryFeature::of(row.name), Some(row.feature));
        }
    }
}
