//! The rules, one module per standard: tables that follow the standard's structure, and the checks they refer to.

pub(crate) mod availability_zones;
mod declared;
pub(crate) mod dns;
pub(crate) mod domain_manager;
mod evidence;
pub(crate) mod failsafe_levels;
pub(crate) mod key_manager;
pub(crate) mod provider_networks;
mod public_cloud;
mod recorder;
mod release_number;
pub(crate) mod secure_connections;
pub(crate) mod security_groups;
pub(crate) mod services;
pub(crate) mod software_security;
pub(crate) mod tempest;
mod test_cases;
pub(crate) mod time;
pub(crate) mod volume_backup;
pub(crate) mod volume_types;

use scs_standards::{Answer, Context, DocumentId, Rule, answer_all};

pub(crate) use recorder::Rec;
pub use test_cases::{iaas_test_case, iaas_test_cases};

use crate::subject::Cloud;

/// Asks the rules of the documents.
///
/// ```
/// use scs_iaas_policy::{Cloud, check_cloud};
/// use scs_standards::{Context, DocumentId, Given, Verdict};
///
/// let services = r#"[{"type": "compute", "endpoints": []}]"#;
/// let cloud = Cloud::read(|part| if part == "services" { Given::Data(services) } else { Given::Missing });
/// let context = Context::at("2026-11-24T00:00:00Z".parse()?);
/// let answers = check_cloud(&cloud, &context, &[DocumentId::version(123, 1)]);
/// let image = answers.iter().find(|answer| answer.rule == "scs-0123-service-image").unwrap();
/// assert_eq!(image.verdict, Verdict::Fail);
/// # Ok::<(), jiff::Error>(())
/// ```
#[must_use]
pub fn check_cloud(cloud: &Cloud, context: &Context<'_>, documents: &[DocumentId]) -> Vec<Answer> {
    answer_all(iaas_rules(), cloud, context, documents)
}

/// All rules, in the order of the standards.
///
/// ```
/// use scs_iaas_policy::iaas_rules;
///
/// let ingress = iaas_rules().find(|rule| rule.id == "scs-0115-ingress-none").unwrap();
/// assert_eq!(ingress.document().to_string(), "scs-0115-v1");
/// ```
pub fn iaas_rules() -> impl Iterator<Item = &'static Rule<Cloud>> {
    [
        volume_types::RULES,
        security_groups::RULES,
        key_manager::RULES,
        volume_backup::RULES,
        failsafe_levels::RULES,
        availability_zones::RULES,
        services::RULES_V1,
        services::RULES,
        services::RULES_V2,
        software_security::RULES,
        secure_connections::RULES,
        provider_networks::RULES,
        dns::RULES,
        tempest::RULES,
        time::RULES,
        domain_manager::RULES,
    ]
    .into_iter()
    .flatten()
}
