//! Seeded mutations of inventories, similar to mistakes of operators and tools.

use fastrand::Rng;
use serde_json::{Map, Value, json};

/// A mutation of an inventory; returns a description, or that there was nothing to change.
type Mutator = fn(&mut Rng, &mut Value, &Pool) -> Option<String>;

/// Values for mutations.
#[derive(Debug, Default)]
pub(crate) struct Pool {
    /// Names of flavors.
    pub(crate) names: Vec<String>,
}

const CLOUD: &[Mutator] = &[
    flavor_name,
    flavor_figure,
    flavor_spec,
    flavor_private,
    flavor_gone,
    flavor_twin,
    flavor_new,
    image_property,
    image_property,
    image_name,
    image_gone,
    image_state,
    volume_type,
    service,
    security_group_rule,
    config_line,
    config_file,
    anything,
];

const CLUSTER: &[Mutator] = &[
    node_label,
    node_label,
    node_version,
    node_gone,
    namespace_label,
    namespace_new,
    storage_class,
    ingress_class,
    pod_flag,
    pod_flag,
    pod_gone,
    kubelet,
    server_version,
    anything,
];

/// Changes an inventory in one to three places; returns a description.
pub(crate) fn mutate(rng: &mut Rng, inventory: &mut Value, pool: &Pool) -> Vec<String> {
    let mutators = if inventory["kind"] == "cluster" { CLUSTER } else { CLOUD };
    let mut done = Vec::new();
    let wanted = rng.usize(1..=3);
    for _ in 0..50 {
        if done.len() == wanted {
            break;
        }
        let mutator = mutators[rng.usize(..mutators.len())];
        done.extend(mutator(rng, inventory, pool));
    }
    done
}

/// A random element of a list.
fn one<'v, T>(rng: &mut Rng, list: &'v [T]) -> Option<&'v T> {
    (!list.is_empty()).then(|| &list[rng.usize(..list.len())])
}

/// A random element of a temporary list.
fn any<T>(rng: &mut Rng, mut list: Vec<T>) -> T {
    list.swap_remove(rng.usize(..list.len()))
}

/// The list of a part, however it is wrapped.
fn list<'v>(inventory: &'v mut Value, part: &str) -> Option<&'v mut Vec<Value>> {
    let part = inventory.get_mut(part)?;
    let part = if part.get("items").is_some() { &mut part["items"] } else { part };
    part.as_array_mut().filter(|list| !list.is_empty())
}

/// An entry of a part.
fn entry<'v>(rng: &mut Rng, inventory: &'v mut Value, part: &str) -> Option<&'v mut Value> {
    let list = list(inventory, part)?;
    let index = rng.usize(..list.len());
    list.get_mut(index).filter(|entry| entry.is_object())
}

/// Nova rejects duplicate names.
fn is_taken(inventory: &mut Value, name: &str) -> bool {
    list(inventory, "flavors")
        .is_some_and(|flavors| flavors.iter().any(|flavor| flavor["name"] == json!(name)))
}

fn flavor_name(rng: &mut Rng, inventory: &mut Value, pool: &Pool) -> Option<String> {
    let other = one(rng, &pool.names).cloned();
    let flavor = entry(rng, inventory, "flavors")?;
    let name = flavor["name"].as_str()?.to_owned();
    let new = match rng.u8(..5) {
        0 => other?,
        1 => name.replace('-', ":"),
        2 => name.replace('V', "L"),
        3 => format!("{name}-10"),
        _ => name.replacen("SCS-", "", 1),
    };
    if is_taken(inventory, &new) {
        return None;
    }
    let flavors = list(inventory, "flavors")?;
    flavors.iter_mut().find(|flavor| flavor["name"] == json!(name))?["name"] = json!(new);
    Some(format!("flavor {name} is called {new}"))
}

fn flavor_figure(rng: &mut Rng, inventory: &mut Value, _: &Pool) -> Option<String> {
    let flavor = entry(rng, inventory, "flavors")?;
    let key = *one(rng, &["vcpus", "ram", "disk", "OS-FLV-EXT-DATA:ephemeral", "swap"])?;
    let value = *one(rng, &[0, 1, 2, 4, 10, 20, 100, 1000, 4096, 8192, 8000])?;
    flavor[key] = json!(value);
    Some(format!("{key} of flavor {} is {value}", flavor["name"]))
}

fn flavor_spec(rng: &mut Rng, inventory: &mut Value, _: &Pool) -> Option<String> {
    const SPECS: [(&str, &str); 12] = [
        ("scs:cpu-type", "shared-core"),
        ("scs:cpu-type", "dedicated-core"),
        ("scs:cpu-type", "fast"),
        ("scs:disk0-type", "ssd"),
        ("scs:disk0-type", "network"),
        ("scs:disk0-type", "floppy"),
        ("scs:disk1-type", "ssd"),
        ("scs:name-v1", "SCS-2V:4"),
        ("scs:name-v2", "SCS-2V-4"),
        ("scs:name-v3", "SCS-1L-1"),
        ("scs:color", "blue"),
        ("hw:cpu_policy", "dedicated"),
    ];
    let flavor = entry(rng, inventory, "flavors")?;
    let name = flavor["name"].clone();
    let specs = flavor.get_mut("extra_specs")?.as_object_mut()?;
    if rng.bool() {
        let keys: Vec<String> = specs.keys().cloned().collect();
        let key = one(rng, &keys)?;
        specs.shift_remove(key);
        return Some(format!("flavor {name} has no {key}"));
    }
    let (key, value) = *one(rng, &SPECS)?;
    specs.insert(key.to_owned(), json!(value));
    Some(format!("flavor {name} has {key}={value}"))
}

fn flavor_private(rng: &mut Rng, inventory: &mut Value, _: &Pool) -> Option<String> {
    let flavor = entry(rng, inventory, "flavors")?;
    let key = *one(rng, &["os-flavor-access:is_public", "OS-FLV-DISABLED:disabled"])?;
    flavor[key] = json!(key.ends_with("disabled"));
    Some(format!("{key} of flavor {}", flavor["name"]))
}

fn flavor_gone(rng: &mut Rng, inventory: &mut Value, _: &Pool) -> Option<String> {
    gone(rng, inventory, "flavors")
}

fn gone(rng: &mut Rng, inventory: &mut Value, part: &str) -> Option<String> {
    let list = list(inventory, part)?;
    let entry = list.remove(rng.usize(..list.len()));
    let name = entry.get("name").or_else(|| entry["metadata"].get("name")).cloned();
    Some(format!("an entry of {part} is gone: {}", name.unwrap_or_default()))
}

fn flavor_twin(rng: &mut Rng, inventory: &mut Value, pool: &Pool) -> Option<String> {
    let name = one(rng, &pool.names).cloned();
    let mut twin = entry(rng, inventory, "flavors")?.clone();
    let was = twin["name"].clone();
    let id = format!("twin-{}", rng.u32(..));
    twin["id"] = json!(id);
    if rng.bool() {
        twin["name"] = json!(name?);
    } else {
        twin["name"] = json!(format!("m1.{}", rng.u16(..)));
    }
    let place = rng.bool();
    if is_taken(inventory, twin["name"].as_str()?) {
        return None;
    }
    let flavors = list(inventory, "flavors")?;
    flavors.insert(if place { 0 } else { flavors.len() }, twin);
    Some(format!("flavor {was} has a twin"))
}

fn flavor_new(rng: &mut Rng, inventory: &mut Value, pool: &Pool) -> Option<String> {
    let name = one(rng, &pool.names)?;
    let flavor = json!({
        "id": format!("new-{}", rng.u32(..)), "name": name, "vcpus": rng.u8(1..16), "ram": 1024 * u32::from(rng.u8(1..64)),
        "disk": *one(rng, &[0, 5, 10, 20, 50, 100])?, "os-flavor-access:is_public": true, "extra_specs": {},
    });
    if is_taken(inventory, name) {
        return None;
    }
    list(inventory, "flavors")?.push(flavor);
    Some(format!("flavor {name} is new"))
}

fn image_property(rng: &mut Rng, inventory: &mut Value, _: &Pool) -> Option<String> {
    const VALUES: [(&str, &str); 22] = [
        ("hw_disk_bus", "virtio"),
        ("hw_disk_bus", "sata"),
        ("hw_rng_model", "x"),
        ("architecture", "amd64"),
        ("architecture", "x86_64"),
        ("hypervisor_type", "kvm"),
        ("os_distro", "AlmaLinux"),
        ("os_distro", "Ubuntu"),
        ("os_version", "24.4"),
        ("os_purpose", "generic"),
        ("os_purpose", "foo"),
        ("replace_frequency", "sometimes"),
        ("replace_frequency", "Monthly"),
        ("provided_until", "never"),
        ("provided_until", "2026-01-01"),
        ("uuid_validity", "Last-3"),
        ("uuid_validity", "last-0"),
        ("hotfix_hours", "x"),
        ("image_build_date", "05.10.2026"),
        ("image_original_user", "root "),
        ("image_source", "private"),
        ("image_description", ""),
    ];
    let image = entry(rng, inventory, "images")?;
    let name = image["name"].clone();
    let (key, value) = *one(rng, &VALUES)?;
    match rng.u8(..4) {
        0 => {
            let keys: Vec<String> = image
                .as_object()?
                .keys()
                .filter(|key| !["id", "name"].contains(&key.as_str()))
                .cloned()
                .collect();
            let key = one(rng, &keys)?;
            image.as_object_mut()?.shift_remove(key);
            Some(format!("image {name} has no {key}"))
        }
        1 => {
            let figure = *one(rng, &["min_disk", "min_ram", "size", "virtual_size"])?;
            image[figure] = json!(*one(rng, &[0_u64, 1, 8, 64, 20_000_000_000])?);
            Some(format!("{figure} of image {name} is {}", image[figure]))
        }
        _ => {
            image[key] = json!(value);
            Some(format!("{key} of image {name} is {value}"))
        }
    }
}

fn image_name(rng: &mut Rng, inventory: &mut Value, _: &Pool) -> Option<String> {
    let image = entry(rng, inventory, "images")?;
    let name = image["name"].as_str()?.to_owned();
    let new = match rng.u8(..4) {
        0 => format!("{name} (20261005-1220)"),
        1 => format!("{name} old"),
        2 => name.to_lowercase().replace(' ', "-"),
        _ => name.replacen(' ', "  ", 1),
    };
    image["name"] = json!(new);
    Some(format!("image {name} is called {new}"))
}

fn image_gone(rng: &mut Rng, inventory: &mut Value, _: &Pool) -> Option<String> {
    gone(rng, inventory, "images")
}

fn image_state(rng: &mut Rng, inventory: &mut Value, _: &Pool) -> Option<String> {
    let image = entry(rng, inventory, "images")?;
    let (key, value) = any(
        rng,
        vec![("status", json!("deactivated")), ("os_hidden", json!(true)), ("visibility", json!("private"))],
    );
    image[key] = value.clone();
    Some(format!("{key} of image {} is {value}", image["name"]))
}

fn volume_type(rng: &mut Rng, inventory: &mut Value, _: &Pool) -> Option<String> {
    let volume_type = entry(rng, inventory, "volume_types")?;
    let text = *one(
        rng,
        &[
            "",
            "fast",
            "[scs:encrypted] x",
            "[scs:encrypted, scs:encrypted] x",
            "[scs: replicated] y",
            "x [scs:encrypted, replicated]",
            "[scs:fast] z",
        ],
    )?;
    volume_type["description"] = json!(text);
    Some(format!("volume type {} is described as `{text}`", volume_type["name"]))
}

fn service(rng: &mut Rng, inventory: &mut Value, _: &Pool) -> Option<String> {
    if rng.bool() {
        return gone(rng, inventory, "services");
    }
    let service = entry(rng, inventory, "services")?;
    let was = service["type"].clone();
    let kind =
        *one(rng, &["load-balancer", "octavia", "s3", "object-store-s3", "volumev2", "volumev3", "dns"])?;
    service["type"] = json!(kind);
    Some(format!("service {was} is of type {kind}"))
}

fn security_group_rule(rng: &mut Rng, inventory: &mut Value, _: &Pool) -> Option<String> {
    let part = "default_security_group_rules";
    if rng.bool() {
        return gone(rng, inventory, part);
    }
    let rule = entry(rng, inventory, part)?;
    let (key, value) = any(
        rng,
        vec![
            ("protocol", json!("tcp")),
            ("ethertype", json!("IPv6")),
            ("direction", json!("ingress")),
            ("remote_ip_prefix", json!("10.0.0.0/8")),
            ("used_in_default_sg", json!(false)),
            ("used_in_non_default_sg", json!(false)),
            ("remote_group_id", Value::Null),
        ],
    );
    rule[key] = value.clone();
    Some(format!("{key} of a default rule is {value}"))
}

fn config_line(rng: &mut Rng, inventory: &mut Value, _: &Pool) -> Option<String> {
    let files = inventory.get_mut("config_files")?.as_object_mut()?;
    let names: Vec<String> = files.keys().cloned().collect();
    let name = one(rng, &names)?;
    let text = files.get(name)?.as_str()?.to_owned();
    let mut lines: Vec<&str> = text.lines().collect();
    if lines.is_empty() {
        return None;
    }
    let index = rng.usize(..lines.len());
    let line = lines.remove(index);
    files.insert(name.clone(), json!(lines.join("\n") + "\n"));
    Some(format!("{name} lacks `{line}`"))
}

fn config_file(rng: &mut Rng, inventory: &mut Value, _: &Pool) -> Option<String> {
    const FILES: [(&str, &str); 8] = [
        ("/etc/keystone/policy.d/10.yaml", "\"identity:create_role\": \"role:manager\"\n"),
        ("/etc/keystone/keystone.conf.d/50.conf", "[oslo_policy]\nenforce_scope = False\n"),
        ("/etc/barbican/policy.yaml", "\"creator\": \"role:creator\"\n"),
        ("/etc/barbican/policy.yaml", "{}\n"),
        ("/etc/nova/nova.conf.d/10.conf", "[libvirt]\nlive_migration_with_native_tls = false\n"),
        ("/etc/cinder/cinder.conf", "[DEFAULT]\nbackup_driver = None\n"),
        ("/etc/neutron/neutron.conf.d/50.conf", "[DEFAULT]\ndns_domain = other.example.\n"),
        ("/etc/nova/nova.conf", "[DEFAULT]\ntransport_url = rabbit://u:p@mq:5672//?ssl=0\n"),
    ];
    let (name, text) = *one(rng, &FILES)?;
    inventory.get_mut("config_files")?.as_object_mut()?.insert(name.to_owned(), json!(text));
    Some(format!("there is another {name}"))
}

/// Removes or replaces any value.
fn anything(rng: &mut Rng, inventory: &mut Value, _: &Pool) -> Option<String> {
    const KEPT: [&str; 3] = ["kind", "collected_at", "declarations"];
    let parts = inventory.as_object_mut()?;
    let keys: Vec<String> = parts.keys().filter(|key| !KEPT.contains(&key.as_str())).cloned().collect();
    let key = one(rng, &keys)?;
    Some(format!("{key}{}", within(rng, parts.get_mut(key)?)?))
}

/// Changes something in a value; returns its path.
fn within(rng: &mut Rng, value: &mut Value) -> Option<String> {
    let stops = rng.u8(..4) == 0;
    if let Some(mapping) = value.as_object_mut().filter(|mapping| !mapping.is_empty()) {
        let keys: Vec<String> = mapping.keys().cloned().collect();
        let key = one(rng, &keys)?;
        if stops {
            mapping.shift_remove(key);
            return Some(format!(".{key} is gone"));
        }
        return Some(format!(".{key}{}", within(rng, mapping.get_mut(key)?)?));
    }
    if let Some(list) = value.as_array_mut().filter(|list| !list.is_empty()) {
        let index = rng.usize(..list.len());
        return Some(format!(".{index}{}", within(rng, list.get_mut(index)?)?));
    }
    *value = any(rng, vec![Value::Null, json!(0), json!(""), json!("x"), json!([]), json!({}), json!(true)]);
    Some(format!(" is {value}"))
}

fn node_label(rng: &mut Rng, inventory: &mut Value, _: &Pool) -> Option<String> {
    let node = entry(rng, inventory, "nodes")?;
    let name = node["metadata"]["name"].clone();
    let labels = node["metadata"]["labels"].as_object_mut()?;
    let keys: Vec<String> = labels.keys().cloned().collect();
    let key = one(rng, &keys)?;
    if rng.bool() {
        labels.shift_remove(key);
        return Some(format!("node {name} has no label {key}"));
    }
    labels.insert(key.clone(), json!("other"));
    Some(format!("node {name} has {key}=other"))
}

fn node_version(rng: &mut Rng, inventory: &mut Value, _: &Pool) -> Option<String> {
    let node = entry(rng, inventory, "nodes")?;
    let version = *one(
        rng,
        &["v1.33.4", "v1.36.4", "v1.36.5+k3s1", "v1.36.5+rke2r1", "v1.36.5-gke.100", "v1.37.0-rc.1"],
    )?;
    node["status"]["nodeInfo"]["kubeletVersion"] = json!(version);
    Some(format!("kubelet of {} is {version}", node["metadata"]["name"]))
}

fn node_gone(rng: &mut Rng, inventory: &mut Value, _: &Pool) -> Option<String> {
    gone(rng, inventory, "nodes")
}

const LEVEL: &str = "pod-security.kubernetes.io/enforce";

fn namespace_label(rng: &mut Rng, inventory: &mut Value, _: &Pool) -> Option<String> {
    let namespace = entry(rng, inventory, "namespaces")?;
    let name = namespace["metadata"]["name"].clone();
    let labels = namespace["metadata"]
        .as_object_mut()?
        .entry("labels")
        .or_insert_with(|| json!({}))
        .as_object_mut()?;
    let level = *one(rng, &["", "privileged", "baseline", "restricted", "strict"])?;
    if level.is_empty() {
        labels.shift_remove(LEVEL);
    } else {
        labels.insert(LEVEL.to_owned(), json!(level));
    }
    Some(format!("namespace {name} enforces `{level}`"))
}

fn namespace_new(rng: &mut Rng, inventory: &mut Value, _: &Pool) -> Option<String> {
    let name = *one(rng, &["shop", "kube-tools", "metallb-system", "calico-system", "a.b", "-x"])?;
    let namespaces = list(inventory, "namespaces")?;
    if namespaces.iter().any(|known| known["metadata"]["name"] == name) {
        return None;
    }
    namespaces
        .push(json!({"kind": "Namespace", "apiVersion": "v1", "metadata": {"name": name, "labels": {}}}));
    Some(format!("namespace {name} is new"))
}

fn storage_class(rng: &mut Rng, inventory: &mut Value, _: &Pool) -> Option<String> {
    let class = entry(rng, inventory, "storage_classes")?;
    let name = class["metadata"]["name"].clone();
    if rng.bool() {
        let provisioner = *one(
            rng,
            &[
                "rancher.io/local-path",
                "topolvm.io",
                "cinder.csi.openstack.org",
                "kubernetes.io/no-provisioner",
                "x.y",
            ],
        )?;
        class["provisioner"] = json!(provisioner);
        return Some(format!("storage class {name} is of {provisioner}"));
    }
    let default = *one(rng, &["true", "false", ""])?;
    class["metadata"]["annotations"] = json!({"storageclass.kubernetes.io/is-default-class": default});
    Some(format!("storage class {name} is default: `{default}`"))
}

fn ingress_class(rng: &mut Rng, inventory: &mut Value, _: &Pool) -> Option<String> {
    let class = entry(rng, inventory, "ingress_classes")?;
    class["metadata"].as_object_mut()?.shift_remove("annotations");
    Some(format!("ingress class {} has no annotations", class["metadata"]["name"]))
}

fn pod_flag(rng: &mut Rng, inventory: &mut Value, _: &Pool) -> Option<String> {
    const FLAGS: [&str; 10] = [
        "--profiling=true",
        "--anonymous-auth=true",
        "--authorization-mode=AlwaysAllow",
        "--enable-admission-plugins=NodeRestriction",
        "--disable-admission-plugins=PodSecurity",
        "--max-requests-inflight=0",
        "--min-request-timeout=5",
        "--etcd-servers=http://10.8.0.31:2379",
        "--bind-address=0.0.0.0",
        "--secure-port=0",
    ];
    let pod = entry(rng, inventory, "pods")?;
    let name = pod["metadata"]["name"].clone();
    let command =
        pod["spec"]["containers"].get_mut(0)?.get_mut("command")?.as_array_mut().filter(|it| it.len() > 1)?;
    if rng.bool() {
        let flag = command.remove(rng.usize(1..command.len()));
        return Some(format!("pod {name} has no {flag}"));
    }
    let flag = *one(rng, &FLAGS)?;
    command.push(json!(flag));
    Some(format!("pod {name} has {flag}"))
}

fn pod_gone(rng: &mut Rng, inventory: &mut Value, _: &Pool) -> Option<String> {
    gone(rng, inventory, "pods")
}

fn kubelet(rng: &mut Rng, inventory: &mut Value, _: &Pool) -> Option<String> {
    let configs: &mut Map<String, Value> = inventory.get_mut("kubelet_configs")?.as_object_mut()?;
    let names: Vec<String> = configs.keys().cloned().collect();
    let name = one(rng, &names)?;
    let config = configs.get_mut(name)?;
    let config = if config.get("kubeletconfig").is_some() { &mut config["kubeletconfig"] } else { config };
    let (key, value) = any(
        rng,
        vec![
            ("readOnlyPort", json!(10255)),
            ("authentication", json!({"anonymous": {"enabled": true}})),
            ("authorization", json!({"mode": "AlwaysAllow"})),
            ("rotateCertificates", json!(false)),
            ("tlsMinVersion", json!("VersionTLS10")),
        ],
    );
    config[key] = value.clone();
    Some(format!("kubelet {name} has {key}: {value}"))
}

fn server_version(rng: &mut Rng, inventory: &mut Value, _: &Pool) -> Option<String> {
    let version = *one(
        rng,
        &["v1.33.4", "v1.35.1", "v1.36.3", "v1.36.4", "v1.36.4+k3s1", "v1.36.4+rke2r1", "v1.37.0-rc.1"],
    )?;
    inventory.get_mut("version")?["gitVersion"] = json!(version);
    Some(format!("the server is {version}"))
}
