//! Signatures of reports, as `ssh-keygen -Y sign -n report` makes them and the compliance monitor wants them.
//!
//! What is accepted here `ssh-keygen -Y verify` accepts, too. The reverse is not so: RSA keys, certificates, and files of allowed
//! signers with a line that cannot be read are refused.

mod revoked;
mod signers;

use jiff::Timestamp;
use ssh_key::{HashAlg, LineEnding, PrivateKey, SshSig};
use thiserror::Error;

pub use revoked::Revoked;
pub use signers::Signers;

/// What signatures of reports are about, so that none can be passed off as one of something else.
pub const NAMESPACE: &str = "report";

/// Between signature and report in the body of a request.
const SEPARATOR: char = '&';

/// Why a signature cannot be made or read, or does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// The text is not a private key.
    #[error("not a private key of OpenSSH: {0}")]
    PrivateKey(String),
    /// The private key is encrypted.
    #[error("the private key has a passphrase, which is not asked for")]
    Encrypted,
    /// Keys of this kind are not used here.
    #[error("keys of the kind {0} cannot be used here; ed25519 and ecdsa can")]
    Kind(String),
    /// The text is not a public key.
    #[error("not a public key of OpenSSH: {0}")]
    PublicKey(String),
    /// A line of the file of allowed signers cannot be read.
    #[error("line {line} of the allowed signers: {problem}")]
    AllowedSigners {
        /// The line, counted from 1.
        line: usize,
        /// What is wrong.
        problem: String,
    },
    /// The file of revoked keys cannot be read.
    #[error("not a list of revoked keys: {0}")]
    RevokedKeys(String),
    /// The text is not a signature.
    #[error("not a signature of OpenSSH: {0}")]
    Signature(String),
    /// It is a signature of something else than reports.
    #[error("the signature is for the namespace `{0}`, not for `report`")]
    Namespace(String),
    /// It was made with another key.
    #[error("the signature was made with another key: {0}")]
    ForeignKey(String),
    /// The key is known, and may not be used for this.
    #[error("the key {key} may not be used here: {why}")]
    NotAllowed {
        /// Its fingerprint.
        key: String,
        /// Why.
        why: String,
    },
    /// The key has been revoked.
    #[error("the key {0} has been revoked")]
    Revoked(String),
    /// The report is not the one that was signed.
    #[error("the signature does not fit: the report was changed after it was signed")]
    Altered,
}

/// Signs a report with a private key of OpenSSH.
///
/// # Errors
///
/// When the key cannot be used.
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

/// Reads a signature. It begins with its first line and has the line ends of Unix, as older versions of `ssh-keygen` want it.
fn armored(text: &str) -> Result<SshSig, SignatureError> {
    if !text.starts_with(BEGIN) {
        return Err(SignatureError::Signature(format!(
            "it does not begin with the line `{}`",
            BEGIN.trim_end()
        )));
    }
    if text.contains('\r') {
        return Err(SignatureError::Signature("it has the line ends of Windows".to_owned()));
    }
    let text = text.trim_end_matches([' ', '\t', '\n']);
    SshSig::from_pem(text).map_err(|error| SignatureError::Signature(error.to_string()))
}

/// Whether a signature of a report holds: made for reports, with a key of one who may sign at the moment, of this text.
///
/// # Errors
///
/// When it does not, with the reason.
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
    key.verify(NAMESPACE, report, &signature).map_err(|error| match error {
        ssh_key::Error::AlgorithmUnsupported { algorithm } => SignatureError::Kind(algorithm.to_string()),
        ssh_key::Error::AlgorithmUnknown => SignatureError::Kind(signature.algorithm().to_string()),
        _ => SignatureError::Altered,
    })
}

/// The body that the compliance monitor takes under `POST /reports`: signature, `&`, report.
#[must_use]
pub fn body(signature: &str, report: &str) -> String {
    format!("{}\n{SEPARATOR}{report}", signature.trim_end())
}
