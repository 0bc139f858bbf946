//! Certificates and keys, from data in a kubeconfig or from files.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use scs_collector::files;

use super::error::ConfigError;

/// Where a value stands: the file and the cluster or user, for messages.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) text: String,
}

/// The content of a key `NAME-data`, or else of the file in the key `NAME`; with the key that it is from.
pub(super) fn data_or_file(
    place: &Place,
    data: (&'static str, Option<&str>),
    file: (&'static str, Option<&Path>),
) -> Result<(&'static str, Option<Vec<u8>>), ConfigError> {
    if let Some(data_text) = data.1.filter(|text| !text.trim().is_empty()) {
        let compact: String = data_text.split_ascii_whitespace().collect();
        let decoded = STANDARD.decode(compact).map_err(|_| ConfigError::Value {
            place: place.text.clone(),
            key: data.0,
            reason: "it is not base64".to_owned(),
        })?;
        return Ok((data.0, Some(decoded)));
    }
    let Some(path) = file.1 else { return Ok((file.0, None)) };
    Ok((file.0, Some(read(place, file.0, path)?)))
}

/// The content of the file that a key names.
pub(super) fn read(place: &Place, key: &'static str, path: &Path) -> Result<Vec<u8>, ConfigError> {
    files::read(path).map_err(|error| ConfigError::Unreadable {
        path: path.to_owned(),
        key: Some(format!("`{key}` of {}", place.text)),
        reason: error.to_string(),
    })
}

/// The certificates of a PEM text, each in DER.
pub(super) fn certificates(
    place: &Place,
    key: &'static str,
    pem: &[u8],
) -> Result<Vec<Vec<u8>>, ConfigError> {
    let invalid =
        |reason: &str| ConfigError::Value { place: place.text.clone(), key, reason: reason.to_owned() };
    let read: Result<Vec<_>, _> =
        CertificateDer::pem_slice_iter(pem).map(|one| one.map(|der| der.as_ref().to_vec())).collect();
    match read {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        Ok(_) => Err(invalid("it has no certificate in PEM")),
        Err(_) => Err(invalid("its certificates in PEM are broken")),
    }
}

/// Checks that a PEM text has a private key.
pub(super) fn check_key(place: &Place, key: &'static str, pem: &[u8]) -> Result<(), ConfigError> {
    has_key(pem).then_some(()).ok_or_else(|| ConfigError::Value {
        place: place.text.clone(),
        key,
        reason: "it has no private key in PEM, or one with a password".to_owned(),
    })
}

/// Whether a PEM text has a private key that can be used without a password.
pub(crate) fn has_key(pem: &[u8]) -> bool {
    PrivateKeyDer::from_pem_slice(pem).is_ok()
}

/// Whether a PEM text has certificates.
pub(crate) fn has_certificates(pem: &[u8]) -> bool {
    CertificateDer::pem_slice_iter(pem).next().is_some_and(|certificate| certificate.is_ok())
}
