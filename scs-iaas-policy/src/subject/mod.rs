//! The facts about a cloud: its APIs' answers, and facts that no API shows.

mod catalog;
mod moment;
mod network;
mod patch_log;
mod tls_scan;
mod volume_type;
mod zones;

use std::sync::Arc;

use jiff::Timestamp;
use scs_standards::junit::{TestOutcome, TestResults};
use scs_standards::round_trip::RoundTrip;
use scs_standards::{Given, Source};

pub(crate) use catalog::host_of;
pub use catalog::{Endpoint, Service};
pub use moment::{Moment, ParseMomentError};
pub use network::{Extension, Network, SecurityGroupRule, Subnet, SubnetPool};
pub use patch_log::{Advisory, Notice};
pub use scs_standards::interface::Interface;
pub use tls_scan::{Gap, Key, Place, TlsCertificate, TlsScan, TlsServer};
pub(crate) use volume_type::Encryptor;
pub use volume_type::{VolumeType, VolumeTypeEncryption};
pub use zones::{AvailabilityZones, Zone, Zones};

use crate::TlsProfiles;
use crate::config::ConfigFiles;
use scs_standards::Listed;

/// The parts of an inventory that the rules use, named after the inventory's keys.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Cloud {
    /// Volume types, as Cinder returns them.
    pub volume_types: Given<Listed<VolumeType>>,
    /// Encryptions of volume types, which Cinder only shows to administrators.
    pub volume_type_encryption: Given<Listed<VolumeTypeEncryption>>,
    /// The catalog of the token: the services that users see.
    pub services: Given<Listed<Service>>,
    /// The types of services that are registered but disabled, so the catalog does not show them.
    pub disabled_services: Vec<String>,
    /// The roles of the token.
    pub roles: Given<Vec<String>>,
    /// All roles in Keystone.
    pub role_list: Given<Vec<String>>,
    /// The templates of security group rules, since Neutron 2023.2.
    pub default_security_group_rules: Given<Listed<SecurityGroupRule>>,
    /// The rules of a newly created security group.
    pub security_group_rules_of_new_group: Given<Listed<SecurityGroupRule>>,
    /// The rules of the default security group of a project.
    pub security_group_rules_of_default_group: Given<Listed<SecurityGroupRule>>,
    /// The networks that the project sees.
    pub networks: Given<Listed<Network>>,
    /// Their subnets.
    pub subnets: Given<Listed<Subnet>>,
    /// The subnet pools that the project sees.
    pub subnet_pools: Given<Listed<SubnetPool>>,
    /// Neutron's extensions.
    pub extensions: Given<Listed<Extension>>,
    /// The project's Neutron quotas, by resource; -1 means no limit.
    pub quotas: Given<std::collections::BTreeMap<String, i64>>,
    /// Availability zones of compute and storage.
    pub availability_zones: Given<AvailabilityZones>,
    /// Configuration files by path.
    pub config_files: Given<ConfigFiles>,
    /// The results of Tempest.
    pub tempest_results: Given<TestResults>,
    /// The outcome of creating, finding and deleting a secret.
    pub secrets: Given<RoundTrip>,
    /// The outcome of backing up a volume and restoring it.
    pub backup: Given<RoundTrip>,
    /// The outcome of an S3 request with wrong credentials.
    pub s3: Given<RoundTrip>,
    /// Security advisories and the provider's response to them.
    pub patch_log: Given<Listed<Advisory>>,
    /// The TLS scan of the servers.
    pub tls_scan: Given<TlsScan>,
    /// The collection time of parts without a time of their own.
    pub collected_at: Option<Timestamp>,
    /// The versions of Mozilla's TLS profile; the built-in ones if `None`.
    pub tls_profiles: Option<Arc<TlsProfiles>>,
}

impl Cloud {
    /// The versions of Mozilla's TLS profile.
    pub(crate) fn tls_profiles(&self) -> &TlsProfiles {
        self.tls_profiles.as_deref().unwrap_or(TlsProfiles::embedded())
    }

    /// Replaces the versions of Mozilla's TLS profile.
    #[must_use]
    pub fn with_tls_profiles(self, profiles: Arc<TlsProfiles>) -> Self {
        Self { tls_profiles: Some(profiles), ..self }
    }

    /// Parses the parts, each of which `part` returns as JSON.
    ///
    /// ```
    /// use scs_iaas_policy::Cloud;
    /// use scs_standards::Given;
    ///
    /// let cloud = Cloud::read(|part| match part {
    ///     "volume_types" => Given::Data(r#"[{"name": "LUKS", "description": "[scs:encrypted]"}]"#),
    ///     "services" => Given::Data("7"),
    ///     _ => Given::Missing,
    /// });
    /// assert_eq!(cloud.volume_types.data().unwrap().entries()[0].name, "LUKS");
    /// assert_eq!(cloud.services, Given::Unusable("expected a list, found a number".to_owned()));
    /// assert!(cloud.roles.is_missing());
    /// ```
    #[must_use]
    pub fn read<'a>(part: impl Fn(&str) -> Given<&'a str>) -> Self {
        let (services, disabled_services) =
            catalog::shown(part("services").read(|json| Listed::read(json, "catalog")));
        Self {
            volume_types: part("volume_types").read(|json| Listed::read(json, "volume_types")),
            volume_type_encryption: part("volume_type_encryption")
                .read(|json| Listed::read(json, "encryption")),
            services,
            disabled_services,
            roles: part("roles").read(names),
            role_list: part("role_list").read(names),
            default_security_group_rules: part("default_security_group_rules")
                .read(|json| Listed::read(json, "default_security_group_rules")),
            security_group_rules_of_new_group: part("security_group_rules_of_new_group")
                .read(|json| Listed::read(json, "security_group_rules")),
            security_group_rules_of_default_group: part("security_group_rules_of_default_group")
                .read(|json| Listed::read(json, "security_group_rules")),
            networks: part("networks").read(|json| Listed::read(json, "networks")),
            subnets: part("subnets").read(|json| Listed::read(json, "subnets")),
            subnet_pools: part("subnet_pools").read(|json| Listed::read(json, "subnetpools")),
            extensions: part("extensions").read(|json| Listed::read(json, "extensions")),
            quotas: part("quotas").read(quotas),
            availability_zones: part("availability_zones").read(AvailabilityZones::read),
            config_files: part("config_files").read(ConfigFiles::read),
            tempest_results: part("tempest_results").read(tempest_results),
            secrets: part("secrets").read(serde_json::from_str),
            backup: part("backup").read(serde_json::from_str),
            s3: part("s3").read(serde_json::from_str),
            patch_log: part("patch_log").read(|json| Listed::read(json, "patch_log")),
            tls_scan: part("tls_scan").read(TlsScan::read),
            collected_at: None,
            tls_profiles: None,
        }
    }

    /// Sets the time at which the parts were collected.
    #[must_use]
    pub const fn with_collected_at(mut self, at: Option<Timestamp>) -> Self {
        self.collected_at = at;
        self
    }
}

/// Results as JUnit XML in a string, or a mapping of tests to `passed`, `failed` or `skipped`.
fn tempest_results(json: &str) -> Result<TestResults, String> {
    match serde_json::from_str(json).map_err(|error| error.to_string())? {
        serde_json::Value::String(text) => TestResults::read(&text).map_err(|error| error.to_string()),
        serde_json::Value::Object(mapping) if mapping.is_empty() => Err("it has no tests".to_owned()),
        serde_json::Value::Object(mapping) => mapping
            .into_iter()
            .map(|(name, outcome)| {
                let outcome = match outcome.as_str().map(str::to_lowercase).as_deref() {
                    Some("passed" | "pass" | "ok" | "success") => TestOutcome::Passed,
                    Some("failed" | "fail" | "error") => TestOutcome::Failed,
                    Some("skipped" | "skip") => TestOutcome::Skipped,
                    _ => return Err(format!("`{name}` is {outcome}; expected passed, failed or skipped")),
                };
                Ok((name, outcome))
            })
            .collect(),
        other => Err(format!(
            "expected JUnit XML or a mapping of tests, found {}",
            scs_standards::listed::kind_of(&other)
        )),
    }
}

/// Names, or objects with a name. Domain-specific roles do not count as global roles.
fn names(json: &str) -> Result<Vec<String>, String> {
    #[derive(serde::Deserialize)]
    #[serde(untagged)]
    enum Named {
        Name(String),
        Record {
            #[serde(alias = "Name")]
            name: String,
            #[serde(default, alias = "Domain")]
            domain_id: Option<String>,
        },
    }
    let listed = Listed::<Named>::read(json, "roles").map_err(|error| error.to_string())?;
    if let Some(broken) = listed.broken().first() {
        return Err(format!("entry {} has no name", broken.number));
    }
    let name = |named: &Named| match named {
        Named::Name(name) => Some(name.clone()),
        Named::Record { name, domain_id } => {
            domain_id.as_deref().is_none_or(str::is_empty).then(|| name.clone())
        }
    };
    Ok(listed.entries().iter().filter_map(name).collect())
}

/// `{"quota": {"floatingip": 50}}`, only the inner mapping, or with usage figures (`{"floatingip": {"limit": 50}}`).
fn quotas(json: &str) -> Result<std::collections::BTreeMap<String, i64>, String> {
    let value: serde_json::Value = serde_json::from_str(json).map_err(|error| error.to_string())?;
    let inner = ["quota", "network", "neutron"]
        .iter()
        .find_map(|key| value.get(key).filter(|inner| inner.is_object()))
        .filter(|_| value.get("floatingip").is_none())
        .unwrap_or(&value);
    let mapping = inner.as_object().ok_or("expected a mapping of resources to limits")?;
    let limit = |value: &serde_json::Value| value.as_i64().or_else(|| value.get("limit")?.as_i64());
    Ok(mapping.iter().filter_map(|(name, value)| Some((name.clone(), limit(value)?))).collect())
}

/// Where each part comes from; shown when it is missing.
pub(crate) mod source {
    use super::Source;

    const fn source(name: &'static str, from: &'static str) -> Source {
        Source { name, from }
    }

    pub(crate) const VOLUME_TYPES: Source =
        source("volume_types", "Cinder's answer to `GET /v3/{project_id}/types`");
    pub(crate) const VOLUME_TYPE_ENCRYPTION: Source = source(
        "volume_type_encryption",
        "Cinder's answer to `GET /v3/{project_id}/types/{id}/encryption` as an administrator, one per type",
    );
    pub(crate) const SERVICES: Source = source(
        "services",
        "the catalog of the token: `openstack catalog list -f json`, or `catalog` of Keystone's `GET /v3/auth/catalog`",
    );
    pub(crate) const ROLES: Source = source("roles", "the names of the roles of the token");
    pub(crate) const ROLE_LIST: Source =
        source("role_list", "Keystone's answer to `GET /v3/roles` (`openstack role list -f json`)");
    pub(crate) const DEFAULT_RULES: Source = source(
        "default_security_group_rules",
        "Neutron's answer to `GET /v2.0/default-security-group-rules`, since 2023.2",
    );
    pub(crate) const NETWORKS: Source = source("networks", "Neutron's answer to `GET /v2.0/networks`");
    pub(crate) const SUBNETS: Source = source("subnets", "Neutron's answer to `GET /v2.0/subnets`");
    pub(crate) const SUBNET_POOLS: Source =
        source("subnet_pools", "Neutron's answer to `GET /v2.0/subnetpools`");
    pub(crate) const EXTENSIONS: Source = source("extensions", "Neutron's answer to `GET /v2.0/extensions`");
    pub(crate) const QUOTAS: Source = source("quotas", "Neutron's answer to `GET /v2.0/quotas/{project_id}`");
    pub(crate) const ZONES: Source = source(
        "availability_zones",
        "Nova's zones (`GET /os-availability-zone`) under `compute`, Cinder's under `volume`",
    );
    pub(crate) const CONFIG_FILES: Source = source("config_files", "an object of file contents by path");
    pub(crate) const TEMPEST_RESULTS: Source =
        source("tempest_results", "JUnit XML (`stestr last --subunit | subunit2junitxml`) as a string");
    pub(crate) const SECRETS: Source = source(
        "secrets",
        "the outcome of creating, finding and deleting a secret as an ordinary user, `{outcome: ok, at: …}`",
    );
    pub(crate) const BACKUP: Source = source(
        "backup",
        "the outcome of backing up a volume and restoring it as an ordinary user, `{outcome: ok, at: …}`",
    );
    pub(crate) const S3: Source = source(
        "s3",
        "the outcome of listing buckets on the object store's host with a wrong key, `{outcome: refused, detail: InvalidAccessKeyId}`",
    );
    pub(crate) const PATCH_LOG: Source = source(
        "patch_log",
        "a list of advisories and the response to each, `{advisory: OSSA-2026-003, score: 7.5, disclosed: …, fixed: …, notice: …}`",
    );
    pub(crate) const TLS_SCAN: Source = source(
        "tls_scan",
        "the output of sslyze with `--json_out=FILE --sslv2 --sslv3 --tlsv1 --tlsv1_1 --tlsv1_2 --tlsv1_3 --elliptic_curves --certinfo --http_headers HOST:PORT …`, or a list of servers",
    );
}
