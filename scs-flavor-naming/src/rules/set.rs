//! The flavors of a check, with their names parsed once for each profile.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use scs_standards::Profile;
use scs_standards::subject::Flavor;

use super::standard::Matches;
use crate::error::ParseNameError;
use crate::grammar::PREFIX;
use crate::name::FlavorName;
use crate::parser::{Parsed, Parser};

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
#[derive(Clone, Debug, Default)]
pub struct FlavorSet {
    offers: Vec<Offer>,
    broken: Vec<String>,
    /// Whether they are definitions from which another tool creates flavors.
    definitions: bool,
    /// Whether it is the result of a fix, for which no further fixes are needed.
    trial: bool,
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

/// A flavor with its parsed name.
#[derive(Clone, Debug)]
pub struct Offer {
    flavor: Flavor,
    /// The name parsed by the text and by the official parser; `None` if it does not start with `SCS-`.
    names: Option<[Result<Parsed, ParseNameError>; 2]>,
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

impl From<Vec<Flavor>> for FlavorSet {
    fn from(flavors: Vec<Flavor>) -> Self {
        flavors.into_iter().collect()
    }
}

impl FromIterator<Flavor> for FlavorSet {
    fn from_iter<I: IntoIterator<Item = Flavor>>(flavors: I) -> Self {
        let parsers = Profile::ALL.map(Parser::new);
        let offers = flavors
            .into_iter()
            .map(|flavor| Offer {
                names: flavor
                    .name
                    .as_bytes()
                    .starts_with(PREFIX)
                    .then(|| parsers.map(|parser| parser.parse(&flavor.name))),
                flavor,
            })
            .collect();
        Self { offers, ..Self::default() }
    }
}

impl FlavorSet {
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

    /// Marks the set as the result of a fix.
    pub(crate) fn on_trial(self) -> Self {
        Self { trial: true, ..self }
    }

    /// Whether it is the result of a fix.
    pub(crate) const fn is_trial(&self) -> bool {
        self.trial
    }

    /// Whether they are definitions of a tool.
    #[must_use]
    pub const fn are_definitions(&self) -> bool {
        self.definitions
    }

    /// Creates a set from names only.
    pub fn from_names<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Self {
        names.into_iter().map(|name| Flavor { name: name.into(), ..Flavor::default() }).collect()
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
                by_name.entry(offer.flavor.name.clone()).or_insert(number);
            }
            Index { by_name, ids: self.offers.iter().filter_map(|offer| offer.flavor.id.clone()).collect() }
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

    /// The flavors that represent the standard flavors.
    pub(super) fn matches(&self) -> &Matches {
        self.matches.get_or_init(|| Matches::of(self))
    }

    /// The flavors with names that start with `SCS-`.
    pub(super) fn scs(&self) -> impl Iterator<Item = &Offer> {
        self.offers.iter().filter(|offer| offer.names.is_some())
    }

    /// The flavors with names accepted by a profile, with their parsed names.
    pub(super) fn named(&self, profile: Profile) -> impl Iterator<Item = (&Offer, &Parsed)> {
        self.offers.iter().filter_map(move |offer| Some((offer, offer.parsed(profile)?)))
    }
}

/// The description of a flavor's own name.
pub(crate) const OWN_NAME: &str = "its name";

/// The maximum number of unreadable entries reported individually: a file of another kind may have a million.
#[cfg(feature = "sources")]
const MAX_REPORTED: usize = 100;

#[cfg(feature = "sources")]
impl From<crate::sources::FlavorList> for FlavorSet {
    fn from(list: crate::sources::FlavorList) -> Self {
        use crate::sources::FlavorFormat;
        let mut broken: Vec<String> =
            list.broken.iter().take(MAX_REPORTED).map(ToString::to_string).collect();
        let more = list.broken.len() - broken.len();
        if more > 0 {
            broken.push(format!("… and {more} more {}", if more == 1 { "entry" } else { "entries" }));
        }
        broken.extend(list.incomplete.map(|incomplete| incomplete.to_string()));
        let definitions = matches!(list.format, FlavorFormat::FlavorManager | FlavorFormat::FlavorGroups);
        Self { broken, definitions, ..Self::from(list.flavors) }
    }
}

impl Offer {
    /// The flavor as read from the source.
    #[must_use]
    pub const fn flavor(&self) -> &Flavor {
        &self.flavor
    }

    /// The name parsed by a profile; `None` if it does not start with `SCS-`.
    #[must_use]
    pub fn name(&self, profile: Profile) -> Option<&Result<Parsed, ParseNameError>> {
        self.names.as_ref().map(|names| &names[profile as usize])
    }

    /// The name parsed by a profile, if accepted.
    #[must_use]
    pub fn parsed(&self, profile: Profile) -> Option<&Parsed> {
        self.name(profile)?.as_ref().ok()
    }

    /// The own name and the valid ones among `scs:name-vN`, each with its origin.
    pub(crate) fn all_names(&self, profile: Profile) -> Vec<(String, FlavorName)> {
        let own = self.parsed(profile).map(|parsed| (OWN_NAME.to_owned(), parsed.name));
        let parser = Parser::new(profile);
        let variants = self
            .name_variants()
            .filter_map(move |(key, text)| Some((format!("`{key}`"), parser.accept(text.as_bytes())?.name)));
        own.into_iter().chain(variants).collect()
    }

    /// The extra specs `scs:name-vN`.
    pub(crate) fn name_variants(&self) -> impl Iterator<Item = (&str, &str)> {
        let specs = self.flavor.extra_specs.iter().flatten();
        specs.filter_map(|(key, value)| {
            use crate::properties::PropertyKey;
            matches!(PropertyKey::of(key), Some(PropertyKey::NameVariant(_)))
                .then_some((key.as_str(), value.as_str()))
        })
    }
}
