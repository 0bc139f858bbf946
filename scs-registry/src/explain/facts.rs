//! Files of facts that change without code.

use std::sync::LazyLock;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A file of dated facts that is built into the program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct FactsTopic {
    /// The name.
    pub name: String,
    /// Where the file is in the repository.
    pub file: String,
    /// The day up to which the facts are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>", extend("format" = "date")))]
    pub as_of: Option<Date>,
    /// The day up to which the newest entry may be taken for the newest there is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>", extend("format" = "date")))]
    pub complete_until: Option<Date>,
    /// What it holds and where that comes from, in paragraphs.
    pub about: Vec<String>,
}

/// Written by `cargo xtask generate` from the files. A test makes sure that it can be read.
static FACTS: LazyLock<Vec<FactsTopic>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../data/facts.json")).unwrap_or_default());

/// All of them.
pub(super) fn all() -> &'static [FactsTopic] {
    &FACTS
}

/// A file by its name, with or without extension and folder.
pub(super) fn find(name: &str) -> Option<&'static FactsTopic> {
    let file_name = |file: &'static str| file.rsplit('/').next().unwrap_or_default();
    all().iter().find(|facts| facts.name == name || facts.file == name || file_name(&facts.file) == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_can_be_read() {
        let read: Vec<FactsTopic> = serde_json::from_str(include_str!("../../data/facts.json")).unwrap();
        assert!(read.len() > 10 && read.iter().all(|facts| !facts.about.is_empty()));
    }
}
