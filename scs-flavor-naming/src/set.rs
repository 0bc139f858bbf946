//! The flavors of a check.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::OnceLock;

use scs_standards::subject::Flavor;
use scs_standards::{Context, Profile, Strength};

use crate::blueprint::Blueprint;
use crate::offer::Offer;
use crate::parser::Parsed;
use crate::standard_flavors::StandardFlavor;
use crate::standard_match::{Matches, StandardMatch};

/// The flavors of a cloud, created from flavors, from names, or from a `FlavorList` with the feature `sources`.
///
/// ```
/// use scs_flavor_naming::FlavorSet;
/// use scs_flavor_naming::scs_standards::subject::Flavor;
///
/// let flavor = Flavor { name: "SCS-2V-8".to_owned(), vcpus: Some(2), ram_mib: Some(8192), ..Flavor::default() };
/// let set = FlavorSet::from(vec![flavor]).with_broken(vec!["entry 2: `name` is missing".to_owned()]);
/// assert_eq!(set.offers()[0].flavor().vcpus, Some(2));
/// assert_eq!(set.broken().len(), 1);
/// ```
#[derive(Clone, Debug)]
pub struct FlavorSet {
    offers: Vec<Offer>,
    broken: Vec<String>,
    /// Whether they are definitions from which another tool creates flavors.
    definitions: bool,
    /// Tries out the fixes; `None` if the set is the result of a fix, for which no further fixes are needed.
    trial: Option<Trial>,
    /// Computed on first use, so that rules need not search the list for every flavor.
    index: OnceLock<Index>,
    matches: OnceLock<Matches>,
}

/// An index of the flavors.
#[derive(Clone, Debug)]
struct Index {
    /// The index of the first flavor with a name.
    by_name: HashMap<String, usize>,
    ids: HashSet<String>,
}

/// A field that is missing from some flavors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NotGiven {
    /// The field, in words.
    pub field: &'static str,
    /// The number of flavors without it.
    pub flavors: usize,
}

/// A violation that a new flavor would cause.
pub(crate) struct Added {
    pub(crate) strength: Strength,
    pub(crate) message: String,
}

/// Finds the violations that a new flavor would cause. Rules propose fixes and fixes are tried out with all rules, so the set
/// brings this function along: fixes do not depend on the rules.
#[derive(Clone, Copy)]
pub(crate) struct Trial(pub(crate) fn(&FlavorSet, &Blueprint, Option<&Flavor>, &Context<'_>) -> Vec<Added>);

impl fmt::Debug for Trial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Trial")
    }
}

impl FlavorSet {
    /// Creates a set whose fixes are tried out by `trial`, if given.
    pub(crate) fn of(flavors: impl IntoIterator<Item = Flavor>, trial: Option<Trial>) -> Self {
        Self {
            offers: flavors.into_iter().map(Offer::new).collect(),
            broken: Vec::new(),
            definitions: false,
            trial,
            index: OnceLock::new(),
            matches: OnceLock::new(),
        }
    }

    /// A set of one flavor, the result of a fix.
    pub(crate) fn on_trial(flavor: Flavor) -> Self {
        Self::of([flavor], None)
    }

    /// Sets the messages about unreadable entries of the source, which rules over all flavors take into account.
    #[must_use]
    pub fn with_broken(self, broken: Vec<String>) -> Self {
        Self { broken, ..self }
    }

    /// Marks the set as definitions of a tool such as openstack-flavor-manager: their fixes change the file, since the
    /// tool would undo changes made in the cloud.
    #[must_use]
    pub fn as_definitions(self) -> Self {
        Self { definitions: true, ..self }
    }

    /// Whether it is the result of a fix.
    pub(crate) const fn is_trial(&self) -> bool {
        self.trial.is_none()
    }

    /// The violations that a new flavor would cause and the replaced one does not have; without a replaced one, all of
    /// them.
    pub(crate) fn added(&self, new: &Blueprint, old: Option<&Flavor>, context: &Context<'_>) -> Vec<Added> {
        // Fixes for a flavor on trial are not needed.
        self.trial.map_or_else(Vec::new, |Trial(added)| added(self, new, old, context))
    }

    /// Whether they are definitions of a tool.
    #[must_use]
    pub const fn are_definitions(&self) -> bool {
        self.definitions
    }

    /// All flavors.
    #[must_use]
    pub fn offers(&self) -> &[Offer] {
        &self.offers
    }

    /// Messages about unreadable entries of the source.
    #[must_use]
    pub fn broken(&self) -> &[String] {
        &self.broken
    }

    /// The fields needed by rules and fixes that are missing from some of the flavors.
    #[must_use]
    pub fn not_given(&self) -> Vec<NotGiven> {
        type Has = fn(&Flavor) -> bool;
        let fields: [(&str, &str, Has); 5] = [
            ("vcpus", "vCPUs", |flavor| flavor.vcpus.is_some()),
            ("ram_mib", "memory", |flavor| flavor.ram_mib.is_some()),
            ("disk_gb", "root disk", |flavor| flavor.disk_gb.is_some()),
            ("is_public", "visibility", |flavor| flavor.is_public.is_some()),
            ("extra_specs", "extra specs", |flavor| flavor.extra_specs.is_some()),
        ];
        let lacking = |(field, words, has): (&str, &'static str, Has)| {
            let flavors = self.offers.iter().map(Offer::flavor);
            let count = flavors.filter(|flavor| !has(flavor) && flavor.unusable(field).is_none()).count();
            (count > 0).then_some(NotGiven { field: words, flavors: count })
        };
        fields.into_iter().filter_map(lacking).collect()
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| {
            let mut by_name = HashMap::with_capacity(self.offers.len());
            for (number, offer) in self.offers.iter().enumerate() {
                by_name.entry(offer.flavor().name.clone()).or_insert(number);
            }
            Index { by_name, ids: self.offers.iter().filter_map(|offer| offer.flavor().id.clone()).collect() }
        })
    }

    /// The flavor with exactly this name.
    pub(crate) fn with_name(&self, name: &str) -> Option<&Offer> {
        self.offers.get(*self.index().by_name.get(name)?)
    }

    /// Whether a flavor has this id.
    pub(crate) fn has_id(&self, id: &str) -> bool {
        self.index().ids.contains(id)
    }

    /// The flavor that represents a standard flavor, by a profile. The official suite looks it up by name.
    pub(crate) fn matched(&self, standard: StandardFlavor, profile: Profile) -> Option<StandardMatch<'_>> {
        let matches = self.matches.get_or_init(|| Matches::of(&self.offers));
        Some(StandardMatch::of(self.offers.get(matches.number(standard, profile)?)?, standard, profile))
    }

    /// The flavors that represent standard flavors.
    pub(crate) fn representing(&self, profile: Profile) -> Vec<(StandardFlavor, StandardMatch<'_>)> {
        let all = StandardFlavor::all();
        all.filter_map(|standard| Some((standard, self.matched(standard, profile)?))).collect()
    }

    /// The flavors with names that start with `SCS-`.
    pub(crate) fn scs(&self) -> impl Iterator<Item = &Offer> {
        self.offers.iter().filter(|offer| offer.is_scs())
    }

    /// The flavors with names accepted by a profile, with their parsed names.
    pub(crate) fn named(&self, profile: Profile) -> impl Iterator<Item = (&Offer, &Parsed)> {
        self.offers.iter().filter_map(move |offer| Some((offer, offer.parsed(profile)?)))
    }
}
