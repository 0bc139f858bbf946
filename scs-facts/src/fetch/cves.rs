//! The CVE records of Kubernetes: those that the official feed names, from the CVE services.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Fetch, Fetched, of_one, shape};
use crate::address::{in_directory, public, shown};
use crate::client::Answer;
use crate::error::RequestError;
use crate::metadata::Validator;
use crate::outcome::Reason;
use crate::source::Source;

const FEED: &str = "a JSON feed of CVEs";
const RECORD: &str = "a CVE record";

#[derive(Deserialize)]
struct Feed {
    items: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    /// The id of a CVE; a few announcements have several.
    id: String,
}

/// A record with its validator, and a notice about it.
struct Record {
    value: Value,
    url: String,
    validator: Validator,
    notice: Option<String>,
}

pub(super) async fn cves(fetch: &Fetch<'_>) -> Result<Fetched, (Reason, Vec<String>)> {
    let (feed, validator, ids) = listed(fetch).await.map_err(|error| (error.into(), Vec::new()))?;
    let known = known_records(fetch);
    let records = join_all(ids.iter().map(|id| record(fetch, id, known.get(id)))).await;
    let total = records.len();
    let mut validators = of_one(&feed, validator);
    let (mut values, mut notices, mut errors) = (Vec::with_capacity(total), Vec::new(), Vec::new());
    for record in records {
        match record {
            Ok(Record { value, url, validator, notice }) => {
                values.push(value);
                validators.insert(public(&url), validator);
                notices.extend(notice);
            }
            Err(error) => errors.push(error),
        }
    }
    // A list without some of its records is not one of today: its date would hide what the others say by now.
    if !errors.is_empty() {
        let notice = format!("{} of {total} records could not be fetched", errors.len());
        return Err((errors.swap_remove(0).into(), vec![notice]));
    }
    let lines: Vec<String> = values.iter().map(Value::to_string).collect();
    let text = format!("[\n{}\n]\n", lines.join(",\n"));
    let is_new = fetch.known.is_none_or(|known| known.text != text);
    Ok(Fetched { text, is_new, source: Source::KubernetesCves, validators, notices })
}

fn known_records(fetch: &Fetch<'_>) -> BTreeMap<String, Value> {
    fetch.known.map(|known| records_in(&known.text)).unwrap_or_default()
}

/// The address of the feed with its validator, and the ids in it.
async fn listed(fetch: &Fetch<'_>) -> Result<(String, Validator, BTreeSet<String>), RequestError> {
    let feed = fetch.url(Source::KubernetesCves);
    let (ids, validator) = match fetch.get(&feed).await? {
        Answer::Text(text) => (ids_in(&feed, &text.body)?, text.validator),
        // The records may still have changed: scores are often added later.
        Answer::NotModified => {
            let validator = fetch.validator(&feed).cloned().unwrap_or_default();
            (known_records(fetch).into_keys().collect(), validator)
        }
    };
    let limit = fetch.asking.options().limits.records;
    if ids.len() > limit {
        return Err(RequestError::TooMany { url: shown(&feed), what: "entries", limit });
    }
    Ok((feed, validator, ids))
}

/// The ids in the feed, without duplicates.
fn ids_in(url: &str, json: &str) -> Result<BTreeSet<String>, RequestError> {
    let feed: Feed = serde_json::from_str(json).map_err(|error| shape(url, FEED, &error))?;
    let mut ids = BTreeSet::new();
    for item in &feed.items {
        for id in item.id.split([',', ' ', ';']).filter(|id| !id.is_empty()) {
            if !is_id(id) {
                return Err(shape(url, FEED, &format!("`{id}` is not the id of a CVE")));
            }
            ids.insert(id.to_owned());
        }
    }
    if ids.is_empty() {
        return Err(shape(url, FEED, "it is empty"));
    }
    Ok(ids)
}

/// Whether it is an id such as CVE-2024-0001. It becomes a part of an address.
fn is_id(id: &str) -> bool {
    let numbers = id.strip_prefix("CVE-").and_then(|rest| rest.split_once('-'));
    numbers.is_some_and(|(year, number)| {
        let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        year.len() == 4 && (4..=12).contains(&number.len()) && are_digits(year) && are_digits(number)
    })
}

/// The records of a stored list, by id.
fn records_in(json: &str) -> BTreeMap<String, Value> {
    let records: Vec<Value> = serde_json::from_str(json).unwrap_or_default();
    let with_id = |record: Value| {
        let id = record.pointer("/cveMetadata/cveId")?.as_str()?.to_owned();
        Some((id, record))
    };
    records.into_iter().filter_map(with_id).collect()
}

/// A record, or the known one if it has not changed.
async fn record(fetch: &Fetch<'_>, id: &str, known: Option<&Value>) -> Result<Record, RequestError> {
    let url = in_directory(&fetch.url(Source::CveRecords), id);
    let validator = fetch.validator(&url).filter(|_| known.is_some());
    match (fetch.asking.get(&url, validator, None).await, known) {
        (Ok(Answer::NotModified), Some(known)) => {
            let validator = validator.cloned().unwrap_or_default();
            Ok(Record { value: known.clone(), url, validator, notice: None })
        }
        (Ok(Answer::NotModified), None) => Err(RequestError::Status { url: shown(&url), status: 304 }),
        (Ok(Answer::Text(text)), _) => {
            let value = read(&url, id, &text.body)?;
            Ok(Record { value, url, validator: text.validator, notice: None })
        }
        // An announced CVE has no record for some days. Without one, rules take it as critical and unknown.
        (Err(RequestError::Status { status: 404, .. }), known) if known.is_none_or(is_announcement) => {
            let value = announcement(id);
            let notice = Some(format!("{id} has no record yet, so its severity is unknown"));
            Ok(Record { value, url, validator: Validator::default(), notice })
        }
        (Err(error @ RequestError::Status { status: 404, .. }), Some(known)) => {
            let notice = Some(format!("{id}: kept the known record: {error}"));
            let validator = validator.cloned().unwrap_or_default();
            Ok(Record { value: known.clone(), url, validator, notice })
        }
        (Err(error), _) => Err(error),
    }
}

/// The placeholder for a record that does not exist yet.
fn announcement(id: &str) -> Value {
    json!({"cveMetadata": {"cveId": id}, "containers": {"cna": {}}})
}

fn is_announcement(record: &Value) -> bool {
    record.pointer("/containers/cna").is_some_and(|of| of.as_object().is_some_and(Map::is_empty))
}

/// A record, without what rules do not use: the additions of others are most of it.
fn read(url: &str, id: &str, json: &str) -> Result<Value, RequestError> {
    let wrong = |reason: String| shape(url, RECORD, &reason);
    let value: Value = serde_json::from_str(json).map_err(|error| wrong(error.to_string()))?;
    let metadata = value.get("cveMetadata").ok_or_else(|| wrong("it has no `cveMetadata`".to_owned()))?;
    if metadata.get("cveId").and_then(Value::as_str) != Some(id) {
        return Err(wrong(format!("it is not that of {id}")));
    }
    let container = value.pointer("/containers/cna");
    let container = container.ok_or_else(|| wrong("it has no `containers.cna`".to_owned()))?;
    let mut kept = Map::new();
    for key in ["dataType", "dataVersion"] {
        if let Some(value) = value.get(key) {
            kept.insert(key.to_owned(), value.clone());
        }
    }
    kept.insert("cveMetadata".to_owned(), metadata.clone());
    kept.insert("containers".to_owned(), json!({"cna": container}));
    Ok(Value::Object(kept))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_those_of_cves() {
        for (id, expected) in [
            ("CVE-2024-0001", true),
            ("CVE-2026-102670", true),
            ("CVE-24-0001", false),
            ("CVE-2024-1", false),
            ("CVE-2024-../../x", false),
            ("cve-2024-0001", false),
            ("", false),
        ] {
            assert_eq!(is_id(id), expected, "{id}");
        }
    }

    #[test]
    fn an_announcement_may_have_several_ids() {
        let feed =
            r#"{"items": [{"id": "CVE-2019-0002, CVE-2019-0001"}, {"id": "CVE-2019-0001", "url": "x"}]}"#;
        let ids: Vec<String> = ids_in("https://x", feed).unwrap().into_iter().collect();
        assert_eq!(ids, ["CVE-2019-0001", "CVE-2019-0002"]);
        for feed in [r#"{"items": []}"#, r#"{"items": [{"id": "GHSA-1"}]}"#, r#"{"entries": []}"#, "[]"] {
            assert!(ids_in("https://x", feed).is_err(), "{feed}");
        }
    }
}
