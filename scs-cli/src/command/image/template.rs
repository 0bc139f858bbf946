//! `scs image template`: generates the metadata of a new image.

use std::io::{Write, stderr};

use clap::{Args, ValueEnum};
use schemars::JsonSchema;
use scs_image_metadata::{
    Architecture, BuildDate, Day, ImageData, ImageSource, MinDisk, MinRam, OsDistro, OsPurpose,
    ProvidedUntil, ReplaceFrequency, Template, UuidValidity,
};
use serde::Serialize;
use std::collections::BTreeMap;

use crate::app::diagnostic::visible;
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::files;
use crate::app::machine::in_given_order;
use crate::app::options::Common;
use crate::app::output::Output;
use crate::source::fetched::Fetched;

/// `scs image template`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs image template ubuntu 26.04 --built 2026-11-20 \\
    --source https://cloud-images.ubuntu.com/resolute/20261120/
  scs image template debian 13 --built 2026-11-20 -f image-manager
                                                   for openstack-image-manager

Exit status: 0 success, 2 a value is invalid.")]
pub(crate) struct Make {
    /// Distribution, as in `os_distro`
    #[arg(value_name = "DISTRO")]
    distro: OsDistro,

    /// Version, as in `os_version`
    #[arg(value_name = "VERSION")]
    os_version: String,

    /// Build date: the image has all patches up to then [default: the day of `--at`, or today]
    #[arg(long, value_name = "DATE")]
    built: Option<BuildDate>,

    /// Download URL [default: the official URL of the release, otherwise private]
    #[arg(long, value_name = "URL")]
    source: Option<ImageSource>,

    /// Architecture
    #[arg(long, value_name = "ARCHITECTURE", default_value = "x86_64")]
    architecture: Architecture,

    /// Purpose
    #[arg(long, value_name = "PURPOSE", default_value = "generic")]
    purpose: OsPurpose,

    /// Replacement frequency
    #[arg(long, value_name = "FREQUENCY", default_value = "monthly")]
    replace_frequency: ReplaceFrequency,

    /// Last day on which the image is provided [default: end of support for the release]
    #[arg(long, value_name = "DATE")]
    provided_until: Option<ProvidedUntil>,

    /// Validity of its UUID [default: last-3]
    #[arg(long, value_name = "VALIDITY")]
    uuid_validity: Option<UuidValidity>,

    /// Minimum disk in GiB [default: 8]
    #[arg(long, value_name = "GIB")]
    min_disk: Option<MinDisk>,

    /// Minimum memory in MiB [default: 512]
    #[arg(long, value_name = "MIB")]
    min_ram: Option<MinRam>,

    /// Login user [default: the user of the distribution's cloud images]
    #[arg(long, value_name = "USER")]
    user: Option<String>,

    #[command(flatten)]
    fetched: Fetched,

    /// Description, a URL or text [default: the source]
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,

    /// Output format
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Command that registers the image
    Text,
    /// Properties and command
    Json,
    /// Same data as json, in YAML
    Yaml,
    /// Definition for openstack-image-manager
    ImageManager,
}

/// The output of `-f json`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "The output of `scs image template`")]
pub(crate) struct Made {
    name: String,
    /// The minimum disk in GiB.
    min_disk: u64,
    /// The minimum memory in MiB.
    min_ram: u64,
    tags: Vec<String>,
    #[serde(serialize_with = "in_given_order")]
    #[schemars(with = "BTreeMap<String, String>")]
    properties: Vec<(String, String)>,
    command: String,
}

/// A file for openstack-image-manager.
#[derive(Serialize)]
struct Definitions {
    images: [Definition; 1],
}

#[derive(Serialize)]
struct Definition {
    name: String,
    enable: bool,
    format: &'static str,
    login: String,
    min_disk: u64,
    min_ram: u64,
    status: &'static str,
    visibility: &'static str,
    multi: bool,
    #[serde(serialize_with = "in_given_order")]
    meta: Vec<(String, String)>,
    tags: Vec<String>,
    versions: [Registered; 1],
}

#[derive(Serialize)]
struct Registered {
    version: String,
    url: String,
    build_date: String,
}

impl Make {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let mut notices = Vec::new();
        let data = self.fetched.image_data(&mut notices).unwrap_or_else(ImageData::embedded);
        for notice in notices {
            // Nobody has to see it.
            let _ = writeln!(stderr(), "note: {}", visible(&notice));
        }
        self.known(&data)?;
        let template = self.template(common, &data)?;
        if let Some(reason) = self.unknown_end(&template, &data) {
            let warning = format!(
                "warning: {reason}; `provided_until` is a year after the build, set it with `--provided-until`\n"
            );
            // Nobody has to see it.
            let _ = stderr().write_all(warning.as_bytes());
        }
        let mut output = Output::open(common.output.as_deref())?;
        match self.format {
            Format::Text => {
                let file = format!("{}-{}.qcow2", self.distro, self.os_version);
                writeln!(output, "{}", template.command(&data, &file))?;
            }
            Format::Json | Format::Yaml => {
                let (min_disk, min_ram) = template.sizes();
                let made = Made {
                    name: template.name(&data),
                    min_disk,
                    min_ram,
                    tags: template.tags(),
                    properties: template.properties(&data),
                    command: template.command(&data, &format!("{}-{}.qcow2", self.distro, self.os_version)),
                };
                files::write_document(&mut output, &made, self.format == Format::Yaml)?;
            }
            Format::ImageManager => files::write_document(&mut output, &definitions(&template, &data), true)?,
        }
        output.finish()?;
        Ok(Exit::Success)
    }

    /// Rejects a probable typo, and a release whose end of support is neither known nor given.
    fn known(&self, data: &ImageData) -> Result<(), Failure> {
        let unknown =
            || Failure::new(format!("unknown release: {} {}", self.distro, visible(&self.os_version)));
        if let Some((distro, version)) = data.meant(self.distro.as_str(), &self.os_version) {
            return Err(unknown().hint(format!("did you mean `{distro} {}`?", visible(&version))));
        }
        let Some(calendar) = data.releases.of(self.distro.as_str()) else { return Ok(()) };
        if self.provided_until.is_some() || calendar.releases.iter().any(|it| it.version == self.os_version) {
            return Ok(());
        }
        let versions: Vec<&str> = calendar.releases.iter().map(|release| release.version.as_str()).collect();
        Err(unknown().hint(format!(
            "known on {}: {}; for another release, give its end of support with `--provided-until`",
            data.releases.as_of,
            versions.join(", ")
        )))
    }

    /// The reason why the end of support does not determine `provided_until`, if so.
    fn unknown_end(&self, template: &Template, data: &ImageData) -> Option<String> {
        if self.provided_until.is_some() {
            return None;
        }
        let name = visible(&self.os_version);
        match data.releases.release(self.distro.as_str(), &self.os_version) {
            Some(_) if template.is_supported(data) => None,
            Some(release) => {
                Some(format!("{} {name} reached its end of life on {}", self.distro, release.end_of_life))
            }
            None => Some(format!("the end of support of {} {name} is unknown", self.distro)),
        }
    }

    fn template(&self, common: &Common, data: &ImageData) -> Result<Template, Failure> {
        let today = crate::app::at::now(common.at).to_zoned(jiff::tz::TimeZone::UTC).date();
        let built = match self.built {
            Some(built) => built,
            None => Day::new(today)
                .map(BuildDate::Day)
                .ok_or_else(|| Failure::new("`--at` is outside the supported years"))?,
        };
        let source =
            self.source.clone().unwrap_or_else(|| usual_source(data, self.distro.as_str(), &self.os_version));
        let mut template = Template::new(self.distro.clone(), &self.os_version, built, source)
            .architecture(self.architecture)
            .purpose(self.purpose)
            .replace_frequency(self.replace_frequency);
        if let Some(until) = self.provided_until {
            template = template.provided_until(until);
        }
        if let Some(validity) = self.uuid_validity {
            template = template.uuid_validity(validity);
        }
        if let Some(disk) = self.min_disk {
            template = template.min_disk(disk);
        }
        if let Some(ram) = self.min_ram {
            template = template.min_ram(ram);
        }
        if let Some(user) = &self.user {
            template = template.user(user);
        }
        if let Some(description) = &self.description {
            template = template.description(description);
        }
        Ok(template)
    }
}

/// The source that scs-0104-v2 requires for images of a release.
fn usual_source(data: &ImageData, distro: &str, version: &str) -> ImageSource {
    let release = data.releases.release(distro, version);
    let form = release.and_then(|release| data.standard_images.generic(distro)?.of(&release.codename).next());
    form.and_then(|form| form.parse().ok()).unwrap_or(ImageSource::Private)
}

/// The tool has separate fields for login, source and build date.
fn definitions(template: &Template, data: &ImageData) -> Definitions {
    let mut meta = template.properties(data);
    let mut take = |key: &str| {
        let index = meta.iter().position(|(known, _)| known == key);
        index.map(|index| meta.remove(index).1).unwrap_or_default()
    };
    let (login, url, build_date) =
        (take("image_original_user"), take("image_source"), take("image_build_date"));
    let (min_disk, min_ram) = template.sizes();
    let version = build_date.get(..10).unwrap_or_default().replace('-', "");
    Definitions {
        images: [Definition {
            name: template.name(data),
            enable: true,
            format: "qcow2",
            login,
            min_disk,
            min_ram,
            status: "active",
            visibility: "public",
            multi: true,
            meta,
            // The tool adds `os:…` by itself.
            tags: Vec::new(),
            versions: [Registered { version, url, build_date }],
        }],
    }
}
