//! Issued certificates, as the certification body lists them (scs-0004-v1, *Regulations*).

use jiff::civil::Date;
use serde::Deserialize;

/// A certificate in the bootstrap file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct CertificateEntry {
    /// The subject that holds it.
    pub subject: String,
    /// The scope: its UUID or its name, such as `scs-compatible-iaas`.
    pub scope: String,
    /// The version of the scope.
    pub version: String,
    /// The day of its issue; it is valid for a year.
    pub issued: Date,
    /// The day of its revocation.
    #[serde(default)]
    pub revoked: Option<Date>,
}
