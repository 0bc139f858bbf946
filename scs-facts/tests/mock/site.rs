//! A directory of facts, and the sources that fill it.

use jiff::Timestamp;
use scs_facts::{Change, FACTS, Key, Options, Outcome, Store, Stored, update};
use tempfile::TempDir;

use super::{Reply, Request, Sources, usual};

pub(crate) fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) const FIRST: &str = "2026-12-01T06:00:00Z";
pub(crate) const SECOND: &str = "2026-12-02T06:00:00Z";

/// A directory, and the sources that fill it.
pub(crate) struct Site {
    pub(crate) sources: Sources,
    pub(crate) store: Store,
    _directory: TempDir,
}

impl Site {
    pub(crate) async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::new(directory.path().join("facts"));
        Self { sources: Sources::start(usual).await, store, _directory: directory }
    }

    pub(crate) async fn update(&self, key: Key, at: &str) -> Outcome {
        self.update_with(key, at, &self.sources.options()).await
    }

    pub(crate) async fn update_with(&self, key: Key, at: &str, options: &Options) -> Outcome {
        update(&self.store, &[key], options, time(at)).await.unwrap().remove(0)
    }

    pub(crate) fn stored(&self, key: Key) -> Option<Stored> {
        self.store.read(key.fact(), time("2027-01-01T00:00:00Z")).unwrap()
    }

    /// What a second update says, after a first one, when the sources answer like this.
    pub(crate) async fn second(
        &self,
        key: Key,
        handler: impl Fn(&Request) -> Reply + Send + Sync + 'static,
    ) -> Outcome {
        self.sources.now(usual);
        let first = self.update(key, FIRST).await;
        assert!(!first.is_kept(), "{first:?}");
        let before = self.stored(key).unwrap();
        self.sources.now(handler);
        let second = self.update(key, SECOND).await;
        if second.is_kept() {
            assert_eq!(self.stored(key).as_ref(), Some(&before), "a fact that is kept does not change");
        }
        second
    }
}

pub(crate) fn all_keys() -> Vec<Key> {
    FACTS.iter().map(|fact| fact.key).collect()
}

pub(crate) fn reason(outcome: &Outcome) -> String {
    match &outcome.change {
        Change::Kept(reason) => reason.to_string(),
        other => format!("not refused: {other:?}"),
    }
}
