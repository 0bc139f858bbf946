//! Mozilla's intermediate profile, by version.

use std::sync::LazyLock;

use jiff::civil::Date;
use serde::Deserialize;

/// The versions in `data/mozilla-tls.yaml`, newest first.
#[derive(Debug, Default, Deserialize)]
struct Profiles {
    /// The date of the data; `None` if it is unreadable.
    #[serde(default)]
    as_of: Option<Date>,
    versions: Vec<Profile>,
}

/// A version of Mozilla's profile.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Profile {
    pub(super) version: String,
    published: Date,
    protocols: Vec<String>,
    /// TLS 1.2 cipher suites, each with its OpenSSL and IANA names.
    suites: Vec<Vec<String>>,
    suites_tls13: Vec<String>,
    curves: Vec<String>,
    pub(super) rsa_size: u32,
    pub(super) dh_size: u32,
    pub(super) ecdh_size: u32,
    pub(super) lifetime_days: i64,
    pub(super) recommended_lifetime_days: i64,
    pub(super) hsts_max_age: i64,
}

static PROFILES: LazyLock<Profiles> = LazyLock::new(|| {
    serde_saphyr::from_str(include_str!("../../../data/mozilla-tls.yaml")).unwrap_or_default()
});

/// The version that the official script uses.
const OFFICIAL: &str = "5.7";

/// The version in effect on a date: the newest one, since the standard links to a living page. The first known version
/// applies to earlier dates.
pub(super) fn newest(at: Date) -> Option<&'static Profile> {
    let versions = &PROFILES.versions;
    versions.iter().find(|profile| profile.published <= at).or_else(|| versions.last())
}

/// The day on which the data were made.
pub(crate) fn as_of() -> Option<Date> {
    PROFILES.as_of
}

/// The date of the data, if too old for a given date: the profile changes every few years (5.7 was current for three), so
/// the data is considered current for a year.
pub(super) fn stale(at: Date) -> Option<String> {
    match PROFILES.as_of {
        Some(as_of) => {
            let end = as_of.checked_add(jiff::Span::new().years(1));
            end.is_ok_and(|end| end < at).then(|| as_of.to_string())
        }
        None => Some("an unknown date".to_owned()),
    }
}

/// The version used by the official script.
pub(super) fn official() -> Option<&'static Profile> {
    PROFILES.versions.iter().find(|profile| profile.version == OFFICIAL)
}

impl Profile {
    pub(super) fn has_protocol(&self, protocol: &str) -> bool {
        let protocol = same_protocol(protocol);
        self.protocols.iter().any(|known| same_protocol(known) == protocol)
    }

    pub(super) fn has_suite(&self, suite: &str) -> bool {
        let suite = suite.trim();
        let mut known = self.suites.iter().flatten().chain(&self.suites_tls13);
        known.any(|known| known.eq_ignore_ascii_case(suite))
    }

    pub(super) fn has_curve(&self, curve: &str) -> bool {
        let curve = same_curve(curve);
        self.curves.iter().any(|known| same_curve(known) == curve)
    }

    pub(super) fn protocols(&self) -> String {
        self.protocols.join(", ")
    }

    pub(super) fn curves(&self) -> String {
        self.curves.join(", ")
    }
}

/// Normalizes `TLSv1.2`, `TLS 1.2`, `tls_1_2` and `TLS_1_2`, as well as `TLSv1` and `TLSv1.0`.
fn same_protocol(name: &str) -> String {
    let mut name: String =
        name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase();
    name.retain(|letter| letter != 'V');
    match name.as_str() {
        "TLS1" => "TLS10".to_owned(),
        "SSL2" => "SSL20".to_owned(),
        "SSL3" => "SSL30".to_owned(),
        _ => name,
    }
}

/// NIST curves have three names each.
fn same_curve(name: &str) -> String {
    let name = name.trim().to_lowercase();
    match name.as_str() {
        "p-256" | "secp256r1" => "prime256v1".to_owned(),
        "p-384" => "secp384r1".to_owned(),
        "p-521" => "secp521r1".to_owned(),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_newest_version_on_a_date_applies() {
        assert_eq!(newest(date(2026, 11, 24)).unwrap().version, "6.0");
        assert_eq!(newest(date(2026, 4, 5)).unwrap().version, "5.7");
        assert_eq!(newest(date(2020, 1, 1)).unwrap().version, "5.7");
        assert_eq!(official().unwrap().version, OFFICIAL);
        assert!(PROFILES.versions.is_sorted_by(|newer, older| newer.published >= older.published));
    }

    #[test]
    fn the_data_is_current_for_a_year() {
        assert_eq!(stale(date(2027, 5, 3)), None);
        assert_eq!(stale(date(2027, 5, 4)).as_deref(), Some("2026-05-03"));
    }

    #[test]
    fn the_official_version_has_nine_suites_and_the_newest_six() {
        let (newest, official) = (newest(date(2026, 11, 24)).unwrap(), official().unwrap());
        assert_eq!((newest.suites.len(), official.suites.len()), (6, 9));
        assert!(
            official.has_suite("dhe-rsa-aes128-gcm-sha256") && !newest.has_suite("DHE-RSA-AES128-GCM-SHA256")
        );
        assert!(newest.has_curve("x25519mlkem768") && !official.has_curve("X25519MLKEM768"));
    }

    #[test]
    fn names_have_several_spellings() {
        let profile = newest(date(2026, 11, 24)).unwrap();
        for name in ["TLSv1.2", "TLS 1.3", "TLS_1_2", "tls1.3", "TLSV1_3"] {
            assert!(profile.has_protocol(name), "{name}");
        }
        for name in ["TLSv1", "TLSv1.1", "SSLv3", ""] {
            assert!(!profile.has_protocol(name), "{name}");
        }
        assert!(
            profile.has_curve("P-256") && profile.has_curve("secp256r1") && !profile.has_curve("secp521r1")
        );
        assert!(profile.has_suite("TLS_AES_128_GCM_SHA256") && !profile.has_suite("AES128-SHA"));
    }
}
