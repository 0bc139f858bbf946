//! Parses names, and explains why one is rejected.

use std::str::FromStr;

use crate::diagnosis::diagnose;
use crate::error::ParseNameError;
use crate::grammar;
use crate::name::FlavorName;
use crate::parser::{Parsed, Parser};
use crate::reader::NewestText;

impl Parser {
    /// Parses a name.
    ///
    /// # Errors
    ///
    /// If the name is not an SCS name at all ([`ParseNameError::is_not_scs`]), or none of the versions accepts it; see
    /// [`FlavorName`] for the kinds of mistakes.
    #[inline]
    pub fn parse(&self, text: &str) -> Result<Parsed, ParseNameError> {
        match self.accept(text.as_bytes()) {
            Some(parsed) => Ok(parsed),
            None => Err(diagnose(text, self)),
        }
    }
}

/// Parses names of all versions by their texts, newest first; use a [`Parser`] for anything else.
impl FromStr for FlavorName {
    type Err = ParseNameError;

    #[inline]
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match grammar::read(text.as_bytes(), NewestText) {
            Some(raw) => Ok(raw.name),
            None => parse_older_version(text),
        }
    }
}

#[cold]
fn parse_older_version(text: &str) -> Result<FlavorName, ParseNameError> {
    Parser::default().parse(text).map(|parsed| parsed.name)
}

impl TryFrom<&str> for FlavorName {
    type Error = ParseNameError;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<FlavorName> for String {
    /// The name as `Display` prints it.
    fn from(name: FlavorName) -> Self {
        name.to_string()
    }
}

impl TryFrom<String> for FlavorName {
    type Error = ParseNameError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}
