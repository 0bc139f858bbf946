//! Fetching each fact from its sources.

mod cves;
mod distributions;
mod ends_of_life;
mod kubernetes;
mod scope;
mod stable;
mod tls;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::address::{public, shown};
use crate::client::{Answer, Asking, Text};
use crate::error::RequestError;
use crate::fact::Key;
use crate::metadata::Validator;
use crate::outcome::Reason;
use crate::source::Source;
use crate::store::Stored;

/// A fetched edition.
pub(crate) struct Fetched {
    /// The content of the file.
    pub(crate) text: String,
    /// Whether it differs from the known edition in more than its date.
    pub(crate) is_new: bool,
    /// The source.
    pub(crate) source: Source,
    pub(crate) validators: BTreeMap<String, Validator>,
    pub(crate) notices: Vec<String>,
}

/// The input of a fetch.
pub(crate) struct Fetch<'a> {
    pub(crate) asking: Asking<'a>,
    /// The stored edition.
    pub(crate) known: Option<&'a Stored>,
    /// The time of the update.
    pub(crate) at: Timestamp,
}

/// Fetches a fact.
pub(crate) async fn fetch(key: Key, fetch: &Fetch<'_>) -> Result<Fetched, (Reason, Vec<String>)> {
    let without_notices = |reason| (reason, Vec::new());
    match key {
        Key::KubernetesReleases => kubernetes::releases(fetch).await,
        Key::KubernetesEndsOfLife => ends_of_life::ends_of_life(fetch).await,
        Key::KubernetesCves => cves::cves(fetch).await,
        Key::DistributionReleases => distributions::releases(fetch).await.map_err(without_notices),
        Key::ScsCompatibleIaas => {
            scope::scope(fetch, Source::ScsCompatibleIaas).await.map_err(without_notices)
        }
        Key::ScsCompatibleKaas => {
            scope::scope(fetch, Source::ScsCompatibleKaas).await.map_err(without_notices)
        }
        Key::MozillaTls => tls::profiles(fetch).await.map_err(without_notices),
    }
}

impl Fetch<'_> {
    /// The day of the update.
    fn day(&self) -> Date {
        self.at.to_zoned(TimeZone::UTC).date()
    }

    fn url(&self, source: Source) -> String {
        self.asking.options().url(source).to_owned()
    }

    /// What the known edition says about an address.
    fn validator(&self, url: &str) -> Option<&Validator> {
        let validators = self.known.map(|known| &known.metadata.validators);
        validators.and_then(|known| known.get(&public(url))).filter(|known| !known.is_empty())
    }

    /// Requests an address, conditionally if it is part of the known edition.
    async fn get(&self, url: &str) -> Result<Answer, RequestError> {
        self.asking.get(url, self.validator(url), None).await
    }

    /// Requests an address unconditionally.
    async fn text(&self, url: &str) -> Result<Text, RequestError> {
        match self.asking.get(url, None, None).await? {
            Answer::Text(text) => Ok(text),
            // Without a condition, it is a mistake of the source.
            Answer::NotModified => Err(RequestError::Status { url: shown(url), status: 304 }),
        }
    }
}

/// The validators of one address.
fn of_one(url: &str, validator: Validator) -> BTreeMap<String, Validator> {
    BTreeMap::from([(public(url), validator)])
}

/// The validators of the known edition.
fn validators_of(known: &Stored) -> BTreeMap<String, Validator> {
    known.metadata.validators.clone()
}

/// The error for an unexpected form.
fn shape(url: &str, expected: &'static str, reason: &(impl ToString + ?Sized)) -> RequestError {
    RequestError::Shape { url: shown(url), expected, reason: reason.to_string() }
}
