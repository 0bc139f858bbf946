//! x
pub mod fips;
