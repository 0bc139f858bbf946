//! Passwords of accounts: hashes by argon2 or bcrypt, and a limit on failed attempts.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordVerifier};
use jiff::Timestamp;
use ring::hmac;
use ring::rand::SystemRandom;
use tokio::sync::Semaphore;

/// How long a password that was verified need not be hashed again. A hash takes 50 ms and more by design.
const REMEMBERED: Duration = Duration::from_mins(5);

/// The number of passwords hashed at the same time. A hash takes 64 MiB and more by design, and is remembered for a while.
const MAX_AT_ONCE: usize = 1;

/// The number of passwords remembered at the same time.
const MAX_REMEMBERED: usize = 1_000;

/// The failed attempts of an account from a client, and of a client with any account, before further ones are refused.
const MAX_FAILURES: u32 = 10;
const MAX_FAILURES_OF_CLIENT: u32 = 50;

/// How long failed attempts count.
const FAILURES_COUNT_FOR: Duration = Duration::from_mins(5);

/// The number of sources of failed attempts that are counted at the same time; the oldest ones are forgotten.
const MAX_SOURCES: usize = 10_000;

/// Verifies passwords. Remembers verified ones by a keyed digest, never by themselves.
#[derive(Debug)]
pub(crate) struct Credentials {
    key: hmac::Key,
    /// The digests of verified passwords with the time of verification.
    verified: Mutex<HashMap<[u8; 32], Timestamp>>,
    failures: Mutex<HashMap<Source, Failures>>,
    /// The places of verifications that run at the same time.
    pub(crate) places: Arc<Semaphore>,
}

/// Where failed attempts come from: a network, and the account, or `None` for all accounts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Source {
    network: IpAddr,
    account: Option<String>,
}

#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    /// The time of the first one.
    since: Timestamp,
}

/// The outcome of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attempt {
    /// The password is that of the account.
    Accepted,
    /// It is not.
    Rejected,
    /// Too many attempts have failed; the password was not looked at.
    Limited,
}

/// The hash that passwords of unknown accounts are compared with, so that they take as long as others.
const NOBODY: &str =
    "$argon2id$v=19$m=65536,t=3,p=4$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

impl Credentials {
    /// Starts without any remembered password, with a random key for their digests.
    ///
    /// # Errors
    ///
    /// If the system has no random numbers.
    pub(crate) fn new() -> Result<Self, ring::error::Unspecified> {
        Ok(Self {
            key: hmac::Key::generate(hmac::HMAC_SHA256, &SystemRandom::new())?,
            verified: Mutex::default(),
            failures: Mutex::default(),
            places: Arc::new(Semaphore::new(MAX_AT_ONCE)),
        })
    }

    /// Forgets all verified passwords, since their hashes may have changed.
    pub(crate) fn forget(&self) {
        locked(&self.verified).clear();
    }

    /// Verifies a password against the hashes of an account, all of them, so that the time does not tell which one matches. Takes
    /// CPU time, so it is not for an asynchronous thread.
    pub(crate) fn verify(
        &self,
        account: &str,
        password: &str,
        hashes: &[String],
        address: IpAddr,
        now: Timestamp,
    ) -> Attempt {
        let digest = self.digest(account, password, hashes);
        if self.is_remembered(&digest, now) {
            return Attempt::Accepted;
        }
        if self.is_limited(address, account, now) {
            return Attempt::Limited;
        }
        let nobody = [NOBODY.to_owned()];
        let hashes = if hashes.is_empty() { &nobody } else { hashes };
        let matches = hashes.iter().fold(false, |matches, hash| matches_hash(password, hash) | matches);
        if matches {
            self.remember(digest, now);
            Attempt::Accepted
        } else {
            self.count_failure(address, account, now);
            Attempt::Rejected
        }
    }

    /// A digest that changes with the hashes, so that a password is forgotten when its hash is removed.
    fn digest(&self, account: &str, password: &str, hashes: &[String]) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.key);
        for part in [account, password].into_iter().chain(hashes.iter().map(String::as_str)) {
            context.update(&(part.len() as u64).to_le_bytes());
            context.update(part.as_bytes());
        }
        let mut digest = [0; 32];
        digest.copy_from_slice(context.sign().as_ref());
        digest
    }

    /// Whether a password was verified a short time ago.
    pub(crate) fn is_known(&self, account: &str, password: &str, hashes: &[String], now: Timestamp) -> bool {
        self.is_remembered(&self.digest(account, password, hashes), now)
    }

    fn is_remembered(&self, digest: &[u8; 32], now: Timestamp) -> bool {
        locked(&self.verified).get(digest).is_some_and(|since| is_within(*since, now, REMEMBERED))
    }

    fn remember(&self, digest: [u8; 32], now: Timestamp) {
        let mut verified = locked(&self.verified);
        if verified.len() >= MAX_REMEMBERED {
            verified.retain(|_, since| is_within(*since, now, REMEMBERED));
        }
        if verified.len() < MAX_REMEMBERED {
            verified.insert(digest, now);
        }
    }

    fn is_limited(&self, address: IpAddr, account: &str, now: Timestamp) -> bool {
        let failures = locked(&self.failures);
        let network = network(address);
        let count = |account: Option<String>| {
            let failures = failures.get(&Source { network, account })?;
            is_within(failures.since, now, FAILURES_COUNT_FOR).then_some(failures.count)
        };
        count(Some(account.to_owned())).is_some_and(|count| count >= MAX_FAILURES)
            || count(None).is_some_and(|count| count >= MAX_FAILURES_OF_CLIENT)
    }

    fn count_failure(&self, address: IpAddr, account: &str, now: Timestamp) {
        let mut failures = locked(&self.failures);
        let network = network(address);
        if failures.len() >= MAX_SOURCES {
            failures.retain(|_, it| is_within(it.since, now, FAILURES_COUNT_FOR));
        }
        for account in [None, Some(account.to_owned())] {
            let source = Source { network, account };
            if failures.len() >= MAX_SOURCES && !failures.contains_key(&source) {
                let oldest = failures.iter().min_by_key(|(_, it)| it.since).map(|(source, _)| source.clone());
                oldest.map(|oldest| failures.remove(&oldest));
            }
            let it = failures.entry(source).or_insert(Failures { count: 0, since: now });
            if !is_within(it.since, now, FAILURES_COUNT_FOR) {
                *it = Failures { count: 0, since: now };
            }
            it.count += 1;
        }
    }
}

/// What counts as one client: an address of IPv4, and a network of IPv6 with 64 bits, whose addresses a client can choose.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        address @ IpAddr::V4(_) => address,
    }
}

/// Whether less than `limit` has passed. A clock that went back makes it false.
fn is_within(since: Timestamp, now: Timestamp, limit: Duration) -> bool {
    let passed = now.duration_since(since);
    !passed.is_negative() && passed.unsigned_abs() < limit
}

/// Locks; the data are valid even after a panic elsewhere, since each change is a single step.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether a text is a complete hash that can be verified.
pub(crate) fn is_hash(text: &str) -> bool {
    if text.starts_with("$argon2") {
        PasswordHash::new(text).is_ok_and(|hash| hash.hash.is_some())
    } else {
        text.parse::<bcrypt::HashParts>().is_ok()
    }
}

fn matches_hash(password: &str, hash: &str) -> bool {
    if hash.starts_with("$argon2") {
        PasswordHash::new(hash)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    } else {
        bcrypt::verify(password, hash).unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BCRYPT: &str = "$2b$04$i5rXBVzcj0HGF5cFnbdI8.cz0PbF6gfgTbTvDkBMYUUUuQjQS5bBC";
    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn argon2_and_bcrypt_are_verified() {
        let credentials = Credentials::new().unwrap();
        let hash = bcrypt::hash("secret", 4).unwrap();
        let argon2 = {
            use argon2::PasswordHasher;
            Argon2::default().hash_password_with_salt(b"secret", b"some salt").unwrap().to_string()
        };
        for hashes in [vec![hash.clone()], vec![argon2.clone()], vec![BCRYPT.to_owned(), argon2]] {
            assert_eq!(credentials.verify("a", "secret", &hashes, HERE, at(0)), Attempt::Accepted);
            assert_eq!(credentials.verify("a", "Secret", &hashes, HERE, at(0)), Attempt::Rejected);
        }
        assert_eq!(credentials.verify("a", "secret", &[], HERE, at(0)), Attempt::Rejected);
    }

    #[test]
    fn failed_attempts_are_limited_for_a_while() {
        let credentials = Credentials::new().unwrap();
        let hashes = [bcrypt::hash("secret", 4).unwrap()];
        let try_at =
            |password: &str, second: i64| credentials.verify("a", password, &hashes, HERE, at(second));
        for second in 0..10 {
            assert_eq!(try_at("wrong", second), Attempt::Rejected);
        }
        assert_eq!(try_at("secret", 10), Attempt::Limited);
        let elsewhere = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
        assert_eq!(credentials.verify("a", "secret", &hashes, elsewhere, at(10)), Attempt::Accepted);
        assert_eq!(try_at("wrong", 300), Attempt::Rejected);
        assert_eq!(try_at("secret", 301), Attempt::Accepted);
    }

    #[test]
    fn only_the_oldest_failures_are_forgotten() {
        let credentials = Credentials::new().unwrap();
        let address = |number: u32| IpAddr::V4(std::net::Ipv4Addr::from_bits(number));
        for second in 0..10 {
            credentials.count_failure(address(1), "old", at(second));
        }
        for second in 10..20 {
            credentials.count_failure(address(2), "new", at(second));
        }
        // Two of the places are those of the second client.
        for number in 0..u32::try_from(MAX_SOURCES / 2).unwrap() - 1 {
            credentials.count_failure(address(3 + number), "other", at(20));
        }
        assert!(!credentials.is_limited(address(1), "old", at(20)));
        assert!(credentials.is_limited(address(2), "new", at(20)));
        assert_eq!(locked(&credentials.failures).len(), MAX_SOURCES);
    }

    #[test]
    fn addresses_of_a_network_of_ipv6_count_as_one() {
        let credentials = Credentials::new().unwrap();
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        for number in 0..10 {
            credentials.count_failure(address(&format!("2001:db8::{number}:1")), "a", at(0));
            credentials.count_failure(address("::ffff:192.0.2.1"), "a", at(0));
        }
        for (text, is_limited) in
            [("2001:db8::ffff", true), ("2001:db8:0:1::", false), ("192.0.2.1", true), ("192.0.2.2", false)]
        {
            assert_eq!(credentials.is_limited(address(text), "a", at(0)), is_limited, "{text}");
        }
    }

    #[test]
    fn a_removed_hash_is_no_longer_remembered() {
        let credentials = Credentials::new().unwrap();
        let hashes = [bcrypt::hash("secret", 4).unwrap()];
        assert_eq!(credentials.verify("a", "secret", &hashes, HERE, at(0)), Attempt::Accepted);
        assert_eq!(credentials.verify("a", "secret", &[BCRYPT.to_owned()], HERE, at(1)), Attempt::Rejected);
    }
}
