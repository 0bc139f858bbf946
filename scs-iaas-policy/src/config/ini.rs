//! Files of sections and options, as oslo.config reads them.

use std::str::FromStr;

use ini::{Ini as Parsed, ParseOption};
use thiserror::Error;

/// A file of sections and options.
///
/// ```
/// use scs_iaas_policy::config::Ini;
///
/// let file: Ini = "[DEFAULT]\nbackup_driver = cinder.backup.drivers.s3.S3BackupDriver  \n# a comment\n".parse()?;
/// assert_eq!(file.value("DEFAULT", "backup_driver"), Some("cinder.backup.drivers.s3.S3BackupDriver"));
/// assert_eq!(file.flag("oslo_policy", "enforce_scope"), None);
/// # Ok::<(), scs_iaas_policy::config::ReadIniError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Ini(Parsed);

/// A text that is no file of sections and options.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("not valid INI in line {line}: {message}")]
pub struct ReadIniError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl FromStr for Ini {
    type Err = ReadIniError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let options = ParseOption {
            enabled_quote: false,
            enabled_escape: false,
            enabled_indented_mutiline_value: true,
            ..ParseOption::default()
        };
        Parsed::load_from_str_opt(text, options)
            .map(Self)
            .map_err(|error| ReadIniError { line: error.line, message: error.msg.to_string() })
    }
}

impl Ini {
    /// The names of the sections.
    pub fn sections(&self) -> impl Iterator<Item = &str> {
        self.0.sections().flatten()
    }

    /// The value of an option; of several, the last one, as oslo.config takes it. Dashes and underscores in the name are
    /// the same.
    #[must_use]
    pub fn value(&self, section: &str, option: &str) -> Option<&str> {
        self.values(section, option).last()
    }

    /// All values of an option that may be there several times.
    pub fn values<'a>(&'a self, section: &str, option: &str) -> impl Iterator<Item = &'a str> {
        let same = |given: &str| given.replace('-', "_") == option;
        let sections = self.0.section_all(Some(section));
        let mut values: Vec<&str> = Vec::new();
        for properties in sections {
            values.extend(properties.iter().filter(|(name, _)| same(name)).map(|(_, value)| value.trim()));
        }
        values.into_iter()
    }

    /// A truth value as oslo.config writes it; `Some(Err)` where it is none.
    #[must_use]
    pub fn flag(&self, section: &str, option: &str) -> Option<Result<bool, String>> {
        let value = self.value(section, option)?;
        Some(match value.to_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => Ok(true),
            "false" | "0" | "no" | "off" => Ok(false),
            other => Err(other.to_owned()),
        })
    }

    /// The parts of a value that is a list, separated by commas.
    #[must_use]
    pub fn list(&self, section: &str, option: &str) -> Option<Vec<&str>> {
        let value = self.value(section, option)?;
        Some(value.split(',').map(str::trim).filter(|part| !part.is_empty()).collect())
    }
}
