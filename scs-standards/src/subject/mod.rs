//! Bare subject records: what an API returned, without rules, for the standards that share them.

mod flavor;
mod image;

pub use flavor::{Flavor, Unusable};
pub use image::{Image, ImageField, ImageKey, ImageValue, ValueRef};
