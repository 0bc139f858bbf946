//! Names of flavors and lists of images for measurements and tests: as many as wanted, mixed, and the same for the same seed.
//!
//! The names are put together by hand and not printed by the parser's own types, so that they are evidence about both.

pub mod image_lists;
pub mod names;
pub mod python;
pub mod random;
pub mod rearranged;

pub use image_lists::{image_list, wild_image_list};
pub use names::{ALPHABET, distinct, lenient, mixed, mutated, name};
pub use random::Random;
pub use rearranged::{foreign_digits, rearranged};
