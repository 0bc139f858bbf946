//! The flavors that a check looks at, each with its name read once by either profile.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use scs_standards::Profile;
use scs_standards::subject::Flavor;

use super::standard::Matches;
use crate::error::ParseNameError;
use crate::grammar::PREFIX;
use crate::name::FlavorName;
use crate::parse::{Parsed, Parser};

/// The flavors of a cloud.
#[derive(Clone, Debug, Default)]
pub struct FlavorSet {
    offers: Vec<Offer>,
    broken: Vec<String>,
    /// Whether they are definitions, which some other tool makes flavors of.
    definitions: bool,
    /// Whether it holds what a repair would make, and no repairs of that are wanted.
    trial: bool,
    /// Worked out when first asked for, so that no rule searches the list for every flavor.
    index: OnceLock<Index>,
    matches: OnceLock<Matches>,
}

/// What finds flavors of a set.
#[derive(Clone, Debug)]
struct Index {
    /// The number of the first flavor of a name.
    by_name: HashMap<String, usize>,
    ids: HashSet<String>,
}

/// A flavor with its name read.
#[derive(Clone, Debug)]
pub struct Offer {
    flavor: Flavor,
    /// By the text and by the official parser; `None` where the name does not start with `SCS-`.
    names: Option<[Result<Parsed, ParseNameError>; 2]>,
}

/// A field that some flavors of a list do not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NotGiven {
    /// The field, in words.
    pub field: &'static str,
    /// How many flavors do not have it.
    pub flavors: usize,
}

impl FlavorSet {
    /// A set of flavors, and the reasons why further entries of the source could not be read.
    #[must_use]
    pub fn new(flavors: Vec<Flavor>, broken: Vec<String>) -> Self {
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
        Self { offers, broken, ..Self::default() }
    }

    /// The same as definitions of a tool such as openstack-flavor-manager: they are repaired where they stand, since the
    /// tool undoes what is changed in the cloud.
    #[must_use]
    pub fn as_definitions(self) -> Self {
        Self { definitions: true, ..self }
    }

    /// Marks it as what a repair would make.
    pub(crate) fn on_trial(self) -> Self {
        Self { trial: true, ..self }
    }

    /// Whether it holds what a repair would make.
    pub(crate) const fn is_trial(&self) -> bool {
        self.trial
    }

    /// Whether they are definitions of a tool.
    #[must_use]
    pub const fn are_definitions(&self) -> bool {
        self.definitions
    }

    /// A set of names without anything else.
    pub fn of_names<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Self {
        let flavors = names.into_iter().map(|name| Flavor { name: name.into(), ..Flavor::default() });
        Self::new(flavors.collect(), Vec::new())
    }

    /// All flavors.
    #[must_use]
    pub fn offers(&self) -> &[Offer] {
        &self.offers
    }

    /// Why further entries of the source could not be read.
    #[must_use]
    pub fn broken(&self) -> &[String] {
        &self.broken
    }

    /// The fields that rules and repairs rest on and that some of the flavors do not have.
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

    /// The flavor of exactly this name.
    pub(crate) fn of_name(&self, name: &str) -> Option<&Offer> {
        self.offers.get(*self.index().by_name.get(name)?)
    }

    /// Whether a flavor has this id.
    pub(crate) fn has_id(&self, id: &str) -> bool {
        self.index().ids.contains(id)
    }

    /// Which flavors stand for the standard ones.
    pub(super) fn matches(&self) -> &Matches {
        self.matches.get_or_init(|| Matches::of(self))
    }

    /// The flavors whose names start with `SCS-`.
    pub(super) fn scs(&self) -> impl Iterator<Item = &Offer> {
        self.offers.iter().filter(|offer| offer.names.is_some())
    }

    /// The flavors whose names a profile accepts, with their names.
    pub(super) fn named(&self, profile: Profile) -> impl Iterator<Item = (&Offer, &Parsed)> {
        self.offers.iter().filter_map(move |offer| Some((offer, offer.parsed(profile)?)))
    }
}

/// Where a name stands that is the flavor's own.
pub(crate) const OWN_NAME: &str = "its name";

/// How many broken entries of a source are told one by one: a file of another kind may have a million.
#[cfg(feature = "sources")]
const MOST_TOLD: usize = 100;

#[cfg(feature = "sources")]
impl From<crate::sources::FlavorList> for FlavorSet {
    fn from(list: crate::sources::FlavorList) -> Self {
        use crate::sources::FlavorFormat;
        let mut broken: Vec<String> = list.broken.iter().take(MOST_TOLD).map(ToString::to_string).collect();
        let more = list.broken.len() - broken.len();
        if more > 0 {
            broken.push(format!("… and {more} more entries"));
        }
        broken.extend(list.incomplete.map(|incomplete| incomplete.to_string()));
        let definitions = matches!(list.format, FlavorFormat::FlavorManager | FlavorFormat::FlavorGroups);
        Self { definitions, ..Self::new(list.flavors, broken) }
    }
}

impl Offer {
    /// The flavor as the source has it.
    #[must_use]
    pub const fn flavor(&self) -> &Flavor {
        &self.flavor
    }

    /// Its name by a profile; `None` where the name does not start with `SCS-`.
    #[must_use]
    pub fn name(&self, profile: Profile) -> Option<&Result<Parsed, ParseNameError>> {
        self.names.as_ref().map(|names| &names[profile as usize])
    }

    /// Its name by a profile, if that accepts it.
    #[must_use]
    pub fn parsed(&self, profile: Profile) -> Option<&Parsed> {
        self.name(profile)?.as_ref().ok()
    }

    /// Its own name and the valid ones among its `scs:name-vN`, each with where it stands.
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
