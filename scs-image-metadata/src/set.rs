//! The images of a check.

use std::sync::{Arc, OnceLock};

use scs_standards::Change;
use scs_standards::subject::{Image, ImageKey, ValueRef};

use crate::checked_image::CheckedImage;
use crate::data::{ImageData, Specification, SpecificationError};
use crate::family::Families;
use crate::fix::Repair;
use crate::options::ImageOptions;
use crate::prospects::{Prospects, identified, prospects};
use crate::sources::{Definition, ImageFormat, ImageList};

/// The images of a cloud, with everything else that the rules need. It is created from an [`ImageList`], or from images.
///
/// ```
/// use scs_image_metadata::scs_standards::subject::{Image, ImageValue};
/// use scs_image_metadata::{ImageList, ImageSet};
///
/// let list: ImageList = r#"{"images": [{"name": "Ubuntu 24.04", "visibility": "public"}]}"#.parse()?;
/// let set = ImageSet::from(list);
/// assert_eq!(set.images()[0].name(), Some("Ubuntu 24.04"));
///
/// let image = Image::from_iter([("name", ImageValue::from("Debian 13"))]);
/// assert_eq!(ImageSet::from(vec![image]).images()[0].base_name(), Some("Debian 13"));
/// # Ok::<(), scs_standards::listed::ReadListError>(())
/// ```
#[derive(Clone, Debug)]
pub struct ImageSet {
    images: Vec<CheckedImage>,
    broken: Vec<String>,
    format: ImageFormat,
    families: Families,
    data: ImageData,
    options: ImageOptions,
    earlier: Option<Earlier>,
    specification: Option<GivenSpecification>,
    /// Computed on first use.
    prospects: OnceLock<Prospects>,
}

/// The images of the same cloud at an earlier time.
#[derive(Clone, Debug)]
struct Earlier {
    images: Vec<CheckedImage>,
    broken: Vec<String>,
}

/// A given file of standard images, and its previous edition.
#[derive(Clone, Debug)]
pub struct GivenSpecification {
    /// The file, or its errors.
    pub current: Result<Specification, Vec<SpecificationError>>,
    /// The previous edition.
    pub earlier: Option<Result<Specification, Vec<SpecificationError>>>,
}

/// The maximum number of unreadable entries reported individually.
const MAX_REPORTED: usize = 100;

/// Messages about unreadable and missing entries.
fn broken_entries(list: &ImageList) -> Vec<String> {
    let mut broken_entries: Vec<String> =
        list.broken.iter().take(MAX_REPORTED).map(ToString::to_string).collect();
    let more = list.broken.len() - broken_entries.len();
    if more > 0 {
        broken_entries.push(format!("… and {more} more {}", if more == 1 { "entry" } else { "entries" }));
    }
    broken_entries.extend(list.incomplete.iter().map(ToString::to_string));
    broken_entries
}

/// The indices of images whose id is not unique.
fn repeated(images: &[CheckedImage]) -> Vec<usize> {
    let mut first: hashbrown::HashMap<&str, usize> = hashbrown::HashMap::with_capacity(images.len());
    let mut repeated = Vec::new();
    for (index, image) in images.iter().enumerate() {
        if let Some(earlier) = image.id().and_then(|id| first.insert(id, index)) {
            repeated.extend([earlier, index]);
        }
    }
    repeated
}

impl From<Vec<Image>> for ImageSet {
    fn from(images: Vec<Image>) -> Self {
        images.into_iter().collect()
    }
}

impl FromIterator<Image> for ImageSet {
    fn from_iter<I: IntoIterator<Item = Image>>(images: I) -> Self {
        Self::from(images.into_iter().collect::<ImageList>())
    }
}

impl From<ImageList> for ImageSet {
    fn from(list: ImageList) -> Self {
        let broken = broken_entries(&list);
        let mut images: Vec<CheckedImage> = crate::parallel::map(list.images, CheckedImage::new);
        let definitions: Vec<Arc<Definition>> = list.definitions.into_iter().map(Arc::new).collect();
        if !definitions.is_empty() {
            for image in &mut images {
                image.definition = image.place().definition().and_then(|at| definitions.get(at)).cloned();
            }
        }
        for index in repeated(&images) {
            if let Some(image) = images.get_mut(index) {
                image.repeated = true;
            }
        }
        let families = Families::of(&images);
        let ambiguous: Vec<usize> =
            (0..images.len()).filter(|index| families.is_ambiguous(&images, *index)).collect();
        for index in ambiguous {
            if let Some(image) = images.get_mut(index) {
                image.ambiguous = true;
            }
        }
        Self {
            images,
            broken,
            format: list.format,
            families,
            data: ImageData::embedded(),
            options: ImageOptions::default(),
            earlier: None,
            specification: None,
            prospects: OnceLock::new(),
        }
    }
}

impl ImageSet {
    /// Sets the messages about unreadable entries of the source, which rules over all images take into account.
    #[must_use]
    pub fn with_broken(self, broken: Vec<String>) -> Self {
        Self { broken, ..self }
    }

    /// Replaces the embedded facts.
    #[must_use]
    pub fn with_data(mut self, data: ImageData) -> Self {
        self.data = data;
        self.prospects = OnceLock::new();
        self
    }

    /// Sets the options.
    #[must_use]
    pub fn with_options(mut self, options: ImageOptions) -> Self {
        self.options = options;
        self.prospects = OnceLock::new();
        self
    }

    /// Adds the images of the same cloud at an earlier time, to check the validity of UUIDs.
    #[must_use]
    pub fn with_earlier(mut self, list: ImageList) -> Self {
        let broken = broken_entries(&list);
        self.earlier = Some(Earlier { images: crate::parallel::map(list.images, CheckedImage::new), broken });
        self
    }

    /// Adds a file of standard images as specified by scs-0104-v1.
    #[must_use]
    pub fn with_specification(mut self, specification: GivenSpecification) -> Self {
        self.specification = Some(specification);
        self
    }

    /// All images.
    #[must_use]
    pub fn images(&self) -> &[CheckedImage] {
        &self.images
    }

    /// The images available to everyone: public and community images, hidden or not. The standards apply to these.
    pub fn offered(&self) -> impl Iterator<Item = &CheckedImage> {
        self.images.iter().filter(|image| image.is_offered())
    }

    /// Messages about unreadable entries of the source.
    #[must_use]
    pub fn broken(&self) -> &[String] {
        &self.broken
    }

    /// The format of the source.
    #[must_use]
    pub const fn format(&self) -> ImageFormat {
        self.format
    }

    /// The facts used by the rules.
    #[must_use]
    pub const fn data(&self) -> &ImageData {
        &self.data
    }

    /// The options.
    #[must_use]
    pub const fn options(&self) -> &ImageOptions {
        &self.options
    }

    /// The images at an earlier time, if given.
    #[must_use]
    pub fn earlier(&self) -> Option<&[CheckedImage]> {
        self.earlier.as_ref().map(|earlier| earlier.images.as_slice())
    }

    /// Messages about unreadable entries of the earlier list.
    #[must_use]
    pub fn earlier_broken(&self) -> &[String] {
        self.earlier.as_ref().map_or(&[], |earlier| earlier.broken.as_slice())
    }

    /// The given file of standard images.
    #[must_use]
    pub const fn specification(&self) -> Option<&GivenSpecification> {
        self.specification.as_ref()
    }

    /// The images with the same base name.
    pub fn family<'a>(&'a self, name: &str) -> impl Iterator<Item = (usize, &'a CheckedImage)> {
        self.families.members(&self.images, name)
    }

    /// The last image with exactly this name.
    pub(crate) fn last_named(&self, name: &str) -> Option<&CheckedImage> {
        self.families.last_named(&self.images, name)
    }

    /// The fix by a change of system or purpose.
    pub(crate) fn identified(&self, image: &CheckedImage, change: Change) -> Repair {
        let prospects = self.prospects.get_or_init(|| prospects(&self.images, &self.data, self.options));
        identified(prospects, (&self.data, self.options), image, change)
    }

    /// Whether another image has the same name.
    #[cfg(test)]
    pub(crate) fn is_ambiguous(&self, index: usize) -> bool {
        self.families.is_ambiguous(&self.images, index)
    }

    /// The index of the image that replaces another one, both in [`ImageSet::images`].
    #[must_use]
    pub fn replacement(&self, index: usize) -> Option<usize> {
        self.families.replacement(&self.images, index)
    }
}

impl ImageSet {
    /// A set with only one of the images, after changes.
    pub(crate) fn single(&self, image: &CheckedImage, changes: &[Change]) -> Self {
        let mut own = image.image().clone();
        for change in changes {
            make(&mut own, change);
        }
        let images = vec![CheckedImage::new((image.place(), own))];
        Self {
            families: Families::of(&images),
            images,
            broken: Vec::new(),
            format: self.format,
            data: self.data.clone(),
            options: self.options,
            earlier: None,
            specification: None,
            prospects: OnceLock::new(),
        }
    }

    /// The same images after these changes, by index.
    pub(crate) fn changed<'a>(&self, changes: impl Fn(usize) -> Option<&'a [Change]>) -> Self {
        let mut set = self.clone();
        for (index, checked) in set.images.iter_mut().enumerate() {
            let Some(changes) = changes(index) else { continue };
            let mut image = checked.image().clone();
            for change in changes {
                make(&mut image, change);
            }
            let mut made = CheckedImage::new((checked.place(), image));
            (made.ambiguous, made.repeated) = (checked.ambiguous, checked.repeated);
            made.definition = checked.definition.take();
            *checked = made;
        }
        set.families = Families::of(&set.images);
        set.prospects = OnceLock::new();
        set
    }
}

/// Applies a change like the commands do.
fn make(image: &mut Image, Change { property, value }: &Change) {
    let key = property.as_str();
    match (key, value.as_deref()) {
        ("tags", Some(tag)) => {
            let mut tags = match image.get(ImageKey::Tags) {
                Some(ValueRef::List(tags)) => tags.to_vec(),
                _ => Vec::new(),
            };
            tags.push(tag.into());
            image.set(key, ValueRef::List(&tags));
        }
        ("min_disk" | "min_ram", Some(number)) => match number.parse() {
            Ok(number) => image.set(key, ValueRef::Whole(number)),
            Err(_) => image.set(key, number),
        },
        ("os_hidden", Some(hidden)) => image.set(key, hidden == "true"),
        (_, Some(value)) => image.set(key, value),
        (_, None) => image.set(key, ValueRef::Null),
    }
}
