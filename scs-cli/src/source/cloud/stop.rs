//! What asks the program to stop: Ctrl-C, and on Unix what service managers and closed terminals send, too.

use tokio::signal::ctrl_c;

/// Waits until somebody asks the program to stop.
#[cfg(not(unix))]
pub(crate) async fn stopped() {
    let _ = ctrl_c().await;
}

/// Waits until somebody asks the program to stop.
#[cfg(unix)]
pub(crate) async fn stopped() {
    use tokio::signal::unix::SignalKind;

    tokio::select! {
        _ = ctrl_c() => {}
        () = received(SignalKind::terminate()) => {}
        () = received(SignalKind::hangup()), if !outlives_its_terminal() => {}
    }
}

/// Waits for a signal; forever, where it cannot be waited for.
#[cfg(unix)]
async fn received(kind: tokio::signal::unix::SignalKind) {
    match tokio::signal::unix::signal(kind) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

/// Whether the program was started to go on after its terminal, as `nohup` does: with a signal that is ignored.
#[cfg(unix)]
fn outlives_its_terminal() -> bool {
    // Other systems than Linux do not tell, and then it ends with its terminal.
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    // The first bit is that of the signal with the number 1.
    ignored.is_some_and(|mask| mask & 1 == 1)
}
