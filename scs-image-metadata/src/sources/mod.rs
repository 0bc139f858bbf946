//! Image lists in the formats of clouds and tools.
//!
//! | source | format | content |
//! | --- | --- | --- |
//! | Glance's API | `{"images": […]}` or the bare list | everything |
//! | OpenStack client | `openstack image show -f json` | everything, with properties in a nested object |
//! | OpenStack client | `openstack image list --long -f json` | no properties |
//! | openstack-image-manager | YAML with `images`, each with `versions` | the images to register, without size and hash |
//!
//! An unreadable entry is reported ([`BrokenImage`]) with its position and does not affect the others. Truncated or invalid JSON
//! gives the images before the error.

mod definitions;
mod json;
mod shapes;

use std::fmt;
use std::hash::BuildHasher;
use std::str::FromStr;

use hashbrown::{DefaultHashBuilder, HashMap, HashTable};
use scs_standards::subject::{Image, ImageKey};
use scs_standards::wording::counted;
use scs_standards::{Broken, Incomplete, Listed};
use serde::ser::{Serialize, SerializeStruct, Serializer};
use thiserror::Error;

/// A format for lists of images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ImageFormat {
    /// The response of Glance's API.
    Glance,
    /// `openstack image show -f json`, or a list of such.
    Show,
    /// `openstack image list --long -f json`.
    List,
    /// YAML of openstack-image-manager.
    Definitions,
}

impl ImageFormat {
    /// The name used in messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Glance => "Glance's API",
            Self::Show => "`openstack image show`",
            Self::List => "`openstack image list`",
            Self::Definitions => "openstack-image-manager",
        }
    }

    /// Whether the format can contain a property, so that a missing one is not set.
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

/// The position of an entry in its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImagePlace {
    /// The position in the list, counted from 1.
    pub number: usize,
    /// The line on which it begins, counted from 1, if known.
    pub line: Option<usize>,
    /// The index of its definition in [`ImageList::definitions`].
    definition: Option<u32>,
    /// Whether its properties are in a nested object.
    pub(crate) nested: bool,
}

impl ImagePlace {
    const fn numbered(number: usize) -> Self {
        Self { number, line: None, definition: None, nested: false }
    }

    /// The index of its definition in [`ImageList::definitions`].
    pub(crate) fn definition(self) -> Option<usize> {
        self.definition.and_then(|at| usize::try_from(at).ok())
    }
}

/// An openstack-image-manager definition, from which the tool registers one image for each version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Definition {
    /// The name.
    pub name: String,
    /// The file, if known.
    pub file: Option<String>,
    /// The properties that a version overrides.
    in_versions: std::collections::BTreeSet<String>,
}

impl Definition {
    /// Whether a version overrides a property.
    pub(crate) fn has_in_versions(&self, property: &str) -> bool {
        self.in_versions.contains(property)
    }
}

/// The content of a list that is not a list of images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OtherKind {
    /// Nova flavors.
    Flavors,
    /// Cinder volume types.
    VolumeTypes,
    /// The service catalog.
    Services,
    /// Neutron networks.
    Networks,
    /// Nova servers.
    Servers,
    /// Kubernetes objects.
    Kubernetes,
}

impl OtherKind {
    /// The name used in messages.
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

/// A parsed list of images, with the unreadable entries.
///
/// It is serialized for output: the name of the format, the images, and the unreadable entries and the reason why it is
/// incomplete in words. `FromStr` reads the images of such a document again, as an answer of Glance.
///
/// ```
/// use scs_image_metadata::ImageList;
/// use scs_standards::subject::ImageKey;
///
/// let list: ImageList = r#"{"images": [{"name": "Ubuntu 24.04", "min_disk": 8}, "nonsense"]}"#.parse()?;
/// assert_eq!(list.images[0].1.text(ImageKey::Name), Some("Ubuntu 24.04"));
/// assert_eq!(list.broken[0].to_string(), "image 2 (line 1): a string, not an object");
/// # Ok::<(), scs_image_metadata::ReadImagesError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ImageList {
    /// The detected format.
    pub format: ImageFormat,
    /// The images in their original order.
    pub images: Vec<(ImagePlace, Image)>,
    /// The entries that are not images, and the end of a truncated text.
    pub broken: Vec<BrokenImage>,
    /// Why the list is known to be incomplete.
    pub incomplete: Option<Incomplete>,
    /// Notices about the source as a whole.
    pub notices: Vec<String>,
    /// The definitions that the images are registered from, for openstack-image-manager.
    pub definitions: Vec<Definition>,
}

/// An entry that could not be parsed as an image.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BrokenImage {
    /// The position.
    pub place: ImagePlace,
    /// The reason.
    pub reason: String,
}

impl fmt::Display for BrokenImage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.reason)
    }
}

impl From<ImageList> for Listed<Image> {
    fn from(list: ImageList) -> Self {
        let number = list.images.len() + list.broken.len();
        let broken = list.broken.iter().map(|entry| Broken::entry(entry.place.number, entry.to_string()));
        let broken = broken.chain(list.incomplete.map(|why| Broken::rest(number, why))).collect();
        Self::new(list.images.into_iter().map(|(_, image)| image).collect(), broken)
    }
}

/// Error: not a list of images.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadImagesError {
    /// Invalid JSON without any image before the error.
    #[error("not valid JSON: {reason}")]
    Json {
        /// The parser's message, with line and column.
        reason: String,
    },
    /// Invalid YAML, or nested or aliased too much for a list of images.
    #[error("not valid YAML: {reason}")]
    Yaml {
        /// The parser's message, with line and column.
        reason: String,
    },
    /// A list of something else.
    #[error("these are {kind}, not images")]
    Kind {
        /// The actual content.
        kind: OtherKind,
    },
    /// Something else.
    #[error(
        "not a list of images: expected the JSON of Glance (`{{\"images\": […]}}`) or of `openstack image show -f json`, or the \
         YAML of openstack-image-manager (`images:`), found {found}"
    )]
    Shape {
        /// The actual content, in words.
        found: String,
    },
}

/// Options for reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReadOptions {
    /// Whether to include disabled openstack-image-manager definitions (`enable: false`).
    pub disabled: bool,
}

impl ReadOptions {
    /// Includes disabled definitions.
    #[must_use]
    pub const fn with_disabled(mut self) -> Self {
        self.disabled = true;
        self
    }
}

impl FromIterator<Image> for ImageList {
    /// A list of images as returned by Glance.
    fn from_iter<I: IntoIterator<Item = Image>>(images: I) -> Self {
        let images: Vec<_> = (1..).map(ImagePlace::numbered).zip(images).collect();
        let mut list = Self { images, ..Self::empty() };
        list.notices = notices(&list);
        list
    }
}

impl Serialize for ImageList {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let texts = |texts: &mut dyn Iterator<Item = String>| texts.collect::<Vec<_>>();
        let mut list = serializer.serialize_struct("ImageList", 5)?;
        list.serialize_field("format", self.format.name())?;
        list.serialize_field("images", &self.images.iter().map(|(_, image)| image).collect::<Vec<_>>())?;
        list.serialize_field("broken", &texts(&mut self.broken.iter().map(ToString::to_string)))?;
        list.serialize_field("incomplete", &self.incomplete.as_ref().map(ToString::to_string))?;
        list.serialize_field("notices", &self.notices)?;
        list.end()
    }
}

impl FromStr for ImageList {
    type Err = ReadImagesError;

    /// Parses any of the formats; the format is detected.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::read(text, ReadOptions::default())
    }
}

impl ImageList {
    /// Parses any of the formats; the format is detected.
    ///
    /// # Errors
    ///
    /// If it contains no image.
    pub fn read(text: &str, options: ReadOptions) -> Result<Self, ReadImagesError> {
        let text = text.trim_start_matches('\u{feff}');
        let is_json = text.trim_start().starts_with(['{', '[']);
        let mut list = if is_json { json::read(text, options)? } else { shapes::read_yaml(text, options)? };
        let mut about = notices(&list);
        if is_json && (!about.is_empty() || !list.broken.is_empty()) {
            let lines = json::lines(text);
            // For concatenated documents of one image each, the lines are unknown.
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

    /// Sets the file it was read from, so that fixes of definitions can change it.
    #[must_use]
    pub fn in_file(mut self, file: &str) -> Self {
        self.definitions.iter_mut().for_each(|definition| definition.file = Some(file.to_owned()));
        self
    }

    /// Adds another list of images of the same cloud.
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

/// The maximum number of similar notices reported individually.
const MAX_REPORTED: usize = 20;

/// Notices about the list as a whole.
fn notices(list: &ImageList) -> Vec<String> {
    let mut notices = Vec::new();
    let mut report = |mut several: Vec<String>| {
        let more = several.len().saturating_sub(MAX_REPORTED);
        several.truncate(MAX_REPORTED);
        notices.append(&mut several);
        if more > 0 {
            notices.push(format!("… and {more} more like this"));
        }
    };
    if list.format == ImageFormat::List {
        report(vec![
            "`openstack image list` omits properties; run `openstack image show -f json` for each image"
                .to_owned(),
        ]);
    }
    report(
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
    report(repeated(list, ImageKey::Id, "id"));
    report(repeated(list, ImageKey::Name, "name"));
    notices
}

/// Values of a key that several images share, with their positions.
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
    let report = |(value, places): (&str, Vec<u32>)| {
        let mut numbers: Vec<String> = places
            .iter()
            .filter_map(|&index| Some(list.images.get(index as usize)?.0.number.to_string()))
            .collect();
        let more = numbers.len().saturating_sub(MAX_REPORTED);
        numbers.truncate(MAX_REPORTED);
        let more = if more > 0 { format!(" and {}", counted(more, "other")) } else { String::new() };
        format!("{} images have the {what} `{value}`: {}{more}", places.len(), numbers.join(", "))
    };
    several.into_iter().map(report).collect()
}
