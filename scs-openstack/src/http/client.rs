//! The HTTP client, with the certificates in a cloud's configuration.

use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Identity};
use thiserror::Error;

use crate::config::{CloudConfig, Verify};
use scs_collector::files as bounded_files;

/// Error: an unusable certificate file.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}, set as `{key}` of the cloud: {reason}", path.display())]
#[non_exhaustive]
pub struct CertificateFileError {
    /// The file.
    pub path: PathBuf,
    /// The configuration key.
    pub key: &'static str,
    /// The problem.
    pub reason: String,
}

/// The connection timeout.
pub(super) const CONNECT: Duration = Duration::from_secs(10);

pub(crate) fn client(cloud: &CloudConfig) -> Result<Client, CertificateFileError> {
    let mut builder = Client::builder()
        .user_agent(concat!("scs-openstack/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT)
        .pool_idle_timeout(Duration::from_mins(1))
        .redirect(same_origin());
    match &cloud.verify {
        Verify::System => {}
        Verify::Authorities(path) => builder = builder.tls_certs_only(authorities(path)?),
        Verify::Off => builder = builder.tls_danger_accept_invalid_certs(true),
    }
    if let Some((certificate, key)) = &cloud.certificate {
        let mut pem = read(certificate, "cert")?;
        if let Some(key) = key {
            pem.push(b'\n');
            pem.extend(read(key, "key")?);
        }
        let identity = Identity::from_pem(&pem).map_err(|_| CertificateFileError {
            path: certificate.clone(),
            key: "cert",
            reason: "no certificate with its private key; a separate key file is set with `key`".to_owned(),
        })?;
        builder = builder.identity(identity);
    }
    builder.build().map_err(|error| CertificateFileError {
        path: match &cloud.verify {
            Verify::Authorities(path) => path.clone(),
            _ => PathBuf::from("the system's certificates"),
        },
        key: "cacert",
        reason: scs_collector::reason(&error),
    })
}

/// Following a redirect would leak the token to another server.
fn same_origin() -> Policy {
    Policy::custom(|attempt| {
        let first = attempt.previous().first();
        let same = first.is_some_and(|first| first.origin() == attempt.url().origin());
        if same && attempt.previous().len() < 5 { attempt.follow() } else { attempt.stop() }
    })
}

fn authorities(path: &Path) -> Result<Vec<Certificate>, CertificateFileError> {
    let unusable = |reason: &str| CertificateFileError {
        path: path.to_owned(),
        key: "cacert",
        reason: reason.to_owned(),
    };
    let certificates = Certificate::from_pem_bundle(&read(path, "cacert")?)
        .map_err(|_| unusable("it contains something other than PEM certificates"))?;
    if certificates.is_empty() {
        return Err(unusable("it has no PEM certificate"));
    }
    Ok(certificates)
}

fn read(path: &Path, key: &'static str) -> Result<Vec<u8>, CertificateFileError> {
    bounded_files::read(path).map_err(|error| CertificateFileError {
        path: path.to_owned(),
        key,
        reason: format!("cannot be read: {error}"),
    })
}
