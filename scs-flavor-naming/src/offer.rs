//! A flavor of a check, with its name parsed once for each profile.

use std::collections::BTreeSet;

use scs_standards::Profile;
use scs_standards::subject::Flavor;

use crate::disk::DiskType;
use crate::error::ParseNameError;
use crate::grammar::PREFIX;
use crate::name::FlavorName;
use crate::parser::{Parsed, Parser};
use crate::properties::PropertyKey;

/// The description of a flavor's own name.
pub(crate) const OWN_NAME: &str = "its name";

/// A flavor with its parsed name.
#[derive(Clone, Debug)]
pub struct Offer {
    flavor: Flavor,
    /// The name parsed by the text and by the official parser; `None` if it does not start with `SCS-`.
    names: Option<[Result<Parsed, ParseNameError>; 2]>,
}

impl Offer {
    /// Parses the name of a flavor.
    pub(crate) fn new(flavor: Flavor) -> Self {
        let is_scs = flavor.name.as_bytes().starts_with(PREFIX);
        let names = is_scs.then(|| Profile::ALL.map(|profile| Parser::new(profile).parse(&flavor.name)));
        Self { flavor, names }
    }

    /// Whether the name starts with `SCS-`.
    pub(crate) const fn is_scs(&self) -> bool {
        self.names.is_some()
    }

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
            matches!(PropertyKey::of(key), Some(PropertyKey::NameVariant(_)))
                .then_some((key.as_str(), value.as_str()))
        })
    }

    /// The types of all disks, by properties and names: any claim about a disk must be true.
    pub(crate) fn disk_types(&self, profile: Profile) -> BTreeSet<DiskType> {
        let specs = self.flavor.extra_specs.iter().flatten();
        let by_property = specs.filter_map(|(key, value)| match PropertyKey::of(key) {
            Some(PropertyKey::DiskType(_)) => DiskType::from_key(value),
            _ => None,
        });
        let by_name = self.all_names(profile).into_iter().filter_map(|(_, name)| name.disk()?.kind());
        by_property.chain(by_name).collect()
    }
}
