//! Words of closed vocabularies: `Display`, `FromStr` and `serde` agree, and each has an error of its own.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::error::Error;
use std::fmt::{Debug, Display};
use std::str::FromStr;

use proptest::prelude::*;
use scs_standards::catalog::{DocumentKind, DocumentStatus};
use scs_standards::subject::{Flavor, Unusable};
use scs_standards::{Level, Profile, Track, Verdict};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The error for a word that is not in the vocabulary, after checking that all others are read as they are printed.
fn error_of<T>(all: impl IntoIterator<Item = T>) -> String
where
    T: Copy + Debug + Display + PartialEq + FromStr<Err: Debug + Error> + Serialize + DeserializeOwned,
{
    for word in all {
        let text = word.to_string();
        assert_eq!(text.parse::<T>().unwrap(), word);
        let json = serde_json::to_string(&word).unwrap();
        assert_eq!(json, format!("\"{text}\""));
        assert_eq!(serde_json::from_str::<T>(&json).unwrap(), word);
    }
    "PASSED".parse::<T>().unwrap_err().to_string()
}

#[test]
fn words_are_read_as_they_are_printed() {
    let errors = [
        error_of(Verdict::ALL),
        error_of(Level::ALL),
        error_of(Profile::ALL),
        error_of(Track::ALL),
        error_of(DocumentKind::ALL),
        error_of(DocumentStatus::ALL),
    ];
    assert_eq!(
        errors,
        [
            "expected PASS, FAIL, DNF or MISS, found `PASSED`",
            "expected MUST, MUST NOT, SHOULD, SHOULD NOT or MAY, found `PASSED`",
            "expected `text` or `official`, found `PASSED`",
            "expected Global, IaaS, KaaS, IAM, Ops or Scopes, found `PASSED`",
            "expected Procedural, Standard, Decision Record or Supplement, found `PASSED`",
            "expected Draft, Stable, Deprecated or Rejected, found `PASSED`",
        ]
    );
}

fn flavor() -> impl Strategy<Value = Flavor> {
    let number = || prop::option::of(any::<u64>());
    let specs = prop::option::of(prop::collection::btree_map("[a-z:]{1,8}", ".{0,8}", 0..3));
    let unusable = prop::collection::vec(("[a-z_]{1,8}", ".{0,8}"), 0..2);
    (".{0,12}", number(), number(), number(), prop::option::of(any::<bool>()), specs, unusable).prop_map(
        |(name, vcpus, ram_mib, disk_gb, is_public, extra_specs, unusable)| Flavor {
            name,
            vcpus,
            ram_mib,
            disk_gb,
            is_public,
            extra_specs,
            unusable: unusable
                .into_iter()
                .map(|(field, reason)| Unusable { field: field.into(), reason })
                .collect(),
            ..Flavor::default()
        },
    )
}

proptest! {
    #[test]
    fn flavors_are_read_as_they_are_written(flavor in flavor()) {
        let json = serde_json::to_string(&flavor).unwrap();
        prop_assert_eq!(serde_json::from_str::<Flavor>(&json).unwrap(), flavor);
    }
}

#[test]
fn a_flavor_needs_only_its_name_and_no_unknown_keys() {
    let flavor: Flavor = serde_json::from_str(r#"{"name": "SCS-2V-8", "vcpus": 2}"#).unwrap();
    assert_eq!((flavor.vcpus, flavor.ram_mib, flavor.extra_specs), (Some(2), None, None));
    let error = |json| serde_json::from_str::<Flavor>(json).unwrap_err().to_string();
    assert!(error(r#"{"vcpus": 2}"#).contains("missing field `name`"));
    // Nova's own name of a field, which would be lost.
    assert!(error(r#"{"name": "SCS-2V-8", "ram": 8192}"#).contains("unknown field `ram`"));
}
