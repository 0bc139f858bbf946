//! Bare subject records: what an API returned, without rules, for the standards that share them.

mod flavor;

pub use flavor::{Flavor, Unusable};
