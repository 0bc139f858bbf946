//! Updating a directory of facts.

use futures_util::future::join_all;
use jiff::Timestamp;

use crate::address::public;
use crate::client::Http;
use crate::error::UpdateError;
use crate::fact::Key;
use crate::fetch::{Fetch, Fetched, fetch};
use crate::metadata::Metadata;
use crate::options::{Event, Options};
use crate::outcome::{Change, Outcome, Reason, plausible};
use crate::store::{Lock, Store, Stored};

/// Fetches facts, and replaces those in the directory that have a newer edition. A source that does not answer, or that returns
/// something unusable, leaves the fact as it is, and does not affect the others. Waits if another update uses the directory.
///
/// `at` is the current time.
///
/// # Errors
///
/// If requests cannot be sent at all, or the directory cannot be used.
///
/// ```no_run
/// use scs_facts::{Key, Options, Store, update};
///
/// # async fn example() -> Result<(), scs_facts::UpdateError> {
/// let store = Store::new("facts");
/// let now = jiff::Timestamp::now();
/// for outcome in update(&store, &[Key::KubernetesReleases], &Options::default(), now).await? {
///     println!("{}: {:?}", outcome.key, outcome.change);
/// }
/// # Ok(())
/// # }
/// ```
pub async fn update(
    store: &Store,
    keys: &[Key],
    options: &Options,
    at: Timestamp,
) -> Result<Vec<Outcome>, UpdateError> {
    let http = Http::new(options, at)?;
    let lock = store.lock(options.limits.total_time).await?;
    let one = async |key: Key| {
        let outcome = fetched(store, key, &http, at, &lock).await;
        options.tell(Event::Done(key));
        outcome
    };
    Ok(join_all(keys.iter().map(|key| one(*key))).await)
}

async fn fetched(store: &Store, key: Key, http: &Http<'_>, at: Timestamp, lock: &Lock) -> Outcome {
    let (known, mut notices) = known(store, key, at);
    let request = Fetch { asking: http.asking(key), known: known.as_ref(), at };
    let source_of = |fetched: &Fetched| request.asking.options().url(fetched.source).to_owned();
    let result = match fetch(key, &request).await {
        Ok(mut fetched) => {
            notices.append(&mut fetched.notices);
            let source = source_of(&fetched);
            write(store, key, fetched, &source, known.as_ref(), at, lock)
        }
        Err((reason, further)) => {
            notices.extend(further);
            Err(reason)
        }
    };
    outcome(key, result, known, notices)
}

/// The stored edition. A broken one is replaced, with a notice.
pub(crate) fn known(store: &Store, key: Key, at: Timestamp) -> (Option<Stored>, Vec<String>) {
    match store.read(key.fact(), at) {
        Ok(known) => (known, Vec::new()),
        Err(broken) => (None, vec![format!("ignored {broken}")]),
    }
}

/// Checks a fetched edition, and writes it.
fn write(
    store: &Store,
    key: Key,
    fetched: Fetched,
    source: &str,
    known: Option<&Stored>,
    at: Timestamp,
    lock: &Lock,
) -> Result<(Change, Metadata), Reason> {
    let fact = key.fact();
    let summary = fact.read(&fetched.text).map_err(Reason::Unusable)?;
    plausible(fact, &summary, &fetched.text, known, at)?;
    let metadata = Metadata {
        key,
        source: public(source),
        fetched_at: at,
        as_of: at,
        sha256: String::new(),
        validators: fetched.validators,
        previous: None,
    };
    let metadata = store.write(fact, metadata, &fetched.text, known, lock)?;
    Ok((if fetched.is_new { Change::Updated } else { Change::Unchanged }, metadata))
}

/// The outcome for a fact, of which an edition may have been known before.
pub(crate) fn outcome(
    key: Key,
    result: Result<(Change, Metadata), Reason>,
    known: Option<Stored>,
    notices: Vec<String>,
) -> Outcome {
    match result {
        Ok((change, metadata)) => Outcome { key, change, metadata: Some(metadata), notices },
        Err(reason) => {
            let metadata = known.map(|known| known.metadata);
            Outcome { key, change: Change::Kept(reason), metadata, notices }
        }
    }
}
