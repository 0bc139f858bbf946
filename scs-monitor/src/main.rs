//! The program `scs-monitor`.

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand};
use jiff::Timestamp;
use scs_monitor::{Runner, Service, Settings, import, router, serve as serve_connections};
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
    Serve(Box<Settings>),
    /// Copy the reports and approvals of an official monitor
    ///
    /// A second import changes nothing. Accounts come from the bootstrap file.
    Import(Import),
    /// Check clouds and clusters on a schedule, and post signed reports
    Run(Run),
}

#[derive(Debug, Args)]
struct Run {
    /// What to check, when, and where to post the reports
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// Check each target once, and exit
    #[arg(long)]
    once: bool,
}

#[derive(Debug, Args)]
struct Import {
    /// Database of the official monitor: `postgres://USER:PASSWORD@HOST/NAME`
    #[arg(long, value_name = "URL", env = "SCM_IMPORT_FROM", hide_env_values = true)]
    from: String,
    /// Database to copy to
    #[arg(
        long,
        value_name = "URL",
        default_value = "sqlite:scs-monitor.db",
        env = "SCM_DATABASE",
        hide_env_values = true
    )]
    database: String,
}

#[tokio::main]
async fn main() -> ExitCode {
    // A connection to PostgreSQL may be encrypted. It fails only if a provider is already installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let program = Program::parse();
    log();
    let outcome = match program.command {
        Command::Serve(settings) => serve(*settings).await,
        Command::Import(given) => copy(&given).await,
        Command::Run(given) => check(&given).await,
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

async fn copy(given: &Import) -> Result<(), Box<dyn std::error::Error>> {
    let imported = import(&given.from, &given.database, Timestamp::now()).await?;
    for skipped in &imported.skipped {
        tracing::warn!("skipped: {skipped}");
    }
    tracing::info!(
        "{} reports and {} approvals imported; {} reports were already there, {} skipped",
        imported.reports,
        imported.approvals,
        imported.known,
        imported.skipped.len()
    );
    Ok(())
}

async fn check(given: &Run) -> Result<(), Box<dyn std::error::Error>> {
    let runner = Runner::read(&given.config)?;
    if given.once {
        return match runner.once(Timestamp::now).await {
            0 => Ok(()),
            failed => Err(format!("{failed} reports were not stored").into()),
        };
    }
    tokio::select! {
        () = runner.run(Timestamp::now) => {}
        () = stopped() => {}
    }
    Ok(())
}

async fn serve(settings: Settings) -> Result<(), Box<dyn std::error::Error>> {
    let listen = settings.listen;
    // First, since a signal that nobody waits for would end the program.
    let mut hangup = signal(SignalKind::hangup())?;
    let service = Service::start(settings, Arc::new(Timestamp::now)).await?;
    let listener =
        TcpListener::bind(listen).await.map_err(|error| format!("cannot listen at {listen}: {error}"))?;
    let address = listener.local_addr()?;
    tracing::info!("listening at http://{address}");
    if service.settings().demo {
        announce(address);
    }
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
    let notifier = {
        let service = service.clone();
        tokio::spawn(async move { service.notify().await })
    };
    let retainer = {
        let service = service.clone();
        tokio::spawn(async move { service.retain().await })
    };
    let warmer = {
        let service = service.clone();
        tokio::spawn(async move { service.warm().await })
    };
    serve_connections(listener, router(service.clone()), stopped()).await;
    follower.abort();
    retainer.abort();
    warmer.abort();
    reloader.abort();
    notifier.abort();
    service.stop().await;
    Ok(())
}

/// Tells where the demo is.
#[expect(clippy::print_stdout, reason = "it is what the user asked for")]
fn announce(address: SocketAddr) {
    println!("The demo is at http://{address}/");
    println!("Log in as `demo` with the password `demo`, for example to see a report in full.");
    println!("Press Ctrl-C to stop. Nothing is kept.");
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
