//! Assembles inventories from whole ones and from parts as clients and APIs print them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use scs_standards::listed::Pages;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use thiserror::Error;

use crate::inventory::{Inventory, Kind, ReadInventoryError};
use crate::part::{self, Content, Document, OtherContent, PartKind};

/// A named text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// The name of its file.
    pub name: String,
    /// Its content.
    pub text: String,
}

impl Input {
    /// Creates an input.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into() }
    }
}

/// An inventory, and the inputs that it was assembled from.
#[derive(Clone, Debug)]
pub struct Assembled {
    /// The names of the inputs, without duplicates.
    pub inputs: Vec<String>,
    /// The inventory that the inputs form.
    pub inventory: Inventory,
}

/// The error for inputs that do not form an inventory.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AssembleError {
    /// An input is neither an inventory nor a part of one.
    #[error("{input}: {error}")]
    Unreadable {
        /// The name of the input.
        input: String,
        /// The reason.
        error: ReadInventoryError,
    },
    /// An input is another known kind of file.
    #[error("{input} is neither an inventory nor a part of one: it is {content}")]
    WrongKind {
        /// The name of the input.
        input: String,
        /// The kind of file.
        content: Content,
    },
    /// Several inputs are wrong, each on its own.
    #[error("{}", sentences(.0))]
    Several(Vec<Self>),
    /// Two inputs have the same part, which must be unique.
    #[error("{input} has {part}, but so does {earlier}")]
    Twice {
        /// The second input.
        input: String,
        /// The name of the part.
        part: PartKind,
        /// The first input.
        earlier: String,
    },
    /// Parts are given together with several inventories.
    #[error("{input} is a part of an inventory, but there are {count} inventories of a {kind} to add it to")]
    Whose {
        /// The name of the part.
        input: String,
        /// The kind of the inventories.
        kind: Kind,
        /// The number of inventories.
        count: usize,
    },
}

/// The errors of several inputs in one line.
fn sentences(errors: &[AssembleError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// Assembles inventories: each whole inventory is one, and all parts of a kind together form one or complete the only given
/// inventory.
///
/// ```
/// use scs_registry::assembly::{Input, assemble};
///
/// let flavors = Input::new("flavors.json", r#"[{"Name": "SCS-2V-8", "RAM": 8192, "VCPUs": 2}]"#);
/// let images = Input::new("images.json", r#"{"name": "a", "disk_format": "raw"} {"name": "b", "disk_format": "raw"}"#);
/// let assembled = assemble([flavors, images])?;
/// assert_eq!(assembled.len(), 1);
/// assert_eq!(assembled[0].inventory.parts().collect::<Vec<_>>(), ["flavors", "images"]);
/// # Ok::<(), scs_registry::assembly::AssembleError>(())
/// ```
///
/// # Errors
///
/// If inputs are neither an inventory nor a part of one, of which all are named, or if it is unclear to which inventory one belongs.
pub fn assemble(inputs: impl IntoIterator<Item = Input>) -> Result<Vec<Assembled>, AssembleError> {
    let mut assembled: Vec<Assembled> = Vec::new();
    let mut parts = Parts::default();
    let mut errors = Vec::new();
    for Input { name, text } in inputs {
        match Inventory::try_text(text) {
            Ok(inventory) => assembled.push(Assembled { inputs: vec![name], inventory }),
            Err((error, text)) => match parts.add_text(&name, &text, error) {
                Ok(inventories) => assembled.extend(
                    inventories
                        .into_iter()
                        .map(|inventory| Assembled { inputs: vec![name.clone()], inventory }),
                ),
                Err(error) => errors.push(error),
            },
        }
    }
    match errors.len() {
        0 => {}
        1 => return Err(errors.remove(0)),
        _ => return Err(AssembleError::Several(errors)),
    }
    for (kind, of_kind) in parts.0 {
        let whole = assembled.iter().filter(|one| one.inventory.kind() == kind).count();
        if whole > 1
            && let Some(Part { inputs, .. }) = of_kind.values().next()
        {
            let input = inputs.first().cloned().unwrap_or_default();
            return Err(AssembleError::Whose { input, kind, count: whole });
        }
        let mut one = match assembled.iter().position(|one| one.inventory.kind() == kind) {
            Some(place) => assembled.remove(place),
            None => Assembled { inputs: Vec::new(), inventory: Inventory::new(kind) },
        };
        for (kind, part) in of_kind {
            if one.inventory.parts().any(|known| known == kind.key()) {
                let input = part.inputs.first().cloned().unwrap_or_default();
                let earlier = one.inputs.first().cloned().unwrap_or_default();
                return Err(AssembleError::Twice { input, part: kind, earlier });
            }
            one.inventory.put(kind.key(), &part.json(kind));
            for input in part.inputs {
                if !one.inputs.contains(&input) {
                    one.inputs.push(input);
                }
            }
            one.inventory.note(part.notices);
        }
        assembled.push(one);
    }
    Ok(assembled)
}

/// The documents of a part.
#[derive(Debug, Default)]
struct Part {
    inputs: Vec<String>,
    documents: Vec<String>,
    notices: Vec<String>,
}

/// The parts of each kind of inventory.
#[derive(Debug, Default)]
struct Parts(BTreeMap<Kind, BTreeMap<PartKind, Part>>);

impl Parts {
    /// Adds the documents of a text; returns the whole inventories among them.
    fn add_text(
        &mut self,
        name: &str,
        text: &str,
        error: ReadInventoryError,
    ) -> Result<Vec<Inventory>, AssembleError> {
        let wrong = |content| AssembleError::WrongKind { input: name.to_owned(), content };
        let unreadable = |error| AssembleError::Unreadable { input: name.to_owned(), error };
        let documents = part::recognize(text);
        if documents.is_empty() {
            return Err(unreadable(ReadInventoryError::Shape("nothing".to_owned())));
        }
        let several = documents.len() > 1;
        let mut whole = Vec::new();
        for Document { json, content } in documents {
            match content {
                Content::Inventory(_) if several => {
                    whole.push(Inventory::of_text(json).map_err(unreadable)?);
                }
                Content::Part(PartKind::Catalog) => self.add_catalog(name, json)?,
                Content::Part(part) => self.add(name, part, json)?,
                Content::MixedList => self.add_mixed_list(name, &json)?,
                // The client prints `[]` if there are none, so only the name of the file tells what there are none of.
                content @ Content::Other(OtherContent::EmptyList) => match PartKind::of_file_name(name) {
                    Some(part) => self.add(name, part, "[]".to_owned())?,
                    None => return Err(wrong(content)),
                },
                Content::Inventory(_) | Content::Unknown(_) if !several => return Err(unreadable(error)),
                Content::Unknown(found) => {
                    return Err(unreadable(ReadInventoryError::Shape(found)));
                }
                other => return Err(wrong(other)),
            }
        }
        Ok(whole)
    }

    fn add(&mut self, name: &str, kind: PartKind, json: String) -> Result<(), AssembleError> {
        let part = self.0.entry(kind.kind()).or_default().entry(kind).or_default();
        if !kind.is_list()
            && let Some(earlier) = part.inputs.first()
        {
            let (input, earlier) = (name.to_owned(), earlier.clone());
            return Err(AssembleError::Twice { input, part: kind, earlier });
        }
        part.documents.push(json);
        if part.inputs.last().is_none_or(|known| known != name) {
            part.inputs.push(name.to_owned());
        }
        Ok(())
    }

    /// Adds a catalog, or the token that contains it, which also has roles.
    fn add_catalog(&mut self, name: &str, json: String) -> Result<(), AssembleError> {
        #[derive(serde::Deserialize)]
        struct Answer {
            token: Token,
        }
        #[derive(serde::Deserialize)]
        struct Token {
            catalog: Option<Value>,
            roles: Option<Vec<Role>>,
        }
        #[derive(serde::Deserialize)]
        struct Role {
            name: String,
        }
        let Ok(Answer { token }) = serde_json::from_str::<Answer>(&json) else {
            return self.add(name, PartKind::Catalog, json);
        };
        if let Some(roles) = token.roles {
            let names: Vec<Value> = roles.into_iter().map(|role| role.name.into()).collect();
            self.add(name, PartKind::TokenRoles, Value::Array(names).to_string())?;
        }
        match token.catalog {
            Some(catalog) => self.add(name, PartKind::Catalog, catalog.to_string()),
            None => Ok(()),
        }
    }

    /// Adds a list of objects of several kinds, with a notice about those that no rule uses.
    fn add_mixed_list(&mut self, name: &str, json: &str) -> Result<(), AssembleError> {
        let objects = part::entries(PartKind::Nodes, json).unwrap_or_default();
        let mut answers_for_part: BTreeMap<PartKind, Vec<&str>> = BTreeMap::new();
        let mut left_out: BTreeMap<String, usize> = BTreeMap::new();
        for object in objects {
            match part::content_of(object.get()) {
                Content::Part(part) => answers_for_part.entry(part).or_default().push(object.get()),
                other => *left_out.entry(other.to_string()).or_default() += 1,
            }
        }
        let Some(first) = answers_for_part.keys().next().copied() else {
            let content = Content::Unknown("a list of objects that no rule uses".to_owned());
            return Err(AssembleError::WrongKind { input: name.to_owned(), content });
        };
        let rest = rest_of(json, "items");
        for (part, objects) in answers_for_part {
            self.add(name, part, listed("items", &objects, rest.as_ref()))?;
        }
        let notices =
            left_out.into_iter().map(|(what, count)| format!("{name}: no rule uses {what} ({count})"));
        let part = self.0.entry(first.kind()).or_default().entry(first).or_default();
        part.notices.extend(notices);
        Ok(())
    }
}

impl Part {
    /// Merges all documents into one, in a form that the reader of the part accepts.
    fn json(&self, kind: PartKind) -> String {
        if let [json] = self.documents.as_slice()
            && (!kind.is_list() || is_list(kind, json))
        {
            return json.clone();
        }
        let key = kind.list_key();
        let entries: Vec<&str> = self
            .documents
            .iter()
            .flat_map(|json| part::entries(kind, json).unwrap_or_default())
            .map(RawValue::get)
            .collect();
        // If one page is incomplete, so is the whole: the order of the pages is unknown.
        let rest = self.documents.iter().find_map(|json| rest_of(json, key));
        listed(key, &entries, rest.as_ref())
    }
}

/// Whether a document is a list instead of a single object.
fn is_list(kind: PartKind, json: &str) -> bool {
    json.trim_start().starts_with('[') || part::is_wrapped_list(kind, json)
}

/// The keys next to a list that mark it as a page.
fn rest_of(json: &str, key: &str) -> Option<Map<String, Value>> {
    let fields: BTreeMap<String, &RawValue> = serde_json::from_str(json).ok()?;
    let mut rest = Map::new();
    let mut pages = Pages::default();
    for (name, value) in fields.iter().filter(|(name, _)| *name != key && Pages::is_relevant(name)) {
        let value: Value = serde_json::from_str(value.get()).ok()?;
        pages.take(name, &value);
        rest.insert(name.clone(), value);
    }
    let entries: Vec<&RawValue> =
        fields.get(key).and_then(|list| serde_json::from_str(list.get()).ok()).unwrap_or_default();
    pages.incomplete(entries.len()).map(|_| rest)
}

/// A list of entries; under its key if other keys are needed next to it.
fn listed(key: &str, entries: &[&str], rest: Option<&Map<String, Value>>) -> String {
    let list = format!("[{}]", entries.join(","));
    match rest {
        None => list,
        Some(rest) => {
            let mut json = format!("{{{}:{list}", Value::from(key));
            for (name, value) in rest {
                // Writing to a string does not fail.
                let _ = write!(json, ",{}:{value}", Value::from(name.as_str()));
            }
            json.push('}');
            json
        }
    }
}

#[cfg(test)]
mod tests {
    use scs_standards::Given;

    use super::*;

    fn one(inputs: &[(&str, &str)]) -> Assembled {
        let inputs = inputs.iter().map(|(name, text)| Input::new(*name, *text));
        let mut assembled = assemble(inputs).unwrap();
        assert_eq!(assembled.len(), 1);
        assembled.remove(0)
    }

    fn error(inputs: &[(&str, &str)]) -> AssembleError {
        assemble(inputs.iter().map(|(name, text)| Input::new(*name, *text))).unwrap_err()
    }

    #[test]
    fn lists_of_several_files_and_documents_are_joined() {
        let images =
            "{\"name\": \"a\", \"disk_format\": \"raw\"}\n{\"name\": \"b\", \"disk_format\": \"raw\"}\n";
        let more = r#"{"images": [{"name": "c", "disk_format": "raw"}]}"#;
        let assembled = one(&[("a.json", images), ("b.json", more)]);
        assert_eq!(assembled.inputs, ["a.json", "b.json"]);
        let Given::Data(json) = assembled.inventory.given("images") else { panic!("no images") };
        let names: Vec<Value> = serde_json::from_str(json).unwrap();
        assert_eq!(
            names.iter().map(|image| image["name"].as_str().unwrap()).collect::<Vec<_>>(),
            ["a", "b", "c"]
        );
    }

    #[test]
    fn pages_stay_pages() {
        let page = r#"{"images": [{"name": "a", "disk_format": "raw"}], "next": "/v2/images?marker=a"}"#;
        let last = r#"{"images": [{"name": "b", "disk_format": "raw"}]}"#;
        for inputs in [&[("1.json", page), ("2.json", last)][..], &[("1.json", page)]] {
            let assembled = one(inputs);
            let json = assembled.inventory.given("images");
            let value: Value = serde_json::from_str(json.data().unwrap()).unwrap();
            assert_eq!(value["next"], "/v2/images?marker=a");
            assert_eq!(value["images"].as_array().unwrap().len(), inputs.len());
        }
    }

    #[test]
    fn objects_of_a_cluster_go_to_their_parts() {
        let mixed = r#"{"kind": "List", "items": [
            {"kind": "Node", "apiVersion": "v1", "metadata": {"name": "n"}},
            {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "p"}},
            {"kind": "ConfigMap", "apiVersion": "v1", "metadata": {"name": "c"}}
        ]}"#;
        let yaml = "kind: Namespace\napiVersion: v1\nmetadata: {name: a}\n---\nkind: Namespace\napiVersion: v1\nmetadata: {name: b}\n";
        let assembled = one(&[("mixed.json", mixed), ("namespaces.yaml", yaml)]);
        assert_eq!(assembled.inventory.kind(), Kind::Cluster);
        assert_eq!(assembled.inventory.parts().collect::<Vec<_>>(), ["nodes", "namespaces", "pods"]);
        assert!(
            assembled.inventory.notices()[0].contains("ConfigMap"),
            "{:?}",
            assembled.inventory.notices()
        );
    }

    #[test]
    fn parts_complete_an_inventory() {
        let inventory = "kind: cloud\nsubject: x\nflavors: []\n";
        let assembled = one(&[("cloud.yaml", inventory), ("v.json", r#"{"volume_types": []}"#)]);
        assert_eq!(assembled.inventory.subject(), Some("x"));
        assert_eq!(assembled.inventory.parts().collect::<Vec<_>>(), ["flavors", "volume_types"]);
        let twice = error(&[("cloud.yaml", inventory), ("f.json", r#"{"flavors": []}"#)]);
        assert!(matches!(twice, AssembleError::Twice { part: PartKind::Flavors, .. }), "{twice}");
        let whose =
            error(&[("a.yaml", inventory), ("b.yaml", inventory), ("v.json", r#"{"volume_types": []}"#)]);
        assert!(matches!(whose, AssembleError::Whose { count: 2, .. }), "{whose}");
    }

    #[test]
    fn a_token_has_a_catalog_and_roles() {
        let token = r#"{"token": {"roles": [{"id": "1", "name": "member"}], "catalog": [{"type": "image", "endpoints": []}]}}"#;
        let assembled = one(&[("token.json", token)]);
        assert_eq!(assembled.inventory.given("roles").data(), Some(&r#"["member"]"#));
        assert!(assembled.inventory.given("services").data().is_some());
    }

    #[test]
    fn an_empty_list_is_the_part_that_its_file_is_named_after() {
        let assembled =
            one(&[("flavors.json", r#"[{"name": "a", "vcpus": 1}]"#), ("volume-types.json", "[]")]);
        assert_eq!(assembled.inventory.given("volume_types").data(), Some(&"[]"));
        assert!(error(&[("empty.json", "[]")]).to_string().contains("an empty list"));
    }

    #[test]
    fn other_kinds_of_files_are_named_in_the_error() {
        for (text, expected) in [
            ("+----+------+\n| ID | Name |\n", "a table for people"),
            ("ID,Name\n1,x\n", "comma-separated values"),
            ("kind: Config\nclusters: []\n", "a kubeconfig"),
            (r#"{"terraform_version": "1.9", "values": {}}"#, "Terraform"),
            (r#"{"forbidden": {"code": 403, "message": "not allowed"}}"#, "an error of an API: not allowed"),
            (r#"{"servers": []}"#, "a list of servers"),
            ("[]", "an empty list"),
            (
                r#"{"kind": "DeploymentList", "apiVersion": "apps/v1", "items": []}"#,
                "Kubernetes objects of kind DeploymentList",
            ),
        ] {
            let error = error(&[("file", text)]).to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
        assert!(matches!(error(&[("f", "{\"flavors\": [")]), AssembleError::Unreadable { .. }));
        assert!(matches!(error(&[("f", "")]), AssembleError::Unreadable { .. }));
    }

    #[test]
    fn another_part_in_the_place_of_one_is_unusable() {
        let pods = r"{kind: cluster, nodes: {kind: PodList, items: [{metadata: {name: p}}]}}";
        let inventory: Inventory = pods.parse().unwrap();
        assert_eq!(inventory.given("nodes"), Given::Unusable("this is a list of pods".to_owned()));
        // Configurations of several kinds are the same part.
        for kind in ["AdmissionConfiguration", "AuthenticationConfiguration", "PodSecurityConfiguration"] {
            let config = format!("{{kind: cluster, admission_config: {{kind: {kind}, apiVersion: x/v1}}}}");
            assert!(
                config.parse::<Inventory>().unwrap().given("admission_config").data().is_some(),
                "{kind}"
            );
        }
        let images = r"{kind: cloud, flavors: [{name: a, disk_format: raw}], images: {images: []}}";
        let inventory: Inventory = images.parse().unwrap();
        assert_eq!(inventory.given("flavors"), Given::Unusable("this is a list of images".to_owned()));
        assert!(inventory.given("images").data().is_some());
    }
}
