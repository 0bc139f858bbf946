//! Mozilla's TLS recommendations.

use scs_iaas_policy::{ReadTlsProfilesError, TlsProfiles};

use super::{Fetch, Fetched, of_one, shape, validators_of};
use crate::client::Answer;
use crate::outcome::Reason;
use crate::source::Source;

pub(super) async fn profiles(fetch: &Fetch<'_>) -> Result<Fetched, Reason> {
    let unusable = |error: ReadTlsProfilesError| Reason::Unusable(error.to_string());
    let url = fetch.url(Source::MozillaTls);
    let known = fetch.known.map(|known| known.text.parse::<TlsProfiles>()).transpose().map_err(unusable)?;
    let before = known.clone().unwrap_or_else(|| TlsProfiles::embedded().clone());
    let (profiles, validators) = match (fetch.get(&url).await?, fetch.known) {
        (Answer::NotModified, Some(stored)) => (before.with_as_of(fetch.day()), validators_of(stored)),
        (Answer::NotModified, None) => return Err(Reason::Missing),
        (Answer::Text(text), _) => {
            let wrong = |error: ReadTlsProfilesError| shape(&url, "Mozilla's TLS guidelines", &error);
            let newest = before.versions().next().unwrap_or_default().to_owned();
            let is_outdated = |version: &str| before.versions().skip(1).any(|known| known == version);
            let version = TlsProfiles::version_of_guideline(&text.body).map_err(wrong)?;
            if is_outdated(&version) {
                let reason = format!("version {version} is older than {newest}, which is known");
                return Err(shape(&url, "the newest version of Mozilla's TLS guidelines", &reason).into());
            }
            let read = before.with_guideline(&text.body, fetch.day()).map_err(wrong)?;
            (read, of_one(&url, text.validator))
        }
    };
    let is_new = known.is_none_or(|known| !known.has_same_versions(&profiles));
    let text = profiles.to_yaml().map_err(unusable)?;
    Ok(Fetched { text, is_new, source: Source::MozillaTls, validators, notices: Vec::new() })
}
