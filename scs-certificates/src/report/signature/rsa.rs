//! Signatures by RSA keys. They are only verified, by `ring`: the `rsa` crate leaks keys through timing (RUSTSEC-2023-0071).

use ring::signature::{
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA512, RsaParameters, RsaPublicKeyComponents,
};
use ssh_key::public::RsaPublicKey;
use ssh_key::{Algorithm, HashAlg, SshSig};

use super::{NAMESPACE, SignatureError};

/// Verifies the signature of a report by `rsa-sha2-256` or `rsa-sha2-512`. Those by SHA-1 (`ssh-rsa`) are rejected.
///
/// # Errors
///
/// If it does not match, or is by another algorithm.
pub(super) fn verify(report: &[u8], signature: &SshSig, key: &RsaPublicKey) -> Result<(), SignatureError> {
    let parameters: &RsaParameters = match signature.algorithm() {
        Algorithm::Rsa { hash: Some(HashAlg::Sha256) } => &RSA_PKCS1_2048_8192_SHA256,
        Algorithm::Rsa { hash: Some(HashAlg::Sha512) } => &RSA_PKCS1_2048_8192_SHA512,
        other => return Err(SignatureError::Kind(other.to_string())),
    };
    let signed = SshSig::signed_data(NAMESPACE, signature.hash_alg(), report)
        .map_err(|error| SignatureError::Signature(error.to_string()))?;
    let (Some(n), Some(e)) = (key.n.as_positive_bytes(), key.e.as_positive_bytes()) else {
        return Err(SignatureError::Altered);
    };
    RsaPublicKeyComponents { n, e }
        .verify(parameters, &signed, signature.signature_bytes())
        .map_err(|_| SignatureError::Altered)
}
