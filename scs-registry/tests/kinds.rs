//! A list of another kind is rejected: every part of the examples in the place of every other.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use scs_registry::part::PartKind;
use scs_registry::{Inventory, Kind};
use scs_standards::Given;
use serde_json::{Map, Value, json};

fn example(file: &str) -> Map<String, Value> {
    let path = format!("{}/../examples/data/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    serde_saphyr::from_str(&text).unwrap()
}

/// The lists of an example with something in them.
fn lists(example: &Map<String, Value>, kind: Kind) -> Vec<(PartKind, Vec<Value>)> {
    PartKind::all()
        .filter(|part| part.kind() == kind)
        .filter_map(|part| {
            let value = example.get(part.key())?;
            let list = value.get("items").unwrap_or(value).as_array()?;
            (!list.is_empty() && list.iter().all(Value::is_object)).then(|| (part, list.clone()))
        })
        .collect()
}

/// Objects with and without their kind, as a script may have removed it.
fn without_kind(list: &[Value]) -> Value {
    let mut list = list.to_vec();
    for entry in &mut list {
        let fields = entry.as_object_mut().unwrap();
        fields.remove("kind");
        fields.remove("apiVersion");
    }
    list.into()
}

#[test]
fn a_part_is_no_other_part() {
    let mut tried = 0;
    let mut wrong = Vec::new();
    for (kind, file) in [(Kind::Cloud, "conformant-cloud.yaml"), (Kind::Cluster, "conformant-cluster.yaml")] {
        let lists = lists(&example(file), kind);
        for (part, list) in &lists {
            for (other, _) in lists.iter().filter(|(other, _)| other != part) {
                for (how, value) in [("as it is", json!(list)), ("without kind", without_kind(list))] {
                    // A namespace with only a name and labels is ambiguous.
                    if *part == PartKind::Namespaces && how == "without kind" {
                        continue;
                    }
                    let given = Inventory::new(kind).with_part(other.key(), &value);
                    tried += 1;
                    if !matches!(given.given(other.key()), Given::Unusable(_)) {
                        wrong.push(format!("{part} as {other}, {how}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {tried}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(tried > 100, "{tried}");
}
