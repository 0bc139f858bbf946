//! Shared by tests of whole inventories: the inventories, seeded mutations, and the check.

mod mutate;

use std::path::{Path, PathBuf};

use scs_k8s_policy::KubernetesFacts;
use scs_registry::{Inventory, Report, ScopeChoice, Selection, Subject, check};
use scs_standards::{Context, Profile};
use serde_json::{Value, json};

pub(crate) use mutate::{Pool, mutate};

/// An inventory to mutate, and when it is checked.
pub(crate) struct Base {
    pub(crate) name: String,
    pub(crate) at: &'static str,
    pub(crate) document: Value,
}

/// The parts of a cluster's inventory, and the file names of real ones.
const LISTS: [(&str, &str); 11] = [
    ("version", "version.json"),
    ("nodes", "nodes.json"),
    ("storage_classes", "storageclasses.json"),
    ("persistent_volumes", "persistentvolumes.json"),
    ("namespaces", "namespaces.json"),
    ("pods", "pods.json"),
    ("daemon_sets", "daemonsets.json"),
    ("services", "services.json"),
    ("ingress_classes", "ingressclasses.json"),
    ("network_policies", "networkpolicies.json"),
    ("admission_config", "admission-config.json"),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The examples, and the responses of real clouds and clusters if available.
pub(crate) fn bases() -> (Vec<Base>, Pool) {
    let examples = [
        ("conformant-cloud.yaml", "2026-11-24T00:00:00Z"),
        ("typical-cloud.yaml", "2026-11-24T00:00:00Z"),
        ("conformant-cluster.yaml", "2026-10-20T00:00:00Z"),
        ("k3s-cluster.yaml", "2026-10-20T00:00:00Z"),
        ("managed-cluster.yaml", "2026-10-20T00:00:00Z"),
    ];
    let mut bases: Vec<Base> = examples
        .map(|(name, at)| Base {
            name: name.to_owned(),
            at,
            document: read(&root().join("examples/data").join(name)),
        })
        .into();
    let flavors = bases.iter().filter_map(|base| base.document["flavors"].as_array()).flatten();
    let mut pool = Pool { names: flavors.filter_map(|it| Some(it["name"].as_str()?.to_owned())).collect() };
    let Some(real) = std::env::var_os("SCS_REAL_WORLD_DIR").map(PathBuf::from) else {
        println!("SCS_REAL_WORLD_DIR is not set; the examples alone are mutated");
        return (bases, pool);
    };
    let names = std::fs::read_to_string(real.join("flavor-names.txt")).expect("names of flavors");
    pool.names.extend(names.lines().map(str::to_owned));
    // Nova rejects duplicate names.
    let mut seen = std::collections::BTreeSet::new();
    pool.names.retain(|name| seen.insert(name.clone()));
    let images = read(&real.join("images/129-real-glance.json"));
    bases.push(Base {
        name: "real images".to_owned(),
        at: "2026-11-24T00:00:00Z",
        document: json!({"kind": "cloud", "images": images}),
    });
    let flavors: Vec<Value> =
        pool.names.iter().take(60).enumerate().map(|(index, name)| flavor(index, name)).collect();
    bases.push(Base {
        name: "real names".to_owned(),
        at: "2026-11-24T00:00:00Z",
        document: json!({"kind": "cloud", "flavors": flavors}),
    });
    for cluster in ["good", "broken"] {
        let mut document = json!({"kind": "cluster"});
        for (part, file) in LISTS {
            let path = real.join("k8s").join(cluster).join(file);
            if path.exists() {
                document[part] = read(&path);
            }
        }
        bases.push(Base { name: format!("the {cluster} cluster"), at: "2026-10-20T00:00:00Z", document });
    }
    (bases, pool)
}

/// A flavor with figures derived from its name where that is easy.
fn flavor(index: usize, name: &str) -> Value {
    let mut numbers =
        name.split(|sign: char| !sign.is_ascii_digit()).filter_map(|digits| digits.parse::<u64>().ok());
    let (cpus, ram) = (numbers.next().unwrap_or(2).clamp(1, 512), numbers.next().unwrap_or(4).clamp(1, 2048));
    json!({"id": format!("f-{index}"), "name": name, "vcpus": cpus, "ram": ram * 1024, "disk": numbers.next().unwrap_or(0).min(9999),
        "os-flavor-access:is_public": true, "extra_specs": {}})
}

pub(crate) fn checked(document: &Value, at: &str, profile: Profile) -> Report {
    checked_with(document, at, profile, KubernetesFacts::embedded())
}

/// The check, with deciding and informational rules.
pub(crate) fn checked_with(document: &Value, at: &str, profile: Profile, facts: &KubernetesFacts) -> Report {
    let inventory: Inventory = document.to_string().parse().expect("an inventory");
    let context = Context::at(at.parse().expect("a time")).with_profile(profile);
    let mut choice = ScopeChoice::default();
    choice.include_drafts = true;
    choice.all_rules = true;
    let kind = inventory.kind();
    let selection = Selection::of_scope(kind.scope(), kind, context.date(), &choice).expect("a selection");
    check(&Subject::inventory("subject", &inventory).with_facts(facts), &selection, &context)
}
