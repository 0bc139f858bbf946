//! The certificates of a cluster's components.

use jiff::Timestamp;
use scs_standards::Listed;
use scs_standards::listed::ReadPartError;
use serde::Deserialize;

/// A certificate, reduced to its times and names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Certificate {
    /// Its name, such as `apiserver` or `etcd-server`.
    pub name: Option<String>,
    /// Its node.
    #[serde(default)]
    pub node: Option<String>,
    /// Its file.
    pub path: Option<String>,
    /// The subject.
    pub subject: Option<String>,
    /// The issuer.
    #[serde(alias = "caName")]
    pub issuer: Option<String>,
    /// The start of its validity.
    pub not_before: Option<Timestamp>,
    /// The end of its validity.
    #[serde(alias = "expirationDate")]
    pub not_after: Timestamp,
    /// Whether it is a certificate authority.
    #[serde(default)]
    pub ca: bool,
}

/// The output of `kubeadm certs check-expiration -o json`.
#[derive(Deserialize)]
struct Expiration {
    certificates: Option<Box<serde_json::value::RawValue>>,
    #[serde(rename = "certificateAuthorities")]
    authorities: Option<Box<serde_json::value::RawValue>>,
}

impl Certificate {
    /// Parses a list of `{name, node, path, subject, issuer, not_before, not_after, ca}`, or the output of `kubeadm certs
    /// check-expiration -o json`, which does not have the start of validity.
    ///
    /// # Errors
    ///
    /// If it is something else. Unreadable entries are kept as broken.
    ///
    /// ```
    /// use scs_k8s_policy::Certificate;
    ///
    /// let printed = r#"{"certificates": [{"name": "apiserver", "expirationDate": "2027-01-01T00:00:00Z", "caName": "ca"}],
    ///     "certificateAuthorities": [{"name": "ca", "expirationDate": "2035-01-01T00:00:00Z"}]}"#;
    /// let certificates = Certificate::read_all(printed)?;
    /// assert_eq!(certificates.entries()[0].issuer.as_deref(), Some("ca"));
    /// assert!(certificates.entries()[1].ca);
    /// # Ok::<(), scs_standards::ReadPartError>(())
    /// ```
    pub fn read_all(json: &str) -> Result<Listed<Self>, ReadPartError> {
        let expiration: Option<Expiration> =
            json.trim_start().starts_with('{').then(|| serde_json::from_str(json).ok()).flatten();
        let Some(Expiration { certificates: Some(certificates), authorities }) = expiration else {
            return Listed::read(json, "certificates");
        };
        let (mut entries, mut broken) = Listed::<Self>::read(certificates.get(), "")?.into_parts();
        if let Some(authorities) = authorities {
            let (own, unread) = Listed::<Self>::read(authorities.get(), "")?.into_parts();
            entries.extend(own.into_iter().map(|authority| Self { ca: true, ..authority }));
            broken.extend(unread);
        }
        Ok(Listed::new(entries, broken))
    }

    /// Its name in findings.
    #[must_use]
    pub fn label(&self) -> &str {
        let given = [&self.name, &self.path, &self.subject].into_iter().flatten().next();
        given.map_or("certificate", String::as_str)
    }
}
