//! Report signatures, as created by `ssh-keygen -Y sign -n report` and required by the compliance monitor.
//!
//! Whatever is accepted here, `ssh-keygen -Y verify` accepts as well. The reverse is not true: RSA keys of less than 2048
//! bits, certificates, and allowed-signers files with an unreadable line are rejected. RSA keys verify but do not sign.

mod revoked;
mod rsa;
mod signers;

use jiff::Timestamp;
use ssh_key::public::KeyData;
use ssh_key::{HashAlg, LineEnding, PrivateKey, SshSig};
use thiserror::Error;

pub use revoked::Revoked;
pub use signers::Signers;

/// The signature namespace of reports, which prevents reuse of signatures for other purposes.
pub const NAMESPACE: &str = "report";

/// The separator between signature and report in a request body.
const SEPARATOR: char = '&';

/// Error: a signature cannot be created, read or verified.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// The text is not a private key.
    #[error("not an OpenSSH private key: {0}")]
    PrivateKey(String),
    /// The private key is encrypted.
    #[error("keys with a passphrase are not supported")]
    Encrypted,
    /// The key type is not supported.
    #[error("unsupported key type {0}; use ed25519 or ecdsa")]
    Kind(String),
    /// The text is not a public key.
    #[error("not an OpenSSH public key: {0}")]
    PublicKey(String),
    /// A line of the allowed-signers file is unreadable.
    #[error("allowed signers, line {line}: {problem}")]
    AllowedSigners {
        /// The line number, counted from 1.
        line: usize,
        /// The reason.
        problem: String,
    },
    /// The list of revoked keys is unreadable.
    #[error("not a list of revoked keys: {0}")]
    RevokedKeys(String),
    /// The text is not a signature.
    #[error("not an OpenSSH signature: {0}")]
    Signature(String),
    /// The signature is for something other than a report.
    #[error("the signature has the namespace `{0}` instead of `report`")]
    Namespace(String),
    /// It was made with a different key.
    #[error("the signature was made with a different key: {0}")]
    ForeignKey(String),
    /// The key is known, but not allowed.
    #[error("the key {key} is not allowed: {why}")]
    NotAllowed {
        /// The fingerprint.
        key: String,
        /// The reason.
        why: String,
    },
    /// The key has been revoked.
    #[error("the key {0} has been revoked")]
    Revoked(String),
    /// The report is not the signed one.
    #[error("the signature does not match: the report was changed after it was signed")]
    Altered,
}

/// Signs a report with an OpenSSH private key.
///
/// # Errors
///
/// If the key cannot be used.
pub fn sign(report: &[u8], private_key: &str) -> Result<String, SignatureError> {
    let key = PrivateKey::from_openssh(private_key)
        .map_err(|error| SignatureError::PrivateKey(error.to_string()))?;
    if key.is_encrypted() {
        return Err(SignatureError::Encrypted);
    }
    key.sign(NAMESPACE, HashAlg::Sha512, report)
        .map_err(|_| SignatureError::Kind(key.algorithm().to_string()))?
        .to_pem(LineEnding::LF)
        .map_err(|error| SignatureError::Signature(error.to_string()))
}

/// The first line of a signature.
const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----\n";

/// Reads a signature. Like older versions of `ssh-keygen`, it requires the header at the start and Unix line endings.
fn armored(text: &str) -> Result<SshSig, SignatureError> {
    if !text.starts_with(BEGIN) {
        return Err(SignatureError::Signature(format!("the header `{}` is missing", BEGIN.trim_end())));
    }
    if text.contains('\r') {
        return Err(SignatureError::Signature("Windows line endings are not supported".to_owned()));
    }
    let text = text.trim_end_matches([' ', '\t', '\n']);
    let wrong = |error: ssh_key::Error| SignatureError::Signature(error.to_string());
    let signature = SshSig::from_pem(text).map_err(wrong)?;
    // Lengths that contradict each other are not all noticed when reading, but change what is written.
    let written = signature.to_pem(LineEnding::LF).map_err(wrong)?;
    if !encoded(&written).eq(encoded(text)) {
        return Err(SignatureError::Signature("its parts do not fit together".to_owned()));
    }
    Ok(signature)
}

/// The letters between header and footer.
fn encoded(text: &str) -> impl Iterator<Item = u8> {
    let lines = text.lines().filter(|line| !line.starts_with('-'));
    lines.flat_map(str::bytes).filter(|letter| !letter.is_ascii_whitespace())
}

/// Verifies a report signature: namespace, allowed signer at the given time, and content.
///
/// # Errors
///
/// If the signature is not valid, with the reason.
pub fn verify(
    report: &[u8],
    signature: &str,
    signers: &Signers,
    identity: Option<&str>,
    at: Timestamp,
) -> Result<(), SignatureError> {
    let signature = armored(signature)?;
    if signature.namespace() != NAMESPACE {
        return Err(SignatureError::Namespace(signature.namespace().to_owned()));
    }
    let key = signers.allow(signature.public_key(), identity, at)?;
    if let KeyData::Rsa(key) = key.key_data() {
        return rsa::verify(report, &signature, key);
    }
    key.verify(NAMESPACE, report, &signature).map_err(|error| match error {
        ssh_key::Error::AlgorithmUnsupported { algorithm } => SignatureError::Kind(algorithm.to_string()),
        ssh_key::Error::AlgorithmUnknown => SignatureError::Kind(signature.algorithm().to_string()),
        _ => SignatureError::Altered,
    })
}

/// The request body for `POST /reports` of the compliance monitor: signature, `&`, report.
#[must_use]
pub fn body(signature: &str, report: &str) -> String {
    format!("{}\n{SEPARATOR}{report}", signature.trim_end())
}
