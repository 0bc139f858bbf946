//! Versions have a total order, consistent with semantic versions and with ranges.

#![expect(clippy::panic, reason = "a helper fails as the test would")]

use proptest::prelude::*;
use scs_k8s_policy::{K8sVersion, VersionRange};

fn version() -> impl Strategy<Value = String> {
    let pre = prop_oneof![Just(String::new()), "-(alpha|beta|rc)\\.[0-9]"];
    let vendor = prop_oneof![Just(String::new()), "\\+k3s[1-3]", "-gke\\.[1-9][0-9]{0,2}"];
    (0..3_u64, 0..4_u64, 0..4_u64, pre, vendor).prop_map(|(major, minor, patch, pre, vendor)| {
        // Distributions do not ship pre-releases with their own suffix.
        let behind = if pre.is_empty() { vendor } else { pre };
        format!("v{major}.{minor}.{patch}{behind}")
    })
}

fn read(text: &str) -> K8sVersion {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

proptest! {
    #[test]
    fn versions_round_trip(text in version()) {
        let version = read(&text);
        prop_assert_eq!(version.to_string(), text);
    }

    #[test]
    fn the_order_is_total(one in version(), other in version(), third in version()) {
        let (one, other, third) = (read(&one), read(&other), read(&third));
        prop_assert_eq!(one.cmp(&other), other.cmp(&one).reverse());
        prop_assert_eq!(one == other, one.cmp(&other).is_eq());
        if one <= other && other <= third {
            prop_assert!(one <= third);
        }
    }

    #[test]
    fn the_order_matches_semantic_versions(one in version(), other in version()) {
        let (one, other) = (read(&one).upstream(), read(&other).upstream());
        let semantic = |version: &K8sVersion| semver::Version::parse(version.to_string().trim_start_matches('v')).unwrap();
        prop_assert_eq!(one.cmp(&other), semantic(&one).cmp(&semantic(&other)));
    }

    #[test]
    fn ranges_follow_the_order(from in version(), to in version(), version in version()) {
        let (from, to, version) = (read(&from).upstream(), read(&to).upstream(), read(&version).upstream());
        let before = VersionRange::before(from.clone(), to.clone());
        let through = VersionRange::through(from.clone(), to.clone());
        prop_assert_eq!(before.contains(&version), from <= version && version < to);
        prop_assert_eq!(through.contains(&version), from <= version && version <= to);
        prop_assert!(!before.contains(&version) || through.contains(&version));
        prop_assert!(VersionRange::only(version.clone()).contains(&version));
    }

    #[test]
    fn nothing_panics(text in "\\PC{0,20}|v?[0-9]{1,22}(\\.[0-9]{1,3}){0,3}[-+a-z0-9.]{0,8}") {
        if let Ok(version) = text.parse::<K8sVersion>() {
            prop_assert_eq!(version.to_string().parse::<K8sVersion>(), Ok(version));
        }
    }
}
