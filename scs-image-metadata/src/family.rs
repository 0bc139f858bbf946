//! Families of images: the current image of a name and those that it has replaced, identified by name and properties.

use std::cmp::Ordering;
use std::hash::BuildHasher;

use hashbrown::hash_table::Entry;
use hashbrown::{DefaultHashBuilder, HashMap, HashTable};

use crate::checked_image::CheckedImage;
use crate::name_suffix::{NameSuffix, split_name};
use crate::property::Property;
use crate::values::{Architecture, OsDistro, OsPurpose, OsVersion};

/// The grouping of images into families. All lookups, which rules do for every image, take constant time, even
/// for a list of two hundred thousand images with the same name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Families {
    all: Vec<Family>,
    /// The family of each image; `None` for an image without a name.
    of_image: Vec<Option<u32>>,
    /// The next image of the same family.
    next: Vec<Option<u32>>,
    by_base: HashTable<u32>,
    by_name: HashTable<Namesakes>,
    /// The newest visible generic image of each system, computed if needed.
    generic: HashMap<System, u32>,
    hasher: DefaultHashBuilder,
}

/// The images with the same base name.
#[derive(Clone, Copy, Debug)]
struct Family {
    first: u32,
    last: u32,
    /// The most recently built one among those that users can find and start, and that are not marked as old.
    current: Option<u32>,
    /// The last one of these without a known build date.
    undated: Option<u32>,
    /// The most recently built one of these that is marked as old.
    marked: Option<u32>,
}

/// The images with exactly the same name.
#[derive(Clone, Copy, Debug)]
struct Namesakes {
    first: u32,
    several: bool,
    /// The last one that is available to everyone.
    last_offered: Option<u32>,
}

/// The system: distribution, version and architecture.
type System = (Property<OsDistro>, Property<OsVersion>, Property<Architecture>);

fn system(image: &CheckedImage) -> System {
    let metadata = image.metadata();
    (metadata.os_distro.clone(), metadata.os_version.clone(), metadata.architecture)
}

fn at(images: &[CheckedImage], index: u32) -> Option<&CheckedImage> {
    images.get(index as usize)
}

impl Families {
    pub(crate) fn of(images: &[CheckedImage]) -> Self {
        let mut families = Self {
            of_image: Vec::with_capacity(images.len()),
            next: vec![None; images.len()],
            by_base: HashTable::with_capacity(images.len()),
            by_name: HashTable::with_capacity(images.len()),
            ..Self::default()
        };
        for (index, image) in (0_u32..).zip(images) {
            let family = image.base_name().map(|base| families.add(images, index, image, base));
            families.of_image.push(family);
            if let Some(name) = image.name() {
                families.add_name(images, index, image, name);
            }
        }
        let purpose = |image: &CheckedImage| image.metadata().os_purpose.value().copied();
        if images.iter().any(|image| purpose(image) == Some(OsPurpose::Oldgeneric)) {
            for (index, image) in (0_u32..).zip(images) {
                if purpose(image) == Some(OsPurpose::Generic) && image.is_current() {
                    let newest = families.generic.entry(system(image)).or_insert(index);
                    if at(images, *newest).is_none_or(|newest| image.built() >= newest.built()) {
                        *newest = index;
                    }
                }
            }
        }
        families
    }

    /// Adds an image to its family and returns the family.
    fn add(&mut self, images: &[CheckedImage], index: u32, image: &CheckedImage, base: &str) -> u32 {
        let Self { all, by_base, hasher, next, .. } = self;
        let base_of = |family: &u32| {
            let first = all.get(*family as usize).map(|family| family.first);
            first.and_then(|first| at(images, first)?.base_name()).unwrap_or_default()
        };
        let entry = by_base.entry(
            hasher.hash_one(base),
            |family| base_of(family) == base,
            |family| hasher.hash_one(base_of(family)),
        );
        let number = match entry {
            Entry::Occupied(entry) => *entry.get(),
            Entry::Vacant(entry) => {
                // There are no more families than images, which are counted in 32 bits.
                let number = u32::try_from(all.len()).unwrap_or(u32::MAX);
                entry.insert(number);
                all.push(Family { first: index, last: index, current: None, undated: None, marked: None });
                number
            }
        };
        if let Some(family) = all.get_mut(number as usize) {
            if family.last != index {
                if let Some(next) = next.get_mut(family.last as usize) {
                    *next = Some(index);
                }
                family.last = index;
            }
            if image.is_current() {
                let best = match (image.suffix(), image.built()) {
                    (NameSuffix::None, Some(_)) => &mut family.current,
                    (NameSuffix::None, None) => &mut family.undated,
                    _ => &mut family.marked,
                };
                let known = best.and_then(|best| at(images, best));
                if known.is_none_or(|known| image.built() >= known.built()) {
                    *best = Some(index);
                }
            }
        }
        number
    }

    fn add_name(&mut self, images: &[CheckedImage], index: u32, image: &CheckedImage, name: &str) {
        let Self { by_name, hasher, .. } = self;
        let name_of =
            |known: &Namesakes| at(images, known.first).and_then(CheckedImage::name).unwrap_or_default();
        let hash = hasher.hash_one(name);
        match by_name.entry(hash, |known| name_of(known) == name, |known| hasher.hash_one(name_of(known))) {
            Entry::Occupied(mut entry) => {
                let known = entry.get_mut();
                known.several = true;
                if image.is_offered() {
                    known.last_offered = Some(index);
                }
            }
            Entry::Vacant(entry) => {
                let last_offered = image.is_offered().then_some(index);
                entry.insert(Namesakes { first: index, several: false, last_offered });
            }
        }
    }

    fn namesakes(&self, images: &[CheckedImage], name: &str) -> Option<&Namesakes> {
        let is = |known: &Namesakes| at(images, known.first).and_then(CheckedImage::name) == Some(name);
        self.by_name.find(self.hasher.hash_one(name), is)
    }

    /// Whether another image has the same name.
    pub(crate) fn is_ambiguous(&self, images: &[CheckedImage], index: usize) -> bool {
        let family = self.of_image.get(index).copied().flatten();
        let family = family.and_then(|family| self.all.get(family as usize));
        // If the family has one member, so has the name.
        family.is_some_and(|family| family.first != family.last)
            && images
                .get(index)
                .and_then(CheckedImage::name)
                .and_then(|name| self.namesakes(images, name))
                .is_some_and(|namesakes| namesakes.several)
    }

    /// The last image with exactly this name that is available to everyone.
    pub(crate) fn last_named<'a>(&self, images: &'a [CheckedImage], name: &str) -> Option<&'a CheckedImage> {
        at(images, self.namesakes(images, name)?.last_offered?)
    }

    /// The images with the same base name as this name.
    pub(crate) fn members<'a>(
        &'a self,
        images: &'a [CheckedImage],
        name: &str,
    ) -> impl Iterator<Item = (usize, &'a CheckedImage)> {
        let base = split_name(name).0;
        let family = self.by_base.find(self.hasher.hash_one(base), |family| {
            let family = self.all.get(*family as usize);
            family.and_then(|family| at(images, family.first)?.base_name()) == Some(base)
        });
        let first = family.and_then(|family| self.all.get(*family as usize)).map(|family| family.first);
        std::iter::successors(first, |index| self.next.get(*index as usize).copied().flatten())
            .filter_map(|index| Some((index as usize, at(images, index)?)))
    }

    /// The current image that replaces this one: visible, newer and with the same base name; or, if the
    /// image is marked as old, the generic one of the same system.
    pub(crate) fn replacement(&self, images: &[CheckedImage], index: usize) -> Option<usize> {
        let image = images.get(index)?;
        let takes_the_place = |candidate: &u32| {
            *candidate as usize != index
                && at(images, *candidate).is_some_and(|candidate| supersedes(candidate, image))
        };
        let family = self.of_image.get(index).copied().flatten();
        let by_name = family.and_then(|family| self.all.get(family as usize)).and_then(|family| {
            // If the newest one is not a replacement, no older one is.
            [family.current, family.undated, family.marked].into_iter().flatten().find(takes_the_place)
        });
        let by_system = || {
            let is_old = image.metadata().os_purpose.value() == Some(&OsPurpose::Oldgeneric);
            is_old.then(|| self.generic.get(&system(image)).copied()).flatten()
        };
        by_name.or_else(by_system).map(|index| index as usize)
    }
}

/// Whether one image of a family replaces another: it was built later, or only the other one is marked as old.
fn supersedes(candidate: &CheckedImage, image: &CheckedImage) -> bool {
    let marked = |image: &CheckedImage| image.suffix() != NameSuffix::None || image.is_hidden();
    let order = candidate.built().zip(image.built()).map(|(one, other)| one.cmp(&other));
    let (newer, as_new) = (order == Some(Ordering::Greater), order != Some(Ordering::Less));
    newer && (!marked(candidate) || marked(image)) || marked(image) && !marked(candidate) && as_new
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use scs_standards::subject::{Image, ImageValue};

    use super::*;
    use crate::ImageSet;

    /// Computed by looking at every image.
    fn searched(images: &[CheckedImage], index: usize) -> Option<usize> {
        let image = &images[index];
        let others = || images.iter().enumerate().filter(|(other, it)| *other != index && it.is_current());
        let by_name = others()
            .filter(|(_, it)| it.base_name() == image.base_name() && supersedes(it, image))
            .max_by_key(|(_, it)| (it.suffix() == NameSuffix::None, it.built()));
        let is = |image: &CheckedImage, purpose| image.metadata().os_purpose.value() == Some(&purpose);
        let by_system = || {
            others()
                .filter(|(_, it)| {
                    is(image, OsPurpose::Oldgeneric)
                        && is(it, OsPurpose::Generic)
                        && system(it) == system(image)
                })
                .max_by_key(|(_, it)| it.built())
        };
        by_name.or_else(by_system).map(|(other, _)| other)
    }

    fn image() -> impl Strategy<Value = Image> {
        let one_of = |values: &'static [&'static str]| prop::sample::select(values);
        (
            one_of(&["A 1", "A 1", "A 2", "A 1 old", "A 1 20261001", "A 2 20261101", "A 1 (20261001)"]),
            one_of(&["", "2026-10-01", "2026-11-01", "2026-11-02"]),
            any::<bool>(),
            one_of(&["generic", "oldgeneric", "minimal"]),
            one_of(&["public", "public", "private"]),
        )
            .prop_map(|(name, built, hidden, purpose, visibility)| {
                Image::from_iter([
                    ("name", ImageValue::from(name)),
                    ("image_build_date", built.into()),
                    ("os_hidden", hidden.into()),
                    ("os_purpose", purpose.into()),
                    ("visibility", visibility.into()),
                ])
            })
    }

    proptest! {
        #[test]
        fn the_index_matches_a_search(images in prop::collection::vec(image(), 1..9)) {
            let set = images.into_iter().collect::<ImageSet>();
            let images = set.images();
            for (index, image) in images.iter().enumerate() {
                prop_assert_eq!(set.replacement(index), searched(images, index));
                let name = image.name().unwrap();
                let namesakes = images.iter().filter(|other| other.name() == Some(name));
                prop_assert_eq!(set.is_ambiguous(index), namesakes.clone().count() > 1);
                let last = namesakes.clone().rfind(|other| other.is_offered());
                prop_assert_eq!(set.last_named(name).map(CheckedImage::place), last.map(CheckedImage::place));
                let family: Vec<usize> = set.family(name).map(|(index, _)| index).collect();
                let same = |other: &usize| images[*other].base_name() == image.base_name();
                prop_assert_eq!(family, (0..images.len()).filter(same).collect::<Vec<_>>());
            }
        }
    }
}
