//! The images of a check, with their metadata parsed once.

use std::sync::{Arc, OnceLock};

use scs_standards::Change;
use scs_standards::subject::{Image, ImageKey, ImageValue, ValueRef};

use crate::data::{ImageData, Specification, SpecificationError};
use crate::family::{Families, NameSuffix, split_name, without_patch_level};
use crate::metadata::ImageMetadata;
use crate::rules::{Prospects, Repair, identified, prospects};
use crate::sources::{Definition, ImageFormat, ImageList, ImagePlace};
use crate::values::{Flag, Visibility};

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
/// # Ok::<(), scs_image_metadata::ReadImagesError>(())
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

/// An image with its metadata.
#[derive(Clone, Debug)]
pub struct CheckedImage {
    place: ImagePlace,
    image: Image,
    metadata: ImageMetadata,
    /// The length of the base name.
    base: usize,
    suffix: NameSuffix,
    ambiguous: bool,
    /// Whether another image of the source has the same id.
    repeated: bool,
    /// The openstack-image-manager definition it is registered from.
    definition: Option<Arc<Definition>>,
}

/// Options chosen by the provider.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImageOptions {
    /// Whether any `os_distro` is accepted (C-040).
    pub any_distro: bool,
    /// Whether community images must also have at most one `generic` image of each system (C-046).
    pub unique_in_community: bool,
    /// Warn about images that become outdated within this many days.
    pub horizon_days: Option<u32>,
}

impl ImageOptions {
    /// Accepts any `os_distro`.
    #[must_use]
    pub const fn with_any_distro(mut self) -> Self {
        self.any_distro = true;
        self
    }

    /// Also requires generic images to be unique among community images.
    #[must_use]
    pub const fn with_unique_in_community(mut self) -> Self {
        self.unique_in_community = true;
        self
    }

    /// Warns about images that become outdated within this many days.
    #[must_use]
    pub const fn with_horizon_days(mut self, days: u32) -> Self {
        self.horizon_days = Some(days);
        self
    }
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
                image.definition = image.place.definition().and_then(|at| definitions.get(at)).cloned();
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
        identified(self, self.prospects.get_or_init(|| prospects(self)), image, change)
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
        let mut own = image.image.clone();
        for change in changes {
            make(&mut own, change);
        }
        let images = vec![CheckedImage::new((image.place, own))];
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
            let mut image = checked.image.clone();
            for change in changes {
                make(&mut image, change);
            }
            let (ambiguous, repeated) = (checked.ambiguous, checked.repeated);
            let definition = checked.definition.clone();
            let made = CheckedImage::new((checked.place, image));
            *checked = CheckedImage { ambiguous, repeated, definition, ..made };
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

impl CheckedImage {
    fn new((place, image): (ImagePlace, Image)) -> Self {
        let metadata = ImageMetadata::of(&image);
        let name = image.text(ImageKey::Name).unwrap_or_default();
        let (base, suffix) = match split_name(name) {
            (_, NameSuffix::None) => without_patch_level(name, &image)
                .map_or((name, NameSuffix::None), |base| (base, NameSuffix::Patched)),
            marked => marked,
        };
        let base = base.len();
        Self { place, image, metadata, base, suffix, ambiguous: false, repeated: false, definition: None }
    }

    /// The position in its source.
    #[must_use]
    pub const fn place(&self) -> ImagePlace {
        self.place
    }

    /// The image as read from the source.
    #[must_use]
    pub const fn image(&self) -> &Image {
        &self.image
    }

    /// The metadata.
    #[must_use]
    pub const fn metadata(&self) -> &ImageMetadata {
        &self.metadata
    }

    /// The name, if any.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.image.text(ImageKey::Name).filter(|name| !name.is_empty())
    }

    /// The name without the suffix of an old image.
    #[must_use]
    pub fn base_name(&self) -> Option<&str> {
        self.name()?.get(..self.base)
    }

    /// The suffix that marks an old image.
    #[must_use]
    pub const fn suffix(&self) -> NameSuffix {
        self.suffix
    }

    /// The UUID, if any.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.image.text(ImageKey::Id).filter(|id| !id.is_empty())
    }

    /// The name used in findings: its name, with the id if the name is not unique, or its position.
    #[must_use]
    pub fn label(&self) -> String {
        match (self.name(), self.id()) {
            (Some(name), Some(id)) if self.ambiguous => format!("{name} ({id})"),
            (Some(name), None) if self.ambiguous => format!("{name} ({})", self.place),
            (Some(name), _) => name.to_owned(),
            (None, Some(id)) => id.to_owned(),
            (None, None) => self.place.to_string(),
        }
    }

    /// The openstack-image-manager definition it is registered from, if any.
    #[must_use]
    pub fn definition(&self) -> Option<&Definition> {
        self.definition.as_deref()
    }

    /// Whether a command can identify it, by its id or else by its name.
    pub(crate) fn is_addressable(&self) -> bool {
        match (self.id(), self.name()) {
            (Some(_), _) => !self.repeated,
            (None, name) => name.is_some() && !self.ambiguous,
        }
    }

    /// Whether the source stores a property in a nested object, as printed by the client.
    pub(crate) fn is_nested(&self, property: &str) -> bool {
        self.place.nested && !matches!(property, "min_disk" | "min_ram" | "name" | "tags")
    }

    /// The tags that are strings.
    pub(crate) fn tags(&self) -> impl Iterator<Item = &str> {
        let tags = match self.image.get(ImageKey::Tags) {
            Some(ValueRef::List(tags)) => tags,
            _ => &[],
        };
        tags.iter().filter_map(ImageValue::as_text)
    }

    /// Whether it is available to everyone; assumed if unknown.
    #[must_use]
    pub const fn is_offered(&self) -> bool {
        !matches!(self.metadata.visibility.value(), Some(Visibility::Private | Visibility::Shared))
    }

    /// Whether it is hidden from lists.
    #[must_use]
    pub const fn is_hidden(&self) -> bool {
        matches!(self.metadata.os_hidden.value(), Some(Flag(true)))
    }

    /// Whether it is in everyone's list.
    #[must_use]
    pub const fn is_visible(&self) -> bool {
        self.is_offered() && !self.is_hidden()
    }

    /// Whether servers can be started from it: its data exist, and it is not deactivated; assumed if the status is
    /// unknown.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.image.text(ImageKey::Status).is_none_or(|status| status.eq_ignore_ascii_case("active"))
    }

    /// Whether everyone can find it and start servers from it.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.is_visible() && self.is_usable()
    }

    /// Why no server can be started from it, in a word; `None` if everyone can.
    #[must_use]
    pub fn unusable_reason(&self) -> Option<&str> {
        if !self.is_offered() {
            return Some(self.metadata.visibility.value().map_or("private", |visibility| visibility.name()));
        }
        self.image.text(ImageKey::Status).filter(|_| !self.is_usable())
    }
}
