//! An image of a check, with its metadata parsed once.

use std::borrow::Cow;
use std::sync::Arc;

use scs_standards::subject::{Image, ImageKey, ImageValue, ValueRef};

use crate::metadata::ImageMetadata;
use crate::name_suffix::{NameSuffix, split_name, without_patch_level};
use crate::property::{Invalid, Property, stored};
use crate::sources::{Definition, ImagePlace};
use crate::values::{BuildDate, Flag, Visibility};

/// An image with its metadata.
#[derive(Clone, Debug)]
pub struct CheckedImage {
    place: ImagePlace,
    image: Image,
    metadata: ImageMetadata,
    /// The length of the base name.
    base: usize,
    suffix: NameSuffix,
    /// Whether another image has the same name.
    pub(crate) ambiguous: bool,
    /// Whether another image of the source has the same id.
    pub(crate) repeated: bool,
    /// The openstack-image-manager definition it is registered from.
    pub(crate) definition: Option<Arc<Definition>>,
}

impl CheckedImage {
    /// Parses the metadata of an image.
    pub(crate) fn new((place, image): (ImagePlace, Image)) -> Self {
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

    /// The text that the official suite compares; `None` if the property is not set.
    pub(crate) fn stored_text(&self, key: ImageKey) -> Option<Cow<'_, str>> {
        self.image.get(key).and_then(stored)
    }

    /// The build date, if known.
    #[must_use]
    pub fn built(&self) -> Option<BuildDate> {
        match &self.metadata().image_build_date {
            Property::Is(built) => Some(*built),
            // Another spelling, which the rule for the property reports.
            Property::Invalid(Invalid::Malformed) => {
                self.image().text(ImageKey::ImageBuildDate).and_then(BuildDate::from_iso)
            }
            Property::Absent | Property::Invalid(_) => None,
        }
    }
}
