//! Connections of clients: bounded in number and time, so that slow clients leave room for others.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::ServiceExt;

/// The largest number of connections; further clients wait.
const MAX_CONNECTIONS: usize = 20_000;

/// The number of files that are not connections of clients.
const OTHER_FILES: usize = 100;

/// The longest wait for the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(15);

/// The size from which on no more of a head of a request is read. What was read at once may make it twice as large.
const MAX_HEAD: usize = 32 * 1024;

/// The longest time of a connection.
const LONGEST: Duration = Duration::from_mins(10);

/// The longest time of requests when the service stops.
const LAST_REQUEST: Duration = Duration::from_secs(30);

/// The wait after an error to accept a connection, such as too many open files.
const PAUSE: Duration = Duration::from_millis(100);

/// Answers requests until `stopped` is ready, and then those that have begun.
pub async fn serve(listener: TcpListener, router: Router, stopped: impl Future<Output = ()>) {
    let places = Arc::new(Semaphore::new(max_connections()));
    let graceful = GracefulShutdown::new();
    let mut stopped = pin!(stopped);
    loop {
        let accept = async {
            // The semaphore is never closed.
            let place = Arc::clone(&places).acquire_owned().await.ok();
            (listener.accept().await, place)
        };
        let (accepted, place) = tokio::select! {
            accepted = accept => accepted,
            () = &mut stopped => break,
        };
        match (accepted, place) {
            (Ok((stream, address)), Some(place)) => answer(stream, address, &router, &graceful, place),
            (Err(error), _) => {
                tracing::warn!("cannot accept a connection: {error}");
                tokio::time::sleep(PAUSE).await;
            }
            (Ok(_), None) => {}
        }
    }
    drop(listener);
    let _ = tokio::time::timeout(LAST_REQUEST, graceful.shutdown()).await;
}

/// Answers the requests of a connection in a task of its own.
fn answer(
    stream: TcpStream,
    address: SocketAddr,
    router: &Router,
    graceful: &GracefulShutdown,
    place: OwnedSemaphorePermit,
) {
    let _ = stream.set_nodelay(true);
    let service = router.clone().map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(address));
        request
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        let _place = place;
        // A client that went away does not concern the service.
        let _ = tokio::time::timeout(LONGEST, connection).await;
    });
}

/// The number of connections that the limit of open files leaves room for; the limit is raised as far as possible.
fn max_connections() -> usize {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    let files = if setrlimit(Resource::Nofile, raised).is_ok() { limit.maximum } else { limit.current };
    let files = files.and_then(|files| usize::try_from(files).ok()).unwrap_or(usize::MAX);
    files.saturating_sub(OTHER_FILES).clamp(1, MAX_CONNECTIONS)
}
