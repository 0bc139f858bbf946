//! Whether the release of an image is still supported, by the release calendar.

use jiff::civil::Date;

use crate::checked_image::CheckedImage;
use crate::prospects::{distro_by_name, version_by_name};
use crate::set::ImageSet;

/// The support of the release that an image contains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Support {
    /// Regular support ends or ended.
    Ended {
        /// The release, such as `Debian 10`.
        release: String,
        /// The last day of regular support; some releases have paid or long-term support afterwards.
        on: Date,
    },
    /// The calendar does not have the release, or the name and the properties of the image contradict each other.
    Unknown,
}

impl ImageSet {
    /// The support of the release of an image.
    ///
    /// ```
    /// use jiff::civil::date;
    /// use scs_image_metadata::{ImageList, ImageSet, Support};
    ///
    /// let list: ImageList = r#"{"images": [{"name": "Ubuntu 18.04"}, {"name": "Fedora 37"}]}"#.parse()?;
    /// let set = ImageSet::from(list);
    /// let ended = Support::Ended { release: "Ubuntu 18.04".to_owned(), on: date(2023, 5, 31) };
    /// assert_eq!(set.support(&set.images()[0]), ended);
    /// assert_eq!(set.support(&set.images()[1]), Support::Unknown);
    /// # Ok::<(), scs_standards::listed::ReadListError>(())
    /// ```
    #[must_use]
    pub fn support(&self, image: &CheckedImage) -> Support {
        let agreed = |given: Option<String>, named: Option<String>| match (given, named) {
            (Some(given), Some(named)) if given != named => None,
            (given, named) => given.or(named),
        };
        let metadata = image.metadata();
        let distro = metadata.os_distro.value().map(|distro| distro.as_str().to_owned());
        let version = metadata.os_version.value().map(|version| version.as_str().to_owned());
        let release = agreed(distro, distro_by_name(self.data(), image))
            .zip(agreed(version, version_by_name(self.data(), image)))
            .and_then(|(distro, version)| {
                let calendar = self.data().releases.of(&distro)?;
                let release = calendar.releases.iter().find(|release| release.version == version)?;
                Some((format!("{} {version}", calendar.name), release.end_of_life))
            });
        release.map_or(Support::Unknown, |(release, on)| Support::Ended { release, on })
    }
}
