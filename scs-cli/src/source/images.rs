//! Reading images, and the data for checking them.

use clap::Args;
use scs_image_metadata::{
    Distributions, GivenSpecification, ImageData, ImageFormat, ImageList, ImageOptions, ImageSet,
    OpenStackValues, ReadDataError, ReadOptions, Releases, Specification,
};

use scs_registry::part::PartKind;
use scs_standards::listed::{ListKind, ReadListError};

use crate::app::failure::Failure;
use crate::app::files::{self, Limit};
use crate::app::input::{self, Opened, Source};
use crate::source::cloud::{Kind, LiveCloud};
use crate::source::fetched::Fetched;
use crate::source::kinds;

/// Two hundred thousand images have about 140 MiB.
const LIMIT: Limit =
    Limit { bytes: 1 << 30, what: "a list of images", hint: "check the images of one cloud at a time" };

/// The options that add input to a check of images.
#[derive(Debug, Args)]
pub(crate) struct Given {
    /// Include definitions of openstack-image-manager with `enable: false`
    #[arg(long)]
    disabled: bool,

    /// An earlier list of the cloud's images, to check the validity of UUIDs
    #[arg(long, value_name = "FILE")]
    previous: Option<Source>,

    /// A list of standard images according to scs-0104-v1, such as scs-0104-v1-images-v5.yaml
    #[arg(long, value_name = "FILE")]
    standard_images: Option<Source>,

    /// The previous list of standard images, to check whether the new one needs a new file name
    #[arg(long, value_name = "FILE", requires = "standard_images")]
    earlier_standard_images: Option<Source>,

    /// Releases of distributions, instead of the built-in data
    #[arg(long, value_name = "FILE", help_heading = "Data")]
    releases: Option<Source>,

    /// OpenStack's values of image properties, instead of the built-in data
    #[arg(long, value_name = "FILE", help_heading = "Data")]
    openstack_values: Option<Source>,

    /// Data about distributions, instead of the built-in data
    #[arg(long, value_name = "FILE", help_heading = "Data")]
    distributions: Option<Source>,

    #[command(flatten)]
    fetched: Fetched,
}

impl Given {
    /// Reads the images of a file or a directory, with the other inputs; also returns notices about the list.
    pub(crate) fn set(
        &self,
        file: &Source,
        options: ImageOptions,
    ) -> Result<(ImageSet, Vec<String>), Failure> {
        self.set_of(self.list_at(file)?, options)
    }

    /// Like [`Given::set`], for an open input.
    pub(crate) fn set_of_input(
        &self,
        input: Opened,
        options: ImageOptions,
    ) -> Result<(ImageSet, Vec<String>), Failure> {
        let list = self.list(input)?;
        self.set_of(list, options)
    }

    /// The images of a live cloud, or of a file or directory, with their name.
    pub(crate) fn one(
        &self,
        file: Option<&Source>,
        cloud: &LiveCloud,
        options: ImageOptions,
    ) -> Result<(String, ImageSet, Vec<String>), Failure> {
        let (name, (set, notices)) = match (cloud.open(Kind::Images)?, file) {
            (Some(live), _) => (live.name(), self.set_of_input(live.input(), options)?),
            (None, Some(file)) => (file.name(), self.set(file, options)?),
            (None, None) => return Err(Failure::new("no file and no cloud given")),
        };
        Ok((name, set, notices))
    }

    /// Reads the images of several files, one cloud per file. Definitions of openstack-image-manager belong to one cloud,
    /// however many files there are, and so do the files of a directory.
    pub(crate) fn sets(
        &self,
        sources: &[Source],
        options: ImageOptions,
    ) -> Result<Vec<(String, ImageSet, Vec<String>)>, Failure> {
        let mut lists = Vec::with_capacity(sources.len());
        for file in sources {
            lists.push((file.name(), self.list_at(file)?));
        }
        if lists.len() > 1 && lists.iter().all(|(_, list)| list.format == ImageFormat::Definitions) {
            let name = format!("{} files", lists.len());
            lists = merged(lists).map(|list| (name, list)).into_iter().collect();
        }
        let set = |(name, list)| self.set_of(list, options).map(|(set, notices)| (name, set, notices));
        lists.into_iter().map(set).collect()
    }

    /// Reads the images of a file, or of all files in a directory.
    fn list_at(&self, source: &Source) -> Result<ImageList, Failure> {
        let Source::File(directory) = source else { return self.list(source.open()?) };
        if !directory.is_dir() {
            return Ok(self.list(source.open()?)?.in_file(&source.name()));
        }
        let mut lists: Vec<(String, ImageList)> = Vec::new();
        for file in source.files(input::WRITTEN)? {
            let list = self.list(file.open()?)?.in_file(&file.name());
            if let Some((first, known)) = lists.first()
                && known.format != list.format
            {
                let (one, other) = (known.format, list.format);
                let message = format!("{first} is from {one}, and {} from {other}", file.name());
                return Err(Failure::new(message).hint("check them separately"));
            }
            lists.push((file.name(), list));
        }
        merged(lists).ok_or_else(|| {
            Failure::new(format!("{} has no .yml, .yaml or .json files", source.name()))
                .hint("the definitions of openstack-image-manager are in `etc/images`")
        })
    }

    fn set_of(&self, mut list: ImageList, options: ImageOptions) -> Result<(ImageSet, Vec<String>), Failure> {
        let mut notices = std::mem::take(&mut list.notices);
        let mut set = ImageSet::from(list).with_data(self.data(&mut notices)?).with_options(options);
        if let Some(previous) = &self.previous {
            set = set.with_earlier(self.list(previous.open()?)?);
        }
        if let Some(file) = &self.standard_images {
            let read = |file: &Source| {
                Ok::<_, Failure>(files::text(file.open()?, files::WRITTEN)?.parse::<Specification>())
            };
            let earlier = self.earlier_standard_images.as_ref().map(read).transpose()?;
            set = set.with_specification(GivenSpecification { current: read(file)?, earlier });
        }
        Ok((set, notices))
    }

    fn list(&self, input: Opened) -> Result<ImageList, Failure> {
        let options = ReadOptions::default();
        let options = if self.disabled { options.with_disabled() } else { options };
        let name = input.name.clone();
        let text = files::text(input, LIMIT)?;
        kinds::refuse_others(&name, &text, PartKind::Images)?;
        ImageList::read(&text, options).map_err(|error: ReadListError| {
            Failure::new(format!("{name}: {error}")).hint(match error {
                ReadListError::OtherKind { found: ListKind::Flavors, .. } => "`scs flavor check` checks flavors",
                ReadListError::OtherKind { .. } => "`scs check` checks them, separately or as parts of an inventory",
                ReadListError::Json { .. } | ReadListError::Yaml { .. } => {
                    "check that the file is complete; `openstack image show -f json IMAGE > FILE` writes a complete one"
                }
                _ => "get all images with their properties from Glance's API (`GET /v2/images`), or one with `openstack image show -f json IMAGE`",
            })
        })
    }

    /// The data, built-in, fetched or from files. Notices tell the origin of fetched ones.
    fn data(&self, notices: &mut Vec<String>) -> Result<ImageData, Failure> {
        let mut data = ImageData::embedded();
        if let Some(file) = &self.releases {
            data = data.with_releases(read(file, Releases::from_yaml)?);
        } else if let Some(newer) = self.fetched.image_data(notices) {
            data = newer;
        }
        if let Some(file) = &self.openstack_values {
            data = data.with_openstack_values(read(file, OpenStackValues::from_yaml)?);
        }
        if let Some(file) = &self.distributions {
            data = data.with_distributions(read(file, Distributions::from_yaml)?);
        }
        Ok(data)
    }
}

/// Merges lists; each entry and notice names its file.
fn merged(lists: Vec<(String, ImageList)>) -> Option<ImageList> {
    lists
        .into_iter()
        .map(|(name, mut list)| {
            list.broken.iter_mut().for_each(|broken| broken.reason = format!("{} [{name}]", broken.reason));
            list.notices.iter_mut().for_each(|notice| *notice = format!("{name}: {notice}"));
            list
        })
        .reduce(ImageList::and)
}

fn read<T>(file: &Source, read: impl FnOnce(&str) -> Result<T, ReadDataError>) -> Result<T, Failure> {
    let text = files::text(file.open()?, files::WRITTEN)?;
    read(&text).map_err(|error| {
        Failure::new(format!("{}: {error}", file.name()))
            .hint("the embedded files in scs-image-metadata/data show the format")
    })
}
