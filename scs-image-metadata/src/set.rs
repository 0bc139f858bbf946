//! The images that a check looks at, each with its metadata read once.

use std::sync::{Arc, OnceLock};

use scs_standards::Change;
use scs_standards::subject::{Image, ImageKey, ImageValue, ValueRef};

use crate::data::{ImageData, Specification, SpecificationError};
use crate::family::{Families, NameSuffix, split_name, without_patch_level};
use crate::metadata::ImageMetadata;
use crate::rules::{Prospects, Repair, identified, prospects};
use crate::sources::{Definition, ImageFormat, ImageList, ImagePlace};
use crate::values::{Flag, Visibility};

/// The images of a cloud, and all that the rules want to know beside them.
///
/// ```
/// use scs_image_metadata::{ImageList, ImageSet};
///
/// let list: ImageList = r#"{"images": [{"name": "Ubuntu 24.04", "visibility": "public"}]}"#.parse()?;
/// let set = ImageSet::from(list);
/// assert_eq!(set.images()[0].name(), Some("Ubuntu 24.04"));
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
    /// Counted when a rule first asks for it.
    prospects: OnceLock<Prospects>,
}

/// The images of the same cloud before.
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
    /// How much of its name is the name proper, and what marks it as old.
    base: usize,
    suffix: NameSuffix,
    ambiguous: bool,
    /// Whether another image of the source has the same id.
    repeated: bool,
    /// What openstack-image-manager registers it from.
    definition: Option<Arc<Definition>>,
}

/// What a provider can choose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImageOptions {
    /// Any `os_distro` will do (C-040).
    pub any_distro: bool,
    /// At most one `generic` image of a system among the community images as well (C-046).
    pub unique_in_community: bool,
    /// Warn of promises that break within so many days.
    pub horizon_days: Option<u32>,
}

impl ImageOptions {
    /// Takes any `os_distro`.
    #[must_use]
    pub const fn with_any_distro(mut self) -> Self {
        self.any_distro = true;
        self
    }

    /// Wants generic images to be unique among community images as well.
    #[must_use]
    pub const fn with_unique_in_community(mut self) -> Self {
        self.unique_in_community = true;
        self
    }

    /// Warns of promises that break within so many days.
    #[must_use]
    pub const fn with_horizon_days(mut self, days: u32) -> Self {
        self.horizon_days = Some(days);
        self
    }
}

/// A file of standard images that somebody gave, and the one before it.
#[derive(Clone, Debug)]
pub struct GivenSpecification {
    /// The file, or what is wrong with it.
    pub current: Result<Specification, Vec<SpecificationError>>,
    /// The file before.
    pub earlier: Option<Result<Specification, Vec<SpecificationError>>>,
}

/// How many broken entries of a source are told one by one.
const MOST_TOLD: usize = 100;

/// The entries that could not be read, how many more there are, and what the list does not have.
fn told(list: &ImageList) -> Vec<String> {
    let mut told: Vec<String> = list.broken.iter().take(MOST_TOLD).map(ToString::to_string).collect();
    let more = list.broken.len() - told.len();
    if more > 0 {
        told.push(format!("… and {more} more entries"));
    }
    told.extend(list.incomplete.iter().map(ToString::to_string));
    told
}

/// The places of the images whose id another one has as well.
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

impl From<ImageList> for ImageSet {
    fn from(list: ImageList) -> Self {
        let broken = told(&list);
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
    /// With other facts than the embedded ones.
    #[must_use]
    pub fn with_data(mut self, data: ImageData) -> Self {
        self.data = data;
        self.prospects = OnceLock::new();
        self
    }

    /// With choices of the provider.
    #[must_use]
    pub fn with_options(mut self, options: ImageOptions) -> Self {
        self.options = options;
        self.prospects = OnceLock::new();
        self
    }

    /// With the images of the same cloud at an earlier time, which the promises about UUIDs are held against.
    #[must_use]
    pub fn with_earlier(mut self, list: ImageList) -> Self {
        let broken = told(&list);
        self.earlier = Some(Earlier { images: crate::parallel::map(list.images, CheckedImage::new), broken });
        self
    }

    /// With a file of standard images as scs-0104-v1 specifies it.
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

    /// The images that everybody can use: public and community ones, hidden or not. The standards are about these.
    pub fn offered(&self) -> impl Iterator<Item = &CheckedImage> {
        self.images.iter().filter(|image| image.is_offered())
    }

    /// Why further entries of the source could not be read.
    #[must_use]
    pub fn broken(&self) -> &[String] {
        &self.broken
    }

    /// The format of the source.
    #[must_use]
    pub const fn format(&self) -> ImageFormat {
        self.format
    }

    /// The facts that the rules rest on.
    #[must_use]
    pub const fn data(&self) -> &ImageData {
        &self.data
    }

    /// The choices of the provider.
    #[must_use]
    pub const fn options(&self) -> &ImageOptions {
        &self.options
    }

    /// The images at an earlier time.
    #[must_use]
    pub fn earlier(&self) -> Option<&[CheckedImage]> {
        self.earlier.as_ref().map(|earlier| earlier.images.as_slice())
    }

    /// Why entries of the earlier list could not be read.
    #[must_use]
    pub fn earlier_broken(&self) -> &[String] {
        self.earlier.as_ref().map_or(&[], |earlier| earlier.broken.as_slice())
    }

    /// The file of standard images that was given.
    #[must_use]
    pub const fn specification(&self) -> Option<&GivenSpecification> {
        self.specification.as_ref()
    }

    /// The images whose names but for a mark of age are the same.
    pub fn family<'a>(&'a self, name: &str) -> impl Iterator<Item = (usize, &'a CheckedImage)> {
        self.families.members(&self.images, name)
    }

    /// The last image of exactly this name.
    pub(crate) fn last_named(&self, name: &str) -> Option<&CheckedImage> {
        self.families.last_named(&self.images, name)
    }

    /// The repair by a change that says which system an image is, or what it is for.
    pub(crate) fn identified(&self, image: &CheckedImage, change: Change) -> Repair {
        identified(self, self.prospects.get_or_init(|| prospects(self)), image, change)
    }

    /// Whether another image has the same name.
    #[cfg(test)]
    pub(crate) fn is_ambiguous(&self, index: usize) -> bool {
        self.families.is_ambiguous(&self.images, index)
    }

    /// The image that has taken the place of another one, by their places in [`ImageSet::images`].
    #[must_use]
    pub fn replacement(&self, index: usize) -> Option<usize> {
        self.families.replacement(&self.images, index)
    }
}

impl ImageSet {
    /// One of the images with changes, as if it were the only one.
    pub(crate) fn alone(&self, image: &CheckedImage, changes: &[Change]) -> Self {
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

    /// The same images after these changes, by their places.
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

/// Makes a change as the commands do.
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

    /// Where it stands in its source.
    #[must_use]
    pub const fn place(&self) -> ImagePlace {
        self.place
    }

    /// The image as the source has it.
    #[must_use]
    pub const fn image(&self) -> &Image {
        &self.image
    }

    /// Its metadata.
    #[must_use]
    pub const fn metadata(&self) -> &ImageMetadata {
        &self.metadata
    }

    /// Its name, if it has one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.image.text(ImageKey::Name).filter(|name| !name.is_empty())
    }

    /// Its name without what marks it as old.
    #[must_use]
    pub fn base_name(&self) -> Option<&str> {
        self.name()?.get(..self.base)
    }

    /// What marks its name as that of an old image.
    #[must_use]
    pub const fn suffix(&self) -> NameSuffix {
        self.suffix
    }

    /// Its UUID.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.image.text(ImageKey::Id).filter(|id| !id.is_empty())
    }

    /// What it is called in findings: its name, with the id where several images have it, or its place.
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

    /// The definition of openstack-image-manager that it is registered from, where that is the source.
    #[must_use]
    pub fn definition(&self) -> Option<&Definition> {
        self.definition.as_deref()
    }

    /// Whether a command can name it, and nothing else with it: by its id, or else by its name.
    pub(crate) fn is_addressable(&self) -> bool {
        match (self.id(), self.name()) {
            (Some(_), _) => !self.repeated,
            (None, name) => name.is_some() && !self.ambiguous,
        }
    }

    /// Whether the source keeps a property in an object of its own, as the client shows it.
    pub(crate) fn is_nested(&self, property: &str) -> bool {
        self.place.nested && !matches!(property, "min_disk" | "min_ram" | "name" | "tags")
    }

    /// Its tags, as far as they are texts.
    pub(crate) fn tags(&self) -> impl Iterator<Item = &str> {
        let tags = match self.image.get(ImageKey::Tags) {
            Some(ValueRef::List(tags)) => tags,
            _ => &[],
        };
        tags.iter().filter_map(ImageValue::as_text)
    }

    /// Whether everybody can use it. An image of which that is not said is taken for one of them.
    #[must_use]
    pub const fn is_offered(&self) -> bool {
        !matches!(self.metadata.visibility.value(), Some(Visibility::Private | Visibility::Shared))
    }

    /// Whether lists leave it out.
    #[must_use]
    pub const fn is_hidden(&self) -> bool {
        matches!(self.metadata.os_hidden.value(), Some(Flag(true)))
    }

    /// Whether it is in everybody's list.
    #[must_use]
    pub const fn is_visible(&self) -> bool {
        self.is_offered() && !self.is_hidden()
    }

    /// Whether servers can be started from it: its data are there, and it is not deactivated. An image whose status is not
    /// given is taken for one of them.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.image.text(ImageKey::Status).is_none_or(|status| status.eq_ignore_ascii_case("active"))
    }

    /// Whether everybody finds it and can start servers from it.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.is_visible() && self.is_usable()
    }

    /// Why nobody can start servers from it, in a word; `None` where everybody can.
    #[must_use]
    pub fn out_of_reach(&self) -> Option<&str> {
        if !self.is_offered() {
            return Some(self.metadata.visibility.value().map_or("private", |visibility| visibility.name()));
        }
        self.image.text(ImageKey::Status).filter(|_| !self.is_usable())
    }
}
