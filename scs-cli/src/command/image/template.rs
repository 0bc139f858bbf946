//! `scs image template`: the metadata of a new image.

use std::io::Write;

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

/// `scs image template`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  scs image template ubuntu 26.04 --built 2026-11-20 --source https://cloud-images.ubuntu.com/resolute/20261120/
  scs image template debian 13 --built 2026-11-20 -f image-manager
                                                   a definition for openstack-image-manager

Exit status: 0 it is printed, 2 a value is none.")]
pub(crate) struct Make {
    /// The distribution, as `os_distro` has it
    #[arg(value_name = "DISTRO")]
    distro: OsDistro,

    /// The version, as `os_version` has it
    #[arg(value_name = "VERSION")]
    os_version: String,

    /// Up to when the image has all patches [default: the day of `--at`, or today]
    #[arg(long, value_name = "DATE")]
    built: Option<BuildDate>,

    /// Where it can be downloaded [default: the makers' place for the release, otherwise private]
    #[arg(long, value_name = "URL")]
    source: Option<ImageSource>,

    /// The architecture
    #[arg(long, value_name = "ARCHITECTURE", default_value = "x86_64")]
    architecture: Architecture,

    /// What it is for
    #[arg(long, value_name = "PURPOSE", default_value = "generic")]
    purpose: OsPurpose,

    /// How often it is replaced
    #[arg(long, value_name = "FREQUENCY", default_value = "monthly")]
    replace_frequency: ReplaceFrequency,

    /// Until when it is provided [default: the end of the release's support]
    #[arg(long, value_name = "DATE")]
    provided_until: Option<ProvidedUntil>,

    /// How long its UUID stays valid [default: last-3]
    #[arg(long, value_name = "VALIDITY")]
    uuid_validity: Option<UuidValidity>,

    /// The disk that it needs, in GiB [default: 8]
    #[arg(long, value_name = "GIB")]
    min_disk: Option<MinDisk>,

    /// The memory that it needs, in MiB [default: 512]
    #[arg(long, value_name = "MIB")]
    min_ram: Option<MinRam>,

    /// The user to log in as [default: that of the distribution's cloud images]
    #[arg(long, value_name = "USER")]
    user: Option<String>,

    /// A URL or text about it [default: the source]
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,

    /// How to print
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The command that registers the image
    Text,
    /// The properties and the command
    Json,
    /// As json, in YAML
    Yaml,
    /// A definition for openstack-image-manager
    ImageManager,
}

/// What `-f json` prints.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "The metadata of a new image as `scs image template` prints them")]
pub(crate) struct Made {
    name: String,
    /// In GiB.
    min_disk: u64,
    /// In MiB.
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
        let data = ImageData::embedded();
        self.known(&data)?;
        let template = self.template(common, &data)?;
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

    /// Refuses what is probably a slip of the pen.
    fn known(&self, data: &ImageData) -> Result<(), Failure> {
        let Some((distro, version)) = data.meant(self.distro.as_str(), &self.os_version) else {
            return Ok(());
        };
        let message = format!("{} {} is not known", self.distro, visible(&self.os_version));
        Err(Failure::new(message).hint(format!("did you mean `{distro} {}`?", visible(&version))))
    }

    fn template(&self, common: &Common, data: &ImageData) -> Result<Template, Failure> {
        let today = crate::app::at::now(common.at).to_zoned(jiff::tz::TimeZone::UTC).date();
        let built = match self.built {
            Some(built) => built,
            None => Day::new(today)
                .map(BuildDate::Day)
                .ok_or_else(|| Failure::new("the day of `--at` is none of our era"))?,
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

/// Where scs-0104-v2 wants images of a release to come from.
fn usual_source(data: &ImageData, distro: &str, version: &str) -> ImageSource {
    let release = data.releases.release(distro, version);
    let form = release.and_then(|release| data.standard_images.generic(distro)?.of(&release.codename).next());
    form.and_then(|form| form.parse().ok()).unwrap_or(ImageSource::Private)
}

/// The tool sets login, source and build date from elsewhere.
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
            // The tool adds `os:…` itself.
            tags: Vec::new(),
            versions: [Registered { version, url, build_date }],
        }],
    }
}
