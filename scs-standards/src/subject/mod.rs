//! Plain subject records as returned by APIs, without rules, shared by several standards.

mod flavor;
mod image;

pub use flavor::{Flavor, Unusable};
pub use image::{Image, ImageField, ImageKey, ImageValue, ValueRef};
