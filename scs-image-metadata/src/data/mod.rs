//! Facts that change independently of the code: OpenStack's value lists, distributions and their releases, and the standard images.
//! Each is a dated, embedded YAML file that can be replaced by a file of the same format.

mod distributions;
mod distro_info;
mod openstack_values;
mod read;
mod releases;
mod standard_images;

pub use distributions::{Distribution, Distributions};
pub use openstack_values::{OpenStackValues, PropertyValues};
pub use read::ReadDataError;
pub use releases::{DistributionReleases, Release, Releases};
pub use standard_images::{
    CapiImages, GenericSource, ImageStatus, NameScheme, Specification, SpecificationEntry,
    SpecificationError, StandardImage, StandardImages, StandardList,
};

use std::sync::{Arc, LazyLock};

use scs_standards::subject::ImageKey;

use crate::values::meant;

/// The facts used by the rules.
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
    /// OpenStack's allowed values of image properties.
    pub openstack: Arc<OpenStackValues>,
    /// The known distributions.
    pub distributions: Arc<Distributions>,
    /// The release calendar.
    pub releases: Arc<Releases>,
    /// The standard images.
    pub standard_images: Arc<StandardImages>,
}

/// An embedded file, parsed once. A test verifies that it is valid; otherwise it would be empty,
/// and rules that need it would report that.
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
    /// The embedded facts.
    #[must_use]
    pub fn embedded() -> Self {
        Self {
            openstack: Arc::clone(&OPENSTACK),
            distributions: Arc::clone(&DISTRIBUTIONS),
            releases: Arc::clone(&RELEASES),
            standard_images: Arc::clone(&STANDARD_IMAGES),
        }
    }

    /// A suggestion for an unknown distribution and version; `None` if both are valid.
    ///
    /// ```
    /// use scs_image_metadata::ImageData;
    ///
    /// let meant = |distro, version| ImageData::embedded().meant(distro, version);
    /// assert_eq!(meant("ubunto", "24.04"), Some(("ubuntu".to_owned(), "24.04".to_owned())));
    /// assert_eq!(meant("ubuntu", "24.05"), Some(("ubuntu".to_owned(), "24.04".to_owned())));
    /// assert_eq!(meant("ubuntu", "28.04"), None);
    /// assert_eq!(meant("talos", "1.9"), None);
    /// ```
    #[must_use]
    pub fn meant(&self, distro: &str, version: &str) -> Option<(String, String)> {
        let known = self.distributions.iter().map(|known| known.id.as_str());
        let listed = self.openstack.of(ImageKey::OsDistro).into_iter().flat_map(|of| &of.values);
        let ids: Vec<&str> = known.chain(listed.map(String::as_str)).collect();
        if !ids.contains(&distro) {
            return meant(distro, ids).map(|near| (near, version.to_owned()));
        }
        let calendar = self.releases.of(distro)?;
        let versions = || calendar.releases.iter().map(|release| release.version.as_str());
        // Years change, but the release months of a distribution stay the same.
        let form = |version: &str| {
            let parts: Vec<&str> = version.split('.').collect();
            (parts.len(), parts.get(1).map(|&part| part.to_owned()))
        };
        if versions().any(|known| form(known) == form(version)) {
            return None;
        }
        let major = version.split('.').next().unwrap_or_default();
        let near = versions().find(|known| *known == major).map(str::to_owned);
        near.or_else(|| meant(version, versions())).map(|near| (distro.to_owned(), near))
    }

    /// Replaces the releases.
    #[must_use]
    pub fn with_releases(mut self, releases: Releases) -> Self {
        self.releases = Arc::new(releases);
        self
    }

    /// Replaces the allowed values.
    #[must_use]
    pub fn with_openstack_values(mut self, values: OpenStackValues) -> Self {
        self.openstack = Arc::new(values);
        self
    }

    /// Replaces the distributions.
    #[must_use]
    pub fn with_distributions(mut self, distributions: Distributions) -> Self {
        self.distributions = Arc::new(distributions);
        self
    }

    /// Replaces the standard images.
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
