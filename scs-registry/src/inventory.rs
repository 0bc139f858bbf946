//! Inventories: the collected data about a subject, which may be partial.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use jiff::Timestamp;
use scs_standards::suggestion::nearest;
use scs_standards::wording::{counted, truncated};
use scs_standards::yaml;
use scs_standards::{Declarations, Given};
use serde_json::Value;
use serde_json::value::RawValue;
use thiserror::Error;

use crate::collection::CollectedFrom;
pub use crate::kind::Kind;
pub use crate::notation::MAX_YAML_NODES;
use crate::notation::{Top, is_json, yaml_options};
use crate::part::{Content, OtherContent, PartKind, content_of};
use crate::repeated::{Kept, repeated_key};

/// The collected data about a cloud or a cluster, with each part as the API returned it.
///
/// ```
/// use scs_registry::{Inventory, Kind};
/// use scs_standards::Given;
///
/// let inventory: Inventory = "
/// kind: cloud
/// collected_at: 2026-11-24T08:00:00Z
/// flavors: [{name: SCS-2V-8, vcpus: 2, ram: 8192, disk: 0}]
/// images: {unavailable: the image service does not answer}
/// ".parse()?;
/// assert_eq!(inventory.kind(), Kind::Cloud);
/// assert!(inventory.given("flavors").data().is_some());
/// assert_eq!(inventory.given("images"), Given::Unusable("the image service does not answer".to_owned()));
/// assert_eq!(inventory.given("volume_types"), Given::Missing);
/// # Ok::<(), scs_registry::ReadInventoryError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Inventory {
    kind: Kind,
    collected_at: Given<Timestamp>,
    subject: Option<String>,
    collected_from: Option<CollectedFrom>,
    /// The JSON document, converted if it was YAML. The inventory of a large cluster has hundreds of MiB, so there is only one
    /// copy.
    text: String,
    parts: Vec<(String, StoredPart)>,
    declarations: Declarations,
    notices: Vec<String>,
}

#[derive(Clone, Debug)]
enum StoredPart {
    Unavailable(String),
    /// The range of its JSON in the text.
    Given(Range<usize>),
}

/// The error for a text that is not an inventory.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadInventoryError {
    /// The text starts like JSON but is not valid JSON.
    #[error("not valid JSON: {0}")]
    Json(String),
    /// The text is not valid YAML, or too large for an inventory.
    #[error("not valid YAML: {0}")]
    Yaml(String),
    /// The text is not an inventory.
    #[error("not an inventory: expected a mapping with `kind: cloud` or `kind: cluster`, found {0}")]
    Shape(String),
}

impl Inventory {
    /// Creates an inventory without parts.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            collected_at: Given::Missing,
            subject: None,
            collected_from: None,
            text: String::new(),
            parts: Vec::new(),
            declarations: Declarations::default(),
            notices: Vec::new(),
        }
    }

    /// Like `FromStr`, but keeps the text instead of copying it.
    ///
    /// # Errors
    ///
    /// As `FromStr`.
    pub fn of_text(text: String) -> Result<Self, ReadInventoryError> {
        Self::try_text(text).map_err(|(error, _)| error)
    }

    /// Like `FromStr`, but returns the text if it is not an inventory.
    pub(crate) fn try_text(text: String) -> Result<Self, (ReadInventoryError, String)> {
        let bare = text.trim_start_matches('\u{feff}');
        if !is_json(bare) {
            return match json_of_yaml(bare).and_then(|(json, entries)| Self::from_entries(json, entries)) {
                Ok(inventory) => Ok(inventory),
                Err(error) => Err((error, text)),
            };
        }
        let entries = match serde_json::from_str::<Top<&RawValue>>(bare) {
            Ok(Top::Map(entries)) => entries,
            Ok(Top::Other(found)) => return Err((ReadInventoryError::Shape(found.to_owned()), text)),
            Err(error) => return Err((ReadInventoryError::Json(error.to_string()), text)),
        };
        let place = |(key, raw): (String, &RawValue)| {
            // The value is a slice of the text.
            let start = raw.get().as_ptr().addr() - text.as_ptr().addr();
            (key, start..start + raw.get().len())
        };
        let entries: Entries = entries.into_iter().map(place).collect();
        match kind_of_entries(&text, &entries) {
            Ok(kind) => Ok(Self::of_kind(kind, text, entries)),
            Err(error) => Err((error, text)),
        }
    }

    fn from_entries(text: String, entries: Entries) -> Result<Self, ReadInventoryError> {
        let kind = kind_of_entries(&text, &entries)?;
        Ok(Self::of_kind(kind, text, entries))
    }

    fn of_kind(kind: Kind, text: String, entries: Entries) -> Self {
        let raw = |place: &Range<usize>| text.get(place.clone()).unwrap_or_default();
        let mut inventory = Self::new(kind);
        // The total and the remaining number of occurrences for each key.
        let mut times: HashMap<String, (usize, usize)> = HashMap::with_capacity(entries.len());
        for (key, _) in &entries {
            let (all, left) = times.entry(key.clone()).or_default();
            (*all, *left) = (*all + 1, *left + 1);
        }
        let (mut unknown, mut repeated) = (0_usize, 0_usize);
        for (key, place) in entries {
            let raw = raw(&place);
            // Both lists of declarations count. For other keys, it is unclear which value was intended.
            let mut several = None;
            if let Some((all, left)) = times.get_mut(&key)
                && key != "declarations"
            {
                *left -= 1;
                if *left > 0 {
                    continue;
                }
                if *all > 1 {
                    repeated += 1;
                    let times = if *all == 2 { "twice".to_owned() } else { format!("{all} times") };
                    several = Some(format!("`{}` is in the inventory {times}", brief(&key)));
                }
                if repeated <= MOST_UNKNOWN {
                    inventory.notices.extend(several.clone());
                }
            }
            match key.as_str() {
                "kind" => {}
                "collected_at" => {
                    inventory.collected_at = several.map_or_else(|| time_of(raw), Given::Unusable);
                }
                "subject" => inventory.subject = text_of(raw),
                "collected_from" => match serde_json::from_str(raw) {
                    Ok(from) => inventory.collected_from = Some(from),
                    Err(_) => inventory.notices.push(
                        "`collected_from` is not a mapping with `server`, `context` and `user`".to_owned(),
                    ),
                },
                "notices" => inventory.add_notices(raw),
                "declarations" => inventory.add_declarations(raw),
                _ => {
                    let part =
                        several.map_or_else(|| stored(kind, &key, raw, place), StoredPart::Unavailable);
                    if !kind.parts().contains(&key.as_str()) {
                        unknown += 1;
                        if unknown > MOST_UNKNOWN {
                            continue;
                        }
                    }
                    inventory.add_part(key, part);
                }
            }
        }
        if let Some(more) = unknown.checked_sub(MOST_UNKNOWN).filter(|more| *more > 0) {
            inventory.notices.push(format!("… and {} that no rule uses", counted(more, "more key")));
        }
        if let Some(more) = repeated.checked_sub(MOST_UNKNOWN).filter(|more| *more > 0) {
            inventory.notices.push(format!("… and {}", counted(more, "more duplicate key")));
        }
        Self { text, ..inventory }
    }

    fn add_part(&mut self, key: String, part: StoredPart) {
        if !self.kind.parts().contains(&key.as_str()) {
            let meant = nearest(&key, self.kind.parts().iter().copied());
            let hint = meant.map(|part| format!("; did you mean `{part}`?")).unwrap_or_default();
            self.notices.push(format!("no rule uses `{}`{hint}", brief(&key)));
        }
        self.parts.push((key, part));
    }

    /// Reads the notices of the collector.
    fn add_notices(&mut self, json: &str) {
        match serde_json::from_str::<Vec<String>>(json) {
            Ok(notices) => {
                let cut = |notice: &String| notice.chars().take(LONGEST_NOTICE).collect();
                self.notices.extend(notices.iter().take(MOST_UNKNOWN).map(cut));
            }
            Err(_) => self.notices.push("`notices` is not a list of texts".to_owned()),
        }
    }

    fn add_declarations(&mut self, json: &str) {
        if let Some(key) = repeated_key(json) {
            self.notices
                .push(format!("`declarations` has `{}` twice, so all declarations are ignored", brief(&key)));
            return;
        }
        match serde_json::from_str::<Declarations>(json) {
            Ok(declarations) => self.declarations = self.declarations.and(&declarations),
            Err(_) => self.notices.push("ignored `declarations`: not a list".to_owned()),
        }
    }

    /// The kind of the inventory.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The time of collection, if known.
    #[must_use]
    pub fn collected_at(&self) -> Option<Timestamp> {
        self.collected_at.data().copied()
    }

    /// The time of collection: missing, valid or unusable.
    #[must_use]
    pub const fn time_of_collection(&self) -> &Given<Timestamp> {
        &self.collected_at
    }

    /// The name of the subject.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// Sets the name of the subject.
    #[must_use]
    pub fn with_subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// The server and the user that it was collected with, if the collector states them.
    #[must_use]
    pub const fn collected_from(&self) -> Option<&CollectedFrom> {
        self.collected_from.as_ref()
    }

    /// The parts that could not be collected, with the reasons.
    pub fn unavailable(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parts.iter().filter_map(|(name, part)| match part {
            StoredPart::Unavailable(reason) => Some((name.as_str(), reason.as_str())),
            StoredPart::Given(_) => None,
        })
    }

    /// Sets a part that was collected separately, replacing an existing one.
    ///
    /// ```
    /// use scs_registry::{Inventory, Kind};
    ///
    /// let inventory = Inventory::new(Kind::Cluster).with_part("nodes", &serde_json::json!([]));
    /// assert_eq!(inventory.given("nodes").data(), Some(&"[]"));
    /// ```
    #[must_use]
    pub fn with_part(mut self, name: &str, value: &Value) -> Self {
        self.put(name, &value.to_string());
        self
    }

    /// Adds notices.
    pub(crate) fn note(&mut self, notices: impl IntoIterator<Item = String>) {
        self.notices.extend(notices);
    }

    /// Replaces a part.
    pub(crate) fn put(&mut self, name: &str, json: &str) {
        let start = self.text.len();
        self.text.push_str(json);
        self.parts.retain(|(known, _)| known != name);
        let place = start..self.text.len();
        let part = stored(self.kind, name, json, place);
        self.add_part(name.to_owned(), part);
    }

    /// Adds declarations, which take precedence over those in the inventory.
    #[must_use]
    pub fn with_declarations(mut self, further: &Declarations) -> Self {
        self.declarations = further.and(&self.declarations);
        self
    }

    /// The declarations of the provider.
    #[must_use]
    pub const fn declarations(&self) -> &Declarations {
        &self.declarations
    }

    /// Notices about the inventory.
    #[must_use]
    pub fn notices(&self) -> &[String] {
        &self.notices
    }

    /// The names of all parts, including those that could not be collected.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(|(name, _)| name.as_str())
    }

    /// A part as JSON; a part that could not be collected is unusable, with the reason in the inventory.
    #[must_use]
    pub fn given(&self, name: &str) -> Given<&str> {
        match self.parts.iter().find(|(known, _)| known == name) {
            None => Given::Missing,
            Some((_, StoredPart::Unavailable(reason))) => Given::Unusable(reason.clone()),
            Some((_, StoredPart::Given(place))) => {
                Given::Data(self.text.get(place.clone()).unwrap_or_default())
            }
        }
    }
}

impl std::str::FromStr for Inventory {
    type Err = ReadInventoryError;

    /// Reads an inventory in JSON or YAML; the format is detected.
    ///
    /// # Errors
    ///
    /// If the text is unreadable or not an inventory. Errors in a part are reported only by the rules that need it.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::of_text(text.to_owned())
    }
}

/// The maximum length of a collector's notice in characters.
const LONGEST_NOTICE: usize = 400;

/// The maximum number of unknown keys that are reported individually.
const MOST_UNKNOWN: usize = 20;

/// The value of the key `kind`; a duplicate is an error.
fn kind_of_entries(text: &str, entries: &Entries) -> Result<Kind, ReadInventoryError> {
    let raw = |place: &Range<usize>| text.get(place.clone()).unwrap_or_default();
    let mut kinds = entries.iter().filter(|(key, _)| key == "kind").map(|(_, place)| text_of(raw(place)));
    let kind = kinds.next();
    if kinds.any(|other| Some(&other) != kind.as_ref()) {
        return Err(ReadInventoryError::Shape("two kinds: `kind` occurs twice".to_owned()));
    }
    match kind {
        Some(Some(kind)) if kind == "cloud" => Ok(Kind::Cloud),
        Some(Some(kind)) if kind == "cluster" => Ok(Kind::Cluster),
        Some(Some(kind)) => Err(ReadInventoryError::Shape(describe_kind(&kind))),
        Some(None) => Err(ReadInventoryError::Shape("a `kind` that is not a string".to_owned())),
        None => Err(ReadInventoryError::Shape(without_kind(entries))),
    }
}

/// The state of a part: not collected, of the wrong kind, or its range.
fn stored(kind: Kind, key: &str, raw: &str, place: Range<usize>) -> StoredPart {
    if let Some(reason) = unavailable(raw) {
        return StoredPart::Unavailable(reason);
    }
    if let Some(content) = another_part(kind, key, raw) {
        return StoredPart::Unavailable(format!("this is {content}"));
    }
    // Readers of flavors and images report duplicates for each entry.
    let by_entry = matches!(key, "flavors" | "images" | "earlier_images");
    match (!by_entry).then(|| repeated_key(raw)).flatten() {
        Some(repeated) => StoredPart::Unavailable(format!("the key `{}` occurs twice", brief(&repeated))),
        None => StoredPart::Given(place),
    }
}

/// Parses a time.
fn time_of(raw: &str) -> Given<Timestamp> {
    match text_of(raw).and_then(|text| text.parse().ok()) {
        Some(at) => Given::Data(at),
        None => Given::Unusable(format!(
            "`collected_at` is {}, which is not a time such as 2026-11-24T08:00:00Z",
            brief(raw)
        )),
    }
}

/// The actual content of a part that is clearly something else: pods as nodes, flavors as images.
fn another_part(kind: Kind, key: &str, raw: &str) -> Option<Content> {
    let wanted = PartKind::of_key(kind, key)?;
    let content = content_of(raw);
    let other = match &content {
        // A list under the API's own key, or of objects that state their kind.
        Content::Part(found) => *found != wanted && !wanted.may_look_like(*found),
        // Configurations have their own kinds.
        Content::Other(OtherContent::KubernetesObjects(_) | OtherContent::OpenStackList(_)) => {
            wanted.is_list()
        }
        Content::Other(OtherContent::Kubeconfig) => true,
        _ => false,
    };
    other.then_some(content)
}

/// `{"unavailable": "reason"}`.
fn unavailable(json: &str) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Unavailable {
        unavailable: Value,
    }
    // Parts are lists or large mappings, which do not have to be parsed for this.
    if !json.starts_with('{') || json.len() > 10_000 {
        return None;
    }
    let Unavailable { unavailable } = serde_json::from_str(json).ok()?;
    Some(unavailable.as_str().map_or_else(|| unavailable.to_string(), str::to_owned))
}

fn text_of(json: &str) -> Option<String> {
    serde_json::from_str(json).ok()
}

/// The keys of a document with the ranges of their values in the text.
type Entries = Vec<(String, Range<usize>)>;

/// Converts the entries of a YAML document to JSON, which rules read.
fn json_of_yaml(yaml: &str) -> Result<(String, Entries), ReadInventoryError> {
    let mut documents = serde_saphyr::from_multiple_with_options::<Top<Kept>>(yaml, yaml_options())
        .map_err(|error| ReadInventoryError::Yaml(yaml::reason(&error)))?;
    // A trailing `---` starts another, empty document.
    if documents.len() > 1 {
        documents.retain(|document| !matches!(document, Top::Other("nothing")));
    }
    let entries = match (documents.pop(), documents.len()) {
        (Some(Top::Map(entries)), 0) => entries,
        (Some(Top::Other(found)), 0) => return Err(ReadInventoryError::Shape(found.to_owned())),
        (None, _) => return Err(ReadInventoryError::Shape("nothing".to_owned())),
        (Some(_), _) => return Err(ReadInventoryError::Shape("several documents".to_owned())),
    };
    let mut text = String::new();
    let mut places = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        let start = text.len();
        let json = serde_json::to_string(&value);
        text.push_str(&json.map_err(|error| ReadInventoryError::Yaml(error.to_string()))?);
        places.push((key, start..text.len()));
    }
    Ok((text, places))
}

/// Describes a document of another kind, with a hint for common ones.
fn describe_kind(kind: &str) -> String {
    let hint = match kind {
        "Config" => {
            " (a kubeconfig; `scs k8s collect-script` prints the commands that create an inventory with it)"
        }
        "List" | "Status" => " (output of `kubectl`; this is a part of an inventory)",
        kind if kind.ends_with("List") => " (output of `kubectl`; this is a part of an inventory)",
        _ => "",
    };
    format!("`kind: {}`{hint}", brief(kind))
}

fn brief(text: &str) -> Cow<'_, str> {
    truncated(text, 60)
}

/// Describes a mapping without a kind, with a hint if it looks like a part of an inventory.
fn without_kind(entries: &[(String, Range<usize>)]) -> String {
    let keys: Vec<&str> = entries.iter().map(|(key, _)| key.as_str()).collect();
    let part = [Kind::Cloud, Kind::Cluster]
        .into_iter()
        .find(|kind| keys.iter().any(|key| kind.parts().contains(key)));
    match (part, keys.as_slice()) {
        (_, []) => "an empty mapping".to_owned(),
        (Some(kind), keys) => {
            format!("a mapping with `{}` and without `kind` (add `kind: {kind}`)", brief(keys[0]))
        }
        (None, keys) => format!("a mapping with `{}`", brief(&keys[..keys.len().min(4)].join("`, `"))),
    }
}
