//! All crates of rules.

mod clusters;
mod entropy;
mod flavors;
pub(crate) mod images;
mod policies;

use crate::domain::Domain;

pub(crate) use entropy::evidence;

/// One line for each crate.
pub(crate) const DOMAINS: &[&dyn Domain] =
    &[&flavors::Flavors, &entropy::Entropy, &images::Images, &policies::Policies, &clusters::Clusters];
