//! Collects the inventory of the cloud in `OS_CLOUD`, and writes it to standard output. Arguments are probes to run.

#![expect(clippy::print_stderr, reason = "an example tells how far it is")]

use std::env;
use std::io;

use jiff::Timestamp;
use scs_openstack::{Clouds, Environment, Event, Options, Probe, Run, Session, collect, probe};
use tokio_util::sync::CancellationToken;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let probes: Vec<Probe> = env::args().skip(1).map(|word| word.parse()).collect::<Result<_, _>>()?;
    let clouds = Clouds::read(&Environment::from_process())?;
    let cloud = clouds.cloud(None, None)?;
    let options = Options::default().with_progress(|event| {
        if let Event::Step(probe, step) = event {
            eprintln!("{probe}: {step}");
        }
    });
    let session = Session::open(&cloud, &options).await?;
    let now = Timestamp::now();
    let document = collect(&session, now).await;
    let found = probe(&session, &probes, &Run::new(now), now, &CancellationToken::new()).await;
    for problem in &found.cleanup.problems {
        eprintln!("{problem}");
    }
    document.with_parts(found.parts.clone()).write(&mut io::stdout().lock())?;
    Ok(())
}
