//! The images that openstack-image-manager would register from its definitions.

use std::cmp::Ordering;
use std::collections::HashMap;

use scs_standards::subject::{Image, ImageField, ImageKey, ImageValue, ValueRef};

use super::definition::Definition;
use crate::property::stored;

/// The tool's default tag for its images.
const TAG: &str = "managed_by_osism";

/// The fields of a mapping.
type Fields = [(Box<str>, ImageValue)];

/// The images of a definition, one for each version.
///
/// # Errors
///
/// If a part is missing without which the tool registers nothing.
pub(super) fn registered(definition: &Image) -> Result<(Definition, Vec<Image>), String> {
    let name = definition.text(ImageKey::Name).ok_or("`name` is missing")?;
    let versions = match definition.other("versions") {
        Some(ValueRef::List(versions)) if !versions.is_empty() => versions,
        _ => return Err(format!("`{name}` has no list `versions`")),
    };
    let mut sorted: Vec<(String, &Fields)> = Vec::with_capacity(versions.len());
    for (number, version) in (1..).zip(versions) {
        let ImageValue::Object(fields) = version else {
            return Err(format!("version {number} of `{name}` is not a mapping"));
        };
        let label = field(fields, "version").and_then(stored);
        let label =
            label.ok_or_else(|| format!("version {number} of `{name}` has no `version`"))?.into_owned();
        if field(fields, "url").is_none() {
            return Err(format!("version {label} of `{name}` has no `url`"));
        }
        sorted.push((label, fields));
    }
    sorted.sort_by(|(one, _), (other, _)| natural(one, other));
    let newest = sorted.len() - 1;
    let images = sorted
        .iter()
        .enumerate()
        .map(|(index, (label, fields))| registered_version(definition, name, label, fields, index == newest))
        .collect();
    let own = sorted.iter().filter_map(|(_, fields)| match field(fields, "meta") {
        Some(ValueRef::Object(meta)) => Some(meta),
        _ => None,
    });
    let in_versions = own.flatten().map(|(key, _)| key.to_string()).collect();
    Ok((Definition { name: name.to_owned(), file: None, in_versions }, images))
}

fn registered_version(definition: &Image, name: &str, label: &str, version: &Fields, newest: bool) -> Image {
    let separator = definition.other("separator").and_then(ValueRef::as_text).unwrap_or(" ");
    let multi = definition.other("multi") == Some(ValueRef::Flag(true));
    let mut image = Image::default();
    image.push(
        ImageKey::Name,
        &match (multi, newest) {
            (true, true) => name.to_owned(),
            (true, false) => format!("{name}{separator}({label})"),
            (false, _) => format!("{name}{separator}{label}"),
        },
    );
    for key in [ImageKey::Status, ImageKey::MinDisk, ImageKey::MinRam] {
        if let Some(value) = definition.get(key) {
            image.push(key, value);
        }
    }
    if let Some(visibility) = field(version, "visibility").or_else(|| definition.get(ImageKey::Visibility)) {
        image.push(ImageKey::Visibility, visibility);
    }
    image.push(ImageKey::OsHidden, field(version, "hidden").unwrap_or(ValueRef::Flag(false)));
    if let Some(format) = definition.other("format") {
        image.push(ImageKey::DiskFormat, format);
    }

    let mut meta = Meta::default();
    if let Some(ValueRef::Object(fields)) = definition.other("meta") {
        set_all(&mut meta, fields);
    }
    if meta.get(ImageKey::ImageDescription.name()).is_none() {
        meta.set(ImageKey::ImageDescription.name(), name);
    }
    meta.set("internal_version", label);
    if let Some(login) = definition.other("login").and_then(stored) {
        meta.set(ImageKey::ImageOriginalUser.name(), &login);
    }
    if multi {
        if let Some(os_version) = field(version, "os_version").and_then(stored) {
            meta.set(ImageKey::OsVersion.name(), &os_version);
        }
    } else {
        meta.set(ImageKey::OsVersion.name(), label);
    }
    if let Some(ValueRef::Object(fields)) = field(version, "meta") {
        set_all(&mut meta, fields);
    }
    if let Some(url) = field(version, "url").and_then(ValueRef::as_text) {
        // The tool does not publish the directory of a local file.
        let url = match url.strip_prefix("file:").and_then(|path| path.rsplit_once('/')) {
            Some((_, file)) => format!("file:{file}"),
            None => url.to_owned(),
        };
        meta.set(ImageKey::ImageSource.name(), &url);
    }
    if let Some(built) = field(version, "build_date").and_then(ValueRef::as_text) {
        // The tool stores the date without a time.
        let day =
            built.get(..10).filter(|_| built.get(10..11).is_some_and(|next| next == " " || next == "T"));
        meta.set(ImageKey::ImageBuildDate.name(), day.unwrap_or(built));
    }
    let mut tags: Vec<ImageValue> = match definition.get(ImageKey::Tags) {
        Some(ValueRef::List(tags)) => tags.to_vec(),
        _ => Vec::new(),
    };
    tags.push(TAG.into());
    if let Some(distro) = meta.get(ImageKey::OsDistro.name()) {
        tags.push(format!("os:{distro}").into());
    }
    image.push(ImageKey::Tags, ValueRef::List(&tags));
    for (name, value) in &meta.fields {
        let field = ImageField::from(&**name);
        // The attributes of Glance are set from other fields.
        if !matches!(field, ImageField::Known(ImageKey::Name | ImageKey::Tags | ImageKey::Visibility)) {
            image.push(field, value.as_str());
        }
    }
    image
}

/// The properties of a future image; setting one again replaces it.
#[derive(Default)]
struct Meta {
    fields: Vec<(Box<str>, String)>,
    places: HashMap<Box<str>, usize>,
}

impl Meta {
    fn get(&self, name: &str) -> Option<&str> {
        let place = self.places.get(name)?;
        self.fields.get(*place).map(|(_, value)| value.as_str())
    }

    fn set(&mut self, name: &str, value: &str) {
        if let Some((_, known)) = self.places.get(name).and_then(|place| self.fields.get_mut(*place)) {
            value.clone_into(known);
        } else {
            self.places.insert(name.into(), self.fields.len());
            self.fields.push((name.into(), value.to_owned()));
        }
    }
}

fn field<'a>(fields: &'a Fields, name: &str) -> Option<ValueRef<'a>> {
    fields.iter().find(|(known, _)| **known == *name).map(|(_, value)| value.into())
}

/// Sets the properties that the tool would create from these fields.
fn set_all(meta: &mut Meta, fields: &Fields) {
    for (name, value) in fields {
        if let Some(text) = stored(value.into()) {
            meta.set(name, &text);
        }
    }
}

/// Compares versions numerically: `1.9` before `1.10`.
fn natural(one: &str, other: &str) -> Ordering {
    let (mut one, mut other) = (one, other);
    loop {
        let (Some(left), Some(right)) = (one.chars().next(), other.chars().next()) else {
            return one.len().cmp(&other.len());
        };
        if left.is_ascii_digit() && right.is_ascii_digit() {
            let (left, rest) = digits(one);
            let (right, others) = digits(other);
            let order = left.len().cmp(&right.len()).then_with(|| left.cmp(right));
            if order != Ordering::Equal {
                return order;
            }
            (one, other) = (rest, others);
        } else {
            if left != right {
                return left.cmp(&right);
            }
            (one, other) = (&one[left.len_utf8()..], &other[right.len_utf8()..]);
        }
    }
}

/// The leading digits of a text without leading zeros, and the rest.
fn digits(text: &str) -> (&str, &str) {
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    (digits.trim_start_matches('0'), rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered_by_their_numbers() {
        let mut versions = ["1877.10", "1877.7", "20250101", "1.9-2", "1.9-10", "1.10", "latest", "01877.7"];
        versions.sort_by(|one, other| natural(one, other));
        assert_eq!(
            versions,
            ["1.9-2", "1.9-10", "1.10", "1877.7", "01877.7", "1877.10", "20250101", "latest"]
        );
    }
}
