//! The program `scs-monitor`.

use std::io::IsTerminal;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use jiff::Timestamp;
use scs_monitor::{Service, Settings, router, serve as serve_connections};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// The table of Sovereign Cloud Stack compatible clouds
#[derive(Debug, Parser)]
#[command(version)]
struct Program {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Take signed reports, and show who conforms
    ///
    /// SIGHUP reads the bootstrap file and the scope files again.
    Serve(Settings),
}

#[tokio::main]
async fn main() -> ExitCode {
    // A connection to PostgreSQL may be encrypted. It fails only if a provider is already installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let program = Program::parse();
    log();
    let outcome = match program.command {
        Command::Serve(settings) => serve(settings).await,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::from(2)
        }
    }
}

/// Writes the log to standard error: for people on a terminal, otherwise as JSON. `RUST_LOG` selects what is written.
fn log() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,sqlx=warn"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() { log.init() } else { log.json().init() }
}

async fn serve(settings: Settings) -> Result<(), Box<dyn std::error::Error>> {
    let listen = settings.listen;
    // First, since a signal that nobody waits for would end the program.
    let mut hangup = signal(SignalKind::hangup())?;
    let service = Service::start(settings, Arc::new(Timestamp::now)).await?;
    let listener =
        TcpListener::bind(listen).await.map_err(|error| format!("cannot listen at {listen}: {error}"))?;
    tracing::info!("listening at http://{}", listener.local_addr()?);
    let follower = {
        let service = service.clone();
        tokio::spawn(async move { service.follow().await })
    };
    let reloader = {
        let service = service.clone();
        tokio::spawn(async move {
            while hangup.recv().await.is_some() {
                match service.reload() {
                    Ok(()) => tracing::info!("the files were read again"),
                    Err(error) => tracing::error!("everything stays as it was: {error}"),
                }
            }
        })
    };
    serve_connections(listener, router(service.clone()), stopped()).await;
    follower.abort();
    reloader.abort();
    service.stop().await;
    Ok(())
}

/// Ends with the first SIGINT or SIGTERM.
async fn stopped() {
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = terminated => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
