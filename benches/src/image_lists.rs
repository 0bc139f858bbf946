//! Lists of images as Glance returns them, made from a seed.

use std::fmt::Write;

use crate::random::Random;

/// The systems of generated images: name, `os_distro`, `os_version`, user, source.
const SYSTEMS: [[&str; 5]; 6] = [
    [
        "Ubuntu 24.04",
        "ubuntu",
        "24.04",
        "ubuntu",
        "https://cloud-images.ubuntu.com/noble/20261101/noble-server-cloudimg-amd64.img",
    ],
    [
        "Ubuntu 22.04",
        "ubuntu",
        "22.04",
        "ubuntu",
        "https://cloud-images.ubuntu.com/releases/jammy/release-20261101/ubuntu-22.04.img",
    ],
    [
        "Debian 13",
        "debian",
        "13",
        "debian",
        "https://cloud.debian.org/images/cloud/trixie/20261101/debian-13-genericcloud-amd64.qcow2",
    ],
    [
        "Debian 12",
        "debian",
        "12",
        "debian",
        "https://cdimage.debian.org/cdimage/cloud/bookworm/20261101/debian-12.qcow2",
    ],
    [
        "Rocky Linux 9",
        "rocky",
        "9",
        "rocky",
        "https://download.rockylinux.org/pub/rocky/9/images/x86_64/Rocky-9.qcow2",
    ],
    [
        "ubuntu-capi-image-v1.33.1",
        "ubuntu",
        "24.04",
        "none",
        "https://nbg1.your-objectstorage.com/osism/openstack-k8s-capi-images/ubuntu-2404-kube-v1.33/x.qcow2",
    ],
];

/// The properties of one image in their order, each with its JSON.
type Fields = Vec<(&'static str, String)>;

fn text(value: &str) -> String {
    format!("\"{value}\"")
}

/// A good image of a large cloud, with a unique name.
fn good(random: &mut Random, number: usize) -> Fields {
    // The images for Kubernetes nodes come last; there are never many of them.
    let [name, distro, version, user, source] = SYSTEMS[number % (SYSTEMS.len() - 1)];
    let day = 1 + random.below(20);
    let mut hash = String::new();
    for _ in 0..8 {
        // Writing to a string does not fail.
        let _ = write!(hash, "{:016x}", random.bits());
    }
    vec![
        ("id", text(&format!("{:08x}-2a15-43eb-b84a-{:012x}", number, random.bits() >> 16))),
        ("name", text(&format!("{name} Edition {number}"))),
        ("status", text("active")),
        ("visibility", text("public")),
        ("os_hidden", "false".to_owned()),
        ("size", (400_000_000 + random.below(900_000_000)).to_string()),
        ("min_disk", "8".to_owned()),
        ("min_ram", "512".to_owned()),
        ("created_at", text(&format!("2026-11-{:02}T03:00:00Z", day + 1))),
        ("tags", format!("[\"managed_by_x\", \"os:{distro}\"]")),
        ("os_hash_algo", text("sha512")),
        ("os_hash_value", text(&hash)),
        ("architecture", text("x86_64")),
        ("os_distro", text(distro)),
        ("os_version", text(version)),
        ("os_purpose", text("minimal")),
        ("hw_disk_bus", text("scsi")),
        ("hw_scsi_model", text("virtio-scsi")),
        ("hypervisor_type", text("qemu")),
        ("hw_rng_model", text("virtio")),
        ("image_build_date", text(&format!("2026-11-{day:02}"))),
        ("image_original_user", text(user)),
        ("image_source", text(source)),
        ("image_description", text("https://example.com/images")),
        ("replace_frequency", text("monthly")),
        ("provided_until", text("2027-12-31")),
        ("uuid_validity", text("notice")),
    ]
}

fn put(fields: &mut Fields, key: &'static str, value: Option<String>) {
    fields.retain(|(known, _)| *known != key);
    if let Some(value) = value {
        fields.push((key, value));
    }
}

/// Values of properties that are wrong, odd or rare, and whether the property is left out.
const ODD: &[(&str, &[&str])] = &[
    ("architecture", &["amd64", "aarch64", "risc-v", "riscv64", "s390x", ""]),
    ("hypervisor_type", &["kvm", "hyper-v", "hyperv", "xen", "esxi", "vmware", ""]),
    ("hw_disk_bus", &["virtio", "ide", "sata", ""]),
    ("hw_rng_model", &["virtio", "none", ""]),
    ("os_distro", &["Ubuntu", "almalinux", "ubuntu 24", ""]),
    ("os_version", &["noble", "24.04", ""]),
    ("os_purpose", &["generic", "generic", "generic", "oldgeneric", "server", ""]),
    ("os_hash_algo", &["md5", "sha256", ""]),
    (
        "image_build_date",
        &[
            "2026-11-2",
            "2026-11-20 08:30",
            "2026-11-20T08:30:00Z",
            "2026-02-30",
            "2027-01-01",
            "1970-01-01",
            "2025-1-5",
            "2026-11-20  8:3:61",
            "",
        ],
    ),
    ("image_original_user", &["none", "a b", ""]),
    (
        "image_source",
        &["private", "file:x.img", "https://", "s3://bucket/x", "ftp://host/x", "https://example.com/x", ""],
    ),
    ("image_description", &["words", ""]),
    (
        "replace_frequency",
        &["yearly", "quarterly", "weekly", "daily", "critical_bug", "never", "Monthly", "hourly", ""],
    ),
    (
        "provided_until",
        &["none", "notice", "2026-11-23", "2026-11-24", "2026-11-25", "soon", "2027-12-31 08:30", ""],
    ),
    (
        "uuid_validity",
        &["none", "last-0", "last-3", "last-x", "forever", "2027-02-29", "2027-12-31 08:30:00", ""],
    ),
    ("hotfix_hours", &["0", "48", "1.5", "soon", ""]),
    ("visibility", &["community", "private", "shared"]),
];

/// An image with one to four things that are odd.
fn wild(random: &mut Random, number: usize) -> Fields {
    let mut image = good(random, number);
    let [name, ..] = SYSTEMS[random.below(SYSTEMS.len())];
    let suffix = random.pick(&[
        "",
        "",
        "",
        " old",
        " prev",
        " 20261001",
        " (20261001)",
        " 2026-10-01",
        " Minimal",
        "-20261001",
    ]);
    let names = [
        format!("{name}{suffix}"),
        format!("ubuntu-capi-image v1.30.1{suffix}"),
        format!("ubuntu-capi-image-v10.1{suffix}"),
    ];
    let name = if random.percent(85) { &names[0] } else { &names[1 + random.below(2)] };
    put(&mut image, "name", Some(text(name)));
    if random.percent(30) {
        put(&mut image, "os_hidden", Some("true".to_owned()));
    }
    if random.percent(40) {
        let built = random.pick(&["2025-11-20", "2026-05-01", "2026-08-24", "2026-10-21", "2026-11-15"]);
        put(&mut image, "image_build_date", Some(text(built)));
    }
    if random.percent(25) {
        put(&mut image, "os_purpose", Some(text("generic")));
    }
    for _ in 0..=random.below(4) {
        let (key, values) = ODD[random.below(ODD.len())];
        let value =
            if random.percent(20) && key != "visibility" { None } else { Some(text(random.pick(values))) };
        put(&mut image, key, value);
    }
    match random.below(20) {
        0 => put(&mut image, "min_disk", Some("0".to_owned())),
        1 => put(&mut image, "min_disk", None),
        2 => put(&mut image, "size", Some("9000000000".to_owned())),
        3 => put(&mut image, "size", Some("null".to_owned())),
        4 => put(&mut image, "min_ram", Some("0".to_owned())),
        5 => put(&mut image, "min_ram", Some("32".to_owned())),
        6 => put(&mut image, "min_ram", None),
        _ => {}
    }
    image
}

fn list(images: impl Iterator<Item = Fields>) -> String {
    let mut json = "{\"images\": [".to_owned();
    for (index, image) in images.enumerate() {
        json.push_str(if index == 0 { "\n{" } else { ",\n{" });
        for (index, (key, value)) in image.iter().enumerate() {
            // Writing to a string does not fail.
            let _ = write!(json, "{}\"{key}\": {value}", if index == 0 { "" } else { ", " });
        }
        json.push('}');
    }
    json.push_str("\n]}\n");
    json
}

/// A list with the given number of images, of which the given percentage has a flaw.
#[must_use]
pub fn image_list(seed: u64, count: usize, flawed: usize) -> String {
    let mut random = Random::new(seed);
    list((0..count).map(|number| {
        let mut image = good(&mut random, number);
        if random.percent(flawed) {
            let (key, values) = ODD[random.below(ODD.len() - 1)];
            put(&mut image, key, Some(text(random.pick(values))));
        }
        image
    }))
}

/// A short list of odd images, some of which have names in common.
#[must_use]
pub fn wild_image_list(random: &mut Random) -> String {
    let count = 1 + random.below(6);
    let images: Vec<Fields> = (0..count).map(|number| wild(random, number)).collect();
    list(images.into_iter())
}
