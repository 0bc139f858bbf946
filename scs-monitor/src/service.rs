//! The state of a running service: configuration, database, and what was evaluated.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};
use std::{fmt, io};

use jiff::{SignedDuration, Timestamp};
use ring::rand::{SecureRandom, SystemRandom};
use scs_certificates::Scope;
use thiserror::Error;
use tokio::sync::{Mutex, MutexGuard};

use crate::bootstrap::{Bootstrap, ReadBootstrapError};
use crate::certificates::Certificates;
use crate::credentials::Credentials;
use crate::demo;
use crate::history::{Histories, History};
use crate::notify::{DeliveryError, Mailer, Poster};
use crate::scopes::{ReadScopesError, Scopes};
use crate::settings::Settings;
use crate::snapshot::Snapshot;
use crate::store::{Change, Store, StoreError};

/// How often the database is asked for changes of other instances.
const POLL: Duration = Duration::from_millis(250);

/// How long pages are shown without news from the database. After that, it is an error.
const MAX_SILENCE: Duration = Duration::from_secs(30);

/// The pause between two deletions of old reports.
const RETENTION_PAUSE: Duration = Duration::from_hours(1);

/// The pause between two looks at the histories of all subjects.
const WARM_PAUSE: Duration = Duration::from_secs(30);

/// How long the database is not asked again for pages after it has failed, so that requests do not queue for it.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Reads the current time; tests give one of their own.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// What is read from files: replaced as a whole by a reload.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) bootstrap: Bootstrap,
    pub(crate) scopes: Scopes,
    pub(crate) certificates: Certificates,
}

/// Error: the service cannot start, or its files cannot be read again.
#[derive(Debug, Error)]
#[error(transparent)]
pub struct ServiceError(#[from] Cause);

#[derive(Debug, Error)]
pub(crate) enum Cause {
    #[error("{path}: {source}")]
    Io { path: String, source: std::io::Error },
    #[error("{path}: {source}")]
    Bootstrap { path: String, source: ReadBootstrapError },
    #[error(transparent)]
    Scopes(#[from] ReadScopesError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{0}")]
    Mail(String),
    #[error("the file with the password of the database: {0}")]
    Password(io::Error),
    #[error("no random numbers are available")]
    Random,
}

/// A running service.
#[derive(Clone)]
pub struct Service(Arc<Inner>);

struct Inner {
    settings: Settings,
    clock: Clock,
    store: Store,
    credentials: Arc<Credentials>,
    config: RwLock<Arc<Config>>,
    current: RwLock<Current>,
    histories: Histories,
    /// A name of this instance among those on the same database.
    instance: String,
    mailer: Option<Mailer>,
    poster: Result<Poster, String>,
    /// Held while the snapshot is renewed, so that it is done once.
    renewal: Mutex<()>,
    /// When the last renewal failed; `None` if it did not.
    failed: RwLock<Option<Instant>>,
}

/// What pages show, with the files that it was evaluated with.
#[derive(Clone)]
struct Current {
    snapshot: Arc<Snapshot>,
    config: Arc<Config>,
    /// When the database was last asked.
    asked: Instant,
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service").field("settings", &self.0.settings).finish_non_exhaustive()
    }
}

/// What one answer is made from.
#[derive(Clone, Debug)]
pub(crate) struct View {
    pub(crate) config: Arc<Config>,
    pub(crate) snapshot: Arc<Snapshot>,
    pub(crate) now: Timestamp,
}

impl Service {
    /// Reads the files, opens the database and evaluates what is in it.
    ///
    /// # Errors
    ///
    /// If a file cannot be read or the database cannot be opened.
    pub async fn start(settings: Settings, clock: Clock) -> Result<Self, ServiceError> {
        let config = Arc::new(read_config(&settings, clock())?);
        let database = if settings.demo {
            "sqlite::memory:".to_owned()
        } else {
            settings.database().map_err(Cause::Password)?
        };
        let store = Store::open(&database).await.map_err(Cause::from)?;
        if settings.demo {
            demo::fill(&store, &config.scopes, clock()).await.map_err(Cause::from)?;
        }
        let asked = Instant::now();
        let snapshot = Snapshot::read(&store, &config.scopes, clock()).await.map_err(Cause::from)?;
        let current = Current { snapshot: Arc::new(snapshot), config: Arc::clone(&config), asked };
        let mailer = settings.smtp.as_deref().zip(settings.mail_from.as_deref());
        let mailer =
            mailer.map(|(server, from)| Mailer::new(server, from)).transpose().map_err(Cause::Mail)?;
        let poster = Poster::new(settings.webhooks_to_private);
        let service = Self(Arc::new(Inner {
            credentials: Arc::new(Credentials::new().map_err(|_| Cause::Random)?),
            settings,
            clock,
            store,
            config: RwLock::new(config),
            current: RwLock::new(current),
            histories: Histories::default(),
            instance: instance().ok_or(Cause::Random)?,
            mailer,
            poster,
            renewal: Mutex::new(()),
            failed: RwLock::new(None),
        }));
        service.warn();
        Ok(service)
    }

    /// Reads the bootstrap file and the scope files again. If one of them cannot be used, everything stays as it is.
    ///
    /// # Errors
    ///
    /// If a file cannot be read.
    pub fn reload(&self) -> Result<(), ServiceError> {
        let config = Arc::new(read_config(&self.0.settings, self.now())?);
        *self.0.config.write().unwrap_or_else(PoisonError::into_inner) = config;
        self.0.credentials.forget();
        self.warn();
        Ok(())
    }

    fn warn(&self) {
        let config = self.config();
        for warning in config.bootstrap.warnings.iter().chain(&config.certificates.warnings) {
            tracing::warn!("bootstrap file: {warning}");
        }
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// The current time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.0.clock)()
    }

    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }

    /// The history of a subject in a scope; `None` if it never reported for it.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub(crate) async fn history(
        &self,
        view: &View,
        subject: &str,
        scope: &Scope,
    ) -> Result<Option<Arc<History>>, StoreError> {
        self.0.histories.get(&self.0.store, view, subject, scope).await
    }

    /// A name of this instance among those on the same database.
    pub(crate) fn instance(&self) -> &str {
        &self.0.instance
    }

    /// What sends mails.
    ///
    /// # Errors
    ///
    /// If no server is set; mails wait until there is one.
    pub(crate) fn mailer(&self) -> Result<&Mailer, DeliveryError> {
        let missing = || DeliveryError::Temporary("no mail server is set".to_owned());
        self.0.mailer.as_ref().ok_or_else(missing)
    }

    /// What posts to webhooks.
    ///
    /// # Errors
    ///
    /// If TLS cannot be set up.
    pub(crate) fn poster(&self) -> Result<&Poster, DeliveryError> {
        self.0.poster.as_ref().map_err(|problem| DeliveryError::Temporary(problem.clone()))
    }

    pub(crate) fn credentials(&self) -> &Arc<Credentials> {
        &self.0.credentials
    }

    pub(crate) fn config(&self) -> Arc<Config> {
        Arc::clone(&self.0.config.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn current(&self) -> Current {
        self.0.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The current state of everything, without asking the database unless time or the files have changed something.
    ///
    /// # Errors
    ///
    /// If the database has not answered for some time, since the state may be an old one.
    pub(crate) async fn view(&self) -> Result<View, StoreError> {
        let now = self.now();
        let current = self.current();
        let is_valid = current.asked.elapsed() < MAX_SILENCE
            && !current.snapshot.is_over(now)
            && Arc::ptr_eq(&current.config, &self.config());
        if is_valid {
            return Ok(View { config: current.config, snapshot: current.snapshot, now });
        }
        if self.failed().is_some_and(|failed| failed.elapsed() < AFTER_FAILURE) {
            return Err(StoreError::Silent);
        }
        let queued = Instant::now();
        let guard = self.0.renewal.lock().await;
        if self.failed().is_some_and(|failed| failed >= queued) {
            return Err(StoreError::Silent);
        }
        self.renewed(guard).await
    }

    /// When the last renewal failed; `None` if it did not.
    fn failed(&self) -> Option<Instant> {
        *self.0.failed.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks the database for changes, and evaluates them.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub(crate) async fn renew(&self) -> Result<View, StoreError> {
        let guard = self.0.renewal.lock().await;
        self.renewed(guard).await
    }

    /// Asks the database for changes, and remembers whether that failed.
    async fn renewed(&self, _guard: MutexGuard<'_, ()>) -> Result<View, StoreError> {
        let outcome = self.evaluated().await;
        let failed = outcome.is_err().then(Instant::now);
        *self.0.failed.write().unwrap_or_else(PoisonError::into_inner) = failed;
        outcome
    }

    async fn evaluated(&self) -> Result<View, StoreError> {
        let asked = Instant::now();
        let now = self.now();
        let revision = self.0.store.revision().await?;
        let config = self.config();
        let current = self.current();
        let has_files = Arc::ptr_eq(&current.config, &config);
        let snapshot = if !has_files {
            Arc::new(Snapshot::read(&self.0.store, &config.scopes, now).await?)
        } else if revision != current.snapshot.revision || current.snapshot.is_over(now) {
            Arc::new(current.snapshot.advance(&self.0.store, &config.scopes, revision, now).await?)
        } else {
            current.snapshot
        };
        let next = Current { snapshot: Arc::clone(&snapshot), config: Arc::clone(&config), asked };
        *self.0.current.write().unwrap_or_else(PoisonError::into_inner) = next;
        Ok(View { config, snapshot, now })
    }

    /// Makes a change permanent and shows it from now on.
    ///
    /// # Errors
    ///
    /// If it cannot be made permanent; then nothing of it is stored.
    pub(crate) async fn commit(&self, change: Change) -> Result<(), StoreError> {
        let revision = change.commit().await?;
        let guard = self.0.renewal.lock().await;
        // Another request may have read the change together with its own.
        if self.current().snapshot.revision >= revision {
            return Ok(());
        }
        // The change is stored; if reading fails now, the next request tries again.
        if let Err(error) = self.renewed(guard).await {
            tracing::warn!("the new data cannot be read yet: {error}");
        }
        Ok(())
    }

    /// Asks the database for changes of other instances, for ever.
    pub async fn follow(&self) {
        let mut has_failed = false;
        loop {
            tokio::time::sleep(POLL).await;
            let outcome = self.renew().await;
            if let (Err(error), false) = (&outcome, has_failed) {
                tracing::error!("{error}");
            }
            has_failed = outcome.is_err();
        }
    }

    /// Keeps the histories of all subjects up to date, so that feeds and pages do not wait for them, for ever.
    pub async fn warm(&self) {
        loop {
            let outcome = async {
                let view = self.view().await?;
                for (subject, uuid, _) in view.snapshot.all() {
                    if let Some(scope) = view.config.scopes.get(uuid) {
                        let begun = Instant::now();
                        self.history(&view, subject, scope).await?;
                        // At most half of the time, so that requests do not wait for it.
                        tokio::time::sleep(begun.elapsed()).await;
                    }
                }
                Ok::<(), StoreError>(())
            };
            if let Err(error) = outcome.await {
                tracing::debug!("histories: {error}");
            }
            tokio::time::sleep(WARM_PAUSE).await;
        }
    }

    /// Deletes reports that are older than the settings say, now and every hour.
    pub async fn retain(&self) {
        loop {
            if let Err(error) = self.retain_once().await {
                tracing::error!("old reports are not deleted: {error}");
            }
            tokio::time::sleep(RETENTION_PAUSE).await;
        }
    }

    /// Deletes reports that are older than the settings say. Returns their number.
    ///
    /// # Errors
    ///
    /// If the database does not answer.
    pub async fn retain_once(&self) -> Result<u64, ServiceError> {
        let Some(days) = self.0.settings.keep_days else { return Ok(0) };
        let now = self.now();
        let age = SignedDuration::from_hours(24 * i64::from(days));
        let before = now.checked_sub(age).unwrap_or(Timestamp::MIN);
        let deleted = self.0.store.delete_before(before, now).await.map_err(Cause::from)?;
        if deleted > 0 {
            tracing::info!("{deleted} reports of checks before {before} were deleted");
        }
        Ok(deleted)
    }

    /// Closes the database.
    pub async fn stop(&self) {
        self.0.store.close().await;
    }
}

/// A random name.
fn instance() -> Option<String> {
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes).ok()?;
    Some(uuid::Builder::from_random_bytes(bytes).into_uuid().to_string())
}

fn read_config(settings: &Settings, now: Timestamp) -> Result<Config, Cause> {
    let bootstrap = match &settings.bootstrap {
        None if settings.demo => Bootstrap::read(&demo::bootstrap(now))
            .map_err(|source| Cause::Bootstrap { path: "demo".to_owned(), source })?,
        None => {
            tracing::warn!("without --bootstrap there are no accounts, so nobody can post reports");
            Bootstrap::default()
        }
        Some(path) => {
            let name = path.display().to_string();
            let text =
                std::fs::read_to_string(path).map_err(|source| Cause::Io { path: name.clone(), source })?;
            Bootstrap::read(&text).map_err(|source| Cause::Bootstrap { path: name, source })?
        }
    };
    let scopes = match &settings.scopes {
        None => Scopes::embedded(),
        Some(directory) => Scopes::read(directory)?,
    };
    let certificates = Certificates::new(&bootstrap, &scopes);
    Ok(Config { bootstrap, scopes, certificates })
}
