//! A list of images, and notices about it.

use std::fmt;
use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashMap, HashTable};
use scs_standards::subject::{Image, ImageKey};
use scs_standards::wording::counted;
use scs_standards::{Broken, Incomplete, Listed};
use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::definition::Definition;
use super::format::ImageFormat;
use super::place::ImagePlace;

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
/// # Ok::<(), scs_standards::listed::ReadListError>(())
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

impl ImageList {
    /// A list of no images, as returned by Glance.
    pub(super) const fn empty() -> Self {
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
pub(super) fn notices(list: &ImageList) -> Vec<String> {
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
