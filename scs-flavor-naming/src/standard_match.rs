//! The flavors that represent the standard flavors, and how they differ from them.
//!
//! The text defines a standard flavor by its figures and properties and only recommends its name, so flavors are found
//! by figures, and name and properties are then compared individually. The official suite looks them up by
//! `scs:name-v2`, or else by its own name (C-028).

use std::collections::BTreeSet;

use scs_standards::Profile;

use crate::disk::DiskType;
use crate::name::FlavorName;
use crate::offer::Offer;
use crate::parser::Parser;
use crate::standard_flavors::{COUNT, StandardDisk, StandardFlavor};

/// The flavor of a set that represents a standard flavor, with the differences.
#[derive(Clone, Debug)]
pub(crate) struct StandardMatch<'a> {
    /// The flavor.
    pub(crate) offer: &'a Offer,
    /// The figures that differ: description, expected, actual.
    pub(crate) figures: Vec<(&'static str, u64, Figure)>,
    /// The properties that differ.
    pub(crate) properties: Vec<PropertyMismatch>,
}

impl<'a> StandardMatch<'a> {
    /// Compares a flavor with a standard flavor, by a profile.
    pub(crate) fn of(offer: &'a Offer, standard: StandardFlavor, profile: Profile) -> Self {
        let figures = figures(offer, standard).into_iter();
        Self {
            offer,
            figures: figures.filter(|(_, expected, actual)| *actual != Figure::Is(*expected)).collect(),
            properties: property_mismatches(offer, standard, profile),
        }
    }
}

/// A figure of a flavor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Figure {
    /// The value.
    Is(u64),
    /// The source does not have it.
    NotGiven,
    /// The source has an unusable value.
    Unusable(String),
}

/// A property with a wrong value for a standard flavor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PropertyMismatch {
    /// The key.
    pub(crate) key: &'static str,
    /// The allowed values; empty if it must not be set.
    pub(crate) expected: Vec<String>,
    /// The actual value.
    pub(crate) actual: Option<String>,
}

/// The flavors that represent the standard flavors, by either profile, computed once for a set.
#[derive(Clone, Debug)]
pub(crate) struct Matches {
    /// The indices of the flavors, in the order of the standard flavors.
    text: [Option<usize>; COUNT],
    official: [Option<usize>; COUNT],
}

impl Matches {
    pub(crate) fn of(offers: &[Offer]) -> Self {
        let mut text: [Option<(Rank, usize)>; COUNT] = [None; COUNT];
        // The official suite uses the last one with the property `scs:name-v2`, or else the first one with the name.
        let (mut by_property, mut by_name) = ([None; COUNT], [None; COUNT]);
        for (number, offer) in offers.iter().enumerate() {
            for index in candidates(offer) {
                let Some(rank) = rank(offer, StandardFlavor::at(index)) else { continue };
                // Of equal candidates, the first one in the list.
                if text[index].is_none_or(|(best, _)| best < rank) {
                    text[index] = Some((rank, number));
                }
            }
            if let Some(index) = offer.flavor().extra_spec("scs:name-v2").and_then(by_exact_name) {
                by_property[index] = Some(number);
            }
            if let Some(index) = by_exact_name(&offer.flavor().name) {
                by_name[index] = by_name[index].or(Some(number));
            }
        }
        let mut official = by_property;
        for (found, named) in official.iter_mut().zip(by_name) {
            *found = found.or(named);
        }
        Self { text: text.map(|best| best.map(|(_, number)| number)), official }
    }

    /// The index of the flavor that represents a standard flavor, by a profile.
    pub(crate) fn number(&self, standard: StandardFlavor, profile: Profile) -> Option<usize> {
        let numbers = match profile {
            Profile::Text => &self.text,
            Profile::Official => &self.official,
        };
        numbers
            .iter()
            .zip(StandardFlavor::all())
            .find(|(_, it)| *it == standard)
            .and_then(|(number, _)| *number)
    }
}

fn by_exact_name(name: &str) -> Option<usize> {
    StandardFlavor::all().position(|standard| standard.recommended_name() == name)
}

/// The standard flavors that a flavor may represent, by its figures, name or properties.
fn candidates(offer: &Offer) -> BTreeSet<usize> {
    let flavor = offer.flavor();
    let figures = flavor.vcpus.zip(flavor.ram_mib).zip(flavor.disk_gb);
    let by_figures = figures.and_then(|((vcpus, ram), disk)| StandardFlavor::for_figures(vcpus, ram, disk));
    let by_name = offer.parsed(Profile::Text).and_then(|parsed| StandardFlavor::of(&parsed.name));
    let claimed = ["scs:name-v1", "scs:name-v2"].map(|key| StandardFlavor::named(flavor.extra_spec(key)?));
    let all = [by_figures, by_name].into_iter().chain(claimed).flatten();
    all.filter_map(|standard| StandardFlavor::all().position(|it| it == standard)).collect()
}

/// How well a flavor represents a standard flavor; better ones are greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    /// Whether it has the figures, and a type or name shows that it is meant.
    fits: bool,
    /// Whether it is available to everyone.
    usable: bool,
    /// The number of correct properties.
    right_properties: usize,
    /// The number of names that claim it; its own counts twice.
    claims: usize,
}

/// Matches by figures, CPU type and disk type; failing that, by name, or by properties if the
/// figures are not known to be different (C-028).
fn rank(offer: &Offer, standard: StandardFlavor) -> Option<Rank> {
    let flavor = offer.flavor();
    let figures = figures(offer, standard);
    let same_figures = figures.iter().all(|(_, expected, actual)| *actual == Figure::Is(*expected));
    let other_figures = figures
        .iter()
        .any(|(_, expected, actual)| matches!(actual, Figure::Is(actual) if actual != expected));
    let spec = |key| flavor.extra_spec(key);
    let own = offer.parsed(Profile::Text).map(|parsed| parsed.name);
    // A flavor whose own name states another class is a different one with a wrong property.
    let same_types = spec("scs:cpu-type") == Some(standard.cpu_type().key())
        && own.is_none_or(|name| name.cpu().kind == standard.cpu_type())
        && match standard.disk_type() {
            StandardDisk::None | StandardDisk::Any => true,
            StandardDisk::Of(kind) => spec("scs:disk0-type") == Some(kind.key()),
        };
    let named = own == Some(standard.name());
    let variants = [
        spec("scs:name-v2") == Some(standard.recommended_name()),
        spec("scs:name-v1") == Some(&standard.name_v1()),
    ];
    let claims = usize::from(named) * 2 + variants.iter().filter(|&&claim| claim).count();
    let fits = same_figures && (same_types || claims > 0) && !is_meant_otherwise(offer, standard);
    let may_be = fits || named || claims > 0 && !other_figures;
    let wrong = property_mismatches(offer, standard, Profile::Text).len();
    may_be.then(|| Rank {
        fits,
        usable: flavor.is_public != Some(false) && flavor.disabled != Some(true),
        right_properties: PROPERTIES - wrong,
        claims,
    })
}

/// The number of properties compared for a standard flavor.
const PROPERTIES: usize = 4;

/// Whether name and `scs:name-v2` agree on different figures than those of the standard flavor: then it is a different flavor
/// with wrong figures.
fn is_meant_otherwise(offer: &Offer, standard: StandardFlavor) -> bool {
    let Some(own) = offer.parsed(Profile::Text).map(|parsed| parsed.name) else { return false };
    let variant = offer.flavor().extra_spec("scs:name-v2");
    let variant =
        variant.and_then(|text| Parser::default().accept(text.as_bytes())).map(|parsed| parsed.name);
    let figures = |name: &FlavorName| {
        let disk = name.disk().map(|disk| disk.size_gb().map_or(0, u32::from));
        (name.cpu().count, name.ram().size, disk)
    };
    variant == Some(own) && figures(&own) != figures(&standard.name())
}

/// The names of the figures in messages.
pub(crate) const VCPUS: &str = "the number of vCPUs";
pub(crate) const MEMORY: &str = "the amount of memory";
/// The figure that other disks cannot replace.
pub(crate) const DISK: &str = "the size of the root disk";

fn figures(offer: &Offer, standard: StandardFlavor) -> [(&'static str, u64, Figure); 3] {
    let flavor = offer.flavor();
    let figure = |field, given: Option<u64>| match (given, flavor.unusable(field)) {
        (_, Some(reason)) => Figure::Unusable(reason.to_owned()),
        (Some(figure), None) => Figure::Is(figure),
        (None, None) => Figure::NotGiven,
    };
    [
        (VCPUS, u64::from(standard.vcpus()), figure("vcpus", flavor.vcpus)),
        (MEMORY, standard.ram_mib(), figure("ram_mib", flavor.ram_mib)),
        (DISK, u64::from(standard.disk_gb()), figure("disk_gb", flavor.disk_gb)),
    ]
}

/// The wrong properties, by a profile.
fn property_mismatches(offer: &Offer, standard: StandardFlavor, profile: Profile) -> Vec<PropertyMismatch> {
    let any = || DiskType::ALL.into_iter().map(|kind| kind.key().to_owned()).collect::<Vec<_>>();
    let mut wanted: Vec<(&'static str, Vec<String>)> = standard
        .expected_extra_specs()
        .into_iter()
        .filter(|(key, _)| *key != "scs:disk0-type")
        .map(|(key, value)| (key, vec![value]))
        .collect();
    match (standard.disk_type(), profile) {
        (StandardDisk::Of(kind), _) => wanted.push(("scs:disk0-type", vec![kind.key().to_owned()])),
        (StandardDisk::Any, Profile::Text) => wanted.push(("scs:disk0-type", any())),
        // C-025: the official suite takes an open type as `network`.
        (StandardDisk::Any, Profile::Official) => {
            wanted.push(("scs:disk0-type", vec![DiskType::Network.key().to_owned()]));
        }
        (StandardDisk::None, Profile::Text) => wanted.push(("scs:disk0-type", Vec::new())),
        // C-029: the official suite ignores surplus properties.
        (StandardDisk::None, Profile::Official) => {}
    }
    let differs = |(key, expected): (&'static str, Vec<String>)| {
        let actual = offer.flavor().extra_spec(key).map(str::to_owned);
        let fits = match &actual {
            None => expected.is_empty(),
            Some(actual) => expected.contains(actual),
        };
        (!fits).then_some(PropertyMismatch { key, expected, actual })
    };
    wanted.into_iter().filter_map(differs).collect()
}
