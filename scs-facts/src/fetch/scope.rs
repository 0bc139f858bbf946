//! The official scope files.

use super::{Fetch, Fetched, of_one, validators_of};
use crate::client::Answer;
use crate::outcome::Reason;
use crate::source::Source;

pub(super) async fn scope(fetch: &Fetch<'_>, source: Source) -> Result<Fetched, Reason> {
    let url = fetch.url(source);
    let (text, validators) = match (fetch.get(&url).await?, fetch.known) {
        (Answer::NotModified, Some(known)) => (known.text.clone(), validators_of(known)),
        (Answer::NotModified, None) => return Err(Reason::Missing),
        (Answer::Text(text), _) => (text.body, of_one(&url, text.validator)),
    };
    let is_new = fetch.known.is_none_or(|known| known.text != text);
    Ok(Fetched { text, is_new, source, validators, notices: Vec::new() })
}
