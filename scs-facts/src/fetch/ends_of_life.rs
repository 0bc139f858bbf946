//! The last days of Kubernetes branches: from endoflife.date, or from the schedule of the project.

use scs_k8s_policy::{Branch, EndsOfLife, KubernetesFacts};

use super::{Fetch, Fetched, of_one, shape, validators_of};
use crate::client::Answer;
use crate::error::RequestError;
use crate::fact::Key;
use crate::metadata::Validator;
use crate::outcome::{Reason, plausible};
use crate::source::Source;
use crate::summary::{self, Summary};

const EXPECTED: &str = "a list of branches with their end of life";

pub(super) async fn ends_of_life(fetch: &Fetch<'_>) -> Result<Fetched, (Reason, Vec<String>)> {
    let first = match of_source(fetch, Source::KubernetesEndsOfLife).await {
        // A list that would be rejected must not hide the other source.
        Ok(found) => usable(fetch, found),
        Err(error) => Err(error.into()),
    };
    let error = match first {
        Ok(fetched) => return Ok(fetched),
        Err(error) => error,
    };
    match of_source(fetch, Source::KubernetesSchedule).await {
        Ok(found) => match usable(fetch, found) {
            Ok(fetched) => Ok(Fetched { notices: vec![error.to_string()], ..fetched }),
            Err(other) => Err((error, vec![other.to_string()])),
        },
        Err(other) => Err((error, vec![other.to_string()])),
    }
}

/// What a source returned.
enum Found {
    Known(Source),
    New { ends: EndsOfLife, source: Source, url: String, validator: Validator },
}

async fn of_source(fetch: &Fetch<'_>, source: Source) -> Result<Found, RequestError> {
    let url = fetch.url(source);
    match fetch.get(&url).await? {
        Answer::NotModified => Ok(Found::Known(source)),
        Answer::Text(text) => {
            let ends = text.body.parse().map_err(|error| shape(&url, EXPECTED, &error))?;
            Ok(Found::New { ends, source, url, validator: text.validator })
        }
    }
}

fn usable(fetch: &Fetch<'_>, found: Found) -> Result<Fetched, Reason> {
    match found {
        Found::Known(source) => {
            let known = fetch.known.ok_or(Reason::Missing)?;
            Ok(Fetched {
                text: known.text.clone(),
                is_new: false,
                source,
                validators: validators_of(known),
                notices: Vec::new(),
            })
        }
        Found::New { ends, source, url, validator } => {
            let known =
                fetch.known.map(|known| known.summary.clone()).or_else(summary::embedded_ends_of_life);
            // The schedule only has maintained branches; the days of the others are past and do not change.
            let ends = match source {
                Source::KubernetesSchedule => {
                    let found = summary_of(&ends)?;
                    if let Some(known) = known.clone().filter(|known| found.is_older_than(known)) {
                        return Err(Reason::Older { new: found, known });
                    }
                    known_ends(fetch).into_iter().chain(ends.iter()).collect()
                }
                _ => ends,
            };
            let text = written(&ends);
            let summary = summary_of(&ends)?;
            plausible(Key::KubernetesEndsOfLife.fact(), &summary, &text, fetch.known, fetch.at)?;
            let is_new = fetch.known.is_none_or(|known| known.text != text);
            let validators = of_one(&url, validator);
            Ok(Fetched { text, is_new, source, validators, notices: Vec::new() })
        }
    }
}

fn summary_of(ends: &EndsOfLife) -> Result<Summary, Reason> {
    summary::of_ends(ends).ok_or_else(|| Reason::Unusable("it has no branch".to_owned()))
}

fn known_ends(fetch: &Fetch<'_>) -> Vec<(Branch, jiff::civil::Date)> {
    let known = fetch.known.and_then(|known| known.text.parse::<EndsOfLife>().ok());
    known.as_ref().unwrap_or(KubernetesFacts::embedded().ends_of_life()).iter().collect()
}

/// The format of the official repository, newest branch first.
fn written(ends: &EndsOfLife) -> String {
    let entry = |(branch, end)| format!("- branch: '{branch}'\n  end-of-life: '{end}'\n");
    ends.iter().rev().map(entry).collect()
}
