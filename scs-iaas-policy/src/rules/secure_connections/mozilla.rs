//! Mozilla's intermediate profile, by version.

use std::str::FromStr;
use std::sync::LazyLock;

use jiff::civil::Date;
use scs_standards::yaml;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

/// The known versions of Mozilla's "Intermediate" profile, with the date of the data. `Default` is without any version, so that
/// rules that need one are DNF.
///
/// ```
/// use jiff::civil::date;
/// use scs_iaas_policy::TlsProfiles;
///
/// let profiles = TlsProfiles::embedded();
/// assert_eq!(profiles.newest_version(date(2026, 11, 24)), Some("6.0"));
/// assert_eq!(profiles.newest_version(date(2026, 4, 5)), Some("5.7"));
/// // What it writes can be read again.
/// assert_eq!(&profiles.to_yaml()?.parse::<TlsProfiles>()?, profiles);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TlsProfiles {
    /// The date of the data; `None` if there are none.
    #[serde(default)]
    as_of: Option<Date>,
    /// Newest first.
    versions: Vec<Profile>,
}

/// A version of Mozilla's profile.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Profile {
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

/// Error: not a list of versions of the profile, or not one of Mozilla's guidelines.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadTlsProfilesError {
    /// It is not YAML or JSON of this form.
    #[error("not versions of Mozilla's TLS profile: {0}")]
    Shape(String),
    /// It has no version.
    #[error("there is no version of the profile")]
    Empty,
    /// The versions are not sorted, newest first.
    #[error("version {version} is listed before a version that was published later")]
    Order {
        /// The version.
        version: String,
    },
    /// A version allows nothing, or has fewer names of one kind than of the other.
    #[error("version {version}: {reason}")]
    Version {
        /// The version.
        version: String,
        /// The problem.
        reason: &'static str,
    },
}

/// A file of Mozilla's guidelines, such as `latest.json`.
#[derive(Deserialize)]
struct Guideline {
    /// A number such as 6.0.
    version: Value,
    configurations: Configurations,
}

#[derive(Deserialize)]
struct Configurations {
    intermediate: Configuration,
}

#[derive(Deserialize)]
struct Configuration {
    ciphers: Ciphers,
    ciphersuites: Vec<String>,
    dh_param_size: Option<u32>,
    ecdh_param_size: u32,
    hsts_min_age: i64,
    maximum_certificate_lifespan: i64,
    recommended_certificate_lifespan: i64,
    rsa_key_size: u32,
    tls_curves: Vec<String>,
    tls_versions: Vec<String>,
}

#[derive(Deserialize)]
struct Ciphers {
    iana: Vec<String>,
    openssl: Vec<String>,
}

impl Guideline {
    fn read(json: &str) -> Result<Self, ReadTlsProfilesError> {
        serde_json::from_str(json).map_err(|error| ReadTlsProfilesError::Shape(error.to_string()))
    }

    fn version(&self) -> Result<String, ReadTlsProfilesError> {
        match &self.version {
            Value::Number(number) => Ok(number.to_string()),
            Value::String(text) => Ok(text.clone()),
            _ => Err(ReadTlsProfilesError::Shape("`version` is not a number".to_owned())),
        }
    }
}

static EMBEDDED: LazyLock<TlsProfiles> =
    LazyLock::new(|| include_str!("../../../data/mozilla-tls.yaml").parse().unwrap_or_default());

/// The version that the official script uses.
const OFFICIAL: &str = "5.7";
/// The size of DHE groups if a version has none, since servers may still offer DHE.
const DH_SIZE: u32 = 2048;

impl FromStr for TlsProfiles {
    type Err = ReadTlsProfilesError;

    /// Parses a file in the form of `data/mozilla-tls.yaml`.
    ///
    /// # Errors
    ///
    /// If it is not such a file, or its versions are not sorted.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read: Self = serde_saphyr::from_str(text)
            .map_err(|error| ReadTlsProfilesError::Shape(yaml::reason(&error)))?;
        read.checked()
    }
}

impl TlsProfiles {
    /// The built-in versions.
    #[must_use]
    pub fn embedded() -> &'static Self {
        &EMBEDDED
    }

    /// The day on which the data were made.
    #[must_use]
    pub const fn as_of(&self) -> Option<Date> {
        self.as_of
    }

    /// Sets the day on which the data were known to be current.
    #[must_use]
    pub fn with_as_of(self, as_of: Date) -> Self {
        Self { as_of: Some(as_of), ..self }
    }

    /// Adds the version in one of Mozilla's guidelines, such as `https://ssl-config.mozilla.org/guidelines/latest.json`, which was
    /// seen on a day. The file does not have the day of its publication, so a new version counts from that day. A known
    /// version keeps its day, and gets the new content.
    ///
    /// # Errors
    ///
    /// If it is not such a file.
    ///
    /// ```
    /// use scs_iaas_policy::TlsProfiles;
    ///
    /// let error = TlsProfiles::embedded().clone().with_guideline("{}", "2026-12-01".parse()?).unwrap_err();
    /// assert!(error.to_string().contains("missing field `version`"));
    /// # Ok::<(), jiff::Error>(())
    /// ```
    pub fn with_guideline(mut self, json: &str, seen: Date) -> Result<Self, ReadTlsProfilesError> {
        let guideline = Guideline::read(json)?;
        let version = guideline.version()?;
        let of = guideline.configurations.intermediate;
        if of.ciphers.openssl.len() != of.ciphers.iana.len() {
            let reason = "it does not have as many OpenSSL names as IANA names of cipher suites";
            return Err(ReadTlsProfilesError::Version { version, reason });
        }
        let known = self.versions.iter().position(|known| known.version == version);
        let profile = Profile {
            published: known.and_then(|index| self.versions.get(index)).map_or(seen, |known| known.published),
            version,
            protocols: of.tls_versions,
            suites: of
                .ciphers
                .openssl
                .into_iter()
                .zip(of.ciphers.iana)
                .map(|(one, other)| vec![one, other])
                .collect(),
            suites_tls13: of.ciphersuites,
            curves: of.tls_curves,
            rsa_size: of.rsa_key_size,
            dh_size: of.dh_param_size.unwrap_or(DH_SIZE),
            ecdh_size: of.ecdh_param_size,
            lifetime_days: of.maximum_certificate_lifespan,
            recommended_lifetime_days: of.recommended_certificate_lifespan,
            hsts_max_age: of.hsts_min_age,
        };
        match known {
            Some(index) => self.versions[index] = profile,
            None => self.versions.insert(0, profile),
        }
        self.as_of = Some(seen);
        self.checked()
    }

    /// The version of one of Mozilla's guidelines.
    ///
    /// # Errors
    ///
    /// If it is not such a file.
    pub fn version_of_guideline(json: &str) -> Result<String, ReadTlsProfilesError> {
        Guideline::read(json)?.version()
    }

    /// Whether it has the same versions as another list, with the same content.
    #[must_use]
    pub fn has_same_versions(&self, other: &Self) -> bool {
        self.versions == other.versions
    }

    /// The versions as a file in the form of `data/mozilla-tls.yaml`.
    ///
    /// # Errors
    ///
    /// If they cannot be written as YAML, which no known version causes.
    pub fn to_yaml(&self) -> Result<String, ReadTlsProfilesError> {
        serde_saphyr::to_string(self).map_err(|error| ReadTlsProfilesError::Shape(error.to_string()))
    }

    /// The names of the versions, newest first.
    pub fn versions(&self) -> impl Iterator<Item = &str> {
        self.versions.iter().map(|profile| profile.version.as_str())
    }

    /// The name of the version in effect on a date.
    #[must_use]
    pub fn newest_version(&self, at: Date) -> Option<&str> {
        self.newest(at).map(|profile| profile.version.as_str())
    }

    fn checked(self) -> Result<Self, ReadTlsProfilesError> {
        if self.versions.is_empty() {
            return Err(ReadTlsProfilesError::Empty);
        }
        for pair in self.versions.windows(2) {
            if let [newer, older] = pair
                && newer.published < older.published
            {
                return Err(ReadTlsProfilesError::Order { version: newer.version.clone() });
            }
        }
        // A profile that allows nothing would fail every server.
        let allows_nothing = |profile: &&Profile| {
            profile.protocols.is_empty() || profile.suites_tls13.is_empty() || profile.curves.is_empty()
        };
        if let Some(profile) = self.versions.iter().find(allows_nothing) {
            let reason = "it has no protocol, no cipher suite or no curve";
            return Err(ReadTlsProfilesError::Version { version: profile.version.clone(), reason });
        }
        Ok(self)
    }

    /// The version in effect on a date: the newest one, since the standard links to a living page. The first known version
    /// applies to earlier dates.
    pub(super) fn newest(&self, at: Date) -> Option<&Profile> {
        self.versions.iter().find(|profile| profile.published <= at).or_else(|| self.versions.last())
    }

    /// The date of the data, if too old for a given date: the profile changes every few years (5.7 was current for three), so
    /// the data is considered current for a year.
    pub(super) fn stale(&self, at: Date) -> Option<String> {
        match self.as_of {
            Some(as_of) => {
                let end = as_of.checked_add(jiff::Span::new().years(1));
                end.is_ok_and(|end| end < at).then(|| as_of.to_string())
            }
            None => Some("an unknown date".to_owned()),
        }
    }

    /// The version used by the official script. A newer list may no longer have it.
    pub(super) fn official(&self) -> Option<&Profile> {
        let of =
            |profiles: &'_ Self| profiles.versions.iter().position(|profile| profile.version == OFFICIAL);
        of(self)
            .and_then(|index| self.versions.get(index))
            .or_else(|| of(&EMBEDDED).and_then(|index| EMBEDDED.versions.get(index)))
    }
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
        assert_eq!(EMBEDDED.newest(date(2026, 11, 24)).unwrap().version, "6.0");
        assert_eq!(EMBEDDED.newest(date(2026, 4, 5)).unwrap().version, "5.7");
        assert_eq!(EMBEDDED.newest(date(2020, 1, 1)).unwrap().version, "5.7");
        assert_eq!(EMBEDDED.official().unwrap().version, OFFICIAL);
        assert!(EMBEDDED.versions.is_sorted_by(|newer, older| newer.published >= older.published));
    }

    #[test]
    fn the_data_is_current_for_a_year() {
        assert_eq!(EMBEDDED.stale(date(2027, 5, 3)), None);
        assert_eq!(EMBEDDED.stale(date(2027, 5, 4)).as_deref(), Some("2026-05-03"));
    }

    #[test]
    fn the_official_version_has_nine_suites_and_the_newest_six() {
        let (newest, official) = (EMBEDDED.newest(date(2026, 11, 24)).unwrap(), EMBEDDED.official().unwrap());
        assert_eq!((newest.suites.len(), official.suites.len()), (6, 9));
        assert!(
            official.has_suite("dhe-rsa-aes128-gcm-sha256") && !newest.has_suite("DHE-RSA-AES128-GCM-SHA256")
        );
        assert!(newest.has_curve("x25519mlkem768") && !official.has_curve("X25519MLKEM768"));
    }

    #[test]
    fn names_have_several_spellings() {
        let profile = EMBEDDED.newest(date(2026, 11, 24)).unwrap();
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

    /// The shape of Mozilla's file, with one cipher suite.
    const GUIDELINE: &str = r#"{"version": 6.1, "href": "x", "configurations": {"modern": {}, "intermediate": {
        "certificate_curves": ["prime256v1"], "certificate_types": ["ecdsa"],
        "ciphers": {"iana": ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"], "openssl": ["ECDHE-ECDSA-AES128-GCM-SHA256"]},
        "ciphersuites": ["TLS_AES_128_GCM_SHA256"], "dh_param_size": null, "ecdh_param_size": 256, "hsts_min_age": 63072000,
        "maximum_certificate_lifespan": 200, "recommended_certificate_lifespan": 45, "rsa_key_size": 3072,
        "tls_curves": ["X25519"], "tls_versions": ["TLSv1.3"]}}}"#;

    #[test]
    fn a_new_version_counts_from_the_day_on_which_it_is_seen() {
        let seen = date(2026, 12, 1);
        let profiles = EMBEDDED.clone().with_guideline(GUIDELINE, seen).unwrap();
        assert_eq!(profiles.versions().collect::<Vec<_>>(), ["6.1", "6.0", "5.8", "5.7"]);
        assert_eq!(profiles.newest_version(date(2026, 11, 30)), Some("6.0"));
        let newest = profiles.newest(seen).unwrap();
        assert_eq!((newest.version.as_str(), newest.rsa_size, newest.dh_size), ("6.1", 3072, 2048));
        assert_eq!(profiles.as_of(), Some(seen));
        // Seen again later, it keeps its day.
        let again = profiles.clone().with_guideline(GUIDELINE, date(2027, 2, 1)).unwrap();
        assert_eq!(again.versions, profiles.versions);
        assert_eq!(profiles.to_yaml().unwrap().parse::<TlsProfiles>().unwrap(), profiles);
    }

    #[test]
    fn other_shapes_are_errors() {
        for (from, to, reason) in [
            (r#""iana": [""#, r#""iana": ["x", ""#, "as many OpenSSL names"),
            (r#""tls_curves": ["X25519"]"#, r#""tls_curves": []"#, "no curve"),
            ("6.1", "true", "`version` is not a number"),
            ("tls_versions", "versions", "missing field `tls_versions`"),
        ] {
            let json = GUIDELINE.replace(from, to);
            let error = EMBEDDED.clone().with_guideline(&json, date(2026, 12, 1)).unwrap_err().to_string();
            assert!(error.contains(reason), "{to}: {error}");
        }
        assert_eq!("versions: []".parse::<TlsProfiles>(), Err(ReadTlsProfilesError::Empty));
        let turned = "as_of: 2026-01-01\nversions: []".replace("[]", "7");
        assert!(matches!(turned.parse::<TlsProfiles>(), Err(ReadTlsProfilesError::Shape(_))));
    }
}
