//! Taking facts from a directory that was filled on another machine.

use std::time::Duration;

use jiff::Timestamp;

use crate::error::UpdateError;
use crate::fact::Key;
use crate::metadata::Metadata;
use crate::outcome::{Change, Outcome, Reason, plausible};
use crate::store::{Lock, Store, Stored};
use crate::update::{known, outcome};

/// How long to wait for another update.
const WAIT: Duration = Duration::from_secs(30);

/// Copies facts from a directory into another one, with the same checks as [`update`](crate::update()). A fact that is older
/// than the one that is there leaves it as it is.
///
/// `now` is the current time.
///
/// # Errors
///
/// If the directory cannot be used.
///
/// ```no_run
/// use scs_facts::{FACTS, Store, copy};
///
/// # async fn example() -> Result<(), scs_facts::UpdateError> {
/// let keys: Vec<_> = FACTS.iter().map(|fact| fact.key).collect();
/// copy(&Store::new("/media/usb/facts"), &Store::new("facts"), &keys, jiff::Timestamp::now()).await?;
/// # Ok(())
/// # }
/// ```
pub async fn copy(
    from: &Store,
    to: &Store,
    keys: &[Key],
    now: Timestamp,
) -> Result<Vec<Outcome>, UpdateError> {
    let lock = to.lock(WAIT).await?;
    let one = |key: &Key| {
        let (known, notices) = known(to, *key, now);
        let result = one(from, to, *key, known.as_ref(), now, &lock);
        outcome(*key, result, known, notices)
    };
    Ok(keys.iter().map(one).collect())
}

fn one(
    from: &Store,
    to: &Store,
    key: Key,
    known: Option<&Stored>,
    now: Timestamp,
    lock: &Lock,
) -> Result<(Change, Metadata), Reason> {
    let fact = key.fact();
    let other = from.read(fact, now)?.ok_or(Reason::Missing)?;
    if let Some(known) = known.filter(|known| known.metadata.fetched_at >= other.metadata.fetched_at) {
        return Ok((Change::Unchanged, known.metadata.clone()));
    }
    // It was complete when it was fetched, which may be long ago.
    plausible(fact, &other.summary, &other.text, known, other.metadata.as_of)?;
    let is_same = known.is_some_and(|known| known.text == other.text);
    let metadata = to.write(fact, other.metadata, &other.text, known, lock)?;
    Ok((if is_same { Change::Unchanged } else { Change::Updated }, metadata))
}
