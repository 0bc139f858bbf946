//! Signatures of reports, as `ssh-keygen -Y sign -n report` makes them and the compliance monitor wants them.

use jiff::Timestamp;
use ssh_key::{HashAlg, LineEnding, PrivateKey, PublicKey, SshSig};
use thiserror::Error;

/// What signatures of reports are about, so that none can be passed off as one of something else.
pub const NAMESPACE: &str = "report";

/// Between signature and report in the body of a request.
const SEPARATOR: char = '&';

/// Why a signature cannot be made or read, or does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// The text is no private key.
    #[error("no private key of OpenSSH: {0}")]
    PrivateKey(String),
    /// The private key is encrypted.
    #[error("the private key has a passphrase, which is not asked for")]
    Encrypted,
    /// Keys of this kind are not used here.
    #[error("keys of the kind {0} cannot be used here; ed25519 and ecdsa can")]
    Kind(String),
    /// The text is no public key.
    #[error("no public key of OpenSSH: {0}")]
    PublicKey(String),
    /// A line of the file of allowed signers cannot be read.
    #[error("line {line} of the allowed signers: {problem}")]
    AllowedSigners {
        /// The line, counted from 1.
        line: usize,
        /// What is wrong.
        problem: String,
    },
    /// The text is no signature.
    #[error("no signature of OpenSSH: {0}")]
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

/// Who may sign: one key, or the file of allowed signers of OpenSSH.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signers(Vec<Signer>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Signer {
    principals: Vec<String>,
    namespaces: Option<Vec<String>>,
    valid_after: Option<Timestamp>,
    valid_before: Option<Timestamp>,
    key: PublicKey,
}

impl Signers {
    /// The holder of this key alone.
    ///
    /// # Errors
    ///
    /// When the text is no public key.
    pub fn of_key(public_key: &str) -> Result<Self, SignatureError> {
        let key = PublicKey::from_openssh(public_key.trim())
            .map_err(|error| SignatureError::PublicKey(error.to_string()))?;
        Ok(Self(vec![Signer {
            principals: vec!["*".to_owned()],
            namespaces: None,
            valid_after: None,
            valid_before: None,
            key,
        }]))
    }

    /// Those of a file as ssh-keygen(1) describes it under *ALLOWED SIGNERS*.
    ///
    /// # Errors
    ///
    /// When a line cannot be read, with its number.
    pub fn of_file(text: &str) -> Result<Self, SignatureError> {
        let lines = (1..).zip(text.lines().map(str::trim));
        lines
            .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
            .filter_map(|(number, line)| {
                signer(line)
                    .map_err(|problem| SignatureError::AllowedSigners { line: number, problem })
                    .transpose()
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Whether the holder of a key may sign reports as somebody at a moment; otherwise why not.
    fn allow(
        &self,
        key: &ssh_key::public::KeyData,
        identity: Option<&str>,
        at: Timestamp,
    ) -> Result<&PublicKey, SignatureError> {
        let mut reason = None;
        for signer in self.0.iter().filter(|signer| signer.key.key_data() == key) {
            match signer.refuses(identity, at) {
                None => return Ok(&signer.key),
                Some(why) => reason = Some(why),
            }
        }
        let fingerprint = key.fingerprint(HashAlg::Sha256).to_string();
        Err(match reason {
            Some(why) => SignatureError::NotAllowed { key: fingerprint, why },
            None => SignatureError::ForeignKey(fingerprint),
        })
    }
}

impl Signer {
    /// Why this line does not let somebody sign a report at a moment.
    fn refuses(&self, identity: Option<&str>, at: Timestamp) -> Option<String> {
        if let Some(identity) = identity.filter(|identity| !fits_list(&self.principals, identity)) {
            return Some(format!("it is not that of {identity}"));
        }
        if self.namespaces.as_ref().is_some_and(|patterns| !fits_list(patterns, NAMESPACE)) {
            return Some("it may not sign reports".to_owned());
        }
        if let Some(after) = self.valid_after.filter(|after| at < *after) {
            return Some(format!("it counts from {after} on"));
        }
        // The moment itself still counts, as it does for `ssh-keygen`.
        self.valid_before.filter(|before| at > *before).map(|before| format!("it counted until {before}"))
    }
}

/// Whether a list of patterns fits as OpenSSH reads it: one of them does, and none of those behind a `!`.
fn fits_list(patterns: &[String], text: &str) -> bool {
    let mut allowed = false;
    for pattern in patterns {
        match pattern.strip_prefix('!') {
            Some(refused) if fits(refused, text) => return false,
            Some(_) => {}
            None => allowed |= fits(pattern, text),
        }
    }
    allowed
}

/// Whether a pattern of OpenSSH fits, in which `*` stands for any text and `?` for any letter. Only the last `*` is ever tried
/// again, so that no pattern takes long.
fn fits(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut seen, mut star) = (0, 0, None);
    while let Some(letter) = text.get(seen) {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, seen));
                at += 1;
            }
            Some(wanted) if *wanted == '?' || wanted == letter => {
                at += 1;
                seen += 1;
            }
            _ => {
                let Some((place, from)) = star else { return false };
                star = Some((place, from + 1));
                at = place + 1;
                seen = from + 1;
            }
        }
    }
    pattern.get(at..).is_some_and(|rest| rest.iter().all(|letter| *letter == '*'))
}

/// A line; none where it is about an authority that signs certificates, which no plain key is.
fn signer(line: &str) -> Result<Option<Signer>, String> {
    let (principals, rest) = line.split_once([' ', '\t']).ok_or("a key is missing behind the principals")?;
    let (mut signer_of, mut is_authority) = ((None, None, None), false);
    let mut rest = rest.trim_start();
    while !["ssh-", "ecdsa-", "sk-"].iter().any(|kind| rest.starts_with(kind)) {
        let (option, behind) = option(rest)?;
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        let value = value.trim_matches('"');
        match name.to_ascii_lowercase().as_str() {
            "namespaces" => signer_of.0 = Some(value.split(',').map(str::to_owned).collect()),
            "valid-after" => signer_of.1 = Some(time(value)?),
            "valid-before" => signer_of.2 = Some(time(value)?),
            "cert-authority" => is_authority = true,
            _ => return Err(format!("the option `{name}` is not known")),
        }
        rest = behind.trim_start_matches([' ', '\t', ',']);
    }
    let key = PublicKey::from_openssh(rest).map_err(|error| format!("no public key: {error}"))?;
    let (namespaces, valid_after, valid_before) = signer_of;
    let principals = principals.trim_matches('"').split(',').map(str::to_owned).collect();
    let signer = Signer { principals, namespaces, valid_after, valid_before, key };
    Ok((!is_authority).then_some(signer))
}

/// The first option and what stands behind it; a value in quotes may have commas and blanks.
fn option(text: &str) -> Result<(&str, &str), String> {
    let mut in_quotes = false;
    for (at, letter) in text.char_indices() {
        match letter {
            '"' => in_quotes = !in_quotes,
            ' ' | '\t' | ',' if !in_quotes => return Ok((&text[..at], &text[at..])),
            _ => {}
        }
    }
    Err("a key is missing behind the options".to_owned())
}

/// `YYYYMMDD[HHMM[SS]][Z]`, in UTC.
fn time(text: &str) -> Result<Timestamp, String> {
    let digits = text.strip_suffix('Z').unwrap_or(text);
    let part = |from: usize, to: usize| digits.get(from..to).filter(|part| !part.is_empty()).unwrap_or("00");
    let known = matches!(digits.len(), 8 | 12 | 14) && digits.bytes().all(|byte| byte.is_ascii_digit());
    let iso = format!(
        "{}-{}-{}T{}:{}:{}Z",
        part(0, 4),
        part(4, 6),
        part(6, 8),
        part(8, 10),
        part(10, 12),
        part(12, 14)
    );
    iso.parse().ok().filter(|_| known).ok_or_else(|| format!("`{text}` is no time such as 20261124"))
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
    let signature =
        SshSig::from_pem(signature.trim()).map_err(|error| SignatureError::Signature(error.to_string()))?;
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
