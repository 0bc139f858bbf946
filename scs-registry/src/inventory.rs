//! What was collected about a subject, as a document: partial by nature.

use std::fmt;
use std::marker::PhantomData;

use jiff::Timestamp;
use scs_standards::{Declarations, Given};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;
use thiserror::Error;

/// What an inventory is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A cloud.
    Cloud,
    /// A Kubernetes cluster.
    Cluster,
}

impl Kind {
    /// The word of the key `kind`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cloud => "cloud",
            Self::Cluster => "cluster",
        }
    }

    /// The parts that an inventory of the kind may have.
    #[must_use]
    pub const fn parts(self) -> &'static [&'static str] {
        match self {
            Self::Cloud => CLOUD_PARTS,
            Self::Cluster => CLUSTER_PARTS,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

const CLOUD_PARTS: &[&str] = &[
    "flavors",
    "fio_results",
    "images",
    "earlier_images",
    "volume_types",
    "volume_type_encryption",
    "services",
    "roles",
    "role_list",
    "default_security_group_rules",
    "security_group_rules_of_new_group",
    "networks",
    "subnets",
    "subnet_pools",
    "extensions",
    "quotas",
    "availability_zones",
    "console_output",
    "host_facts",
    "tls_scan",
    "config_files",
    "patch_log",
    "tempest_results",
    "secrets",
    "backup",
    "s3",
];

const CLUSTER_PARTS: &[&str] = &[
    "version",
    "api_resources",
    "nodes",
    "storage_classes",
    "persistent_volumes",
    "namespaces",
    "pods",
    "daemon_sets",
    "services",
    "ingress_classes",
    "network_policies",
    "kubelet_configs",
    "admission_config",
    "port_scan",
    "certificates",
    "etcd_backups",
    "conformance_results",
    "offered_versions",
];

/// The keys that are no parts.
const HEAD: &[&str] = &["kind", "collected_at", "subject", "declarations"];

/// What was collected about a cloud or a cluster, each part as the API returned it.
///
/// ```
/// use scs_registry::{Inventory, Kind};
/// use scs_standards::Given;
///
/// let inventory = Inventory::read("
/// kind: cloud
/// collected_at: 2026-11-24T08:00:00Z
/// flavors: [{name: SCS-2V-8, vcpus: 2, ram: 8192, disk: 0}]
/// images: {unavailable: the image service does not answer}
/// ")?;
/// assert_eq!(inventory.kind(), Kind::Cloud);
/// assert!(inventory.given("flavors").data().is_some());
/// assert_eq!(inventory.given("images"), Given::Unusable("the image service does not answer".to_owned()));
/// assert_eq!(inventory.given("volume_types"), Given::Not);
/// # Ok::<(), scs_registry::ReadInventoryError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Inventory {
    kind: Kind,
    collected_at: Option<Timestamp>,
    subject: Option<String>,
    parts: Vec<(String, StoredPart)>,
    declarations: Declarations,
    notices: Vec<String>,
}

#[derive(Clone, Debug)]
enum StoredPart {
    Unavailable(String),
    Given(Box<RawValue>),
}

/// A text that is no inventory.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadInventoryError {
    /// It begins like JSON and is none.
    #[error("not valid JSON: {0}")]
    Json(String),
    /// It is no YAML, or larger than any inventory.
    #[error("not valid YAML: {0}")]
    Yaml(String),
    /// It is something else.
    #[error("no inventory: expected a mapping with `kind: cloud` or `kind: cluster`, found {0}")]
    Shape(String),
}

/// The most nodes that an inventory in YAML may have: ten thousand images have some three hundred thousand.
pub const MAX_YAML_NODES: usize = 5_000_000;

impl Inventory {
    /// An inventory without parts.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            collected_at: None,
            subject: None,
            parts: Vec::new(),
            declarations: Declarations::default(),
            notices: Vec::new(),
        }
    }

    /// Reads an inventory in JSON or YAML; the content tells which.
    ///
    /// # Errors
    ///
    /// When it cannot be read as a whole, or is something else. What is wrong with a part is for those who need it.
    pub fn read(text: &str) -> Result<Self, ReadInventoryError> {
        let text = text.trim_start_matches('\u{feff}');
        if is_json(text) {
            let json = |error: serde_json::Error| ReadInventoryError::Json(error.to_string());
            return match serde_json::from_str::<Top<Box<RawValue>>>(text).map_err(json)? {
                Top::Map(entries) => Self::of_entries(entries),
                Top::Other(found) => Err(ReadInventoryError::Shape(found.to_owned())),
            };
        }
        let options = serde_saphyr::options! {
            budget: serde_saphyr::budget! {
                max_nodes: MAX_YAML_NODES,
                max_events: 3 * MAX_YAML_NODES,
                max_total_scalar_bytes: 1 << 30,
                max_reader_input_bytes: Some(1 << 30),
            },
            duplicate_keys: serde_saphyr::DuplicateKeyPolicy::LastWins,
            strict_booleans: true,
        };
        let top = serde_saphyr::from_str_with_options::<Top<Value>>(text, options).map_err(|error| {
            let text = error.to_string();
            // The first line says what and where; the rest repeats the document.
            let line = text.lines().next().unwrap_or_default();
            ReadInventoryError::Yaml(line.strip_prefix("error: ").unwrap_or(line).to_owned())
        })?;
        let entries = match top {
            Top::Map(entries) => entries,
            Top::Other(found) => return Err(ReadInventoryError::Shape(found.to_owned())),
        };
        // Rules read JSON, whatever the inventory is written in.
        let raw = |(key, value): (String, Value)| Ok((key, serde_json::value::to_raw_value(&value)?));
        let entries: Result<_, serde_json::Error> = entries.into_iter().map(raw).collect();
        Self::of_entries(entries.map_err(|error| ReadInventoryError::Yaml(error.to_string()))?)
    }

    fn of_entries(entries: Vec<(String, Box<RawValue>)>) -> Result<Self, ReadInventoryError> {
        let kind = match entries.iter().find(|(key, _)| key == "kind").map(|(_, raw)| text_of(raw)) {
            Some(Some(kind)) if kind == "cloud" => Kind::Cloud,
            Some(Some(kind)) if kind == "cluster" => Kind::Cluster,
            Some(Some(kind)) => return Err(ReadInventoryError::Shape(format!("`kind: {}`", brief(&kind)))),
            Some(None) => return Err(ReadInventoryError::Shape("a `kind` that is no text".to_owned())),
            None => return Err(ReadInventoryError::Shape(without_kind(&entries))),
        };
        let mut inventory = Self::new(kind);
        for (key, raw) in entries {
            if !HEAD.contains(&key.as_str()) && inventory.parts.iter().any(|(known, _)| *known == key) {
                inventory.notices.push(format!("`{key}` is there twice; the last one counts"));
                inventory.parts.retain(|(known, _)| *known != key);
            }
            match key.as_str() {
                "kind" => {}
                "collected_at" => match text_of(&raw).and_then(|text| text.parse().ok()) {
                    Some(at) => inventory.collected_at = Some(at),
                    None => inventory.notices.push(format!(
                        "`collected_at` is {}, no time such as 2026-11-24T08:00:00Z; when it was collected is not known",
                        brief(raw.get())
                    )),
                },
                "subject" => inventory.subject = text_of(&raw),
                "declarations" => inventory.take_declarations(&raw),
                _ => inventory.take_part(key, raw),
            }
        }
        Ok(inventory)
    }

    fn take_part(&mut self, key: String, raw: Box<RawValue>) {
        if !self.kind.parts().contains(&key.as_str()) {
            let meant = self
                .kind
                .parts()
                .iter()
                .map(|part| (strsim::damerau_levenshtein(part, &key), part))
                .min()
                .filter(|(distance, part)| *distance <= 2 && 2 * distance < part.len());
            let hint = meant.map(|(_, part)| format!("; did you mean `{part}`?")).unwrap_or_default();
            self.notices.push(format!("no rule looks at `{}`{hint}", brief(&key)));
        }
        let part = match unavailable(&raw) {
            Some(reason) => StoredPart::Unavailable(reason),
            None => StoredPart::Given(raw),
        };
        self.parts.push((key, part));
    }

    fn take_declarations(&mut self, raw: &RawValue) {
        match serde_json::from_str::<Declarations>(raw.get()) {
            Ok(declarations) => self.declarations = self.declarations.and(&declarations),
            Err(_) => self.notices.push("`declarations` is no list, and none of them counts".to_owned()),
        }
    }

    /// What it is about.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// When it was collected.
    #[must_use]
    pub const fn collected_at(&self) -> Option<Timestamp> {
        self.collected_at
    }

    /// What the subject is called.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// With another name of the subject.
    #[must_use]
    pub fn with_subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// With further declarations, which go before those of the inventory.
    #[must_use]
    pub fn with_declarations(mut self, further: &Declarations) -> Self {
        self.declarations = further.and(&self.declarations);
        self
    }

    /// What the provider declares.
    #[must_use]
    pub const fn declarations(&self) -> &Declarations {
        &self.declarations
    }

    /// What the reader should know of it.
    #[must_use]
    pub fn notices(&self) -> &[String] {
        &self.notices
    }

    /// The names of the parts that it has.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(|(name, _)| name.as_str())
    }

    /// A part, as JSON; one that could not be collected is unusable for the reason that the inventory has.
    #[must_use]
    pub fn given(&self, name: &str) -> Given<&str> {
        match self.parts.iter().find(|(known, _)| known == name) {
            None => Given::Not,
            Some((_, StoredPart::Unavailable(reason))) => Given::Unusable(reason.clone()),
            Some((_, StoredPart::Given(raw))) => Given::Data(raw.get()),
        }
    }
}

impl std::str::FromStr for Inventory {
    type Err = ReadInventoryError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::read(text)
    }
}

/// Whether a text begins as JSON does; a mapping of YAML may begin with a brace, too, but has seldom quotes behind it.
fn is_json(text: &str) -> bool {
    let text = text.trim_start();
    text.strip_prefix('{').map_or(text.starts_with('['), |rest| rest.trim_start().starts_with(['"', '}']))
}

/// `{"unavailable": "reason"}`.
fn unavailable(raw: &RawValue) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Unavailable {
        unavailable: Value,
    }
    // The parts themselves are lists or large mappings, which need not be looked at.
    if !raw.get().starts_with('{') || raw.get().len() > 10_000 {
        return None;
    }
    let Unavailable { unavailable } = serde_json::from_str(raw.get()).ok()?;
    Some(unavailable.as_str().map_or_else(|| unavailable.to_string(), str::to_owned))
}

fn text_of(raw: &RawValue) -> Option<String> {
    serde_json::from_str(raw.get()).ok()
}

fn brief(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// What a mapping without a kind is, with a hint where it is a part of an inventory.
fn without_kind(entries: &[(String, Box<RawValue>)]) -> String {
    let keys: Vec<&str> = entries.iter().map(|(key, _)| key.as_str()).collect();
    let part = [(Kind::Cloud, CLOUD_PARTS), (Kind::Cluster, CLUSTER_PARTS)]
        .into_iter()
        .find(|(_, parts)| keys.iter().any(|key| parts.contains(key)));
    match (part, keys.as_slice()) {
        (_, []) => "an empty mapping".to_owned(),
        (Some((kind, _)), keys) => {
            format!("a mapping with `{}` and without `kind` (add `kind: {kind}`)", brief(keys[0]))
        }
        (None, keys) => format!("a mapping with `{}`", brief(&keys[..keys.len().min(4)].join("`, `"))),
    }
}

/// The document: a mapping of raw values, in its order; a key that is there twice, twice.
enum Top<V> {
    Map(Vec<(String, V)>),
    Other(&'static str),
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Top<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyTop(PhantomData))
    }
}

struct AnyTop<V>(PhantomData<V>);

impl<'de, V: Deserialize<'de>> Visitor<'de> for AnyTop<V> {
    type Value = Top<V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an inventory")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Top<V>, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(Top::Map(map))
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut values: A) -> Result<Top<V>, A::Error> {
        while values.next_element::<serde::de::IgnoredAny>()?.is_some() {}
        Ok(Top::Other("a list"))
    }

    fn visit_str<E: serde::de::Error>(self, _: &str) -> Result<Top<V>, E> {
        Ok(Top::Other("a text"))
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Top<V>, E> {
        Ok(Top::Other("nothing"))
    }

    fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<Top<V>, E> {
        Ok(Top::Other("a truth value"))
    }

    fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<Top<V>, E> {
        Ok(Top::Other("a number"))
    }

    fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<Top<V>, E> {
        Ok(Top::Other("a number"))
    }

    fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<Top<V>, E> {
        Ok(Top::Other("a number"))
    }
}
