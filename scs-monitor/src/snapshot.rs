//! Everything that pages show, evaluated once for each change of data or passage of time.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use jiff::Timestamp;
use scs_certificates::Scope;

use crate::scopes::Scopes;
use crate::standing::Standing;
use crate::store::{Store, StoreError};

/// The standing of each subject in each scope.
#[derive(Clone, Debug, Default)]
pub(crate) struct Snapshot {
    /// The revision of the data.
    pub(crate) revision: i64,
    /// The time of the evaluation.
    at: Timestamp,
    standings: BTreeMap<String, BTreeMap<String, Arc<Standing>>>,
    /// When it is no longer true, even without new data.
    until: Option<Timestamp>,
    /// What was written from it.
    pub(crate) bodies: Bodies,
}

/// Bodies of answers that depend on nothing but a snapshot, each written once.
#[derive(Debug, Default)]
pub(crate) struct Bodies(Mutex<BTreeMap<&'static str, Bytes>>);

/// Without the bodies, since a copy is about to change.
impl Clone for Bodies {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Bodies {
    /// A body with a name; the first caller writes it.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub(crate) fn get_or_write<E>(
        &self,
        name: &'static str,
        write: impl FnOnce() -> Result<String, E>,
    ) -> Result<Bytes, E> {
        let mut bodies = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(body) = bodies.get(name) {
            return Ok(body.clone());
        }
        let body = Bytes::from(write()?);
        bodies.insert(name, body.clone());
        Ok(body)
    }
}

impl Snapshot {
    /// Reads and evaluates all data.
    pub(crate) async fn read(store: &Store, scopes: &Scopes, now: Timestamp) -> Result<Self, StoreError> {
        // Before the data, so that what comes in meanwhile is read again and not missed.
        let revision = store.revision().await?;
        let recent = store.recent_results().await?;
        let mut rules = store.recent_rules().await?;
        let mut snapshot = Self { revision, at: now, ..Self::default() };
        for ((subject, uuid), results) in recent {
            if let Some(scope) = scopes.get(&uuid) {
                let key = (subject, uuid);
                let rules = rules.remove(&key).unwrap_or_default();
                snapshot.insert(&key.0, &key.1, Standing::with_rules(scope, &results, &rules, now));
            }
        }
        Ok(snapshot)
    }

    /// Whether something in it has changed with time, forward or back.
    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        now < self.at || self.until.is_some_and(|until| until <= now)
    }

    /// The state at a newer revision or a later time: only what has changed is read and evaluated.
    pub(crate) async fn advance(
        &self,
        store: &Store,
        scopes: &Scopes,
        revision: i64,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let mut pairs =
            if revision == self.revision { Vec::new() } else { store.changed_since(self.revision).await? };
        let went_back = now < self.at;
        for (subject, scope, standing) in self.all() {
            if went_back || standing.until.is_some_and(|until| until <= now) {
                pairs.push((subject.to_owned(), scope.to_owned()));
            }
        }
        pairs.sort();
        pairs.dedup();
        let mut next = self.clone();
        next.revision = revision;
        next.at = now;
        for (subject, uuid) in pairs {
            if let Some(scope) = scopes.get(&uuid) {
                let results = store.recent_results_of(&subject, &uuid).await?;
                let rules = store.recent_rules_of(&subject, &uuid).await?;
                next.insert(&subject, &uuid, Standing::with_rules(scope, &results, &rules, now));
            }
        }
        next.until = next.all().filter_map(|(_, _, standing)| standing.until).min();
        Ok(next)
    }

    fn insert(&mut self, subject: &str, scope: &str, standing: Standing) {
        self.until = [self.until, standing.until].into_iter().flatten().min();
        let of_subject = self.standings.entry(subject.to_owned()).or_default();
        of_subject.insert(scope.to_owned(), Arc::new(standing));
    }

    /// The standing of a subject in a scope; `None` if it never reported for it.
    pub(crate) fn standing(&self, subject: &str, scope: &Scope) -> Option<&Standing> {
        self.shared(subject, scope).map(|standing| &**standing)
    }

    /// The same, to be kept.
    pub(crate) fn shared(&self, subject: &str, scope: &Scope) -> Option<&Arc<Standing>> {
        self.standings.get(subject)?.get(scope.uuid())
    }

    /// All subjects with their standings, by the UUID of the scope.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &str, &Standing)> {
        self.standings.iter().flat_map(|(subject, scopes)| {
            scopes.iter().map(move |(scope, standing)| (subject.as_str(), scope.as_str(), &**standing))
        })
    }
}
