//! From the shapes of the other sources to the one of Glance.

use scs_standards::subject::{Image, ImageField, ImageKey, ImageValue};

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
    let list_of = |values: &[ImageValue]| {
        let place = |number| ImagePlace { number, line: None };
        list((1..).map(place).zip(values.iter().map(entry)).collect(), options)
    };
    match &document {
        ImageValue::List(values) => list_of(values),
        ImageValue::Object(fields) => match fields.iter().find(|(name, _)| &**name == "images") {
            Some((_, ImageValue::List(values))) => list_of(values),
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
    fields.iter().map(|(name, value)| (ImageField::from(&**name), value.clone())).collect()
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
        || other(&image, "properties").is_some();
    if !known {
        let keys: Vec<String> = image.fields().take(4).map(|(field, _)| format!("`{field}`")).collect();
        let found = if keys.is_empty() {
            "an empty mapping".to_owned()
        } else {
            format!("a mapping with {}", keys.join(", "))
        };
        return Err(ReadImagesError::Shape { found });
    }
    list(vec![(ImagePlace { number: 1, line: None }, Entry::Image(image))], options)
}

/// The entries as images of Glance.
pub(super) fn list(
    entries: Vec<(ImagePlace, Entry)>,
    options: ReadOptions,
) -> Result<ImageList, ReadImagesError> {
    if !entries.is_empty() && !entries.iter().any(|(_, entry)| matches!(entry, Entry::Image(_))) {
        return Err(ReadImagesError::Shape { found: "a list of which no entry is a mapping".to_owned() });
    }
    let mut list = ImageList {
        format: ImageFormat::Glance,
        images: Vec::with_capacity(entries.len()),
        broken: Vec::new(),
        notices: Vec::new(),
    };
    let mut disabled = 0_usize;
    for (place, entry) in entries {
        let image = match entry {
            Entry::Image(image) => image,
            Entry::Other(reason) => {
                list.broken.push(BrokenImage { place, reason });
                continue;
            }
        };
        if other(&image, "versions").is_some() {
            list.format = ImageFormat::Definitions;
            if other(&image, "enable") == Some(&ImageValue::Flag(false)) && !options.disabled {
                disabled += 1;
                continue;
            }
            match definitions::registered(&image) {
                Ok(images) => list.images.extend(images.into_iter().map(|image| (place, image))),
                Err(reason) => list.broken.push(BrokenImage { place, reason }),
            }
            continue;
        }
        if other(&image, "ID").is_some() || other(&image, "Name").is_some() {
            list.format = ImageFormat::List;
            list.images.push((place, of_client_list(&image)));
            continue;
        }
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
    if disabled > 0 {
        list.notices.push(format!(
            "{disabled} definition{} switched off (`enable: false`) and left out",
            if disabled == 1 { " is" } else { "s are" }
        ));
    }
    Ok(list)
}

/// The value of a field that Glance does not have.
pub(super) fn other<'a>(image: &'a Image, name: &str) -> Option<&'a ImageValue> {
    image
        .fields()
        .find(|(field, _)| matches!(field, ImageField::Other(other) if **other == *name))
        .map(|(_, value)| value)
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
    let strange = |field: &ImageField| match field {
        ImageField::Known(_) => false,
        ImageField::Other(name) => {
            &**name == "properties" || ALIASES.iter().any(|(alias, _)| **name == **alias)
        }
    };
    if !image.fields().any(|(field, _)| strange(field)) {
        return Ok((image, false));
    }
    let mut flat = Image::default();
    let mut nested = false;
    for (field, value) in image.fields() {
        match field {
            ImageField::Other(name) if &**name == "properties" => match value {
                ImageValue::Object(properties) => {
                    nested = true;
                    for (name, value) in properties {
                        flat.push(&**name, value.clone());
                    }
                }
                ImageValue::Null => {}
                ImageValue::Text(_) => {
                    return Err("its properties are one text, as old clients print them; `openstack image show -f json` of a \
                                newer one prints an object"
                        .to_owned());
                }
                other => return Err(format!("its properties are {}, no object", shortened(other))),
            },
            ImageField::Other(name) => {
                let alias = ALIASES.iter().find(|(alias, _)| **name == **alias);
                // What has its right name as well keeps that; the other one stays beside it.
                match alias.filter(|(_, key)| image.get(*key).is_none()) {
                    Some((_, key)) => flat.push(*key, value.clone()),
                    None => flat.push(field.clone(), value.clone()),
                }
            }
            ImageField::Known(key) => flat.push(*key, value.clone()),
        }
    }
    Ok((flat, nested))
}

/// A row of the client's list, whose columns have capitals.
fn of_client_list(image: &Image) -> Image {
    let name = |column: &str| match column {
        "Project" => "owner".to_owned(),
        _ => column.to_lowercase().replace(' ', "_"),
    };
    image
        .fields()
        .map(|(field, value)| (ImageField::from(name(field.name()).as_str()), value.clone()))
        .collect()
}
