//! Runs collectors until they are done or the program is interrupted.

use std::sync::Arc;

use tokio::runtime::{Builder, Runtime};
use tokio::signal::ctrl_c;
use tokio_util::sync::CancellationToken;

use super::progress::Progress;
use super::stop::stopped;
use crate::app::failure::Failure;

/// The threads that write requests and read answers.
const THREADS: usize = 2;

/// A runtime with few threads: most of the time is spent waiting, but the answers of many clusters come at once.
pub(crate) fn runtime() -> Result<Runtime, Failure> {
    Builder::new_multi_thread()
        .worker_threads(THREADS)
        .enable_all()
        .build()
        .map_err(|error| Failure::new(format!("cannot start the runtime: {error}")))
}

/// What running work needs: where it reports to, and what tells it to stop.
#[derive(Clone, Debug)]
pub(crate) struct Running {
    pub(crate) progress: Arc<Progress>,
    pub(crate) cancel: CancellationToken,
}

/// Runs work to its end. After a signal it is canceled; if it then has to clean up, a second Ctrl-C skips that.
pub(crate) fn run<T>(
    cleans_up: bool,
    interrupted: impl FnOnce() -> Failure,
    work: impl AsyncFnOnce(Running) -> T,
) -> Result<T, Failure> {
    let running = Running { progress: Arc::new(Progress::new()), cancel: CancellationToken::new() };
    runtime()?.block_on(async {
        let Running { progress, cancel } = running.clone();
        let mut work = Box::pin(work(running));
        tokio::select! {
            done = &mut work => return Ok(done),
            () = stopped() => {}
        }
        cancel.cancel();
        if cleans_up {
            progress.cancelled();
        }
        // Other signals may arrive twice by themselves.
        tokio::select! {
            _ = work => {}
            _ = ctrl_c() => {}
        }
        Err(interrupted())
    })
}
