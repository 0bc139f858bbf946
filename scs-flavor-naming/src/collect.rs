//! Creates sets of flavors, whose fixes are tried out with all rules.

use scs_standards::subject::Flavor;

use crate::set::{FlavorSet, Trial};
use crate::trial;

impl Default for FlavorSet {
    fn default() -> Self {
        Self::from(Vec::new())
    }
}

impl From<Vec<Flavor>> for FlavorSet {
    fn from(flavors: Vec<Flavor>) -> Self {
        flavors.into_iter().collect()
    }
}

impl FromIterator<Flavor> for FlavorSet {
    fn from_iter<I: IntoIterator<Item = Flavor>>(flavors: I) -> Self {
        Self::of(flavors, Some(Trial(trial::added)))
    }
}

impl FlavorSet {
    /// Creates a set from names only.
    pub fn from_names<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Self {
        names.into_iter().map(|name| Flavor { name: name.into(), ..Flavor::default() }).collect()
    }
}

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
        let set = Self::from(list.flavors).with_broken(broken);
        match list.format {
            FlavorFormat::FlavorManager | FlavorFormat::FlavorGroups => set.as_definitions(),
            FlavorFormat::Nova | FlavorFormat::Osc => set,
        }
    }
}
