//! Names of old images: a base name, and a suffix with a date or a patch level.

use jiff::civil::Date;
use scs_standards::subject::{Image, ImageKey};

use crate::values::Day;

/// The suffix in the name of an old image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameSuffix {
    /// None: the image has the base name.
    None,
    /// ` YYYYMMDD`, as scs-0102 recommends.
    Dated(Date),
    /// A date in another format or with a patch level, such as ` (20251001)`, ` (20251001-1220)` or `-2025-10-01`.
    OddlyDated(Date),
    /// The patch level of a property, such as ` (1.30.2)`.
    Patched,
    /// `old` or `prev`, which mark old images for the official test suite but not in the text.
    Marked,
}

/// Splits the name of an image into its base name and the suffix that marks it as old.
///
/// ```
/// use scs_image_metadata::{NameSuffix, split_name};
///
/// assert_eq!(split_name("Ubuntu 24.04 old"), ("Ubuntu 24.04", NameSuffix::Marked));
/// assert_eq!(split_name("Ubuntu 24.04"), ("Ubuntu 24.04", NameSuffix::None));
/// assert!(matches!(split_name("Ubuntu 24.04 20251001"), ("Ubuntu 24.04", NameSuffix::Dated(_))));
/// assert!(matches!(split_name("Ubuntu 24.04 (20251001-1220)"), ("Ubuntu 24.04", NameSuffix::OddlyDated(_))));
/// ```
#[must_use]
pub fn split_name(name: &str) -> (&str, NameSuffix) {
    let whole = (name, NameSuffix::None);
    let last = name.as_bytes().last().copied().unwrap_or_default();
    // Nearly all names end differently.
    if !(last.is_ascii_digit() || matches!(last, b')' | b'd' | b'v' | b's')) {
        return whole;
    }
    let split = bracketed(name).or_else(|| last_word(name)).or_else(|| dashed(name));
    split.filter(|(base, _)| !base.is_empty()).unwrap_or(whole)
}

/// `NAME (20251001-1220)`, as named by openstack-image-manager.
fn bracketed(name: &str) -> Option<(&str, NameSuffix)> {
    let (base, inner) = name.strip_suffix(')')?.rsplit_once('(')?;
    Some((base.trim_end_matches([' ', '-', '_']), NameSuffix::OddlyDated(patched_day(inner)?)))
}

/// `NAME 20251001`, `NAME 20251001.1`, `NAME 2025-10-01 12:20`, `NAME old`.
fn last_word(name: &str) -> Option<(&str, NameSuffix)> {
    let (base, word) = name.rsplit_once(' ')?;
    let base = base.trim_end();
    if let Some(day) = compact_day(word) {
        return Some((base, NameSuffix::Dated(day)));
    }
    if matches!(word, "old" | "prev" | "previous") {
        return Some((base, NameSuffix::Marked));
    }
    if let Some(day) = patched_day(word) {
        return Some((base, NameSuffix::OddlyDated(day)));
    }
    let (base, day) = base.rsplit_once(' ')?;
    let day = compact_day(day).or_else(|| dashed_day(day))?;
    is_patch(word).then(|| (base.trim_end(), NameSuffix::OddlyDated(day)))
}

/// `NAME-20251001`, `NAME_2025-10-01`, `NAME-20251001-1220`.
fn dashed(name: &str) -> Option<(&str, NameSuffix)> {
    /// A date has two dashes, and a patch level may have more.
    const MOST: usize = 6;
    name.rmatch_indices(['-', '_']).take(MOST).find_map(|(at, _)| {
        let day = patched_day(name.get(at + 1..)?)?;
        Some((name.get(..at)?, NameSuffix::OddlyDated(day)))
    })
}

/// `YYYYMMDD`.
fn compact_day(text: &str) -> Option<Date> {
    if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    dashed_day(&format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]))
}

/// `YYYY-MM-DD`.
fn dashed_day(text: &str) -> Option<Date> {
    Day::read(text).and_then(Day::new).map(Day::date)
}

/// A date in either format, optionally with a patch level: `20251001-1220`, `20251001.1`, `20251001.n.0`, `202510011220`.
fn patched_day(text: &str) -> Option<Date> {
    let read = |length: usize, read: fn(&str) -> Option<Date>| {
        let day = read(text.get(..length)?)?;
        let rest = text.get(length..)?;
        let level = rest.strip_prefix(['-', '.', '_', 'T', ' ']);
        let attached = matches!(rest.len(), 4 | 6) && rest.bytes().all(|byte| byte.is_ascii_digit());
        (rest.is_empty() || attached || level.is_some_and(is_patch)).then_some(day)
    };
    read(8, compact_day).or_else(|| read(10, dashed_day))
}

/// Whether a text can be a build number: it is short and has a digit.
fn is_patch(text: &str) -> bool {
    /// The longest known one is a time with seconds and a number.
    const LONGEST: usize = 24;
    text.len() <= LONGEST
        && text.bytes().any(|byte| byte.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_:".contains(&byte))
}

/// The base name, if its suffix is the patch level in a property: `patchlevel` of scs-0102, or
/// `internal_version`, from which openstack-image-manager generates `NAME (VERSION)`.
pub(crate) fn without_patch_level<'n>(name: &'n str, image: &Image) -> Option<&'n str> {
    let bracketed = |level: &str| {
        let inner = name.strip_suffix(')')?.strip_suffix(level)?;
        inner.strip_suffix('(').map(|base| base.trim_end_matches([' ', '-', '_']))
    };
    let attached = |level: &str| name.strip_suffix(level)?.strip_suffix([' ', '-', '_']).map(str::trim_end);
    let is_version = |level: &str| image.text(ImageKey::OsVersion) == Some(level);
    let by_standard = image.text(ImageKey::Patchlevel).filter(|level| !level.trim().is_empty());
    let base = by_standard
        .and_then(|level| bracketed(level).or_else(|| attached(level).filter(|_| !is_version(level))))
        .or_else(|| {
            // The search is slow, and few names have such a suffix.
            name.ends_with(')')
                .then(|| image.other("internal_version"))
                .flatten()?
                .as_text()
                .and_then(bracketed)
        });
    base.filter(|base| !base.is_empty())
}

#[cfg(test)]
mod tests {
    use scs_standards::subject::ImageValue;

    use super::*;

    #[test]
    fn dates_and_patch_levels_are_suffixes() {
        for name in [
            "Debian 11 (20261005)",
            "Debian 11 (20261005-1220)",
            "Debian 11 (20261005.1)",
            "Debian 11 (20261005 1220)",
            "Debian 11 (2026-10-05)",
            "Debian 11 20261005.n.0",
            "Debian 11 20261005-1220",
            "Debian 11 202610051220",
            "Debian 11 2026-10-05 12:20",
            "Debian 11 2026-10-05T12:20",
            "Debian 11-20261005",
            "Debian 11-2026-10-05",
            "Debian 11-20261005-1220",
            "Debian 11_20261005.1",
            "Debian 11(20261005)",
        ] {
            let (base, suffix) = split_name(name);
            assert_eq!(base, "Debian 11", "{name}");
            assert!(
                matches!(suffix, NameSuffix::OddlyDated(day) if day.to_string() == "2026-10-05"),
                "{name}"
            );
        }
        for name in [
            "Debian 11",
            "Windows (2022)",
            "ubuntu-capi-image-v1.30",
            "x 20261305",
            "(20261005)",
            "20261005",
            "Ubuntu 24.04 (LTS)",
            "Ubuntu-24.04",
        ] {
            assert_eq!(split_name(name), (name, NameSuffix::None), "{name}");
        }
    }

    #[test]
    fn patch_levels_come_from_properties() {
        for (name, key, level, base) in [
            ("Flatcar (3815.2.0)", "internal_version", "3815.2.0", Some("Flatcar")),
            ("Flatcar 3815.2.0", "internal_version", "3815.2.0", None),
            ("Flatcar 3815.2.0", "patchlevel", "3815.2.0", Some("Flatcar")),
            ("Ubuntu 24.04", "patchlevel", "24.04", None),
            ("(1)", "patchlevel", "1", None),
        ] {
            let image = Image::from_iter([
                ("name", ImageValue::from(name)),
                ("os_version", "24.04".into()),
                (key, level.into()),
            ]);
            assert_eq!(without_patch_level(name, &image), base, "{name} {key}");
        }
    }
}
