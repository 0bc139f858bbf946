//! From the shapes of the other sources to the one of Glance.

use scs_standards::listed::Pages;
use scs_standards::subject::{Image, ImageField, ImageKey, ImageValue, ValueRef};

use super::{BrokenImage, ImageFormat, ImageList, ImagePlace, ReadImagesError, ReadOptions, definitions};

/// An entry of a list.
pub(super) enum Entry {
    /// An object.
    Image(Image),
    /// Something else, and what.
    Other(String),
}

/// A list in YAML. Its lines are not known.
pub(super) fn read_yaml(text: &str, options: ReadOptions) -> Result<ImageList, ReadImagesError> {
    let document: ImageValue = serde_saphyr::from_str(text)
        .map_err(|error| ReadImagesError::Yaml { reason: crate::data::first_line(&error) })?;
    let list_of = |values: &[ImageValue], beside: &[(Box<str>, ImageValue)]| {
        let mut list = ListBuilder::new(options);
        beside.iter().for_each(|(key, value)| list.beside(key, value));
        for value in values {
            list.add(entry(value));
        }
        list.finish()
    };
    match &document {
        ImageValue::List(values) => list_of(values, &[]),
        ImageValue::Object(fields) => match fields.iter().find(|(name, _)| &**name == "images") {
            Some((_, ImageValue::List(values))) => list_of(values, fields),
            Some((_, ImageValue::Object(other))) => {
                let reason = other.iter().find(|(name, _)| &**name == "unavailable");
                let found = match reason {
                    Some((_, reason)) => format!("that they could not be collected: {reason}"),
                    None => "a mapping under `images`".to_owned(),
                };
                Err(ReadImagesError::Shape { found })
            }
            Some((_, other)) => Err(ReadImagesError::Shape { found: format!("{other} under `images`") }),
            None => one(image(fields), options),
        },
        other => Err(ReadImagesError::Shape { found: shortened(other) }),
    }
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
        other => Entry::Other(format!("it is {}, no mapping", shortened(other))),
    }
}

fn shortened(value: &ImageValue) -> String {
    let text = value.to_string();
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// A document that is one image.
pub(super) fn one(image: Image, options: ReadOptions) -> Result<ImageList, ReadImagesError> {
    let known = image.fields().any(|(field, _)| matches!(field, ImageField::Known(_)))
        || image.other("properties").is_some();
    if !known {
        let keys: Vec<String> = image.fields().take(4).map(|(field, _)| format!("`{field}`")).collect();
        let found = if keys.is_empty() {
            "an empty mapping".to_owned()
        } else {
            format!("a mapping with {}", keys.join(", "))
        };
        return Err(ReadImagesError::Shape { found });
    }
    let mut list = ListBuilder::new(options);
    list.add(Entry::Image(image));
    list.finish()
}

/// Makes images of Glance of entries, one after the other.
pub(super) struct ListBuilder {
    list: ImageList,
    options: ReadOptions,
    pages: Pages,
    entries: usize,
    mappings: usize,
    disabled: usize,
}

impl ListBuilder {
    pub(super) fn new(options: ReadOptions) -> Self {
        let list = ImageList {
            format: ImageFormat::Glance,
            images: Vec::new(),
            broken: Vec::new(),
            incomplete: None,
            notices: Vec::new(),
        };
        Self { list, options, pages: Pages::default(), entries: 0, mappings: 0, disabled: 0 }
    }

    /// How many entries have come.
    pub(super) const fn entries(&self) -> usize {
        self.entries
    }

    /// Takes the next entry.
    pub(super) fn add(&mut self, entry: Entry) {
        self.entries += 1;
        let place = ImagePlace { number: self.entries, line: None };
        match entry {
            Entry::Image(image) => {
                self.mappings += 1;
                self.add_image(place, image);
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
                Ok(images) => list.images.extend(images.into_iter().map(|image| (place, image))),
                Err(reason) => list.broken.push(BrokenImage { place, reason }),
            }
        } else if image.other("ID").is_some() || image.other("Name").is_some() {
            list.format = ImageFormat::List;
            list.images.push((place, of_client_list(&image)));
        } else {
            match of_client(image) {
                Ok((image, nested)) => {
                    if nested && list.format == ImageFormat::Glance {
                        list.format = ImageFormat::Show;
                    }
                    list.images.push((place, image));
                }
                Err(reason) => list.broken.push(BrokenImage { place, reason }),
            }
        }
    }

    /// Takes what stands beside the list.
    pub(super) fn beside(&mut self, key: &str, value: &ImageValue) {
        if Pages::concern(key) {
            self.pages.take(key, &serde_json::to_value(value).unwrap_or_default());
        }
    }

    /// The text breaks off behind the last entry.
    pub(super) fn break_off(&mut self, line: usize, error: &impl std::fmt::Display) {
        let place = ImagePlace { number: self.entries + 1, line: Some(line) };
        let reason = format!("the text breaks off here, and what follows was not read: {error}");
        self.list.broken.push(BrokenImage { place, reason });
    }

    /// The images.
    ///
    /// # Errors
    ///
    /// When there were entries and none could be one.
    pub(super) fn finish(mut self) -> Result<ImageList, ReadImagesError> {
        if self.entries > 0 && self.mappings == 0 {
            return Err(ReadImagesError::Shape { found: "a list of which no entry is a mapping".to_owned() });
        }
        if self.disabled > 0 {
            self.list.notices.push(format!(
                "{} definition{} switched off (`enable: false`) and left out",
                self.disabled,
                if self.disabled == 1 { " is" } else { "s are" }
            ));
        }
        self.list.incomplete = self.pages.incomplete(self.entries);
        Ok(self.list)
    }
}

/// Names that Python's OpenStack SDK gives attributes of Glance.
const ALIASES: [(&str, ImageKey); 5] = [
    ("is_hidden", ImageKey::OsHidden),
    ("is_protected", ImageKey::Protected),
    ("hash_algo", ImageKey::OsHashAlgo),
    ("hash_value", ImageKey::OsHashValue),
    ("owner_id", ImageKey::Owner),
];

/// An image with properties in an object of their own, or with the names of the SDK; and whether there was the object.
fn of_client(image: Image) -> Result<(Image, bool), String> {
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
                return Err("its properties are one text, as old clients print them; `openstack image show -f json` of a \
                            newer one prints an object"
                    .to_owned());
            }
            (ImageField::Other("properties"), other) => {
                return Err(format!("its properties are {}, no object", shortened(&other.to_owned())));
            }
            // What has its right name as well keeps that; the other one stays beside it.
            (ImageField::Other(name), value) => match alias(name).filter(|key| image.get(*key).is_none()) {
                Some(key) => flat.push(key, value),
                None => flat.push(field, value),
            },
            (ImageField::Known(key), value) => flat.push(key, value),
        }
    }
    Ok((flat, nested))
}

/// A row of the client's list, whose columns have capitals.
fn of_client_list(row: &Image) -> Image {
    let name = |column: &str| match column {
        "Project" => "owner".to_owned(),
        _ => column.to_lowercase().replace(' ', "_"),
    };
    let mut image = Image::default();
    row.fields().for_each(|(field, value)| image.push(name(field.name()).as_str(), value));
    image
}
