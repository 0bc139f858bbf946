//! Parameters of queries, read as the official monitor reads them.

use serde::Deserialize;
use utoipa::IntoParams;

use super::error::Error;

/// The part of a list to return.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Page {
    /// The largest number of items [default: 10]
    #[param(value_type = Option<i64>, minimum = 0)]
    limit: Option<String>,
    /// The number of items to leave out at the beginning [default: 0]
    #[param(value_type = Option<i64>, minimum = 0)]
    skip: Option<String>,
}

impl Page {
    /// The limit and the number of items to leave out.
    pub(super) fn range(&self) -> Result<(u32, u32), Error> {
        Ok((number("limit", self.limit.as_deref(), 10)?, number("skip", self.skip.as_deref(), 0)?))
    }
}

fn number(name: &str, given: Option<&str>, default: u32) -> Result<u32, Error> {
    let Some(given) = given else { return Ok(default) };
    let read = given.trim().parse();
    read.map_err(|_| Error::invalid(["query", name], given, "Input should be an integer of at least 0"))
}

/// A boolean, in the spellings that the official monitor accepts.
pub(super) fn flag(name: &str, given: Option<&str>) -> Result<Option<bool>, Error> {
    let Some(given) = given else { return Ok(None) };
    match given.to_ascii_lowercase().as_str() {
        "1" | "true" | "t" | "on" | "yes" | "y" => Ok(Some(true)),
        "0" | "false" | "f" | "off" | "no" | "n" => Ok(Some(false)),
        _ => Err(Error::invalid(["query", name], given, "Input should be a valid boolean")),
    }
}
