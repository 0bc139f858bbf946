//! Revoked keys, as read by `ssh-keygen -Y verify -r`: a list of public keys, or a key revocation list.

use ssh_key::public::KeyData;
use ssh_key::{HashAlg, PublicKey};

use super::SignatureError;

/// The magic bytes of a binary key revocation list.
const MAGIC: &[u8] = b"SSHKRL\n\0";

/// A list of revoked keys.
///
/// ```
/// use scs_certificates::report::signature::Revoked;
///
/// let list = "# lost in spring\nSHA256:Nh0Me49Zh9fDw/VYUfq43IJmI1T+XrjiYONPND8GzaM\n";
/// assert!(Revoked::read(list.as_bytes()).is_ok());
/// assert_eq!(
///     Revoked::read(b"alice").unwrap_err().to_string(),
///     "not a list of revoked keys: line 1 is neither a public key nor a fingerprint such as SHA256:…"
/// );
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revoked {
    /// Public keys in wire format.
    keys: Vec<Vec<u8>>,
    /// SHA-256 fingerprints.
    fingerprints: Vec<[u8; 32]>,
}

impl Revoked {
    /// Reads a list: public keys and fingerprints, one per line, with `#` comments; or a binary list as written by
    /// `ssh-keygen -k`.
    ///
    /// # Errors
    ///
    /// If any part is unreadable or revokes keys in an unsupported way: a partially read list
    /// would let a revoked key pass.
    pub fn read(bytes: &[u8]) -> Result<Self, SignatureError> {
        let read = match bytes.strip_prefix(MAGIC) {
            Some(rest) => binary(rest),
            None => std::str::from_utf8(bytes).map_err(|_| "not text".to_owned()).and_then(list),
        };
        read.map_err(SignatureError::RevokedKeys)
    }

    /// Whether a key is revoked.
    pub(super) fn has(&self, key: &KeyData) -> bool {
        let fingerprint = key.fingerprint(HashAlg::Sha256);
        let is_listed = self.fingerprints.iter().any(|known| known == fingerprint.as_bytes());
        is_listed || PublicKey::from(key.clone()).to_bytes().is_ok_and(|key| self.keys.contains(&key))
    }
}

fn list(text: &str) -> Result<Revoked, String> {
    let mut revoked = Revoked::default();
    for (number, line) in (1..).zip(text.split('\n').map(|line| line.trim_matches([' ', '\t', '\r']))) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let word = line.split([' ', '\t']).next().unwrap_or_default();
        if let Ok(ssh_key::Fingerprint::Sha256(fingerprint)) = word.parse() {
            revoked.fingerprints.push(fingerprint);
            continue;
        }
        let key = PublicKey::from_openssh(line).and_then(|key| key.to_bytes()).map_err(|_| {
            format!("line {number} is neither a public key nor a fingerprint such as SHA256:…")
        })?;
        revoked.keys.push(key);
    }
    Ok(revoked)
}

/// The section types of a binary list.
const CERTIFICATES: u8 = 1;
const KEYS: u8 = 2;
const SHA1: u8 = 3;
const SIGNATURE: u8 = 4;
const SHA256: u8 = 5;

/// Reads the part after the magic bytes of a binary list (`PROTOCOL.krl` of OpenSSH).
fn binary(bytes: &[u8]) -> Result<Revoked, String> {
    let mut wire = Wire(bytes);
    let version = wire.number()?;
    if version != 1 {
        return Err(format!("unsupported format version {version}, expected 1"));
    }
    // Number, date and flags, eight bytes each.
    wire.take(24)?;
    let (_reserved, _comment) = (wire.text()?, wire.text()?);
    let mut revoked = Revoked::default();
    while !wire.0.is_empty() {
        let kind = wire.byte()?;
        let mut section = Wire(wire.text()?);
        match kind {
            // Only plain keys can sign here.
            CERTIFICATES => {}
            KEYS => {
                while !section.0.is_empty() {
                    revoked.keys.push(section.text()?.to_vec());
                }
            }
            SHA256 => {
                while !section.0.is_empty() {
                    let fingerprint = section.text()?.try_into();
                    revoked.fingerprints.push(fingerprint.map_err(|_| "a fingerprint has the wrong length")?);
                }
            }
            // The signature of the list, which OpenSSH ignores as well.
            SIGNATURE => _ = wire.text()?,
            SHA1 if section.0.is_empty() => {}
            SHA1 => return Err("SHA-1 fingerprints are not supported, only SHA-256".to_owned()),
            other => return Err(format!("unknown section type {other}")),
        }
    }
    Ok(revoked)
}

/// The rest of a list.
struct Wire<'b>(&'b [u8]);

impl<'b> Wire<'b> {
    fn take(&mut self, length: usize) -> Result<&'b [u8], String> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or("truncated")?;
        self.0 = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, String> {
        self.take(1).map(|bytes| bytes.iter().copied().sum())
    }

    fn number(&mut self) -> Result<u32, String> {
        self.take(4).map(|bytes| bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)))
    }

    /// Bytes after their length.
    fn text(&mut self) -> Result<&'b [u8], String> {
        let length = self.number()?;
        self.take(usize::try_from(length).map_err(|_| "a section is too long")?)
    }
}
