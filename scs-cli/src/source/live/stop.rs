//! Signals that stop the program: Ctrl-C, and on Unix those of service managers and closed terminals.

use tokio::signal::ctrl_c;

/// Waits for a signal that stops the program.
#[cfg(not(unix))]
pub(crate) async fn stopped() {
    let _ = ctrl_c().await;
}

/// Waits for a signal that stops the program.
#[cfg(unix)]
pub(crate) async fn stopped() {
    use tokio::signal::unix::SignalKind;

    tokio::select! {
        _ = ctrl_c() => {}
        () = received(SignalKind::terminate()) => {}
        () = received(SignalKind::hangup()), if !outlives_its_terminal() => {}
    }
}

/// Waits for a signal; forever if it cannot be received.
#[cfg(unix)]
async fn received(kind: tokio::signal::unix::SignalKind) {
    match tokio::signal::unix::signal(kind) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

/// Whether the signal is ignored, as with `nohup`, so that the program outlives its terminal.
#[cfg(unix)]
fn outlives_its_terminal() -> bool {
    // Only Linux shows this; on other systems the program ends with its terminal.
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    // The lowest bit is signal 1.
    ignored.is_some_and(|mask| mask & 1 == 1)
}
