//! Histories that are already computed: each is kept until its subject has new results or a day has passed.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;
use scs_certificates::Scope;
use tokio::sync::Semaphore;

use super::{History, first_time};
use crate::badge::day;
use crate::service::View;
use crate::standing::Standing;
use crate::store::{Store, StoreError};

/// The histories by subject and UUID of the scope.
pub(crate) struct Histories {
    known: Mutex<HashMap<(String, String), Known>>,
    /// Computing takes a while, so it is done one after the other.
    permit: Semaphore,
}

struct Known {
    /// The standing that it ends with, which is another one as soon as anything changes.
    standing: Arc<Standing>,
    day: Date,
    history: Arc<History>,
}

impl Default for Histories {
    fn default() -> Self {
        Self { known: Mutex::default(), permit: Semaphore::new(1) }
    }
}

impl fmt::Debug for Histories {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Histories")
    }
}

impl Histories {
    /// The history of a subject in a scope; `None` if it never reported for it.
    pub(crate) async fn get(
        &self,
        store: &Store,
        view: &View,
        subject: &str,
        scope: &Scope,
    ) -> Result<Option<Arc<History>>, StoreError> {
        let Some(standing) = view.snapshot.shared(subject, scope) else { return Ok(None) };
        let key = (subject.to_owned(), scope.uuid().to_owned());
        let today = day(view.now);
        if let Some(history) = self.known(&key, standing, today) {
            return Ok(Some(history));
        }
        let _permit = self.permit.acquire().await;
        if let Some(history) = self.known(&key, standing, today) {
            return Ok(Some(history));
        }
        let reports = store.reports_between(subject, scope.uuid(), first_time(view.now)).await?;
        let (config, now, uuid) = (Arc::clone(&view.config), view.now, key.1.clone());
        let compute = move || config.scopes.get(&uuid).map(|scope| History::new(scope, &reports, now));
        let Ok(Some(history)) = tokio::task::spawn_blocking(compute).await else { return Ok(None) };
        let history = Arc::new(history);
        let known = Known { standing: Arc::clone(standing), day: today, history: Arc::clone(&history) };
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(key, known);
        Ok(Some(history))
    }

    fn known(&self, key: &(String, String), standing: &Arc<Standing>, today: Date) -> Option<Arc<History>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let known = known.get(key)?;
        let is_current = Arc::ptr_eq(&known.standing, standing) && known.day == today;
        is_current.then(|| Arc::clone(&known.history))
    }
}
