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

mod definition;
mod definitions;
mod error;
mod format;
mod json;
mod list;
mod options;
mod place;
mod shapes;

use std::str::FromStr;

pub use definition::Definition;
pub use format::ImageFormat;
pub use list::{BrokenImage, ImageList};
pub use options::ReadOptions;
pub use place::ImagePlace;

use scs_standards::listed::ReadListError;

use list::notices;

impl FromStr for ImageList {
    type Err = ReadListError;

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
    pub fn read(text: &str, options: ReadOptions) -> Result<Self, ReadListError> {
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
}
