//! Complete metadata for a new image.

use jiff::ToSpan;
use scs_standards::shell;

use crate::data::ImageData;
use crate::values::{
    Architecture, BuildDate, ImageSource, MinDisk, MinRam, OsDistro, OsPurpose, ProvidedUntil,
    ReplaceFrequency, UuidValidity,
};

/// The facts about a new image; everything else is derived.
///
/// ```
/// use scs_image_metadata::{ImageData, Template};
///
/// let template = Template::new("ubuntu".parse()?, "24.04", "2026-11-20".parse()?, "private".parse()?);
/// let properties = template.properties(&ImageData::embedded());
/// assert!(properties.contains(&("image_build_date".into(), "2026-11-20".into())));
/// # Ok::<(), scs_image_metadata::ParseValueError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    distro: OsDistro,
    version: String,
    built: BuildDate,
    source: ImageSource,
    architecture: Architecture,
    purpose: OsPurpose,
    frequency: ReplaceFrequency,
    provided_until: Option<ProvidedUntil>,
    uuid_validity: Option<UuidValidity>,
    min_disk: Option<MinDisk>,
    min_ram: Option<MinRam>,
    user: Option<String>,
    description: Option<String>,
}

/// The usual minimum disk of an image in openstack-image-manager definitions: 8 GiB.
const USUAL_DISK_GIB: u64 = 8;
/// The usual minimum memory of an image: 512 MiB.
const USUAL_RAM_MIB: u64 = 512;

impl Template {
    /// A generic image for `x86_64`, replaced monthly.
    #[must_use]
    pub fn new(distro: OsDistro, version: &str, built: BuildDate, source: ImageSource) -> Self {
        Self {
            distro,
            version: version.to_owned(),
            built,
            source,
            architecture: Architecture::X86_64,
            purpose: OsPurpose::Generic,
            frequency: ReplaceFrequency::Monthly,
            provided_until: None,
            uuid_validity: None,
            min_disk: None,
            min_ram: None,
            user: None,
            description: None,
        }
    }

    /// Sets the architecture.
    #[must_use]
    pub const fn architecture(mut self, architecture: Architecture) -> Self {
        self.architecture = architecture;
        self
    }

    /// Sets the purpose.
    #[must_use]
    pub const fn purpose(mut self, purpose: OsPurpose) -> Self {
        self.purpose = purpose;
        self
    }

    /// Sets how often it is replaced.
    #[must_use]
    pub const fn replace_frequency(mut self, frequency: ReplaceFrequency) -> Self {
        self.frequency = frequency;
        self
    }

    /// Sets the date through which it is provided, instead of the end of the distribution's support.
    #[must_use]
    pub const fn provided_until(mut self, until: ProvidedUntil) -> Self {
        self.provided_until = Some(until);
        self
    }

    /// Sets the validity of the UUID, instead of `last-3` or the one required by `provided_until`.
    #[must_use]
    pub const fn uuid_validity(mut self, validity: UuidValidity) -> Self {
        self.uuid_validity = Some(validity);
        self
    }

    /// Sets the minimum disk.
    #[must_use]
    pub const fn min_disk(mut self, disk: MinDisk) -> Self {
        self.min_disk = Some(disk);
        self
    }

    /// Sets the minimum memory.
    #[must_use]
    pub const fn min_ram(mut self, ram: MinRam) -> Self {
        self.min_ram = Some(ram);
        self
    }

    /// Sets the login user.
    #[must_use]
    pub fn user(mut self, user: impl Into<String>) -> Self {
        self.user = Some(user.into());
        self
    }

    /// Sets the description, instead of the source.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// The name: distribution and version.
    #[must_use]
    pub fn name(&self, data: &ImageData) -> String {
        let known = data.distributions.get(self.distro.as_str());
        format!("{} {}", known.map_or(self.distro.as_str(), |known| known.name.as_str()), self.version)
    }

    /// The minimum disk in GiB and the minimum memory in MiB.
    #[must_use]
    pub fn sizes(&self) -> (u64, u64) {
        (self.min_disk.map_or(USUAL_DISK_GIB, MinDisk::gib), self.min_ram.map_or(USUAL_RAM_MIB, MinRam::mib))
    }

    /// Whether the release calendar has the release, and its support ends after the build.
    #[must_use]
    pub fn is_supported(&self, data: &ImageData) -> bool {
        self.end_of_support(data).is_some()
    }

    fn end_of_support(&self, data: &ImageData) -> Option<jiff::civil::Date> {
        let release = data.releases.release(self.distro.as_str(), &self.version)?;
        Some(release.end_of_life).filter(|end| *end > self.built.date())
    }

    /// The last day on which it is provided: the end of the distribution's support, or a year after the build if unknown.
    fn until(&self, data: &ImageData) -> ProvidedUntil {
        let day = self.end_of_support(data).or_else(|| self.built.date().checked_add(1.year()).ok());
        let day = day.and_then(crate::values::Day::new).map_or(ProvidedUntil::Notice, ProvidedUntil::Day);
        self.provided_until.unwrap_or(day)
    }

    /// All properties, in the order of the standard.
    #[must_use]
    pub fn properties(&self, data: &ImageData) -> Vec<(String, String)> {
        let known = data.distributions.get(self.distro.as_str());
        let user = self.user.clone().or_else(|| known.and_then(|known| known.user.clone()));
        let description = self.description.clone().unwrap_or_else(|| match &self.source {
            ImageSource::Url(url) => url.to_string(),
            ImageSource::Private => self.name(data),
        });
        let validity =
            self.uuid_validity.map_or_else(|| "last-3".to_owned(), |validity| validity.to_string());
        let mut properties: Vec<(&str, String)> = vec![
            ("architecture", self.architecture.to_string()),
            ("os_distro", self.distro.to_string()),
            ("os_version", self.version.clone()),
            ("os_purpose", self.purpose.to_string()),
            ("hw_disk_bus", "scsi".to_owned()),
            ("hw_scsi_model", "virtio-scsi".to_owned()),
            ("hypervisor_type", "qemu".to_owned()),
            ("hw_rng_model", "virtio".to_owned()),
            ("image_build_date", self.built.to_string()),
            ("image_original_user", user.unwrap_or_else(|| "none".to_owned())),
            ("image_source", self.source.to_string()),
            ("image_description", description),
            ("replace_frequency", self.frequency.to_string()),
            ("provided_until", self.until(data).to_string()),
            ("uuid_validity", validity),
            ("hotfix_hours", "0".to_owned()),
        ];
        if known.is_some_and(|known| known.licensed) {
            properties.push(("license_included", "false".to_owned()));
            properties.push(("license_required", "true".to_owned()));
        }
        properties.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
    }

    /// The tags of the image.
    #[must_use]
    pub fn tags(&self) -> Vec<String> {
        vec![format!("os:{}", self.distro)]
    }

    /// The command that registers the image from a file.
    #[must_use]
    pub fn command(&self, data: &ImageData, file: &str) -> String {
        let (disk, ram) = self.sizes();
        let mut command = format!(
            "openstack image create --public --disk-format qcow2 --container-format bare --min-disk {disk} --min-ram {ram} \
             --file {}",
            shell::quote(file)
        );
        for tag in self.tags() {
            command.extend([" --tag ", &shell::quote(&tag)]);
        }
        for (key, value) in self.properties(data) {
            command.extend([" \\\n  --property ", &shell::quote(&format!("{key}={value}"))]);
        }
        command.extend([" \\\n  ", &shell::quote(&self.name(data))]);
        command
    }
}
