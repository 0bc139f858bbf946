//! The TLS scan of the servers.

mod sslyze;

use std::fmt;

use scs_standards::Given;
use serde::Deserialize;
use serde_json::Value;

use super::moment::Moment;
use scs_standards::listed::{Broken, Listed, ReadPartError, kind_of};

/// A scan of TLS servers: sslyze's JSON, or a plain list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TlsScan {
    /// The time when it finished, if known.
    pub at: Option<Moment>,
    /// The servers.
    pub servers: Vec<TlsServer>,
    /// Unreadable entries.
    pub broken: Vec<Broken>,
}

/// The host and port of a server.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The host name or address, in lower case.
    pub host: String,
    /// The port.
    pub port: u16,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

impl Place {
    /// Parses a URL, `host:port` or a host. The port defaults to 443, or to 80 for the scheme `http`.
    ///
    /// ```
    /// use scs_iaas_policy::Place;
    ///
    /// let place = |text| Place::read(text).unwrap().to_string();
    /// assert_eq!(place("https://Api.example.com/v3"), "api.example.com:443");
    /// assert_eq!(place("https://[2001:db8::1]:5000/v3"), "[2001:db8::1]:5000");
    /// assert_eq!(place("api.example.com:9292"), "api.example.com:9292");
    /// assert_eq!(Place::read("https://"), None);
    /// ```
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let (scheme, rest) = text.split_once("://").unwrap_or(("https", text));
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let authority = authority.rsplit('@').next().unwrap_or_default();
        let (host, port) = match authority.strip_prefix('[') {
            Some(rest) => {
                let (host, after) = rest.split_once(']')?;
                (host, after.strip_prefix(':'))
            }
            // An IPv6 address without brackets has no port.
            None if authority.matches(':').count() > 1 => (authority, None),
            None => match authority.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (authority, None),
            },
        };
        let port = match port {
            Some(port) => port.parse().ok()?,
            None if scheme.eq_ignore_ascii_case("http") => 80,
            None => 443,
        };
        (!host.is_empty()).then(|| Self { host: host.to_lowercase(), port })
    }
}

/// The scan of a server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TlsServer {
    /// Its host and port.
    pub place: Place,
    /// The reason why it could not be scanned at all.
    pub problem: Option<String>,
    /// The protocols.
    pub protocols: Given<Vec<String>>,
    /// The cipher suites, by OpenSSL or IANA name.
    pub ciphers: Given<Vec<String>>,
    /// Scans that were not run or failed, so the other fields may be incomplete.
    pub gaps: Vec<Gap>,
    /// The key exchange groups.
    pub curves: Given<Vec<String>>,
    /// The keys of its certificates.
    pub keys: Given<Vec<Key>>,
    /// The size of its DHE parameters in bits, if it offers DHE.
    pub dh_size: Option<u32>,
    /// The smallest ECDHE key size in bits.
    pub ecdh_size: Option<u32>,
    /// Its certificates.
    pub certificates: Given<Vec<TlsCertificate>>,
    /// `max-age` of `Strict-Transport-Security` in seconds; `None` if it does not send the header.
    pub hsts_max_age: Given<Option<i64>>,
}

/// A part of a scan that has no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The scan.
    pub what: String,
    /// The error; `None` if the scan was not run.
    pub reason: Option<String>,
}

/// The key of a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Key {
    /// The type, such as `rsa` or `ecdsa`.
    pub r#type: String,
    /// Its size in bits.
    #[serde(default)]
    pub size: Option<u32>,
}

/// A certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct TlsCertificate {
    /// The start of its validity.
    #[serde(default)]
    pub not_before: Option<Moment>,
    /// The end of its validity.
    #[serde(default)]
    pub not_after: Option<Moment>,
    /// Whether the chain leads to a trusted authority.
    #[serde(default)]
    pub chain_valid: Option<bool>,
    /// Whether it matches the host.
    #[serde(default)]
    pub names_match: Option<bool>,
}

/// An entry of the plain list.
#[derive(Deserialize)]
struct Entry {
    endpoint: String,
    #[serde(default)]
    error: Option<String>,
    #[serde(default)]
    protocols: Option<Vec<String>>,
    #[serde(default)]
    ciphers: Option<Vec<String>>,
    #[serde(default)]
    curves: Option<Vec<String>>,
    #[serde(default)]
    key: Option<Key>,
    #[serde(default)]
    dh_size: Option<u32>,
    #[serde(default)]
    ecdh_size: Option<u32>,
    #[serde(default)]
    certificate: Option<TlsCertificate>,
    #[serde(default, deserialize_with = "given_or_null")]
    hsts_max_age: Given<Option<i64>>,
}

/// `null` means there is no header, unlike a missing key.
fn given_or_null<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Given<Option<i64>>, D::Error> {
    Option::deserialize(deserializer).map(Given::Data)
}

impl TlsScan {
    /// Parses the output of `sslyze --json_out`, a plain list, or `{"at": …, "servers": […]}`.
    ///
    /// # Errors
    ///
    /// If it is none of them. Unreadable servers are kept as [`Broken`].
    pub fn read(json: &str) -> Result<Self, ReadPartError> {
        let json = &*sslyze::without_huge_numbers(json);
        let value: Value =
            serde_json::from_str(json).map_err(|error| ReadPartError::Json(error.to_string()))?;
        let expected = "the output of `sslyze --json_out`, or a list of servers".to_owned();
        match &value {
            Value::Object(mapping) if mapping.contains_key("server_scan_results") => sslyze::read(mapping)
                .ok_or(ReadPartError::Shape { expected, found: "a mapping without a list of results" }),
            Value::Object(mapping) if mapping.contains_key("servers") => {
                let mut scan = Self::plain(json)?;
                scan.at = mapping.get("at").and_then(Value::as_str).and_then(|at| at.parse().ok());
                Ok(scan)
            }
            Value::Array(_) => Self::plain(json),
            other => Err(ReadPartError::Shape { expected, found: kind_of(other) }),
        }
    }

    fn plain(json: &str) -> Result<Self, ReadPartError> {
        let (entries, broken) = Listed::<Value>::read(json, "servers")?.into_parts();
        let mut scan = Self { broken, ..Self::default() };
        for (number, value) in (1..).zip(&entries) {
            let entry = Entry::deserialize(value).map_err(|error| error.to_string());
            let read = entry.and_then(|entry| {
                let place = Place::read(&entry.endpoint);
                Ok((place.ok_or_else(|| format!("`{}` has no host", entry.endpoint))?, entry))
            });
            match read {
                Ok((place, entry)) => scan.servers.push(entry.at(place)),
                Err(reason) => scan.broken.push(Broken::entry(number, reason)),
            }
        }
        Ok(scan)
    }

    /// Whether a server was scanned, with or without success.
    #[must_use]
    pub fn knows(&self, place: &Place) -> bool {
        self.servers.iter().any(|server| server.place == *place)
    }
}

impl Entry {
    fn at(self, place: Place) -> TlsServer {
        TlsServer {
            place,
            problem: self.error,
            protocols: given(self.protocols),
            ciphers: given(self.ciphers),
            gaps: Vec::new(),
            curves: given(self.curves),
            keys: given(self.key.map(|key| vec![key])),
            dh_size: self.dh_size,
            ecdh_size: self.ecdh_size,
            certificates: given(self.certificate.map(|certificate| vec![certificate])),
            hsts_max_age: self.hsts_max_age,
        }
    }
}

fn given<T>(value: Option<T>) -> Given<T> {
    value.map_or(Given::Missing, Given::Data)
}
