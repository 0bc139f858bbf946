//! From an argument to the subject of a check: files, directories, live clouds.

pub(crate) mod cloud;
pub(crate) mod cluster;
pub(crate) mod conformance_results;
pub(crate) mod facts;
pub(crate) mod fetched;
pub(crate) mod flavors;
pub(crate) mod images;
pub(crate) mod inventories;
pub(crate) mod kinds;
pub(crate) mod live;
pub(crate) mod names;
pub(crate) mod origin;
pub(crate) mod reports;
pub(crate) mod results;
pub(crate) mod scope;
