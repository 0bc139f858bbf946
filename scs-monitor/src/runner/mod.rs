//! Checks clouds and clusters on a schedule, and posts signed reports. It is the only part with credentials of clouds; the service
//! has none.
//!
//! Each check is a process of its own (the program `scs`), so that one that crashes or hangs holds nobody up.

mod check;
mod config;
mod post;
mod schedule;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use thiserror::Error;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

pub use config::{ReadRunnerError, RunnerConfig, Target, TargetAccess};

use crate::scopes::Scopes;
use check::CheckError;
use post::Monitor;
use schedule::Schedule;

/// Error: the runner cannot start.
#[derive(Debug, Error)]
#[error(transparent)]
pub struct RunError(#[from] Cause);

#[derive(Debug, Error)]
pub(crate) enum Cause {
    #[error("{path}: {source}")]
    Io { path: String, source: std::io::Error },
    #[error("{path}: {source}")]
    Config { path: String, source: ReadRunnerError },
    #[error("{target}: unknown scope `{scope}`")]
    Scope { target: String, scope: String },
    #[error("cannot make a client: {0}")]
    Client(String),
    #[error("key file: {0}")]
    Key(String),
}

/// A runner that is ready to start.
#[derive(Debug)]
pub struct Runner {
    config: Arc<RunnerConfig>,
    scopes: Arc<Scopes>,
    monitor: Arc<Monitor>,
}

impl Runner {
    /// Reads a configuration, its password and its key.
    ///
    /// # Errors
    ///
    /// If a file cannot be read or used.
    pub fn read(path: &Path) -> Result<Self, RunError> {
        Ok(Self::read_files(path)?)
    }

    fn read_files(path: &Path) -> Result<Self, Cause> {
        let name = path.display().to_string();
        let text =
            std::fs::read_to_string(path).map_err(|source| Cause::Io { path: name.clone(), source })?;
        let config = RunnerConfig::read(&text).map_err(|source| Cause::Config { path: name, source })?;
        let scopes = Scopes::embedded();
        for target in &config.targets {
            if scopes.find(&target.scope).is_none() {
                return Err(Cause::Scope { target: target.subject.clone(), scope: target.scope.clone() });
            }
        }
        let monitor = Monitor::new(&config)?;
        Ok(Self { config: Arc::new(config), scopes: Arc::new(scopes), monitor: Arc::new(monitor) })
    }

    /// Checks each target once, a few at a time. Returns the number of targets without a posted report.
    pub async fn once(&self, now: impl Fn() -> Timestamp + Send + Sync + 'static) -> usize {
        let now: Arc<dyn Fn() -> Timestamp + Send + Sync> = Arc::new(now);
        let permits = Arc::new(Semaphore::new(self.config.parallel.get()));
        let mut running = JoinSet::new();
        for place in 0..self.config.targets.len() {
            let (permits, this, now) = (Arc::clone(&permits), self.shared(), Arc::clone(&now));
            running.spawn(async move {
                let _permit = permits.acquire_owned().await;
                this.target(place, &*now).await
            });
        }
        let mut failed = 0;
        while let Some(outcome) = running.join_next().await {
            failed += usize::from(!outcome.unwrap_or(false));
        }
        failed
    }

    /// Checks each target on its schedule, for ever.
    pub async fn run(&self, now: impl Fn() -> Timestamp + Send + Sync + 'static) {
        let now: Arc<dyn Fn() -> Timestamp + Send + Sync> = Arc::new(now);
        let permits = Arc::new(Semaphore::new(self.config.parallel.get()));
        let mut running = JoinSet::new();
        for (place, target) in self.config.targets.iter().enumerate() {
            let mut schedule = Schedule::new(target, &self.config);
            let (permits, this, now) = (Arc::clone(&permits), self.shared(), Arc::clone(&now));
            running.spawn(async move {
                loop {
                    tokio::time::sleep(schedule.pause(now())).await;
                    let _permit = permits.clone().acquire_owned().await;
                    this.target(place, &*now).await;
                }
            });
        }
        while running.join_next().await.is_some() {}
    }

    fn shared(&self) -> Self {
        Self {
            config: Arc::clone(&self.config),
            scopes: Arc::clone(&self.scopes),
            monitor: Arc::clone(&self.monitor),
        }
    }

    /// Checks a target and posts the report; returns whether it was stored.
    async fn target(&self, place: usize, now: &(dyn Fn() -> Timestamp + Send + Sync)) -> bool {
        let Some(target) = self.config.targets.get(place) else { return false };
        let Some(scope) = self.scopes.find(&target.scope) else { return false };
        let checked = check::run(target, &self.config).await;
        let report = match checked {
            Ok(report) => report,
            Err(CheckError::Here(problem)) => {
                tracing::error!(subject = target.subject, "nothing is posted: {problem}");
                return false;
            }
            Err(CheckError::Unfinished(problem)) => {
                tracing::error!(subject = target.subject, "{problem}");
                check::unfinished(target, scope, now(), &problem).to_string()
            }
        };
        let mut pause = FIRST_PAUSE;
        for attempt in 1..=ATTEMPTS {
            match self.monitor.post(&report).await {
                Ok(()) => {
                    tracing::info!(subject = target.subject, "report stored");
                    return true;
                }
                Err(error) if error.is_final() || attempt == ATTEMPTS => {
                    tracing::error!(subject = target.subject, "report not stored: {error}");
                    return false;
                }
                Err(error) => tracing::warn!(subject = target.subject, "report not stored yet: {error}"),
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        false
    }
}

/// How often posting is tried, with a pause that doubles each time.
const ATTEMPTS: usize = 6;
const FIRST_PAUSE: Duration = Duration::from_secs(2);
