//! The release calendars of Ubuntu and Debian.

use std::collections::BTreeMap;

use scs_image_metadata::{ImageData, ReadDataError, Releases};

use super::{Fetch, Fetched, validators_of};
use crate::address::public;
use crate::client::Answer;
use crate::outcome::Reason;
use crate::source::Source;

pub(super) async fn releases(fetch: &Fetch<'_>) -> Result<Fetched, Reason> {
    let unusable = |error: ReadDataError| Reason::Unusable(error.to_string());
    let [ubuntu, debian] = [Source::UbuntuReleases, Source::DebianReleases].map(|source| fetch.url(source));
    let known = fetch.known.map(|known| Releases::from_yaml(&known.text)).transpose().map_err(unusable)?;
    let (first, second) = (fetch.get(&ubuntu).await?, fetch.get(&debian).await?);
    if let (Answer::NotModified, Answer::NotModified, Some(known), Some(stored)) =
        (&first, &second, known.clone(), fetch.known)
    {
        let text = known.confirmed_on(fetch.day()).to_yaml().map_err(unusable)?;
        let validators = validators_of(stored);
        return Ok(Fetched {
            text,
            is_new: false,
            source: Source::UbuntuReleases,
            validators,
            notices: Vec::new(),
        });
    }
    // The calendar has both, so the unchanged one is needed, too.
    let (first, second) = (
        match first {
            Answer::Text(text) => text,
            Answer::NotModified => fetch.text(&ubuntu).await?,
        },
        match second {
            Answer::Text(text) => text,
            Answer::NotModified => fetch.text(&debian).await?,
        },
    );
    let day = fetch.day();
    let read = Releases::from_distro_info(&first.body, &second.body, day).map_err(unusable)?;
    let read = merged(read, known.as_ref());
    let is_same = |known: &Releases| known.iter().eq(read.iter());
    let is_new = known.as_ref().is_none_or(|known| !is_same(known));
    let text = read.to_yaml().map_err(unusable)?;
    let validators =
        BTreeMap::from([(public(&ubuntu), first.validator), (public(&debian), second.validator)]);
    Ok(Fetched { text, is_new, source: Source::UbuntuReleases, validators, notices: Vec::new() })
}

/// The calendar, for as long as it is known to be complete: the embedded one may have been made with more knowledge about the
/// next releases. It applies as long as nothing is missing in the new one.
fn merged(mut read: Releases, known: Option<&Releases>) -> Releases {
    let embedded = ImageData::embedded().releases;
    let has_all = |other: &Releases| {
        other.iter().all(|of| {
            let long_term = of.releases.iter().filter(|release| release.long_term);
            long_term.into_iter().all(|release| read.release(&of.id, &release.version).is_some())
        })
    };
    let others = [Some(&*embedded), known].into_iter().flatten().filter(|other| has_all(other));
    let complete_until = others.map(|other| other.complete_until).max();
    read.complete_until = complete_until.map_or(read.complete_until, |other| other.max(read.complete_until));
    read
}
