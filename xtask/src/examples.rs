//! `scs-registry/data/examples.json`: for each rule a subject that passes and one that fails, from the subjects of the tests.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use scs_flavor_naming::{FlavorName, StandardDisk, StandardFlavor};
use scs_registry::Registry;
use serde_json::{Map, Value, json};

/// The maximum length of a subject; longer ones, such as archives of test runs, do not help readers.
const LONGEST: usize = 3500;

/// A crate and the function that completes its subjects.
type Source = (&'static str, fn(&str, &Value) -> Option<Value>);

const SOURCES: [Source; 7] = [
    ("scs-standards", documents),
    ("scs-certificates", |_, changes| Some(json!({"scope": changes}))),
    ("scs-flavor-naming", flavors),
    ("scs-image-metadata", |rule, subject| Some(images(rule, subject))),
    ("scs-entropy", |rule, subject| Some(entropy(rule, subject))),
    ("scs-iaas-policy", |rule, subject| Some(parts("cloud", rule, subject))),
    ("scs-k8s-policy", |rule, subject| Some(parts("cluster", rule, subject))),
];

/// The file: a rule on each line.
pub(crate) fn examples(root: &Path) -> Result<String, String> {
    let mut rules: BTreeMap<String, Value> = BTreeMap::new();
    for (krate, complete) in SOURCES {
        for (key, subjects) in subjects(&root.join(krate).join("tests/subjects"))? {
            let id = key.split(' ').next().unwrap_or(&key);
            let pair: Map<String, Value> = ["passing", "failing"]
                .into_iter()
                .filter_map(|which| Some((which.to_owned(), complete(id, subjects.get(which)?)?)))
                .filter(|(_, subject)| subject.to_string().len() <= LONGEST)
                .collect();
            rules.insert(key, Value::Object(pair));
        }
    }
    rules.extend(
        StandardFlavor::all().map(|flavor| (flavor.test_case_id().to_owned(), standard_flavor(flavor))),
    );
    let read = |file: &str| fs::read_to_string(root.join(file)).map_err(|error| format!("{file}: {error}"));
    let image: Value = serde_saphyr::from_str(&read("scs-image-metadata/tests/base-image.yaml")?)
        .map_err(|error| error.to_string())?;
    let scope = Value::from(read("scs-certificates/tests/good-scope.yaml")?);
    let lines: Vec<String> =
        rules.iter().map(|(key, pair)| format!("    {}: {pair}", Value::from(key.as_str()))).collect();
    Ok(format!(
        "{{\n  \"image\": {image},\n  \"scope\": {scope},\n  \"rules\": {{\n{}\n  }}\n}}\n",
        lines.join(",\n")
    ))
}

/// All subjects of a folder by the keys of their rules.
fn subjects(folder: &Path) -> Result<BTreeMap<String, Value>, String> {
    let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", folder.display());
    let mut subjects = BTreeMap::new();
    for entry in fs::read_dir(folder).map_err(|error| failed(&error))? {
        let path = entry.map_err(|error| failed(&error))?.path();
        let text = fs::read_to_string(&path).map_err(|error| failed(&error))?;
        let own: BTreeMap<String, Value> =
            serde_saphyr::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        subjects.extend(own);
    }
    Ok(subjects)
}

/// Documents: the usual front matter and headings with the changes of the subject.
fn documents(_: &str, subject: &Value) -> Option<Value> {
    // An unreadable document is not an example of a rule.
    if subject["broken"] == true {
        return None;
    }
    let usual = json!({"title": "Naming", "type": "Standard", "status": "Stable", "track": "IaaS",
                       "stabilized_at": "2023-01-01"});
    let headings = subject.get("headings").cloned();
    let headings =
        headings.unwrap_or_else(|| json!(["Introduction", "Motivation", "Decision", "Conformance Tests"]));
    let headings: Vec<String> = headings
        .as_array()?
        .iter()
        .filter_map(Value::as_str)
        .map(|title| format!("\n## {title}\n"))
        .collect();
    let one = json!({"scs-0100-v1-naming.md": {}});
    let files = subject.get("files").unwrap_or(&one).as_object()?;
    let texts: Map<String, Value> = files
        .iter()
        .map(|(name, own)| {
            let front = changed(&usual, own);
            let fields = front.as_object().into_iter().flatten();
            let fields: Vec<String> =
                fields.map(|(key, value)| format!("{key}: {}\n", plain(value))).collect();
            (name.clone(), format!("---\n{}---\n{}", fields.concat(), headings.concat()).into())
        })
        .collect();
    Some(json!({"files": texts}))
}

/// A value of the front matter, without quotes if possible.
fn plain(value: &Value) -> String {
    let is_word = |text: &&str| {
        let starts = text.starts_with(|letter: char| letter.is_ascii_alphanumeric());
        let letters = text.chars().all(|letter| letter.is_ascii_alphanumeric() || " -_.".contains(letter));
        starts
            && letters
            && serde_saphyr::from_str::<Value>(text).is_ok_and(|read| read.as_str() == Some(text))
    };
    value.as_str().filter(is_word).map_or_else(|| value.to_string(), str::to_owned)
}

/// A mapping with changed values; `null` removes one.
fn changed(base: &Value, own: &Value) -> Value {
    let mut changed = base.clone();
    for (key, value) in own.as_object().into_iter().flatten() {
        if value.is_null() {
            changed.as_object_mut().map(|fields| fields.shift_remove(key));
        } else {
            changed[key] = value.clone();
        }
    }
    changed
}

fn flavors(rule: &str, subject: &Value) -> Option<Value> {
    let flavors: Vec<Value> = subject["flavors"].as_array()?.iter().map(with_figures_of_its_name).collect();
    let mut inventory = json!({"kind": "cloud", "flavors": flavors});
    let declared = subject["declarations"].as_array().into_iter().flatten();
    let declared = declared.map(|statement| {
        let mut entry = declaration(rule, &statement["value"]);
        if let Some(subjects) = statement.get("subjects") {
            entry["subjects"] = subjects.clone();
        }
        entry
    });
    declare(&mut inventory, declared);
    Some(json!({"inventory": inventory}))
}

/// A flavor as returned by Nova. If the subject only has a name, the figures are derived from it.
fn with_figures_of_its_name(flavor: &Value) -> Value {
    let mut flavor = flavor.clone();
    if let Ok(name) = flavor["name"].as_str().unwrap_or_default().parse::<FlavorName>() {
        let disk = name.disk().map_or(0, |disk| disk.size_gb().map_or(20, u32::from));
        let figures = [
            ("vcpus", u64::from(name.cpu().count.get())),
            ("ram", name.ram().size.mib()),
            ("disk", u64::from(disk)),
        ];
        for (key, figure) in
            figures.into_iter().filter(|(key, _)| flavor.get(key).is_none()).collect::<Vec<_>>()
        {
            flavor[key] = figure.into();
        }
    }
    if flavor.get("extra_specs").is_none() {
        flavor["extra_specs"] = json!({});
    }
    flavor
}

/// A standard flavor that passes, and one with a little more memory.
fn standard_flavor(standard: StandardFlavor) -> Value {
    let example = |ram: u64| {
        let mut specs: Map<String, Value> = standard
            .expected_extra_specs()
            .into_iter()
            .map(|(key, value)| (key.to_owned(), json!(value)))
            .collect();
        if standard.disk_type() == StandardDisk::Any {
            specs.insert("scs:disk0-type".to_owned(), json!("network"));
        }
        let flavor = json!({"name": standard.recommended_name(), "vcpus": standard.vcpus(), "ram": ram,
                            "disk": standard.disk_gb(), "extra_specs": specs});
        json!({"inventory": {"kind": "cloud", "flavors": [flavor]}})
    };
    json!({"passing": example(standard.ram_mib()), "failing": example(standard.ram_mib() + 1)})
}

/// Images, given as changes of the base image.
fn images(rule: &str, subject: &Value) -> Value {
    let none = json!([]);
    let mut inventory = json!({"kind": "cloud", "images": subject.get("images").unwrap_or(&none)});
    if let Some(earlier) = subject.get("earlier") {
        inventory["earlier_images"] = earlier.clone();
    }
    declare(&mut inventory, subject.get("declared").map(|value| declaration(rule, value)));
    let mut example = json!({"inventory": inventory});
    copy(subject, &mut example, &["at", "official", "standard_images", "earlier_standard_images"]);
    example
}

fn entropy(rule: &str, subject: &Value) -> Value {
    let mut inventory = json!({"kind": "cloud"});
    if let Some(console) = subject.get("console") {
        inventory["console_output"] = console.clone();
    }
    if let Some(probe) = subject.get("probe") {
        let base = json!({"schema": "scs/entropy-probe/1", "kernel": "6.8.0-45-generic"});
        inventory["console_output"] = changed(&base, probe);
    }
    if let Some(hosts) = subject.get("hosts") {
        inventory["host_facts"] = hosts.clone();
    }
    copy(subject, &mut inventory, &["flavors", "images"]);
    declare(&mut inventory, subject.get("declared").map(|value| declaration(rule, value)));
    let mut example = json!({"inventory": inventory});
    // The revisions of the text are in force one after the other.
    if subject["revision"]
        .as_str()
        .is_some_and(|revision| revision.contains("1.0") || revision.contains("1_0"))
    {
        example["at"] = "2026-06-24T00:00:00Z".into();
    }
    copy(subject, &mut example, &["at"]);
    example
}

/// Parts of an inventory, with facts and declarations.
fn parts(kind: &str, rule: &str, subject: &Value) -> Value {
    let mut inventory = json!({"kind": kind});
    let given = ["parts", "cloud", "cluster"].iter().find_map(|key| subject.get(key));
    for (name, part) in given.and_then(Value::as_object).into_iter().flatten() {
        inventory[name] = part.clone();
    }
    let own = subject.get("declared").map(|value| {
        let mut entry = declaration(rule, value);
        copy(subject, &mut entry, &["document"]);
        entry
    });
    let others = subject["declarations"].as_object().into_iter().flatten();
    let others = others.map(|(name, value)| {
        let mut entry = declaration(name, value);
        copy(subject, &mut entry, &["document"]);
        entry
    });
    declare(&mut inventory, own.into_iter().chain(others));
    let mut example = json!({"inventory": inventory});
    copy(subject, &mut example, &["at", "official", "facts"]);
    example
}

/// A declaration about a rule or a topic.
fn declaration(name: &str, value: &Value) -> Value {
    let key = if Registry::new().rule(name).is_empty() { "topic" } else { "rule" };
    json!({key: name, "value": value, "date": "2026-10-01", "valid_until": "2026-12-31"})
}

fn declare(inventory: &mut Value, declarations: impl IntoIterator<Item = Value>) {
    let declarations: Vec<Value> = declarations.into_iter().collect();
    if !declarations.is_empty() {
        inventory["declarations"] = declarations.into();
    }
}

fn copy(from: &Value, to: &mut Value, keys: &[&str]) {
    for key in keys {
        if let Some(value) = from.get(*key).filter(|value| !value.is_null()) {
            to[*key] = value.clone();
        }
    }
}
