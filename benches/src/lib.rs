//! Names of flavors for measurements and tests: as many as wanted, mixed, and the same for the same seed.
//!
//! The names are put together by hand and not printed by the parser's own types, so that they are evidence about both.

pub mod names;
pub mod random;

pub use names::{ALPHABET, distinct, lenient, mixed, mutated, name};
pub use random::Random;
