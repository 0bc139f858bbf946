//! Images as clouds and tools write them down.
//!
//! | source | shape | carries |
//! | --- | --- | --- |
//! | Glance's API | `{"images": […]}` or the bare list | everything |
//! | OpenStack client | `openstack image show -f json` | everything, properties in an object of their own |
//! | OpenStack client | `openstack image list --long -f json` | no properties |
//! | openstack-image-manager | YAML with `images`, each with `versions` | what the tool would register, but no size and no hash |
//!
//! An entry that is no image is reported ([`BrokenImage`]) with its place and does not stop the rest. A JSON text that ends
//! too early, or goes wrong on the way, gives the images before that place.

mod definitions;
mod json;
mod shapes;

use std::fmt;
use std::hash::BuildHasher;
use std::str::FromStr;

use hashbrown::{DefaultHashBuilder, HashMap, HashTable};
use scs_standards::Incomplete;
use scs_standards::subject::{Image, ImageKey};
use thiserror::Error;

/// A way of writing images down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ImageFormat {
    /// Glance's API.
    Glance,
    /// `openstack image show -f json`, or a list of such.
    Show,
    /// `openstack image list --long -f json`.
    List,
    /// openstack-image-manager's YAML.
    Definitions,
}

impl ImageFormat {
    /// What it is called in messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Glance => "Glance's API",
            Self::Show => "`openstack image show`",
            Self::List => "`openstack image list`",
            Self::Definitions => "openstack-image-manager",
        }
    }

    /// Whether the format has a place for a property, so that one that is not there is not set.
    #[must_use]
    pub fn carries(self, key: ImageKey) -> bool {
        use ImageKey as Key;
        match self {
            Self::Glance | Self::Show => true,
            Self::List => matches!(
                key,
                Key::Id
                    | Key::Name
                    | Key::DiskFormat
                    | Key::ContainerFormat
                    | Key::Size
                    | Key::Checksum
                    | Key::Status
                    | Key::Visibility
                    | Key::Protected
                    | Key::Owner
                    | Key::Tags
            ),
            Self::Definitions => !matches!(
                key,
                Key::Id | Key::Size | Key::OsHashAlgo | Key::OsHashValue | Key::CreatedAt | Key::UpdatedAt
            ),
        }
    }
}

impl fmt::Display for ImageFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Where an entry is in its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImagePlace {
    /// Its number, counted from 1.
    pub number: usize,
    /// The line on which it begins, counted from 1, where that is known.
    pub line: Option<usize>,
    /// The place of its definition in [`ImageList::definitions`].
    definition: Option<u32>,
    /// Whether its properties are in an object of their own.
    pub(crate) nested: bool,
}

impl ImagePlace {
    const fn numbered(number: usize) -> Self {
        Self { number, line: None, definition: None, nested: false }
    }

    /// The place of its definition in [`ImageList::definitions`].
    pub(crate) fn definition(self) -> Option<usize> {
        self.definition.and_then(|at| usize::try_from(at).ok())
    }
}

/// A definition of openstack-image-manager, from which the tool registers one image for each version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Definition {
    /// Its name.
    pub name: String,
    /// The file that it is in, where that is known.
    pub file: Option<String>,
    /// The properties that one of its versions sets for itself.
    in_versions: std::collections::BTreeSet<String>,
}

impl Definition {
    /// Whether one of its versions sets a property for itself.
    pub(crate) fn has_in_versions(&self, property: &str) -> bool {
        self.in_versions.contains(property)
    }
}

/// What somebody gave in place of images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OtherKind {
    /// Flavors of Nova.
    Flavors,
    /// Volume types of Cinder.
    VolumeTypes,
    /// The catalog of services.
    Services,
    /// Networks of Neutron.
    Networks,
    /// Servers of Nova.
    Servers,
    /// Objects of a Kubernetes cluster.
    Kubernetes,
}

impl OtherKind {
    /// What they are called in messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Flavors => "flavors",
            Self::VolumeTypes => "volume types",
            Self::Services => "entries of the service catalog",
            Self::Networks => "networks",
            Self::Servers => "servers",
            Self::Kubernetes => "Kubernetes objects",
        }
    }
}

impl fmt::Display for OtherKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Display for ImagePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "image {}", self.number)?;
        self.line.map_or(Ok(()), |line| write!(f, " (line {line})"))
    }
}

/// All images of a source, and what could not be read.
///
/// ```
/// use scs_image_metadata::ImageList;
/// use scs_standards::subject::ImageKey;
///
/// let list: ImageList = r#"{"images": [{"name": "Ubuntu 24.04", "min_disk": 8}, "nonsense"]}"#.parse()?;
/// assert_eq!(list.images[0].1.text(ImageKey::Name), Some("Ubuntu 24.04"));
/// assert_eq!(list.broken[0].to_string(), "image 2 (line 1): it is a text, no object");
/// # Ok::<(), scs_image_metadata::ReadImagesError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ImageList {
    /// The format that the text turned out to have.
    pub format: ImageFormat,
    /// The images in the order of the source.
    pub images: Vec<(ImagePlace, Image)>,
    /// The entries that are no images, and the end of a text that breaks off.
    pub broken: Vec<BrokenImage>,
    /// Why it is known that the source has more images than the list.
    pub incomplete: Option<Incomplete>,
    /// What the reader should know of the source as a whole.
    pub notices: Vec<String>,
    /// The definitions that the images are registered from, where openstack-image-manager is the source.
    pub definitions: Vec<Definition>,
}

/// An entry that could not be read as an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenImage {
    /// Where it stands.
    pub place: ImagePlace,
    /// Why it is no image.
    pub reason: String,
}

impl fmt::Display for BrokenImage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.reason)
    }
}

/// A text that holds no images.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadImagesError {
    /// It begins like JSON and is none, and no image comes before the place.
    #[error("not valid JSON: {reason}")]
    Json {
        /// The parser's words, with line and column.
        reason: String,
    },
    /// It is no YAML, or more nested or aliased than any list of images.
    #[error("not valid YAML: {reason}")]
    Yaml {
        /// The parser's words, with line and column.
        reason: String,
    },
    /// It holds something else than images.
    #[error("these are {kind}, not images")]
    Kind {
        /// What it holds.
        kind: OtherKind,
    },
    /// It is something else.
    #[error(
        "not a list of images: expected the JSON of Glance (`{{\"images\": […]}}`) or of `openstack image show -f json`, or the \
         YAML of openstack-image-manager (`images:`), found {found}"
    )]
    Shape {
        /// What was found, in words.
        found: String,
    },
}

/// How to read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReadOptions {
    /// Take definitions that openstack-image-manager has switched off (`enable: false`), too.
    pub disabled: bool,
}

impl ReadOptions {
    /// With definitions that are switched off.
    #[must_use]
    pub const fn with_disabled(mut self) -> Self {
        self.disabled = true;
        self
    }
}

impl FromStr for ImageList {
    type Err = ReadImagesError;

    /// Reads any of the formats; the content tells which.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::read(text, ReadOptions::default())
    }
}

impl ImageList {
    /// Reads any of the formats; the content tells which.
    ///
    /// # Errors
    ///
    /// When there is no image in it.
    pub fn read(text: &str, options: ReadOptions) -> Result<Self, ReadImagesError> {
        let text = text.trim_start_matches('\u{feff}');
        let is_json = text.trim_start().starts_with(['{', '[']);
        let mut list = if is_json { json::read(text, options)? } else { shapes::read_yaml(text, options)? };
        let mut about = notices(&list);
        if is_json && (!about.is_empty() || !list.broken.is_empty()) {
            let lines = json::lines(text);
            // Of documents that are one image each the lines are not known.
            let numbers = list.images.iter().map(|(place, _)| place.number);
            let most = numbers.max().unwrap_or(0);
            let lines = if lines.len() < most { Vec::new() } else { lines };
            let images = list.images.iter_mut().map(|(place, _)| place);
            for place in images.chain(list.broken.iter_mut().map(|broken| &mut broken.place)) {
                place.line = place.line.or_else(|| lines.get(place.number.checked_sub(1)?).copied());
            }
            about = notices(&list);
        }
        list.notices.extend(about);
        Ok(list)
    }

    /// Images that are there already, as Glance returns them.
    #[must_use]
    pub fn of_images(images: impl IntoIterator<Item = Image>) -> Self {
        let images: Vec<_> = (1..).map(ImagePlace::numbered).zip(images).collect();
        let mut list = Self { images, ..Self::empty() };
        list.notices = notices(&list);
        list
    }

    const fn empty() -> Self {
        Self {
            format: ImageFormat::Glance,
            images: Vec::new(),
            broken: Vec::new(),
            incomplete: None,
            notices: Vec::new(),
            definitions: Vec::new(),
        }
    }

    /// With the file that it was read from, in which repairs of definitions change something.
    #[must_use]
    pub fn in_file(mut self, file: &str) -> Self {
        self.definitions.iter_mut().for_each(|definition| definition.file = Some(file.to_owned()));
        self
    }

    /// Together with another list of images of the same cloud.
    #[must_use]
    pub fn and(mut self, mut other: Self) -> Self {
        // There are no more definitions than images, which are counted in 32 bits.
        let known = u32::try_from(self.definitions.len()).unwrap_or(u32::MAX);
        for (place, _) in &mut other.images {
            place.definition = place.definition.map(|at| at.saturating_add(known));
        }
        self.definitions.append(&mut other.definitions);
        self.images.append(&mut other.images);
        self.broken.append(&mut other.broken);
        self.incomplete = self.incomplete.or(other.incomplete);
        self.notices.append(&mut other.notices);
        self
    }
}

/// How many notices of one kind are told one by one.
const MOST_TOLD: usize = 20;

/// Things about the list as a whole that a reader should know before reading findings.
fn notices(list: &ImageList) -> Vec<String> {
    let mut notices = Vec::new();
    let mut told = |mut several: Vec<String>| {
        let more = several.len().saturating_sub(MOST_TOLD);
        several.truncate(MOST_TOLD);
        notices.append(&mut several);
        if more > 0 {
            notices.push(format!("… and {more} more of the kind"));
        }
    };
    if list.format == ImageFormat::List {
        told(vec![
            "the list has no properties; `openstack image show -f json IMAGE` and Glance's API (GET /v2/images) have them"
                .to_owned(),
        ]);
    }
    told(
        list.images
            .iter()
            .filter(|(_, image)| {
                image.get(ImageKey::Name).is_none_or(|name| name.as_text().is_none_or(str::is_empty))
            })
            .map(|(place, image)| match image.text(ImageKey::Id) {
                Some(id) => format!("{place}, {id}, has no name"),
                None => format!("{place} has neither a name nor an id"),
            })
            .collect(),
    );
    told(repeated(list, ImageKey::Id, "id"));
    told(repeated(list, ImageKey::Name, "name"));
    notices
}

/// The values of a key that several images have, with the places.
fn repeated(list: &ImageList, key: ImageKey, what: &str) -> Vec<String> {
    let hasher = DefaultHashBuilder::default();
    let value_of = |index: &u32| list.images.get(*index as usize).and_then(|(_, image)| image.text(key));
    let hash_of = |index: &u32| hasher.hash_one(value_of(index).unwrap_or_default());
    // The first image of each value.
    let mut first: HashTable<u32> = HashTable::with_capacity(list.images.len());
    let mut several: Vec<(&str, Vec<u32>)> = Vec::new();
    let mut known: HashMap<&str, usize> = HashMap::new();
    for index in (0_u32..).take(list.images.len()) {
        let Some(value) = value_of(&index).filter(|value| !value.is_empty()) else { continue };
        let entry = first.entry(hasher.hash_one(value), |index| value_of(index) == Some(value), hash_of);
        let earlier = *entry.or_insert(index).get();
        if earlier != index {
            let at = *known.entry(value).or_insert_with(|| {
                several.push((value, vec![earlier]));
                several.len() - 1
            });
            if let Some((_, places)) = several.get_mut(at) {
                places.push(index);
            }
        }
    }
    let told = |(value, places): (&str, Vec<u32>)| {
        let mut numbers: Vec<String> = places
            .iter()
            .filter_map(|&index| Some(list.images.get(index as usize)?.0.number.to_string()))
            .collect();
        let more = numbers.len().saturating_sub(MOST_TOLD);
        numbers.truncate(MOST_TOLD);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("{} images have the {what} `{value}`: {}{more}", places.len(), numbers.join(", "))
    };
    several.into_iter().map(told).collect()
}
