//! The IaaS standards of the Sovereign Cloud Stack, as rules over the answers of a cloud's APIs, its configuration files and
//! the declarations of its provider.
//!
//! | standard | about | module of `rules` |
//! | --- | --- | --- |
//! | scs-0111, scs-0114 | volume types | `volume_types` |
//! | scs-0115 | default rules of security groups | `security_groups` |
//! | scs-0116 | the key manager | `key_manager` |
//! | scs-0117 | volume backup | `volume_backup` |
//! | scs-0118 | failsafe levels | `failsafe_levels` |
//! | scs-0121 | availability zones | `availability_zones` |
//! | scs-0123 v1, v2 | services | `services` |
//! | scs-0124 | security of service software | `software_security` |
//! | scs-0125 | secure connections | `secure_connections` |
//! | scs-0126 | provider networks | `provider_networks` |
//! | scs-0127 | DNS | `dns` |
//! | scs-0128 | end-to-end tests | `tempest` |
//! | scs-0129 | time | `time` |
//! | scs-0302 | the domain manager | `domain_manager` |
//!
//! This crate does not access files, the network or the clock.

mod aspects;
pub mod config;
mod domain_manager_policy;
mod failsafe;
mod own_policies;
mod rules;
mod service_types;
mod subject;

pub use aspects::{Aspect, AspectList, AspectProblem, Described, GivenAspects, Misplaced};
pub use failsafe::{AFFECTED_RESOURCES, AffectedResource, FailsafeLevel, Probability, SCENARIOS, Scenario};
pub use rules::secure_connections::mozilla::{ReadTlsProfilesError, TlsProfiles};
pub use rules::{check_cloud, iaas_rules, iaas_test_case, iaas_test_cases};
pub use scs_standards;
pub use scs_standards::{Broken, Listed, ReadPartError};
pub use service_types::{MANDATORY_SERVICES, SUPPORTED_SERVICES, ServiceType};
pub use subject::{
    Advisory, AvailabilityZones, Cloud, Endpoint, Extension, Gap, Interface, Key, Moment, Network, Notice,
    ParseMomentError, Place, SecurityGroupRule, Service, Subnet, SubnetPool, TlsCertificate, TlsScan,
    TlsServer, VolumeType, VolumeTypeEncryption, Zone, Zones,
};

/// The names of the dated lists that are part of this crate, each with the day on which it was made.
///
/// ```
/// let [(name, as_of), _] = scs_iaas_policy::facts_as_of();
/// assert_eq!((name, as_of), ("OpenStack releases", Some("2026-08-21".parse()?)));
/// # Ok::<(), jiff::Error>(())
/// ```
#[must_use]
pub fn facts_as_of() -> [(&'static str, Option<jiff::civil::Date>); 2] {
    [
        ("OpenStack releases", rules::software_security::releases::as_of()),
        ("Mozilla's TLS recommendations", TlsProfiles::embedded().as_of()),
    ]
}

/// Tests the code in the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct FrontPage;
