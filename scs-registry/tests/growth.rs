//! Memory and allocations grow linearly with an inventory: each generator is run with n, 2n and 4n entries.
//!
//! Allocations and their bytes are counted, which are the same in every run; time is only printed, with `--nocapture`. Quadratic
//! algorithms that only compare do not allocate, so they show up in the time only.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "helpers of tests fail as tests do, and show what they measured"
)]

use std::time::Instant;

use scs_registry::{Inventory, Kind, ScopeChoice, check_inventory};
use scs_standards::Context;
use serde_json::{Value, json};

/// The smallest number of entries; with fewer, constant costs would dominate.
const N: usize = 500;

/// A generator for a part of an inventory with a number of entries.
type Part = fn(usize) -> Value;

const CLOUD: &[(&str, &str, Part)] = &[
    ("flavors of any name", "flavors", |n| {
        each(n, |i| json!({"id": id(i), "name": format!("f-{i}"), "vcpus": 1, "ram": 1024, "disk": 0}))
    }),
    ("flavors with wrong names", "flavors", |n| {
        each(
            n,
            |i| json!({"id": id(i), "name": format!("SCS-{i}X-8"), "vcpus": 1, "ram": 1024, "disk": 0, "extra_specs": {}}),
        )
    }),
    ("flavors that lack properties", "flavors", |n| {
        each(
            n,
            |i| json!({"id": id(i), "name": format!("SCS-{}V-{}", i + 1, i + 1), "vcpus": i + 1, "ram": 1024 * (i + 1), "disk": 0, "extra_specs": {}}),
        )
    }),
    (
        "one flavor with many extra specs",
        "flavors",
        |n| json!([{"id": "1", "name": "SCS-2V-8", "vcpus": 2, "ram": 8192, "disk": 0, "extra_specs": keys(n)}]),
    ),
    ("flavors that are none", "flavors", |n| each(n, |_| json!(1))),
    ("images", "images", |n| {
        each(n, |i| json!({"id": id(i), "name": format!("Image {i}"), "visibility": "public", "min_disk": 1}))
    }),
    ("images of one name", "images", |n| {
        each(
            n,
            |i| json!({"id": id(i), "name": "Debian 13", "visibility": "public", "os_distro": "debian", "os_version": "13"}),
        )
    }),
    ("one image with many properties", "images", |n| {
        let mut image = keys(n);
        image["id"] = json!("1");
        image["name"] = json!("Debian 13");
        json!([image])
    }),
    ("images that are none", "images", |n| each(n, |_| json!([]))),
    ("volume types", "volume_types", |n| {
        each(
            n,
            |i| json!({"id": id(i), "name": format!("t{i}"), "description": "[scs:encrypted] x", "extra_specs": {}}),
        )
    }),
    ("volume types that are none", "volume_types", |n| each(n, |_| json!(1))),
    ("services", "services", |n| {
        each(
            n,
            |i| json!({"type": format!("s{i}"), "endpoints": [{"interface": "public", "region": "R", "url": format!("http://h/{i}")}]}),
        )
    }),
    ("networks", "networks", |n| {
        each(
            n,
            |i| json!({"id": id(i), "name": format!("n{i}"), "router:external": i % 2 == 0, "subnets": [id(i)]}),
        )
    }),
    ("subnets", "subnets", |n| {
        each(n, |i| json!({"id": id(i), "network_id": id(i), "cidr": "10.0.0.0/8", "ip_version": 4}))
    }),
    ("security rules", "default_security_group_rules", |n| {
        each(
            n,
            |i| json!({"id": id(i), "direction": "ingress", "ethertype": "IPv4", "protocol": "tcp", "port_range_min": i % 60000, "port_range_max": i % 60000, "used_in_default_sg": true, "used_in_non_default_sg": true}),
        )
    }),
    ("roles", "role_list", |n| each(n, |i| json!({"id": id(i), "name": format!("r{i}")}))),
    ("extensions", "extensions", |n| each(n, |i| json!({"alias": format!("e{i}")}))),
    ("files of configuration", "config_files", |n| {
        Value::Object(
            (0..n).map(|i| (format!("/etc/nova/{i}.conf"), json!("[DEFAULT]\ndebug = true\n"))).collect(),
        )
    }),
    (
        "lines of configuration",
        "config_files",
        |n| json!({"/etc/nova/nova.conf": lines(n, |i| format!("option_{i} = {i}\n"))}),
    ),
    (
        "entries of a policy",
        "config_files",
        |n| json!({"/etc/keystone/policy.yaml": lines(n, |i| format!("\"identity:x{i}\": \"role:admin\"\n"))}),
    ),
];

const CLUSTER: &[(&str, &str, Part)] = &[
    ("nodes", "nodes", |n| {
        each(
            n,
            |i| json!({"metadata": {"name": format!("n{i}"), "labels": {"topology.kubernetes.io/zone": format!("z{}", i % 3)}}, "status": {"nodeInfo": {"kubeletVersion": "v1.36.2"}}}),
        )
    }),
    ("namespaces", "namespaces", |n| each(n, |i| json!({"metadata": {"name": format!("ns{i}")}}))),
    ("namespaces that are none", "namespaces", |n| each(n, |_| json!("x"))),
    ("pods", "pods", |n| {
        each(
            n,
            |i| json!({"metadata": {"name": format!("p{i}"), "namespace": format!("ns{}", i % 50)}, "spec": {"nodeName": format!("n{}", i % 10), "containers": [{"name": "c", "image": "x"}]}}),
        )
    }),
    ("services", "services", |n| {
        each(
            n,
            |i| json!({"metadata": {"name": format!("s{i}"), "namespace": "default"}, "spec": {"type": "LoadBalancer"}}),
        )
    }),
    ("volumes", "persistent_volumes", |n| {
        each(n, |i| json!({"metadata": {"name": format!("v{i}")}, "spec": {"storageClassName": "x"}}))
    }),
    ("storage classes", "storage_classes", |n| {
        each(n, |i| json!({"metadata": {"name": format!("c{i}")}, "provisioner": "p"}))
    }),
    ("network policies", "network_policies", |n| {
        each(
            n,
            |i| json!({"metadata": {"name": format!("p{i}"), "namespace": format!("ns{i}")}, "spec": {"podSelector": {}}}),
        )
    }),
    ("certificates", "certificates", |n| {
        each(
            n,
            |i| json!({"name": format!("c{i}"), "not_after": "2027-01-01T00:00:00Z", "not_before": "2026-01-01T00:00:00Z"}),
        )
    }),
    ("results of tests", "conformance_results", |n| {
        Value::Object((0..n).map(|i| (format!("[sig] {i} [Conformance]"), json!("passed"))).collect())
    }),
];

fn each(n: usize, entry: impl Fn(usize) -> Value) -> Value {
    (0..n).map(entry).collect()
}

fn id(number: usize) -> String {
    format!("00000000-0000-4000-8000-{number:012x}")
}

fn keys(n: usize) -> Value {
    Value::Object((0..n).map(|i| (format!("key_{i}"), json!("value"))).collect())
}

fn inventory(kind: Kind, parts: impl IntoIterator<Item = (String, Value)>) -> String {
    let mut document = serde_json::Map::new();
    document.insert("kind".to_owned(), json!(kind.to_string()));
    document.extend(parts);
    Value::Object(document).to_string()
}

/// Parses and checks an inventory with all rules and versions.
fn checked(text: &str) {
    let inventory: Inventory = text.parse().unwrap();
    let mut choice = ScopeChoice::default();
    choice.all_rules = true;
    choice.include_drafts = true;
    let context = Context::at("2026-11-24T00:00:00Z".parse().unwrap());
    std::hint::black_box(check_inventory(&inventory, &choice, &context).unwrap());
}

/// The cost of the run with the largest number of entries, relative to the previous one with half as many.
fn assert_linear(name: &str, n: usize, text: impl Fn(usize) -> String) {
    let cost = |n: usize| {
        let text = text(n);
        let begun = Instant::now();
        let info = allocation_counter::measure(|| checked(&text));
        println!(
            "{name}: {n} entries, {} allocations, {} bytes, {:?}",
            info.count_total,
            info.bytes_total,
            begun.elapsed()
        );
        (info.count_total, info.bytes_total)
    };
    checked(&text(1));
    let [one, two, four] = [n, 2 * n, 4 * n].map(cost);
    // With quadratic growth, the second step is four times the first; with linear growth, twice.
    let steps =
        |of: fn((u64, u64)) -> u64| (of(two).saturating_sub(of(one)), of(four).saturating_sub(of(two)));
    for (what, (first, second)) in [("allocations", steps(|it| it.0)), ("bytes", steps(|it| it.1))] {
        assert!(
            second <= 3 * first.max(50_000),
            "{name}: {first} more {what} for n more entries, {second} for 2n more"
        );
    }
}

#[test]
fn parts_of_clouds() {
    for (name, part, make) in CLOUD {
        assert_linear(name, N, |n| inventory(Kind::Cloud, [((*part).to_owned(), make(n))]));
    }
}

#[test]
fn parts_of_clusters() {
    for (name, part, make) in CLUSTER {
        assert_linear(name, N, |n| inventory(Kind::Cluster, [((*part).to_owned(), make(n))]));
    }
}

#[test]
fn keys_and_declarations() {
    for kind in [Kind::Cloud, Kind::Cluster] {
        assert_linear("keys", N, |n| inventory(kind, (0..n).map(|i| (format!("key_{i}"), json!(1)))));
        let declarations = |n| {
            each(
                n,
                |i| json!({"rule": format!("scs-0100-x{i}"), "value": "x", "date": "2026-10-01", "valid_until": "2027-01-01"}),
            )
        };
        assert_linear("declarations", N / 10, |n| {
            inventory(kind, [("declarations".to_owned(), declarations(n))])
        });
    }
}

/// Generators with many values in one entry, or with many entries sharing a value.
#[test]
fn many_of_one_entry() {
    assert_linear("names of a flavor", N, |n| {
        let names: serde_json::Map<_, _> =
            (1..=n).map(|i| (format!("scs:name-v{i}"), json!("SCS-2V-4_i"))).collect();
        let flavor = json!([{"name": "big", "vcpus": 2, "ram": 4096, "disk": 0, "extra_specs": names}]);
        inventory(Kind::Cloud, [("flavors".to_owned(), flavor)])
    });
    assert_linear("regions of services", N, |n| {
        let endpoints = each(n, |i| {
            let region = format!("r{i}");
            json!({"interface": "public", "region": region, "region_id": region, "url": format!("https://{region}.example")})
        });
        let services =
            ["compute", "network"].map(|name| json!({"type": name, "name": name, "endpoints": endpoints}));
        inventory(Kind::Cloud, [("services".to_owned(), json!(services))])
    });
    assert_linear("declarations with subjects", N, |n| {
        let flavors = each(
            n,
            |i| json!({"name": format!("SCS-{i}V-4"), "vcpus": i, "ram": 4096, "disk": 0, "extra_specs": {}}),
        );
        let declarations = each(n, |i| {
            json!({"rule": "scs-0100-cpu-oversubscription", "subjects": [format!("SCS-{i}V-4")], "value": {"ratio": 2, "smt": true},
                   "date": "2026-10-01", "valid_until": "2027-01-01"})
        });
        inventory(Kind::Cloud, [("flavors".to_owned(), flavors), ("declarations".to_owned(), declarations)])
    });
}

/// Many lines in one text.
fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect::<Vec<_>>().concat()
}
