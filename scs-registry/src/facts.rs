//! The dates of built-in facts.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use scs_image_metadata::ImageData;
use scs_k8s_policy::{ConformanceFacts, KubernetesFacts};
use scs_standards::catalog::Catalog;
use serde::{Deserialize, Serialize};

/// A list of facts and its date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct DatedFacts {
    /// The name of the list.
    pub name: Cow<'static, str>,
    /// The date of the list; null if there is no built-in list.
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>", extend("format" = "date")))]
    pub as_of: Option<Date>,
    /// The source, if the list states it.
    pub source: Option<String>,
}

impl DatedFacts {
    const fn new(name: &'static str, as_of: Option<Date>) -> Self {
        Self { name: Cow::Borrowed(name), as_of, source: None }
    }
}

/// All built-in facts with a date, starting with the catalog of documents. Parses all lists.
///
/// ```
/// let facts = scs_registry::embedded_facts();
/// assert_eq!(facts[0].source.as_deref(), Some("SovereignCloudStack/standards at commit 077174d9"));
/// let releases = facts.iter().find(|facts| facts.name == "Kubernetes releases and ends of life").unwrap();
/// assert_eq!(releases.as_of, Some("2026-09-15".parse()?));
/// # Ok::<(), jiff::Error>(())
/// ```
#[must_use]
pub fn embedded_facts() -> Vec<DatedFacts> {
    let catalog = Catalog::embedded();
    let images = ImageData::embedded();
    let kubernetes = KubernetesFacts::embedded();
    let day = |at: Timestamp| at.to_zoned(TimeZone::UTC).date();
    let documents = DatedFacts {
        source: Some(catalog.source().to_owned()),
        ..DatedFacts::new("standards and scopes", Some(catalog.as_of()))
    };
    let mut facts = vec![
        documents,
        DatedFacts::new(
            "Kubernetes releases and ends of life",
            kubernetes.releases_as_of(Timestamp::MAX).map(day),
        ),
        DatedFacts::new("Kubernetes CVE records", kubernetes.cves_as_of(Timestamp::MAX).map(day)),
        DatedFacts::new("Kubernetes conformance tests", ConformanceFacts::embedded().as_of()),
        DatedFacts::new("releases of distributions", Some(images.releases.as_of)),
        DatedFacts::new("distributions", Some(images.distributions.as_of)),
        DatedFacts::new("standard images", Some(images.standard_images.as_of)),
        DatedFacts::new("OpenStack's values of image properties", Some(images.openstack.as_of)),
    ];
    facts.extend(scs_iaas_policy::facts_as_of().map(|(name, as_of)| DatedFacts::new(name, as_of)));
    facts
}
