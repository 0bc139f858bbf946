//! Keys that may not be used any longer, as `ssh-keygen -Y verify -r` reads them: a list of public keys, or a key revocation list.

use ssh_key::public::KeyData;
use ssh_key::{HashAlg, PublicKey};

use super::SignatureError;

/// How a binary key revocation list begins.
const MAGIC: &[u8] = b"SSHKRL\n\0";

/// Keys that may not be used any longer.
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
    /// Keys in the form of the wire.
    keys: Vec<Vec<u8>>,
    /// SHA-256 of such.
    fingerprints: Vec<[u8; 32]>,
}

impl Revoked {
    /// Reads a list: public keys and fingerprints, one a line, with `#` before comments; or the binary list that
    /// `ssh-keygen -k` writes.
    ///
    /// # Errors
    ///
    /// When something in it cannot be read, or may revoke keys in a way that is not known here: a list that is read in part
    /// would let a revoked key through.
    pub fn read(bytes: &[u8]) -> Result<Self, SignatureError> {
        let read = match bytes.strip_prefix(MAGIC) {
            Some(rest) => binary(rest),
            None => std::str::from_utf8(bytes).map_err(|_| "it is not text".to_owned()).and_then(list),
        };
        read.map_err(SignatureError::RevokedKeys)
    }

    /// Whether a key is among them.
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

/// The sections of a binary list.
const CERTIFICATES: u8 = 1;
const KEYS: u8 = 2;
const SHA1: u8 = 3;
const SIGNATURE: u8 = 4;
const SHA256: u8 = 5;

/// What follows on the magic of a binary list (`PROTOCOL.krl` of OpenSSH).
fn binary(bytes: &[u8]) -> Result<Revoked, String> {
    let mut wire = Wire(bytes);
    let version = wire.number()?;
    if version != 1 {
        return Err(format!("its format is of version {version}, and 1 is known"));
    }
    // Number, date and flags of eight bytes each.
    wire.take(24)?;
    let (_reserved, _comment) = (wire.text()?, wire.text()?);
    let mut revoked = Revoked::default();
    while !wire.0.is_empty() {
        let kind = wire.byte()?;
        let mut section = Wire(wire.text()?);
        match kind {
            // Only plain keys sign here.
            CERTIFICATES => {}
            KEYS => {
                while !section.0.is_empty() {
                    revoked.keys.push(section.text()?.to_vec());
                }
            }
            SHA256 => {
                while !section.0.is_empty() {
                    let fingerprint = section.text()?.try_into();
                    revoked.fingerprints.push(fingerprint.map_err(|_| "a fingerprint has another length")?);
                }
            }
            // The signature of the list, which OpenSSH does not look at either.
            SIGNATURE => _ = wire.text()?,
            SHA1 if section.0.is_empty() => {}
            SHA1 => return Err("it has fingerprints of SHA-1, which are not read; SHA-256 is".to_owned()),
            other => return Err(format!("it has a section of the kind {other}, which is not known")),
        }
    }
    Ok(revoked)
}

/// What is left of a list.
struct Wire<'b>(&'b [u8]);

impl<'b> Wire<'b> {
    fn take(&mut self, length: usize) -> Result<&'b [u8], String> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or("it ends in the middle")?;
        self.0 = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, String> {
        self.take(1).map(|bytes| bytes.iter().copied().sum())
    }

    fn number(&mut self) -> Result<u32, String> {
        self.take(4).map(|bytes| bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)))
    }

    /// Bytes behind their length.
    fn text(&mut self) -> Result<&'b [u8], String> {
        let length = self.number()?;
        self.take(usize::try_from(length).map_err(|_| "a part of it is too long")?)
    }
}
