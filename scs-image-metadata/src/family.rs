//! Families of images: the current one of a name, and those that it has replaced, told by name and properties.

use std::cmp::Ordering;
use std::collections::HashMap;

use jiff::civil::Date;

use crate::set::CheckedImage;
use crate::values::{BuildDate, Day, OsPurpose};

/// What stands behind the name proper in the name of an old image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameSuffix {
    /// Nothing: the image has the name proper.
    None,
    /// ` YYYYMMDD`, as scs-0102 recommends.
    Dated(Date),
    /// A day in another form, such as ` (20251001)` or `-2025-10-01`.
    OddlyDated(Date),
    /// `old` or `prev`, which the official test suite takes for a mark of an old image and the text does not.
    Marked,
}

/// Splits the name of an image into the name proper and what marks it as old.
///
/// ```
/// use scs_image_metadata::{NameSuffix, split_name};
///
/// assert_eq!(split_name("Ubuntu 24.04 old"), ("Ubuntu 24.04", NameSuffix::Marked));
/// assert_eq!(split_name("Ubuntu 24.04"), ("Ubuntu 24.04", NameSuffix::None));
/// assert!(matches!(split_name("Ubuntu 24.04 20251001"), ("Ubuntu 24.04", NameSuffix::Dated(_))));
/// assert!(matches!(split_name("Ubuntu 24.04 (20251001)"), ("Ubuntu 24.04", NameSuffix::OddlyDated(_))));
/// ```
#[must_use]
pub fn split_name(name: &str) -> (&str, NameSuffix) {
    let whole = (name, NameSuffix::None);
    let last = name.as_bytes().last().copied().unwrap_or_default();
    // Nearly all names end otherwise.
    if !(last.is_ascii_digit() || matches!(last, b')' | b'd' | b'v' | b's')) {
        return whole;
    }
    if let Some(blank) = memchr::memrchr(b' ', name.as_bytes())
        && matches!(name.len() - blank - 1, 3 | 4 | 8 | 10 | 12)
    {
        let (base, word) = (name[..blank].trim_end(), &name[blank + 1..]);
        let inner = word.strip_prefix('(').and_then(|word| word.strip_suffix(')'));
        let suffix = match (inner, compact_day(word)) {
            (_, Some(day)) => NameSuffix::Dated(day),
            (Some(inner), _) => compact_day(inner)
                .or_else(|| Day::read(inner))
                .map_or(NameSuffix::None, NameSuffix::OddlyDated),
            (None, None) if matches!(word, "old" | "prev" | "previous") => NameSuffix::Marked,
            (None, None) => Day::read(word).map_or(NameSuffix::None, NameSuffix::OddlyDated),
        };
        if suffix != NameSuffix::None && !base.is_empty() {
            return (base, suffix);
        }
    }
    for length in [8, 10] {
        let Some(at) = name.len().checked_sub(length + 1).filter(|at| *at > 0 && name.is_char_boundary(*at))
        else {
            continue;
        };
        let (base, tail) = name.split_at(at);
        let day = tail.strip_prefix(['-', '_']).and_then(|day| compact_day(day).or_else(|| Day::read(day)));
        if let Some(day) = day {
            return (base, NameSuffix::OddlyDated(day));
        }
    }
    whole
}

/// `YYYYMMDD`.
fn compact_day(text: &str) -> Option<Date> {
    if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Day::read(&format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]))
}

/// Which images belong together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Families {
    by_base: HashMap<Box<str>, Vec<u32>>,
}

impl Families {
    pub(crate) fn of(images: &[CheckedImage]) -> Self {
        let mut by_base: HashMap<Box<str>, Vec<u32>> = HashMap::with_capacity(images.len());
        for (index, image) in (0_u32..).zip(images) {
            if let Some(base) = image.base_name() {
                match by_base.get_mut(base) {
                    Some(members) => members.push(index),
                    None => {
                        by_base.insert(base.into(), vec![index]);
                    }
                }
            }
        }
        Self { by_base }
    }

    /// The images whose names proper are the same, the image itself among them.
    pub(crate) fn members<'a>(
        &self,
        images: &'a [CheckedImage],
        name: &str,
    ) -> impl Iterator<Item = (usize, &'a CheckedImage)> {
        let members = self.by_base.get(split_name(name).0).map_or(&[][..], Vec::as_slice);
        members.iter().filter_map(|&index| {
            let index = usize::try_from(index).ok()?;
            Some((index, images.get(index)?))
        })
    }

    /// The current image that has taken the place of this one: of the same name proper, visible and newer; or, where the
    /// image says of itself that it is old, the generic one of the same system.
    pub(crate) fn replacement(&self, images: &[CheckedImage], index: usize) -> Option<usize> {
        let image = images.get(index)?;
        let by_name = image.name().and_then(|name| {
            self.members(images, name)
                .filter(|(other, candidate)| {
                    *other != index && candidate.is_visible() && supersedes(candidate, image)
                })
                .max_by_key(|(_, candidate)| (candidate.suffix() == NameSuffix::None, candidate.built()))
                .map(|(other, _)| other)
        });
        by_name.or_else(|| {
            if image.metadata().os_purpose.value() != Some(&OsPurpose::Oldgeneric) {
                return None;
            }
            let same_system = |candidate: &CheckedImage| {
                let (one, other) = (candidate.metadata(), image.metadata());
                one.os_distro == other.os_distro
                    && one.os_version == other.os_version
                    && one.architecture == other.architecture
                    && one.os_purpose.value() == Some(&OsPurpose::Generic)
            };
            images
                .iter()
                .enumerate()
                .filter(|(other, candidate)| {
                    *other != index && candidate.is_visible() && same_system(candidate)
                })
                .max_by_key(|(_, candidate)| candidate.built())
                .map(|(other, _)| other)
        })
    }
}

/// Whether one image of a family takes the place of another: it was built later, or the other one alone is marked as old.
fn supersedes(candidate: &CheckedImage, image: &CheckedImage) -> bool {
    let marked = |image: &CheckedImage| image.suffix() != NameSuffix::None || image.is_hidden();
    let order = candidate.built().zip(image.built()).map(|(one, other)| one.cmp(&other));
    let (newer, as_new) = (order == Some(Ordering::Greater), order != Some(Ordering::Less));
    newer && (!marked(candidate) || marked(image)) || marked(image) && !marked(candidate) && as_new
}

impl CheckedImage {
    /// When it was built, as far as that is known.
    #[must_use]
    pub fn built(&self) -> Option<BuildDate> {
        self.metadata().image_build_date.value().copied()
    }
}
