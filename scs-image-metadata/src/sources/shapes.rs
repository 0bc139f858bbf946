//! Converts the formats of other sources to that of Glance.

use scs_standards::listed::{ListKind, Pages, ReadListError};
use scs_standards::subject::{Image, ImageField, ImageKey, ImageValue, ValueRef};
use scs_standards::wording::{mapping_with, quoted, truncated};
use scs_standards::yaml;

use super::definitions;
use super::error::{self, shape};
use super::format::ImageFormat;
use super::list::{BrokenImage, ImageList};
use super::options::ReadOptions;
use super::place::ImagePlace;

/// An entry of a list.
pub(super) enum Entry {
    /// An object.
    Image(Image),
    /// Something else, and what.
    Other(String),
}

/// Parses a YAML list, or several in one file. Their lines are unknown.
pub(super) fn read_yaml(text: &str, options: ReadOptions) -> Result<ImageList, ReadListError> {
    let documents: Vec<ImageValue> = serde_saphyr::from_multiple(text)
        .map_err(|error| ReadListError::Yaml { reason: yaml::reason(&error) })?;
    let mut list = ListBuilder::new(options);
    for document in &documents {
        match document {
            ImageValue::List(values) => values.iter().for_each(|value| list.add(entry(value))),
            ImageValue::Object(fields) => match fields.iter().find(|(name, _)| &**name == "images") {
                Some((_, ImageValue::List(values))) => {
                    fields.iter().for_each(|(key, value)| list.read_sibling(key, value));
                    values.iter().for_each(|value| list.add(entry(value)));
                }
                Some((_, ImageValue::Object(other))) => {
                    let reason = other.iter().find(|(name, _)| &**name == "unavailable");
                    let found = match reason {
                        Some((_, reason)) => format!("that they could not be collected: {reason}"),
                        None => "a mapping under `images`".to_owned(),
                    };
                    return Err(shape(found));
                }
                Some((_, other)) => {
                    return Err(shape(format!("{other} under `images`")));
                }
                None => {
                    let image = image(fields);
                    if let Some(error) = not_an_image(&image) {
                        return Err(error);
                    }
                    list.add(Entry::Image(image));
                }
            },
            other => return Err(shape(shortened(other))),
        }
    }
    if documents.is_empty() {
        return Err(shape("an empty file"));
    }
    list.finish()
}

fn image(fields: &[(Box<str>, ImageValue)]) -> Image {
    let mut image = Image::default();
    for (name, value) in fields {
        image.push(&**name, value);
    }
    image
}

fn entry(value: &ImageValue) -> Entry {
    match value {
        ImageValue::Object(fields) => Entry::Image(image(fields)),
        other => Entry::Other(format!("{}, not a mapping", shortened(other))),
    }
}

fn shortened(value: &ImageValue) -> String {
    truncated(&value.to_string(), 60).into_owned()
}

/// Characteristic fields of other objects, as written by the APIs and the client.
const OTHER_KINDS: [(&str, ListKind); 16] = [
    ("apiVersion", ListKind::Kubernetes),
    ("vcpus", ListKind::Flavors),
    ("VCPUs", ListKind::Flavors),
    ("flavors", ListKind::Flavors),
    ("os-flavor-access:is_public", ListKind::Flavors),
    ("extra_specs", ListKind::VolumeTypes),
    ("qos_specs_id", ListKind::VolumeTypes),
    ("volume_types", ListKind::VolumeTypes),
    ("endpoints", ListKind::Services),
    ("Endpoints", ListKind::Services),
    ("catalog", ListKind::Services),
    ("router:external", ListKind::Networks),
    ("networks", ListKind::Networks),
    ("Subnets", ListKind::Networks),
    ("Flavor", ListKind::Servers),
    ("servers", ListKind::Servers),
];

/// The kind of an entry that is not an image, by its fields.
fn other_kind(entry: &Image) -> Option<ListKind> {
    // Glance gives every image a format, and definitions have versions.
    if entry.get(ImageKey::DiskFormat).is_some() || entry.other("versions").is_some() {
        return None;
    }
    OTHER_KINDS.iter().find(|(field, _)| entry.others().any(|other| other == *field)).map(|(_, kind)| *kind)
}

/// Why a document is not a single image, or `None` if it is one.
pub(super) fn not_an_image(image: &Image) -> Option<ReadListError> {
    if let Some(kind) = other_kind(image) {
        return Some(error::other_kind(kind));
    }
    let known = image.fields().any(|(field, _)| matches!(field, ImageField::Known(_)))
        || image.other("properties").is_some();
    if !known {
        return Some(shape(mapping_with(image.fields().map(|(field, _)| field))));
    }
    None
}

/// Converts entries to Glance images, one after the other.
pub(super) struct ListBuilder {
    list: ImageList,
    options: ReadOptions,
    pages: Pages,
    entries: usize,
    mappings: usize,
    disabled: usize,
    /// The number and kind of other objects.
    others: Option<(usize, ListKind)>,
}

impl ListBuilder {
    pub(super) fn new(options: ReadOptions) -> Self {
        Self {
            list: ImageList::empty(),
            options,
            pages: Pages::default(),
            entries: 0,
            mappings: 0,
            disabled: 0,
            others: None,
        }
    }

    /// The number of entries so far.
    pub(super) const fn entries(&self) -> usize {
        self.entries
    }

    /// Adds an entry.
    pub(super) fn add(&mut self, entry: Entry) {
        self.entries += 1;
        let place = ImagePlace::numbered(self.entries);
        match entry {
            Entry::Image(image) => {
                self.mappings += 1;
                match other_kind(&image) {
                    Some(kind) => {
                        self.others = Some((self.others.map_or(0, |(count, _)| count) + 1, kind));
                        let reason = format!("it is not an image; it has the fields of {kind}");
                        self.list.broken.push(BrokenImage { place, reason });
                    }
                    None => self.add_image(place, image),
                }
            }
            Entry::Other(reason) => self.list.broken.push(BrokenImage { place, reason }),
        }
    }

    fn add_image(&mut self, place: ImagePlace, image: Image) {
        let list = &mut self.list;
        if image.other("versions").is_some() {
            list.format = ImageFormat::Definitions;
            if image.other("enable") == Some(ValueRef::Flag(false)) && !self.options.disabled {
                self.disabled += 1;
                return;
            }
            match definitions::registered(&image) {
                Ok((definition, images)) => {
                    let at = u32::try_from(list.definitions.len()).ok();
                    list.definitions.push(definition);
                    let place = ImagePlace { definition: at, ..place };
                    list.images.extend(images.into_iter().map(|image| (place, image)));
                }
                Err(reason) => list.broken.push(BrokenImage { place, reason }),
            }
        } else if image.other("ID").is_some() || image.other("Name").is_some() {
            list.format = ImageFormat::List;
            list.images.push((place, from_client_list(&image)));
        } else {
            match from_client(image) {
                Ok((image, nested)) => {
                    if nested && list.format == ImageFormat::Glance {
                        list.format = ImageFormat::Show;
                    }
                    list.images.push((ImagePlace { nested, ..place }, image));
                }
                Err(reason) => list.broken.push(BrokenImage { place, reason }),
            }
        }
    }

    /// Handles a key next to the list.
    pub(super) fn read_sibling(&mut self, key: &str, value: &ImageValue) {
        if Pages::is_relevant(key) {
            self.pages.take(key, &serde_json::to_value(value).unwrap_or_default());
        }
    }

    /// Records that the text is truncated after the last entry.
    pub(super) fn truncate_at(&mut self, line: usize, error: &impl std::fmt::Display) {
        let place = ImagePlace { line: Some(line), ..ImagePlace::numbered(self.entries + 1) };
        let reason = format!("the text breaks off here, and what follows was not read: {error}");
        self.list.broken.push(BrokenImage { place, reason });
    }

    /// The images.
    ///
    /// # Errors
    ///
    /// If there were entries and none is an image.
    pub(super) fn finish(mut self) -> Result<ImageList, ReadListError> {
        if let Some((count, kind)) = self.others
            && count == self.entries
        {
            return Err(error::other_kind(kind));
        }
        if self.entries > 0 && self.mappings == 0 {
            return Err(shape("a list without any mapping"));
        }
        if self.disabled > 0 {
            self.list.notices.push(format!(
                "{} definition{} disabled (`enable: false`) and skipped",
                self.disabled,
                if self.disabled == 1 { " is" } else { "s are" }
            ));
        }
        self.refuse_repeated();
        self.list.incomplete = self.pages.incomplete(self.entries);
        Ok(self.list)
    }

    /// Rejects images with duplicate properties, since it is unknown which value was meant.
    fn refuse_repeated(&mut self) {
        let list = &mut self.list;
        let broken = &mut list.broken;
        list.images.retain(|(place, image)| {
            let fields = image.repeated();
            let names = quoted(fields);
            if !names.is_empty() {
                let reason = format!("duplicate properties: {names}");
                broken.push(BrokenImage { place: *place, reason });
            }
            names.is_empty()
        });
    }
}

/// Names of Glance attributes in the OpenStack SDK for Python.
const ALIASES: [(&str, ImageKey); 5] = [
    ("is_hidden", ImageKey::OsHidden),
    ("is_protected", ImageKey::Protected),
    ("hash_algo", ImageKey::OsHashAlgo),
    ("hash_value", ImageKey::OsHashValue),
    ("owner_id", ImageKey::Owner),
];

/// An image with properties in a nested object, or with the SDK's names; and whether there was such an object.
fn from_client(image: Image) -> Result<(Image, bool), String> {
    let alias = |name: &str| ALIASES.iter().find(|(alias, _)| name == *alias).map(|(_, key)| *key);
    if !image.others().any(|name| name == "properties" || alias(name).is_some()) {
        return Ok((image, false));
    }
    let mut flat = Image::default();
    let mut nested = false;
    for (field, value) in image.fields() {
        match (field, value) {
            (ImageField::Other("properties"), ValueRef::Object(properties)) => {
                nested = true;
                for (name, value) in properties {
                    flat.push(&**name, value);
                }
            }
            (ImageField::Other("properties"), ValueRef::Null) => {}
            (ImageField::Other("properties"), ValueRef::Text(_)) => {
                return Err("`properties` is a string, as printed by old clients; `openstack image show -f json` of a \
                            newer one prints an object"
                    .to_owned());
            }
            (ImageField::Other("properties"), other) => {
                return Err(format!("`properties` is {}, not an object", shortened(&other.to_owned())));
            }
            // If both names are present, both are kept.
            (ImageField::Other(name), value) => match alias(name).filter(|key| image.get(*key).is_none()) {
                Some(key) => flat.push(key, value),
                None => flat.push(field, value),
            },
            (ImageField::Known(key), value) => flat.push(key, value),
        }
    }
    Ok((flat, nested))
}

/// A row of the client's list, with capitalized columns.
fn from_client_list(row: &Image) -> Image {
    let name = |column: &str| match column {
        "Project" => "owner".to_owned(),
        _ => column.to_lowercase().replace(' ', "_"),
    };
    let mut image = Image::default();
    row.fields().for_each(|(field, value)| image.push(name(field.name()).as_str(), value));
    image
}
