//! What a container registry can do (scs-0212-v1, *Required and desirable features check*).

use std::fmt;

/// How much the standard wants a feature.
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
    /// Use is logged, so that it can be traced to a user.
    AuditLogs,
    /// Systems such as clusters are known by an identity of theirs.
    SystemIdentities,
    /// Users are known by one of several systems of identities.
    UserAuthentication,
    /// What somebody may do follows from roles.
    RoleBasedAuthorization,
    /// Pipelines are joined, such as by webhooks.
    Automation,
    /// Images are scanned for vulnerabilities.
    VulnerabilityScanning,
    /// Images are signed, and signatures verified.
    ContentTrust,
    /// Several tenants share it.
    MultiTenancy,
    /// It is backed up, and what was lost can be restored.
    BackupAndRestore,
    /// It tells metrics.
    Monitoring,
    /// It runs on where a part fails.
    HighAvailability,
    /// Images are copied to other registries.
    Replication,
    /// Images of other registries are kept when they are pulled.
    ProxyCache,
    /// What projects use is limited.
    QuotaManagement,
    /// What nothing refers to is removed.
    GarbageCollection,
    /// Old tags are removed by rules.
    RetentionPolicy,
    /// It has other artifacts than those of OCI, too.
    OtherArtifacts,
    /// It works together with other software.
    Integrations,
    /// How it can be deployed.
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

/// In the order of the text, which is that of the variants.
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
    /// All, in the order of the text.
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

    /// The feature of a word.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        ROWS.iter().find(|row| row.name == name).map(|row| row.feature)
    }

    /// How much it is wanted.
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
    fn rows_are_in_the_order_of_the_variants() {
        for (place, row) in ROWS.iter().enumerate() {
            assert_eq!(row.feature as usize, place, "{}", row.name);
            assert_eq!(RegistryFeature::of(row.name), Some(row.feature));
        }
    }
}
