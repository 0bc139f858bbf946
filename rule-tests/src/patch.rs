//! Changes to an inventory, in the notation of the test data.
//!
//! For clouds, they are lists, `["set", path, value]`; for clusters, mappings, `{op: set, path: …, value: …}`. In a path, a string is a
//! key, a number an index, a mapping the list entry with these fields, `@name` the entry whose name (or rule or topic, for a
//! declaration) matches the expression, and `*` all entries.

use std::fmt::Write;

use regex::Regex;
use serde_json::{Map, Value, json};

/// Applies all changes to a document.
///
/// # Panics
///
/// If a change has no effect or is impossible: a test without changes tests nothing.
#[must_use]
pub fn patched(base: &Value, patch: &Value) -> Value {
    let mut document = base.clone();
    for operation in patch.as_array().unwrap_or_else(|| panic!("not a list of operations: {patch}")) {
        match operation {
            Value::Array(words) => apply_words(&mut document, words),
            Value::Object(fields) => apply_fields(&mut document, fields),
            _ => panic!("not an operation: {operation}"),
        }
    }
    assert_ne!(*base, document, "{patch} changes nothing");
    document
}

fn apply_words(document: &mut Value, words: &[Value]) {
    let word = |index: usize| words.get(index).unwrap_or_else(|| panic!("too short: {words:?}"));
    let path = || word(1).as_array().unwrap_or_else(|| panic!("not a path: {words:?}")).as_slice();
    match word(0).as_str().unwrap_or_default() {
        "set" => set(document, path(), word(2)),
        "del" => delete(document, path()),
        "add" => each(document, path(), &mut |list| list_of(list).push(word(2).clone())),
        "insert" => {
            let index = word(2).as_u64().and_then(|index| usize::try_from(index).ok()).expect("a place");
            each(document, path(), &mut |list| list_of(list).insert(index, word(3).clone()));
        }
        "clone" => {
            let (_, parent) = path().split_last().expect("a path");
            let mut copy = first(document, path()).clone();
            let fields = word(2).as_object().expect("the fields of the copy");
            copy.as_object_mut().expect("an object").extend(fields.clone());
            each(document, parent, &mut |list| list_of(list).push(copy.clone()));
        }
        "sub" => {
            let pattern = Regex::new(word(2).as_str().expect("an expression")).expect("an expression");
            let text = word(3).as_str().expect("a string");
            each(document, path(), &mut |value| {
                let changed = pattern.replace_all(value.as_str().expect("a string"), text).into_owned();
                *value = Value::String(changed);
            });
        }
        "decl" => {
            let declared = declaration(word(1));
            let name = name_of(&declared).to_owned();
            declarations(document).retain(|known| name_of(known) != name);
            declarations(document).push(declared);
        }
        "decl+" => declarations(document).push(declaration(word(1))),
        "undecl" => {
            declarations(document).retain(|known| name_of(known) != word(1).as_str().unwrap_or_default());
        }
        other => panic!("unknown operation: {other}"),
    }
}

fn apply_fields(document: &mut Value, fields: &Map<String, Value>) {
    let field = |name: &str| fields.get(name).unwrap_or_else(|| panic!("no `{name}` in {fields:?}"));
    let path = || field("path").as_array().expect("a path").as_slice();
    match field("op").as_str().unwrap_or_default() {
        "set" => set(document, path(), field("value")),
        "del" => delete(document, path()),
        "append" => each(document, path(), &mut |list| list_of(list).push(field("value").clone())),
        "runs" => {
            let runs = field("runs").as_array().expect("runs").iter().map(run).collect();
            document["conformance_results"] = Value::Array(runs);
        }
        "flag" => {
            let pods =
                Regex::new(&format!("^(?:{})$", field("pods").as_str().expect("an expression"))).expect("it");
            for pod in list_of(&mut document["pods"]) {
                if pods.is_match(pod["metadata"]["name"].as_str().unwrap_or_default()) {
                    flags(&mut pod["spec"]["containers"][0]["command"], field("remove"), field("add"));
                }
            }
        }
        "etcdflag" => {
            let declared = declarations(document).iter_mut().find(|known| name_of(known) == "etcd-flags");
            flags(&mut declared.expect("the flags of etcd")["value"], field("remove"), field("add"));
        }
        other => panic!("unknown operation: {other}"),
    }
}

/// Removes and adds flags.
fn flags(command: &mut Value, remove: &Value, add: &Value) {
    let is_removed = |argument: &Value| {
        let argument = argument.as_str().unwrap_or_default().trim_start_matches('-');
        let name = argument.split('=').next().unwrap_or_default();
        remove.as_array().into_iter().flatten().any(|removed| removed == name)
    };
    let command = list_of(command);
    command.retain(|argument| !is_removed(argument));
    command.extend(add.as_array().into_iter().flatten().cloned());
}

/// A run of end-to-end tests: the number of conformance and network policy tests, and the properties of the run.
fn run(run: &Value) -> Value {
    let count = |name: &str| run[name].as_u64().unwrap_or(0);
    let mut xml = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(
        xml,
        "<testsuite name=\"Kubernetes e2e suite\" timestamp=\"{}\">",
        run["at"].as_str().expect("when it ran")
    );
    for (key, value) in run["props"].as_object().into_iter().flatten() {
        let value = value.as_str().unwrap_or_default();
        let _ = writeln!(xml, "  <properties><property name=\"{key}\" value=\"{value}\"/></properties>");
    }
    for number in 0..count("pass") {
        let _ = writeln!(xml, "  <testcase name=\"[It] [sig-apps] case {number} [Conformance]\"/>");
    }
    for number in 0..count("fail") {
        let name = format!("[It] [sig-apps] broken {number} [Conformance]");
        let _ = writeln!(xml, "  <testcase name=\"{name}\"><failure/></testcase>");
    }
    for number in 0..count("np") {
        let name = format!("[It] [sig-network] Netpol NetworkPolicy case {number}");
        let _ = writeln!(xml, "  <testcase name=\"{name}\"/>");
    }
    xml.push_str("</testsuite>\n");
    json!({"version": run["version"], "junit": xml})
}

fn declarations(document: &mut Value) -> &mut Vec<Value> {
    list_of(&mut document["declarations"])
}

/// Adds the required dates to a declaration.
fn declaration(value: &Value) -> Value {
    let mut entry = json!({"date": "2026-10-01", "valid_until": "2026-12-31"});
    entry.as_object_mut().expect("it").extend(value.as_object().expect("a declaration").clone());
    entry
}

fn name_of(declaration: &Value) -> &str {
    declaration["rule"].as_str().or_else(|| declaration["topic"].as_str()).unwrap_or_default()
}

/// The list itself, or the items of a Kubernetes `List`.
fn list_of(value: &mut Value) -> &mut Vec<Value> {
    let value = if value.get("items").is_some() { &mut value["items"] } else { value };
    value.as_array_mut().expect("a list")
}

/// Like [`list_of`], but shared.
fn entries(value: &Value) -> &Vec<Value> {
    value.get("items").unwrap_or(value).as_array().expect("a list")
}

fn set(document: &mut Value, path: &[Value], value: &Value) {
    let (last, parent) = path.split_last().expect("a path");
    each(document, parent, &mut |parent| match (parent, last) {
        (Value::Object(mapping), Value::String(key)) => drop(mapping.insert(key.clone(), value.clone())),
        (parent, last) => {
            for index in places(parent, last) {
                list_of(parent)[index] = value.clone();
            }
        }
    });
}

fn delete(document: &mut Value, path: &[Value]) {
    let (last, parent) = path.split_last().expect("a path");
    each(document, parent, &mut |parent| match (parent, last) {
        (Value::Object(mapping), Value::String(key)) if mapping.contains_key(key) => {
            drop(mapping.shift_remove(key));
        }
        (parent, last) => {
            for index in places(parent, last).into_iter().rev() {
                list_of(parent).remove(index);
            }
        }
    });
}

/// Applies a function to each value selected by a path.
fn each(value: &mut Value, path: &[Value], act: &mut dyn FnMut(&mut Value)) {
    let Some((next, rest)) = path.split_first() else { return act(value) };
    match (value, next) {
        (Value::Object(mapping), Value::String(key))
            if mapping.contains_key(key) || key != "*" && !key.starts_with('@') =>
        {
            let entry = mapping.entry(key.clone()).or_insert_with(|| json!({}));
            each(entry, rest, act);
        }
        (value, next) => {
            for index in places(value, next) {
                each(&mut list_of(value)[index], rest, act);
            }
        }
    }
}

fn first<'v>(document: &'v Value, path: &[Value]) -> &'v Value {
    path.iter().fold(document, |value, next| match (value, next) {
        (Value::Object(mapping), Value::String(key)) => mapping.get(key).expect("a key"),
        (value, next) => {
            let index = *places(value, next).first().expect("an entry");
            &entries(value)[index]
        }
    })
}

/// The selected entries of a list.
fn places(value: &Value, next: &Value) -> Vec<usize> {
    let list = entries(value);
    let is_meant = |index: usize, entry: &Value| match next {
        Value::Number(number) => number.as_u64() == u64::try_from(index).ok(),
        Value::Object(fields) => fields.iter().all(|(key, value)| entry.get(key) == Some(value)),
        Value::String(all) if all == "*" => true,
        Value::String(name) => {
            let name = name.strip_prefix('@').unwrap_or_else(|| panic!("`{name}` in a list"));
            let pattern = Regex::new(&format!("^(?:{name})$")).expect("an expression");
            let own = entry["metadata"]["name"].as_str().unwrap_or_else(|| name_of(entry));
            pattern.is_match(own)
        }
        _ => panic!("not a step of a path: {next}"),
    };
    let meant: Vec<usize> = list
        .iter()
        .enumerate()
        .filter(|(index, entry)| is_meant(*index, entry))
        .map(|(index, _)| index)
        .collect();
    assert!(!meant.is_empty(), "no entry is {next}");
    meant
}
