//! Facts that change without code: OpenStack's value lists, distributions and their releases, and the standard images.
//! Each is a dated YAML file, embedded, and can be replaced by a file of the same format.

mod distributions;
mod openstack_values;
mod releases;
mod standard_images;

pub use distributions::{Distribution, Distributions};
pub use openstack_values::{OpenStackValues, PropertyValues};
pub use releases::{DistributionReleases, Release, Releases};
pub use standard_images::{
    CapiImages, GenericSource, ImageStatus, NameScheme, Specification, SpecificationEntry,
    SpecificationError, StandardImage, StandardImages, StandardList,
};

use std::sync::{Arc, LazyLock};

use thiserror::Error;

/// A data file that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("no file of {kind}: {reason}")]
pub struct ReadDataError {
    kind: &'static str,
    reason: String,
}

impl ReadDataError {
    pub(crate) fn new(kind: &'static str, error: &serde_saphyr::Error) -> Self {
        Self { kind, reason: first_line(error) }
    }
}

/// What is wrong with a YAML text and where, which the first line says; the rest repeats the document.
pub(crate) fn first_line(error: &serde_saphyr::Error) -> String {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}

/// Reads a data file of one of the kinds.
pub(crate) fn read<T: serde::de::DeserializeOwned>(
    kind: &'static str,
    text: &str,
) -> Result<T, ReadDataError> {
    serde_saphyr::from_str(text).map_err(|error| ReadDataError::new(kind, &error))
}

/// The facts that the rules rest on.
///
/// ```
/// use scs_image_metadata::ImageData;
///
/// let data = ImageData::embedded();
/// let noble = data.releases.release("ubuntu", "24.04").unwrap();
/// assert_eq!(noble.codename, "noble");
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ImageData {
    /// OpenStack's values of image properties.
    pub openstack: Arc<OpenStackValues>,
    /// What is known of distributions.
    pub distributions: Arc<Distributions>,
    /// Their releases.
    pub releases: Arc<Releases>,
    /// The standard images.
    pub standard_images: Arc<StandardImages>,
}

/// A file that is part of the program, read once. That it can be read a test makes sure; without it nothing would be
/// known, and the rules that need it say so.
macro_rules! embedded {
    ($type:ty, $file:literal) => {
        LazyLock::new(|| {
            Arc::new(<$type>::from_yaml(include_str!(concat!("../../data/", $file))).unwrap_or_default())
        })
    };
}

static OPENSTACK: LazyLock<Arc<OpenStackValues>> = embedded!(OpenStackValues, "openstack-values.yaml");
static DISTRIBUTIONS: LazyLock<Arc<Distributions>> = embedded!(Distributions, "distributions.yaml");
static RELEASES: LazyLock<Arc<Releases>> = embedded!(Releases, "releases.yaml");
static STANDARD_IMAGES: LazyLock<Arc<StandardImages>> = embedded!(StandardImages, "standard-images.yaml");

impl ImageData {
    /// What is part of the program.
    #[must_use]
    pub fn embedded() -> Self {
        Self {
            openstack: Arc::clone(&OPENSTACK),
            distributions: Arc::clone(&DISTRIBUTIONS),
            releases: Arc::clone(&RELEASES),
            standard_images: Arc::clone(&STANDARD_IMAGES),
        }
    }

    /// The same with other releases.
    #[must_use]
    pub fn with_releases(mut self, releases: Releases) -> Self {
        self.releases = Arc::new(releases);
        self
    }

    /// The same with other values.
    #[must_use]
    pub fn with_openstack_values(mut self, values: OpenStackValues) -> Self {
        self.openstack = Arc::new(values);
        self
    }

    /// The same with other knowledge of distributions.
    #[must_use]
    pub fn with_distributions(mut self, distributions: Distributions) -> Self {
        self.distributions = Arc::new(distributions);
        self
    }

    /// The same with other standard images.
    #[must_use]
    pub fn with_standard_images(mut self, images: StandardImages) -> Self {
        self.standard_images = Arc::new(images);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_files_can_be_read() {
        OpenStackValues::from_yaml(include_str!("../../data/openstack-values.yaml")).unwrap();
        Distributions::from_yaml(include_str!("../../data/distributions.yaml")).unwrap();
        Releases::from_yaml(include_str!("../../data/releases.yaml")).unwrap();
        StandardImages::from_yaml(include_str!("../../data/standard-images.yaml")).unwrap();
    }
}
