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
            .map(|(number, line)| {
                signer(line).map_err(|problem| SignatureError::AllowedSigners { line: number, problem })
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The keys that may sign as somebody at a moment.
    fn allowed(&self, identity: Option<&str>, at: Timestamp) -> impl Iterator<Item = &PublicKey> {
        self.0
            .iter()
            .filter(move |signer| {
                identity
                    .is_none_or(|identity| signer.principals.iter().any(|pattern| fits(pattern, identity)))
            })
            .filter(|signer| {
                signer
                    .namespaces
                    .as_ref()
                    .is_none_or(|patterns| patterns.iter().any(|pattern| fits(pattern, NAMESPACE)))
            })
            .filter(move |signer| {
                signer.valid_after.is_none_or(|after| at >= after)
                    && signer.valid_before.is_none_or(|before| at < before)
            })
            .map(|signer| &signer.key)
    }
}

/// Whether a pattern of OpenSSH fits, in which `*` stands for any text and `?` for any letter.
fn fits(pattern: &str, text: &str) -> bool {
    match pattern.chars().next() {
        None => text.is_empty(),
        Some('*') => text
            .char_indices()
            .map(|(at, _)| at)
            .chain([text.len()])
            .any(|at| fits(&pattern[1..], &text[at..])),
        Some(letter) => text.chars().next().is_some_and(|first| {
            (letter == '?' || first == letter)
                && fits(&pattern[letter.len_utf8()..], &text[first.len_utf8()..])
        }),
    }
}

fn signer(line: &str) -> Result<Signer, String> {
    let (principals, rest) = line.split_once([' ', '\t']).ok_or("a key is missing behind the principals")?;
    let mut signer_of = (None, None, None);
    let mut rest = rest.trim_start();
    while !["ssh-", "ecdsa-", "sk-"].iter().any(|kind| rest.starts_with(kind)) {
        let (option, behind) = option(rest)?;
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        let value = value.trim_matches('"');
        match name.to_ascii_lowercase().as_str() {
            "namespaces" => signer_of.0 = Some(value.split(',').map(str::to_owned).collect()),
            "valid-after" => signer_of.1 = Some(time(value)?),
            "valid-before" => signer_of.2 = Some(time(value)?),
            "cert-authority" => {
                return Err("certificate authorities are not used here; name the key itself".to_owned());
            }
            _ => return Err(format!("the option `{name}` is not known")),
        }
        rest = behind.trim_start_matches([' ', '\t', ',']);
    }
    let key = PublicKey::from_openssh(rest).map_err(|error| format!("no public key: {error}"))?;
    let (namespaces, valid_after, valid_before) = signer_of;
    let principals = principals.trim_matches('"').split(',').map(str::to_owned).collect();
    Ok(Signer { principals, namespaces, valid_after, valid_before, key })
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
    let key = signers.allowed(identity, at).find(|key| key.key_data() == signature.public_key()).ok_or_else(
        || SignatureError::ForeignKey(signature.public_key().fingerprint(HashAlg::Sha256).to_string()),
    )?;
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
