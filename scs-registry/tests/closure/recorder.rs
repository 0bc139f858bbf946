//! Compares commands with the data of their fixes: they run in a shell whose `openstack` and `kubectl` only record their
//! arguments.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use scs_standards::{Data, Edit};
use serde_json::Value;

/// Records its name and arguments, each with its length, so that they are unambiguous.
const CLIENT: &str = "#!/bin/sh\n{\n  printf '%s ' $#\n  for word in \"${0##*/}\" \"$@\"; do printf '%s:%s,' \"${#word}\" \"$word\"; done\n  printf '\\n'\n} >>\"$RECORD\"\n";

/// A change: part, object, path and value.
type Change = (String, String, String, String);

/// Runs commands under the recorder and compares their calls with the data of the fixes.
pub(crate) fn compare(
    commands: &BTreeMap<&str, &[Edit]>,
    document: &Value,
    told: &str,
    wrong: &mut Vec<String>,
) {
    let ids = ids(document);
    let by_id = |(part, object, path, value): Change| {
        let object = ids.get(&(part.clone(), object.clone())).cloned().unwrap_or(object);
        (part, object, path, value)
    };
    let ours: Vec<_> = commands.iter().filter(|(command, _)| is_of_clients(command)).collect();
    if ours.is_empty() {
        return;
    }
    let calls = calls(ours.iter().map(|(command, _)| **command));
    for ((command, edits), calls) in ours.into_iter().zip(calls) {
        let asked: Option<BTreeSet<Change>> = calls
            .iter()
            .map(|argv| changes(argv))
            .collect::<Option<Vec<_>>>()
            .map(|all| all.into_iter().flatten().map(by_id).collect());
        let Some(asked) = asked else {
            wrong.push(format!("{told}: the recorder does not know {calls:?}"));
            continue;
        };
        let data: BTreeSet<Change> = edits.iter().flat_map(flat).map(by_id).collect();
        if asked != data {
            let only = |one: &BTreeSet<Change>, other: &BTreeSet<Change>| {
                one.difference(other).cloned().collect::<Vec<_>>()
            };
            wrong.push(format!(
                "{told}: `{command}` asks for {:?} beyond its data, which have {:?} beyond it",
                only(&asked, &data),
                only(&data, &asked)
            ));
        }
    }
}

/// The ids of objects with a unique name, by part and name: a client accepts either.
fn ids(document: &Value) -> BTreeMap<(String, String), String> {
    let mut ids = BTreeMap::new();
    for (part, value) in document.as_object().into_iter().flatten() {
        let objects = value.as_array().or_else(|| value.get("items")?.as_array()).into_iter().flatten();
        let named: Vec<(&str, &str)> =
            objects.filter_map(|object| Some((object["name"].as_str()?, object["id"].as_str()?))).collect();
        for (name, id) in &named {
            if named.iter().filter(|(other, _)| other == name).count() == 1 {
                ids.insert((part.clone(), (*name).to_owned()), (*id).to_owned());
            }
        }
    }
    ids
}

/// Whether a command only calls the clients. Other commands, and those for a management cluster, are not run here.
fn is_of_clients(command: &str) -> bool {
    let starts =
        command.split(" && ").all(|part| part.starts_with("openstack ") || part.starts_with("kubectl "));
    starts && !command.contains("kubectl patch ") && !command.contains(['>', '<', '|', ';', '`', '$'])
}

/// The calls of the clients by each command.
fn calls<'c>(commands: impl Iterator<Item = &'c str>) -> Vec<Vec<Vec<String>>> {
    let directory = tempfile::tempdir().expect("a directory");
    for client in ["openstack", "kubectl"] {
        let path = directory.path().join(client);
        std::fs::write(&path, CLIENT).expect("a client");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("its mode");
    }
    let record = directory.path().join("record");
    let mut script = "set -eu\n".to_owned();
    for command in commands {
        script.push_str(command);
        script.push_str("\nprintf '=\\n' >>\"$RECORD\"\n");
    }
    run(&script, directory.path(), &record);
    let record = std::fs::read(&record).expect("what was called");
    read(&String::from_utf8(record).expect("UTF-8"))
}

fn run(script: &str, directory: &Path, record: &Path) {
    let mut shell = Command::new("/bin/sh")
        .env_clear()
        .env("PATH", directory)
        .env("RECORD", record)
        .env("LC_ALL", "C")
        .current_dir(directory)
        .stdin(Stdio::piped())
        .spawn()
        .expect("a shell");
    shell.stdin.take().expect("its input").write_all(script.as_bytes()).expect("the script");
    assert!(shell.wait().expect("its end").success(), "{script}");
}

/// Parses the record: for each call the number of words, and the words with their lengths. A line with `=` ends a command.
fn read(record: &str) -> Vec<Vec<Vec<String>>> {
    let mut commands = Vec::new();
    let mut calls = Vec::new();
    let mut rest = record;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("=\n") {
            commands.push(std::mem::take(&mut calls));
            rest = after;
            continue;
        }
        let (count, after) = rest.split_once(' ').expect("the number of words");
        rest = after;
        let mut words = Vec::new();
        for _ in 0..=count.parse::<usize>().expect("a number") {
            let (length, after) = rest.split_once(':').expect("the length of a word");
            let length: usize = length.parse().expect("a number");
            words.push(after[..length].to_owned());
            rest = after[length..].strip_prefix(',').expect("the end of a word");
        }
        rest = rest.strip_prefix('\n').expect("the end of a call");
        calls.push(words);
    }
    commands
}

/// The data of a fix as changes.
fn flat(edit: &Edit) -> Vec<Change> {
    let change = |object: &str, path: &str, value: String| {
        (edit.part().to_owned(), object.to_owned(), path.to_owned(), value)
    };
    match edit {
        Edit::Set { object, path, value, .. } => {
            let object = object.as_ref().map_or("", |object| &object.value);
            vec![change(object, &path.join("."), text(value))]
        }
        Edit::Unset { object, path, .. } => {
            let object = object.as_ref().map_or("", |object| &object.value);
            vec![change(object, &path.join("."), "(removed)".to_owned())]
        }
        Edit::Argument { object, path, name, value, .. } => {
            let path = format!("{}.{name}", path.join("."));
            vec![change(&object.value, &path, value.clone().unwrap_or_else(|| "(removed)".to_owned()))]
        }
        Edit::Delete { object, .. } => vec![change(&object.value, "", "(deleted)".to_owned())],
        Edit::Create { object: Data::Map(fields), .. } => {
            let name = fields.get("name").and_then(Data::text).unwrap_or_default();
            let mut changes = Vec::new();
            for (key, value) in fields {
                match value {
                    Data::Map(inner) => changes.extend(
                        inner
                            .iter()
                            .map(|(inner, value)| change(name, &format!("{key}.{inner}"), text(value))),
                    ),
                    Data::Null => {}
                    value => changes.push(change(name, key, text(value))),
                }
            }
            changes
        }
        Edit::Create { .. } => Vec::new(),
    }
}

fn text(data: &Data) -> String {
    match data {
        Data::Null => String::new(),
        Data::Bool(truth) => truth.to_string(),
        Data::Number(number) => number.to_string(),
        Data::Text(text) => text.clone(),
        Data::List(list) => list.iter().map(text).collect::<Vec<_>>().join(","),
        Data::Map(map) => {
            map.iter().map(|(key, value)| format!("{key}={}", text(value))).collect::<Vec<_>>().join(",")
        }
    }
}

/// The words of a call after its command: options with values, flags, and other words.
struct Words<'a> {
    options: Vec<(&'a str, &'a str)>,
    rest: Vec<&'a str>,
}

/// Options without a value.
const BARE: [&str; 7] =
    ["--public", "--private", "--hidden", "--unhidden", "--overwrite", "--ingress", "--egress"];

/// Options of security group rules without a value.
const BARE_TOO: [&str; 2] = ["--for-default-sg", "--for-custom-sg"];

fn words(argv: &[String]) -> Words<'_> {
    let mut words = Words { options: Vec::new(), rest: Vec::new() };
    let mut argv = argv.iter().map(String::as_str);
    let mut only_rest = false;
    while let Some(word) = argv.next() {
        if only_rest || !word.starts_with("--") {
            words.rest.push(word);
        } else if word == "--" {
            only_rest = true;
        } else if BARE.contains(&word) || BARE_TOO.contains(&word) {
            words.options.push((word, ""));
        } else if let Some((option, value)) = word.split_once('=') {
            words.options.push((option, value));
        } else {
            words.options.push((word, argv.next().unwrap_or_default()));
        }
    }
    words
}

/// The changes made by a call; `None` if it is unknown.
fn changes(argv: &[String]) -> Option<Vec<Change>> {
    let leading: Vec<&str> = argv.iter().take(4).map(String::as_str).collect();
    match leading[..] {
        ["openstack", "flavor", "set", ..] => Some(properties("flavors", "extra_specs.", &argv[3..], false)),
        ["openstack", "flavor", "unset", ..] => Some(properties("flavors", "extra_specs.", &argv[3..], true)),
        ["openstack", "flavor", "create", ..] => Some(new_flavor(&argv[3..])),
        ["openstack", "flavor", "delete", ..] => Some(deleted("flavors", &argv[3..])),
        ["openstack", "image", "set", ..] => Some(properties("images", "", &argv[3..], false)),
        ["openstack", "image", "unset", ..] => Some(properties("images", "", &argv[3..], true)),
        ["openstack", "volume", "type", "set"] => Some(properties("volume_types", "", &argv[4..], false)),
        ["openstack", "role", "create", name] => {
            Some(vec![("role_list".to_owned(), name.to_owned(), "name".to_owned(), name.to_owned())])
        }
        ["openstack", "default", "security", "group"] if argv.get(5).is_some_and(|word| word == "delete") => {
            Some(deleted("default_security_group_rules", &argv[6..]))
        }
        ["openstack", "default", "security", "group"] => Some(default_rule(&argv[6..])),
        ["kubectl", "label", ..] => labeled("labels", &argv[2..]),
        ["kubectl", "annotate", ..] => labeled("annotations", &argv[2..]),
        _ => None,
    }
}

fn deleted(part: &str, argv: &[String]) -> Vec<Change> {
    let Words { rest, .. } = words(argv);
    let change =
        |object: &&str| (part.to_owned(), (*object).to_owned(), String::new(), "(deleted)".to_owned());
    rest.iter().map(change).collect()
}

fn properties(part: &str, prefix: &str, argv: &[String], removes: bool) -> Vec<Change> {
    let Words { options, rest } = words(argv);
    let object = rest.last().copied().unwrap_or_default();
    let change = |path: String, value: &str| (part.to_owned(), object.to_owned(), path, value.to_owned());
    options
        .into_iter()
        .map(|(option, value)| match option {
            "--property" if removes => change(format!("{prefix}{value}"), "(removed)"),
            "--property" => {
                let (key, value) = value.split_once('=').unwrap_or((value, ""));
                change(format!("{prefix}{key}"), value)
            }
            "--hidden" => change("os_hidden".to_owned(), "true"),
            "--unhidden" => change("os_hidden".to_owned(), "false"),
            "--tag" => change("tags".to_owned(), value),
            option => change(option.trim_start_matches('-').replace('-', "_"), value),
        })
        .collect()
}

/// Nova's defaults for a flavor.
const DEFAULTS: [(&str, &str); 3] =
    [("OS-FLV-DISABLED:disabled", "false"), ("OS-FLV-EXT-DATA:ephemeral", "0"), ("swap", "0")];

fn new_flavor(argv: &[String]) -> Vec<Change> {
    let Words { options, rest } = words(argv);
    let name = rest.last().copied().unwrap_or_default();
    let change =
        |path: &str, value: &str| ("flavors".to_owned(), name.to_owned(), path.to_owned(), value.to_owned());
    let mut changes = vec![change("name", name)];
    for (option, value) in options {
        changes.push(match option {
            "--property" => {
                let (key, value) = value.split_once('=').unwrap_or((value, ""));
                change(&format!("extra_specs.{key}"), value)
            }
            "--public" => change("os-flavor-access:is_public", "true"),
            "--private" => change("os-flavor-access:is_public", "false"),
            "--ephemeral" => change("OS-FLV-EXT-DATA:ephemeral", value),
            "--rxtx-factor" => change("rxtx_factor", value),
            option => change(option.trim_start_matches('-'), value),
        });
    }
    for (path, value) in DEFAULTS {
        if !changes.iter().any(|(_, _, known, _)| known == path) {
            changes.push(change(path, value));
        }
    }
    changes
}

fn default_rule(argv: &[String]) -> Vec<Change> {
    let Words { options, .. } = words(argv);
    let change = |path: &str, value: &str| {
        ("default_security_group_rules".to_owned(), String::new(), path.to_owned(), value.to_owned())
    };
    let mut changes = Vec::new();
    for (option, value) in &options {
        match *option {
            "--ingress" => changes.push(change("direction", "ingress")),
            "--egress" => changes.push(change("direction", "egress")),
            "--for-default-sg" => changes.push(change("used_in_default_sg", "true")),
            "--for-custom-sg" => changes.push(change("used_in_non_default_sg", "true")),
            "--ethertype" => changes.push(change("ethertype", value)),
            "--remote-group" => changes.push(change("remote_group_id", value)),
            "--protocol" if *value == "any" => {}
            option => changes.push(change(option.trim_start_matches('-'), value)),
        }
    }
    for (option, path) in BARE_TOO.into_iter().zip(["used_in_default_sg", "used_in_non_default_sg"]) {
        if !options.iter().any(|(known, _)| *known == option) {
            changes.push(change(path, "false"));
        }
    }
    changes
}

fn labeled(field: &str, argv: &[String]) -> Option<Vec<Change>> {
    let Words { rest, .. } = words(argv);
    let (kind, rest) = rest.split_first()?;
    let part = match *kind {
        "node" | "nodes" => "nodes",
        "namespace" | "namespaces" => "namespaces",
        "storageclass" | "storageclasses" => "storage_classes",
        "ingressclass" | "ingressclasses" => "ingress_classes",
        _ => return None,
    };
    // Names do not contain an equals sign and do not end in a dash.
    let is_mark = |word: &&str| word.contains('=') || word.ends_with('-');
    let (objects, marks) = rest.split_at(rest.iter().position(is_mark)?);
    let mut changes = Vec::new();
    for object in objects {
        let change =
            |path: String, value: &str| (part.to_owned(), (*object).to_owned(), path, value.to_owned());
        for mark in marks {
            changes.push(match mark.split_once('=') {
                Some((key, value)) => change(format!("metadata.{field}.{key}"), value),
                None => change(format!("metadata.{field}.{}", mark.strip_suffix('-')?), "(removed)"),
            });
        }
    }
    Some(changes)
}
