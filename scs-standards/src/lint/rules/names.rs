//! Names of files.

use std::collections::BTreeMap;

use super::super::folder::DocumentFolder;
use super::considered::{Rec, documents, lenient};
use crate::document::{StandardId, Track};

pub(super) fn file_name(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    for file in documents(folder, rec) {
        let expected = "scs-XXXX-vN-slug.md, with a slug of lower-case letters, digits and hyphens";
        let Some(parts) = file.parts() else {
            rec.fail(&file.place, "file name must be `scs-XXXX-vN-slug.md`").compared(expected, &file.name);
            continue;
        };
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if parts.slug.starts_with('-') || !parts.slug.bytes().all(allowed) {
            let message = format!(
                "the slug `{}` contains characters other than lower-case letters, digits and hyphens",
                parts.slug
            );
            rec.split(lenient("C-098"), &file.place, message).compared(expected, &file.name);
        }
    }
}

pub(super) fn slug_letter(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    for file in documents(folder, rec) {
        let Some(parts) = file.parts() else { continue };
        if !parts.slug.starts_with(|first: char| first.is_ascii_alphabetic()) || parts.slug.contains("--") {
            let message =
                format!("the slug `{}` does not begin with a letter, or has consecutive hyphens", parts.slug);
            rec.split(lenient("C-098"), &file.place, message);
        }
    }
}

pub(super) fn track_digit(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    for file in documents(folder, rec) {
        let Some(parts) = file.parts().filter(|_| !file.is_proposal()) else { continue };
        let number = parts.number.parse().ok().and_then(StandardId::new);
        let named = file.text("track").and_then(|track| track.parse::<Track>().ok());
        match number.map(StandardId::track) {
            Some(Some(track)) if named.is_none_or(|named| named == track) => {}
            Some(Some(track)) => {
                let message = format!("its number belongs to the track {track}");
                rec.split(lenient("C-098"), &file.place, message)
                    .compared(track, named.map(Track::name).unwrap_or_default());
            }
            _ => {
                let message = format!("no track uses the number {}", parts.number);
                rec.split(lenient("C-098"), &file.place, message).compared("0000 to 0599", parts.number);
            }
        }
    }
}

pub(super) fn unique_number(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    let mut known: BTreeMap<(&str, char, u32), &str> = BTreeMap::new();
    for file in documents(folder, rec) {
        // Proposals have no numbers yet.
        let Some(parts) = file.parts().filter(|_| !file.is_proposal()) else { continue };
        if let Some(other) = known.insert((parts.number, parts.edition, parts.version), &file.place) {
            rec.fail(&file.place, format!("{other} has the same number and version"));
        }
    }
}
