//! Each key of `docs/differences.md` about images: the verdicts of the text and of the official suite.
//!
//! C-044 is a matter of types (the time is an argument), C-050 of the level of rules, and C-046, C-053 to C-055 do not
//! affect the suite's tests; they are tested below the table.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use scs_image_metadata::{ImageList, ImageOptions, ImageSet, image_rules};
use scs_standards::{Answer, Context, Declarations, DocumentId, Profile, Verdict};
use serde_json::{Value, json};

use Verdict::{Dnf, Fail, Miss, Pass};

const AT: &str = "2026-11-24T00:00:00Z";

fn image(own: &Value) -> Value {
    let mut image = json!({
        "id": "1", "name": "Debian 12", "visibility": "public", "os_hidden": false, "size": 5, "min_disk": 8,
        "min_ram": 512, "created_at": "2026-11-21T03:00:00Z", "tags": [], "os_hash_algo": "sha256",
        "os_hash_value": "0".repeat(64), "architecture": "x86_64", "os_distro": "debian", "os_version": "12",
        "os_purpose": "generic", "hw_disk_bus": "scsi", "hypervisor_type": "qemu", "image_build_date": "2026-11-20",
        "image_original_user": "debian", "image_source": "https://cloud.debian.org/images/cloud/bookworm/",
        "image_description": "x", "replace_frequency": "monthly", "provided_until": "2027-12-31",
        "uuid_validity": "forever",
    });
    let fields = image.as_object_mut().expect("an object");
    for (key, value) in own.as_object().expect("an object") {
        if value == "absent" {
            fields.remove(key);
        } else {
            fields.insert(key.clone(), value.clone());
        }
    }
    image
}

fn set(images: &[Value]) -> ImageSet {
    let images: Vec<Value> = images.iter().map(image).collect();
    ImageSet::from(json!({ "images": images }).to_string().parse::<ImageList>().expect("images"))
}

fn answer(rule: &str, version: u8, set: &ImageSet, profile: Profile, at: &str) -> Answer {
    let declarations = Declarations::default();
    let context = Context { at: at.parse().expect("a time"), profile, declarations: &declarations };
    let standard = if rule.starts_with("scs-0102") { 102 } else { 104 };
    let rule =
        image_rules(DocumentId::version(standard, version)).find(|known| known.id == rule).expect("a rule");
    rule.answer(set, &context)
}

/// Asserts both profiles' verdicts, and that a finding names the key if they differ.
#[track_caller]
fn differs(key: &str, rule: &str, images: &[Value], text: Verdict, official: Verdict) {
    let set = set(images);
    for (profile, expected) in [(Profile::Text, text), (Profile::Official, official)] {
        let answer = answer(rule, 1, &set, profile, AT);
        assert_eq!(answer.verdict, expected, "{key} by {profile}: {:#?}", answer.findings);
        if text != official {
            let named = answer
                .findings
                .iter()
                .any(|it| it.other_profile.as_ref().is_some_and(|other| other.difference == key));
            assert!(named, "{key} by {profile}: {:#?}", answer.findings);
        }
    }
}

#[test]
fn properties() {
    for (key, rule, own, text, official) in [
        ("C-035", "architecture", json!({"architecture": "s390x"}), Pass, Fail),
        ("C-035", "architecture", json!({"architecture": "riscv64"}), Pass, Fail),
        ("C-035", "architecture", json!({"architecture": "risc-v"}), Pass, Pass),
        ("C-035", "architecture", json!({"architecture": "aarch64"}), Pass, Pass),
        ("C-036", "hypervisor_type", json!({"hypervisor_type": "kvm"}), Fail, Pass),
        ("C-036", "hypervisor_type", json!({"hypervisor_type": "hyperv"}), Pass, Fail),
        ("C-036", "hypervisor_type", json!({"hypervisor_type": "xen"}), Pass, Pass),
        ("C-037", "hw_disk_bus", json!({"hw_disk_bus": "absent"}), Fail, Pass),
        ("C-037", "hw_disk_bus", json!({"hw_disk_bus": "ide"}), Pass, Fail),
        ("C-037", "hw_disk_bus", json!({"hw_disk_bus": "sata"}), Pass, Fail),
        ("C-037", "hw_disk_bus", json!({"hw_disk_bus": "fdc"}), Pass, Fail),
        ("C-037", "hw_disk_bus", json!({"hw_disk_bus": "nvme"}), Fail, Fail),
        ("C-038", "uuid_validity", json!({"uuid_validity": "absent"}), Fail, Pass),
        ("C-038", "uuid_validity", json!({"uuid_validity": "last-0"}), Fail, Pass),
        ("C-038", "uuid_validity", json!({"uuid_validity": "2026-12-31 08:30"}), Fail, Pass),
        ("C-038", "uuid_validity", json!({"uuid_validity": "soon"}), Fail, Fail),
        ("C-039", "provided_until", json!({"provided_until": "soon"}), Fail, Pass),
        ("C-039", "provided_until", json!({"provided_until": ""}), Fail, Fail),
        ("C-040", "os_distro", json!({"os_distro": "Debian"}), Fail, Pass),
        ("C-040", "os_distro", json!({"os_distro": "almalinux"}), Pass, Pass),
        ("C-041", "hash_algo", json!({"os_hash_value": "00"}), Fail, Pass),
        ("C-041", "hash_algo", json!({"os_hash_algo": "md5"}), Fail, Fail),
        ("C-045", "os_purpose", json!({"os_purpose": "oldgeneric"}), Pass, Pass),
        ("C-047", "min_ram", json!({"min_ram": 1}), Pass, Pass),
        ("C-047", "min_ram", json!({"min_ram": 0}), Fail, Fail),
        ("C-048", "image_build_date", json!({"image_build_date": "2026-11-20T08:30:00Z"}), Pass, Pass),
        ("C-048", "image_build_date", json!({"image_build_date": "2026-11-2"}), Fail, Pass),
        ("official-number-as-text", "min_disk", json!({"min_disk": "8"}), Pass, Dnf),
        ("official-number-as-text", "min_ram", json!({"min_ram": "512"}), Pass, Dnf),
        ("official-negative-ram", "min_ram", json!({"min_ram": -1}), Fail, Pass),
        ("official-virtual-size", "min_disk", json!({"virtual_size": 21_474_836_480_u64}), Fail, Pass),
        ("official-virtual-size", "min_disk", json!({"virtual_size": 8_589_934_592_u64}), Pass, Pass),
        ("official-blank", "os_version", json!({"os_version": "  "}), Fail, Pass),
        ("official-blank", "image_description", json!({"image_description": " "}), Fail, Pass),
        ("official-size", "min_disk", json!({"size": "absent"}), Miss, Dnf),
        ("official-size", "min_disk", json!({"size": null}), Dnf, Dnf),
        ("official-hotfix-hours", "hotfix_hours", json!({"hotfix_hours": "1.5"}), Pass, Fail),
        ("official-hotfix-hours", "hotfix_hours", json!({"hotfix_hours": 48}), Pass, Dnf),
        ("official-image-source", "image_source", json!({"image_source": "s3://bucket/x"}), Pass, Fail),
        ("official-image-source", "image_source", json!({"image_source": "https://"}), Fail, Pass),
        ("official-build-date", "image_build_date", json!({"created_at": "absent"}), Miss, Dnf),
        ("official-original-user", "image_original_user", json!({"image_original_user": "a b"}), Fail, Pass),
    ] {
        differs(key, &format!("scs-0102-prop-{rule}"), &[own], text, official);
    }
}

#[test]
fn warnings_only_by_the_text() {
    for (key, rule, own) in [
        ("C-035", "scs-0102-prop-architecture", json!({"architecture": "risc-v"})),
        ("C-040", "scs-0102-prop-os_distro", json!({"os_distro": "almalinux"})),
        ("C-045", "scs-0102-prop-os_purpose", json!({"os_purpose": "oldgeneric"})),
        ("C-048", "scs-0102-prop-image_build_date", json!({"image_build_date": "2026-11-20T08:30:00Z"})),
    ] {
        let set = set(&[own]);
        assert!(!answer(rule, 1, &set, Profile::Text, AT).findings.is_empty(), "{key}");
        assert!(answer(rule, 1, &set, Profile::Official, AT).findings.is_empty(), "{key}");
    }
}

#[test]
fn c_040_any_distro_and_c_046_community_images_are_options() {
    let any =
        set(&[json!({"os_distro": "My Linux"})]).with_options(ImageOptions::default().with_any_distro());
    assert_eq!(answer("scs-0102-prop-os_distro", 1, &any, Profile::Text, AT).verdict, Pass);
    let two = || set(&[json!({}), json!({"id": "2", "name": "x", "visibility": "community"})]);
    let verdict =
        |set: &ImageSet| answer("scs-0102-os_purpose-uniqueness", 2, set, Profile::Text, AT).verdict;
    assert_eq!(verdict(&two()), Pass);
    assert_eq!(verdict(&two().with_options(ImageOptions::default().with_unique_in_community())), Fail);
}

#[test]
fn c_042_and_c_043_recency() {
    let rule = "scs-0102-image-recency";
    let monthly = |at: &str, profile| {
        answer(rule, 1, &set(&[json!({"image_build_date": "2026-10-20"})]), profile, at).verdict
    };
    assert_eq!(monthly("2026-11-23T23:59:59Z", Profile::Text), Pass);
    assert_eq!(monthly("2026-11-24T00:00:00Z", Profile::Text), Fail);
    // 34.1 days.
    assert_eq!(monthly("2026-11-23T02:24:00Z", Profile::Official), Pass);
    assert_eq!(monthly("2026-11-23T02:24:01Z", Profile::Official), Fail);
    let weekly = json!({"image_build_date": "2026-11-13", "replace_frequency": "weekly"});
    differs("C-042", rule, &[weekly], Fail, Fail);
    let daily = json!({"image_build_date": "2026-11-20", "replace_frequency": "daily"});
    differs("C-042", rule, &[daily], Pass, Fail);

    let old = |own: Value| {
        let mut image =
            json!({"image_build_date": "2026-01-20", "created_at": "2026-01-21T00:00:00Z", "id": "2"});
        image.as_object_mut().expect("an object").extend(own.as_object().cloned().expect("an object"));
        image
    };
    differs("C-043", rule, &[old(json!({"provided_until": "none"}))], Fail, Pass);
    differs("C-043", rule, &[old(json!({"provided_until": "notice"}))], Fail, Pass);
    differs("C-043", rule, &[json!({}), old(json!({"os_hidden": true}))], Pass, Fail);
    // Hiding the only image of a name does not fulfill the commitment.
    differs("C-043", rule, &[old(json!({"os_hidden": true}))], Fail, Fail);
    differs("C-043", rule, &[old(json!({"os_hidden": true, "provided_until": "none"}))], Pass, Pass);
    differs("C-043", rule, &[json!({}), old(json!({"name": "Debian 12 old"}))], Fail, Pass);
    for rotated in ["(20260120)", "(20260120-1220)", "(20260120.1)", "20260120.1", "2026-01-20"] {
        let name = format!("Debian 12 {rotated}");
        differs("C-043", rule, &[json!({}), old(json!({"name": name}))], Pass, Pass);
        differs("C-043", rule, &[old(json!({"name": name}))], Fail, Fail);
    }
    differs("C-043", rule, &[json!({}), old(json!({"name": "Debian 12 20260120"}))], Pass, Pass);
    differs("C-043", rule, &[old(json!({"provided_until": "2026-11-23"}))], Pass, Pass);
    differs("official-recency", rule, &[json!({"replace_frequency": "absent"})], Miss, Pass);
    differs("official-recency", rule, &[json!({"image_build_date": "2026-02-30"})], Dnf, Pass);
}

#[test]
fn c_049_the_subscription_pair_is_a_warning() {
    let own = json!({"subscription_included": "true", "subscription_required": "true"});
    let finding = answer("scs-0102-subscription", 1, &set(&[own]), Profile::Text, AT).findings.remove(0);
    assert_eq!(finding.severity, scs_standards::Severity::Warning);
    let own = json!({"license_included": "true", "license_required": "true"});
    let finding = answer("scs-0102-license-xor", 1, &set(&[own]), Profile::Text, AT).findings.remove(0);
    assert_eq!(finding.severity, scs_standards::Severity::Error);
}

#[test]
fn c_051_and_c_052_standard_images() {
    differs("C-051", "scs-0104-image-debian-13", &[json!({})], Pass, Fail);
    let trixie = json!({"name": "Debian 13", "image_source": "private"});
    differs("C-051", "scs-0104-source-debian-13", &[trixie], Pass, Fail);
    let old = json!({"name": "ubuntu-capi-image v1.30.1 old"});
    differs("C-052", "scs-0104-image-capi-1", std::slice::from_ref(&old), Fail, Pass);
    differs("C-052", "scs-0104-source-capi-1", &[old], Pass, Fail);
    let two_digits = json!({"name": "ubuntu-capi-image-v10.1"});
    differs("C-052", "scs-0104-image-capi-2", &[two_digits], Fail, Fail);
    for status in ["deactivated", "queued"] {
        let image = json!({"name": "Ubuntu 24.04", "status": status});
        differs("official-presence", "scs-0104-image-ubuntu-2404", &[image], Fail, Pass);
    }
}

#[test]
fn c_053_to_c_055_version_2() {
    let capi = |name: &str, source: &str| set(&[json!({"name": name, "image_source": source})]);
    let swift = "https://swift.services.a.regiocloud.tech/swift/v1/AUTH_b182637428444b9aa302bb8d5a5a418c/openstack-k8s-capi-images/ubuntu-2204-kube";
    let verdict = |rule, set: &ImageSet, at| answer(rule, 2, set, Profile::Text, at).verdict;
    assert_eq!(verdict("scs-0104-v2-capi-source", &capi("ubuntu-capi-image v1.30", swift), AT), Pass);
    let blank =
        answer("scs-0104-v2-capi-present", 2, &capi("ubuntu-capi-image v1.30", swift), Profile::Text, AT);
    let fix = blank.findings[0].fix.as_ref().expect("a repair");
    assert_eq!(fix.command().expect("a command"), "openstack image set --name ubuntu-capi-image-v1.30 1");

    let ubuntu = set(&[json!({"os_distro": "ubuntu", "os_version": "24.04"})]);
    // C-114: the last day itself is in time.
    assert_eq!(verdict("scs-0104-v2-ubuntu-latest", &ubuntu, "2026-04-30T23:59:59Z"), Pass);
    assert_eq!(verdict("scs-0104-v2-ubuntu-latest", &ubuntu, "2026-05-01T00:00:00Z"), Fail);
    let bookworm = set(&[json!({})]);
    assert_eq!(verdict("scs-0104-v2-debian-latest", &bookworm, "2025-09-09T12:00:00Z"), Pass);
    assert_eq!(verdict("scs-0104-v2-debian-latest", &bookworm, "2025-09-10T00:00:00Z"), Fail);
    assert_eq!(
        verdict("scs-0104-v2-ubuntu-latest", &ubuntu, "2027-06-01T00:00:00Z"),
        Dnf,
        "the calendar has ended"
    );
}
