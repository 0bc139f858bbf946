//! Allowed signers: a single key, or an OpenSSH allowed-signers file.

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use jiff::{Span, Timestamp};
use ssh_key::public::KeyData;
use ssh_key::{HashAlg, PublicKey};

use super::{NAMESPACE, Revoked, SignatureError};

/// Allowed signers: a single key, or an OpenSSH allowed-signers file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signers {
    signers: Vec<Signer>,
    revoked: Revoked,
}

/// A line of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Signer {
    /// Comma-separated patterns.
    principals: String,
    options: Options,
    key: PublicKey,
}

/// The options between principals and key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Options {
    is_authority: bool,
    /// Comma-separated patterns.
    namespaces: Option<String>,
    valid_after: Option<Timestamp>,
    valid_before: Option<Timestamp>,
}

impl Signers {
    /// Allows only the holder of this key.
    ///
    /// # Errors
    ///
    /// If the text is not a public key.
    pub fn from_key(public_key: &str) -> Result<Self, SignatureError> {
        let key = PublicKey::from_openssh(public_key.trim())
            .map_err(|error| SignatureError::PublicKey(error.to_string()))?;
        let signer = Signer { principals: "*".to_owned(), options: Options::default(), key };
        Ok(Self { signers: vec![signer], revoked: Revoked::default() })
    }

    /// Reads a file as described in ssh-keygen(1) under *ALLOWED SIGNERS*. Times without a `Z` are local to the time zone.
    ///
    /// # Errors
    ///
    /// If a line is unreadable, with its number.
    pub fn from_file(text: &str, zone: &TimeZone) -> Result<Self, SignatureError> {
        let lines = (1..).zip(text.split('\n').map(|line| line.trim_matches([' ', '\t', '\r'])));
        let signers = lines
            // OpenSSH reads a line up to the NUL character.
            .map(|(number, line)| if line.contains('\0') { (number, "\0") } else { (number, line) })
            .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
            .filter_map(|(number, line)| {
                let signer =
                    signer(line, zone).map(|signer| Some(signer).filter(|it| !it.options.is_authority));
                signer.map_err(|problem| SignatureError::AllowedSigners { line: number, problem }).transpose()
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { signers, revoked: Revoked::default() })
    }

    /// Excludes revoked keys.
    #[must_use]
    pub fn without(mut self, revoked: Revoked) -> Self {
        self.revoked = revoked;
        self
    }

    /// Checks whether a key may sign reports as an identity at a given time; otherwise returns the reason.
    pub(super) fn allow(
        &self,
        key: &KeyData,
        identity: Option<&str>,
        at: Timestamp,
    ) -> Result<&PublicKey, SignatureError> {
        let fingerprint = || key.fingerprint(HashAlg::Sha256).to_string();
        if self.revoked.has(key) {
            return Err(SignatureError::Revoked(fingerprint()));
        }
        let mut reason = None;
        for signer in self.signers.iter().filter(|signer| signer.key.key_data() == key) {
            match signer.rejects(identity, at) {
                None => return Ok(&signer.key),
                Some(why) => reason = Some(why),
            }
        }
        Err(match reason {
            Some(why) => SignatureError::NotAllowed { key: fingerprint(), why },
            None => SignatureError::ForeignKey(fingerprint()),
        })
    }
}

impl Signer {
    /// The reason why this line does not allow signing a report, if any.
    fn rejects(&self, identity: Option<&str>, at: Timestamp) -> Option<String> {
        if let Some(identity) = identity.filter(|identity| !matches_list(&self.principals, identity)) {
            return Some(format!("not the key of {identity}"));
        }
        let Options { namespaces, valid_after, valid_before, .. } = &self.options;
        if namespaces.as_ref().is_some_and(|patterns| !matches_list(patterns, NAMESPACE)) {
            return Some("not allowed to sign reports".to_owned());
        }
        if let Some(after) = valid_after.filter(|after| at < *after) {
            return Some(format!("not valid before {after}"));
        }
        // The boundary itself is still valid, as for `ssh-keygen`.
        valid_before.filter(|before| at > *before).map(|before| format!("expired at {before}"))
    }
}

/// The maximum length of a pattern; a longer one makes the list match nothing.
const LONGEST_PATTERN: usize = 1000;

/// Whether a pattern list matches, like in OpenSSH: one pattern matches, and none prefixed with `!` does.
fn matches_list(patterns: &str, text: &str) -> bool {
    let mut allowed = false;
    for pattern in patterns.split(',') {
        if pattern.len() > LONGEST_PATTERN {
            return false;
        }
        match pattern.strip_prefix('!') {
            Some(refused) if matches_pattern(refused.as_bytes(), text.as_bytes()) => return false,
            Some(_) => {}
            None => allowed |= matches_pattern(pattern.as_bytes(), text.as_bytes()),
        }
    }
    allowed
}

/// Matches an OpenSSH pattern, in which `*` stands for any text and `?` for any byte. Only the last `*` is ever
/// retried, so matching is fast for any pattern.
fn matches_pattern(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at, mut seen, mut star) = (0, 0, None);
    while let Some(byte) = text.get(seen) {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, seen));
                at += 1;
            }
            Some(wanted) if *wanted == b'?' || wanted == byte => {
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
    pattern.get(at..).is_some_and(|rest| rest.iter().all(|byte| *byte == b'*'))
}

/// The whitespace characters of OpenSSH.
const BLANKS: [char; 2] = [' ', '\t'];

/// A line: principals, optional options, key.
fn signer(line: &str, zone: &TimeZone) -> Result<Signer, String> {
    let (principals, rest) = principals(line)?;
    let rest = rest.trim_start_matches(BLANKS);
    if let Some(key) = key(rest) {
        return Ok(Signer { principals: principals.to_owned(), options: Options::default(), key: key? });
    }
    let (given, rest) = options_and_rest(rest)?;
    let options = options(given, zone)?;
    let Some(key) = key(rest.trim_start_matches(BLANKS)) else {
        return Err("the key after the options is missing".to_owned());
    };
    Ok(Signer { principals: principals.to_owned(), options, key: key? })
}

/// The principals, and the rest of the line. They may be quoted as a whole.
fn principals(line: &str) -> Result<(&str, &str), String> {
    let missing = || "the key after the principals is missing".to_owned();
    let (principals, rest) = match line.strip_prefix('"') {
        Some(quoted) => {
            let (principals, rest) =
                quoted.split_once('"').ok_or("the closing quote of the principals is missing")?;
            (principals, rest.strip_prefix(BLANKS).ok_or_else(missing)?)
        }
        None => line.split_once(BLANKS).ok_or_else(missing)?,
    };
    if principals.contains('"') {
        return Err("principals can only be quoted as a whole".to_owned());
    }
    Ok((principals, rest))
}

/// The key, if the text begins with a key type.
fn key(text: &str) -> Option<Result<PublicKey, String>> {
    let is_kind = ["ssh-", "ecdsa-", "sk-"].iter().any(|kind| text.starts_with(kind));
    is_kind.then(|| PublicKey::from_openssh(text).map_err(|error| format!("not a public key: {error}")))
}

/// The options, and the rest of the line; a quoted value may contain spaces.
fn options_and_rest(text: &str) -> Result<(&str, &str), String> {
    let (mut in_quotes, mut escaped) = (false, false);
    for (at, letter) in text.char_indices() {
        match letter {
            '"' if !escaped => in_quotes = !in_quotes,
            ' ' | '\t' if !in_quotes => return Ok((&text[..at], &text[at..])),
            _ => {}
        }
        escaped = letter == '\\';
    }
    Err("the key after the options is missing".to_owned())
}

/// Comma-separated options, each at most once.
fn options(text: &str, zone: &TimeZone) -> Result<Options, String> {
    let mut options = Options::default();
    let mut rest = text;
    loop {
        let end = rest.find(['=', ',']).unwrap_or(rest.len());
        let name = rest[..end].to_ascii_lowercase();
        rest = &rest[end..];
        let twice = |is_there: bool| if is_there { Err(format!("`{name}` occurs twice")) } else { Ok(()) };
        let mut value = || {
            let quoted =
                rest.strip_prefix("=\"").ok_or_else(|| format!("the value of `{name}` is not in quotes"))?;
            let (value, behind) =
                unquote(quoted).ok_or_else(|| format!("the closing quote of `{name}` is missing"))?;
            rest = behind;
            Ok::<String, String>(value)
        };
        match name.as_str() {
            "cert-authority" => options.is_authority = true,
            "namespaces" => {
                twice(options.namespaces.is_some())?;
                options.namespaces = Some(value()?);
            }
            "valid-after" => {
                twice(options.valid_after.is_some())?;
                // If a local time is ambiguous, the more restrictive reading counts.
                options.valid_after = possible_times(&value()?, zone)?.into_iter().max();
            }
            "valid-before" => {
                twice(options.valid_before.is_some())?;
                options.valid_before = possible_times(&value()?, zone)?.into_iter().min();
            }
            _ => return Err(format!("unknown option `{name}`")),
        }
        if rest.is_empty() {
            return Ok(options);
        }
        rest = rest.strip_prefix(',').ok_or_else(|| format!("a comma is missing after `{name}`"))?;
    }
}

/// A value up to its closing quote, in which quotes are escaped by a backslash; and the rest.
fn unquote(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((value, &text[at + 1..])),
            '\\' if letters.next_if(|(_, next)| *next == '"').is_some() => value.push('"'),
            other => value.push(other),
        }
    }
    None
}

/// The possible meanings of `YYYYMMDD[HHMM[SS]][Z]`: one with a `Z`, otherwise one for each offset that the time zone has in
/// the surrounding year, since the standard time used by OpenSSH cannot be identified here.
fn possible_times(text: &str, zone: &TimeZone) -> Result<Vec<Timestamp>, String> {
    let (digits, is_utc) = match text.strip_suffix(['Z', 'z']) {
        Some(digits) => (digits, true),
        None => (text, false),
    };
    let civil =
        civil(digits).ok_or_else(|| format!("`{text}` is not a time such as 20261124 or 20261124083000Z"))?;
    let at = |offset: Offset| offset.to_timestamp(civil).ok().filter(|at| *at > Timestamp::UNIX_EPOCH);
    let moments: Vec<Timestamp> = if is_utc {
        at(Offset::UTC).into_iter().collect()
    } else {
        let around = |months: i64| civil.checked_add(Span::new().months(months)).ok();
        [-6, -3, 0, 3, 6]
            .into_iter()
            .filter_map(around)
            .filter_map(|near| Offset::UTC.to_timestamp(near).ok())
            .filter_map(|near| at(zone.to_offset(near)))
            .collect()
    };
    if moments.is_empty() { Err(format!("`{text}` is outside the supported years")) } else { Ok(moments) }
}

fn civil(digits: &str) -> Option<DateTime> {
    if !matches!(digits.len(), 8 | 12 | 14) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize, to: usize| digits.get(from..to).map_or(Some(0), |part| part.parse::<i8>().ok());
    let year = digits.get(..4)?.parse().ok()?;
    DateTime::new(year, part(4, 6)?, part(6, 8)?, part(8, 10)?, part(10, 12)?, part(12, 14)?, 0).ok()
}
