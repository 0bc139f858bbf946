//! Detects the kind of a document by its keys and its first entries, without keeping the rest.

use std::fmt;
use std::marker::PhantomData;

use scs_standards::wording::truncated;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::content::{Content, OtherContent};
use super::table::PartKind;
use crate::kind::Kind;
use crate::notation::{HEAD, Top};

/// The number of list entries for detection.
const MOST_ENTRIES: usize = 50;

/// The maximum length of a value for detection: a kind, a schema or a message.
const LONGEST_VALUE: usize = 4096;

/// The kind of a JSON document.
pub(super) fn content(json: &str) -> Content {
    match serde_json::from_str::<Top<&RawValue>>(json) {
        Ok(Top::Map(entries)) => recognize_mapping(&entries),
        Ok(Top::Other(_)) if json.trim_start().starts_with('[') => recognize_list(json),
        Ok(Top::Other(found)) => Content::Unknown(found.to_owned()),
        Err(error) => Content::Unknown(error.to_string()),
    }
}

type Entries<'j> = [(String, &'j RawValue)];

fn raw<'j>(entries: &Entries<'j>, key: &str) -> Option<&'j str> {
    entries.iter().rev().find(|(known, _)| known == key).map(|(_, value)| value.get())
}

/// A short value.
fn value(entries: &Entries<'_>, key: &str) -> Option<Value> {
    serde_json::from_str(raw(entries, key).filter(|json| json.len() <= LONGEST_VALUE)?).ok()
}

fn text(entries: &Entries<'_>, key: &str) -> Option<String> {
    value(entries, key)?.as_str().map(str::to_owned)
}

fn recognize_mapping(entries: &Entries<'_>) -> Content {
    let has = |key: &str| raw(entries, key).is_some();
    let is_list = |key: &str| raw(entries, key).is_some_and(|json| json.starts_with('['));
    let is_mapping = |key: &str| raw(entries, key).is_some_and(|json| json.starts_with('{'));
    // A report has the kind of its subject.
    if is_check_result(entries) {
        return Content::Other(OtherContent::CheckResult);
    }
    if let Some(kind) = text(entries, "kind") {
        return recognize_kind(&kind, entries);
    }
    if let Some(other) = recognize_tool_file(entries) {
        return Content::Other(other);
    }
    // An inventory without `kind` is not a part.
    if HEAD.iter().any(|key| has(key)) {
        return Content::Unknown(described(entries));
    }
    // A single object of a client: flavors have sizes, images have formats.
    let of_object =
        || recognize_fields(&entries.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(), entries);
    if has("gitVersion") {
        return Content::Part(PartKind::Version);
    }
    if has("kubeletconfig") {
        return Content::Part(PartKind::KubeletConfigs);
    }
    if is_list("mandatory") || is_list("recommended") || is_list("flavor_groups") {
        return Content::Part(PartKind::Flavors);
    }
    if is_mapping("token") {
        return Content::Part(PartKind::Catalog);
    }
    if is_list("items") {
        return recognize_items(entries);
    }
    if is_list("security_group_rules") {
        return Content::Other(OtherContent::SecurityGroupRules);
    }
    let wrapped: Vec<PartKind> = entries
        .iter()
        .filter(|(_, value)| value.get().starts_with(['[', '{']))
        .filter_map(|(key, _)| PartKind::of_wrapper(key))
        .collect();
    if let [part] = wrapped.as_slice()
        && !has("ram")
    {
        return Content::Part(*part);
    }
    // Our own format of a scan also lists servers, each with its endpoint.
    if is_list("servers")
        && entries.iter().any(|(key, value)| key == "servers" && value.get().contains("\"endpoint\""))
    {
        return Content::Part(PartKind::TlsScan);
    }
    if let Some(what) = OPENSTACK_LISTS.iter().find(|what| is_list(&what.replace(' ', "_"))) {
        return Content::Other(OtherContent::OpenStackList(what));
    }
    if let Some(reason) = refusal(entries) {
        return Content::Other(OtherContent::Refusal(reason));
    }
    if has("output") && entries.len() == 1 {
        return Content::Part(PartKind::ConsoleOutput);
    }
    if let Some(part) = of_object() {
        return part;
    }
    Content::Unknown(described(entries))
}

/// Lists of APIs that no rule uses.
const OPENSTACK_LISTS: &[&str] = &[
    "servers",
    "projects",
    "users",
    "domains",
    "volumes",
    "snapshots",
    "keypairs",
    "security groups",
    "ports",
    "routers",
    "floatingips",
    "endpoints",
    "regions",
    "groups",
];

/// The kind of an inventory or a Kubernetes object.
fn recognize_kind(kind: &str, entries: &Entries<'_>) -> Content {
    match kind {
        "cloud" => Content::Inventory(Kind::Cloud),
        "cluster" => Content::Inventory(Kind::Cluster),
        "Config" => Content::Other(OtherContent::Kubeconfig),
        "Status" => {
            let reason = text(entries, "message").or_else(|| text(entries, "reason"));
            Content::Other(OtherContent::Refusal(reason.unwrap_or_else(|| "no reason given".to_owned())))
        }
        "List" => recognize_items(entries),
        kind => match part_of_kind(kind) {
            Some(part) => Content::Part(part),
            None if raw(entries, "apiVersion").is_some() => {
                Content::Other(OtherContent::KubernetesObjects(brief(kind)))
            }
            None => Content::Unknown(format!("a document with `kind: {}`", brief(kind))),
        },
    }
}

/// The part with objects of a kind, or with answers of the API about itself.
fn part_of_kind(kind: &str) -> Option<PartKind> {
    match kind {
        "APIGroupList" | "APIGroup" | "APIResourceList" | "APIGroupDiscoveryList" => {
            Some(PartKind::ApiResources)
        }
        kind => PartKind::of_object(kind),
    }
}

/// Whether it is the output of a check.
fn is_check_result(entries: &Entries<'_>) -> bool {
    text(entries, "schema").is_some_and(|schema| schema.starts_with("scs/check/"))
}

/// Documents created by programs.
fn recognize_tool_file(entries: &Entries<'_>) -> Option<OtherContent> {
    let has = |key: &str| raw(entries, key).is_some();
    if has("terraform_version") || has("planned_values") {
        return Some(OtherContent::Terraform);
    }
    if has("clouds") {
        return Some(OtherContent::CloudsYaml);
    }
    if has("uuid") && has("timeline") && has("modules") {
        return Some(OtherContent::ScopeFile);
    }
    if has("spec") && has("checked_at") && has("versions") {
        return Some(OtherContent::Report);
    }
    (entries.len() == 1 && has("declarations")).then_some(OtherContent::Declarations)
}

/// `{"forbidden": {"code": 403, "message": "…"}}`, as OpenStack answers.
fn refusal(entries: &Entries<'_>) -> Option<String> {
    let [(_, body)] = entries else { return None };
    let body: Value =
        serde_json::from_str(Some(body.get()).filter(|json| json.len() <= LONGEST_VALUE)?).ok()?;
    body.get("code")?;
    Some(brief(body.get("message")?.as_str()?))
}

/// A list of Kubernetes objects of one or several kinds.
fn recognize_items(entries: &Entries<'_>) -> Content {
    let items = raw(entries, "items").unwrap_or("[]");
    let First { entries: first, .. } = serde_json::from_str(items).unwrap_or_default();
    let kinds = first.iter().map(kind_of_object);
    recognize_kinds(kinds, !first.is_empty())
}

/// The kind of an object: from `kind`, or from fields that only such objects have.
fn kind_of_object(entry: &Value) -> Option<String> {
    if let Some(kind) = entry.get("kind") {
        return Some(kind.as_str()?.to_owned());
    }
    entry.get("metadata")?;
    let own = KUBERNETES_FIELDS.iter().find(|(_, pointer)| entry.pointer(pointer).is_some());
    own.map(|(kind, _)| (*kind).to_owned())
}

/// Fields of Kubernetes objects that are unique to a kind.
const KUBERNETES_FIELDS: [(&str, &str); 10] = [
    ("Node", "/status/nodeInfo"),
    ("Pod", "/spec/containers"),
    ("StorageClass", "/provisioner"),
    ("PersistentVolume", "/spec/capacity"),
    ("NetworkPolicy", "/spec/podSelector"),
    ("DaemonSet", "/status/desiredNumberScheduled"),
    ("Deployment", "/spec/replicas"),
    ("Service", "/spec/clusterIP"),
    ("IngressClass", "/spec/controller"),
    ("Namespace", "/spec/finalizers"),
];

/// The kind of a list, from the kinds of its objects.
fn recognize_kinds(kinds: impl Iterator<Item = Option<String>>, any: bool) -> Content {
    let mut kinds: Vec<String> = kinds.flatten().collect();
    kinds.sort();
    kinds.dedup();
    match kinds.as_slice() {
        [] if any => Content::Unknown("a list of objects without `kind`".to_owned()),
        [] => Content::Other(OtherContent::EmptyList),
        [kind] => match part_of_kind(kind) {
            Some(part) => Content::Part(part),
            None => Content::Other(OtherContent::KubernetesObjects(brief(kind))),
        },
        kinds if kinds.iter().all(|kind| part_of_kind(kind) == Some(PartKind::ApiResources)) => {
            Content::Part(PartKind::ApiResources)
        }
        _ => Content::MixedList,
    }
}

/// A plain list, by the fields of its first entries.
fn recognize_list(json: &str) -> Content {
    let First { entries, more } = serde_json::from_str(json).unwrap_or_default();
    if entries.is_empty() && !more {
        return Content::Other(OtherContent::EmptyList);
    }
    if entries.iter().any(|entry| entry.get("metadata").is_some() && kind_of_object(entry).is_some()) {
        return recognize_kinds(entries.iter().map(kind_of_object), true);
    }
    if entries.iter().all(Value::is_string) {
        let role = |entry: &Value| matches!(entry.as_str(), Some("member" | "reader"));
        let roles = entries.iter().any(role);
        return if roles {
            Content::Part(PartKind::TokenRoles)
        } else {
            Content::Unknown("a list of strings".to_owned())
        };
    }
    let found = entries.iter().find_map(|entry| {
        let fields = entry.as_object()?;
        let keys: Vec<&str> = fields.keys().map(String::as_str).collect();
        recognize_columns(&keys)
    });
    found.unwrap_or_else(|| recognize_names(&entries))
}

/// Rows with only an id and a name: roles, if they include a role that every cloud has; projects have no such names.
fn recognize_names(entries: &[Value]) -> Content {
    let name = |entry: &Value| {
        let name = entry.get("Name").or_else(|| entry.get("name"))?;
        name.as_str().map(str::to_owned)
    };
    let roles = entries.iter().filter_map(name).any(|name| matches!(name.as_str(), "member" | "reader"));
    let bare = entries.iter().filter_map(Value::as_object).all(|fields| {
        fields.keys().all(|key| {
            matches!(
                key.to_ascii_lowercase().as_str(),
                "id" | "name" | "domain_id" | "description" | "links" | "options"
            )
        })
    });
    if roles && bare {
        return Content::Part(PartKind::Roles);
    }
    let keys = entries.iter().find_map(Value::as_object).map(|fields| {
        let keys: Vec<&str> = fields.keys().take(4).map(String::as_str).collect();
        brief(&keys.join("`, `"))
    });
    Content::Unknown(keys.map_or_else(
        || "a list without objects".to_owned(),
        |keys| format!("a list of entries with `{keys}`"),
    ))
}

/// A single object.
fn recognize_fields(keys: &[&str], entries: &Entries<'_>) -> Option<Content> {
    // An inventory without `kind` has parts under its keys.
    let parts = entries.iter().filter(|(_, value)| value.get().starts_with(['[', '{'])).count();
    (parts < entries.len()).then(|| recognize_columns(keys)).flatten()
}

/// The kind of entries with these fields or columns; the most specific ones come first.
fn recognize_columns(keys: &[&str]) -> Option<Content> {
    let has = |wanted: &str| keys.contains(&wanted);
    let part = |part| Some(Content::Part(part));
    let other = |what| Some(Content::Other(OtherContent::OpenStackList(what)));
    if has("vcpus") && has("ram") || has("VCPUs") || has("RAM") || has("vcpus") || has("cpus") && has("ram") {
        return part(PartKind::Flavors);
    }
    if has("Flavor") && has("Networks") || has("OS-EXT-STS:vm_state") || has("hostId") {
        return other("servers");
    }
    if ["disk_format", "container_format", "min_disk", "Disk Format", "os_hash_algo", "versions"]
        .iter()
        .any(|key| has(key))
    {
        return part(PartKind::Images);
    }
    if has("used_in_default_sg") || has("Used in default Security Group") {
        return part(PartKind::DefaultSecurityGroupRules);
    }
    if has("security_group_id") && has("direction") || has("Direction") && has("Ethertype") {
        return Some(Content::Other(OtherContent::SecurityGroupRules));
    }
    if has("endpoints") && has("type") || has("Endpoints") && has("Type") {
        return part(PartKind::Catalog);
    }
    if has("os-volume-type-access:is_public") || has("qos_specs_id") || has("qos_specs") {
        return part(PartKind::VolumeTypes);
    }
    if has("Is Public") && has("Name") || has("is_public") && has("extra_specs") {
        return part(PartKind::VolumeTypes);
    }
    if has("control_location") || has("provider") && (has("cipher") || has("volume_type")) {
        return part(PartKind::VolumeTypeEncryption);
    }
    if has("cidr") || has("Subnet") && has("Network") {
        return part(PartKind::Subnets);
    }
    if has("prefixes") || has("Prefixes") {
        return part(PartKind::SubnetPools);
    }
    if has("router:external")
        || has("provider:network_type")
        || has("Subnets") && has("Name")
        || has("admin_state_up") && has("subnets")
    {
        return part(PartKind::Networks);
    }
    if has("alias") || has("Alias") {
        return part(PartKind::Extensions);
    }
    if has("groupVersion") || has("preferredVersion") {
        return part(PartKind::ApiResources);
    }
    if has("zoneName") || has("Zone Name") {
        return part(PartKind::AvailabilityZones);
    }
    if has("cpu_flags") {
        return other("facts about hosts");
    }
    if has("advisory") {
        return part(PartKind::PatchLog);
    }
    if has("rule") && has("value") || has("topic") && has("value") {
        return Some(Content::Other(OtherContent::Declarations));
    }
    if has("Resource") && has("Limit") {
        return part(PartKind::Quotas);
    }
    if has("Status") && has("Name") && has("ID") && keys.len() == 3 {
        return part(PartKind::Images);
    }
    None
}

fn described(entries: &Entries<'_>) -> String {
    if entries.is_empty() {
        "an empty mapping".to_owned()
    } else {
        let keys: Vec<&str> = entries.iter().take(4).map(|(key, _)| key.as_str()).collect();
        format!("a mapping with `{}`", brief(&keys.join("`, `")))
    }
}

fn brief(text: &str) -> String {
    truncated(text, 80).into_owned()
}

/// The first entries of a list; the others are passed over.
#[derive(Default)]
struct First {
    entries: Vec<Value>,
    more: bool,
}

impl<'de> Deserialize<'de> for First {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(FirstOf(PhantomData))
    }
}

struct FirstOf(PhantomData<First>);

impl<'de> Visitor<'de> for FirstOf {
    type Value = First;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<First, A::Error> {
        let mut first = First::default();
        while first.entries.len() < MOST_ENTRIES {
            match list.next_element()? {
                Some(entry) => first.entries.push(entry),
                None => return Ok(first),
            }
        }
        while list.next_element::<IgnoredAny>()?.is_some() {
            first.more = true;
        }
        Ok(first)
    }

    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<First, A::Error> {
        Ok(First::default())
    }
}

/// The entries of a part.
pub(super) fn entries<'j>(part: PartKind, json: &'j str) -> Option<Vec<&'j RawValue>> {
    if !part.is_list() {
        return None;
    }
    let Ok(Top::Map(fields)) = serde_json::from_str::<Top<&'j RawValue>>(json) else {
        return serde_json::from_str(json).ok();
    };
    match wrapped(part, &fields) {
        Some(value) => Some(serde_json::from_str(value.get()).unwrap_or_else(|_| vec![value])),
        None => serde_json::from_str::<&RawValue>(json).ok().map(|object| vec![object]),
    }
}

/// Whether a list is below the key of an API. A definition of flavors has several lists of its own, which go together.
pub(super) fn is_wrapped_list(part: PartKind, json: &str) -> bool {
    let Ok(Top::Map(fields)) = serde_json::from_str::<Top<&RawValue>>(json) else { return false };
    let definitions = part == PartKind::Flavors
        && fields
            .iter()
            .any(|(key, _)| matches!(key.as_str(), "mandatory" | "recommended" | "flavor_groups"));
    let listed = |value: &&RawValue| value.get().starts_with('[') || value.get() == "null";
    definitions || wrapped(part, &fields).is_some_and(|value| listed(&value))
}

/// The value under an API's key.
fn wrapped<'j>(part: PartKind, fields: &[(String, &'j RawValue)]) -> Option<&'j RawValue> {
    let mut keys = part.wrapped().iter().copied().chain(["items"]);
    keys.find_map(|key| fields.iter().find(|(known, _)| known == key)).map(|(_, value)| *value)
}
