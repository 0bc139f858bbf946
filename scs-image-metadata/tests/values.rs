//! Values and lists: printed values are read back, nothing panics, and schema and rules agree on each property.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::fmt::{Debug, Display};
use std::str::FromStr;

use proptest::prelude::*;
use scs_image_metadata::{
    Architecture, BuildDate, Day, Flag, HotfixHours, HwDiskBus, ImageList, ImageSet, ImageSource,
    MetadataVersion, MinDisk, MinRam, OriginalUser, OsDistro, OsPurpose, ProvidedUntil, ReplaceFrequency,
    UuidValidity, definitions_schema, image_rules, metadata_schema, split_name,
};
use scs_standards::subject::ImageKey;
use scs_standards::{Context, Declarations, DocumentId, Profile, Verdict};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

/// Display, `FromStr` and serde agree.
#[track_caller]
fn round_trip<T>(text: &str)
where
    T: FromStr + Display + Debug + PartialEq + Serialize + DeserializeOwned,
    T::Err: Debug,
{
    if let Ok(value) = text.parse::<T>() {
        let printed = value.to_string();
        assert_eq!(printed.parse::<T>().unwrap(), value, "{text}");
        assert_eq!(serde_json::to_value(&value).unwrap(), json!(printed));
        assert_eq!(serde_json::from_value::<T>(json!(printed)).unwrap(), value);
    } else {
        assert!(serde_json::from_value::<T>(json!(text)).is_err(), "{text}");
    }
}

fn all(text: &str) {
    round_trip::<Architecture>(text);
    round_trip::<BuildDate>(text);
    round_trip::<Day>(text);
    round_trip::<Flag>(text);
    round_trip::<HotfixHours>(text);
    round_trip::<HwDiskBus>(text);
    round_trip::<ImageSource>(text);
    round_trip::<MinDisk>(text);
    round_trip::<MinRam>(text);
    round_trip::<OsDistro>(text);
    round_trip::<OsPurpose>(text);
    round_trip::<OriginalUser>(text);
    round_trip::<ProvidedUntil>(text);
    round_trip::<ReplaceFrequency>(text);
    round_trip::<UuidValidity>(text);
    let _ = split_name(text);
}

/// Texts that are values of some property, or nearly so.
fn values() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "none",
            "notice",
            "forever",
            "last-1",
            "last-0",
            "last-01",
            "last-999999999",
            "last-9999999999",
            "private",
            "https://a",
            "https://",
            "https:///x",
            "s3://b/c",
            "file:x",
            "http://user@host:80/x?y",
            "ftp://[::1]/x",
            "http://:80",
            "x86_64",
            "risc-v",
            "monthly",
            "Monthly",
            "generic",
            "oldgeneric",
            "scsi",
            "true",
            "FALSE",
            "yes",
            "0",
            "1",
            "08",
            "48",
            "1.5",
            "-1",
            ".5",
            "1.",
            "1e3",
            "ubuntu",
            "red_hat",
            "red--hat",
            "ubuntu24",
            "mailto:a",
            "a b",
            "",
            " ",
            "root",
            "2024-02-29",
            "2023-02-29",
            "1900-02-29",
            "2000-02-29",
            "2026-11-31",
            "2026-12-31 23:59",
            "2026-12-31 24:00",
            "2026-12-31T23:59:59Z",
            "2026-12-31T23:59:59",
            "2026-12-31 23:59:60",
            "sha256",
            "required",
            "uefi",
            "qemu",
            "kvm",
        ])
        .prop_map(str::to_owned),
        (0_u16..9999, 0_u8..14, 0_u8..33)
            .prop_map(|(year, month, day)| format!("{year:04}-{month:02}-{day:02}")),
        (0_u8..26, 0_u8..62, 0_u8..62).prop_map(|(h, m, s)| format!("2026-02-28 {h:02}:{m:02}:{s:02}")),
        "[a-zA-Z0-9:/.@_ -]{0,16}",
    ]
}

/// The properties whose values are checked by both the schema and a rule.
const JUDGED: &[(&str, &str)] = &[
    ("architecture", "scs-0102-prop-architecture"),
    ("min_disk", "scs-0102-prop-min_disk"),
    ("min_ram", "scs-0102-prop-min_ram"),
    ("os_version", "scs-0102-prop-os_version"),
    ("os_distro", "scs-0102-prop-os_distro"),
    ("os_purpose", "scs-0102-prop-os_purpose"),
    ("hw_disk_bus", "scs-0102-prop-hw_disk_bus"),
    ("hypervisor_type", "scs-0102-prop-hypervisor_type"),
    ("hw_rng_model", "scs-0102-prop-hw_rng_model"),
    ("os_secure_boot", "scs-0102-prop-os_secure_boot"),
    ("hw_watchdog_action", "scs-0102-prop-hw_watchdog_action"),
    ("hw_pmu", "scs-0102-prop-hw_pmu"),
    ("hw_video_ram", "scs-0102-prop-hw_video_ram"),
    ("hw_vif_multiqueue_enabled", "scs-0102-prop-hw_vif_multiqueue"),
    ("replace_frequency", "scs-0102-prop-replace_frequency"),
    ("provided_until", "scs-0102-prop-provided_until"),
    ("uuid_validity", "scs-0102-prop-uuid_validity"),
    ("hotfix_hours", "scs-0102-prop-hotfix_hours"),
    ("image_source", "scs-0102-prop-image_source"),
    ("image_description", "scs-0102-prop-image_description"),
    ("image_build_date", "scs-0102-prop-image_build_date"),
    ("image_original_user", "scs-0102-prop-image_original_user"),
    ("patchlevel", "scs-0102-patchlevel"),
    ("maintained_until", "scs-0102-maintained-until"),
    ("l1_support_contact", "scs-0102-l1-support"),
    ("license_included", "scs-0102-license-xor"),
];

/// Whether the rule accepts the value, at a time when no date is in the future.
fn rule_accepts(version: u8, rule: &str, property: &str, value: Option<&str>) -> bool {
    let mut image = json!({"name": "x", "created_at": "9998-12-31T00:00:00Z"});
    if let Some(value) = value {
        image[property] = json!(value);
    }
    if property == "min_disk" {
        image["size"] = json!(1);
    }
    let list: ImageList = json!({ "images": [image] }).to_string().parse().unwrap();
    let declarations = Declarations::default();
    let context = Context {
        at: "9999-01-01T00:00:00Z".parse().unwrap(),
        profile: Profile::Text,
        declarations: &declarations,
    };
    let rule = image_rules(DocumentId::version(102, version)).find(|known| known.id == rule).unwrap();
    rule.answer(&ImageSet::from(list), &context).verdict != Verdict::Fail
}

fn schema_accepts(schema: &Value, property: &str, value: Option<&str>) -> bool {
    match value {
        Some(value) => jsonschema::is_valid(&schema["properties"][property], &json!(value)),
        None => !schema["required"].as_array().unwrap().iter().any(|name| name == property),
    }
}

proptest! {
    #[test]
    fn values_survive_a_round_trip(text in prop_oneof![values(), ".{0,24}"]) {
        all(&text);
    }

    #[test]
    fn schema_and_rules_agree(text in values(), judged in prop::sample::select(JUDGED)) {
        let (property, rule) = judged;
        // Years after the time of the check are wrong for another reason.
        prop_assume!(!(property == "image_build_date" && text.starts_with("999")));
        for (number, version) in [(1, MetadataVersion::V1), (2, MetadataVersion::V2)] {
            let schema = metadata_schema(version).to_value();
            prop_assert_eq!(
                schema_accepts(&schema, property, Some(&text)),
                rule_accepts(number, rule, property, Some(&text)),
                "{} = {:?} by version {}", property, text, number
            );
        }
    }

    #[test]
    fn parsers_never_panic(text in ".{0,80}", cut in 0_usize..400) {
        let _ = text.parse::<ImageList>();
        let whole = r#"{"images": [{"name": "Ubuntu 24.04", "min_disk": 8, "tags": ["a"]}, {"name": "b", "os_hidden": true}, {"name": "c"}]}"#;
        let part = &whole[..cut.min(whole.len())];
        if let Ok(list) = part.parse::<ImageList>() {
            prop_assert!(part == whole || !list.broken.is_empty(), "truncation is reported");
        }
    }
}

#[test]
fn required_properties_match_the_rules() {
    for (number, version) in [(1, MetadataVersion::V1), (2, MetadataVersion::V2)] {
        let schema = metadata_schema(version).to_value();
        for (property, rule) in JUDGED {
            // Version 1 recommends it, which a schema cannot express.
            if number == 1 && *property == "os_purpose" {
                continue;
            }
            assert_eq!(
                schema_accepts(&schema, property, None),
                rule_accepts(number, rule, property, None),
                "{property} by version {number}"
            );
        }
        assert!(jsonschema::meta::is_valid(&schema));
        assert!(jsonschema::meta::is_valid(&definitions_schema(version).to_value()));
    }
}

#[test]
fn types_cover_the_data() {
    let values = scs_image_metadata::ImageData::embedded().openstack;
    let words = |key: ImageKey| values.of(key).unwrap().values.clone();
    let known: Vec<String> =
        Architecture::ALL.iter().filter(|it| it.is_listed()).map(ToString::to_string).collect();
    assert_eq!(known, words(ImageKey::Architecture));
    let buses: Vec<String> = HwDiskBus::ALL.iter().map(ToString::to_string).collect();
    assert_eq!(buses, words(ImageKey::HwDiskBus));
    let hypervisors: Vec<String> =
        scs_image_metadata::HypervisorType::ALL.iter().map(ToString::to_string).collect();
    assert_eq!(hypervisors, words(ImageKey::HypervisorType));
}
